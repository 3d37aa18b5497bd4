#include "verifier/published.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "credential/status_token.h"
#include "verifier/follow.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define AHEAD_S 300 /* a clock may be this much behind the bureau's */

/* The parts of one list, read on first use. */
struct list {
	atomic_bool tried; /* all else is as it will stay */
	bool read;
	struct buf status, fingerprint_bytes, history_bytes;
	struct fingerprints *fingerprints;
	struct history_part *history;
	bool has_token;
	int64_t token_iat_s, token_until_s;
	uint8_t *token; /* LIMIT_LIST_BYTES slots */
};

struct published {
	struct trust *trust;
	struct shelf shelf;
	char *folder;         /* that the shelf is, if it was opened by a path */
	enum finding trouble; /* why there is no snapshot, or why it may not say yes */
	bool from_ahead;      /* something here is dated later than the clock allows */
	int64_t latest_s;     /* newest signed time ever accepted */
	struct snapshot *snapshot;
	bool witnessed;
	struct list *lists;      /* one for each list of the snapshot */
	pthread_mutex_t reading; /* of lists not tried yet */
	struct buf orders_bytes;
	struct orders_part *orders;
	int64_t now_s;
};

static enum finding
trust_trouble(enum trust_answer answer)
{
	switch (answer) {
	case TRUST_YES:
		return FINDING_NONE;
	case TRUST_ALARM:
		return FINDING_STATUS_ALARM;
	case TRUST_OLDER:
		return FINDING_STATUS_OLDER;
	default:
		return FINDING_TRUST_MISSING;
	}
}

static bool
load_bundle(struct published *p, struct memory *memory, struct err *err)
{
	struct buf file = BUF_EMPTY;
	bool found = false;
	struct err why = { 0 };
	bool ok = shelf_read(&file, &found, &p->shelf, "v1/trust-bundle", LIMIT_BUNDLE_BYTES, err);

	p->trouble = FINDING_TRUST_MISSING;
	if (ok && found) {
		const enum trust_answer answer =
		    follow_bundles(p->trust, &p->shelf, buf_span(&file), &memory->bundle, &why);
		p->trouble = trust_trouble(answer);
		if (answer == TRUST_UNDECIDED)
			ok = err_set(
			    err, why.code != ERR_NONE ? why.code : ERR_MEMORY, "%s", why.text);
	}
	buf_free(&file);
	if (p->trouble != FINDING_NONE) /* so it is whenever we could not do it */
		return ok;
	const struct bundle *b = trust_bundle(p->trust);
	if (b->iat_s > p->now_s + AHEAD_S) {
		p->from_ahead = true;
		return true;
	}
	memory->bundle.seq = b->seq;
	memcpy(memory->bundle.hash, trust_bundle_hash(p->trust), SHA256_BYTES);
	if (b->iat_s > memory->latest_s)
		memory->latest_s = b->iat_s;
	return true;
}

/*
 * A log only grows: a smaller one, or one of the same size with another root, was rewritten. It begins anew in what we
 * remember where the roots give it another key, which they do when one was stolen, or name a new log by its epoch: a
 * later one, never an earlier.
 */
static bool
log_extends(struct memory *memory, const struct checkpoint *c, const struct bundle_log *log)
{
	uint8_t key[SHA256_BYTES];

	sha256(key, log->vkey);
	const bool same = log->epoch == memory->log_epoch &&
	    memcmp(key, memory->log_key, sizeof memory->log_key) == 0;
	if (log->epoch < memory->log_epoch)
		return false;
	if (same &&
	    (c->size < memory->checkpoint.seq ||
		(c->size == memory->checkpoint.seq &&
		    memcmp(c->root.b, memory->checkpoint.hash, SHA256_BYTES) != 0)))
		return false;
	memory->log_epoch = log->epoch;
	memcpy(memory->log_key, key, sizeof memory->log_key);
	memory->checkpoint.seq = c->size;
	memcpy(memory->checkpoint.hash, c->root.b, SHA256_BYTES);
	return true;
}

