/* What is handed in is read once and asked as often as wanted: files, pictures, and what is neither. */
#include "core/file.h"
#include "core/program.h"
#include "tests/test.h"
#include "tests/verifier/desk.h"
#include "verifier/handed.h"

#include <qrencode.h>
#include <stdio.h>

struct shop {
	struct desk desk;
	struct believed *believed;
};

static void
open_shop(struct shop *s)
{
	struct err err = { 0 };

	desk_open(&s->desk);
	desk_publish(&s->desk);
	const struct believed_paths paths = { s->desk.root, s->desk.folder.path, NULL, false };
	if (!believed_new(&s->believed, &err) ||
	    !believed_add(s->believed, &paths, DESK_NOW_S, &err))
		fail_msg("%s", err.text);
}

static void
close_shop(struct shop *s)
{
	believed_free(s->believed);
	desk_close(&s->desk);
}

static struct answer
ask(const struct shop *s, struct handed *h)
{
	struct answer a;
	struct err err = { 0 };

	if (!handed_ask(&a, h, s->believed, &s->desk.question, &err))
		fail_msg("%s", err.text);
	return a;
}

static void
a_file_is_asked_as_often_as_wanted(void **state)
{
	struct handed h = { 0 };
	struct shop s;
	(void)state;

	open_shop(&s);
	assert_true(handed_take(&h, buf_span(&s.desk.file), false, true, NULL));
	assert_false(h.is_picture);
	for (int i = 0; i < 2; i++) {
		const struct answer a = ask(&s, &h);
		desk_expect(&a, VERDICT_VALID, FINDING_NONE, "a file");
	}
	assert_int_equal(h.unshown.code, ERR_NONE);
	handed_free(&h);
	close_shop(&s);
}

