#include "issuer/issue_parts.h"

#include "issuer/face_make.h"

bool
issue_layout(struct template **out, const struct bureau *b, enum grade grade,
    const struct body_issue *body, struct err *err)
{
	if (!bureau_template(out, b, grade, err))
		return false;
	return (span_is(body->template_id, (*out)->id) &&
		   memcmp(body->template_hash, (*out)->sha256, SHA256_BYTES) == 0) ||
	    err_set(err, ERR_REFUSED,
		"the layout %s is not the one the officers signed: it was changed since; put the "
		"old file back",
		(*out)->id);
}

/* Both stand in the order of their encoded names. */
static bool
check_face(const struct body_issue *body, const struct face *face, struct err *err)
{
	size_t i = 0;

	while (i < face->count && i < body->face_count &&
	    span_is(body->face[i].name, face->fields[i].name) &&
	    span_is(body->face[i].text, face->fields[i].value))
		i++;
	if (i == face->count && i == body->face_count)
		return true;
	return err_set(err, ERR_REFUSED,
	    "CLM-01: what is to be printed (%s) does not follow from the case: refuse it, and have "
	    "it proposed again",
	    i < face->count ? face->fields[i].name : "a field too many");
}

static bool
check_page(struct bureau *b, const struct issue_case *c, const struct body_issue *body,
    struct template **layout, struct application **application, struct face *face, struct err *err)
{
	struct claims claims;
	const struct trust *trust;
	struct face_source source = { .claims = &claims, .host = b->conf.host };

	if (!credential_claims_parse(&claims, body->claims, err) ||
	    !issue_layout(layout, b, claims.grade, body, err) || !bureau_trust(&trust, b, err) ||
	    !bureau_issuer(&source.issuer, b, err) || !issue_case_application(application, c, err))
		return false;
	source.application = *application;
	source.test = trust_bundle(trust)->test;
	return face_make(face, &source, err) && check_face(body, face, err);
}

bool
issue_check_page(struct bureau *b, struct span subject, const struct body_issue *body,
    int64_t now_s, struct err *err)
{
	struct application *application = NULL;
	struct template *layout = NULL;
	struct face face = { NULL, 0 };
	struct issue_case c;

	bool ok = issue_case_load(&c, b, subject, now_s, err) &&
	    check_page(b, &c, body, &layout, &application, &face, err);
	face_free(&face);
	template_free(layout);
	application_free(application);
	issue_case_free(&c);
	return ok;
}
