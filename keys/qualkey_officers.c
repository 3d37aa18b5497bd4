#include "core/file.h"
#include "core/limits.h"
#include "keys/bundle_file.h"
#include "keys/draft_input.h"
#include "keys/enrolment.h"
#include "keys/qualkey.h"
#include "keys/staffing.h"

#include <getopt.h>
#include <stdlib.h>

struct officers_call {
	const char *bundle, *policy;
	int64_t at_s;
};

enum { OPTION_BUNDLE = OPTION_FIRST + 16, OPTION_POLICY, OPTION_AT };

static bool
read_options(struct officers_call *o, struct call *call, struct err *err)
{
	static const struct option options[] = {
		{ "bundle", required_argument, NULL, OPTION_BUNDLE },
		{ "policy", required_argument, NULL, OPTION_POLICY },
		{ "at", required_argument, NULL, OPTION_AT },
		{ 0 },
	};

	o->at_s = call->now_s;
	for (int c; (c = qualkey_option(call, options, NULL, err)) != -1;) {
		if (c == OPTION_BUNDLE)
			o->bundle = optarg;
		else if (c == OPTION_POLICY)
			o->policy = optarg;
		else if (c != OPTION_AT || !draft_time(&o->at_s, optarg, DRAFT_FROM, err))
			return false;
	}
	return (o->bundle != NULL && o->policy != NULL) ||
	    err_set(err, ERR_USAGE, "--bundle and --policy");
}

static bool
open_policy(struct staffing_policy *out, const char *path, struct err *err)
{
	struct buf text = BUF_EMPTY;
	bool ok = file_read(&text, path, LIMIT_JSON_BYTES, err) &&
	    (staffing_policy_parse(out, buf_span(&text), err) || err_in(err, "%s", path));

	buf_free(&text);
	return ok;
}

/* Names of the officers whose enrolment files stand on the command line. */
static bool
open_names(
    struct staffing_name *names, struct buf *files, char *const *paths, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct enrolment e;
		if (!file_read(&files[i], paths[i], ENROLMENT_BYTES, err))
			return false;
		if (!enrolment_open(&e, buf_span(&files[i]), err))
			return err_in(err, "%s", paths[i]);
		names[i] = (struct staffing_name){ e.spki, e.name };
	}
	return true;
}

static bool
report(struct call *call, const struct staffing_question *q, struct err *err)
{
	struct buf text = BUF_EMPTY;
	bool can = false;
	bool ok = staffing_report(&text, &can, q, err) && qualkey_print(&text, err);

	call->status = can ? 0 : 1;
	buf_free(&text);
	return ok;
}

bool
qualkey_officers(struct call *call, struct err *err)
{
	struct officers_call o = { 0 };
	struct bundle_file f = { 0 };
	struct staffing_policy policy;

	if (!read_options(&o, call, err))
		return false;
	size_t n = (size_t)(call->argc - optind);
	struct staffing_name *names = calloc(n + 1, sizeof *names);
	struct buf *files = calloc(n + 1, sizeof *files);
	bool ok = (names != NULL && files != NULL) || err_set(err, ERR_MEMORY, "out of memory");
	ok = ok && bundle_file_open(&f, o.bundle, err) && open_policy(&policy, o.policy, err) &&
	    open_names(names, files, call->argv + optind, n, err) &&
	    report(call, &(struct staffing_question){ f.bundle, &policy, names, n, o.at_s }, err);
	for (size_t i = 0; files != NULL && i < n; i++)
		buf_free(&files[i]);
	free(files);
	free(names);
	bundle_file_close(&f);
	return ok;
}
