/* Signing where the key is, and recording what was signed elsewhere. */
#include "core/file.h"
#include "core/limits.h"
#include "issuer/commands.h"
#include "issuer/dossier.h"
#include "issuer/draft.h"
#include "issuer/issue.h"
#include "issuer/preview.h"
#include "issuer/waiting.h"
#include "issuer/words.h"

#include <stdlib.h>

/* ---- sign ---- */

/* Is the draft's bundle signed by the roots this officer knows? */
static bool
check_roots(const struct draft *d, const char *root_file, int64_t now_s, struct err *err)
{
	struct buf file = BUF_EMPTY;
	struct trust *trust = NULL;
	struct err why = { 0 };

	bool ok = file_read(&file, root_file, LIMIT_BUNDLE_BYTES, err) &&
	    trust_open(&trust, buf_span(&file), err);
	if (ok && trust_accept(trust, d->bundle_file, now_s, &why) != TRUST_YES)
		ok = err_set(err, ERR_REFUSED, "the draft's trust bundle: %s", why.text);
	trust_free(trust);
	buf_free(&file);
	return ok;
}

/* The root file named; else that of the bureau, if one is named. */
static bool
find_roots(struct buf *path, const struct command *c, struct err *err)
{
	if (c->option[OPTION_ROOT] != NULL)
		buf_add_text(path, c->option[OPTION_ROOT]);
	else if (c->bureau != NULL)
		return bureau_path(path, c->bureau, err, "root.cose");
	return buf_ok(path, err);
}

static bool
check_trust(const struct draft *d, const struct command *c, struct err *err)
{
	struct buf path = BUF_EMPTY;

	bool ok = find_roots(&path, c, err);
	if (ok && path.len > 0)
		ok = check_roots(d, buf_text(&path), c->now_s, err);
	else if (ok)
		command_warn("without --root FILE nobody has checked the trust bundle: compare the "
			     "fingerprint of the roots below");
	buf_free(&path);
	return ok;
}

static bool
preview(const struct draft *d, const struct command *c, struct err *err)
{
	struct pdf_maker *maker = NULL;
	const char *dir = c->option[OPTION_PREVIEW];

	if (dir == NULL)
		return true;
	json_t *paths = json_array();
	bool ok = pdf_maker_open(&maker, err);
	for (size_t i = 0; ok && i < d->n_items; i++) {
		const struct draft_item *item = &d->items[i];
		const struct act_body *body =
		    item->proposal != NULL ? &item->proposal->body : &item->body;
		ok = !act_body_makes(body->kind) ||
		    preview_write(paths, &body->issue, c->bureau, maker, dir, err);
	}
	if (ok)
		preview_tell(c, dir, paths);
	json_decref(paths);
	pdf_maker_close(maker);
	return ok;
}

static bool
show(const struct draft *d, struct command *c, struct err *err)
{
	struct buf text = BUF_EMPTY;
	char number[24];

	bool ok = draft_show(&text, d, c->bureau, c->lang, err);
	if (ok)
		command_tell(&text);
	buf_free(&text);
	snprintf(number, sizeof number, "%zu", d->n_items);
	return ok && preview(d, c, err) &&
	    command_confirm(c,
		LANG_PICK(c->lang, "\n请输入要签署的项数：", "\nType the number of acts to sign: "),
		number, err);
}

static bool
sign(const struct draft *d, struct command *c, const char *path, struct err *err)
{
	struct passphrase_source passphrase;
	struct buf file = BUF_EMPTY, out = BUF_EMPTY;

	buf_printf(&out, "%s.signed", path);
	bool ok = buf_ok(&out, err) && command_passphrase(&passphrase, c, err) &&
	    officer_open(&c->officer, d->bundle, c->option[OPTION_KEY], &passphrase, err) &&
	    draft_sign(&file, d, c->officer.signer, err) &&
	    file_write_new(buf_text(&out), buf_span(&file), 0600, err);
	if (ok) {
		command_print(c, "signed %s\n", buf_text(&out));
		command_answer(c, "signed", buf_text(&out));
	}
	buf_free(&out);
	buf_free(&file);
	return ok;
}

bool
cmd_sign(struct command *c, struct err *err)
{
	struct draft *d = NULL;
	struct buf file = BUF_EMPTY;
	struct span key;
	const char *path;

	bool ok = command_one_word(&path, c, err) && command_need(&key, c, OPTION_KEY, err) &&
	    (!command_names_bureau(c) || command_open(c, true, err)) &&
	    command_read(&file, path, LIMIT_DRAFT_BYTES, err) &&
	    (draft_open(&d, buf_span(&file), err) || err_in(err, "%s", path)) &&
	    check_trust(d, c, err) && show(d, c, err) && sign(d, c, path, err);
	draft_free(d);
	buf_free(&file);
	return ok;
}

