/* audit: does everything agree? registry rebuild: compute what follows from the acts again. */
#include "core/file.h"
#include "core/limits.h"
#include "core/wallclock.h"
#include "issuer/audit_show.h"
#include "issuer/commands.h"
#include "issuer/publish.h"

#include <stdlib.h>
#include <sys/stat.h>

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

static bool
audit_bureau(struct command *c, struct err *err)
{
	struct materials m = { 0 };
	struct audit_result *result = calloc(1, sizeof *result);

	if (result == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	const int64_t began_ms = monotonic_ms();
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
	if (ok)
		audit_show(c, result, began_ms);
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
	struct span path;

	if (result == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	const int64_t began_ms = monotonic_ms();
	bool ok = command_one_word(&folder, c, err) && command_need(&path, c, OPTION_ROOT, err) &&
	    file_read(&root, c->option[OPTION_ROOT], LIMIT_BUNDLE_BYTES, err) &&
	    (kept == NULL || command_read(&checkpoint, kept, LIMIT_NOTE_BYTES, err)) &&
	    registry_audit_log(result,
		&(struct audit_question){ .published = folder,
		    .root = buf_span(&root),
		    .checkpoint = buf_span(&checkpoint) },
		err);
	if (ok)
		audit_show_log(c, result, began_ms);
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

static bool
is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
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
	if (c->n_words == 0)
		return audit_bureau(c, err);
	return is_folder(c->words[0]) ? audit_log(c, err) : audit_backup(c, err);
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
		json_object_set_new(c->answer, "acts", json_integer((json_int_t)head.size));
	return true;
}
