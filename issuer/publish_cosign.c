#include "issuer/publish_parts.h"

#include "core/file.h"
#include "core/limits.h"
#include "credential/note.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_ANSWERS 64 /* files looked at: more witnesses or auditors cannot be listed */
/* Not among what is exchanged: whoever could write it could have anything signed. */
#define UNSIGNED "snapshot-unsigned"
#define CHECKPOINT "cosign/checkpoint"
#define CANDIDATE "cosign/candidate"

void
making_free(struct making *m)
{
	snapshot_free(m->manifest);
	buf_free(&m->file);
	*m = (struct making){ 0 };
}

/* ---- files ---- */

/* Appended; empty if there is none that can be read. */
static void
read_any(struct buf *out, const char *path, size_t max_bytes)
{
	struct err ignored = { 0 };
	if (!file_read(out, path, max_bytes, &ignored))
		out->len = 0;
}

static bool
read_own(struct buf *out, const struct bureau *b, const char *name, struct err *err)
{
	struct buf path = BUF_EMPTY;

	bool ok = bureau_path(&path, b, err, "%s", name);
	if (ok)
		read_any(out, buf_text(&path), LIMIT_SNAPSHOT_BYTES);
	buf_free(&path);
	return ok;
}

/* Unless it holds these bytes already: whoever copies it should not have to again. */
static bool
put(const struct bureau *b, const char *name, struct span bytes, mode_t mode, struct err *err)
{
	struct buf path = BUF_EMPTY, folder = BUF_EMPTY, have = BUF_EMPTY;

	bool ok = bureau_path(&folder, b, err, "cosign") &&
	    bureau_path(&path, b, err, "%s", name) && read_own(&have, b, name, err) &&
	    file_make_folder(buf_text(&folder), 0755, err) &&
	    (span_equal(buf_span(&have), bytes) || file_write(buf_text(&path), bytes, mode, err));
	buf_free(&have);
	buf_free(&folder);
	buf_free(&path);
	return ok;
}

/* A visitor of the answers to a file: false ends the visit with its error. */
typedef bool answer_fn(void *ctx, struct span answer, struct err *err);

static bool
visit(const glob_t *found, size_t max_bytes, answer_fn *fn, void *ctx, struct err *err)
{
	struct buf answer = BUF_EMPTY;
	bool ok = true;

	for (size_t i = 0; ok && i < found->gl_pathc && i < MOST_ANSWERS; i++) {
		answer.len = 0;
		read_any(&answer, found->gl_pathv[i], max_bytes);
		ok = answer.len == 0 || fn(ctx, buf_span(&answer), err);
	}
	buf_free(&answer);
	return ok;
}

/* What came back for a file: NAME.ANYTHING beside it. */
static bool
each_answer(const struct bureau *b, const char *name, size_t max_bytes, answer_fn *fn, void *ctx,
    struct err *err)
{
	struct buf pattern = BUF_EMPTY;
	glob_t found = { 0 };

	buf_printf(&pattern, "%s.*", name);
	bool ok = buf_ok(&pattern, err) && file_find(&found, b->folder, buf_text(&pattern), err) &&
	    visit(&found, max_bytes, fn, ctx, err);
	globfree(&found);
	buf_free(&pattern);
	return ok;
}

static bool
remove_all(const struct bureau *b, const char *pattern, struct err *err)
{
	glob_t found;

	bool ok = file_find(&found, b->folder, pattern, err);
	for (size_t i = 0; ok && i < found.gl_pathc; i++)
		ok = unlink(found.gl_pathv[i]) == 0 ||
		    err_errno(err, "remove %s", found.gl_pathv[i]);
	globfree(&found);
	return ok;
}

/* ---- the one that waits ---- */

static bool
signed_by_us(const struct trust *t, const struct cose_sign *envelope, const struct snapshot *s)
{
	const struct bundle_key *key;
	enum trust_answer answer = trust_verify_snapshot(&key, t, envelope, s->iat_s);

	return answer == TRUST_YES || answer == TRUST_QUORUM;
}

