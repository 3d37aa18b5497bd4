#!/bin/sh
# The life of applications beside the straight road, as officers and time make it: corrections, silence, a visit that is
# ordered again because somebody is out, a review that is stopped, terminated, refused; the bar it leaves behind, and the
# applicant back after it; licences renewed and added to.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

# Somebody to stand in for an examiner and an official who are out.
standard_officers() {
	cat <<'END'
an 安理 An_Li accept
shen 审细 Shen_Xi examine
qiu 邱真 Qiu_Zhen examine
shi 实察 Shi_Cha inspect
xiang 项真 Xiang_Zhen inspect
jie 解明 Jie_Ming inspect
guan 关定 Guan_Ding decide
bi 毕准 Bi_Zhun approve
yin 印实 Yin_Shi issue
fu 傅核 Fu_He countersign
chang 常督 Chang_Du sanction
END
}

ours=$work/ours
day=0 # since the beginning

# me OFFICER COMMAND...: today, by the released programs with their clock moved.
me() {
	officer=$1
	shift
	later "+${day}d" as "$ours" "$officer" "$@"
}

reads() {
	later "+${day}d" "$RELEASE/qualcert" -C "$ours" --lang en "$@"
}

# today_is DAY: no earlier than it was; the register's clock never goes back.
today_is() {
	[ "$1" -ge "$day" ] || fail "the clock goes back"
	day=$1
}

# day_in N: the date so many days from today
day_in() {
	TZ=UTC-8 date -d "$((day + $1)) days" +%F
}

# stage CASE WORD: where it stands
stage() {
	reads case show "$1" --json >"$work/case.json"
	[ "$(field "$work/case.json" stage)" = "$2" ] || fail "$1 is $(field "$work/case.json" stage), not $2"
	reads case list | grep -q "^$1 .* $(echo "$2" | tr - ' ')" || fail "the list has $1 elsewhere: $(reads case list)"
}

# says WORDS: what case show CASE said last has them
says() {
	reads case show "$1" >"$work/shown"
	grep -qF -- "$2" "$work/shown" || fail "case show $1 does not say \"$2\": $(cat "$work/shown")"
}

# paper EXAMPLE FILE CHANGE: an example's paper with a change in Python, of which p is the paper
paper() {
	/usr/bin/python3 -c '
import json, sys
p = json.load(open(sys.argv[1], encoding="utf-8"))
exec(sys.argv[3])
json.dump(p, open(sys.argv[2], "w", encoding="utf-8"), ensure_ascii=False)' "$EXAMPLES/$1.json" "$work/$2" "$3"
}

approved() {
	quietly me bi approve "$(proposed "$1")"
}

examine() {
	quietly me "$1" case examine "$2" "$EXAMPLES/$3-examination.json"
}

# visit CASE A B: ordered for today
visit() {
	quietly me an case schedule "$1" --team "$2,$3" --visit "$(day_in 0)" --document "示例审〔2026〕$1"
}

inspect() {
	quietly me "$1" case inspect "$2" "$3"
}

notice() (
	verb=$1
	case_id=$2
	shift 2
	quietly me an case "$verb" "$case_id" --document "示例〔2026〕1号" "$@"
)

need_release
make_bureau "$ours"

step "corrections, asked for once"
one=$(me an case submit "$EXAMPLES/star-bridge.json")
says "$one" "Accepted by silence if nobody answers by"
refused ACT-07 me an case amend "$one" "$EXAMPLES/star-bridge.json"
notice ask "$one" "章程未在登记机关备案" "租赁合同不足三年"
stage "$one" corrections-asked-for
says "$one" "Abandoned if it is not amended by"
refused ACT-07 me an case accept "$one" --document "示例受〔2026〕1号"
today_is 3
paper star-bridge fewer.json 'p["qualification"]["scopes"] = ["integration"]'
refused CLM-01 me an case amend "$one" "$EXAMPLES/cloud-sail.json"
quietly me an case amend "$one" "$work/fewer.json"
stage "$one" submitted
reads case list | grep -q "^$one .* submitted until ... $(day_in 5)$" || fail "until when: $(reads case list)"
refused ACT-07 me an case ask "$one" "还有一处" --document "示例补〔2026〕2号"

step "silence accepts it"
today_is 8
stage "$one" submitted
today_is 9
stage "$one" accepted
says "$one" "Accepted by silence at the end of"
refused ACT-07 me an case accept "$one" --document "示例受〔2026〕1号"
refused ACT-07 me an case decline "$one" --ground DCL-01 --document "示例〔2026〕1号" --reason "不属于受理范围"

