/* Internal to issue: what proposing, making and recovering share. */
#ifndef ISSUER_ISSUE_PARTS_H
#define ISSUER_ISSUE_PARTS_H

#include "credential/cose_file.h"
#include "issuer/application.h"
#include "issuer/issue.h"

/* ---- issue_case.c: a case as the register has it now ---- */

struct issue_case {
	struct registry_chain chain; /* owned */
	struct case_state state;     /* borrows from chain */
};

/* ERR_NOT_FOUND: no such case. issue_case_free() it also after a failure. */
MUST_CHECK bool issue_case_load(
    struct issue_case *out, struct bureau *b, struct span subject, int64_t now_s, struct err *err);
void issue_case_free(struct issue_case *c);

/* The application of a case, to be freed with application_free(). */
MUST_CHECK bool issue_case_application(
    struct application **out, const struct issue_case *c, struct err *err);

/* What a case that is approved or made is about. Borrows from the case. */
struct issue_order {
	struct span proposal, approval; /* whole acts */
	const struct body_issue *body;  /* of the proposal */
	struct claims claims;
	char number[NUMBER_SHOWN_BYTES];
};
MUST_CHECK bool issue_order_of(
    struct issue_order *out, const struct issue_case *c, struct err *err);

/* ---- issue_page.c ---- */

/* The bureau's layout, if it is the very one a proposal names. ERR_REFUSED if it is not. */
MUST_CHECK bool issue_layout(struct template **out, const struct bureau *b, enum grade grade,
    const struct body_issue *body, struct err *err);

/* ---- issue_draw.c: from agreement to sealed page ---- */

/* Append credential, NUMBER.cose and NUMBER.pdf, checked by other code than made them. */
MUST_CHECK bool issue_draw(struct buf *qc1, struct buf *cose, struct buf *pdf, struct bureau *b,
    const struct issue_order *order, int64_t now_s, struct err *err);

/* ---- issue_files.c: the folder issued/ ---- */

/*
 * The folder, locked: one process at a time makes certificates. Its subfolder .making/ holds what has no
 * name yet.
 */
struct issue_folder {
	int fd; /* holds the lock */
	struct buf path;
};
enum issue_patience { ISSUE_WAIT, ISSUE_TRY };
/* ERR_BUSY: with ISSUE_TRY, another process makes certificates. issue_folder_close() it also then. */
MUST_CHECK bool issue_folder_open(
    struct issue_folder *out, struct bureau *b, enum issue_patience patience, struct err *err);
void issue_folder_close(struct issue_folder *f);

/* Put a file on disk under its temporary name, replacing an older attempt, and read it again. */
MUST_CHECK bool issue_folder_put(const struct issue_folder *f, const char *number,
    const char *ending, struct span bytes, struct err *err);

/*
 * Give a file its name, if it does not have it yet.
 *   hash  SHA-256 of what the register says it holds
 * ERR_CONFLICT   another file has the name
 * ERR_NOT_FOUND  neither name is there, or what is there is another file
 */
MUST_CHECK bool issue_folder_name(const struct issue_folder *f, const char *number,
    const char *ending, const uint8_t hash[SHA256_BYTES], struct err *err);

/* Every file in .making/ that is still there when its turn comes. */
typedef bool issue_leftover_fn(void *ctx, const char *name, struct err *err);
MUST_CHECK bool issue_folder_each_leftover(
    const struct issue_folder *f, issue_leftover_fn *fn, void *ctx, struct err *err);
MUST_CHECK bool issue_folder_remove_leftover(
    const struct issue_folder *f, const char *name, struct err *err);

/* ---- issue_make.c ---- */

/*
 * Take up what a crash left in the second copy alone. A certificate that is *made* there is made: to make
 * it again would replace the only file that has its hash.
 */
MUST_CHECK bool issue_catch_up(struct bureau *b, int64_t now_s, struct err *err);

/* issue_make() while the folder is held. */
MUST_CHECK bool issue_make_in(char number[NUMBER_SHOWN_BYTES], struct bureau *b,
    const struct issue_folder *folder, struct span subject, int64_t now_s, struct err *err);

#endif
