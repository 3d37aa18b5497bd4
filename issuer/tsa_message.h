/* What goes to a time-stamping authority and comes back (RFC 3161 2.4). Inside of issuer/tsa.h. */
#ifndef ISSUER_TSA_MESSAGE_H
#define ISSUER_TSA_MESSAGE_H

#include "core/buf.h"
#include "credential/sha256.h"

#define TSA_NONCE_BYTES 8

/* Append a TimeStampReq: this imprint, this nonce, the certificate wanted. ERR_CRYPTO */
MUST_CHECK bool tsa_message_ask(struct buf *out, const uint8_t imprint[SHA256_BYTES],
    const uint8_t nonce[TSA_NONCE_BYTES], struct err *err);

/*
 * Append the token of a TimeStampResp.
 *
 * ERR_MALFORMED  not one, or one without a token or with another nonce: not the answer to that question
 * ERR_REFUSED    the authority gave none; the sentence says why, as far as it does
 */
MUST_CHECK bool tsa_message_read(
    struct buf *token, struct span answer, const uint8_t nonce[TSA_NONCE_BYTES], struct err *err);

#endif
