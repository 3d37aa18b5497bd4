#!/bin/sh
# Evidence: what was checked confirms the answer of then, whatever came after, and nobody's changes to it.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

ours=$work/ours
make_bureau "$ours"
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
pdf=$ours/issued/$number.pdf
cose=$ours/issued/$number.cose
sleep 2
publish "$ours"
/usr/bin/python3 "$here/code.py" v.example "$cose" >"$work/code"
cp "$pdf" "$work/added.pdf"
printf '\n%%%%EOF\n' >>"$work/added.pdf"

# keep F STATUS ARGUMENT...: qualverify --evidence F ends with that status, and F is nobody else's to read.
keep() {
	file=$1
	want=$2
	shift 2
	status=0
	"$BIN/qualverify" --lang en --bureau "$ours" --evidence "$file" "$@" >"$work/kept" 2>"$work/kept.err" || status=$?
	[ "$status" -eq "$want" ] || fail "--evidence $*: $status, not $want: $(cat "$work/kept" "$work/kept.err")"
	[ "$(stat -c %a "$file")" = 600 ] || fail "$file may be read by others"
	grep -q "SHA-256 $(sha256sum "$file" | cut -d ' ' -f 1)" "$work/kept.err" || fail "$(cat "$work/kept.err")"
}

# again STATUS ARGUMENT...: qualverify evidence ends with that status; what it says stays in $work/again{,.err}.
again() {
	want=$1
	shift
	status=0
	"$BIN/qualverify" evidence --lang en "$@" >"$work/again" 2>"$work/again.err" || status=$?
	[ "$status" -eq "$want" ] || fail "evidence $*: $status, not $want: $(cat "$work/again" "$work/again.err")"
}

# says REGEX...: what the last of them said
says() {
	for regex in "$@"; do
		grep -qe "$regex" "$work/again" "$work/again.err" || fail "no \"$regex\" in: $(cat "$work/again" "$work/again.err")"
	done
}

