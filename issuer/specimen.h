/*
 * Invented certificates to judge a layout by: a usual one, and those with the longest and the shortest texts
 * that a page must have room for. Nothing of them is in any register, and no key has signed them.
 */
#ifndef ISSUER_SPECIMEN_H
#define ISSUER_SPECIMEN_H

#include "credential/credential.h"
#include "issuer/face.h"

/*
 * Longest: a name of 60 hanzi, rare and astral ones among them, a Latin name of 99 letters with diacritics, an
 * address of 80 hanzi, every scope there is, and more versions than are listed. Shortest: a hanzi where one
 * will do, and nothing that may be left out.
 */
enum specimen_kind { SPECIMEN_USUAL, SPECIMEN_LONGEST, SPECIMEN_SHORTEST, SPECIMEN_KINDS };

struct specimen {
	struct face face;
	struct buf qr_text; /* a code as long as such a certificate's, which does not verify */
	char check_code[CREDENTIAL_CHECK_CODE_BYTES];
};

/* specimen_free() it also after a failure. */
MUST_CHECK bool specimen_make(
    struct specimen *out, enum specimen_kind kind, enum grade grade, struct err *err);
void specimen_free(struct specimen *s);

#endif
