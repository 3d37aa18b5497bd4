/*
 * The life of a licence as a table: its statuses with what each allows, and the grounds on which officers
 * act, each with its verb, its legal meaning, the statuses it may be used in and the one it leads to. The
 * table is templates/licence.json, compiled in: what may be recorded must not depend on a file that somebody
 * can edit beside the register. The policy that a trust bundle names has the table's SHA-256.
 */
#ifndef REGISTRY_GROUND_H
#define REGISTRY_GROUND_H

#include "core/lang.h"
#include "credential/act.h"
#include "credential/status_list.h"

/* Where a licence stands. Expired is never recorded: it follows from the moment asked. */
enum licence_status {
	LICENCE_NONE = 0, /* never issued */
	LICENCE_ACTIVE,
	LICENCE_SUSPENDED,    /* 暂停 */
	LICENCE_EXPIRED,      /* 失效 */
	LICENCE_REVOKED,      /* 吊销: a penalty, from its date on */
	LICENCE_ANNULLED,     /* 撤销: the grant was unlawful; for every date */
	LICENCE_WITHDRAWN,    /* 撤回: law or facts changed, from its date on */
	LICENCE_DEREGISTERED, /* 注销: the record is closed */
	LICENCE_SUPERSEDED,   /* by a licence of another grade */
	LICENCE_STATUSES,
	/* What a ground leads to, where that is no status of its own: */
	LICENCE_SAME,      /* the instrument or its end changes, the licence stays as it is */
	LICENCE_RECOMPUTED /* as if the act meant had not been, or not from a date on */
};

enum work { WORK_NO = 0, WORK_SUPERVISED, WORK_YES };

struct licence_row {
	enum licence_status status;
	const char *word;   /* in machine output */
	enum status value;  /* in status lists */
	enum work new_work; /* may new classified contracts be taken? */
	enum work existing; /* may work already contracted be finished? */
	const char *zh, *en;
};

/* Legal meaning of a ground. */
enum meaning {
	MEANING_PENALTY,
	MEANING_DECISION,
	MEANING_UNLAWFUL_GRANT,
	MEANING_CHANGED_LAW,
	MEANING_CHANGED_FACTS,
	MEANING_CLOSING,
	MEANING_CHANGE,
	MEANING_VOID_INSTRUMENT,
	MEANING_ORDER,
	MEANING_CORRECTION,
	MEANING_RULING
};

#define GROUND_CODE_CHARS 6
struct ground {
	char code[GROUND_CODE_CHARS + 1]; /* "SUS-05" */
	enum act_kind verb;               /* suspend, lift, revoke ... */
	unsigned from; /* the statuses it may be used in, as bits 1 << enum licence_status */
	enum licence_status to; /* where it leads */
	enum meaning meaning;
	const char *zh, *en;
	/* Of a ground that a certificate is issued on: why, as its duplicate lists it, and no reproach. Else NULL. */
	const char *printed_zh, *printed_en;
};

/* NULL for no status of the table. */
const struct licence_row *licence_row(enum licence_status status);

/*
 * What a value of a status list allows at a moment; expired: the effective end has come. A certificate that
 * a newer version replaced allows nothing.
 */
void licence_effects(enum work *new_work, enum work *existing, enum status value, bool expired);

/* All rows, those of one verb together; *count gets how many. */
const struct ground *ground_all(size_t *count);

/* NULL if there is no such code. */
const struct ground *ground_find(struct span code);
bool ground_fits(enum act_kind verb, struct span code);
const char *ground_name(const struct ground *ground, enum lang lang);

/* SHA-256 of the table's file. */
const uint8_t *ground_table_hash(void);

#endif
