#!/bin/sh
# Other people's programs agree with us about our PDF: it is whole, validly signed under the reader CA, PDF/A but for
# where its part differs from the one they know, and its text and the code on every page come out as they went in, hanzi
# beyond the Basic Multilingual Plane included.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

# quiet_run FILE COMMAND...: its output goes to FILE; it must end well and warn of nothing.
quiet_run() {
	out=$1
	shift
	"$@" >"$out" 2>"$work/warnings" || fail "$*: $(cat "$out" "$work/warnings")"
	[ ! -s "$work/warnings" ] || fail "$*: $(cat "$work/warnings")"
}

# says FILE SENTENCE...
says() {
	file=$1
	shift
	for sentence in "$@"; do
		grep -qF "$sentence" "$file" || fail "not said: $sentence. But: $(cat "$file")"
	done
}

read_by_others() {
	pdf=$1
	quiet_run "$work/pdfsig" pdfsig -nssdir "sql:$work/nss" "$pdf"
	says "$work/pdfsig" "Signature is Valid." "Certificate is Trusted." "Total document signed"
	quiet_run "$work/mutool" mutool sign -v "$pdf"
	says "$work/mutool" "The document is unchanged since signing."
	quiet_run "$work/qpdf" qpdf --check "$pdf"
	quiet_run "$work/info" pdfinfo "$pdf"

	quiet_run "$work/text" pdftotext -enc UTF-8 -layout "$pdf" -
	/usr/bin/python3 "$here/face.py" "${pdf%.pdf}.cose" "$work/text" || fail "$pdf: text that the page does not give back"

	quiet_run "$work/fonts" pdffonts "$pdf"
	sed 1,2d "$work/fonts" | grep -q . || fail "no fonts at all"
	# the last five columns: emb sub uni object generation
	sed 1,2d "$work/fonts" | while read -r line; do
		# shellcheck disable=SC2086 # words wanted
		set -- $line
		shift $(($# - 5))
		[ "$1 $2 $3" = "yes yes yes" ] || fail "a font that is not embedded, subset and mapped: $line"
	done

	rm -f "$work"/page-*.png
	quiet_run /dev/null pdftoppm -r 150 -png "$pdf" "$work/page"
	for page in "$work"/page-*.png; do
		quiet_run "$work/code" zbarimg --nodbus --quiet --raw "$page"
		verdict valid null --bureau "$work/bureau" "$(cat "$work/code")"
	done
}

# as_example NAME HOLDER SCOPES: a Grade B application of that holder
as_example() {
	for paper in '' -examination -inspection; do
		sed "s|\"zh\": \"示例云帆科技有限公司\", .*|\"zh\": \"$2\" },|; s|\"scopes\": .*|\"scopes\": [$3]|" \
			"$EXAMPLES/cloud-sail$paper.json" >"$work/examples/$1$paper.json"
	done
}

java_readers() {
	sh "$here/java_readers.sh" "$work/bureau/keys/seal.pub" "$work/bureau/ca.pem" "$@"
}

make_bureau "$work/bureau"
cp -R "$EXAMPLES" "$work/examples"
eleven=示例系统集成与软件服务
four='"integration", "consulting", "software", "supervision"'
as_example sixteen 示例信息系统集成服务有限责任公司 "$four"
as_example sixty "${eleven}甲乙$eleven丙丁$eleven戊己$eleven庚辛壬癸有限责任公司" \
	"$four, \"security-monitoring\", \"shielded-room\", \"operation-maintenance\", \"data-recovery\""
EXAMPLES=$work/examples
for example in sixteen sixty star-bridge cloud-sail rare-hanzi; do
	issue_case "$work/bureau" "$(take_case "$work/bureau" "$example")" >>"$work/numbers"
done
"$BIN/qualcert" -C "$work/bureau" publish "$work/bureau/public" >/dev/null
mkdir "$work/nss"
certutil -N -d "sql:$work/nss" --empty-password
certutil -A -d "sql:$work/nss" -n reader -t CT,C,C -i "$work/bureau/ca.pem"

while read -r number; do
	step "$number"
	read_by_others "$work/bureau/issued/$number.pdf"
done <"$work/numbers"
bytes=$(/usr/bin/python3 -c 'import cbor2, sys; print(len(cbor2.load(open(sys.argv[1], "rb"))[0]))' \
	"$work/bureau/issued/$(head -n 1 "$work/numbers").cose")
[ "$bytes" -le 218 ] || fail "16 hanzi and 4 scopes take $bytes bytes"
for hanzi in 𬭎 㛃; do
	says "$work/text" "$hanzi" # of rare-hanzi, the last
done

step "PDFBox, Preflight, BouncyCastle"
quiet_run "$work/java" java_readers "$work"/bureau/issued/*.pdf
[ "$(grep -c 'signature holds' "$work/java")" -eq "$(wc -l <"$work/numbers")" ] || fail "$(cat "$work/java")"
change_one_byte "$work/bureau/issued/$(tail -n 1 "$work/numbers").pdf" "$work/changed.pdf"
! java_readers "$work/changed.pdf" >"$work/java" 2>&1 || fail "a changed byte passes: $(cat "$work/java")"
says "$work/java" "message-digest attribute value does not match"
