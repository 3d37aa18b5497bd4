/*
 * The second copy of the acts: a file that only grows, best on another disk. It begins with the 16 bytes
 * "qualcert acts 1" and LF; each entry is the act's length (4 bytes, big-endian), its time of recording
 * (8 bytes, big-endian seconds), the act, and the leaf hash it has in the log (32 bytes), by which a torn
 * or damaged entry is known.
 */
#ifndef REGISTRY_ACT_FILE_H
#define REGISTRY_ACT_FILE_H

#include "core/buf.h"
#include "credential/log_tile.h"

#define ACT_FILE_BEGIN 16    /* where the first entry stands */
#define ACT_FILE_OVERHEAD 44 /* bytes of an entry beside the act's */

struct act_file; /* for one thread at a time, also where it is const */

/*
 * Open for reading, or for reading and writing; a writer makes a missing file (mode 0600).
 * ERR_NOT_FOUND; ERR_MALFORMED: not such a file
 */
MUST_CHECK bool act_file_open(struct act_file **out, const char *path, bool write, struct err *err);
/* The same, for reading, of what lies in a larger file from `begin` on. Places count from there. */
MUST_CHECK bool act_file_open_part(
    struct act_file **out, const char *path, uint64_t begin, uint64_t bytes, struct err *err);
void act_file_close(struct act_file *f);

/* As it was opened; borrowed. */
const char *act_file_path(const struct act_file *f);

/* Bytes in the file. */
MUST_CHECK bool act_file_size(uint64_t *out, const struct act_file *f, struct err *err);

struct act_file_entry {
	struct log_entry log; /* time of recording and hash of the act */
	struct span act;
	uint64_t end; /* where the next entry stands */
};

/*
 * The entry at this place. The act is left alone in `bytes`.
 * ERR_MALFORMED  cut off or damaged; ERR_IO
 */
MUST_CHECK bool act_file_read(struct act_file_entry *out, struct buf *bytes,
    const struct act_file *f, uint64_t at, struct err *err);

/* Append what the file begins with. */
void act_file_encode_begin(struct buf *out);
/* Append an entry's bytes to a buffer that act_file_write() then takes. */
void act_file_encode(struct buf *out, struct span act, int64_t recorded_s);

/* Put these bytes at this place, cut off what was there, and sync. */
MUST_CHECK bool act_file_write(struct act_file *f, uint64_t at, struct span bytes, struct err *err);

#endif
