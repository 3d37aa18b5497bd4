#!/bin/sh
# systemd's units as they are installed: well formed, locked in, and not so far that the service could not work: with
# their sockets and under their system calls it answers a PDF and a picture, reloads and ends.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
need_release

# Programs where the units look for them.
prefix=$work/usr
quietly cmake --install "$RELEASE/.." --prefix "$prefix"
units=$prefix/lib/systemd/system

step "well formed"
for unit in qualverifyd.service qualverifyd.socket qualverifyd-admin.socket qualcert-publish.service; do
	SYSTEMD_UNIT_PATH=$units: quietly systemd-analyze verify --man=no --recursive-errors=yes "$units/$unit"
done
sed 's/^Restart=on-failure/Restart=onfailure/' "$units/qualcert-publish.service" >"$work/mistaken.service"
systemd-analyze verify --man=no "$work/mistaken.service" >"$work/said" 2>&1 || :
grep -q onfailure "$work/said" || fail "a mistake in a unit is not noticed"
mkdir -p "$work/root/etc"
quietly systemd-sysusers --root="$work/root" "$prefix/lib/sysusers.d/qualcert.conf"
for account in qualcert qualverifyd; do
	grep -q "^$account:.*/nologin\$" "$work/root/etc/passwd" || fail "no account $account: $(cat "$work/root/etc/passwd")"
done

step "locked in: an exposure of 2.0 at most"
for unit in qualverifyd.service qualcert-publish.service; do
	systemd-analyze security --offline=yes --threshold=20 "$units/$unit" >"$work/security" || fail "$(cat "$work/security")"
	echo "   $unit: $(tail -n 1 "$work/security")"
done
grep -v '^RestrictNamespaces\|^ProtectSystem\|^SystemCallFilter\|^CapabilityBoundingSet\|^PrivateNetwork' \
	"$units/qualverifyd.service" >"$work/open.service"
if systemd-analyze security --offline=yes --threshold=20 "$work/open.service" >/dev/null; then
	fail "what is open is not noticed"
fi

ours=$work/ours
make_bureau "$ours"
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
publish "$ours"
quietly pdftoppm -r 200 -png -singlefile "$ours/issued/$number.pdf" "$work/paper"
/usr/bin/python3 -c 'import sys; from PIL import Image; Image.open(sys.argv[1]).convert("L").save(sys.argv[2], resolution=200)' \
	"$work/paper.png" "$work/scan.pdf"

step "with its sockets and under its system calls"
printf '[qualverifyd]\nbureau = %s\nmemory = %s\n' "$ours" "$work/memory" >"$work/conf"
/usr/bin/python3 "$here/handed_over.py" "$work/site" "$work/notify" /usr/bin/python3 "$here/confined.py" \
	"$units/qualverifyd.service" "$prefix/bin/qualverifyd" --config "$work/conf" >"$work/out" 2>"$work/log" &
daemon=$!
started="$started $daemon"
for _ in $(seq 100); do
	if grep -q readyz "$work/out"; then
		break
	fi
	sleep 0.1
done
admin=$(sed -n 's|.* \(http://[^ ]*\)/readyz$|\1|p' "$work/out")
[ -n "$admin" ] || fail "it did not start: $(cat "$work/out" "$work/log")"
handed_in() {
	ask 200 application/json --unix-socket "$work/site" --data-binary "@$1" -H "Content-Type: $2" "http://site/v1/verify${3-}"
	told valid null
}
handed_in "$ours/issued/$number.pdf" application/pdf
handed_in "$work/paper.png" image/png
handed_in "$work/scan.pdf" application/pdf "?scan=yes"
ask 200 application/json "$admin/readyz"
ask 200 text/html --unix-socket "$work/site" "http://site/"
kill -HUP "$daemon"
for _ in $(seq 50); do
	if grep -q '"event":"reloaded"' "$work/log"; then
		break
	fi
	sleep 0.1
done
handed_in "$ours/issued/$number.pdf" application/pdf
kill "$daemon"
wait "$daemon" || fail "it did not end well: $(cat "$work/log")"
for state in READY=1 RELOADING=1 STOPPING=1; do
	grep -q "^$state" "$work/notify.told" || fail "systemd was not told $state: $(cat "$work/notify.told")"
done
grep -q '"event":"reloaded"' "$work/log" || fail "it did not reload: $(cat "$work/log")"

step "restarted, nobody who comes meanwhile is let fall"
/usr/bin/python3 "$here/restarts.py" "$work/restarted" "$prefix/bin/qualverifyd" --config "$work/conf" 2>"$work/log" ||
	fail "$(cat "$work/log")"

step "publishing under its system calls"
quietly /usr/bin/python3 "$here/confined.py" "$units/qualcert-publish.service" "$prefix/bin/qualcert" -C "$ours" publish "$ours/public"

step "and what the unit forbids fails there"
/usr/bin/python3 "$here/confined.py" "$units/qualverifyd.service" /usr/bin/python3 -c '
import socket
socket.socket(socket.AF_UNIX).close()
try:
    socket.socket(socket.AF_INET)
except OSError:
    print("no network")' >"$work/said" || fail "$(cat "$work/said")"
grep -q 'no network' "$work/said" || fail "the rules were not in force"
