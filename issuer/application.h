/*
 * An application as received: strict JSON (docs/format/application.md says every field), read once and
 * only checked for shape. Whether it may be granted is the business of rules.h.
 *
 * The struct borrows every text from the parsed tree it owns.
 */
#ifndef ISSUER_APPLICATION_H
#define ISSUER_APPLICATION_H

#include "core/civil.h"
#include "credential/credential.h"
#include "issuer/defect.h"
#include "registry/applied.h"

enum applicant_kind { APPLICANT_UNKNOWN = 0, APPLICANT_ENTERPRISE, APPLICANT_INDIVIDUAL };
enum head_choice { HEAD_UNKNOWN = 0, HEAD_LEGAL_REPRESENTATIVE, HEAD_PRINCIPAL };

/* A list of short texts: person ids or code words. */
struct ids {
	struct span *items;
	size_t count;
};

/* Person ids are the applicant's own short names for persons, good inside this application only. */
struct person {
	struct span id, name;
	/* hex SHA-256 of a salt and the identity number, which itself never comes in */
	struct span id_digest;
};

struct department {
	struct span name, head; /* head: a person id */
};

struct post {
	struct span person, title;
};

struct group_member {
	struct span person, duty;
	struct ids areas; /* words of CODES_DUTIES */
};

/* A document that gives persons their offices; number, date and digest may be missing at first. */
struct appointment {
	struct ids persons;
	struct span title, number, sha256;
	struct civil_date date; /* year 0: not given */
};

struct document {
	struct span kind, title, sha256; /* kind: a word of CODES_DOCUMENTS */
};

/* The unit's confidentiality organisation, as declared (rules ORG-01 to 15). */
struct organisation {
	struct person *persons;
	size_t persons_count;
	enum head_choice head_choice;
	struct span head_reason; /* why the principal, not the legal representative */
	struct span principal;
	struct ids leadership;
	struct department *departments;
	size_t departments_count;
	struct post *posts; /* every post held beside those this section names itself */
	size_t posts_count;
	struct ids directors; /* Grade A: full-time directors of confidentiality, one wanted */
	struct ids leads;     /* Grade B: persons in charge of confidentiality work, one wanted */
	bool has_group;
	struct span group_head;
	struct ids group_deputies;
	struct group_member *group;
	size_t group_count;
	struct appointment *appointments;
	size_t appointments_count;
};

struct application {
	struct json_t *tree; /* owned */
	enum applied_type type;
	struct span of; /* the number of the licence it is about, as written; empty: a new one */
	enum applicant_kind kind;
	struct span name_zh, name_en; /* name_en may be empty */
	struct span uscc;
	struct span legal_representative;   /* a person id */
	struct span address_zh, address_en; /* registered address; address_en may be empty */
	struct span family;                 /* a word of CODES_FAMILIES */
	enum grade grade;
	struct ids scopes; /* words as written; the rules say which are unknown */
	struct document *documents;
	size_t documents_count;
	bool declared_free_of_secrets;
	struct span declarant;
	struct civil_date declared_on;
	struct organisation organisation; /* zeroed for an individual */
};

/*
 * Parse. Faults of shape are appended to `defects` and parsing goes on, so that one pass names all; the
 * application is then fit for rules_check(), which passes over what could not be read.
 *
 *   out  new object; the caller frees it with application_free(). NULL on failure.
 *   in   borrowed during the call only.
 *
 * ERR_MALFORMED  not one JSON object, or a duplicate key
 * ERR_LIMIT      longer than LIMIT_PAPER_BYTES or deeper than LIMIT_JSON_DEPTH
 */
MUST_CHECK bool application_parse(
    struct application **out, struct defects *defects, struct span in, struct err *err);
void application_free(struct application *app);

/* Append the canonical bytes: what the officer who submits signs. Parsing them gives the same again. */
MUST_CHECK bool application_encode(struct buf *out, const struct application *app, struct err *err);

/* NULL if nobody has this id. */
const struct person *application_person(const struct application *app, struct span id);
/* The name of the legal representative, as printed; empty if not named. */
struct span application_representative(const struct application *app);

/* Scopes by number, ascending, from the words of a paper. ERR_REFUSED: one is unknown or stands twice. */
MUST_CHECK bool application_scopes(struct scopes *out, const struct ids *words, struct err *err);

#endif