step "of a file, a code, a .cose file and all of them"
keep "$work/pdf.tar" 0 "$pdf"
keep "$work/code.tar" 0 "$(cat "$work/code")"
keep "$work/all.tar" 1 --grade A --at "$(today)" "$pdf" "$cose" "$(cat "$work/code")" "$work/added.pdf" "$EXAMPLES/star-bridge.json"
again 0 "$work/pdf.tar" --bureau "$ours"
says '^SAME ANSWER, THE FILE ITSELF NOT HERE' '^TEST VALID' 'the register lists exactly the file'
again 0 "$work/pdf.tar" --bureau "$ours" "$pdf"
says '^SAME ANSWER: ' '^TEST VALID'
again 0 "$work/code.tar" --bureau "$ours"
says '^SAME ANSWER: '
again 2 "$work/all.tar" --bureau "$ours"
says '^2 SAME ANSWER' '^2 NEEDS THE FILE' '^NEEDS THE FILE .*added.pdf' '^1 SAME ANSWER, THE FILE' 'FILE-CHANGED'
again 0 "$work/all.tar" --bureau "$ours" "$pdf" "$work/added.pdf" "$EXAMPLES/star-bridge.json"
says '^5 SAME ANSWER'
again 0 "$work/all.tar" --bureau "$ours" --json "$pdf" "$work/added.pdf" "$EXAMPLES/star-bridge.json"
[ "$(wc -l <"$work/again")" -eq 5 ] || fail "$(cat "$work/again")"
[ "$(sed -n 4p "$work/again" >"$work/line" && field "$work/line" outcome recorded.verdict answer.reason)" = "same
rejected
FILE-CHANGED" ] || fail "$(cat "$work/line")"

step "any tar unpacks it, and then it is a bureau's files: no PDF among them"
mkdir "$work/unpacked"
tar -xf "$work/all.tar" -C "$work/unpacked"
(cd "$work/unpacked" && sha256sum --quiet -c MANIFEST) || fail "its sums are wrong"
grep -rqa '%PDF-' "$work/unpacked" && fail "there is a PDF in it"
cmp "$cose" "$work/unpacked/inputs/1.cose" || fail "the attachment is another"
"$BIN/qualverify" -q --bureau "$work/unpacked/bureau-1" "$work/unpacked/inputs/1.cose" || fail "unpacked it verifies nothing"

step "nothing is replaced, nothing half made stays"
status=0
"$BIN/qualverify" --bureau "$ours" --evidence "$work/pdf.tar" "$pdf" >"$work/out" 2>&1 || status=$?
[ "$status" -eq 73 ] || fail "evidence took another's place: $status"
[ ! -s "$work/out" ] || grep -q 'exists already' "$work/out" || fail "$(cat "$work/out")"
status=0
"$BIN/qualverify" --bureau "$ours" --evidence "$work/none/x.tar" "$pdf" >"$work/out" 2>&1 || status=$?
[ "$status" -eq 73 ] || fail "no folder: $status"
find "$work" -maxdepth 1 -name '.qualcert-*' | grep . && fail "a temporary file was left"

step "under a root set that somebody believes, and no other"
again 78 "$work/pdf.tar"
says 'not believed here' '--fingerprint'
fingerprint=$(grep -o '[0-9a-f]\{4\}\( [0-9a-f]\{4\}\)\{15\}' "$work/again.err")
again 0 "$work/pdf.tar" --fingerprint "$fingerprint"
again 78 "$work/pdf.tar" --fingerprint "$(echo "$fingerprint" | tr 0-9 1-90)"
theirs=$work/theirs
make_bureau "$theirs"
their_number=$(issue_case "$theirs" "$(take_case "$theirs" star-bridge)")
sleep 2
publish "$theirs"
again 78 "$work/pdf.tar" --bureau "$theirs"
quietly "$BIN/qualverify" trust add "$ours/root.cose" --name ours --fingerprint "$fingerprint"
again 0 "$work/pdf.tar"

step "two bureaus side by side: who checks it again has to believe both"
their_pdf=$theirs/issued/$their_number.pdf
"$BIN/qualverify" -q --bureau "$theirs" --evidence "$work/theirs.tar" "$their_pdf" 2>/dev/null || fail "theirs is not valid"
again 78 "$work/theirs.tar"
their_fingerprint=$(grep -o '[0-9a-f]\{4\}\( [0-9a-f]\{4\}\)\{15\}' "$work/again.err")
quietly "$BIN/qualverify" trust add "$theirs/root.cose" --name theirs --fingerprint "$their_fingerprint"
quietly "$BIN/qualverify" update "$ours/public"
quietly "$BIN/qualverify" update "$theirs/public"
status=0
"$BIN/qualverify" -q --evidence "$work/both.tar" "$pdf" "$their_pdf" "$EXAMPLES/star-bridge.json" 2>/dev/null || status=$?
[ "$status" -eq 1 ] || fail "of two bureaus: $status"
again 0 "$work/both.tar" "$their_pdf" "$pdf" "$EXAMPLES/star-bridge.json"
says '^3 SAME ANSWER$' 'TEST VALID .*pdf'
quietly "$BIN/qualverify" trust remove theirs
again 78 "$work/both.tar"
again 0 "$work/both.tar" --fingerprint "$fingerprint" --fingerprint "$their_fingerprint" "$their_pdf" "$pdf" "$EXAMPLES/star-bridge.json"

step "another file than the one that was checked"
again 1 "$work/pdf.tar" "$work/added.pdf"
says 'none of the files that were checked'

step "a name steers no terminal: of a file handed in, or one that somebody wrote into evidence"
escape=$(printf '\033')
mkdir "$work/steering"
cp "$work/added.pdf" "$work/steering/${escape}[31m.pdf"
again 1 "$work/pdf.tar" "$work/steering"
says '\\u{001B}\[31m.pdf: none of'
steer() {
	/usr/bin/python3 "$here/edit_evidence.py" "$1" "$work/steering.tar" "$2" '"input": "' '"input": "\u001b[32m'
	again "$3" "$work/steering.tar"
	says '\\u{001B}\[32m'
	grep -q "$escape" "$work/again" "$work/again.err" && fail "a name reached the terminal as it was"
	rm "$work/steering.tar"
}
steer "$work/pdf.tar" answers/1.json 0
steer "$work/all.tar" answers/1.json 2
steer "$work/all.tar" answers/4.json 2

step "suspended and revoked since: the old evidence keeps the old answer, and the new one the new"
suspend_licence "$ours" "$number"
keep "$work/suspended.tar" 1 "$pdf"
lift_licence "$ours" "$number"
revoke_licence "$ours" "$number"
keep "$work/revoked.tar" 1 "$pdf"
rm -rf "$ours/public"
again 0 "$work/pdf.tar" "$pdf"
says '^TEST VALID'
again 0 "$work/suspended.tar" "$pdf"
says '^TEST NOT VALID' 'STATUS-SUSPENDED'
again 0 "$work/revoked.tar"
says '^TEST NOT VALID' 'STATUS-REVOKED'

step "ten years later"
later +3650d again 0 "$work/pdf.tar" "$pdf"
says '^SAME ANSWER: ' '^TEST VALID'

step "altered, cut short, not evidence at all"
/usr/bin/python3 "$here/edit_evidence.py" "$work/pdf.tar" "$work/lied.tar" answers/1.json '"verdict": "valid"' '"verdict": "rejected"'
again 1 "$work/lied.tar"
says '^ANOTHER ANSWER' '/verdict'
/usr/bin/python3 "$here/edit_evidence.py" "$work/revoked.tar" "$work/lied-2.tar" answers/1.json '"verdict": "rejected"' '"verdict": "valid"'
again 1 "$work/lied-2.tar"
sed 's/"verdict": "valid"/"verdict": "vaLid"/' "$work/pdf.tar" >"$work/flipped.tar"
again 65 "$work/flipped.tar"
says 'MANIFEST'
head -c 20000 "$work/pdf.tar" >"$work/cut.tar"
again 65 "$work/cut.tar"
again 65 "$pdf"
truncate -s 257M "$work/huge.tar"
again 74 "$work/huge.tar"
says 'longer than 256 MiB'
truncate -s 200M "$work/zeros.tar"
again 65 "$work/zeros.tar"

step "of a picture: the codes that were read in it, and with the picture its reading too"
need_release
pdftoppm -r 200 -png -singlefile "$theirs/issued/$their_number.pdf" "$work/scan"
kept=$BIN
BIN=$RELEASE
"$BIN/qualverify" -q --bureau "$theirs" --evidence "$work/scan.tar" "$work/scan.png" "$EXAMPLES/../../docs/certificate.png" 2>/dev/null || :
again 0 "$work/scan.tar" --bureau "$theirs"
says '^2 SAME ANSWER, THE FILE'
again 0 "$work/scan.tar" --bureau "$theirs" "$work/scan.png" "$EXAMPLES/../../docs/certificate.png"
says '^2 SAME ANSWER$'
BIN=$kept

step "a batch for a tender: folders, each bidder asked for himself"
mkdir "$work/bids"
cp "$their_pdf" "$work/bids/one.pdf"
cp "$theirs/issued/$their_number.cose" "$work/bids/two.cose"
printf 'file,holder\none.pdf,91999901MADEM00110\ntwo.cose,91999902MADEM002X6\n' >"$work/bidders.csv"
status=0
"$BIN/qualverify" -q --bureau "$theirs" --bidders "$work/bidders.csv" --evidence "$work/bids.tar" "$work/bids" 2>"$work/kept.err" || status=$?
[ "$status" -eq 1 ] || fail "the batch: $status $(cat "$work/kept.err")"
again 0 "$work/bids.tar" --bureau "$theirs" "$work/bids"
says '^2 SAME ANSWER$' 'TEST VALID' 'TEST NOT VALID'
again 73 "$work/bids.tar" --bureau "$theirs" --page "$work/none/page.html"

step "on paper: one file that needs nothing else and runs nothing"
again 2 "$work/all.tar" --page "$work/page.html"
again 73 "$work/all.tar" --page "$work/page.html"
grep -qE '<script|src=|href=|url\(' "$work/page.html" && fail "the page wants something else"
grep -q "$(sha256sum "$work/all.tar" | cut -d ' ' -f 1)" "$work/page.html" || fail "the page does not name the evidence"
grep -q "$(sha256sum "$pdf" | cut -d ' ' -f 1)" "$work/page.html" || fail "the page does not name the file"
cp "$pdf" "$work/<img src=x>&.pdf"
mv "$work/pdf.tar" "$work/old.tar"
status=0
"$BIN/qualverify" --public "$work/unpacked/bureau-1/public" --root "$ours/root.cose" --evidence "$work/named.tar" "$work/<img src=x>&.pdf" >/dev/null 2>&1 || status=$?
"$BIN/qualverify" evidence -q --lang zh "$work/named.tar" --page "$work/named.html" || fail "a strange name"
grep -q '<img' "$work/named.html" && fail "a name became markup"
grep -q '&lt;img src=x&gt;&amp;.pdf' "$work/named.html" || fail "the name is not on the page"
