/*
 * Where the files a bureau publishes are read from: a folder, an archive, another machine. Whoever reads
 * knows names alone ("v1/snapshot"); what comes is believed as far as its signatures go.
 */
#ifndef VERIFIER_SHELF_H
#define VERIFIER_SHELF_H

#include "core/buf.h"

/* A plain value; what it points at must outlive every use. Zeroed: nothing lies on it. */
struct shelf {
	bool (*read)(const struct shelf *self, struct buf *out, bool *found, const char *name,
	    size_t max, struct err *err);
	const char *folder; /* these two are for the reader alone */
	void *ctx;
};

/*
 * Append the file of this name. *found is false, and nothing is an error, if it is not there or longer than
 * max bytes: it is none of ours. ERR_IO, ERR_MEMORY.
 */
MUST_CHECK bool shelf_read(struct buf *out, bool *found, const struct shelf *shelf,
    const char *name, size_t max, struct err *err);

/* A folder laid out like a bureau's web site; its path is borrowed. NULL: nothing lies on it. */
struct shelf shelf_folder(const char *path);

/* Files at hand, by name in ascending order. */
struct shelf_file {
	char name[96];
	struct span bytes;
};
struct shelf_files {
	struct shelf_file *files;
	size_t n;
};
struct shelf shelf_held(struct shelf_files *files);

/*
 * What was read, in the order in which it was first read, each file once: of the very bytes that an answer
 * rests on evidence is made, and a copy is kept of what was fetched.
 */
struct shelf_copy {
	char name[96];
	struct buf bytes;
};
struct shelf_copies {
	struct shelf from;
	struct shelf_copy *copies;
	size_t n, room;
};
/* A shelf that reads from copies->from and keeps what was found; one thread at a time. */
struct shelf shelf_copying(struct shelf_copies *copies);
void shelf_copies_free(struct shelf_copies *copies);

#endif
