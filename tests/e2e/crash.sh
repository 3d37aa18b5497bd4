#!/bin/sh
# kill -9 at every write, sync and change of a name while an issue is approved, then the same command again: there
# is one certificate under one number (threats 29, 32), nothing else in issued/, a clean audit, and a verdict of VALID.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"
need_release
BIN=$RELEASE # strace and the leak checker do not get along

calls='write pwrite64 fsync fdatasync ftruncate rename renameat renameat2 link linkat unlink unlinkat'
before=$work/before
bureau=$work/bureau

approve() {
	as "$bureau" fu approve "$sitting"
}

# One certificate, whole, and its number the one that was proposed.
check_outcome() {
	where=$1
	issued=$(approve) || fail "$where: the same command again failed"
	[ "$issued" = "issued $number" ] || fail "$where: the same command again said: $issued"
	left=$(cd "$bureau/issued" && find . -type f | sort)
	[ "$left" = "./$number.cose
./$number.pdf" ] || fail "$where: in issued/: $left"
	"$BIN/qualcert" -C "$bureau" audit >"$work/audit" || fail "$where: $(cat "$work/audit")"
	publish "$bureau"
	rm -rf "$XDG_STATE_HOME" # each copy signs a snapshot of its own
	"$BIN/qualverify" --lang en --bureau "$bureau" "$bureau/issued/$number.pdf" "$bureau/issued/$number.cose" >"$work/out" ||
		fail "$where: $(cat "$work/out")"
}

# The Nth CALL is the last thing the program does; false if it does not come so far.
killed_at() {
	rm -rf "$bureau"
	cp -a "$before" "$bureau"
	status=0
	strace -f -qq -o "$work/strace" -e trace="$1" -e inject="$1:signal=KILL:when=$2" \
		"$BIN/qualcert" -C "$bureau" --as fu --passphrase-file "$bureau/officers/passphrase" --yes \
		approve "$sitting" >"$work/out" 2>&1 || status=$?
	[ "$status" -eq 137 ] || [ "$status" -eq 0 ] || fail "$1 $2: ended with $status: $(cat "$work/out")"
	[ "$status" -eq 137 ]
}

make_bureau "$before"
case_id=$(take_case "$before" star-bridge)
sitting=$(as "$before" yin issue "$case_id" | sed -n 's/^proposed \([^ ]*\) .*/\1/p')
[ -n "$sitting" ] || fail "nothing was proposed"

step "without a kill"
cp -a "$before" "$bureau"
number=$(approve | sed -n 's/^issued //p')
check_outcome "without a kill"

kills=0
for call in $calls; do
	n=1
	while killed_at "$call" "$n"; do
		check_outcome "$call $n"
		n=$((n + 1))
	done
	[ "$n" -eq 1 ] || step "$call: killed at each of $((n - 1))"
	kills=$((kills + n - 1))
done
[ "$kills" -gt 20 ] || fail "only $kills kills: approve does not write as it should"
echo "$kills kills, one certificate each time"
