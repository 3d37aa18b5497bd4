/* A snapshot on its way: made, witnessed, signed, audited, published. */
#include "issuer/publish_parts.h"

#include "credential/parts.h"
#include "registry/registry_parts.h"

#include <assert.h>
#include <stdlib.h>

/* The parts on disk, and their names in the manifest. */
static bool
put_parts(struct edition *e, struct snapshot *m, struct err *err)
{
	struct buf orders = BUF_EMPTY;
	struct publish_folder *f = &e->folder;
	bool ok = true;

	for (size_t i = 0; ok && i < m->n_lists; i++) {
		struct snapshot_list *named = &m->lists[i];
		const struct snapshot_parts *p = &e->parts[i];
		named->list = (uint16_t)i;
		ok = publish_part(named->status_hash, f, buf_span(&p->status), err) &&
		    publish_part(named->fingerprints_hash, f, buf_span(&p->fingerprints), err) &&
		    publish_part(named->history_hash, f, buf_span(&p->history), err);
	}
	ok = ok && registry_orders_part(&orders, e->bureau->registry, err) &&
	    publish_part(m->orders_hash, f, buf_span(&orders), err);
	buf_free(&orders);
	return ok;
}

static void
fill_manifest(const struct edition *e, struct snapshot *m)
{
	const struct bundle *b = trust_bundle(e->trust);

	m->iat_s = e->now_s;
	m->exp_s = e->now_s + b->snapshot_age_s;
	m->issuer = span_text(e->bureau->conf.iss);
	m->bundle_seq = b->seq;
	memcpy(m->bundle_hash, trust_bundle_hash(e->trust), SHA256_BYTES);
	m->checkpoint = buf_span(&e->checkpoint);
	memcpy(m->bureau_id, b->roots.bureau_id, BUREAU_ID_BYTES);
}

