#!/bin/sh
# libqualverify as a stranger uses it: installed, found by pkg-config, its header and its symbols alone, by threads.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
need_release

prefix=$work/prefix
bureau=$work/bureau

step "installed, with nothing else to be seen than the header declares"
quietly cmake --install "$RELEASE/.." --prefix "$prefix"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name libqualverify.pc)")
export PKG_CONFIG_PATH
library=$(find "$prefix" -name 'libqualverify.so.0.*')
nm -D --defined-only "$library" | sed -n 's/.* T \([a-z_]*\)@@QUALVERIFY_0$/\1/p' | sort >"$work/exported"
grep -o '\bqualverify_[a-z_]*(' "$prefix/include/libqualverify.h" | tr -d '(' | sort -u >"$work/declared"
[ -s "$work/declared" ] || fail "the header declares nothing"
diff "$work/declared" "$work/exported" || fail "header and symbols differ"
[ "$(nm -D --defined-only "$library" | grep -vc QUALVERIFY_0)" = 0 ] || fail "it shows more than its own symbols"

step "no state but in objects: what can be written is the algorithm looked up once"
objdump -t "$library" | sed -n 's/^.* [Oo] \.\(data\|bss\)[[:space:]].* \([^ ]*\)$/\2/p' | sort |
	grep -vxE '__dso_handle|__TMC_END__|completed\.0' >"$work/written" || :
printf '%s\n' algorithm fetched | diff - "$work/written" || fail "it has variables of its own"

step "eight threads, one answer"
# shellcheck disable=SC2046 # words
quietly gcc -std=c17 -D_DEFAULT_SOURCE -Wall -Wextra -Werror -o "$work/library" "$here/library.c" \
	$(pkg-config --define-variable=prefix="$prefix" --cflags --libs libqualverify)
LD_LIBRARY_PATH=$(dirname "$library")
export LD_LIBRARY_PATH
make_bureau "$bureau"
number=$(issue_case "$bureau" "$(take_case "$bureau" star-bridge)")
pdf=$bureau/issued/$number.pdf
sleep 2
publish "$bureau"
"$work/library" "$bureau/root.cose" "$bureau/public" "$pdf" '"verdict":"valid"' >"$work/screens"
grep -q '^TEST VALID ' "$work/screens" || fail "$(cat "$work/screens")"
grep -q '^测试 核验通过' "$work/screens" || fail "$(cat "$work/screens")"
grep -qxF '1 1 0 []' "$work/screens" || fail "$(cat "$work/screens")"

step "a changed file, and a code alone"
cp "$pdf" "$work/changed.pdf"
printf x >>"$work/changed.pdf"
"$work/library" "$bureau/root.cose" "$bureau/public" "$work/changed.pdf" '"reason":"FILE-CHANGED"' >"$work/screens"
grep -qxF '2 1 0 [FILE-CHANGED]' "$work/screens" || fail "$(cat "$work/screens")"
/usr/bin/python3 "$here/code.py" v.example "${pdf%.pdf}.cose" >"$work/code.txt"
"$work/library" "$bureau/root.cose" "$bureau/public" "$work/code.txt" '"verdict":"valid"' >"$work/screens"
grep -qxF '1 1 1 []' "$work/screens" || fail "$(cat "$work/screens")"

step "a picture is read by the helper, which is installed beside the program or is missed"
tr -d "\n" <"$work/code.txt" | qrencode -o "$work/code.png" -s 6 -l M
mkdir -p "$prefix/bin"
cp "$work/library" "$prefix/bin/"
"$prefix/bin/library" "$bureau/root.cose" "$bureau/public" "$work/code.png" '"page":1' >"$work/screens"
grep -qxF '1 1 1 []' "$work/screens" || fail "$(cat "$work/screens")"
if "$work/library" "$bureau/root.cose" "$bureau/public" "$work/code.png" '"page":1' 2>/dev/null; then
	fail "a picture was answered without a helper"
fi
