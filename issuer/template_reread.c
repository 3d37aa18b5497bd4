#include "issuer/template_check.h"

#include "core/file.h"
#include "core/limits.h"
#include "core/program.h"
#include "core/text.h"
#include "issuer/page.h"
#include "issuer/specimen.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define SAID_MAX_BYTES (1u << 20) /* of a program */
#define COPY_DPI "150"            /* a plain scanner's */
#define ATTACHMENT "\001no seal will ever stand on this specimen\001"

static const struct {
	const char *program, *package;
} PROGRAMS[] = {
	{ "pdftotext", "poppler-utils" },
	{ "pdftoppm", "poppler-utils" },
	{ "zbarimg", "zbar-tools" },
};

struct reread {
	const struct template_question *q;
	struct defects *out;
	struct pdf_input in;
	char pdf[PATH_MAX], picture[PATH_MAX],
	    page[PATH_MAX]; /* page: the picture without its ending */
	struct buf said;
	bool
	    stopped; /* a program did not end as it should: among the defects, and nothing more is asked */
};

/* ---- programs ---- */

/* Those there are answer when they are asked for their version. */
static bool
find_programs(bool *all, struct reread *r, struct err *err)
{
	*all = true;
	for (size_t i = 0; i < sizeof PROGRAMS / sizeof *PROGRAMS; i++) {
		const char *program = PROGRAMS[i].program;
		struct err why = { 0 };
		int status;
		buf_free(&r->said);
		if (program_run(&status, &r->said, SAID_MAX_BYTES, PROGRAM_WAIT_S,
			(const char *[]){
			    program, strcmp(program, "zbarimg") == 0 ? "--version" : "-v", NULL },
			&why))
			continue;
		if (why.code != ERR_NOT_FOUND)
			return err_set(err, why.code, "%s", why.text);
		*all = false;
		defects_add(r->out, "LAY-10", SEVERITY_ERROR, r->q->file,
		    "没有程序 %s，画出的页面未能回读：apt-get install %s",
		    "there is no %s, so the pages were not read again: apt-get install %s", program,
		    PROGRAMS[i].package);
	}
	return true;
}

/* True: it ended well, with what it says in r->said. */
static bool
ask(struct reread *r, const char *const argv[])
{
	struct err why = { 0 };
	int status;

	buf_free(&r->said);
	if (program_run(&status, &r->said, SAID_MAX_BYTES, PROGRAM_WAIT_S, argv, &why))
		return status == 0;
	r->stopped = true;
	defects_add(r->out, "LAY-10", SEVERITY_ERROR, r->q->file, "回读没有完成：%s",
	    "the pages were not read to the end: %s", why.text);
	return false;
}

/* ---- what comes back ---- */

/* Append the text without its blanks, since lines end where the layout ends them, and without the semicolons that a
 * list leaves out. */
static void
add_letters(struct buf *out, struct span text)
{
	for (size_t pos = 0, from = 0; pos < text.len; from = pos) {
		int32_t c = text_next(text, &pos);
		if (c < 0) {
			pos++;
			continue;
		}
		if (c > ' ' && c != ';' && c != 0xFF1B && c != 0xA0 && c != 0x3000)
			buf_add(out, text.ptr + from, pos - from);
	}
}

static bool
holds(const struct buf *page, const struct buf *text)
{
	return text->len == 0 ||
	    (page->len > 0 && memmem(page->ptr, page->len, text->ptr, text->len) != NULL);
}

static bool
check_text(struct reread *r, size_t page, const struct template_text *text,
    const struct buf *letters, struct err *err)
{
	struct buf filled = BUF_EMPTY, wanted = BUF_EMPTY;

	if (text->when && !face_find(r->in.face, text->when))
		return true;
	bool ok = page_fill_in(&filled, &r->in, text->text, err);
	if (ok) {
		add_letters(&wanted, buf_span(&filled));
		ok = buf_ok(&wanted, err);
	}
	if (ok && !holds(letters, &wanted))
		defects_add(r->out, "LAY-08", SEVERITY_ERROR,
		    defect_path("%s, page %zu, text %s", r->q->file, page, text->name).text,
		    "pdftotext 读不回这段文字：%s", "pdftotext does not give it back: %s",
		    defect_quote(buf_span(&filled)).text);
	buf_free(&filled);
	buf_free(&wanted);
	return ok;
}

