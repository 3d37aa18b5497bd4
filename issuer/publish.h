/*
 * What the public reads: status parts, tokens, bundles, log and the snapshot that names them all, as
 * static files in the layout the daemon serves. In safe order: what the manifest names is there before
 * the manifest is. Nothing about a holder stands in any of them.
 */
#ifndef ISSUER_PUBLISH_H
#define ISSUER_PUBLISH_H

#include "issuer/bureau.h"

/*
 * Where the bundle asks for witnesses or auditors, nothing good is published before they have signed. One
 * snapshot at a time is on its way; what is recorded meanwhile worsens the tokens at once and comes with
 * the next. It stays the same until it is published, so that slow ways reach it, unless another bundle is
 * adopted or half its life is over. Files go out and come back in cosign/ of the bureau (docs/format/cosign.md).
 */
enum publish_wait {
	PUBLISH_WAITS_FOR_NONE = 0,
	PUBLISH_WAITS_FOR_WITNESSES,
	PUBLISH_WAITS_FOR_AUDITORS
};

/* A snapshot on its way. */
struct publish_waiting {
	enum publish_wait for_whom;
	unsigned missing; /* signatures; 0: all came back, and the next publication takes them */
	uint64_t seq, size;
	int64_t iat_s;
};

struct publish_report {
	bool
	    published; /* by this call; else seq and size are of the one before, 0 if there is none */
	uint64_t seq;   /* of the snapshot */
	uint64_t size;  /* of the log it covers */
	size_t written; /* files that changed */
	int64_t
	    renew_s; /* when half the life of the newest is over, be it published or on its way */
	struct publish_waiting waiting;
};

/*
 * Write the files below `folder`, which is made if missing. Only status and log keys are used; both
 * remember what they signed last (keys/head.h).
 *
 * ERR_REFUSED  the register does not extend what was signed before: it was put back or changed; a newer
 *              trust bundle is unadopted
 */
MUST_CHECK bool publish(struct publish_report *out, struct bureau *b, const char *folder,
    int64_t now_s, struct err *err);

/*
 * The published log's checkpoint, public/log/checkpoint of the bureau: it must hold, and be of this register.
 *   note  appended; *out borrows it
 * ERR_NOT_FOUND  none is published yet. ERR_REFUSED, ERR_CRYPTO, ERR_MALFORMED
 */
MUST_CHECK bool publish_read_checkpoint(
    struct checkpoint *out, struct buf *note, const struct bureau *b, struct err *err);

/* Does one wait, and for how many signatures? */
MUST_CHECK bool publish_look(struct publish_waiting *out, const struct bureau *b, struct err *err);

/*
 * Changes when somebody puts a file into cosign/: to wait for signatures without reading them. 0 where
 * nothing was given out.
 */
uint64_t publish_cosign_stamp(const struct bureau *b);

#endif
