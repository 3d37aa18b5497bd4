#include "verifier/http.h"

#include "verifier/page.h"

#include <assert.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

void
http_free(struct response *r)
{
	buf_free(&r->body);
	if (r->fd > 0)
		close(r->fd);
	*r = (struct response){ 0 };
}

void
http_form_free(struct http_form *f)
{
	for (size_t i = 0; i < HTTP_FIELDS; i++)
		buf_free(&f->fields[i]);
	for (size_t i = 0; i < f->n_files; i++) {
		buf_free(&f->files[i].name);
		buf_free(&f->files[i].bytes);
	}
	f->n_files = 0;
}

void
http_begin(struct response *r, unsigned status, const char *type)
{
	r->status = status;
	r->type = type;
}

void
http_header(struct response *r, const char *name, const char *fmt, ...)
{
	va_list ap;

	assert(r->n_headers < HTTP_HEADERS);
	struct http_header *h = &r->headers[r->n_headers++];
	h->name = name;
	va_start(ap, fmt);
	vsnprintf(h->value, sizeof h->value, fmt, ap);
	va_end(ap);
}

void
http_private(struct response *r)
{
	http_header(r, "Cache-Control", "no-store");
	http_header(r, "X-Robots-Tag", "noindex, nofollow");
}

const char *
http_status_text(unsigned status)
{
	static const struct {
		unsigned status;
		const char *text;
	} texts[] = {
		{ 200, "OK" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 411, "Length Required" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
	};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (texts[i].status == status)
			return texts[i].text;
	}
	return "Error";
}

static void
problem_json(struct buf *out, unsigned status, const char *detail)
{
	json_t *problem = json_pack("{s:s, s:s, s:i, s:s}", "type", "about:blank", "title",
	    http_status_text(status), "status", (int)status, "detail", detail);
	char *text = problem != NULL ? json_dumps(problem, JSON_COMPACT) : NULL;

	buf_add_text(out, text != NULL ? text : "{}");
	free(text);
	json_decref(problem);
}

static void
problem(struct response *r, const struct request *q, unsigned status, const char *for_page,
    const char *detail)
{
	buf_free(&r->body);
	if (http_wants_page(q)) {
		http_begin(r, status, PAGE_TYPE);
		page_problem(&r->body, status, for_page, http_lang(q));
	} else {
		http_begin(r, status, "application/problem+json");
		problem_json(&r->body, status, detail);
	}
	http_header(r, "Cache-Control", "no-store");
}

void
http_problem(struct response *r, const struct request *q, unsigned status, const char *fmt, ...)
{
	char detail[ERR_TEXT_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(detail, sizeof detail, fmt, ap);
	va_end(ap);
	problem(r, q, status, NULL, detail);
}

void
http_form_problem(
    struct response *r, const struct request *q, unsigned status, const char *zh, const char *en)
{
	problem(r, q, status, LANG_PICK(http_lang(q), zh, en), en);
}

bool
http_wants_page(const struct request *q)
{
	return q->accept != NULL && strstr(q->accept, "text/html") != NULL;
}

bool
http_type_is(const char *type, const char *wanted)
{
	if (type == NULL)
		return false;
	const size_t n = strcspn(type, "; \t");
	return n == strlen(wanted) && strncasecmp(type, wanted, n) == 0;
}

/* The weight a language range has in thousandths: 1000 if none is said (RFC 9110 12.4.2). */
static int
weight(const char *range, size_t len)
{
	const char *q = memmem(range, len, "q=", 2);
	if (q == NULL)
		return 1000;
	const double w = strtod(q + 2, NULL);
	return w >= 0 && w <= 1 ? (int)(w * 1000) : 0;
}

static enum lang
accepted_lang(const char *header)
{
	int zh = 0, en = 0;

	for (const char *at = header; *at != '\0';) {
		at += strspn(at, ", \t");
		const size_t len = strcspn(at, ",");
		const int w = weight(at, len);
		if (strncasecmp(at, "zh", 2) == 0 && w > zh)
			zh = w;
		else if (strncasecmp(at, "en", 2) == 0 && w > en)
			en = w;
		at += len;
	}
	return en > zh ? LANG_EN : LANG_ZH;
}

enum lang
http_lang(const struct request *q)
{
	const char *asked = q->query != NULL ? q->query(q, "lang") : NULL;

	if (asked == NULL && q->form != NULL && q->form->fields[HTTP_FIELD_LANG].len > 0)
		asked = buf_text(&q->form->fields[HTTP_FIELD_LANG]);
	if (asked != NULL && strcmp(asked, "en") == 0)
		return LANG_EN;
	if (asked != NULL && strcmp(asked, "zh") == 0)
		return LANG_ZH;
	return q->accept_language != NULL ? accepted_lang(q->accept_language) : LANG_ZH;
}
