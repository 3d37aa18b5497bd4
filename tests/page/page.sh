#!/bin/sh
# The bureau's page in Chromium, as people walk it (walk.py): in Chinese and English, on a phone and at a desk, with the
# released programs. Its pictures stay in the folder PICTURES.
#	page.sh BIN RELEASE PICTURES
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
pictures=$3

need_release
getent hosts localhost >/dev/null || fail "there is no localhost in /etc/hosts, by which chromedriver finds its browser"
BIN=$RELEASE
ours=$work/ours
step "a bureau and its specimens"
make_bureau "$ours"
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
publish "$ours"
make_specimens "$ours" "$number"
mkdir -p "$pictures"
/usr/bin/python3 "$here/walk.py" "$BIN" "$ours" "$number" "$pictures"
