/*
 * A bureau's site as a shelf. What is held already is asked for by its ETag, and taken from where it is held if the
 * server says that it is the same.
 */
#ifndef VERIFIER_FETCH_SHELF_H
#define VERIFIER_FETCH_SHELF_H

#include "credential/sha256.h"
#include "verifier/fetch.h"
#include "verifier/shelf.h"

/* An ETag, and of which bytes it was told. */
struct fetch_tag {
	char name[96];
	uint8_t hash[SHA256_BYTES];
	char etag[FETCH_ETAG_BYTES];
};

struct fetch_shelf {
	struct fetch *fetch;    /* borrowed */
	struct shelf held;      /* what was fetched before */
	struct fetch_tag *tags; /* of files held, or fetched now */
	size_t n, room;
	/* The last file that did not come, and why; empty name: each did, or is not there. */
	char missed[96];
	enum fetch_status why;
	struct buf detail;
};

/*
 * A shelf that reads through this. A file that is longer than it may be, or not there, is not found; a server that
 * cannot be asked is ERR_IO, and told in missed, why and detail.
 */
struct shelf fetch_shelf(struct fetch_shelf *f);
void fetch_shelf_free(struct fetch_shelf *f);

/* Tags as they are written down, for this address; what was of another address is not read. */
void fetch_tags_encode(struct buf *out, const struct fetch_shelf *f, const char *url);
/* ERR_MALFORMED, ERR_MEMORY: there are none then. */
MUST_CHECK bool fetch_tags_parse(
    struct fetch_shelf *out, struct span text, const char *url, struct err *err);

#endif
