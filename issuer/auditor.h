/*
 * The audit that signs (audit --sign): on another machine under another administrator, who lets nothing
 * good be published that does not follow from acts he judged himself. The bureau gives out a candidate, a
 * snapshot that its status key alone has signed; this judges every act that is new in the copied acts file,
 * in a replica of the register that grows with it, makes the candidate's parts again bit for bit, and adds
 * its signature.
 *
 *	FOLDER  the auditor's own: root.cose, which he has from the ceremony; registry.db, the replica;
 *		cosigned, what he signed last; trust-bundle, if a newer one has come to him
 *	COPY    the bureau's folder, or a copy of parts of it: second/acts.log, policy*.json, cosign/candidate.
 *		The signed one goes into its cosign/ as candidate.KID
 *
 * Beside the audit key lies what it signed last (keys/head.h): it signs no lower number, no second snapshot
 * under one number, and none over a log that does not extend the one before.
 */
#ifndef ISSUER_AUDITOR_H
#define ISSUER_AUDITOR_H

#include "core/buf.h"
#include "keys/signer.h"

#include <stdint.h>

struct auditor {
	const char *folder, *copy;
	const char *root;     /* file; NULL: root.cose of the folder */
	const char *key_path; /* NAME.pem; its head is NAME.head beside it */
	const struct signer *key;
};

enum auditor_did {
	AUDITOR_FOUND_NOTHING = 0, /* there is no candidate */
	AUDITOR_SIGNED,
	AUDITOR_REPEATED /* it was signed before, and is given out again */
};

struct auditor_report {
	enum auditor_did did;
	uint64_t seq;    /* of the candidate */
	uint64_t size;   /* of the log it covers */
	uint64_t judged; /* acts that were new */
	uint64_t parts;  /* made again */
	struct buf file; /* path of what was given out; owned */
};

/*
 * ERR_REFUSED  with the reason: what the replica has is not extended, a rule refuses an act, the candidate
 *              does not follow from the acts, or is older than, or another than, what was signed; its date is
 *              ahead or its time over; the bundle lists no such active audit key; a newer bundle waits here
 */
MUST_CHECK bool auditor_sign(
    struct auditor_report *out, const struct auditor *a, int64_t now_s, struct err *err);
void auditor_report_free(struct auditor_report *r);

#endif
