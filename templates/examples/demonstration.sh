# shellcheck shell=sh
# An invented bureau, its officers and its cases, made with the programs a real bureau uses: functions for
# ./quickstart and for the end-to-end tests. Everything in it is a demonstration; every page says so.
#
# The caller sets BIN (folder of the programs) and EXAMPLES (this folder), and then calls
#	make_bureau DIR [standard|small]
#	CASE=$(take_case DIR star-bridge)        application to decision
#	NUMBER=$(issue_case DIR CASE)            proposal, approval, PDF
# Each function ends the script with the program's own sentence if a step fails.

DEMO_PASSPHRASE='demonstration only: not a secret'

fail() {
	echo "$*" >&2
	exit 1
}

# qualcert in bureau DIR as officer NAME; the passphrase files are the demonstration's.
as() {
	bureau=$1
	officer=$2
	shift 2
	"$BIN/qualcert" -C "$bureau" --as "$officer" --passphrase-file "$bureau/officers/passphrase" --yes "$@"
}

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
  "audit_quorum": 0, "reader_ca": "../keys/ca.pem",
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

# Run a command whose output nobody needs unless it fails.
quietly() {
	output=$("$@" 2>&1) || fail "$output"
}

make_keys() {
	dir=$1
	policy=$2
	pass="$dir/ceremony/passphrase"
	quietly "$BIN/qualkey" root new "$dir/ceremony" --iss TEST --name 甲柜 --name 乙柜 --name 丙柜 --light \
		--passphrase-file "$pass" --passphrase-file "$pass" --passphrase-file "$pass"
	for use in credential status log service; do
		quietly "$BIN/qualkey" role new "$dir/keys" --use "$use" --light --passphrase-file "$dir/keys/passphrase"
	done
	quietly "$BIN/qualkey" role new "$dir/keys" --use seal --bureau 示范资质管理局 --light \
		--passphrase-file "$dir/keys/passphrase"
	for officer in $("${policy}_officers" | cut -d' ' -f1,4 | tr ' ' :); do
		quietly "$BIN/qualkey" officer new "$dir/officers" --name "${officer%%:*}" --roles "${officer#*:}" --light \
			--passphrase-file "$dir/officers/passphrase"
	done
	# The reader CA signs seal certificates only: it rests with the roots.
	mv "$dir/keys/reader-ca.pem" "$dir/ceremony/"
}

make_bundle() {
	dir=$1
	policy=$2
	pass="$dir/ceremony/passphrase"
	bundle_description "$policy" >"$dir/ceremony/bundle.json"
	quietly "$BIN/qualkey" bundle draft "$dir/ceremony/bundle.json" -o "$dir/ceremony/draft"
	quietly "$BIN/qualkey" bundle sign "$dir/ceremony/draft" -o "$dir/ceremony/trust-bundle" \
		--key "$dir/ceremony/甲柜.pem" --key "$dir/ceremony/乙柜.pem" \
		--passphrase-file "$pass" --passphrase-file "$pass"
}

# Key ceremony, officers, first trust bundle, empty register.
make_bureau() {
	dir=$1
	policy=${2:-standard}
	(
		umask 077
		mkdir -p "$dir/ceremony" "$dir/officers" "$dir/keys" || exit 1
		for folder in ceremony officers keys; do
			echo "$DEMO_PASSPHRASE" >"$dir/$folder/passphrase"
		done
		make_keys "$dir" "$policy"
		cp "$EXAMPLES/../policy-$policy.json" "$dir/policy.json"
		make_bundle "$dir" "$policy"
		names "$policy" >"$dir/ceremony/names.json"
		quietly "$BIN/qualcert" -C "$dir" init --root "$dir/ceremony/root.cose" \
			--bundle "$dir/ceremony/trust-bundle" --policy "$dir/policy.json" --names "$dir/ceremony/names.json" \
			--region 999900 --host v.example --passphrase-file "$dir/keys/passphrase"
		publish "$dir"
	) || exit 1
}

