/* Blank papers to fill in. */
#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "issuer/change.h"
#include "issuer/commands.h"
#include "issuer/dossier.h"
#include "issuer/validity.h"

#include <stdlib.h>

enum paper { APPLICATION, EXAMINATION, INSPECTION, CHANGE, PAPERS };

static const char *const words[PAPERS] = { "application", "examination", "inspection", "change" };
static const char *const files[PAPERS] = { "blank/application.json", "blank/examination.json",
	"blank/inspection.json", "blank/change.json" };

static bool
load(json_t **out, const struct command *c, enum paper paper, struct err *err)
{
	struct buf path = BUF_EMPTY, bytes = BUF_EMPTY;
	json_error_t error;

	*out = NULL;
	bool ok = bureau_template_path(&path, c->bureau, files[paper], err) &&
	    file_read(&bytes, buf_text(&path), LIMIT_PAPER_BYTES, err);
	if (ok) {
		*out = json_loadb((const char *)bytes.ptr, bytes.len, 0, &error);
		ok = *out != NULL ||
		    err_set(err, ERR_MALFORMED, "%s: line %d: %s", buf_text(&path), error.line,
			error.text);
	}
	buf_free(&bytes);
	buf_free(&path);
	return ok;
}

/* Only what the grade asks for: a director of confidentiality, or a person in charge. */
static bool
set_grade(json_t *paper, const struct command *c, struct err *err)
{
	const char *grade = c->option[OPTION_GRADE];
	json_t *organisation = json_object_get(paper, "organisation");

	if (grade == NULL)
		grade = "A";
	if (strcmp(grade, "A") != 0 && strcmp(grade, "B") != 0)
		return err_set(err, ERR_USAGE, "--grade is A or B, not \"%s\"", grade);
	json_object_set_new(json_object_get(paper, "qualification"), "grade", json_string(grade));
	json_object_del(organisation, grade[0] == 'A' ? "leads" : "directors");
	return true;
}

/* Every item of the scheme the case is scored by, in full: what is deducted is written in. */
static bool
fill_scoring(json_t *paper, const struct command *c, const struct dossier *d, struct err *err)
{
	char hash[2 * SHA256_BYTES + 1];
	struct scoring *scheme;

	if (!dossier_scoring(&scheme, d, c->bureau, err))
		return false;
	json_t *scoring = json_object_get(paper, "scoring");
	hex_encode(hash, span_of(scheme->hash, sizeof scheme->hash));
	json_object_set_new(scoring, "scheme", json_string(hash));
	for (size_t i = 0; i < scheme->n_basic; i++)
		json_array_append_new(json_object_get(scoring, "basic"),
		    json_pack("{s:s, s:s, s:s}", "item", scheme->basic[i].item, "title",
			LANG_PICK(c->lang, scheme->basic[i].zh, scheme->basic[i].en), "result",
			""));
	for (size_t i = 0; i < scheme->n_items; i++)
		json_array_append_new(json_object_get(scoring, "items"),
		    json_pack("{s:s, s:s, s:i}", "item", scheme->items[i].item, "title",
			LANG_PICK(c->lang, scheme->items[i].zh, scheme->items[i].en), "points",
			(int)scheme->items[i].points));
	scoring_free(scheme);
	return true;
}

/* What the case says already: whose it is, which rules must be verified on site, what is scored. */
static bool
fill_from_case(
    json_t *paper, const struct command *c, enum paper which, const char *shown, struct err *err)
{
	char subject[ACT_SUBJECT_BYTES + 1];
	struct dossier d = { 0 };

	bool ok = dossier_subject(subject, shown, err) &&
	    dossier_load(&d, c->bureau, span_text(subject), c->now_s, err);
	if (ok) {
		const struct application *app = d.application;
		json_object_set_new(
		    paper, "uscc", json_stringn((const char *)app->uscc.ptr, app->uscc.len));
		json_t *rules = json_object_get(paper, "rules");
		for (size_t i = 0; which == INSPECTION && rules_organisation(app->grade, i); i++)
			json_array_append_new(rules,
			    json_pack("{s:s, s:s, s:s}", "rule", rules_organisation(app->grade, i),
				"result", "", "examiner", ""));
		ok = which != INSPECTION || fill_scoring(paper, c, &d, err);
	}
	dossier_free(&d);
	return ok;
}

/* Whose certificate it is, and of what may change only what the ground names. */
static bool
fill_from_certificate(json_t *paper, const struct command *c, const char *word, struct err *err)
{
	static const char *const keys[] = { "name", "legal_representative", "registered_address",
		"scopes" };
	struct validity v = { 0 };
	struct span ground;

	bool ok = command_need(&ground, c, OPTION_GROUND, err) &&
	    (change_need(ground) != CHANGE_REFUSED ||
		err_set(err, ERR_USAGE, "ground %s changes nothing on the page",
		    c->option[OPTION_GROUND])) &&
	    validity_load(&v, c->bureau, span_text(word), c->now_s, err);
	if (ok) {
		const struct span uscc = v.credential.claims.uscc;
		json_object_set_new(paper, "uscc", json_stringn((const char *)uscc.ptr, uscc.len));
		for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
			if (!change_takes(ground, keys[i]))
				json_object_del(paper, keys[i]);
	}
	validity_free(&v);
	return ok;
}

static bool
fill(json_t *paper, const struct command *c, enum paper which, struct err *err)
{
	switch (which) {
	case APPLICATION:
		return set_grade(paper, c, err);
	case CHANGE:
		return fill_from_certificate(paper, c, c->words[1], err);
	default:
		return fill_from_case(paper, c, which, c->words[1], err);
	}
}

static bool
print_paper(const struct command *c, enum paper which, json_t *paper, struct err *err)
{
	char *text = json_dumps(paper, JSON_INDENT(2));

	if (text == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	command_print(c, "%s\n", text);
	free(text);
	return c->answer == NULL || json_object_set(c->answer, words[which], paper) == 0 ||
	    err_set(err, ERR_MEMORY, "out of memory");
}

bool
cmd_case_template(struct command *c, struct err *err)
{
	enum paper which = APPLICATION;
	json_t *paper = NULL;

	while (c->n_words > 0 && which < PAPERS && strcmp(c->words[0], words[which]) != 0)
		which++;
	if (which == PAPERS || c->n_words > 2 || (c->n_words == 2) != (which != APPLICATION))
		return err_set(
		    err, ERR_USAGE, "usage: qualcert %s %s", c->row->name, c->row->usage);
	bool ok = (which == APPLICATION || command_open(c, true, err)) &&
	    load(&paper, c, which, err) && fill(paper, c, which, err) &&
	    print_paper(c, which, paper, err);
	json_decref(paper);
	return ok;
}
