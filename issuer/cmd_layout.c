/* Certificate layouts: are they fit, and what do they look like. */
#include "core/file.h"
#include "core/limits.h"
#include "core/scratch.h"
#include "issuer/commands.h"
#include "issuer/specimen.h"
#include "issuer/template_check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

/* A layout, and whose specimens it must hold. */
struct source {
	struct template *layout;
	enum grade grade;
};

static bool
same_file(const char *a, const char *b)
{
	struct stat sa, sb;

	return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
	    sa.st_ino == sb.st_ino;
}

/* Is this the file by which the bureau prints that grade? */
static bool
is_bureaus(const struct command *c, const char *path, const char *name)
{
	struct buf at = BUF_EMPTY;

	bool is = find(&at, c, name, NULL) && same_file(path, buf_text(&at));
	buf_free(&at);
	return is;
}

/* The bureau's by their place, whatever they call themselves; others by the beginning of their id. */
static enum grade
grade_of(const struct command *c, const char *path, const struct template *t)
{
	for (size_t i = 0; i < sizeof bureaus / sizeof *bureaus; i++)
		if (is_bureaus(c, path, bureaus[i]))
			return i == 0 ? GRADE_A : GRADE_B;
	return strncmp(t->id, bureaus[1], strlen(bureaus[1])) == 0 ? GRADE_B : GRADE_A;
}

/* template_free() the layout. */
static bool
read_layout(struct source *out, const struct command *c, const char *word, struct err *err)
{
	struct buf path = BUF_EMPTY, bytes = BUF_EMPTY;

	bool ok = find(&path, c, word, err) &&
	    file_read(&bytes, buf_text(&path), LIMIT_JSON_BYTES, err) &&
	    template_parse(&out->layout, buf_span(&bytes), err);
	if (ok)
		out->grade = grade_of(c, buf_text(&path), out->layout);
	buf_free(&path);
	buf_free(&bytes);
	return ok;
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
check_layout(struct layouts *l, const char *word, const struct source *source, struct err *err)
{
	const struct template_question q = { word, source->layout, source->grade, l->maker };
	const size_t before = l->defects.count;
	const enum lang lang = l->command->lang;

	if (!template_check(&l->defects, &q, err))
		return false;
	if (l->defects.count == before &&
	    !template_reread(&l->defects, &q, scratch_path(l->scratch), err))
		return false;
	if (l->defects.count == before)
		buf_printf(&l->good,
		    LANG_PICK(lang, "%s：%zu 页，没有问题\n",
			source->layout->page_count == 1 ? "%s: %zu page, no findings\n"
							: "%s: %zu pages, no findings\n"),
		    word, source->layout->page_count);
	return true;
}

/* What is wrong with one layout keeps nobody from hearing of the others. */
static void
check(struct layouts *l, const char *word)
{
	struct source source = { NULL, GRADE_A };
	struct err why = { 0 };

	if (!read_layout(&source, l->command, word, &why))
		defects_add(&l->defects, "LAY-01", SEVERITY_ERROR, word, "读不了：%s",
		    "cannot be read: %s", why.text);
	else if (!check_layout(l, word, &source, &why))
		defects_add(&l->defects, "LAY-02", SEVERITY_ERROR, word, "检查没有完成：%s",
		    "the check did not come to its end: %s", why.text);
	template_free(source.layout);
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
		check(&l, words[i]);
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
draw(struct buf *pdf, const struct source *source, struct err *err)
{
	struct pdf_maker *maker = NULL;
	struct specimen specimen = { .qr_text = BUF_EMPTY };

	bool ok = pdf_maker_open(&maker, err) &&
	    specimen_make(&specimen, SPECIMEN_USUAL, source->grade, err) &&
	    pdf_preview(pdf, maker, source->layout, &specimen.face, PDF_MARK_SPECIMEN, err);
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
	struct source source = { NULL, GRADE_A };
	struct buf pdf = BUF_EMPTY;
	const char *word;

	bool ok = command_one_word(&word, c, err) &&
	    (!command_names_bureau(c) || command_open(c, true, err)) &&
	    (read_layout(&source, c, word, err) || err_in(err, "%s", word)) &&
	    draw(&pdf, &source, err) && write_out(c, source.layout, buf_span(&pdf), err);
	template_free(source.layout);
	buf_free(&pdf);
	return ok;
}
