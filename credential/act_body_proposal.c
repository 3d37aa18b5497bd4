#include "core/text.h"
#include "credential/act_body_parts.h"

#include <stdlib.h>

#define SITTING_FORM "P-cccc-c" /* c: a character of Crockford's base 32 */

static bool
check_sitting(struct span sitting, struct err *err)
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

/* Every proposal ends with these two. */

static void
put_proposal(struct buf *out, int64_t not_after_s, struct span sitting)
{
	cbor_put_uint(out, 4);
	cbor_put_int(out, not_after_s);
	cbor_put_uint(out, 5);
	cbor_put_text(out, sitting);
}

static void
take_proposal(struct cbor_in *c, struct cbor_map *m, int64_t *not_after_s, struct span *sitting)
{
	cbor_in_key(c, m, 4);
	*not_after_s = cbor_in_time(c);
	cbor_in_key(c, m, 5);
	*sitting = cbor_in_text(c, 1, ACT_BODY_ID_BYTES);
}

/* ---- decide, issue ---- */

void
act_body_put_decide(struct buf *out, const struct act_body *body)
{
	cbor_put_map(out, 3);
	cbor_put_uint(out, 1);
	decision_put(out, &body->decide.decision);
	put_proposal(out, body->decide.not_after_s, body->decide.sitting);
}

void
act_body_take_decide(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	cbor_in_key(c, m, 1);
	body->decide.decision = decision_take(c);
	take_proposal(c, m, &body->decide.not_after_s, &body->decide.sitting);
}

bool
act_body_check_decide(const struct act_body *body, struct err *err)
{
	return decision_check(&body->decide.decision, err) &&
	    check_sitting(body->decide.sitting, err);
}

/* The order of map keys: all names are text, so the shorter first, then bytewise. */
static int
by_name(const void *left, const void *right)
{
	const struct span a = ((const struct printed_field *)left)->name;
	const struct span b = ((const struct printed_field *)right)->name;

	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len > 0 ? memcmp(a.ptr, b.ptr, a.len) : 0;
}

static void
put_face(struct buf *out, const struct body_issue *b)
{
	struct printed_field sorted[LIMIT_FACE_FIELDS];
	size_t count = b->face_count < LIMIT_FACE_FIELDS ? b->face_count : LIMIT_FACE_FIELDS;

	memcpy(sorted, b->face, sizeof sorted);
	qsort(sorted, count, sizeof sorted[0], by_name);
	cbor_put_map(out, b->face_count); /* too many: refused when what was written is parsed */
	for (size_t i = 0; i < count; i++) {
		cbor_put_text(out, sorted[i].name);
		cbor_put_text(out, sorted[i].text);
	}
}

static void
take_face(struct cbor_in *c, struct body_issue *b)
{
	struct cbor_map m = cbor_in_map(c);

	if (m.left == 0 || m.left > LIMIT_FACE_FIELDS)
		cbor_in_fail(c, "no printed field, or too many");
	while (cbor_in_next(c, &m)) {
		struct printed_field *field = &b->face[b->face_count++];
		field->name = cbor_in_text(c, 1, ACT_BODY_ID_BYTES);
		field->text = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	}
}

void
act_body_put_issue(struct buf *out, const struct act_body *body)
{
	const struct body_issue *b = &body->issue;

	cbor_put_map(out, b->has_decision ? 6 : 5);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, b->claims);
	cbor_put_uint(out, 2);
	put_face(out, b);
	cbor_put_uint(out, 3);
	cbor_put_array(out, 2);
	cbor_put_text(out, b->template_id);
	cbor_put_bytes(out, span_of(b->template_hash, sizeof b->template_hash));
	put_proposal(out, b->not_after_s, b->sitting);
	if (b->has_decision) {
		cbor_put_uint(out, 6);
		decision_put(out, &b->decision);
	}
}

void
act_body_take_issue(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	struct body_issue *b = &body->issue;

	cbor_in_key(c, m, 1);
	b->claims = cbor_in_bytes(c, 1, LIMIT_QC1_BYTES);
	cbor_in_key(c, m, 2);
	take_face(c, b);
	cbor_in_key(c, m, 3);
	cbor_in_array(c, 2, 2);
	b->template_id = cbor_in_text(c, 1, ACT_BODY_ID_BYTES);
	cbor_in_copy(c, b->template_hash, sizeof b->template_hash);
	take_proposal(c, m, &b->not_after_s, &b->sitting);
	b->has_decision = cbor_in_try_key(c, m, 6);
	if (b->has_decision)
		b->decision = decision_take(c);
}

bool
act_body_check_issue(const struct act_body *body, struct err *err)
{
	const struct body_issue *b = &body->issue;
	struct claims claims;

	for (size_t i = 0; i < b->face_count; i++)
		if (!act_body_check_text(b->face[i].name, "name of a printed field", err) ||
		    !act_body_check_text(b->face[i].text, "printed field", err))
			return false;
	return credential_claims_parse(&claims, b->claims, err) &&
	    act_body_check_text(b->template_id, "template", err) &&
	    check_sitting(b->sitting, err) &&
	    (!b->has_decision || decision_check(&b->decision, err));
}

/* ---- suspend, lift, revoke ---- */

void
act_body_put_sanction(struct buf *out, const struct act_body *body)
{
	const struct body_sanction *b = &body->sanction;
	bool ends = body->kind == ACT_SUSPEND;

	cbor_put_map(out, 3);
	cbor_put_uint(out, 1);
	cbor_put_map(out, ends ? 4 : 3);
	cbor_put_uint(out, 1);
	cbor_put_text(out, b->ground);
	cbor_put_uint(out, 2);
	cbor_put_text(out, b->document);
	cbor_put_uint(out, 3);
	cbor_put_int(out, b->from_s);
	if (ends) {
		cbor_put_uint(out, 4);
		cbor_put_int(out, b->until_s);
	}
	put_proposal(out, b->not_after_s, b->sitting);
}

void
act_body_take_sanction(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	struct body_sanction *b = &body->sanction;

	cbor_in_key(c, m, 1);
	struct cbor_map inner = cbor_in_map(c);
	cbor_in_key(c, &inner, 1);
	b->ground = cbor_in_text(c, 1, ACT_BODY_ID_BYTES);
	cbor_in_key(c, &inner, 2);
	b->document = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	cbor_in_key(c, &inner, 3);
	b->from_s = cbor_in_time(c);
	if (body->kind == ACT_SUSPEND) {
		cbor_in_key(c, &inner, 4);
		b->until_s = cbor_in_time(c);
		if (b->until_s <= b->from_s)
			cbor_in_fail(c, "a suspension ends before it begins");
	}
	cbor_in_end(c, &inner);
	take_proposal(c, m, &b->not_after_s, &b->sitting);
}

bool
act_body_check_sanction(const struct act_body *body, struct err *err)
{
	return act_body_check_text(body->sanction.ground, "ground", err) &&
	    act_body_check_text(body->sanction.document, "document", err) &&
	    check_sitting(body->sanction.sitting, err);
}
