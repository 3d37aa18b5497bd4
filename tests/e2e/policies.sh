#!/bin/sh
# Both policies, nine officers and four, from an application to every status a certificate can have, as a bureau
# would do it by hand; a clean audit at each stage.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

for policy in standard small; do
	bureau=$work/$policy
	make_bureau "$bureau" "$policy"
	"$BIN/qualkey" officers --bundle "$bureau/ceremony/trust-bundle" --policy "$bureau/policy.json" \
		"$bureau"/officers/*.enrol >"$work/officers" || fail "$(cat "$work/officers")"
	for example in star-bridge cloud-sail rare-hanzi; do
		number=$(issue_case "$bureau" "$(take_case "$bureau" "$example")")
		pdf=$bureau/issued/$number.pdf
		step "$policy: $example $number"
		publish "$bureau"
		verdict valid null --bureau "$bureau" "$pdf"
		suspend_licence "$bureau" "$number"
		publish "$bureau"
		verdict rejected STATUS-SUSPENDED --bureau "$bureau" "$pdf"
		lift_licence "$bureau" "$number"
		publish "$bureau"
		verdict valid null --bureau "$bureau" "$pdf"
	done
	revoke_licence "$bureau" "$number"
	publish "$bureau"
	verdict rejected STATUS-REVOKED --bureau "$bureau" "$pdf"
	"$BIN/qualcert" -C "$bureau" audit >"$work/audit" || fail "$(cat "$work/audit")"
	"$BIN/qualcert" -C "$bureau" registry rebuild >/dev/null
	"$BIN/qualcert" -C "$bureau" audit >"$work/audit" || fail "$(cat "$work/audit")"
done
