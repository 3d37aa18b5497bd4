#!/bin/sh
# Every verdict a third party can get, from the files a bureau hands out, by exit status, machine word, finding and
# the first words in both languages (threat 50). Where somebody cheats, it is by the means that somebody would have.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

ours=$work/ours
public=$ours/public

code_of() {
	/usr/bin/python3 "$here/code.py" v.example "$1"
}

# all_forms WORD REASON ARGUMENT...: file, credential and code of $number in $of get the same verdict. REASON may be
# FILE:OTHERS, since of a file it is also asked whether it is the very one.
all_forms() {
	word=$1
	reasons=$2
	shift 2
	verdict "$word" "${reasons%:*}" "$@" "$of/issued/$number.pdf"
	verdict "$word" "${reasons#*:}" "$@" "$of/issued/$number.cose"
	verdict "$word" "${reasons#*:}" "$@" "$(code_of "$of/issued/$number.cose")"
}

make_bureau "$ours"
of=$ours
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
pdf=$ours/issued/$number.pdf
sleep 2
publish "$ours"

step "as issued"
all_forms valid null --bureau "$ours"
verdict valid null --root "$ours/root.cose" --public "$public" "$pdf"
verdict valid null --bureau "$ours" --holder 91999901MADEM00110 --grade A --scope software "$pdf"

step "a code says that it can be copied, and whose it is (threat 7)"
verdict valid null --bureau "$ours" "$(code_of "${pdf%.pdf}.cose")"
grep -q 'Now compare it with the paper' "$work/verdict.en" || fail "$(cat "$work/verdict.en")"
grep -q '请与纸面逐项核对' "$work/verdict.zh" || fail "$(cat "$work/verdict.zh")"
grep -q '示例星桥信息技术有限公司 .*\[ \]' "$work/verdict.en" || fail "$(cat "$work/verdict.en")"

step "not what is asked for"
all_forms rejected FIT-HOLDER --bureau "$ours" --holder 91999902MADEM002X6
verdict rejected FIT-SCOPE --bureau "$ours" --scope security-monitoring "$pdf"
verdict rejected DATE-NOT-YET --bureau "$ours" --at 2026-01-01 "$pdf"

step "without data, or with data that are too old: never a yes (threats 17, 18)"
mkdir "$work/empty"
test=false
all_forms undetermined KEY-UNKNOWN-HERE --root "$ours/root.cose" --public "$work/empty"
test=true
cp -a "$public" "$work/trust-only"
rm "$work/trust-only/v1/snapshot"
all_forms undetermined STATUS-MISSING --root "$ours/root.cose" --public "$work/trust-only"
later +8d all_forms undetermined STATUS-STALE --bureau "$ours"
later -2h all_forms undetermined CLOCK-BACK --bureau "$ours"
later +8d verdict undetermined STATUS-STALE --bureau "$ours" --at "$(today)" "$pdf"
# Old data know what was recorded before the second they were made in.
then=$(TZ=UTC-8 date -d "$(field "$work/verdict.json" data.made) - 1 second" +%FT%T+08:00)
later +8d verdict valid null --bureau "$ours" --at "$then" --known "$then" "$pdf"
later +8d verdict rejected DATE-NOT-YET --bureau "$ours" --at 2026-01-01 --known "$then" "$pdf"
verdict undetermined DATE-AFTER-DATA --bureau "$ours" --at "$(TZ=UTC-8 date -d '+20 days' +%F)" "$pdf"

step "suspended, with what that permits; lifted; revoked"
cp -a "$public" "$work/before-suspension"
suspend_licence "$ours" "$number"
all_forms rejected STATUS-SUSPENDED --bureau "$ours"
effects=$(field "$work/verdict.json" status.effects.new_work status.effects.existing_work | tr '\n' ',')
[ "$effects" = "no,under supervision," ] || fail "a suspension permits: $effects"
grep -q 'finishing existing work: under supervision' "$work/verdict.en" || fail "$(cat "$work/verdict.en")"
grep -q '完成已签项目：须在监督下进行' "$work/verdict.zh" || fail "$(cat "$work/verdict.zh")"
verdict valid null --bureau "$ours" --for existing "$pdf"
grep -q 'Genuine, but suspended; existing work may be finished on' "$work/verdict.en" || fail "$(cat "$work/verdict.en")"
grep -q '资质暂停中' "$work/verdict.zh" || fail "$(cat "$work/verdict.zh")"
"$BIN/qualverify" --bureau "$ours" --for existing --lang en "$pdf" "$pdf" >"$work/two"
grep -q '(suspended: existing work' "$work/two" || fail "$(cat "$work/two")"
grep -q '^for existing work on ' "$work/two" || fail "$(cat "$work/two")"

step "a newer status token alone may say no, and an older snapshot takes nothing back (threats 19, 20)"
cp -a "$work/before-suspension" "$work/token-newer"
rm -rf "$work/token-newer/v1/status"
cp -a "$public/v1/status" "$work/token-newer/v1/"
verdict rejected STATUS-SUSPENDED --root "$ours/root.cose" --public "$work/token-newer" "$pdf"
rm -rf "$XDG_STATE_HOME"
remembered() {
	status=0
	"$BIN/qualverify" --root "$ours/root.cose" --public "$1" --json "$pdf" >"$work/remembered" || status=$?
	[ "$status" -eq "$2" ] || fail "with $1 after newer files: $(cat "$work/remembered")"
}
remembered "$public" 1
remembered "$work/before-suspension" 2
verdict valid null --root "$ours/root.cose" --public "$work/before-suspension" "$pdf" # who never saw the newer ones

