/*
 * Why a request got no answer. Each is one row of a closed list: programs switch on `word`, which never changes its
 * meaning; the reply carries it in the `type` of its problem details (RFC 9457), as the place in our own description
 * of the interface that explains it: "/openapi.yaml#/components/schemas/WORD".
 */
#ifndef VERIFIER_DAEMON_PROBLEM_H
#define VERIFIER_DAEMON_PROBLEM_H

#include "core/buf.h"

#include <jansson.h>

struct problem {
	unsigned status;
	const char *word, *title;
};

/* ---- what was sent cannot be read ---- */
extern const struct problem problem_header; /* 400: two servers could read its header differently */
extern const struct problem
    problem_question; /* 400: an unknown word, one said twice, a value it cannot have */
extern const struct problem problem_empty; /* 400: nothing to verify */
extern const struct problem problem_json;  /* 400: not the JSON object wanted */
extern const struct problem
    problem_form; /* 400: the page's form did not arrive as our page sends it */
extern const struct problem
    problem_number; /* 400: no certificate number: its last character does not fit */
extern const struct problem problem_check_code; /* 400: not eight characters of the alphabet */
extern const struct problem problem_input;      /* 400: one input of a batch */
extern const struct problem problem_picture; /* 422: a picture that is damaged, or takes too long */

/* ---- it was not sent as this address takes it ---- */
extern const struct problem problem_nowhere;  /* 404 */
extern const struct problem problem_method;   /* 405, with Allow */
extern const struct problem problem_length;   /* 411: a body without its Content-Length */
extern const struct problem problem_too_long; /* 413 */
extern const struct problem problem_type;     /* 415, with Accept */
extern const struct problem problem_encoding; /* 415, with Accept-Encoding: a compressed body */

/* ---- not here, or not now: with Retry-After, but for the 501 and the 500 ---- */
extern const struct problem problem_misses; /* 429: too many wrong check codes */
extern const struct problem
    problem_failed; /* 500: this host cannot do it: as a rule out of memory */
extern const struct problem problem_no_look_up;  /* 501: published files alone */
extern const struct problem problem_no_pictures; /* 501: what reads pictures is not installed */
extern const struct problem problem_busy;        /* 503: too much is under way */
extern const struct problem problem_look_up; /* 503: the look-up table cannot be read just now */
extern const struct problem
    problem_behind; /* 503: the register knows worse than the published files */

/* Problem details with this sentence; the caller's object, NULL if memory ran out. */
json_t *problem_json_new(const struct problem *p, const char *detail);
/* The same as text, appended. */
void problem_details(struct buf *out, const struct problem *p, const char *detail);

#endif
