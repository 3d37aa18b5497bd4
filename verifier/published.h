/*
 * The files a bureau publishes (a shelf laid out like its web site), believed as far as their
 * signatures go: trust bundle, snapshot with its parts, status tokens. One signature may say no, only
 * the snapshot with its auditors may say yes; what is missing, stale or rolled back answers nothing.
 *
 * Parts are read when a list is first asked for, by whichever thread asks first: threads may share the object.
 * After published_load_all() nothing is read any more.
 */
#ifndef VERIFIER_PUBLISHED_H
#define VERIFIER_PUBLISHED_H

#include "credential/parts.h"
#include "credential/snapshot.h"
#include "keys/trust.h"
#include "verifier/memory.h"
#include "verifier/shelf.h"
#include "verifier/verdict.h"

struct published;

/*
 * Open a root file and what lies on a shelf.
 *
 *   root_file  the bytes of root.cose; borrowed during the call
 *   shelf      holds v1/trust-bundle and so on; may lack any of it
 *   memory     what was accepted before; updated with what is accepted now
 *
 * False only for a root file that cannot be used, a file that cannot be read or no memory.
 */
MUST_CHECK bool published_open(struct published **out, struct span root_file,
    const struct shelf *shelf, struct memory *memory, int64_t now_s, struct err *err);
/* The same with a root file and a folder on disk, which may be NULL for none. */
MUST_CHECK bool published_open_paths(struct published **out, const char *root_path,
    const char *folder, struct memory *memory, int64_t now_s, struct err *err);
void published_close(struct published *p);

/* Read every list now. False: a part is missing or wrong, which makes its list unusable, no more. */
bool published_load_all(struct published *p);
/*
 * Take over the status tokens of `before`, read under the same bundle, that are later than those read now and still no
 * older than the snapshot: an older token, or none, takes nothing back. Both are wholly loaded. False without memory.
 */
MUST_CHECK bool published_keep_tokens(struct published *p, const struct published *before);

/* Never NULL; it may hold no bundle (then published_trouble() says why). */
const struct trust *published_trust(const struct published *p);
/* NULL without a usable snapshot. A stale one is there all the same. */
const struct snapshot *published_snapshot(const struct published *p);
/* Until when the snapshot answers for the present: its own end, or the bundle's age limit if earlier. */
int64_t published_good_until_s(const struct published *p);
/* Why there is no fresh good news, or FINDING_NONE: STATUS-MISSING, STATUS-STALE, CLOCK-BACK ... */
enum finding published_trouble(const struct published *p, int64_t now_s);
bool published_witnessed(const struct published *p);

/*
 * Is this the file of a status token of this list, genuine, no older than the snapshot and of no later than now? Then
 * it counts from *iat_s on.
 */
bool published_token_fits(
    int64_t *iat_s, const struct published *p, uint16_t list, struct span file);

/* What the published files say about one slot of an issuer. */
struct published_slot {
	bool
	    read; /* the snapshot is this issuer's; the list's parts are here, what it names, and agree */
	enum status status; /* in the snapshot's status part; STATUS_UNKNOWN for a list it lacks */
	bool assigned;
	struct fingerprint fingerprint; /* when assigned */
	struct slot_history history;
	const struct history_order *orders;
	size_t n_orders;
	bool newer; /* a status token no older than the snapshot says worse ... */
	enum status newer_status;
	int64_t newer_iat_s,
	    newer_until_s; /* the token's time, and until when it is fresh itself */
};
void published_find(struct published_slot *out, struct published *p, struct span issuer,
    uint16_t list, uint16_t idx);

#endif
