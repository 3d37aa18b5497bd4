#!/bin/sh
# Nothing about a holder stands in what is published (threat 46): a thousand invented ones are issued certificates, some are
# suspended and revoked, and then no name, social credit code, certificate number or check code is found in any
# published file, in any encoding, deflated or not.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

ours=$work/ours
make_bureau "$ours" small
began=$(date +%s)
"$BIN/thousand" "$ours" "$EXAMPLES" 1000
[ "$(find "$ours/issued" -name '*.pdf' | wc -l)" -eq 1000 ] || fail "not a thousand certificates"
step "1000 certificates in $(($(date +%s) - began)) s"
publish "$ours"
for number in $(find "$ours/issued" -name '*.pdf' | sort | sed -n 's|.*/\(.*\)\.pdf|\1|; 1p; 500p'); do
	suspend_licence "$ours" "$number"
	verdict rejected STATUS-SUSPENDED --bureau "$ours" "$ours/issued/$number.pdf"
done
revoke_licence "$ours" "$number"
find "$ours/public" -type f >"$work/files"
xargs /usr/bin/python3 "$here/leak.py" "$ours/issued" <"$work/files"
"$BIN/qualcert" -C "$ours" --lang en audit >"$work/audit" || fail "$(cat "$work/audit")"
grep -E 'acts|two persons' "$work/audit"
