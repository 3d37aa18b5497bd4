#include "verifier/cli/report.h"

#include "verifier/answer_json.h"
#include "verifier/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

enum exit_code { EXIT_VALID = 0, EXIT_REJECTED = 1, EXIT_UNDETERMINED = 2 };

static void
print_json(const struct answer *a, const char *input)
{
	json_t *json = answer_json(a, input);
	char *dump = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;

	if (dump == NULL)
		options_fail(EX_OSERR, "out of memory");
	puts(dump);
	free(dump);
	json_decref(json);
}

static void
print_text(const struct options *o, const struct answer *a, const char *input, bool many)
{
	struct buf text = BUF_EMPTY;

	if (many)
		screen_line(&text, a, input, o->lang, o->colour);
	else
		screen_answer(&text, a, o->lang, o->colour);
	fputs(buf_text(&text), stdout);
	buf_free(&text);
}

void
report_answer(
    struct report *r, const struct options *o, const struct answer *a, const char *input, bool many)
{
	if (o->json && !o->quiet)
		print_json(a, input);
	else if (!o->quiet)
		print_text(o, a, input, many);
	r->valid += a->verdict == VERDICT_VALID;
	r->compare += a->verdict == VERDICT_VALID && a->kind == INPUT_CODE;
	r->rejected += a->verdict == VERDICT_REJECTED;
	r->undetermined += a->verdict == VERDICT_UNDETERMINED;
}

void
report_unusable(struct report *r, int code, const char *input, const char *sentence)
{
	fprintf(stderr, "qualverify: %s: %s\n", input, sentence);
	r->unusable++;
	if (r->error == 0)
		r->error = code;
}

void
report_summary(const struct report *r, const struct options *o)
{
	const size_t all = r->valid + r->rejected + r->undetermined + r->unusable;
	if (o->lang == LANG_ZH)
		printf(
		    "%zu 份：核验通过 %zu（其中 %zu 份须与纸面核对），核验不通过 %zu，无法判定 %zu",
		    all, r->valid, r->compare, r->rejected, r->undetermined);
	else
		printf("%zu files: %zu VALID (%zu to compare), %zu NOT VALID, %zu CANNOT TELL", all,
		    r->valid, r->compare, r->rejected, r->undetermined);
	if (r->unusable > 0)
		printf(o->lang == LANG_ZH ? "，无法读取 %zu" : ", %zu unreadable", r->unusable);
	puts(o->lang == LANG_ZH ? "。" : ".");
}

int
report_exit_code(const struct report *r)
{
	if (r->error != 0)
		return r->error;
	if (r->rejected > 0)
		return EXIT_REJECTED;
	return r->undetermined > 0 ? EXIT_UNDETERMINED : EXIT_VALID;
}
