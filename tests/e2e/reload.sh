#!/bin/sh
# The daemon's configuration: what --check-config says, and that SIGHUP takes up what can change, refuses what is broken and
# fails no request: eight clients ask without a pause, over connections they keep, while it reloads twenty times. Then what
# its operator sees: metrics, readiness, a clock that jumps.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

ours=$work/ours
conf=$work/qualverifyd.conf
make_bureau "$ours"
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
pdf=$ours/issued/$number.pdf
publish "$ours"

# checked STATUS TEXT ARGUMENT...: --check-config must end and say so
checked() {
	want=$1
	text=$2
	shift 2
	got=0
	"$BIN/qualverifyd" --config "$conf" --check-config "$@" >"$work/said" 2>&1 || got=$?
	[ "$got" = "$want" ] || fail "--check-config: exit status $got, not $want: $(cat "$work/said")"
	grep -qF -e "$text" "$work/said" || fail "--check-config does not say \"$text\": $(cat "$work/said")"
}

step "--check-config"
sample=$here/../../deploy/qualverifyd.conf
sed "s|= /srv/qualcert\$|= $ours|; s|= /var/lib/qualverifyd|= $work/memory|" "$sample" >"$conf"
checked 0 "$conf: all is well"
# The sample names every key, and the document tells of every key; both of no other.
"$BIN/qualverifyd" --help | grep -oE '^  --[a-z]+ ' | tr -d ' -' | grep -vx config | sort >"$work/keys"
sed -nE 's/^#?([a-z]+) = .*/\1/p' "$sample" | sort -u | diff "$work/keys" - || fail "the sample has other keys"
sed -n '/^## Configuration/,/^## Signals/p' "$here/../../docs/daemon.md" | sed -nE 's/^\| \x60([a-z]+)\x60 \|.*/\1/p' | sort -u | diff "$work/keys" - || fail "docs/daemon.md has other keys"
checked 78 "--public: /nowhere: No such file" --public /nowhere --root "$ours/root.cose"
checked 78 "--public: $ours publishes nothing: the published files are in its folder public" --public "$ours" --root "$ours/root.cose"
checked 78 "--public: $here publishes nothing: neither v1/ nor log/ is in it" --public "$here" --root "$ours/root.cose"
mkdir "$work/empty"
checked 0 "$work/empty: nothing is published there yet; the daemon will answer CANNOT TELL until it is" --public "$work/empty" \
	--root "$ours/root.cose"
checked 78 "--admin: admin (:8080) is where listen (127.0.0.1:8080) is already" --admin :8080
checked 78 "$conf:$(grep -n '^admin' "$conf" | cut -d: -f1): admin (127.0.0.1:8081) is where listen (:8081) is already" --listen :8081
printf 'bureau = %s\n[qualverifyd]\n' "$ours" >"$conf"
checked 78 "$conf:1: this key must stand below the line [qualverifyd]"
cat >"$conf" <<END
[qualverifyd]
root = $ours/qualcert.conf
public = $ours
admin = 127.0.0.1:8080
listen = 8080
port = 80
END
checked 78 "$conf:2: $ours/qualcert.conf:"
checked 78 "$conf:3: $ours publishes nothing"
checked 78 "$conf:4: admin (127.0.0.1:8080) is where listen (127.0.0.1:8080) is already"
sed -i /^root/d "$conf"
checked 78 "$conf:4: \"8080\" is no address"
checked 78 "$conf:5: unknown key"
checked 78 "$conf: say whom to believe"
rm "$conf"
checked 78 "there is no file $conf"
[ "$(wc -l <"$work/said")" = 1 ] || fail "--check-config of no file: $(cat "$work/said")"

