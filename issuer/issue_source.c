#include "issuer/issue_parts.h"

/* ---- the version before ---- */

bool
issue_proposal_of(struct chain_entry *out, struct buf *bytes, const struct bureau *b,
    const char *number, unsigned version, struct err *err)
{
	struct registry_proposal maker;
	struct registry_entry entry;

	return registry_find_maker(&maker, b->registry, span_text(number), version, err) &&
	    registry_find_act(&entry, bytes, b->registry, maker.hash, err) &&
	    chain_entry_parse(out, entry.bytes, err);
}

bool
issue_is_next_version(const struct issue_source *s, enum act_kind kind)
{
	return kind == ACT_REISSUE ||
	    (kind == ACT_ISSUE && s->applied.type == APPLIED_SCOPE_ADDITION);
}

/* By what was applied for. */
static void
say_applied(struct face_source *out, enum applied_type type)
{
	switch (type) {
	case APPLIED_RENEWAL:
		out->why_zh = "有效期延续";
		out->why_en = "renewed";
		return;
	case APPLIED_UPGRADE:
		out->why_zh = "等级提升";
		out->why_en = "grade raised";
		return;
	case APPLIED_SCOPE_ADDITION:
		out->why_zh = "增加业务种类";
		out->why_en = "scope added";
		return;
	default:
		out->why_zh = "首次发证";
		out->why_en = "first issue";
	}
}

/* By an order, in the words of issue: the ground's own are of the licence, and may be a reproach. */
static bool
say_ordered(struct face_source *out, struct span ground, struct err *err)
{
	const struct ground *order = ground_find(ground);

	if (order == NULL || order->printed_zh == NULL)
		return err_set(err, ERR_REFUSED, "LIC-01: there is no ground %.*s", (int)ground.len,
		    (const char *)ground.ptr);
	out->why_zh = order->printed_zh;
	out->why_en = order->printed_en;
	return true;
}

/* The other licence that this one comes after, by what was applied for or by an order. */
static bool
say_followed(
    struct face_source *out, const struct issue_source *s, enum act_kind kind, struct err *err)
{
	const struct span of =
	    kind == ACT_ISSUE ? span_text(s->applied.of) : s->subject.credential.claims.sub;
	struct number number;

	if (of.len == 0 || issue_is_next_version(s, kind))
		return true;
	if (!number_parse(&number, of, err))
		return false;
	number_shown(out->follows, &number);
	return true;
}

bool
issue_say_versions(struct face_source *out, const struct issue_source *s, enum act_kind kind,
    struct span ground, struct err *err)
{
	if (issue_is_next_version(s, kind)) {
		out->versions_zh = printed_face_text(s->before.body.issue.face, "versions_zh");
		out->versions_en = printed_face_text(s->before.body.issue.face, "versions_en");
	}
	if (kind == ACT_ISSUE)
		say_applied(out, s->applied.type);
	else if (!say_ordered(out, ground, err))
		return false;
	return say_followed(out, s, kind, err);
}

/* ---- a case ---- */

static bool
from_case(
    struct issue_source *s, struct bureau *b, struct span subject, int64_t now_s, struct err *err)
{
	const struct case_state *state = &s->subject.dossier;
	struct defects defects = { 0 };

	if (state->submit == NULL)
		return err_set(err, ERR_NOT_FOUND, "there is no %.*s", (int)subject.len,
		    (const char *)subject.ptr);
	const struct span paper = case_application(state);
	bool ok = application_parse(&s->application, &defects, paper, err) &&
	    applied_read(&s->applied, paper, err);
	defects_free(&defects);
	if (!ok)
		return err_in(err, "application");
	s->legal_representative = application_representative(s->application);
	s->address = s->application->address_zh;
	if (!registry_applied(&s->about, b->registry, &s->applied, now_s, err))
		return false;
	const struct registry_instrument *newest = &s->about.instrument;
	return s->about.of.claims == NULL || !issue_is_next_version(s, ACT_ISSUE) ||
	    issue_proposal_of(&s->before, &s->bytes, b, newest->number, newest->version, err);
}

/* ---- a licence ---- */

static bool
from_licence(struct issue_source *s, const struct bureau *b, struct span number, struct err *err)
{
	if (s->subject.judge.licence == NULL)
		return err_set(err, ERR_NOT_FOUND, "no certificate %.*s was issued",
		    (int)number.len, (const char *)number.ptr);
	const struct registry_instrument *newest = &s->subject.instrument;
	if (!issue_proposal_of(&s->before, &s->bytes, b, newest->number, newest->version, err))
		return false;
	s->legal_representative =
	    printed_face_text(s->before.body.issue.face, "legal_representative");
	s->address = printed_face_text(s->before.body.issue.face, "address");
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
		return from_case(out, b, subject, now_s, err);
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
