#!/bin/sh
# Offline trust: whose certificates are believed is said once, news come by https or from a stick, and then a
# certificate is verified without any option. Nothing older replaces what is newer, and wherever an update is cut off
# what is held can be used (threats 14, 17-20, 40, 48).
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"
need_release

ours=$work/ours
export XDG_CONFIG_HOME="$work/config" XDG_CACHE_HOME="$work/cache"
unset https_proxy HTTPS_PROXY

fingerprint_of() {
	/usr/bin/python3 -c '
import cbor2, hashlib, sys
print(hashlib.sha256(cbor2.load(open(sys.argv[1], "rb")).value[2]).hexdigest())' "$1"
}

# says STATUS TEXT COMMAND...: it ends so, and what it says has TEXT.
says() {
	wanted=$1
	text=$2
	shift 2
	status=0
	"$@" >"$work/said" 2>&1 </dev/null || status=$?
	[ "$status" -eq "$wanted" ] || fail "$*: exit status $status, not $wanted: $(cat "$work/said")"
	grep -q -e "$text" "$work/said" || fail "$*: does not say \"$text\": $(cat "$work/said")"
}

update() {
	"$BIN/qualverify" update --lang en "$@"
}

# tells WORD REASON ARGUMENT...: the verdict, and what is remembered stays remembered.
tells() {
	word=$1
	reason=$2
	shift 2
	"$BIN/qualverify" --json "$@" >"$work/told.json" || :
	answer=$(field "$work/told.json" verdict reason | tr '\n' ' ')
	[ "$answer" = "$word $reason " ] || fail "qualverify $*: $answer, not $word $reason"
}

# site NAME FOLDER|URL: serve it; sets $site, $authority and $asked.
site() {
	/usr/bin/python3 "$here/https_site.py" "$work/$1" "$2" &
	started="$started $!"
	for _ in $(seq 100); do
		[ ! -s "$work/$1/port" ] || break
		sleep 0.1
	done
	site=https://localhost:$(cat "$work/$1/port")
	authority=$work/$1/ca.pem
	asked=$work/$1/asked
}

make_bureau "$ours"
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
pdf=$ours/issued/$number.pdf
sleep 2
publish "$ours"
finger=$(fingerprint_of "$ours/root.cose")

step "nobody is believed by himself (threat 48)"
says 64 'trust add' "$BIN/qualverify" "$pdf"
says 64 'trust add' update "$ours/public"
says 64 'no terminal' setsid "$BIN/qualverify" trust add "$ours/root.cose" --name demo --lang en
says 65 'not that of' "$BIN/qualverify" trust add "$ours/root.cose" --name demo --fingerprint "0$finger"
says 65 'not that of' "$BIN/qualverify" trust add "$ours/root.cose" --name demo --fingerprint "$(echo "$finger" | tr 0-9a-f 1-9a-f0)"
for name in '' .. a/b .hidden "$(printf '%065d' 0)"; do
	says 64 '--name NAME' "$BIN/qualverify" trust add "$ours/root.cose" --name "$name" --fingerprint "$finger"
done
says 65 'not its fingerprint' "$here/type_fingerprint.py" "${finger%?}" "$BIN/qualverify" trust add "$ours/root.cose" --name demo --lang en
[ ! -e "$XDG_CONFIG_HOME/qualcert/roots/demo.cose" ] || fail "it is believed all the same"

step "a fingerprint that is typed"
groups=$(echo "$finger" | sed 's/..../& /g' | tr a-f A-F)
says 0 'Believed from now on, as demo' "$here/type_fingerprint.py" "$groups" "$BIN/qualverify" trust add "$ours/root.cose" --name demo --lang en
grep -q 'a test?     yes' "$work/said" || fail "it does not say that it is a test: $(cat "$work/said")"
says 0 'already, as demo' "$BIN/qualverify" trust add "$ours/root.cose" --name again --fingerprint "$finger" --lang en
says 0 "$(echo "$finger" | cut -c 1-4) $(echo "$finger" | cut -c 5-8)" "$BIN/qualverify" trust list
tells undetermined KEY-UNKNOWN-HERE "$pdf"

step "from a stick"
says 66 'no folder v1' update "$here"
says 0 'Held now: TEST trust bundle 1' update "$ours/public"
tells valid null "$pdf"
says 0 'the one held already' update "$ours"
tells valid null "$pdf"
cp -R "$ours/public" "$work/older"
sleep 1 # of two tokens of one second the one held stays

step "over the network, and only what is new"
suspend_licence "$ours" "$number"
site served "$ours/public"
says 69 'certificate is not believed' update "$site"
says 64 'https://' update "http://localhost:${site##*:}"
tells valid null "$pdf"
says 0 'snapshot [0-9]*: taken' update --ca-file "$authority" "$site"
tells rejected STATUS-SUSPENDED "$pdf"
: >"$asked"
says 0 'snapshot [0-9]*: the one held already' update --ca-file "$authority" "$site"
if grep -v '^304 ' "$asked"; then
	fail "what is held was sent again"
fi

step "what is older is not taken (threat 19)"
says 0 'snapshot [0-9]*: older' update "$work/older"
tells rejected STATUS-SUSPENDED "$pdf"

step "the daemon's site is a source too"
lift_licence "$ours" "$number"
start qualverifyd --bureau "$ours"
site behind "$site"
says 0 'snapshot [0-9]*: taken' update --ca-file "$authority" "$site"
tells valid null "$pdf"

