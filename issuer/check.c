#include "issuer/check.h"

#include "credential/credential.h"
#include "credential/pdf_envelope.h"
#include "keys/cms.h"
#include "registry/quorum.h"

/* The bundle lets this key be used now, and did when the certificate was proposed. */
static bool
in_use(
    const struct bundle_key *key, const char *what, int64_t iat_s, int64_t now_s, struct err *err)
{
	if (key->state == KEY_ACTIVE && bundle_key_covers(key, now_s) &&
	    bundle_key_covers(key, iat_s))
		return true;
	return err_set(
	    err, ERR_CRYPTO, "the %s key is not active, or was not when this was proposed", what);
}

static bool
counts(const struct timestamp *stamp, int64_t iat_s, int64_t now_s, struct err *err)
{
	if (stamp->key->state != KEY_ACTIVE || !bundle_key_covers(stamp->key, stamp->time_s))
		return err_set(err, ERR_CRYPTO,
		    "the time-stamping authority's certificate is not active in the trust bundle, "
		    "or not at this time");
	return timestamp_fits(stamp, iat_s, now_s) ||
	    err_set(err, ERR_CRYPTO,
		"the time-stamp's time is more than 5 minutes before the proposal, or ahead of "
		"this machine's clock");
}

bool
check_timestamp(const struct trust *trust, const uint8_t imprint[SHA256_BYTES], struct span token,
    int64_t iat_s, int64_t now_s, struct err *err)
{
	struct timestamp stamp;
	struct err why = { 0 };

	if (timestamp_check(&stamp, trust, imprint, token, &why) != TIMESTAMP_HOLDS)
		return err_set(err, ERR_CRYPTO, "%s", why.text);
	return counts(&stamp, iat_s, now_s, err);
}

static bool
check_seal(const struct trust *trust, const struct pdf_envelope *e, int64_t iat_s, int64_t now_s,
    struct err *err)
{
	struct err why = { 0 };
	struct cms_seal seal;
	uint8_t digest[SHA256_BYTES];

	sha256_two(digest, e->signed_1, e->signed_2);
	if (cms_check(&seal, trust, digest, buf_span(&e->seal), &why) != CMS_SEALED)
		return err_set(err, ERR_CRYPTO, "the seal does not hold: %s", why.text);
	return in_use(seal.key, "seal", iat_s, now_s, err) &&
	    (seal.timestamp.key == NULL || counts(&seal.timestamp, iat_s, now_s, err));
}

static bool
check_credential(
    const struct trust *trust, const struct credential *credential, int64_t now_s, struct err *err)
{
	const struct bundle_key *key;

	if (trust_verify_credential(&key, trust, credential) != TRUST_YES)
		return err_set(err, ERR_CRYPTO, "the credential's signature does not hold");
	if (!span_equal(key->issuer, credential->claims.iss))
		return err_set(err, ERR_CRYPTO, "the credential's key is another issuer's");
	return in_use(key, "credential", credential->claims.iat_s, now_s, err);
}

static bool
check_agreement(const struct trust *trust, const struct credential *credential,
    const struct cose_file *file, struct err *err)
{
	struct quorum *agreement = NULL;
	struct err why = { 0 };

	enum quorum_answer answer = quorum_check(
	    &agreement, trust, credential->envelope.payload, file->proposal, file->approval, &why);
	quorum_free(agreement);
	return answer == QUORUM_AGREED ||
	    err_set(err, ERR_CRYPTO, "two officers did not agree to it: %s", why.text);
}

static bool
same_file(const struct cose_file *a, const struct cose_file *b)
{
	return span_equal(a->qc1, b->qc1) && span_equal(a->proposal, b->proposal) &&
	    span_equal(a->approval, b->approval);
}

static bool
check_envelope(const struct trust *trust, const struct pdf_envelope *e,
    const struct cose_file *expected, int64_t now_s, struct err *err)
{
	struct cose_file file;
	struct credential credential;

	if (e->finding != PDF_SEALED)
		return err_set(err, ERR_CRYPTO, "the PDF is not of our form: %s", e->what);
	if (!cose_file_parse(&file, e->attachment, err))
		return err_in(err, "the attachment");
	if (!same_file(&file, expected))
		return err_set(err, ERR_CRYPTO, "the attachment is not what was signed");
	if (!credential_parse(&credential, file.qc1, err))
		return err_in(err, "the credential");
	return check_seal(trust, e, credential.claims.iat_s, now_s, err) &&
	    check_credential(trust, &credential, now_s, err) &&
	    check_agreement(trust, &credential, &file, err);
}

bool
check_certificate(const struct trust *trust, struct span pdf, const struct cose_file *expected,
    int64_t now_s, struct err *err)
{
	struct pdf_envelope envelope = { 0 };

	bool ok = pdf_envelope_read(&envelope, pdf, err) &&
	    check_envelope(trust, &envelope, expected, now_s, err);
	pdf_envelope_free(&envelope);
	return ok || err_in(err, "what was made was not handed out");
}
