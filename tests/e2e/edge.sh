#!/bin/sh
# nginx with the sample configurations, before the daemon and before published files alone: what TLS and HTTP it speaks,
# what it refuses, that a verification comes through, that both reload under load without a failed request, and that no
# log holds anything of what was asked or who asked.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
samples=$here/../../deploy/nginx
# What must be found in no log: where requests come from here, and what a browser would say of itself.
from=127.0.0.77
agent=SecretBrowser/1.0

free_port() {
	/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=v.example \
	-addext subjectAltName=DNS:v.example,IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/cert.pem"

# sample NAME SAMPLE: it, with other addresses and paths, and the daemon's, and nothing else changed.
sample() {
	sed -E "/listen \[::\]/d; s|listen 443|listen 127.0.0.1:$port|; s|listen 80 |listen 127.0.0.1:$plain |
		s|/etc/ssl/v.example/fullchain.pem|$work/cert.pem|; s|/etc/ssl/v.example/privkey.pem|$work/key.pem|
		s|/run/qualverifyd/site.sock|$work/site.sock|; s|/var/log/nginx|$work/$1|; s|/srv/qualcert-public|$work/mirror|" "$2"
}

# nginx NAME SAMPLE: a server of this sample alone; sets $nginx and $port. The error log beside the sample's would tell
# what it keeps back.
nginx() {
	name=$1
	port=$(free_port)
	plain=$(free_port)
	mkdir "$work/$name"
	sample "$name" "$samples/$2" >"$work/$name/site.conf"
	user=
	if [ "$(id -u)" -eq 0 ]; then
		user="user root;"
	fi
	cat >"$work/$name/nginx.conf" <<END
$user
daemon off;
worker_processes 2;
pid $work/$name/pid;
error_log $work/$name/main.log error;
events { worker_connections 256; }
http {
	client_body_temp_path $work/$name/body; proxy_temp_path $work/$name/proxy; fastcgi_temp_path $work/$name/f;
	uwsgi_temp_path $work/$name/u; scgi_temp_path $work/$name/s;
	include $work/$name/site.conf;
}
END
	quietly /usr/sbin/nginx -t -q -c "$work/$name/nginx.conf" -e "$work/$name/start.log"
	/usr/sbin/nginx -c "$work/$name/nginx.conf" -e "$work/$name/start.log" &
	nginx=$!
	started="$started $nginx"
	for _ in $(seq 100); do
		if curl -sk -o "$work/up" "https://127.0.0.1:$port/"; then
			break
		fi
		sleep 0.1
	done
	site=https://v.example:$port
}

# the caller that no log may name
edge() {
	wanted=$1
	kind=$2
	shift 2
	ask "$wanted" "$kind" --cacert "$work/cert.pem" --resolve "v.example:$port:127.0.0.1" --interface "$from" -A "$agent" \
		-e "https://$agent/" "$@"
}
status() {
	curl -sS --max-time 20 --cacert "$work/cert.pem" --resolve "v.example:$port:127.0.0.1" --interface "$from" -A "$agent" \
		-o "$work/body" -D "$work/headers" -w '%{http_code}' "$@"
}
expect() {
	want=$1
	shift
	got=$(status "$@") || fail "$*: no reply"
	[ "$got" = "$want" ] || fail "$*: $got, not $want: $(head -c 300 "$work/body")"
}
# what nginx itself says: problem details of this type, or a page with these words
browser='Accept: text/html,application/xhtml+xml,*/*;q=0.8'
problem() {
	header 'Content-Type: application/problem+json'
	[ "$(field "$work/body" status type)" = "$(printf '%s\n' "$@")" ] || fail "no problem $*: $(cat "$work/body")"
}
sorry() {
	header 'Content-Type: text/html; charset=utf-8'
	for words in "$@"; do
		grep -q "$words" "$work/body" || fail "no $words in: $(cat "$work/body")"
	done
}
header() {
	grep -qi "^$1" "$work/headers" || fail "no header $1 in: $(cat "$work/headers")"
}
# Whoever answers, nothing that was asked is kept, indexed or handed on; each header once.
private() {
	header 'Cache-Control: no-store'
	header 'X-Robots-Tag: noindex'
	header 'Referrer-Policy: no-referrer'
	header "Content-Security-Policy: default-src 'none'"
	header 'X-Content-Type-Options: nosniff'
	header 'Strict-Transport-Security: max-age='
	twice=$(sed -n 's/^\([A-Za-z-]*\):.*/\1/p' "$work/headers" | tr '[:upper:]' '[:lower:]' | sort | uniq -d)
	[ -z "$twice" ] || fail "twice: $twice in: $(cat "$work/headers")"
}
# What is wanted by this Accept: a page, or problem details.
accepts() {
	while read -r form accept; do
		expect "$1" -H "Accept: $accept" "$2"
		case $form in
		page) header 'Content-Type: text/html' ;;
		problem) header 'Content-Type: application/problem+json' ;;
		esac
		echo "   $form: $accept"
	done <<END
