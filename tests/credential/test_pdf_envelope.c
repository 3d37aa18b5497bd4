#include "core/limits.h"
#include "credential/pdf_envelope.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

#define ATTACHED "attached bytes"
#define SEAL "3003020105" /* DER, padded with zeros below */
#define HEX_DIGITS 64

/* The parts of a file of our form; a test changes one of them before they are put together. */
struct parts {
	const char *first_line, *before, *range_name, *place_name, *contents_name, *open, *hex,
	    *close;
	const char *behind, *last_line;
	int gap_off, after_off, tail_off, place_off,
	    length_off;     /* to be added to the right values */
	size_t range_bytes; /* of the /ByteRange line */
};

static struct parts
right(void)
{
	return (struct parts){
		.first_line = "%PDF-1.7\n",
		.before = "1 0 obj\n" ATTACHED "\nendobj\n2 0 obj\n<<\n/Type /Sig\n",
		.range_name = "/ByteRange [ 0 ",
		.place_name = "/QualcertAttachment [ ",
		.contents_name = "/Contents ",
		.open = "<",
		.hex = SEAL "000000000000000000000000000000000000000000000000000000",
		.close = ">",
		.behind = "\n>>\nendobj\nxref\ntrailer\nstartxref\n0\n",
		.last_line = "%%EOF\n",
		.range_bytes = 40,
	};
}

static void
put_line(struct buf *out, const char *text, size_t bytes)
{
	size_t start = out->len;
	buf_add_text(out, text);
	while (out->len < start + bytes - 1)
		buf_add_byte(out, ' ');
	buf_add_text(out, "]\n");
}

static void
assemble(struct buf *out, const struct parts *p)
{
	size_t before = strlen(p->first_line) + strlen(p->before);
	size_t gap = before + p->range_bytes + 1 + 39 + 1 + strlen(p->contents_name);
	size_t after = gap + strlen(p->open) + strlen(p->hex) + strlen(p->close);
	size_t tail = strlen(p->behind) + strlen(p->last_line);
	size_t place = strlen(p->first_line) + strlen("1 0 obj\n");
	char line[80];

	buf_free(out);
	buf_add_text(out, p->first_line);
	buf_add_text(out, p->before);
	snprintf(line, sizeof line, "%s%zu %zu %zu ", p->range_name, gap + (size_t)p->gap_off,
	    after + (size_t)p->after_off, tail + (size_t)p->tail_off);
	put_line(out, line, p->range_bytes);
	snprintf(line, sizeof line, "%s%zu %zu ", p->place_name, place + (size_t)p->place_off,
	    strlen(ATTACHED) + (size_t)p->length_off);
	put_line(out, line, 39);
	buf_add_text(out, p->contents_name);
	buf_add_text(out, p->open);
	buf_add_text(out, p->hex);
	buf_add_text(out, p->close);
	buf_add_text(out, p->behind);
	buf_add_text(out, p->last_line);
}

static enum pdf_finding
finding_of(struct span file)
{
	struct pdf_envelope e;
	assert_true(pdf_envelope_read(&e, file, NULL));
	enum pdf_finding finding = e.finding;
	assert_non_null(e.what);
	assert_true(finding == PDF_SEALED || e.attachment.len + e.signed_1.len == 0);
	pdf_envelope_free(&e);
	return finding;
}

static enum pdf_finding
finding_with(const struct parts *p)
{
	struct buf file = BUF_EMPTY;
	assemble(&file, p);
	enum pdf_finding finding = finding_of(buf_span(&file));
	buf_free(&file);
	return finding;
}

