/* The pages of a certificate that is to be signed, drawn by the layouts of this machine. */
#ifndef ISSUER_PREVIEW_H
#define ISSUER_PREVIEW_H

#include "issuer/command.h"

/*
 * Write DIR/NUMBER.pdf (of a later version DIR/NUMBER.v2.pdf), replacing an older one: the pages marked as a
 * preview, without code, check code or seal. Its path is appended to the JSON list `paths`.
 *   b  whose layouts are taken; NULL: those installed with the program
 *
 * ERR_REFUSED  this machine's layout is not the one that is to be signed
 */
MUST_CHECK bool preview_write(json_t *paths, const struct body_issue *body, const struct bureau *b,
    const struct pdf_maker *maker, const char *dir, struct err *err);

/* Say what was written: a line on the screen, with --json "previews". Nothing for an empty list. */
void preview_tell(const struct command *c, const char *dir, json_t *paths);

#endif
