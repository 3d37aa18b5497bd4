#include "keys/signatures.h"

#include "keys/signer_openssl.h"
#include "tests/test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MESSAGES 64
#define MESSAGE_BYTES 16

struct fixture {
	struct signatures *known;
	struct signer *signer;
	struct key *key, *other;
	char message[MESSAGES][MESSAGE_BYTES];
	uint8_t signature[MESSAGES][COSE_SIGNATURE_BYTES];
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct signer *other;

	assert_true(signatures_new(&f->known, NULL));
	assert_true(signer_generate(&f->signer, SIGNER_ES256, NULL));
	assert_true(signer_generate(&other, SIGNER_ES256, NULL));
	assert_true(key_from_spki(&f->key, signer_spki(f->signer), NULL));
	assert_true(key_from_spki(&f->other, signer_spki(other), NULL));
	signer_free(other);
	for (int i = 0; i < MESSAGES; i++) {
		snprintf(f->message[i], MESSAGE_BYTES, "message %d", i);
		assert_true(
		    signer_ecdsa(f->signature[i], f->signer, span_text(f->message[i]), NULL));
	}
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	signatures_free(f->known);
	key_free(f->key);
	key_free(f->other);
	signer_free(f->signer);
	free(f);
	return 0;
}

static enum key_answer
ask(const struct fixture *f, const struct key *key, int message, int signature)
{
	return signatures_verify(f->known, key, span_text(f->message[message]),
	    span_of(f->signature[signature], COSE_SIGNATURE_BYTES));
}

/* Asked twice, in both orders: what holds is kept, and nothing else comes to hold by that. */
static void
only_what_holds_is_kept(void **state)
{
	struct fixture *f = *state;

	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(ask(f, f->key, 0, 1), KEY_FAILS);
		assert_int_equal(ask(f, f->other, 0, 0), KEY_FAILS);
		assert_int_equal(ask(f, f->key, 0, 0), KEY_HOLDS);
		assert_int_equal(ask(f, f->key, 1, 0), KEY_FAILS);
	}
	for (size_t bit = 0; bit < 8 * COSE_SIGNATURE_BYTES; bit++) {
		f->signature[0][bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(ask(f, f->key, 0, 0), KEY_FAILS);
		f->signature[0][bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_int_equal(signatures_verify(f->known, f->key, span_text(f->message[0]),
			     span_of(f->signature[0], COSE_SIGNATURE_BYTES - 1)),
	    KEY_FAILS);
}

static double
cpu_s_of_all(const struct fixture *f)
{
	const clock_t begun = clock();
	for (int i = 0; i < MESSAGES; i++)
		assert_int_equal(ask(f, f->key, i, i), KEY_HOLDS);
	return (double)(clock() - begun) / CLOCKS_PER_SEC;
}

static void
what_is_kept_is_not_worked_out_again(void **state)
{
	struct fixture *f = *state;

	double first = cpu_s_of_all(f), again = cpu_s_of_all(f);
	assert_true(again < first / 3); /* by processor time, and the difference is fiftyfold */
}

/* More of them than there is room for in one place: the oldest is worked out again. */
static void
what_fell_out_is_still_answered(void **state)
{
	struct fixture *f = *state;
	uint8_t first[SHA256_BYTES], hash[SHA256_BYTES];
	char text[MESSAGE_BYTES];
	int n = 0;

	sha256(first, span_text(f->message[0]));
	for (int i = 0; n < 9; i++) {
		snprintf(text, sizeof text, "%d", i);
		sha256(hash, span_text(text));
		if ((hash[0] & 0x0f) != (first[0] & 0x0f) || hash[1] != first[1])
			continue;
		memcpy(f->message[++n], text, sizeof text);
		assert_true(signer_ecdsa(f->signature[n], f->signer, span_text(text), NULL));
	}
	for (int twice = 0; twice < 2; twice++)
		for (int i = 0; i <= n; i++) {
			assert_int_equal(ask(f, f->key, i, i), KEY_HOLDS);
			assert_int_equal(ask(f, f->key, i, (i + 1) % n), KEY_FAILS);
		}
}

static void *
ask_all(void *ctx)
{
	const struct fixture *f = ctx;
	size_t wrong = 0;

	for (int i = 0; i < MESSAGES; i++)
		wrong += ask(f, f->key, i, i) != KEY_HOLDS ||
		    ask(f, f->key, i, (i + 1) % MESSAGES) != KEY_FAILS;
	return wrong == 0 ? ctx : NULL;
}

static void
threads_share_keys_and_signatures(void **state)
{
	pthread_t thread[6];
	void *answer;

	for (size_t i = 0; i < COUNT_OF(thread); i++)
		assert_int_equal(pthread_create(&thread[i], NULL, ask_all, *state), 0);
	for (size_t i = 0; i < COUNT_OF(thread); i++) {
		assert_int_equal(pthread_join(thread[i], &answer), 0);
		assert_ptr_equal(answer, *state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_what_holds_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_is_kept_is_not_worked_out_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_fell_out_is_still_answered, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    threads_share_keys_and_signatures, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