/* What a stolen status key signed is no measure of what is old. */
static bool
closed(const struct published *p, const struct memory_snapshot *seen)
{
	const struct bundle_key *k = bundle_find_key(
	    trust_bundle(p->trust), span_of(seen->kid, sizeof seen->kid), KEY_USE_STATUS, NULL);
	return k == NULL || k->state == KEY_COMPROMISED;
}

/* A snapshot names the bundle its register lived by. */
static enum finding
check_bundle_named(const struct published *p, const struct snapshot *s)
{
	const uint64_t held = trust_bundle(p->trust)->seq;
	if (s->bundle_seq > held)
		return FINDING_TRUST_OLDER;
	if (s->bundle_seq == held &&
	    memcmp(s->bundle_hash, trust_bundle_hash(p->trust), SHA256_BYTES) != 0)
		return FINDING_STATUS_ALARM;
	return FINDING_NONE;
}

/* Is it older than, or another one under the same number as, one of its issuer's accepted before? */
static enum finding
check_sequence(const struct published *p, const struct snapshot *s, const struct memory *memory)
{
	for (size_t i = 0; i < memory->n_snapshots; i++) {
		const struct memory_snapshot *seen = &memory->snapshots[i];
		if (!span_is(s->issuer, seen->issuer) || closed(p, seen))
			continue;
		if (s->seq < seen->mark.seq)
			return FINDING_STATUS_OLDER;
		if (s->seq == seen->mark.seq && memcmp(s->hash, seen->mark.hash, SHA256_BYTES) != 0)
			return FINDING_STATUS_ALARM;
	}
	return FINDING_NONE;
}

static enum finding
accept_snapshot(struct published *p, struct snapshot *s, const struct cose_sign *envelope,
    struct memory *memory)
{
	const struct bundle *b = trust_bundle(p->trust);
	const struct bundle_key *status_key = NULL;
	struct checkpoint checkpoint;
	struct err why = { 0 };
	enum finding finding;
	const enum trust_answer answer =
	    trust_verify_snapshot(&status_key, p->trust, envelope, s->iat_s);

	if (answer != TRUST_YES && answer != TRUST_QUORUM)
		return FINDING_STATUS_MISSING;
	if (memcmp(s->bureau_id, b->roots.bureau_id, BUREAU_ID_BYTES) != 0 ||
	    !span_equal(s->issuer, status_key->issuer))
		return FINDING_STATUS_MISSING;
	if (s->iat_s > p->now_s + AHEAD_S)
		return FINDING_CLOCK_BACK;
	if (answer == TRUST_QUORUM)
		return FINDING_STATUS_NO_AUDITOR;
	if ((finding = check_bundle_named(p, s)) != FINDING_NONE ||
	    (finding = check_sequence(p, s, memory)) != FINDING_NONE)
		return finding;
	if (!trust_verify_checkpoint(&checkpoint, &p->witnessed, p->trust, s->checkpoint, &why))
		return FINDING_STATUS_MISSING;
	if (!log_extends(memory, &checkpoint, &b->log))
		return FINDING_STATUS_ALARM;
	struct memory_mark mark = { .seq = s->seq };
	memcpy(mark.hash, s->hash, SHA256_BYTES);
	memory_saw(memory, s->issuer, status_key->kid, &mark);
	if (s->iat_s > memory->latest_s)
		memory->latest_s = s->iat_s;
	return FINDING_NONE;
}

static void
part_name(char out[80], const uint8_t hash[SHA256_BYTES])
{
	char hex[2 * SHA256_BYTES + 1];
	hex_encode(hex, span_of(hash, SHA256_BYTES));
	snprintf(out, 80, "v1/parts/%s", hex);
}

/* A part is believed because the snapshot names its hash. */
static bool
read_part(struct buf *out, const struct published *p, const uint8_t hash[SHA256_BYTES])
{
	char name[80];
	uint8_t have[SHA256_BYTES];
	bool found = false;

	part_name(name, hash);
	if (!shelf_read(out, &found, &p->shelf, name, LIMIT_PART_BYTES, NULL) || !found)
		return false;
	sha256(have, buf_span(out));
	return memcmp(have, hash, SHA256_BYTES) == 0;
}

