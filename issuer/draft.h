/*
 * What an officer is asked to sign, as a file: act claims ready but for the signature, with what he needs
 * to understand them. And the answer: the signed acts. Deterministic CBOR, bounded, strict; a field that
 * this program does not know is a refusal, since nobody could have seen it.
 *
 *	draft  = [ "qualcert-draft", 1, bureau-id: bstr .size 32, bundle-file: bstr,
 *	           [+ claims: bstr], [* context-act: bstr] ]
 *	signed = [ "qualcert-signed", 1, [+ act: bstr] ]
 */
#ifndef ISSUER_DRAFT_H
#define ISSUER_DRAFT_H

#include "issuer/officer.h"
#include "registry/chain.h"

/* What a draft file is made of. Borrowed. */
struct draft_parts {
	const uint8_t *bureau; /* BUREAU_ID_BYTES */
	struct span bundle;    /* the bundle file the claims were prepared under */
	const struct buf *claims;
	size_t n_claims;
	const struct buf *context; /* acts that the claims answer */
	size_t n_context;
};

void draft_encode(struct buf *out, const struct draft_parts *parts);

/* One act to sign, decoded. */
struct draft_item {
	struct span claims; /* the very bytes that will be signed */
	struct act act;
	struct act_body body;
	const struct chain_entry *proposal; /* that this answers, with its signer; else NULL */
};

/* An opened draft: read it, do not change it. Spans are borrowed from the file's bytes. */
struct draft {
	uint8_t bureau[BUREAU_ID_BYTES];
	struct span bundle_file;
	struct bundle *bundle;
	struct draft_item *items;
	size_t n_items;
	struct chain_entry *context;
	size_t n_context;
};

/*
 * Open a draft file of at most LIMIT_DRAFT_BYTES and judge it from within itself: all of it can be read,
 * and nothing in it contradicts anything else. What it cannot know is whether the bundle is genuine: that
 * is for whoever holds the bureau's root file (keys/trust.h).
 *
 *   out  new object; draft_free(). NULL on failure.
 *
 * ERR_LIMIT      too long
 * ERR_MALFORMED  claims, bodies or acts that cannot be read whole; a bundle that is none
 * ERR_REFUSED    the bundle is another bureau's; claims prepared under another bundle; an act of the
 *                machine, which no officer signs; an answer whose proposal is not in the draft, does not
 *                come right before it, or was signed by no officer of the bundle; an act nothing answers
 */
MUST_CHECK bool draft_open(struct draft **out, struct span in, struct err *err);
void draft_free(struct draft *d);

/*
 * Append every field of every act for a person to read: the bundle, kinds, subjects, times, decoded claims,
 * every printed field, the proposal behind an answer.
 *   b  for the officers' names; NULL: their ids
 */
MUST_CHECK bool draft_show(struct buf *out, const struct draft *d, const struct bureau *b,
    enum lang lang, struct err *err);

/* Sign every act of the draft; appends the signed file. */
MUST_CHECK bool draft_sign(
    struct buf *out, const struct draft *d, const struct signer *signer, struct err *err);

/*
 * The acts of a signed file of at most LIMIT_DRAFT_BYTES: *acts is the caller's to free(), its spans
 * borrow from `in`. Nothing is known of them yet.
 * ERR_LIMIT, ERR_MALFORMED
 */
MUST_CHECK bool signed_parse(struct span **acts, size_t *n, struct span in, struct err *err);

#endif
