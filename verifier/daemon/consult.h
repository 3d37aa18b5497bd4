/* A request's question put to one moment's knowledge: about bytes, or about a number and its check code. */
#ifndef VERIFIER_DAEMON_CONSULT_H
#define VERIFIER_DAEMON_CONSULT_H

#include "verifier/daemon/route.h"

/* Something handed in to be verified: a PDF, a `.cose` file, the text of a code, a picture. */
struct consult_input {
	struct span bytes;
	bool scan; /* a PDF that nobody sealed is taken for the picture of a paper */
	int64_t
	    until_ms; /* by connection_clock_ms(); after it no more pictures are read. 0: no end */
};

/* Does it take a helper, and so longer than a moment? */
bool consult_is_slow(const struct consult_input *in);
/* And has the time for that passed? Then it is not read. */
bool consult_is_late(const struct consult_input *in);

/*
 * The answer by what is known now.
 *
 * Of a picture, or with `scan`: ERR_NOT_FOUND (this machine reads no pictures), ERR_MALFORMED (it is damaged), ERR_REFUSED (it is no ordinary PNG or JPEG),
 * ERR_LIMIT (it took too long, or the pictures of the request did). ERR_MEMORY.
 */
MUST_CHECK bool consult_input(struct answer *out, const struct service *s,
    const struct question *question, const struct consult_input *in, struct err *err);

struct consult_named {
	struct consult_input in;
	const char *name; /* what the evidence calls it */
};

/*
 * The same of n inputs as one evidence file (verifier/evidence.h), which rests on the published files alone.
 *
 *   out      the file, appended
 *   answers  as consult_input() gives them, room for n
 *
 * ERR_BUSY: the register knows what is not published yet: come back in a moment. Else as consult_input().
 */
MUST_CHECK bool consult_evidence(struct buf *out, struct answer *answers, const struct service *s,
    const struct question *question, const struct consult_named *inputs, size_t n, struct err *err);

struct confirmation {
	struct answer answer;
	struct buf code; /* the text of the certificate's code; empty if there is none such */
	int64_t wait_s;
};

enum consult_confirmed {
	CONSULT_FAILED = 0, /* err says why */
	CONSULT_ANSWERED,   /* as its code would be; a miss is an answer too: CONFIRM-UNKNOWN */
	CONSULT_NUMBER,     /* no certificate number; nothing was looked up */
	CONSULT_CHECK_CODE, /* no check code; nothing was looked up */
	CONSULT_LATER,      /* too many misses: come back after wait_s seconds */
	CONSULT_NOWHERE,    /* published files alone: nobody here can tell */
	CONSULT_NOT_NOW     /* the look-up table cannot be read */
};

/*
 * Number and check code as a person types them: blanks, hyphens, case and full width are forgiven, I and O for 1 and 0
 * at the end of a number, and O, I, L in a check code read as 0, 1, 1. An unknown number and a wrong check code give the same answer by the same
 * steps; each miss costs the client.
 *
 *   out  zeroed; buf_free(&out->code) in any case
 */
MUST_CHECK enum consult_confirmed consult_number(struct confirmation *out, const struct service *s,
    const struct request *q, const struct question *question, struct span number,
    struct span check_code, struct err *err);

#endif
