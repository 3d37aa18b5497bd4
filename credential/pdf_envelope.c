#include "credential/pdf_envelope.h"

#include "core/cursor.h"
#include "core/encode.h"
#include "core/limits.h"

/* docs/format/pdf.md section 2. */
#define BEGINNING "%PDF-1.7\n"
#define EOF_MARK "%%EOF"
#define ENDING EOF_MARK "\n"
#define BYTE_RANGE "/ByteRange"
#define BYTE_RANGE_BYTES 40
#define ATTACHMENT_BYTES 39
#define NUMBER_DIGITS 7

/* What the entries say; offsets and lengths in bytes. */
struct entries {
	size_t at;     /* of /ByteRange itself */
	size_t gap;    /* of '<' */
	size_t after;  /* of the byte behind '>' */
	size_t tail;   /* from there to the end */
	size_t offset; /* of the attachment */
	size_t length;
	struct span hex;
};

static void
found(struct pdf_envelope *e, enum pdf_finding finding, const char *what)
{
	e->finding = finding;
	e->what = what;
}

/* 1 to 9,999,999 without sign or leading zero; bad and 0 otherwise. */
static size_t
take_number(struct cursor *c)
{
	size_t v = 0;
	size_t digits = 0;

	c->bad = c->bad || cursor_peek(c) == '0';
	while (cursor_peek(c) >= '0' && cursor_peek(c) <= '9') {
		v = v * 10 + (size_t)(cursor_u8(c) - '0');
		c->bad = ++digits > NUMBER_DIGITS;
	}
	c->bad = c->bad || digits == 0;
	return c->bad ? 0 : v;
}

/* Blanks, at least one, and the bracket that ends a line of fixed length. */
static void
take_padding(struct cursor *c)
{
	cursor_expect(c, span_text(" "));
	while (cursor_peek(c) == ' ')
		cursor_u8(c);
	cursor_expect(c, span_text("]"));
}

/* Both lines, each of its exact length. False if they are not as we write them. */
static bool
take_lines(struct cursor *c, struct entries *e)
{
	struct cursor range = cursor_over(cursor_take(c, BYTE_RANGE_BYTES));
	cursor_expect(&range, span_text(BYTE_RANGE " [ 0 "));
	e->gap = take_number(&range);
	cursor_expect(&range, span_text(" "));
	e->after = take_number(&range);
	cursor_expect(&range, span_text(" "));
	e->tail = take_number(&range);
	take_padding(&range);
	cursor_expect(c, span_text("\n"));

	struct cursor place = cursor_over(cursor_take(c, ATTACHMENT_BYTES));
	cursor_expect(&place, span_text("/QualcertAttachment [ "));
	e->offset = take_number(&place);
	cursor_expect(&place, span_text(" "));
	e->length = take_number(&place);
	take_padding(&place);
	cursor_expect(c, span_text("\n"));
	return cursor_done(&range) && cursor_done(&place) && !c->bad;
}

/* The gap is exactly the hexadecimal string the next entry begins, and the dictionary ends there. */
static bool
take_gap(struct cursor *c, struct entries *e)
{
	cursor_expect(c, span_text("/Contents "));
	if (c->pos != e->gap || e->after < e->gap + 2)
		return false;
	cursor_expect(c, span_text("<"));
	e->hex = cursor_take(c, e->after - e->gap - 2);
	cursor_expect(c, span_text(">\n>>\nendobj"));
	return !c->bad && e->hex.len % 2 == 0 && e->hex.len / 2 <= LIMIT_PDF_CONTENTS_BYTES;
}

/* Is there another one behind this place, up to which there was one? */
static bool
occurs_again(struct cursor behind, const char *what)
{
	return cursor_find(&behind, span_text(what));
}

/* Does the file's last line stand nowhere else? */
static bool
ends_once(struct span file)
{
	struct cursor c = cursor_over(file);

	if (!cursor_find(&c, span_text(EOF_MARK)))
		return false;
	cursor_take(&c, strlen(EOF_MARK));
	return !occurs_again(c, EOF_MARK);
}

static bool
begins_and_ends(struct span file)
{
	struct cursor c = cursor_over(file);

	if (!cursor_expect(&c, span_text(BEGINNING)) || cursor_left(&c) < strlen(ENDING))
		return false;
	cursor_take(&c, cursor_left(&c) - strlen(ENDING));
	return cursor_expect(&c, span_text(ENDING));
}

