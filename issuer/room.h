/* FACE-01: what is applied for has room on the certificate, in its boxes and in its code. */
#ifndef ISSUER_ROOM_H
#define ISSUER_ROOM_H

#include "issuer/application.h"
#include "issuer/bureau.h"

/*
 * Append a defect at the text that is too long; at /applicant where no single one is. The application must have no
 * other error.
 *
 * ERR_REFUSED  the layout's own fault: not even the shortest texts come out on it
 *
 *   b  whose pages they are; NULL: those installed with the program, of an invented bureau
 */
MUST_CHECK bool room_check(struct defects *out, const struct application *app,
    const struct bureau *b, const struct pdf_maker *maker, int64_t now_s, struct err *err);

#endif
