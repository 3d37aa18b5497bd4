/* What the command line of qualverify asks. Mistakes end the program with a sentence and EX_USAGE. */
#ifndef VERIFIER_CLI_OPTIONS_H
#define VERIFIER_CLI_OPTIONS_H

#include "core/buf.h"
#include "verifier/answer.h"

#define OPTIONS_DATES 64

struct options {
	const char *root, *public_folder;  /* NULL: the usual places */
	struct buf root_path, public_path; /* when made from --bureau */
	struct question question;
	/* The question is put once for each; none: for now. */
	int64_t at_s[OPTIONS_DATES];
	bool at_whole[OPTIONS_DATES];
	size_t n_at;
	bool scan;           /* a PDF without any seal may be a scan */
	const char *bidders; /* table of who is expected in which file, or NULL */
	bool json, csv, quiet, colour;
	const char *evidence; /* the file to keep it in, or NULL */
	enum lang lang;
	char **inputs;
	size_t n_inputs;
};

void options_parse(struct options *o, int argc, char **argv);
void options_free(struct options *o);

/* The question about the i-th date, i below options_dates(). */
size_t options_dates(const struct options *o);
struct question options_question(const struct options *o, size_t i);

/* zh or en, else ends the program; NULL: as the environment says. */
enum lang options_lang(const char *word);

/* End with "qualverify: SENTENCE" on standard error. */
void options_fail(int code, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));
void options_usage(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
