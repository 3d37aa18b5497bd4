#!/bin/sh
# ./quickstart shows what it says, twice: the second run keeps the bureau and takes another application through. It
# leaves a certificate in force, and every specimen has the verdict of its name. Only the building is left out.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

clone=$work/clone
demo=$clone/demo-bureau

mkdir -p "$clone/build/release" "$work/stub"
cp -R "$here/../../quickstart" "$here/../../packages.txt" "$here/../../templates" "$here/../../cmake" "$clone/"
ln -s "$BIN" "$clone/build/release/bin"
printf '#!/bin/sh\n' >"$work/stub/cmake"
chmod +x "$work/stub/cmake"

# shows LINES WORDS...: so many lines of what quickstart said have them.
shows() {
	count=$1
	shift
	[ "$(grep -cF "$*" "$work/said")" -eq "$count" ] || fail "not $count times: $*: $(cat "$work/said")"
}

quickstart() {
	PATH="$work/stub:$PATH" sh "$clone/quickstart" >"$work/said" 2>&1 || fail "$(cat "$work/said")"
	shows 2 '  TEST VALID '
	shows 2 '  TEST NOT VALID '
	shows 1 'yin approves what yin proposed: rule SEP-01'
	shows 1 'ORG-02'
	shows 1 'KIND-01'
	shows 1 '[6/6] done in'
	certificate=$clone/$(sed -n 's/.*Look at it *//p' "$work/said")
	verdict valid null --bureau "$demo" "$certificate"
	written=$(find "$clone" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | tr '\n' ' ')
	[ "$written" = "build cmake demo-bureau packages.txt quickstart templates " ] || fail "in the clone: $written"
}

specimen_is() {
	for name in $3; do
		told=$(field "$demo/specimens/$name.json" verdict reason test | tr '\n' ' ')
		[ "$told" = "$1 $2 true " ] || fail "specimens/$name.json: $told"
		verdict "$1" "$2" --bureau "$demo" "$demo/specimens/$name.${4:-pdf}"
	done
}

step "the first run"
quickstart
shows 1 '[3/6] bureau      demo-bureau: 3 root keys'
cat "$work/said"

step "its specimens"
specimen_is valid null valid
specimen_is valid null code txt
specimen_is valid null "photo photocopy" png
specimen_is undetermined CODE-UNREADABLE code-unreadable png
specimen_is rejected STATUS-SUSPENDED suspended
specimen_is rejected STATUS-REVOKED revoked
specimen_is rejected FILE-CHANGED "altered stamped"
specimen_is rejected REGISTRY-UNKNOWN unregistered
specimen_is rejected SEAL-UNLISTED another-bureau
told=$(field "$demo/specimens/too-old-data.json" verdict reason | tr '\n' ' ')
[ "$told" = "undetermined DATE-AFTER-DATA " ] || fail "specimens/too-old-data.json: $told"
told=$(field "$demo/specimens/older-snapshot.json" verdict reason | tr '\n' ' ')
[ "$told" = "undetermined REGISTRY-PENDING " ] || fail "specimens/older-snapshot.json: $told"
verdict undetermined REGISTRY-PENDING --root "$demo/root.cose" --public "$demo/specimens/older-public" "$demo/specimens/older-snapshot.pdf"
first=$certificate

step "the second run"
quickstart
shows 1 '[3/6] bureau      demo-bureau: kept from the last run'
[ "$certificate" != "$first" ] || fail "no other application was taken through"
verdict valid null --bureau "$demo" "$first"
"$BIN/qualcert" -C "$demo" audit >"$work/audit" || fail "$(cat "$work/audit")"
