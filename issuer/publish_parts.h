/* Internal to publish: the folder written to, and what is written. */
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

#endif
