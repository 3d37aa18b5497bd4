#include "credential/credential.h"

#include "core/encode.h"
#include "core/text.h"
#include "credential/cbor.h"
#include "credential/number.h"
#include "credential/uscc.h"

/* RFC 8392 4, and our one private claim. */
#define CLAIM_ISS 1
#define CLAIM_SUB 2
#define CLAIM_EXP 4
#define CLAIM_NBF 5
#define CLAIM_IAT 6
#define CLAIM_BODY (-65537)

/* Inside it. */
#define BODY_VERSION 0
#define BODY_HOLDER 1
#define BODY_HOLDER_EN 2
#define BODY_USCC 3
#define BODY_GRADE 4
#define BODY_SCOPES 5
#define BODY_SLOT 6
#define BODY_INSTRUMENT 9

#define ISS_MIN_BYTES 2
#define ISS_MAX_BYTES 16

/* ---- what claims must be, beyond their shape ---- */

static bool
check_issuer(struct span iss, struct err *err)
{
	bool good = iss.len >= ISS_MIN_BYTES && iss.len <= ISS_MAX_BYTES;
	for (size_t i = 0; good && i < iss.len; i++)
		good = (iss.ptr[i] >= 'A' && iss.ptr[i] <= 'Z') ||
		    (iss.ptr[i] >= '0' && iss.ptr[i] <= '9');
	return good ||
	    err_set(err, ERR_MALFORMED, "iss: an issuer is 2 to 16 capital letters and digits");
}

static bool
check_number(const struct claims *c, struct err *err)
{
	struct number number;

	if (!number_parse(&number, c->sub, err))
		return err_in(err, "sub");
	if (c->sub.len != NUMBER_STORED_BYTES - 1)
		return err_set(err, ERR_MALFORMED, "sub: a number is stored without hyphens");
	if ((number.grade == 'A') != (c->grade == GRADE_A))
		return err_set(err, ERR_MALFORMED, "the grade is not the number's");
	return true;
}

static bool
check_dates(const struct claims *c, struct err *err)
{
	if (c->nbf_s == c->iat_s)
		return err_set(
		    err, ERR_MALFORMED, "nbf stands only where it is another time than iat");
	if (c->exp_s <= claims_from_s(c))
		return err_set(err, ERR_MALFORMED, "exp is not after the beginning of validity");
	return true;
}

static bool
check_claims(const struct claims *c, struct err *err)
{
	if (c->grade != GRADE_A && c->grade != GRADE_B)
		return err_set(err, ERR_MALFORMED, "grade is neither 1 (A) nor 2 (B)");
	if (!text_check_field(c->holder, LIMIT_HOLDER_BYTES, err))
		return err_in(err, "holder");
	if (c->holder_en.len > 0 && !text_check_field(c->holder_en, LIMIT_HOLDER_BYTES, err))
		return err_in(err, "holder in English");
	return check_issuer(c->iss, err) && check_number(c, err) && uscc_require(c->uscc, err) &&
	    check_dates(c, err);
}

/* ---- encode ---- */

static void
put_slot(struct buf *out, const struct claims *c)
{
	cbor_put_array(out, 2);
	cbor_put_uint(out, c->list);
	cbor_put_uint(out, c->idx);
}

static void
put_body(struct buf *out, const struct claims *c)
{
	bool english = c->holder_en.len > 0;
	bool later = c->version != 1;

	cbor_put_map(out, 6u + english + later);
	cbor_put_uint(out, BODY_VERSION);
	cbor_put_uint(out, 1);
	cbor_put_uint(out, BODY_HOLDER);
	cbor_put_text(out, c->holder);
	if (english) {
		cbor_put_uint(out, BODY_HOLDER_EN);
		cbor_put_text(out, c->holder_en);
	}
	cbor_put_uint(out, BODY_USCC);
	cbor_put_text(out, c->uscc);
	cbor_put_uint(out, BODY_GRADE);
	cbor_put_uint(out, c->grade);
	cbor_put_uint(out, BODY_SCOPES);
	scopes_put(out, &c->scopes);
	cbor_put_uint(out, BODY_SLOT);
	put_slot(out, c);
	if (later) {
		cbor_put_uint(out, BODY_INSTRUMENT);
		cbor_put_uint(out, c->version);
	}
}

static void
put_claims(struct buf *out, const struct claims *claims)
{
	bool later = claims->nbf_s != 0;

	cbor_put_map(out, 5u + later);
	cbor_put_uint(out, CLAIM_ISS);
	cbor_put_text(out, claims->iss);
	cbor_put_uint(out, CLAIM_SUB);
	cbor_put_text(out, claims->sub);
	cbor_put_uint(out, CLAIM_EXP);
	cbor_put_int(out, claims->exp_s);
	if (later) {
		cbor_put_uint(out, CLAIM_NBF);
		cbor_put_int(out, claims->nbf_s);
	}
	cbor_put_uint(out, CLAIM_IAT);
	cbor_put_int(out, claims->iat_s);
	cbor_put_int(out, CLAIM_BODY);
	put_body(out, claims);
}

