#include "verifier/daemon/feed.h"

#include "core/file.h"
#include "credential/qr_text.h"
#include "verifier/daemon/changes.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define PATIENCE_S 60  /* for parts that a snapshot names; then it counts without them */
#define RETRY_SOON_S 2 /* parts may be on their way */
#define RETRY_S 10     /* files that were not right are looked at again, changed or not */

/* Held by the feed and by every view of it; freed by whoever lets go last. */
struct shared {
	atomic_uint holders;
	void (*free)(struct shared *);
};

/* Where is read; held by the feed and by each edition read there. */
struct place {
	struct shared shared;
	struct feed_paths paths;
	char *owned[4];
};

/* What was published at one time. */
struct edition {
	struct shared shared;
	struct place *place;
	struct published *published;
	uint64_t log_size; /* of its snapshot's checkpoint; 0 without */
	bool whole;        /* every part its snapshot names was there: it may say yes */
	bool guarded;
};

struct news {
	struct shared shared;
	struct changes *changes;
};

/* The locks stand last: feed_move() exchanges what is before them. */
struct feed {
	struct place *place;
	uint8_t fingerprint[SHA256_BYTES];
	struct memory memory, saved; /* as it should be, and as it was last written or read */
	uint8_t stamp[SHA256_BYTES]; /* of the files the edition was read from */
	int64_t retry_s;             /* 0: nothing to retry */
	struct err trouble;          /* why it is retried */
	int64_t incomplete_s;        /* since when a newer snapshot lacks parts; 0: none does */
	struct lookup *lookup;
	uint64_t lookup_version;
	struct stat lookup_file;
	struct edition *edition;
	struct news *news;
	struct lookup
	    *confirm; /* a connection of its own: the other belongs to the renewing thread */
	struct err confirm_trouble; /* why it was let go */

	pthread_mutex_t lock; /* over the pointers, not over what edition and news point at */
	pthread_mutex_t
	    confirm_lock; /* over confirm and what it points at; taken before the other */
};

static void
let_go(struct shared *s)
{
	if (s != NULL && atomic_fetch_sub(&s->holders, 1) == 1)
		s->free(s);
}

static void
place_free(struct shared *s)
{
	struct place *p = (struct place *)(void *)s;

	for (size_t i = 0; i < sizeof p->owned / sizeof p->owned[0]; i++)
		free(p->owned[i]);
	free(p);
}

/* A copy of the paths. */
static struct place *
place_new(const struct feed_paths *paths)
{
	const char *const given[] = { paths->root, paths->public_folder, paths->lookup,
		paths->memory_folder };
	struct place *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->shared.free = place_free;
	atomic_init(&p->shared.holders, 1);
	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
		p->owned[i] = given[i] != NULL ? strdup(given[i]) : NULL;
		if (p->owned[i] == NULL && given[i] != NULL) {
			let_go(&p->shared);
			return NULL;
		}
	}
	p->paths = (struct feed_paths){ p->owned[0], p->owned[1], p->owned[2], p->owned[3] };
	return p;
}

static void
edition_free(struct shared *s)
{
	struct edition *e = (struct edition *)(void *)s;
	published_close(e->published);
	let_go(&e->place->shared);
	free(e);
}

static void
news_free(struct shared *s)
{
	struct news *n = (struct news *)(void *)s;
	changes_free(n->changes);
	free(n);
}

/* ---- what is published ---- */

static void
stamp_file(struct sha256 *h, const struct feed *f, const char *name)
{
	struct buf path = BUF_EMPTY;
	struct stat st = { 0 };
	uint64_t facts[5] = { 0 };

	buf_printf(&path, "%s/%s", f->place->paths.public_folder, name);
	if (buf_text(&path) != NULL && stat(buf_text(&path), &st) == 0) {
		facts[0] = (uint64_t)st.st_dev;
		facts[1] = (uint64_t)st.st_ino;
		facts[2] = (uint64_t)st.st_size;
		facts[3] = (uint64_t)st.st_mtim.tv_sec;
		facts[4] = (uint64_t)st.st_mtim.tv_nsec;
	}
	sha256_update(h, span_of(facts, sizeof facts));
	buf_free(&path);
}

