/* Every change of status that lookup.db holds, in memory, found by slot. Read only: threads may share it. */
#ifndef VERIFIER_DAEMON_CHANGES_H
#define VERIFIER_DAEMON_CHANGES_H

#include "registry/lookup.h"

struct changes;

MUST_CHECK bool changes_read(struct changes **out, struct lookup *l, struct err *err);
void changes_free(struct changes *c);

/* How many acts of the log they reflect. */
uint64_t changes_log_size(const struct changes *c);

/* The slot's entries in the order of recording, borrowed; 0 if there are none. `ctx` is a struct changes. */
size_t changes_of_slot(void *ctx, uint16_t list, uint16_t idx, const struct history_entry **out);

#endif
