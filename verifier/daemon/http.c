#include "verifier/daemon/http.h"

#include "verifier/daemon/accept.h"
#include "verifier/daemon/kept.h"
#include "verifier/daemon/page.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

void
http_free(struct response *r)
{
	buf_free(&r->body);
	kept_release(r->kept);
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

void
http_shared(struct response *r)
{
	http_header(r, "Access-Control-Allow-Origin", "*");
	http_header(r, "Access-Control-Expose-Headers", "ETag");
}

/* A weak comparison: a tag of ours has no quotes inside, so that it stands in the list as it is or not at all. */
bool
http_is_held(struct response *r, const struct request *q, const char *etag)
{
	const char *held = q->if_none_match;

	http_header(r, "ETag", "%s", etag);
	if (held == NULL || (strcmp(held, "*") != 0 && strstr(held, etag) == NULL))
		return false;
	http_begin(r, 304, NULL);
	return true;
}

static void
problem(struct response *r, const struct request *q, const struct problem *p, const char *field,
    const char *for_page, const char *detail)
{
	buf_free(&r->body);
	r->n_headers = 0;
	if (http_wants_page(q)) {
		http_begin(r, p->status, PAGE_TYPE);
		page_problem(&r->body, p->status, field, for_page, http_lang(q));
	} else {
		http_begin(r, p->status, "application/problem+json");
		problem_details(&r->body, p, detail);
	}
	http_private(r);
	http_header(r, "Vary", "Accept, Accept-Language");
}

void
http_problem(
    struct response *r, const struct request *q, const struct problem *p, const char *fmt, ...)
{
	char detail[ERR_TEXT_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(detail, sizeof detail, fmt, ap);
	va_end(ap);
	problem(r, q, p, NULL, NULL, detail);
}

void
http_form_problem(struct response *r, const struct request *q, const struct problem *p,
    const char *field, const char *zh, const char *en)
{
	problem(r, q, p, field, LANG_PICK(http_lang(q), zh, en), en);
}

bool
http_wants_page(const struct request *q)
{
	const char *accept = q->accept != NULL ? q->accept : "";

	return accept_rather(accept, "text/html", "application/json") &&
	    accept_rather(accept, "text/html", "application/problem+json");
}

bool
http_type_is(const char *type, const char *wanted)
{
	if (type == NULL)
		return false;
	const size_t n = strcspn(type, "; \t");
	return n == strlen(wanted) && strncasecmp(type, wanted, n) == 0;
}

static enum lang
accepted_lang(const char *header)
{
	return accept_language(header, "en") > accept_language(header, "zh") ? LANG_EN : LANG_ZH;
}

static bool
see_lang(void *ctx, const char *name, const char *value)
{
	const char **lang = ctx;

	if (strcmp(name, "lang") == 0)
		*lang = value;
	return true;
}

enum lang
http_lang(const struct request *q)
{
	const char *asked = NULL;

	if (q->each_query != NULL)
		(void)q->each_query(q, see_lang, &asked);

	if (asked == NULL && q->form != NULL && q->form->fields[HTTP_FIELD_LANG].len > 0)
		asked = buf_text(&q->form->fields[HTTP_FIELD_LANG]);
	if (asked != NULL && strcmp(asked, "en") == 0)
		return LANG_EN;
	if (asked != NULL && strcmp(asked, "zh") == 0)
		return LANG_ZH;
	return q->accept_language != NULL ? accepted_lang(q->accept_language) : LANG_ZH;
}
