#include "verifier/fetch_wire.h"

#include "core/cursor.h"
#include "core/limits.h"

#include <stdlib.h>

static const char *const words[] = {
#define WORD(name, word) [name] = (word),
	FETCH_STATUSES(WORD)
#undef WORD
};

/* ---- what may be asked for, and where ---- */

static bool
is_alphanumeric(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool
fetch_path_fits(struct span path)
{
	uint8_t before = '/';

	for (size_t i = 0; i < path.len; i++) {
		const uint8_t c = path.ptr[i];
		const bool begins = before == '/';
		if (!is_alphanumeric(c) &&
		    (begins || (c != '/' && c != '.' && c != '_' && c != '-')))
			return false;
		before = c;
	}
	return path.len > 0 && path.len < FETCH_PATH_BYTES && before != '/';
}

bool
fetch_etag_fits(struct span etag)
{
	struct cursor c = cursor_over(etag);

	if (cursor_peek(&c) == 'W')
		cursor_expect(&c, span_text("W/"));
	cursor_expect(&c, span_text("\""));
	const struct span opaque = cursor_until(&c, '"');
	for (size_t i = 0; i < opaque.len; i++)
		if (opaque.ptr[i] <= ' ' || opaque.ptr[i] > '~')
			return false;
	return cursor_done(&c) && etag.len < FETCH_ETAG_BYTES;
}

/* A name or an address; a colon only inside brackets. */
static bool
host_fits(struct cursor *c)
{
	const bool bracket = cursor_peek(c) == '[';
	size_t n = 0;

	if (bracket)
		cursor_take(c, 1);
	for (int next; (next = cursor_peek(c)) >= 0; n++) {
		const bool part = is_alphanumeric((uint8_t)next) || next == '.' ||
		    (bracket ? next == ':' : next == '-');
		if (!part)
			break;
		cursor_take(c, 1);
	}
	return n > 0 && (!bracket || cursor_expect(c, span_text("]")));
}

static bool
port_fits(struct cursor *c)
{
	unsigned long port = 0;
	size_t digits = 0;

	if (cursor_peek(c) != ':')
		return true;
	cursor_take(c, 1);
	for (int next; (next = cursor_peek(c)) >= '0' && next <= '9'; digits++) {
		port = port * 10 + (unsigned long)(next - '0');
		cursor_take(c, 1);
		if (port > 65535)
			return false;
	}
	return digits > 0 && port > 0;
}

static bool
prefix_fits(struct cursor *c)
{
	if (cursor_left(c) == 0)
		return true;
	cursor_expect(c, span_text("/"));
	struct span prefix = cursor_rest(c);
	if (prefix.len > 0 && prefix.ptr[prefix.len - 1] == '/')
		prefix.len--; /* https://v.example/copy/ is what people write */
	return !c->bad && (cursor_left(c) == 0 || fetch_path_fits(prefix));
}

bool
fetch_url_check(const char *url, struct err *err)
{
	struct cursor c = cursor_over(span_text(url));

	if (!cursor_expect(&c, span_text("https://")))
		return err_set(err, ERR_MALFORMED, "an address begins with https://");
	if (!host_fits(&c) || !port_fits(&c) || !prefix_fits(&c))
		return err_set(err, ERR_MALFORMED,
		    "an address is https://HOST, https://HOST:PORT or one of these with a folder "
		    "behind it, "
		    "without a user, a question or a fragment");
	return true;
}

/* ---- lines ---- */

static const char *
etag_or_dash(const char *etag)
{
	return etag[0] != '\0' ? etag : "-";
}

void
fetch_request_encode(struct buf *out, const struct fetch_request *r)
{
	buf_printf(out, "%s %zu %s\n", r->path, r->max, etag_or_dash(r->etag));
}

void
fetch_answer_encode(struct buf *out, const struct fetch_answer *a)
{
	buf_printf(out, "%s %zu %s\n", words[a->status], a->len, etag_or_dash(a->etag));
}

/* The last field of a line. */
static bool
parse_etag(char out[FETCH_ETAG_BYTES], const struct cursor *c)
{
	const struct span etag = cursor_rest(c);

	out[0] = '\0';
	if (c->bad || span_is(etag, "-"))
		return !c->bad;
	if (!fetch_etag_fits(etag))
		return false;
	memcpy(out, etag.ptr, etag.len);
	out[etag.len] = '\0';
	return true;
}

/* A length, in one way of writing it: no zero before other digits. */
static bool
parse_length(size_t *out, struct cursor *c)
{
	const size_t from = c->pos;
	const bool zero = cursor_peek(c) == '0';
	const uint64_t n = cursor_number(c, ' ');

	*out = (size_t)n;
	return !c->bad && n <= LIMIT_PART_BYTES && (!zero || c->pos - from == strlen("0 "));
}

bool
fetch_request_parse(struct fetch_request *out, struct span line, struct err *err)
{
	struct cursor c = cursor_over(line);
	const struct span path = cursor_until(&c, ' ');

	*out = (struct fetch_request){ 0 };
	if (!fetch_path_fits(path) || !parse_length(&out->max, &c) || !parse_etag(out->etag, &c))
		return err_set(err, ERR_MALFORMED, "not a request: PATH LENGTH ETAG");
	memcpy(out->path, path.ptr, path.len);
	return true;
}

static bool
parse_word(enum fetch_status *out, struct span word)
{
	for (int i = 0; i < FETCH_STATUS_COUNT; i++) {
		*out = (enum fetch_status)i;
		if (span_is(word, words[i]))
			return true;
	}
	return false;
}

/* What is told, and no more: a file only with "found", a sentence only with an error. */
static bool
agrees(const struct fetch_answer *a)
{
	switch (a->status) {
	case FETCH_FOUND:
		return true;
	case FETCH_UNCHANGED:
	case FETCH_ABSENT:
		return a->len == 0 && a->etag[0] == '\0';
	default:
		return a->len <= FETCH_DETAIL_BYTES && a->etag[0] == '\0';
	}
}

bool
fetch_answer_parse(struct fetch_answer *out, struct span line, struct err *err)
{
	struct cursor c = cursor_over(line);

	*out = (struct fetch_answer){ .status = FETCH_FAILED };
	if (!parse_word(&out->status, cursor_until(&c, ' ')) || !parse_length(&out->len, &c) ||
	    !parse_etag(out->etag, &c) || !agrees(out)) {
		*out = (struct fetch_answer){ .status = FETCH_FAILED };
		return err_set(err, ERR_MALFORMED, "qualverify-fetch gave an answer that is none");
	}
	return true;
}