step "without its helper, a stick still works"
mkdir -p "$work/alone/bin"
cp "$BIN/qualverify" "$work/alone/bin/"
says 69 'libexec/qualverify-fetch' "$work/alone/bin/qualverify" update --lang en "$site"
says 0 'the one held already' "$work/alone/bin/qualverify" update --lang en "$ours/public"
mkdir -p "$work/alone/libexec"
printf '#!/bin/sh\nread a\necho "found 5 -"\nprintf 12' >"$work/alone/libexec/qualverify-fetch"
chmod +x "$work/alone/libexec/qualverify-fetch"
says 69 'ended before its answer' "$work/alone/bin/qualverify" update --lang en "$site"
tells valid null "$pdf"

step "a bundle that follows, and one that was skipped"
before=$work/before
cp -R "$XDG_CACHE_HOME" "$before"
cp -R "$XDG_STATE_HOME" "$before-state"
next_bundle "$ours" 's/"hosts": \[ "v.example" \]/"hosts": [ "v.example", "w.example" ]/'
quietly "$BIN/qualcert" -C "$ours" adopt "$ours/trust-bundle"
suspend_licence "$ours" "$number"
says 0 'trust bundle 2: taken' update "$ours/public"
tells rejected STATUS-SUSPENDED "$pdf"
says 0 'trust bundle 1: older' update "$work/older"
tells rejected STATUS-SUSPENDED "$pdf"

# cut_off CALL ACTION: an update that brings bundle, snapshot and parts, cut off at each of these calls in turn. What is
# held says what it said before or what the new one says, and the next update brings it.
cut_off() {
	n=1
	while [ "$n" -lt 200 ]; do
		rm -rf "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
		cp -R "$before" "$XDG_CACHE_HOME"
		cp -R "$before-state" "$XDG_STATE_HOME"
		status=0
		strace -f -qq -o "$work/trace" -e "trace=$1" -e "inject=$1:$2:when=$n" \
			"$BIN/qualverify" update --lang en "$ours/public" >"$work/said" 2>&1 || status=$?
		grep -q 'INJECTED\|killed by' "$work/trace" || break
		"$BIN/qualverify" --json "$pdf" >"$work/told.json" || :
		answer=$(field "$work/told.json" verdict reason | tr '\n' ' ')
		case $answer in
		"valid null " | "rejected STATUS-SUSPENDED ") ;;
		*) fail "$2 at $1 $n: $answer" ;;
		esac
		case $status:$answer in
		"0:valid null ") fail "$2 at $1 $n: told as done, and is not" ;;
		esac
		"$BIN/qualverify" update --lang en "$ours/public" >"$work/said" || fail "$2 at $1 $n: $(cat "$work/said")"
		tells rejected STATUS-SUSPENDED "$pdf"
		left=$(find "$XDG_CACHE_HOME" -path '*/v1/parts/*' | grep -c -v "/[0-9a-f]\{64\}$" || :)
		[ "$left" -eq 0 ] || fail "$2 at $1 $n: $left files are left in v1/parts"
		n=$((n + 1))
	done
	echo "   $2 at $1: $((n - 1)) times"
	cuts=$((cuts + n - 1))
}

step "cut off at every call that changes a disk, and at every one that fails"
kept=$BIN
BIN=$RELEASE
cuts=0
for call in write fsync rename unlink fchmod; do
	cut_off "$call" signal=SIGKILL
done
for call in write fsync rename fchmod; do
	cut_off "$call" error=ENOSPC
done
BIN=$kept
[ "$cuts" -gt 50 ] || fail "cut off $cuts times only"

step "two bureaus, never merged"
theirs=$work/theirs
(auditor='' && make_bureau "$theirs" small)
other=$(issue_case "$theirs" "$(take_case "$theirs" cloud-sail)")
sleep 2
publish "$theirs"
says 65 "another bureau's. It is not taken" update "$theirs/public"
says 0 Believed "$BIN/qualverify" trust add "$theirs/root.cose" --name theirs --fingerprint "$(fingerprint_of "$theirs/root.cose")" --lang en
says 73 'another root set is believed as demo' sh -c "rm '$XDG_CONFIG_HOME/qualcert/roots/theirs.cose' && '$BIN/qualverify' trust add '$theirs/root.cose' --name demo --fingerprint $(fingerprint_of "$theirs/root.cose")"
says 0 Believed "$BIN/qualverify" trust add "$theirs/root.cose" --name theirs --fingerprint "$(fingerprint_of "$theirs/root.cose")" --lang en
tells undetermined KEY-UNKNOWN-HERE "$theirs/issued/$other.pdf"
tells rejected STATUS-SUSPENDED "$pdf"
says 0 'snapshot [0-9]*: taken' update "$theirs/public"
tells valid null "$theirs/issued/$other.pdf"
tells rejected STATUS-SUSPENDED "$pdf"
says 65 "another bureau's. It is not taken" update --name demo "$theirs/public"
says 0 'is believed no more' "$BIN/qualverify" trust remove theirs --lang en
says 66 'nobody is believed as theirs' "$BIN/qualverify" trust remove theirs
tells rejected SEAL-UNLISTED "$theirs/issued/$other.pdf"

step "a clock that was set back says nothing, and takes nothing (threat 14)"
says 65 'clock is earlier' later -40d update "$ours/public"
BIN=$RELEASE
later -40d tells undetermined CLOCK-BACK "$pdf"
