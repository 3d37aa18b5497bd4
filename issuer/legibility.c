#include "issuer/legibility.h"

#include "issuer/clearance.h"

#include <math.h>

static double
linear(double channel)
{
	return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4);
}

/* Relative luminance, 0 to 1. */
static double
luminance(const struct template_colour *k)
{
	return 0.2126 * linear(k->r) + 0.7152 * linear(k->g) + 0.0722 * linear(k->b);
}

double
legibility_contrast(const struct template_colour *a, const struct template_colour *b)
{
	const double la = luminance(a), lb = luminance(b);

	return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

/* Strands have every colour from the first's to the last's, and so may have the text's own. */
static double
from_strands(const struct template_colour *text, const struct template_guilloche *g)
{
	const double own = luminance(text);

	if ((luminance(&g->colour[0]) - own) * (luminance(&g->colour[1]) - own) <= 0)
		return 1;
	return fmin(
	    legibility_contrast(text, &g->colour[0]), legibility_contrast(text, &g->colour[1]));
}

static void
look_at_frames(
    struct legibility *out, const struct template_page *page, const struct template_text *text)
{
	for (size_t i = 0; i < page->frame_count; i++) {
		const struct template_frame *frame = &page->frames[i];
		if (clearance_frame(frame, &text->reach)) {
			out->crossed = "frame";
			out->number = i + 1;
		} else if (frame->filled && clearance_box(&frame->box, &text->reach)) {
			out->ground = legibility_contrast(&text->colour, &frame->fill);
			out->strokes = INFINITY; /* what was drawn before is covered */
			out->crossed = NULL;
		}
	}
}

struct legibility
legibility_of(const struct template_page *page, const struct template_text *text)
{
	const struct template_colour white = { 1, 1, 1 };
	struct legibility out = { legibility_contrast(&text->colour, &white), INFINITY, NULL, 0 };

	for (size_t i = 0; i < page->guilloche_count; i++)
		if (clearance_guilloche(&page->guilloches[i], &text->reach))
			out.strokes =
			    fmin(out.strokes, from_strands(&text->colour, &page->guilloches[i]));
	look_at_frames(&out, page, text);
	for (size_t i = 0; i < page->line_count; i++) {
		const struct template_line *line = &page->lines[i];
		if (!clearance_line(line, &text->reach))
			continue;
		if (text->items) {
			out.strokes =
			    fmin(out.strokes, legibility_contrast(&text->colour, &line->colour));
		} else {
			out.crossed = "line";
			out.number = i + 1;
		}
	}
	return out;
}