static bool
check_texts(struct reread *r, size_t page, struct err *err)
{
	const struct template_page *p = &r->q->layout->pages[page - 1];
	struct buf letters = BUF_EMPTY;
	char number[24];

	snprintf(number, sizeof number, "%zu", page);
	if (ask(r,
		(const char *[]){
		    "pdftotext", "-raw", "-q", "-f", number, "-l", number, r->pdf, "-", NULL }))
		add_letters(&letters, buf_span(&r->said));
	bool ok = buf_ok(&letters, err);
	for (size_t i = 0; ok && !r->stopped && i < p->text_count; i++)
		ok = check_text(r, page, &p->texts[i], &letters, err);
	buf_free(&letters);
	return ok;
}

static void
check_code(struct reread *r, size_t page)
{
	const struct span want = r->in.qr_text;
	char number[24];

	snprintf(number, sizeof number, "%zu", page);
	bool read = ask(r,
			(const char *[]){ "pdftoppm", "-q", "-r", COPY_DPI, "-gray", "-png",
			    "-singlefile", "-f", number, "-l", number, r->pdf, r->page, NULL }) &&
	    ask(r,
		(const char *[]){ "zbarimg", "--nodbus", "-q", "--raw", "-Sdisable",
		    "-Sqrcode.enable", r->picture, NULL });
	if (r->stopped)
		return;
	if (read && r->said.len == want.len + 1 && memcmp(r->said.ptr, want.ptr, want.len) == 0)
		return; /* a line feed behind it */
	defects_add(r->out, "LAY-09", SEVERITY_ERROR,
	    defect_path("%s, page %zu, code", r->q->file, page).text,
	    "zbarimg 在 %s dpi 的图上读不出这个码：加大方框，周围留白",
	    "zbarimg does not read it on a picture of %s dpi: a larger square, and nothing near it",
	    COPY_DPI);
}

/* ---- */

/* The pages of a specimen; *drawn is false where they cannot be drawn, and why is among the defects. */
static bool
draw(bool *drawn, struct reread *r, struct err *err)
{
	struct pdf_layout at;
	struct buf pdf = BUF_EMPTY;
	struct err why = { 0 };

	*drawn = pdf_render(&pdf, &at, r->q->maker, &r->in, &why);
	bool ok = *drawn || why.code == ERR_REFUSED || err_set(err, why.code, "%s", why.text);
	if (ok && !*drawn)
		defects_add(r->out, "LAY-02", SEVERITY_ERROR, r->q->file, "样张画不出：%s",
		    "the specimen cannot be drawn: %s", why.text);
	ok = ok && (!*drawn || file_write(r->pdf, buf_span(&pdf), 0600, err));
	buf_free(&pdf);
	return ok;
}

static bool
reread(struct reread *r, enum specimen_kind kind, struct err *err)
{
	struct specimen specimen;
	bool drawn = false;

	bool ok = specimen_make(&specimen, kind, r->q->grade, err);
	r->in = (struct pdf_input){ .layout = r->q->layout,
		.face = &specimen.face,
		.check_code = specimen.check_code,
		.qr_text = buf_span(&specimen.qr_text),
		.attachment = span_text(ATTACHMENT) };
	ok = ok && draw(&drawn, r, err);
	for (size_t i = 0; ok && drawn && !r->stopped && i < r->q->layout->page_count; i++) {
		ok = check_texts(r, i + 1, err);
		if (!r->stopped)
			check_code(r, i + 1);
	}
	specimen_free(&specimen);
	return ok;
}

bool
template_reread(
    struct defects *out, const struct template_question *q, const char *folder, struct err *err)
{
	struct reread r = { .q = q, .out = out };
	bool all = false;

	snprintf(r.pdf, sizeof r.pdf, "%s/page.pdf", folder);
	snprintf(r.page, sizeof r.page, "%s/page", folder);
	snprintf(r.picture, sizeof r.picture, "%s/page.png", folder);
	bool ok = find_programs(&all, &r, err);
	if (ok && all)
		ok = reread(&r, SPECIMEN_LONGEST, err) &&
		    (r.stopped || reread(&r, SPECIMEN_SHORTEST, err));
	buf_free(&r.said);
	return ok && defects_ok(out, err);
}
