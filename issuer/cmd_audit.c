/* audit: does everything agree? registry rebuild: compute what follows from the acts again. */
#include "core/civil.h"
#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "issuer/commands.h"
#include "issuer/publish.h"
#include "issuer/words.h"
#include "registry/audit.h"

#include <stdlib.h>
#include <time.h>

#define NUMBER_TEXT_BYTES 32

/* "18,204" */
static const char *
thousands(char out[NUMBER_TEXT_BYTES], uint64_t n)
{
	char plain[NUMBER_TEXT_BYTES];
	size_t at = 0;
	int len = snprintf(plain, sizeof plain, "%llu", (unsigned long long)n);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = plain[i];
	}
	out[at] = '\0';
	return out;
}

/* ---- the question ---- */

/* What an audit looks at; owned. */
struct materials {
	struct buf registry, second, issued, published, root_path;
	struct buf root, checkpoint;
	struct publish_waiting waiting;
};

static void
materials_free(struct materials *m)
{
	buf_free(&m->registry);
	buf_free(&m->second);
	buf_free(&m->issued);
	buf_free(&m->published);
	buf_free(&m->root_path);
	buf_free(&m->root);
	buf_free(&m->checkpoint);
}

static bool
gather(struct materials *m, const struct command *c, struct err *err)
{
	const struct bureau *b = c->bureau;
	const char *checkpoint = c->option[OPTION_CHECKPOINT], *root = c->option[OPTION_ROOT];

	if (!bureau_path(&m->registry, b, err, "registry.db") ||
	    !bureau_path(&m->second, b, err, "%s", b->conf.second_copy) ||
	    !bureau_path(&m->issued, b, err, "issued") ||
	    !bureau_path(&m->published, b, err, "public") ||
	    !bureau_path(&m->root_path, b, err, "root.cose"))
		return false;
	return file_read(&m->root, root != NULL ? root : buf_text(&m->root_path),
		   LIMIT_BUNDLE_BYTES, err) &&
	    publish_look(&m->waiting, b, err) &&
	    (checkpoint == NULL || command_read(&m->checkpoint, checkpoint, LIMIT_NOTE_BYTES, err));
}

/* ---- the answer, for people ---- */

static void
print_row(
    const struct command *c, const char *zh, const char *en, const char *count, const char *text)
{
	struct buf line = BUF_EMPTY;

	buf_add_text(&line, "  ");
	size_t from = line.len;
	buf_add_text(&line, LANG_PICK(c->lang, zh, en));
	word_pad(&line, from, 13);
	buf_printf(&line, "%7s   %s\n", count, text);
	command_print_buf(c, &line);
	buf_free(&line);
}

static void
print_counts(const struct command *c, const struct audit_result *r)
{
	char n[NUMBER_TEXT_BYTES];
	enum lang l = c->lang;

	print_row(c, "行为", "acts", thousands(n, r->acts),
	    LANG_PICK(l, "每个签名有效，每位官员当时有权",
		"every signature good, every officer had the power then"));
	print_row(c, "双人", "two persons", thousands(n, r->approved),
	    LANG_PICK(l, "需两人者均有两人两钥；现场审查者未作决定",
		"every act that needs two has two; no case decided by its inspectors"));
	print_row(c, "账表", "tables", "",
	    LANG_PICK(l, "由行为重新算出：一致", "rebuilt from the acts: identical"));
	print_row(c, "文件", "files", thousands(n, r->files),
	    LANG_PICK(l, "已签发的文件与登记一致", "of issued/ are those in the register"));
	if (r->second_copy)
		print_row(c, "副本", "second copy", "",
		    LANG_PICK(l, "与登记一致", "holds the same acts"));
	if (r->published)
		print_row(c, "公开", "published", thousands(n, r->parts + r->tiles),
		    LANG_PICK(l, "部分与日志块由行为重新算出：一致",
			"parts and tiles follow from the acts"));
}

