/* qualverify: is this certificate genuine and in force? Arguments, files and printing; verify() decides. */
#include "core/file.h"
#include "verifier/cli/evidence.h"
#include "verifier/cli/inputs.h"
#include "verifier/cli/record.h"
#include "verifier/cli/report.h"
#include "verifier/cli/trust.h"
#include "verifier/cli/update.h"
#include "verifier/cli/whom.h"
#include "verifier/handed.h"

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

static int
unread(const struct err *err)
{
	switch (err->code) {
	case ERR_NOT_FOUND:
		return EX_UNAVAILABLE;
	case ERR_MALFORMED:
	case ERR_REFUSED:
	case ERR_LIMIT:
		return EX_DATAERR;
	default:
		return EX_OSERR;
	}
}

/* Every question there is about it. */
static void
answer_all(struct task *t, struct handed *handed, const struct report_item *item)
{
	const bool own_date = item->bidder != NULL && item->bidder->asked.at_given;
	const size_t dates = own_date ? 1 : options_dates(t->o);

	for (size_t i = 0; i < dates; i++) {
		struct question question = options_question(t->o, i);
		struct answer a;
		struct err err = { 0 };
		if (item->bidder != NULL)
			bidders_ask(&question, item->bidder);
		if (!handed_ask(&a, handed, t->believed, &question, &err))
			options_fail(EX_OSERR, "%s", err.text);
		report_answer(&t->report, &a, item);
		record_answer(t->record, &question, &a);
	}
	if (handed->unshown.code != ERR_NONE) {
		err_in(&handed->unshown, "its code was not read");
		report_remark(item->input, handed->unshown.text);
	}
	record_input(
	    t->record, item->input, handed->bytes, handed->is_picture ? &handed->picture : NULL);
}

static void
verify_bytes(struct task *t, struct span bytes, bool too_long, const struct report_item *item)
{
	struct handed handed = { 0 };
	struct err err = { 0 };

	if (bytes.len == 0)
		report_unusable(&t->report, EX_DATAERR, item,
		    LANG_PICK(t->o->lang, "文件是空的：可能没有下载完。请重新下载或选择",
			"the file is empty: it may not have been downloaded. Fetch or choose it "
			"again"));
	else if (!handed_take(&handed, bytes, too_long, t->o->scan, &err))
		report_unusable(&t->report, unread(&err), item,
		    err.code == ERR_REFUSED && t->o->lang == LANG_ZH
			? "这里只识别普通的（RGB）JPEG 和 PNG "
			  "图片。请重新拍照，或另存为这样的图片再试"
			: err.text);
	else if (too_long && t->o->evidence != NULL)
		report_unusable(&t->report, EX_DATAERR, item,
		    LANG_PICK(t->o->lang, "超过 8 MiB，未读取：不能作为证据",
			"longer than 8 MiB, and not read: nothing is evidence that was not"));
	else
		answer_all(t, &handed, item);
	handed_free(&handed);
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
	const bool read = input->trouble == TROUBLE_NONE && inputs_read(&bytes, input, &err);
	if (read || err.code == ERR_LIMIT)
		verify_bytes(t, buf_span(&bytes), !read, &item);
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
	if (fflush(stdout) != 0 || ferror(stdout) != 0) /* now, or of what was printed before */
		options_fail(EX_IOERR, "standard output cannot be written");
	return code;
}