step "twenty reloads under load"
printf '[qualverifyd]\nbureau = %s\nmemory = %s\n' "$ours" "$work/memory" >"$conf"
start served --config "$conf"
descriptors() {
	find "/proc/$daemon/fd" -type l | wc -l
}
ask 200 application/json "$admin/readyz"
before=$(descriptors)
/usr/bin/python3 "$here/under_load.py" "$site" "$pdf" "$work/ready" >"$work/load" 2>&1 &
load=$!
for _ in $(seq 100); do
	if [ -e "$work/ready" ]; then
		break
	fi
	sleep 0.1
done
# event TEXT N: until the log has N lines with it
event() {
	for _ in $(seq 200); do
		if [ "$(grep -cF "$1" "$work/served.log")" -ge "$2" ]; then
			return
		fi
		sleep 0.05
	done
	fail "the log does not say $1 $2 times: $(grep -v '"event":"request"' "$work/served.log")"
}
cp -R "$ours/public" "$work/copy"
for n in $(seq 20); do
	# Every other time it moves: to published files alone, and back.
	if [ $((n % 2)) = 1 ]; then
		printf '[qualverifyd]\nroot = %s\npublic = %s\nmemory = %s\n' "$ours/root.cose" "$work/copy" "$work/memory" >"$conf"
	else
		printf '[qualverifyd]\nbureau = %s\nmemory = %s\n' "$ours" "$work/memory" >"$conf"
	fi
	kill -HUP "$daemon"
	event '"event":"reloaded"' "$n"
	ask 200 application/json "$admin/readyz"
	if [ $((n % 2)) = 1 ]; then
		lookup=none
	else
		lookup=current
	fi
	[ "$(field "$work/body" lookup)" = $lookup ] || fail "after reload $n: $(cat "$work/body")"
done

step "a broken configuration is refused, and the old one goes on"
refused_for() {
	refusals=$((refusals + 1))
	kill -HUP "$daemon"
	event '"refused":' "$refusals"
	grep -F '"refused":' "$work/served.log" | tail -n 1 | grep -qF "$1" || fail "not refused for $1: $(grep refused "$work/served.log")"
	ask 200 application/json "$admin/readyz"
	[ "$(field "$work/body" lookup)" = current ] || fail "it did not go on as before: $(cat "$work/body")"
}
refusals=0
echo 'colour = red' >>"$conf"
refused_for "$conf:4: unknown key"
printf '[qualverifyd]\nbureau = %s\n' "$work/nowhere" >"$conf"
refused_for "$conf:2:"
printf '[qualverifyd]\nroot = %s\npublic = %s\n' "$ours/root.cose" "$work/empty" >"$conf"
refused_for TRUST-MISSING
printf '[qualverifyd]\nroot = %s\npublic = %s\n' "$ours/issued/$number.pdf" "$ours/public" >"$conf"
refused_for "$conf:2:"
rm "$conf"
refused_for "there is no file $conf"

rm "$work/ready"
wait "$load" || fail "$(cat "$work/load")"
echo "   $(tail -n 1 "$work/load") (20 reloads done, $refusals refused)"
for _ in $(seq 50); do
	if [ "$(descriptors)" -le "$before" ]; then
		break
	fi
	sleep 0.1
done
[ "$(descriptors)" -le "$before" ] || fail "it holds $(descriptors) descriptors, and had $before"
ask 200 text/plain "$admin/metrics"
grep '^qualverifyd_replies_total' "$work/body" >"$work/replies"
grep -q '^qualverifyd_reloads_total{result="done"} 20$' "$work/body" || fail "$(cat "$work/body")"
grep -q "^qualverifyd_reloads_total{result=\"refused\"} $refusals\$" "$work/body" || fail "$(cat "$work/body")"

cp "$work/body" "$work/metrics"
for _ in $(seq 50); do
	if [ "$(descriptors)" -le "$before" ]; then
		break
	fi
	sleep 0.1
done
[ "$(descriptors)" -le "$before" ] || fail "it holds $(descriptors) descriptors, and had $before"
ask 200 text/plain "$admin/metrics"
grep '^qualverifyd_replies_total' "$work/body" | diff - "$work/replies" || fail "a scrape counts as a request"

