# shellcheck shell=sh
# An invented bureau, its officers and its cases, made with the programs a real bureau uses: functions for
# ./quickstart and for the end-to-end tests. Everything in it is a demonstration; every page says so.
#
# The caller sets BIN (folder of the programs) and EXAMPLES (this folder), and then calls
#	make_bureau DIR [standard|small]
#	make_audited_bureau DIR AUDITOR          the same with an auditor, whose machine is the folder AUDITOR
#	CASE=$(take_case DIR star-bridge)        application to decision
#	NUMBER=$(issue_case DIR CASE)            proposal, approval, PDF
# Each function ends the script with the program's own sentence if a step fails.

exec 3>&1 # where the stages are told, beside the answers of $(...)

DEMO_PASSPHRASE='demonstration only: not a secret'
auditor= # folder of an auditor's key, where the bureau has one

fail() {
	echo "$*" >&2
	exit 1
}

# Run a command; its screens go to DIR/demonstration.log, which is shown if it fails. Answers go to stdout.
logged() (
	log=$1/demonstration.log
	shift
	: >"$log.now"
	"$@" 2>>"$log.now" || fail "$(cat "$log.now")"
	cat "$log.now" >>"$log"
	rm -f "$log.now"
)

# qualcert in bureau DIR as officer NAME; the passphrase files are the demonstration's.
as() (
	bureau=$1
	officer=$2
	shift 2
	logged "$bureau" "$BIN/qualcert" -C "$bureau" --as "$officer" \
		--passphrase-file "$bureau/officers/passphrase" --lang en --yes "$@"
)

# name zh en roles: names are puns on the duties.
standard_officers() {
	cat <<'EOF'
an 安理 An_Li accept
shen 审细 Shen_Xi examine
shi 实察 Shi_Cha inspect
xiang 项真 Xiang_Zhen inspect
guan 关定 Guan_Ding decide
bi 毕准 Bi_Zhun approve
yin 印实 Yin_Shi issue
fu 傅核 Fu_He countersign
chang 常督 Chang_Du sanction
EOF
}

small_officers() {
	cat <<'EOF'
an 安理 An_Li accept,examine,inspect
shi 实察 Shi_Cha inspect
guan 关定 Guan_Ding decide,sanction
bi 毕准 Bi_Zhun approve,countersign
EOF
}

# The description of the first trust bundle, for qualkey bundle draft.
bundle_description() {
	policy=$1
	if [ "$policy" = small ]; then
		pair='"propose": "decide", "approve": "approve"'
	else
		pair='"propose": "issue", "approve": "countersign"'
	fi
	from=2026-01-01
	until=2035-12-31
	cat <<EOF
{ "root": "root.cose", "exp": "$(date -u -d '+300 days' +%F)", "test": true,
  "issuers": [ { "iss": "TEST", "name_zh": "示范资质管理局", "name_en": "Demonstration Qualification Bureau",
      "level": "national", "contact": "https://v.example/contact",
      "powers": [
        { "family": "JC", "grade": "A", "what": "issue", "from": "$from", "until": "$until" },
        { "family": "JC", "grade": "B", "what": "issue", "from": "$from", "until": "$until" } ] } ],
  "keys": [
EOF
	for use in credential seal status service; do
		printf '    { "use": "%s", "file": "../keys/%s.pub", "from": "%s", "until": "2029-12-31" }' "$use" "$use" "$from"
		[ "$use" = service ] || printf ','
		printf '\n'
	done
	quorum=0
	if [ -n "$auditor" ]; then
		quorum=1
		printf '    , { "use": "audit", "file": "%s/audit.pub", "from": "%s", "until": "2029-12-31" }\n' "$auditor" "$from"
	fi
	printf '  ],\n  "officers": [\n'
	"${policy}_officers" | {
		separator=''
		while read -r name _ _ roles; do
			printf '%s    { "enrolment": "../officers/%s.enrol", "roles": [ "%s" ], "from": "%s", "until": "2029-12-31" }' \
				"$separator" "$name" "$(echo "$roles" | sed 's/,/", "/g')" "$from"
			separator=',
'
		done
	}
	cat <<EOF

  ],
  "status_base": "https://v.example/v1/status/", "hosts": [ "v.example" ],
  "log": { "origin": "v.example/log", "key": "../keys/log.pub" },
  "policy": "../policy.json", "ages": { "snapshot_hours": 168, "token_hours": 24 },
  "audit_quorum": $quorum, "reader_ca": "../keys/ca.pem",
  "issuing": [ { $pair, "from": "$from", "until": "$until" } ] }
EOF
}

# What the bureau calls its officers, by the word of their enrolment.
names() {
	printf '{'
	"$1_officers" | {
		separator=''
		while read -r name zh en _; do
			printf '%s\n  "%s": { "zh": "%s", "en": "%s" }' "$separator" "$name" "$zh" "$(echo "$en" | tr _ ' ')"
			separator=','
		done
	}
	printf '\n}\n'
}

