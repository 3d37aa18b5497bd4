/* The decoder: what it finds, what it refuses before it has room for it, and what it may do once locked in. */
#include "core/limits.h"
#include "tests/test.h"
#include "tests/verifier/codes.h"
#include "verifier/decode/look.h"
#include "verifier/decode/read.h"
#include "verifier/decode/remake.h"
#include "verifier/decode/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* jpeglib.h wants stdio.h before it. */
#include <jpeglib.h>

#define URL "https://v.example/q/1/0123456789"

/* ---- what is found ---- */

static bool
finds(const struct raster *picture, const char *lines)
{
	struct looks l = { 0 };
	struct err err = { 0 };

	assert_true(looks_at(&l, 3, picture, true, &err));
	const bool same = span_is(buf_span(&l.lines), lines);
	looks_free(&l);
	return same;
}

static void
a_code_is_found_once_and_with_its_page(void **state)
{
	static const char *const texts[] = { URL, URL };
	struct raster picture;

	(void)state;
	codes_raster(&picture, texts, 2, 4);
	assert_true(finds(&picture, "3\t" URL "\n"));
	raster_free(&picture);
}

/* Black in the grey of the page, and yet there: a red stamp over all of it. */
static void
a_code_under_a_red_stamp_is_found(void **state)
{
	static const char *const text[] = { URL };
	struct raster picture;

	(void)state;
	codes_raster(&picture, text, 1, 4);
	memset(picture.grey.px, 60, (size_t)picture.grey.width * picture.grey.height);
	assert_true(finds(&picture, "3\t" URL "\n"));
	raster_free(&picture);
}

/* Each way of looking again leaves a code a code. */
static void
a_picture_made_otherwise_shows_the_same(void **state)
{
	static const char *const text[] = { URL };
	struct raster picture;

	(void)state;
	codes_raster(&picture, text, 1, 5);
	for (int way = 0; way < 5; way++) {
		struct raster made = { 0 };
		bool ok = way == 0 ? remake_sized(&made.grey, &picture.grey, 3)
		    : way == 1     ? remake_sized(&made.grey, &picture.grey, 0.85)
		    : way == 4     ? remake_turned(&made.grey, &picture.grey)
				   : remake_sized(&made.grey, &picture.grey, 2);
		if (way == 2 || way == 3)
			ok = ok && remake_blur(&made.grey, way == 2 ? 3 : 2, way == 2);
		assert_true(ok);
		struct looks l = { 0 };
		assert_true(looks_at(&l, 1, &made, false, NULL));
		if (!span_is(buf_span(&l.lines), "1\t" URL "\n"))
			fail_msg(
			    "way %d: %s", way, l.lines.len > 0 ? buf_text(&l.lines) : "nothing");
		looks_free(&l);
		raster_free(&made);
	}
	raster_free(&picture);
}

static void
no_picture_is_made_larger_than_the_ceiling(void **state)
{
	struct raster picture;
	struct plane made = { 0 };

	(void)state;
	assert_true(raster_new(&picture, 8000, 5000, NULL));
	assert_false(remake_sized(&made, &picture.grey, 1.01));
	assert_false(remake_turned(&made, &picture.grey));
	assert_null(made.px);
	raster_free(&picture);
}

static void
a_line_holds_printable_text_and_no_more_than_a_code_of_ours(void **state)
{
	static const uint8_t odd[] = { 'a', 0, '\t', '\n', 0x7f, 0xe6, 'z' };
	char long_text[3000];
	struct looks l = { 0 };

	(void)state;
	looks_add(&l, 1, span_of(odd, sizeof odd));
	looks_add(&l, 1, span_of(NULL, 0));
	looks_add(&l, 2, span_of(NULL, 0));
	assert_string_equal(buf_text(&l.lines), "1\ta?????z\n1\t?\n2\t?\n");
	looks_free(&l);
	memset(long_text, 'x', sizeof long_text);
	looks_add(&l, 1, span_of(long_text, sizeof long_text));
	assert_int_equal(l.lines.len, LIMIT_QR_TEXT_BYTES + 1 + strlen("1\t\n"));
	for (int i = 0; i < 100; i++) {
		char text[8];
		snprintf(text, sizeof text, "%d", i);
		looks_add(&l, 1, span_text(text));
	}
	assert_int_equal(l.count, LIMIT_CODES);
	looks_free(&l);
}

/* ---- what is refused ---- */

