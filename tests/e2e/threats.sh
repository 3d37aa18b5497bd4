#!/bin/sh
# Rows of the table of threats that only whole programs can show, each by its number.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

ours=$work/ours
make_bureau "$ours"
case=$(take_case "$ours" star-bridge)
number=$(issue_case "$ours" "$case")
publish "$ours"
pdf=$ours/issued/$number.pdf
code=$(code_text "$ours" "$number")

# exits STATUS COMMAND...
exits() {
	want=$1
	shift
	got=0
	"$@" >"$work/out" 2>&1 || got=$?
	[ "$got" -eq "$want" ] || fail "exit $got, want $want: $*: $(cat "$work/out")"
}

step "threat 4: nobody signs a page that somebody brings"
exits 65 "$BIN/qualcert" -C "$ours" sign "$pdf" --key "$ours/officers/yin.pem" \
	--passphrase-file "$ours/officers/passphrase" --yes

step "threat 6, 7: a code answers with what it says and asks for a comparison with the paper"
exits 0 "$BIN/qualverify" --bureau "$ours" --lang en "$code"
grep -q 'Now compare it with the paper' "$work/out" || fail "nothing is asked to be compared"
grep -q '示例星桥信息技术有限公司' "$work/out" || fail "the holder in the code is not shown"
exits 1 "$BIN/qualverify" --bureau "$ours" --holder 91999902MADEM002X6 "$code"

step "threat 17, 18: without fresh status nothing is good news"
cp -R "$ours/public" "$work/silenced"
rm -rf "$work/silenced/v1/snapshot" "$work/silenced/v1/status"
exits 2 "$BIN/qualverify" --root "$ours/root.cose" --public "$work/silenced" "$pdf"

step "threat 24, 45: what listens reads only, and speaks no TLS of its own"
for program in qualcert qualkey qualverify; do
	if nm -D --undefined-only "$BIN/$program" | grep -wE 'listen|accept|accept4'; then
		fail "$program can listen"
	fi
done
if nm "$BIN/qualverifyd" | grep -E ' [Tt] (signer_|seal_make|credential_sign|registry_append)'; then
	fail "qualverifyd can sign or record"
fi
if nm -D --undefined-only "$BIN/qualverifyd" | grep -E ' U (SSL_|gnutls_)'; then
	fail "qualverifyd speaks TLS"
fi

step "threat 32: everybody who hands in an application at the same moment gets a case of his own"
for clerk in 1 2 3 4 5 6 7 8 9 10 11 12; do
	"$BIN/qualcert" -C "$ours" --as an --passphrase-file "$ours/officers/passphrase" --yes --lang en \
		case submit "$EXAMPLES/cloud-sail.json" >"$work/case-$clerk" 2>&1 &
done
wait
[ "$(cat "$work"/case-* | grep '^C-' | sort -u | wc -l)" -eq 12 ] || fail "not 12 cases: $(cat "$work"/case-*)"

step "threat 29: a clerk is asked for his passphrase while another dies who took the same case number"
need_release
mkfifo "$work/passphrase"
"$BIN/qualcert" -C "$ours" --as an --passphrase-fd 0 --yes --lang en case submit "$EXAMPLES/cloud-sail.json" \
	<"$work/passphrase" >"$work/asked" 2>&1 &
asked=$!
started="$started $asked"
exec 4>"$work/passphrase"
until grep -q pipe_read "/proc/$asked/wchan"; do
	sleep 0.1
done
# The second copy has his act, the database not yet.
exits 137 strace -f -qq -o "$work/strace" -P "$ours/registry.db-wal" -e trace=pwrite64 -e inject=pwrite64:signal=KILL:when=1 \
	"$RELEASE/qualcert" -C "$ours" --as an --passphrase-file "$ours/officers/passphrase" --yes --lang en \
	case submit "$EXAMPLES/cloud-sail.json"
echo "$DEMO_PASSPHRASE" >&4
exec 4>&-
wait "$asked" || fail "the other clerk could not go on: $(cat "$work/asked")"
started=
[ "$("$BIN/qualcert" -C "$ours" --lang en case list | grep -c '^ *C-')" -eq 15 ] || fail "not 15 cases"

step "threat 47: one bad file changes its own line only"
head -c 1000 "$pdf" >"$work/cut.pdf"
: >"$work/empty.pdf"
for bad in 1:cut 65:empty; do
	exits "${bad%%:*}" "$BIN/qualverify" --bureau "$ours" --lang en "$pdf" "$work/${bad#*:}.pdf" "$pdf"
	[ "$(grep -c '^TEST VALID' "$work/out")" -eq 2 ] || fail "${bad#*:}.pdf changed other lines: $(cat "$work/out")"
done
exits 66 "$BIN/qualverify" --bureau "$ours" --lang en "$pdf" "$work/missing.pdf" "$pdf"
[ "$(grep -c '^TEST VALID' "$work/out")" -eq 2 ] || fail "a missing file stopped the others: $(cat "$work/out")"

step "threat 50: one exit status and one machine word for each answer"
exits 0 "$BIN/qualverify" -q --bureau "$ours" "$pdf"
exits 1 "$BIN/qualverify" -q --bureau "$ours" "$work/cut.pdf"
exits 64 "$BIN/qualverify" --bureau "$ours"
exits 64 "$BIN/qualverify" --frobnicate
exits 0 "$BIN/qualverify" --json --bureau "$ours" "$pdf"
grep -q '"verdict":"valid"' "$work/out" || fail "no machine word: $(cat "$work/out")"
