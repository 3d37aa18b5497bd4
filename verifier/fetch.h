/*
 * Files of a bureau's site, fetched over https by the helper qualverify-fetch: one process for one site and many
 * files. This program opens no socket, and believes nothing that comes: the signatures decide.
 */
#ifndef VERIFIER_FETCH_H
#define VERIFIER_FETCH_H

#include "verifier/fetch_wire.h"

#define FETCH_HELPER "qualverify-fetch"
#define FETCH_SILENCE_S 30 /* for so long a server may give nothing */
#define FETCH_WAIT_S 660   /* longer than the helper lets the longest file take */

struct fetch_place {
	const char *helper;  /* its path: helper_find() */
	const char *url;     /* fetch_url_check() agreed */
	const char *ca_file; /* PEM of the authorities to believe; NULL: the system's */
	unsigned silence_s;  /* 1 to 300 */
	unsigned wait_s;     /* for an answer, then the helper is killed */
};

struct fetch;

/* Start the helper; the server is asked only with the first file. ERR_NOT_FOUND, ERR_IO, ERR_MEMORY. */
MUST_CHECK bool fetch_open(struct fetch **out, const struct fetch_place *place, struct err *err);
void fetch_close(struct fetch *f);

/*
 * Ask for one file. body is emptied first; with FETCH_FOUND it is the file, of at most request->max bytes, and with
 * an error what the network's library says, English and possibly the server's words: to be escaped where shown.
 *
 * ERR_IO, ERR_LIMIT, ERR_MALFORMED  the helper ended, took too long, or gave what is no answer: ask no more
 * ERR_MEMORY
 */
MUST_CHECK bool fetch_get(struct fetch_answer *out, struct buf *body, struct fetch *f,
    const struct fetch_request *request, struct err *err);

#endif
