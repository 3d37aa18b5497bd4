#!/bin/sh
# Acts are lost for good (threats 31, 34): the database, the second copy and whatever was issued in the last hour are
# gone; what was published is left. Two officers accept it, the roots name the epoch, and it goes on: certificates
# issued before keep verifying, no revocation and no suspension is forgotten, no number and no slot is used twice.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

live=$work/live

audit() {
	status=0
	"$BIN/qualcert" -C "$1" --lang en audit >"$work/audit" 2>&1 || status=$?
	[ "$status" -eq 0 ] || fail "$1: $(cat "$work/audit")"
}

valid() {
	rm -rf "$XDG_STATE_HOME"
	"$BIN/qualverify" --lang en --bureau "$live" "$1" >"$work/out" || fail "$1: $(cat "$work/out")"
}

# slot_of FILE: list and index of a certificate.
slot_of() {
	"$BIN/qualverify" --json --bureau "$live" "$1" >"$work/slot" || :
	field "$work/slot" claims.list claims.idx 2>/dev/null
}

make_bureau "$live"
step "before: four certificates, and what becomes of three of them"
kept=$(issue_case "$live" "$(take_case "$live" star-bridge)")
revoked=$(issue_case "$live" "$(take_case "$live" cloud-sail)")
suspended=$(issue_case "$live" "$(take_case "$live" rare-hanzi)")
open=$(take_case "$live" star-bridge)
waiting=$(propose_issue "$live" "$open")
suspend_licence "$live" "$kept"
publish "$live"
quietly "$BIN/qualcert" -C "$live" backup "$work/old.qb"
cp "$live/second/acts.log" "$work/acts-then"

step "the lost hour: a lift, a revocation, a suspension, and a certificate made"
lift_licence "$live" "$kept"
revoke_licence "$live" "$revoked"
suspend_licence "$live" "$suspended"
answer=$(as "$live" fu approve "$waiting")
lost=$(issued "$answer")
publish "$live"
mkdir "$work/holder"
cp "$live/issued/$lost.pdf" "$live/issued/$kept.pdf" "$work/holder/"
valid "$work/holder/$lost.pdf"

step "the fire"
cp -a "$live/public" "$work/website"
rm -rf "$live"/registry.db* "$live"/lookup.db* "$live/second" "$live/issued" "$live/public"
quietly "$BIN/qualcert" -C "$live" restore "$work/old.qb" --root "$live/root.cose"
mkdir -p "$live/public"
rmdir "$live/public"
cp -a "$work/website" "$live/public"

step "nothing is made or published over it, and nothing forgotten in silence"
for command in "publish" "approve $waiting --as fu --passphrase-file $live/officers/passphrase --yes"; do
	# shellcheck disable=SC2086 # words of a command
	if "$BIN/qualcert" -C "$live" --lang en $command >"$work/out" 2>&1; then
		fail "done over lost acts: $command"
	fi
	grep -q 'acts are lost' "$work/out" || fail "$command: $(cat "$work/out")"
done
echo "   $(grep 'acts are lost' "$work/out" | cut -c 1-160)"
status=0
"$BIN/qualcert" -C "$live" --lang en health >"$work/out" || status=$?
grep -q 'acts are lost' "$work/out" || fail "health does not tell: $(cat "$work/out")"
"$BIN/qualcert" -C "$live" --lang en audit >"$work/out" 2>&1 && fail "audit is content with lost acts"
mv "$live/public" "$work/elsewhere" && mv "$live/keys/log.head" "$live/keys/status.head" "$work/"
mkdir "$live/public"
cp -a "$work/elsewhere/log" "$live/public/"
if "$BIN/qualcert" -C "$live" --lang en publish >"$work/out" 2>&1; then
	fail "published over what was published, without head files"
fi
rm -rf "$live/public"
mv "$work/elsewhere" "$live/public" && mv "$work/log.head" "$work/status.head" "$live/keys/"

step "two officers accept it"
"$BIN/qualcert" -C "$live" --lang en audit --checkpoint "$work/website/log/checkpoint" >"$work/out" 2>&1 || :
if as "$live" an restore --accept-loss >"$work/out" 2>&1; then
	fail "an accepting officer proposed it"
fi
answer=$(as "$live" chang restore --accept-loss)
sitting=$(proposed "$answer")
if as "$live" chang approve "$sitting" >"$work/out" 2>&1; then
	fail "one officer alone accepted it"
fi
"$BIN/qualcert" -C "$live" --lang zh --as fu --passphrase-file "$live/officers/passphrase" --yes approve "$sitting" \
	>"$work/out" 2>&1 || fail "not accepted: $(cat "$work/out")"
audit "$live"
if "$BIN/qualcert" -C "$live" --lang en publish >"$work/out" 2>&1; then
	fail "published in an epoch that no bundle names"
fi
echo "   $(cut -c 1-160 "$work/out")"

step "the roots name the epoch"
next_bundle "$live" 's,"origin": "v.example/log","epoch": 3\, "origin": "v.example/log/3",'
refused EPO-03 "$BIN/qualcert" -C "$live" adopt "$live/trust-bundle"
next_bundle "$live" 's,"origin": "v.example/log","epoch": 2\, "origin": "v.example/log/2",'
quietly "$BIN/qualcert" -C "$live" adopt "$live/trust-bundle"
publish "$live"
[ -e "$live/public/log-before-2/checkpoint" ] || fail "the lost log is not to be seen any more"
audit "$live"
sed -n 's/^/   /p' "$work/audit"

step "nothing published was forgotten, and nothing became milder"
valid "$work/holder/$lost.pdf"
valid "$work/holder/$kept.pdf"
verdict rejected STATUS-REVOKED --bureau "$live" "$live/issued/$revoked.pdf"
verdict rejected STATUS-SUSPENDED --bureau "$live" "$live/issued/$suspended.pdf"

step "and it goes on: what was lost can be lifted, no number and no slot comes again"
lift_licence "$live" "$suspended"
valid "$live/issued/$suspended.pdf"
refused LIC-01 as "$live" chang lift "$revoked" --ground LIF-01 --document "示例恢〔2026〕9号" --from "$(today)"
refused APP-02 as "$live" fu approve "$waiting"
again=$(issue_case "$live" "$open")
publish "$live"
valid "$live/issued/$again.pdf"
valid "$work/holder/$lost.pdf"
echo "   lost $lost, made $again"
[ $(($(echo "$again" | cut -d- -f5 | sed 's/^0*//') % 4)) -eq 2 ] || fail "$again may be a lost number"
audit "$live"

step "a backup has the floor; from it, and from the second copy alone, the same register comes"
quietly "$BIN/qualcert" -C "$live" backup "$work/new.qb"
tail -n 1 "$work/audit" >"$work/line"
quietly "$BIN/qualcert" -C "$work/copy" restore "$work/new.qb" --root "$live/root.cose"
audit "$work/copy"
rm -f "$live"/registry.db* "$live"/lookup.db*
quietly "$BIN/qualcert" -C "$live" restore --second-copy "$live/second/acts.log"
quietly "$BIN/qualcert" -C "$live" registry rebuild
audit "$live"
publish "$live"
valid "$live/issued/$again.pdf"
