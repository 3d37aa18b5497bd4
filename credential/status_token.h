/*
 * The status token: one status list in a CWT that stock readers of the Token Status List draft
 * understand (formats: status list token). Signed by the status key alone, so it may only worsen
 * what a snapshot says. We read none but our own, and those strictly. Structure only.
 */
#ifndef CREDENTIAL_STATUS_TOKEN_H
#define CREDENTIAL_STATUS_TOKEN_H

#include "credential/cose.h"
#include "credential/status_list.h"

#define STATUS_TOKEN_TYP "application/statuslist+cwt"
#define STATUS_TOKEN_TTL_S 300

/* A plain value: an encoder fills it with spans of its own; a parsed one borrows. */
struct status_token {
	struct span sub; /* the list's own address: status-base || iss || "/" || list */
	int64_t iat_s, exp_s;
	int64_t ttl_s;
	struct span lst; /* the list, deflated: status_list_deflate(), status_list_inflate() */
};

/* Append the claims, the payload of the token. */
void status_token_encode(struct buf *out, const struct status_token *token);

/*
 *   out      borrows from payload
 *   list     the slots, inflated and checked
 *
 * ERR_MALFORMED  anything else than the format, other bits than 4, exp not after iat, a list of
 *                another length, a reserved value
 */
MUST_CHECK bool status_token_parse(
    struct status_token *out, uint8_t list[LIMIT_LIST_BYTES], struct span payload, struct err *err);

/* The file v1/status/ISS/LIST: COSE_Sign1 around the claims. Spans are borrowed from `file`. */
MUST_CHECK bool status_token_parse_file(struct cose_sign1 *envelope, struct status_token *out,
    uint8_t list[LIMIT_LIST_BYTES], struct span file, struct err *err);

/* Append the address of a list: status-base || iss || "/" || list. */
void status_token_sub(struct buf *out, struct span status_base, struct span iss, uint64_t list);

#endif
