#!/bin/sh
# What nobody can do, tried by those who would: each is refused with a sentence that names the rule, and nothing of
# it stands in the register afterwards.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

# A bureau that gives some of its officers more roles than is wise: the fixed rules hold all the same.
standard_officers() {
	cat <<'END'
an 安理 An_Li accept
shen 审细 Shen_Xi examine
shi 实察 Shi_Cha inspect,decide,approve,issue,countersign
xiang 项真 Xiang_Zhen inspect
guan 关定 Guan_Ding decide,approve,issue
bi 毕准 Bi_Zhun approve
yin 印实 Yin_Shi issue,countersign
fu 傅核 Fu_He countersign
chang 常督 Chang_Du sanction,countersign
END
}

ours=$work/ours

me() {
	officer=$1
	shift
	as "$ours" "$officer" "$@"
}

acts() {
	sqlite3 "$ours/registry.db" "SELECT count(*) FROM acts"
}

# none RULE COMMAND...: refused, and no act was recorded.
none() {
	count=$(acts)
	refused "$@"
	[ "$(acts)" = "$count" ] || fail "refused, but an act was recorded: $*"
}

make_bureau "$ours"

step "a newer trust bundle waits: it may say that a key was stolen (it lists a second key of guan)"
quietly "$BIN/qualkey" officer new "$work/second" --name guan --roles approve --light --passphrase-file "$ours/officers/passphrase"
next_bundle "$ours" "s|.*chang\.enrol.*|&,\n    { \"enrolment\": \"$work/second/guan.enrol\", \"roles\": [ \"approve\" ], \"from\": \"2026-01-01\", \"until\": \"2029-12-31\" }|"
none ACT-06 me an case submit "$EXAMPLES/star-bridge.json"
quietly "$BIN/qualcert" -C "$ours" adopt "$ours/trust-bundle"

step "applications that cannot be"
none ORG-02 me an case submit "$EXAMPLES/five-defects.json"
echo "   all at once: $(grep -oE '(ERROR|WARN) +[A-Z]+-[0-9]+' "$work/refused" | sed 's/.* //' | tr '\n' ' ')"
none KIND-01 me an case submit "$EXAMPLES/individual.json"
none ACT-03 me shen case submit "$EXAMPLES/star-bridge.json"

step "a decision by the wrong persons"
case_id=$(me an case submit "$EXAMPLES/star-bridge.json")
none ACT-07 me guan case decide "$case_id" --grant --document "示例决〔2026〕1号"
quietly me an case accept "$case_id" --document "示例受〔2026〕1号"
quietly me shen case examine "$case_id" "$EXAMPLES/star-bridge-examination.json"
none ACT-07 me shi case inspect "$case_id" "$EXAMPLES/star-bridge-inspection.json"
none SEP-08 me an case schedule "$case_id" --team shi,shen --visit "$(today)" --document "示例审〔2026〕1号"
quietly me an case schedule "$case_id" --team shi,xiang --visit "$(today)" --document "示例审〔2026〕1号"
quietly me shi case inspect "$case_id" "$EXAMPLES/star-bridge-inspection.json"
none SEP-05 me shi case inspect "$case_id" "$EXAMPLES/star-bridge-inspection.json"
quietly me xiang case inspect "$case_id" "$EXAMPLES/star-bridge-inspection.json"

decide() {
	proposed "$(me guan case decide "$case_id" --grant --document "示例决〔2026〕1号")"
}
none SEP-04 me shi case decide "$case_id" --grant --document "示例决〔2026〕1号"
proposal=$(decide)
none SEP-01 me guan approve "$proposal"
none SEP-01 "$BIN/qualcert" -C "$ours" --key "$work/second/guan.pem" --passphrase-file "$ours/officers/passphrase" --yes \
	approve "$proposal"
none SEP-04 me shi approve "$proposal"
none ACT-03 me fu approve "$proposal"
none ACT-07 me yin issue "$case_id"

step "answers to what is no longer there"
quietly me bi refuse "$proposal" --reason "证据不足"
none APP-01 me bi approve "$proposal"
none ACT-07 me yin issue "$case_id"
proposal=$(decide)
newer=$(decide)
none APP-02 me bi approve "$proposal"
proposal=$newer

