#include "core/tar.h"
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

/*
 * The first block of what Debian's tar 1.34 makes of a policy.json of 5 bytes: tar --format=ustar --mode=640
 * --numeric-owner --owner=0 --group=0 --mtime=@1795000000 -cf - policy.json
 */
static const struct {
	size_t at;
	const char *bytes;
	size_t len;
} of_gnu_tar[] = {
	{ 0, "policy.json", 11 },
	{ 100, "0000640\0000000000\0000000000", 24 },
	{ 124, "00000000005\00015277303300\000011425\0 0", 33 },
	{ 257, "ustar\00000", 8 },
	{ 329, "0000000\0000000000", 16 },
};

static struct tar_header
hello(void)
{
	return (struct tar_header){ .name = "policy.json", .size = 5, .time_s = 1795000000 };
}

static void
it_is_what_tar_writes(void **state)
{
	uint8_t want[TAR_BLOCK_BYTES] = { 0 }, block[TAR_BLOCK_BYTES];
	const struct tar_header h = hello();
	(void)state;

	for (size_t i = 0; i < COUNT_OF(of_gnu_tar); i++)
		memcpy(want + of_gnu_tar[i].at, of_gnu_tar[i].bytes, of_gnu_tar[i].len);
	tar_header_encode(block, &h);
	assert_memory_equal(block, want, sizeof want);
}

static void
a_header_comes_back(void **state)
{
	static const uint64_t sizes[] = { 0, 1, 511, 512, 077777777777, 0100000000000,
		TAR_SIZE_MAX };
	uint8_t block[TAR_BLOCK_BYTES];
	(void)state;

	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct tar_header h = hello(), again;
		h.size = sizes[i];
		memset(h.name, 'n', sizeof h.name - 1);
		tar_header_encode(block, &h);
		assert_true(tar_header_parse(&again, block, NULL));
		assert_true(again.size == sizes[i] && again.time_s == h.time_s);
		assert_string_equal(again.name, h.name);
	}
}

static void
every_other_bit_is_refused(void **state)
{
	uint8_t block[TAR_BLOCK_BYTES];
	struct tar_header h = hello();
	(void)state;

	tar_header_encode(block, &h);
	for (size_t bit = 0; bit < sizeof block * 8; bit++) {
		block[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (tar_header_parse(&h, block, NULL))
			fail_msg("bit %zu", bit);
		block[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	memset(block, 0, sizeof block);
	assert_false(tar_header_parse(&h, block, NULL));
	assert_true(tar_is_zeros(block));
	block[511] = 1;
	assert_false(tar_is_zeros(block));
	memset(block, 0xff, sizeof block);
	assert_false(tar_header_parse(&h, block, NULL));
}

static void
sum_up(uint8_t block[TAR_BLOCK_BYTES])
{
	char text[8];
	unsigned sum = 0;

	memset(block + 148, ' ', 8);
	for (size_t i = 0; i < TAR_BLOCK_BYTES; i++)
		sum += block[i];
	snprintf(text, sizeof text, "%06o", sum);
	memcpy(block + 148, text, 7);
}

/* A link, another mode, an owner's name: right in themselves, their sum too, and still not ours. */
static void
another_form_is_refused(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		uint8_t byte;
	} rows[] = {
		{ "a symbolic link", 156, '2' },
		{ "everybody may read", 106, '4' },
		{ "where a link leads", 157, '/' },
		{ "a prefix", 345, '/' },
		{ "a byte behind the name", 50, 'x' },
		{ "another version", 264, '1' },
		{ "a blank before the size", 124, ' ' },
	};
	uint8_t block[TAR_BLOCK_BYTES];
	struct tar_header h = hello();
	(void)state;

	tar_header_encode(block, &h);
	sum_up(block);
	assert_true(tar_header_parse(&h, block, NULL));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		tar_header_encode(block, &h);
		block[rows[i].at] = rows[i].byte;
		sum_up(block);
		CHECK_ROW(!tar_header_parse(&h, block, NULL), rows[i].name);
	}
}

static void
contents_are_padded(void **state)
{
	(void)state;
	assert_int_equal(tar_padding(0), 0);
	assert_int_equal(tar_padding(1), 511);
	assert_int_equal(tar_padding(512), 0);
	assert_int_equal(tar_padding(TAR_SIZE_MAX), 1);
}

static void
whole_members_come_back_and_a_cut_is_noticed(void **state)
{
	struct buf archive = BUF_EMPTY;
	struct tar_header h;
	struct span content;
	(void)state;

	tar_put(&archive, "policy.json", span_text("hello"), 1795000000);
	tar_put(&archive, "empty", span_text(""), 1795000000);
	tar_put_end(&archive);
	struct cursor c = cursor_over(buf_span(&archive));
	assert_true(tar_take(&h, &content, &c, NULL) && span_is(content, "hello"));
	assert_string_equal(h.name, "policy.json");
	assert_true(tar_take(&h, &content, &c, NULL) && content.len == 0);
	assert_false(tar_take_end(&(struct cursor){ c.in, c.pos + 1, false }));
	assert_true(tar_take_end(&c));
	for (size_t n = 0; n < 2 * TAR_BLOCK_BYTES; n++) {
		c = cursor_over(span_of(archive.ptr, n));
		assert_false(tar_take(&h, &content, &c, NULL));
	}
	buf_free(&archive);
}

/* Behind the content, where tar does not look, nothing can be hidden. */
static void
only_zeros_stand_behind_a_content_and_at_the_end(void **state)
{
	struct buf archive = BUF_EMPTY;
	struct tar_header h;
	struct span content;
	(void)state;

	tar_put(&archive, "policy.json", span_text("hello"), 1795000000);
	tar_put_end(&archive);
	for (size_t i = TAR_BLOCK_BYTES + 5; i < archive.len; i++) {
		archive.ptr[i] = 1;
		struct cursor c = cursor_over(buf_span(&archive));
		assert_false(tar_take(&h, &content, &c, NULL) && tar_take_end(&c));
		archive.ptr[i] = 0;
	}
	buf_free(&archive);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_what_tar_writes),
		cmocka_unit_test(a_header_comes_back),
		cmocka_unit_test(every_other_bit_is_refused),
		cmocka_unit_test(another_form_is_refused),
		cmocka_unit_test(contents_are_padded),
		cmocka_unit_test(whole_members_come_back_and_a_cut_is_noticed),
		cmocka_unit_test(only_zeros_stand_behind_a_content_and_at_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