bool
credential_claims_encode(struct buf *out, const struct claims *claims, struct err *err)
{
	struct buf bytes = BUF_EMPTY;
	struct claims again;

	put_claims(&bytes, claims);
	bool good = buf_ok(&bytes, err) && credential_claims_parse(&again, buf_span(&bytes), err);
	if (good)
		buf_add_span(out, buf_span(&bytes));
	buf_free(&bytes);
	return good && buf_ok(out, err);
}

/* ---- parse ---- */

static void
take_slot(struct cbor_in *c, struct claims *out)
{
	cbor_in_array(c, 2, 2);
	out->list = (uint16_t)cbor_in_uint(c, UINT16_MAX);
	out->idx = (uint16_t)cbor_in_uint(c, UINT16_MAX);
}

static void
take_body(struct cbor_in *c, struct claims *out)
{
	struct cbor_map m = cbor_in_map(c);

	cbor_in_key(c, &m, BODY_VERSION);
	if (cbor_in_uint(c, UINT16_MAX) != 1)
		cbor_in_fail(c, "a later version of the credential than this program knows");
	cbor_in_key(c, &m, BODY_HOLDER);
	out->holder = cbor_in_text(c, 1, LIMIT_HOLDER_BYTES);
	if (cbor_in_try_key(c, &m, BODY_HOLDER_EN))
		out->holder_en = cbor_in_text(c, 1, LIMIT_HOLDER_BYTES);
	cbor_in_key(c, &m, BODY_USCC);
	out->uscc = cbor_in_text(c, USCC_LENGTH, USCC_LENGTH);
	cbor_in_key(c, &m, BODY_GRADE);
	out->grade = (enum grade)cbor_in_uint(c, GRADE_B);
	cbor_in_key(c, &m, BODY_SCOPES);
	out->scopes = scopes_take(c);
	cbor_in_key(c, &m, BODY_SLOT);
	take_slot(c, out);
	out->version = 1;
	if (cbor_in_try_key(c, &m, BODY_INSTRUMENT)) {
		out->version = (uint16_t)cbor_in_uint(c, UINT16_MAX);
		if (out->version < 2)
			cbor_in_fail(c, "version 1 is said by saying nothing");
	}
	cbor_in_end(c, &m);
}

bool
credential_claims_parse(struct claims *out, struct span in, struct err *err)
{
	struct cbor_in c = cbor_in_over(in, LIMIT_CBOR_DEPTH_QC1);
	struct cbor_map m = cbor_in_map(&c);
	struct claims claims = { 0 };

	cbor_in_key(&c, &m, CLAIM_ISS);
	claims.iss = cbor_in_text(&c, ISS_MIN_BYTES, ISS_MAX_BYTES);
	cbor_in_key(&c, &m, CLAIM_SUB);
	claims.sub = cbor_in_text(&c, NUMBER_STORED_BYTES - 1, NUMBER_STORED_BYTES - 1);
	cbor_in_key(&c, &m, CLAIM_EXP);
	claims.exp_s = cbor_in_time(&c);
	if (cbor_in_try_key(&c, &m, CLAIM_NBF)) {
		claims.nbf_s = cbor_in_time(&c);
		if (claims.nbf_s == 0)
			cbor_in_fail(&c, "nbf stands only where it is another time than iat");
	}
	cbor_in_key(&c, &m, CLAIM_IAT);
	claims.iat_s = cbor_in_time(&c);
	cbor_in_key(&c, &m, CLAIM_BODY);
	take_body(&c, &claims);
	cbor_in_end(&c, &m);
	if (!cbor_in_done(&c, err) || !check_claims(&claims, err))
		return err_in(err, "claims");
	*out = claims;
	return true;
}

bool
credential_parse(struct credential *out, struct span qc1, struct err *err)
{
	struct credential c = { .bytes = qc1 };

	if (qc1.len > LIMIT_QC1_BYTES)
		return err_set(err, ERR_LIMIT, "credential: %zu bytes; the longest we issue is %d",
		    qc1.len, LIMIT_QC1_BYTES);
	if (!cose_sign1_parse(&c.envelope, qc1, NULL, err) ||
	    !credential_claims_parse(&c.claims, c.envelope.payload, err))
		return err_in(err, "credential");
	memcpy(c.family, c.claims.sub.ptr, CREDENTIAL_FAMILY_BYTES - 1); /* a number, checked */
	*out = c;
	return true;
}

void
credential_hash(uint8_t out[SHA256_BYTES], struct span qc1)
{
	sha256_two(out, span_of("\0", 1), qc1);
}

void
credential_check_code(char out[CREDENTIAL_CHECK_CODE_BYTES], struct span qc1)
{
	uint8_t hash[SHA256_BYTES];

	sha256_two(hash, span_of("\1", 1), qc1);
	base32_encode5(out, hash);
}
