#include "credential/sha256.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

/*
 * EVP_sha256() looks the algorithm up again at every use; this looks it up once for the process. It
 * is written under pthread_once and only read afterwards.
 */
static const EVP_MD *algorithm;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void
must(bool done)
{
	if (!done)
		abort(); /* not assert(): a wrong hash must not leave a release build either */
}

static void
fetch(void)
{
	algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	must(algorithm != NULL);
}

struct sha256 *
sha256_new(void)
{
	must(pthread_once(&fetched, fetch) == 0);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	must(ctx != NULL && EVP_DigestInit_ex2(ctx, algorithm, NULL) == 1);
	return (struct sha256 *)ctx;
}

struct sha256 *
sha256_copy(const struct sha256 *h)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	must(ctx != NULL && EVP_MD_CTX_copy_ex(ctx, (const EVP_MD_CTX *)h) == 1);
	return (struct sha256 *)ctx;
}

void
sha256_update(struct sha256 *h, struct span in)
{
	must(EVP_DigestUpdate((EVP_MD_CTX *)h, in.ptr, in.len) == 1);
}

void
sha256_final(struct sha256 *h, uint8_t out[SHA256_BYTES])
{
	must(EVP_DigestFinal_ex((EVP_MD_CTX *)h, out, NULL) == 1);
	sha256_free(h);
}

void
sha256_free(struct sha256 *h)
{
	EVP_MD_CTX_free((EVP_MD_CTX *)h);
}

void
sha256_two(uint8_t out[SHA256_BYTES], struct span first, struct span second)
{
	struct sha256 *h = sha256_new();

	sha256_update(h, first);
	sha256_update(h, second);
	sha256_final(h, out);
}

void
sha256(uint8_t out[SHA256_BYTES], struct span in)
{
	sha256_two(out, in, (struct span){ NULL, 0 });
}
