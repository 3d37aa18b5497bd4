/* What people are told of an update, in Chinese and English. */
#ifndef VERIFIER_UPDATE_WORDS_H
#define VERIFIER_UPDATE_WORDS_H

#include "core/lang.h"
#include "verifier/fetch_shelf.h"
#include "verifier/published.h"
#include "verifier/update.h"

/* "trust bundle 3: taken", "snapshot 57: ..."; a line each, ended by LF. */
void update_words(struct buf *out, const struct update_told *t, enum lang lang);

/* Why a site could not be read, with what to do; nothing if it could. */
void update_words_site(struct buf *out, const struct fetch_shelf *f, enum lang lang);

/* What is held of a bureau, and until when it is good; a line ended by LF. */
void update_words_held(struct buf *out, const struct published *p, int64_t now_s, enum lang lang);

#endif
