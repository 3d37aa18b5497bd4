/* audit --sign: the auditor's machine, once or as long as the bureau works. */
#include "issuer/auditor.h"
#include "issuer/commands.h"
#include "issuer/watch.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#define LOOK_MS 500 /* how often the copy is looked at */
#define RETRY_S 10  /* after a refusal: a copy may have been under way, or a clock behind */

static void
print_report(const struct command *c, struct auditor_report *r)
{
	const unsigned long long seq = r->seq, size = r->size;

	switch (r->did) {
	case AUDITOR_FOUND_NOTHING:
		command_print(c, "%s",
		    LANG_PICK(c->lang, "没有待签名的快照\n", "no snapshot waits for an auditor\n"));
		break;
	case AUDITOR_SIGNED:
		command_print(c,
		    LANG_PICK(c->lang,
			"快照 %llu（%llu 个行为）\n"
			"  新行为 %6llu   每个签名有效，每位官员当时有权\n"
			"  部分   %6llu   由行为重新作出：一致\n"
			"已联署 %s\n",
			"snapshot %llu over %llu acts\n"
			"  new acts %6llu   every signature good, every officer had the power "
			"then\n"
			"  parts    %6llu   made again from the acts: identical\n"
			"cosigned %s\n"),
		    seq, size, (unsigned long long)r->judged, (unsigned long long)r->parts,
		    buf_text(&r->file));
		break;
	case AUDITOR_REPEATED:
		command_print(c,
		    LANG_PICK(c->lang, "快照 %llu（%llu 个行为）此前已联署：%s\n",
			"snapshot %llu over %llu acts was cosigned before: %s\n"),
		    seq, size, buf_text(&r->file));
		break;
	}
	fflush(stdout);
}

static void
fill_answer(const struct command *c, struct auditor_report *r)
{
	static const char *const words[] = { "nothing", "signed", "repeated" };
	json_t *a = c->answer;

	if (a == NULL)
		return;
	json_object_set_new(a, "did", json_string(words[r->did]));
	if (r->did == AUDITOR_FOUND_NOTHING)
		return;
	json_object_set_new(a, "snapshot", json_integer((json_int_t)r->seq));
	json_object_set_new(a, "log_size", json_integer((json_int_t)r->size));
	json_object_set_new(a, "judged", json_integer((json_int_t)r->judged));
	json_object_set_new(a, "parts", json_integer((json_int_t)r->parts));
	json_object_set_new(a, "file", json_string(buf_text(&r->file)));
}

static bool
once(const struct command *c, const struct auditor *a, struct err *err)
{
	struct auditor_report report;

	bool ok = auditor_sign(&report, a, c->now_s, err);
	if (ok) {
		print_report(c, &report);
		fill_answer(c, &report);
	}
	auditor_report_free(&report);
	return ok;
}

/* ---- --watch ---- */

/* What a file of the copy is now; zeros: there is none. */
struct seen {
	ino_t inode;
	off_t bytes;
	struct timespec changed;
};

static struct seen
look_at(const char *folder, const char *name)
{
	struct buf path = BUF_EMPTY;
	struct stat st;
	struct seen seen = { 0 };

	buf_printf(&path, "%s/%s", folder, name);
	if (buf_text(&path) != NULL && stat(buf_text(&path), &st) == 0)
		seen = (struct seen){ st.st_ino, st.st_size, st.st_mtim };
	buf_free(&path);
	return seen;
}

static bool
same(const struct seen *a, const struct seen *b)
{
	return a->inode == b->inode && a->bytes == b->bytes &&
	    a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Told once, however often it is tried again. */
static int64_t
try_again_s(const struct command *c, const struct err *why, struct err *told)
{
	if (strcmp(why->text, told->text) != 0)
		command_warn("%s", why->text);
	*told = *why;
	return c->now_s + RETRY_S;
}

static bool
watch(struct command *c, const struct auditor *a)
{
	struct seen candidate, acts, candidate_then = { 0 }, acts_then = { 0 };
	struct auditor_report report;
	struct err why = { 0 }, told = { 0 };
	struct watch signals;
	int64_t due_s = c->now_s;

	watch_begin(&signals);
	do {
		c->now_s = (int64_t)time(NULL);
		candidate = look_at(a->copy, "cosign/candidate");
		acts = look_at(a->copy, "second/acts.log");
		if (same(&candidate, &candidate_then) && same(&acts, &acts_then) &&
		    c->now_s < due_s)
			continue;
		candidate_then = candidate;
		acts_then = acts;
		due_s = INT64_MAX;
		if (!auditor_sign(&report, a, c->now_s, &why))
			due_s = try_again_s(c, &why, &told);
		else if (report.did == AUDITOR_SIGNED)
			print_report(c, &report);
		auditor_report_free(&report);
	} while (!watch_ends(&signals, LOOK_MS));
	command_print(c, "ended\n");
	return true;
}

/* ---- */

static bool
unlock(struct signer **out, const struct command *c, struct err *err)
{
	struct passphrase_source passphrase;
	struct span key;

	return command_need(&key, c, OPTION_KEY, err) && command_passphrase(&passphrase, c, err) &&
	    key_file_unlock(out, c->option[OPTION_KEY], &passphrase, err);
}

bool
audit_sign(struct command *c, struct err *err)
{
	struct signer *key = NULL;
	const char *copy, *folder;

	if (!command_one_word(&copy, c, err))
		return false;
	if (!command_names_bureau(c))
		return err_set(err, ERR_USAGE,
		    "-C DIR is needed: the auditor's own folder, with root.cose in it");
	if (c->option[OPTION_CHECKPOINT] != NULL)
		return err_set(err, ERR_USAGE,
		    "--checkpoint is for an audit that does not sign: what was signed before lies "
		    "beside the key");
	if (!command_folder(&folder, c, err) || !unlock(&key, c, err))
		return false;
	const struct auditor a = { .folder = folder,
		.copy = copy,
		.root = c->option[OPTION_ROOT],
		.key_path = c->option[OPTION_KEY],
		.key = key };
	bool ok = c->option[OPTION_WATCH] != NULL ? watch(c, &a) : once(c, &a, err);
	signer_free(key);
	return ok;
}
