/* Papers for tests: a good one of templates/examples/, with one thing changed. */
#ifndef TESTS_ISSUER_PAPER_H
#define TESTS_ISSUER_PAPER_H

#include "issuer/defect.h"
#include "tests/test.h"

#include <jansson.h>
#include <stdlib.h>

static inline json_t *
paper_load(const char *name)
{
	char path[512];
	snprintf(path, sizeof path, SOURCE_DIR "/templates/examples/%s.json", name);
	json_t *tree = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	if (tree == NULL)
		fail_msg("%s cannot be read", path);
	return tree;
}

static inline json_t *
paper_child(json_t *at, const char *step)
{
	return json_is_array(at) ? json_array_get(at, strtoul(step, NULL, 10))
				 : json_object_get(at, step);
}

/*
 * Put a value (JSON text) at a JSON Pointer, "-" as last step appending to a list; NULL takes the
 * value there away.
 */
static inline void
paper_edit(json_t *tree, const char *pointer, const char *value)
{
	char steps[256];
	json_t *at = tree;
	assert_true(strlen(pointer) < sizeof steps);
	memcpy(steps, pointer, strlen(pointer) + 1);
	char *save = NULL;
	char *step = strtok_r(steps, "/", &save);
	for (char *next; (next = strtok_r(NULL, "/", &save)) != NULL; step = next)
		at = paper_child(at, step);
	assert_non_null(at);
	json_t *new = value == NULL ? NULL : json_loads(value, JSON_DECODE_ANY, NULL);
	assert_true((new == NULL) == (value == NULL));
	int rc;
	if (json_is_array(at) && strcmp(step, "-") == 0)
		rc = json_array_append_new(at, new);
	else if (json_is_array(at))
		rc = new == NULL ? json_array_remove(at, strtoul(step, NULL, 10))
				 : json_array_set_new(at, strtoul(step, NULL, 10), new);
	else
		rc = new == NULL ? json_object_del(at, step) : json_object_set_new(at, step, new);
	assert_int_equal(rc, 0);
}

/* The tree as text, which the caller frees. */
static inline char *
paper_text(const json_t *tree)
{
	char *text = json_dumps(tree, JSON_INDENT(1));
	assert_non_null(text);
	return text;
}

/* "ORG-02 ORG-10 ", the codes of every defect in order; the caller frees the buffer. */
static inline const char *
paper_codes(struct buf *out, const struct defects *d)
{
	for (size_t i = 0; i < d->count; i++)
		buf_printf(out, "%s ", d->items[i].code);
	return buf_text(out);
}

#endif
