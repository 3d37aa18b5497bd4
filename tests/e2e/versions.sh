#!/bin/sh
# A certificate and those that follow it: lost, misprinted, under another name, with fewer scopes, of a lower grade. Every
# version gets its own verdict, offline from the snapshot and from the daemon beside the register, before the order's day
# and from it on, and an older one never tells what the newer one says.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"
need_release
BIN=$RELEASE # strace and another clock do not get along with the leak checker

bureau=$work/bureau
uscc=91999901MADEM00110
new_name=示例新桥科技有限公司

# The day after so many, as people write it.
day() {
	TZ=UTC-8 date -d "+$1 days" +%F
}

# What follows happens ten days after the first certificates were issued.
then_() {
	later +10d "$@"
}

# propose VERB NUMBER OPTION...: from the day $from on; prints the sitting's ID.
from=$(day 8)
propose() (
	verb=$1
	number=$2
	shift 2
	answer=$(then_ as "$bureau" yin "$verb" "$number" --document "示例换〔2026〕1号" --from "$from" "$@") || exit 1
	proposed "$answer"
)

# follow VERB NUMBER OPTION...: proposed, approved, published; prints what was issued.
follow() (
	sitting=$(propose "$@") || exit 1
	answer=$(then_ as "$bureau" fu approve "$sitting") || exit 1
	then_ publish "$bureau"
	issued "$answer"
)

# change NUMBER GROUND SED: a paper to be filled in, filled in by sed.
change() (
	"$BIN/qualcert" -C "$bureau" case template change "$1" --ground "$2" | sed "$3" >"$work/change.json"
	echo "$work/change.json"
)

# says WORD REASON FILE [DAY]: so says qualverify from the files, and the daemon.
says() {
	word=$1
	reason=$2
	file=$bureau/issued/$3.pdf
	then_ verdict "$word" "$reason" --bureau "$bureau" ${4:+--at "$4"} "$file"
	for _ in $(seq 50); do # it follows the files, but not in the same moment
		ask 200 application/json --data-binary "@$file" -H 'Content-Type: application/pdf' "$site/v1/verify${4:+?at=$4}"
		if (told "$word" "$reason") 2>/dev/null; then
			return
		fi
		sleep 0.1
	done
	told "$word" "$reason"
}

# The older version before the day and from it on; the newer one always.
changes_hands() {
	older=$1
	newer=$2
	says valid null "$older" "$(day 7)"
	says rejected STATUS-REPLACED "$older" "$(day 8)"
	says rejected STATUS-REPLACED "$older"
	[ "$(field "$work/verdict.json" status.replaced_by)" = "${newer##*.v}" ] || fail "$(cat "$work/verdict.json")"
	grep -q "replaced by version ${newer##*.v}" "$work/verdict.en" || fail "$(cat "$work/verdict.en")"
	grep -q "已被第 ${newer##*.v} 版替代" "$work/verdict.zh" || fail "$(cat "$work/verdict.zh")"
	says valid null "$newer" "$(day 7)"
	says valid null "$newer"
}

clean() {
	then_ "$BIN/qualcert" -C "$bureau" audit >"$work/audit" || fail "$(cat "$work/audit")"
	grep -q '^CLEAN' "$work/audit" || fail "$(cat "$work/audit")"
}

make_bureau "$bureau"
certificate() {
	issue_case "$bureau" "$(take_case "$bureau" star-bridge)"
}
lost=$(certificate)
misprinted=$(certificate)
renamed=$(certificate)
reduced=$(certificate)
lowered=$(certificate)
then_ publish "$bureau"
export XDG_STATE_HOME="$work/daemon" # each verdict forgets what the others remembered
then_ start beside --bureau "$bureau"
export XDG_STATE_HOME="$work/state"
says valid null "$lost"

step "lost: void from its day on; and once more, on the day it was made"
[ "$(follow reissue "$lost" --ground LOS-01)" = "$lost v2" ] || fail "not issued as version 2"
changes_hands "$lost" "$lost.v2"
refused DAT-01 propose reissue "$lost" --ground LOS-02 # it was not there yet
from=$(day 10)
[ "$(follow reissue "$lost" --ground LOS-02)" = "$lost v3" ] || fail "not issued as version 3"
says valid null "$lost.v2" "$(day 9)"
says rejected STATUS-REPLACED "$lost.v2"
says rejected STATUS-REPLACED "$lost"
says valid null "$lost.v3"
from=$(day 8)

step "misprinted, and its address put right"
follow reissue "$misprinted" --ground MIS-01 --change \
	"$(change "$misprinted" MIS-01 '/legal_representative/d; s/"registered_address": ""/"registered_address": "示例省示范市新桥路2号"/')" >"$work/out"
