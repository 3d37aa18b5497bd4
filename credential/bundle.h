/*
 * The trust bundle: which keys count, for which use, whose they are and from when until when; what
 * the issuers may grant; where the log and the status lists are (formats: root set and trust
 * bundle). A key counts only because a bundle lists it.
 *
 * Structure only: root signatures, sequence and previous hash are judged in keys/, and so is the
 * kid of a key that is given by its X.509 certificate. For every other key kid is checked here.
 */
#ifndef CREDENTIAL_BUNDLE_H
#define CREDENTIAL_BUNDLE_H

#include "core/buf.h"
#include "credential/root_set.h"

#define BUNDLE_TYP "application/qbundle+cbor"
#define BUNDLE_PERSON_BYTES 8

enum key_use {
	KEY_USE_NONE = 0, /* a zeroed struct has no use */
	KEY_USE_CREDENTIAL,
	KEY_USE_SEAL, /* X.509 */
	KEY_USE_STATUS,
	KEY_USE_AUDIT,
	KEY_USE_SERVICE,
	KEY_USE_TSA, /* X.509 */
	KEY_USE_OFFICER,
	KEY_USES
};

enum key_state { KEY_ACTIVE = 0, KEY_RETIRED = 1, KEY_COMPROMISED = 2 };

enum role {
	ROLE_NONE = 0,
	ROLE_ACCEPT,
	ROLE_EXAMINE,
	ROLE_INSPECT,
	ROLE_DECIDE,
	ROLE_APPROVE,
	ROLE_ISSUE,
	ROLE_COUNTERSIGN,
	ROLE_SANCTION,
	ROLE_PUBLISH,
	ROLE_ADMIN,
	ROLES
};

/* The word in the format, "countersign"; and back: ROLE_NONE, KEY_USE_NONE for no word of ours. */
const char *bundle_role_word(enum role role);
enum role bundle_role_of(struct span word);
const char *bundle_use_word(enum key_use use);
enum key_use bundle_use_of(struct span word);
/* Is the key of this use given by its X.509 certificate? */
bool bundle_use_is_x509(enum key_use use);

/* Every window of time here holds both its ends: from_s <= t <= until_s. */

struct bundle_grant {
	enum role role;
	int64_t from_s, until_s;
};

struct bundle_key {
	uint8_t kid[COSE_KID_BYTES];
	struct span issuer; /* iss */
	int64_t alg;        /* COSE; ES256 or SM2-with-SM3 unless the use is tsa */
	enum key_use use;
	struct span key; /* X.509 DER for seal and tsa, else SubjectPublicKeyInfo DER */
	int64_t from_s, until_s;
	enum key_state state;
	int64_t since_s;                     /* of the state; 0 while active */
	uint8_t person[BUNDLE_PERSON_BYTES]; /* officers only, else zeros */
	struct bundle_grant *grants;         /* officers only: at least one */
	size_t n_grants;
};

struct bundle_power {
	struct span family; /* "JC" */
	unsigned grade;     /* 1 is A, 2 is B */
	struct span what;   /* "issue" for certificates */
	int64_t from_s, until_s;
};

enum bundle_level { BUNDLE_NATIONAL = 1, BUNDLE_PROVINCIAL = 2 };

struct bundle_issuer {
	struct span iss;
	struct span name_zh;
	struct span name_en; /* may be empty */
	enum bundle_level level;
	struct bundle_power *powers;
	size_t n_powers;
	struct span contact; /* one line, printed by every red verdict */
};

struct bundle_log {
	struct span origin;
	struct span vkey; /* C2SP vkey of the log key: Ed25519, its name is the origin */
	uint64_t epoch;
	uint64_t quorum;        /* cosignatures of witnesses demanded */
	struct span *witnesses; /* C2SP vkeys of type cosignature/v1 */
	size_t n_witnesses;     /* 0: the bundle has no witness field */
};

/* Which two roles propose and approve an issue. */
struct bundle_issuing {
	enum role proposal, approval;
	int64_t from_s, until_s;
};

