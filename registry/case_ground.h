/*
 * On which grounds a case is declined or its review terminated, and for how long each of them, a failed
 * or stopped on-site review and an annulment for fraud keep the applicant from applying again. The table is
 * templates/case.json, compiled in like the licence's (ground.h); the policy has its SHA-256.
 */
#ifndef REGISTRY_CASE_GROUND_H
#define REGISTRY_CASE_GROUND_H

#include "core/lang.h"
#include "credential/act.h"

#define CASE_GROUND_FAILED "INS-01"  /* on-site review with the result fail */
#define CASE_GROUND_STOPPED "INS-02" /* and stopped */

struct case_ground {
	const char *code;   /* "TER-01" */
	enum act_kind kind; /* the act that has it or leads to it */
	unsigned bar;       /* months without another application; 0: none */
	const char *zh, *en;
};

/* All rows, those of one kind together; *count gets how many. */
const struct case_ground *case_ground_all(size_t *count);

/* NULL if there is no such code. */
const struct case_ground *case_ground_find(struct span code);

/* SHA-256 of the table's file. */
const uint8_t *case_ground_table_hash(void);

#endif
