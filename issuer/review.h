/*
 * What officials write down: the three findings of the qualification examination, and the report of the
 * on-site review. Strict JSON, read like an application; the canonical form is what they sign, so that
 * two officials sign the same bytes.
 */
#ifndef ISSUER_REVIEW_H
#define ISSUER_REVIEW_H

#include "core/civil.h"
#include "credential/act_body.h"
#include "issuer/defect.h"

/* A paper kept outside, by its digest. */
struct evidence {
	struct span title, sha256;
};

struct finding {
	enum act_result result;
	struct span note;
	struct evidence *evidence;
	size_t evidence_count;
};

enum examination_topic {
	EXAMINATION_REGISTRATION,
	EXAMINATION_REPUTATION,
	EXAMINATION_BUSINESS_STATUS,
	EXAMINATION_TOPICS
};

struct examination {
	struct json_t *tree; /* owned; every text is borrowed from it */
	struct span uscc;    /* of the unit examined */
	struct finding findings[EXAMINATION_TOPICS];
};

/* As CODES_DUTIES, in its order. */
enum inspection_topic {
	INSPECTION_SYSTEM,
	INSPECTION_EDUCATION,
	INSPECTION_PERSONNEL,
	INSPECTION_TOPICS
};

/* One organisation rule, looked at on site by a named examiner. */
struct rule_verified {
	struct span rule; /* "ORG-02" */
	enum act_result result;
	struct span examiner, note; /* note may be empty if passed */
};

/* An item of the scoring scheme (scoring.h). */
struct item_scored {
	struct span item;       /* "K-07" */
	struct span title;      /* as in the scheme, in either language; may be empty */
	enum act_result result; /* of a basic item: met or not */
	unsigned points;        /* of any other */
	struct span note;       /* may be empty if met, or in full */
};

struct expert {
	struct span name, opinion;
};

struct inspection {
	struct json_t *tree;        /* owned */
	struct span uscc;           /* of the unit visited */
	struct civil_date from, to; /* days of the visit */
	struct span *officials;     /* at least two, by name */
	size_t officials_count;
	struct finding topics[INSPECTION_TOPICS];
	struct rule_verified *rules;
	size_t rules_count;
	struct span scheme;                /* SHA-256 of the scoring scheme, in hex */
	struct item_scored *basic, *items; /* as far as the review came */
	size_t basic_count, items_count;
	struct expert *experts; /* may be none */
	size_t experts_count;
	bool has_test;                    /* knowledge test of the staff */
	unsigned test_taken, test_passed; /* persons */
	struct evidence *evidence;        /* at least one: the inspection record */
	size_t evidence_count;
};

/*
 * Parse. Faults, of shape and of the paper's own rules, are appended to `defects`; officials must not
 * sign a paper with an ERROR among them.
 *
 * REV-01 a failed finding without a note; an examination's passed one, or a report, without evidence
 * REV-02 fewer than two officials, or one named twice
 * REV-03 an examiner who is not of the team        REV-04 a rule named twice
 * REV-05 an expert who is also an official         REV-06 dates or test figures that cannot be
 *
 * REV-07 (rules.h) a rule the grade does not have  REV-08 a paper about another unit than `uscc`
 * REV-09 to 11 (scoring.h) scores
 *
 *   out   new object, freed with examination_free() or inspection_free(); NULL on failure
 *   uscc  of the applicant whose case this is
 *
 * ERR_MALFORMED, ERR_LIMIT as application_parse().
 */
MUST_CHECK bool examination_parse(struct examination **out, struct defects *defects, struct span in,
    struct span uscc, struct err *err);
MUST_CHECK bool inspection_parse(struct inspection **out, struct defects *defects, struct span in,
    struct span uscc, struct err *err);
void examination_free(struct examination *x);
void inspection_free(struct inspection *x);

/* Append the canonical bytes that officials sign. */
MUST_CHECK bool examination_encode(struct buf *out, const struct examination *x, struct err *err);
MUST_CHECK bool inspection_encode(struct buf *out, const struct inspection *x, struct err *err);

/* RESULT_PASS only if every finding passed. */
enum act_result examination_result(const struct examination *x);
/* Did every finding and every rule verified pass? What it scored is for scoring_result(). */
bool inspection_passed(const struct inspection *x);

#endif
