/*
 * A new bureau: the folder, its configuration, and a register whose first act is recorded. Keys, roots and
 * the first trust bundle come from a ceremony (qualkey); nothing here makes a key.
 */
#ifndef ISSUER_BUREAU_INIT_H
#define ISSUER_BUREAU_INIT_H

#include "issuer/bureau.h"

/* Borrowed. */
struct bureau_init {
	const char *folder;           /* made if missing, mode 0700; keys/ may be in it already */
	struct span root_file;        /* root.cose */
	struct span bundle_file;      /* the first trust bundle */
	struct span policy;           /* the file whose hash the bundle has */
	struct span names;            /* names.json; may be empty */
	struct bureau_conf conf;      /* NULL strings: the default */
	const struct signer *service; /* the machine's key, which signs the first act */
};

/*
 * Make it. What a crash or a refusal left unfinished is gone on with by the same call; qualcert.conf is
 * written last, and a folder that has one is a bureau.
 *
 * ERR_CONFLICT  it is a bureau already
 * ERR_REFUSED   bundle, roots, policy, issuer, host and key do not belong together
 */
MUST_CHECK bool bureau_init(const struct bureau_init *in, int64_t now_s, struct err *err);

#endif
