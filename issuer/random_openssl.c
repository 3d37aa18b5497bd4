#include "issuer/random.h"

#include <openssl/rand.h>

bool
random_bytes(uint8_t *out, size_t n, struct err *err)
{
	return RAND_bytes_ex(NULL, out, n, 0) == 1 ||
	    err_set(err, ERR_CRYPTO, "the system gives no random bytes");
}