/* The length of the DER value (X.690 8.1.3, 10.1) that `in` begins with; 0 if it is none of ours. */
static size_t
der_length(struct span in)
{
	struct cursor c = cursor_over(in);

	cursor_expect(&c, span_text("0")); /* 0x30, SEQUENCE */
	size_t first = cursor_u8(&c);
	size_t octets = first < 0x80 ? 0 : first - 0x80;
	if (octets > 2 || first == 0x80)
		return 0;
	size_t content = octets == 0 ? first : (size_t)cursor_be(&c, octets);
	bool shortest = octets == 0 || content >= (octets == 1 ? 0x80 : 0x100);
	cursor_take(&c, content);
	return c.bad || !shortest ? 0 : c.pos;
}

static bool
is_zeros(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != 0)
			return false;
	return true;
}

/* Hex digits -> the DER they hold, without its padding. False if they are not as we write them. */
static bool
read_seal(struct buf *seal, struct span hex)
{
	uint8_t room[LIMIT_PDF_CONTENTS_BYTES];
	size_t n = hex.len / 2;

	if (!hex_decode(room, n, hex, NULL))
		return false;
	size_t len = der_length(span_of(room, n));
	struct cursor c = cursor_over(span_of(room, n));
	struct span der = cursor_take(&c, len);
	buf_add_span(seal, der);
	return len > 0 && is_zeros(cursor_rest(&c));
}

/* Wholly before /ByteRange or wholly behind the gap, and so within what is sealed. */
static bool
is_sealed_place(const struct entries *e, size_t file_bytes)
{
	size_t end = e->offset + e->length;
	return end <= e->at || (e->offset >= e->after && end <= file_bytes);
}

static void
fill(struct pdf_envelope *out, struct span file, const struct entries *e)
{
	struct cursor parts = cursor_over(file);
	struct cursor place = cursor_over(file);

	out->signed_1 = cursor_take(&parts, e->gap);
	cursor_take(&parts, e->after - e->gap);
	out->signed_2 = cursor_rest(&parts);
	cursor_take(&place, e->offset);
	out->attachment = cursor_take(&place, e->length);
	found(out, PDF_SEALED, "the form is ours");
}

/* Where the three entries stand is where the first /ByteRange stands. */
static void
read_entries(struct pdf_envelope *out, struct span file, struct cursor *c)
{
	struct entries e = { .at = c->pos };

	if (!take_lines(c, &e))
		found(
		    out, PDF_MALFORMED, "the signature's entries are not written as we write them");
	else if (e.after + e.tail < file.len) {
		found(out, PDF_ADDED_AFTER, "bytes follow what was sealed");
		out->extra = file.len - (e.after + e.tail);
	} else if (e.after + e.tail > file.len) {
		found(out, PDF_CUT_SHORT, "bytes of what was sealed are missing");
		out->extra = e.after + e.tail - file.len;
	} else if (occurs_again(*c, BYTE_RANGE) || !ends_once(file))
		found(out, PDF_SEVERAL, "more than one signature or revision");
	else if (!begins_and_ends(file))
		found(out, PDF_MALFORMED, "the file's first or last line is not one of ours");
	else if (!take_gap(c, &e))
		found(out, PDF_MALFORMED, "what the seal leaves out is not exactly the seal");
	else if (!is_sealed_place(&e, file.len))
		found(out, PDF_MALFORMED, "the attachment is said to stand outside what is sealed");
	else if (!read_seal(&out->seal, e.hex))
		found(out, PDF_MALFORMED, "the seal is empty or not padded as we pad it");
	else
		fill(out, file, &e);
}

bool
pdf_envelope_read(struct pdf_envelope *out, struct span file, struct err *err)
{
	struct cursor c = cursor_over(file);

	*out = (struct pdf_envelope){ .seal = BUF_EMPTY };
	if (file.len > LIMIT_PDF_BYTES)
		found(out, PDF_TOO_LONG, "longer than any certificate");
	else if (!cursor_expect(&c, span_text("%PDF-")))
		found(out, PDF_NOT_PDF, "does not begin like a PDF");
	else if (!cursor_find(&c, span_text(BYTE_RANGE)))
		found(out, PDF_UNSEALED, "a PDF without a signature");
	else
		read_entries(out, file, &c);
	return buf_ok(&out->seal, err);
}

void
pdf_envelope_free(struct pdf_envelope *e)
{
	buf_free(&e->seal);
}
