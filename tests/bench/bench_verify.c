/*
 * bench_verify N [THREADS]: N verifications of an ECDSA P-256 signature, as openssl speed makes them: everything
 * fetched and parsed before, the digest ready, a context for each thread. On all processors, or so many
 * threads.
 */
#include "tests/bench/measure.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>

#define THREADS_MOST 64

struct signed_digest {
	EVP_PKEY *key;
	uint8_t digest[32], der[80];
	size_t der_len;
	unsigned long long n; /* for each thread */
};

static void
must(int done)
{
	if (done != 1)
		abort();
}

static void
sign(struct signed_digest *s)
{
	s->key = EVP_EC_gen("P-256");
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(s->key, NULL);

	memset(s->digest, 7, sizeof s->digest);
	s->der_len = sizeof s->der;
	must(EVP_PKEY_sign_init(ctx));
	must(EVP_PKEY_sign(ctx, s->der, &s->der_len, s->digest, sizeof s->digest));
	EVP_PKEY_CTX_free(ctx);
}

static void *
verify(void *arg)
{
	const struct signed_digest *s = arg;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(s->key, NULL);

	must(EVP_PKEY_verify_init(ctx));
	for (unsigned long long i = 0; i < s->n; i++)
		must(EVP_PKEY_verify(ctx, s->der, s->der_len, s->digest, sizeof s->digest));
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

static size_t
processors(void)
{
	cpu_set_t set;
	return sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

int
main(int argc, char **argv)
{
	pthread_t thread[THREADS_MOST];
	struct signed_digest s = { .key = NULL };

	if (argc != 2 && argc != 3) {
		fputs("bench_verify N [THREADS]\n", stderr);
		return EXIT_FAILURE;
	}
	size_t threads = argc == 3 ? strtoul(argv[2], NULL, 10) : processors();
	if (threads < 1 || threads > THREADS_MOST)
		return EXIT_FAILURE;
	sign(&s);
	s.n = strtoull(argv[1], NULL, 10) / threads;
	const struct measure begun = measure_begin();
	for (size_t i = 0; i < threads; i++)
		must(pthread_create(&thread[i], NULL, verify, &s) == 0);
	for (size_t i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	measure_end(&begun, s.n * threads);
	EVP_PKEY_free(s.key);
	return EXIT_SUCCESS;
}