publish() {
	quietly "$BIN/qualcert" -C "$1" publish "$1/public"
}

# Who accepts, examines, inspects and decides depends on the policy only.
officer_for() {
	case $(grep -o '"policy": "[a-z]*"' "$1/policy.json"):$2 in
	*small*:examine) echo an ;;
	*small*:inspect) echo an ;;
	*small*:inspect-too) echo shi ;;
	*small*:issue) echo guan ;;
	*small*:issue-approve) echo bi ;;
	*small*:sanction) echo guan ;;
	*small*:sanction-approve) echo bi ;;
	*:examine) echo shen ;;
	*:inspect) echo shi ;;
	*:inspect-too) echo xiang ;;
	*:issue) echo yin ;;
	*:issue-approve) echo fu ;;
	*:sanction) echo chang ;;
	*:sanction-approve) echo fu ;;
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

# Application, examination, on-site review and, where the policy has it so, decision; prints the case.
# ROW, if given, is a command that is told each stage.
take_case() {
	dir=$1
	example=$2
	row=${3:-:}
	an=an
	case=$(as "$dir" $an case submit "$EXAMPLES/$example.json") || fail "submit failed"
	quietly as "$dir" $an case accept "$case" --document "示例受〔2026〕$case"
	$row "1 application" "accepted by an" >&2
	shen=$(officer_for "$dir" examine)
	quietly as "$dir" "$shen" case examine "$case" "$EXAMPLES/$example-examination.json"
	$row "2 qualification examination" "3 findings, passed; $shen" >&2
	shi=$(officer_for "$dir" inspect)
	xiang=$(officer_for "$dir" inspect-too)
	quietly as "$dir" "$shi" case inspect "$case" "$EXAMPLES/$example-inspection.json"
	quietly as "$dir" "$xiang" case inspect "$case" "$EXAMPLES/$example-inspection.json"
	$row "3 on-site review" "3 topics, every rule verified; $shi and $xiang" >&2
	if decides_apart "$dir"; then
		decision=$(as "$dir" guan case decide "$case" --grant --document "示例决〔2026〕$case") || fail "decide failed"
		quietly as "$dir" bi approve "$(proposed "$decision")"
		$row "4 decision" "granted by guan, approved by bi" >&2
	fi
	echo "$case"
}

# Proposal and approval of the certificate; prints its number.
issue_case() {
	dir=$1
	case=$2
	row=${3:-:}
	yin=$(officer_for "$dir" issue)
	fu=$(officer_for "$dir" issue-approve)
	if decides_apart "$dir"; then
		proposal=$(as "$dir" "$yin" issue "$case") || fail "issue failed"
	else
		proposal=$(as "$dir" "$yin" issue "$case" --document "示例决〔2026〕$case") || fail "issue failed"
	fi
	number=$(as "$dir" "$fu" approve "$(proposed "$proposal")" | sed -n 's/^issued //p') || fail "approve failed"
	[ -n "$number" ] || fail "no certificate was made"
	$row "  certificate" "$number; $yin, approved by $fu" >&2
	echo "$number"
}

# sanction DIR VERB NUMBER OPTION...: proposed by one officer, approved by another, published.
sanction() {
	dir=$1
	verb=$2
	number=$3
	shift 3
	proposal=$(as "$dir" "$(officer_for "$dir" sanction)" "$verb" "$number" "$@") || fail "$verb failed"
	quietly as "$dir" "$(officer_for "$dir" sanction-approve)" approve "$(proposed "$proposal")"
	publish "$dir"
}

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

holder_of() {
	sed -n 's/.*"name_zh": "\([^"]*\)".*/\1/p' "$EXAMPLES/$1.json" | head -n 1
}

