#!/bin/sh
# Two machines, two administrators: the bureau's and the auditor's, with files copied between them. Nothing good is
# believed before the auditor signed, nothing bad waits for him, and he signs only what follows from acts he judged.
# Then the same with both of them watching; and witnesses of the log, played by another implementation.
# shellcheck source=tests/e2e/lib.sh disable=SC2030,SC2031
. "$(dirname "$0")/lib.sh"

bureau=$work/bureau
auditor=$work/auditor
copy=$work/copy

# What the auditor's machine fetches, and what the bureau gets back.
fetch() {
	mkdir -p "$copy/second" "$copy/cosign"
	cp "$bureau/second/acts.log" "$copy/second/"
	cp "$bureau"/policy*.json "$copy/"
	rm -f "$copy/cosign/candidate"
	cp "$bureau/cosign/candidate" "$copy/cosign/" 2>/dev/null || :
}
bring() {
	cp "$copy"/cosign/candidate.* "$bureau/cosign/"
}

# says WORDS COMMAND...: it must succeed and say so.
says() {
	words=$1
	shift
	"$@" >"$work/said" 2>&1 || fail "$*: $(cat "$work/said")"
	grep -qF "$words" "$work/said" || fail "$*: not \"$words\" but: $(cat "$work/said")"
}

# finds SENTENCE EDIT...: after the edit, in a copy of the bureau, the audit is not clean and says so.
finds() {
	sentence=$1
	shift
	rm -rf "$work/edited"
	cp -a "$bureau" "$work/edited"
	(cd "$work/edited" && "$@") || fail "the edit itself failed: $*"
	status=0
	"$BIN/qualcert" -C "$work/edited" --lang en audit >"$work/said" 2>&1 || status=$?
	[ "$status" -eq 1 ] || fail "$*: the audit ended with $status: $(cat "$work/said")"
	grep -q "^NOT CLEAN. .*$sentence" "$work/said" || fail "$*: not \"$sentence\" but: $(cat "$work/said")"
}

qualcert_publish() {
	"$BIN/qualcert" -C "$bureau" --lang en publish "$bureau/public"
}

# refuses WORDS: the auditor's round ends with 1 and says so, and gives nothing out.
refuses() {
	rm -f "$copy"/cosign/candidate.*
	status=0
	(cosign "$auditor" "$copy") >"$work/said" 2>&1 || status=$?
	[ "$status" -ne 0 ] || fail "signed, though: $1"
	grep -qF "$1" "$work/said" || fail "not \"$1\" but: $(cat "$work/said")"
	[ -z "$(find "$copy/cosign" -name 'candidate.*')" ] || fail "refused and given out"
	echo "   refused: $(cut -c 1-150 "$work/said" | head -n 1)"
}

# within SECONDS COMMAND...: it succeeds in time.
within() {
	left=$(($1 * 5))
	shift
	until "$@" >"$work/within" 2>&1; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || fail "not in time: $*: $(cat "$work/within")"
		sleep 0.2
	done
}

step "a new bureau with an auditor: nothing is published yet"
make_audited_bureau "$bureau" "$auditor"
[ ! -e "$bureau/public/v1/snapshot" ] || fail "a snapshot was published without the auditor"
number=$(issue_case "$bureau" "$(take_case "$bureau" star-bridge)")
certificate=$bureau/issued/$number.pdf
verdict undetermined STATUS-MISSING --bureau "$bureau" "$certificate"

step "the candidate in the place of the snapshot is not believed"
says 'waits for 1 auditor' qualcert_publish
says 'waits for the auditors to sign' "$BIN/qualcert" -C "$bureau" --lang en health
cp -R "$bureau/public" "$work/impatient"
cp "$bureau/cosign/candidate" "$work/impatient/v1/snapshot"
verdict undetermined STATUS-NO-AUDITOR --root "$bureau/root.cose" --public "$work/impatient" "$certificate"
finds 'is not signed by as many auditors as trust bundle 1 asks' cp "$work/impatient/v1/snapshot" public/v1/

