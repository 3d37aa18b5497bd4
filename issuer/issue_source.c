#include "issuer/issue_parts.h"

/* ---- a case ---- */

static bool
from_case(struct issue_source *s, struct span subject, struct err *err)
{
	struct defects defects = { 0 };

	if (s->subject.dossier.submit == NULL)
		return err_set(err, ERR_NOT_FOUND, "there is no %.*s", (int)subject.len,
		    (const char *)subject.ptr);
	bool ok = application_parse(
	    &s->application, &defects, s->subject.dossier.submit->body.submit.application, err);
	defects_free(&defects);
	if (!ok)
		return err_in(err, "application");
	s->legal_representative = application_representative(s->application);
	s->address = s->application->address_zh;
	return true;
}

/* ---- a licence ---- */

/* The proposal by which its newest version was made: that has its page. */
static bool
load_before(struct issue_source *s, struct bureau *b, struct err *err)
{
	const struct registry_instrument *newest = &s->subject.instrument;
	struct registry_proposal maker;
	struct registry_entry entry;

	return registry_find_maker(
		   &maker, b->registry, span_text(newest->number), newest->version, err) &&
	    registry_find_act(&entry, &s->bytes, b->registry, maker.hash, err) &&
	    chain_entry_parse(&s->before, entry.bytes, err);
}

static bool
from_licence(struct issue_source *s, struct bureau *b, struct span number, struct err *err)
{
	if (s->subject.judge.licence == NULL)
		return err_set(err, ERR_NOT_FOUND, "no certificate %.*s was issued",
		    (int)number.len, (const char *)number.ptr);
	if (!load_before(s, b, err))
		return false;
	s->legal_representative = act_body_face(&s->before.body.issue, "legal_representative");
	s->address = act_body_face(&s->before.body.issue, "address");
	return true;
}

/* ---- */

bool
issue_source_load(
    struct issue_source *out, struct bureau *b, struct span subject, int64_t now_s, struct err *err)
{
	*out = (struct issue_source){ 0 };
	if (!registry_subject_load(&out->subject, b->registry, subject, now_s, err))
		return false;
	switch (act_subject_of(subject)) {
	case SUBJECT_CASE:
		return from_case(out, subject, err);
	case SUBJECT_NUMBER:
		return from_licence(out, b, subject, err);
	default:
		return err_set(err, ERR_USAGE, "%.*s is neither a case nor a certificate",
		    (int)subject.len, (const char *)subject.ptr);
	}
}

void
issue_source_free(struct issue_source *s)
{
	application_free(s->application);
	buf_free(&s->bytes);
	registry_subject_free(&s->subject);
	*s = (struct issue_source){ 0 };
}
