/*
 * News of a bureau: from a shelf into the folder that is held of it. All is judged under the root set and by what is
 * remembered before any of it is kept, and it is kept in an order that leaves a usable folder wherever it stops:
 * parts, then the numbered bundles, the newest bundle, the snapshot, the status tokens.
 */
#ifndef VERIFIER_UPDATE_H
#define VERIFIER_UPDATE_H

#include "verifier/memory.h"
#include "verifier/shelf.h"

/* What became of something that was offered; the words are verifier/update_words.h's. */
enum update_news {
	UPDATE_NONE = 0,     /* nothing was offered */
	UPDATE_TAKEN,        /* newer than what was held */
	UPDATE_SAME,         /* what is held already */
	UPDATE_OLDER,        /* than what is held or was seen: the newer stays */
	UPDATE_ALARM,        /* the sequence held with other bytes, or a log that was rewritten */
	UPDATE_AHEAD,        /* dated later than this computer's clock */
	UPDATE_BAD,          /* not signed by whom it must be, or not of the form */
	UPDATE_FOREIGN,      /* another bureau's */
	UPDATE_GAP,          /* bundles between the one held and it are missing */
	UPDATE_UNAUDITED,    /* a snapshot that too few auditors signed */
	UPDATE_NEWER_BUNDLE, /* a snapshot that names a newer bundle than is offered */
	UPDATE_PARTS,        /* a snapshot of which a part is missing */
	UPDATE_UNREAD,       /* the shelf could not be read: err of its last read */
	UPDATE_NEWS
};

struct update {
	struct span root_file;
	const struct shelf *source;
	const char *folder; /* is made if there is none */
	int64_t now_s;
	/* May be NULL: so many of so many files of the snapshot are there. */
	void (*progress)(void *ctx, size_t done, size_t all);
	void *ctx;
};

struct update_told {
	enum update_news bundle, snapshot;
	uint64_t bundle_seq, snapshot_seq; /* of what was offered; 0: could not be read */
	size_t parts, tokens;              /* that were taken */
	bool clock_back;   /* the clock is earlier than what was signed: nothing was looked at */
	struct err unread; /* with UPDATE_UNREAD */
};

/*
 *   memory  what was accepted before; with true it holds what was accepted now, and is the caller's to save
 *
 * False if the folder cannot be read or written (ERR_IO), another update is under way there (ERR_BUSY), the root file
 * cannot be used, or memory runs out. The folder is then as it was, or as good.
 */
MUST_CHECK bool update_run(
    struct update_told *out, const struct update *u, struct memory *memory, struct err *err);

/* Is everything that was offered held now, or something as new? */
bool update_is_current(const struct update_told *t);

#endif
