/* restore: a bureau's folder put back from a backup. */
#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "issuer/commands.h"
#include "issuer/progress.h"
#include "issuer/restore.h"

static void
print_proof(const struct command *c, const struct restore_report *r, const char *folder)
{
	command_print(c,
	    LANG_PICK(c->lang, "已恢复到 %s：%llu 个行为均重新判定，%llu 份证书\n",
		"restored in %s: %llu acts, each judged again, and %llu certificates\n"),
	    folder, (unsigned long long)r->log.size, (unsigned long long)r->certificates);
	if (r->head.size > 0)
		command_print(c,
		    LANG_PICK(c->lang, "日志的根与备份所载一致（%llu 个行为）\n",
			"the log has the root that the backup says, at %llu acts\n"),
		    (unsigned long long)r->head.size);
	if (r->further > 0)
		command_print(c,
		    LANG_PICK(c->lang, "副本中另有 %llu 个行为\n",
			"beyond that, from the second copy: %llu acts\n"),
		    (unsigned long long)r->further);
}

static void
warn(struct command *c, const struct restore_report *r)
{
	if (r->second_copy_moved)
		command_warn("%s",
		    LANG_PICK(c->lang,
			"qualcert.conf 所载的副本在文件夹之外，可能属于仍在运行的机关：现改为 "
			"second/acts.log；请在 qualcert.conf 中另指一处",
			"qualcert.conf named a second copy outside the folder, which a living "
			"bureau may "
			"write to: it is second/acts.log now; name another disk in qualcert.conf"));
	if (r->missing == 0)
		return;
	c->status = EXIT_FAILURE;
	command_warn(
	    LANG_PICK(c->lang,
		"%llu 份证书的文件缺失，持证单位仍有其文件：取得后放入 issued/；第一份：%s",
		"the files of %llu certificates are missing; their holders have them: put "
		"them into issued/ when you get them. The first: %s"),
	    (unsigned long long)r->missing, r->first_miss.text);
}

/* No key was in the backup, and nothing of what the public reads. */
static void
print_next(const struct command *c)
{
	command_print(c, "%s",
	    LANG_PICK(c->lang,
		"接下来\n"
		"  1 放回 keys/，连同密钥旁的 .head 文件：其中是最后签名的内容\n"
		"  2 放回网站上的 public/：其中是最后公开的内容\n"
		"  3 qualcert audit --checkpoint FILE，用存于别处的检查点\n"
		"  4 qualcert publish：如有已签名或已公开的内容缺失，它会拒绝\n"
		"  5 缺失的行为如确无任何副本：qualcert restore --accept-loss\n",
		"Next\n"
		"  1 put keys/ back, with the .head files beside the keys: what was signed last\n"
		"  2 put public/ back from the web server: what was published last\n"
		"  3 qualcert audit --checkpoint FILE, with one that was kept elsewhere\n"
		"  4 qualcert publish: it refuses if anything signed or published is missing here\n"
		"  5 only if missing acts are nowhere any more: qualcert restore --accept-loss\n"));
}

static void
fill_answer(const struct command *c, const struct restore_report *r)
{
	char root[2 * SHA256_BYTES + 1];

	if (c->answer == NULL)
		return;
	hex_encode(root, span_of(r->log.root.b, SHA256_BYTES));
	json_t *report = json_pack("{s:I, s:I, s:I, s:I, s:I, s:s}", "acts",
	    (json_int_t)r->log.size, "backup_acts", (json_int_t)r->head.size, "further",
	    (json_int_t)r->further, "certificates", (json_int_t)r->certificates, "missing",
	    (json_int_t)r->missing, "root", root);
	json_object_update(c->answer, report);
	json_decref(report);
}

static bool
ask(struct restore_question *q, struct buf *root, const struct command *c, struct err *err)
{
	if (c->n_words == 0 && c->option[OPTION_SECOND_COPY] == NULL)
		return err_set(err, ERR_USAGE, "usage: qualcert restore %s", c->row->usage);
	if (!command_folder(&q->folder, c, err))
		return false;
	q->second_copy = c->option[OPTION_SECOND_COPY];
	if (c->option[OPTION_ROOT] != NULL &&
	    !file_read(root, c->option[OPTION_ROOT], LIMIT_BUNDLE_BYTES, err))
		return false;
	q->root_file = buf_span(root);
	return true;
}

static bool
put_back(struct command *c, struct err *err)
{
	struct restore_question q = { 0 };
	struct restore_report report;
	struct archive *archive = NULL;
	struct buf root = BUF_EMPTY;

	bool ok = ask(&q, &root, c, err) &&
	    (c->n_words == 0 || progress_archive(&archive, c->words[0], err));
	q.archive = archive;
	ok = ok && restore(&report, &q, err);
	if (ok) {
		print_proof(c, &report, q.folder);
		print_next(c);
		warn(c, &report);
		fill_answer(c, &report);
	}
	archive_close(archive);
	buf_free(&root);
	return ok;
}

/* Nobody signs a restoring. */
static bool
signs(const struct command *c)
{
	for (int i = 0; i < COMMAND_OPTION_COUNT; i++)
		if ((TAKES_ACT >> i & 1) != 0 && c->option[i] != NULL)
			return true;
	return false;
}

bool
cmd_restore(struct command *c, struct err *err)
{
	const bool accepts = c->option[OPTION_ACCEPT_LOSS] != NULL;
	const bool puts_back =
	    c->option[OPTION_SECOND_COPY] != NULL || c->option[OPTION_ROOT] != NULL;

	if (c->n_words > 1)
		return err_set(err, ERR_USAGE, "usage: qualcert restore %s", c->row->usage);
	if (accepts && puts_back)
		return err_set(err, ERR_USAGE,
		    "first put back what is left, then --accept-loss for what is not");
	if (!accepts && signs(c))
		return err_set(err, ERR_USAGE, "nothing is signed but with --accept-loss");
	return accepts ? cmd_accept_loss(c, err) : put_back(c, err);
}
