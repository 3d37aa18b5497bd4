#!/bin/sh
# Seals with the time-stamp of an authority: it is listed in the trust bundle and named in qualcert.conf; what people see
# of it; and what becomes of certificates while it is away or misbehaves. The authority is a real one (tests/tsa.py).
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"
export no_proxy=127.0.0.1

ours=$work/ours
mkdir "$work/tsa"

# authority: starts it; sets $tsa (its process) and $url
authority() {
	/usr/bin/python3 "$here/../tsa.py" "$work/tsa" >"$work/url" &
	tsa=$!
	started="$started $tsa"
	for _ in $(seq 100); do
		if [ "$(wc -l <"$work/url")" -gt 0 ]; then break; fi
		sleep 0.1
	done
	url=$(cut -d' ' -f1 "$work/url")
	[ -n "$url" ] || fail "no authority"
}

# stamped_by PATH [tsa_required]: from now on
stamped_by() {
	sed '/^tsa_/d' "$ours/qualcert.conf" >"$work/conf"
	printf 'tsa_url = %s\n' "$1" >>"$work/conf"
	if [ $# -gt 1 ]; then printf 'tsa_required = %s\n' "$2" >>"$work/conf"; fi
	cp "$work/conf" "$ours/qualcert.conf"
}

# approve ID: what fu is told when he approves it; $status is his exit status
approve() {
	status=0
	"$BIN/qualcert" -C "$ours" --as fu --passphrase-file "$ours/officers/passphrase" --lang en --yes "$@" \
		>"$work/out" 2>"$work/err" || status=$?
}

# new_proposal: the sitting of a new certificate, proposed
new_proposal() {
	case=$(take_case "$ours" star-bridge)
	propose_issue "$ours" "$case"
}

# time_stamp: what the verdict said last of it, "TIME AUTHORITY" or null
time_stamp() {
	field "$work/verdict.json" timestamp | /usr/bin/python3 -c '
import json, sys
t = json.load(sys.stdin)
print(t and t["time"] + " " + t["authority"])'
}

make_bureau "$ours"
authority

step "without an authority no seal has a time-stamp, and that is no fault"
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
publish "$ours"
verdict valid null --bureau "$ours" "$ours/issued/$number.pdf"
[ "$(time_stamp)" = None ] || fail "a time-stamp from nowhere: $(time_stamp)"
grep -q 'no time-stamp' "$work/verdict.en" || fail "not told: $(cat "$work/verdict.en")"
grep -q '没有时间戳' "$work/verdict.zh" || fail "not told: $(cat "$work/verdict.zh")"

step "an authority that is not listed is told by health, and nothing is made"
stamped_by "$url/"
"$BIN/qualcert" -C "$ours" --lang en health >"$work/health" && fail "health is content"
grep -q 'BAD *time-stamps *tsa_url is set, but the trust bundle lists no' "$work/health" || fail "$(cat "$work/health")"
sitting=$(new_proposal)
approve approve "$sitting"
[ "$status" -ne 0 ] || fail "made without a time-stamp: $(cat "$work/out")"
grep -q 'not one the trust bundle lists; it stays approved' "$work/err" || fail "$(cat "$work/err")"

step "listed, it stamps what stayed approved"
cp "$work/tsa/tsa.pem" "$ours/keys/tsa.pem"
next_bundle "$ours" 's|"keys": \[|&\n    { "use": "tsa", "file": "../keys/tsa.pem", "from": "2026-01-01", "until": "2036-12-31" },|'
quietly "$BIN/qualcert" -C "$ours" adopt "$ours/trust-bundle"
approve approve "$sitting"
grep -q '^issued [^ ]*$' "$work/out" || fail "not made: $(cat "$work/out" "$work/err")"
number=$(issued "$(cat "$work/out")")
publish "$ours"
pdf=$ours/issued/$number.pdf
verdict valid null --bureau "$ours" "$pdf"
case $(time_stamp) in
"$(TZ=UTC-8 date +%F)"T*' 示例时间戳机构') ;;
*) fail "time-stamp: $(time_stamp)" ;;
esac
grep -q '示例时间戳机构' "$work/verdict.en" || fail "not told: $(cat "$work/verdict.en")"
grep -q '示例时间戳机构' "$work/verdict.zh" || fail "not told: $(cat "$work/verdict.zh")"
"$BIN/qualcert" -C "$ours" --lang en health >"$work/health" || fail "$(cat "$work/health")"
grep -q 'time-stamps *tsa: until 2036-12-31' "$work/health" || fail "$(cat "$work/health")"

