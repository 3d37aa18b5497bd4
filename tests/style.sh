#!/bin/sh
# style.sh CHECK BUILD-FOLDER - one check of how the tree is written. ctest runs each as style.CHECK.
# shellcheck disable=SC2046,SC2086 # no file of ours has a blank in its name
set -eu
cd "$(dirname "$0")/.."
build=$2
product='core credential keys registry issuer verifier'
failed=0

tracked() {
	git -c safe.directory="$PWD" ls-files -- "$@"
}

fail() {
	echo "$*"
	failed=1
}

layout() {
	tracked '*.c' '*.h' | xargs clang-format-14 --dry-run -Werror
}

# forbid REGEX WHY FILE... - the files' lines that hold what we agreed not to write.
forbid() {
	regex=$1 why=$2
	shift 2
	[ $# -gt 0 ] || return 0
	if grep -nHE "$regex" "$@"; then
		fail "  ^ $why"
	fi
}

words() {
	all=$(tracked '*.c' '*.h')
	ours=$(tracked $(printf '%s/*.[ch] ' $product))

	forbid '\<(strcpy|strcat|stpcpy|sprintf|vsprintf|gets|strtok|alloca)\(' \
		"no bound: snprintf, buf_add or a cursor" $all
	forbid '\<(atoi|atol|atof)\(' "no error: cursor_decimal or strtol" $all
	forbid '\<(system|popen)\(' "no shell" $all
	forbid '\<(tmpnam|tempnam|mktemp)\(' "a race: mkostemp" $all
	forbid '\<(localtime|mktime|ctime|asctime)(_r)?\(' "no local time but core/civil.h" $all
	forbid '\<(TODO|FIXME|XXX)\>' "do it, or say in docs/ that it is not done" $all
	forbid '\<(cbor_load|cbor_build_[a-z0-9_]+|cbor_item_t)\>' \
		"only cbor_encode_* and cbor_stream_decode: no tree of a stranger's choosing" $all
	forbid 'MHD_PostProcessor|MHD_(create|destroy)_post_processor' \
		"for the upload form of the page only" $(echo "$ours" | grep -v '^verifier/.*upload')
	forbid '^#include <openssl/' "only in *_openssl.[ch]" $(echo "$ours" | grep -v '_openssl\.[ch]$')
	forbid '^#include <curl/' "only in issuer/tsa_curl.h and qualverify-fetch: nothing else asks a network" \
		$(echo "$ours" | grep -vxE 'issuer/tsa_curl\.h|verifier/fetcher_curl\.c')
	forbid '^#include <sqlite3\.h>' "only in *_sqlite.c" $(echo "$ours" | grep -v '_sqlite\.[ch]$')
}

# Each folder includes only from itself and those before it; issuer/ and verifier/ never meet.
order() {
	before=
	for folder in $product; do
		case $folder in
		verifier) allowed="core|credential|keys|registry|verifier" ;;
		*) allowed="$before$folder" before="$before$folder|" ;;
		esac
		grep -nHE '^#include "' $(tracked "$folder/*.[ch]") /dev/null |
			grep -vE "#include \"(($allowed)/|[^/]*\.inc\")" && fail "  ^ $folder/ may include from $allowed"
	done
	forbid '^#include "(keys/signer|registry/store)' "no private keys, no register in the verifier" \
		$(tracked 'verifier/*.[ch]')
}

# Each header says all it needs, to both compilers.
headers() {
	for header in $(tracked '*.h'); do
		for compiler in gcc clang-14; do
				printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
				$compiler -std=c17 -D_GNU_SOURCE -DSOURCE_DIR='""' -Wall -Wextra -Werror -fsyntax-only -I. \
					-I"$build" $(pkg-config --cflags freetype2 harfbuzz-subset) -x c - ||
				fail "  ^ $header does not compile alone with $compiler"
		done
	done
}

# A source file nobody builds is a test that never runs.
built() {
	for file in $(tracked '*.c'); do
		grep -qF "\"file\": \"$PWD/$file\"" "$build/compile_commands.json" ||
			fail "$file is in no target"
	done
}

shell() {
	for file in $(tracked); do
		case $(head -c 20 "$file" | tr -d '\0' | head -n 1) in
		'#!/bin/sh'* | '#!/bin/bash'*) shellcheck -x "$file" || failed=1 ;;
		esac
	done
}

# Uninitialised values are left to the clang analyser, which understands results written through a
# pointer; readdir() is safe on a stream of one's own; values in a compound literal count as
# ignored, and the macros of other people's headers are unknown.
cppcheck_all() {
	tracked '*.c' | xargs cppcheck --quiet --error-exitcode=1 --enable=warning,portability \
		--inline-suppr --std=c11 --library=posix -D_GNU_SOURCE -D__linux__ -I. -j "$(nproc)" \
		--suppress=missingIncludeSystem --suppress=unknownMacro --suppress=readdirCalled --suppress=uninitvar \
		--suppress=ctuuninitvar --suppress=ignoredReturnValue
}

tidy() {
	tracked '*.c' | xargs -P "$(nproc)" -n 3 clang-tidy-14 -p "$build" --quiet 2>"$build/tidy.log" ||
		{
			grep -v 'warnings\? generated' "$build/tidy.log" || true
			failed=1
		}
}

case $1 in
layout) layout ;;
words) words ;;
order) order ;;
headers) headers ;;
built) built ;;
shell) shell ;;
cppcheck) cppcheck_all ;;
tidy) tidy ;;
*) fail "style.sh: no check $1" ;;
esac
exit "$failed"
