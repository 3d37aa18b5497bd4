/*
 * audit of a backup: the bureau is put back from it in a private folder, as restore would, and audited
 * there. So it proves as well that the backup can be restored.
 */
#include "core/file.h"
#include "core/limits.h"
#include "core/scratch.h"
#include "core/wallclock.h"
#include "issuer/audit_show.h"
#include "issuer/commands.h"
#include "issuer/progress.h"
#include "issuer/restore.h"

#include <stdlib.h>

/* Where what is large and passing belongs, unless TMPDIR says another place. */
#define TEMPORARY "/var/tmp"

struct auditing {
	struct command *command;
	struct archive *archive;
	struct buf root, checkpoint; /* empty: not given */
	struct scratch *scratch;
	struct bureau *bureau; /* put back there */
	struct restore_report report;
	struct audit_result *result;
};

/* What was named on the command line, all of it before the long work. */
static bool
read_words(struct auditing *k, struct err *err)
{
	const struct command *c = k->command;
	const char *path, *root = c->option[OPTION_ROOT], *kept = c->option[OPTION_CHECKPOINT];

	return command_one_word(&path, c, err) &&
	    (root == NULL || file_read(&k->root, root, LIMIT_BUNDLE_BYTES, err)) &&
	    (kept == NULL || command_read(&k->checkpoint, kept, LIMIT_NOTE_BYTES, err)) &&
	    progress_archive(&k->archive, path, err);
}

/* ---- putting it back ---- */

/* Its failure is the machine's, whatever it is. */
static bool
make_place(struct auditing *k, struct err *err)
{
	const char *named = getenv("TMPDIR");
	const char *where = named != NULL && named[0] != '\0' ? named : TEMPORARY;

	return scratch_open(&k->scratch, where, "qualcert-audit", err) ||
	    err_in(err, "TMPDIR can name another place");
}

static bool
put_back(struct auditing *k, struct err *err)
{
	bool ok =
	    restore(&k->report,
		&(struct restore_question){
		    .folder = scratch_path(k->scratch), .archive = k->archive, .passing = true },
		err) &&
	    bureau_open(&k->bureau, scratch_path(k->scratch), true, "audit", err);
	return ok ||
	    (err->code == ERR_IO
		    ? err_in(err, "while it was put back in %s (TMPDIR can name another place)",
			  scratch_path(k->scratch))
		    : false);
}

/* The backup is whole: what keeps the bureau in it from being put back is what the audit found. */
static bool
blame(struct auditing *k, const struct err *why, struct err *err)
{
	*k->result = (struct audit_result){
		.clean = true, .unchecked = { "everything else in the backup" }, .n_unchecked = 1
	};
	return registry_audit_blames(k->result, why, err);
}

/* ---- auditing it ---- */

/* Papers that restore puts back as they are. */
static void
name_unsigned(struct audit_result *r)
{
	if (r->n_unchecked < AUDIT_UNCHECKED)
		r->unchecked[r->n_unchecked++] =
		    "ca.pem, names.json, trust-bundle and layouts: no act says what is in them";
}

/* Of BACKUP: no signature covers what it says. */
static void
compare_size(struct auditing *k)
{
	struct audit_result *r = k->result;

	if (!r->clean || r->acts == k->report.head.size)
		return;
	r->clean = false;
	snprintf(r->finding, sizeof r->finding,
	    "the backup says that it has %llu acts, and it has %llu",
	    (unsigned long long)k->report.head.size, (unsigned long long)r->acts);
}

static bool
look(struct auditing *k, struct err *err)
{
	const struct bureau *b = k->bureau;
	struct buf registry = BUF_EMPTY, issued = BUF_EMPTY;

	bool ok = bureau_path(&registry, b, err, "registry.db") &&
	    bureau_path(&issued, b, err, "issued") &&
	    registry_audit(k->result,
		&(struct audit_question){ .registry = buf_text(&registry),
		    .policies = b->policies,
		    .n_policies = b->n_policies,
		    .root = buf_span(&k->root),
		    .host = b->conf.host,
		    .issued = buf_text(&issued),
		    .checkpoint = buf_span(&k->checkpoint) },
		err);
	if (ok) {
		compare_size(k);
		name_unsigned(k->result);
	}
	k->result->coses = 0; /* none is in a backup: each was made from the acts just now */
	buf_free(&registry);
	buf_free(&issued);
	return ok;
}

static void
show(struct auditing *k, int64_t began_ms)
{
	struct command *c = k->command;

	if (k->bureau != NULL && c->option[OPTION_LANG] == NULL)
		c->lang = k->bureau->conf.lang;
	c->bureau = k->bureau;
	audit_show(c, k->result, began_ms);
	c->bureau = NULL;
}

static bool
audit(struct auditing *k, struct err *err)
{
	struct err why = { 0 };

	const int64_t began_ms = monotonic_ms();
	if (!read_words(k, err) || !make_place(k, err))
		return false;
	if (!(put_back(k, &why) ? look(k, err) : blame(k, &why, err)))
		return false;
	show(k, began_ms);
	return true;
}

bool
audit_backup(struct command *c, struct err *err)
{
	struct auditing k = { .command = c, .result = calloc(1, sizeof *k.result) };
	struct err left = { 0 };

	if (k.result == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = audit(&k, err);
	bureau_close(k.bureau);
	archive_close(k.archive);
	if (!scratch_close(k.scratch, ok ? err : &left)) {
		if (!ok)
			command_warn("%s", left.text);
		ok = false;
	}
	buf_free(&k.root);
	buf_free(&k.checkpoint);
	free(k.result);
	return ok;
}
