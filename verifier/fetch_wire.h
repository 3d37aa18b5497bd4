/*
 * What qualverify and qualverify-fetch say to each other: a request is a line, an answer a line and the bytes it
 * announces. Pure; both sides read it strictly, since neither trusts what the other met.
 *
 *   request  PATH SP MAX SP ETAG LF         ETAG is "-" where no file is held
 *   answer   WORD SP LENGTH SP ETAG LF      then LENGTH bytes: the file, or for an error what the library says
 */
#ifndef VERIFIER_FETCH_WIRE_H
#define VERIFIER_FETCH_WIRE_H

#include "core/buf.h"

#define FETCH_LINE_BYTES 512   /* of a request or an answer, with its newline */
#define FETCH_PATH_BYTES 160   /* v1/parts/ and 64 digits have 73 */
#define FETCH_ETAG_BYTES 129   /* the longest that is kept, with its NUL; a longer one is as none */
#define FETCH_DETAIL_BYTES 512 /* of what is said with an error */

/* The words of an answer. What is none of the first three has a detail for its bytes. */
#define FETCH_STATUSES(X)                                                                          \
	X(FETCH_FOUND, "found")                                                                    \
	X(FETCH_UNCHANGED, "unchanged")     /* the file with the ETag of the request */            \
	X(FETCH_ABSENT, "absent")           /* the server says it has none */                      \
	X(FETCH_LONGER, "longer")           /* than MAX */                                         \
	X(FETCH_ELSEWHERE, "elsewhere")     /* a redirect, which is not followed */                \
	X(FETCH_REFUSED, "refused")         /* the server gives another status */                  \
	X(FETCH_CERTIFICATE, "certificate") /* the server's is not believed */                     \
	X(FETCH_UNREACHABLE, "unreachable") /* no such name, or nobody answers */                  \
	X(FETCH_SLOW, "slow")               /* it gives nothing for too long */                    \
	X(FETCH_FAILED, "failed")           /* anything else */

#define FETCH_ENUM(name, word) name,
enum fetch_status { FETCH_STATUSES(FETCH_ENUM) FETCH_STATUS_COUNT };
#undef FETCH_ENUM

struct fetch_request {
	char path[FETCH_PATH_BYTES];
	size_t max;                  /* bytes */
	char etag[FETCH_ETAG_BYTES]; /* empty: none is held */
};

struct fetch_answer {
	enum fetch_status status;
	size_t len; /* of the bytes that follow */
	char etag[FETCH_ETAG_BYTES];
};

/*
 * May this be asked for? Letters, digits, ".", "_" and "-" between single slashes; no part that begins with a
 * dot, nothing empty.
 */
bool fetch_path_fits(struct span path);
/* As HTTP writes one (RFC 9110 8.8.3): "..." or W/"...", of what can be seen and is ASCII. */
bool fetch_etag_fits(struct span etag);
/*
 * https://HOST[:PORT][/PREFIX], and nothing else: no user, no question, no fragment. ERR_MALFORMED with what is
 * wrong.
 */
MUST_CHECK bool fetch_url_check(const char *url, struct err *err);

void fetch_request_encode(struct buf *out, const struct fetch_request *r);
void fetch_answer_encode(struct buf *out, const struct fetch_answer *a);

/* A line without its newline. ERR_MALFORMED. */
MUST_CHECK bool fetch_request_parse(struct fetch_request *out, struct span line, struct err *err);
MUST_CHECK bool fetch_answer_parse(struct fetch_answer *out, struct span line, struct err *err);

#endif