static bool
load_snapshot(struct published *p, struct memory *memory, struct err *err)
{
	struct buf file = BUF_EMPTY;
	struct cose_sign envelope;
	bool found = false;
	struct err why = { 0 };
	struct snapshot *s = NULL;
	bool ok = shelf_read(&file, &found, &p->shelf, "v1/snapshot", LIMIT_SNAPSHOT_BYTES, err);

	p->trouble = FINDING_STATUS_MISSING;
	if (ok && found && snapshot_parse_file(&envelope, &s, buf_span(&file), &why)) {
		p->trouble = accept_snapshot(p, s, &envelope, memory);
		if (p->trouble == FINDING_CLOCK_BACK)
			p->from_ahead = true;
	}
	buf_free(&file);
	if (!ok || p->trouble != FINDING_NONE) {
		snapshot_free(s);
		return ok;
	}
	p->snapshot = s;
	p->lists = calloc(s->n_lists > 0 ? s->n_lists : 1, sizeof *p->lists);
	if (p->lists == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!read_part(&p->orders_bytes, p, s->orders_hash) ||
	    !orders_part_parse(&p->orders, buf_span(&p->orders_bytes), &why))
		p->trouble = FINDING_STATUS_MISSING;
	return true;
}

/* A clock that runs behind what the bureau signed can say nothing about the present. */
static bool
clock_back(const struct published *p, int64_t now_s)
{
	return p->from_ahead || now_s + AHEAD_S < p->latest_s;
}

static bool
load(struct published *p, struct span root_file, struct memory *memory, struct err *err)
{
	p->latest_s = memory->latest_s;
	if (!trust_open(&p->trust, root_file, err))
		return err_in(err, "the root set");
	if (!load_bundle(p, memory, err))
		return false;
	if (p->trouble == FINDING_NONE && clock_back(p, p->now_s))
		p->trouble = FINDING_CLOCK_BACK;
	if (p->trouble == FINDING_NONE && !load_snapshot(p, memory, err))
		return false;
	p->latest_s = memory->latest_s;
	return true;
}

bool
published_open(struct published **out, struct span root_file, const struct shelf *shelf,
    struct memory *memory, int64_t now_s, struct err *err)
{
	struct published *p = calloc(1, sizeof *p);

	*out = NULL;
	if (p == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	pthread_mutex_init(&p->reading, NULL);
	p->shelf = *shelf;
	p->now_s = now_s;
	if (!load(p, root_file, memory, err)) {
		published_close(p);
		return false;
	}
	*out = p;
	return true;
}

bool
published_open_paths(struct published **out, const char *root_path, const char *folder,
    struct memory *memory, int64_t now_s, struct err *err)
{
	char *path = folder != NULL ? strdup(folder) : NULL;
	const struct shelf shelf = shelf_folder(path);
	struct buf root = BUF_EMPTY;
	bool ok = folder == NULL || path != NULL || err_set(err, ERR_MEMORY, "out of memory");

	ok = ok && file_read(&root, root_path, LIMIT_BUNDLE_BYTES, err) &&
	    published_open(out, buf_span(&root), &shelf, memory, now_s, err);
	if (ok) {
		(*out)->folder = path;
		path = NULL;
	}
	free(path);
	buf_free(&root);
	return ok;
}

static void
list_free(struct list *l)
{
	fingerprints_free(l->fingerprints);
	history_part_free(l->history);
	buf_free(&l->status);
	buf_free(&l->fingerprint_bytes);
	buf_free(&l->history_bytes);
	free(l->token);
}

void
published_close(struct published *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; p->lists != NULL && i < p->snapshot->n_lists; i++)
		list_free(&p->lists[i]);
	free(p->lists);
	orders_part_free(p->orders);
	buf_free(&p->orders_bytes);
	snapshot_free(p->snapshot);
	trust_free(p->trust);
	pthread_mutex_destroy(&p->reading);
	free(p->folder);
	free(p);
}

