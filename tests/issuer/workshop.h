/*
 * A whole bureau in a folder of its own, made like any other, and what its officers do in it. For tests
 * only; what goes wrong ends the test.
 */
#ifndef TESTS_ISSUER_WORKSHOP_H
#define TESTS_ISSUER_WORKSHOP_H

#include "core/err.h"
#include "issuer/bureau.h"
#include "issuer/issue.h"
#include "tests/issuer/workshop_keys.h"
#include "tests/test.h"

/* A call that must do its job; the error is named `err` inside. */
#define REQUIRE(call)                                                                              \
	do {                                                                                       \
		struct err err = { 0 };                                                            \
		if (!(call))                                                                       \
			fail_msg("%s: %s", #call, err.text);                                       \
	} while (0)

struct workshop {
	char folder[64];
	bool small; /* policy: the grant is in the issue proposal */
	struct workshop_keys keys;
	struct bureau *bureau;
	int64_t now_s;  /* after each act it is pace_s later */
	int64_t pace_s; /* a minute, if the test does not say otherwise */
};

/* policy: "standard" or "small". */
void workshop_open(struct workshop *w, const char *policy);
/* Close the bureau and remove the folder. */
void workshop_close(struct workshop *w);
/* Close the bureau and open it again. */
void workshop_reopen(struct workshop *w);
/* A workshop as the state of a test. */
int workshop_standard(void **state);
int workshop_small(void **state);
int workshop_end(void **state);

/* An application that is an example with some fields changed; NULL and zeros: as it is. */
struct workshop_wish {
	const char *example;   /* "star-bridge" */
	const char *holder;    /* in Chinese; the English name is left out then */
	const char *scopes[9]; /* ends with a NULL */
	const char *type, *of; /* "renewal", and the number of the licence it is about */
};

/* Take a new case to where an issue can be proposed; its subject. */
void workshop_case(
    char subject[ACT_SUBJECT_BYTES + 1], struct workshop *w, const struct workshop_wish *wish);

/* Propose what is wished, by the officer who issues; false with what refused it. */
bool workshop_wish(struct workshop *w, const struct issue_wish *wish, struct err *err);
/* Propose the issue; false with what refused it. */
bool workshop_propose(struct workshop *w, const char *subject, struct err *err);
/* Answer the newest act of a subject. */
void workshop_approve(struct workshop *w, enum workshop_officer who, const char *subject);
/* Make what the newest proposal on a subject says; false with what refused it. */
bool workshop_make(
    struct issue_item *out, struct workshop *w, const char *subject, struct err *why);
/* The same; the number alone. */
bool workshop_number(
    char number[NUMBER_SHOWN_BYTES], struct workshop *w, const char *subject, struct err *err);
/* A new case to where it can be made: approved by two. */
void workshop_approved(char subject[ACT_SUBJECT_BYTES + 1], struct workshop *w);
/* All of it, to the certificate; its number as shown. */
void workshop_issue(
    char number[NUMBER_SHOWN_BYTES], struct workshop *w, const struct workshop_wish *wish);
/* Propose, and have approved, a sanction on a certificate from now on. */
void workshop_sanction(struct workshop *w, const char *number, enum act_kind kind);

/* Record an act of an officer, or of the machine (-1); false with what refused it. */
bool workshop_try(
    struct workshop *w, int who, const char *subject, const struct act_body *body, struct err *err);

/* A file below the folder, appended. False if it is not there. */
bool workshop_read(struct buf *out, const struct workshop *w, const char *name);
/* Files in a folder below the folder, subfolders not counted. */
size_t workshop_count(const struct workshop *w, const char *folder);
void workshop_write(const struct workshop *w, const char *name, struct span bytes);
/* One of its files to another name, in place of what was there; and away with one, if it is there. */
void workshop_copy(const struct workshop *w, const char *from, const char *to);
void workshop_remove(const struct workshop *w, const char *name);

#endif
