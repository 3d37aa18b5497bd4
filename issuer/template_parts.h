/*
 * Reading a layout: what template.c and the files of its parts share. A fault is told with the key it is at.
 */
#ifndef ISSUER_TEMPLATE_PARTS_H
#define ISSUER_TEMPLATE_PARTS_H

#include "issuer/template.h"

#include <jansson.h>

/* What is being read: a page, and the styles of its texts. */
struct reader {
	struct template_page *page;
	json_t *json, *styles;
};

/* A key of an object, and where its value goes: one of the pointers is set, or several of a list. */
struct member {
	const char *key;
	bool optional; /* absent, it leaves all as it was */
	double *number[4];
	struct template_colour *colour[2];
	int *whole; /* a whole number from `least` to `most` */
	int least, most;
	const char **text; /* borrowed from the JSON */
	bool *flag;
	json_t **json; /* anything, borrowed */
};

/* Read an object that has these keys and no others. ERR_MALFORMED; ERR_REFUSED: a whole number out of bounds */
MUST_CHECK bool read_members(
    const json_t *object, const struct member *members, size_t n, struct err *err);

/* ERR_REFUSED */
MUST_CHECK bool check_within(
    const char *what, double value, double least, double most, struct err *err);
MUST_CHECK bool check_box(
    const struct template_page *p, const struct template_box *box, struct err *err);
/* Text with {field} in it: nothing that cannot be seen, and every field is one. ERR_LIMIT: longer than `most` bytes */
MUST_CHECK bool check_words(const char *text, size_t most, struct err *err);

/* Items of a page's lists. */
MUST_CHECK bool parse_line(const struct reader *r, void *item, json_t *json, struct err *err);
MUST_CHECK bool parse_frame(const struct reader *r, void *item, json_t *json, struct err *err);
MUST_CHECK bool parse_guilloche(const struct reader *r, void *item, json_t *json, struct err *err);
MUST_CHECK bool parse_text(const struct reader *r, void *item, json_t *json, struct err *err);

/* Millimetres of all its strands, and something for each swing: what drawing its guilloches costs. */
double line_length(const struct template_page *p);

/* Where the texts of a page, which are read, may stand beside each other. ERR_REFUSED */
MUST_CHECK bool place_texts(const struct template_page *p, struct err *err);

/* All styles, also those that no text uses. */
MUST_CHECK bool check_styles(json_t *styles, struct err *err);

#endif
