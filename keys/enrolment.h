/*
 * An officer's request to be listed: name, public key and the roles wanted, signed by that key, which
 * proves that whoever asks holds it. The bundle decides what comes of it, and who the person is.
 *
 *   enrolment = #6.18([ bstr .cbor { 1 => -7, 4 => kid8, 16 => "application/qenrol+cbor" }, {},
 *     bstr .cbor { 0 => 1, 1 => name: tstr, 2 => spki: bstr, 3 => [+ role: tstr] }, bstr .size 64 ])
 */
#ifndef KEYS_ENROLMENT_H
#define KEYS_ENROLMENT_H

#include "credential/bundle.h"

#define ENROLMENT_TYP "application/qenrol+cbor"
#define ENROLMENT_NAME_BYTES 64
#define ENROLMENT_BYTES 2048 /* of the whole file; half of it is never used */

struct enrolment {
	struct span name; /* as the bureau calls the officer; unique in the bureau */
	struct span spki;
	enum role roles[ROLES];
	size_t n_roles;
};

/* Append the payload. */
void enrolment_encode(struct buf *out, const struct enrolment *e);

/*
 * Parse a request and verify its signature. Spans are borrowed from `file`.
 *
 * ERR_MALFORMED  not of that form, a role twice
 * ERR_REFUSED    a name that cannot be printed, a key that is not P-256
 * ERR_CRYPTO     not signed by the key it names
 */
MUST_CHECK bool enrolment_open(struct enrolment *out, struct span file, struct err *err);

#endif
