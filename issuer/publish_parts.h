/* Internal to publish: one edition, the folder it is written to, and what is written. */
#ifndef ISSUER_PUBLISH_PARTS_H
#define ISSUER_PUBLISH_PARTS_H

#include "credential/snapshot.h"
#include "issuer/publish.h"
#include "keys/head.h"

/* ---- publish_folder.c ---- */

/* The folder, locked: one publisher at a time. */
struct publish_folder {
	int fd; /* holds the lock */
	const char *path;
	size_t written;
};
MUST_CHECK bool publish_folder_open(struct publish_folder *out, const char *path, struct err *err);
void publish_folder_close(struct publish_folder *f);

/* Append the path of a file below the folder. */
MUST_CHECK bool publish_folder_path(struct buf *out, const struct publish_folder *f,
    struct err *err, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Write a file, and the folders above it, unless it holds these bytes already. */
MUST_CHECK bool publish_folder_put(
    struct publish_folder *f, const char *path, struct span bytes, struct err *err);

/* Remove a folder of files, if it is there. */
MUST_CHECK bool publish_folder_remove(const char *path, struct err *err);

/* ---- publish_log.c ---- */

/* The tiles of a log; those within the first `known` entries are on disk if their name is. */
MUST_CHECK bool publish_tiles(
    struct publish_folder *f, struct registry *r, uint64_t known, uint64_t size, struct err *err);

/*
 * A log of another name that was published here, in an epoch before this one, goes to log-before-EPOCH/: what it
 * lists is lost, and anybody may see it.
 */
MUST_CHECK bool publish_set_log_aside(
    const struct publish_folder *f, const struct bundle_log *log, struct err *err);

/* ---- publish_part.c: parts by their hash, and the end of those no longer needed ---- */

/* Write v1/parts/HASH. */
MUST_CHECK bool publish_part(
    uint8_t hash[SHA256_BYTES], struct publish_folder *f, struct span part, struct err *err);

/*
 * Note, on the files themselves, that both snapshots need their parts now, and remove those that none
 * has needed for an hour: a reader may still be at it. `old` may be NULL.
 */
MUST_CHECK bool publish_sweep(struct publish_folder *f, const struct snapshot *old,
    const struct snapshot *new, int64_t now_s, struct err *err);

/* Is there a file for each part that the snapshot names? */
bool publish_has_parts(const struct publish_folder *f, const struct snapshot *s);

/* ---- publish_cosign.c: a snapshot on its way, and what goes to others and comes back ---- */

struct making {
	struct snapshot *manifest; /* owned; NULL: there is none */
	struct buf file;           /* signed by the status key; empty: not yet */
};
void making_free(struct making *m);

/*
 * The one that waits: the candidate if our status key signed it, else the one not yet signed. What cannot be
 * read or was not signed by us is none.
 */
MUST_CHECK bool cosign_load(
    struct making *out, const struct bureau *b, const struct trust *t, struct err *err);

/* How many cosignatures are missing? If none is, those that came back stand on the checkpoint inside. */
MUST_CHECK bool cosign_witnesses(unsigned *missing, struct making *m, const struct bureau *b,
    const struct trust *t, struct err *err);
/* The same with the auditors' signatures, which then stand on the file. */
MUST_CHECK bool cosign_auditors(unsigned *missing, struct making *m, const struct bureau *b,
    const struct trust *t, struct err *err);

/* Write what the witnesses or the auditors are to sign, and remove what they are not asked any more. */
MUST_CHECK bool cosign_ask_witnesses(
    const struct making *m, const struct bureau *b, struct err *err);
MUST_CHECK bool cosign_ask_auditors(
    const struct making *m, const struct bureau *b, struct err *err);
/* Nobody is asked any more. */
MUST_CHECK bool cosign_clear(const struct bureau *b, struct err *err);

/* ---- publish.c ---- */

/* One publication, in one view of the register. */
struct edition {
	struct bureau *bureau;
	const struct trust *trust;
	const struct signer *status_key;
	struct publish_folder folder;
	struct publish_report *report;
	int64_t now_s; /* the clock, but not before the newest act */
	struct registry_head head;
	uint64_t known;     /* how much of the log was signed before, in its epoch */
	uint64_t floor_seq; /* of the snapshot that the log's epoch goes on from; 0: none */
	struct snapshot_parts *parts; /* of each list; owned */
	size_t n_parts;
	struct buf checkpoint;      /* signed note; empty: not signed this time */
	struct snapshot *published; /* what is published now; NULL: none that can be read */
	struct making making;       /* what is on its way */
};

/* Whom does the bundle want to have signed beside us? */
bool edition_asks_witnesses(const struct edition *e);
bool edition_asks_auditors(const struct edition *e);

/* Write a file below the folder. */
MUST_CHECK bool edition_put(struct edition *e, struct span bytes, struct err *err, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));
/*
 * Remember what this key is about to sign. *known: how much of the log it signed before. seq: the number of
 * the next snapshot; NULL for what has none.
 */
MUST_CHECK bool edition_advance(
    uint64_t *known, uint64_t *seq, const struct edition *e, const char *key, struct err *err);
/* Append the status token of a list, as its part says, signed by the status key. */
MUST_CHECK bool edition_sign_token(
    struct buf *file, const struct edition *e, size_t list, struct err *err);
MUST_CHECK bool edition_sign_checkpoint(struct edition *e, struct err *err);
/* A checkpoint is published once it holds for those who read it. */
MUST_CHECK bool edition_put_checkpoint(struct edition *e, struct span note, struct err *err);

/* ---- publish_snapshot.c ---- */

/* What waits first; when it is out, or not worth waiting for, the next. */
MUST_CHECK bool edition_put_snapshot(struct edition *e, struct err *err);
/* What was published, and what waits. */
void edition_report(struct edition *e);

#endif
