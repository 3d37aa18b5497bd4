#!/bin/sh
# The whole life of licences, with the programs people use: every verb that makes no certificate, proposed by one officer
# and approved by another, and what anybody who checks is told after each publication; what does not fit is refused by its
# rule; an extension order of which the second officer leaves a line out; a bureau that is stopped and resumed.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

ours=$work/ours

chang() {
	as "$ours" chang "$@"
}

certificate() {
	issue_case "$ours" "$(take_case "$ours" "$1")"
}

# in_days N: that day at the bureau
in_days() {
	TZ=UTC-8 date -d "+$1 days" +%F
}

# order VERB NUMBER... OPTION...: proposed, approved and published.
order() {
	answer=$(chang "$@") || exit 1
	quietly as "$ours" fu approve "$(proposed "$answer")"
	publish "$ours"
}

# told NUMBER WORD REASON ARGUMENT...
told() {
	number=$1
	shift
	word=$1
	reason=$2
	shift 2
	verdict "$word" "$reason" --bureau "$ours" "$@" "$ours/issued/$number.pdf"
}

# line NUMBER ACT: the line of the newest such act in its history.
line() {
	"$BIN/qualcert" -C "$ours" history "$1" --json >"$work/history"
	/usr/bin/python3 -c '
import json, sys
print([a["line"] for a in json.load(open(sys.argv[1]))["acts"] if a["act"] == sys.argv[2]][-1])' "$work/history" "$2"
}

# stands NUMBER STATE: as its officers see it.
stands() {
	"$BIN/qualcert" -C "$ours" history "$1" --json >"$work/history"
	state=$(field "$work/history" state)
	[ "$state" = "$2" ] || fail "$1 is $state, not $2"
}

make_bureau "$ours"
one=$(certificate cloud-sail)
two=$(certificate cloud-sail)
three=$(certificate cloud-sail)
four=$(certificate cloud-sail)
five=$(certificate cloud-sail)
publish "$ours"

step "suspended, lifted, suspended, revoked, closed"
on=$(today)
order suspend "$one" --ground SUS-05 --document "示例暂〔2026〕1号" --from "$on" --months 6
told "$one" rejected STATUS-SUSPENDED
until=$(field "$work/verdict.json" status.until_at_least)
[ "$until" != null ] || fail "nobody is told how long it lasts at least"
told "$one" valid null --for existing
refused LIC-01 chang suspend "$one" --ground SUS-01 --document x --from "$on" --months 6
refused LIC-01 chang revoke "$two" --ground REV-06 --document x --from "$on"
grep -q 'REV-01' "$work/refused" || fail "the grounds that are possible are not listed"
if grep -q 'REV-05' "$work/refused"; then
	fail "a ground is listed that is not possible"
fi
refused LIC-02 chang lift "$one" --ground SUS-05 --document x --from "$on"
refused LIC-03 chang suspend "$two" --ground SUS-05 --document x --from "$on" --months 5
refused DAT-01 chang annul "$two" --ground ANN-01 --document x --from 2026-01-01
order lift "$one" --ground LIF-01 --document "示例恢〔2026〕1号" --from "$on"
told "$one" valid null
order suspend "$one" --ground SUS-01 --document "示例暂〔2026〕2号" --from "$on" --months 12
order revoke "$one" --ground REV-05 --document "示例吊〔2026〕1号" --from "$on"
told "$one" rejected STATUS-REVOKED
told "$one" rejected STATUS-REVOKED --for existing
refused LIC-01 chang lift "$one" --ground LIF-01 --document x --from "$on"
refused LIC-01 chang deregister "$one" --ground DER-03 --document x --from "$on"
"$BIN/qualcert" -C "$ours" --as chang inbox --json >"$work/inbox"
grep -q '"ground": *"DER-05"' "$work/inbox" || fail "nobody is asked to close it: $(cat "$work/inbox")"
order deregister "$one" --ground DER-05 --document "示例注〔2026〕1号" --from "$on"
told "$one" rejected STATUS-REVOKED # closing makes it nothing better
stands "$one" revoked

step "a mistaken revocation is corrected; both clocks keep it"
order revoke "$two" --ground REV-01 --document "示例吊〔2026〕2号" --from "$on"
told "$two" rejected STATUS-REVOKED
known=$(TZ=UTC-8 date +%FT%T)
sleep 2
refused LIC-04 chang correct "$two" --act 2 --ground COR-01 --document x
order correct "$two" --act "$(line "$two" revoke)" --ground COR-01 --document "示例更〔2026〕1号"
told "$two" valid null
told "$two" rejected STATUS-REVOKED --at "$known" --known "$known"
refused LIC-04 chang correct "$two" --act "$(line "$two" revoke)" --ground COR-01 --document x
order correct "$two" --act "$(line "$two" correct)" --ground COR-01 --document "示例更〔2026〕2号"
told "$two" rejected STATUS-REVOKED
order correct "$two" --act "$(line "$two" correct)" --ground COR-01 --document "示例更〔2026〕3号"
told "$two" valid null

step "a suspension is set aside by a ruling"
order suspend "$two" --ground SUS-03 --document "示例暂〔2026〕3号" --from "$on" --months 6
refused LIC-04 chang set-aside "$two" --act "$(line "$two" suspend)" --leaves suspended --ground SET-01 --document x --from "$on"
order set-aside "$two" --act "$(line "$two" suspend)" --leaves active --ground SET-01 --document "示例行复〔2026〕1号" --from "$on"
told "$two" valid null
order revoke "$two" --ground REV-02 --document "示例吊〔2026〕3号" --from "$on"
order set-aside "$two" --act "$(line "$two" revoke)" --leaves suspended --ground SET-01 --document "示例行复〔2026〕2号" --from "$on"
told "$two" rejected STATUS-SUSPENDED