static void
a_picture_with_too_many_pixels_has_no_room(void **state)
{
	static const struct {
		uint64_t width, height;
		enum err_code code;
	} rows[] = {
		{ 8000, 5000, ERR_NONE },
		{ 8000, 5001, ERR_LIMIT },
		{ LIMIT_PICTURE_PIXELS + 1, 1, ERR_LIMIT },
		{ 1, LIMIT_PICTURE_PIXELS + UINT64_C(1), ERR_LIMIT },
		{ UINT64_C(1) << 32, UINT64_C(1) << 32, ERR_LIMIT },
		{ 0, 5, ERR_MALFORMED },
		{ 5, 0, ERR_MALFORMED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct raster r;
		struct err err = { 0 };
		assert_int_equal(
		    raster_new(&r, rows[i].width, rows[i].height, &err), rows[i].code == ERR_NONE);
		assert_int_equal(err.code, rows[i].code);
		raster_free(&r);
	}
}

/* A stream in memory, read as pages. */
static FILE *
stream_of(const char *bytes, size_t n)
{
	FILE *in = fmemopen((void *)(uintptr_t)bytes, n, "r");

	assert_non_null(in);
	return in;
}

static void
pages_are_read_one_after_the_other(void **state)
{
	static const char two[] =
	    "P6\n2 1\n255\n\xff\x00\x00\x00\xff\x00P6\n1 1\n255\n\x01\x01\x01";
	FILE *in = stream_of(two, sizeof two - 1);
	struct raster page;
	bool end = true;

	(void)state;
	assert_true(read_ppm(&end, &page, in, NULL));
	assert_false(end);
	assert_int_equal(page.grey.width, 2);
	assert_int_equal(page.red.px[0], 255);
	assert_int_equal(page.red.px[1], 0);
	assert_int_equal(page.grey.px[0], 76); /* of pure red and green */
	assert_int_equal(page.grey.px[1], 150);
	raster_free(&page);
	assert_true(read_ppm(&end, &page, in, NULL));
	assert_int_equal(page.grey.px[0], 1);
	raster_free(&page);
	assert_true(read_ppm(&end, &page, in, NULL));
	assert_true(end);
	fclose(in);
}

static void
what_is_no_page_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		enum err_code code;
	} rows[] = {
		{ "P", ERR_MALFORMED },
		{ "P5\n1 1\n255\nx", ERR_MALFORMED },
		{ "P6 1 1\n255\nxxx", ERR_MALFORMED },
		{ "P6\n1\n1\n255\nxxx", ERR_MALFORMED },
		{ "P6\n1 1 255\nxxx", ERR_MALFORMED },
		{ "P6\n0 1\n255\nxxx", ERR_MALFORMED },
		{ "P6\n-1 1\n255\nxxx", ERR_MALFORMED },
		{ "P6\n1 1\n65535\nxxx", ERR_MALFORMED },
		{ "P6\n1 1\n255\nxx", ERR_MALFORMED },
		{ "P6\n1000000000 1\n255\nxxx", ERR_MALFORMED },
		{ "P6\n99999999 99999999\n255\nxxx", ERR_LIMIT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		FILE *in = stream_of(rows[i].bytes, strlen(rows[i].bytes));
		struct raster page;
		struct err err = { 0 };
		bool end = false;
		CHECK_ROW(!read_ppm(&end, &page, in, &err) && !end, rows[i].bytes);
		CHECK_ROW(err.code == rows[i].code, rows[i].bytes);
		raster_free(&page);
		fclose(in);
	}
}

static void
a_picture_that_ends_early_is_damaged(void **state)
{
	static const char *const text[] = { URL };
	struct buf png = BUF_EMPTY;

	(void)state;
	codes_png(&png, text, 1, 2);
	for (size_t n = 0; n < png.len; n++) {
		struct raster r;
		struct err err = { 0 };
		if (n == png.len - 12) /* all but the chunk that ends it */
			n = png.len;
		const bool ok = read_png(&r, span_of(png.ptr, n), &err);
		assert_int_equal(ok, n == png.len);
		assert_int_equal(err.code, ok ? ERR_NONE : ERR_MALFORMED);
		raster_free(&r);
	}
	buf_free(&png);
}

/* A picture as a printing house has it is sound, and is not called damaged. */
static void
a_picture_made_for_printing_is_refused_for_what_it_is(void **state)
{
	struct jpeg_compress_struct jpeg = { 0 };
	struct jpeg_error_mgr errors;
	JSAMPLE white[8 * 4] = { 0 };
	JSAMPROW row = white;
	unsigned char *bytes = NULL;
	unsigned long n = 0;
	struct raster r;
	struct err err = { 0 };

	(void)state;
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &bytes, &n);
	jpeg.image_width = 8;
	jpeg.image_height = 1;
	jpeg.input_components = 4;
	jpeg.in_color_space = JCS_CMYK;
	jpeg_set_defaults(&jpeg);
	jpeg_start_compress(&jpeg, TRUE);
	jpeg_write_scanlines(&jpeg, &row, 1);
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	assert_false(read_jpeg(&r, span_of(bytes, n), &err));
	assert_int_equal(err.code, ERR_REFUSED);
	assert_non_null(strstr(err.text, "save it as an ordinary (RGB) JPEG or PNG"));
	raster_free(&r);
	free(bytes);
}