static void
print_checkpoint(const struct command *c, const struct audit_result *r)
{
	char n[NUMBER_TEXT_BYTES], day[CIVIL_TEXT_BYTES], text[256];

	if (r->checkpoint_size == 0)
		return;
	civil_format(day, civil_of(r->checkpoint_recorded_s));
	snprintf(text, sizeof text,
	    LANG_PICK(c->lang, "延续 %s 的检查点（%s 条）：此前未改一字、未删一条",
		"extends the checkpoint of %s (%s entries): nothing\n"
		"                         before it was changed or removed"),
	    day, thousands(n, r->checkpoint_size));
	print_row(c, "日志", "log", "", text);
}

static void
print_verdict(const struct command *c, const struct audit_result *r, double seconds)
{
	char when[WORD_TIME_BYTES];
	struct buf line = BUF_EMPTY;

	word_time(when, c->now_s, c->lang);
	audit_line(&line, r);
	command_print(c,
	    LANG_PICK(c->lang, "一致。%s 检查，用时 %.1f 秒。请保存此行，供下次使用：\n  ",
		"CLEAN. Checked %s in %.1f s. Keep this line for next time:\n  "),
	    when, seconds);
	buf_add_text(&line, "\n");
	command_print_buf(c, &line);
	buf_free(&line);
}

/* What the audit says in English, in Chinese; as it is where a sentence is new. */
static const char *
translated(const char *en, enum lang lang)
{
	static const struct {
		const char *en, *zh;
	} rows[] = {
		{ "whether the decisions were right", "决定是否正确" },
		{ "anything since the last act", "最后一个行为之后的一切" },
		{ "whether the root keys are the bureau's own", "根密钥是否确属该机关" },
		{ "the second copy of the acts", "行为的副本" },
		{ "the issued files", "已签发的文件" },
		{ "the published files", "已公开的文件" },
		{ "a published snapshot: there is none", "已公开的快照：没有" },
		{ "the published files: a loss was accepted, and nothing was published since",
		    "已公开的文件：遗失已获承认，此后尚未公开" },
		{ "the checkpoint kept outside: acts it covers are lost, and two officers accepted "
		  "it",
		    "存于别处的检查点：其所载行为有遗失，已由两名官员承认" },
		{ "who made the certificates in issued/ whose acts are lost",
		    "issued/ 中行为已遗失的证书由谁制作" },
		{ "a published log: there is none", "已公开的日志：没有" },
		{ "the status tokens: they only worsen what the snapshot says",
		    "状态令牌：它只能使快照所说变差" },
		{ "whether the published snapshot is the newest: the next waits for others",
		    "已公开的快照是否最新：下一份尚待他人签名" },
		{ "who signed the published log: it waits for witnesses",
		    "已公开的日志由谁签名：它尚待见证人联署" },
		{ "lookup.db: it only worsens what the snapshot says",
		    "查询库 lookup.db：它只能使快照所说变差" },
		{ "a checkpoint kept outside: only one shows that nothing was rewritten as a whole",
		    "存于别处的检查点：唯有它能证明全部未被重写" },
		{ "what the entries stand for: acts are not published",
		    "各条目所代表的内容：行为不公开" },
		{ "whether others were shown another log: no witness cosigned this one",
		    "是否有人见到另一份日志：本日志没有见证人联署" },
		{ "who signed the checkpoint kept outside: it bears no signature",
		    "存于别处的检查点由谁签名：它没有签名" },
		{ "the signature of the checkpoint kept outside: it is by another log key",
		    "存于别处的检查点的签名：属于另一把日志密钥" },
	};

	for (size_t i = 0; lang == LANG_ZH && i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].en, en) == 0)
			return rows[i].zh;
	return en;
}

static void
print_unchecked(const struct command *c, const struct audit_result *r)
{
	command_print(c, "%s", LANG_PICK(c->lang, "未检查\n", "Not checked\n"));
	for (size_t i = 0; i < r->n_unchecked; i++)
		command_print(c, "  %s\n", translated(r->unchecked[i], c->lang));
}

