/*
 * Unified social credit code (GB 32100-2015): 18 characters of a 31-letter alphabet, the last a check
 * character modulo 31, the ninth to the seventeenth an organisation code (GB 11714) with a check of its
 * own. Anyone can compute a right code: it proves no registration.
 */
#ifndef CREDENTIAL_USCC_H
#define CREDENTIAL_USCC_H

#include "core/buf.h"
#include "core/lang.h"

#define USCC_LENGTH 18

enum uscc_answer {
	USCC_UNDECIDED = 0,
	USCC_VALID,
	USCC_VALID_OLD_ORGANISATION, /* valid, but the embedded GB 11714 check differs: only a warning,
	                              * for codes older than the standard may deviate */
	USCC_BAD_LENGTH,
	USCC_BAD_CHARACTER,
	USCC_BAD_REGION, /* characters 3 to 8 are not all digits */
	USCC_BAD_CHECK
};

struct uscc_verdict {
	enum uscc_answer answer;
	size_t length;         /* characters (not bytes) met */
	size_t position;       /* of the bad character, from 1 */
	struct span character; /* its bytes, borrowed from the text */
	char have, want;       /* check characters, where they differ */
};

/* Judge a code exactly as it is to be stored and signed: no blanks, upper case, half width. */
struct uscc_verdict uscc_check(struct span text);

/* May it be stored? True for the two valid answers. */
bool uscc_is_valid(const struct uscc_verdict *v);

/* Append what is wrong and what to do, as one sentence without a full stop; nothing for USCC_VALID. */
void uscc_explain(struct buf *out, const struct uscc_verdict *v, enum lang lang);

/* For parsers: ERR_MALFORMED with that sentence in English, unless uscc_is_valid(). */
MUST_CHECK bool uscc_require(struct span text, struct err *err);

#endif
