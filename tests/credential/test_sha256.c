#include "core/encode.h"
#include "credential/sha256.h"
#include "tests/test.h"

/* FIPS 180-4 examples. */
static void
the_published_examples_come_out(void **state)
{
	static const struct {
		const char *in;
		const char *hex;
	} rows[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t hash[SHA256_BYTES];
		char hex[2 * SHA256_BYTES + 1];
		sha256(hash, span_text(rows[i].in));
		hex_encode(hex, span_of(hash, sizeof hash));
		assert_string_equal(hex, rows[i].hex);
	}
}

static void
pieces_give_the_same_hash_as_the_whole(void **state)
{
	uint8_t whole[SHA256_BYTES], pieces[SHA256_BYTES];
	(void)state;
	sha256(whole, span_text("one and two"));
	sha256_two(pieces, span_text("one "), span_text("and two"));
	assert_memory_equal(whole, pieces, sizeof whole);
	struct sha256 *h = sha256_new();
	for (size_t i = 0; i < 11; i++)
		sha256_update(h, span_of(&"one and two"[i], 1));
	sha256_final(h, pieces);
	assert_memory_equal(whole, pieces, sizeof whole);
	sha256_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_examples_come_out),
		cmocka_unit_test(pieces_give_the_same_hash_as_the_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