static bool
make(struct edition *e, struct err *err)
{
	struct snapshot m = { .n_lists = e->n_parts };
	struct buf payload = BUF_EMPTY;
	uint64_t known;

	m.lists = calloc(e->n_parts + 1, sizeof *m.lists);
	if (m.lists == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = edition_advance(&known, &m.seq, e, "status", err) && put_parts(e, &m, err) &&
	    (!edition_asks_witnesses(e) || edition_sign_checkpoint(e, err));
	making_free(&e->making);
	fill_manifest(e, &m);
	snapshot_encode(&payload, &m);
	ok = ok && buf_ok(&payload, err) &&
	    snapshot_parse(&e->making.manifest, buf_span(&payload), err);
	buf_free(&payload);
	free(m.lists);
	return ok;
}

/* How large the log is that a snapshot covers; 0 if that cannot be read. */
static uint64_t
covered(const struct snapshot *s)
{
	struct checkpoint c;

	return s != NULL && checkpoint_parse_note(&c, s->checkpoint, NULL) ? c.size : 0;
}

static struct publish_waiting
waiting(enum publish_wait for_whom, unsigned missing, const struct snapshot *s)
{
	return (struct publish_waiting){ for_whom, missing, s->seq, covered(s), s->iat_s };
}

static bool
witness(bool *ready, struct edition *e, struct err *err)
{
	unsigned missing = 0;

	if (edition_asks_witnesses(e) &&
	    !cosign_witnesses(&missing, &e->making, e->bureau, e->trust, err))
		return false;
	*ready = missing == 0;
	if (*ready)
		return true;
	e->report->waiting = waiting(PUBLISH_WAITS_FOR_WITNESSES, missing, e->making.manifest);
	return cosign_ask_witnesses(&e->making, e->bureau, err);
}

static bool
sign(struct edition *e, struct err *err)
{
	return signer_sign(&e->making.file, e->status_key, SNAPSHOT_TYP,
	    buf_span(&e->making.manifest->bytes), err);
}

static bool
audit(bool *ready, struct edition *e, struct err *err)
{
	unsigned missing = 0;

	if (edition_asks_auditors(e) &&
	    !cosign_auditors(&missing, &e->making, e->bureau, e->trust, err))
		return false;
	*ready = missing == 0;
	if (*ready)
		return true;
	e->report->waiting = waiting(PUBLISH_WAITS_FOR_AUDITORS, missing, e->making.manifest);
	return cosign_ask_auditors(&e->making, e->bureau, err);
}

/* Does it hold for those who read it? */
static bool
check_signed(const struct edition *e, struct err *err)
{
	const struct bundle_key *key;
	struct cose_sign envelope;

	if (!cose_sign_parse(&envelope, buf_span(&e->making.file), SNAPSHOT_TYP, err))
		return false;
	return trust_verify_snapshot(&key, e->trust, &envelope, e->making.manifest->iat_s) ==
	    TRUST_YES ||
	    err_set(err, ERR_CRYPTO, "the snapshot's signature does not hold");
}

static bool
release(struct edition *e, struct err *err)
{
	const struct snapshot *new = e->making.manifest;

	if (!check_signed(e, err) ||
	    (edition_asks_witnesses(e) && !edition_put_checkpoint(e, new->checkpoint, err)) ||
	    !edition_put(e, buf_span(&e->making.file), err, "v1/snapshot") ||
	    !publish_sweep(&e->folder, e->published, new, e->now_s, err) ||
	    !cosign_clear(e->bureau, err))
		return false;
	snapshot_free(e->published);
	e->published = e->making.manifest;
	e->making.manifest = NULL;
	making_free(&e->making);
	e->report->published = true;
	return true;
}

/* As far as those who must sign have come. */
static bool
go_on(struct edition *e, struct err *err)
{
	bool ready = true;

	if (e->making.file.len == 0)
		if (!witness(&ready, e, err) || (ready && !sign(e, err)))
			return false;
	if (ready && !audit(&ready, e, err))
		return false;
	return !ready || release(e, err);
}

static int64_t
half_life_s(const struct snapshot *s)
{
	return s->iat_s + (s->exp_s - s->iat_s) / 2;
}

/* Is what waits still worth waiting for? */
static bool
still_good(const struct edition *e)
{
	const struct snapshot *s = e->making.manifest;

	return s != NULL && (e->published == NULL || s->seq > e->published->seq) &&
	    s->bundle_seq == trust_bundle(e->trust)->seq &&
	    memcmp(s->bundle_hash, trust_bundle_hash(e->trust), SHA256_BYTES) == 0 &&
	    e->now_s < half_life_s(s) && publish_has_parts(&e->folder, s);
}

/* Alone we may sign as often as asked; others are asked only for something new. */
static bool
is_news(const struct edition *e)
{
	return (!edition_asks_witnesses(e) && !edition_asks_auditors(e)) || e->published == NULL ||
	    covered(e->published) != e->head.size || e->now_s >= half_life_s(e->published);
}

/* What waits first; when it is out, or is not worth it any more, the next. */
bool
edition_put_snapshot(struct edition *e, struct err *err)
{
	if (still_good(e)) {
		if (!go_on(e, err))
			return false;
		if (e->making.manifest != NULL)
			return true;
	} else if (e->making.manifest != NULL && !cosign_clear(e->bureau, err)) {
		return false;
	}
	return !is_news(e) || (make(e, err) && go_on(e, err));
}

void
edition_report(struct edition *e)
{
	const struct snapshot *newest =
	    e->making.manifest != NULL ? e->making.manifest : e->published;

	assert(newest != NULL); /* with none published there is always news */
	e->report->seq = e->published != NULL ? e->published->seq : 0;
	e->report->size = covered(e->published);
	e->report->written = e->folder.written;
	e->report->renew_s = half_life_s(newest);
}

bool
publish_look(struct publish_waiting *out, const struct bureau *b, struct err *err)
{
	const struct trust *trust;
	struct making m = { 0 };
	unsigned missing = 0;

	*out = (struct publish_waiting){ 0 };
	bool ok = bureau_trust(&trust, b, err) && cosign_load(&m, b, trust, err);
	if (ok && m.manifest != NULL) {
		const bool is_signed = m.file.len > 0;
		ok = is_signed ? cosign_auditors(&missing, &m, b, trust, err)
			       : cosign_witnesses(&missing, &m, b, trust, err);
		*out = waiting(is_signed ? PUBLISH_WAITS_FOR_AUDITORS : PUBLISH_WAITS_FOR_WITNESSES,
		    missing, m.manifest);
	}
	making_free(&m);
	return ok;
}