step "a team without those who are out"
refused ACT-07 me an case schedule "$one" --team shi,xiang --visit "$(day_in 0)" --document "示例审〔2026〕1号"
examine shen "$one" star-bridge
refused SEP-08 me an case schedule "$one" --team shi,shen --visit "$(day_in 0)" --document "示例审〔2026〕1号"
visit "$one" shi xiang
says "$one" "stands still until the report is signed"
says "$one" "Shi Cha, Xiang Zhen"
quietly me shi case recuse "$one" --reason "与申请单位有利害关系"
stage "$one" examined
says "$one" "Recused: Shi Cha"
refused SEP-08 me an case schedule "$one" --team shi,jie --visit "$(day_in 0)" --document "示例审〔2026〕2号"
visit "$one" xiang jie
refused SEP-07 me shi case inspect "$one" "$EXAMPLES/star-bridge-inspection.json"
inspect xiang "$one" "$EXAMPLES/star-bridge-inspection.json"
refused SEP-07 me jie case recuse "$one" --person xiang --reason "另有隐情"
inspect jie "$one" "$EXAMPLES/star-bridge-inspection.json"
stage "$one" inspected

step "an examiner who should not have been one"
refused SEP-07 me guan case recuse "$one" --person shen --reason "曾任职于申请单位"
quietly me chang case recuse "$one" --person shen --reason "曾任职于申请单位"
stage "$one" accepted
refused SEP-07 me shen case examine "$one" "$EXAMPLES/star-bridge-examination.json"
examine qiu "$one" star-bridge
stage "$one" inspected

step "what is granted is what was amended"
approved "$(me guan case decide "$one" --grant --document "示例决〔2026〕1号")"
number=$(issued "$(me fu approve "$(proposed "$(me yin issue "$one")")")")
reads show "$number" >"$work/shown"
grep -q 'Scopes *overall integration$' "$work/shown" || fail "scopes: $(cat "$work/shown")"
notice deliver "$one"
stage "$one" delivered
refused ACT-07 me an case file "$one" --document "示例备〔2026〕1号"

step "a review that is stopped, terminated and refused"
two=$(me an case submit "$EXAMPLES/cloud-sail.json")
notice accept "$two"
examine shen "$two" cloud-sail
approved "$(me guan case prolong "$two" --document "示例延〔2026〕1号" --reason "专家评审未完成")"
refused ACT-07 me guan case prolong "$two" --document "示例延〔2026〕2号" --reason "专家评审未完成"
visit "$two" shi xiang
paper cloud-sail-inspection stopped.json 'p["scoring"]["basic"][3].update(result="fail", note="与互联网相连")'
paper cloud-sail-inspection other.json 'p["scoring"]["scheme"] = "0" * 64'
paper cloud-sail-inspection silent.json 'p["scoring"]["items"][0].update(points=1)'
refused REV-09 me shi case inspect "$two" "$work/other.json"
refused REV-11 me shi case inspect "$two" "$work/silent.json"
inspect shi "$two" "$work/stopped.json"
inspect xiang "$two" "$work/stopped.json"
stage "$two" inspection-stopped
refused CAS-01 me guan case terminate "$two" --ground DCL-01 --document "示例终〔2026〕1号" --reason "基本项不合格"
approved "$(me guan case terminate "$two" --ground TER-04 --document "示例终〔2026〕1号" --reason "基本项不合格")"
stage "$two" terminated
refused ACT-07 me guan case decide "$two" --grant --document "示例决〔2026〕2号"
approved "$(me guan case decide "$two" --refuse --document "示例决〔2026〕2号" --reason "基本项不合格")"
stage "$two" refused

step "the bar it leaves behind"
until=$(TZ=UTC-8 date -d "$(day_in 0) +3 months" +%F)
status=0
reads case check "$EXAMPLES/cloud-sail.json" >"$work/checked" || status=$?
[ "$status" -eq 1 ] || fail "fit to be submitted: $(cat "$work/checked")"
grep -q "BAR-01" "$work/checked" || fail "the bar is not named: $(cat "$work/checked")"
grep -qF "may not apply again before $until: " "$work/checked" || fail "until when: $(cat "$work/checked")"
refused BAR-01 me an case submit "$EXAMPLES/cloud-sail.json"

