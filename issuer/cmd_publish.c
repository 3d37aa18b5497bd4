/* publish: once, or as long as the bureau works. */
#include "issuer/commands.h"
#include "issuer/publish.h"

#include <signal.h>
#include <time.h>

#define LOOK_MS                                                                                    \
	200 /* how often the register is looked at: a commit is published within the second */
#define RETRY_S 10 /* after a publication that failed */

static bool
publish_once(struct publish_report *report, struct command *c, const char *folder, struct err *err)
{
	if (!publish(report, c->bureau, folder, c->now_s, err))
		return false;
	command_print(c, "published snapshot %llu over %llu acts: %zu files written in %s\n",
	    (unsigned long long)report->seq, (unsigned long long)report->size, report->written,
	    folder);
	fflush(stdout);
	return true;
}

/* SIGTERM and SIGINT are waited for, not caught. */
static bool
told_to_end(const sigset_t *signals)
{
	const struct timespec look = { .tv_nsec = LOOK_MS * 1000000L };
	return sigtimedwait(signals, NULL, &look) > 0;
}

static bool
watch(struct publish_report *report, struct command *c, const char *folder, struct err *err)
{
	uint64_t published, newest;
	sigset_t signals;
	struct err why = { 0 };

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	/* The version is read before the register is: what comes between is published once more. */
	if (!registry_data_version(&published, c->bureau->registry, err) ||
	    !publish_once(report, c, folder, err))
		return false;
	int64_t due_s = report->renew_s;
	while (!told_to_end(&signals)) {
		c->now_s = (int64_t)time(NULL);
		if (!registry_data_version(&newest, c->bureau->registry, err))
			return false;
		if (newest == published && c->now_s < due_s)
			continue;
		published = newest;
		if (publish_once(report, c, folder, &why)) {
			due_s = report->renew_s;
		} else {
			command_warn("%s", why.text);
			due_s = c->now_s + RETRY_S;
		}
	}
	command_print(c, "ended\n");
	return true;
}

bool
cmd_publish(struct command *c, struct err *err)
{
	struct publish_report report;
	struct buf folder = BUF_EMPTY;

	if (c->n_words > 1)
		return err_set(err, ERR_USAGE, "usage: qualcert publish %s", c->row->usage);
	bool ok = command_open(c, true, err);
	if (ok && c->n_words == 1)
		buf_add_text(&folder, c->words[0]);
	else if (ok)
		ok = bureau_path(&folder, c->bureau, err, "public");
	ok = ok && buf_ok(&folder, err) &&
	    (c->option[OPTION_WATCH] != NULL ? watch(&report, c, buf_text(&folder), err)
					     : publish_once(&report, c, buf_text(&folder), err));
	if (ok && c->answer != NULL) {
		json_object_set_new(c->answer, "snapshot", json_integer((json_int_t)report.seq));
		json_object_set_new(c->answer, "log_size", json_integer((json_int_t)report.size));
		json_object_set_new(
		    c->answer, "files_written", json_integer((json_int_t)report.written));
	}
	buf_free(&folder);
	return ok;
}
