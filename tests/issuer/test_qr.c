#include "issuer/qr.h"

#include "tests/issuer/certificate.h"

#include <stdlib.h>

/* formats: QC1 of 204, 218, 230 and 355 bytes behind a prefix of 22 characters. */
static void
versions_are_those_of_two_segments(void **state)
{
	(void)state;
	static const struct {
		size_t digits;
		int version;
	} table[] = { { 496, 11 }, { 530, 11 }, { 559, 12 }, { 863, 15 } };
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		char text[LIMIT_QR_TEXT_BYTES];
		struct qr qr = { 0 };
		struct err err = { 0 };
		must(qr_encode(&qr, certificate_code(text, table[i].digits), &err), &err);
		assert_int_equal(qr.version, table[i].version);
		assert_int_equal(qr.width, 17 + 4 * table[i].version);
		qr_free(&qr);
	}
}

/* Every module is covered once or not at all, and the finder patterns are where a reader looks. */
static void
rectangles_cover_without_overlap(void **state)
{
	(void)state;
	static const char *const FINDER[] = { "#######", "#.....#", "#.###.#", "#.###.#", "#.###.#",
		"#.....#", "#######" };
	char text[LIMIT_QR_TEXT_BYTES];
	char grid[177][177];
	struct qr qr = { 0 };
	struct err err = { 0 };
	memset(grid, '.', sizeof grid);
	must(qr_encode(&qr, certificate_code(text, 530), &err), &err);
	for (size_t i = 0; i < qr.count; i++)
		for (int y = qr.rects[i].y; y < qr.rects[i].y + qr.rects[i].h; y++)
			for (int x = qr.rects[i].x; x < qr.rects[i].x + qr.rects[i].w; x++) {
				assert_int_equal(grid[y][x], '.');
				grid[y][x] = '#';
			}
	for (int y = 0; y < 7; y++) {
		assert_memory_equal(&grid[y][0], FINDER[y], 7);
		assert_memory_equal(&grid[y][qr.width - 7], FINDER[y], 7);
		assert_memory_equal(&grid[qr.width - 7 + y][0], FINDER[y], 7);
	}
	assert_true(qr.count < (size_t)qr.width * (size_t)qr.width / 3);
	qr_free(&qr);
}

static void
another_text_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "https://v.example/q/1/",
		"http://v.example/q/1/123", "https://v.example/q/2/123",
		"https://v.example/q/1/12a" };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct qr qr = { 0 };
		struct err err = { 0 };
		CHECK_ROW(!qr_encode(&qr, span_text(texts[i]), &err), texts[i]);
		CHECK_ROW(err.code == ERR_MALFORMED, texts[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_those_of_two_segments),
		cmocka_unit_test(rectangles_cover_without_overlap),
		cmocka_unit_test(another_text_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