step "the auditor judges and signs; the first candidate is older than the certificate, the next has it"
for round in 1 2; do
	fetch
	cp "$copy/cosign/candidate" "$work/candidate-$round"
	says 'every signature good' cosign "$auditor" "$copy"
	says 'was cosigned before' cosign "$auditor" "$copy"
	bring
	says "published snapshot $round over" qualcert_publish
done
verdict valid null --bureau "$bureau" "$certificate"
says 'nothing has come since' qualcert_publish
says CLEAN "$BIN/qualcert" -C "$bureau" --lang en audit
cp "$bureau/public/log/checkpoint" "$work/checkpoint-early"

step "a suspension is seen at once, its lifting when the auditor has signed"
suspend_licence "$bureau" "$number"
verdict rejected STATUS-SUSPENDED --bureau "$bureau" "$certificate"
fetch
cosign "$auditor" "$copy" >"$work/out"
cp "$copy/cosign/candidate" "$work/candidate-3"
bring
says 'published snapshot 3' qualcert_publish
cp "$bureau/public/v1/snapshot" "$work/snapshot-3"
lift_licence "$bureau" "$number"
verdict rejected STATUS-SUSPENDED --bureau "$bureau" "$certificate"
says 'whether the published snapshot is the newest' "$BIN/qualcert" -C "$bureau" --lang en audit

step "what he refuses, with the issuing machine and all its keys in the wrong hands"
forge() {
	/usr/bin/python3 "$here/candidate.py" "$1" "$bureau/keys/status.pem" "$bureau/keys/passphrase" "$2" >"$work/forged"
	cp "$work/forged" "$copy/cosign/candidate"
}
fetch
truncate -s -100 "$copy/second/acts.log"
refuses 'too few: copy it again'
truncate -s 3000 "$copy/second/acts.log"
refuses 'does not extend what is held here'
cp -a "$bureau" "$work/rewritten"
(cd "$work/rewritten" && sqlite3 registry.db "DROP TRIGGER acts_are_not_deleted; DELETE FROM acts WHERE log_index > 5" &&
	rm -r second/acts.log keys/status.head keys/log.head public/log/checkpoint cosign)
quietly "$BIN/qualcert" -C "$work/rewritten" registry rebuild
issue_case "$work/rewritten" "$(take_case "$work/rewritten" cloud-sail)" >"$work/out"
publish "$work/rewritten"
cp "$work/rewritten/second/acts.log" "$copy/second/"
cp "$work/rewritten/cosign/candidate" "$copy/cosign/"
refuses 'does not extend what is held here'
fetch
forge "$bureau/cosign/candidate" part
refuses 'the status of list 0 in the candidate does not follow from the acts'
cp "$work/candidate-2" "$copy/cosign/candidate"
refuses 'it is older'
forge "$work/candidate-3" second
refuses 'two different snapshots with the number 3'
next_bundle "$bureau" 's|v.example/contact|&-2|'
mv "$bureau/trust-bundle" "$auditor/"
fetch
refuses 'ACT-06: trust bundle 2 has come here'
rm "$auditor/trust-bundle"
mv "$copy/second/acts.log" "$copy/second/acts"
refuses 'has no second/acts.log'
mv "$copy/second/acts" "$copy/second/acts.log"
verdict rejected STATUS-SUSPENDED --bureau "$bureau" "$certificate"

step "and what he signs in the end"
says 'cosigned' cosign "$auditor" "$copy"
bring
says 'published snapshot 4' qualcert_publish
verdict valid null --bureau "$bureau" "$certificate"
finds 'no other is on its way in cosign/: an older' cp "$work/snapshot-3" public/v1/snapshot

