/*
 * Inside of registry_store: what its files share. The caller of every store_* function that writes has
 * begun a transaction.
 */
#ifndef REGISTRY_STORE_H
#define REGISTRY_STORE_H

#include "registry/act_file.h"
#include "registry/registry.h"
#include "registry/registry_applied.h"
#include "registry/registry_floor.h"
#include "registry/registry_subject.h"
#include "registry/sql.h"

struct registry {
	struct sql *db;
	struct registry_config config; /* strings and policies are borrowed */
	struct trust *trust;           /* of the bundle with sequence trust_seq; NULL: not loaded */
	uint64_t trust_seq;
	uint64_t *adopted; /* sequences of all bundles up to it */
	size_t n_adopted;
	struct signatures *signatures; /* that trust remembers */
	struct row *row;               /* NULL but while many acts are judged in a row */
	size_t keep_bytes;             /* what it may keep of subjects; LIMIT_KEPT_BYTES */
	struct lookup_writer *lookup;  /* NULL: not open */
	struct err lookup_err;         /* what last went wrong with lookup.db */
	const char
	    *acts_beside; /* file of acts that is taken over just now: floor/ lies beside it */
};

/* States of a row in `slots`. */
enum slot_state { SLOT_RESERVED = 0, SLOT_APPROVED = 1, SLOT_ASSIGNED = 2, SLOT_BURNED = 3 };

/* ---- registry.c ---- */

/* A register in whatever mode; one in memory begins empty. */
MUST_CHECK bool store_open(struct registry **out, const struct registry_config *config,
    enum sql_mode mode, struct err *err);

/* ---- registry_acts.c ---- */

/* An act with its bytes. */
struct store_act {
	struct buf bytes;
	struct chain_entry entry; /* decoded from them; recorded_s is set, who signed is not */
	struct err why;           /* when they could not be decoded: store_record() says so */
	/* judge_signer()'s answer, where it was asked before; NULL: ask it. */
	const struct bundle_key *signer;
	uint64_t bundle_seq; /* by the trust with this bundle */
};
/* A copy of these bytes, to be freed in any case; then what they say. */
void store_act_copy(struct store_act *out, struct span bytes, int64_t recorded_s);
void store_act_decode(struct store_act *act);
void store_act_free(struct store_act *act);

/* Put the act, whose bytes are taken over, at the end of the chain: there is room, see registry.h. */
MUST_CHECK bool store_chain_add(struct registry_chain *c, struct store_act *act, struct err *err);

/* ---- registry_ahead.c ---- */

/*
 * Many acts are judged one after the other, while other processors decode those that come next and work
 * out their signatures: the judge, who asks for them again, finds them in r->signatures. They go in and
 * come out in the same order, and what is said of them is the same with and without other processors.
 */
struct ahead;
/* An act comes out, with its place in the log as it went in. false ends it with this error. */
typedef bool ahead_fn(void *ctx, struct store_act *act, uint64_t index, struct err *err);
/*
 * Inside a transaction, in which r has no other writer until ahead_close(). Other processors read what
 * store_trust() gives: nobody else than `fn` may change it.
 */
MUST_CHECK bool ahead_open(
    struct ahead **out, struct registry *r, ahead_fn *fn, void *ctx, struct err *err);
void ahead_close(struct ahead *a); /* accepts NULL */
/* The next act goes in. ERR as fn. */
MUST_CHECK bool ahead_add(
    struct ahead *a, struct span act, int64_t recorded_s, uint64_t index, struct err *err);
/* All come out that have gone in. */
MUST_CHECK bool ahead_flush(struct ahead *a, struct err *err);

/* ---- registry_log.c ---- */

/* The newest state of the log. */
struct store_head {
	uint64_t size;
	int64_t recorded_s;
	uint64_t file_end; /* where the second copy ends when it is complete */
	struct merkle_frontier frontier;
};
MUST_CHECK bool store_head_load(struct store_head *out, struct registry *r, struct err *err);
MUST_CHECK bool store_head_save(struct registry *r, const struct store_head *head, struct err *err);
/* Add one act to the tree. Its rows in acts and links are there already. */
MUST_CHECK bool store_log_append(
    struct registry *r, struct store_head *head, const struct chain_entry *e, struct err *err);

