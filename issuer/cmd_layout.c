/* Certificate layouts: are they fit, and what do they look like. */
#include "core/file.h"
#include "core/limits.h"
#include "core/scratch.h"
#include "issuer/commands.h"
#include "issuer/specimen.h"
#include "issuer/template_check.h"

#include <stdlib.h>

#define TEMPORARY "/tmp"

/* The layouts a bureau has, by the name of their file and their id. */
static const char *const bureaus[] = { "grade-a", "grade-b" };

/* ---- which ---- */

/* A file, or by its bare name one of the bureau's, or of those installed where no bureau is named. */
static bool
find(struct buf *path, const struct command *c, const char *word, struct err *err)
{
	struct buf file = BUF_EMPTY;

	if (strpbrk(word, "./") != NULL) {
		buf_add_text(path, word);
		return buf_ok(path, err);
	}
	buf_printf(&file, "%s.json", word);
	bool ok = buf_ok(&file, err) && bureau_template_path(path, c->bureau, buf_text(&file), err);
	buf_free(&file);
	return ok;
}

static bool
read_bytes(struct buf *out, const struct command *c, const char *word, struct err *err)
{
	struct buf path = BUF_EMPTY;

	bool ok =
	    find(&path, c, word, err) && file_read(out, buf_text(&path), LIMIT_JSON_BYTES, err);
	buf_free(&path);
	return ok;
}

static enum grade
grade_of(const struct template *t)
{
	return strcmp(t->id, bureaus[1]) == 0 ? GRADE_B : GRADE_A;
}

/* ---- check ---- */

struct layouts {
	struct command *command;
	struct pdf_maker *maker;
	struct scratch *scratch;
	struct defects defects;
	struct buf good; /* a line for each without a finding */
};

static bool
check_layout(struct layouts *l, const char *word, const struct template *t, struct err *err)
{
	const struct template_question q = { word, t, grade_of(t), l->maker };
	const size_t before = l->defects.count;

	if (!template_check(&l->defects, &q, err))
		return false;
	if (l->defects.count == before &&
	    !template_reread(&l->defects, &q, scratch_path(l->scratch), err))
		return false;
	if (l->defects.count == before)
		buf_printf(&l->good,
		    LANG_PICK(
			l->command->lang, "%s：%zu 页，没有问题\n", "%s: %zu pages, no findings\n"),
		    word, t->page_count);
	return true;
}

static bool
check(struct layouts *l, const char *word, struct err *err)
{
	struct buf bytes = BUF_EMPTY;
	struct template *t = NULL;
	struct err why = { 0 };

	bool ok = read_bytes(&bytes, l->command, word, err);
	if (ok && template_parse(&t, buf_span(&bytes), &why))
		ok = check_layout(l, word, t, err);
	else if (ok)
		defects_add(&l->defects, "LAY-01", SEVERITY_ERROR, word, "读不了：%s",
		    "cannot be read: %s", why.text);
	template_free(t);
	buf_free(&bytes);
	return ok;
}

static void
show(const struct layouts *l)
{
	const enum lang lang = l->command->lang;

	for (size_t i = 0; i < l->defects.count; i++) {
		const struct defect *d = &l->defects.items[i];
		command_print(l->command, LANG_PICK(lang, "%s：%s（%s）\n", "%s: %s (%s)\n"),
		    d->path, LANG_PICK(lang, d->zh, d->en), d->code);
	}
	command_print_buf(l->command, &l->good);
}

bool
cmd_template_check(struct command *c, struct err *err)
{
	struct layouts l = { .command = c };
	const char *const *words = c->n_words > 0 ? (const char *const *)c->words : bureaus;
	const size_t n = c->n_words > 0 ? c->n_words : sizeof bureaus / sizeof *bureaus;
	const char *where = getenv("TMPDIR");

	if (where == NULL || where[0] == '\0')
		where = TEMPORARY;
	bool ok = scratch_open(&l.scratch, where, "qualcert-layout", err) &&
	    (!command_names_bureau(c) || command_open(c, true, err)) &&
	    pdf_maker_open(&l.maker, err);
	for (size_t i = 0; ok && i < n; i++)
		ok = check(&l, words[i], err);
	ok = ok && buf_ok(&l.good, err) && defects_ok(&l.defects, err) &&
	    command_answer_defects(c, &l.defects, err);
	if (ok)
		show(&l);
	if (ok && l.defects.count > 0)
		c->status = EXIT_FAILURE;
	ok = scratch_close(l.scratch, ok ? err : NULL) && ok;
	pdf_maker_close(l.maker);
	defects_free(&l.defects);
	buf_free(&l.good);
	return ok;
}

/* ---- preview ---- */

static bool
draw(struct buf *pdf, const struct template *t, struct err *err)
{
	struct pdf_maker *maker = NULL;
	struct specimen specimen = { .qr_text = BUF_EMPTY };

	bool ok = pdf_maker_open(&maker, err) &&
	    specimen_make(&specimen, SPECIMEN_USUAL, grade_of(t), err) &&
	    pdf_preview(pdf, maker, t, &specimen.face, PDF_MARK_SPECIMEN, err);
	specimen_free(&specimen);
	pdf_maker_close(maker);
	return ok;
}

/* To the file named, or one of the layout's name; never in place of another. */
static bool
write_out(const struct command *c, const struct template *t, struct span pdf, struct err *err)
{
	struct buf path = BUF_EMPTY;

	if (c->option[OPTION_OUT] != NULL)
		buf_add_text(&path, c->option[OPTION_OUT]);
	else
		buf_printf(&path, "%s.pdf", t->id);
	bool ok = buf_ok(&path, err) && file_write_new(buf_text(&path), pdf, 0644, err);
	if (ok) {
		command_print(c, "%s\n", buf_text(&path));
		command_answer(c, "file", buf_text(&path));
	}
	buf_free(&path);
	return ok;
}

bool
cmd_template_preview(struct command *c, struct err *err)
{
	struct buf bytes = BUF_EMPTY, pdf = BUF_EMPTY;
	struct template *t = NULL;
	const char *word;

	bool ok = command_one_word(&word, c, err) &&
	    (!command_names_bureau(c) || command_open(c, true, err)) &&
	    read_bytes(&bytes, c, word, err) &&
	    (template_parse(&t, buf_span(&bytes), err) || err_in(err, "%s", word)) &&
	    draw(&pdf, t, err) && write_out(c, t, buf_span(&pdf), err);
	template_free(t);
	buf_free(&bytes);
	buf_free(&pdf);
	return ok;
}
