#include "verifier/cli/report.h"

#include "core/text.h"
#include "verifier/answer_json.h"
#include "verifier/batch_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

enum exit_code { EXIT_VALID = 0, EXIT_REJECTED = 1, EXIT_UNDETERMINED = 2 };

/* In this order. */
enum { LINES_TROUBLE, LINES_UNDETERMINED, LINES_REJECTED, LINES_VALID };

static const char *
in_lang(const struct report *r, const char *zh, const char *en)
{
	return LANG_PICK(r->o->lang, zh, en);
}

static void
print(struct buf *text)
{
	struct err err = { 0 };

	if (!buf_ok(text, &err))
		options_fail(EX_OSERR, "%s", err.text);
	if (text->len > 0)
		fwrite(text->ptr, 1, text->len, stdout);
	buf_free(text);
}

static void
print_json(json_t *json)
{
	char *dump = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;

	if (dump == NULL)
		options_fail(EX_OSERR, "out of memory");
	puts(dump);
	free(dump);
	json_decref(json);
}

void
report_begin(struct report *r)
{
	struct buf heading = BUF_EMPTY;

	if (!r->o->csv || r->o->quiet)
		return;
	batch_table_heading(&heading);
	print(&heading);
}

/* How far it is, for whom waits at a terminal. */
static void
tell_progress(const struct report *r)
{
	const size_t done = r->batch.inputs - 1;

	if (r->many && !r->o->quiet && done % 100 == 0 && done > 0 && isatty(STDERR_FILENO))
		fprintf(stderr, "\r%zu / %zu ", done, r->n);
}

static void
end_progress(const struct report *r)
{
	if (r->many && !r->o->quiet && r->batch.inputs > 100 && isatty(STDERR_FILENO))
		fputs("\r                        \r", stderr);
}

void
report_input(struct report *r)
{
	r->batch.inputs++;
	tell_progress(r);
}

static void
trouble(struct report *r, int code)
{
	if (r->error == 0)
		r->error = code;
}

/* ---- answers ---- */

static void
print_answer(struct report *r, const struct answer *a, const struct screen_item *item,
    const struct bidder *bidder)
{
	static const int order[] = { [VERDICT_VALID] = LINES_VALID,
		[VERDICT_REJECTED] = LINES_REJECTED,
		[VERDICT_UNDETERMINED] = LINES_UNDETERMINED };
	const struct options *o = r->o;
	struct buf text = BUF_EMPTY;

	if (o->json) {
		answer_json_name(&text, item->input);
		print_json(answer_json(a, buf_text(&text)));
		buf_free(&text);
	} else if (o->csv) {
		const char *holder = bidder != NULL ? bidder->holder : o->question.holder;
		batch_table_row(&text, a, item, holder, o->lang);
		print(&text);
	} else if (r->many) {
		screen_line(&r->lines[order[a->verdict]], a, item, o->lang, o->colour);
	} else {
		screen_answer(&text, a, o->lang, o->colour);
		print(&text);
	}
}

void
report_answer(struct report *r, const struct answer *a, const struct report_item *item)
{
	const bool unlisted = r->listed && item->bidder == NULL;
	const struct screen_item line = { item->input,
		unlisted ? in_lang(r, "不在投标人名单中", "not in the list of bidders") : NULL,
		r->batch.dated };

	batch_count(&r->batch, a);
	if (unlisted) {
		trouble(r, EX_DATAERR);
		r->batch.unlisted++;
	}
	if (!r->o->quiet)
		print_answer(r, a, &line, item->bidder);
}

/* ---- inputs without an answer ---- */

static void
print_json_without(const char *word, const char *input, const char *sentence)
{
	struct buf name = BUF_EMPTY, told = BUF_EMPTY;

	answer_json_name(&name, input);
	answer_json_name(&told, sentence);
	print_json(json_pack("{s:i, s:s, s:s, s:s}", "schema", 1, "unusable", word, "input",
	    buf_text(&name), "sentence", buf_text(&told)));
	buf_free(&name);
	buf_free(&told);
}

void
report_remark(const char *input, const char *sentence)
{
	struct buf text = BUF_EMPTY;

	text_escape(&text, span_text(input));
	buf_add_text(&text, ": ");
	text_escape(&text, span_text(sentence));
	fprintf(stderr, "qualverify: %s\n", buf_text(&text));
	buf_free(&text);
}

static void
print_without(struct report *r, const char *word, const char *shown, const struct report_item *item,
    const char *sentence)
{
	const struct options *o = r->o;

	/* on standard error if there is no report to stand in */
	if (o->quiet || (!o->json && !o->csv && !r->many)) {
		report_remark(item->input, sentence);
	} else if (o->json) {
		print_json_without(word, item->input, sentence);
	} else if (o->csv) {
		struct buf text = BUF_EMPTY;
		batch_table_row_without(&text, word, item->input, sentence,
		    item->bidder != NULL ? item->bidder->holder : NULL);
		print(&text);
	} else {
		screen_line_without(&r->lines[LINES_TROUBLE], shown, item->input, sentence);
	}
}

void
report_unusable(struct report *r, int code, const struct report_item *item, const char *sentence)
{
	r->batch.unreadable++;
	trouble(r, code);
	print_without(r, "unreadable", in_lang(r, "无法读取", "UNREADABLE"), item, sentence);
}

void
report_missing(struct report *r, const struct bidder *b)
{
	const struct report_item item = { b->file, b };
	struct buf sentence = BUF_EMPTY;

	r->batch.missing++;
	trouble(r, EX_NOINPUT);
	buf_printf(&sentence,
	    LANG_PICK(r->o->lang, "名单中有 %s，但没有提交文件", "nothing was handed in for %s"),
	    b->holder);
	print_without(r, "missing", in_lang(r, "未提交", "MISSING"), &item, buf_text(&sentence));
	buf_free(&sentence);
}

/* ---- the end ---- */

static int
exit_code(const struct report *r)
{
	if (r->error != 0)
		return r->error;
	if (r->batch.rejected > 0)
		return EXIT_REJECTED;
	return r->batch.undetermined > 0 ? EXIT_UNDETERMINED : EXIT_VALID;
}

int
report_end(struct report *r)
{
	const struct options *o = r->o;

	end_progress(r);
	if (r->many && !o->json && !o->csv && !o->quiet) {
		struct buf summary = BUF_EMPTY;
		for (size_t i = 0; i < sizeof r->lines / sizeof r->lines[0]; i++)
			print(&r->lines[i]);
		batch_summary(&summary, &r->batch, exit_code(r), o->lang);
		print(&summary);
	}
	return exit_code(r);
}
