#!/bin/sh
# Acts are lost for good (threats 31, 34): the database, the second copy and whatever was issued in the last hour are
# gone; what was published is left. Two officers accept it, the roots name the epoch, and it goes on: certificates
# issued before keep verifying, no revocation and no suspension is forgotten, no number and no slot is used twice.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

live=$work/live

# audit DIR OPTION...
audit() {
	status=0
	dir=$1
	shift
	"$BIN/qualcert" -C "$dir" --lang en audit "$@" >"$work/audit" 2>&1 || status=$?
	[ "$status" -eq 0 ] || fail "$dir: $(cat "$work/audit")"
}

# finds SENTENCE DIR: the audit is not clean, and says why.
finds() {
	"$BIN/qualcert" -C "$2" --lang en audit >"$work/audit" 2>&1 && fail "clean, not: $1"
	grep -q "NOT CLEAN.*$1" "$work/audit" || fail "does not say $1: $(cat "$work/audit")"
}

valid() {
	rm -rf "$XDG_STATE_HOME"
	"$BIN/qualverify" --lang en --bureau "$live" "$1" >"$work/out" || fail "$1: $(cat "$work/out")"
}

# online WORD REASON FILE: what the daemon, which runs all the time, answers within the next seconds.
online() {
	for _ in $(seq 40); do
		curl -sS --max-time 20 --data-binary "@$3" -H 'Content-Type: application/pdf' "$site/v1/verify" >"$work/body" || :
		[ "$(field "$work/body" verdict reason | tr '\n' ' ')" = "$1 $2 " ] && return
		sleep 0.25
	done
	fail "online: $(cat "$work/body"), not $1 $2"
}

# reader PUBLIC FILE: as somebody reads who remembers what he saw; prints exit status and first line.
reader() {
	status=0
	XDG_STATE_HOME=$work/reader "$BIN/qualverify" --lang en --root "$live/root.cose" --public "$1" "$2" >"$work/read" || status=$?
	echo "$status $(head -n 1 "$work/read")"
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
cp "$live/public/log/checkpoint" "$work/checkpoint-then"

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
[ "$(reader "$live/public" "$work/holder/$lost.pdf" | cut -c 1)" = 0 ] || fail "$(cat "$work/read")"
export XDG_STATE_HOME="$work/online"
start online --bureau "$live"
export XDG_STATE_HOME="$work/state"
online valid null "$work/holder/$lost.pdf"

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
echo "   $(grep -m 1 "acts are lost" "$work/out" | cut -c 1-160)"
status=0
"$BIN/qualcert" -C "$live" --lang en health >"$work/out" || status=$?
grep -q 'acts are lost' "$work/out" || fail "health does not tell: $(cat "$work/out")"
finds "covers [0-9]* entries, but the register has only" "$live"
mv "$live/public" "$work/elsewhere" && mv "$live/keys/log.head" "$live/keys/status.head" "$work/"
mkdir "$live/public"
cp -a "$work/elsewhere/log" "$live/public/"
if "$BIN/qualcert" -C "$live" --lang en publish >"$work/out" 2>&1; then
	fail "published over what was published, without head files"
fi
rm -rf "$live/public"
mv "$work/elsewhere" "$live/public" && mv "$work/log.head" "$work/status.head" "$live/keys/"

step "two officers accept it"
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

step "what an audit says of it"
audit "$live" --checkpoint "$work/checkpoint-then"
grep -q 'extends the checkpoint' "$work/audit" || fail "$(cat "$work/audit")"
grep -q 'a loss was accepted, and nothing was published since' "$work/audit" || fail "$(cat "$work/audit")"
audit "$live" --checkpoint "$work/website/log/checkpoint"
grep -q 'acts it covers are lost' "$work/audit" || fail "$(cat "$work/audit")"
cp "$work/holder/$lost.pdf" "$live/issued/" # the holder brought it
audit "$live"
cp "$work/holder/$lost.pdf" "$live/issued/another.pdf"
echo >>"$live/issued/another.pdf"
finds "another.pdf: no act made it" "$live"
rm "$live/issued/another.pdf" "$live/issued/$lost.pdf"
cp -a "$live" "$work/tampered"
sqlite3 "$work/tampered/registry.db" "UPDATE floors SET file = zeroblob(8) WHERE rowid = 1"
finds "EPO-01: the floor" "$work/tampered"

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
[ "$(reader "$live/public" "$work/holder/$lost.pdf" | cut -c 1)" = 0 ] || fail "$(cat "$work/read")"
online valid null "$work/holder/$lost.pdf"
online rejected STATUS-REVOKED "$live/issued/$revoked.pdf"
[ "$(reader "$work/website" "$work/holder/$lost.pdf" | cut -c 1)" = 2 ] || fail "$(cat "$work/read")"
echo "   who saw the new epoch goes not back: $(reader "$work/website" "$work/holder/$lost.pdf")"

step "and it goes on: what was lost can be lifted, no number and no slot comes again"
lift_licence "$live" "$suspended"
valid "$live/issued/$suspended.pdf"
refused LIC-01 as "$live" chang lift "$revoked" --ground LIF-01 --document "示例恢〔2026〕9号" --from "$(today)"
refused APP-02 as "$live" fu approve "$waiting"
again=$(issue_case "$live" "$open")
publish "$live"
valid "$live/issued/$again.pdf"
valid "$work/holder/$lost.pdf"
online valid null "$live/issued/$again.pdf"
echo "   lost $lost, made $again"
[ $(($(echo "$again" | cut -d- -f5 | sed 's/^0*//') % 4)) -eq 2 ] || fail "$again may be a lost number"
audit "$live"

step "a backup has the floor; from it, and from the second copy alone, the same register comes"
quietly "$BIN/qualcert" -C "$live" backup "$work/new.qb"
tail -n 1 "$work/audit" >"$work/line"
quietly "$BIN/qualcert" -C "$work/copy" restore "$work/new.qb" --root "$live/root.cose"
audit "$work/copy"
quietly "$BIN/qualcert" audit "$work/new.qb" --root "$live/root.cose"
rm -f "$live"/registry.db* "$live"/lookup.db*
quietly "$BIN/qualcert" -C "$live" restore --second-copy "$live/second/acts.log"
quietly "$BIN/qualcert" -C "$live" registry rebuild
audit "$live"
publish "$live"
valid "$live/issued/$again.pdf"
