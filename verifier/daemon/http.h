/*
 * One request and its reply as plain values: what the routes read and write. Nothing here knows the
 * server library, so that every route is tested without a socket.
 */
#ifndef VERIFIER_DAEMON_HTTP_H
#define VERIFIER_DAEMON_HTTP_H

#include "core/buf.h"
#include "core/lang.h"
#include "core/limits.h"
#include "verifier/daemon/client.h"
#include "verifier/daemon/problem.h"
#include "verifier/verdict.h"

#define HTTP_HEADERS 12

/* The text fields of the page's form. */
enum http_field {
	HTTP_FIELD_CODE, /* the text of a code */
	HTTP_FIELD_NUMBER,
	HTTP_FIELD_CHECK_CODE,
	HTTP_FIELD_HOLDER,
	HTTP_FIELD_GRADE,
	HTTP_FIELD_SCOPE,
	HTTP_FIELD_AT,
	HTTP_FIELD_FOR,
	HTTP_FIELD_SCAN, /* "yes": a PDF is the picture of a paper */
	HTTP_FIELD_LANG,
	HTTP_FIELD_WANT, /* "evidence": the file that shows the answer, in place of a page */
	HTTP_FIELDS
};

struct http_file {
	struct buf name; /* what the browser calls it: anything, LIMIT_FORM_FIELD_BYTES at most */
	struct buf bytes;
	bool too_long; /* more than LIMIT_PDF_BYTES: they were let go */
};

/* The page's form. A field that was not sent is empty. */
struct http_form {
	struct buf fields[HTTP_FIELDS];
	size_t n_files;
	struct http_file files[LIMIT_FORM_FILES];
	bool too_many; /* more came: those were let go */
};

void http_form_free(struct http_form *f);

typedef bool http_see_fn(void *ctx, const char *name, const char *value);

/* Everything is borrowed for the time of the call. */
struct request {
	const char *method, *path;
	/* Headers; NULL if absent. `encoding` is Content-Encoding. */
	const char *type, *encoding, *accept, *accept_language, *if_none_match;
	struct span body;
	struct http_form *form; /* where the body was the page's form, else NULL */
	/* All query parameters in turn, decoded, until see() says no; a value is NULL where no '=' stood. True: it never did. */
	bool (*each_query)(const struct request *r, http_see_fn *see, void *see_ctx);
	void *ctx; /* of whoever made the request */
	struct client client;
	int64_t now_s;
	int64_t
	    pictures_until_ms; /* by connection_clock_ms(): how long it may have them read. 0: no end */
};

/* A zeroed one is empty; http_free() when it was sent. */
struct response {
	unsigned status;
	const char *type; /* static */
	struct buf body;
	struct kept *kept; /* not NULL: the body is this file's, and held */
	int fd;            /* > 0: the body is this file, owned, of file_bytes bytes */
	uint64_t file_bytes;
	size_t n_headers;
	struct http_header {
		const char *name; /* static */
		char value[160];
	} headers[HTTP_HEADERS];
	enum verdict verdict; /* for the log and the counters; VERDICT_UNDECIDED: none was given */
	bool close;           /* the connection ends with this reply */
};

void http_free(struct response *r);

/* Status and media type; the body is for the caller to append. */
void http_begin(struct response *r, unsigned status, const char *type);
void http_header(struct response *r, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Not to be stored anywhere, nor found by a search engine: what concerns one certificate. */
void http_private(struct response *r);
/* Scripts of other sites may read this, and its ETag (CORS). */
void http_shared(struct response *r);
/*
 * Name this version by a strong tag, quotes included. True: the caller holds it already (If-None-Match, RFC 9110
 * 13.1.2), and the reply is 304.
 */
bool http_is_held(struct response *r, const struct request *q, const char *etag);

/*
 * Replace the reply by an error: problem details with this English sentence, or a small page if the caller is a
 * browser. Nothing the caller sent stands in it.
 */
void http_problem(struct response *r, const struct request *q, const struct problem *p,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same for the form: sentences for people, in both languages, about the field of that name, or NULL. */
void http_form_problem(struct response *r, const struct request *q, const struct problem *p,
    const char *field, const char *zh, const char *en);

/* Does the caller name HTML and JSON not, or HTML before JSON or with more weight? Browsers do. */
bool http_wants_page(const struct request *q);
/* ?lang=, the form's field, Accept-Language; Chinese if nothing says otherwise. */
enum lang http_lang(const struct request *q);
/* The media type without its parameters, in any case. */
bool http_type_is(const char *type, const char *wanted);

#endif
