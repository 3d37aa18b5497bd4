/* What qualverify prints about its inputs, and what it ends with. */
#ifndef VERIFIER_CLI_REPORT_H
#define VERIFIER_CLI_REPORT_H

#include "verifier/cli/options.h"

/* What became of all inputs. */
struct report {
	size_t valid, compare, rejected, undetermined, unusable;
	int error; /* sysexits of the first input that could not be used; 0: none */
};

/* One answer on standard output, in full if it is the only one, else in a line; and counted. */
void report_answer(struct report *r, const struct options *o, const struct answer *a,
    const char *input, bool many);

/* An input that could not be read or used: a sentence on standard error, and counted. */
void report_unusable(struct report *r, int code, const char *input, const char *sentence);

void report_summary(const struct report *r, const struct options *o);

/*
 * 64 and above if any input could not be read or used (sysexits); else 1 if any is NOT VALID; else 2 if
 * any is CANNOT TELL; else 0.
 */
int report_exit_code(const struct report *r);

#endif
