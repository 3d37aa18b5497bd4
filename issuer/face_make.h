/*
 * Every text that is printed on a certificate, computed from what it says. Pure: the same input gives
 * the same face, so that whoever signs can compute it again.
 */
#ifndef ISSUER_FACE_MAKE_H
#define ISSUER_FACE_MAKE_H

#include "core/civil.h"
#include "credential/act_body.h"
#include "credential/bundle.h"
#include "credential/number.h"
#include "issuer/face.h"

/* "2026年11月23日" in the numerals of official papers: 二〇二六年十一月二十三日. */
#define FACE_DATE_ZH_BYTES 48
void face_date_zh(char out[FACE_DATE_ZH_BYTES], struct civil_date d);

/* Where a face comes from. Borrowed. */
struct face_source {
	const struct claims *claims;
	struct span legal_representative, address; /* which no claim holds */
	struct span versions_zh, versions_en; /* of the version before; empty: it is the first */
	const char *why_zh, *why_en;          /* it was issued */
	char follows[NUMBER_SHOWN_BYTES]; /* number of the licence it comes after; empty: none */
	const struct bundle_issuer *issuer;
	bool test;        /* the bundle is a test one: the page says so */
	const char *host; /* where people look a certificate up */
};

/*
 *   out  empty; face_free() it also after a failure
 *
 * ERR_REFUSED  a text that may not be signed, or a needed one that is missing
 */
MUST_CHECK bool face_make(struct face *out, const struct face_source *source, struct err *err);

/* Face <-> the map of a proposal, which printed_face_parse() reads. */
void face_print(struct buf *map, const struct face *face);
MUST_CHECK bool face_read(struct face *out, struct span map, struct err *err);

#endif
