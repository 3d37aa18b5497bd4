/*
 * A bureau's folder put back: from a backup (issuer/backup.h), from a second copy of the acts that was saved, or from
 * both. What is there already stays; what is missing is added, and the same call again goes on where another
 * ended. Every act is judged again, and the log must have the root that the backup says.
 *
 * Keys are in no backup: whoever keeps them puts keys/ back.
 */
#ifndef ISSUER_RESTORE_H
#define ISSUER_RESTORE_H

#include "issuer/archive.h"
#include "issuer/bureau.h"

/* Borrowed. */
struct restore_question {
	const char *folder; /* made if missing, mode 0700 */
	/* The backup; NULL: the folder has its papers, and second_copy the acts. */
	const struct archive *archive;
	const char *second_copy; /* a file of acts that may go on after the backup; NULL: none */
	struct span root_file;   /* root.cose as the person has it; empty: not compared */
	bool
	    passing; /* looked at and thrown away: no second copy is read or made, nothing has to last */
};

struct restore_report {
	struct archive_head head; /* of the backup */
	struct registry_head log; /* as it is now; not set if passing */
	uint64_t further;         /* acts beyond the backup; the same */
	uint64_t certificates;    /* in the register */
	uint64_t missing;         /* of them have no PDF in issued/ */
	struct err first_miss;    /* the first */
	bool second_copy_moved;   /* qualcert.conf named another place for it */
};

/*
 * ERR_NOT_FOUND  no second copy; without a backup no papers
 * ERR_MALFORMED  a paper that does not say what it should
 * ERR_REFUSED    another bureau's; an act that differs from what the folder has, or that a rule refuses; another
 *                root than the backup says
 * ERR_CONFLICT   a file in issued/ is another than the one that was made
 */
MUST_CHECK bool restore(
    struct restore_report *out, const struct restore_question *question, struct err *err);

#endif
