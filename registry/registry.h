/*
 * The register: every act ever recorded, in order, and what follows from them. Acts are added, never
 * rewritten; their order is a Merkle log (RFC 9162); all tables beside them are projections that
 * registry_rebuild() computes again. One SQLite file in WAL mode with synchronous=FULL: one writer,
 * any number of readers, which need no right to write. What is in the register is asked through
 * registry/registry_find.h.
 *
 * Each act is written to a second file (registry/act_file.h) and synced before it is acknowledged.
 * A register and its second copy that disagree in a shared entry are never written to again; where one
 * of them is only shorter, the next append brings it up to date.
 */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "core/buf.h"
#include "credential/log_tile.h"
#include "credential/merkle.h"
#include "keys/trust.h"
#include "registry/chain.h"
#include "registry/policy.h"

struct registry;

/* Strings and spans are borrowed until registry_close(). */
struct registry_config {
	const char *path;              /* registry.db; the lock file registry.lock lies beside it */
	bool read_only;                /* nothing below is needed then */
	const char *second_copy;       /* file of the second copy, best on another disk */
	const char *lookup;            /* lookup.db, or NULL: none is kept */
	const char *command;           /* what this process does: who has to wait is told */
	const struct policy *policies; /* every policy a bundle has named so far */
	size_t n_policies;
};

/*
 * Make an empty register, mode 0640. Its first act must be `register`; but if the second copy that it is
 * opened with holds acts, the first append (of nothing, say) takes them all: so it is restored.
 * ERR_CONFLICT if it exists.
 */
MUST_CHECK bool registry_create(const char *path, struct err *err);

/*
 *   out  new object; registry_close(). NULL on failure.
 *
 * A writer also brings lookup.db up to date. ERR_NOT_FOUND: no such file. ERR_MALFORMED: not a register
 * of this version.
 */
MUST_CHECK bool registry_open(
    struct registry **out, const struct registry_config *config, struct err *err);
void registry_close(struct registry *r);

/* One act of a sitting, and what became of it. */
struct registry_item {
	struct span act; /* in: its bytes */
	bool recorded;   /* it is in the register now, durably */
	bool repeated;   /* it was there before: same bytes, or same idempotency key and content */
	uint64_t index;  /* in the log, when recorded */
	int64_t recorded_s; /* when recorded */
	struct err err;     /* when not recorded: why */
};

/*
 * Record the acts of one sitting in one transaction. Each is judged after those before it; one that is
 * refused leaves the others. True: every item has its answer, and what is recorded is durable in both
 * copies. False: nothing at all was recorded.
 *
 *   bundle_waiting  a newer valid trust bundle is known and not adopted: nothing but adopt is recorded
 *   now_s           the service's clock; the recording time is the greater of it and the last one
 *
 * Same idempotency key: the same kind, body and (unless the act opens its subject) subject by the same
 * signer are answered as the first time; anything else is ERR_CONFLICT, ACT-08. ERR_BUSY after 10 s, naming
 * who holds the register.
 */
MUST_CHECK bool registry_append(struct registry *r, struct registry_item *items, size_t n,
    bool bundle_waiting, int64_t now_s, struct err *err);

/*
 * Take over what a file in the form of the second copy (registry/act_file.h) has beyond the register: a
 * backup's acts, or the bureau's that an auditor's replica follows. They are judged act by act and recorded
 * with the times they have there; all of it or nothing. The file is only read. The register's own second
 * copy is not touched: the next append brings it up to date.
 *
 *   size       the log's size afterwards, not below the present one: the file must have so many entries, and
 *              of those held the last must stand in its place; what is before it is not read again.
 *              REGISTRY_TAKE_ALL: every whole entry. Those held are all compared, as far as the file goes,
 *              and one that is cut off at the end is left
 *   root_file  root.cose of the bureau that is meant; NULL: any
 *
 * ERR_REFUSED  names the first act that differs, is missing, or that a rule refuses; or the file is another
 *              bureau's
 */
#define REGISTRY_TAKE_ALL UINT64_MAX
struct act_file;
MUST_CHECK bool registry_take(struct registry *r, const struct act_file *file, uint64_t size,
    const struct span *root_file, struct err *err);

/* What last went wrong with lookup.db, which never makes an append fail; code ERR_NONE: nothing. */
const struct err *registry_lookup_error(const struct registry *r);

/* All reads between begin and end see one state. They do not nest. */
MUST_CHECK bool registry_view_begin(struct registry *r, struct err *err);
void registry_view_end(struct registry *r);

