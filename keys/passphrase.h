/*
 * Passphrases: from a person at the terminal, a descriptor, or a file; never from the command line or the
 * environment, where others can read them. Wiped by buf_wipe(), which is the caller's to call.
 */
#ifndef KEYS_PASSPHRASE_H
#define KEYS_PASSPHRASE_H

#include "core/buf.h"

#define PASSPHRASE_MIN_BYTES 8 /* of a new one */

enum passphrase_from {
	PASSPHRASE_TERMINAL = 0, /* asked on /dev/tty, echo off */
	PASSPHRASE_FD,  /* one line of an open descriptor; the next key reads the next line */
	PASSPHRASE_FILE /* the first line of a file: regular, 0600, one's own, not a link */
};

struct passphrase_source {
	enum passphrase_from from;
	int fd;           /* PASSPHRASE_FD */
	const char *path; /* PASSPHRASE_FILE */
};

/*
 * One passphrase, without its line end.
 *   out     empty; for the caller to buf_wipe()
 *   prompt  shown at a terminal: "Passphrase of keys/seal.pem: "
 *
 * ERR_IO       no terminal, or a file that cannot be read
 * ERR_REFUSED  a file that others could read, or one that is empty
 * ERR_LIMIT    longer than LIMIT_PASSPHRASE_BYTES
 */
MUST_CHECK bool passphrase_read(
    struct buf *out, const struct passphrase_source *source, const char *prompt, struct err *err);

/*
 * The passphrase of a new key: asked twice at a terminal.
 * ERR_REFUSED  shorter than PASSPHRASE_MIN_BYTES, or the two differ
 */
MUST_CHECK bool passphrase_read_new(
    struct buf *out, const struct passphrase_source *source, const char *prompt, struct err *err);

#endif