step "proofs: the approval is in the log, and the log has only grown"
"$BIN/qualcert" -C "$bureau" audit --proof "$number" >"$work/proof"
act=$(/usr/bin/python3 -c '
import cbor2, hashlib, sys
print(hashlib.sha256(cbor2.loads(open(sys.argv[1], "rb").read())[2]).hexdigest())' "$bureau/issued/$number.cose")
log_key=$("$BIN/qualkey" bundle show "$bureau/public/v1/trust-bundle" | grep -o 'v\.example/log+[^ ]*')
/usr/bin/python3 "$here/witness.py" proof "$work/proof" "$log_key" "$act" || fail "$(cat "$work/proof")"
"$BIN/qualcert" -C "$bureau" audit --proof "$act" | cmp - "$work/proof"
says 'extends the checkpoint' "$BIN/qualcert" --lang en audit "$bureau/public" --root "$bureau/root.cose" \
	--checkpoint "$work/checkpoint-early"
status=0
"$BIN/qualcert" --lang en audit "$work/rewritten/public" --root "$bureau/root.cose" \
	--checkpoint "$work/checkpoint-early" >"$work/said" || status=$?
[ "$status" -eq 1 ] || fail "a rewritten log passed: $(cat "$work/said")"
grep -q '^NOT CLEAN.*kept outside' "$work/said" || fail "$(cat "$work/said")"

step "both watch: the auditor sees the bureau's folder"
"$BIN/qualcert" -C "$bureau" --lang en publish --watch >"$work/publisher" 2>&1 &
publisher=$!
"$BIN/qualcert" -C "$auditor" --lang en audit --sign --key "$auditor/audit.pem" --passphrase-file "$auditor/passphrase" \
	--watch "$bureau" >"$work/watcher" 2>&1 &
watcher=$!
started="$started $publisher $watcher"
second=$(issue_case "$bureau" "$(take_case "$bureau" cloud-sail)")
within 30 "$BIN/qualverify" --bureau "$bureau" "$bureau/issued/$second.pdf"
decided=$(as "$bureau" chang suspend "$second" --ground SUS-05 --document '示例暂〔2026〕7号' --from "$(today)" --months 6)
as "$bureau" fu approve "$(proposed "$decided")" >"$work/out"
is_suspended() {
	"$BIN/qualverify" --json --bureau "$bureau" "$bureau/issued/$second.pdf" >"$work/second.json" || :
	[ "$(field "$work/second.json" reason)" = STATUS-SUSPENDED ]
}
within 10 is_suspended
decided=$(as "$bureau" chang lift "$second" --ground LIF-01 --document '示例恢〔2026〕3号' --from "$(today)")
as "$bureau" fu approve "$(proposed "$decided")" >"$work/out"
within 30 "$BIN/qualverify" --bureau "$bureau" "$bureau/issued/$second.pdf"
for process in $publisher $watcher; do
	kill "$process"
	wait "$process" || fail "did not end well: $(cat "$work/publisher" "$work/watcher")"
done
started=
[ "$(grep -c '^cosigned' "$work/watcher")" -ge 2 ] || fail "$(cat "$work/watcher")"
says CLEAN "$BIN/qualcert" -C "$bureau" --lang en audit

step "a bundle that asks for a witness of the log, too"
witness() {
	/usr/bin/python3 "$here/witness.py" "$@"
}
next_bundle "$bureau" 's|"key": "../keys/log.pub"|&, "quorum": 1, "witnesses": [ "'"$(witness vkey w.example right)"'" ]|'
quietly "$BIN/qualcert" -C "$bureau" adopt "$bureau/trust-bundle"
says 'waits for 1 witness' qualcert_publish
says 'it waits for witnesses' "$BIN/qualcert" -C "$bureau" --lang en audit
note=$bureau/cosign/checkpoint
cp "$note" "$note.nobody"
says 'waits for 1 witness' qualcert_publish
witness cosign w.example wrong "$note" >"$note.w"
says 'waits for 1 witness' qualcert_publish
sed '2s/.*/1/' "$note" >"$work/another"
witness cosign w.example right "$work/another" >"$note.w"
says 'waits for 1 witness' qualcert_publish
verdict undetermined STATUS-MISSING --bureau "$bureau" "$certificate"
witness cosign w.example right "$note" >"$note.w"
says 'waits for 1 auditor' qualcert_publish
[ ! -e "$note" ] || fail "the witness is still asked"
fetch
cosign "$auditor" "$copy" >"$work/out"
bring
says 'published snapshot' qualcert_publish
verdict valid null --bureau "$bureau" "$certificate"
[ "$(field "$work/verdict.json" data.log)" = witnessed ] || fail "$(cat "$work/verdict.json")"
