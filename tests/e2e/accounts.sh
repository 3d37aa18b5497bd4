#!/bin/sh
# The service and each officer have an account of their own. A certificate is made by export, sign and record, and
# nobody can read what is not his: officers neither role keys nor register, the service no officer's key. In a bureau
# that is no test nobody signs on the issuing host, unless its configuration says so, which the audit then names.
[ "$(id -u)" -eq 0 ] || exec sudo -n sh "$0" "$@"
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

SERVICE=61000 # accounts need no names
ours=$work/ours
desk=$work/desk # where drafts and signed files change hands

# own UID COMMAND...: under that account, to which another clock must belong, too
own() (
	uid=$1
	shift
	clock=${LD_PRELOAD-}
	unset LD_PRELOAD
	setpriv --reuid="$uid" --regid="$uid" --clear-groups --no-new-privs \
		env HOME="$work/home/$uid" XDG_STATE_HOME="$work/home/$uid" ${clock:+"LD_PRELOAD=$clock"} "$@"
)

service() {
	own "$SERVICE" "$BIN/qualcert" -C "$ours" --lang en "$@"
}

uid_of() {
	sed -n "s/^$1 //p" "$work/accounts"
}

# by OFFICER COMMAND...: the service writes what is to be signed, the officer signs it at home, the service records it.
by() (
	uid=$(uid_of "$1")
	home=$work/home/$uid
	paper=$desk/$1
	officer=$1
	shift
	rm -f "$paper" "$paper.signed"
	quietly service "$@" --export "$paper"
	chown "$uid" "$paper"
	quietly own "$uid" "$BIN/qualcert" sign "$paper" --key "$home/$officer.pem" --passphrase-file "$home/passphrase" \
		--root "$home/root.cose" --preview "$home/pages" --lang en --yes
	chown "$SERVICE" "$paper.signed"
	service record "$paper.signed"
)

# unreadable UID FILE...: each is there, and that account cannot read it.
unreadable() (
	uid=$1
	shift
	for file in "$@"; do
		[ -e "$file" ] || fail "there is no $file"
		if own "$uid" cat "$file" >/dev/null 2>&1; then
			fail "$uid can read $file"
		fi
	done
)

# Programs and layouts as if installed, where every account can reach them.
mkdir -m 755 "$work/bin" "$work/share" "$work/share/qualcert" "$work/home"
chmod 711 "$work"
cp "$BIN/qualcert" "$BIN/qualkey" "$BIN/qualverify" "$work/bin/"
cp -R "$here/../../templates" "$work/share/qualcert/"
need_release
mkdir -m 755 "$work/released"
mkdir -m 755 "$work/released/bin"
cp "$RELEASE/qualcert" "$RELEASE/qualkey" "$work/released/bin/"
ln -s "$work/share" "$work/released/share"
chmod -R go+rX "$work/bin" "$work/share" "$work/released"
BIN=$work/bin
RELEASE=$work/released/bin

# A bureau that is no test orders a visit five days ahead: it begins six days ago.
adopt_bundle() {
	next_bundle "$ours" 's/"test": true/"test": false/'
	quietly "$BIN/qualcert" -C "$ours" adopt "$ours/trust-bundle"
}
later -6d make_bureau "$ours"
later -6d adopt_bundle
mv "$ours/ceremony" "$work/ceremony" # the roots are elsewhere
mkdir -m 1777 "$desk"
mkdir -m 700 "$work/home/$SERVICE"
uid=$SERVICE
for officer in $(standard_officers | cut -d' ' -f1); do
	uid=$((uid + 1))
	echo "$officer $uid" >>"$work/accounts"
	mkdir -m 700 "$work/home/$uid"
	mv "$ours/officers/$officer.pem" "$work/home/$uid/"
	cp -p "$ours/officers/passphrase" "$ours/root.cose" "$work/home/$uid/"
	chown -R "$uid:$uid" "$work/home/$uid"
done
rm -rf "$ours/officers"
chown -R "$SERVICE:$SERVICE" "$ours" "$work/home/$SERVICE"

# The tree may lie where only root looks.
mkdir "$work/examples"
cp "$EXAMPLES"/star-bridge*.json "$EXAMPLES"/rare-hanzi.json "$work/examples/"
EXAMPLES=$work/examples

step "the road, by export, sign and record"
case_id=$(later -6d by an case submit "$EXAMPLES/star-bridge.json" | grep -o "C-[0-9-]*")
later -6d quietly by an case accept "$case_id" --document "示例受〔2026〕1号"
later -6d quietly by shen case examine "$case_id" "$EXAMPLES/star-bridge-examination.json"
order_visit() {
	by an case schedule "$case_id" --team shi,xiang --visit "$(TZ=UTC-8 date -d "$1 day" +%F)" --document "示例审〔2026〕1号"
}
refused DAT-02 order_visit +4
later -6d quietly order_visit +5
quietly by shi case inspect "$case_id" "$EXAMPLES/star-bridge-inspection.json"
quietly by xiang case inspect "$case_id" "$EXAMPLES/star-bridge-inspection.json"
answer=$(by guan case decide "$case_id" --grant --document "示例决〔2026〕1号")
quietly by bi approve "$(proposed "$answer")"
answer=$(by yin issue "$case_id")
answer=$(by fu approve "$(proposed "$answer")")
number=$(issued "$answer")
[ -n "$number" ] || fail "nothing was issued: $answer"
quietly service publish "$ours/public"
test=false
verdict valid null --bureau "$ours" "$ours/issued/$number.pdf"
service audit >"$work/audit" || fail "$(cat "$work/audit")"

step "what nobody can read"
while read -r officer uid; do
	unreadable "$uid" "$ours"/keys/*.pem "$ours/keys/passphrase" "$ours/registry.db" "$ours/lookup.db" "$ours/second/acts.log"
	unreadable "$SERVICE" "$work/home/$uid/$officer.pem" "$work/home/$uid/passphrase"
	own "$uid" cat "$work/home/$uid/$officer.pem" >/dev/null || fail "$officer cannot read a key of his own"
done <"$work/accounts"

step "nobody signs on this host"
mkdir -m 700 "$ours/officers"
cp -p "$work/home/$(uid_of an)/an.pem" "$work/home/$(uid_of an)/passphrase" "$ours/officers/"
chown -R "$SERVICE:$SERVICE" "$ours/officers"
here_signed() {
	service --as an --passphrase-file "$ours/officers/passphrase" --yes case submit "$EXAMPLES/rare-hanzi.json"
}
refused local_signing here_signed
sed 's/^local_signing.*//' "$ours/qualcert.conf" >"$work/conf"
echo 'local_signing = yes' >>"$work/conf"
cat "$work/conf" >"$ours/qualcert.conf"
quietly here_signed
for command in audit health; do
	service "$command" >"$work/said" 2>&1 || :
	grep -q 'can act as' "$work/said" || fail "$command does not name local_signing: $(cat "$work/said")"
done