step "other people's readers: pdfsig, openssl, BouncyCastle"
pdfsig -nocert "$pdf" >"$work/pdfsig" || fail "$(cat "$work/pdfsig")"
grep -q 'Signature is Valid' "$work/pdfsig" || fail "pdfsig: $(cat "$work/pdfsig")"
grep -q 'Total document signed' "$work/pdfsig" || fail "pdfsig: $(cat "$work/pdfsig")"
/usr/bin/python3 - "$pdf" "$work" <<'END'
import re, sys
pdf, work = sys.argv[1:]
data = open(pdf, "rb").read()
seal = bytes.fromhex(re.search(rb"/Contents <([0-9a-f]+)>", data).group(1).decode())
print(f"   seal: {4 + int.from_bytes(seal[2:4], 'big')} bytes of {len(seal)}")
# [1] { SEQUENCE { OID signature-time-stamp, SET { token } } } behind OCTET STRING { SEQUENCE { r, s } }
oid = seal.index(bytes.fromhex("060b2a864886f70d010910020e"))
token = seal[oid + 13 + 4:]
token = token[:4 + int.from_bytes(token[2:4], "big")]
signature = next(seal[oid - 8 - n:oid - 8] for n in range(66, 73) if seal[oid - 10 - n:oid - 7 - n] == bytes([4, n, 0x30]))
open(f"{work}/token.der", "wb").write(token)
open(f"{work}/signature", "wb").write(signature)
print(f"   its token: {len(token)}")
END
quietly openssl ts -verify -token_in -in "$work/token.der" -data "$work/signature" -CAfile "$work/tsa/root.pem" -untrusted "$work/tsa/ica.pem"
sh "$here/java_readers.sh" "$ours/keys/seal.pub" "$ours/ca.pem" "$pdf" >"$work/java" 2>&1 || fail "$(cat "$work/java")"
grep -q "signature holds, time-stamp: $(date -u +%F)T" "$work/java" || fail "$(cat "$work/java")"

step "required: whatever goes wrong, nothing is made, and the next call makes it"
for path in reject garbage oversize redirect type error nonce other long; do
	stamped_by "$url/$path" yes
	sitting=$(new_proposal)
	approve approve "$sitting"
	if [ "$status" -eq 0 ] || grep -q '^issued' "$work/out"; then fail "$path: made: $(cat "$work/out")"; fi
	grep -q 'it stays approved, and is made when there is a time-stamp (tsa_required = yes)' "$work/err" ||
		fail "$path: $(cat "$work/err")"
	echo "   $path: $(grep -m 1 'stays approved' "$work/err" | sed 's/; it stays.*//; s/.*: certificate [^:]*: //')"
	stamped_by "$url/" yes
	approve approve "$sitting"
	number=$(issued "$(cat "$work/out")")
	[ -n "$number" ] || fail "$path: not made afterwards: $(cat "$work/err")"
done
publish "$ours"
verdict valid null --bureau "$ours" "$ours/issued/$number.pdf"
[ "$(time_stamp)" != None ] || fail "no time-stamp"

step "not required: it is made without, and says so"
stamped_by "$url/reject" no
approve approve "$(new_proposal)"
grep -q '^issued [^ ]* untimestamped$' "$work/out" || fail "$(cat "$work/out" "$work/err")"
grep -q 'has no time-stamp: the time-stamping authority gave no time-stamp: rejection' "$work/err" || fail "$(cat "$work/err")"
approve approve "$(new_proposal)" --json
number=$(field "$work/out" untimestamped issued | tr -d '\n')
number=$(field "$work/out" issued | tr -d '[]"')
[ "$(field "$work/out" untimestamped | tr -d '[]"')" = "$number" ] || fail "$(cat "$work/out")"
publish "$ours"
verdict valid null --bureau "$ours" "$ours/issued/$number.pdf"
[ "$(time_stamp)" = None ] || fail "a time-stamp: $(time_stamp)"

step "the authority is away, and comes back; what waited for another is made without"
stamped_by "$url/" yes
kill "$tsa"
wait "$tsa" || :
sitting=$(new_proposal)
approve approve "$sitting"
[ "$status" -ne 0 ] || fail "made without an authority"
grep -q 'does not answer' "$work/err" || fail "$(cat "$work/err")"
authority
stamped_by "$url/" yes
"$BIN/qualcert" -C "$ours" --lang en health >"$work/health" || fail "$(cat "$work/health")"
grep -q 'finished now: 1' "$work/health" || fail "$(cat "$work/health")"
if grep -q untimestamped "$work/health"; then fail "$(cat "$work/health")"; fi
stamped_by "$url/reject" yes
approve approve "$(new_proposal)"
[ "$status" -ne 0 ] || fail "made without a time-stamp"
asked=$(wc -l <"$work/tsa/asked")
suspend_licence "$ours" "$number"
lift_licence "$ours" "$number"
[ "$(wc -l <"$work/tsa/asked")" -eq "$asked" ] || fail "an act that makes no certificate asked the authority"
stamped_by "$url/reject" no
"$BIN/qualcert" -C "$ours" --lang en health >"$work/health" || fail "$(cat "$work/health")"
grep -q 'time-stamps *of them untimestamped: 1' "$work/health" || fail "$(cat "$work/health")"
publish "$ours"
"$BIN/qualcert" -C "$ours" audit >"$work/audit" || fail "$(cat "$work/audit")"

step "stopped while the authority is awaited: nothing is made, and nothing of the register is held meanwhile"
stamped_by "$url/slow"
sitting=$(new_proposal)
approve approve "$sitting" &
approving=$!
started="$started $approving"
for _ in $(seq 100); do
	if grep -q '^/slow' "$work/tsa/asked"; then break; fi
	sleep 0.1
done
quietly as "$ours" shi stop --reason "钥匙可能被盗"
touch "$work/tsa/now"
wait "$approving" || :
grep -q 'STP-01' "$work/err" || fail "$(cat "$work/out" "$work/err")"
if grep -q '^issued' "$work/out"; then fail "made after it was stopped"; fi
