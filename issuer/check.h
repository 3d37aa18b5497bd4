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

#endif
