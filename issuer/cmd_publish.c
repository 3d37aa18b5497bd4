/* publish: once, or as long as the bureau works. */
#include "issuer/commands.h"
#include "issuer/publish.h"
#include "issuer/watch.h"

#include <time.h>

#define LOOK_MS                                                                                    \
	200 /* how often the register is looked at: a commit is published within the second */
#define RETRY_S 10 /* after a publication that failed */

static void
print_waiting(const struct command *c, const struct publish_report *r)
{
	const bool auditors = r->waiting.for_whom == PUBLISH_WAITS_FOR_AUDITORS;

	if (r->waiting.for_whom == PUBLISH_WAITS_FOR_NONE)
		return;
	command_print(c,
	    LANG_PICK(c->lang, "快照 %llu（%llu 个行为）尚待 %u 个%s签名：%s/cosign/%s\n",
		"snapshot %llu over %llu acts waits for %u %s: %s/cosign/%s\n"),
	    (unsigned long long)r->waiting.seq, (unsigned long long)r->waiting.size,
	    r->waiting.missing,
	    auditors
		? LANG_PICK(c->lang, "审计人", r->waiting.missing > 1 ? "auditors" : "auditor")
		: LANG_PICK(c->lang, "见证人", r->waiting.missing > 1 ? "witnesses" : "witness"),
	    c->bureau->folder, auditors ? "candidate" : "checkpoint");
}

static void
print_report(const struct command *c, const struct publish_report *r, const char *folder)
{
	if (r->published)
		command_print(c,
		    LANG_PICK(c->lang, "已公开快照 %llu（%llu 个行为）：写入 %zu 个文件于 %s\n",
			"published snapshot %llu over %llu acts: %zu files written in %s\n"),
		    (unsigned long long)r->seq, (unsigned long long)r->size, r->written, folder);
	else if (r->waiting.for_whom == PUBLISH_WAITS_FOR_NONE)
		command_print(c,
		    LANG_PICK(c->lang, "快照 %llu（%llu 个行为）已公开，此后无新行为\n",
			"snapshot %llu over %llu acts is published; nothing has come since\n"),
		    (unsigned long long)r->seq, (unsigned long long)r->size);
	print_waiting(c, r);
	fflush(stdout);
}

/* What is looked at for news: the register, and what others put into cosign/. */
struct news {
	uint64_t register_version, cosign_stamp;
};

static bool
look(struct news *out, const struct command *c, struct err *err)
{
	out->cosign_stamp = publish_cosign_stamp(c->bureau);
	return registry_data_version(&out->register_version, c->bureau->registry, err);
}

/* The same snapshot still waiting is no news. */
static bool
says_more(const struct publish_report *r, const struct publish_report *last)
{
	return r->published || r->waiting.for_whom != last->waiting.for_whom ||
	    r->waiting.seq != last->waiting.seq || r->waiting.missing != last->waiting.missing;
}

static bool
watch(struct publish_report *report, struct command *c, const char *folder, struct err *err)
{
	struct news seen, now;
	struct publish_report last;
	struct err why = { 0 };
	struct watch signals;

	watch_begin(&signals);
	/* News are looked at before the register is: what comes between is published once more. */
	if (!look(&seen, c, err) || !publish(report, c->bureau, folder, c->now_s, err))
		return false;
	print_report(c, report, folder);
	int64_t due_s = report->renew_s;
	while (!watch_ends(&signals, LOOK_MS)) {
		c->now_s = (int64_t)time(NULL);
		if (!look(&now, c, err))
			return false;
		if (memcmp(&now, &seen, sizeof now) == 0 && c->now_s < due_s)
			continue;
		seen = now;
		last = *report;
		if (publish(report, c->bureau, folder, c->now_s, &why)) {
			due_s = report->renew_s;
			if (says_more(report, &last))
				print_report(c, report, folder);
		} else {
			command_warn("%s", why.text);
			due_s = c->now_s + RETRY_S;
		}
	}
	command_print(c, "ended\n");
	return true;
}

static void
fill_answer(const struct command *c, const struct publish_report *r)
{
	json_t *a = c->answer;

	if (a == NULL)
		return;
	json_object_set_new(a, "published", json_boolean(r->published));
	json_object_set_new(a, "snapshot", json_integer((json_int_t)r->seq));
	json_object_set_new(a, "log_size", json_integer((json_int_t)r->size));
	json_object_set_new(a, "files_written", json_integer((json_int_t)r->written));
	if (r->waiting.for_whom != PUBLISH_WAITS_FOR_NONE)
		json_object_set_new(a, "waiting",
		    json_pack("{s:s, s:i, s:I, s:I}", "for",
			r->waiting.for_whom == PUBLISH_WAITS_FOR_AUDITORS ? "auditors"
									  : "witnesses",
			"missing", (int)r->waiting.missing, "snapshot", (json_int_t)r->waiting.seq,
			"log_size", (json_int_t)r->waiting.size));
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
	if (ok && c->option[OPTION_WATCH] != NULL) {
		ok = buf_ok(&folder, err) && watch(&report, c, buf_text(&folder), err);
	} else if (ok) {
		ok = buf_ok(&folder, err) &&
		    publish(&report, c->bureau, buf_text(&folder), c->now_s, err);
		if (ok)
			print_report(c, &report, buf_text(&folder));
	}
	if (ok)
		fill_answer(c, &report);
	buf_free(&folder);
	return ok;
}
