/* Who may do it: the rules asked for every officer of the bundle, so that a screen can name the right ones. */
#ifndef ISSUER_WHO_H
#define ISSUER_WHO_H

#include "issuer/officer.h"
#include "registry/judge.h"

/*
 * Append the names of all who could sign an act of this kind on the subject now: "Fu He or He Qian". Each
 * person stands once. Returns how many; if there is none, "nobody" is appended.
 */
size_t who_may(struct buf *out, const struct bureau *b, const struct judge *subject,
    enum act_kind kind, enum lang lang);

#endif
