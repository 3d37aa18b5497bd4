/* backup: one file of everything that cannot be computed again. */
#include "core/encode.h"
#include "issuer/backup.h"
#include "issuer/commands.h"
#include "issuer/progress.h"

static void
print_report(struct command *c, const char *path, const struct backup_report *r)
{
	char size[PROGRESS_SIZE_BYTES];

	progress_size(size, r->bytes);
	command_print(c,
	    LANG_PICK(c->lang, "已备份到 %s：%llu 个行为，%llu 份证书，%s\n",
		"backed up to %s: %llu acts, %llu certificates, %s\n"),
	    path, (unsigned long long)r->acts, (unsigned long long)r->certificates, size);
	if (r->note.code != ERR_NONE)
		command_warn("%s", r->note.text);
	if (r->missing == 0)
		return;
	c->status = EXIT_FAILURE;
	command_warn(LANG_PICK(c->lang, "%llu 份证书的文件不在备份中；第一份：%s",
			 "the files of %llu certificates are not in it; the first: %s"),
	    (unsigned long long)r->missing, r->first_miss.text);
}

static void
fill_answer(const struct command *c, const char *path, const struct backup_report *r)
{
	char root[2 * SHA256_BYTES + 1];

	if (c->answer == NULL)
		return;
	hex_encode(root, span_of(r->root.b, SHA256_BYTES));
	json_t *report = json_pack("{s:s, s:I, s:I, s:I, s:I, s:s}", "backup", path, "acts",
	    (json_int_t)r->acts, "certificates", (json_int_t)r->certificates, "missing",
	    (json_int_t)r->missing, "bytes", (json_int_t)r->bytes, "root", root);
	json_object_update(c->answer, report);
	json_decref(report);
}

bool
cmd_backup(struct command *c, struct err *err)
{
	struct backup_report report;
	struct progress progress;
	const char *path;

	if (!command_one_word(&path, c, err) || !command_open(c, true, err))
		return false;
	struct archive_watch watch = progress_begin(&progress);
	bool ok = backup(&report, c->bureau, path, c->now_s, watch, err);
	progress_end(&progress);
	if (ok) {
		print_report(c, path, &report);
		fill_answer(c, path, &report);
	}
	return ok;
}
