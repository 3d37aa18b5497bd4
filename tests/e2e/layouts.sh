#!/bin/sh
# Layouts before anything is printed by them: qualcert template check and preview, as who draws one uses them.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
layouts=$here/../../templates
reach=$PATH # where the program looks for others
export TMPDIR="$work/passing"
mkdir "$TMPDIR"

# finds STATUS ARGUMENT...: template check ends so; what it says is in $work/out.
finds() {
	want=$1
	shift
	status=0
	env PATH="$reach" "$BIN/qualcert" --lang en template check "$@" >"$work/out" 2>"$work/err" || status=$?
	[ "$status" -eq "$want" ] || fail "template check $*: exit status $status, not $want: $(cat "$work/out" "$work/err")"
}

# says REGEX: in a line of its own.
says() {
	grep -q "$1" "$work/out" || fail "no line like \"$1\": $(cat "$work/out")"
}

# as_if PROGRAM...: from now on it finds these programs alone.
as_if() {
	reach=$work/reach
	rm -rf "$reach"
	mkdir "$reach"
	for program in "$@"; do
		ln -s "/usr/bin/$program" "$reach/$program"
	done
}

# spoilt SED: grade-a.json, changed.
spoilt() {
	sed "$1" "$layouts/grade-a.json" >"$work/mine.json"
	cmp -s "$work/mine.json" "$layouts/grade-a.json" && fail "sed '$1' changes nothing"
	echo "$work/mine.json"
}

step "the layouts that are shipped are well, and their pages are read again"
finds 0
says '^grade-a: 2 pages, no findings$'
says '^grade-b: 2 pages, no findings$'
"$BIN/qualcert" --lang zh template check grade-b | grep -q '^grade-b：2 页，没有问题$' || fail "in Chinese"

step "a line for each finding, with file, page and text; the same as JSON"
finds 1 "$layouts/grade-b.json" "$(spoilt 's/\[213, 24, 60, 4\]/[2, 24, 60, 4]/; s/"code": \[34, 104.8, 46\]/"code": [34, 104.8, 40]/')"
says 'grade-b.json: 2 pages, no findings$'
says 'mine.json, page 1, text original: 2.0 mm from the edge of the page, .*: 5 mm at least (LAY-06)$'
says 'mine.json, page 1, code: a module of the longest code has .* 45.6 mm or more (LAY-04)$'
[ "$(wc -l <"$work/out")" -eq 6 ] || fail "not one line each: $(cat "$work/out")" # it overlaps with a text, and lies on the border, too
status=0
"$BIN/qualcert" --json template check "$work/mine.json" >"$work/json" || status=$?
[ "$status" -eq 1 ] || fail "with --json: exit status $status"
[ "$(field "$work/json" errors)" -eq 5 ] || fail "$(cat "$work/json")"

step "what cannot be read or is not there is a finding like others, and keeps no other from being heard"
finds 1 "$(spoilt 's/{holder_zh}/{holder}/')" grade-a
says "mine.json: cannot be read: .*text holder_zh: text: there is no field 'holder' (LAY-01)$"
says '^grade-a: 2 pages, no findings$'
finds 1 "$(spoilt 's/{holder_en}/-/')"
says 'mine.json: cannot be read: .*page 1: it does not print the field holder_en (LAY-01)$'
finds 1 "$work/no-such-layout.json" "$(spoilt 's/\[213, 24, 60, 4\]/[2, 24, 60, 4]/')" grade-b
says 'no-such-layout.json: cannot be read: there is no file .* (LAY-01)$'
says 'mine.json, page 1, text original: 2.0 mm from the edge'
says '^grade-b: 2 pages, no findings$'
: >"$work/empty.json"
finds 1 "$work/empty.json"
says 'empty.json: cannot be read: the file is empty (LAY-01)$'
finds 1 "$(spoilt 's/"style": "lead_en"/"style": 7/')"
says 'mine.json: cannot be read: page 1: texts, item 6: style: it is no text (LAY-01)$'
finds 1 "$(spoilt 's/{grade_zh}）{number}",/{holder_en}）",/')"
says 'mine.json, title: the shortest specimen cannot be printed (field holder_en is missing)'

step "a character that no font can draw is told once, without a word on room"
finds 1 "$(spoilt 's/正本  Original/正本 㔰/')"
[ "$(grep -c 'text original' "$work/out")" -eq 1 ] || fail "$(cat "$work/out")"
says 'text original: a character that no font can draw (.*U+3530.* (LAY-03)$'

