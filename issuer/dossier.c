#include "issuer/dossier.h"

#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"
#include "issuer/officer.h"

#include <stdio.h>

#define CASE_PREFIX "case/"

/* ---- subjects ---- */

const char *
dossier_short(const char *subject)
{
	size_t n = strlen(CASE_PREFIX);
	return strncmp(subject, CASE_PREFIX, n) == 0 ? subject + n : subject;
}

bool
dossier_subject(char out[ACT_SUBJECT_BYTES + 1], const char *shown, struct err *err)
{
	int len = snprintf(out, ACT_SUBJECT_BYTES + 1, CASE_PREFIX "%s", dossier_short(shown));
	if (len <= ACT_SUBJECT_BYTES && act_subject_of(span_text(out)) == SUBJECT_CASE)
		return true;
	return err_set(err, ERR_USAGE, "a case is written C-2026-0017");
}

/* ---- papers ---- */

/* A paper that was recorded had no fault when it was handed in. */
static bool
without_fault(struct defects *defects, struct err *err)
{
	bool clean = defects_ok(defects, err) &&
	    (defects_count(defects, SEVERITY_ERROR) == 0 ||
		err_set(err, ERR_MALFORMED, "this program finds a fault in a recorded paper: %s",
		    defects->items[0].en));
	defects_free(defects);
	return clean;
}

static bool
load_papers(struct dossier *d, struct err *err)
{
	const struct case_state *state = &d->subject.dossier;
	struct defects defects = { 0 };

	bool ok = application_parse(&d->application, &defects, case_application(state), err);
	if (ok && state->inspect[0] != NULL)
		ok = inspection_parse(&d->inspection, &defects,
		    state->inspect[0]->body.result.report, d->application->uscc, err);
	return without_fault(&defects, err) && ok;
}

void
dossier_name_people(struct registry_chain *chain, const struct bureau *b)
{
	char room[OFFICER_NAME_BYTES];

	for (size_t i = 0; i < chain->n; i++) {
		struct chain_who *who = &chain->entries[i].who;
		const char *name = officer_name(room, b, who->person, LANG_EN);
		who->name = name != room ? name : NULL;
	}
}

bool
dossier_load(struct dossier *out, const struct bureau *b, struct span subject, int64_t now_s,
    struct err *err)
{
	*out = (struct dossier){ 0 };
	if (!registry_subject_load(&out->subject, b->registry, subject, now_s, err))
		return false;
	if (out->subject.dossier.submit == NULL)
		return err_set(err, ERR_NOT_FOUND, "there is no case %.*s", (int)subject.len,
		    (const char *)subject.ptr);
	dossier_name_people(&out->subject.chain, b);
	return load_papers(out, err) ||
	    err_in(err, "%.*s", (int)subject.len, (const char *)subject.ptr);
}

void
dossier_free(struct dossier *d)
{
	inspection_free(d->inspection);
	application_free(d->application);
	registry_subject_free(&d->subject);
	*d = (struct dossier){ 0 };
}

/* ---- what follows from them ---- */

bool
dossier_drawable(void *ctx, struct span text, uint32_t *code_point, size_t *position)
{
	const struct font_set *fonts = pdf_maker_fonts(ctx);
	struct font_glyph glyph;
	size_t at = 0;

	for (*position = 1; at < text.len; ++*position) {
		int32_t next = text_next(text, &at);
		if (next < 0)
			return true; /* the rules on text say so */
		*code_point = (uint32_t)next;
		if (!font_find(&glyph, fonts, FONT_KAI, next))
			return false;
	}
	return true;
}

bool
dossier_rules(
    struct defects *out, const struct dossier *d, const struct pdf_maker *maker, struct err *err)
{
	rules_check(out,
	    &(struct rules_question){ .application = d->application,
		.level = d->inspection != NULL ? RULES_VERIFIED : RULES_DECLARED,
		.inspection = d->inspection,
		.submitted = civil_of(d->subject.dossier.application->recorded_s),
		.policy = d->subject.judge.policy,
		.drawable = maker != NULL ? dossier_drawable : NULL,
		.drawable_ctx = (void *)maker });
	return defects_ok(out, err);
}

