#!/bin/sh
# A certificate on paper: scanned, photographed, sent as a PDF by a copier. The helper that reads it is the program
# itself; what it may not do is seen with strace. Bombs and damaged files are refused within its bounds (threat 41).
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"
need_release
BIN=$RELEASE # with sanitizers the helper has no limit of memory and gives up by that of time

ours=$work/ours
make_bureau "$ours"
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
other=$(issue_case "$ours" "$(take_case "$ours" cloud-sail)")
pdf=$ours/issued/$number.pdf
sleep 2
publish "$ours"
papers=$work/papers
mkdir "$papers"
/usr/bin/python3 "$here/scans.py" "$papers" "$pdf" "$ours/issued/$other.pdf"

# says WORDS...: each stands in the screen of one language
says() {
	for words in "$@"; do
		grep -q "$words" "$work/verdict.en" "$work/verdict.zh" ||
			fail "not said: $words: $(cat "$work/verdict.en" "$work/verdict.zh")"
	done
}

step "a scanned A4 page at 200 dpi, as PNG, as JPEG, turned, by a telephone"
for picture in scan.png scan.jpg turned-90.jpg turned-180.jpg phone.jpg; do
	verdict valid null --bureau "$ours" "$papers/$picture"
done
says 'Now compare it with the paper' '请与纸面逐项核对' '示例星桥信息技术有限公司 .*\[ \]'
[ "$(field "$work/verdict.json" kind parts.bound.answer page | tr '\n' ' ')" = "code not asked 1 " ] || fail "$(cat "$work/verdict.json")"
hash=$(sha256sum <"$papers/phone.jpg")
[ "$(field "$work/verdict.json" input_sha256)" = "${hash%% *}" ] || fail "the hash is not that of the picture"

step "as a PDF only with --scan: nobody sealed it"
verdict rejected FILE-NO-SEAL --bureau "$ours" "$papers/scan.pdf"
verdict valid null --bureau "$ours" --scan "$papers/scan.pdf"
verdict valid null --bureau "$ours" --scan "$papers/both-pages.pdf"
verdict valid null --bureau "$ours" --scan "$papers/scan.png"
verdict valid null --bureau "$ours" --scan "$pdf"

step "what is asked of a file is asked of a picture"
verdict rejected FIT-HOLDER --bureau "$ours" --holder 91999902MADEM002X6 "$papers/scan.png"
suspend_licence "$ours" "$number"
verdict rejected STATUS-SUSPENDED --bureau "$ours" "$papers/scan.png"
lift_licence "$ours" "$number"

step "two codes that differ, on one page or on two"
verdict rejected CODE-SEVERAL --bureau "$ours" "$papers/two.png"
verdict rejected CODE-SEVERAL --bureau "$ours" --scan "$papers/two.pdf"
says 'photograph only the one on' '请只拍证书上的码' '逐份'

step "no code is nobody's fault"
verdict undetermined CODE-UNREADABLE --bureau "$ours" "$papers/blank.png"
verdict undetermined CODE-UNREADABLE --bureau "$ours" --scan "$papers/blank.pdf"
says 'at 200 dpi' 'no reason to reject' '不得据此否决'

step "a sealed file that was changed stays NOT VALID; its code is shown with --scan"
cp "$pdf" "$papers/altered.pdf"
printf 'twenty-three bytes more' >>"$papers/altered.pdf"
verdict rejected FILE-CHANGED --bureau "$ours" "$papers/altered.pdf"
if grep -q 'Its code' "$work/verdict.en"; then
	fail "a code is shown that nobody asked for"
fi
verdict rejected FILE-CHANGED --bureau "$ours" --scan "$papers/altered.pdf"
says '^  Its code    was read from page 1. The code alone is genuine and belongs to$' \
	'^                示例星桥信息技术有限公司, 91999901MADEM00110, Grade A$' \
	'^              That does not save the file: a code can be copied onto any page.$' \
	'^  二维码      取自第 1 页。仅就二维码本身而言是真的，属于$' \
	'^                示例星桥信息技术有限公司，91999901MADEM00110，甲级$' \
	'^              二维码可以被复制到任何页面上，不能证明本文件真实。$'
[ "$(field "$work/verdict.json" shown_code.genuine shown_code.uscc certificate | tr '\n' ' ')" = "true 91999901MADEM00110 null " ] ||
	fail "$(cat "$work/verdict.json")"

