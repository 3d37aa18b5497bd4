/* What the members of a backup are called, and the one that says what it is. */
#include "issuer/archive.h"

#include "core/cursor.h"
#include "core/encode.h"
#include "core/rfc3339.h"
#include "credential/number.h"

#include <stdio.h>

/* ---- names ---- */

#define ISSUED "issued/"
#define JSON ".json"
#define NUMBER_CHARACTERS (NUMBER_SHOWN_BYTES - 1)

static bool
begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

/* NAME.json, at least one character before it. */
static bool
is_json(const char *name)
{
	size_t len =
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
	return len > 0 && strcmp(name + len, JSON) == 0;
}

static bool
is_paper(const char *name)
{
	static const char *const fixed[] = { "qualcert.conf", "root.cose", "ca.pem",
		"trust-bundle" };
	static const char *const folders[] = { "templates/", "templates/blank/" };

	for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
		if (strcmp(name, fixed[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		if (begins(name, folders[i]) && is_json(name + strlen(folders[i])))
			return true;
	return is_json(name);
}

/* floor/ and 64 hexadecimal digits */
static bool
is_floor(const char *name)
{
	const char *hex = name + strlen(ARCHIVE_FLOOR_FOLDER);

	return begins(name, ARCHIVE_FLOOR_FOLDER) && strlen(hex) == 2 * SHA256_BYTES &&
	    strspn(hex, "0123456789abcdef") == 2 * SHA256_BYTES;
}

/* issued/JC-A-999900-2026-48213-6.pdf, from the second version on ….v2.pdf */
static bool
is_issued(const char *name)
{
	struct number number;
	struct cursor c = cursor_over(span_text(name));

	cursor_expect(&c, span_text(ISSUED));
	if (!number_parse(&number, cursor_take(&c, NUMBER_CHARACTERS), NULL))
		return false;
	cursor_expect(&c, span_text("."));
	if (cursor_peek(&c) == 'v') {
		cursor_u8(&c);
		if (cursor_peek(&c) == '0' || cursor_number(&c, '.') < 2)
			return false;
	}
	cursor_expect(&c, span_text("pdf"));
	return cursor_done(&c);
}

enum archive_kind
archive_kind_of(const char *name)
{
	if (strcmp(name, ARCHIVE_HEAD_NAME) == 0)
		return ARCHIVE_HEAD;
	if (strcmp(name, ARCHIVE_ACTS_NAME) == 0)
		return ARCHIVE_ACTS;
	if (strcmp(name, ARCHIVE_MANIFEST_NAME) == 0)
		return ARCHIVE_MANIFEST;
	if (is_paper(name))
		return ARCHIVE_PAPER;
	if (is_floor(name))
		return ARCHIVE_FLOOR;
	return is_issued(name) ? ARCHIVE_PDF : ARCHIVE_NONE;
}

/* ---- BACKUP ---- */

void
archive_head_encode(struct buf *out, const struct archive_head *h)
{
	char root[2 * SHA256_BYTES + 1], made[RFC3339_TEXT_BYTES];

	hex_encode(root, span_of(h->root.b, SHA256_BYTES));
	rfc3339_format(made, h->made_s);
	buf_printf(out, "qualcert backup 1\niss %s\norigin %s\nsize %llu\nroot %s\nmade %s\n",
	    h->iss, h->origin, (unsigned long long)h->size, root, made);
}

/* "NAME TEXT" and a line end; what is too long turns the cursor bad. */
static void
take_text(char *out, size_t room, struct cursor *c, const char *name)
{
	cursor_expect(c, span_text(name));
	struct span text = cursor_until(c, '\n');
	if (text.len >= room)
		c->bad = true;
	snprintf(out, room, "%.*s", (int)(c->bad ? 0 : text.len), (const char *)text.ptr);
}

/* Leniently, then written again and compared: so there is one form. */
bool
archive_head_parse(struct archive_head *out, struct span text, struct err *err)
{
	struct cursor c = cursor_over(text);
	struct archive_head h = { 0 };
	struct buf again = BUF_EMPTY;
	char root[2 * SHA256_BYTES + 1], made[RFC3339_TEXT_BYTES];

	cursor_expect(&c, span_text("qualcert backup 1\n"));
	take_text(h.iss, sizeof h.iss, &c, "iss ");
	take_text(h.origin, sizeof h.origin, &c, "origin ");
	cursor_expect(&c, span_text("size "));
	h.size = cursor_number(&c, '\n');
	take_text(root, sizeof root, &c, "root ");
	take_text(made, sizeof made, &c, "made ");
	bool ok = cursor_done(&c) && hex_decode(h.root.b, SHA256_BYTES, span_text(root), NULL) &&
	    rfc3339_parse(&h.made_s, span_text(made), NULL);
	if (ok) {
		archive_head_encode(&again, &h);
		ok = span_equal(buf_span(&again), text);
		buf_free(&again);
	}
	if (!ok)
		return err_set(err, ERR_MALFORMED, "%s is not that of a backup this program knows",
		    ARCHIVE_HEAD_NAME);
	*out = h;
	return true;
}

/* ---- MANIFEST ---- */

void
archive_line(char out[ARCHIVE_LINE_BYTES], const uint8_t hash[SHA256_BYTES], const char *name)
{
	char hex[2 * SHA256_BYTES + 1];

	hex_encode(hex, span_of(hash, SHA256_BYTES));
	snprintf(out, ARCHIVE_LINE_BYTES, "%s  %s\n", hex, name);
}
