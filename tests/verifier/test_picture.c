/* The client of the decoder: whatever happens to a helper or comes out of it, nothing strange is believed. */
#include "core/file.h"
#include "tests/test.h"
#include "tests/verifier/codes.h"
#include "verifier/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define URL "https://v.example/q/1/123"

static const char *const two[] = { URL, URL "4" };

static char helper[64]; /* a program the tests write */

static int
make_folder(void **state)
{
	(void)state;
	snprintf(helper, sizeof helper, "/tmp/qualcert-picture-XXXXXX");
	if (mkdtemp(helper) == NULL)
		return -1;
	strncat(helper, "/helper", sizeof helper - strlen(helper) - 1);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	unlink(helper);
	*strrchr(helper, '/') = '\0';
	return rmdir(helper);
}

/* What comes of a helper that is this script. */
static bool
read_with(struct picture *out, const char *script, struct err *err)
{
	struct buf text = BUF_EMPTY;
	struct err why = { 0 };

	buf_printf(&text, "#!/bin/sh\n%s\n", script);
	unlink(helper);
	if (!file_write(helper, buf_span(&text), 0700, &why))
		fail_msg("%s", why.text);
	buf_free(&text);
	return picture_read(out, helper, span_text("a picture"), false, err);
}

static void
what_a_helper_says_and_how_it_ends_is_told_apart(void **state)
{
	static const struct {
		const char *script;
		enum err_code code;
		const char *says;
	} rows[] = {
		{ "cat >/dev/null", ERR_NONE, "" },
		{ "printf '1\\t" URL "\\n'", ERR_NONE, "" },
		{ "echo the picture is damaged >&2; exit 65", ERR_MALFORMED,
		    "the picture is damaged" },
		{ "printf 'a\\033[31mb\\nmore\\n' >&2; exit 65", ERR_MALFORMED, "a\\u{001B}[31mb" },
		{ "exit 65", ERR_MALFORMED, "did not say why" },
		{ "echo made for printing >&2; exit 66", ERR_REFUSED, "made for printing" },
		{ "echo pdftoppm is missing; exit 69", ERR_NOT_FOUND, "pdftoppm is missing" },
		{ "exit 71", ERR_IO, "did not say why" },
		{ "kill -SEGV $$", ERR_IO, "did not say why" },
		{ "kill -XCPU $$", ERR_LIMIT, "takes too long" },
		{ "exec yes", ERR_LIMIT, "longer than" },
		{ "echo hello", ERR_IO, "never says" },
		{ "printf '1\\t" URL "\\n'; echo but a word >&2", ERR_IO, "never says" },
		{ "printf '1\\t" URL "\\n'; exit 65", ERR_MALFORMED, "1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct picture p = { 0 };
		struct err err = { 0 };
		const bool ok = read_with(&p, rows[i].script, &err);
		CHECK_ROW(ok == (rows[i].code == ERR_NONE), rows[i].script);
		if (err.code != rows[i].code || strstr(err.text, rows[i].says) == NULL)
			fail_msg("%s: %d: %s", rows[i].script, err.code, err.text);
		CHECK_ROW(p.n == (i == 1 ? 1 : 0), rows[i].script);
		picture_free(&p);
	}
}

static void
a_helper_that_hangs_is_killed(void **state)
{
	struct picture p = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_false(read_with(&p, "printf '1\\t" URL "\\n'; sleep 1000", &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.text, "takes too long"));
	assert_int_equal(p.n, 0);
	picture_free(&p);
}

static void
a_helper_that_is_not_there_is_said_and_what_helps(void **state)
{
	struct picture p = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_false(picture_read(&p, "/nowhere/qualverify-decode", span_text("x"), false, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "/nowhere/qualverify-decode"));
	assert_non_null(strstr(err.text, "the text of the code"));
	picture_free(&p);
}

static void
no_other_line_is_one_of_the_helpers(void **state)
{
	static const struct {
		const char *mistake, *said;
	} rows[] = {
		{ "no page", "\t" URL "\n" },
		{ "page 0", "0\t" URL "\n" },
		{ "a page beyond the last", "9\t" URL "\n" },
		{ "a page before the one before", "2\t" URL "\n1\t" URL "\n" },
		{ "a sign", "-1\t" URL "\n" },
		{ "no text", "1\t\n" },
		{ "no end", "1\t" URL },
		{ "a blank for the tab", "1 " URL "\n" },
		{ "a second tab", "1\ta\tb\n" },
		{ "a byte above ASCII", "1\tcaf\xc3\xa9\n" },
		{ "an escape", "1\t\033[2J\n" },
		{ "an empty line", "\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct picture p = { 0 };
		struct err err = { 0 };
		buf_add_text(&p.said, rows[i].said);
		CHECK_ROW(
		    !picture_parse(&p, &err) && err.code == ERR_IO && p.n == 0, rows[i].mistake);
		picture_free(&p);
	}
}

static void
no_more_and_no_longer_texts_than_the_helper_gives_are_taken(void **state)
{
	struct picture p = { 0 };
	struct err err = { 0 };

	(void)state;
	for (unsigned i = 0; i < LIMIT_CODES; i++)
		buf_printf(&p.said, "1\t%u\n", i);
	assert_true(picture_parse(&p, &err));
	assert_int_equal(p.n, LIMIT_CODES);
	assert_true(span_is(p.codes[LIMIT_CODES - 1].text, "23"));
	buf_add_text(&p.said, "1\tone more\n");
	assert_false(picture_parse(&p, &err));
	buf_free(&p.said);
	buf_printf(&p.said, "8\t%0*d\n", LIMIT_QR_TEXT_BYTES + 1, 0);
	assert_true(picture_parse(&p, &err));
	buf_free(&p.said);
	buf_printf(&p.said, "8\t%0*d\n", LIMIT_QR_TEXT_BYTES + 2, 0);
	assert_false(picture_parse(&p, &err));
	picture_free(&p);
}

static bool
has(const struct picture *p, const char *text)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->codes[i].page == 1 && span_is(p->codes[i].text, text))
			return true;
	return false;
}

/* The real one, which lies where this program finds it. */
static void
our_helper_reads_the_codes_of_a_picture(void **state)
{
	struct buf png = BUF_EMPTY;
	struct picture p = { 0 };
	struct err err = { 0 };

	(void)state;
	codes_png(&png, two, 2, 4);
	if (!picture_read(&p, NULL, buf_span(&png), false, &err))
		fail_msg("%s", err.text);
	assert_int_equal(p.n, 2);
	assert_true(has(&p, two[0]) && has(&p, two[1]));
	assert_ptr_equal(p.bytes.ptr, png.ptr);
	picture_free(&p);
	/* a PDF is none unless it was asked for, and a text never is */
	assert_false(picture_read(&p, NULL, span_text("%PDF-1.7 and so on"), false, &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	picture_free(&p);
	assert_false(picture_read(&p, NULL, span_text("%PDF-1.7 and so on"), true, &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	assert_non_null(strstr(err.text, "damaged"));
	picture_free(&p);
	buf_free(&png);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_helper_says_and_how_it_ends_is_told_apart),
		cmocka_unit_test(a_helper_that_hangs_is_killed),
		cmocka_unit_test(a_helper_that_is_not_there_is_said_and_what_helps),
		cmocka_unit_test(no_other_line_is_one_of_the_helpers),
		cmocka_unit_test(no_more_and_no_longer_texts_than_the_helper_gives_are_taken),
		cmocka_unit_test(our_helper_reads_the_codes_of_a_picture),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
