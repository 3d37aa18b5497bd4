/*
 * The code tables of templates/codes/, compiled in: a number or a word, and what people call it. The
 * verifier needs them without any configuration, so the build turns each JSON file into a table.
 */
#ifndef REGISTRY_CODES_H
#define REGISTRY_CODES_H

#include "core/lang.h"
#include "core/span.h"

struct code {
	unsigned number;  /* scopes: as in the credential; else its place, from 1 */
	const char *word; /* as in applications and on the command line */
	const char *zh;
	const char *en;
};

enum code_table {
	CODES_FAMILIES,  /* qualification families: the number's letters JC, YZ, JG, JS */
	CODES_SCOPES,    /* kinds of work licensed */
	CODES_DOCUMENTS, /* the nine documents of an application */
	CODES_DUTIES,    /* areas a leading group must share out, topics of the on-site review */
	CODES_TABLES
};

/* The rows in ascending number; *count gets how many. */
const struct code *codes_all(size_t *count, enum code_table table);
/* NULL if there is no such row. */
const struct code *codes_find_word(enum code_table table, struct span word);
const struct code *codes_find_number(enum code_table table, unsigned number);
const char *codes_name(const struct code *c, enum lang lang);

#endif
