/*
 * What a trust bundle must hold beyond its form: rules between its fields. bundle_parse() asks
 * them; a bundle in hand has kept them.
 */
#ifndef CREDENTIAL_BUNDLE_CHECK_H
#define CREDENTIAL_BUNDLE_CHECK_H

#include "credential/bundle.h"

/*
 * ERR_REFUSED  a public key or certificate stands twice (roots included); a kid that is not that of
 *              its key; an issuer named by the root set or a key that is not listed; a host twice;
 *              a log key that is none, or not named like the log; a witness key that is none, or
 *              stands twice
 */
MUST_CHECK bool bundle_check(const struct bundle *b, struct err *err);

#endif
