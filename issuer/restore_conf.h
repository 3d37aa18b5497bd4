/* qualcert.conf of a bureau that is put back in another folder, perhaps on another machine. */
#ifndef ISSUER_RESTORE_CONF_H
#define ISSUER_RESTORE_CONF_H

#include "core/buf.h"

/*
 * Append the text with two lines changed: a second copy outside the folder may be the one that the living
 * bureau writes to, so the line becomes a comment and the copy is made in the folder (*moved); layouts
 * of the bureau's own lie in templates/ now.
 */
MUST_CHECK bool restore_conf(struct buf *out, bool *moved, struct span conf, struct err *err);

#endif
