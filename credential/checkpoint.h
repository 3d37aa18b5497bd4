/*
 * C2SP checkpoints: the text of a signed note that says how large a log is and what its root is.
 * Without extension lines.
 */
#ifndef CREDENTIAL_CHECKPOINT_H
#define CREDENTIAL_CHECKPOINT_H

#include "core/buf.h"
#include "credential/merkle.h"

struct checkpoint {
	struct span origin; /* borrowed; also the name of the log's key */
	uint64_t size;
	struct merkle_hash root;
};

/* `text` is the text of a note. ERR_MALFORMED for anything else than the three lines. */
MUST_CHECK bool checkpoint_parse(struct checkpoint *out, struct span text, struct err *err);
/* The checkpoint in a signed note, whose signatures are not looked at; borrows from it. */
MUST_CHECK bool checkpoint_parse_note(struct checkpoint *out, struct span note, struct err *err);
void checkpoint_encode(struct buf *out, const struct checkpoint *c);

#endif
