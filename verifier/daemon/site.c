#include "verifier/daemon/site.h"

#include "core/encode.h"
#include "credential/qr_text.h"
#include "credential/sha256.h"
#include "verifier/daemon/consult.h"

static const char style[] = {
#include "page.css.inc"
	"@media print {\n"
#include "print.css.inc"
	"}\n"
};
static const char script[] = {
#include "page.js.inc"
};
static const char openapi[] = {
#include "openapi.yaml.inc"
};
static const char verdict_schema[] = {
#include "verdict.schema.json.inc"
};

static void
send_asset(struct response *out, const struct request *q, const char *type, const char *text)
{
	uint8_t hash[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1], etag[40];

	sha256(hash, span_text(text));
	hex_encode(hex, span_of(hash, sizeof hash));
	snprintf(etag, sizeof etag, "\"%.32s\"", hex);
	if (!http_is_held(out, q, etag))
		http_begin(out, 200, type);
	buf_add_text(&out->body, text); /* a 304 has the length of the 200, and no body */
	http_header(out, "Cache-Control", "public, max-age=300");
}

void
site_style(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	send_asset(out, q, "text/css; charset=utf-8", style);
}

void
site_script(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	send_asset(out, q, "text/javascript; charset=utf-8", script);
}

void
site_openapi(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	send_asset(out, q, "application/yaml", openapi);
	http_shared(out);
}

void
site_verdict_schema(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	send_asset(out, q, "application/schema+json", verdict_schema);
	http_shared(out);
}

struct page_frame
site_frame(const struct service *s, const struct view *v, enum lang lang)
{
	struct page_frame f = { .lang = lang, .confirm = feed_lookup(s->feed) != FEED_LOOKUP_NONE };
	const struct bundle *b = trust_bundle(published_trust(v->published));

	if (b == NULL)
		return f;
	f.test = b->test;
	if (b->n_hosts > 0)
		f.host = b->hosts[0];
	if (b->n_issuers > 0) {
		const struct bundle_issuer *i = &b->issuers[0];
		f.bureau = lang == LANG_EN && i->name_en.len > 0 ? i->name_en : i->name_zh;
		f.contact = i->contact;
	}
	return f;
}

void
site_home(struct response *out, const struct service *s, const struct request *q)
{
	struct view v = feed_take(s->feed);
	const struct page_frame f = site_frame(s, &v, http_lang(q));

	http_begin(out, 200, PAGE_TYPE);
	http_header(out, "Cache-Control", "no-cache");
	http_header(out, "Vary", "Accept-Language");
	page_home(&out->body, &f);
	feed_release(&v);
}

/* The address a code carries: the same as its text, but for the host, which is whatever led here. */
static bool
code_text(struct buf *out, const struct service *s, const char *digits, struct err *err)
{
	struct view v = feed_take(s->feed);
	const struct page_frame f = site_frame(s, &v, LANG_ZH);
	const struct span host = f.host.len > 0 ? f.host : span_text("localhost");
	const bool ok = qr_text_prefix(out, host, err);

	buf_add_text(out, digits);
	feed_release(&v);
	return ok && buf_ok(out, err);
}

static void
send_code_answer(struct response *out, const struct service *s, const struct request *q,
    const struct question *question, struct span code, const struct answer *a)
{
	struct view v = feed_take(s->feed);
	struct page_frame f = site_frame(s, &v, http_lang(q));

	f.other_lang = q->path;
	f.by_code = true;
	f.asked = question;
	out->verdict = a->verdict;
	http_begin(out, 200, PAGE_TYPE);
	http_private(out);
	http_header(out, "Vary", "Accept-Language");
	page_answer(&out->body, &f, span_of(NULL, 0), code, a);
	feed_release(&v);
}

void
site_code(struct response *out, const struct service *s, const struct request *q)
{
	const struct question question = { .now_s = q->now_s };
	struct buf text = BUF_EMPTY;
	struct answer a;
	struct err err = { 0 };
	bool ok = code_text(&text, s, q->path + strlen("/q/1/"), &err);

	const struct consult_input in = { .bytes = buf_span(&text) };
	ok = ok && consult_input(&a, s, &question, &in, &err);
	if (ok)
		send_code_answer(out, s, q, &question, in.bytes, &a);
	else
		http_problem(out, q, &problem_failed, "%s", err.text);
	buf_free(&text);
}