step "one page is one page"
python3 - "$layouts/grade-a.json" "$work/one.json" <<'EOF'
import json, sys
layout = json.load(open(sys.argv[1]))
del layout["pages"][1]
json.dump(layout, open(sys.argv[2], "w"))
EOF
finds 0 "$work/one.json"
says 'one.json: 1 page, no findings$'

step "a program that is not there, and what to install"
as_if pdftotext pdftoppm
finds 1 grade-a
says 'grade-a: there is no zbarimg, .*: apt-get install zbar-tools (LAY-10)$'
as_if
finds 1 grade-a
says 'there is no pdftotext, .*: apt-get install poppler-utils (LAY-10)$'
[ "$(wc -l <"$work/out")" -eq 3 ] || fail "not the three programs: $(cat "$work/out")"

step "readers that read nothing: texts and codes of both pages are found missing"
as_if pdftoppm true
ln -s true "$reach/pdftotext"
ln -s true "$reach/zbarimg"
finds 1 grade-a
says 'grade-a, page 1, text holder_zh: pdftotext does not give it back: 示例𬭎㛃.*(LAY-08)$'
says 'grade-a, page 2, text versions_zh: pdftotext does not give it back: .*(LAY-08)$'
says 'grade-a, page 1, code: zbarimg does not read it on a picture of 150 dpi: .*(LAY-09)$'
says 'grade-a, page 2, code: zbarimg does not read it'

step "a preview: both pages, marked, without a code, and nothing could seal it"
"$BIN/qualcert" template preview grade-b --out "$work/look.pdf" >"$work/out"
[ "$(cat "$work/out")" = "$work/look.pdf" ] || fail "$(cat "$work/out")"
for page in 1 2; do
	pdftotext -raw -f $page -l $page "$work/look.pdf" "$work/page"
	tr -d ' \n' <"$work/page" | grep -q '^样张SPECIMEN' || fail "page $page is not marked: $(cat "$work/page")"
	grep -q '样张信息技术有限公司' "$work/page" || fail "page $page: $(cat "$work/page")"
	pdftoppm -r 150 -gray -png -singlefile -f $page -l $page "$work/look.pdf" "$work/picture"
	if zbarimg --nodbus -q --raw "$work/picture.png" >"$work/code"; then
		fail "page $page has a code: $(cat "$work/code")"
	fi
done
if grep -aqE '/ByteRange|/AcroForm|/EmbeddedFile' "$work/look.pdf"; then
	fail "a place for a seal"
fi
status=0
"$BIN/qualcert" template preview grade-a --out "$work/look.pdf" >"$work/out" 2>&1 || status=$?
[ "$status" -eq 1 ] || fail "another file was replaced: $status: $(cat "$work/out")"

step "a preview of what stands in the place of a grade is of that grade, else its id says which"
# graded LAYOUT GRADE [TREE]: by the program installed there, so is its preview.
graded() {
	rm -f "$work/graded.pdf"
	"${3:-$BIN/..}/bin/qualcert" template preview "$1" --out "$work/graded.pdf" >"$work/out"
	pdftotext -raw -l 1 "$work/graded.pdf" - | grep -q "$2" || fail "$1 is not of grade $2"
}
graded grade-b 乙级
graded "$(spoilt 's/"id": "grade-a"/"id": "grade-b-2027"/')" 乙级
graded "$(spoilt 's/"id": "grade-a"/"id": "new"/')" 甲级
place=$work/tree/share/qualcert/templates
mkdir -p "$work/tree/bin" "$place"
cp "$BIN/qualcert" "$work/tree/bin"
cp "$(spoilt 's/"id": "grade-a"/"id": "grade-a-2027"/')" "$place/grade-b.json"
graded grade-b 乙级 "$work/tree"
graded "$place/grade-b.json" 乙级 "$work/tree"
graded "$work/mine.json" 甲级 "$work/tree"
status=0
"$BIN/qualcert" template preview "$(spoilt 's/"id": "grade-a"/"id": "..\/..\/x"/')" >"$work/out" 2>&1 || status=$?
[ "$status" -eq 1 ] || fail "an id that names a file elsewhere: $status: $(cat "$work/out")"

step "nothing is left behind"
[ -z "$(ls "$TMPDIR")" ] || fail "left: $(ls "$TMPDIR")"
