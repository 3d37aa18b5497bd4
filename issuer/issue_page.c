#include "issuer/issue_parts.h"

#include "issuer/change.h"
#include "issuer/order_text.h"

bool
issue_layout(const struct template **out, struct bureau *b, enum grade grade,
    const struct body_issue *body, struct err *err)
{
	if (!bureau_layout(out, b, grade, err))
		return false;
	return (span_is(body->template_id, (*out)->id) &&
		   memcmp(body->template_hash, (*out)->sha256, SHA256_BYTES) == 0) ||
	    err_set(err, ERR_REFUSED,
		"FACE-03: the layout %s is not the one the officers signed: it was changed since; "
		"put the "
		"old file back",
		(*out)->id);
}

/* Both stand in the order of their encoded names. */
static bool
check_face(const struct body_issue *body, const struct face *face, struct err *err)
{
	struct printed_face printed;
	size_t i = 0;

	if (!printed_face_parse(&printed, body->face, err))
		return false;
	while (i < face->count && i < printed.count &&
	    span_is(printed.field[i].name, face->fields[i].name) &&
	    span_is(printed.field[i].text, face->fields[i].value))
		i++;
	if (i == face->count && i == printed.count)
		return true;
	return err_set(err, ERR_REFUSED,
	    "CLM-01: what is to be printed (%s) does not follow from the case or the licence: "
	    "refuse it, and have "
	    "it proposed again",
	    i < face->count ? face->fields[i].name : "a field too many");
}

/*
 * What no claim says: of a case from its application, of a licence from the page before; where the ground is
 * a change or a misprint the two officers say it, by what they sign.
 */
static void
beside_claims(struct face_source *out, const struct issue_source *from, const struct act_body *body)
{
	const bool changed =
	    body->kind == ACT_REISSUE && change_need(body->issue.order.ground) != CHANGE_REFUSED;

	out->legal_representative = changed
	    ? printed_face_text(body->issue.face, "legal_representative")
	    : from->legal_representative;
	out->address = changed ? printed_face_text(body->issue.face, "address") : from->address;
}

static bool
check_page(struct bureau *b, const struct issue_source *from, const struct act_body *body,
    struct face *face, struct err *err)
{
	struct claims claims;
	const struct trust *trust;
	const struct template *layout;
	struct face_source source = { .claims = &claims, .host = b->conf.host };

	if (!credential_claims_parse(&claims, body->issue.claims, err) ||
	    !issue_layout(&layout, b, claims.grade, &body->issue, err) ||
	    !issue_say_versions(&source, from, body->kind, body->issue.order.ground, err) ||
	    !bureau_trust(&trust, b, err) || !bureau_issuer(&source.issuer, b, err))
		return false;
	beside_claims(&source, from, body);
	source.test = trust_bundle(trust)->test;
	return face_make(face, &source, err) && check_face(&body->issue, face, err);
}

bool
issue_check_page(struct bureau *b, struct span subject, const struct act_body *body, int64_t now_s,
    struct err *err)
{
	struct face face = { NULL, 0 };
	struct issue_source from;

	bool ok = issue_source_load(&from, b, subject, now_s, err) &&
	    check_page(b, &from, body, &face, err);
	face_free(&face);
	issue_source_free(&from);
	return ok;
}

/* The version that it follows, also where it was made meanwhile. */
static bool
find_before(struct chain_entry *out, struct buf *bytes, const struct bureau *b,
    const struct registry_subject *licence, const struct act_body *body, struct err *err)
{
	const struct registry_instrument *newest = &licence->instrument;
	unsigned version = newest->version;
	struct claims claims;

	if (!credential_claims_parse(&claims, body->issue.claims, err))
		return false;
	if (body->kind == ACT_REISSUE)
		version = claims.version - 1u;
	return issue_proposal_of(out, bytes, b, newest->number, version, err);
}

bool
issue_text(struct buf *out, const struct bureau *b, const struct registry_subject *licence,
    const struct act_body *body, enum lang lang, struct err *err)
{
	struct chain_entry before;
	struct buf bytes = BUF_EMPTY;
	const bool makes = act_body_makes(body->kind);

	bool ok = (!makes || find_before(&before, &bytes, b, licence, body, err)) &&
	    order_text(out, licence, makes ? &before.body.issue : NULL, body, lang, err);
	buf_free(&bytes);
	return ok;
}
