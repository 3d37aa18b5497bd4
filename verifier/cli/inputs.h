/*
 * What is handed in, one by one: files, the text of a code, "-" for standard input, and a folder for the certificates
 * in it and below, which are files that end in .pdf .cose .png .jpg .jpeg or .txt, in the order of their paths, byte by
 * byte. Only the paths are held, not what they name.
 *
 * Folders are somebody else's: no symbolic link in them is followed, names are any bytes, and what is there may be
 * gone, or be another thing, when it is opened.
 */
#ifndef VERIFIER_CLI_INPUTS_H
#define VERIFIER_CLI_INPUTS_H

#include "core/buf.h"
#include "core/lang.h"

/* Why an input cannot be read; none: try. */
enum trouble {
	TROUBLE_NONE = 0,
	TROUBLE_EMPTY_FOLDER,
	TROUBLE_FOLDER,
	TROUBLE_TOO_DEEP,
	TROUBLE_LINK
};

struct input {
	char *name; /* owned */
	enum trouble trouble;
};

/* A zeroed one is empty. */
struct inputs {
	struct input *items; /* owned */
	size_t n;
	bool folders; /* there was a folder among them */
};

/*
 * Add what a word of the command line stands for. A folder without certificates is an input with trouble; so is what
 * lies too deep in it, a sub-folder that cannot be read, or a symbolic link that looks like a certificate.
 *
 * ERR_LIMIT   more than LIMIT_BATCH of them in folders
 * ERR_MEMORY
 */
MUST_CHECK bool inputs_add(struct inputs *in, const char *word, struct err *err);
void inputs_free(struct inputs *in);

/*
 * Append the bytes of an input without trouble. ERR_NOT_FOUND; ERR_LIMIT: it has more than LIMIT_PDF_BYTES, and only
 * its first bytes were appended, enough to see what it is; ERR_IO: it cannot be read, or is no regular file: nothing waits for a pipe.
 */
MUST_CHECK bool inputs_read(struct buf *out, const struct input *input, struct err *err);

/* Append why an input could not be read: its trouble, or the error. Without a full stop. */
void inputs_explain(
    struct buf *out, const struct input *input, const struct err *err, enum lang lang);

#endif
