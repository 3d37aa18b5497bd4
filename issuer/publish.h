/*
 * What the public reads: status parts, tokens, bundles, log and the snapshot that names them all, as
 * static files in the layout the daemon serves. In safe order: what the manifest names is there before
 * the manifest is. Nothing about a holder stands in any of them.
 */
#ifndef ISSUER_PUBLISH_H
#define ISSUER_PUBLISH_H

#include "issuer/bureau.h"

struct publish_report {
	uint64_t seq;    /* of the snapshot */
	uint64_t size;   /* of the log */
	size_t written;  /* files that changed */
	int64_t renew_s; /* when half the snapshot's life is over */
};

/*
 * Write the files below `folder`, which is made if missing. Only status and log keys are used; both
 * remember what they signed last (keys/head.h).
 *
 * ERR_REFUSED  the register does not extend what was signed before: it was put back or changed; a newer
 *              trust bundle is unadopted; the bundle asks for auditors or witnesses, whom this version cannot reach
 */
MUST_CHECK bool publish(struct publish_report *out, struct bureau *b, const char *folder,
    int64_t now_s, struct err *err);

#endif
