#include "issuer/tsa_message.h"

#include "core/text.h"

#include <openssl/err.h>
#include <openssl/ts.h>

#define SAID_BYTES 160 /* of what an authority writes, shown to a person */

static bool
failed(struct err *err, enum err_code code, const char *sentence)
{
	ERR_clear_error();
	return err_set(err, code, "%s", sentence);
}

/* ---- the question ---- */

static bool
set_imprint(TS_REQ *request, const uint8_t imprint[SHA256_BYTES])
{
	uint8_t copy[SHA256_BYTES];
	TS_MSG_IMPRINT *of = TS_MSG_IMPRINT_new();
	X509_ALGOR *alg = X509_ALGOR_new();

	memcpy(copy, imprint, sizeof copy);
	const bool ok = of != NULL && alg != NULL &&
	    X509_ALGOR_set0(alg, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
	    TS_MSG_IMPRINT_set_algo(of, alg) == 1 &&
	    TS_MSG_IMPRINT_set_msg(of, copy, sizeof copy) == 1 &&
	    TS_REQ_set_msg_imprint(request, of) == 1;
	X509_ALGOR_free(alg);
	TS_MSG_IMPRINT_free(of);
	return ok;
}

static ASN1_INTEGER *
integer(const uint8_t nonce[TSA_NONCE_BYTES])
{
	BIGNUM *n = BN_bin2bn(nonce, TSA_NONCE_BYTES, NULL);
	ASN1_INTEGER *out = n != NULL ? BN_to_ASN1_INTEGER(n, NULL) : NULL;

	BN_free(n);
	return out;
}

bool
tsa_message_ask(struct buf *out, const uint8_t imprint[SHA256_BYTES],
    const uint8_t nonce[TSA_NONCE_BYTES], struct err *err)
{
	TS_REQ *request = TS_REQ_new();
	ASN1_INTEGER *n = integer(nonce);
	unsigned char *der = NULL;
	int len = -1;

	if (request != NULL && n != NULL && TS_REQ_set_version(request, 1) == 1 &&
	    set_imprint(request, imprint) && TS_REQ_set_nonce(request, n) == 1 &&
	    TS_REQ_set_cert_req(request, 1) == 1)
		len = i2d_TS_REQ(request, &der);
	if (len > 0)
		buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	ASN1_INTEGER_free(n);
	TS_REQ_free(request);
	return len > 0 ? buf_ok(out, err)
		       : failed(err, ERR_CRYPTO, "a request for a time-stamp could not be made");
}

/* ---- the answer ---- */

/* PKIStatus and PKIFailureInfo (RFC 3161 2.4.2), by their numbers. */
static const char *
status_words(long status)
{
	static const char *const words[] = { NULL, NULL, "rejection", "waiting",
		"its certificate is about to be revoked", "its certificate has been revoked" };

	return status >= 2 && status < (long)(sizeof words / sizeof *words) ? words[status]
									    : "an unknown status";
}

static void
add_failure(struct buf *out, const ASN1_BIT_STRING *bits)
{
	static const struct {
		int bit;
		const char *words;
	} failures[] = {
		{ 0, "it does not know SHA-256 (badAlg)" },
		{ 2, "it does not take this request (badRequest)" },
		{ 5, "it could not read the request (badDataFormat)" },
		{ 14, "its clock is not available (timeNotAvailable)" },
		{ 15, "it does not take requests without a policy of its own (unacceptedPolicy)" },
		{ 16, "it does not take an extension (unacceptedExtension)" },
		{ 17, "it cannot give what was asked for (addInfoNotAvailable)" },
		{ 25, "a fault of its own (systemFailure)" },
	};

	for (size_t i = 0; bits != NULL && i < sizeof failures / sizeof *failures; i++)
		if (ASN1_BIT_STRING_get_bit(bits, failures[i].bit) == 1)
			buf_printf(out, ", %s", failures[i].words);
}

/* What it says in words of its own: anybody's text, for a screen. */
static void
add_said(struct buf *out, const STACK_OF(ASN1_UTF8STRING) * texts)
{
	if (sk_ASN1_UTF8STRING_num(texts) <= 0)
		return;
	const ASN1_UTF8STRING *text = sk_ASN1_UTF8STRING_value(texts, 0);
	size_t len = (size_t)ASN1_STRING_length(text);

	buf_add_text(out, ": \"");
	text_escape(
	    out, span_of(ASN1_STRING_get0_data(text), len < SAID_BYTES ? len : (size_t)SAID_BYTES));
	buf_add_byte(out, '"');
}

static bool
is_granted(TS_RESP *answer, struct err *err)
{
	const TS_STATUS_INFO *info = TS_RESP_get_status_info(answer);
	const long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));
	struct buf text = BUF_EMPTY;

	if (status == TS_STATUS_GRANTED || status == TS_STATUS_GRANTED_WITH_MODS)
		return true;
	buf_add_text(&text, status_words(status));
	add_failure(&text, TS_STATUS_INFO_get0_failure_info(info));
	add_said(&text, TS_STATUS_INFO_get0_text(info));
	err_set(err, ERR_REFUSED, "the time-stamping authority gave no time-stamp: %s",
	    buf_text(&text) != NULL ? buf_text(&text) : "");
	buf_free(&text);
	return false;
}

static bool
has_nonce(TS_RESP *answer, const uint8_t nonce[TSA_NONCE_BYTES])
{
	TS_TST_INFO *info = TS_RESP_get_tst_info(answer);
	const ASN1_INTEGER *said = info != NULL ? TS_TST_INFO_get_nonce(info) : NULL;
	ASN1_INTEGER *ours = integer(nonce);
	const bool same = said != NULL && ours != NULL && ASN1_INTEGER_cmp(said, ours) == 0;

	ASN1_INTEGER_free(ours);
	return same;
}

static bool
add_token(struct buf *out, TS_RESP *answer, struct err *err)
{
	unsigned char *der = NULL;
	PKCS7 *token = TS_RESP_get_token(answer);
	const int len = token != NULL ? i2d_PKCS7(token, &der) : -1;

	if (len > 0)
		buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	return len > 0 ? buf_ok(out, err)
		       : failed(err, ERR_MALFORMED,
			     "the time-stamping authority granted a time-stamp and sent none");
}

bool
tsa_message_read(
    struct buf *token, struct span answer, const uint8_t nonce[TSA_NONCE_BYTES], struct err *err)
{
	const unsigned char *at = answer.ptr;
	TS_RESP *parsed = answer.len > 0 ? d2i_TS_RESP(NULL, &at, (long)answer.len) : NULL;
	bool ok = false;

	if (parsed == NULL || at != answer.ptr + answer.len)
		failed(
		    err, ERR_MALFORMED, "the time-stamping authority's answer is none of RFC 3161");
	else if (!is_granted(parsed, err))
		ok = false;
	else if (TS_RESP_get_token(parsed) != NULL && !has_nonce(parsed, nonce))
		failed(err, ERR_MALFORMED,
		    "the time-stamping authority answered another question: the nonce is not "
		    "ours");
	else
		ok = add_token(token, parsed, err);
	ERR_clear_error();
	TS_RESP_free(parsed);
	return ok;
}
