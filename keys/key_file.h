/*
 * Private keys on disk: PKCS#8 in PEM, encrypted (RFC 8018 PBES2, RFC 7914 scrypt, AES-256-CBC). The
 * openssl command reads the light ones; the others are beyond the memory it allows. A file that others
 * could read or replace is refused (keys/secret_file.h).
 */
#ifndef KEYS_KEY_FILE_H
#define KEYS_KEY_FILE_H

#include "keys/passphrase.h"
#include "keys/signer.h"

/* What one guess at the passphrase costs (scrypt N, r = 8, p = 1). */
enum key_file_cost {
	KEY_FILE_STANDARD = 0, /* N = 2^17: 128 MiB and a third of a second */
	KEY_FILE_LIGHT         /* N = 2^12: for tests and the demonstration */
};

/*
 * Write a key, mode 0600. ERR_CONFLICT if there is anything at `path`: no key is ever replaced.
 * ERR_REFUSED: the passphrase is shorter than PASSPHRASE_MIN_BYTES.
 */
MUST_CHECK bool key_file_write(const char *path, const struct signer *s, struct span passphrase,
    enum key_file_cost cost, struct err *err);

/*
 *   out  new object; signer_free(). NULL on failure.
 *
 * ERR_REFUSED    a file that others could read or replace; one that is not encrypted
 * ERR_CRYPTO     wrong passphrase
 * ERR_MALFORMED  not a key file, a key of another kind, or one that asks for more than N = 2^17
 */
MUST_CHECK bool key_file_open(
    struct signer **out, const char *path, struct span passphrase, struct err *err);

/* The same with the passphrase from its source. At a terminal a second try is given, and no third. */
MUST_CHECK bool key_file_unlock(
    struct signer **out, const char *path, const struct passphrase_source *source, struct err *err);

#endif
