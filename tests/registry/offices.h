/*
 * A register with a life behind it, and all that stands around it: issued files, published files, a
 * checkpoint kept outside. What the audit is asked about. For tests only.
 */
#ifndef TESTS_REGISTRY_OFFICES_H
#define TESTS_REGISTRY_OFFICES_H

#include "registry/audit.h"
#include "tests/registry/ledger.h"

struct offices {
	struct ledger ledger;
	char issued[96], published[96];
	char pdf[160], cose[160]; /* of the one certificate */
	char part[256];           /* the status part of the one list */
	struct buf checkpoint;    /* signed note, of the size at publishing */
	uint64_t published_size;
	struct audit_question question; /* about all of it */
};

/*
 * One certificate issued and suspended, all published, then one more case begun and the register closed.
 */
void offices_open(struct offices *o);
void offices_close(struct offices *o);

/* Replace the byte in the middle of a file by another. */
void offices_spoil(const char *path);

#endif
