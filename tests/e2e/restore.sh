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

step "a backup is audited by itself, without a key, and leaves nothing behind"
TMPDIR=$work/passing
export TMPDIR
mkdir "$TMPDIR"

# audit_backup STATUS FILE ARGUMENT...: it ends so; what it says is in $work/said. No bureau is named.
audit_backup() {
	want=$1
	shift
	status=0
	timeout 300 "$BIN/qualcert" --lang en audit "$@" >"$work/said" 2>&1 || status=$?
	[ "$status" -eq "$want" ] || fail "audit $*: ended with $status: $(cat "$work/said")"
	[ -z "$(ls -A "$TMPDIR")" ] || fail "audit $* left $(ls -A "$TMPDIR")"
}

says() {
	grep -q "$1" "$work/said" || fail "not \"$1\" but: $(cat "$work/said")"
}

# edited "EDIT WORD..." WORDS ARGUMENT...: after it, which leaves every hash in the backup right, the audit finds something.
edited() {
	# shellcheck disable=SC2086 # a word each
	/usr/bin/python3 "$here/edit_backup.py" "$last" "$work/edited.qb" $1
	words=$2
	shift 2
	audit_backup 1 "$work/edited.qb" "$@"
	says "^NOT CLEAN\\. .*$words"
	echo "   $(grep '^NOT CLEAN' "$work/said" | cut -c 1-140)"
}

# Everything in a folder, with the times of change.
whole() {
	(cd "$1" && find . -printf '%p %s %T@ %C@\n' | sort && find . -type f -exec sha256sum {} + | sort)
}

whole "$live" >"$work/live-before"
audit_backup 0 "$work/1.qb"
sed -n '/example\/log/p' "$work/said" >"$work/earlier"
audit_backup 0 "$last"
sed -n '/example\/log/p' "$work/said" >"$work/same"
ln -s "$last" "$work/latest.qb"
audit_backup 0 "$work/latest.qb"
says '^CLEAN\.'
audit_backup 0 "$last" --checkpoint "$work/earlier" --root "$live/root.cose"
acts=$(cut -d ' ' -f 4 "$work/same")
pdfs=$(tar -tf "$last" | grep -c '^issued/.*pdf$')
says "^  acts  *$acts  "
says "^  tables .*identical"
says "^  files  *$pdfs  "
says "extends the checkpoint .*($(cut -d ' ' -f 4 "$work/earlier") entries)"
says '^CLEAN\.'
for unchecked in "the second copy of the acts" "the published files" "ca.pem, names.json, trust-bundle"; do
	says "^  $unchecked"
done
grep -q 'root keys' "$work/said" && fail "the root was given, and is not checked: $(cat "$work/said")"
cat "$work/said"
"$BIN/qualcert" --lang zh audit "$last" >"$work/said"
says '^一致。'
says '^  行为的副本$'
says '^  根密钥是否确属该机关$'
"$BIN/qualcert" --json audit "$last" >"$work/answer.json"
[ "$(field "$work/answer.json" clean acts files second_copy | tr '\n' ' ')" = "true $acts $pdfs false " ] ||
	fail "$(cat "$work/answer.json")"
audit_backup 1 "$last" --checkpoint "$work/line"
says "^NOT CLEAN. the checkpoint kept outside covers .* only $acts: acts were removed, or it is of an earlier day"

step "what is left behind is told"
"$BIN/qualcert" --lang en audit "$last" >"$work/said" 2>&1 &
auditing=$!
until child=$(cat "/proc/$auditing/task/$auditing/children") && [ -n "$child" ]; do
	kill -0 "$auditing" || fail "nothing would have removed the folder"
done
kill -9 "${child%% *}"
status=0
wait "$auditing" || status=$?
[ "$status" -eq 74 ] || fail "ended with $status: $(cat "$work/said")"
says '^CLEAN\.'
says "^qualcert: $TMPDIR/qualcert-audit.* could not be removed: remove it"
rm -r "$TMPDIR"/qualcert-audit.*

