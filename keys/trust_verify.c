/* Signatures, judged by the keys of a bundle that is held. */
#include "core/cursor.h"
#include "core/limits.h"
#include "credential/note.h"
#include "keys/trust.h"

#define COSIGNATURE_TIME_BYTES (NOTE_COSIGNATURE_BYTES - NOTE_ED25519_BYTES)

static enum trust_answer
find_signer(const struct bundle_key **out, const struct trust *t, enum key_use use,
    const struct cose_signer *signer, struct span tbs)
{
	const struct bundle *b = trust_bundle(t);
	enum trust_answer answer = TRUST_UNKNOWN_KEY;

	for (const struct bundle_key *k = b != NULL ? bundle_find_key(b, signer->kid, use, NULL)
						    : NULL;
	     k != NULL; k = bundle_find_key(b, signer->kid, use, k)) {
		const struct key *key = trust_key(t, k);
		if (key == NULL || k->alg != signer->alg)
			continue;
		switch (signatures_verify(trust_signatures(t), key, tbs, signer->signature)) {
		case KEY_HOLDS:
			*out = k;
			return TRUST_YES;
		case KEY_FAILS:
			answer = TRUST_SIGNATURE;
			break;
		case KEY_UNDECIDED:
			return TRUST_UNDECIDED;
		}
	}
	return answer;
}

enum trust_answer
trust_verify_sign1(const struct bundle_key **signer, const struct trust *t, enum key_use use,
    const struct cose_sign1 *message, struct span external_aad)
{
	struct buf tbs = BUF_EMPTY;
	enum trust_answer answer = TRUST_UNDECIDED;

	*signer = NULL;
	cose_sign1_to_be_signed(&tbs, message->signer.header, external_aad, message->payload);
	if (buf_ok(&tbs, NULL))
		answer = find_signer(signer, t, use, &message->signer, buf_span(&tbs));
	buf_free(&tbs);
	return answer;
}

enum trust_answer
trust_verify_act(const struct bundle_key **signer, const struct trust *t, enum key_use use,
    const struct act *act)
{
	return trust_verify_sign1(
	    signer, t, use, &act->envelope, span_of(trust_roots(t)->bureau_id, BUREAU_ID_BYTES));
}

enum trust_answer
trust_verify_credential(
    const struct bundle_key **signer, const struct trust *t, const struct credential *credential)
{
	return trust_verify_sign1(
	    signer, t, KEY_USE_CREDENTIAL, &credential->envelope, span_of(NULL, 0));
}

/* ---- snapshots ---- */

/* Active at that moment: retired later is no fault, stolen ever is. */
static bool
counted(const struct bundle_key *key, int64_t at_s)
{
	return key->state != KEY_COMPROMISED && bundle_key_served(key, at_s);
}

/* Which status or audit key made this one signature of a snapshot? */
static enum trust_answer
find_snapshot_signer(const struct bundle_key **out, const struct trust *t,
    const struct cose_sign *snapshot, const struct cose_signer *signer)
{
	struct buf tbs = BUF_EMPTY;
	enum trust_answer answer = TRUST_UNDECIDED;

	cose_sign_to_be_signed(
	    &tbs, snapshot->header, signer->header, span_of(NULL, 0), snapshot->payload);
	if (buf_ok(&tbs, NULL)) {
		answer = find_signer(out, t, KEY_USE_STATUS, signer, buf_span(&tbs));
		if (answer == TRUST_UNKNOWN_KEY)
			answer = find_signer(out, t, KEY_USE_AUDIT, signer, buf_span(&tbs));
	}
	buf_free(&tbs);
	return answer;
}

enum trust_answer
trust_verify_snapshot(const struct bundle_key **status_key, const struct trust *t,
    const struct cose_sign *snapshot, int64_t iat_s)
{
	const struct bundle_key *by[LIMIT_COSE_SIGNERS];
	const struct bundle_key *status = NULL;

	*status_key = NULL;
	for (size_t s = 0; s < snapshot->signers; s++) {
		enum trust_answer answer =
		    find_snapshot_signer(&by[s], t, snapshot, &snapshot->signer[s]);
		if (answer != TRUST_YES)
			return answer;
		if (!counted(by[s], iat_s))
			return TRUST_SIGNATURE;
		for (size_t before = 0; before < s; before++)
			if (by[before] == by[s])
				return TRUST_SIGNATURE; /* a key counts once */
		if (by[s]->use == KEY_USE_STATUS && status != NULL)
			return TRUST_SIGNATURE; /* one status key, no more */
		if (by[s]->use == KEY_USE_STATUS)
			status = by[s];
	}
	if (status == NULL)
		return TRUST_SIGNATURE;
	*status_key = status;
	return snapshot->signers - 1 >= trust_bundle(t)->audit_quorum ? TRUST_YES : TRUST_QUORUM;
}

/* ---- checkpoints ---- */

const struct note_signature *
trust_find_cosignature(const struct note *note, struct span vkey)
{
	struct note_key key;
	size_t at = 0;

	if (!note_key_parse(&key, vkey, NULL))
		return NULL;
	for (const struct note_signature *sig; (sig = note_find(note, &key, &at)) != NULL;) {
		struct cursor c = cursor_over(span_of(sig->sig, sig->len));
		struct buf said = BUF_EMPTY;
		uint64_t time_s = cursor_be(&c, COSIGNATURE_TIME_BYTES);
		note_cosigned(&said, time_s, note->text);
		bool good = said.bad == ERR_NONE &&
		    key_verify_ed25519(key.key, buf_span(&said), cursor_rest(&c));
		buf_free(&said);
		if (good)
			return sig;
	}
	return NULL;
}

static bool
is_log_signed(const struct note *note, struct span vkey)
{
	struct note_key key;
	size_t at = 0;

	if (!note_key_parse(&key, vkey, NULL))
		return false;
	for (const struct note_signature *sig; (sig = note_find(note, &key, &at)) != NULL;)
		if (key_verify_ed25519(key.key, note->text, span_of(sig->sig, sig->len)))
			return true;
	return false;
}

bool
trust_verify_checkpoint(struct checkpoint *out, bool *witnessed, const struct trust *t,
    struct span bytes, struct err *err)
{
	const struct bundle *b = trust_bundle(t);
	struct note note;
	uint64_t witnesses = 0;

	*witnessed = false;
	if (b == NULL)
		return err_set(err, ERR_REFUSED, "no trust bundle is held");
	if (!note_parse(&note, bytes, err) || !checkpoint_parse(out, note.text, err))
		return err_in(err, "checkpoint");
	if (!span_equal(out->origin, b->log.origin) || !is_log_signed(&note, b->log.vkey))
		return err_set(err, ERR_CRYPTO, "the checkpoint is not signed by the log's key");
	for (size_t i = 0; i < b->log.n_witnesses; i++)
		witnesses += trust_find_cosignature(&note, b->log.witnesses[i]) != NULL;
	*witnessed = witnesses > 0;
	return witnesses >= b->log.quorum ||
	    err_set(err, ERR_CRYPTO, "the checkpoint has %llu of the %llu cosignatures it needs",
		(unsigned long long)witnesses, (unsigned long long)b->log.quorum);
}