/*
 * A plain value: a builder fills one with arrays and spans of its own and encodes it; one that was
 * parsed owns its arrays and the bytes its spans point into.
 */
struct bundle {
	uint64_t seq; /* from 1 */
	int64_t iat_s, exp_s;
	struct span prev; /* SHA-256 of the payload before; empty if and only if seq is 1 */
	struct root_set roots;
	struct bundle_issuer *issuers; /* ascending: by length of iss, then by its bytes */
	size_t n_issuers;
	struct bundle_key *keys;
	size_t n_keys;
	struct span status_base; /* "https://v.example/v1/status/" */
	struct bundle_log log;
	uint8_t policy_hash[SHA256_BYTES];
	bool test;
	struct span *hosts; /* ever printed in a code */
	size_t n_hosts;
	int64_t snapshot_age_s; /* greatest age of a snapshot: 1 to 31 days */
	int64_t token_age_s;    /* greatest age of a status token, at most the snapshot's */
	unsigned audit_quorum;  /* audit signatures a snapshot needs */
	struct span reader_ca;  /* X.509 DER for other people's PDF readers; may be empty */
	struct bundle_issuing *issuing;
	size_t n_issuing;
	struct buf bytes;           /* the payload, owned, when parsed; empty when built */
	uint8_t hash[SHA256_BYTES]; /* of the payload, when parsed: `prev` of the next bundle */
};

/*
 *   out      new object with its own copy of the payload; bundle_free(). NULL on failure.
 *   payload  1 to LIMIT_BUNDLE_BYTES bytes
 *
 * ERR_MALFORMED  anything else than the format; an unknown key; a window that ends before it begins
 * ERR_REFUSED    a public key stands twice (roots included); a kid is not that of its key; the
 *                root set names an issuer that is not listed, or a key does
 * ERR_LIMIT      longer, or with longer lists, than core/limits.h allows
 */
MUST_CHECK bool bundle_parse(struct bundle **out, struct span payload, struct err *err);
void bundle_free(struct bundle *b);

/*
 * The file v1/trust-bundle: COSE_Sign by at least two roots. The envelope's spans are borrowed from
 * `file`, the bundle owns its bytes.
 */
MUST_CHECK bool bundle_parse_file(
    struct cose_sign *envelope, struct bundle **out, struct span file, struct err *err);

/* Append the payload. What it wrote, bundle_parse() judges: builders parse before they sign. */
void bundle_encode(struct buf *out, const struct bundle *b);

/*
 * The keys of one use with this kid, whatever their state: several may share a kid. `after` is NULL
 * for the first and the last answer for the next; NULL when there is none.
 */
const struct bundle_key *bundle_find_key(
    const struct bundle *b, struct span kid, enum key_use use, const struct bundle_key *after);

/* A copy that outlives the bundle, in one block: free() it. NULL: out of memory. */
struct bundle_key *bundle_key_copy(const struct bundle_key *key);

/* Does the key's own window hold this moment? Says nothing of its state. */
bool bundle_key_covers(const struct bundle_key *key, int64_t at_s);

/*
 * Could the key sign at this moment: in its window, and not retired before? Says nothing of theft, which
 * no date in a message can tell.
 */
bool bundle_key_served(const struct bundle_key *key, int64_t at_s);

/* Does this officer's key hold the role at this moment, both the key's window and the grant's? */
bool bundle_key_has_role(const struct bundle_key *key, enum role role, int64_t at_s);

/* NULL if no issuer has this iss. */
const struct bundle_issuer *bundle_find_issuer(const struct bundle *b, struct span iss);

/* Does the issuer's power to do `what` cover this family and grade at this moment? */
bool bundle_issuer_may(const struct bundle_issuer *issuer, const char *what, struct span family,
    unsigned grade, int64_t at_s);

/* Do these two roles propose and approve an issue at this moment? */
bool bundle_roles_issue(
    const struct bundle *b, enum role proposal, enum role approval, int64_t at_s);

bool bundle_lists_host(const struct bundle *b, struct span host);

#endif