theirs=$work/theirs
make_bureau "$theirs"
stranger=$theirs/issued/$(issue_case "$theirs" "$(take_case "$theirs" star-bridge)").pdf
verdict rejected SEAL-UNLISTED --bureau "$ours" --scan "$stranger"
says "^  Its code    was read from page 1: signed with a key that is none of the bureau's" '^  二维码      取自第 1 页：签名密钥不属于该发证机关（KEY-UNKNOWN）$'

# unusable STATUS WORDS ARGUMENT...: no verdict, a sentence, in time and memory
unusable() {
	want=$1
	words=$2
	shift 2
	status=0
	/usr/bin/time -f '%e %M' -o "$work/cost" "$BIN/qualverify" --bureau "$ours" "$@" >"$work/out" 2>"$work/err" || status=$?
	[ "$status" -eq "$want" ] || fail "$*: exit status $status, not $want: $(cat "$work/out" "$work/err")"
	grep -q "$words" "$work/err" || fail "$*: does not say $words: $(cat "$work/err")"
	[ ! -s "$work/out" ] || fail "$*: an answer about nothing: $(cat "$work/out")"
}

step "damaged, or none at all"
unusable 65 'PNG picture is damaged' "$papers/cut.png"
unusable 65 'PNG picture is damaged' "$papers/changed.png"
unusable 65 'PDF is damaged' --scan "$papers/cut.pdf"
unusable 65 'more than 8 pages' --scan "$papers/nine-pages.pdf"

step "bombs: refused before they have room (threat 41)"
for bomb in bomb-wide.png bomb-wide.jpg bomb-scans.jpg; do
	unusable 65 'pixels\|passes' "$papers/$bomb"
	memory=$(sed -n '$s/.* //p' "$work/cost")
	[ "$memory" -lt 100000 ] || fail "$bomb: $memory kB"
done
verdict undetermined CODE-UNREADABLE --bureau "$ours" "$papers/bomb-interlaced.png"

step "locked in before it looks (strace of the released program)"
# inside FILE ARGUMENT...: what the decoder asks of the system once its filter is loaded
inside() {
	file=$1
	shift
	rm -f "$work"/trace.*
	strace -ff -o "$work/trace" "$RELEASE/../libexec/qualverify-decode" "$@" <"$file" | cat >"$work/codes"
	grep -q "^1	https://v.example/q/1/[0-9]*$" "$work/codes" || fail "$*: $(cat "$work/codes")"
	decoder=$(grep -l 'execve.*qualverify-decode' "$work"/trace.*)
	sed -n '/seccomp(SECCOMP_SET_MODE_FILTER/,$p' "$decoder" >"$work/inside"
	[ -s "$work/inside" ] || fail "there is no filter"
	# zbar asks for tables of characters, and does without
	if grep -E '^(open|openat|socket|connect|execve|clone|clone3|fork|vfork|ptrace|kill)\(.*= [0-9]' "$work/inside"; then
		fail "the decoder opens, talks or starts something once it looks"
	fi
}
inside "$papers/scan.png"
grep -q 'RLIMIT_AS.*= 0' "$decoder" || fail "no limit of memory"
inside "$papers/scan.pdf" --scan
for trace in "$work"/trace.*; do
	grep -q 'execve("/usr/bin/pdftoppm"' "$trace" || continue
	drawer=$trace
	sed -n '/seccomp(SECCOMP_SET_MODE_FILTER/,$p' "$trace" >"$work/inside"
	grep -q 'execve("/usr/bin/pdftoppm".* = 0' "$work/inside" || fail "pdftoppm began before its filter"
	if grep -E '^(socket|connect|clone|clone3|fork|vfork)\(.*= [0-9]' "$work/inside" || grep -E '^openat\(.*(O_WRONLY|O_RDWR|O_CREAT).*= [0-9]' "$work/inside"; then
		fail "pdftoppm talks, starts or writes something"
	fi
done
[ -n "${drawer:-}" ] || fail "pdftoppm was not seen"

step "a helper that is not there is said"
mkdir -p "$work/alone/bin"
cp "$RELEASE/qualverify" "$work/alone/bin/"
BIN=$work/alone/bin
unusable 69 'cannot be read without qualverify-decode.*text of the code' "$papers/scan.png"
verdict valid null --bureau "$ours" "$pdf"
