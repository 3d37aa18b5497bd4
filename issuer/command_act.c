#include "issuer/command.h"

#include "core/file.h"
#include "issuer/dossier.h"
#include "issuer/draft.h"
#include "issuer/issue.h"
#include "issuer/waiting.h"
#include "issuer/who.h"
#include "issuer/words.h"

#include <stdlib.h>
#include <time.h>

#define HEADING_COLUMNS 48

/* ---- the bureau and who signs ---- */

static const char *
folder_of(const struct command *c)
{
	return c->option[OPTION_DIR] != NULL ? c->option[OPTION_DIR] : getenv("QUALCERT_BUREAU");
}

bool
command_names_bureau(const struct command *c)
{
	const char *folder = folder_of(c);
	return folder != NULL && folder[0] != '\0';
}

bool
command_folder(const char **out, const struct command *c, struct err *err)
{
	*out = folder_of(c);
	return command_names_bureau(c) ||
	    err_set(err, ERR_USAGE, "which bureau? -C DIR, or QUALCERT_BUREAU");
}

bool
command_open(struct command *c, bool read_only, struct err *err)
{
	const char *folder;

	if (!command_folder(&folder, c, err))
		return false;
	if (!bureau_open(&c->bureau, folder, read_only, c->row->name, err))
		return false;
	if (c->option[OPTION_LANG] == NULL)
		c->lang = c->bureau->conf.lang;
	return true;
}

bool
command_passphrase(struct passphrase_source *out, const struct command *c, struct err *err)
{
	const char *fd = c->option[OPTION_PASSPHRASE_FD];
	char *end;

	*out = (struct passphrase_source){ .from = PASSPHRASE_TERMINAL };
	if (c->option[OPTION_PASSPHRASE_FILE] != NULL) {
		out->from = PASSPHRASE_FILE;
		out->path = c->option[OPTION_PASSPHRASE_FILE];
		return fd == NULL ||
		    err_set(err, ERR_USAGE, "--passphrase-file or --passphrase-fd, not both");
	}
	if (fd == NULL)
		return true;
	long number = strtol(fd, &end, 10);
	if (end == fd || *end != '\0' || number < 0 || number > INT32_MAX)
		return err_set(err, ERR_USAGE, "\"%s\" is no file descriptor", fd);
	out->from = PASSPHRASE_FD;
	out->fd = (int)number;
	return true;
}

bool
command_officer(struct command *c, struct err *err)
{
	const char *as = c->option[OPTION_AS], *key = c->option[OPTION_KEY];
	struct passphrase_source passphrase;
	const struct trust *trust;

	if ((as == NULL) == (key == NULL))
		return err_set(err, ERR_USAGE, "who are you? --as OFFICER, or --key FILE%s",
		    as != NULL ? ", not both" : "");
	if (as != NULL)
		return officer_find(&c->officer, c->bureau, as, c->now_s, err);
	return command_passphrase(&passphrase, c, err) && bureau_trust(&trust, c->bureau, err) &&
	    officer_open(&c->officer, trust_bundle(trust), key, &passphrase, err);
}

const char *
command_name(char room[OFFICER_NAME_BYTES], const struct command *c,
    const uint8_t person[BUNDLE_PERSON_BYTES])
{
	return officer_name(room, c->bureau, person, c->lang);
}

/* Under which title he is greeted: the first of his roles that he has now. */
static enum role
role_of(const struct command *c)
{
	enum role role = ROLE_ACCEPT;
	while (role < ROLES && !bundle_key_has_role(c->officer.key, role, c->now_s))
		role++;
	return role < ROLES ? role : ROLE_NONE;
}

void
command_heading(struct buf *out, const struct command *c)
{
	char room[OFFICER_NAME_BYTES], time_text[WORD_TIME_BYTES];
	size_t from = out->len;

	buf_printf(out, "%s%s%s", command_name(room, c, c->officer.key->person),
	    LANG_PICK(c->lang, "  ", ", "), word_role(role_of(c), c->lang));
	word_pad(out, from, HEADING_COLUMNS);
	word_time(time_text, c->now_s, c->lang);
	buf_printf(out, "%s\n", time_text);
}

/* ---- acts ---- */

bool
command_recover(const struct command *c, enum issue_wait wait, struct err *err)
{
	struct issue_recovery found = { 0 };

	if (!issue_recover(&found, c->bureau, wait, c->now_s, err))
		return err_in(err, "recovery");
	if (found.finished > 0)
		command_warn("half made before and finished now: %zu", found.finished);
	if (found.unstamped > 0)
		command_warn("of them untimestamped: %zu", found.unstamped);
	if (found.failed > 0)
		command_warn("still half made: %zu; the first: %s", found.failed, found.first.text);
	if (found.waiting > 0)
		command_warn("approved and not made, since it is stopped: %zu; qualcert resume",
		    found.waiting);
	return true;
}

