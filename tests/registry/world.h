/*
 * A bureau whose acts after a backup were published and are lost for good: threats 20, 33, 34. Its register lives on
 * from the backup, on the floor of what was published last. For tests only; what goes wrong ends the test.
 */
#ifndef TESTS_REGISTRY_WORLD_H
#define TESTS_REGISTRY_WORLD_H

#include "registry/registry_parts.h"
#include "registry/registry_subject.h"
#include "tests/registry/ledger.h"

#define WORLD_LISTS 8

/* What happened: certificates, and the licences they led to. */
enum who_befell {
	QUIET = 0, /* nothing befell it */
	SUSPENDED, /* after the backup */
	REVOKED,   /* after the backup */
	LIFTED,    /* suspended before the backup, lifted after it */
	KNOWN,     /* suspended before the backup, and nothing since */
	LOST,      /* made after the backup */
	CERTIFICATES
};

struct world {
	struct ledger lost; /* the register that is lost */
	struct ledger now;  /* the one that lives on, of the same bureau */
	struct road cases[CERTIFICATES], licences[CERTIFICATES];
	struct road pending;  /* proposed before the backup, made after it */
	struct road reserved; /* proposed after the backup */
	char published[128], backup[128];
	struct buf checkpoint;
	struct snapshot_parts parts[WORLD_LISTS]; /* as published */
	int64_t iat_s;
};

void world_open(struct world *w);
void world_close(struct world *w);
/* The lost register goes on and publishes again, under this number. */
void world_publish_again(struct world *w, uint64_t seq);

/* An act for either register, later than all that was published; what became of it. */
struct registry_item world_sign(
    struct ledger *l, enum signer who, const char *subject, const struct act_body *body);
struct registry_item world_on_register(
    struct ledger *l, enum signer who, const struct act_body *body);
void world_must(struct registry_item item);
/* Not done, by this rule; `row` says what was tried. */
void world_refused(struct registry_item item, const char *rule, const char *row);

/* What the two officers would accept. */
struct act_body world_loss(struct world *w);
/* Of the newest act on the subject. */
struct act_body world_approval(struct ledger *l, const char *subject);
/* Proposed and approved: the loss; an order from now on. */
void world_accept_loss(struct world *w);
void world_order(struct ledger *l, const struct road *r, enum act_kind kind);

/* What the register that lives on shows of a certificate a day later. */
enum status world_status(struct world *w, const struct road *r);
/* What it says of a licence; s: registry_subject_free(). */
struct licence_state world_licence(
    struct registry_subject *s, struct world *w, const struct road *r);

#endif
