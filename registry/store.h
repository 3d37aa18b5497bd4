/*
 * Inside of registry_store: what its files share. The caller of every store_* function that writes has
 * begun a transaction.
 */
#ifndef REGISTRY_STORE_H
#define REGISTRY_STORE_H

#include "registry/act_file.h"
#include "registry/registry.h"
#include "registry/registry_subject.h"
#include "registry/sql.h"

struct registry {
	struct sql *db;
	struct registry_config config; /* strings and policies are borrowed */
	struct trust *trust;           /* of the bundle with sequence trust_seq; NULL: not loaded */
	uint64_t trust_seq;
	struct err lookup_err; /* what last went wrong with lookup.db */
};

/* States of a row in `slots`. */
enum slot_state { SLOT_RESERVED = 0, SLOT_APPROVED = 1, SLOT_ASSIGNED = 2, SLOT_BURNED = 3 };

/* ---- registry.c ---- */

/* A register in whatever mode; one in memory begins empty. */
MUST_CHECK bool store_open(struct registry **out, const struct registry_config *config,
    enum sql_mode mode, struct err *err);

/* ---- registry_log.c ---- */

/* The newest state of the log. */
struct store_head {
	uint64_t size;
	int64_t recorded_s;
	uint64_t file_end; /* where the second copy ends when it is complete */
	struct merkle_frontier frontier;
};
MUST_CHECK bool store_head_load(struct store_head *out, struct registry *r, struct err *err);
/* Add one act to the tree. Its rows in acts and links are there already. */
MUST_CHECK bool store_log_append(struct registry *r, struct store_head *head, struct span act,
    int64_t recorded_s, struct err *err);

/* ---- registry_trust.c ---- */

/* What the register lives under: loaded anew when another bundle was adopted. */
MUST_CHECK bool store_trust(const struct trust **out, struct registry *r, struct err *err);
void store_trust_forget(struct registry *r);
/*
 * Is it this bureau's root file: the one the register began with, or one of the roots it lives under now?
 * The bureau's id alone would not tell, since it is public.
 */
MUST_CHECK bool store_same_bureau(
    bool *out, struct registry *r, struct span root_file, struct err *err);
/*
 * May the bundle inside this `register` or `adopt` act be lived under from now_s on? For `register`,
 * *first is the trust it begins with, the caller's to free; else NULL.
 */
MUST_CHECK bool store_check_bundle(struct trust **first, struct registry *r,
    const struct chain_entry *act, int64_t now_s, struct err *err);

/* ---- registry_subject.c ---- */

/* The bundle held and the policy it names. ERR_NOT_FOUND: that policy was not given. */
MUST_CHECK bool store_rules(
    struct judge *j, const struct registry *r, const struct trust *trust, struct err *err);

/* ---- registry_record.c ---- */

enum record_from {
	RECORD_NEW = 0, /* an act that comes in: a new row in `acts` */
	RECORD_ROW      /* one whose row is there already: a rebuild */
};

/*
 * Judge one act and put it, and what follows from it, into the tables. *index is its place in the log.
 * A refusal may leave rows behind: the caller goes back to a savepoint.
 */
MUST_CHECK bool store_record(uint64_t *index, struct registry *r, struct span act,
    int64_t recorded_s, bool bundle_waiting, enum record_from from, struct err *err);

/* ---- registry_project.c ---- */

/* What follows from the act that `subject` (as it stood before) now has at this index. */
MUST_CHECK bool store_project(struct registry *r, const struct registry_subject *subject,
    const struct chain_entry *act, uint64_t index, struct err *err);

/* ---- registry_find.c ---- */

/* The columns status, from_s, until_s, recorded_s, newer. */
void store_read_history(struct history_entry *out, struct sql_stmt *q);

/* ---- registry_rebuild.c ---- */

/* The rows of `acts` as they are, without the help of any other table; hash is computed. */
MUST_CHECK bool store_each_row(
    struct registry *r, registry_entry_fn *fn, void *ctx, struct err *err);

/* ---- registry_dump.c ---- */

/* Are all projections of both the same? If not, `finding` says where the first difference is. */
MUST_CHECK bool store_compare(bool *same, struct buf *finding, struct registry *stored,
    struct registry *computed, struct err *err);

/* ---- registry_second.c ---- */

/*
 * Open the second copy and make it and the tables equal: what is missing in it is written, what it has
 * beyond the tables is judged and recorded, a last entry that is cut off or damaged is dropped.
 * ERR_REFUSED: they disagree.
 */
MUST_CHECK bool store_second_open(struct act_file **out, struct registry *r, struct err *err);
/* Write the acts from this index on to it and sync. */
MUST_CHECK bool store_second_write(
    struct act_file *f, struct registry *r, uint64_t from_index, struct err *err);

#endif
