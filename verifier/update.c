#include "verifier/update.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "verifier/follow.h"
#include "verifier/published.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define AHEAD_S 300 /* as in published.c: nothing dated later is taken */
#define NAME_BYTES 96
#define BUNDLE "v1/trust-bundle"
#define NUMBERED "v1/trust-bundles/"
#define SNAPSHOT "v1/snapshot"
#define PARTS "v1/parts"

struct job {
	const struct update *u;
	struct update_told *told;
	struct shelf held, mixed;
	struct buf held_bundle, held_snapshot, offered_bundle, offered_snapshot;
	struct span bundle, snapshot; /* that `mixed` shows */
	struct shelf_copies numbered; /* that came from the source */
	struct err unwritten;         /* why a part could not be kept */
};

/* ---- files of the folder ---- */

static bool
keep_file(const struct job *j, const char *name, struct span bytes, struct err *err)
{
	struct buf path = BUF_EMPTY, folder = BUF_EMPTY;

	buf_printf(&path, "%s/%s", j->u->folder, name);
	bool ok = buf_ok(&path, err);
	if (ok) {
		const char *slash = strrchr(buf_text(&path), '/');
		buf_add(&folder, path.ptr, (size_t)(slash - buf_text(&path)));
		ok = buf_ok(&folder, err) && file_make_folder(buf_text(&folder), 0755, err) &&
		    file_write(buf_text(&path), bytes, 0644, err);
	}
	buf_free(&path);
	buf_free(&folder);
	return ok;
}

