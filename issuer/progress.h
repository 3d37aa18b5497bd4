/* How far something long has come, in bytes: one line on a terminal, renewed a few times a second. */
#ifndef ISSUER_PROGRESS_H
#define ISSUER_PROGRESS_H

#include "issuer/archive.h"

struct progress {
	bool wanted; /* somebody looks, and wants to see it */
	bool shown;
	int64_t next_ms;
};

/* Watch by this object, on stderr if that is a terminal and NO_COLOR is not set. It must outlive the watch. */
struct archive_watch progress_begin(struct progress *p);
/* Take the line away. */
void progress_end(struct progress *p);

/* archive_open(), watched. */
MUST_CHECK bool progress_archive(struct archive **out, const char *path, struct err *err);

#define PROGRESS_SIZE_BYTES 32
/* "45.2 MB" */
void progress_size(char out[PROGRESS_SIZE_BYTES], uint64_t bytes);

#endif
