/*
 * Whether people can read a text of a page: how its colour stands out from what is under it (WCAG 2.1, 1.4.3), and
 * whether lines run through it.
 */
#ifndef ISSUER_LEGIBILITY_H
#define ISSUER_LEGIBILITY_H

#include "issuer/template.h"

#define LEGIBLE_CONTRAST 3.0        /* of any text, from ground and from line work */
#define LEGIBLE_NEEDED_CONTRAST 4.5 /* of a field that must be printed, from its ground */
#define LEGIBLE_NEEDED_POINTS 5.0   /* its smallest type; other texts may shrink to 4 points */

struct legibility {
	double ground;       /* contrast with white, or what fills the frame it stands in */
	double strokes;      /* with guilloches under it, and the rules of a list */
	const char *crossed; /* "line" or "frame": an edge runs through its place; NULL: none */
	size_t number;       /* of that one on its page, from 1 */
};

/* Contrast ratio, 1 to 21. */
double legibility_contrast(const struct template_colour *a, const struct template_colour *b);

/* A list may stand on ruled lines; any other text has none in its place. */
struct legibility legibility_of(const struct template_page *page, const struct template_text *text);

#endif