static bool
begin(struct command *c, struct sitting *s, bool recover, struct err *err)
{
	bool nobody = c->option[OPTION_EXPORT] != NULL && c->option[OPTION_AS] == NULL &&
	    c->option[OPTION_KEY] == NULL;

	*s = (struct sitting){ 0 };
	if (!command_open(c, c->option[OPTION_DRY_RUN] != NULL, err))
		return false;
	if (recover && c->option[OPTION_DRY_RUN] == NULL &&
	    !command_recover(c, ISSUE_WAITS_FOR_NOBODY, err))
		return false;
	if (!nobody && !command_officer(c, err))
		return false;
	s->bureau = c->bureau;
	s->now_s = c->now_s;
	s->idempotency_key = c->option[OPTION_IDEMPOTENCY_KEY];
	return true;
}

bool
command_begin(struct command *c, struct sitting *s, struct err *err)
{
	return begin(c, s, true, err);
}

bool
command_begin_at_once(struct command *c, struct sitting *s, struct err *err)
{
	return begin(c, s, false, err);
}

bool
command_repeats(bool *out, const struct sitting *s, struct err *err)
{
	struct chain_entry before;
	struct buf bytes = BUF_EMPTY;

	bool ok = sitting_recall(out, &before, &bytes, s, err);
	buf_free(&bytes);
	return ok;
}

bool
command_may(const struct command *c, const struct sitting *s, struct span subject,
    enum act_kind kind, struct err *err)
{
	struct registry_subject known = { 0 };
	char room[OFFICER_NAME_BYTES];
	bool repeated;

	if (c->officer.key == NULL)
		return true;
	bool ok = command_repeats(&repeated, s, err);
	if (ok && !repeated) {
		const char *name = officer_name(room, c->bureau, c->officer.key->person, LANG_EN);
		struct chain_who who = chain_who_of(c->officer.key, name);
		ok = registry_subject_load(&known, c->bureau->registry, subject, c->now_s, err);
		if (ok) {
			dossier_name_people(&known.chain, c->bureau);
			ok = judge_may(&known.judge, kind, &who, c->officer.key, err);
		}
	}
	registry_subject_free(&known);
	return ok;
}

bool
command_propose(struct command_proposal *out, const struct command *c, const struct sitting *s,
    enum act_kind kind, struct err *err)
{
	struct chain_entry before;
	struct buf bytes = BUF_EMPTY;
	const struct policy *policy;
	bool repeated;

	if (!bureau_policy(&policy, c->bureau, err) ||
	    !sitting_recall(&repeated, &before, &bytes, s, err)) {
		buf_free(&bytes);
		return false;
	}
	if (repeated && chain_sitting(&before).len > 0) {
		struct span id = chain_sitting(&before);
		snprintf(
		    out->sitting, sizeof out->sitting, "%.*s", (int)id.len, (const char *)id.ptr);
		out->not_after_s = chain_not_after_s(&before);
		buf_free(&bytes);
		return true;
	}
	buf_free(&bytes);
	out->not_after_s = policy_not_after_s(policy, kind, s->now_s);
	return sitting_new_id(out->sitting, c->bureau, err);
}

bool
command_tell_who_approves(
    const struct command *c, struct span subject, int64_t not_after_s, struct err *err)
{
	struct registry_subject known = { 0 };
	struct buf names = BUF_EMPTY, text = BUF_EMPTY;
	char day[WORD_TIME_BYTES];

	bool ok = registry_subject_load(&known, c->bureau->registry, subject, c->now_s, err);
	if (ok) {
		who_may(&names, c->bureau, &known.judge, ACT_APPROVE, c->lang);
		word_day(day, not_after_s - 1, c->lang);
		if (c->lang == LANG_ZH)
			buf_printf(&text, "尚未发生任何改变。须由%s批准，最迟 %s。\n",
			    buf_text(&names), day);
		else
			buf_printf(&text, "Nothing has changed yet. %s must approve it by %s.\n",
			    buf_text(&names), day);
		ok = buf_ok(&names, err) && buf_ok(&text, err);
		command_tell(&text);
	}
	buf_free(&text);
	buf_free(&names);
	registry_subject_free(&known);
	return ok;
}

/* What would be signed, as the officer would read it in a draft. */
static bool
show(const struct command *c, const struct sitting *s, struct err *err)
{
	struct buf file = BUF_EMPTY, text = BUF_EMPTY;
	struct draft *draft = NULL;

	bool ok = sitting_export(&file, s, err) && draft_open(&draft, buf_span(&file), err) &&
	    draft_show(&text, draft, c->bureau, c->lang, err);
	if (ok)
		command_print_buf(c, &text);
	if (ok && c->answer != NULL)
		json_object_set_new(
		    c->answer, "would_sign", json_stringn((const char *)text.ptr, text.len));
	draft_free(draft);
	buf_free(&text);
	buf_free(&file);
	return ok;
}

