/* Whom qualverify believes: the bureau its options name, or every root set of the usual places. */
#ifndef VERIFIER_CLI_WHOM_H
#define VERIFIER_CLI_WHOM_H

#include "verifier/believed.h"
#include "verifier/cli/options.h"

struct whom;

/* Ends the program with a sentence where nobody, or nothing that can be used, is believed. */
struct whom *whom_open(const struct options *o);
void whom_free(struct whom *w);

const struct believed *whom_believed(const struct whom *w);

/* The exit status (sysexits) for what went wrong with a file of ours. */
int whom_exit_of(const struct err *err);

#endif