static void
our_form_is_taken_apart(void **state)
{
	struct parts p = right();
	struct buf file = BUF_EMPTY;
	struct pdf_envelope e;
	(void)state;

	assemble(&file, &p);
	assert_true(pdf_envelope_read(&e, buf_span(&file), NULL));
	assert_int_equal(e.finding, PDF_SEALED);
	assert_true(span_is(e.attachment, ATTACHED));
	assert_true(span_equal(buf_span(&e.seal), span_of("\x30\x03\x02\x01\x05", 5)));
	assert_ptr_equal(e.signed_1.ptr, file.ptr);
	assert_int_equal(e.signed_1.ptr[e.signed_1.len], '<');
	assert_int_equal(e.signed_2.ptr[-1], '>');
	assert_int_equal(e.signed_1.len + HEX_DIGITS + 2 + e.signed_2.len, file.len);
	pdf_envelope_free(&e);
	buf_free(&file);
}

/* threat_01: missing, null, zero or empty entries are never a seal. */
static void
threat_01_nothing_to_verify_is_never_valid(void **state)
{
	static const struct {
		const char *attack, *range_name, *open, *hex, *close;
	} rows[] = {
		{ "ByteRange null", "/ByteRange null ", "<", NULL, ">" },
		{ "ByteRange empty", "/ByteRange [ ] ", "<", NULL, ">" },
		{ "ByteRange not from 0", "/ByteRange [ 1 ", "<", NULL, ">" },
		{ "ByteRange without blanks", "/ByteRange[0 ", "<", NULL, ">" },
		{ "a sign in ByteRange", "/ByteRange [ 0 +", "<", NULL, ">" },
		{ "a leading zero in ByteRange", "/ByteRange [ 0 0", "<", NULL, ">" },
		{ "five numbers", "/ByteRange [ 0 1 ", "<", NULL, ">" },
		{ "Contents null", NULL, "", "null", "" },
		{ "Contents empty", NULL, "<", "", ">" },
		{ "Contents all zeros", NULL, "<", "0000000000000000", ">" },
		{ "Contents a literal string", NULL, "(", NULL, ")" },
		{ "Contents an indirect object", NULL, "", "7 0 R", "" },
		{ "hex of odd length", NULL, "<", "300302010500000", ">" },
		{ "upper-case hex", NULL, "<", "300302010A000000", ">" },
		{ "a blank in the hex", NULL, "<", "3003020105 00000", ">" },
		{ "a comment in the hex", NULL, "<", "3003020105%00000", ">" },
		{ "bytes behind the DER", NULL, "<", "3003020105000001", ">" },
		{ "no SEQUENCE", NULL, "<", "3103020105000000", ">" },
		{ "DER of indefinite length", NULL, "<", "3080020105000000", ">" },
		{ "a length in a longer form", NULL, "<", "308103020105000000", ">" },
		{ "DER longer than its room", NULL, "<", "3082010002010500", ">" },
		{ "a length of three bytes", NULL, "<", "30830000030201050000", ">" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct parts p = right();
		p.range_name = rows[i].range_name != NULL ? rows[i].range_name : p.range_name;
		p.open = rows[i].open;
		p.hex = rows[i].hex != NULL ? rows[i].hex : p.hex;
		p.close = rows[i].close;
		CHECK_ROW(finding_with(&p) == PDF_MALFORMED, rows[i].attack);
	}
}

/* threat_02: whatever is added after the seal is counted. */
static void
threat_02_added_bytes_are_counted(void **state)
{
	static const char *const added[] = { "\n", "x", "%%EOF\n",
		"3 0 obj\n<<>>\nendobj\nxref\n%%EOF\n",
		"3 0 obj\n<</ByteRange [ 0 1 2 3 ]>>\nendobj\n%%EOF\n" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(added); i++) {
		struct parts p = right();
		struct buf file = BUF_EMPTY;
		struct pdf_envelope e;
		assemble(&file, &p);
		buf_add_text(&file, added[i]);
		assert_true(pdf_envelope_read(&e, buf_span(&file), NULL));
		CHECK_ROW(e.finding == PDF_ADDED_AFTER, added[i]);
		CHECK_ROW(e.extra == strlen(added[i]), added[i]);
		pdf_envelope_free(&e);
		buf_free(&file);
	}
}

static void
missing_bytes_are_counted(void **state)
{
	struct parts p = right();
	struct buf file = BUF_EMPTY;
	struct pdf_envelope e;
	(void)state;

	assemble(&file, &p);
	assert_true(pdf_envelope_read(&e, span_of(file.ptr, file.len - 9), NULL));
	assert_int_equal(e.finding, PDF_CUT_SHORT);
	assert_int_equal(e.extra, 9);
	pdf_envelope_free(&e);
	for (size_t len = 0; len < file.len; len++)
		assert_int_not_equal(finding_of(span_of(file.ptr, len)), PDF_SEALED);
	buf_free(&file);
}

/* threat_03: the gap is the hex string behind this /ByteRange, and nothing else. */
static void
threat_03_the_gap_holds_nothing_but_the_seal(void **state)
{
	(void)state;
	for (int way = 0; way < 12; way++) {
		struct parts p = right();
		char name[16];
		snprintf(name, sizeof name, "way %d", way);
		switch (way) {
		case 0:
			p.gap_off = -1;
			break;
		case 1:
			p.gap_off = 1;
			break;
		case 2:
			p.after_off = 1, p.tail_off = -1;
			break;
		case 3:
			p.after_off = -1, p.tail_off = 1;
			break;
		case 4:
			p.contents_name = "/Contents  ";
			break;
		case 5:
			p.contents_name = "/contents ";
			break;
		case 6:
			p.close = "> ";
			break;
		case 7:
			p.close = "><00>";
			break;
		case 8:
			p.open = "<<";
			break;
		case 9:
			p.behind = " /X 1\n>>\nendobj\n";
			break;
		case 10:
			p.range_bytes = 41;
			break;
		default:
			p.place_name = "/QualcertAttachments [";
			break;
		}
		CHECK_ROW(finding_with(&p) == PDF_MALFORMED, name);
	}
}

static void
a_second_signature_or_revision_is_refused(void **state)
{
	struct parts p = right();
	(void)state;
	p.behind = "\n>>\nendobj\n/ByteRange [ 0 1 2 3 ]\n";
	assert_int_equal(finding_with(&p), PDF_SEVERAL);
	p = right();
	p.behind = "\n>>\nendobj\n%%EOF\nmore\n";
	assert_int_equal(finding_with(&p), PDF_SEVERAL);
	p = right();
	p.before = "1 0 obj\n" ATTACHED "\nendobj\n/ByteRange [ 0 9 9 9 ]\n";
	assert_int_equal(
	    finding_with(&p), PDF_MALFORMED); /* the first one counts, and it is not ours */
}

static void
first_and_last_line_are_ours(void **state)
{
	struct parts p = right();
	(void)state;
	p.first_line = "%PDF-1.6\n";
	assert_int_equal(finding_with(&p), PDF_MALFORMED);
	p.first_line = "%PDF-1.7\r\n";
	p.place_off = 0;
	assert_int_equal(finding_with(&p), PDF_MALFORMED);
	p = right();
	p.last_line = "%%EOF";
	assert_int_equal(finding_with(&p), PDF_MALFORMED);
	p.last_line = "%%EOF\r\n";
	assert_int_equal(finding_with(&p), PDF_MALFORMED);
	p = right();
	p.first_line = " %PDF-1.7\n";
	assert_int_equal(finding_with(&p), PDF_NOT_PDF);
}

static void
the_attachment_lies_within_what_is_sealed(void **state)
{
	static const struct {
		const char *place;
		int place_off, length_off;
		enum pdf_finding finding;
	} rows[] = {
		{ "up to /ByteRange", 0, 30, PDF_SEALED },
		{ "one byte into /ByteRange", 0, 31, PDF_MALFORMED },
		{ "over everything", 0, 200, PDF_MALFORMED },
		{ "the gap's first byte", 135, -13, PDF_MALFORMED },
		{ "the gap's last byte", 200, -13, PDF_MALFORMED },
		{ "the first byte behind the gap", 201, -13, PDF_SEALED },
		{ "beyond the end", 9000, 0, PDF_MALFORMED },
		{ "no byte", 0, -14, PDF_MALFORMED },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct parts p = right();
		p.place_off = rows[i].place_off;
		p.length_off = rows[i].length_off;
		CHECK_ROW(finding_with(&p) == rows[i].finding, rows[i].place);
	}
}

static void
what_is_no_sealed_pdf_is_named(void **state)
{
	struct buf file = BUF_EMPTY;
	(void)state;
	assert_int_equal(finding_of((struct span){ NULL, 0 }), PDF_NOT_PDF);
	assert_int_equal(finding_of(span_text("\x89PNG")), PDF_NOT_PDF);
	assert_int_equal(finding_of(span_text("%PDF-")), PDF_UNSEALED);
	assert_int_equal(finding_of(span_text("%PDF-1.4\na scan\n%%EOF\n")), PDF_UNSEALED);
	assert_int_equal(finding_of(span_text("%PDF-1.7\n/ByteRange")), PDF_MALFORMED);
	buf_add_text(&file, "%PDF-1.7\n");
	while (file.len <= LIMIT_PDF_BYTES)
		buf_add_text(
		    &file, "0123456789012345678901234567890123456789012345678901234567890123");
	assert_int_equal(finding_of(buf_span(&file)), PDF_TOO_LONG);
	buf_free(&file);
}

/* threat_42: eight megabytes of almost-matches are read in one pass. */
static void
a_file_of_almost_matches_takes_no_longer(void **state)
{
	struct buf file = BUF_EMPTY;
	(void)state;
	buf_add_text(&file, "%PDF-1.7\n");
	while (file.len < LIMIT_PDF_BYTES - 16)
		buf_add_text(&file, "/ByteRang");
	assert_int_equal(finding_of(buf_span(&file)), PDF_UNSEALED);
	buf_free(&file);
}

/* Each bit outside the hex string is sealed; each bit inside it is read or refused. */
static void
a_flipped_bit_never_moves_what_is_read(void **state)
{
	struct parts p = right();
	struct buf file = BUF_EMPTY;
	size_t sealed = 0;
	(void)state;

	assemble(&file, &p);
	for (size_t bit = 0; bit < file.len * 8; bit++) {
		struct pdf_envelope e;
		file.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_true(pdf_envelope_read(&e, buf_span(&file), NULL));
		if (e.finding == PDF_SEALED) {
			sealed++;
			assert_int_equal(
			    e.signed_1.len + HEX_DIGITS + 2 + e.signed_2.len, file.len);
			bool inside =
			    bit / 8 > e.signed_1.len && bit / 8 < e.signed_1.len + 1 + HEX_DIGITS;
			bool changed =
			    !span_equal(buf_span(&e.seal), span_of("\x30\x03\x02\x01\x05", 5));
			assert_int_equal(inside, changed);
		}
		pdf_envelope_free(&e);
		file.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_true(sealed > 0);
	buf_free(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_form_is_taken_apart),
		cmocka_unit_test(threat_01_nothing_to_verify_is_never_valid),
		cmocka_unit_test(threat_02_added_bytes_are_counted),
		cmocka_unit_test(missing_bytes_are_counted),
		cmocka_unit_test(threat_03_the_gap_holds_nothing_but_the_seal),
		cmocka_unit_test(a_second_signature_or_revision_is_refused),
		cmocka_unit_test(first_and_last_line_are_ours),
		cmocka_unit_test(the_attachment_lies_within_what_is_sealed),
		cmocka_unit_test(what_is_no_sealed_pdf_is_named),
		cmocka_unit_test(a_file_of_almost_matches_takes_no_longer),
		cmocka_unit_test(a_flipped_bit_never_moves_what_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
