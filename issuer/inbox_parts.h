/* Internal to inbox: one loading of it, and its lines. */
#ifndef ISSUER_INBOX_PARTS_H
#define ISSUER_INBOX_PARTS_H

#include "issuer/clock.h"
#include "issuer/inbox.h"
#include "issuer/inbox_look.h"

/* Whose application is open. */
struct inbox_applicant {
	char uscc[19], family[FAMILY_BYTES];
	char subject[ACT_SUBJECT_BYTES + 1];
};

/* Cases, proposals and licences are read first: a visitor may not ask the register further questions. */
struct desk {
	struct inbox *inbox;
	struct bureau *bureau;
	const struct bundle_key *key;
	struct chain_who who;
	int64_t now_s;
	enum lang lang;
	const struct calendar *calendar;
	bool supervises;
	struct registry_case *cases;
	size_t n_cases;
	struct registry_proposal *proposals;
	size_t n_proposals;
	struct registry_holding *holdings; /* every licence */
	size_t n_holdings;
	struct inbox_applicant *applicants; /* of the cases looked at so far */
	size_t n_applicants;
	struct inbox_looks *looks;
};

/* ---- inbox.c ---- */

/* A new line at the end; NULL: out of memory. */
struct inbox_line *inbox_add_line(struct inbox *inbox, const char *subject, struct err *err);
MUST_CHECK bool inbox_add_subject(struct inbox_line *line, const char *subject, struct err *err);
/* Not his office, rather than something that keeps him from it: by the refusal of a rule. */
bool inbox_is_for_others(const struct err *why);

/* ---- inbox_licence.c ---- */

/*
 * What licences wait for: suspensions whose window ends or has ended, records to be closed, ends that come
 * near; and the register, where it is stopped.
 */
MUST_CHECK bool inbox_add_licences(struct desk *d, struct err *err);
MUST_CHECK bool inbox_add_register(struct desk *d, struct err *err);

#endif
