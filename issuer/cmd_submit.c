/* An application: what is wrong with it, all of it at once; handing it in, and handing it in corrected. */
#include "core/file.h"
#include "core/limits.h"
#include "issuer/case_act.h"
#include "issuer/commands.h"
#include "issuer/room.h"
#include "registry/registry_applied.h"

/* An application as handed in, with all that is found in it. */
struct handed_in {
	struct application *application;
	struct defects defects;
};

static void
handed_in_free(struct handed_in *h)
{
	application_free(h->application);
	defects_free(&h->defects);
}

/* Without a bureau, the rules of the standard policy. */
static bool
load_policy(struct policy *out, const struct command *c, struct err *err)
{
	struct buf path = BUF_EMPTY, bytes = BUF_EMPTY;
	const struct policy *own;
	bool ok;

	if (c->bureau != NULL) {
		ok = bureau_policy(&own, c->bureau, err);
		if (ok)
			*out = *own;
		return ok;
	}
	ok = bureau_template_path(&path, NULL, "policy-standard.json", err) &&
	    file_read(&bytes, buf_text(&path), LIMIT_JSON_BYTES, err) &&
	    policy_parse(out, buf_span(&bytes), err);
	buf_free(&bytes);
	buf_free(&path);
	return ok;
}

/* What the register has to say; an application with other faults may be too broken to be asked about. */
static bool
ask_register(struct registry_applied *out, const struct handed_in *h, const struct command *c,
    struct applied *applied, struct err *err)
{
	struct buf bytes = BUF_EMPTY;

	*out = (struct registry_applied){ .barred = false };
	*applied = (struct applied){ .type = APPLIED_NEW };
	bool ok = application_encode(&bytes, h->application, err);
	if (ok && c->bureau != NULL && applied_read(applied, buf_span(&bytes), NULL))
		ok = registry_applied(out, c->bureau->registry, applied, c->now_s, err);
	else
		applied->type = APPLIED_NEW;
	buf_free(&bytes);
	return ok;
}

static bool
ask_rules(struct handed_in *h, const struct command *c, int64_t submitted_s, struct err *err)
{
	struct policy policy;
	struct pdf_maker *maker = NULL;
	struct registry_applied known;
	struct applied applied;

	if (!load_policy(&policy, c, err) || !ask_register(&known, h, c, &applied, err) ||
	    !pdf_maker_open(&maker, err))
		return false;
	rules_check(&h->defects,
	    &(struct rules_question){ .application = h->application,
		.level = RULES_DECLARED,
		.submitted = civil_of(c->now_s),
		.policy = &policy,
		.fault = applied_fault(&applied, &known.of, submitted_s),
		.bar = known.barred && submitted_s == c->now_s ? &known.bar : NULL,
		.drawable = dossier_drawable,
		.drawable_ctx = maker });
	bool ok = defects_ok(&h->defects, err) &&
	    (defects_count(&h->defects, SEVERITY_ERROR) > 0 ||
		h->application->kind != APPLICANT_ENTERPRISE ||
		room_check(&h->defects, h->application, c->bureau, maker, c->now_s, err));
	pdf_maker_close(maker);
	return ok;
}

/* submitted_s: now, or when the application was handed in that this one corrects. */
static bool
read_application(struct handed_in *h, const struct command *c, const char *path,
    int64_t submitted_s, struct err *err)
{
	struct buf bytes = BUF_EMPTY;
	bool ok = command_read(&bytes, path, LIMIT_PAPER_BYTES, err) &&
	    (application_parse(&h->application, &h->defects, buf_span(&bytes), err) ||
		err_in(err, "%s", path)) &&
	    ask_rules(h, c, submitted_s, err);
	buf_free(&bytes);
	return ok;
}

bool
cmd_case_check(struct command *c, struct err *err)
{
	struct handed_in h = { 0 };
	struct buf text = BUF_EMPTY;
	const char *path;

	bool ok = command_one_word(&path, c, err) &&
	    (!command_names_bureau(c) || command_open(c, true, err)) &&
	    read_application(&h, c, path, c->now_s, err);
	if (ok) {
		defects_text(&text, &h.defects, c->lang);
		command_print_buf(c, &text);
		if (defects_count(&h.defects, SEVERITY_ERROR) > 0)
			c->status = 1;
		else
			command_print(
			    c, "%s\n", LANG_PICK(c->lang, "可以提交", "fit to be submitted"));
		ok = buf_ok(&text, err) && command_answer_defects(c, &h.defects, err);
	}
	buf_free(&text);
	handed_in_free(&h);
	return ok;
}

