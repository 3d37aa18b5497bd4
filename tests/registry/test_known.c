#include "registry/store.h"

#include "tests/test.h"

#define KEYS 20000

/* Keys with few bits, as a careless signer's nonces: half of them count upwards, half differ at the end. */
static void
key_of(uint8_t key[KNOWN_BYTES], uint32_t n)
{
	memset(key, 0, KNOWN_BYTES);
	memcpy(key + (n % 2 == 0 ? 0 : KNOWN_BYTES - sizeof n), &n, sizeof n);
}

static void
what_was_put_is_known(void **state)
{
	(void)state;
	struct known *k;
	uint8_t key[KNOWN_BYTES];

	assert_true(known_new(&k, 1795161900, NULL));
	for (uint32_t n = 1; n <= KEYS; n++) {
		key_of(key, n);
		assert_false(known_has(k, key));
		assert_true(known_add(k, key, NULL));
		assert_true(known_add(k, key, NULL));
		assert_true(known_has(k, key));
	}
	for (uint32_t n = 1; n <= 2 * KEYS; n++) {
		key_of(key, n);
		assert_int_equal(known_has(k, key), n <= KEYS);
	}
	known_free(k);
	known_free(NULL);
}

/* Zeros mark a free place: such a key is always taken for known, and is then looked up. */
static void
zeros_are_never_new(void **state)
{
	(void)state;
	struct known *k;
	const uint8_t zeros[KNOWN_BYTES] = { 0 };

	assert_true(known_new(&k, 1795161900, NULL));
	assert_true(known_has(k, zeros));
	assert_true(known_add(k, zeros, NULL));
	assert_true(known_has(k, zeros));
	known_free(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_is_known),
		cmocka_unit_test(zeros_are_never_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