/* ---- how it is scored ---- */

/* The policy named by the bundle that who accepted saw; by silence, who handed in the application. */
static bool
policy_at_acceptance(
    const struct policy **out, const struct dossier *d, const struct bureau *b, struct err *err)
{
	const struct case_state *s = &d->subject.dossier;
	const struct chain_entry *e = s->accept != NULL ? s->accept : s->application;
	struct buf file = BUF_EMPTY;
	struct cose_sign envelope;
	struct bundle *bundle = NULL;

	*out = NULL;
	bool ok = registry_bundle(&file, b->registry, e->act.bundle_seq, err) &&
	    bundle_parse_file(&envelope, &bundle, buf_span(&file), err);
	for (size_t i = 0; ok && i < b->n_policies; i++)
		if (memcmp(b->policies[i].hash, bundle->policy_hash, SHA256_BYTES) == 0)
			*out = &b->policies[i];
	bundle_free(bundle);
	buf_free(&file);
	return ok &&
	    (*out != NULL ||
		err_set(err, ERR_NOT_FOUND,
		    "the policy that was in force when the case was accepted is not here"));
}

/* True where the file is another; *out is left NULL then. */
static bool
try_scheme(
    struct scoring **out, const char *path, const uint8_t hash[SHA256_BYTES], struct err *err)
{
	struct buf bytes = BUF_EMPTY;
	uint8_t have[SHA256_BYTES];

	bool ok = file_read(&bytes, path, LIMIT_JSON_BYTES, err);
	if (ok) {
		sha256(have, buf_span(&bytes));
		if (memcmp(have, hash, SHA256_BYTES) == 0)
			ok = scoring_parse(out, buf_span(&bytes), err) || err_in(err, "%s", path);
	}
	buf_free(&bytes);
	return ok;
}

/* scoring.json, or an older one beside it. */
static bool
find_scheme(
    struct scoring **out, const struct bureau *b, const uint8_t hash[SHA256_BYTES], struct err *err)
{
	struct buf folder = BUF_EMPTY;
	glob_t found = { 0 };

	bool ok = bureau_template_path(&folder, b, "scoring.json", err);
	if (ok) {
		folder.len -= strlen("/scoring.json");
		ok = file_find(&found, buf_text(&folder), "scoring*.json", err);
	}
	for (size_t i = 0; ok && *out == NULL && i < found.gl_pathc; i++)
		ok = try_scheme(out, found.gl_pathv[i], hash, err);
	if (ok && *out == NULL)
		ok = err_set(err, ERR_NOT_FOUND,
		    "no scoring*.json in %s is the scoring scheme that the policy names",
		    buf_text(&folder));
	globfree(&found);
	buf_free(&folder);
	return ok;
}

bool
dossier_scoring(
    struct scoring **out, const struct dossier *d, const struct bureau *b, struct err *err)
{
	const struct policy *policy;

	*out = NULL;
	return policy_at_acceptance(&policy, d, b, err) &&
	    find_scheme(out, b, policy->scoring, err);
}

bool
dossier_decide(struct decision *out, const struct dossier *d, struct span document,
    struct span reason, struct err *err)
{
	const struct application *app = d->application;
	bool grant = reason.len == 0;

	*out = (struct decision){ .outcome = grant ? DECISION_GRANT : DECISION_REFUSE,
		.document = document,
		.years = grant ? d->subject.judge.policy->validity_years : 0,
		.holder = app->name_zh,
		.holder_en = app->name_en,
		.uscc = app->uscc,
		.family = app->family,
		.grade = app->grade,
		.reason = reason };
	return application_scopes(&out->scopes, &app->scopes, err);
}