page text/html
page text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
page text/html, application/json
page text/html, application/problem+json
page application/json;q=0.9, text/html
page text/html, application/json;q=0.5
page text/html;q=0.5
problem application/json, text/html
problem application/problem+json, text/html
problem application/json, text/html;q=0.5
problem text/html;q=0.5, application/json
problem text/html;q=0
problem application/json
problem */*
problem image/png
END
}

step "in Debian's nginx.conf, each in the place of Debian's own site"
# debian FILE...: are these, as the sites of Debian's nginx, well formed?
debian() {
	rm -rf "$work/debian"
	mkdir -p "$work/debian/conf.d" "$work/debian/sites-enabled"
	for file in "$@"; do
		case $file in
		/etc/*) into=sites-enabled ;;
		*) into=conf.d ;;
		esac
		sample debian "$file" >"$work/debian/$into/${file##*/}"
	done
	sed "s|/etc/nginx/conf.d/|$work/debian/conf.d/|; s|/etc/nginx/sites-enabled/|$work/debian/sites-enabled/|
		s|^pid .*|pid $work/debian/pid;|; s|/var/log/nginx|$work/debian|" /etc/nginx/nginx.conf >"$work/debian/nginx.conf"
	/usr/sbin/nginx -t -q -c "$work/debian/nginx.conf" -e "$work/debian/start.log" >"$work/said" 2>&1
}
port=$(free_port)
plain=$(free_port)
own=/etc/nginx/sites-available/default
for file in "$samples/qualverifyd.conf" "$samples/static.conf" "$own"; do
	debian "$file" || fail "$file: $(cat "$work/said")"
done
for other in "$samples/static.conf" "$own"; do
	if debian "$samples/qualverifyd.conf" "$other"; then
		fail "beside $other it is well formed: say so"
	fi
	grep -q 'duplicate default server' "$work/said" || fail "$(cat "$work/said")"
done

ours=$work/ours
make_bureau "$ours"
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
pdf=$ours/issued/$number.pdf
code=$(/usr/bin/python3 "$here/code.py" v.example "${pdf%.pdf}.cose")
check_code=$(/usr/bin/python3 "$here/leak.py" --check-code "${pdf%.pdf}.cose")
publish "$ours"
quietly pdftoppm -r 200 -png -singlefile "$pdf" "$work/paper"
printf '[qualverifyd]\nbureau = %s\nlisten = unix:%s\n' "$ours" "$work/site.sock" >"$work/conf"
"$BIN/qualverifyd" --config "$work/conf" --admin 127.0.0.1:0 >"$work/daemon.out" 2>"$work/daemon.log" &
daemon=$!
started="$started $daemon"
nginx edge qualverifyd.conf

step "TLS 1.2 and 1.3, and nothing older"
for version in 1.2 1.3; do
	[ "$(status --tlsv$version --tls-max $version "$site/")" = 200 ] || fail "TLS $version"
done
# The client's own rules would refuse 1.1 before the server could.
handshake() {
	echo | openssl s_client -connect "127.0.0.1:$port" -servername v.example -cipher 'DEFAULT@SECLEVEL=0' "$@" >"$work/tls" 2>&1 || :
	grep -q '^ *Protocol *: *TLS\|^New, TLS' "$work/tls" && ! grep -q 'Cipher is (NONE)' "$work/tls"
}
handshake -tls1_2 || fail "the handshake of this test never succeeds: $(cat "$work/tls")"
for version in -tls1 -tls1_1; do
	if handshake $version; then
		fail "$version is spoken"
	fi
	grep -q 'alert' "$work/tls" || fail "$version was not refused by the server: $(cat "$work/tls")"
done