/* Genuine, about this list and no older than the snapshot? Its slots go into `slots`, LIMIT_LIST_BYTES. */
static bool
token_fits(struct status_token *out, uint8_t *slots, const struct published *p, uint16_t list,
    struct span file)
{
	const struct bundle_key *key = NULL;
	struct buf sub = BUF_EMPTY;
	struct cose_sign1 envelope;
	bool ok = false;

	status_token_sub(&sub, trust_bundle(p->trust)->status_base, p->snapshot->issuer, list);
	if (status_token_parse_file(&envelope, out, slots, file, NULL) &&
	    trust_verify_sign1(&key, p->trust, KEY_USE_STATUS, &envelope, span_of(NULL, 0)) ==
		TRUST_YES)
		ok = key->state == KEY_ACTIVE && bundle_key_covers(key, out->iat_s) &&
		    span_equal(key->issuer, p->snapshot->issuer) &&
		    span_equal(out->sub, buf_span(&sub)) && out->iat_s >= p->snapshot->iat_s &&
		    out->iat_s <= p->now_s + AHEAD_S;
	buf_free(&sub);
	return ok;
}

bool
published_token_fits(int64_t *iat_s, const struct published *p, uint16_t list, struct span file)
{
	struct status_token token;
	uint8_t *slots = malloc(LIMIT_LIST_BYTES);
	const bool ok =
	    slots != NULL && p->snapshot != NULL && token_fits(&token, slots, p, list, file);

	if (ok)
		*iat_s = token.iat_s;
	free(slots);
	return ok;
}

static void
load_token(struct list *l, const struct published *p, uint16_t list)
{
	struct buf file = BUF_EMPTY;
	struct status_token token;
	char name[80];
	bool found = false;

	snprintf(name, sizeof name, "v1/status/%.*s/%u", (int)p->snapshot->issuer.len,
	    (const char *)p->snapshot->issuer.ptr, list);
	if (shelf_read(&file, &found, &p->shelf, name, LIMIT_TOKEN_BYTES, NULL) && found &&
	    (l->token = malloc(LIMIT_LIST_BYTES)) != NULL &&
	    token_fits(&token, l->token, p, list, buf_span(&file))) {
		l->has_token = true;
		l->token_iat_s = token.iat_s;
		l->token_until_s = token.iat_s + trust_bundle(p->trust)->token_age_s;
		if (token.exp_s < l->token_until_s)
			l->token_until_s = token.exp_s;
	}
	buf_free(&file);
}

static void
read_list(struct published *p, size_t i)
{
	const struct snapshot_list *named = &p->snapshot->lists[i];
	struct list *l = &p->lists[i];

	l->read = read_part(&l->status, p, named->status_hash) &&
	    read_part(&l->fingerprint_bytes, p, named->fingerprints_hash) &&
	    read_part(&l->history_bytes, p, named->history_hash) &&
	    status_list_check(buf_span(&l->status), NULL) &&
	    fingerprints_parse(&l->fingerprints, buf_span(&l->fingerprint_bytes), NULL) &&
	    history_part_parse(&l->history, buf_span(&l->history_bytes), NULL);
	load_token(l, p, named->list);
}

static void
load_list(struct published *p, size_t i)
{
	struct list *l = &p->lists[i];

	if (atomic_load(&l->tried))
		return;
	pthread_mutex_lock(&p->reading);
	if (!atomic_load(&l->tried))
		read_list(p, i);
	atomic_store(&l->tried, true);
	pthread_mutex_unlock(&p->reading);
}

bool
published_load_all(struct published *p)
{
	bool whole = p->snapshot == NULL || p->orders != NULL;

	for (size_t i = 0; p->snapshot != NULL && i < p->snapshot->n_lists; i++) {
		load_list(p, i);
		whole = whole && p->lists[i].read;
	}
	return whole;
}

static const struct list *
same_list(const struct published *p, uint16_t list)
{
	for (size_t i = 0; p->snapshot != NULL && i < p->snapshot->n_lists; i++)
		if (p->snapshot->lists[i].list == list)
			return &p->lists[i];
	return NULL;
}

