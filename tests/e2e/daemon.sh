#!/bin/sh
# qualverifyd beside a register: every address answers, bad requests get problem details and change nothing, a
# suspension is answered within a second of its commit and published soon after, a request under way is finished
# after SIGTERM, and the log knows nothing about any holder.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

ours=$work/ours

header() {
	grep -qi "^$1" "$work/headers" || fail "no header $1 in: $(cat "$work/headers")"
}

# problem STATUS CURL-ARGUMENT...: problem details (RFC 9457)
problem() {
	status=$1
	shift
	ask "$status" application/problem+json "$@"
	[ "$(field "$work/body" status)" = "$status" ] || fail "$*: $(cat "$work/body")"
	[ -n "$(field "$work/body" title)" ] || fail "$*: no title"
}

confirm() {
	printf '{"number": "%s", "check_code": "%s"}' "$1" "$2" >"$work/question"
	ask 200 application/json --json "@$work/question" "$site/v1/confirm"
}

# checksums of all that a reader must not change
state() {
	(cd "$ours" && find . -type f ! -name '*-shm' ! -name '*-wal' -exec sha256sum {} + | sort)
}

# seconds WORD URL FILE: until a POST of FILE is answered with this verdict
seconds() {
	/usr/bin/python3 - "$@" <<'END'
import json, sys, time, urllib.request
word, url, path = sys.argv[1:]
began = time.monotonic()
while time.monotonic() - began < 10:
    request = urllib.request.Request(url, open(path, "rb").read(), {"Content-Type": "application/json"})
    if json.load(urllib.request.urlopen(request))["verdict"] == word:
        print(f"{time.monotonic() - began:.2f}")
        sys.exit()
    time.sleep(0.02)
sys.exit("never " + word)
END
}

within() {
	[ "$(/usr/bin/python3 -c 'import sys; print(float(sys.argv[1]) <= float(sys.argv[2]))' "$1" "$2")" = True ] ||
		fail "$3: after $1 s, not within $2 s"
}

make_bureau "$ours"
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
pdf=$ours/issued/$number.pdf
code=$(/usr/bin/python3 "$here/code.py" v.example "${pdf%.pdf}.cose")
printf '%s' "$code" >"$work/code"
check_code=$(/usr/bin/python3 "$here/leak.py" --check-code "${pdf%.pdf}.cose")
publish "$ours"
start beside --bureau "$ours"
before=$(state)

step "pages"
ask 200 text/html "$site/"
ask 200 text/html -H 'Accept-Language: en' "$site/"
grep -q 'Demonstration Qualification Bureau' "$work/body" || fail "the page does not say whose it is"
ask 200 text/css "$site/page.css"
ask 200 text/javascript "$site/page.js"
ask 200 application/yaml "$site/openapi.yaml"
ask 200 text/html "$site/q/1/${code##*/}"
header 'Referrer-Policy: no-referrer'
header 'Cache-Control: no-store'
grep -q '核验通过' "$work/body" || fail "the code's page does not say VALID"
grep -q '示例星桥信息技术有限公司' "$work/body" || fail "the code's page does not name the holder"
ask 200 text/html -F "file=@$pdf" "$site/"
grep -q '核验通过' "$work/body" || fail "the uploaded file is not VALID"
ask 200 text/html -F "number=$number" -F "check_code=$check_code" "$site/"
grep -q '核验通过' "$work/body" || fail "number and check code are not VALID"

step "verdicts"
ask 200 application/json --data-binary "@$pdf" -H 'Content-Type: application/pdf' "$site/v1/verify"
told valid null
header 'Cache-Control: no-store'
ask 200 application/json --data-binary "@${pdf%.pdf}.cose" -H 'Content-Type: application/cose' "$site/v1/verify"
told valid null
ask 200 application/json --data-binary "@$work/code" -H 'Content-Type: text/plain' "$site/v1/verify"
told valid null
ask 200 application/json --data-binary "@$pdf" -H 'Content-Type: application/pdf' "$site/v1/verify?holder=91999902MADEM002X6"
told rejected FIT-HOLDER
cp "$pdf" "$work/added.pdf"
echo >>"$work/added.pdf"
ask 200 application/json --data-binary "@$work/added.pdf" -H 'Content-Type: application/pdf' "$site/v1/verify"
told rejected FILE-CHANGED

step "confirmations: a wrong check code and a number never used get the same answer"
confirm "$number" "$check_code"
told valid null
wrong=$(echo "$check_code" | tr '0-9A-Z' '1-9A-Z0' | tr ILOU JMPV)
confirm "$number" "$wrong"
told rejected CONFIRM-UNKNOWN
cp "$work/body" "$work/wrong"
confirm JC-A-999900-2026-48213-6 "$check_code"
for body in wrong body; do
	sed 's/"input_sha256":"[0-9a-f]*"//; s/"known":"[^"]*"//; s/"at":"[^"]*"//' "$work/$body" >"$work/$body.cut"
done
cmp "$work/wrong.cut" "$work/body.cut" || fail "told apart: $(cat "$work/wrong.cut" "$work/body.cut")"

step "published files, as they are"
(cd "$ours/public" && find . -type f | sed 's|^\./||') >"$work/files"
while read -r file; do
	ask 200 '' "$site/$file"
	cmp "$work/body" "$ours/public/$file" || fail "$file is served otherwise"
