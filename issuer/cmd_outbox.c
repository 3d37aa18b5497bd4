/* Is each act that this officer signed in the log that the public sees? */
#include "issuer/commands.h"
#include "issuer/publish.h"
#include "issuer/words.h"

struct outbox {
	struct command *c;
	const struct trust *trust;
	uint64_t published; /* size of the log in the published checkpoint */
	size_t n;
	json_t *lines;
};

/* The checkpoint in public/log/, if there is one that holds. */
static bool
read_checkpoint(struct outbox *o, struct err *err)
{
	struct buf note = BUF_EMPTY;
	struct checkpoint checkpoint;
	struct err why = { 0 };

	bool ok = publish_read_checkpoint(&checkpoint, &note, o->c->bureau, &why);
	o->published = ok ? checkpoint.size : 0;
	buf_free(&note);
	return ok || why.code == ERR_NOT_FOUND || err_set(err, why.code, "%s", why.text);
}

/* By this officer, with whatever key? */
static bool
is_his(const struct outbox *o, const struct act *act)
{
	const struct bundle_key *key;

	return act_kind_form(act->kind) != ACT_MACHINE &&
	    trust_verify_act(&key, o->trust, KEY_USE_OFFICER, act) == TRUST_YES &&
	    memcmp(key->person, o->c->officer.key->person, BUNDLE_PERSON_BYTES) == 0;
}

static bool
on_act(void *ctx, const struct registry_entry *entry, struct err *err)
{
	struct outbox *o = ctx;
	struct act act;
	char when[WORD_TIME_BYTES], room[WORD_SUBJECT_BYTES];

	if (!act_parse(&act, entry->bytes, err))
		return false;
	if (!is_his(o, &act))
		return true;
	bool published = entry->index < o->published;
	o->n++;
	word_time(when, entry->recorded_s, o->c->lang);
	command_print(o->c, "%8llu  %s  %s %s  %s\n", (unsigned long long)entry->index, when,
	    word_kind(act.kind, o->c->lang), word_subject(room, act.subject),
	    published ? LANG_PICK(o->c->lang, "已公布", "published")
		      : LANG_PICK(o->c->lang, "尚未公布", "not yet published"));
	if (o->lines != NULL)
		json_array_append_new(o->lines,
		    json_pack("{s:I, s:I, s:s, s:s%, s:b}", "index", (json_int_t)entry->index,
			"recorded_s", (json_int_t)entry->recorded_s, "act", act_kind_word(act.kind),
			"subject", act.subject.ptr, act.subject.len, "published", published));
	return true;
}

bool
cmd_outbox(struct command *c, struct err *err)
{
	struct outbox o = { .c = c };
	struct registry_head head;

	if (!command_no_words(c, err) || !command_open(c, true, err) || !command_officer(c, err) ||
	    !bureau_trust(&o.trust, c->bureau, err) || !read_checkpoint(&o, err) ||
	    !registry_head(&head, c->bureau->registry, err))
		return false;
	if (c->answer != NULL) {
		o.lines = json_array();
		json_object_set_new(c->answer, "outbox", o.lines);
		json_object_set_new(
		    c->answer, "published_size", json_integer((json_int_t)o.published));
	}
	if (!registry_each_act(c->bureau->registry, 0, head.size, on_act, &o, err))
		return false;
	command_print(c,
	    LANG_PICK(c->lang, "您签署的行为 %zu 项；日志 %llu 项，已公布 %llu 项。\n",
		"Acts of yours: %zu. In the log: %llu, published: %llu.\n"),
	    o.n, (unsigned long long)head.size, (unsigned long long)o.published);
	return true;
}
