#include "credential/decision.h"

#include "core/text.h"
#include "credential/number.h"
#include "credential/uscc.h"

#define KEY_OUTCOME 1
#define KEY_DOCUMENT 2
#define KEY_YEARS 3
#define KEY_HOLDER 4
#define KEY_HOLDER_EN 5
#define KEY_USCC 6
#define KEY_FAMILY 7
#define KEY_GRADE 8
#define KEY_SCOPES 9
#define KEY_REASON 10

static void
put_optional_text(struct buf *out, uint64_t key, struct span text)
{
	if (text.len == 0)
		return;
	cbor_put_uint(out, key);
	cbor_put_text(out, text);
}

void
decision_put(struct buf *out, const struct decision *d)
{
	cbor_put_map(out, 8u + (d->holder_en.len > 0) + (d->reason.len > 0));
	cbor_put_uint(out, KEY_OUTCOME);
	cbor_put_uint(out, d->outcome);
	cbor_put_uint(out, KEY_DOCUMENT);
	cbor_put_text(out, d->document);
	cbor_put_uint(out, KEY_YEARS);
	cbor_put_uint(out, d->years);
	cbor_put_uint(out, KEY_HOLDER);
	cbor_put_text(out, d->holder);
	put_optional_text(out, KEY_HOLDER_EN, d->holder_en);
	cbor_put_uint(out, KEY_USCC);
	cbor_put_text(out, d->uscc);
	cbor_put_uint(out, KEY_FAMILY);
	cbor_put_text(out, d->family);
	cbor_put_uint(out, KEY_GRADE);
	cbor_put_uint(out, d->grade);
	cbor_put_uint(out, KEY_SCOPES);
	scopes_put(out, &d->scopes);
	put_optional_text(out, KEY_REASON, d->reason);
}

struct decision
decision_take(struct cbor_in *c)
{
	struct decision d = { 0 };
	struct cbor_map m = cbor_in_map(c);

	cbor_in_key(c, &m, KEY_OUTCOME);
	d.outcome = (enum decision_outcome)cbor_in_uint(c, DECISION_REFUSE);
	cbor_in_key(c, &m, KEY_DOCUMENT);
	d.document = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	cbor_in_key(c, &m, KEY_YEARS);
	d.years = (unsigned)cbor_in_uint(c, DECISION_YEARS_MAX);
	cbor_in_key(c, &m, KEY_HOLDER);
	d.holder = cbor_in_text(c, 1, LIMIT_HOLDER_BYTES);
	if (cbor_in_try_key(c, &m, KEY_HOLDER_EN))
		d.holder_en = cbor_in_text(c, 1, LIMIT_HOLDER_BYTES);
	cbor_in_key(c, &m, KEY_USCC);
	d.uscc = cbor_in_text(c, USCC_LENGTH, USCC_LENGTH);
	cbor_in_key(c, &m, KEY_FAMILY);
	d.family = cbor_in_text(c, 2, 2);
	cbor_in_key(c, &m, KEY_GRADE);
	d.grade = (enum grade)cbor_in_uint(c, GRADE_B);
	cbor_in_key(c, &m, KEY_SCOPES);
	d.scopes = scopes_take(c);
	if (cbor_in_try_key(c, &m, KEY_REASON))
		d.reason = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	cbor_in_end(c, &m);
	return d;
}

/* A grant has years and no reason, a refusal a reason and no years. */
static bool
check_outcome(const struct decision *d, struct err *err)
{
	bool grant = d->outcome == DECISION_GRANT;

	if (!grant && d->outcome != DECISION_REFUSE)
		return err_set(err, ERR_MALFORMED, "outcome is neither 1 (grant) nor 2 (refuse)");
	if (grant != (d->years > 0) || grant != (d->reason.len == 0))
		return err_set(err, ERR_MALFORMED,
		    "a grant has years and no reason, a refusal a reason and no years");
	return true;
}

bool
decision_check(const struct decision *d, struct err *err)
{
	char family[CREDENTIAL_FAMILY_BYTES] = "";

	if (!check_outcome(d, err) || !uscc_require(d->uscc, err))
		return err_in(err, "decision");
	if (d->grade == GRADE_NONE)
		return err_set(err, ERR_MALFORMED, "decision: grade is neither 1 (A) nor 2 (B)");
	memcpy(family, d->family.ptr, d->family.len);
	if (!number_is_family(family))
		return err_set(err, ERR_MALFORMED, "decision: no such family");
	if (!text_check_field(d->document, LIMIT_FIELD_BYTES, err))
		return err_in(err, "decision: document");
	if (!text_check_field(d->holder, LIMIT_HOLDER_BYTES, err) ||
	    (d->holder_en.len > 0 && !text_check_field(d->holder_en, LIMIT_HOLDER_BYTES, err)))
		return err_in(err, "decision: holder");
	if (d->reason.len > 0 && !text_check_field(d->reason, LIMIT_FIELD_BYTES, err))
		return err_in(err, "decision: reason");
	return true;
}
