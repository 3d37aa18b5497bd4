#include "core/text.h"
#include "credential/act_body_parts.h"

#define SITTING_FORM "P-cccc-c" /* c: a character of Crockford's base 32 */

bool
act_body_check_sitting(struct span sitting, struct err *err)
{
	static const char base32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	bool good = sitting.len == strlen(SITTING_FORM);

	for (size_t i = 0; good && i < sitting.len; i++) {
		char at = (char)sitting.ptr[i];
		good = SITTING_FORM[i] == 'c' ? at != '\0' && strchr(base32, at) != NULL
					      : at == SITTING_FORM[i];
	}
	return good || err_set(err, ERR_MALFORMED, "the id of a sitting looks like P-9XQ4-7");
}

/* Every proposal has these two. */

void
act_body_put_proposal(struct buf *out, const struct act_body *body)
{
	cbor_put_uint(out, 4);
	cbor_put_int(out, body->not_after_s);
	cbor_put_uint(out, 5);
	cbor_put_text(out, body->sitting);
}

void
act_body_take_proposal(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	cbor_in_key(c, m, 4);
	body->not_after_s = cbor_in_time(c);
	cbor_in_key(c, m, 5);
	body->sitting = cbor_in_text(c, 1, ACT_BODY_ID_BYTES);
}

/* ---- decide ---- */

void
act_body_put_decide(struct buf *out, const struct act_body *body)
{
	cbor_put_map(out, 3);
	cbor_put_uint(out, 1);
	decision_put(out, &body->decide.decision);
	act_body_put_proposal(out, body);
}

void
act_body_take_decide(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	cbor_in_key(c, m, 1);
	body->decide.decision = decision_take(c);
	act_body_take_proposal(c, m, body);
}

bool
act_body_check_decide(const struct act_body *body, struct err *err)
{
	return decision_check(&body->decide.decision, err) &&
	    act_body_check_sitting(body->sitting, err);
}

/* ---- issue, reissue, regrade ---- */

bool
act_body_makes(enum act_kind kind)
{
	return kind == ACT_ISSUE || kind == ACT_REISSUE || kind == ACT_REGRADE;
}

void
act_body_put_issue(struct buf *out, const struct act_body *body)
{
	const struct body_issue *b = &body->issue;
	bool ordered = body->kind != ACT_ISSUE;

	cbor_put_map(out, 5u + b->has_decision + ordered + (b->supersedes.len > 0));
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, b->claims);
	cbor_put_uint(out, 2);
	cbor_put_raw(out, b->face);
	cbor_put_uint(out, 3);
	cbor_put_array(out, 2);
	cbor_put_text(out, b->template_id);
	cbor_put_bytes(out, span_of(b->template_hash, sizeof b->template_hash));
	act_body_put_proposal(out, body);
	if (b->has_decision) {
		cbor_put_uint(out, 6);
		decision_put(out, &b->decision);
	}
	if (ordered) {
		cbor_put_uint(out, 7);
		act_body_put_order_map(out, &b->order, act_body_order_has(body->kind));
	}
	if (b->supersedes.len > 0) {
		cbor_put_uint(out, 8);
		cbor_put_text(out, b->supersedes);
	}
}

void
act_body_take_issue(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	struct body_issue *b = &body->issue;

	cbor_in_key(c, m, 1);
	b->claims = cbor_in_bytes(c, 1, LIMIT_QC1_BYTES);
	cbor_in_key(c, m, 2);
	b->face = cbor_in_raw(c);
	cbor_in_key(c, m, 3);
	cbor_in_array(c, 2, 2);
	b->template_id = cbor_in_text(c, 1, ACT_BODY_ID_BYTES);
	cbor_in_copy(c, b->template_hash, sizeof b->template_hash);
	act_body_take_proposal(c, m, body);
	if (body->kind != ACT_ISSUE) {
		cbor_in_key(c, m, 7);
		b->order = act_body_take_order_map(c, act_body_order_has(body->kind));
		return;
	}
	b->has_decision = cbor_in_try_key(c, m, 6);
	if (b->has_decision)
		b->decision = decision_take(c);
	if (cbor_in_try_key(c, m, 8))
		b->supersedes = cbor_in_text(c, 1, ACT_BODY_ID_BYTES);
}

/* Stored form: as a subject. */
static bool
check_number(struct span text, struct err *err)
{
	return act_subject_of(text) == SUBJECT_NUMBER ||
	    err_set(err, ERR_MALFORMED, "what it supersedes is no certificate number");
}

bool
act_body_check_issue(const struct act_body *body, struct err *err)
{
	const struct body_issue *b = &body->issue;
	struct claims claims;
	struct printed_face face;

	return printed_face_parse(&face, b->face, err) &&
	    credential_claims_parse(&claims, b->claims, err) &&
	    act_body_check_text(b->template_id, "template", err) &&
	    act_body_check_sitting(body->sitting, err) &&
	    (!b->has_decision || decision_check(&b->decision, err)) &&
	    (body->kind == ACT_ISSUE || act_body_check_order_texts(&b->order, err)) &&
	    (b->supersedes.len == 0 || check_number(b->supersedes, err));
}
