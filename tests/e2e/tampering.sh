#!/bin/sh
# Whatever somebody with the machine changes behind the programs' back, by SQL or by file, the audit ends with 1 and
# names the first thing that does not fit (threats 34, 35). What could be repaired by a rebuild, it names before the rebuild too.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

clean=$work/clean
changed=$work/changed

audit() {
	"$BIN/qualcert" -C "$changed" --lang en audit "$@" >"$work/audit" 2>&1
}

# finds SENTENCE EDIT ARGUMENT...: after the edit, a command run in a copy of the bureau, the audit says so.
finds() {
	sentence=$1
	shift
	rm -rf "$changed"
	cp -a "$clean" "$changed"
	(cd "$changed" && "$@") || fail "the edit itself failed: $*"
	status=0
	audit || status=$?
	[ "$status" -eq 1 ] || fail "$*: the audit ended with $status: $(cat "$work/audit")"
	head -n 1 "$work/audit" | grep -qE "^(NOT CLEAN\.|qualcert:) .*$sentence" || fail "$*: not \"$sentence\" but: $(cat "$work/audit")"
	echo "   $(head -n 1 "$work/audit" | cut -c 1-150)"
}

# As somebody who may write the file: without the triggers that stand in the way.
sql() {
	sqlite3 registry.db "DROP TRIGGER acts_are_not_changed; DROP TRIGGER acts_are_not_deleted; $1"
}

# byte FILE OFFSET: another value there; a negative offset counts from the end.
byte() {
	chmod u+w "$1"
	/usr/bin/python3 -c '
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[2])] ^= 1
open(sys.argv[1], "wb").write(data)' "$1" "$2"
}

make_bureau "$clean"
first=$(issue_case "$clean" "$(take_case "$clean" star-bridge)")
second=$(issue_case "$clean" "$(take_case "$clean" cloud-sail)")
publish "$clean"
cp "$clean/public/log/checkpoint" "$work/checkpoint-early"
cp -a "$clean/public/v1" "$work/yesterday"
suspend_licence "$clean" "$second"
cp "$clean/public/log/checkpoint" "$work/checkpoint"

step "before anything is changed"
cp -a "$clean" "$changed"
audit --checkpoint "$work/checkpoint-early" || fail "$(cat "$work/audit")"
grep -q '^CLEAN' "$work/audit" || fail "$(cat "$work/audit")"
rm -rf "$changed/keys" "$changed/officers" "$changed/ceremony" # an auditor has no keys
audit || fail "without keys: $(cat "$work/audit")"

step "acts"
finds 'act 5' sql "UPDATE acts SET act = CAST(substr(act, 1, 100) || x'ff' || substr(act, 102) AS BLOB) WHERE log_index = 5"
finds 'act 5' sql "DELETE FROM acts WHERE log_index = 5"
finds 'the register has only' sql "DELETE FROM acts WHERE log_index = (SELECT max(log_index) FROM acts)"
finds 'act 5' sql "UPDATE acts SET log_index = 1000 WHERE log_index = 5; UPDATE acts SET log_index = 5 WHERE log_index = 6; UPDATE acts SET log_index = 6 WHERE log_index = 1000"
finds 'act 7' sql "UPDATE acts SET recorded_s = recorded_s - 86400 WHERE log_index = 7"
finds 'act' sql "INSERT INTO acts SELECT max(log_index) + 1, max(recorded_s), (SELECT act FROM acts WHERE log_index = 3) FROM acts"

step "tables"
finds 'history' sql "DELETE FROM history"
finds 'instruments' sql "UPDATE instruments SET pdf_hash = zeroblob(32)"
finds 'instruments' sql "UPDATE instruments SET check_code = '00000000'"
finds 'cases' sql "UPDATE cases SET stage = stage - 1 WHERE subject = (SELECT min(subject) FROM cases)"
finds 'links' sql "UPDATE links SET key = (SELECT key FROM links WHERE log_index = 1) WHERE log_index = 3"
finds 'proposals' sql "UPDATE proposals SET not_after_s = not_after_s + 86400"
finds 'slots' sql "UPDATE slots SET state = 0"
finds 'bundle' sql "UPDATE bundles SET file = zeroblob(10)"

step "files"
finds "$first.pdf is missing" rm "issued/$first.pdf"
finds "$first.cose is missing" rm "issued/$first.cose"
finds "$first.pdf is not the file that was made" byte "issued/$first.pdf" 5000
finds "$first.pdf is not the file that was made" cp "issued/$second.pdf" "issued/$first.pdf"
finds "$first.cose" cp "issued/$second.cose" "issued/$first.cose"
finds 'acts.log: the entry at byte .* is damaged' byte second/acts.log 3000
finds 'acts.log' truncate -s -100 second/acts.log

step "what was published"
yesterday() {
	rm -rf public/v1
	cp -a "$work/yesterday" public/v1
}
old_part() {
	# the newest status part, with what yesterday's said
	for part in public/v1/parts/*; do
		if [ ! -e "$work/yesterday/parts/${part##*/}" ] && [ "$(stat -c %s "$part")" -eq 32768 ]; then
			new=$part
		fi
	done
	for part in "$work"/yesterday/parts/*; do
		if [ "$(stat -c %s "$part")" -eq 32768 ]; then
			old=$part
		fi
	done
	chmod u+w "$new"
	cp "$old" "$new"
}
finds 'published' yesterday
finds 'parts/.* is not what its name says' old_part
finds 'tile' byte "$(cd "$clean" && find public/log/tile/entries -type f | sort -V | tail -n 1)" 3
finds 'trust bundle' cp public/v1/snapshot public/v1/trust-bundle

step "another bureau's root file, another log"
make_bureau "$work/other"
finds 'another bureau' cp "$work/other/root.cose" root.cose
finds 'not signed by the log' cp "$work/other/public/log/checkpoint" public/log/checkpoint

step "the last two acts gone from register, second copy, tables and public files alike"
rm -rf "$changed"
cp -a "$clean" "$changed"
last=$(sqlite3 "$changed/registry.db" "SELECT max(log_index) - 2 FROM acts")
truncate -s "$(sqlite3 "$changed/registry.db" "SELECT file_end FROM links WHERE log_index = $last")" "$changed/second/acts.log"
rm -rf "$changed/public"
(cd "$changed" && sql "DELETE FROM acts WHERE log_index > $last")
quietly "$BIN/qualcert" -C "$changed" registry rebuild
audit || fail "what fits together fits together: $(cat "$work/audit")"
status=0
audit --checkpoint "$work/checkpoint" || status=$?
[ "$status" -eq 1 ] || fail "not seen against a checkpoint kept outside: $(cat "$work/audit")"
grep -q 'acts were removed' "$work/audit" || fail "$(cat "$work/audit")"
if "$BIN/qualcert" -C "$changed" publish "$changed/public" >"$work/out" 2>&1; then
	fail "signed over a register that lost acts"
fi
echo "   publish: $(cat "$work/out")"