static void
what_is_too_long_is_no_certificate_and_a_picture_of_it_no_reason_to_reject(void **state)
{
	static const uint8_t png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	struct handed h = { 0 }, scanned = { 0 }, picture = { 0 };
	struct err err = { 0 };
	struct shop s;
	(void)state;

	open_shop(&s);
	assert_true(handed_take(&h, span_text("%PDF-1.7 /ByteRange"), true, true, &err));
	const struct answer a = ask(&s, &h);
	desk_expect(&a, VERDICT_REJECTED, FINDING_FORMAT_NOT_OURS, "too long");
	assert_false(handed_take(&picture, span_of(png, sizeof png), true, false, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_false(handed_take(&scanned, span_text("%PDF-1.7 a scan"), true, true, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	handed_free(&h);
	handed_free(&scanned);
	handed_free(&picture);
	close_shop(&s);
}

static void
pictures_of_other_formats_are_neither_certificates_nor_none(void **state)
{
	static const struct {
		const char *name, *bytes;
	} rows[] = {
		{ "WebP", "RIFF\x10\x20\x30\x40WEBPVP8 " },
		{ "HEIC",
		    "\0\0\0\x18"
		    "ftypheic\0\0\0\0" },
		{ "AVIF",
		    "\0\0\0\x18"
		    "ftypavif\0\0\0\0" },
		{ "GIF", "GIF89a\x10\0\x10\0\0\0\0\0\0\0" },
		{ "BMP", "BM\x10\x20\0\0\0\0\0\0\x36\0\0\0\0\0" },
		{ "TIFF", "II*\0\x08\0\0\0\0\0\0\0\0\0\0\0" },
		{ "TIFF, the other way", "MM\0*\0\0\0\x08\0\0\0\0\0\0\0\0" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct handed h = { 0 };
		struct err err = { 0 };
		CHECK_ROW(
		    !handed_take(&h, span_of(rows[i].bytes, 16), false, true, &err), rows[i].name);
		CHECK_ROW(err.code == ERR_REFUSED, rows[i].name);
		CHECK_ROW(!verify_is_other_picture(span_of(rows[i].bytes, 3)), rows[i].name);
		handed_free(&h);
	}
	assert_false(verify_is_other_picture(span_text("BMW is a text, not a bitmap")));
	assert_false(verify_is_other_picture(span_text("%PDF-1.7 of a certificate")));
}

/* Editors put a byte order mark, blanks and ends of lines around what is pasted into them. */
static void
what_stands_around_the_text_of_a_code_is_no_part_of_it(void **state)
{
	static const char *const rows[][2] = { { "", "" }, { " ", "" }, { "\r\n", "" },
		{ "", " \t\r\n" }, { "\xef\xbb\xbf", "\n" }, { "\xef\xbb\xbf \n", "  " } };
	struct shop s;
	(void)state;

	open_shop(&s);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct handed h = { 0 };
		struct buf text = BUF_EMPTY;
		buf_add_text(&text, rows[i][0]);
		buf_add_span(&text, buf_span(&s.desk.code));
		buf_add_text(&text, rows[i][1]);
		assert_true(handed_take(&h, buf_span(&text), false, false, NULL));
		const struct answer a = ask(&s, &h);
		desk_expect(&a, VERDICT_VALID, FINDING_NONE, "a code");
		assert_int_equal(a.kind, INPUT_CODE);
		handed_free(&h);
		buf_free(&text);
	}
	assert_false(verify_is_code(span_text(" ")));
	assert_false(verify_is_code(span_text("\xef\xbb\xbf")));
	close_shop(&s);
}

/* The verdict stands by itself; why its page's code was not read is told, and not tried again. */
static void
a_failed_file_whose_page_cannot_be_read_is_rejected_all_the_same(void **state)
{
	struct buf changed = BUF_EMPTY;
	struct handed h = { 0 };
	struct shop s;
	(void)state;

	open_shop(&s);
	buf_add_span(&changed, buf_span(&s.desk.file));
	buf_add_text(&changed, "one line more\n");
	assert_true(handed_take(&h, buf_span(&changed), false, true, NULL));
	for (int i = 0; i < 2; i++) {
		const struct answer a = ask(&s, &h);
		desk_expect(&a, VERDICT_REJECTED, FINDING_FILE_CHANGED, "changed");
	}
	assert_int_not_equal(h.unshown.code, ERR_NONE);
	handed_free(&h);
	buf_free(&changed);
	close_shop(&s);
}

static void
a_picture_is_asked_as_the_code_on_it(void **state)
{
	struct buf picture = BUF_EMPTY, said = BUF_EMPTY;
	struct handed h = { 0 }, damaged = { 0 };
	struct err err = { 0 };
	char path[256];
	int status = -1;
	struct shop s;
	(void)state;

	open_shop(&s);
	snprintf(path, sizeof path, "%s/code.png", s.desk.folder.path);
	const char *const draw[] = { "qrencode", "-s", "8", "-o", path, buf_text(&s.desk.code),
		NULL };
	assert_true(program_run(&status, &said, 4096, PROGRAM_WAIT_S, draw, &err));
	assert_int_equal(status, 0);
	assert_true(file_read(&picture, path, LIMIT_PDF_BYTES, &err));
	if (!handed_take(&h, buf_span(&picture), false, false, &err))
		fail_msg("%s", err.text);
	const struct answer a = ask(&s, &h);
	desk_expect(&a, VERDICT_VALID, FINDING_NONE, "a picture");
	assert_int_equal(a.kind, INPUT_CODE);
	assert_false(
	    handed_take(&damaged, span_of(picture.ptr, picture.len / 2), false, false, &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	handed_free(&h);
	handed_free(&damaged);
	buf_free(&picture);
	buf_free(&said);
	close_shop(&s);
}

/* A page with nothing but a code, as a PDF that poppler reads. */
static void
draw_page(struct buf *out, const char *text, const char *remark)
{
	struct buf page = BUF_EMPTY;
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

	assert_non_null(code);
	buf_printf(&page, "4 0 0 4 40 40 cm\n");
	for (int i = 0; i < code->width * code->width; i++)
		if ((code->data[i] & 1) != 0)
			buf_printf(&page, "%d %d 1 1 re\n", i % code->width,
			    code->width - i / code->width);
	buf_printf(&page, "f\n");
	const int side = 80 + 4 * (code->width + 1);
	QRcode_free(code);
	buf_printf(out,
	    "%%PDF-1.4\n%s\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
	    "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
	    "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R>>\nendobj\n"
	    "4 0 obj\n<</Length %zu>>\nstream\n%sendstream\nendobj\ntrailer\n<</Root 1 0 R>>\n",
	    remark, side, side, page.len, buf_text(&page));
	buf_free(&page);
}

static void
a_scan_is_answered_as_its_code_and_a_failed_file_only_shows_it(void **state)
{
	struct buf scan = BUF_EMPTY, failed = BUF_EMPTY;
	struct handed h = { 0 }, f = { 0 };
	struct err err = { 0 };
	struct shop s;
	(void)state;

	open_shop(&s);
	draw_page(&scan, buf_text(&s.desk.code), "% nobody sealed it");
	draw_page(&failed, buf_text(&s.desk.code), "% /ByteRange [0 1 2 3]");
	if (!handed_take(&h, buf_span(&scan), false, true, &err))
		fail_msg("%s", err.text);
	struct answer a = ask(&s, &h);
	desk_expect(&a, VERDICT_VALID, FINDING_NONE, "a scan");
	assert_true(handed_take(&f, buf_span(&failed), false, true, &err));
	for (int i = 0; i < 2; i++) {
		a = ask(&s, &f);
		desk_expect(&a, VERDICT_REJECTED, FINDING_FILE_FORM, "a failed file");
		assert_int_equal(f.unshown.code, ERR_NONE);
		assert_true(a.shown.looked);
		assert_int_equal(a.shown.wrong, FINDING_NONE);
		assert_true(span_is(s.desk.claims.uscc, a.shown.uscc));
	}
	handed_free(&h);
	handed_free(&f);
	buf_free(&scan);
	buf_free(&failed);
	close_shop(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_asked_as_often_as_wanted),
		cmocka_unit_test(
		    what_is_too_long_is_no_certificate_and_a_picture_of_it_no_reason_to_reject),
		cmocka_unit_test(pictures_of_other_formats_are_neither_certificates_nor_none),
		cmocka_unit_test(what_stands_around_the_text_of_a_code_is_no_part_of_it),
		cmocka_unit_test(a_failed_file_whose_page_cannot_be_read_is_rejected_all_the_same),
		cmocka_unit_test(a_picture_is_asked_as_the_code_on_it),
		cmocka_unit_test(a_scan_is_answered_as_its_code_and_a_failed_file_only_shows_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
