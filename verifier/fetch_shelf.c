#include "verifier/fetch_shelf.h"

#include "core/cursor.h"
#include "core/encode.h"
#include "core/limits.h"

#include <stdlib.h>

/* ---- tags ---- */

static struct fetch_tag *
find_tag(const struct fetch_shelf *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->tags[i].name, name) == 0)
			return &f->tags[i];
	return NULL;
}

static bool
add_tag(struct fetch_shelf *f, const struct fetch_tag *tag, struct err *err)
{
	struct fetch_tag *held = find_tag(f, tag->name);

	if (held == NULL && f->n == f->room) {
		const size_t room = f->room > 0 ? 2 * f->room : 16;
		struct fetch_tag *tags = reallocarray(f->tags, room, sizeof *tags);
		if (tags == NULL)
			return err_set(err, ERR_MEMORY, "out of memory");
		f->tags = tags;
		f->room = room;
	}
	if (held == NULL)
		held = &f->tags[f->n++];
	*held = *tag;
	return true;
}

void
fetch_tags_encode(struct buf *out, const struct fetch_shelf *f, const char *url)
{
	buf_printf(out, "%s\n", url);
	for (size_t i = 0; i < f->n; i++) {
		char hex[2 * SHA256_BYTES + 1];
		hex_encode(hex, span_of(f->tags[i].hash, SHA256_BYTES));
		buf_printf(out, "%s %s %s\n", f->tags[i].name, hex, f->tags[i].etag);
	}
}

static bool
parse_tag(struct fetch_tag *out, struct span line)
{
	struct cursor c = cursor_over(line);
	const struct span name = cursor_until(&c, ' '), hex = cursor_until(&c, ' '),
			  etag = cursor_rest(&c);

	*out = (struct fetch_tag){ 0 };
	if (c.bad || !fetch_path_fits(name) || name.len >= sizeof out->name ||
	    !fetch_etag_fits(etag) || !hex_decode(out->hash, SHA256_BYTES, hex, NULL))
		return false;
	memcpy(out->name, name.ptr, name.len);
	memcpy(out->etag, etag.ptr, etag.len);
	return true;
}

bool
fetch_tags_parse(struct fetch_shelf *out, struct span text, const char *url, struct err *err)
{
	struct cursor c = cursor_over(text);

	if (!span_is(cursor_until(&c, '\n'), url))
		return err_set(err, ERR_MALFORMED, "not the ETags of %s", url);
	while (!c.bad && cursor_left(&c) > 0) {
		struct fetch_tag tag;
		if (!parse_tag(&tag, cursor_until(&c, '\n')) || c.bad) {
			out->n = 0;
			return err_set(err, ERR_MALFORMED, "not a list of ETags");
		}
		if (!add_tag(out, &tag, err))
			return false;
	}
	return true;
}

/* ---- reading ---- */

/* Is it held, and are these the bytes its tag was told of? */
static bool
read_held(struct buf *out, const struct fetch_shelf *f, const struct fetch_tag *tag, size_t max)
{
	uint8_t hash[SHA256_BYTES];
	bool found = false;

	if (!shelf_read(out, &found, &f->held, tag->name, max, NULL) || !found)
		return false;
	sha256(hash, buf_span(out));
	return memcmp(hash, tag->hash, SHA256_BYTES) == 0;
}

static bool
note_tag(
    struct fetch_shelf *f, const char *name, const char *etag, struct span bytes, struct err *err)
{
	struct fetch_tag tag = { 0 };

	if (etag[0] == '\0' || strlen(name) >= sizeof tag.name)
		return true;
	memcpy(tag.name, name, strlen(name));
	memcpy(tag.etag, etag, strlen(etag));
	sha256(tag.hash, bytes);
	return add_tag(f, &tag, err);
}

static bool
miss(struct fetch_shelf *f, const char *name, enum fetch_status why, struct span detail,
    struct err *err)
{
	memset(f->missed, 0, sizeof f->missed);
	strncpy(f->missed, name, sizeof f->missed - 1);
	f->why = why;
	buf_free(&f->detail);
	buf_add_span(&f->detail, detail);
	return err_set(err, ERR_IO, "%s could not be fetched", name);
}

static bool
take(struct buf *out, bool *found, struct fetch_shelf *f, const struct fetch_request *r,
    struct span held, struct err *err)
{
	struct fetch_answer answer;
	struct buf body = BUF_EMPTY;
	struct err why = { 0 };
	bool ok = true;

	if (!fetch_get(&answer, &body, f->fetch, r, &why)) {
		ok = why.code == ERR_MEMORY
		    ? err_set(err, ERR_MEMORY, "out of memory")
		    : miss(f, r->path, FETCH_FAILED, span_text(why.text), err);
	} else if (answer.status == FETCH_FOUND) {
		*found = true;
		buf_add_span(out, buf_span(&body));
		ok = buf_ok(out, err) && note_tag(f, r->path, answer.etag, buf_span(&body), err);
	} else if (answer.status == FETCH_UNCHANGED) {
		*found = true;
		buf_add_span(out, held);
		ok = buf_ok(out, err);
	} else if (answer.status != FETCH_ABSENT && answer.status != FETCH_LONGER) {
		ok = miss(f, r->path, answer.status, buf_span(&body), err);
	}
	buf_free(&body);
	return ok;
}

static bool
site_read(const struct shelf *self, struct buf *out, bool *found, const char *name, size_t max,
    struct err *err)
{
	struct fetch_shelf *f = self->ctx;
	struct fetch_request r = { .max = max };
	const struct fetch_tag *tag = find_tag(f, name);
	struct buf held = BUF_EMPTY;

	if (!fetch_path_fits(span_text(name)))
		return true; /* no site has it */
	memcpy(r.path, name, strlen(name) + 1);
	if (tag != NULL && read_held(&held, f, tag, max))
		memcpy(r.etag, tag->etag, sizeof r.etag);
	const bool ok = take(out, found, f, &r, buf_span(&held), err);
	buf_free(&held);
	return ok;
}

struct shelf
fetch_shelf(struct fetch_shelf *f)
{
	return (struct shelf){ .read = site_read, .ctx = f };
}

void
fetch_shelf_free(struct fetch_shelf *f)
{
	buf_free(&f->detail);
	free(f->tags);
	*f = (struct fetch_shelf){ 0 };
}
