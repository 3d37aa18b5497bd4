/* A certificate that is not made yet, tried on its pages: what cannot be printed is to be known before anybody signs. */
#ifndef ISSUER_TRIAL_H
#define ISSUER_TRIAL_H

#include "credential/credential.h"
#include "issuer/pdf.h"

/*
 * Append the text of its code: as long as its own will be, with no signature in it.
 *
 * ERR_LIMIT      no credential may be so long
 * ERR_MALFORMED  the host is no host name
 */
MUST_CHECK bool trial_code(struct buf *qr_text, char check_code[CREDENTIAL_CHECK_CODE_BYTES],
    const struct claims *claims, const char *host, struct err *err);

/*
 * Would the pages come out, code and all? The face names the host. Fails like pdf_render() and trial_code(); of
 * a code without room the sentence says which texts to shorten.
 */
MUST_CHECK bool trial_pages(const struct pdf_maker *maker, const struct template *layout,
    const struct face *face, const struct claims *claims, struct err *err);

#endif