step "trouble of the machine is not said of the backup"
kept=$TMPDIR
TMPDIR="$kept/t[1]?*"
mkdir "$TMPDIR"
audit_backup 0 "$last"
rmdir "$TMPDIR"
TMPDIR=$kept$(printf '/.%.0s' $(seq 2010))
audit_backup 74 "$last"
says '^qualcert: TMPDIR can name another place: .* too long$'
TMPDIR=$work/nowhere
status=0
"$BIN/qualcert" --lang en audit "$last" >"$work/said" 2>&1 || status=$?
[ "$status" -eq 74 ] || fail "no TMPDIR: ended with $status: $(cat "$work/said")"
says 'make a folder in .*/nowhere: No such file'
TMPDIR=$kept

step "a backup in which somebody changed acts or files, and every hash: found"
/usr/bin/python3 "$here/edit_backup.py" "$last" "$work/edited.qb" nothing
audit_backup 0 "$work/edited.qb" --checkpoint "$work/same"
edited signature 'act [0-9]* in the acts file: ACT-01'
edited backdate 'act [0-9]* in the acts file: it was recorded before'
edited drop_one '.' --checkpoint "$work/same"
edited drop_last 'checkpoint kept outside covers' --checkpoint "$work/same"
edited tell_less "the backup says that it has $((acts - 1)) acts, and it has $acts"
edited tell_another 'do not make the log'
edited pdf 'not the file that was made'
edited lose_pdf 'is missing'
make_bureau "$work/other"
echo nonsense >"$work/nonsense"
edited "root $work/other/root.cose" 'another bureau than the root file' --root "$live/root.cose"
edited "root $work/other/root.cose" 'another bureau than the root file' --root "$work/other/root.cose"
edited "root $work/nonsense" 'root' --root "$live/root.cose"
edited lose_root 'has no root.cose'
edited policy 'names a policy that is not here'

step "whatever its configuration names, nothing outside the backup is read or written"
mkfifo "$work/fifo"
for path in "$work/fifo" "$live/second/acts.log" /etc/passwd; do
	/usr/bin/python3 "$here/edit_backup.py" "$last" "$work/edited.qb" second_copy_at "$path"
	audit_backup 0 "$work/edited.qb"
	says "^  acts  *$acts  "
done
if timeout 60 "$BIN/qualcert" -C "$work/none" restore --second-copy "$work/fifo" "$last" >"$work/out" 2>&1; then
	fail "a pipe was read"
fi
grep -q 'fifo is not a regular file' "$work/out" || fail "$(cat "$work/out")"
rm -rf "$work/none"
/usr/bin/python3 "$here/edit_backup.py" "$last" "$work/edited.qb" second_copy_at "$work/outside"
quietly "$BIN/qualcert" -C "$work/none" restore "$work/edited.qb"
[ ! -e "$work/outside" ] || fail "restoring wrote outside the folder"
grep -q '^# second_copy: ' "$work/none/qualcert.conf" || fail "$(cat "$work/none/qualcert.conf")"
rm -rf "$work/none"

step "damaged, cut short, another bureau's: refused, and nothing is left that looks like a bureau"
size=$(stat -c %s "$last")
head -c $((size - 700)) "$last" >"$work/short.qb"
change_one_byte "$last" "$work/damaged.qb"
audit_backup 1 "$last" --root "$work/other/root.cose"
says '^NOT CLEAN. the register belongs to another bureau than the root file'
audit_backup 66 "$work/no.qb"
audit_backup 65 "$live/issued/$first.pdf"
says 'not begin as qualcert backup'
mkdir "$work/full"
mount -t tmpfs -o size=64k none "$work/full"
status=0
TMPDIR=$work/full "$BIN/qualcert" --lang en audit "$last" >"$work/said" 2>&1 || status=$?
left=$(ls -A "$work/full")
umount "$work/full"
[ "$status" -eq 74 ] || fail "a full disk: ended with $status: $(cat "$work/said")"
[ -z "$left" ] || fail "a full disk: left $left"
says '^qualcert: while it was put back in .*TMPDIR can name another place'
echo "   full: $(cut -c 1-160 "$work/said")"
for file in short damaged; do
	audit_backup 65 "$work/$file.qb"
	says 'take another copy of it, or an older backup'
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
whole "$live" | cmp - "$work/live-before" || fail "auditing a backup touched the bureau"
audit "$work/other"