lift_licence "$ours" "$number"
all_forms valid null --bureau "$ours"
revoke_licence "$ours" "$number"
all_forms rejected STATUS-REVOKED --bureau "$ours"
verdict rejected STATUS-REVOKED --bureau "$ours" --for existing "$pdf"

step "made after the data held here"
cp -a "$public" "$work/older"
number=$(issue_case "$ours" "$(take_case "$ours" cloud-sail)")
pdf=$ours/issued/$number.pdf
sleep 2 # data of the second of its issue are no younger than it
publish "$ours"
all_forms valid null --bureau "$ours"
all_forms undetermined REGISTRY-PENDING --root "$ours/root.cose" --public "$work/older"

step "another bureau's: a seal certificate and a key that are not listed (threat 16)"
theirs=$work/theirs
make_bureau "$theirs"
of=$theirs
ours_number=$number
number=$(issue_case "$theirs" "$(take_case "$theirs" star-bridge)")
publish "$theirs"
all_forms valid null --bureau "$theirs"
all_forms rejected SEAL-UNLISTED:KEY-UNKNOWN --bureau "$ours"
later +8d all_forms undetermined KEY-UNKNOWN-HERE --bureau "$ours"
number=$ours_number
of=$ours

step "signed and sealed with every key of the bureau, stolen, but not in its register"
cp -a "$ours" "$work/thief"
of=$work/thief
number=$(issue_case "$work/thief" "$(take_case "$work/thief" rare-hanzi)")
all_forms undetermined REGISTRY-PENDING --bureau "$ours"
cp -a "$ours" "$work/two-hours-on"
later +2h publish "$work/two-hours-on"
later +2h all_forms rejected REGISTRY-UNKNOWN --bureau "$work/two-hours-on"
/usr/bin/python3 "$here/forge.py" "$ours/issued/$ours_number.cose" "$ours/keys/credential.pem" "$ours/keys/passphrase" >"$work/forged.cose"
verdict rejected APPROVAL-BAD --bureau "$ours" "$work/forged.cose"
verdict rejected REGISTRY-UNKNOWN --bureau "$ours" "$(code_of "$work/forged.cose")"
number=$ours_number

step "no longer the file that was sealed (threats 2, 4, 6)"
pdftocairo -pdf "$pdf" "$work/printed.pdf"
verdict rejected FILE-NO-SEAL --bureau "$ours" "$work/printed.pdf"
cp "$pdf" "$work/added.pdf"
printf '\n%%%%EOF\n' >>"$work/added.pdf"
verdict rejected FILE-CHANGED --bureau "$ours" "$work/added.pdf"
head -c -1 "$pdf" >"$work/cut.pdf"
verdict rejected FILE-CHANGED --bureau "$ours" "$work/cut.pdf"
qpdf --linearize "$pdf" "$work/rewritten.pdf"
verdict rejected FILE-FORM --bureau "$ours" "$work/rewritten.pdf"
mutool clean "$pdf" "$work/cleaned.pdf" 2>/dev/null
verdict rejected FILE-FORM --bureau "$ours" "$work/cleaned.pdf"
/usr/bin/python3 "$here/exchange.py" "$pdf" "$work/forged.cose" >"$work/exchanged.pdf"
verdict rejected FILE-CHANGED --bureau "$ours" "$work/exchanged.pdf"
cp "$theirs"/issued/*.pdf "$work/"
printf 'hello\n' >"$work/letter"
verdict rejected FORMAT-NOT-OURS --bureau "$ours" "$work/letter"

step "any one byte"
code_of "$ours/issued/$number.cose" | tr -d '\n' >"$work/code"
"$BIN/any_byte" "$ours/root.cose" "$public" "$pdf" "$ours/issued/$number.cose" "$work/code"

step "many at once: each is answered, the worst of them is the exit status (threat 47)"
many() {
	want=$1
	shift
	status=0
	"$BIN/qualverify" --bureau "$ours" --lang en "$@" >"$work/many" 2>"$work/many.err" || status=$?
	[ "$status" -eq "$want" ] || fail "many $*: $status, not $want: $(cat "$work/many" "$work/many.err")"
}
many 0 "$pdf" "$ours/issued/$number.cose"
grep -q '^2 files: 2 VALID' "$work/many" || fail "$(cat "$work/many")"
many 1 "$pdf" "$work/added.pdf" "$work/thief/issued"/*.pdf
many 2 "$pdf" "$work/thief/issued"/JC-B*.pdf
many 66 "$pdf" "$work/nothing.pdf" "$work/added.pdf"
grep -q '^NOT VALID *.*added.pdf\|^TEST NOT VALID *.*added.pdf' "$work/many" || fail "the last of them got no answer: $(cat "$work/many")"

step "an answer that could not be written is no answer (threat 50)"
status=0
"$BIN/qualverify" --bureau "$ours" "$pdf" >/dev/full 2>/dev/null || status=$?
[ "$status" -ge 64 ] || fail "nothing was printed, and the exit status is $status"