make_keys() (
	dir=$1
	policy=$2
	pass="$dir/ceremony/passphrase"
	logged "$dir" "$BIN/qualkey" root new "$dir/ceremony" --iss TEST --name 甲柜 --name 乙柜 --name 丙柜 --light \
		--passphrase-file "$pass" --passphrase-file "$pass" --passphrase-file "$pass" || exit 1
	for use in credential status log service; do
		logged "$dir" "$BIN/qualkey" role new "$dir/keys" --use "$use" --light \
			--passphrase-file "$dir/keys/passphrase" || exit 1
	done
	logged "$dir" "$BIN/qualkey" role new "$dir/keys" --use seal --bureau 示范资质管理局 --light \
		--passphrase-file "$dir/keys/passphrase" || exit 1
	for officer in $("${policy}_officers" | cut -d' ' -f1,4 | tr ' ' :); do
		logged "$dir" "$BIN/qualkey" officer new "$dir/officers" --name "${officer%%:*}" \
			--roles "${officer#*:}" --light --passphrase-file "$dir/officers/passphrase" || exit 1
	done
	# The reader CA signs seal certificates only: it rests with the roots.
	mv "$dir/keys/reader-ca.pem" "$dir/ceremony/"
)

make_bundle() (
	dir=$1
	pass="$dir/ceremony/passphrase"
	bundle_description "$2" >"$dir/ceremony/bundle.json" &&
		logged "$dir" "$BIN/qualkey" bundle draft "$dir/ceremony/bundle.json" -o "$dir/ceremony/draft" &&
		logged "$dir" "$BIN/qualkey" bundle sign "$dir/ceremony/draft" -o "$dir/ceremony/trust-bundle" \
			--key "$dir/ceremony/甲柜.pem" --key "$dir/ceremony/乙柜.pem" \
			--passphrase-file "$pass" --passphrase-file "$pass"
)

# Key ceremony, officers, first trust bundle, empty register, first publication.
make_bureau() (
	dir=$1
	policy=${2:-standard}
	umask 077
	mkdir -p "$dir/ceremony" "$dir/officers" "$dir/keys" || exit 1
	for folder in ceremony officers keys; do
		echo "$DEMO_PASSPHRASE" >"$dir/$folder/passphrase"
	done
	{
		make_keys "$dir" "$policy" &&
			cp "$EXAMPLES/../policy-$policy.json" "$dir/policy.json" &&
			names "$policy" >"$dir/ceremony/names.json" &&
			make_bundle "$dir" "$policy" &&
			logged "$dir" "$BIN/qualcert" -C "$dir" init --root "$dir/ceremony/root.cose" \
				--bundle "$dir/ceremony/trust-bundle" --policy "$dir/policy.json" \
				--names "$dir/ceremony/names.json" --region 999900 --host v.example \
				--passphrase-file "$dir/keys/passphrase" &&
			publish "$dir"
	} >>"$dir/demonstration.log" || exit 1
)

# The same with an auditor under another administrator. The folder AUDITOR is that machine: its key, the root file the
# auditor took from the ceremony, and what qualcert keeps there.
make_audited_bureau() (
	dir=$1
	umask 077
	mkdir -p "$dir" "$2" || exit 1
	auditor=$(cd "$2" && pwd)
	echo "$DEMO_PASSPHRASE" >"$auditor/passphrase"
	logged "$dir" "$BIN/qualkey" role new "$auditor" --use audit --light \
		--passphrase-file "$auditor/passphrase" >>"$dir/demonstration.log" &&
		make_bureau "$dir" "${3:-standard}" && cp "$dir/root.cose" "$auditor/"
)

# cosign AUDITOR COPY: the auditor's round over the bureau's folder, or a copy of it.
cosign() {
	logged "$2" "$BIN/qualcert" -C "$1" --lang en audit --sign --key "$1/audit.pem" \
		--passphrase-file "$1/passphrase" "$2"
}

publish() {
	logged "$1" "$BIN/qualcert" -C "$1" publish "$1/public" >>"$1/demonstration.log"
}

# Who does what, by the policy of the bureau DIR.
officer_for() {
	case $(grep -o '"policy": "[a-z]*"' "$1/policy.json"):$2 in
	*small*:examine | *small*:inspect) echo an ;;
	*small*:inspect-too) echo shi ;;
	*small*:issue | *small*:sanction) echo guan ;;
	*small*:issue-approve | *small*:sanction-approve) echo bi ;;
	*:examine) echo shen ;;
	*:inspect) echo shi ;;
	*:inspect-too) echo xiang ;;
	*:issue) echo yin ;;
	*:sanction) echo chang ;;
	*:issue-approve | *:sanction-approve) echo fu ;;
	esac
}