/* ---- record ---- */

/* Of a proposal also its sitting, which the second officer needs to know. */
static void
report_one(struct command *c, const struct registry_item *item, const struct chain_entry *entry,
    json_t *lines)
{
	const char *kind = act_kind_word(entry->act.kind);
	const struct span sitting = chain_sitting(entry);
	const int id_len = (int)sitting.len;
	char subject[ACT_SUBJECT_BYTES + 1], room[WORD_SUBJECT_BYTES];

	snprintf(subject, sizeof subject, "%.*s", (int)entry->act.subject.len,
	    (const char *)entry->act.subject.ptr);
	command_print(c, "recorded %llu %s %s\n", (unsigned long long)item->index, kind, subject);
	if (id_len > 0)
		command_print(c, "proposed %.*s %s\n", id_len, (const char *)sitting.ptr,
		    word_subject(room, entry->act.subject));
	if (lines == NULL)
		return;
	json_t *line = json_pack(
	    "{s:I, s:s, s:s}", "index", (json_int_t)item->index, "act", kind, "subject", subject);
	if (id_len > 0)
		json_object_set_new(
		    line, "proposed", json_stringn((const char *)sitting.ptr, sitting.len));
	json_array_append_new(lines, line);
}

/* Why an act was refused, in a sentence that names people where the rules about people say no. */
static void
tell_refusal(struct command *c, size_t i, const struct registry_item *item)
{
	const struct bundle_key *signer;
	const struct trust *trust;
	struct registry_subject subject = { 0 };
	struct err why = item->err, named = { 0 };
	struct act act;
	char room[OFFICER_NAME_BYTES], what[32];

	if (act_parse(&act, item->act, NULL) &&
	    registry_subject_load(&subject, c->bureau->registry, act.subject, c->now_s, NULL) &&
	    bureau_trust(&trust, c->bureau, NULL) && judge_signer(&signer, trust, &act, NULL)) {
		struct chain_who who =
		    chain_who_of(signer, officer_name(room, c->bureau, signer->person, LANG_EN));
		dossier_name_people(&subject.chain, c->bureau);
		if (!judge_may(&subject.judge, act.kind, &who, signer, &named))
			why = named;
	}
	registry_subject_free(&subject);
	snprintf(what, sizeof what, "act %zu", i + 1);
	command_failed(c, what, &why);
}

/* Is it the second signature on a certificate that is to be made? */
static bool
lets_make(const struct chain_entry *entry)
{
	return entry->act.kind == ACT_APPROVE && act_body_makes(entry->body.answer.proposal_kind);
}

/* A line for each act: recorded where, or why not. Certificates approved are made; what goes wrong is said and leaves
 * the others. */
static void
report(struct command *c, const struct registry_item *items, size_t n)
{
	json_t *lines = c->answer != NULL ? json_array() : NULL;
	struct issue_item made[ISSUE_GROUP];
	size_t n_made = 0;

	if (c->answer != NULL)
		json_object_set_new(c->answer, "issued", json_array());
	for (size_t i = 0; i < n; i++) {
		struct chain_entry entry;
		const struct registry_item *item = &items[i];
		if (!item->recorded || !chain_entry_parse(&entry, item->act, NULL)) {
			tell_refusal(c, i, item);
			continue;
		}
		report_one(c, item, &entry, lines);
		if (lets_make(&entry)) {
			made[n_made++] = issue_item(entry.body.answer.proposal);
			if (n_made == ISSUE_GROUP) {
				command_make(c, made, n_made);
				n_made = 0;
			}
		}
	}
	command_make(c, made, n_made);
	if (c->answer != NULL)
		json_object_set_new(c->answer, "recorded", lines);
}

static bool
record(struct command *c, struct span file, struct err *err)
{
	struct span *acts = NULL;
	struct registry_item *items = NULL;
	uint64_t waiting;
	size_t n;

	if (!signed_parse(&acts, &n, file, err))
		return false;
	items = calloc(n, sizeof *items);
	bool ok = items != NULL || err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; ok && i < n; i++)
		items[i].act = acts[i];
	ok = ok && waiting_bundle(&waiting, c->bureau, c->now_s, err) &&
	    registry_append(c->bureau->registry, items, n, waiting > 0, c->now_s, err);
	if (ok)
		report(c, items, n);
	free(items);
	free(acts);
	return ok;
}

bool
cmd_record(struct command *c, struct err *err)
{
	struct buf file = BUF_EMPTY;
	const char *path;

	bool ok = command_one_word(&path, c, err) && command_open(c, false, err) &&
	    command_read(&file, path, LIMIT_DRAFT_BYTES, err) &&
	    command_recover(c, ISSUE_WAITS_FOR_NOBODY, err) &&
	    (record(c, buf_span(&file), err) || err_in(err, "%s", path));
	buf_free(&file);
	return ok;
}