/* ---- what may be done inside ---- */

static bool
opens(const char *path, int how)
{
	const int fd = open(path, how, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool
talks(int family)
{
	const int fd = socket(family, SOCK_STREAM, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool
starts_something(void)
{
	static const char *const argv[] = { "/bin/true", NULL };
	pid_t child;

	return posix_spawn(&child, argv[0], NULL, NULL, (char *const *)argv, environ) == 0;
}

/* Another process of the same user could be ended by the limits it is given. */
static bool
limits_another(pid_t other)
{
	struct rlimit as_they_are;

	return prlimit(other, RLIMIT_CORE, NULL, &as_they_are) == 0 &&
	    prlimit(other, RLIMIT_CORE, &as_they_are, NULL) == 0;
}

/* What a process finds it can do: a letter each. */
static void
try_all(char out[8], int fd, pid_t other)
{
	const char *const pages[] = { "r", "w", "s", "x", "g", "l", "o" };
	const bool can[] = {
		opens("/etc/passwd", O_RDONLY),
		opens("/tmp/qualcert-decode-test", O_WRONLY | O_CREAT),
		talks(AF_INET) || talks(AF_UNIX), starts_something(),
		write(fd, "x", 1) == 1, /* of a file that was open before */
		limits_another(other), fcntl(fd, F_SETOWN, other) == 0, /* whom signals go to */
	};

	out[0] = '\0';
	for (size_t i = 0; i < COUNT_OF(can); i++)
		if (can[i])
			strncat(out, pages[i], 2);
}

typedef bool enters(struct err *err);

static bool
enter_nothing(struct err *err)
{
	(void)err;
	return true;
}

/* The same in a process of its own that has locked itself in first. */
static void
try_inside(char out[8], enters *enter)
{
	int ends[2];
	FILE *file = tmpfile();
	char can[8];

	assert_non_null(file);
	assert_int_equal(pipe(ends), 0);
	const pid_t parent = getpid(), child = fork();
	if (child == 0) {
		struct err err = { 0 };
		signal(SIGXFSZ, SIG_IGN); /* to see the error and live */
		if (!enter(&err))
			_exit(1);
		try_all(can, fileno(file), parent);
		const bool told = write(ends[1], can, sizeof can) == (ssize_t)sizeof can;
		_exit(told ? 0 : 1);
	}
	int status = 0;
	close(ends[1]);
	assert_int_equal(read(ends[0], out, 8), 8);
	close(ends[0]);
	fclose(file);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* The kernel has Landlock, or only the filter says what is opened. */
static void
who_is_locked_in_can_do_nothing_but_answer(void **state)
{
	char can[8];

	(void)state;
	try_inside(can, enter_nothing);
	assert_string_equal(can, "rwsxglo"); /* so that it would be noticed */
	unlink("/tmp/qualcert-decode-test");
	try_inside(can, sandbox_decoder);
	assert_string_equal(can, "");
}

static bool
enter_renderer(struct err *err)
{
	return sandbox_renderer(err) && opens("/usr/bin/env", O_RDONLY);
}

static void
who_draws_pages_reads_the_systems_folders_only(void **state)
{
	char can[8];

	(void)state;
	try_inside(can, enter_renderer);
	/* without Landlock it may read what everybody may */
	assert_true(strcmp(can, "") == 0 || strcmp(can, "r") == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_is_found_once_and_with_its_page),
		cmocka_unit_test(a_code_under_a_red_stamp_is_found),
		cmocka_unit_test(a_picture_made_otherwise_shows_the_same),
		cmocka_unit_test(no_picture_is_made_larger_than_the_ceiling),
		cmocka_unit_test(a_line_holds_printable_text_and_no_more_than_a_code_of_ours),
		cmocka_unit_test(a_picture_with_too_many_pixels_has_no_room),
		cmocka_unit_test(pages_are_read_one_after_the_other),
		cmocka_unit_test(what_is_no_page_is_refused),
		cmocka_unit_test(a_picture_that_ends_early_is_damaged),
		cmocka_unit_test(a_picture_made_for_printing_is_refused_for_what_it_is),
		cmocka_unit_test(who_is_locked_in_can_do_nothing_but_answer),
		cmocka_unit_test(who_draws_pages_reads_the_systems_folders_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
