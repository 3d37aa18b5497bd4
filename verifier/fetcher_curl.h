/*
 * One server, asked for one file after the other over https, the connection kept. The only file of the verifier's
 * that knows libcurl; it is part of the helper qualverify-fetch alone.
 *
 * No redirect is followed, no cookie kept, no .netrc read, nothing unpacked. A proxy is used where the environment
 * names one for https (https_proxy, no_proxy). The server's certificate must lead to an authority of the system.
 */
#ifndef VERIFIER_FETCHER_CURL_H
#define VERIFIER_FETCHER_CURL_H

#include "verifier/fetch_wire.h"

#define FETCHER_CONNECT_S 20
#define FETCHER_SLOW_BYTES_S                                                                       \
	256                 /* slower than that for so long as it may be silent is silence too */
#define FETCHER_WHOLE_S 600 /* of the longest file */

struct fetcher_place {
	const char *url;     /* fetch_url_check() agreed */
	const char *ca_file; /* PEM; believed in place of the system's authorities. NULL: theirs */
	unsigned silence_s;  /* how long it may give nothing */
};

struct fetcher;

MUST_CHECK bool fetcher_open(
    struct fetcher **out, const struct fetcher_place *place, struct err *err);
void fetcher_close(struct fetcher *f);

/* Ask; body is emptied first. False only when memory runs out. */
MUST_CHECK bool fetcher_get(struct fetch_answer *out, struct buf *body, struct fetcher *f,
    const struct fetch_request *request, struct err *err);

#endif
