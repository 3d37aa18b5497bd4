/*
 * The audit: does everything that can be checked without a private key agree? Every act is judged again
 * in a fresh register in memory, and what follows from it is compared with the tables, the second copy,
 * the issued files, the published files and a checkpoint kept outside. It changes nothing, needs no keys
 * and works on a copy. The first thing that does not fit is named in plain words; what was not checked
 * is listed.
 */
#ifndef REGISTRY_AUDIT_H
#define REGISTRY_AUDIT_H

#include "core/limits.h"
#include "registry/registry.h"

/* What to check. What is NULL or empty is not checked, and listed as such. */
struct audit_question {
	const char *registry;          /* registry.db; required */
	const struct policy *policies; /* as in struct registry_config */
	size_t n_policies;
	struct span root;        /* root.cose as the auditor has it */
	const char *host;        /* that the bureau is set to print */
	const char *second_copy; /* file */
	const char *issued;      /* folder with NUMBER.pdf and NUMBER.cose */
	const char *published;   /* the folder public/ */
	bool waiting;            /* a newer snapshot is on its way to witnesses or auditors */
	struct span checkpoint;  /* kept outside: a signed note, its three lines, or audit_line() */
};

#define AUDIT_UNCHECKED 12

struct audit_result {
	bool clean;
	char finding[ERR_TEXT_BYTES]; /* when not clean: the first thing that does not fit */
	uint64_t acts;                /* judged again */
	uint64_t approved;        /* proposals that took effect, each by two persons and two keys */
	uint64_t instruments;     /* in the register */
	uint64_t pdfs, coses;     /* of issued/, as they should be */
	uint64_t parts;           /* of the published snapshot, made again and compared */
	uint64_t tiles;           /* of the published log, compared */
	bool second_copy;         /* compared */
	bool published;           /* its snapshot, if it has one, and its log were compared */
	uint64_t checkpoint_size; /* of the one kept outside; 0: none was compared */
	int64_t checkpoint_recorded_s; /* when the last entry it covers was recorded */
	uint64_t size;                 /* of the log now */
	struct merkle_hash root;
	char origin[LIMIT_FIELD_BYTES + 1];     /* of the log */
	const char *unchecked[AUDIT_UNCHECKED]; /* plain words, static */
	size_t n_unchecked;
};

/*
 * False only if the audit itself could not be made: a file that cannot be read, no memory. A register that
 * does not fit is an answer: true, with clean false.
 */
MUST_CHECK bool registry_audit(
    struct audit_result *out, const struct audit_question *question, struct err *err);

/*
 * For an auditor who signs: does this candidate (a snapshot's file, signed by the status key and by as many
 * auditors as have already) follow from the acts of a register of just its size, under the bundle adopted
 * there, bit for bit? Of *out only clean, finding, acts, parts, size and root are set. Inside a view of the
 * register. Not asked: its sequence and the clock.
 */
MUST_CHECK bool registry_audit_candidate(
    struct audit_result *out, struct registry *r, struct span file, struct err *err);

/*
 * For anybody, without a register: of the question root and published are needed, checkpoint may be given.
 * Do the published entries make the published checkpoint, which the log's key signed and the witnesses
 * cosigned that the bundle asks for, and do the first of them make the one kept outside, so that nothing
 * before it was changed or removed? Of *out only clean, finding, tiles, size, root, origin, the checkpoint's
 * fields and what was not checked are set.
 */
MUST_CHECK bool registry_audit_log(
    struct audit_result *out, const struct audit_question *question, struct err *err);

/*
 * What stopped somebody on the way to an audit: a finding, if it is what was to be audited that does not fit;
 * or false, if it is trouble of our own.
 */
MUST_CHECK bool registry_audit_blames(
    struct audit_result *r, const struct err *why, struct err *err);

/* Append the line to keep for next time: origin, size and root in groups of four digits. */
void audit_line(struct buf *out, const struct audit_result *result);

#endif
