#include "issuer/trial.h"

#include "core/limits.h"
#include "credential/qr_text.h"

static const uint8_t nobody[COSE_KID_BYTES], no_signature[COSE_SIGNATURE_BYTES];

/* The credential, but for who signed it. */
static bool
put_credential(struct buf *out, const struct claims *claims, struct err *err)
{
	struct buf header = BUF_EMPTY, payload = BUF_EMPTY;

	cose_header_encode(&header, COSE_ALG_ES256, span_of(nobody, sizeof nobody), NULL);
	bool ok = credential_claims_encode(&payload, claims, err) && buf_ok(&header, err);
	if (ok) {
		cose_sign1_encode(out,
		    &(struct cose_sign1){
			.signer = { .header = buf_span(&header),
			    .signature = span_of(no_signature, sizeof no_signature) },
			.payload = buf_span(&payload) });
		ok = buf_ok(out, err);
	}
	buf_free(&header);
	buf_free(&payload);
	return ok &&
	    (out->len <= LIMIT_QC1_BYTES ||
		err_set(err, ERR_LIMIT, "the credential is %zu bytes; the longest is %d", out->len,
		    LIMIT_QC1_BYTES));
}

bool
trial_code(struct buf *qr_text, char check_code[CREDENTIAL_CHECK_CODE_BYTES],
    const struct claims *claims, const char *host, struct err *err)
{
	struct buf qc1 = BUF_EMPTY;

	bool ok =
	    put_credential(&qc1, claims, err) && qr_text_prefix(qr_text, span_text(host), err);
	if (ok) {
		qr_text_digits(qr_text, buf_span(&qc1));
		credential_check_code(check_code, buf_span(&qc1));
		ok = buf_ok(qr_text, err);
	}
	buf_free(&qc1);
	return ok;
}

/* A code without room says so in modules; what it holds is names and scopes. */
static bool
say_why(const struct err *why, struct err *err)
{
	const bool code = why->code == ERR_LIMIT || strstr(why->text, "is too fine") != NULL;

	return err_set(err, why->code, "%s%s%s",
	    code ? "FACE-01: the code has no room for so much: shorten the name in Chinese or in "
		   "English, or name fewer scopes ("
		 : "",
	    why->text, code ? ")" : "");
}

bool
trial_pages(const struct pdf_maker *maker, const struct template *layout, const struct face *face,
    const struct claims *claims, struct err *err)
{
	struct buf qr_text = BUF_EMPTY, pdf = BUF_EMPTY;
	char check_code[CREDENTIAL_CHECK_CODE_BYTES];
	struct pdf_layout at;
	struct err why = { 0 };

	bool ok = trial_code(&qr_text, check_code, claims, face_find(face, "host"), &why) &&
	    pdf_render(&pdf, &at, maker,
		&(struct pdf_input){ .layout = layout,
		    .face = face,
		    .check_code = check_code,
		    .qr_text = buf_span(&qr_text),
		    .attachment = span_text("the credential and the acts to come"),
		    .now_s = claims->iat_s },
		&why);
	buf_free(&qr_text);
	buf_free(&pdf);
	return ok || say_why(&why, err);
}
