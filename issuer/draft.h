/*
 * What an officer is asked to sign, as a file: act claims ready but for the signature, with what he needs
 * to understand them. And the answer: the signed acts. Deterministic CBOR, bounded, strict; a field that
 * this program does not know is a refusal, since nobody could have seen it.
 *
 *	draft  = [ "qualcert-draft", 1, bureau-id: bstr .size 32, bundle-file: bstr, [+ claims: bstr], [* context-act: bstr] ]
 *	signed = [ "qualcert-signed", 1, [+ act: bstr] ]
 */
#ifndef ISSUER_DRAFT_H
#define ISSUER_DRAFT_H

#include "core/lang.h"
#include "keys/signer.h"
#include "keys/trust.h"

#define LIMIT_DRAFT_ACTS 10000

/* Spans are borrowed from the bytes parsed, or from the builder. */
struct draft {
	uint8_t bureau[BUREAU_ID_BYTES];
	struct span bundle;  /* the bundle file the claims were prepared under */
	struct span *claims; /* owned array */
	size_t n_claims;
	struct span *context; /* acts that the claims answer; owned array */
	size_t n_context;
};

void draft_encode(struct buf *out, const struct draft *d);
MUST_CHECK bool draft_parse(struct draft *out, struct span in, struct err *err);
void draft_free(struct draft *d);

/*
 * Write every field of every act for a person to read, in one language: kinds, subjects, times, decoded
 * claims, every printed field, the proposal behind an answer. ERR_MALFORMED, ERR_REFUSED for anything
 * that cannot be shown whole.
 */
MUST_CHECK bool draft_show(struct buf *out, const struct draft *d, enum lang lang, struct err *err);

/* Sign every act of the draft; appends the signed file. */
MUST_CHECK bool draft_sign(
    struct buf *out, const struct draft *d, const struct signer *signer, struct err *err);

/* The acts of a signed file: *acts is owned by the caller (free), its spans borrow from `in`. */
MUST_CHECK bool signed_parse(struct span **acts, size_t *n, struct span in, struct err *err);

#endif
