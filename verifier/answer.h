/*
 * The answer to one question about one input: everything a screen, a page or a machine shows. Plain
 * values and owned text; nothing in it depends on the input once verify() has returned.
 */
#ifndef VERIFIER_ANSWER_H
#define VERIFIER_ANSWER_H

#include "core/civil.h"
#include "core/limits.h"
#include "credential/scopes.h"
#include "registry/ground.h"
#include "verifier/verdict.h"

/* What was asked. Zero everything, then set what is asked. */
struct question {
	int64_t now_s;     /* the clock, read once by main() or the daemon */
	bool at_given;     /* false: the question is about now */
	bool at_whole_day; /* at_s is 00:00 +08:00 of a date, and the whole day is meant */
	int64_t at_s;
	bool known_given; /* as known at known_s; false: as known now */
	int64_t known_s;
	const char *holder; /* social credit code the holder must have, or NULL */
	unsigned grade;     /* 1 A, 2 B: at least this good; 0: not asked */
	unsigned scope;     /* scope number that must be on it; 0: not asked */
	bool existing;      /* asked for finishing existing work, not for new contracts */
};

/* What the status of a moment allows (domain: effects by status). */
struct effects {
	enum work new_work, existing_work;
};

/* What is to say of a time-stamp. */
enum stamp {
	STAMP_NOT_READ = 0, /* not a PDF, or no seal that holds */
	STAMP_NONE,
	STAMP_COUNTS,
	STAMP_NOT_COUNTED /* its authority's key was reported stolen */
};

/* What was handed in looks like, where it is nothing of ours: for the advice alone. */
enum looks {
	LOOKS_STRANGE = 0, /* or it is one of ours, and its own kind says it */
	LOOKS_ADDRESS,     /* a text, as a code has one */
	LOOKS_ARCHIVE,     /* ZIP, RAR */
	LOOKS_OFFICE       /* Word and its like */
};

/* The code on the page of a file that fails. It does not save the file: a code can be copied onto any page. */
struct shown_code {
	bool looked;        /* false: nobody looked, the rest is zero */
	unsigned page;      /* it was read from; 0: none was */
	enum finding wrong; /* with it; FINDING_NONE: genuine and registered, and whose it is: */
	char holder_zh[LIMIT_HOLDER_BYTES + 1];
	char uscc[19];
	unsigned grade;
};

struct answer {
	enum verdict verdict;
	enum finding reason; /* the first no, or the first required unknown */
	enum input_kind kind;
	bool
	    confirmed; /* kind is a code, but nobody handed one in: it was found by number and check code */
	enum looks looks;
	bool test; /* under a test bundle: TEST stands before the verdict */
	bool
	    recognised; /* the signature or seal names a key of the bureau asked, whether or not it holds */
	struct part_answer parts[PART_COUNT];

	unsigned
	    page; /* of a picture or scan: the first its code was read from; 0: there was none to read */
	struct shown_code shown;

	/* The claims. Facts only if `claims_proven`, else "it claims"; absent if not `claims_read`. */
	bool claims_read, claims_proven;
	char number[40]; /* with hyphens */
	unsigned version;
	char holder_zh[LIMIT_HOLDER_BYTES + 1], holder_en[LIMIT_HOLDER_BYTES + 1];
	char uscc[19];
	char family[3]; /* "JC" */
	unsigned grade;
	struct scopes scopes;
	int64_t iat_s;
	int64_t from_s, printed_end_s; /* [from, end) as printed */
	char check_code[9];

	/* The issuer, from the trust bundle. */
	char iss[17];
	char authority_zh[LIMIT_FIELD_BYTES + 1], authority_en[LIMIT_FIELD_BYTES + 1];
	char contact[LIMIT_FIELD_BYTES + 1];
	char host[LIMIT_FIELD_BYTES + 1]; /* whose files are published at https://HOST/ */

	/* The time-stamp of a PDF's seal. */
	enum stamp stamp;
	int64_t stamp_s;                      /* when, where there is one */
	char stamp_by[LIMIT_FIELD_BYTES + 1]; /* and by whom: what the authority calls itself */

	/* Where and when: the moment or day asked, [asked_from_s, asked_to_s). */
	bool whole_day; /* shown as a day: a whole one, or today for a question about now */
	bool existing;  /* asked for finishing existing work */
	int64_t asked_from_s, asked_to_s, known_s, now_s;
	/* And what it has to be: zero or empty where it was not asked. */
	char asked_holder[19];
	unsigned asked_grade, asked_scope;

	/* Status, as far as data of any age tell. */
	bool status_read;               /* there are status data about this slot */
	enum status status;             /* on the moment asked, as known */
	int64_t status_from_s;          /* since when, 0 if it always was so */
	int64_t status_until_s;         /* a suspension's end at least; HISTORY_OPEN if open */
	unsigned replaced_by;           /* newer version, 0: none */
	int64_t end_s;                  /* effective end, by orders */
	char order[LIMIT_FIELD_BYTES];  /* the order that moved it; may be empty */
	struct effects effects;         /* meaningful if status_read and claims_proven */
	int64_t data_iat_s, data_exp_s; /* the snapshot's; 0: none held */
	uint64_t data_seq;
	bool live;      /* worsened or confirmed by a newer token or by the register's own answer */
	bool unguarded; /* no memory against rolled-back files */
	bool unwitnessed; /* the log has no witnesses */

	/* Evidence: SHA-256 of what was handed in, and the credential's hash (zeros if none). */
	uint8_t input_sha256[32], credential_hash[32];
	bool added_bytes;     /* extra_bytes were added behind the end; else they are missing */
	uint64_t extra_bytes; /* bytes after the sealed end, when that is the change */
};

/* A PDF whose seal does not hold: nothing that it shows is worth a word. */
static inline bool
answer_is_failed_file(const struct answer *a)
{
	return a->kind == INPUT_PDF && !a->claims_read && a->verdict == VERDICT_REJECTED;
}

/* The finding says why, unless the reply is yes. */
static inline void
answer_reply(struct answer *a, enum part p, enum reply r, enum finding f)
{
	a->parts[p].reply = r;
	a->parts[p].finding = r == REPLY_YES ? FINDING_NONE : f;
}

/* None of the bureaus asked knows it: the answer is in nobody's name. */
static inline void
answer_unname(struct answer *a)
{
	a->test = false;
	a->iss[0] = a->authority_zh[0] = a->authority_en[0] = a->contact[0] = a->host[0] = '\0';
}

#endif