# Is the decision an act of its own, or part of the proposal to issue?
decides_apart() {
	grep -q '"decision": "separate"' "$1/policy.json"
}

# The second word of "proposed P-9XQ4-7 C-2026-0001".
proposed() {
	printf '%s\n' "$1" | sed -n 's/^proposed \([^ ]*\) .*/\1/p' | head -n 1
}

# The number of "issued JC-A-999900-2026-48213-6".
issued() {
	printf '%s\n' "$1" | sed -n 's/^issued //p' | head -n 1
}

# Application, examination, on-site review and, where the policy has it so, decision; prints the case.
# ROW, if given, is a command that is told each stage.
take_case() (
	dir=$1
	example=$2
	row=${3:-:}
	log=$dir/demonstration.log
	case=$(as "$dir" an case submit "$EXAMPLES/$example.json") || exit 1
	as "$dir" an case accept "$case" --document "示例受〔2026〕$case" >>"$log" || exit 1
	$row "1 application" "accepted by an" >&3
	shen=$(officer_for "$dir" examine)
	as "$dir" "$shen" case examine "$case" "$EXAMPLES/$example-examination.json" >>"$log" || exit 1
	$row "2 qualification examination" "3 findings, passed; $shen" >&3
	shi=$(officer_for "$dir" inspect)
	xiang=$(officer_for "$dir" inspect-too)
	as "$dir" an case schedule "$case" --team "$shi,$xiang" --visit "$(today)" --experts 钟专 \
		--document "示例审〔2026〕$case" >>"$log" || exit 1
	as "$dir" "$shi" case inspect "$case" "$EXAMPLES/$example-inspection.json" >>"$log" || exit 1
	as "$dir" "$xiang" case inspect "$case" "$EXAMPLES/$example-inspection.json" >>"$log" || exit 1
	$row "3 on-site review" "3 topics, every rule verified; $shi and $xiang" >&3
	if decides_apart "$dir"; then
		answer=$(as "$dir" guan case decide "$case" --grant --document "示例决〔2026〕$case") || exit 1
		as "$dir" bi approve "$(proposed "$answer")" >>"$log" || exit 1
		$row "4 decision" "granted by guan, approved by bi" >&3
	fi
	echo "$case"
)

# Propose the certificate of a decided case; prints the sitting's ID.
propose_issue() (
	if decides_apart "$1"; then
		answer=$(as "$1" "$(officer_for "$1" issue)" issue "$2") || exit 1
	else
		answer=$(as "$1" "$(officer_for "$1" issue)" issue "$2" --document "示例决〔2026〕$2") || exit 1
	fi
	proposed "$answer"
)

# Proposal and approval of the certificate; prints its number.
issue_case() (
	dir=$1
	case=$2
	row=${3:-:}
	sitting=$(propose_issue "$dir" "$case") || exit 1
	answer=$(as "$dir" "$(officer_for "$dir" issue-approve)" approve "$sitting") || exit 1
	number=$(issued "$answer")
	$row "  certificate" "$number; $(officer_for "$dir" issue), approved by $(officer_for "$dir" issue-approve)" >&3
	echo "$number"
)

# sanction DIR VERB NUMBER OPTION...: proposed by one officer, approved by another, published.
sanction() (
	dir=$1
	verb=$2
	number=$3
	shift 3
	answer=$(as "$dir" "$(officer_for "$dir" sanction)" "$verb" "$number" "$@") || exit 1
	as "$dir" "$(officer_for "$dir" sanction-approve)" approve "$(proposed "$answer")" \
		>>"$dir/demonstration.log" || exit 1
	publish "$dir"
)

today() {
	TZ=UTC-8 date +%F
}

suspend_licence() {
	sanction "$1" suspend "$2" --ground SUS-05 --document "示例暂〔2026〕7号" --from "$(today)" --months 6
}

lift_licence() {
	sanction "$1" lift "$2" --ground LIF-01 --document "示例恢〔2026〕3号" --from "$(today)"
}

revoke_licence() {
	sanction "$1" revoke "$2" --ground REV-01 --document "示例吊〔2026〕1号" --from "$(today)"
}

# The rule by which an attempt is refused: "SEP-01". Fails if it is not refused.
refusal() (
	if sentence=$("$@" 2>&1); then
		fail "not refused: $*"
	fi
	printf '%s\n' "$sentence" | grep -oE '[A-Z]{3,4}-[0-9]{2}' | head -n 1
)

# What an application in EXAMPLES is refused by.
defects_of() (
	"$BIN/qualcert" -C "$1" case check "$EXAMPLES/$2.json" 2>&1 | sed -n 's/^ERROR  \([A-Z0-9-]*\) .*/\1/p' | paste -sd ' '
)