done <"$work/files"

step "the admin's listener"
ask 200 text/plain "$admin/livez"
ask 200 application/json "$admin/readyz"
ask 200 text/plain "$admin/metrics"
problem 404 "$site/metrics"

step "bad requests"
problem 404 "$site/nothing"
problem 404 "$site/v1/parts/../../../keys/credential.pem"
problem 404 "$site/v1/parts/..%2f..%2f..%2fkeys%2fcredential.pem"
problem 404 "$site/registry.db"
problem 404 "$site/v1/parts/"
problem 405 -X DELETE "$site/v1/verify"
header 'Allow:'
problem 405 -X POST -d x "$site/v1/snapshot"
problem 400 -X POST -H 'Content-Type: application/pdf' "$site/v1/verify"
problem 400 --data-binary "@$pdf" -H 'Content-Type: application/pdf' "$site/v1/verify?at=yesterday"
problem 400 --data-binary "@$pdf" -H 'Content-Type: application/pdf' "$site/v1/verify?holder=123"
problem 400 --json '{"number": "JC-A-999900-2026-48213-6"' "$site/v1/confirm"
problem 400 --json '{"number": "JC-A-999900-2026-48213-6"}' "$site/v1/confirm"
problem 400 --json '{"number": ["x"], "check_code": "00000000"}' "$site/v1/confirm"
problem 400 --json '{"number": "x", "number": "y", "check_code": "00000000"}' "$site/v1/confirm"
problem 415 -d 'number=x' "$site/v1/confirm"
head -c 9000000 /dev/zero >"$work/large"
problem 413 -H 'Expect:' --data-binary "@$work/large" -H 'Content-Type: application/pdf' "$site/v1/verify"
ask 200 application/json --data-binary "@$work/question" -H 'Content-Type: application/cose' "$site/v1/verify"
told rejected FORMAT-NOT-OURS
if curl -sSk --max-time 5 -o /dev/null "https://${site#http://}/" 2>/dev/null; then
	fail "TLS is the proxy's to end, and no order comes over it (threat 45)"
fi
[ "$(state)" = "$before" ] || fail "a request changed something"

step "a suspension"
printf '{"number": "%s", "check_code": "%s"}' "$number" "$check_code" >"$work/question"
proposal=$(proposed "$(as "$ours" chang suspend "$number" --ground SUS-05 --document "示例暂〔2026〕7号" --from "$(today)" --months 6)")
[ "$(seconds valid "$site/v1/confirm" "$work/question")" ] || fail "a proposal alone must change nothing"
quietly as "$ours" fu approve "$proposal"
after=$(seconds rejected "$site/v1/confirm" "$work/question")
echo "   answered $after s after the commit, without anything published"
within "$after" 3 "a suspension"
confirm "$number" "$check_code"
told rejected STATUS-SUSPENDED
[ "$(field "$work/body" data.live)" = true ] || fail "not by the register's own word"

step "publish --watch"
"$BIN/qualcert" -C "$ours" publish "$ours/public" --watch >"$work/watch" 2>&1 &
watcher=$!
started="$started $watcher"
for _ in $(seq 100); do
	if grep -q '^published' "$work/watch"; then
		break
	fi
	sleep 0.1
done
verdict rejected STATUS-SUSPENDED --bureau "$ours" "$pdf"
count=$(wc -l <"$work/watch")
proposal=$(proposed "$(as "$ours" chang lift "$number" --ground LIF-01 --document "示例恢〔2026〕3号" --from "$(today)")")
quietly as "$ours" fu approve "$proposal"
after=$(seconds valid "$site/v1/confirm" "$work/question")
echo "   a lifting is published and answered $after s after its commit"
within "$after" 6 "a lifting"
[ "$(wc -l <"$work/watch")" -gt "$count" ] || fail "$(cat "$work/watch")"
verdict valid null --bureau "$ours" "$pdf"
kill "$watcher"
wait "$watcher" || fail "publish --watch did not end well: $(cat "$work/watch")"

step "SIGTERM lets a request finish"
curl -sS --max-time 20 --limit-rate 20000 -o "$work/slow" --data-binary "@$pdf" -H 'Content-Type: application/pdf' \
	-H 'Expect:' "$site/v1/verify" &
slow=$!
sleep 1
kill "$daemon"
wait "$slow" || fail "the request under way was cut off"
cp "$work/slow" "$work/body"
told valid null
wait "$daemon" || fail "qualverifyd did not end well: $(cat "$work/beside.log")"
if curl -sS --max-time 5 -o /dev/null "$site/livez" 2>/dev/null; then
	fail "something still answers"
fi

step "published files alone"
start alone --root "$ours/root.cose" --public "$ours/public"
ask 200 application/json --data-binary "@$pdf" -H 'Content-Type: application/pdf' "$site/v1/verify"
told valid null
problem 501 --json "@$work/question" "$site/v1/confirm"
kill "$daemon"
wait "$daemon" || fail "qualverifyd did not end well: $(cat "$work/alone.log")"

step "the log"
/usr/bin/python3 "$here/leak.py" "$ours/issued" "$work/beside.log" "$work/alone.log" || fail "the log speaks of a holder"
if grep -F -e "${code##*/}" -e "$wrong" "$work/beside.log"; then
	fail "the log holds what was asked"
fi
