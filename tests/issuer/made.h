/* Certificates that a workshop made. For tests only; what goes wrong ends the test. */
#ifndef TESTS_ISSUER_MADE_H
#define TESTS_ISSUER_MADE_H

#include "credential/cose_file.h"
#include "tests/issuer/workshop.h"

/* A certificate's file and what its proposal prints. */
struct made {
	struct buf pdf, cose;
	struct cose_file file; /* borrows cose, as what follows does */
	struct credential credential;
	struct chain_entry proposal;
};

/* NUMBER or NUMBER.v2; others find it genuine. Free with made_free(). */
void made_read(struct made *m, struct workshop *w, const char *file);
void made_free(struct made *m);

/* A number as it is stored, from how it is shown. */
void made_stored(char out[NUMBER_STORED_BYTES], const char *shown);
/* How many the register has. */
size_t made_count(struct workshop *w);
/* As after a crash between the third commit and the names. */
void made_take_names_away(const struct workshop *w, const char *file);

#endif
