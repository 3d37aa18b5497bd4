/*
 * Who signs: an officer by his own key, on his own machine or, in a test bureau or where the
 * configuration allows it, from the bureau's folder (officers/NAME.pem).
 */
#ifndef ISSUER_OFFICER_H
#define ISSUER_OFFICER_H

#include "issuer/bureau.h"

#define OFFICER_NAME_BYTES 64

/*
 * Known first, unlocked later: what he may sign is asked, and shown to him, before his passphrase is.
 * Zero it; officer_close() when done.
 */
struct officer {
	char word[OFFICER_NAME_BYTES]; /* as given to --as; empty: known by his key file */
	struct bundle_key *key; /* his entry, owned: another bundle may be adopted meanwhile */
	struct signer *signer;  /* owned; NULL until unlocked */
};

/*
 * By the word the bureau has for him (names.json): the officer's active key in the bundle.
 * ERR_NOT_FOUND  no such word; nobody with that id has an active key
 */
MUST_CHECK bool officer_find(
    struct officer *out, const struct bureau *b, const char *word, int64_t now_s, struct err *err);

/*
 * Unlock officers/WORD.pem of the folder.
 * ERR_REFUSED  neither is the bundle a test one nor local_signing = yes; or that key is another person's
 */
MUST_CHECK bool officer_unlock(struct officer *o, const struct bureau *b,
    const struct passphrase_source *passphrase, struct err *err);

/*
 * By a key file of his own: unlocked, and found in the bundle, which need not be that of a bureau here.
 * ERR_REFUSED: the bundle lists no officer with this key
 */
MUST_CHECK bool officer_open(struct officer *out, const struct bundle *bundle, const char *path,
    const struct passphrase_source *passphrase, struct err *err);

void officer_close(struct officer *o);

/*
 * What the bureau calls a person: "印实", "Yin Shi". His id in hex (written to `room`) if it has no name
 * for him, or `b` is NULL. Borrowed from the bureau, or `room`.
 */
const char *officer_name(char room[OFFICER_NAME_BYTES], const struct bureau *b,
    const uint8_t person[BUNDLE_PERSON_BYTES], enum lang lang);

#endif
