/*
 * The usual places of whoever names none: the root sets he chose to believe, the public files he holds of each, and
 * what is remembered. XDG's folders, and the system's own for all its users.
 */
#ifndef VERIFIER_USUAL_H
#define VERIFIER_USUAL_H

#include "core/buf.h"
#include "credential/sha256.h"

#define USUAL_NAME_BYTES 65
#define USUAL_ROOTS 64 /* a State bureau, its 31 provincial ones, and a few of others */

#define USUAL_SYSTEM_ROOTS "/etc/qualcert/roots"
#define USUAL_SYSTEM_FILES "/var/lib/qualcert"

struct usual_root {
	char name[USUAL_NAME_BYTES]; /* NAME of NAME.cose */
	bool of_system;              /* from USUAL_SYSTEM_ROOTS */
	struct buf path;             /* of the root file */
	struct buf file;             /* its bytes: signed by its three roots */
	uint8_t fingerprint[SHA256_BYTES];
};

/* The root sets believed, by name; a set that lies in both places stands once, under the user's name for it. */
struct usual_roots {
	struct usual_root root[USUAL_ROOTS];
	size_t n;
};

/*
 * Read them all. A file there that is no root set is an error that names it: under the others alone a certificate of
 * its bureau would read as a stranger's. ERR_MALFORMED, ERR_CRYPTO, ERR_LIMIT (too many), ERR_IO.
 */
MUST_CHECK bool usual_read_roots(struct usual_roots *out, struct err *err);
void usual_free_roots(struct usual_roots *roots);
/* NULL: none has this name. */
const struct usual_root *usual_find(const struct usual_roots *roots, const char *name);

/* Letters, digits, "-", "_" and ".", beginning with a letter or a digit; shorter than USUAL_NAME_BYTES. */
bool usual_name_fits(const char *name);
/* Append where the user's own root sets lie; nothing if there is no home. */
void usual_roots_folder(struct buf *out);

/*
 * Append the folder of a root set's public files.
 *   to read   the user's or the system's, whichever holds the newer snapshot
 *   to write  the system's where that exists and may be written, else the user's
 * Nothing if there is no such place.
 */
void usual_files_to_read(struct buf *out, const uint8_t fingerprint[SHA256_BYTES]);
void usual_files_to_write(struct buf *out, const uint8_t fingerprint[SHA256_BYTES]);

/* Append a fingerprint in groups of four digits. */
void usual_fingerprint(struct buf *out, const uint8_t fingerprint[SHA256_BYTES]);
/* Is it what somebody typed or pasted: digits of either case, in groups or not? */
bool usual_fingerprint_is(const char *typed, const uint8_t fingerprint[SHA256_BYTES]);

#endif
