/*
 * What was applied for, as far as the register looks into an application: who for what, anew or about which
 * licence. The rest of it is the issuer's business.
 */
#ifndef REGISTRY_APPLIED_H
#define REGISTRY_APPLIED_H

#include "credential/decision.h"
#include "credential/number.h"
#include "credential/uscc.h"
#include "registry/ground.h"

enum applied_type {
	APPLIED_NONE = 0,
	APPLIED_NEW,
	APPLIED_RENEWAL,       /* a licence that begins when the one named ends */
	APPLIED_UPGRADE,       /* from Grade B, which ends, to Grade A */
	APPLIED_SCOPE_ADDITION /* to the licence named: its number, the next version */
};

/* A plain value. */
struct applied {
	enum applied_type type;
	char of[NUMBER_STORED_BYTES]; /* the licence it is about; empty: a new one */
	char holder[LIMIT_HOLDER_BYTES + 1], holder_en[LIMIT_HOLDER_BYTES + 1];
	char uscc[USCC_LENGTH + 1]; /* empty: an individual without one */
	char family[FAMILY_BYTES];
	enum grade grade;
	struct scopes scopes; /* words that are none are left out */
};

/* "scope-addition"; and back: APPLIED_NONE for no word of ours. */
const char *applied_type_word(enum applied_type type);
enum applied_type applied_type_of(struct span word);

/* ERR_MALFORMED: not an application (canonical JSON) as far as this goes; a licence named that needs none. */
MUST_CHECK bool applied_read(struct applied *out, struct span application, struct err *err);

/* That licence, as it stands; claims NULL: none with that number was issued. */
struct applied_licence {
	const struct claims *claims;
	enum licence_status status;
	int64_t end_s;         /* with the extensions in force: the first second after it */
	unsigned next_version; /* that no certificate of it has */
};

/*
 * Why an application handed in at this moment cannot be about this licence, a sentence in both languages;
 * NULL: it can, or is about none. A renewal is handed in at least three calendar months before the last
 * day; an upgrade or addition needs a licence in force, and an addition names every scope of it and more.
 */
struct applied_fault {
	const char *zh, *en;
};
const struct applied_fault *applied_fault(
    const struct applied *a, const struct applied_licence *of, int64_t now_s);

/* Of one applicant, for the same family, about the same licence? What an amended application must be. */
bool applied_same(const struct applied *a, const struct applied *b);

/*
 * Does the decision name the applicant, family and grade of this application, and no scope that was not
 * applied for? ERR_REFUSED: no; names the field.
 */
MUST_CHECK bool applied_agrees(
    const struct applied *a, const struct decision *decision, struct err *err);

#endif
