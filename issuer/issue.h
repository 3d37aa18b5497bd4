/*
 * The road out. A granted case becomes a proposal to issue, a licence one to reissue its certificate or to
 * lower its grade; a second officer approves it; then the certificate is made: both acts read again from
 * the register and checked again, the credential signed, the page drawn and sealed, all of it judged by
 * other code than made it, put on disk, and recorded as *made* by the service key. No lock of the register
 * is held meanwhile; the folder issued/ is locked, so that two processes make each certificate once.
 *
 * A crash at any moment leaves one of three states, and issue_make() goes on from each: approved and not
 * made (made anew: nothing was handed out), made and not yet under its name (the file is there under a
 * temporary one, and gets its name), done.
 */
#ifndef ISSUER_ISSUE_H
#define ISSUER_ISSUE_H

#include "credential/number.h"
#include "issuer/act_make.h"
#include "issuer/change.h"
#include "registry/registry_subject.h"

struct issue_wish {
	enum act_kind kind; /* issue, reissue, regrade */
	struct span
	    subject; /* "case/C-2026-0017"; to reissue and regrade the number, stored form */
	/* Issue: where the policy puts the grant into the proposal; NULL where two officers decided before. */
	const struct decision *decision;
	struct body_order order;     /* reissue, regrade */
	const struct change *change; /* reissue: what the page says instead; NULL: nothing */
};

/* Told how many of n are done: a long sitting takes a while, since each page is tried. */
typedef void issue_watch_fn(size_t done, size_t n);

/*
 * Add to the sitting a proposal for each wish: claims and every printed field computed from application and
 * decision, or from the certificate before it, and from trust bundle, policy and configuration; a random
 * unused number (a reissue keeps its own) and status slot, which the recorded proposal reserves; the
 * layout's id and hash; the latest not-after the policy allows. Where a proposal with this idempotency key
 * is in the register already, that proposal again.
 *
 *   sitting_id  from sitting_new_id()
 *   watch       NULL: nobody watches
 *
 * ERR_REFUSED    the case is not where an issue can be proposed; a change that changes nothing; no power
 *                for it; a text the fonts cannot draw or that does not fit its box
 * ERR_NOT_FOUND  no such case or certificate, no layout
 * ERR_CONFLICT   the idempotency key was used for something else
 */
MUST_CHECK bool issue_propose(struct sitting *s, const char *sitting_id,
    const struct issue_wish *wishes, size_t n, issue_watch_fn *watch, struct err *err);

/*
 * Is the page of a proposal the one this bureau makes of the case or the licence: its layout, and every
 * printed text what follows from claims, application or older page, trust bundle and configuration? Asked
 * before the second signature, since a long sitting is shown by its claims alone.
 *
 *   body  of a proposal on this subject that makes a certificate
 *
 * ERR_REFUSED  names the text that differs, or the layout
 */
MUST_CHECK bool issue_check_page(struct bureau *b, struct span subject, const struct act_body *body,
    int64_t now_s, struct err *err);

/*
 * Append what a proposal on a licence means (order_text.h), with what it changes on the page where it makes
 * a certificate.
 *   licence  as it stands before
 */
MUST_CHECK bool issue_text(struct buf *out, const struct bureau *b,
    const struct registry_subject *licence, const struct act_body *body, enum lang lang,
    struct err *err);

/* One certificate to be made, and what became of it. Its files are issued/NUMBER.pdf and issued/NUMBER.cose, of a
 * later version issued/NUMBER.v2.pdf. */
struct issue_item {
	uint8_t proposal[SHA256_BYTES];      /* in: hash of the act */
	bool made;                           /* it is, and its files have their names */
	char subject[ACT_SUBJECT_BYTES + 1]; /* this and the rest as far as known */
	char number[NUMBER_SHOWN_BYTES];
	unsigned version;
	struct err err; /* where it is not made: why */
	/* Why its seal has no time-stamp though an authority is configured; else, or if made earlier, no error. */
	struct err unstamped;
};

static inline struct issue_item
issue_item(const uint8_t proposal[SHA256_BYTES])
{
	struct issue_item item = { .made = false };
	memcpy(item.proposal, proposal, sizeof item.proposal);
	return item;
}

#define ISSUE_GROUP 8 /* made at a time: what lies in memory together */

/*
 * Make certificates that two officers approved (D14), or finish what was begun: drawn by all processors, put on
 * disk, recorded as *made* in one commit. One that goes wrong leaves the others. Safe to call again: one
 * certificate, one number.
 *
 *   items  n of them, at most ISSUE_GROUP
 *   now_s  the clock
 *
 * True: every item has its answer, whose error may be
 *   ERR_REFUSED  not approved; its not-after has passed; a newer trust bundle is unadopted; the two acts do not
 *                hold under the newest bundle
 *   ERR_CRYPTO   what was made does not pass the check; nothing was handed out
 *   and where tsa_required is yes and the authority gives no time-stamp that counts, what tsa_ask() says, or
 *   ERR_CRYPTO; the certificate stays approved and a later call makes it
 */
MUST_CHECK bool issue_make(
    struct bureau *b, struct issue_item *items, size_t n, int64_t now_s, struct err *err);

struct issue_recovery {
	size_t finished;  /* certificates made or given their names */
	size_t unstamped; /* of them: without a time-stamp, though an authority is configured */
	size_t cleared;   /* leftovers of what never came into being */
	size_t failed;    /* half made and still so */
	size_t waiting;   /* half made, and left so while the making is stopped */
	struct err first; /* why, of the first that failed */
};

/* Who recovers? A command that makes no certificate does not wait for a time-stamping authority either. */
enum issue_wait { ISSUE_WAITS_FOR_NOBODY, ISSUE_WAITS_FOR_AUTHORITY };

/*
 * Take up what a crash left in the second copy of the acts alone, and finish or clear every half-made
 * certificate: at the start of every command that writes, and in health. The first group in which one fails is
 * the last that is tried.
 *   wait  ISSUE_WAITS_FOR_NOBODY: where an authority would be asked, what is approved and not made stays so
 * False only if the register or the folder cannot be read.
 */
MUST_CHECK bool issue_recover(struct issue_recovery *out, struct bureau *b, enum issue_wait wait,
    int64_t now_s, struct err *err);

#endif
