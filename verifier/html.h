/* Text of others in a page of ours. */
#ifndef VERIFIER_HTML_H
#define VERIFIER_HTML_H

#include "core/buf.h"

/* Append text for HTML: what could steer anything is escaped, markup stays text. */
void html_text(struct buf *out, struct span text);

#endif
