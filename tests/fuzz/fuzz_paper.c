/* Targets: issuer/shape.c, issuer/application.c, issuer/review.c, the rules of issuer/rules*.c. */
#include "issuer/rules.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

/* A list of defects can always be told. */
static void
tell(struct defects *d)
{
	struct buf out = BUF_EMPTY;
	defects_text(&out, d, LANG_ZH);
	promise(defects_json(&out, d, NULL));
	buf_free(&out);
	defects_free(d);
}

static void
judge(const struct application *app, const struct inspection *report, struct defects *d)
{
	const struct policy policy = {
		.applicants = { { .family = "JC", .enterprise = true, .individual = true } },
		.n_applicants = 1,
	};
	const struct rules_question q = {
		.application = app,
		.level = report != NULL ? RULES_VERIFIED : RULES_DECLARED,
		.inspection = report,
		.submitted = { 2026, 11, 20 },
		.policy = &policy,
	};
	rules_check(d, &q);
}

/* What parses has one encoding, and that parses to the same bytes and the same number of defects. */
static void
try_application(struct span in)
{
	struct defects first = { 0 };
	struct defects second = { 0 };
	struct application *app = NULL;
	struct application *again = NULL;
	struct inspection *report = NULL;
	struct buf bytes = BUF_EMPTY;
	struct buf bytes_again = BUF_EMPTY;

	if (application_parse(&app, &first, in, NULL)) {
		promise(application_encode(&bytes, app, NULL));
		promise(application_parse(&again, &second, buf_span(&bytes), NULL));
		promise(application_encode(&bytes_again, again, NULL));
		promise(span_equal(buf_span(&bytes), buf_span(&bytes_again)));
		promise(first.count == second.count);
		judge(app, NULL, &first);
		if (inspection_parse(&report, &first, in, app->uscc, NULL))
			judge(app, report, &first);
	}
	tell(&first);
	tell(&second);
	buf_free(&bytes);
	buf_free(&bytes_again);
	inspection_free(report);
	application_free(app);
	application_free(again);
}

static void
try_reports(struct span in)
{
	struct defects d = { 0 };
	struct examination *examination = NULL;
	struct inspection *inspection = NULL;
	struct span uscc = span_text("91999901MADEM00110");

	if (examination_parse(&examination, &d, in, uscc, NULL))
		examination_result(examination);
	if (inspection_parse(&inspection, &d, in, uscc, NULL))
		inspection_passed(inspection);
	tell(&d);
	examination_free(examination);
	inspection_free(inspection);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_application(span_of(data, size));
	try_reports(span_of(data, size));
	return 0;
}
