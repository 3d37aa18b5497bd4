/* health: is all well, and what runs out? Finishes or clears what was left half made. */
#include "core/civil.h"
#include "core/file.h"
#include "core/limits.h"
#include "credential/snapshot.h"
#include "issuer/backup.h"
#include "issuer/clock.h"
#include "issuer/commands.h"
#include "issuer/dossier.h"
#include "issuer/issue.h"
#include "issuer/loss.h"
#include "issuer/publish.h"
#include "issuer/stop.h"
#include "issuer/waiting.h"
#include "issuer/who.h"
#include "issuer/words.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

#define SOON_S (60 * CIVIL_DAY_S)  /* a ceremony and its bundle take weeks */
#define BACKUP_S (7 * CIVIL_DAY_S) /* a bureau that makes none for a week has forgotten it */

enum state { GOOD, LOOK, BAD };

struct check_up {
	struct command *c;
	enum state worst;
	json_t *findings; /* of c->answer; NULL without --json */
};

/* ---- saying it ---- */

enum what {
	REGISTER,
	SECOND_COPY,
	BACKUP,
	LOOKUP,
	HALF_MADE,
	STOPPED,
	BUNDLE,
	KEY,
	TIME_STAMPS,
	OFFICERS,
	SNAPSHOT,
	OVERDUE,
	LOCAL_SIGNING,
	TEST
};

static const struct {
	const char *word, *zh; /* the word is for programs, too */
} whats[] = {
	[REGISTER] = { "register", "登记簿" },
	[SECOND_COPY] = { "second copy", "副本" },
	[BACKUP] = { "backup", "备份" },
	[LOOKUP] = { "lookup.db", "查询库" },
	[HALF_MADE] = { "half made", "未完成" },
	[STOPPED] = { "stopped", "停止签发" },
	[BUNDLE] = { "trust bundle", "信任清单" },
	[KEY] = { "key", "密钥" },
	[TIME_STAMPS] = { "time-stamps", "时间戳" },
	[OFFICERS] = { "officers", "官员" },
	[SNAPSHOT] = { "snapshot", "快照" },
	[OVERDUE] = { "overdue", "逾期" },
	[LOCAL_SIGNING] = { "local_signing", "本机签名" },
	[TEST] = { "test", "测试" },
};

static const struct {
	const char *word, *zh;
} states[] = { [GOOD] = { "ok", "正常" }, [LOOK] = { "look", "留意" }, [BAD] = { "BAD", "异常" } };

static void
print_finding(const struct check_up *h, enum state state, enum what what, const char *text)
{
	struct buf line = BUF_EMPTY;
	size_t from;

	buf_add_text(&line, "  ");
	from = line.len;
	buf_add_text(&line, LANG_PICK(h->c->lang, states[state].zh, states[state].word));
	word_pad(&line, from, 6);
	from = line.len;
	buf_add_text(&line, LANG_PICK(h->c->lang, whats[what].zh, whats[what].word));
	word_pad(&line, from, 14);
	buf_printf(&line, "%s\n", text);
	command_print_buf(h->c, &line);
	buf_free(&line);
}