bool
cosign_load(struct making *out, const struct bureau *b, const struct trust *t, struct err *err)
{
	struct cose_sign envelope;
	struct buf unsigned_one = BUF_EMPTY;
	struct err none = { 0 };

	*out = (struct making){ 0 };
	if (!read_own(&out->file, b, CANDIDATE, err))
		return false;
	if (out->file.len > 0 &&
	    snapshot_parse_file(&envelope, &out->manifest, buf_span(&out->file), &none) &&
	    signed_by_us(t, &envelope, out->manifest))
		return true;
	making_free(out);
	bool ok = read_own(&unsigned_one, b, UNSIGNED, err);
	if (ok && unsigned_one.len > 0 &&
	    !snapshot_parse(&out->manifest, buf_span(&unsigned_one), &none))
		out->manifest = NULL;
	buf_free(&unsigned_one);
	return ok;
}

bool
cosign_ask_witnesses(const struct making *m, const struct bureau *b, struct err *err)
{
	return put(b, UNSIGNED, buf_span(&m->manifest->bytes), 0600, err) &&
	    put(b, CHECKPOINT, m->manifest->checkpoint, 0644, err);
}

bool
cosign_ask_auditors(const struct making *m, const struct bureau *b, struct err *err)
{
	return put(b, CANDIDATE, buf_span(&m->file), 0644, err) && remove_all(b, UNSIGNED, err) &&
	    remove_all(b, CHECKPOINT "*", err);
}

bool
cosign_clear(const struct bureau *b, struct err *err)
{
	return remove_all(b, UNSIGNED, err) && remove_all(b, CHECKPOINT "*", err) &&
	    remove_all(b, CANDIDATE "*", err);
}

/* ---- witnesses ---- */

struct witnessing {
	const struct bundle_log *log;
	struct span text; /* of our checkpoint */
	struct buf note;  /* ours with the cosignatures that came back */
	bool has[LIMIT_WITNESSES];
};

/* Those that hold, each witness's once. */
static void
take_cosignatures(struct witnessing *w, const struct note *note)
{
	for (size_t i = 0; i < w->log->n_witnesses; i++) {
		struct note_key key;
		const struct note_signature *sig =
		    trust_find_cosignature(note, w->log->witnesses[i]);
		if (w->has[i] || sig == NULL || !note_key_parse(&key, w->log->witnesses[i], NULL))
			continue;
		w->has[i] = true;
		note_add_signature(&w->note, &key, span_of(sig->sig, sig->len));
	}
}