[ "$(cat "$work/out")" = "$misprinted v2" ] || fail "$(cat "$work/out")"
changes_hands "$misprinted" "$misprinted.v2"
quietly pdftotext "$bureau/issued/$misprinted.v2.pdf" "$work/page"
quietly /usr/bin/python3 "$here/face.py" "$bureau/issued/$misprinted.v2.cose" "$work/page"
grep -q '新桥路2号' "$work/page" || fail "the page has another address: $(cat "$work/page")"
grep -q 'Version 2' "$work/page" || fail "the page does not say its version: $(cat "$work/page")"

step "another name, which the older one never tells"
paper=$(change "$renamed" CHG-01 "s/\"zh\": \"\",/\"zh\": \"$new_name\"/; /\"en\"/d")
follow reissue "$renamed" --ground CHG-01 --change "$paper" >"$work/out"
changes_hands "$renamed" "$renamed.v2"
grep -q "$new_name" "$work/verdict.zh" || fail "the newer one does not say its name"
says rejected STATUS-REPLACED "$renamed"
if grep -q "$new_name" "$work/verdict.json" "$work/verdict.zh" "$work/verdict.en" "$work/body"; then
	fail "the older one tells the newer name"
fi
then_ verdict valid null --bureau "$bureau" --holder "$uscc" "$bureau/issued/$renamed.v2.pdf"

step "fewer scopes"
paper=$(change "$reduced" CHG-04 's/^    ""$/    "software"/')
follow reissue "$reduced" --ground CHG-04 --change "$paper" >"$work/out"
changes_hands "$reduced" "$reduced.v2"
then_ verdict rejected FIT-SCOPE --bureau "$bureau" --scope integration "$bureau/issued/$reduced.v2.pdf"
then_ verdict valid null --bureau "$bureau" --scope software "$bureau/issued/$reduced.v2.pdf"
refused ALT-03 propose reissue "$reduced" --ground CHG-04 --change "$paper"

step "a lower grade, under a number of its own"
grade_b=$(follow regrade "$lowered" --ground DWN-01)
case $grade_b in
JC-B-*) ;;
*) fail "issued: $grade_b" ;;
esac
says valid null "$lowered" "$(day 7)"
says rejected STATUS-ENDED "$lowered" "$(day 8)"
says rejected DATE-NOT-YET "$grade_b" "$(day 7)"
says valid null "$grade_b" "$(day 8)"
says valid null "$grade_b"
then_ verdict rejected FIT-GRADE --bureau "$bureau" --grade A "$bureau/issued/$grade_b.pdf"
refused LIC-01 propose reissue "$lowered" --ground LOS-01

# about TYPE NUMBER SED: an application about a licence, granted; prints the case.
about() (
	mkdir -p "$work/examples"
	for paper in "$EXAMPLES"/star-bridge*.json; do
		sed "s/\"type\": \"new\"/\"type\": \"$1\", \"of\": \"$2\"/; $3" "$paper" >"$work/examples/${paper##*/}"
	done
	EXAMPLES=$work/examples
	then_ take_case "$bureau" star-bridge
)

# grant VERB WORD: proposed by it, approved, published; prints what was issued.
grant() (
	answer=$(then_ as "$bureau" yin "$@") || exit 1
	answer=$(then_ as "$bureau" fu approve "$(proposed "$answer")") || exit 1
	then_ publish "$bureau"
	issued "$answer"
)

step "renewed: a number of its own, from when the licence ends"
about renewal "$misprinted" "" >"$work/case"
renewal=$(grant renew "$misprinted")
says valid null "$misprinted.v2"
says rejected DATE-NOT-YET "$renewal"
end=$(field "$work/verdict.json" certificate.first_day)
[ "$end" = "$(TZ=UTC-8 date -d "$(day 0) + 5 years" +%F)" ] || fail "begins on $end: $(cat "$work/verdict.json")"

step "Grade A again, in the place of Grade B"
upgrade=$(grant issue "$(about upgrade "$grade_b" "")")
says valid null "$grade_b" "$(day 9)"
says rejected STATUS-ENDED "$grade_b"
says valid null "$upgrade"

step "further scopes: the next version"
from=$(day 10)
case_id=$(about scope-addition "$reduced" "")
[ "$(grant issue "$case_id")" = "$reduced v3" ] || fail "not issued as version 3"
says valid null "$reduced.v2" "$(day 9)"
says rejected STATUS-REPLACED "$reduced.v2"
says valid null "$reduced.v3"
then_ verdict valid null --bureau "$bureau" --scope integration "$bureau/issued/$reduced.v3.pdf"

step "an order reaches every version"
then_ sanction "$bureau" revoke "$lost" --ground REV-01 --document "示例吊〔2026〕1号" --from "$(day 10)"
for version in "$lost" "$lost.v2" "$lost.v3"; do
	says rejected STATUS-REVOKED "$version"
