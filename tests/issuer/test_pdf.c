#include "issuer/pdf.h"

#include "credential/pdf_envelope.h"
#include "tests/issuer/certificate.h"

#include <stdlib.h>

/* A certificate to change one thing in. */
struct paper {
	struct pdf_maker *maker;
	struct template *layout;
	struct face face;
	char code[LIMIT_QR_TEXT_BYTES];
	uint8_t attachment[900];
	struct pdf_input in;
	struct buf pdf;
	struct pdf_layout at;
	struct err err;
};

static int
set_up(void **state)
{
	struct paper *p = calloc(1, sizeof *p);
	must(pdf_maker_open(&p->maker, &p->err), &p->err);
	p->layout = certificate_template("grade-a");
	certificate_face(&p->face);
	for (size_t i = 0; i < sizeof p->attachment; i++)
		p->attachment[i] = (uint8_t)(i * 37 + i / 251);
	p->in = (struct pdf_input){ .layout = p->layout,
		.face = &p->face,
		.check_code = "7K3M9QXW",
		.qr_text = certificate_code(p->code, 530),
		.attachment = span_of(p->attachment, sizeof p->attachment),
		.now_s = CERTIFICATE_NOW_S };
	*state = p;
	return 0;
}

static int
tear_down(void **state)
{
	struct paper *p = *state;
	buf_free(&p->pdf);
	face_free(&p->face);
	template_free(p->layout);
	pdf_maker_close(p->maker);
	free(p);
	return 0;
}

static void
render(struct paper *p)
{
	buf_free(&p->pdf);
	must(pdf_render(&p->pdf, &p->at, p->maker, &p->in, &p->err), &p->err);
}

static bool
contains(const struct buf *pdf, const char *text)
{
	return memmem(pdf->ptr, pdf->len, text, strlen(text)) != NULL;
}

static void
the_same_input_gives_the_same_bytes(void **state)
{
	struct paper *p = *state;
	struct buf again = BUF_EMPTY;
	struct pdf_maker *other = NULL;
	struct pdf_layout at;
	render(p);
	must(pdf_maker_open(&other, &p->err), &p->err);
	must(pdf_render(&again, &at, other, &p->in, &p->err), &p->err);
	assert_true(span_equal(buf_span(&p->pdf), buf_span(&again)));
	assert_memory_equal(&at, &p->at, sizeof at);
	p->in.now_s++;
	render(p);
	assert_false(span_equal(buf_span(&p->pdf), buf_span(&again)));
	buf_free(&again);
	pdf_maker_close(other);
}

/* docs/format/pdf.md section 2, to the byte. */
static void
the_seal_entries_have_their_one_form(void **state)
{
	struct paper *p = *state;
	char want[200];
	render(p);
	size_t a = p->at.contents_at, b = a + p->at.contents_len;
	assert_int_equal(p->at.contents_len, 2 * PDF_SEAL_BYTES + 2);

	int n = snprintf(want, sizeof want, "/ByteRange [ 0 %zu %zu %zu ", a, b, p->pdf.len - b);
	memset(want + n, ' ', 39 - (size_t)n);
	memcpy(want + 39, "]\n", 2);
	assert_memory_equal(p->pdf.ptr + a - 91, want, 41);

	n = snprintf(want, sizeof want, "/QualcertAttachment [ %zu %zu ", p->at.attachment_at,
	    p->at.attachment_len);
	memset(want + n, ' ', 38 - (size_t)n);
	memcpy(want + 38, "]\n/Contents <", 13);
	assert_memory_equal(p->pdf.ptr + a - 50, want, 51);

	for (size_t i = a + 1; i < b - 1; i++)
		assert_int_equal(p->pdf.ptr[i], '0');
	assert_memory_equal(p->pdf.ptr + b - 1, ">\n>>\nendobj", 11);
	assert_memory_equal(p->pdf.ptr, "%PDF-1.7\n", 9);
	assert_memory_equal(p->pdf.ptr + p->pdf.len - 6, "%%EOF\n", 6);
	assert_int_equal(p->at.attachment_len, sizeof p->attachment);
	assert_memory_equal(p->pdf.ptr + p->at.attachment_at, p->attachment, sizeof p->attachment);
}

