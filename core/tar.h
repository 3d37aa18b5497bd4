/*
 * Headers of a tar archive (POSIX.1-2017 pax, ustar), in one form only: a regular file of mode 0640 under
 * a short name, of nobody. What we write every tar reads; what we read has exactly the bytes we write.
 */
#ifndef CORE_TAR_H
#define CORE_TAR_H

#include "core/buf.h"
#include "core/cursor.h"

#define TAR_BLOCK_BYTES 512
#define TAR_NAME_BYTES 100 /* longest name, and NUL */
/* Beyond the 8 GiB of eleven octal digits a size is written in base 256, as GNU tar and libarchive do. */
#define TAR_SIZE_MAX INT64_MAX
#define TAR_TIME_MAX 077777777777 /* eleven octal digits */

struct tar_header {
	char name[TAR_NAME_BYTES]; /* not empty */
	uint64_t size;             /* of the content, at most TAR_SIZE_MAX */
	int64_t time_s;            /* of its last change: 0 to TAR_TIME_MAX */
};

/* One block. Behind it come the content and, up to a whole number of blocks, zeros. */
void tar_header_encode(uint8_t out[TAR_BLOCK_BYTES], const struct tar_header *header);

/* ERR_MALFORMED  not the very bytes that tar_header_encode() writes for some header */
MUST_CHECK bool tar_header_parse(
    struct tar_header *out, const uint8_t block[TAR_BLOCK_BYTES], struct err *err);

/* How many zeros follow a content of this size. */
size_t tar_padding(uint64_t size);

/* Two blocks of zeros end an archive. Is this one? */
bool tar_is_zeros(const uint8_t block[TAR_BLOCK_BYTES]);

/* ---- members whose content is at hand ---- */

/* Append a whole member, and the end of the archive. */
void tar_put(struct buf *out, const char *name, struct span content, int64_t time_s);
void tar_put_end(struct buf *out);

/*
 * The next whole member; its content is borrowed from what the cursor is over.
 * ERR_MALFORMED  no header as above, cut short, or something else than zeros behind the content
 */
MUST_CHECK bool tar_take(
    struct tar_header *out, struct span *content, struct cursor *c, struct err *err);
/* Is what is left the end, and nothing behind it? */
bool tar_take_end(struct cursor *c);

#endif