/* ---- registry_known.c ---- */

/*
 * A set of keys by their first bytes: who is not in it is new. seed: random, so that nobody can choose keys that lie
 * in each other's way.
 */
#define KNOWN_BYTES 16
struct known;
MUST_CHECK bool known_new(struct known **out, uint64_t seed, struct err *err);
void known_free(struct known *k); /* accepts NULL */
bool known_has(const struct known *k, const uint8_t key[KNOWN_BYTES]);
MUST_CHECK bool known_add(struct known *k, const uint8_t key[KNOWN_BYTES], struct err *err);

/* ---- registry_row.c ---- */

/* A subject by the hash of its name; kept is NULL: the place is free. */
struct row_place {
	uint64_t hash;
	struct registry_subject *kept;
};

/*
 * What is remembered while one writer judges many acts in a row, in one transaction: nobody else changes
 * anything. r->row is NULL at any other time.
 */
struct row {
	bool grown; /* since store_row_begin(): the log's head is this one */
	struct store_head head;
	bool stop_known, stopped; /* is the bureau stopped? */
	bool epoch_known;
	struct registry_epoch epoch; /* as store_epoch() */
	/* Acts, nonces and idempotency keys of a log that began in this row; else NULL. */
	struct known *known;
	/* Subjects met lately, by the hash of their names. */
	struct row_place *shelf;
	size_t n, room; /* room is a power of two, and twice n at least */
	size_t bytes;   /* what they take, about; at most keep_bytes */
	size_t hand;    /* where what falls out is looked for */
	uint64_t seed;  /* of hashes */
};
MUST_CHECK bool store_row_begin(struct registry *r, struct err *err);
/* Put what is in memory alone into the tables. */
MUST_CHECK bool store_row_save(struct registry *r, struct err *err);
void store_row_end(struct registry *r);
/* Forget all chains, if any are remembered: what they amount to has changed. */
MUST_CHECK bool store_row_forget(struct registry *r, struct err *err);

/* A subject as its last act left it, to be folded anew; the caller's. NULL: it is not there. */
struct registry_subject *store_row_take(struct row *row, struct span subject);
/* Keep it, with at least one act in its chain, for the next; it is taken over. */
MUST_CHECK bool store_row_keep(struct registry *r, struct registry_subject *s, struct err *err);
/* An act on another subject has changed this licence. */
void store_row_drop(struct row *row, struct span subject);

/* ---- registry_subject.c ---- */

/* What it amounts to at now_s, from the acts in its chain. */
MUST_CHECK bool store_subject_fold(struct registry_subject *s, struct registry *r,
    struct span subject, int64_t now_s, struct err *err);

/* ---- registry_trust.c ---- */

/*
 * What the register lives under: loaded anew when another bundle was adopted. r->adopted is then up to date.
 * ERR_NOT_FOUND: none yet.
 */
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

/* The bundle held and the policy it names. ERR_NOT_FOUND: that policy was not given. */
MUST_CHECK bool store_rules(
    struct judge *j, const struct registry *r, const struct trust *trust, struct err *err);

/* ---- registry_record.c ---- */

enum record_from {
	RECORD_NEW = 0, /* an act that comes in: a new row in `acts` */
	RECORD_ROW,     /* one whose row is there already: a rebuild */
	RECORD_BESIDE   /* an audit: a new row for its time; what it says stays where it is */
};

/*
 * Judge one act and put it, and what follows from it, into the tables. *index is its place in the log. The
 * act's bytes may be taken over. A refusal may leave rows behind: the caller goes back to a savepoint.
 */
MUST_CHECK bool store_record(uint64_t *index, struct registry *r, struct store_act *act,
    bool bundle_waiting, enum record_from from, struct err *err);

/* ---- registry_project.c ---- */

/*
 * What follows from the act that `subject` (as it stood before) now has at this index. The act is left
 * behind the end of the subject's chain.
 */
MUST_CHECK bool store_project(struct registry *r, struct registry_subject *subject,
    const struct chain_entry *act, uint64_t index, struct err *err);

/* Put the row of a case that waits for it. */
MUST_CHECK bool store_save_case(
    struct registry *r, struct registry_subject *subject, struct err *err);

/* ---- registry_licence.c ---- */

