/* Internal to issue: what proposing, making and recovering share. */
#ifndef ISSUER_ISSUE_PARTS_H
#define ISSUER_ISSUE_PARTS_H

#include "core/wallclock.h"
#include "credential/cose_file.h"
#include "issuer/application.h"
#include "issuer/face_make.h"
#include "issuer/issue.h"

/* ---- issue_source.c: what a certificate is about ---- */

/* Case or licence as the register has it now, with what a page says beside the claims. Not to be copied. */
struct issue_source {
	struct registry_subject subject; /* owned */
	struct application *application; /* of a case, owned; else NULL */
	struct applied applied;          /* of a case: what was applied for */
	struct registry_applied about;   /* and the licence that it is about */
	struct buf bytes;                /* owned: of the act below */
	struct chain_entry before;       /* the proposal of the version that the next one follows */
	/* From the application, or from the page before. */
	struct span legal_representative, address;
};

/* ERR_NOT_FOUND: no such case or certificate. issue_source_free() it also after a failure. */
MUST_CHECK bool issue_source_load(struct issue_source *out, struct bureau *b, struct span subject,
    int64_t now_s, struct err *err);
void issue_source_free(struct issue_source *s);

/* Is its next certificate, by an act of this kind, a version of a number that was issued? */
bool issue_is_next_version(const struct issue_source *s, enum act_kind kind);
/*
 * What the page says of the versions: those before it, and why this one is issued.
 *   ground  of an order
 */
MUST_CHECK bool issue_say_versions(struct face_source *out, const struct issue_source *s,
    enum act_kind kind, struct span ground, struct err *err);

/* The proposal by which a version of a number was made; spans are borrowed from `bytes`. ERR_NOT_FOUND. */
MUST_CHECK bool issue_proposal_of(struct chain_entry *out, struct buf *bytes,
    const struct bureau *b, const char *number, unsigned version, struct err *err);

/* ---- issue_making.c: a proposal to make a certificate, and what became of it ---- */

struct issue_making {
	struct registry_subject subject;    /* owned: the case or licence it is on */
	const struct chain_entry *proposal; /* in its chain */
	const struct chain_entry *approval; /* NULL: two officers have not approved it */
	struct claims claims;
	char number[NUMBER_SHOWN_BYTES];
	char file[NUMBER_FILE_BYTES]; /* what its files are called */
	bool waits;                   /* it is approved, and to be made */
	bool is_made;
	struct registry_instrument made; /* then */
};

/*
 *   proposal  hash of the act
 * ERR_NOT_FOUND: no such act. issue_making_free() it also after a failure.
 */
MUST_CHECK bool issue_making_load(struct issue_making *out, struct bureau *b,
    const uint8_t proposal[SHA256_BYTES], int64_t now_s, struct err *err);
void issue_making_free(struct issue_making *m);

/* ---- issue_number.c ---- */

/* A number of the running year, at random, that is new in the register and not among the n taken. */
MUST_CHECK bool issue_new_number(char out[NUMBER_STORED_BYTES], const struct sitting *s,
    struct span family, enum grade grade, const char (*taken)[NUMBER_STORED_BYTES], size_t n,
    struct err *err);
/* n free slots, at random. */
MUST_CHECK bool issue_new_slots(
    struct history_slot *out, size_t n, const struct sitting *s, struct err *err);

/* ---- issue_page.c ---- */

/* The bureau's layout, if it is the very one a proposal names. Borrowed. ERR_REFUSED if it is not. */
MUST_CHECK bool issue_layout(const struct template **out, struct bureau *b, enum grade grade,
    const struct body_issue *body, struct err *err);

/* ---- issue_draw.c: from agreement to sealed page ---- */

/* What all certificates of a group are made with. Borrowed, until the register is next asked or written to. */
struct issue_press {
	const struct trust *trust;
	uint64_t bundle_seq; /* of that */
	const struct signer *credential;
	struct sealer *sealer; /* owned */
	struct span seal_certificate;
	struct tsa *tsa; /* NULL: no time-stamps */
	bool tsa_required;
	const struct pdf_maker *maker;
	const struct wallclock *clock; /* an authority may be awaited for long */
};

/* ERR_REFUSED: the newest bundle does not list the keys. issue_press_close() it, also after a failure. */
MUST_CHECK bool issue_press_open(
    struct issue_press *out, struct bureau *b, const struct wallclock *clock, struct err *err);
void issue_press_close(struct issue_press *press);
/* Is it still the newest bundle? What was drawn is worth nothing under another. ERR_REFUSED. */
MUST_CHECK bool issue_press_holds(
    const struct issue_press *press, const struct bureau *b, struct err *err);

/* The three files of a certificate; bytes are owned. */
struct issue_drawn {
	struct buf qc1, cose, pdf;
	struct err
	    unstamped; /* why the seal has no time-stamp, where it was to have one and need not */
};
void issue_drawn_free(struct issue_drawn *d);

/*
 * Draw and seal one that waits, checked by other code than made it. Several threads may share the press.
 *   layout  the one the proposal names
 *   out     empty; issue_drawn_free() it, also after a failure
 */
MUST_CHECK bool issue_draw(struct issue_drawn *out, const struct issue_press *press,
    const struct issue_making *m, const struct template *layout, struct err *err);

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

/*
 * Write FILE.ENDING under its temporary name, in place of an older attempt, and read it again. Its bytes are on
 * disk then, the name after issue_folder_keep().
 *   file  number_file() of number and version
 */
MUST_CHECK bool issue_folder_put(const struct issue_folder *f, const char *file, const char *ending,
    struct span bytes, struct err *err);
/* What was put there stays there. */
MUST_CHECK bool issue_folder_keep(const struct issue_folder *f, struct err *err);

/*
 * Give a file its name, if it does not have it yet, in three steps: of several files together the second is done
 * once.
 *   hash  SHA-256 of what the register says it holds
 * ERR_CONFLICT   another file has the name
 * ERR_NOT_FOUND  neither name is there, or what is there is another file
 */
MUST_CHECK bool issue_folder_link(const struct issue_folder *f, const char *file,
    const char *ending, const uint8_t hash[SHA256_BYTES], struct err *err);
/* The names are on disk. */
MUST_CHECK bool issue_folder_sync(const struct issue_folder *f, struct err *err);
/* The temporary name is away. */
MUST_CHECK bool issue_folder_unlink(
    const struct issue_folder *f, const char *file, const char *ending, struct err *err);

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
MUST_CHECK bool issue_make_in(struct bureau *b, const struct issue_folder *folder,
    struct issue_item *items, size_t n, const struct wallclock *clock, struct err *err);

#endif