/* Whatever is replaced in place: bundle, snapshot, and the tokens of the lists held. */
static void
stamp_of(uint8_t out[SHA256_BYTES], const struct feed *f)
{
	struct sha256 *h = sha256_new();
	const struct snapshot *s =
	    f->edition != NULL ? published_snapshot(f->edition->published) : NULL;

	stamp_file(h, f, "v1/trust-bundle");
	stamp_file(h, f, "v1/snapshot");
	for (size_t i = 0; s != NULL && i < s->n_lists; i++) {
		char name[64];
		snprintf(name, sizeof name, "v1/status/%.*s/%u", (int)s->issuer.len,
		    (const char *)s->issuer.ptr, s->lists[i].list);
		stamp_file(h, f, name);
	}
	sha256_final(h, out);
}

/* With all its parts, which a copy that is under way does not have yet. */
static bool
may_say_yes(const struct published *p, bool whole)
{
	return published_snapshot(p) != NULL && whole;
}

/*
 * Does what was read take the place of what is held? Yes if it may say yes; if it follows a newer bundle,
 * which may have closed the very keys that signed what is held; if it is an alarm; or if nothing good is
 * held anyway.
 */
static bool
takes_over(const struct edition *held, const struct published *read, bool whole, int64_t now_s)
{
	if (may_say_yes(read, whole) || held == NULL || !may_say_yes(held->published, held->whole))
		return true;
	const struct bundle *old = trust_bundle(published_trust(held->published));
	const struct bundle *new = trust_bundle(published_trust(read));
	return published_trouble(read, now_s) == FINDING_STATUS_ALARM ||
	    (new != NULL &&new->seq > old->seq);
}

static bool
has_memory(const struct feed *f)
{
	const char *folder = f->place->paths.memory_folder;
	return folder != NULL && folder[0] != '\0';
}

/* What could not be written is written with what comes next. */
static bool
remember(struct feed *f, const struct memory *memory, struct err *err)
{
	f->memory = *memory;
	if (!has_memory(f) ||
	    !memory_save(&f->memory, &f->saved, f->place->paths.memory_folder, f->fingerprint, err))
		return false;
	f->saved = f->memory;
	return true;
}

static void
put_edition(struct feed *f, struct edition *e)
{
	pthread_mutex_lock(&f->lock);
	struct edition *old = f->edition;
	f->edition = e;
	pthread_mutex_unlock(&f->lock);
	if (old != NULL)
		let_go(&old->shared);
}

