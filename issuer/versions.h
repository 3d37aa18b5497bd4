/*
 * The versions of a certificate as its duplicate lists them, newest last, in the form of a printed text:
 * "第 1 版　2026-11-20　首次发证；第 2 版　2026-12-01　因遗失补发". Pure: whoever signs computes it again from the list of
 * the version before.
 */
#ifndef ISSUER_VERSIONS_H
#define ISSUER_VERSIONS_H

#include "core/buf.h"
#include "core/civil.h"
#include "core/lang.h"

#define VERSIONS_SHOWN 8 /* the newest; of older ones the list says that they are left out */

struct version_entry {
	unsigned version;
	struct civil_date issued;
	const char *why; /* in the language of the list; without the mark that parts its items */
	const char *follows; /* number of the licence it comes after; NULL: none but its own */
};

/*
 * Append the list of the version before with this one behind it.
 *   before  empty: there was none
 */
void versions_add(
    struct buf *out, struct span before, const struct version_entry *entry, enum lang lang);

#endif
