/* --evidence F: the file in which qualverify keeps what it checked, and what its answers rest on. */
#ifndef VERIFIER_CLI_RECORD_H
#define VERIFIER_CLI_RECORD_H

#include "verifier/believed.h"
#include "verifier/cli/options.h"
#include "verifier/picture.h"

struct record;

/*
 * Begin, or NULL where none is asked for: then the others do nothing. What goes wrong ends the program with a sentence,
 * a path at which something stands before anything is checked.
 */
struct record *record_begin(const struct options *o, const struct believed *b);
/* A question about the input to come, and what was answered. */
void record_answer(struct record *r, const struct question *question, const struct answer *answer);
/* That input: what was handed in, and the codes that answered for it, or NULL. */
void record_input(
    struct record *r, const char *name, struct span input, const struct picture *picture);
/* It is on disk under its name; its SHA-256 is told on standard error. */
void record_end(struct record *r);

#endif