/* One update at a time: what one keeps another would remove. */
static bool
lock(int *out, const char *folder, struct err *err)
{
	struct buf path = BUF_EMPTY;

	*out = -1;
	buf_printf(&path, "%s/lock", folder);
	bool ok = buf_ok(&path, err) && file_make_folder(folder, 0755, err);
	if (ok) {
		*out = open(buf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
		ok = *out >= 0 || err_errno(err, "open %s", buf_text(&path));
	}
	if (ok && flock(*out, LOCK_EX | LOCK_NB) != 0)
		ok = errno == EWOULDBLOCK
		    ? err_set(err, ERR_BUSY, "another update of %s is under way", folder)
		    : err_errno(err, "lock %s", buf_text(&path));
	buf_free(&path);
	return ok;
}

/* ---- what is judged: the files chosen, and whatever they name, from the folder or the source ---- */

static void
show(struct buf *out, bool *found, struct span file)
{
	*found = file.len > 0;
	buf_add_span(out, file);
}

static bool
read_numbered(
    struct job *j, struct buf *out, bool *found, const char *name, size_t max, struct err *err)
{
	for (size_t i = 0; i < j->numbered.n; i++) {
		if (strcmp(j->numbered.copies[i].name, name) == 0) {
			show(out, found, buf_span(&j->numbered.copies[i].bytes));
			return true;
		}
	}
	if (!shelf_read(out, found, &j->held, name, max, err) || *found)
		return *found;
	const struct shelf copying = shelf_copying(&j->numbered);
	return shelf_read(out, found, &copying, name, max, err);
}

static bool
has_hash(const char *part, struct span bytes)
{
	uint8_t want[SHA256_BYTES], have[SHA256_BYTES];

	sha256(have, bytes);
	return hex_decode(want, sizeof want, span_text(part), NULL) &&
	    memcmp(want, have, sizeof want) == 0;
}

/* A part is what its name says, so that it can be kept before anything else is. */
static bool
read_part(
    struct job *j, struct buf *out, bool *found, const char *name, size_t max, struct err *err)
{
	const char *part = name + strlen(PARTS "/");
	struct buf bytes = BUF_EMPTY;

	/* one held that cannot be read is as good as none: it is replaced */
	bool ok = true;
	if (!shelf_read(&bytes, found, &j->held, name, max, NULL) || !*found ||
	    !has_hash(part, buf_span(&bytes))) {
		buf_free(&bytes);
		ok = shelf_read(&bytes, found, j->u->source, name, max, err);
		*found = ok && *found && has_hash(part, buf_span(&bytes));
		if (!ok)
			j->told->unread = *err;
		if (*found && !keep_file(j, name, buf_span(&bytes), &j->unwritten))
			ok = *found = false;
		j->told->parts += *found;
	}
	if (ok && *found)
		buf_add_span(out, buf_span(&bytes));
	buf_free(&bytes);
	return ok;
}

static bool
mixed_read(const struct shelf *self, struct buf *out, bool *found, const char *name, size_t max,
    struct err *err)
{
	struct job *j = self->ctx;
	struct err local = { 0 };
	struct err *text = err != NULL ? err : &local;

	if (strcmp(name, BUNDLE) == 0)
		show(out, found, j->bundle);
	else if (strcmp(name, SNAPSHOT) == 0)
		show(out, found, j->snapshot);
	else if (strncmp(name, NUMBERED, strlen(NUMBERED)) == 0)
		return read_numbered(j, out, found, name, max, text);
	else if (strncmp(name, PARTS "/", strlen(PARTS "/")) == 0)
		return read_part(j, out, found, name, max, text);
	return true;
}

/* Everything opened anew under what is chosen now. */
static bool
open_chosen(struct published **out, struct job *j, struct memory *memory, struct err *err)
{
	return published_open(out, j->u->root_file, &j->mixed, memory, j->u->now_s, err);
}

/* ---- the bundle ---- */

static enum update_news
news_of_trust(enum trust_answer answer)
{
	switch (answer) {
	case TRUST_YES:
		return UPDATE_TAKEN;
	case TRUST_OTHER:
		return UPDATE_FOREIGN;
	case TRUST_OLDER:
		return UPDATE_OLDER;
	case TRUST_ALARM:
		return UPDATE_ALARM;
	case TRUST_GAP:
		return UPDATE_GAP;
	default:
		return UPDATE_BAD;
	}
}

/* May the bundle offered follow what was seen before? */
static bool
judge_bundle(enum update_news *news, struct job *j, const struct memory *memory, struct err *err)
{
	struct cose_sign envelope;
	struct bundle *b = NULL;
	struct trust *t = NULL;
	struct err why = { 0 };
	const struct span offered = buf_span(&j->offered_bundle);

	*news = UPDATE_BAD;
	if (!trust_open(&t, j->u->root_file, err))
		return false;
	if (bundle_parse_file(&envelope, &b, offered, &why)) {
		j->told->bundle_seq = b->seq;
		if (memcmp(b->roots.bureau_id, trust_roots(t)->bureau_id, BUREAU_ID_BYTES) != 0)
			*news = UPDATE_FOREIGN;
		else if (b->iat_s > j->u->now_s + AHEAD_S)
			*news = UPDATE_AHEAD;
		else
			*news = news_of_trust(
			    follow_bundles(t, &j->mixed, offered, &memory->bundle, &why));
	}
	/* A hole because the source could not be asked is no hole. */
	if (*news == UPDATE_GAP && j->told->unread.code != ERR_NONE)
		*news = UPDATE_UNREAD;
	bundle_free(b);
	trust_free(t);
	return why.code != ERR_MEMORY || err_set(err, ERR_MEMORY, "out of memory");
}

static bool
choose_bundle(struct job *j, struct memory *memory, struct err *err)
{
	enum update_news *news = &j->told->bundle;
	struct published *p = NULL;
	bool found = false;

	j->bundle = buf_span(&j->held_bundle);
	if (!shelf_read(&j->offered_bundle, &found, j->u->source, BUNDLE, LIMIT_BUNDLE_BYTES,
		&j->told->unread)) {
		*news = UPDATE_UNREAD;
		return j->told->unread.code != ERR_MEMORY ||
		    err_set(err, ERR_MEMORY, "out of memory");
	}
	if (!found)
		return true;
	if (!judge_bundle(news, j, memory, err))
		return false;
	if (*news != UPDATE_TAKEN)
		return true;
	if (span_equal(buf_span(&j->offered_bundle), j->bundle))
		*news = UPDATE_SAME;
	j->bundle = buf_span(&j->offered_bundle);
	if (!open_chosen(&p, j, memory, err)) /* it is remembered */
		return false;
	published_close(p);
	return true;
}

/* Is the source one to be listened to, as far as its bundle goes? */
static bool
listened_to(enum update_news bundle)
{
	return bundle == UPDATE_TAKEN || bundle == UPDATE_SAME || bundle == UPDATE_OLDER ||
	    bundle == UPDATE_NONE;
}

/* ---- the snapshot ---- */

static bool
gather_part(struct job *j, const uint8_t hash[SHA256_BYTES], size_t *done, size_t all)
{
	struct buf bytes = BUF_EMPTY;
	struct err err = { 0 };
	char name[NAME_BYTES] = PARTS "/";
	bool found = false;

	hex_encode(name + strlen(name), span_of(hash, SHA256_BYTES));
	const bool ok = read_part(j, &bytes, &found, name, LIMIT_PART_BYTES, &err) && found;
	buf_free(&bytes);
	++*done;
	if (j->u->progress != NULL)
		j->u->progress(j->u->ctx, *done, all);
	return ok;
}

/* Every part the snapshot names is in the folder afterwards, or it is not taken. */
static bool
gather(struct job *j, const struct snapshot *s)
{
	const size_t all = 3 * s->n_lists + 1;
	size_t done = 0;
	bool ok = gather_part(j, s->orders_hash, &done, all);

	for (size_t i = 0; ok && i < s->n_lists; i++)
		ok = gather_part(j, s->lists[i].status_hash, &done, all) &&
		    gather_part(j, s->lists[i].fingerprints_hash, &done, all) &&
		    gather_part(j, s->lists[i].history_hash, &done, all);
	return ok;
}

static enum update_news
news_of_trouble(const struct published *p)
{
	switch (published_trouble(p, INT64_MAX - AHEAD_S)) { /* of the files, not of the clock */
	case FINDING_STATUS_OLDER:
		return UPDATE_OLDER;
	case FINDING_STATUS_ALARM:
		return UPDATE_ALARM;
	case FINDING_STATUS_NO_AUDITOR:
		return UPDATE_UNAUDITED;
	case FINDING_TRUST_OLDER:
		return UPDATE_NEWER_BUNDLE;
	case FINDING_CLOCK_BACK:
		return UPDATE_AHEAD;
	default:
		return UPDATE_BAD;
	}
}

/* Judge the one that `mixed` shows, with all it names. *out is set if it is taken. */
static bool
judge_snapshot(struct published **out, struct job *j, struct memory *memory, struct err *err)
{
	enum update_news *news = &j->told->snapshot;
	struct memory m = *memory;
	struct published *p = NULL;

	if (!open_chosen(&p, j, &m, err))
		return false;
	const struct snapshot *s = published_snapshot(p);
	if (s == NULL)
		*news = news_of_trouble(p);
	else if (!gather(j, s))
		*news = j->told->unread.code != ERR_NONE ? UPDATE_UNREAD : UPDATE_PARTS;
	else
		*news = span_equal(j->snapshot, buf_span(&j->held_snapshot)) ? UPDATE_SAME
									     : UPDATE_TAKEN;
	if (j->unwritten.code != ERR_NONE)
		*err = j->unwritten;
	if (j->unwritten.code == ERR_NONE && (*news == UPDATE_TAKEN || *news == UPDATE_SAME)) {
		*memory = m;
		*out = p;
		return true;
	}
	published_close(p);
	return j->unwritten.code == ERR_NONE;
}

static uint64_t
sequence_of(struct span file)
{
	struct cose_sign envelope;
	struct snapshot *s = NULL;
	const uint64_t seq = snapshot_parse_file(&envelope, &s, file, NULL) ? s->seq : 0;

	snapshot_free(s);
	return seq;
}

static bool
take_offer(struct published **out, struct job *j, struct memory *memory, struct err *err)
{
	bool found = false;

	buf_free(&j->offered_snapshot);
	j->told->snapshot = UPDATE_NONE;
	if (!shelf_read(&j->offered_snapshot, &found, j->u->source, SNAPSHOT, LIMIT_SNAPSHOT_BYTES,
		&j->told->unread)) {
		j->told->snapshot = UPDATE_UNREAD;
		return j->told->unread.code != ERR_MEMORY ||
		    err_set(err, ERR_MEMORY, "out of memory");
	}
	if (!found)
		return true;
	j->snapshot = buf_span(&j->offered_snapshot);
	j->told->snapshot_seq = sequence_of(j->snapshot);
	return judge_snapshot(out, j, memory, err);
}

/* *out is the state with the snapshot that counts now: the one offered, else the one held; NULL without any. */
static bool
choose_snapshot(struct published **out, struct job *j, struct memory *memory, struct err *err)
{
	if (listened_to(j->told->bundle)) {
		if (!take_offer(out, j, memory, err))
			return false;
		/* The bureau may have published the next one meanwhile, and removed what the last had named. */
		if (j->told->snapshot == UPDATE_PARTS && !take_offer(out, j, memory, err))
			return false;
	}
	if (*out != NULL)
		return true;
	struct memory m = *memory;
	j->snapshot = buf_span(&j->held_snapshot);
	return open_chosen(out, j, &m, err);
}

/* ---- keeping ---- */

static bool
keep_bundles(const struct job *j, struct err *err)
{
	char name[NAME_BYTES];

	if (j->told->bundle != UPDATE_TAKEN)
		return true;
	for (size_t i = 0; i < j->numbered.n; i++)
		if (!keep_file(
			j, j->numbered.copies[i].name, buf_span(&j->numbered.copies[i].bytes), err))
			return false;
	snprintf(name, sizeof name, NUMBERED "%llu", (unsigned long long)j->told->bundle_seq);
	return keep_file(j, name, j->bundle, err) && keep_file(j, BUNDLE, j->bundle, err);
}

static void
token_name(char out[NAME_BYTES], const struct snapshot *s, uint16_t list)
{
	snprintf(out, NAME_BYTES, "v1/status/%.*s/%u", (int)s->issuer.len,
	    (const char *)s->issuer.ptr, (unsigned)list);
}

/* The newer of two tokens stays: an older one would take its bad news back. */
static bool
keep_token(struct job *j, const struct published *p, uint16_t list, struct err *err)
{
	struct buf offered = BUF_EMPTY, held = BUF_EMPTY;
	char name[NAME_BYTES];
	bool found = false, have = false, ok = true;
	int64_t offered_s = 0, held_s = 0;

	token_name(name, published_snapshot(p), list);
	if (!shelf_read(&offered, &found, j->u->source, name, LIMIT_TOKEN_BYTES, &j->told->unread))
		found = false;
	if (found && published_token_fits(&offered_s, p, list, buf_span(&offered))) {
		have = shelf_read(&held, &have, &j->held, name, LIMIT_TOKEN_BYTES, NULL) && have &&
		    published_token_fits(&held_s, p, list, buf_span(&held));
		if (!have || offered_s > held_s) {
			ok = keep_file(j, name, buf_span(&offered), err);
			j->told->tokens += ok;
		}
	}
	buf_free(&offered);
	buf_free(&held);
	return ok;
}

static bool
keep_tokens(struct job *j, const struct published *p, struct err *err)
{
	const struct snapshot *s = published_snapshot(p);

	if (s == NULL || !listened_to(j->told->bundle))
		return true;
	for (size_t i = 0; i < s->n_lists; i++)
		if (!keep_token(j, p, s->lists[i].list, err))
			return false;
	return true;
}

static bool
names_part(const struct snapshot *s, const uint8_t hash[SHA256_BYTES])
{
	if (s == NULL)
		return false;
	for (size_t i = 0; i < s->n_lists; i++)
		if (memcmp(s->lists[i].status_hash, hash, SHA256_BYTES) == 0 ||
		    memcmp(s->lists[i].fingerprints_hash, hash, SHA256_BYTES) == 0 ||
		    memcmp(s->lists[i].history_hash, hash, SHA256_BYTES) == 0)
			return true;
	return memcmp(s->orders_hash, hash, SHA256_BYTES) == 0;
}

static void
remove_parts(const char *folder, const char *pattern, const struct snapshot *now,
    const struct snapshot *before)
{
	glob_t paths = { 0 };
	uint8_t hash[SHA256_BYTES];

	if (!file_find(&paths, folder, pattern, NULL)) {
		globfree(&paths);
		return;
	}
	for (size_t i = 0; i < paths.gl_pathc; i++) {
		const char *name = strrchr(paths.gl_pathv[i], '/') + 1;
		if (!hex_decode(hash, sizeof hash, span_text(name), NULL) ||
		    !(names_part(now, hash) || names_part(before, hash)))
			unlink(paths.gl_pathv[i]);
	}
	globfree(&paths);
}

/*
 * What neither this snapshot names nor the one before, which a qualverify may be reading yet, and what an update that
 * was cut short left. Room is all that is lost if it cannot be removed.
 */
static void
tidy(const struct job *j, const struct snapshot *now)
{
	struct cose_sign envelope;
	struct snapshot *before = NULL;
	struct buf folder = BUF_EMPTY;

	buf_printf(&folder, "%s/" PARTS, j->u->folder);
	if (buf_ok(&folder, NULL)) {
		if (j->held_snapshot.len > 0 &&
		    !snapshot_parse_file(&envelope, &before, buf_span(&j->held_snapshot), NULL))
			before = NULL;
		remove_parts(buf_text(&folder), "*", now, before);
		remove_parts(buf_text(&folder), ".qualcert-*", now, before);
	}
	snapshot_free(before);
	buf_free(&folder);
}

static bool
keep(struct job *j, const struct published *p, struct err *err)
{
	const bool taken = j->told->snapshot == UPDATE_TAKEN;

	if (!keep_bundles(j, err) || (taken && !keep_file(j, SNAPSHOT, j->snapshot, err)) ||
	    !keep_tokens(j, p, err))
		return false;
	if (taken)
		tidy(j, published_snapshot(p));
	return true;
}

/* ---- the whole ---- */

/* What is held, and remembered with it; *back: by this clock nothing can be said. */
static bool
open_held(bool *back, struct job *j, struct memory *memory, struct err *err)
{
	struct published *p = NULL;
	bool found;

	if (!shelf_read(&j->held_bundle, &found, &j->held, BUNDLE, LIMIT_BUNDLE_BYTES, err) ||
	    !shelf_read(&j->held_snapshot, &found, &j->held, SNAPSHOT, LIMIT_SNAPSHOT_BYTES, err) ||
	    !published_open(&p, j->u->root_file, &j->held, memory, j->u->now_s, err))
		return false;
	*back = published_trouble(p, j->u->now_s) == FINDING_CLOCK_BACK;
	published_close(p);
	return true;
}

static bool
run(struct job *j, struct memory *memory, struct err *err)
{
	struct published *p = NULL;
	struct memory m = *memory;

	if (!open_held(&j->told->clock_back, j, &m, err))
		return false;
	if (j->told->clock_back)
		return true;
	const bool ok =
	    choose_bundle(j, &m, err) && choose_snapshot(&p, j, &m, err) && keep(j, p, err);
	published_close(p);
	if (ok)
		*memory = m;
	return ok;
}

bool
update_run(struct update_told *out, const struct update *u, struct memory *memory, struct err *err)
{
	struct job j = { .u = u, .told = out, .held = shelf_folder(u->folder) };
	int held = -1;

	*out = (struct update_told){ 0 };
	j.mixed = (struct shelf){ .read = mixed_read, .ctx = &j };
	j.numbered.from = *u->source;
	const bool ok = lock(&held, u->folder, err) && run(&j, memory, err);
	if (held >= 0)
		close(held);
	shelf_copies_free(&j.numbered);
	buf_free(&j.held_bundle);
	buf_free(&j.held_snapshot);
	buf_free(&j.offered_bundle);
	buf_free(&j.offered_snapshot);
	return ok;
}

bool
update_is_current(const struct update_told *t)
{
	const bool none = t->bundle == UPDATE_NONE && t->snapshot == UPDATE_NONE;

	return !t->clock_back && !none && t->unread.code == ERR_NONE && listened_to(t->bundle) &&
	    (t->snapshot == UPDATE_TAKEN || t->snapshot == UPDATE_SAME ||
		t->snapshot == UPDATE_OLDER || t->snapshot == UPDATE_NONE);
}
