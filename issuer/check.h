/*
 * The finished file, judged before anybody gets it by the code that judges it everywhere else: envelope,
 * seal, credential, agreement of two officers, attachment. Nothing here knows how a PDF is made.
 */
#ifndef ISSUER_CHECK_H
#define ISSUER_CHECK_H

#include "credential/cose_file.h"
#include "keys/trust.h"

/*
 *   expected  credential and acts the file must carry
 *   now_s     credential and seal key must be active and in their dates
 *
 * ERR_CRYPTO says what is wrong with it.
 */
MUST_CHECK bool check_certificate(const struct trust *trust, struct span pdf,
    const struct cose_file *expected, int64_t now_s, struct err *err);

/*
 * A time-stamp's token, before it goes into a seal: would whoever reads the certificate count it?
 *   imprint  of the seal's signature
 *   iat_s    when the certificate was proposed
 */
MUST_CHECK bool check_timestamp(const struct trust *trust, const uint8_t imprint[SHA256_BYTES],
    struct span token, int64_t iat_s, int64_t now_s, struct err *err);

#endif
