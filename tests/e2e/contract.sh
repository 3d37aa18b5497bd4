#!/bin/sh
# docs/openapi.yaml is true: every operation and every reply it names is provoked from live daemons, and they give no
# other; every specimen of the demonstration gets the verdict it was made with. contract.py asks; here is set up whom.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

ours=$work/ours

need_release
make_bureau "$ours"
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
publish "$ours"
make_specimens "$ours" "$number"
check_code=$(/usr/bin/python3 "$here/leak.py" --check-code "$ours/issued/$number.cose")

step "a suspension that is recorded and not published"
behind=$(issue_case "$ours" "$(take_case "$ours" cloud-sail)")
publish "$ours"
answer=$(as "$ours" chang suspend "$behind" --ground SUS-05 --document "示例暂〔2026〕9号" --from "$(today)" --months 6)
quietly as "$ours" fu approve "$(proposed "$answer")"

step "daemons"
listeners=
# listens NAME ARGUMENT...: a daemon of that name, which remembers for itself
listens() {
	XDG_STATE_HOME=$work/state-$1
	start "$@"
	listeners="$listeners $1=$site $1-admin=$admin"
}
listens beside --bureau "$ours"
listens alone --root "$ours/root.cose" --public "$ours/public"
listens older --root "$ours/root.cose" --public "$ours/specimens/older-public"
later +10d listens stale --root "$ours/root.cose" --public "$ours/public"

# a register whose look-up table is gone
mkdir "$work/no-look-up"
cp -R "$ours/root.cose" "$ours/public" "$work/no-look-up/"
listens no-look-up --bureau "$work/no-look-up"

# one that may hold few connections
mkdir -p "$work/few/bin"
printf '#!/bin/sh\nulimit -n 128\nexec "%s/qualverifyd" "$@"\n' "$BIN" >"$work/few/bin/qualverifyd"
chmod +x "$work/few/bin/qualverifyd"
kept=$BIN
BIN=$work/few/bin
listens few --bureau "$ours"

# a machine on which nothing reads pictures
mkdir -p "$work/no-pictures/bin"
cp "$kept/qualverifyd" "$work/no-pictures/bin/"
BIN=$work/no-pictures/bin
listens no-pictures --root "$ours/root.cose" --public "$ours/public"
BIN=$kept

step "the contract"
# shellcheck disable=SC2086 # a word each
PATH=$BIN:$PATH /usr/bin/python3 -B "$here/contract.py" "$ours" "$number" "$check_code" "$behind" $listeners
