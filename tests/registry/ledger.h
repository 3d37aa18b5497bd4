/*
 * A register on disk, in a folder of its own, with the acts of roads in it. For tests only; what goes
 * wrong ends the test.
 */
#ifndef TESTS_REGISTRY_LEDGER_H
#define TESTS_REGISTRY_LEDGER_H

#include "registry/registry.h"
#include "registry/registry_find.h"
#include "tests/registry/road.h"

#define LEDGER_ROADS 400

/* A call that must do its job; the error is named `err` inside. */
#define REQUIRE(call)                                                                              \
	do {                                                                                       \
		struct err err = { 0 };                                                            \
		if (!(call))                                                                       \
			fail_msg("%s: %s", #call, err.text);                                       \
	} while (0)

struct ledger {
	struct bureau *bureau;
	char dir[64];
	char db[96], second[96], lookup[96];
	struct registry_config config;
	struct registry *registry;
	unsigned roads; /* opened so far */
};

/* A new folder with a register whose first act is recorded. */
void ledger_open(struct ledger *l, const char *policy);
/* Close it and remove the folder. */
void ledger_close(struct ledger *l);
/* Close and open the registry again, by the same configuration. */
void ledger_reopen(struct ledger *l);

/* A case of its own, with its own number and slot, at the register's time. */
void ledger_case(struct ledger *l, struct road *r);
/* The licence that an issued case led to. */
void ledger_licence(struct ledger *l, struct road *r, const struct road *of);
/* Record what the road has from this act on, one sitting each. */
void ledger_record(struct ledger *l, const struct road *r, size_t from);
/* Take a new case to a stage and record all of it. */
void ledger_case_to(struct ledger *l, struct road *r, enum case_stage stage);
/* The sanction and its approval, recorded. */
void ledger_sanction(struct ledger *l, struct road *licence, enum act_kind kind);

/* One item; the answer is in it. */
struct registry_item ledger_append(struct ledger *l, struct span act, int64_t now_s);

/* Append the trust bundle after the bureau's first; NULL: everything is as it was. */
struct ledger_theft {
	enum signer who; /* whose key it reports stolen */
	int64_t since_s;
};
void ledger_next_bundle(
    struct buf *out, const struct ledger *l, uint64_t seq, const struct ledger_theft *theft);
/* The answer is in the item. */
struct registry_item ledger_adopt(struct ledger *l, struct span bundle, enum signer who);

struct registry_head ledger_head(struct ledger *l);
/* All projections as text, appended. */
void ledger_dump(struct buf *out, struct registry *r);
/* The tables follow from the acts. */
void ledger_rebuilds_alike(struct ledger *l);
/* Run this as somebody with a file of the folder open: what an insider does. */
void ledger_sql(const char *path, const char *script);
/* Copy a file over another. */
void ledger_copy(const char *from, const char *to);

#endif
