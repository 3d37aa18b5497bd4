/* What an audit found. */
#include "issuer/audit_show.h"

#include "core/civil.h"
#include "core/encode.h"
#include "core/wallclock.h"
#include "issuer/words.h"

#include <stdlib.h>

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

/* ---- for people ---- */

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
	print_row(c, "文件", "files", thousands(n, r->pdfs + r->coses),
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
		{ "everything else in the backup", "备份中的其余一切" },
		{ "ca.pem, names.json, trust-bundle and layouts: no act says what is in them",
		    "ca.pem、names.json、trust-bundle 与版式：没有行为载明其内容" },
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

/* May officers sign on the bureau's machine? Then whoever administers it can act as them. */
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
	if (c->bureau != NULL && signs_here(c->bureau))
		command_print(c, "%s",
		    LANG_PICK(c->lang,
			"注意：官员可在该机关的机器上签名，故其管理员可以以官员名义行事。\n",
			"Note: officers may sign on the bureau's machine, so its administrator can "
			"act as them.\n"));
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
	set_count(a, "files", r->pdfs + r->coses);
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
seconds_since(int64_t began_ms)
{
	return (double)(monotonic_ms() - began_ms) / 1e3;
}

/* ---- */

void
audit_show(struct command *c, const struct audit_result *r, int64_t began_ms)
{
	c->status = r->clean ? EXIT_SUCCESS : EXIT_FAILURE;
	print_result(c, r, seconds_since(began_ms));
	fill_answer(c, r);
}

void
audit_show_log(struct command *c, const struct audit_result *r, int64_t began_ms)
{
	c->status = r->clean ? EXIT_SUCCESS : EXIT_FAILURE;
	print_log(c, r, seconds_since(began_ms));
	fill_answer(c, r);
}