static bool
keep_token(struct list *l, const struct list *held, const struct snapshot *s)
{
	if (held == NULL || !held->has_token || held->token_iat_s < s->iat_s ||
	    (l->has_token && held->token_iat_s <= l->token_iat_s))
		return true;
	if (l->token == NULL && (l->token = malloc(LIMIT_LIST_BYTES)) == NULL)
		return false;
	memcpy(l->token, held->token, LIMIT_LIST_BYTES);
	l->has_token = true;
	l->token_iat_s = held->token_iat_s;
	l->token_until_s = held->token_until_s;
	return true;
}

bool
published_keep_tokens(struct published *p, const struct published *before)
{
	const struct bundle *now = trust_bundle(p->trust), *was = trust_bundle(before->trust);

	if (p->snapshot == NULL || before->snapshot == NULL || now == NULL || was == NULL ||
	    now->seq != was->seq || !span_equal(p->snapshot->issuer, before->snapshot->issuer))
		return true;
	for (size_t i = 0; i < p->snapshot->n_lists; i++)
		if (!keep_token(
			&p->lists[i], same_list(before, p->snapshot->lists[i].list), p->snapshot))
			return false;
	return true;
}

const struct trust *
published_trust(const struct published *p)
{
	return p->trust;
}

const struct snapshot *
published_snapshot(const struct published *p)
{
	return p->snapshot;
}

int64_t
published_good_until_s(const struct published *p)
{
	const int64_t by_age = p->snapshot->iat_s + trust_bundle(p->trust)->snapshot_age_s;
	return by_age < p->snapshot->exp_s ? by_age : p->snapshot->exp_s;
}

bool
published_witnessed(const struct published *p)
{
	return p->witnessed;
}

enum finding
published_trouble(const struct published *p, int64_t now_s)
{
	if (clock_back(p, now_s))
		return FINDING_CLOCK_BACK;
	if (p->trouble != FINDING_NONE)
		return p->trouble;
	if (now_s >= trust_bundle(p->trust)->exp_s)
		return FINDING_TRUST_EXPIRED;
	return now_s >= published_good_until_s(p) ? FINDING_STATUS_STALE : FINDING_NONE;
}

/* The parts say one thing three times; a list that contradicts itself says nothing. */
static bool
agrees(const struct published_slot *slot, int64_t at_s)
{
	const struct history_entry *e =
	    history_find(slot->history.entries, slot->history.n_entries, at_s, at_s);
	if (!slot->assigned)
		return slot->status == STATUS_UNKNOWN || slot->status == STATUS_PENDING;
	return slot->status == (e != NULL ? e->status : STATUS_ACTIVE);
}

static void
find_in_list(struct published_slot *out, const struct list *l, uint16_t idx, int64_t at_s)
{
	if (l->read) {
		out->status = status_list_get(l->status.ptr, idx);
		out->assigned = fingerprints_find(&out->fingerprint, l->fingerprints, idx);
		out->history = history_part_find(l->history, idx);
		out->read = agrees(out, at_s);
	}
	if (l->has_token) {
		out->newer_status = status_list_get(l->token, idx);
		out->newer_iat_s = l->token_iat_s;
		out->newer_until_s = l->token_until_s;
		out->newer = out->newer_status != out->status &&
		    status_worse(out->status, out->newer_status) == out->newer_status;
	}
}

void
published_find(struct published_slot *out, struct published *p, struct span issuer, uint16_t list,
    uint16_t idx)
{
	*out = (struct published_slot){ .status = STATUS_UNKNOWN };
	if (p->snapshot == NULL || !span_equal(p->snapshot->issuer, issuer))
		return;
	const struct snapshot_list *named = snapshot_find_list(p->snapshot, list);
	if (named == NULL) {
		out->read = true; /* the snapshot is whole: a list it lacks has no slot */
		return;
	}
	const size_t i = (size_t)(named - p->snapshot->lists);
	load_list(p, i);
	find_in_list(out, &p->lists[i], idx, p->snapshot->iat_s);
	if (p->orders != NULL)
		out->orders = orders_part_all(p->orders, &out->n_orders);
}
