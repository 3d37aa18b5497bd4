/* qualverify: is this certificate genuine and in force? Arguments, files and printing; verify() decides. */
#include "core/file.h"
#include "verifier/believed.h"
#include "verifier/cli/evidence.h"
#include "verifier/cli/inputs.h"
#include "verifier/cli/record.h"
#include "verifier/cli/report.h"
#include "verifier/cli/trust.h"
#include "verifier/cli/update.h"
#include "verifier/cli/whom.h"
#include "verifier/verify.h"

#include <stdio.h>
#include <sysexits.h>

/* What is done to each input. */
struct task {
	const struct options *o;
	const struct believed *believed;
	struct bidders bidders;
	struct report report;
	struct record *record;
};

/* What is asked, about what. */
struct asked {
	struct question question;
	struct span input;
	const struct picture
	    *picture;  /* the input's, where its codes are to answer for it; NULL: they are not */
	bool too_long; /* and so not read */
};

static bool
judge(struct answer *out, struct published *published, const void *input, struct err *err)
{
	const struct asked *asked = input;

	if (asked->too_long) {
		verify_too_long(out, &asked->question, published);
		return true;
	}
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
	struct asked code = { asked->question, asked->input, &picture, false };
	struct answer says;
	struct err err = { 0 };

	if (picture_read(&picture, NULL, asked->input, true, &err)) {
		ask(&says, b, &code);
		verify_show_code(a, &says);
	} else {
		err_in(&err, "its code was not read");
		report_remark(input, err.text);
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

/* Every question there is about it. */
static void
answer_all(struct task *t, struct asked *asked, const struct report_item *item)
{
	const bool own_date = item->bidder != NULL && item->bidder->asked.at_given;
	const size_t dates = own_date ? 1 : options_dates(t->o);

	for (size_t i = 0; i < dates; i++) {
		struct answer a;
		asked->question = options_question(t->o, i);
		if (item->bidder != NULL)
			bidders_ask(&asked->question, item->bidder);
		ask(&a, t->believed, asked);
		if (t->o->scan && answer_is_failed_file(&a) && !asked->too_long)
			show_code(&a, t->believed, asked, item->input);
		report_answer(&t->report, &a, item);
		record_answer(t->record, &asked->question, &a);
	}
	record_input(t->record, item->input, asked->input, asked->picture);
}

static void
verify_bytes(struct task *t, struct span bytes, const struct report_item *item)
{
	const bool is_picture = verify_is_picture(bytes) || (t->o->scan && verify_is_scan(bytes));
	struct picture picture = { 0 };
	struct err err = { 0 };

	if (is_picture && !picture_read(&picture, NULL, bytes, t->o->scan, &err)) {
		report_unusable(&t->report, unread(&err), item, err.text);
	} else {
		struct asked asked = { .input = bytes, .picture = is_picture ? &picture : NULL };
		answer_all(t, &asked, item);
	}
	picture_free(&picture);
}

/*
 * No certificate is so long. A picture of one may be, and is no reason to reject anything; and nothing is evidence
 * that was not read.
 */
static void
verify_too_long_one(struct task *t, struct span head, const struct report_item *item)
{
	struct asked asked = { .too_long = true };

	if (verify_is_picture(head) || (t->o->scan && verify_is_scan(head)) ||
	    t->o->evidence != NULL)
		report_unusable(&t->report, EX_DATAERR, item,
		    LANG_PICK(t->o->lang, "超过 8 MiB，未读取：请提交较小的文件",
			"longer than 8 MiB, and not read: hand in a smaller one"));
	else
		answer_all(t, &asked, item);
}

static void
unusable(struct task *t, const struct input *input, const struct report_item *item,
    const struct err *err)
{
	struct buf why = BUF_EMPTY;
	const bool absent = input->trouble == TROUBLE_EMPTY_FOLDER || err->code == ERR_NOT_FOUND;

	inputs_explain(&why, input, err, t->o->lang);
	report_unusable(&t->report, absent ? EX_NOINPUT : EX_IOERR, item, buf_text(&why));
	buf_free(&why);
}

static void
verify_one(struct task *t, const struct input *input)
{
	struct bidder *bidder = bidders_find(&t->bidders, input->name);
	const struct report_item item = { input->name, bidder };
	struct buf bytes = BUF_EMPTY;
	struct err err = { 0 };

	report_input(&t->report);
	if (bidder != NULL)
		bidder->handed_in = true;
	if (input->trouble == TROUBLE_NONE && inputs_read(&bytes, input, &err))
		verify_bytes(t, buf_span(&bytes), &item);
	else if (err.code == ERR_LIMIT)
		verify_too_long_one(t, buf_span(&bytes), &item);
	else
		unusable(t, input, &item, &err);
	buf_free(&bytes);
}

static void
read_bidders(struct bidders *out, const char *path)
{
	struct buf table = BUF_EMPTY, mistakes = BUF_EMPTY;
	struct err err = { 0 };

	if (!file_read(&table, path, LIMIT_BIDDERS_BYTES, &err))
		options_fail(err.code == ERR_NOT_FOUND ? EX_NOINPUT : EX_IOERR, "%s", err.text);
	if (!bidders_parse(out, &mistakes, buf_span(&table), &err)) {
		if (mistakes.len > 0)
			fputs(buf_text(&mistakes), stderr);
		options_fail(
		    err.code == ERR_MEMORY ? EX_OSERR : EX_DATAERR, "%s: %s", path, err.text);
	}
	buf_free(&table);
}

static void
gather(struct inputs *out, const struct options *o)
{
	struct err err = { 0 };

	for (size_t i = 0; i < o->n_inputs; i++)
		if (!inputs_add(out, o->inputs[i], &err))
			options_fail(
			    err.code == ERR_MEMORY ? EX_OSERR : EX_DATAERR, "%s", err.text);
}

/* All inputs, and what was expected but is not among them. */
static int
verify_inputs(struct task *t)
{
	const struct options *o = t->o;
	struct inputs inputs = { 0 };

	gather(&inputs, o);
	t->report = (struct report){ .o = o,
		.many =
		    inputs.n > 1 || inputs.folders || options_dates(o) > 1 || o->bidders != NULL,
		.listed = o->bidders != NULL,
		.n = inputs.n,
		.batch.dated = options_dates(o) > 1 || t->bidders.dated };
	report_begin(&t->report);
	for (size_t i = 0; i < inputs.n; i++)
		verify_one(t, &inputs.items[i]);
	for (size_t i = 0; i < t->bidders.n; i++)
		if (!t->bidders.rows[i].handed_in)
			report_missing(&t->report, &t->bidders.rows[i]);
	inputs_free(&inputs);
	return report_end(&t->report);
}

static int
verify_all(int argc, char **argv)
{
	struct options o;
	struct task t = { .o = &o };

	options_parse(&o, argc, argv);
	if (o.bidders != NULL)
		read_bidders(&t.bidders, o.bidders);
	struct whom *w = whom_open(&o);
	t.believed = whom_believed(w);
	t.record = record_begin(&o, t.believed);
	const int code = verify_inputs(&t);
	record_end(t.record);
	bidders_free(&t.bidders);
	whom_free(w);
	options_free(&o);
	return code;
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