step "HTTP/2, and what comes by plain HTTP is sent to TLS"
[ "$(status --http2 -w '%{http_version}' "$site/")" = 2 ] || fail "no HTTP/2"
[ "$(status --http1.1 -w '%{http_version}' "$site/")" = 1.1 ] || fail "no HTTP/1.1"
header 'Strict-Transport-Security: max-age='
header 'Content-Security-Policy: '
[ "$(curl -sS -o "$work/body" -w '%{http_code} %{redirect_url}' "http://127.0.0.1:$plain/q/1/123?x=1")" = "308 https://v.example/q/1/123?x=1" ] ||
	fail "plain HTTP is not redirected"
curl -sS -o "$work/body" -D "$work/headers" "http://127.0.0.1:$plain/q/1/123"
header 'Cache-Control: no-store'
header 'Referrer-Policy: no-referrer'

step "verifications come through"
edge 200 application/json --data-binary "@$pdf" -H 'Content-Type: application/pdf' "$site/v1/verify?holder=91999901MADEM00110"
told valid null
edge 200 application/json --data-binary "@$work/paper.png" -H 'Content-Type: image/png' "$site/v1/verify"
told valid null
edge 200 text/html "$site/q/1/${code##*/}?lang=en"
private
edge 200 application/schema+json "$site/verdict.schema.json"
edge 200 text/html -F "file=@$pdf" -F "file=@$work/paper.png" "$site/"
edge 200 application/json --json "{\"number\": \"$number\", \"check_code\": \"$check_code\"}" "$site/v1/confirm"
told valid null
[ "$(status -T "$pdf" -X POST -H 'Content-Type: application/pdf' -H 'Transfer-Encoding: chunked' "$site/v1/verify")" = 200 ] ||
	fail "a body whose length is not known comes through: $(cat "$work/body")"
told valid null

step "a page or problem details: the daemon chooses as nginx does when it is gone"
accepts 404 "$site/nowhere"

step "misses are counted for whom nginx names, not for whom a client claims to be"
wrong=$(echo "$check_code" | tr '0-9A-Z' '1-9A-Z0' | tr ILOU JMPV)
for n in $(seq 12); do
	last=$(status -H "X-Forwarded-For: 192.0.2.$n" --json "{\"number\": \"$number\", \"check_code\": \"$wrong\"}" "$site/v1/confirm")
done
[ "$last" = 429 ] || fail "twelve misses of one client: $last"
header 'Retry-After: '
[ "$(grep -ci '^retry-after:' "$work/headers")" = 1 ] || fail "Retry-After twice"

step "limits"
head -c 8388609 /dev/zero >"$work/large"
expect 413 --data-binary "@$work/large" -H 'Content-Type: application/pdf' "$site/v1/verify"
head -c 8388608 /dev/zero >"$work/large"
expect 200 --data-binary "@$work/large" -H 'Content-Type: application/pdf' "$site/v1/verify"
expect 413 --data-binary "@$work/large" -H 'Content-Type: application/json' "$site/v1/confirm"
problem 413 /openapi.yaml#/components/schemas/too-long
expect 413 -H "$browser" --http1.1 --data-binary "@$work/large" "$site/v1/confirm"
sorry 文件太大 'too large'
expect 413 --data-binary "@$work/large" "$site/q/1/1"
private
expect 414 --http1.1 "$site/q/1/$(printf '%09000d' 0)"
private
/usr/bin/python3 - "$port" "$from" >"$work/limits" <<'END' || fail "$(cat "$work/limits")"
import collections, concurrent.futures, socket, ssl, sys, time
port, source = int(sys.argv[1]), sys.argv[2]
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
def connect():
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), 20, (source, 0)), server_hostname="v.example")
def get(_):
    with connect() as s:
        s.sendall(b"GET /page.css HTTP/1.1\r\nHost: v.example\r\nConnection: close\r\n\r\n")
        return s.recv(4096).split(b"\r\n")[0].split(b" ")[1].decode()
with concurrent.futures.ThreadPoolExecutor(16) as pool:
    got = collections.Counter(pool.map(get, range(300)))
print("   300 requests at once:", dict(got))
assert got["429"] > 0 and got["200"] >= 50 and set(got) == {"200", "429"}
# Open requests of another client: each has begun a body that does not come.
held, source = [], "127.0.0.88"
for _ in range(40):
    s = connect()
    s.sendall(b"POST /v1/verify HTTP/1.1\r\nHost: v.example\r\nContent-Type: application/pdf\r\nContent-Length: 100\r\n\r\nx")
    held.append(s)
time.sleep(3)
answers = collections.Counter()
for s in held:
    s.settimeout(0.05)
    try:
        answers[s.recv(100).split(b" ")[1].decode()] += 1
    except TimeoutError:
        answers["waits"] += 1
print("   40 begun and never ended:", dict(answers))
assert answers["503"] >= 8 and answers["waits"] <= 32
END
cat "$work/limits"