holder_of() {
	sed -n 's/.*"name": *{ *"zh": "\([^"]*\)".*/\1/p' "$EXAMPLES/$1.json" | head -n 1
}

# Flip one bit in the middle of FILE.
change_one_byte() (
	middle=$(($(wc -c <"$1") / 2))
	byte=$(od -An -tu1 -j "$middle" -N 1 "$1" | tr -d ' ')
	{
		head -c "$middle" "$1"
		# shellcheck disable=SC2059 # the format is an octal escape made here
		printf "\\$(printf %o $((byte ^ 1)))"
		tail -c +$((middle + 2)) "$1"
	} >"$2"
)

# The text of a certificate's code, as any scanner reads it.
code_text() {
	"$BIN/qualcert" -C "$1" show "$2" --json | sed -n 's/.*"code_text": *"\([^"]*\)".*/\1/p'
}

# A certificate of EXAMPLE, copied to DIR/specimens/NAME.pdf; prints its number.
specimen() (
	case=$(take_case "$1" "$2") && number=$(issue_case "$1" "$case") || exit 1
	cp "$1/issued/$number.pdf" "$1/specimens/$3.pdf"
	echo "$number"
)

# Somebody copies the whole bureau while an issue waits, and lets the copy make the certificate too: every
# signature is good, and the register has another one.
unregistered_specimen() (
	dir=$1
	case=$(take_case "$dir" rare-hanzi) && sitting=$(propose_issue "$dir" "$case") || exit 1
	cp -R "$dir" "$dir.copy"
	as "$dir" fu approve "$sitting" >>"$dir/demonstration.log" &&
		answer=$(as "$dir.copy" fu approve "$sitting") || exit 1
	cp "$dir.copy/issued/$(issued "$answer").pdf" "$dir/specimens/unregistered.pdf"
	rm -rf "$dir.copy"
)

foreign_specimen() (
	make_bureau "$1.other" && mkdir "$1.other/specimens" &&
		specimen "$1.other" star-bridge another-bureau >>"$1/demonstration.log" || exit 1
	mv "$1.other/specimens/another-bureau.pdf" "$1/specimens/"
	rm -rf "$1.other"
)

# expect DIR NAME PUBLIC INPUT [OPTION...]: DIR/specimens/NAME.json, what qualverify says of an input under the
# published files PUBLIC, with a memory of its own, so that older files may be asked too.
expect() (
	dir=$1
	name=$2
	public=$3
	input=$4
	shift 4
	state=$(mktemp -d)
	XDG_STATE_HOME=$state "$BIN/qualverify" --root "$dir/root.cose" --public "$public" --json "$@" "$input" \
		>"$dir/specimens/$name.json" || [ $? -lt 64 ] || exit 1
	rm -rf "$state"
)

# make_specimens DIR NUMBER: one file for each verdict, with its expected JSON. NUMBER is in force. What is asked of
# too-old-data is asked about a day that no data reach yet: its date is asked.at in the JSON.
make_specimens() (
	dir=$1
	s=$dir/specimens
	mkdir -p "$s" && cp "$dir/issued/$2.pdf" "$s/valid.pdf" && cp -R "$dir/public" "$s/older-public" || exit 1
	specimen "$dir" cloud-sail older-snapshot >>"$dir/demonstration.log" &&
		suspended=$(specimen "$dir" cloud-sail suspended) &&
		revoked=$(specimen "$dir" cloud-sail revoked) &&
		unregistered_specimen "$dir" && foreign_specimen "$dir" || exit 1
	change_one_byte "$s/valid.pdf" "$s/altered.pdf"
	{
		cat "$s/valid.pdf"
		printf '%%stamped by the holder\n'
	} >"$s/stamped.pdf"
	code_text "$dir" "$2" >"$s/code.txt"
	pdftoppm -png -singlefile -r 200 "$s/valid.pdf" "$s/photo"
	pdftoppm -png -singlefile -r 150 -gray "$s/valid.pdf" "$s/photocopy"
	pdftoppm -png -singlefile -r 20 "$s/valid.pdf" "$s/code-unreadable"
	cp "$s/valid.pdf" "$s/too-old-data.pdf"
	suspend_licence "$dir" "$suspended" && revoke_licence "$dir" "$revoked" || exit 1
	for name in valid suspended revoked altered stamped unregistered another-bureau; do
		expect "$dir" "$name" "$dir/public" "$s/$name.pdf" || exit 1
	done
	for name in photo photocopy code-unreadable; do
		expect "$dir" "$name" "$dir/public" "$s/$name.png" || exit 1
	done
	expect "$dir" code "$dir/public" "$s/code.txt" &&
		expect "$dir" older-snapshot "$s/older-public" "$s/older-snapshot.pdf" &&
		expect "$dir" too-old-data "$dir/public" "$s/too-old-data.pdf" --at "$(date -u -d '+4 years' +%F)"
)