static bool
read_edition(struct feed *f, int64_t now_s, struct err *err)
{
	struct memory memory = f->memory;
	struct published *p = NULL;
	bool ok = true;

	if (!published_open_paths(
		&p, f->place->paths.root, f->place->paths.public_folder, &memory, now_s, err))
		return false;
	const enum finding trouble = published_trouble(p, now_s);
	if (trouble != FINDING_NONE)
		ok = err_set(err, ERR_REFUSED, "%s: %s (%s)", f->place->paths.public_folder,
		    finding_text(trouble, LANG_EN), finding_word(trouble));
	const bool whole = published_load_all(p);
	if (ok && !whole)
		ok =
		    err_set(err, ERR_REFUSED, "%s: not every part that the snapshot names is there",
			f->place->paths.public_folder);
	if (whole || published_snapshot(p) == NULL)
		f->incomplete_s = 0;
	else if (f->incomplete_s == 0)
		f->incomplete_s = now_s;
	const bool late = f->incomplete_s != 0 && now_s - f->incomplete_s > PATIENCE_S;
	if (!takes_over(f->edition, p, whole || late, now_s)) {
		published_close(p);
		return false;
	}
	struct edition *e = calloc(1, sizeof *e);
	if (e == NULL || (f->edition != NULL && !published_keep_tokens(p, f->edition->published))) {
		free(e);
		published_close(p);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	*e = (struct edition){ .shared.free = edition_free,
		.place = f->place,
		.published = p,
		.log_size = published_snapshot(p) != NULL ? memory.checkpoint.seq : 0,
		.whole = whole,
		.guarded = remember(f, &memory, ok ? err : NULL) };
	atomic_init(&e->shared.holders, 1);
	atomic_fetch_add(&f->place->shared.holders, 1);
	ok = ok && (e->guarded || !has_memory(f));
	put_edition(f, e);
	return ok;
}

static bool
renew_edition(struct feed *f, bool anew, int64_t now_s, struct err *err)
{
	uint8_t stamp[SHA256_BYTES];

	stamp_of(stamp, f); /* before reading: what changes meanwhile is seen next time */
	if (!anew && memcmp(stamp, f->stamp, sizeof stamp) == 0 &&
	    (f->retry_s == 0 || now_s < f->retry_s)) {
		if (f->retry_s != 0)
			*err = f->trouble;
		return f->retry_s == 0;
	}
	memcpy(f->stamp, stamp, sizeof stamp);
	const bool ok = read_edition(f, now_s, err);
	f->retry_s = ok ? 0 : now_s + (f->incomplete_s != 0 ? RETRY_SOON_S : RETRY_S);
	if (!ok)
		f->trouble = *err;
	return ok;
}

/* ---- lookup.db ---- */

static void
close_lookup(struct feed *f)
{
	lookup_close(f->lookup);
	f->lookup = NULL;
	pthread_mutex_lock(&f->confirm_lock);
	lookup_close(f->confirm);
	f->confirm = NULL;
	pthread_mutex_unlock(&f->confirm_lock);
}

/* A request found that it cannot be read, and let it go. */
static bool
confirm_was_lost(struct feed *f, struct err *err)
{
	pthread_mutex_lock(&f->confirm_lock);
	const bool lost = f->confirm == NULL;
	if (lost)
		*err = f->confirm_trouble;
	pthread_mutex_unlock(&f->confirm_lock);
	return lost;
}

/* Open it, and again when another file lies under its name. *fresh: it was opened just now. */
static bool
hold_lookup(struct feed *f, bool *fresh, struct err *err)
{
	struct stat st;

	*fresh = false;
	if (f->lookup != NULL && confirm_was_lost(f, err)) {
		close_lookup(f);
		return false;
	}
	if (stat(f->place->paths.lookup, &st) != 0) {
		close_lookup(f);
		return err_errno(err, "%s", f->place->paths.lookup);
	}
	if (f->lookup != NULL && st.st_ino == f->lookup_file.st_ino &&
	    st.st_dev == f->lookup_file.st_dev)
		return true;
	close_lookup(f);
	if (!lookup_open(&f->lookup, f->place->paths.lookup, err))
		return false;
	f->lookup_file = st;
	*fresh = true;
	return true;
}

/* Numbers are asked of a file whose news were taken, and of no other. */
static bool
open_confirm(struct feed *f, struct err *err)
{
	struct lookup *confirm = NULL;

	if (!lookup_open(&confirm, f->place->paths.lookup, err))
		return false;
	pthread_mutex_lock(&f->confirm_lock);
	f->confirm = confirm;
	pthread_mutex_unlock(&f->confirm_lock);
	return true;
}

/* What was known does not become unknown by an older file (threat 20): what is held goes on. */
static bool
is_older(const struct news *read, const struct news *held, struct err *err)
{
	const uint64_t now = changes_log_size(read->changes);
	const uint64_t was = held != NULL ? changes_log_size(held->changes) : 0;

	if (now >= was)
		return false;
	err_set(err, ERR_REFUSED,
	    "it is older than what was read before: %llu acts, %llu were known. Who means it "
	    "restarts "
	    "this service",
	    (unsigned long long)now, (unsigned long long)was);
	return true;
}

static bool
read_news(struct feed *f, struct err *err)
{
	struct news *n = calloc(1, sizeof *n);

	if (n == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	n->shared.free = news_free;
	atomic_init(&n->shared.holders, 1);
	if (!changes_read(&n->changes, f->lookup, err)) {
		free(n);
		return false;
	}
	if (is_older(n, f->news, err)) {
		let_go(&n->shared);
		return false;
	}
	pthread_mutex_lock(&f->lock);
	struct news *old = f->news;
	f->news = n;
	pthread_mutex_unlock(&f->lock);
	if (old != NULL)
		let_go(&old->shared);
	return true;
}

static bool
renew_news(struct feed *f, bool anew, struct err *err)
{
	uint64_t version = 0;
	bool fresh = false;

	if (f->place->paths.lookup == NULL)
		return true;
	if (!hold_lookup(f, &fresh, err))
		return false;
	if (!lookup_version(&version, f->lookup, err))
		return err_in(err, "%s", f->place->paths.lookup);
	if (!anew && !fresh && version == f->lookup_version)
		return true;
	if (!read_news(f, err) || (fresh && !open_confirm(f, err))) {
		close_lookup(f); /* so that it is tried again */
		return err_in(err, "%s", f->place->paths.lookup);
	}
	f->lookup_version = version;
	return true;
}

bool
feed_renew(struct feed *f, bool anew, int64_t now_s, struct err *err)
{
	struct err other = { 0 };
	const bool news = renew_news(f, anew, err);
	const bool edition = renew_edition(f, anew, now_s, news ? err : &other);
	return news && edition;
}

/* ---- open and close ---- */

/* The root set must be right from the beginning, and names the memory. */
static bool
load_memory(struct feed *f, struct err *err)
{
	struct buf root = BUF_EMPTY;
	struct trust *trust = NULL;
	bool ok = file_read(&root, f->place->paths.root, LIMIT_BUNDLE_BYTES, err);

	if (ok && !(ok = trust_open(&trust, buf_span(&root), err)))
		err_in(err, "%s", f->place->paths.root);
	if (ok)
		memcpy(f->fingerprint, trust_fingerprint(trust), SHA256_BYTES);
	trust_free(trust);
	buf_free(&root);
	if (ok && has_memory(f))
		ok = memory_load(&f->memory, f->place->paths.memory_folder, f->fingerprint, err);
	f->saved = f->memory;
	return ok;
}

/* Rolled-back files stay noticed over a move, also where nothing can be written. */
static void
keep_in_mind(struct feed *f, const struct feed *before)
{
	if (memcmp(f->fingerprint, before->fingerprint, SHA256_BYTES) == 0 &&
	    f->memory.latest_s <= before->memory.latest_s)
		f->memory = before->memory;
}

static bool
open_after(struct feed **out, const struct feed_paths *paths, const struct feed *before,
    int64_t now_s, struct err *err)
{
	struct err later = { 0 };
	struct feed *f = calloc(1, sizeof *f);

	*out = NULL;
	if (f == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	f->place = place_new(paths);
	pthread_mutex_init(&f->lock, NULL);
	pthread_mutex_init(&f->confirm_lock, NULL);
	bool ok = f->place != NULL || err_set(err, ERR_MEMORY, "out of memory");
	ok = ok && load_memory(f, err);
	if (ok && before != NULL)
		keep_in_mind(f, before);
	if (ok && !feed_renew(f, true, now_s, &later) && f->edition == NULL) {
		*err = later;
		ok = false;
	}
	if (ok)
		*out = f;
	else
		feed_close(f);
	return ok;
}

bool
feed_open(struct feed **out, const struct feed_paths *paths, int64_t now_s, struct err *err)
{
	return open_after(out, paths, NULL, now_s, err);
}

void
feed_close(struct feed *f)
{
	if (f == NULL)
		return;
	close_lookup(f);
	if (f->edition != NULL)
		let_go(&f->edition->shared);
	if (f->news != NULL)
		let_go(&f->news->shared);
	if (f->place != NULL)
		let_go(&f->place->shared);
	pthread_mutex_destroy(&f->lock);
	pthread_mutex_destroy(&f->confirm_lock);
	free(f);
}

static void
exchange(struct feed *f, struct feed *with)
{
	uint8_t was[offsetof(struct feed, lock)];

	pthread_mutex_lock(&f->confirm_lock);
	pthread_mutex_lock(&f->lock);
	memcpy(was, f, sizeof was);
	memcpy(f, with, sizeof was);
	memcpy(with, was, sizeof was);
	pthread_mutex_unlock(&f->lock);
	pthread_mutex_unlock(&f->confirm_lock);
}

static bool
forgets_acts(const struct feed *other, const struct feed *held, struct err *err)
{
	return memcmp(other->fingerprint, held->fingerprint, SHA256_BYTES) == 0 &&
	    other->news != NULL && is_older(other->news, held->news, err);
}

/* No worse than what is held: a folder where nothing good lies yet is no place to move to. */
static bool
is_good_enough(const struct feed *other, const struct feed *held, int64_t now_s, struct err *err)
{
	const enum finding trouble = published_trouble(other->edition->published, now_s);

	return trouble == FINDING_NONE ||
	    published_trouble(held->edition->published, now_s) != FINDING_NONE ||
	    err_set(err, ERR_REFUSED, "%s: %s (%s)", other->place->paths.public_folder,
		finding_text(trouble, LANG_EN), finding_word(trouble));
}

bool
feed_move(struct feed *f, const struct feed_paths *paths, int64_t now_s, struct err *err)
{
	struct feed *other = NULL;

	assert(f != NULL);
	if (!open_after(&other, paths, f, now_s, err))
		return false;
	const bool ok = is_good_enough(other, f, now_s, err) && !forgets_acts(other, f, err);
	if (ok)
		exchange(f, other);
	feed_close(other);
	return ok;
}

/* ---- what requests ask ---- */

struct view
feed_take(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	struct edition *e = f->edition;
	struct news *n = f->news;
	atomic_fetch_add(&e->shared.holders, 1);
	if (n != NULL)
		atomic_fetch_add(&n->shared.holders, 1);
	pthread_mutex_unlock(&f->lock);

	struct view v = { .published = e->published,
		.whole = e->whole,
		.guarded = e->guarded,
		.paths = &e->place->paths,
		.held = { &e->shared, n != NULL ? &n->shared : NULL } };
	if (n != NULL) {
		v.lookup_size = changes_log_size(n->changes);
		v.has_live = v.lookup_size >= e->log_size;
		v.live = (struct live){ n->changes, changes_of_slot };
	}
	return v;
}

void
feed_release(struct view *v)
{
	let_go(v->held[0]);
	let_go(v->held[1]);
	*v = (struct view){ 0 };
}

enum feed_lookup
feed_lookup(struct feed *f)
{
	pthread_mutex_lock(&f->confirm_lock);
	const bool open = f->confirm != NULL;
	pthread_mutex_unlock(&f->confirm_lock);
	struct view v = feed_take(f);
	const bool current = v.has_live, none = v.paths->lookup == NULL;
	feed_release(&v);
	return none   ? FEED_LOOKUP_NONE
	    : !open   ? FEED_LOOKUP_MISSING
	    : current ? FEED_LOOKUP_CURRENT
		      : FEED_LOOKUP_BEHIND;
}

static bool
add_code_text(struct buf *out, struct feed *f, struct span qc1, struct err *err)
{
	struct view v = feed_take(f);
	const struct bundle *b = trust_bundle(published_trust(v.published));
	bool ok = b != NULL && b->n_hosts > 0
	    ? qr_text_prefix(out, b->hosts[0], err)
	    : err_set(err, ERR_NOT_FOUND, "there is no trust bundle to answer by");

	feed_release(&v);
	if (ok)
		qr_text_digits(out, qc1);
	return ok && buf_ok(out, err);
}

bool
feed_confirm(bool *found, struct buf *text, struct feed *f, struct span number,
    struct span check_code, struct err *err)
{
	struct lookup_instrument i;

	*found = false;
	pthread_mutex_lock(&f->confirm_lock); /* for the time of one keyed read */
	const bool ok = f->confirm != NULL &&
	    lookup_confirm(found, &i, f->confirm, number, check_code, &f->confirm_trouble);
	if (!ok) {
		lookup_close(f->confirm);
		f->confirm = NULL;
	}
	pthread_mutex_unlock(&f->confirm_lock);
	if (!ok)
		return err_set(
		    err, ERR_NOT_FOUND, "the register's look-up table cannot be read now");
	return !*found || add_code_text(text, f, span_of(i.qc1, i.qc1_len), err);
}
