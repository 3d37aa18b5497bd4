#include "verifier/batch_table.h"

#include "core/csv.h"
#include "core/rfc3339.h"
#include "core/text.h"
#include "registry/codes.h"
#include "verifier/batch.h"
#include "verifier/words.h"

#define CLAIM_CELLS 8

static void
cell(struct buf *out, const char *text)
{
	csv_cell(out, false, span_text(text));
}

static void
cell_of(struct buf *out, struct buf *text)
{
	csv_cell(out, false, buf_span(text));
	buf_free(text);
}

static void
first_cell(struct buf *out, const char *input)
{
	struct buf name = BUF_EMPTY;

	text_escape(&name, span_text(input));
	csv_cell(out, true, buf_span(&name));
	buf_free(&name);
}

void
batch_table_heading(struct buf *out)
{
	static const char *const words[] = { "verdict", "reason", "sentence", "holder", "uscc",
		"number", "version", "grade", "scopes", "from", "to", "at", "known", "compare",
		"expected_holder" };

	buf_add_text(out, CSV_MARK);
	csv_cell(out, true, span_text("input"));
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		cell(out, words[i]);
	csv_end_line(out);
}

static void
day_cell(struct buf *out, int64_t t_s)
{
	char text[CIVIL_TEXT_BYTES];

	civil_format(text, civil_of(t_s));
	cell(out, text);
}

static void
time_cell(struct buf *out, int64_t t_s)
{
	char text[RFC3339_TEXT_BYTES];

	rfc3339_format(text, t_s);
	cell(out, text);
}

static void
scopes_cell(struct buf *out, const struct answer *a)
{
	struct buf text = BUF_EMPTY;

	for (size_t i = 0; i < a->scopes.count; i++) {
		const struct code *scope = codes_find_number(CODES_SCOPES, a->scopes.no[i]);
		buf_add_text(&text, i > 0 ? " " : "");
		if (scope != NULL)
			buf_add_text(&text, scope->word);
		else
			buf_printf(&text, "%u", (unsigned)a->scopes.no[i]);
	}
	cell_of(out, &text);
}

static void
claims_cells(struct buf *out, const struct answer *a)
{
	struct buf version = BUF_EMPTY;

	if (!a->claims_proven) {
		for (size_t i = 0; i < CLAIM_CELLS; i++)
			cell(out, "");
		return;
	}
	cell(out, a->holder_zh);
	cell(out, a->uscc);
	cell(out, a->number);
	buf_printf(&version, "%u", a->version);
	cell_of(out, &version);
	cell(out, a->grade == 1 ? "A" : "B");
	scopes_cell(out, a);
	day_cell(out, a->from_s);
	day_cell(out, (a->status_read ? a->end_s : a->printed_end_s) - 1);
}

static void
asked_cells(struct buf *out, const struct answer *a)
{
	if (a->whole_day)
		day_cell(out, a->asked_from_s);
	else
		time_cell(out, a->asked_from_s);
	if (batch_rests_on_s(a) != 0)
		time_cell(out, batch_rests_on_s(a));
	else
		cell(out, "");
}

void
batch_table_row(struct buf *out, const struct answer *a, const struct screen_item *item,
    const char *expected_holder, enum lang lang)
{
	struct buf text = BUF_EMPTY;

	first_cell(out, item->input);
	buf_printf(&text, "%s%s", a->test ? "test " : "", verdict_word(a->verdict));
	cell_of(out, &text);
	cell(out, a->reason != FINDING_NONE ? finding_word(a->reason) : "");
	words_headline(&text, a, lang);
	if (item->note != NULL)
		buf_printf(&text, LANG_PICK(lang, "（%s）", " (%s)"), item->note);
	cell_of(out, &text);
	claims_cells(out, a);
	asked_cells(out, a);
	cell(out, a->verdict == VERDICT_VALID && a->kind == INPUT_CODE ? "yes" : "no");
	cell(out, expected_holder != NULL ? expected_holder : "");
	csv_end_line(out);
}

void
batch_table_row_without(struct buf *out, const char *word, const char *input, const char *sentence,
    const char *expected_holder)
{
	struct buf text = BUF_EMPTY;

	first_cell(out, input);
	cell(out, word);
	cell(out, "");
	text_escape(&text, span_text(sentence));
	cell_of(out, &text);
	for (size_t i = 0; i < CLAIM_CELLS + 2; i++)
		cell(out, "");
	cell(out, "no");
	cell(out, expected_holder != NULL ? expected_holder : "");
	csv_end_line(out);
}
