#!/bin/sh
# What every end-to-end test begins with. ctest calls NAME.sh BIN RELEASE: the folder of the programs under
# test, and that of the released ones for what sanitizers cannot be part of (strace, another clock).
# Afterwards there is an empty folder $work, removed at the end; every process a test starts is in $started
# or ends by itself. The bureau comes from the functions of templates/examples/demonstration.sh.
# shellcheck disable=SC2030,SC2031 # functions whose body is in parentheses have variables of their own
set -eu
BIN=$(cd "$1" && pwd)
RELEASE=$2
here=$(cd "$(dirname "$0")" && pwd)
EXAMPLES=$here/../../templates/examples
# shellcheck source=templates/examples/demonstration.sh
. "$EXAMPLES/demonstration.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/qualcert-e2e.XXXXXX")
started=
finish() {
	for process in $started; do
		if kill "$process" 2>/dev/null; then
			wait "$process" || :
		fi
	done
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

export LC_ALL=C.UTF-8 HOME="$work" XDG_STATE_HOME="$work/state" PYTHONDONTWRITEBYTECODE=1
unset QUALCERT_BUREAU NO_COLOR

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

step() {
	echo "-- $*"
}

need_release() {
	[ -x "$RELEASE/qualcert" ] || fail "no released programs in $RELEASE: run ./check, or cmake --preset release and build it"
}

# quietly COMMAND...: what it prints is shown only if it fails.
quietly() {
	"$@" >"$work/quiet" 2>&1 || fail "$*: $(cat "$work/quiet")"
}

# later SHIFT COMMAND...: the released programs, with their clock moved ("+10d", "-2h").
later() {
	need_release
	kept=$BIN
	BIN=$RELEASE
	LD_PRELOAD=$(faketime -f +0 printenv LD_PRELOAD)
	FAKETIME=$1
	export LD_PRELOAD FAKETIME
	shift
	later_status=0
	"$@" || later_status=$?
	unset LD_PRELOAD FAKETIME
	BIN=$kept
	return "$later_status"
}

# field FILE NAME...: values of a JSON object, a line each; NAME may be a path (parts.bound.answer).
field() {
	/usr/bin/python3 -c '
import functools, json, sys
value = json.load(open(sys.argv[1], encoding="utf-8"))
for name in sys.argv[2:]:
    found = functools.reduce(lambda v, k: (v or {}).get(k), name.split("."), value)
    print(found if isinstance(found, str) else json.dumps(found))' "$@"
}

# verdict WORD REASON ARGUMENT...: qualverify must answer so in its exit status, its JSON and the first words of
# both languages. REASON is a finding's word, or null. What it answered stays in $work/verdict.{json,en,zh}.
# It remembers nothing from one verdict to the next. Without a trust bundle nobody knows that it is a test: then set
# test=false.
test=true
verdict() (
	want=$1
	reason=$2
	shift 2
	case $want in
	valid) wanted=0 en='VALID ' zh='核验通过 ' ;;
	rejected) wanted=1 en='NOT VALID ' zh='核验不通过 ' ;;
	undetermined) wanted=2 en='CANNOT TELL ' zh='无法判定 ' ;;
	*) fail "verdict: no word $want" ;;
	esac
	if [ "$test" = true ]; then
		en="TEST $en"
		zh="测试 $zh"
	fi
	for form in --json --lang=en --lang=zh; do
		status=0
		# again, if a daemon of the test wrote its own memory there meanwhile
		rm -rf "$XDG_STATE_HOME" 2>/dev/null || rm -rf "$XDG_STATE_HOME"
		"$BIN/qualverify" "$form" "$@" >"$work/verdict.${form##*[-=]}" || status=$?
		[ "$status" -eq "$wanted" ] || {
			cat "$work/verdict.${form##*[-=]}" >&2
			fail "qualverify $form $*: exit status $status, not $wanted"
		}
	done
	told=$(field "$work/verdict.json" verdict reason test)
	[ "$told" = "$want
$reason
$test" ] || fail "qualverify --json $*: $(echo "$told" | tr '\n' ' '), not $want $reason $test"
	for lang in en zh; do
		first=$(eval "echo \"\$$lang\"")
		case $(head -n 1 "$work/verdict.$lang") in
		"$first"*) ;;
		*) fail "qualverify --lang $lang $*: does not begin with $first: $(head -n 1 "$work/verdict.$lang")" ;;
		esac
	done
)

# refused RULE COMMAND...: must fail with a sentence that begins with the rule's id.
refused() {
	rule=$1
	shift
	status=0
	"$@" >"$work/refused.out" 2>"$work/refused" || status=$?
	[ "$status" -ne 0 ] || fail "done, though $rule forbids it: $*"
	grep -q "\\<$rule\\>" "$work/refused" ||
		fail "not refused by $rule: $* said: $(cat "$work/refused")"
	echo "   $rule: $(grep -m 1 "\\<$rule\\>" "$work/refused" | cut -c 1-160)"
}

# next_bundle DIR SCRIPT: the trust bundle's description, changed by sed, becomes the next bundle. It waits in DIR to be
# adopted.
next_bundle() (
	secret=$1/ceremony/passphrase
	sed "$2" "$1/ceremony/bundle.json" >"$1/ceremony/bundle-2.json"
	quietly "$BIN/qualkey" bundle draft "$1/ceremony/bundle-2.json" --previous "$1/ceremony/trust-bundle" -o "$1/ceremony/draft-2"
	quietly "$BIN/qualkey" bundle sign "$1/ceremony/draft-2" -o "$1/trust-bundle" --key "$1/ceremony/甲柜.pem" \
		--key "$1/ceremony/丙柜.pem" --passphrase-file "$secret" --passphrase-file "$secret"
)

# start NAME ARGUMENT...: the daemon on free ports; sets $daemon, $site and $admin. Its log is $work/NAME.log.
start() {
	name=$1
	shift
	: >"$work/$name.out"
	"$BIN/qualverifyd" "$@" --listen 127.0.0.1:0 --admin 127.0.0.1:0 >"$work/$name.out" 2>"$work/$name.log" &
	daemon=$!
	started="$started $daemon"
	for _ in $(seq 100); do
		if grep -q readyz "$work/$name.out"; then
			break
		fi
		sleep 0.1
	done
	site=$(sed -n 's|^Open \(http://[^ ]*\)/ .*|\1|p' "$work/$name.out")
	# shellcheck disable=SC2034 # for who asks it
	admin=$(sed -n 's|.* \(http://[^ ]*\)/readyz$|\1|p' "$work/$name.out")
	[ -n "$site" ] || fail "qualverifyd did not start: $(cat "$work/$name.out" "$work/$name.log")"
}

# ask STATUS TYPE CURL-ARGUMENT...: the reply must be so; its body is in $work/body, its headers in $work/headers.
ask() {
	want=$1
	type=$2
	shift 2
	got=$(curl -sS --path-as-is --max-time 20 -D "$work/headers" -o "$work/body" -w '%{http_code} %{content_type}' "$@") ||
		fail "curl $*: no reply"
	case $got in
	"$want $type"*) ;;
	*) fail "curl $*: $got, not $want $type: $(head -c 500 "$work/body")" ;;
	esac
}

# told WORD REASON: the verdict in $work/body
told() {
	answer=$(field "$work/body" verdict reason test | tr '\n' ' ')
	[ "$answer" = "$1 $2 true " ] || fail "answered $answer, not $1 $2 true"
}
