/*
 * Published files, kept in memory while they stay the same on disk. A file that is replaced is noticed by whoever asks
 * for it KEPT_LOOK_MS later, or sooner. The table has a fixed number of places, and what does not fit is read again:
 * no stream of addresses makes it grow. Threads may share it.
 */
#ifndef VERIFIER_DAEMON_KEPT_H
#define VERIFIER_DAEMON_KEPT_H

#include "core/buf.h"

#include <stdatomic.h>
#include <stdint.h>

#define KEPT_LOOK_MS 2              /* a file asked for all the time is looked at so often */
#define KEPT_PLACES 256             /* files at once */
#define KEPT_BYTES_MOST (64u << 10) /* longer ones are sent from disk; no status token is */
#define KEPT_ETAG_BYTES 35          /* 32 digits, their quotes, NUL */

typedef void kept_reply_free(void *reply);

/* A file as it was at one time; only read. Whoever was given it lets it go with kept_release(). */
struct kept {
	struct buf bytes; /* empty where it is longer than KEPT_BYTES_MOST */
	uint64_t size;
	char etag[KEPT_ETAG_BYTES]; /* a strong one, by the content */
	/* What a server makes of it once to send it many times: owned, let go with the file. NULL: none yet. */
	_Atomic(void *) reply;
	_Atomic(kept_reply_free *) reply_free;
	_Atomic int64_t
	    reply_until_s; /* the same for everybody until then; INT64_MAX: no end is known */
	atomic_uint holders;
};

struct kept_files;

/* ERR_MEMORY */
MUST_CHECK bool kept_new(struct kept_files **out, struct err *err);
/* What was given out must be let go before. NULL is accepted. */
void kept_free(struct kept_files *f);

/*
 * The file of this path below the folder, such as "v1/snapshot". NULL with errno if there is no regular file, if the
 * path leads out of the folder or has unusual characters, or if it cannot be read.
 *
 *   fd  the file itself, the caller's to close, where it is too long for memory; else -1
 */
struct kept *kept_find(int *fd, struct kept_files *f, const char *folder, const char *path);
/* Only if it is there already and was looked at a moment ago. NULL says nothing. */
struct kept *kept_peek(struct kept_files *f, const char *path);
void kept_release(struct kept *k);

#endif
