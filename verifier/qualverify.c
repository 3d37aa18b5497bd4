/* qualverify: is this certificate genuine and in force? Arguments, files and printing; verify() decides. */
#include "core/file.h"
#include "verifier/believed.h"
#include "verifier/cli/evidence.h"
#include "verifier/cli/record.h"
#include "verifier/cli/report.h"
#include "verifier/cli/trust.h"
#include "verifier/cli/update.h"
#include "verifier/cli/whom.h"
#include "verifier/verify.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

/* The bytes of an input: of the file it names, of standard input, or the text of a code itself. */
static bool
read_input(struct buf *out, const char *input, struct err *err)
{
	if (strcmp(input, "-") == 0)
		return file_read_fd(out, STDIN_FILENO, LIMIT_PDF_BYTES + 1, err);
	if (strncmp(input, "https://", 8) == 0) {
		buf_add_text(out, input);
		return buf_ok(out, err);
	}
	return file_read(out, input, LIMIT_PDF_BYTES + 1, err);
}

/* What is asked, about what. */
struct asked {
	struct question question;
	struct span input;
	const struct picture
	    *picture; /* the input's, where its codes are to answer for it; NULL: they are not */
};

static bool
judge(struct answer *out, struct published *published, const void *input, struct err *err)
{
	const struct asked *asked = input;

	return asked->picture != NULL
	    ? verify_picture(out, &asked->question, published, NULL, asked->picture, err)
	    : verify(out, &asked->question, published, NULL, asked->input, err);
}

static void
ask(struct answer *out, const struct believed *b, const struct asked *asked)
{
	struct err err = { 0 };

	if (!believed_ask(out, NULL, b, judge, asked, &err))
		options_fail(EX_OSERR, "%s", err.text);
}

/* What the code on the page of a failed file says, to be told beside it. The verdict stands without it. */
static void
show_code(struct answer *a, const struct believed *b, const struct asked *asked, const char *input)
{
	struct picture picture = { 0 };
	struct asked code = { asked->question, asked->input, &picture };
	struct answer says;
	struct err err = { 0 };

	if (picture_read(&picture, NULL, asked->input, true, &err)) {
		ask(&says, b, &code);
		verify_show_code(a, &says);
	} else {
		fprintf(stderr, "qualverify: %s: its code was not read: %s\n", input, err.text);
	}
	picture_free(&picture);
}

static int
unread(const struct err *err)
{
	switch (err->code) {
	case ERR_NOT_FOUND:
		return EX_UNAVAILABLE;
	case ERR_MALFORMED:
	case ERR_LIMIT:
		return EX_DATAERR;
	default:
		return EX_OSERR;
	}
}

static void
verify_bytes(struct report *r, struct record *record, const struct options *o,
    const struct believed *b, struct span bytes, const char *input, bool many)
{
	const bool is_picture = verify_is_picture(bytes) || (o->scan && verify_is_scan(bytes));
	struct picture picture = { 0 };
	struct err err = { 0 };

	if (is_picture && !picture_read(&picture, NULL, bytes, o->scan, &err)) {
		report_unusable(r, unread(&err), input, err.text);
	} else {
		for (size_t i = 0; i < options_dates(o); i++) {
			const struct asked asked = { options_question(o, i), bytes,
				is_picture ? &picture : NULL };
			struct answer a;
			ask(&a, b, &asked);
			if (o->scan && answer_is_failed_file(&a))
				show_code(&a, b, &asked, input);
			report_answer(r, o, &a, input, many);
			record_answer(record, &asked.question, &a);
		}
		record_input(record, input, bytes, is_picture ? &picture : NULL);
	}
	picture_free(&picture);
}

static void
verify_one(struct report *r, struct record *record, const struct options *o,
    const struct believed *b, const char *input, bool many)
{
	struct buf bytes = BUF_EMPTY;
	struct err err = { 0 };

	if (read_input(&bytes, input, &err))
		verify_bytes(r, record, o, b, buf_span(&bytes), input, many);
	else
		report_unusable(
		    r, err.code == ERR_NOT_FOUND ? EX_NOINPUT : EX_IOERR, input, err.text);
	buf_free(&bytes);
}

static int
verify_all(int argc, char **argv)
{
	struct options o;
	struct report r = { 0 };

	options_parse(&o, argc, argv);
	struct whom *w = whom_open(&o);
	const bool many = o.n_inputs > 1 || options_dates(&o) > 1;
	struct record *record = record_begin(&o, whom_believed(w));
	for (size_t i = 0; i < o.n_inputs; i++)
		verify_one(&r, record, &o, whom_believed(w), o.inputs[i], many);
	if (many && !o.json && !o.quiet)
		report_summary(&r, &o);
	record_end(record);
	whom_free(w);
	options_free(&o);
	return report_exit_code(&r);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *word;
		int (*run)(int argc, char **argv);
	} commands[] = { { "trust", cli_trust }, { "update", cli_update },
		{ "evidence", cli_evidence } };
	int (*run)(int, char **) = verify_all;

	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].word) == 0)
			run = commands[i].run;
	const int skip = run == verify_all ? 0 : 1;
	const int code = run(argc - skip, argv + skip);
	if (fflush(stdout) != 0)
		options_fail(EX_IOERR, "standard output cannot be written");
	return code;
}