# Flip one bit in the middle of FILE.
change_one_byte() {
	size=$(wc -c <"$1")
	middle=$((size / 2))
	byte=$(od -An -tu1 -j "$middle" -N 1 "$1" | tr -d ' ')
	{
		head -c "$middle" "$1"
		# shellcheck disable=SC2059 # the format is an octal escape made here
		printf "\\$(printf %o $((byte ^ 1)))"
		tail -c +$((middle + 2)) "$1"
	} >"$2"
}

# The text of a certificate's code, as any scanner reads it.
code_text() {
	"$BIN/qualcert" -C "$1" show "$2" --json | sed -n 's/.*"code_text": *"\([^"]*\)".*/\1/p'
}

# SPECIMENS/NAME.json: what qualverify says of an input now.
expect() {
	dir=$1
	name=$2
	shift 2
	XDG_STATE_HOME=$dir/state "$BIN/qualverify" --root "$dir/root.cose" --json "$@" >"$dir/specimens/$name.json" || true
}

# A certificate of EXAMPLE, copied to specimens/NAME.pdf; prints its number.
specimen() {
	case=$(take_case "$1" "$2") && number=$(issue_case "$1" "$case") || exit 1
	cp "$1/issued/$number.pdf" "$1/specimens/$3.pdf"
	echo "$number"
}

# Somebody copies the whole bureau while an issue waits, and lets the copy make the certificate too: every
# signature is good, and the register has another one.
unregistered_specimen() {
	dir=$1
	case=$(take_case "$dir" rare-hanzi) || exit 1
	proposal=$(as "$dir" yin issue "$case") || fail "issue failed"
	cp -R "$dir" "$dir.copy"
	quietly as "$dir" fu approve "$(proposed "$proposal")"
	number=$(as "$dir.copy" fu approve "$(proposed "$proposal")" | sed -n 's/^issued //p') || fail "approve failed"
	cp "$dir.copy/issued/$number.pdf" "$dir/specimens/unregistered.pdf"
	rm -rf "$dir.copy"
}

# One file for each verdict, with its expected JSON.
make_specimens() {
	dir=$1
	s=$dir/specimens
	mkdir -p "$s"
	valid=$(specimen "$dir" star-bridge valid) || exit 1
	publish "$dir"
	cp -R "$dir/public" "$s/older-public"
	quietly specimen "$dir" cloud-sail older-snapshot
	suspended=$(specimen "$dir" cloud-sail suspended) || exit 1
	revoked=$(specimen "$dir" cloud-sail revoked) || exit 1
	unregistered_specimen "$dir"
	make_bureau "$dir.other" standard
	mkdir "$dir.other/specimens"
	quietly specimen "$dir.other" star-bridge another-bureau
	mv "$dir.other/specimens/another-bureau.pdf" "$s/"
	rm -rf "$dir.other"
	change_one_byte "$s/valid.pdf" "$s/altered.pdf"
	{
		cat "$s/valid.pdf"
		printf '%%stamped by the holder\n'
	} >"$s/stamped.pdf"
	code_text "$dir" "$valid" >"$s/code.txt"
	pdftoppm -png -singlefile -r 200 "$s/valid.pdf" "$s/photo"
	pdftoppm -png -singlefile -r 150 -gray "$s/valid.pdf" "$s/photocopy"
	suspend_licence "$dir" "$suspended"
	revoke_licence "$dir" "$revoked"
	for name in valid suspended revoked altered stamped unregistered another-bureau; do
		expect "$dir" "$name" --public "$dir/public" "$s/$name.pdf"
	done
	expect "$dir" code --public "$dir/public" "$(cat "$s/code.txt")"
	mkdir -p "$dir/state"
	(
		dir_state=$(mktemp -d)
		XDG_STATE_HOME=$dir_state "$BIN/qualverify" --root "$dir/root.cose" --public "$s/older-public" --json \
			"$s/older-snapshot.pdf" >"$s/older-snapshot.json" || true
		rm -rf "$dir_state"
	)
}
