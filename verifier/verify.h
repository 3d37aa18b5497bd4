/*
 * The road back: bytes -> credential -> signature -> trust -> register -> status -> answer
 * (formats: verifying, in order). Reads nothing but its arguments; asks no clock and no network.
 */
#ifndef VERIFIER_VERIFY_H
#define VERIFIER_VERIFY_H

#include "verifier/answer.h"
#include "verifier/published.h"

/*
 * Newer word from the register itself (the daemon beside it): entries of a slot's history recorded after
 * the snapshot. It can only worsen the answer. NULL: none.
 */
struct live {
	void *ctx;
	/* The slot's entries, in the order of recording, borrowed during the call; 0 if there are none. */
	size_t (*entries)(void *ctx, uint16_t list, uint16_t idx, const struct history_entry **out);
};

/*
 * Answer one question about one input: a PDF, the text of a code, or a `.cose` file.
 *
 * False only if we could not do the job (ERR_MEMORY); whatever the input is, is an answer.
 */
MUST_CHECK bool verify(struct answer *out, const struct question *question,
    struct published *published, const struct live *live, struct span input, struct err *err);

/*
 * The answer about a PDF that is not at hand, from its attachment (the `.cose` file) and its SHA-256 alone: the same
 * as of the PDF, where its seal holds, its key was not stolen and its time-stamp, if there is one, counts.
 */
MUST_CHECK bool verify_attachment(struct answer *out, const struct question *question,
    struct published *published, struct span attachment, const uint8_t pdf_sha256[SHA256_BYTES],
    struct err *err);

/* The answer where a register was asked for a number and a check code and has no such certificate. */
void verify_no_such(
    struct answer *out, const struct question *question, const struct published *published);

/* Does it begin as the text of a code does? */
bool verify_is_code(struct span input);

/*
 * PNG or JPEG? A photograph of a certificate is not one, and yet no reason to reject anything: whoever gave
 * it is asked for the file or the code.
 */
bool verify_is_picture(struct span input);

#endif
