/*
 * A trust bundle as people write it: a JSON file that names keys by their .pub files, officers by their
 * enrolment requests, dates as days, and nothing that a program can find out itself. `qualkey bundle draft
 * --help` shows one.
 *
 * Days are at +08:00; an "until" holds its last second. Either may be an RFC 3339 instant instead. Paths
 * are relative to the JSON file.
 */
#ifndef KEYS_BUNDLE_DRAFT_H
#define KEYS_BUNDLE_DRAFT_H

#include "credential/bundle.h"

struct bundle_draft;

/*
 *   out       new object; bundle_draft_free(). NULL on failure.
 *   previous  the bundle this one follows; NULL for the first
 *   now_s     iat, where the file gives none
 *
 * An officer's person is the one the previous bundle has for that key; else that of another officer of the
 * same name; else a new random one.
 *
 * ERR_MALFORMED  not that JSON: the sentence names the place
 * ERR_REFUSED    a key or host of the previous bundle is gone (retire it instead: what it signed must
 *                still verify); a credential, seal or tsa key whose time begins before verifiers can know it
 * and whatever a file named in it is refused for
 */
MUST_CHECK bool bundle_draft_open(struct bundle_draft **out, const char *path,
    const struct bundle *previous, int64_t now_s, struct err *err);
void bundle_draft_free(struct bundle_draft *d);

/* Borrowed. */
const struct bundle *bundle_draft_value(const struct bundle_draft *d);

#endif
