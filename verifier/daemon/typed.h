/*
 * What people type or paste into the page's form, read as it is meant: in full width, with blanks and dashes, in
 * either case, with the label that stood before it. Programs are held to the strict forms.
 */
#ifndef VERIFIER_DAEMON_TYPED_H
#define VERIFIER_DAEMON_TYPED_H

#include "core/buf.h"

/*
 * A code, number or date without the label before it: all up to the last colon of either width, or "No.". A label
 * with nothing behind it is left as it is: nobody may be told that less was asked than he believes. Borrowed.
 */
struct span typed_unlabelled(struct span typed);

/* Without blanks and dashes, in half-width capitals, with NUL; false: it is not ASCII then, or has no room. */
MUST_CHECK bool typed_plain(char *out, size_t room, struct span typed);

#define TYPED_DATE_BYTES 64

/*
 * A date as people write it, 2026/12/1, 2026.12.01 or 2026年12月1日, as 2026-12-01; false: it is not written so.
 * Whether there is such a day is not asked.
 */
MUST_CHECK bool typed_date(char out[TYPED_DATE_BYTES], struct span typed);

#endif
