/* Inside of the audit: what its steps share. */
#ifndef REGISTRY_AUDIT_STEP_H
#define REGISTRY_AUDIT_STEP_H

#include "credential/checkpoint.h"
#include "registry/audit.h"
#include "registry/store.h"

struct audit {
	const struct audit_question *question;
	struct audit_result *result;
	struct buf published_log;        /* the published checkpoint; empty: there is none */
	struct audit_snapshot *snapshot; /* NULL: none is published, or it cannot be read */
	const char *snapshot_name;       /* in sentences: "published snapshot", "candidate" */
	bool candidate;                  /* auditors have still to sign it */
	struct audit_names *issued;      /* in issued/ before the view; NULL: not looked at */
	uint64_t published_size;         /* of the log; 0: none is published */
	uint64_t outside_published; /* size of the checkpoint kept outside, if the log signed it */
	struct registry *stored;    /* what is audited, in one view */
	uint64_t epoch;             /* of the log, by the loss accepted last; 0: none was */
	bool log_lost, snapshot_lost; /* what is published is of before it */
	struct registry *fresh;       /* all its acts judged again; at the end of the same size */
};

/*
 * A step is false only for trouble of our own. What does not fit goes to audit_finds(), which returns
 * true; the first one stays.
 */
bool audit_finds(struct audit *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Is this what the audited bytes are to blame for? Then it is a finding; else it is trouble. */
MUST_CHECK bool audit_blames(struct audit *a, const struct err *why, struct err *err);
/* `what` is static. */
void audit_skips(struct audit *a, const char *what);

/* Does the fresh register's log have this root at this size? `what` names the checkpoint in a sentence. */
MUST_CHECK bool audit_checkpoint(
    struct audit *a, const struct checkpoint *c, const char *what, struct err *err);

/* audit_outside.c: the checkpoint kept outside; parsed, zeros if there is none, and compared */
MUST_CHECK bool audit_parse_outside(
    struct checkpoint *out, struct audit *a, const struct trust *trust, struct err *err);
bool audit_outside_log(struct audit *a, const struct checkpoint *c); /* is it of this log? */
MUST_CHECK bool audit_outside(struct audit *a, struct err *err);
/*
 * audit_issued.c: NUMBER.pdf and NUMBER.cose. A certificate gets its name after its act is recorded: of the
 * names read before the view begins, none is a stranger to it.
 */
MUST_CHECK bool audit_issued_read(struct audit *a, struct err *err);
MUST_CHECK bool audit_issued(struct audit *a, struct err *err);

/* audit_names.c: the names in issued/, and which of them nobody accounted for */
MUST_CHECK bool audit_names_read(struct audit_names **out, const char *folder, struct err *err);
void audit_names_account_for(struct audit_names *names, const char *text);
const char *audit_names_stranger(const struct audit_names *names); /* the first; NULL: none */
void audit_names_free(struct audit_names *names);                  /* accepts NULL */

/*
 * audit_published.c. What is published is read before the view begins, which then holds every act it can
 * cover; and the log before the snapshot, in the order they are published, so that a snapshot behind the
 * log is an older one put back or a publication cut short, never one under way.
 */
MUST_CHECK bool audit_published_read(struct audit *a, struct err *err);
/* The published trust bundles, checkpoint and tiles, when everything is judged. */
MUST_CHECK bool audit_published_log(struct audit *a, struct err *err);

/* audit_snapshot.c: the published one into a->snapshot, if there is one that can be read */
struct audit_snapshot;
MUST_CHECK bool audit_snapshot_read(struct audit *a, struct err *err);
void audit_snapshot_close(struct audit_snapshot *s); /* accepts NULL */
/* Size of the log it is of. */
uint64_t audit_snapshot_size(const struct audit_snapshot *s);
/* The one inside; its signature is not checked. */
const struct checkpoint *audit_snapshot_checkpoint(const struct audit_snapshot *s);
/* While the fresh register has just its size. */
MUST_CHECK bool audit_snapshot_compare(
    struct audit *a, const struct audit_snapshot *s, struct err *err);

/*
 * audit_loss.c: acts that were lost, and that two officers accepted. What is published of before that, and
 * nothing since, is put aside; by the stored tables, which are compared with the acts afterwards.
 */
MUST_CHECK bool audit_loss_read(struct audit *a, struct err *err);
/* Is the checkpoint kept outside of an epoch whose loss was accepted? Then it is compared as far as it can be. */
MUST_CHECK bool audit_loss_outside(
    bool *is, struct audit *a, const struct checkpoint *c, struct err *err);
/* Is this file, for which no act is here, one of a lost certificate? */
MUST_CHECK bool audit_loss_file(bool *is, struct audit *a, const char *name, struct err *err);

/* audit_removed.c: is everything still there that must have been published? */
MUST_CHECK bool audit_removed(struct audit *a, struct err *err);

/* A file below a folder; *found says whether there is one. */
MUST_CHECK bool audit_read(struct buf *out, bool *found, const char *folder, const char *name,
    size_t max_bytes, struct err *err);

#endif
