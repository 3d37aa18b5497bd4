/*
 * The client of a time-stamping authority (RFC 3161 3.4): a question and its answer over HTTP or HTTPS. Is
 * the answer one to this question? What the token is worth is timestamp_check()'s to say.
 *
 * Threads may share one: each question has a connection to itself, which is kept open for the next. A proxy
 * is taken from the environment, as curl does.
 */
#ifndef ISSUER_TSA_H
#define ISSUER_TSA_H

#include "core/buf.h"
#include "credential/sha256.h"

#define TSA_CONNECT_MS 5000
#define TSA_ANSWER_MS 15000
#define TSA_BREATH_MS 300 /* before it is asked again */
#define TSA_SLOW_MS 2000  /* one that took so long and gave no answer */
#define TSA_REST_MS 30000 /* is left alone for so long */

struct tsa;

struct tsa_place {
	const char *url; /* http:// or https:// */
	/* How long to wait for a connection, and for the whole answer, each of the two times it is asked. */
	long connect_ms, answer_ms;
};

/* Is this an address that tsa_open() takes? */
bool tsa_is_url(const char *url);

/* new object; tsa_close(). NULL on failure. ERR_MALFORMED: the address; ERR_MEMORY */
MUST_CHECK bool tsa_open(struct tsa **out, const struct tsa_place *place, struct err *err);
void tsa_close(struct tsa *t);

/*
 * Append the token of a time-stamp over this imprint. Asked again once where nothing that is an answer came. An
 * authority that kept us waiting TSA_SLOW_MS for nothing is not asked for TSA_REST_MS, and the same is said at
 * once, so that many certificates do not each wait.
 *
 * ERR_IO         no connection, no answer in time, one that is too long, a status of HTTP that is not 200 (a
 *                redirect is not followed), or one of another content type
 * ERR_MALFORMED  an answer that is none of RFC 3161, or not to this question
 * ERR_REFUSED    the authority gives no time-stamp; the sentence says why
 */
MUST_CHECK bool tsa_ask(
    struct buf *token, struct tsa *t, const uint8_t imprint[SHA256_BYTES], struct err *err);

#endif
