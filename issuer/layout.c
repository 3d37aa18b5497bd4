#include "issuer/layout.h"

#include "core/text.h"

#include <linebreak.h>
#include <math.h>
#include <stdlib.h>

#define SIZE_STEP 0.25 /* points */

/* One character of the text, as line breaking sees it. */
struct cell {
	size_t begin, end; /* bytes */
	int advance;       /* thousandths of an em */
	bool blank;
	bool may_break, must_break; /* behind it */
	bool separates;             /* an item from the next */
};

struct measure {
	struct span text;
	struct cell *cells;
	size_t count;
	double tracking; /* ems */
};

void
layout_init(void)
{
	init_linebreak();
}

static bool
measure_cells(struct measure *m, const struct font_set *fonts, const struct template_text *box,
    const char *breaks, struct err *err)
{
	int32_t before = 0;
	for (size_t pos = 0; pos < m->text.len;) {
		struct cell *cell = &m->cells[m->count++];
		struct font_glyph glyph = { 0 };
		cell->begin = pos;
		int32_t code_point = text_next(m->text, &pos);
		if (code_point < 0 || !font_find(&glyph, fonts, box->style, code_point))
			return font_covers(fonts, m->text, err);
		cell->end = pos;
		cell->advance = glyph.advance;
		cell->blank = code_point == ' ' || code_point == 0x3000;
		cell->separates = box->items && (code_point == 0xFF1B || code_point == ';');
		cell->must_break = box->items &&
		    (code_point == 0xFF1B || (before == ';' && code_point == ' ')); /* "；" */
		cell->may_break = cell->must_break || breaks[pos - 1] == LINEBREAK_ALLOWBREAK;
		before = code_point;
	}
	return true;
}

/* Width in ems of the cells [from, to). */
static double
width_of(const struct measure *m, size_t from, size_t to)
{
	double ems = 0;
	for (size_t i = from; i < to; i++)
		ems += m->cells[i].advance / 1000.0 + m->tracking;
	return to > from ? ems - m->tracking : 0;
}

/* The end of the line that begins at `from`, without the blanks before its break, and of an item without what
 * separates it from the next; *next is where the
 * line after it begins. 0 if not even one unbreakable piece fits. */
static size_t
line_end(const struct measure *m, size_t from, double ems, size_t *next)
{
	size_t end = 0;
	for (size_t i = from; i < m->count; i++) {
		if (i + 1 < m->count && !m->cells[i].may_break)
			continue;
		size_t last = i + 1;
		while (last > from &&
		    (m->cells[last - 1].blank ||
			(m->cells[i].must_break && m->cells[last - 1].separates)))
			last--;
		if (width_of(m, from, last) > ems)
			break;
		end = last;
		*next = i + 1;
		if (m->cells[i].must_break)
			break;
	}
	return end;
}

/* Break into lines no wider than `ems`; false if there are more than LAYOUT_LINES, or none fits. */
static bool
wrap(struct layout *out, const struct measure *m, double ems)
{
	out->count = 0;
	for (size_t from = 0, next = 0; from < m->count; from = next) {
		size_t end = line_end(m, from, ems, &next);
		if (end <= from || out->count == LAYOUT_LINES)
			return false;
		size_t begin = m->cells[from].begin;
		out->lines[out->count].text =
		    span_of(m->text.ptr + begin, m->cells[end - 1].end - begin);
		out->lines[out->count++].width = width_of(m, from, end) * out->size;
	}
	return true;
}

/* Narrow the lines as far as their number allows. */
static void
balance(struct layout *out, const struct measure *m, double ems)
{
	struct layout tried = *out;
	double low = ems / 2, high = ems;
	for (int i = 0; i < 10; i++) {
		double middle = (low + high) / 2;
		if (wrap(&tried, m, middle) && tried.count == out->count) {
			high = middle;
			*out = tried;
		} else {
			low = middle;
		}
	}
}

static bool
fit(struct layout *out, const struct measure *m, const struct template_text *box, struct err *err)
{
	double width = box->box.w * POINTS_PER_MM, height = box->box.h * POINTS_PER_MM;
	double next = box->size;
	do {
		out->size = next;
		next = fmax(out->size - SIZE_STEP, box->min_size); /* which is tried, too */
		if (!wrap(out, m, width / out->size) ||
		    (1 + (double)(out->count - 1) * box->leading) * out->size > height)
			continue;
		if (box->align == ALIGN_CENTRE && out->count > 1)
			balance(out, m, width / out->size);
		return true;
	} while (next < out->size);
	return err_set(err, ERR_REFUSED,
	    "%zu characters do not fit at %g points, the smallest size", m->count, box->min_size);
}

bool
layout_fit(struct layout *out, const struct font_set *fonts, const struct template_text *box,
    struct span text, struct err *err)
{
	struct measure m = { .text = text, .tracking = box->tracking };
	char *breaks = calloc(text.len + 1, 1);
	m.cells = calloc(text.len + 1, sizeof *m.cells);
	bool ok = false;

	if (!breaks || !m.cells) {
		err_set(err, ERR_MEMORY, "out of memory");
	} else if (!text_is_utf8(text)) {
		err_set(err, ERR_MALFORMED, "not UTF-8");
	} else {
		set_linebreaks_utf8(text.ptr, text.len, "zh", breaks);
		ok = measure_cells(&m, fonts, box, breaks, err) && fit(out, &m, box, err);
	}
	free(breaks);
	free(m.cells);
	return ok;
}
