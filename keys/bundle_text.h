/* A trust bundle in words, for those who sign it or want to know what changed. */
#ifndef KEYS_BUNDLE_TEXT_H
#define KEYS_BUNDLE_TEXT_H

#include "credential/bundle.h"

/* Append one line for each thing the bundle says; every line can be understood alone. */
void bundle_text(struct buf *out, const struct bundle *b);

/* Append the lines of `before` that are gone with "- ", and those that are new with "+ ". */
MUST_CHECK bool bundle_text_changes(
    struct buf *out, const struct bundle *before, const struct bundle *after, struct err *err);

#endif