static void
threat_05_docmdp_permits_no_change(void **state)
{
	struct paper *p = *state;
	render(p);
	assert_true(contains(&p->pdf,
	    "/TransformMethod /DocMDP\n/TransformParams <<\n"
	    "/Type /TransformParams\n/P 1\n"));
	assert_true(contains(&p->pdf, "/Perms <<\n/DocMDP "));
	assert_true(contains(&p->pdf, "/SubFilter /ETSI.CAdES.detached\n"));
}

/* The strict reader, which shares no code with the maker, finds what was put in. */
static void
the_strict_reader_finds_seal_and_attachment(void **state)
{
	struct paper *p = *state;
	static const uint8_t der[] = { 0x30, 0x03, 0x02, 0x01, 0xAB };
	struct pdf_envelope e = { 0 };
	render(p);
	must(pdf_seal_insert(&p->pdf, &p->at, span_of(der, sizeof der), &p->err), &p->err);
	must(pdf_envelope_read(&e, buf_span(&p->pdf), &p->err), &p->err);
	if (e.finding != PDF_SEALED)
		fail_msg("%s", e.what);
	assert_true(span_equal(e.attachment, p->in.attachment));
	assert_true(span_equal(buf_span(&e.seal), span_of(der, sizeof der)));
	assert_int_equal(e.signed_1.len, p->at.contents_at);
	assert_int_equal(e.signed_1.len + p->at.contents_len + e.signed_2.len, p->pdf.len);
	pdf_envelope_free(&e);
}

static void
a_seal_is_lower_case_and_padded_with_zeros(void **state)
{
	struct paper *p = *state;
	static const uint8_t der[] = { 0x30, 0x82, 0xAB, 0xCD, 0xEF };
	uint8_t *large = calloc(1, PDF_SEAL_BYTES + 1);
	render(p);
	must(pdf_seal_insert(&p->pdf, &p->at, span_of(der, sizeof der), &p->err), &p->err);
	assert_memory_equal(p->pdf.ptr + p->at.contents_at, "<3082abcdef00", 13);
	must(pdf_seal_insert(&p->pdf, &p->at, span_of(large, PDF_SEAL_BYTES), &p->err), &p->err);
	assert_false(pdf_seal_insert(&p->pdf, &p->at, span_of(large, PDF_SEAL_BYTES + 1), &p->err));
	assert_int_equal(p->err.code, ERR_LIMIT);
	free(large);
}

static size_t
count(const struct buf *pdf, const char *text)
{
	const uint8_t *at = pdf->ptr, *end = pdf->ptr + pdf->len;
	size_t n = 0;
	while ((at = memmem(at, (size_t)(end - at), text, strlen(text)))) {
		at += strlen(text);
		n++;
	}
	return n;
}

/* docs/adr/0011: one file, one seal, however many pages it has. */
static void
the_duplicate_is_a_page_of_the_one_sealed_file(void **state)
{
	struct paper *p = *state;
	render(p);
	assert_true(contains(&p->pdf, "/Count 2\n"));
	assert_int_equal(count(&p->pdf, "/Type /Page\n"), 2);
	assert_int_equal(count(&p->pdf, "/Type /Sig\n"), 1);
	assert_int_equal(count(&p->pdf, "/FT /Sig\n"), 1);
	assert_int_equal(count(&p->pdf, "/Type /EmbeddedFile\n"), 1);
	assert_int_equal(count(&p->pdf, "/S /URI\n"), 2); /* a code on each page */
}

