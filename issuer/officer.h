/*
 * Who signs: an officer's own key, on his own machine or, in a test bureau or where the configuration
 * allows it, in the bureau's folder (officers/NAME.pem).
 */
#ifndef ISSUER_OFFICER_H
#define ISSUER_OFFICER_H

#include "issuer/bureau.h"

struct officer {
	char name[64];                /* as in officers/NAME.pem, or the key file's name */
	struct signer *signer;        /* owned */
	const struct bundle_key *key; /* his entry in the bundle; borrowed */
};

/*
 * `--as NAME`: officers/NAME.pem in the bureau's folder. ERR_REFUSED unless the bundle is a test one or
 * local_signing = yes, and if the bundle does not list the key as an officer's.
 */
MUST_CHECK bool officer_open_local(struct officer *out, struct bureau *b, const char *name,
    const struct passphrase_source *passphrase, struct err *err);

/* Which entry of the bundle this is. ERR_REFUSED: none. */
MUST_CHECK bool officer_find(const struct bundle_key **out, const struct bundle *bundle,
    const struct signer *signer, struct err *err);

void officer_close(struct officer *o);

/* What the bureau calls an officer: names.json in the folder, person id -> name; hex if unknown. */
void officer_name(char out[64], const struct bureau *b, const uint8_t person[BUNDLE_PERSON_BYTES]);

#endif
