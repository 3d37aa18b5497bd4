/*
 * What the daemon knows: the published files and, beside a register, the newest changes of status from
 * lookup.db, held in memory and renewed when they change. A request takes a view, which never changes
 * under it, and lets it go.
 *
 * What is held is replaced only by something newer that may say yes; older, broken or missing files leave
 * it to age. Two files that claim one sequence are an alarm and do replace it: then nothing is good.
 */
#ifndef VERIFIER_DAEMON_FEED_H
#define VERIFIER_DAEMON_FEED_H

#include "core/buf.h"
#include "verifier/verify.h"

struct feed;

struct feed_paths {
	const char *root;          /* root.cose */
	const char *public_folder; /* v1/ and log/ are in it */
	const char *lookup;        /* lookup.db; NULL: published files alone */
	const char *memory_folder; /* where to remember; NULL or empty: rollback is unguarded */
};

/* False for a root file that cannot be used or a memory that cannot be read; all else may come later. */
MUST_CHECK bool feed_open(
    struct feed **out, const struct feed_paths *paths, int64_t now_s, struct err *err);
void feed_close(struct feed *f);

/*
 * From now on read from other paths, where what is published must be no worse: else nothing changes. Answers under
 * way end with what they began with. By the thread that renews. As feed_open(), and ERR_REFUSED.
 */
MUST_CHECK bool feed_move(
    struct feed *f, const struct feed_paths *paths, int64_t now_s, struct err *err);

/*
 * Look whether anything changed and take it in; `anew` reads everything once more. To be called a few
 * times a second by one thread. False with the reason if something is not as it should be; what is held
 * goes on answering.
 */
MUST_CHECK bool feed_renew(struct feed *f, bool anew, int64_t now_s, struct err *err);

/* One moment's knowledge. */
struct view {
	struct published *published; /* wholly loaded; only read */
	bool has_live;
	struct live live;               /* entries of the register newer than the snapshot */
	bool whole;                     /* every part its snapshot names is here */
	bool guarded;                   /* rolled-back files would be noticed after a restart too */
	uint64_t lookup_size;           /* acts of the log that lookup.db reflects */
	const struct feed_paths *paths; /* where it was read from */
	struct shared *held[2];
};

struct view feed_take(struct feed *f);
void feed_release(struct view *v);

enum feed_lookup {
	FEED_LOOKUP_NONE = 0, /* published files alone: confirmations are not offered */
	FEED_LOOKUP_MISSING,  /* it is beside a register, but lookup.db cannot be read now */
	FEED_LOOKUP_BEHIND,   /* older than the snapshot: it is not listened to */
	FEED_LOOKUP_CURRENT
};
enum feed_lookup feed_lookup(struct feed *f);

/*
 * The code text of the instrument with this number (stored form) and check code, appended; *found says
 * whether there is one. ERR_NOT_FOUND: there is no lookup.db to ask.
 */
MUST_CHECK bool feed_confirm(bool *found, struct buf *text, struct feed *f, struct span number,
    struct span check_code, struct err *err);

#endif