/*
 * What the act at this index, recorded at recorded_s, adds to the history and orders of the licence's
 * instruments. entries: the acts on the number, this one included if it is on it.
 */
MUST_CHECK bool store_project_licence(struct registry *r, struct registry_licence *licence,
    const struct chain_entry *entries, size_t n, uint64_t index, int64_t recorded_s,
    struct err *err);

/* The same for a number that is not the act's subject: its own acts are read from the register. */
MUST_CHECK bool store_project_number(
    struct registry *r, struct span number, uint64_t index, int64_t recorded_s, struct err *err);

/* The columns status, from_s, until_s, recorded_s, newer. */
void store_read_history(struct history_entry *out, struct sql_stmt *q);
/* The nth entry, or order, of a slot, made so by the act at this index. */
MUST_CHECK bool store_put_history(struct registry *r, struct history_slot slot, size_t n,
    const struct history_entry *h, uint64_t index, struct err *err);
MUST_CHECK bool store_put_order(struct registry *r, struct history_slot slot, size_t n,
    const struct history_order *o, uint64_t index, struct err *err);

/* ---- registry_applied.c ---- */

/* The bar that the case leaves behind after its newest act, instead of the one it had before. NULL: it is new. */
MUST_CHECK bool store_bar_case(struct registry *r, struct span subject,
    const struct case_state *before, const struct case_state *after, struct err *err);
/* What an order on the licence that was just approved does to its bar. */
MUST_CHECK bool store_bar_licence(struct registry *r, const struct registry_subject *licence,
    const struct chain_entry *order, struct err *err);

/* ---- registry_floor.c ---- */

/* A file of a floor, from where it is kept; floor.h. ctx is the register. */
bool store_floor_find(
    void *ctx, struct buf *out, const uint8_t hash[SHA256_BYTES], struct err *err);
/* All files of floors beside the second copy, too. */
MUST_CHECK bool store_floors_beside(struct registry *r, struct err *err);
/* All of them into another register, by what they are and not by what they are called. */
MUST_CHECK bool store_floors_copy(struct registry *to, struct registry *from, struct err *err);
/* As registry_epoch(), but no epoch is none: 0. */
MUST_CHECK bool store_epoch(struct registry_epoch *out, struct registry *r, struct err *err);

/* ---- registry_loss.c ---- */

/* May this loss be accepted, by what is kept and published? EPO-01. */
MUST_CHECK bool store_check_loss(struct registry *r, const struct body_loss *loss,
    const struct trust *held, int64_t now_s, struct err *err);
/* What follows from its approval at this index. */
MUST_CHECK bool store_project_loss(struct registry *r, const struct chain_entry *proposal,
    uint64_t index, int64_t recorded_s, struct err *err);

/* ---- registry_rebuild.c ---- */

/* The rows of `acts` as they are, without the help of any other table; hash is left out. */
MUST_CHECK bool store_each_row(
    struct registry *r, registry_entry_fn *fn, void *ctx, struct err *err);

/* ---- registry_dump.c ---- */

/*
 * Are the rows of `links` from first to last the same in both? If not, `finding` says where the first difference
 * is.
 */
MUST_CHECK bool store_compare_links(bool *same, struct buf *finding, struct registry *stored,
    struct registry *computed, int64_t first, int64_t last, struct err *err);
/* Likewise all other projections. */
MUST_CHECK bool store_compare(bool *same, struct buf *finding, struct registry *stored,
    struct registry *computed, struct err *err);
/*
 * Have both the tables, triggers and views of the schema, and no others? A trigger changes what is recorded next, and a
 * table of another form has rows that no query asks for.
 */
MUST_CHECK bool store_compare_schema(
    bool *same, struct registry *stored, struct registry *computed, struct err *err);

/* ---- registry_take.c ---- */

/* In a file of acts: where an entry stands, and which act it is. */
struct store_place {
	uint64_t at, index;
};
/*
 * The entries from this place on until the log has this size: what is held already must be the same,
 * what is not is judged and recorded. An entry that is cut off or damaged ends it; *place is then where it
 * stands. In a transaction.
 */
MUST_CHECK bool store_take(struct store_place *place, struct registry *r,
    const struct act_file *file, uint64_t size, struct err *err);

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
