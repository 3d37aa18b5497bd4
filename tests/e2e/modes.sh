#!/bin/sh
# The daemon's two modes, each under an account of its own. Beside the register it reads public/ and lookup.db while the
# bureau's account goes on writing, can open neither register nor keys, and never tries; with published files alone it has
# no more than a copy of them. The rights are those docs/daemon.md tells to give.
[ "$(id -u)" -eq 0 ] || exec sudo -n sh "$0" "$@"
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"
need_release

BUREAU=61000 # accounts need no names
DAEMON=61100
MIRROR=61200

# own UID COMMAND...
own() (
	uid=$1
	shift
	exec setpriv --reuid="$uid" --regid="$uid" --clear-groups --no-new-privs env HOME="$work/home/$uid" \
		XDG_STATE_HOME="$work/home/$uid" "$@"
)

# Programs where every account can reach them. The bureau's own one always runs under the bureau's account.
chmod 711 "$work"
mkdir -m 755 "$work/program" "$work/program/bin" "$work/program/libexec" "$work/home" "$work/as_bureau"
cp "$RELEASE/qualcert" "$RELEASE/qualkey" "$RELEASE/qualverify" "$RELEASE/qualverifyd" "$work/program/bin/"
cp "$RELEASE/../libexec/"* "$work/program/libexec/"
mkdir -p "$work/program/share/qualcert"
cp -R "$here/../../templates" "$work/program/share/qualcert/"
chmod -R go+rX "$work/program"
for uid in $BUREAU $DAEMON $MIRROR; do
	mkdir -m 700 "$work/home/$uid"
	chown "$uid:$uid" "$work/home/$uid"
done
BIN=$work/program/bin
ours=$work/ours
make_bureau "$ours"
number=$(issue_case "$ours" "$(take_case "$ours" star-bridge)")
chown -R "$BUREAU:$BUREAU" "$ours"
cat >"$work/as_bureau/qualcert" <<END
#!/bin/sh
umask 022
exec setpriv --reuid=$BUREAU --regid=$BUREAU --clear-groups --no-new-privs env HOME=$work/home/$BUREAU $work/program/bin/qualcert "\$@"
END
chmod 755 "$work/as_bureau/qualcert"
BIN=$work/as_bureau
publish "$ours"
check_code=$(/usr/bin/python3 "$here/leak.py" --check-code "$ours/issued/$number.cose")
cp "$ours/issued/$number.pdf" "$work/paper.pdf"
quietly pdftoppm -r 200 -png -singlefile "$work/paper.pdf" "$work/paper"

step "the rights it needs, and no more"
chgrp "$DAEMON" "$ours" "$ours/root.cose" "$ours/lookup.db" "$ours/lookup.db-wal" "$ours/lookup.db-shm"
chmod 710 "$ours"
chmod 640 "$ours/root.cose" "$ours/lookup.db" "$ours/lookup.db-wal" "$ours/lookup.db-shm"
chmod -R go+rX "$ours/public"
for file in root.cose lookup.db public/v1/snapshot; do
	own $DAEMON cat "$ours/$file" >"$work/read" || fail "it cannot read $file"
	if own $DAEMON sh -c ": >>$ours/$file" 2>/dev/null; then
		fail "it can write $file"
	fi
done
for file in registry.db registry.db-wal registry.db-shm keys/passphrase "issued/$number.pdf" second/acts.log; do
	[ -e "$ours/$file" ] || fail "there is no $file"
	if own $DAEMON cat "$ours/$file" >"$work/read" 2>/dev/null; then
		fail "it can read $file"
	fi
done
if own $DAEMON ls "$ours" >"$work/read" 2>&1; then
	fail "it can list the bureau's folder"
fi

step "--check-config says what the account may not read or write"
# checked STATUS TEXT ARGUMENT...
checked() {
	want=$1
	text=$2
	shift 2
	got=0
	own "$DAEMON" "$work/program/bin/qualverifyd" --bureau "$ours" --check-config "$@" >"$work/said" 2>&1 || got=$?
	[ "$got" = "$want" ] || fail "--check-config: exit status $got, not $want: $(cat "$work/said")"
	grep -qF -e "$text" "$work/said" || fail "--check-config does not say \"$text\": $(cat "$work/said")"
}
checked 0 'all is well'
checked 78 "--memory: /var/nope cannot be made: /var may not be written by the account $DAEMON" --memory /var/nope
for file in root.cose lookup.db lookup.db-shm public/v1/snapshot; do
	mode=$(stat -c %a "$ours/$file")
	chmod 600 "$ours/$file"
	checked 78 "$ours/$file may not be read by the account $DAEMON"
	chmod "$mode" "$ours/$file"
done
chmod 700 "$ours"
checked 78 "--lookup: $ours/lookup.db may not be read by the account $DAEMON"
chmod 710 "$ours"