static bool
take_note(void *ctx, struct span answer, struct err *err)
{
	struct witnessing *w = ctx;
	struct note *note = calloc(1, sizeof *note);
	struct err none = { 0 };

	if (note == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (note_parse(note, answer, &none) && span_equal(note->text, w->text))
		take_cosignatures(w, note);
	free(note);
	return true;
}

static unsigned
count(const struct witnessing *w)
{
	unsigned n = 0;
	for (size_t i = 0; i < w->log->n_witnesses; i++)
		n += w->has[i];
	return n;
}

/* The same manifest around another note. */
static bool
replace_checkpoint(struct making *m, struct span note, struct err *err)
{
	struct snapshot with = *m->manifest;
	struct snapshot *again = NULL;
	struct buf payload = BUF_EMPTY;

	with.checkpoint = note;
	snapshot_encode(&payload, &with);
	bool ok = buf_ok(&payload, err) && snapshot_parse(&again, buf_span(&payload), err);
	if (ok) {
		snapshot_free(m->manifest);
		m->manifest = again;
	}
	buf_free(&payload);
	return ok;
}

bool
cosign_witnesses(unsigned *missing, struct making *m, const struct bureau *b, const struct trust *t,
    struct err *err)
{
	const unsigned quorum = (unsigned)trust_bundle(t)->log.quorum;
	struct note *ours = calloc(1, sizeof *ours);
	struct witnessing w = { .log = &trust_bundle(t)->log };

	if (ours == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = note_parse(ours, m->manifest->checkpoint, err);
	if (ok) {
		w.text = ours->text;
		buf_add_span(&w.note, m->manifest->checkpoint);
		ok = each_answer(b, CHECKPOINT, LIMIT_NOTE_BYTES, take_note, &w, err) &&
		    buf_ok(&w.note, err);
	}
	*missing = count(&w) < quorum ? quorum - count(&w) : 0;
	ok = ok && (*missing > 0 || replace_checkpoint(m, buf_span(&w.note), err));
	buf_free(&w.note);
	free(ours);
	return ok;
}

/* ---- auditors ---- */

struct auditing {
	const struct trust *trust;
	const struct snapshot *manifest;
	struct buf file; /* ours with the signatures that came back */
};

/* Put it on the file, if it would count there; one over something else would spoil the whole. */
static bool
take_signature(struct auditing *a, const struct cose_signer *signer, struct err *err)
{
	const struct bundle_key *key;
	struct cose_sign with;
	struct buf next = BUF_EMPTY;

	if (!cose_sign_parse(&with, buf_span(&a->file), SNAPSHOT_TYP, err))
		return false;
	if (with.signers == LIMIT_COSE_SIGNERS)
		return true;
	with.signer[with.signers++] = *signer;
	enum trust_answer answer = trust_verify_snapshot(&key, a->trust, &with, a->manifest->iat_s);
	if (answer != TRUST_YES && answer != TRUST_QUORUM)
		return true;
	cose_sign_encode(&next, &with);
	buf_free(&a->file);
	a->file = next;
	return buf_ok(&a->file, err);
}

static bool
take_file(void *ctx, struct span answer, struct err *err)
{
	struct auditing *a = ctx;
	struct cose_sign theirs;
	struct err none = { 0 };

	if (!cose_sign_parse(&theirs, answer, SNAPSHOT_TYP, &none))
		return true;
	for (size_t i = 0; i < theirs.signers; i++)
		if (!take_signature(a, &theirs.signer[i], err))
			return false;
	return true;
}

/* Beside the status key's. */
static bool
missing_of(unsigned *missing, const struct auditing *a, struct err *err)
{
	const unsigned quorum = trust_bundle(a->trust)->audit_quorum;
	struct cose_sign m;

	if (!cose_sign_parse(&m, buf_span(&a->file), SNAPSHOT_TYP, err))
		return false;
	*missing = m.signers - 1 < quorum ? quorum - (unsigned)(m.signers - 1) : 0;
	return true;
}

bool
cosign_auditors(unsigned *missing, struct making *m, const struct bureau *b, const struct trust *t,
    struct err *err)
{
	struct auditing a = { .trust = t, .manifest = m->manifest };

	*missing = 0;
	buf_add_span(&a.file, buf_span(&m->file));
	bool ok = buf_ok(&a.file, err) &&
	    each_answer(b, CANDIDATE, LIMIT_SNAPSHOT_BYTES, take_file, &a, err) &&
	    missing_of(missing, &a, err);
	if (ok && *missing == 0) {
		buf_free(&m->file);
		m->file = a.file;
		a.file = BUF_EMPTY;
	}
	buf_free(&a.file);
	return ok;
}

/* ---- waiting ---- */

static uint64_t
mix(uint64_t stamp, uint64_t value)
{
	return (stamp ^ value) * UINT64_C(0x100000001b3); /* FNV-1a, by words */
}

static uint64_t
stamp_of(const glob_t *found)
{
	uint64_t stamp = UINT64_C(0xcbf29ce484222325);
	struct stat st;

	for (size_t i = 0; i < found->gl_pathc && i < MOST_ANSWERS; i++)
		if (stat(found->gl_pathv[i], &st) == 0) {
			stamp = mix(stamp, (uint64_t)st.st_ino);
			stamp = mix(stamp, (uint64_t)st.st_size);
			stamp = mix(stamp, (uint64_t)st.st_mtim.tv_sec);
			stamp = mix(stamp, (uint64_t)st.st_mtim.tv_nsec);
		}
	return stamp;
}

uint64_t
publish_cosign_stamp(const struct bureau *b)
{
	glob_t found;
	struct err none = { 0 };

	bool some = file_find(&found, b->folder, "cosign/*", &none) && found.gl_pathc > 0;
	uint64_t stamp = some ? stamp_of(&found) : 0;
	globfree(&found);
	return stamp;
}