done
refused LIC-01 propose reissue "$lost" --ground LOS-01

step "signed elsewhere: the proposal and the approval as files"
then_ "$BIN/qualcert" -C "$bureau" reissue "$misprinted" --ground LOS-02 --document "示例换〔2026〕9号" --from "$(day 10)" \
	--export "$work/proposal" >"$work/out" 2>&1 || fail "$(cat "$work/out")"
elsewhere() {
	then_ "$BIN/qualcert" --lang en sign "$2" --key "$bureau/officers/$1.pem" --root "$bureau/root.cose" --yes \
		--passphrase-file "$bureau/officers/passphrase" --preview "$work/pages" >"$work/out" 2>&1 || fail "$(cat "$work/out")"
	then_ "$BIN/qualcert" -C "$bureau" record "$2.signed"
}
sitting=$(proposed "$(elsewhere yin "$work/proposal")")
grep -q 'LOS-02: certificate damaged' "$work/out" || fail "the signer is not told the ground: $(cat "$work/out")"
for page in 1 2; do
	pdftotext -raw -f $page -l $page "$work/pages/$misprinted.v3.pdf" "$work/page" || fail "no page $page to look at"
	tr -d ' \n' <"$work/page" | grep -q '^预览PREVIEW' || fail "page $page is not marked: $(cat "$work/page")"
done
looks() {
	then_ "$BIN/qualcert" -C "$bureau" --lang "$1" --as fu approve "$sitting" --dry-run --preview "$work/seen" ${2:+--json} >"$work/out" 2>"$work/err" ||
		fail "$(cat "$work/out" "$work/err")"
}
looks en
grep -q "^  pages as PDF:  $work/seen/$misprinted.v3.pdf$" "$work/err" || fail "what was drawn is not said: $(cat "$work/err")"
looks zh json
grep -q "^  证书页面（PDF）：$work/seen/$misprinted.v3.pdf$" "$work/err" || fail "what was drawn is not said: $(cat "$work/err")"
[ "$(field "$work/out" previews)" = "[\"$work/seen/$misprinted.v3.pdf\"]" ] || fail "$(cat "$work/out")"
pdftotext -raw "$work/seen/$misprinted.v3.pdf" - | tr -d " \n" | grep -q 预览 || fail "not the pages"
then_ "$BIN/qualcert" -C "$bureau" approve "$sitting" --export "$work/approval" >"$work/out" 2>&1 || fail "$(cat "$work/out")"
elsewhere fu "$work/approval" >"$work/recorded"
grep -q "^issued $misprinted v3$" "$work/recorded" || fail "$(cat "$work/recorded")"
then_ publish "$bureau"
says valid null "$misprinted.v3"

step "what the bureau's own screens say"
then_ "$BIN/qualcert" -C "$bureau" --lang en list >"$work/out"
[ "$(grep -c '^JC-' "$work/out")" -eq 8 ] || fail "not a line for each licence: $(cat "$work/out")"
then_ "$BIN/qualcert" -C "$bureau" --lang en history "$lost" >"$work/out"
grep -q "^  3  made .*; the one before is void from $(day 10)" "$work/out" || fail "$(cat "$work/out")"
then_ "$BIN/qualcert" -C "$bureau" --json show "$renamed" >"$work/out"
[ "$(field "$work/out" certificate.version certificate.holder | paste -sd ' ')" = "2 $new_name" ] || fail "$(cat "$work/out")"

step "killed between approval and names; the next command goes on"
sitting=$(from=$(day 10) propose reissue "$misprinted" --ground LOS-01)
status=0
strace -f -qq -o "$work/strace" -e trace=link,linkat -e inject=link,linkat:signal=KILL:when=1 \
	env FAKETIME=+10d LD_PRELOAD="$(faketime -f +0 printenv LD_PRELOAD)" \
	"$BIN/qualcert" -C "$bureau" --as fu --passphrase-file "$bureau/officers/passphrase" --yes \
	approve "$sitting" >"$work/out" 2>&1 || status=$?
[ "$status" -eq 137 ] || fail "not killed: $status: $(cat "$work/out")"
[ ! -e "$bureau/issued/$misprinted.v4.pdf" ] || fail "it has its name already"
[ "$(then_ as "$bureau" fu approve "$sitting")" = "issued $misprinted v4" ] || fail "the same call again"
[ "$(find "$bureau/issued" -type f | wc -l)" -eq 32 ] || fail "in issued/: $(find "$bureau/issued" -type f)"
then_ publish "$bureau"
says valid null "$misprinted.v4"

step "the audit agrees, also after all tables were computed again"
clean
then_ "$BIN/qualcert" -C "$bureau" registry rebuild >"$work/out" 2>&1 || fail "$(cat "$work/out")"
clean