step "requests that two servers could read differently"
/usr/bin/python3 - "$port" >"$work/smuggled" <<'END' || fail "$(cat "$work/smuggled")"
import socket, ssl, sys
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
NEXT = b"GET /smuggled HTTP/1.1\r\nHost: v.example\r\n\r\n"
POST = b"POST /v1/verify HTTP/1.1\r\nHost: v.example\r\nContent-Type: text/plain\r\n"
rows = {
    "length and chunked": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT,
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello" + NEXT,
    "two equal lengths": POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + NEXT,
    "a blank before the colon": POST + b"Content-Length : 5\r\n\r\nhello" + NEXT,
    "two encodings": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + NEXT,
    "an unknown encoding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + NEXT,
    "a length with a sign": POST + b"Content-Length: +5\r\n\r\nhello" + NEXT,
    "a bad chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n" + NEXT,
    "two hosts": b"GET / HTTP/1.1\r\nHost: v.example\r\nHost: w.example\r\n\r\n" + NEXT,
    "no host": b"GET / HTTP/1.1\r\n\r\n" + NEXT,
}
for name, request in rows.items():
    with context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10), server_hostname="v.example") as s:
        s.sendall(request)
        got = b""
        while True:
            try:
                more = s.recv(65536)
            except ConnectionError:
                more = b""
            if not more:
                break
            got += more
    answers = [line.split(b" ")[1] for line in got.split(b"\r\n") if line.startswith(b"HTTP/1.")]
    print("  ", name, answers)
    assert len(answers) == 1 and answers[0] in (b"400", b"411", b"501"), name
END

step "both reload under load: no request fails"
/usr/bin/python3 "$here/under_load.py" "https://127.0.0.1:$port" "$pdf" "$work/ready" >"$work/load" 2>&1 &
load=$!
for _ in $(seq 100); do
	if [ -e "$work/ready" ]; then
		break
	fi
	sleep 0.1
done
for _ in $(seq 10); do
	kill -HUP "$daemon"
	kill -HUP "$nginx"
	sleep 0.4
done
rm "$work/ready"
wait "$load" || fail "$(cat "$work/load")"
echo "   $(tail -n 1 "$work/load")"
grep -c '"event":"reloaded"' "$work/daemon.log" >"$work/reloads"
[ "$(cat "$work/reloads")" -ge 10 ] || fail "the daemon reloaded $(cat "$work/reloads") times"

step "the daemon is gone: whoever asks is told when to come back"
kill "$daemon"
wait "$daemon" || fail "qualverifyd did not end well: $(cat "$work/daemon.log")"
expect 502 -H "$browser" "$site/q/1/${code##*/}"
header 'Retry-After: 5'
sorry 不得据此否决 'says nothing about the certificate'
private
expect 502 -H 'Content-Type: application/pdf' --data-binary "@$pdf" "$site/v1/verify"
header 'Retry-After: 5'
problem 502 about:blank
private
accepts 502 "$site/"

step "of the caller nothing goes further but the address nginx saw"
/usr/bin/python3 "$here/echo_request.py" "$work/site.sock" &
echo=$!
for _ in $(seq 100); do
	if [ -S "$work/site.sock" ]; then
		break
	fi
	sleep 0.1
done
# Meanwhile nginx keeps away from a server that failed for ten seconds: time for a header that dribbles.
/usr/bin/python3 - "$port" <<'END' || fail "a header that dribbles, or a body that stops, is waited for"
import socket, ssl, sys, time
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
def begin(text):
    s = context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10), server_hostname="v.example")
    s.sendall(text)
    s.settimeout(0.1)
    return s
def is_open(s):
    try:
        return s.recv(4096) != b""
    except TimeoutError:
        return True
    except OSError:
        return False
header = begin(b"GET / HTTP/1.1\r\nHost: v.example\r\nX: ")
body = begin(b"POST /v1/verify HTTP/1.1\r\nHost: v.example\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nx")
waiting, began = {header, body}, time.monotonic()
while waiting and time.monotonic() - began < 25:
    for s in list(waiting):
        if not is_open(s):
            waiting.remove(s)
    try:
        header.sendall(b"x")
    except OSError:
        pass
    time.sleep(0.3)
assert not waiting and time.monotonic() - began > 8
time.sleep(2)
END
edge 200 text/plain -H 'X-Forwarded-For: 192.0.2.1' -H 'X-Forwarded-For: 192.0.2.2' -H 'Forwarded: for=192.0.2.3' -H 'Cookie: a=b' "$site/"
wait "$echo" || fail "nobody asked"
tr -d '\r' <"$work/body" | tr '[:upper:]' '[:lower:]' | grep -v '^$\|^get / http/1.1$\|^accept: ' >"$work/passed"
printf 'host: v.example\nx-forwarded-for: %s\n' "$from" | diff - "$work/passed" || fail "other headers go further"
kill -QUIT "$nginx"
wait "$nginx" || fail "nginx did not end well"

