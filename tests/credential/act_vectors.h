/* The acts of tests/vectors/acts.txt, which act_vectors.py wrote. */
#ifndef TESTS_CREDENTIAL_ACT_VECTORS_H
#define TESTS_CREDENTIAL_ACT_VECTORS_H

#include "core/file.h"
#include "credential/act.h"
#include "tests/credential/edit.h"

#define VECTORS SOURCE_DIR "/tests/vectors/acts.txt"
#define VECTOR_COUNT 39

static struct buf vectors;
static struct buf claims_of[VECTOR_COUNT]; /* act-claims, written by another program */
static enum act_kind kind_of[VECTOR_COUNT];

static inline int
load(void **state)
{
	char *line;
	char *rest;
	(void)state;
	assert_true(file_read(&vectors, VECTORS, 1 << 20, NULL));
	assert_non_null(buf_text(&vectors));
	line = strtok_r((char *)vectors.ptr, "\n", &rest);
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		char *blank = strchr(line, ' ');
		struct buf hex = BUF_EMPTY;
		kind_of[i] = act_kind_find(span_of(line, (size_t)(blank - line)));
		assert_int_not_equal(kind_of[i], ACT_NONE);
		buf_add_text(&hex, blank + 1);
		edit_to_bytes(&claims_of[i], &hex, "vector");
		buf_free(&hex);
		line = strtok_r(NULL, "\n", &rest);
	}
	assert_null(line);
	return 0;
}

static inline int
unload(void **state)
{
	(void)state;
	buf_free(&vectors);
	for (size_t i = 0; i < VECTOR_COUNT; i++)
		buf_free(&claims_of[i]);
	return 0;
}

#endif
