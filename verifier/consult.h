/* A request's question put to one moment's knowledge: about bytes, or about a number and its check code. */
#ifndef VERIFIER_CONSULT_H
#define VERIFIER_CONSULT_H

#include "verifier/route.h"

/* verify() by what is known now. ERR_MEMORY. */
MUST_CHECK bool consult_input(struct answer *out, const struct service *s,
    const struct question *question, struct span input, struct err *err);

enum consult_confirmed {
	CONSULT_FAILED = 0, /* err says why */
	CONSULT_ANSWERED,   /* as its code would be; a miss is an answer too: CONFIRM-UNKNOWN */
	CONSULT_NUMBER,     /* no certificate number; nothing was looked up */
	CONSULT_CHECK_CODE, /* no check code; nothing was looked up */
	CONSULT_LATER,      /* too many misses: come back after *wait_s seconds */
	CONSULT_NOWHERE,    /* published files alone: nobody here can tell */
	CONSULT_NOT_NOW     /* the look-up table cannot be read */
};

/*
 * Number and check code as a person types them: blanks, hyphens and case are forgiven, and O, I, L in a
 * check code read as 0, 1, 1. An unknown number and a wrong check code give the same answer by the same
 * steps; each miss costs the client.
 */
MUST_CHECK enum consult_confirmed consult_number(struct answer *out, int64_t *wait_s,
    const struct service *s, const struct request *q, const struct question *question,
    struct span number, struct span check_code, struct err *err);

#endif