step "a mirror: published files alone, with their types and ages"
cp -R "$ours/public" "$work/mirror"
nginx published static.conf
(cd "$work/mirror" && find . -type f | sed 's|^\./||') >"$work/files"
while read -r file; do
	expect 200 "$site/$file"
	cmp "$work/body" "$work/mirror/$file" || fail "$file is served otherwise"
	grep -i '^content-type:\|^cache-control:\|^access-control-allow-origin:' "$work/headers" | tr -d '\r' | tr '[:upper:]' '[:lower:]' | sort >"$work/mirror.headers"
	grep -qi '^last-modified:' "$work/headers" && fail "$file has a time for its validator"
	echo "$file" >>"$work/mirrored"
	cat "$work/mirror.headers" >>"$work/mirrored"
done <"$work/files"
start alone --root "$ours/root.cose" --public "$work/mirror"
while read -r file; do
	curl -sS -o "$work/body" -D "$work/headers" "$site/$file"
	echo "$file"
	grep -i '^content-type:\|^cache-control:\|^access-control-allow-origin:' "$work/headers" | tr -d '\r' | tr '[:upper:]' '[:lower:]' | sort
done <"$work/files" >"$work/served"
diff "$work/served" "$work/mirrored" || fail "nginx and the daemon send other types or ages"
kill "$daemon"
wait "$daemon" || fail "qualverifyd did not end well"
site=https://v.example:$port
for path in / /v1/ /v1/parts/ /v1/parts/.hidden /registry.db /v1/../v1/snapshot/x "/v1/status/TEST/0?x" /.git; do
	case $path in
	*\?x) expect 200 "$site$path" ;;
	*) expect 404 --path-as-is "$site$path" ;;
	esac
done
expect 405 -d x "$site/v1/snapshot"
expect 204 -X OPTIONS -H 'Origin: https://w.example' -H 'Access-Control-Request-Method: GET' "$site/v1/snapshot"
header 'Access-Control-Allow-Headers: If-None-Match'
part=$(grep -m 1 '^v1/parts/' "$work/files")
expect 200 "$site/$part"
expect 304 -H "If-None-Match: $(sed -n 's/^[Ee][Tt][Aa][Gg]: //p' "$work/headers" | tr -d '\r')" "$site/$part"
echo outside >"$work/outside"
ln -s "$work/outside" "$work/mirror/v1/parts/abc"
[ "$(status "$site/v1/parts/abc")" != 200 ] || fail "a link leads out of the folder"
fingerprint=$("$BIN/qualverify" trust add --lang en "$ours/root.cose" --name demo </dev/null 2>/dev/null | sed -n '/fingerprint/,$p' | tr -cd 0-9a-f |
	tail -c 64) || :
quietly "$BIN/qualverify" trust add "$ours/root.cose" --name demo --fingerprint "$fingerprint"
"$BIN/qualverify" update --lang en --ca-file "$work/cert.pem" "https://127.0.0.1:$port" >"$work/said" 2>&1 || fail "$(cat "$work/said")"
grep -q 'snapshot [0-9]*: taken' "$work/said" || fail "$(cat "$work/said")"
kill -QUIT "$nginx"
wait "$nginx" || fail "nginx did not end well"

step "no log holds what was asked, or who asked"
for log in "$work"/edge/*.log "$work"/published/*.log "$work/daemon.log"; do
	if grep -nF -e "${code##*/}" -e "$number" -e "$check_code" -e "$wrong" -e 91999901MADEM00110 -e '127.0.0' -e "$agent" -e smuggled \
		-e 'lang=en' -e '192.0.2' "$log"; then
		fail "$log tells of somebody"
	fi
done
/usr/bin/python3 "$here/leak.py" "$ours/issued" "$work"/edge/*.log "$work/daemon.log" || fail "a log speaks of a holder"
/usr/bin/python3 - "$work/edge/qualverifyd.log" <<'END' || fail "the log is no JSON"
import collections, json, sys
routes = collections.Counter()
for line in open(sys.argv[1], encoding="utf-8"):
    routes[json.loads(line)["route"]] += 1
print("  ", dict(routes))
assert {"/", "/q/1/*", "/v1/verify", "/v1/confirm", "/page.css", "/verdict.schema.json"} <= set(routes), routes
END