/* May officers sign on this machine? Then whoever administers it can act as them. */
static bool
signs_here(const struct bureau *b)
{
	const struct trust *trust;

	return b->conf.local_signing ||
	    (bureau_trust(&trust, b, NULL) && trust_bundle(trust)->test);
}

static void
print_local_signing(const struct command *c)
{
	if (signs_here(c->bureau))
		command_print(c, "%s",
		    LANG_PICK(c->lang, "注意：官员可在本机签名，故本机管理员可以以官员名义行事。\n",
			"Note: officers may sign on this machine, so its administrator can act as "
			"them.\n"));
}

static void
print_finding(const struct command *c, const struct audit_result *r)
{
	command_print(c, LANG_PICK(c->lang, "不一致。%s\n", "NOT CLEAN. %s\n"), r->finding);
}

static void
print_result(const struct command *c, const struct audit_result *r, double seconds)
{
	if (r->clean) {
		print_counts(c, r);
		print_checkpoint(c, r);
		print_verdict(c, r, seconds);
	} else {
		print_finding(c, r);
	}
	print_local_signing(c);
	print_unchecked(c, r);
}

static void
print_log(const struct command *c, const struct audit_result *r, double seconds)
{
	char n[NUMBER_TEXT_BYTES];

	if (r->clean) {
		print_row(c, "条目", "entries", thousands(n, r->size),
		    LANG_PICK(c->lang, "合为已签名的检查点，时间不倒退",
			"make the published, signed checkpoint; their times never fall"));
		print_checkpoint(c, r);
		print_verdict(c, r, seconds);
	} else {
		print_finding(c, r);
	}
	print_unchecked(c, r);
}

/* ---- and for programs ---- */

static void
set_count(json_t *object, const char *name, uint64_t n)
{
	json_object_set_new(object, name, json_integer((json_int_t)n));
}

static void
fill_answer(const struct command *c, const struct audit_result *r)
{
	char root[2 * SHA256_BYTES + 1];
	json_t *a = c->answer, *unchecked = json_array();

	if (a == NULL) {
		json_decref(unchecked);
		return;
	}
	hex_encode(root, span_of(r->root.b, SHA256_BYTES));
	json_object_set_new(a, "clean", json_boolean(r->clean));
	if (!r->clean)
		json_object_set_new(a, "finding", json_string(r->finding));
	set_count(a, "acts", r->acts);
	set_count(a, "approved_by_two", r->approved);
	set_count(a, "instruments", r->instruments);
	set_count(a, "files", r->files);
	set_count(a, "parts", r->parts);
	set_count(a, "tiles", r->tiles);
	json_object_set_new(a, "second_copy", json_boolean(r->second_copy));
	set_count(a, "checkpoint_size", r->checkpoint_size);
	json_object_set_new(a, "origin", json_string(r->origin));
	set_count(a, "size", r->size);
	json_object_set_new(a, "root", json_string(root));
	if (c->bureau != NULL)
		json_object_set_new(a, "local_signing", json_boolean(signs_here(c->bureau)));
	for (size_t i = 0; i < r->n_unchecked; i++)
		json_array_append_new(unchecked, json_string(r->unchecked[i]));
	json_object_set_new(a, "unchecked", unchecked);
}

static double
seconds_since(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - from->tv_sec) + (double)(now.tv_nsec - from->tv_nsec) / 1e9;
}