step "what /metrics says can be read by its rules"
/usr/bin/python3 "$here/metrics.py" "$work/metrics" || fail "$(cat "$work/body")"
printf 'a_total 1\n' >"$work/bad"
if /usr/bin/python3 "$here/metrics.py" "$work/bad" 2>/dev/null; then
	fail "bad metrics are not noticed"
fi

step "not ready, and why"
mv "$ours/lookup.db" "$work/lookup.db"
for _ in $(seq 50); do
	[ "$(curl -sS -o "$work/body" -w '%{http_code}' "$admin/readyz")" = 503 ] && break
	sleep 0.1
done
ask 503 application/json "$admin/readyz"
[ "$(field "$work/body" reasons)" = '["the register'"'"'s look-up table cannot be read"]' ] || fail "$(cat "$work/body")"
event '"event":"not ready"' 1
mv "$work/lookup.db" "$ours/lookup.db"
event '"event":"ready"' 1
ask 200 application/json "$admin/readyz"
kill "$daemon"
wait "$daemon" || fail "qualverifyd did not end well: $(cat "$work/served.log")"

step "other sockets wait for a restart"
sockets() {
	printf '[qualverifyd]\nbureau = %s\nmemory = %s\nlisten = unix:%s\nadmin = unix:%s\n' "$ours" "$work/memory" "$work/$1" "$work/$2" >"$conf"
}
sockets site admin
: >"$work/served.log"
"$BIN/qualverifyd" --config "$conf" >"$work/sockets.out" 2>"$work/served.log" &
daemon=$!
started="$started $daemon"
event '"event":"started"' 1
sockets another admin
kill -HUP "$daemon"
event '"later":"listen"' 1
event '"event":"reloaded"' 1
ask 200 text/html --unix-socket "$work/site" http://v.example/
[ ! -e "$work/another" ] || fail "another socket was opened"
kill "$daemon"
wait "$daemon" || fail "qualverifyd did not end well: $(cat "$work/served.log")"
if [ -e "$work/site" ] || [ -e "$work/admin" ]; then
	fail "the sockets stay behind"
fi

step "a start that fails leaves no socket behind"
sockets site admin
echo 'no socket' >"$work/admin"
if "$BIN/qualverifyd" --config "$conf" >"$work/said" 2>&1; then
	fail "it started"
fi
grep -q "$work/admin is there already and is no socket" "$work/said" || fail "$(cat "$work/said")"
[ ! -e "$work/site" ] || fail "the site's socket stays behind"

step "a clock that jumps"
need_release
BIN=$RELEASE
preload=$(faketime -f +0 printenv LD_PRELOAD)
echo '+0' >"$work/clock"
LD_PRELOAD=$preload FAKETIME_TIMESTAMP_FILE=$work/clock FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1 \
	start clock --bureau "$ours" --memory "$work/memory"
ask 200 application/json "$admin/readyz"
echo '+2h' >"$work/clock"
for _ in $(seq 50); do
	[ "$(curl -sS -o "$work/body" -w '%{http_code}' "$admin/readyz")" = 503 ] && break
	sleep 0.1
done
[ "$(field "$work/body" clock)" = jumped ] || fail "$(cat "$work/body")"
grep -q '"event":"clock","jumped_s":7[12][0-9][0-9]' "$work/clock.log" || fail "the log does not say so: $(cat "$work/clock.log")"
echo '-30d' >"$work/clock"
for _ in $(seq 50); do
	curl -sS -o "$work/body" "$admin/readyz"
	[ "$(field "$work/body" clock)" = back ] && break
	sleep 0.1
done
ask 503 application/json "$admin/readyz"
[ "$(field "$work/body" trouble)" = CLOCK-BACK ] || fail "$(cat "$work/body")"
kill "$daemon"
wait "$daemon" || fail "qualverifyd did not end well: $(cat "$work/clock.log")"