/* Changes with every commit of another process: to wait for news without reading them. */
MUST_CHECK bool registry_data_version(uint64_t *out, struct registry *r, struct err *err);

/* ---- acts and trust ---- */

struct registry_entry {
	uint64_t index; /* in the log, from 0 */
	int64_t recorded_s;
	uint8_t hash[SHA256_BYTES]; /* of the bytes */
	struct span bytes;
};

/*
 * A visitor: what it is shown is borrowed during the call; false ends the visit with its error. It may ask
 * the register, but not append to it.
 */
typedef bool registry_entry_fn(void *ctx, const struct registry_entry *entry, struct err *err);

/* The acts with from <= index < until, in order. */
MUST_CHECK bool registry_each_act(struct registry *r, uint64_t from, uint64_t until,
    registry_entry_fn *fn, void *ctx, struct err *err);

/* All acts on one subject in order: none, if it is unknown. Free with registry_chain_free(). */
struct registry_chain {
	struct chain_entry *entries; /* spans into bytes */
	struct buf *bytes;           /* one for each */
	size_t n, room;              /* room > n: the next act finds its place */
};
MUST_CHECK bool registry_chain(
    struct registry_chain *out, struct registry *r, struct span subject, struct err *err);
void registry_chain_free(struct registry_chain *chain);
/* Where the next act on a subject follows; whoever records it compares with the whole chain. */
MUST_CHECK bool registry_tail(
    struct chain_tail *out, struct registry *r, struct span subject, struct err *err);

/* One act: its bytes are appended to `bytes`, which entry->bytes then points into. ERR_NOT_FOUND. */
MUST_CHECK bool registry_find_act(struct registry_entry *entry, struct buf *bytes,
    struct registry *r, const uint8_t hash[SHA256_BYTES], struct err *err);
MUST_CHECK bool registry_find_idempotency(struct registry_entry *entry, struct buf *bytes,
    struct registry *r, const uint8_t key[SHA256_BYTES], struct err *err);

/* The root set with the bundle adopted last; borrowed, until the next append. ERR_NOT_FOUND before the
 * first act. */
MUST_CHECK bool registry_trust(const struct trust **out, struct registry *r, struct err *err);
/* What trust_accept() would say of this bundle after those adopted. Nothing is adopted by this. */
MUST_CHECK enum trust_answer registry_try_bundle(
    struct registry *r, struct span bundle_file, int64_t now_s, struct err *why);
/* The file of an adopted bundle; seq 0: the newest. ERR_NOT_FOUND. */
MUST_CHECK bool registry_bundle(struct buf *out, struct registry *r, uint64_t seq, struct err *err);
/* The root file, as the `register` act has it. */
MUST_CHECK bool registry_root_file(struct buf *out, struct registry *r, struct err *err);

/* ---- the log ---- */

struct registry_head {
	uint64_t size;
	struct merkle_hash root;
	int64_t recorded_s;  /* of the last act; 0 in an empty register */
	uint64_t file_bytes; /* of all acts in the form of the second copy (registry/act_file.h) */
};
MUST_CHECK bool registry_head(struct registry_head *out, struct registry *r, struct err *err);
/* The root when the log had `size` entries. ERR_REFUSED if it never was so large. */
MUST_CHECK bool registry_root_at(
    struct merkle_hash *out, struct registry *r, uint64_t size, struct err *err);
/* The content of a published tile or bundle of entries, appended. */
MUST_CHECK bool registry_tile(
    struct buf *out, struct registry *r, const struct log_tile *tile, struct err *err);

/* That an entry was in the log when it had `size` entries (RFC 9162 2.1.3). ERR_REFUSED: it never was so large. */
MUST_CHECK bool registry_prove(
    struct merkle_proof *out, struct registry *r, uint64_t index, uint64_t size, struct err *err);

/* ---- whole register ---- */

/*
 * Judge all acts again into empty tables, in one transaction: readers see the old ones until it is done.
 * ERR_REFUSED names the first act that does not fit.
 */
MUST_CHECK bool registry_rebuild(struct registry *r, struct err *err);

/*
 * Every projection as text, line by line, tables and rows in a fixed order: two registers with the same
 * acts give the same lines.
 */
typedef bool registry_line_fn(void *ctx, struct span line, struct err *err);
MUST_CHECK bool registry_dump(struct registry *r, registry_line_fn *fn, void *ctx, struct err *err);

#endif