static bool export(const struct command *c, const struct sitting *s, struct err *err)
{
	const char *path = c->option[OPTION_EXPORT];
	struct buf file = BUF_EMPTY;

	bool ok = sitting_export(&file, s, err) && file_write_new(path, buf_span(&file), 0600, err);
	if (ok) {
		command_warn(
		    "nothing is recorded yet: sign %s with \"qualcert sign\", then record it",
		    path);
		if (c->answer != NULL)
			json_object_set_new(c->answer, "draft", json_string(path));
	}
	buf_free(&file);
	return ok;
}

static bool
record(struct command_record *out, struct command *c, struct sitting *s, struct err *err)
{
	struct passphrase_source passphrase;
	uint64_t waiting;

	if (!command_passphrase(&passphrase, c, err) ||
	    !officer_unlock(&c->officer, c->bureau, &passphrase, err))
		return false;
	/* Clock and folder now: meanwhile a person was asked. */
	c->now_s = (int64_t)time(NULL);
	s->now_s = c->now_s;
	if (!waiting_bundle(&waiting, c->bureau, c->now_s, err))
		return false;
	s->bundle_waiting = waiting > 0;
	out->items = calloc(s->n_claims + 1, sizeof *out->items);
	out->acts = calloc(s->n_claims + 1, sizeof *out->acts);
	if (out->items == NULL || out->acts == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	out->done = sitting_record(out->items, out->acts, s, c->officer.signer, err);
	return out->done;
}

bool
command_finish(struct command_record *out, struct command *c, struct sitting *s, struct err *err)
{
	*out = (struct command_record){ 0 };
	if (c->option[OPTION_DRY_RUN] != NULL)
		return show(c, s, err);
	if (c->option[OPTION_EXPORT] != NULL)
		return export(c, s, err);
	return record(out, c, s, err);
}

void
command_record_free(struct command_record *r, const struct sitting *s)
{
	for (size_t i = 0; r->acts != NULL && i < s->n_claims; i++)
		buf_free(&r->acts[i]);
	free(r->acts);
	free(r->items);
	*r = (struct command_record){ 0 };
}

bool
command_finish_one(bool *done, struct command *c, struct sitting *s, struct err *err)
{
	struct command_record record;

	bool ok = command_finish(&record, c, s, err);
	*done = ok && record.done;
	if (*done && !record.items[0].recorded) {
		*err = record.items[0].err;
		*done = ok = false;
	}
	command_record_free(&record, s);
	return ok;
}

/* To a list in the answer, which is there from the first call on. */
static void
add_to_list(const struct command *c, const char *key, const char *text)
{
	json_t *list = json_object_get(c->answer, key);

	if (list == NULL)
		json_object_set_new(c->answer, key, list = json_array());
	json_array_append_new(list, json_string(text));
}

static bool
tell_made(const struct command *c, const struct issue_item *made, struct err *err)
{
	char file[NUMBER_FILE_BYTES];
	struct number number;

	if (!number_parse(&number, span_text(made->number), err))
		return false;
	number_file(file, &number, made->version);
	const char *stamped = made->unstamped.code != ERR_NONE ? " untimestamped" : "";
	if (made->version > 1)
		command_print(c, "issued %s v%u%s\n", made->number, made->version, stamped);
	else
		command_print(c, "issued %s%s\n", made->number, stamped);
	fflush(stdout);
	if (made->unstamped.code != ERR_NONE)
		command_warn("%s has no time-stamp: %s", made->number, made->unstamped.text);
	if (c->answer != NULL) {
		if (made->unstamped.code != ERR_NONE)
			add_to_list(c, "untimestamped", made->number);
		add_to_list(c, "issued", made->number);
		add_to_list(c, "files", file);
	}
	return true;
}

size_t
command_make(struct command *c, struct issue_item *items, size_t n)
{
	char room[WORD_SUBJECT_BYTES];
	struct err why = { 0 };
	size_t done = 0;

	/* The clock again: in a long sitting each certificate is recorded when it is made. */
	c->now_s = (int64_t)time(NULL);
	if (n > 0 && !issue_make(c->bureau, items, n, c->now_s, &why)) {
		command_failed(c, c->bureau->folder, &why); /* the same for all of them */
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		struct issue_item *item = &items[i];
		if (item->made && tell_made(c, item, &item->err))
			done++;
		else
			command_failed(c, word_subject(room, span_text(item->subject)), &item->err);
	}
	return done;
}