/* ---- submit ---- */

/* The case that was opened: `subject`, unless this repeats an earlier submission. */
static bool
opened_case(char subject[ACT_SUBJECT_BYTES + 1], const struct sitting *before, struct err *err)
{
	struct chain_entry entry;
	struct buf bytes = BUF_EMPTY;
	bool found;

	bool ok = sitting_recall(&found, &entry, &bytes, before, err);
	if (ok && found)
		snprintf(subject, ACT_SUBJECT_BYTES + 1, "%.*s", (int)entry.act.subject.len,
		    (const char *)entry.act.subject.ptr);
	buf_free(&bytes);
	return ok;
}

/* Under the next case number. `empty` is the sitting before the act. */
static bool
try_submit(bool *done, char subject[ACT_SUBJECT_BYTES + 1], struct command *c,
    const struct sitting *empty, const struct act_body *body, struct err *err)
{
	struct sitting s = *empty;

	bool ok = registry_next_case(subject, c->bureau->registry, civil_of(c->now_s).year, err) &&
	    command_may(c, &s, span_text(subject), ACT_SUBMIT, err) &&
	    sitting_add(&s, span_text(subject), body, err) && command_finish_one(done, c, &s, err);
	sitting_free(&s);
	return ok && (!*done || opened_case(subject, empty, err));
}

/* Has another clerk taken the number meanwhile? */
static bool
was_taken(const char *subject, const struct command *c)
{
	char next[ACT_SUBJECT_BYTES + 1];

	return registry_next_case(next, c->bureau->registry, civil_of(c->now_s).year, NULL) &&
	    strcmp(next, subject) != 0;
}

static bool
submit(struct command *c, const struct sitting *empty, const struct handed_in *h, struct err *err)
{
	char subject[ACT_SUBJECT_BYTES + 1] = "";
	struct buf bytes = BUF_EMPTY;
	struct act_body body = { .kind = ACT_SUBMIT };
	bool done = false;

	bool ok = application_encode(&bytes, h->application, err);
	body.submit.application = buf_span(&bytes);
	while (ok && !try_submit(&done, subject, c, empty, &body, err)) {
		ok = !done && was_taken(subject, c);
		if (ok)
			*err = (struct err){ 0 };
	}
	buf_free(&bytes);
	if (ok && done) {
		command_print(c, "%s\n", dossier_short(subject));
		command_answer(c, "case", dossier_short(subject));
	}
	return ok;
}

/* With an ERROR nothing is stored, whoever signs. */
static bool
accept_defects(const struct command *c, const struct defects *defects, struct err *err)
{
	size_t errors = defects_count(defects, SEVERITY_ERROR);

	command_warn_defects(c, defects);
	if (!command_answer_defects(c, defects, err))
		return false;
	return errors == 0 ||
	    err_set(
		err, ERR_REFUSED, "nothing was stored; defects that stand against it: %zu", errors);
}

bool
cmd_case_submit(struct command *c, struct err *err)
{
	struct handed_in h = { 0 };
	struct sitting s = { 0 };
	const char *path;

	bool ok = command_one_word(&path, c, err) && command_begin(c, &s, err) &&
	    read_application(&h, c, path, c->now_s, err) && accept_defects(c, &h.defects, err) &&
	    submit(c, &s, &h, err);
	sitting_free(&s);
	handed_in_free(&h);
	return ok;
}

/* ---- amend: CASE FILE ---- */

bool
cmd_case_amend(struct command *c, struct err *err)
{
	struct handed_in h = { 0 };
	struct case_act a = { 0 };
	struct act_body body = { .kind = ACT_AMEND };

	if (c->n_words != 2)
		return err_set(
		    err, ERR_USAGE, "usage: qualcert %s %s", c->row->name, c->row->usage);
	bool ok = case_act_begin(&a, c, c->words[0], ACT_AMEND, err) &&
	    read_application(
		&h, c, c->words[1], a.dossier.subject.dossier.submit->recorded_s, err) &&
	    accept_defects(c, &h.defects, err) && application_encode(&a.paper, h.application, err);
	body.submit.application = buf_span(&a.paper);
	ok = ok && case_act_say(&a, c, &body, "amended", NULL, err);
	handed_in_free(&h);
	case_act_free(&a);
	return ok;
}
