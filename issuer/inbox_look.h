/* Inside of inbox.h: what an officer should look at before he decides or issues. */
#ifndef ISSUER_INBOX_LOOK_H
#define ISSUER_INBOX_LOOK_H

#include "issuer/dossier.h"

/* Who holds which certificate, read once when it is first asked. */
struct inbox_looks;

MUST_CHECK bool inbox_looks_new(
    struct inbox_looks **out, struct bureau *b, enum lang lang, struct err *err);
void inbox_looks_free(struct inbox_looks *looks);

/*
 * Append a sentence for each thing that nobody has to refuse but somebody should see; nothing if there is
 * none, or if this kind of act decides nothing.
 */
MUST_CHECK bool inbox_look(struct buf *out, struct inbox_looks *looks, const struct dossier *d,
    enum act_kind kind, struct err *err);

#endif