step "declined, retracted, abandoned"
three=$(me an case submit "$EXAMPLES/rare-hanzi.json")
refused CAS-01 me an case decline "$three" --ground TER-01 --document "示例〔2026〕1号" --reason "不属于受理范围"
notice decline "$three" --ground DCL-01 --reason "不属于受理范围"
stage "$three" not-accepted
four=$(me an case submit "$EXAMPLES/rare-hanzi.json")
notice accept "$four"
notice retract "$four"
stage "$four" retracted
five=$(me an case submit "$EXAMPLES/rare-hanzi.json")
notice ask "$five" "合同清单未盖章"
six=$(me an case submit "$EXAMPLES/rare-hanzi.json")
notice accept "$six"
today_is 24
stage "$five" corrections-asked-for
today_is 25
stage "$five" abandoned
refused ACT-07 me an case amend "$five" "$EXAMPLES/rare-hanzi.json"

step "nobody decides: who supervises is told"
reads health >"$work/health" || : # nothing was published meanwhile
grep -q 'overdue' "$work/health" && fail "overdue too early: $(cat "$work/health")"
today_is 60
reads --as chang inbox >"$work/inbox"
grep -A 9 "^OVERDUE" "$work/inbox" | grep -q "$six" || fail "the supervisor's inbox: $(cat "$work/inbox")"
reads health >"$work/health" || : # nothing was published meanwhile
grep -q "overdue *$six: examine was due .*; by Shen Xi or Qiu Zhen" "$work/health" || fail "health: $(cat "$work/health")"
approved "$(me guan case terminate "$six" --ground TER-01 --document "示例终〔2026〕3号" --reason "社保证明系伪造")"
reads case check "$EXAMPLES/rare-hanzi.json" >"$work/checked" || :
grep -qF "before $(TZ=UTC-8 date -d "$(day_in 0) +12 months" +%F): TER-01" "$work/checked" || fail "$(cat "$work/checked")"

step "back after the bar, and on to a certificate of Grade B that is filed"
today_is 130
seven=$(me an case submit "$EXAMPLES/cloud-sail.json")
notice accept "$seven"
examine shen "$seven" cloud-sail
visit "$seven" shi xiang
inspect shi "$seven" "$EXAMPLES/cloud-sail-inspection.json"
inspect xiang "$seven" "$EXAMPLES/cloud-sail-inspection.json"
approved "$(me guan case decide "$seven" --grant --document "示例决〔2026〕7号")"
second=$(issued "$(me fu approve "$(proposed "$(me yin issue "$seven")")")")
notice deliver "$seven"
stage "$seven" delivered
notice file "$seven"
stage "$seven" filed

step "applications about a licence"
# about EXAMPLE TYPE NUMBER CHANGE: what case check says of it
about() {
	paper "$1" about.json "p[\"type\"] = \"$2\"; p[\"of\"] = \"$3\"; $4"
	reads case check "$work/about.json" || :
}
about star-bridge renewal "$number" '' | grep -q '^fit to be submitted' || fail "a renewal is not fit: $(about star-bridge renewal "$number" '')"
about star-bridge renewal "$second" '' | grep -q 'TYP-01' || fail "a renewal of another's licence"
about cloud-sail scope-addition "$second" '' | grep -q 'TYP-01' || fail "an addition of nothing"
about cloud-sail scope-addition "$second" 'p["qualification"]["scopes"].append("supervision")' |
	grep -q '^fit to be submitted' || fail "an addition is not fit: $(cat "$work/about.json")"
about cloud-sail upgrade "$second" '' | grep -q 'TYP-01' || fail "an upgrade to the same grade"
paper star-bridge renewal.json "p[\"type\"] = \"renewal\"; p[\"of\"] = \"$number\""
eight=$(me an case submit "$work/renewal.json")
says "$eight" "renewal $number"
refused TYP-01 me an case submit "$work/about.json"
suspend_second() {
	later "+${day}d" sanction "$ours" suspend "$second" --ground SUS-05 --document "示例暂〔2026〕7号" --from "$(day_in 0)" --months 6
}
suspend_second
about cloud-sail scope-addition "$second" 'p["qualification"]["scopes"].append("supervision")' | grep -q 'TYP-01' ||
	fail "an addition to a suspended licence"

reads audit >"$work/audit" || fail "$(cat "$work/audit")"
reads registry rebuild >/dev/null
reads audit >"$work/audit" || fail "$(cat "$work/audit")"
