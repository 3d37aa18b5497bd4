/* How a rule is written; for rules.c and the tables of rules, nobody else. */
#ifndef ISSUER_RULE_H
#define ISSUER_RULE_H

#include "issuer/rules.h"

/* One rule at work: what it looks at, and what its defects will be called. */
struct rule_run {
	struct defects *out;
	const struct rules_question *q;
	const struct application *app;
	const struct organisation *org;
	const char *id;
	enum severity severity;
};

struct rule {
	const char *id;  /* rows with the same id are parts of one rule and stand together */
	unsigned grades; /* RULE_A, RULE_B */
	enum severity declared, verified;
	void (*check)(const struct rule_run *run);
};

#define RULE_A (1u << GRADE_A)
#define RULE_B (1u << GRADE_B)
#define RULE_AB (RULE_A | RULE_B)
#define RULE_ANY (RULE_AB | 1u << GRADE_NONE) /* also where the grade could not be read */

/*
 * Note a defect of this rule: path, sentence in Chinese, in English, arguments of both. Where an
 * argument belongs to one language only, the other passes over it with %.0s.
 */
#define RULE_DEFECT(run, path, ...)                                                                \
	defects_add((run)->out, (run)->id, (run)->severity, path, __VA_ARGS__)

/* Each ends with a row whose id is NULL. */
extern const struct rule rule_field_table[];        /* the application's own fields */
extern const struct rule rule_organisation_table[]; /* ORG-01 to 15 */

/* ORG-14, in three parts */
void rule_persons_are_different(const struct rule_run *run);
void rule_ids_are_good(const struct rule_run *run);
void rule_members_are_listed_once(const struct rule_run *run);

#endif