step "withdrawn, and closed; deregistered at the holder's request"
order withdraw "$three" --ground WDR-02 --document "示例撤回〔2026〕1号" --from "$on"
told "$three" rejected STATUS-ENDED
stands "$three" ended
[ "$(field "$work/history" ended)" = withdrawn ] || fail "not withdrawn"
order deregister "$three" --ground DER-07 --document "示例注〔2026〕2号" --from "$on"
told "$three" rejected STATUS-ENDED
order deregister "$four" --ground DER-03 --document "示例注〔2026〕3号" --from "$on"
told "$four" rejected STATUS-ENDED
[ "$(field "$work/verdict.json" status.effects.existing_work)" = no ] || fail "work may go on"

step "an extension order over three certificates, of which one is left out"
six=$(certificate star-bridge)
seven=$(certificate star-bridge)
eight=$(certificate star-bridge)
publish "$ours"
span=$(date -u -d '+58 months' +%F)..$(date -u -d '+62 months' +%F)
extend() (
	cd "$work" # where the list is written
	chang extend --grade A --ending "$span" --by 6m --ground EXT-01 --document "示例延〔2026〕3号" --from "$on" "$@"
)
extend --dry-run >"$work/out"
grep -q '3 certificates match' "$work/out" || fail "$(cat "$work/out")"
[ "$(wc -l <"$work/extend-$on.csv")" -eq 4 ] || fail "$(cat "$work/extend-$on.csv")"
refused LIC-02 chang extend --grade A --ending "$span" --by 6m --ground SUS-01 --document x --from "$on"
answer=$(extend)
[ "$(echo "$answer" | grep -c '^proposed ')" -eq 3 ] || fail "$answer"
quietly as "$ours" fu approve "$(proposed "$answer")" --except 2
publish "$ours"
for number in "$six" "$seven" "$eight"; do
	told "$number" valid null
	printed=$(field "$work/verdict.json" certificate.last_day)
	end=$(field "$work/verdict.json" status.effective_last_day)
	by=$(field "$work/verdict.json" status.order)
	if [ "$number" = "$seven" ]; then
		[ "$end $by" = "$printed null" ] || fail "left out, and yet extended: $end $by"
	else
		[ "$by" = "示例延〔2026〕3号" ] || fail "the order is not named: $by"
		[ "$end" = "$(date -u -d "$printed +6 months" +%F)" ] || fail "$printed became $end"
	fi
done

step "several at once: one list, one question, an act for each"
order suspend "$six" "$eight" --ground SUS-05 --document "示例暂〔2026〕5号" --from "$on" --months 6
told "$six" rejected STATUS-SUSPENDED
told "$eight" rejected STATUS-SUSPENDED
refused LIC-01 chang lift "$six" "$seven" "$eight" --ground LIF-01 --document x --from "$on"
answer=$(chang lift "$six" "$eight" --ground LIF-01 --document "示例恢〔2026〕2号" --from "$on")
quietly as "$ours" fu refuse "$(proposed "$answer")" --reason "须先复查"
refused APP-01 as "$ours" fu approve "$(proposed "$answer")"
answer=$(chang lift "$six" "$eight" --ground LIF-01 --document "示例恢〔2026〕3号" --from "$on")
quietly chang cancel "$(proposed "$answer")"
order lift "$six" "$eight" --ground LIF-01 --document "示例恢〔2026〕4号" --from "$on"
told "$six" valid null

step "stopped by one, resumed by two"
id=$(propose_issue "$ours" "$(take_case "$ours" rare-hanzi)")
quietly as "$ours" shi stop --reason "钥匙可能被盗"
refused STP-01 as "$ours" fu approve "$id"
"$BIN/qualcert" -C "$ours" health >"$work/health" && fail "a stopped bureau is well: $(cat "$work/health")"
grep -q '钥匙可能被盗' "$work/health" || fail "nobody is told why: $(cat "$work/health")"
order suspend "$six" --ground SUS-05 --document "示例暂〔2026〕4号" --from "$on" --months 6 # all else goes on
refused ACT-03 as "$ours" yin resume --reason "已找到"
answer=$(chang resume --reason "已找到")
refused SEP-01 chang approve "$(proposed "$answer")"
quietly as "$ours" fu approve "$(proposed "$answer")"
quietly as "$ours" fu approve "$id"

step "annulled, for past days too"
later +20d order annul "$five" --ground ANN-01 --document "示例撤〔2026〕1号" --from "$(in_days 20)"
later +20d told "$five" rejected STATUS-ANNULLED --at "$(in_days 10)"
later +20d told "$five" rejected STATUS-ANNULLED
grep -q '自始无效' "$work/verdict.zh" || fail "not said to be void from the beginning"
later +20d stands "$five" annulled
later +20d order deregister "$five" --ground DER-06 --document "示例注〔2026〕4号" --from "$(in_days 20)"
later +20d told "$five" rejected STATUS-ANNULLED

step "audit and rebuild"
audit() {
	"$BIN/qualcert" -C "$ours" audit --lang en >"$work/audit" || fail "$(cat "$work/audit")"
	grep -q 'identical' "$work/audit" || fail "the tables are not what the acts give: $(cat "$work/audit")"
}
later +20d audit
later +20d quietly "$RELEASE/qualcert" -C "$ours" registry rebuild
later +20d audit