static void say(struct check_up *h, enum state state, enum what what, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static void
say(struct check_up *h, enum state state, enum what what, const char *fmt, ...)
{
	char text[ERR_TEXT_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (state > h->worst)
		h->worst = state;
	print_finding(h, state, what, text);
	if (h->findings != NULL)
		json_array_append_new(h->findings,
		    json_pack("{s:s, s:s, s:s}", "what", whats[what].word, "state",
			states[state].word, "text", text));
}

/* Good until it runs out soon, bad when it has. */
static enum state
until_state(int64_t until_s, int64_t now_s)
{
	if (until_s <= now_s)
		return BAD;
	return until_s - now_s < SOON_S ? LOOK : GOOD;
}

static void
say_until(struct check_up *h, enum what what, const char *thing, int64_t until_s)
{
	char day[CIVIL_TEXT_BYTES];
	int64_t now_s = h->c->now_s;

	civil_format(day, civil_of(until_s));
	if (until_s <= now_s)
		say(h, BAD, what, LANG_PICK(h->c->lang, "%s：已于 %s 到期", "%s: ended %s"), thing,
		    day);
	else
		say(h, until_state(until_s, now_s), what,
		    LANG_PICK(
			h->c->lang, "%s：至 %s，还有 %lld 天", "%s: until %s, %lld days left"),
		    thing, day, (long long)((until_s - now_s) / CIVIL_DAY_S));
}

/* ---- register and certificates ---- */

/* One disk that fails must not take both. */
static bool
on_one_disk(struct bureau *b)
{
	struct buf copy = BUF_EMPTY;
	struct stat register_file, copy_file;

	bool same = bureau_path(&copy, b, NULL, "%s", b->conf.second_copy) &&
	    stat(buf_text(&copy), &copy_file) == 0 &&
	    stat(buf_text(&b->paths[0]), &register_file) == 0 &&
	    copy_file.st_dev == register_file.st_dev;
	buf_free(&copy);
	return same;
}

/* Recording nothing compares the two copies and brings the shorter one up to date. */
static void
check_second_copy(struct check_up *h)
{
	struct bureau *b = h->c->bureau;
	struct err why = { 0 };

	if (!registry_append(b->registry, NULL, 0, false, h->c->now_s, &why))
		say(h, BAD, SECOND_COPY, "%s", why.text);
	else if (on_one_disk(b))
		say(h, LOOK, SECOND_COPY,
		    LANG_PICK(h->c->lang, "%s：与登记簿在同一磁盘上",
			"%s: on the same disk as the register"),
		    b->conf.second_copy);
	else
		say(h, GOOD, SECOND_COPY, "%s", b->conf.second_copy);
}

/* When, where, and how much has been recorded since. */
static void
say_backup(struct check_up *h, const struct backup_last *last, uint64_t size)
{
	char when[WORD_TIME_BYTES];
	bool old = h->c->now_s - last->head.made_s > BACKUP_S && size > last->head.size;

	word_time(when, last->head.made_s, h->c->lang);
	say(h, old ? LOOK : GOOD, BACKUP,
	    LANG_PICK(h->c->lang, "%s，此后 %llu 个行为：%.*s", "%s, %llu acts since: %.*s"), when,
	    (unsigned long long)(size > last->head.size ? size - last->head.size : 0),
	    (int)last->path.len, (const char *)last->path.ptr);
}

static void
check_backup(struct check_up *h, uint64_t size)
{
	struct backup_last last;
	struct err why = { 0 };

	if (backup_last(&last, h->c->bureau, &why)) {
		say_backup(h, &last, size);
		buf_free(&last.path);
	} else if (why.code == ERR_NOT_FOUND) {
		say(h, LOOK, BACKUP, "%s",
		    LANG_PICK(h->c->lang, "尚无：qualcert backup FILE",
			"none yet: qualcert backup FILE"));
	} else {
		say(h, LOOK, BACKUP, "%s", why.text);
	}
}

static bool
check_register(struct check_up *h, struct err *err)
{
	struct registry *r = h->c->bureau->registry;
	struct registry_head head;
	char when[WORD_TIME_BYTES];

	if (!registry_head(&head, r, err))
		return false;
	word_time(when, head.recorded_s, h->c->lang);
	say(h, GOOD, REGISTER,
	    LANG_PICK(h->c->lang, "%llu 个行为，最近一个 %s", "%llu acts, the last on %s"),
	    (unsigned long long)head.size, when);
	check_second_copy(h);
	check_backup(h, head.size);
	const struct err *lookup = registry_lookup_error(r);
	if (lookup->code != ERR_NONE)
		say(h, LOOK, LOOKUP, "%s", lookup->text);
	return true;
}

/* Nothing is made or published over acts that are lost, nor published in an epoch that no bundle names. */
static void
check_loss(struct check_up *h)
{
	struct err why = { 0 };

	if (!loss_refuse_here(h->c->bureau, &why))
		say(h, BAD, REGISTER, "%s", why.text);
	else if (!loss_refuse_unnamed(h->c->bureau, &why))
		say(h, BAD, BUNDLE, "%s", why.text);
}

/* What stands in its way is a finding: the rest of the check-up goes on. */
static void
check_half_made(struct check_up *h)
{
	struct issue_recovery found;
	struct err why = { 0 };

	if (!issue_recover(&found, h->c->bureau, ISSUE_WAITS_FOR_AUTHORITY, h->c->now_s, &why)) {
		say(h, BAD, HALF_MADE, "%s", why.text);
		return;
	}
	if (found.waiting > 0)
		say(h, LOOK, HALF_MADE,
		    LANG_PICK(h->c->lang, "%zu 份待恢复签发后制作",
			"%zu wait until the making is resumed"),
		    found.waiting);
	if (found.finished + found.cleared + found.failed + found.waiting == 0)
		say(h, GOOD, HALF_MADE, "%s", LANG_PICK(h->c->lang, "无", "nothing"));
	if (found.finished > 0)
		say(h, LOOK, HALF_MADE, LANG_PICK(h->c->lang, "已完成 %zu 份", "finished now: %zu"),
		    found.finished);
	if (found.unstamped > 0)
		say(h, LOOK, TIME_STAMPS,
		    LANG_PICK(h->c->lang, "其中 %zu 份没有时间戳", "of them untimestamped: %zu"),
		    found.unstamped);
	if (found.cleared > 0)
		say(h, LOOK, HALF_MADE,
		    LANG_PICK(h->c->lang, "已清除 %zu 个残留文件", "leftover files cleared: %zu"),
		    found.cleared);
	if (found.failed > 0)
		say(h, BAD, HALF_MADE,
		    LANG_PICK(h->c->lang, "%zu 份未完成：%s", "still so: %zu; the first: %s"),
		    found.failed, found.first.text);
}

/* Nobody stops a bureau without cause: it is not well until two resume. */
static bool
check_stop(struct check_up *h, struct err *err)
{
	struct stop stop;
	struct buf text = BUF_EMPTY;
	bool ok = stop_load(&stop, h->c->bureau, h->c->now_s, err);

	if (ok && stop.stopped) {
		stop_text(&text, &stop, h->c->bureau, h->c->lang);
		ok = buf_ok(&text, err);
		if (ok)
			say(h, BAD, STOPPED, "%s", buf_text(&text));
	}
	buf_free(&text);
	stop_free(&stop);
	return ok;
}

/* ---- trust ---- */

static bool
check_waiting(struct check_up *h, struct err *err)
{
	uint64_t waiting;

	if (!waiting_bundle(&waiting, h->c->bureau, h->c->now_s, err))
		return false;
	if (waiting > 0)
		say(h, BAD, BUNDLE,
		    LANG_PICK(h->c->lang, "第 %llu 号已到而未采用：qualcert adopt FILE",
			"number %llu has come and is not adopted: qualcert adopt FILE"),
		    (unsigned long long)waiting);
	return true;
}

static void
check_bundle(struct check_up *h, const struct bundle *b)
{
	char thing[64];

	snprintf(thing, sizeof thing, LANG_PICK(h->c->lang, "第 %llu 号", "number %llu"),
	    (unsigned long long)b->seq);
	say_until(h, BUNDLE, thing, b->exp_s);
}

/* The longest that an active key of this use lasts; 0: there is none. */
static int64_t
longest(const struct bundle *b, const char *iss, enum key_use use)
{
	int64_t until_s = 0;

	for (size_t i = 0; i < b->n_keys; i++) {
		const struct bundle_key *key = &b->keys[i];
		if (key->use == use && key->state == KEY_ACTIVE && span_is(key->issuer, iss) &&
		    key->until_s > until_s)
			until_s = key->until_s;
	}
	return until_s;
}

static void
check_keys(struct check_up *h, const struct bundle *b)
{
	static const enum key_use uses[] = { KEY_USE_CREDENTIAL, KEY_USE_SEAL, KEY_USE_STATUS,
		KEY_USE_SERVICE };

	for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
		say_until(
		    h, KEY, bundle_use_word(uses[i]), longest(b, h->c->bureau->conf.iss, uses[i]));
	if (b->audit_quorum > 0)
		say_until(h, KEY, bundle_use_word(KEY_USE_AUDIT),
		    longest(b, h->c->bureau->conf.iss, KEY_USE_AUDIT));
}

/* Where seals are to be time-stamped: by whom, and for how long yet. */
static void
check_time_stamps(struct check_up *h, const struct bundle *b)
{
	const struct bureau_conf *conf = &h->c->bureau->conf;

	if (conf->tsa_url == NULL)
		return;
	const int64_t until_s = longest(b, conf->iss, KEY_USE_TSA);
	if (until_s > 0)
		say_until(h, TIME_STAMPS, bundle_use_word(KEY_USE_TSA), until_s);
	else
		say(h, conf->tsa_required ? BAD : LOOK, TIME_STAMPS, "%s",
		    LANG_PICK(h->c->lang, "设置了 tsa_url，但信任清单中没有时间戳机构的证书",
			"tsa_url is set, but the trust bundle lists no authority's certificate"));
}

/* Each officer whose key ends soon, by name. */
static void
check_officers(struct check_up *h, const struct bundle *b)
{
	size_t active = 0;

	for (size_t i = 0; i < b->n_keys; i++) {
		const struct bundle_key *key = &b->keys[i];
		char room[OFFICER_NAME_BYTES];
		if (key->use != KEY_USE_OFFICER || key->state != KEY_ACTIVE ||
		    !bundle_key_covers(key, h->c->now_s))
			continue;
		active++;
		if (until_state(key->until_s, h->c->now_s) == GOOD)
			continue;
		say_until(h, OFFICERS, command_name(room, h->c, key->person), key->until_s);
	}
	say(h, active > 0 ? GOOD : BAD, OFFICERS,
	    LANG_PICK(h->c->lang, "%zu 把有效钥匙", "%zu keys in service"), active);
}

/* ---- what the public reads ---- */

/* NULL if nothing was published that can be read. */
static struct snapshot *
read_snapshot(const struct bureau *b)
{
	struct buf path = BUF_EMPTY, file = BUF_EMPTY;
	struct cose_sign envelope;
	struct snapshot *s = NULL;

	if (!bureau_path(&path, b, NULL, "public/v1/snapshot") ||
	    !file_read(&file, buf_text(&path), LIMIT_SNAPSHOT_BYTES, NULL) ||
	    !snapshot_parse_file(&envelope, &s, buf_span(&file), NULL))
		s = NULL;
	buf_free(&path);
	buf_free(&file);
	return s;
}

/* It should have been renewed when half its life was over. */
static void
check_snapshot(struct check_up *h)
{
	struct snapshot *s = read_snapshot(h->c->bureau);
	int64_t now_s = h->c->now_s;
	char when[WORD_TIME_BYTES];

	if (s == NULL) {
		say(h, LOOK, SNAPSHOT, "%s",
		    LANG_PICK(h->c->lang, "尚未公开：qualcert publish", "none: qualcert publish"));
		return;
	}
	enum state state = now_s >= s->exp_s               ? BAD
	    : now_s - s->iat_s > (s->exp_s - s->iat_s) / 2 ? LOOK
							   : GOOD;
	word_time(when, s->iat_s, h->c->lang);
	say(h, state, SNAPSHOT, LANG_PICK(h->c->lang, "第 %llu 号，%s", "number %llu of %s"),
	    (unsigned long long)s->seq, when);
	snapshot_free(s);
}

/* Nothing good is news until they have signed. */
static bool
check_cosigners(struct check_up *h, struct err *err)
{
	struct publish_waiting w;
	char when[WORD_TIME_BYTES];
	enum lang l = h->c->lang;

	if (!publish_look(&w, h->c->bureau, err))
		return false;
	if (w.for_whom == PUBLISH_WAITS_FOR_NONE)
		return true;
	const bool auditors = w.for_whom == PUBLISH_WAITS_FOR_AUDITORS;
	word_time(when, w.iat_s, l);
	say(h, LOOK, SNAPSHOT,
	    LANG_PICK(l, "第 %llu 号，%s 作出，待%s签名：cosign/%s",
		"number %llu of %s waits for the %s to sign: cosign/%s"),
	    (unsigned long long)w.seq, when,
	    auditors ? LANG_PICK(l, "审计人", "auditors") : LANG_PICK(l, "见证人", "witnesses"),
	    auditors ? "candidate" : "checkpoint");
	return true;
}

/* ---- what officers should have done by now ---- */

/* Read first: a visitor may not ask the register further questions. */
struct open_cases {
	char (*subjects)[ACT_SUBJECT_BYTES + 1];
	size_t n;
};

static bool
on_case(void *ctx, const struct registry_case *c, struct err *err)
{
	struct open_cases *all = ctx;
	char(*grown)[ACT_SUBJECT_BYTES + 1] = realloc(all->subjects, (all->n + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	all->subjects = grown;
	memcpy(grown[all->n++], c->subject, sizeof *grown);
	return true;
}

/* Changes nothing by itself: an officer who supervises sees to it. */
static bool
check_case(
    struct check_up *h, const char *subject, const struct calendar *calendar, struct err *err)
{
	struct registry_subject known = { 0 };
	struct buf names = BUF_EMPTY;
	char day[WORD_TIME_BYTES];
	const int64_t now_s = h->c->now_s;

	bool ok =
	    registry_subject_load(&known, h->c->bureau->registry, span_text(subject), now_s, err);
	int64_t due_s = ok ? clock_due_s(&known.judge, calendar) : 0;
	if (due_s != 0 && now_s > due_s) {
		const bool open = known.dossier.open != NULL;
		const enum act_kind next = judge_next(&known.judge);
		who_may(&names, h->c->bureau, &known.judge, open ? ACT_APPROVE : next, h->c->lang);
		word_day(day, due_s, h->c->lang);
		say(h, LOOK, OVERDUE,
		    LANG_PICK(
			h->c->lang, "%s：%s，期限 %s，可由%s办理", "%s: %s was due %s; by %s"),
		    dossier_short(subject), word_kind(next, h->c->lang), day,
		    buf_text(&names) != NULL ? buf_text(&names) : "");
	}
	buf_free(&names);
	registry_subject_free(&known);
	return ok;
}

static bool
check_overdue(struct check_up *h, struct err *err)
{
	struct bureau *b = h->c->bureau;
	struct open_cases all = { 0 };
	const struct calendar *calendar;

	bool ok = bureau_calendar(&calendar, b, err) &&
	    registry_each_case(b->registry, h->c->now_s, on_case, &all, err);
	for (size_t i = 0; ok && i < all.n; i++)
		ok = check_case(h, all.subjects[i], calendar, err);
	free(all.subjects);
	return ok;
}

/* ---- */

static void
check_local_signing(struct check_up *h, const struct bundle *b)
{
	if (h->c->bureau->conf.local_signing)
		say(h, LOOK, LOCAL_SIGNING, "%s",
		    LANG_PICK(h->c->lang, "yes：本机管理员可以以官员名义签名",
			"yes: the administrator of this machine can act as its officers"));
	if (b->test)
		say(h, LOOK, TEST, "%s",
		    LANG_PICK(h->c->lang, "测试单位：证书不具效力；本机管理员可以以官员名义签名",
			"a test bureau: its certificates mean nothing, and the administrator of "
			"this "
			"machine can act as its officers"));
}

static bool
check_all(struct check_up *h, struct err *err)
{
	const struct trust *trust;

	if (!check_register(h, err))
		return false;
	check_loss(h);
	check_half_made(h);
	if (!check_stop(h, err) || !check_waiting(h, err) ||
	    !bureau_trust(&trust, h->c->bureau, err))
		return false;
	const struct bundle *b = trust_bundle(trust);
	check_bundle(h, b);
	check_keys(h, b);
	check_time_stamps(h, b);
	check_officers(h, b);
	check_snapshot(h);
	if (!check_cosigners(h, err) || !check_overdue(h, err))
		return false;
	check_local_signing(h, b);
	return true;
}

bool
cmd_health(struct command *c, struct err *err)
{
	struct check_up h = { .c = c };

	if (!command_no_words(c, err) || !command_open(c, false, err))
		return false;
	if (c->answer != NULL) {
		h.findings = json_array();
		json_object_set_new(c->answer, "findings", h.findings);
	}
	if (!check_all(&h, err))
		return false;
	c->status = h.worst == BAD ? EXIT_FAILURE : EXIT_SUCCESS;
	if (c->answer != NULL)
		json_object_set_new(c->answer, "well", json_boolean(h.worst != BAD));
	return true;
}
