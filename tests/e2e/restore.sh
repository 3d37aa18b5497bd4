#!/bin/sh
# Restore drills (threats 29, 30, 33, 34): a backup taken while certificates are issued; the database lost with an hour
# of work, and the second copy saved. Nothing acknowledged is lost, and no key is in any backup.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

live=$work/live

audit() {
	"$BIN/qualcert" -C "$1" --lang en audit >"$work/audit" || fail "$1: $(cat "$work/audit")"
}

# root_of DIR: size and root of its log, from a clean audit.
root_of() {
	audit "$1"
	sed -n 's,^ *\(v.example/log .*\),\1,p' "$work/audit"
}

numbers() {
	"$BIN/qualcert" -C "$1" --json list | /usr/bin/python3 -c '
import json, sys
for line in json.load(sys.stdin)["certificates"]:
    print(line["number"])' | sort
}

valid() {
	rm -rf "$XDG_STATE_HOME"
	"$BIN/qualverify" --lang en --bureau "$1" "$1/issued/$2.pdf" >"$work/out" || fail "$2: $(cat "$work/out")"
}

make_bureau "$live"
first=$(issue_case "$live" "$(take_case "$live" star-bridge)")

step "backups while certificates are issued"
(
	for _ in 1 2 3; do
		issue_case "$live" "$(take_case "$live" cloud-sail)" >>"$work/acknowledged" || exit 1
	done
	touch "$work/done"
) &
issuing=$!
started="$started $issuing"
n=0
until [ -e "$work/done" ]; do
	kill -0 "$issuing" 2>/dev/null || [ -e "$work/done" ] || fail "issuing ended by itself"
	n=$((n + 1))
	cp "$work/acknowledged" "$work/before-$n" 2>/dev/null || : >"$work/before-$n"
	quietly "$BIN/qualcert" -C "$live" backup "$work/$n.qb"
	sleep 0.5
done
wait "$issuing"
[ "$n" -ge 2 ] || fail "only $n backups"
i=0
while [ "$i" -lt "$n" ]; do
	i=$((i + 1))
	copy=$work/copy-$i
	quietly "$BIN/qualcert" -C "$copy" restore "$work/$i.qb" --root "$live/root.cose"
	root_of "$copy" >"$work/line"
	"$BIN/qualcert" -C "$live" --lang en audit --checkpoint "$work/line" >"$work/out" ||
		fail "backup $i is of another log: $(cat "$work/out")"
	numbers "$copy" >"$work/numbers"
	while read -r number; do
		grep -q "$number" "$work/numbers" || fail "backup $i lacks $number, which was acknowledged before it"
	done <"$work/before-$i"
	numbers "$live" | comm -13 - "$work/numbers" | grep . && fail "backup $i has what was never issued"
	rm -rf "$copy"
done
echo "   $n backups, each a part of the living log"

step "the last hour lost with the database; everything else, the second copy too, is there"
last=$work/$n.qb
publish "$live"
second=$(issue_case "$live" "$(take_case "$live" rare-hanzi)")
suspend_licence "$live" "$first"
root_of "$live" >"$work/line"
numbers "$live" >"$work/numbers-before"
rm -f "$live"/registry.db* "$live"/lookup.db*
quietly "$BIN/qualcert" -C "$live" --lang en restore "$last" --root "$live/root.cose"
root_of "$live" >"$work/line-after"
cmp "$work/line" "$work/line-after" || fail "another log than before"
numbers "$live" | cmp - "$work/numbers-before" || fail "other certificates than before"
publish "$live"
valid "$live" "$second"
verdict rejected STATUS-SUSPENDED --bureau "$live" "$live/issued/$first.pdf"
lift_licence "$live" "$first"
valid "$live" "$first"

step "from the second copy alone"
root_of "$live" >"$work/line"
rm -f "$live"/registry.db* "$live"/lookup.db*
quietly "$BIN/qualcert" -C "$live" restore --second-copy "$live/second/acts.log"
root_of "$live" | cmp - "$work/line" || fail "another log than before"

step "on another machine: the folder is lost, the second copy was on another disk"
mkdir "$work/other-disk"
mv "$live/second/acts.log" "$work/other-disk/"
sed -i "\$a second_copy = $work/other-disk/acts.log" "$live/qualcert.conf"
quietly "$BIN/qualcert" -C "$live" backup "$work/before-the-fire.qb"
third=$(issue_case "$live" "$(take_case "$live" star-bridge)")
publish "$live"
root_of "$live" >"$work/line"
new=$work/new
status=0
"$BIN/qualcert" -C "$new" --lang en restore "$work/before-the-fire.qb" --second-copy "$work/other-disk/acts.log" \
	>"$work/out" 2>"$work/told" || status=$?
[ "$status" -eq 1 ] || fail "ended with $status: $(cat "$work/out" "$work/told")"
grep -q "$third.pdf" "$work/told" || fail "the missing file is not told: $(cat "$work/told")"
grep -q 'second_copy = ' "$new/qualcert.conf" && grep -q '^second_copy' "$new/qualcert.conf" &&
	fail "the restored bureau would write to the living one's second copy"
cp "$live/issued/$third.pdf" "$new/issued/" # the holder has it
quietly "$BIN/qualcert" -C "$new" restore "$work/before-the-fire.qb" --second-copy "$work/other-disk/acts.log"
root_of "$new" | cmp - "$work/line" || fail "another log than before"
cmp "$live/issued/$third.cose" "$new/issued/$third.cose"
cp -a "$live/keys" "$live/public" "$live/officers" "$new/"
publish "$new"
valid "$new" "$third"
fourth=$(issue_case "$new" "$(take_case "$new" cloud-sail)")
[ -n "$fourth" ] || fail "nothing was issued"

step "what was signed and is not in the register is not signed over"
old=$work/old
quietly "$BIN/qualcert" -C "$old" restore "$last"
cp -a "$live/keys" "$old/"
if "$BIN/qualcert" -C "$old" publish "$old/public" >"$work/out" 2>&1; then
	fail "signed over a register that lost acts"
fi
echo "   publish: $(cat "$work/out")"

step "no key is in any backup; any tar and sha256sum read it"
mkdir "$work/unpacked"
tar -C "$work/unpacked" -xf "$work/before-the-fire.qb"
(cd "$work/unpacked" && sha256sum --quiet -c MANIFEST) || fail "MANIFEST does not fit"
cmp "$work/unpacked/issued/$first.pdf" "$live/issued/$first.pdf"
/usr/bin/python3 "$here/no_key.py" "$live" "$work"/*.qb || fail "a key is in a backup"

step "damaged, cut short, another bureau's: refused, and nothing is left that looks like a bureau"
size=$(stat -c %s "$last")
head -c $((size - 700)) "$last" >"$work/short.qb"
change_one_byte "$last" "$work/damaged.qb"
make_bureau "$work/other"
for file in short damaged; do
	if "$BIN/qualcert" -C "$work/none" restore "$work/$file.qb" >"$work/out" 2>&1; then
		fail "$file.qb was restored"
	fi
	echo "   $file: $(cat "$work/out")"
	[ ! -e "$work/none/qualcert.conf" ] || fail "$file.qb left a bureau"
done
if "$BIN/qualcert" -C "$work/none" restore "$last" --root "$work/other/root.cose" >"$work/out" 2>&1; then
	fail "another bureau's backup was restored"
fi
if "$BIN/qualcert" -C "$work/other" restore "$last" >"$work/out" 2>&1; then
	fail "one bureau's backup was restored over another"
fi
echo "   over another bureau: $(cat "$work/out")"
audit "$work/other"
