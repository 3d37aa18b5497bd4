/*
 * A backup: one file (issuer/archive.h) of everything of a bureau that cannot be computed again, and never a
 * key. It is taken in one view of the register, while others go on recording.
 */
#ifndef ISSUER_BACKUP_H
#define ISSUER_BACKUP_H

#include "issuer/archive.h"
#include "issuer/bureau.h"

struct backup_report {
	uint64_t acts;
	uint64_t certificates; /* whose PDF is in the backup */
	uint64_t bytes;        /* of the file */
	struct merkle_hash root;
	uint64_t missing; /* PDFs that are not in issued/, or are not the ones that were made */
	struct err first_miss; /* the first of them */
	struct err note;       /* why health will not know of this backup; ERR_NONE: it will */
};

/*
 * Write it. A certificate whose file is missing or damaged is left out and reported: nothing else is lost for
 * it.
 *
 *   path   a name of its own: nothing is replaced
 *
 * ERR_CONFLICT  the path exists
 * ERR_REFUSED   a paper of the folder has a name that no backup takes, or holds a private key
 */
MUST_CHECK bool backup(struct backup_report *out, struct bureau *b, const char *path, int64_t now_s,
    struct archive_watch watch, struct err *err);

/* The backup made last, as the bureau's folder remembers it: last-backup. ERR_NOT_FOUND: none. */
struct backup_last {
	struct archive_head head;
	struct buf path; /* where it was written */
};
MUST_CHECK bool backup_last(struct backup_last *out, const struct bureau *b, struct err *err);

#endif
