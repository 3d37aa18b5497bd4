/* A bureau with one certificate, and others that follow it. For tests only; what goes wrong ends the test. */
#ifndef TESTS_ISSUER_SHOP_H
#define TESTS_ISSUER_SHOP_H

#include "registry/registry_licence.h"
#include "tests/issuer/made.h"

/* A bureau with one certificate, some days old. */
struct shop {
	struct workshop w;
	char number[NUMBER_SHOWN_BYTES], stored[NUMBER_STORED_BYTES];
};

/* A shop as the state of a test. */
int shop_standard(void **state);
int shop_small(void **state);
int shop_close(void **state);

/* An order on the certificate, from today on. */
struct issue_wish shop_wish(const struct shop *s, enum act_kind kind, const char *ground);
/* Propose it, with the paper of a change or NULL; false with what refused it. */
bool shop_propose(struct shop *s, struct issue_wish wish, const char *paper, struct err *why);
void shop_approve(struct shop *s);
/* An answer to the newest act on a subject; false with what refused it. */
bool shop_answers(struct shop *s, const char *subject, enum act_kind kind, struct err *why);
struct issue_item shop_make(struct shop *s);
/* All of it: propose, approve, make. */
struct issue_item shop_follow(
    struct shop *s, enum act_kind kind, const char *ground, const char *paper);

/* The file of version 2; until the next call. */
const char *shop_second(const struct shop *s);
/* What a certificate is at this time by the register. */
struct licence_moment shop_moment(
    struct shop *s, const char *stored, unsigned version, int64_t on_s);
/* All tables, computed again from the acts, are what they were. */
void shop_rebuild(struct shop *s);

#endif
