/*
 * A bureau's policy: which role does which step, how long a proposal waits, which steps one person may
 * not both do. A JSON file whose SHA-256 every trust bundle carries. What no policy can loosen (two
 * persons, two officials on site) stands in judge.c.
 */
#ifndef REGISTRY_POLICY_H
#define REGISTRY_POLICY_H

#include "credential/number.h"
#include "registry/case.h"

#define POLICY_NAME_BYTES 33
#define POLICY_FAMILIES 8

struct policy_proposal {
	enum role propose, approve;
	unsigned days; /* from the proposal to its not-after */
};

struct policy_applicants {
	char family[FAMILY_BYTES];
	bool enterprise, individual;
};

/* What the authorities of a case share out among them. */
enum authority {
	AUTHORITY_ACCEPT = 0, /* up to the acceptance */
	AUTHORITY_EXAMINE,    /* also on site */
	AUTHORITY_DECIDE,     /* also issues, prolongs, terminates */
	AUTHORITY_DELIVER,    /* also files */
	AUTHORITIES
};

#define POLICY_AUTHORITY_BYTES 17 /* the longest issuer id and NUL */

struct policy_authorities {
	char family[FAMILY_BYTES];
	enum grade grade;
	/* "national" or "provincial": any issuer of that level; else the issuer's id. */
	char who[AUTHORITIES][POLICY_AUTHORITY_BYTES];
};

/* A plain value. */
struct policy {
	char name[POLICY_NAME_BYTES];
	unsigned version;
	bool
	    decision_in_issue; /* "in-issue": a grant is part of the issue proposal, not an act before it */
	unsigned validity_years;
	/* By act_kind_place(): who does a statement (ROLE_NONE: any officer); a proposal's row. */
	enum role statements[ACT_KIND_COUNT];
	struct policy_proposal proposals[ACT_KIND_COUNT];
	/* Of templates/licence.json and case.json, by which acts are judged. */
	uint8_t licence_table[SHA256_BYTES], case_table[SHA256_BYTES];
	uint8_t scoring[SHA256_BYTES]; /* of the scheme by which on-site reviews are scored */
	unsigned
	    apart[CASE_STEPS]; /* for each step the set of those kept apart from it; symmetric */
	struct policy_applicants applicants[POLICY_FAMILIES];
	size_t n_applicants;
	struct policy_authorities authorities[2 * POLICY_FAMILIES]; /* none: each does all of it */
	size_t n_authorities;
	uint8_t hash[SHA256_BYTES]; /* of the file's bytes */
};

/*
 * Parse a policy file, strictly.
 * ERR_MALFORMED  not JSON, a key missing, unknown or twice, a word or number out of its range
 * ERR_LIMIT      longer than LIMIT_JSON_BYTES
 */
MUST_CHECK bool policy_parse(struct policy *out, struct span json, struct err *err);

/*
 * The role an act of this kind asks for; of an approval or a refusal, the role that answers a proposal
 * of kind `answered` (ACT_NONE for all else). ROLE_NONE: none, as for the machine's acts and for
 * whoever takes his own proposal back.
 */
enum role policy_role(const struct policy *p, enum act_kind kind, enum act_kind answered);

/* NULL if this kind is no proposal. */
const struct policy_proposal *policy_proposal(const struct policy *p, enum act_kind kind);

/* The latest not-after of a proposal of this kind made at time_s: the end of the last of its days. */
int64_t policy_not_after_s(const struct policy *p, enum act_kind kind, int64_t time_s);

/* Who does this for a family and grade, as above; NULL: the policy leaves it to the signer's own issuer. */
const char *policy_authority(
    const struct policy *p, struct span family, enum grade grade, enum authority what);

/* "examine": also the power an issuer needs for it in the trust bundle. */
const char *policy_authority_word(enum authority what);

/* May this kind of applicant ("enterprise", "individual") apply in this family? */
bool policy_admits(const struct policy *p, struct span family, struct span applicant);

#endif