step "an approval from another bureau with the same officers, keys and case"
make_keys() {
	cp "$ours"/officers/*.pem "$ours"/officers/*.enrol "$1/officers/"
	cp "$ours"/keys/*.pem "$ours"/keys/*.pub "$1/keys/"
	secret=$1/ceremony/passphrase
	quietly "$BIN/qualkey" root new "$1/ceremony" --iss TEST --name 甲柜 --name 乙柜 --name 丙柜 --light \
		--passphrase-file "$secret" --passphrase-file "$secret" --passphrase-file "$secret"
}
theirs=$work/theirs
make_bureau "$theirs"
(
	ours=$theirs
	quietly me an case submit "$EXAMPLES/star-bridge.json"
	quietly me an case accept "$case_id" --document "示例受〔2026〕1号"
	quietly me shen case examine "$case_id" "$EXAMPLES/star-bridge-examination.json"
	quietly me an case schedule "$case_id" --team shi,xiang --visit "$(today)" --document "示例审〔2026〕1号"
	quietly me shi case inspect "$case_id" "$EXAMPLES/star-bridge-inspection.json"
	quietly me xiang case inspect "$case_id" "$EXAMPLES/star-bridge-inspection.json"
	quietly me bi approve "$(decide)" --export "$work/foreign"
)
sign_as() {
	quietly "$BIN/qualcert" sign "$2" --key "$ours/officers/$1.pem" --passphrase-file "$ours/officers/passphrase" --yes
}
sign_as bi "$work/foreign"
none ACT-01 "$BIN/qualcert" -C "$ours" record "$work/foreign.signed"

step "too late"
cp -a "$ours" "$work/kept"
kept_ours=$ours
ours=$work/kept
later +17d none APP-03 me bi approve "$proposal"
ours=$kept_ours

step "an issue by the wrong persons"
quietly me bi approve "$proposal"
none SEP-04 me shi issue "$case_id"
none SEP-03 me guan issue "$case_id"
proposal=$(proposed "$(me yin issue "$case_id")")
none SEP-01 me yin approve "$proposal"
none SEP-04 me shi approve "$proposal"
none ACT-03 me bi approve "$proposal"
number=$(me fu approve "$proposal" | sed -n 's/^issued //p')
[ "$(ls "$ours/issued")" = "$number.cose
$number.pdf" ] || fail "in issued/: $(ls "$ours/issued")"

step "the rest of a sitting, by an officer who may approve none of it"
one=$(take_case "$ours" cloud-sail)
other=$(take_case "$ours" rare-hanzi)
proposal=$(proposed "$(me yin issue "$one" "$other")")
"$BIN/qualcert" -C "$ours" --lang en --as fu approve "$proposal" --preview "$work/pages" --dry-run >"$work/out" 2>&1 || fail "$(cat "$work/out")"
grep -q "^  pages as PDF:  $work/pages/, 2 files$" "$work/out" || fail "what was drawn is not said: $(cat "$work/out")"
quietly me fu approve "$proposal" --except 2
none SEP-01 me yin approve "$proposal"
cp "$work/refused" "$work/refused.en"
status_en=$status
none SEP-01 "$BIN/qualcert" -C "$ours" --lang zh --as yin --passphrase-file "$ours/officers/passphrase" --yes approve "$proposal"
for said in 'APP-01：此项已经批准$' '仍有 1 项待批准，您都不得批准$' '^qualcert: SEP-01：提议人不得批准自己的提议，须由他人批准$'; do
	grep -q "$said" "$work/refused" || fail "not in Chinese: $said: $(cat "$work/refused")"
done
[ "$status_en$status" = 11 ] || fail "line 2 waits, and the exit status is $status"
grep -q '1 still to be approved, none of them by you' "$work/refused.en" || fail "what waits is not said: $(cat "$work/refused.en")"
grep -q '^issued JC-B-' "$work/refused.out" || fail "line 1 is not looked after: $(cat "$work/refused.out")"
quietly me fu approve "$proposal"
quietly me yin approve "$proposal" # all of it is done: nothing waits

step "sanctions"
order() {
	me chang "$@" --document "示例暂〔2026〕7号"
}
none LIC-01 order lift "$number" --ground LIF-01 --from "$(today)"
none LIC-02 order suspend "$number" --ground REV-01 --from "$(today)" --months 6
none DAT-01 order suspend "$number" --ground SUS-05 --from 2026-01-01 --months 6
none ACT-03 me fu suspend "$number" --ground SUS-05 --from "$(today)" --months 6 --document "示例暂〔2026〕7号"
proposal=$(proposed "$(order suspend "$number" --ground SUS-05 --from "$(today)" --months 6)")
none SEP-01 me chang approve "$proposal"
publish "$ours"
verdict valid null --bureau "$ours" "$ours/issued/$number.pdf"

step "nobody to ask"
status=0
setsid "$BIN/qualcert" -C "$ours" --as fu --passphrase-file "$ours/officers/passphrase" approve "$proposal" \
	</dev/null >"$work/out" 2>&1 || status=$?
[ "$status" -eq 64 ] || fail "approved without being asked: $status $(cat "$work/out")"

"$BIN/qualcert" -C "$ours" audit >"$work/audit" || fail "$(cat "$work/audit")"