static bool
audit_bureau(struct command *c, struct err *err)
{
	struct materials m = { 0 };
	struct audit_result *result = calloc(1, sizeof *result);
	struct timespec began;

	if (result == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	clock_gettime(CLOCK_MONOTONIC, &began);
	bool ok = command_no_words(c, err) && command_open(c, true, err) && gather(&m, c, err) &&
	    registry_audit(result,
		&(struct audit_question){ .registry = buf_text(&m.registry),
		    .policies = c->bureau->policies,
		    .n_policies = c->bureau->n_policies,
		    .root = buf_span(&m.root),
		    .host = c->bureau->conf.host,
		    .second_copy = buf_text(&m.second),
		    .issued = buf_text(&m.issued),
		    .published = buf_text(&m.published),
		    .waiting = m.waiting.for_whom != PUBLISH_WAITS_FOR_NONE,
		    .checkpoint = buf_span(&m.checkpoint) },
		err);
	if (ok) {
		c->status = result->clean ? EXIT_SUCCESS : EXIT_FAILURE;
		print_result(c, result, seconds_since(&began));
		fill_answer(c, result);
	}
	materials_free(&m);
	free(result);
	return ok;
}

/* The published log alone: anybody can, and no bureau is needed. */
static bool
audit_log(struct command *c, struct err *err)
{
	struct buf root = BUF_EMPTY, checkpoint = BUF_EMPTY;
	struct audit_result *result = calloc(1, sizeof *result);
	const char *folder, *kept = c->option[OPTION_CHECKPOINT];
	struct timespec began;
	struct span path;

	if (result == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	clock_gettime(CLOCK_MONOTONIC, &began);
	bool ok = command_one_word(&folder, c, err) && command_need(&path, c, OPTION_ROOT, err) &&
	    file_read(&root, c->option[OPTION_ROOT], LIMIT_BUNDLE_BYTES, err) &&
	    (kept == NULL || command_read(&checkpoint, kept, LIMIT_NOTE_BYTES, err)) &&
	    registry_audit_log(result,
		&(struct audit_question){ .published = folder,
		    .root = buf_span(&root),
		    .checkpoint = buf_span(&checkpoint) },
		err);
	if (ok) {
		c->status = result->clean ? EXIT_SUCCESS : EXIT_FAILURE;
		print_log(c, result, seconds_since(&began));
		fill_answer(c, result);
	}
	buf_free(&root);
	buf_free(&checkpoint);
	free(result);
	return ok;
}

/* What belongs to --sign says nothing without it. */
static bool
check_options(const struct command *c, struct err *err)
{
	static const enum command_option of_sign[] = { OPTION_KEY, OPTION_PASSPHRASE_FILE,
		OPTION_PASSPHRASE_FD, OPTION_WATCH };

	for (size_t i = 0; i < sizeof of_sign / sizeof of_sign[0]; i++)
		if (c->option[OPTION_SIGN] == NULL && c->option[of_sign[i]] != NULL)
			return err_set(err, ERR_USAGE,
			    "--key, --passphrase-file, --passphrase-fd and --watch go with --sign");
	return c->option[OPTION_PROOF] == NULL ||
	    (c->option[OPTION_SIGN] == NULL && c->option[OPTION_CHECKPOINT] == NULL) ||
	    err_set(err, ERR_USAGE, "--proof goes alone");
}

bool
cmd_audit(struct command *c, struct err *err)
{
	if (!check_options(c, err))
		return false;
	if (c->option[OPTION_SIGN] != NULL)
		return audit_sign(c, err);
	if (c->option[OPTION_PROOF] != NULL)
		return audit_proof(c, err);
	return c->n_words > 0 ? audit_log(c, err) : audit_bureau(c, err);
}

bool
cmd_registry_rebuild(struct command *c, struct err *err)
{
	struct registry_head head;

	if (!command_no_words(c, err) || !command_open(c, false, err) ||
	    !registry_rebuild(c->bureau->registry, err) ||
	    !registry_head(&head, c->bureau->registry, err))
		return false;
	command_print(c,
	    LANG_PICK(c->lang, "已由 %llu 个行为重新算出全部账表\n",
		"all tables computed again from %llu acts\n"),
	    (unsigned long long)head.size);
	if (c->answer != NULL)
		set_count(c->answer, "acts", head.size);
	return true;
}
