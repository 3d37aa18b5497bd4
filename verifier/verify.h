/*
 * The road back: bytes -> credential -> signature -> trust -> register -> status -> answer
 * (formats: verifying, in order). Reads nothing but its arguments; asks no clock and no network.
 */
#ifndef VERIFIER_VERIFY_H
#define VERIFIER_VERIFY_H

#include "verifier/answer.h"
#include "verifier/picture.h"
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

/* The answer about what has more than LIMIT_PDF_BYTES, which no certificate has. It is not read, nor hashed. */
void verify_too_long(
    struct answer *out, const struct question *question, struct published *published);

/* The answer where a register was asked for a number and a check code and has no such certificate. */
void verify_no_such(
    struct answer *out, const struct question *question, const struct published *published);

/* Does it begin as the text of a code does, behind a byte order mark and blanks? */
bool verify_is_code(struct span input);

/*
 * The same of a picture, or of a PDF taken for one, whose codes were read: it is answered as its code is, if all its
 * codes are the same. The answer says nothing of the page: paper and code are for people to compare.
 */
MUST_CHECK bool verify_picture(struct answer *out, const struct question *question,
    struct published *published, const struct live *live, const struct picture *picture,
    struct err *err);

/* Say beside the verdict of a failed file (answer_is_failed_file) what the code on its page is worth, given its answer. */
void verify_show_code(struct answer *file, const struct answer *code);

/* PNG or JPEG? */
bool verify_is_picture(struct span input);
/* A picture that nobody here reads: WebP, HEIC, AVIF, GIF, BMP or TIFF? It is no certificate, nor is it none. */
bool verify_is_other_picture(struct span input);
/* A PDF without any /ByteRange: nobody ever sealed it, and so it may be the picture of a paper. */
bool verify_is_scan(struct span input);

#endif