# serve NAME UID ARGUMENT...: the daemon under that account and a watch of every path it names
serve() {
	name=$1
	uid=$2
	shift 2
	own "$uid" strace -f -qq -e trace=%file -o "$work/home/$uid/trace" "$work/program/bin/qualverifyd" "$@" --listen 127.0.0.1:0 \
		--admin 127.0.0.1:0 >"$work/$name.out" 2>"$work/$name.log" &
	tracer=$!
	started="$started $tracer"
	for _ in $(seq 100); do
		if grep -q readyz "$work/$name.out"; then
			break
		fi
		sleep 0.1
	done
	site=$(sed -n 's|^Open \(http://[^ ]*\)/ .*|\1|p' "$work/$name.out")
	admin=$(sed -n 's|.* \(http://[^ ]*\)/readyz$|\1|p' "$work/$name.out")
	# Who watches lets go of it when a test ends early: it is ended by itself, and first.
	watch=$(ps -o pid= --ppid "$tracer" | tr -d ' ')
	daemon=$(ps -o pid= --ppid "$watch" | tr -d ' ')
	started="$daemon $started"
	[ -n "$site" ] || fail "qualverifyd did not start: $(cat "$work/$name.out" "$work/$name.log")"
}
# ended NAME: the daemon, and with it who watches it
ended() {
	kill "$daemon"
	wait "$tracer" || fail "qualverifyd did not end well: $(cat "$work/$1.log")"
}
verified() {
	ask 200 application/json --data-binary "@$1" -H "Content-Type: $2" "$site/v1/verify"
	told "$3" "$4"
}
confirmed() {
	ask 200 application/json --json "{\"number\": \"$number\", \"check_code\": \"$check_code\"}" "$site/v1/confirm"
}
# answers WORD REASON: within two seconds of what was committed
answers() {
	for _ in $(seq 20); do
		confirmed
		if [ "$(field "$work/body" verdict reason | tr '\n' ' ')" = "$1 $2 " ]; then
			return
		fi
		sleep 0.1
	done
	fail "not $1 $2: $(cat "$work/body")"
}
sanction() {
	proposal=$(proposed "$(as "$ours" chang "$@" --from "$(today)")")
	quietly as "$ours" fu approve "$proposal"
}

step "beside the register, while it is written"
serve beside $DAEMON --bureau "$ours"
verified "$work/paper.pdf" application/pdf valid null
verified "$work/paper.png" image/png valid null
answers valid null
sanction suspend "$number" --ground SUS-05 --document "示例暂〔2026〕7号" --months 6
answers rejected STATUS-SUSPENDED
sanction lift "$number" --ground LIF-01 --document "示例恢〔2026〕3号"
publish "$ours"
for _ in $(seq 20); do
	confirmed
	[ "$(field "$work/body" verdict)" = valid ] && break
	sleep 0.1
done
told valid null
ask 200 application/json "$admin/readyz"
[ "$(field "$work/body" lookup rollback_guarded)" = "current
true" ] || fail "$(cat "$work/body")"
verified "$work/paper.pdf" application/pdf valid null
ended beside

step "what it never tries"
grep -c 'lookup.db' "$work/home/$DAEMON/trace" >"$work/seen" || fail "the watch saw nothing"
if grep -E 'registry\.db|/keys|/issued|/second|/officers|/ceremony|qualcert\.conf' "$work/home/$DAEMON/trace"; then
	fail "it tried to open what is not for it"
fi
# SQLite asks for more at first and is content with less.
if grep -E 'EACCES|EPERM' "$work/home/$DAEMON/trace" | grep -F "$ours" | grep -v 'lookup\.db-[ws]'; then
	fail "it tried what it may not"
fi

step "with published files alone"
mkdir -m 755 "$work/mirror"
cp -R "$ours/public" "$work/mirror/public"
cp "$ours/root.cose" "$work/mirror/"
chmod -R go+rX "$work/mirror"
if own $MIRROR cat "$ours/lookup.db" >"$work/read" 2>/dev/null; then
	fail "the mirror's account can read the bureau's files"
fi
serve alone $MIRROR --root "$work/mirror/root.cose" --public "$work/mirror/public"
verified "$work/paper.pdf" application/pdf valid null
verified "$work/paper.png" image/png valid null
ask 501 application/problem+json --json "{\"number\": \"$number\", \"check_code\": \"$check_code\"}" "$site/v1/confirm"
ask 200 text/plain "$admin/metrics" # that it is not offered is no trouble
for sample in 'replies_total{class="501"} 1' 'replies_total{class="5xx"} 0' 'slow_waiting 0' 'come_back_total 0'; do
	grep -qxF "qualverifyd_$sample" "$work/body" || fail "not $sample: $(cat "$work/body")"
done
ask 200 application/cose "$site/v1/snapshot"
ask 200 application/json "$admin/readyz"
[ "$(field "$work/body" lookup)" = none ] || fail "$(cat "$work/body")"
ended alone
if grep -F "$ours" "$work/home/$MIRROR/trace"; then
	fail "it knows the bureau's folder"
fi