static void
threat_25_a_preview_has_no_place_for_a_seal(void **state)
{
	struct paper *p = *state;
	must(pdf_preview(&p->pdf, p->maker, p->layout, &p->face, PDF_MARK_PREVIEW, &p->err),
	    &p->err);
	static const char *const absent[] = { "/ByteRange", "/Contents <", "/AcroForm",
		"/EmbeddedFile", "/URI", "/Perms" };
	for (size_t i = 0; i < COUNT_OF(absent); i++)
		CHECK_ROW(!contains(&p->pdf, absent[i]), absent[i]);
	assert_true(contains(&p->pdf, "/Count 2\n"));
}

static void
what_cannot_be_printed_is_refused_by_name(void **state)
{
	struct paper *p = *state;
	static const struct {
		const char *field, *value;
		enum err_code code;
		const char *says;
	} table[] = {
		{ "holder_zh", "示例\u3530公司", ERR_REFUSED, "U+3530" },
		{ "grade_zh", "甲级甲级甲级甲级甲级甲级甲级", ERR_REFUSED, "text grade" },
		{ "uscc", "91999903MADEM0038L91999903MADEM0038L91999903MADEM0038L", ERR_REFUSED,
		    "text uscc" },
		{ "contact", "", ERR_REFUSED, "contact" },
	};
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct err err = { 0 };
		struct face face = { NULL, 0 };
		struct buf pdf = BUF_EMPTY;
		certificate_face(&face);
		must(face_set(&face, table[i].field, table[i].value, &err), &err);
		p->in.face = &face;
		CHECK_ROW(!pdf_render(&pdf, &p->at, p->maker, &p->in, &err), table[i].field);
		if (err.code != table[i].code || !strstr(err.text, table[i].says))
			fail_msg("%s: %d %s", table[i].field, err.code, err.text);
		buf_free(&pdf);
		face_free(&face);
	}
}

static void
a_code_too_fine_for_its_box_is_refused(void **state)
{
	struct paper *p = *state;
	p->in.qr_text = certificate_code(p->code, LIMIT_QR_DIGITS);
	assert_false(pdf_render(&p->pdf, &p->at, p->maker, &p->in, &p->err));
	assert_int_equal(p->err.code, ERR_REFUSED);
	assert_non_null(strstr(p->err.text, "too fine"));
}

/* An attachment that could be taken for the entries of the seal, or for the end, is not sealed. */
static void
threat_03_an_attachment_cannot_pose_as_the_seal(void **state)
{
	struct paper *p = *state;
	static const char *const texts[] = { "/ByteRange [ 0 9999999 9999999 9999999 ]", "%%EOF\n",
		"" };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct err err = { 0 };
		buf_free(&p->pdf);
		p->in.attachment = span_text(texts[i]);
		CHECK_ROW(!pdf_render(&p->pdf, &p->at, p->maker, &p->in, &err), texts[i]);
		CHECK_ROW(err.code == ERR_REFUSED, texts[i]);
	}
}

static void
a_name_of_eighty_hanzi_is_drawn(void **state)
{
	struct paper *p = *state;
	char name[241] = "";
	for (size_t i = 0; i < 80; i++)
		memcpy(name + 3 * i, "示", 3);
	must(face_set(&p->face, "holder_zh", name, &p->err), &p->err);
	render(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define PAPER_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		PAPER_TEST(the_same_input_gives_the_same_bytes),
		PAPER_TEST(the_seal_entries_have_their_one_form),
		PAPER_TEST(threat_05_docmdp_permits_no_change),
		PAPER_TEST(the_strict_reader_finds_seal_and_attachment),
		PAPER_TEST(a_seal_is_lower_case_and_padded_with_zeros),
		PAPER_TEST(the_duplicate_is_a_page_of_the_one_sealed_file),
		PAPER_TEST(threat_25_a_preview_has_no_place_for_a_seal),
		PAPER_TEST(what_cannot_be_printed_is_refused_by_name),
		PAPER_TEST(a_code_too_fine_for_its_box_is_refused),
		PAPER_TEST(threat_03_an_attachment_cannot_pose_as_the_seal),
		PAPER_TEST(a_name_of_eighty_hanzi_is_drawn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
