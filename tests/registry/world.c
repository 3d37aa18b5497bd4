#include "tests/registry/world.h"

#include "core/encode.h"
#include "core/file.h"
#include "credential/checkpoint.h"
#include "credential/snapshot.h"
#include "registry/act_file.h"
#include "registry/registry_floor.h"
#include "tests/test.h"

#include <stdio.h>

static int64_t published_s; /* whoever signs afterwards has a clock that is not behind it */

/* ---- publishing ---- */

static void
put_file(const char *folder, const char *name, struct span bytes)
{
	char path[300], parent[300];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	snprintf(parent, sizeof parent, "%s", path);
	*strrchr(parent, '/') = '\0';
	REQUIRE(file_make_folder(parent, 0755, &err));
	REQUIRE(file_write(path, bytes, 0644, &err));
}

static void
put_part(uint8_t hash[SHA256_BYTES], const char *folder, const struct buf *part)
{
	char name[96] = "v1/parts/";

	sha256(hash, buf_span(part));
	hex_encode(name + strlen(name), span_of(hash, SHA256_BYTES));
	put_file(folder, name, buf_span(part));
}

static void
put_snapshot(struct world *w, struct ledger *l, uint64_t seq)
{
	struct snapshot_list lists[WORLD_LISTS];
	struct buf orders = BUF_EMPTY, payload = BUF_EMPTY, file = BUF_EMPTY;
	struct snapshot m = { .seq = seq,
		.iat_s = w->iat_s,
		.exp_s = w->iat_s + 7 * 86400,
		.issuer = span_text(BUREAU_ISS),
		.bundle_seq = BUREAU_BUNDLE_SEQ,
		.checkpoint = buf_span(&w->checkpoint),
		.lists = lists };

	REQUIRE(registry_lists(&m.n_lists, l->registry, &err));
	assert_true(m.n_lists <= WORLD_LISTS);
	for (size_t i = 0; i < m.n_lists; i++) {
		struct snapshot_parts *p = &w->parts[i];
		lists[i].list = (uint16_t)i;
		REQUIRE(registry_list_parts(p, l->registry, lists[i].list, w->iat_s, &err));
		put_part(lists[i].status_hash, w->published, &p->status);
		put_part(lists[i].fingerprints_hash, w->published, &p->fingerprints);
		put_part(lists[i].history_hash, w->published, &p->history);
	}
	REQUIRE(registry_orders_part(&orders, l->registry, &err));
	put_part(m.orders_hash, w->published, &orders);
	memcpy(m.bundle_hash, trust_bundle_hash(l->bureau->trust), SHA256_BYTES);
	memcpy(m.bureau_id, l->bureau->bureau_id, BUREAU_ID_BYTES);
	snapshot_encode(&payload, &m);
	bureau_sign_payload(&file, &l->bureau->keys[STATUS], 1, SNAPSHOT_TYP, buf_span(&payload));
	put_file(w->published, "v1/snapshot", buf_span(&file));
	buf_free(&orders);
	buf_free(&payload);
	buf_free(&file);
}

static void
publish(struct world *w, struct ledger *l, uint64_t seq)
{
	struct registry_head head = ledger_head(l);
	struct checkpoint c = { span_text(BUREAU_ORIGIN), head.size, head.root };
	struct buf text = BUF_EMPTY;

	w->iat_s = published_s = head.recorded_s + 30;
	checkpoint_encode(&text, &c);
	bureau_sign_note(&w->checkpoint, l->bureau, buf_span(&text));
	buf_free(&text);
	put_snapshot(w, l, seq);
}

/* ---- the two registers ---- */

static void
befall(struct ledger *l, struct road *licence, enum act_kind kind)
{
	licence->now_s = ledger_head(l).recorded_s + 60;
	ledger_sanction(l, licence, kind);
}

/* The register that lives on: the acts of the backup. */
static void
restore(struct world *w)
{
	struct act_file *file = NULL;
	struct registry *replica = NULL;

	w->now = (struct ledger){ .bureau = w->lost.bureau };
	snprintf(w->now.dir, sizeof w->now.dir, "%.50s/now", w->lost.dir);
	REQUIRE(file_make_folder(w->now.dir, 0700, &err));
	snprintf(w->now.db, sizeof w->now.db, "%s/registry.db", w->now.dir);
	snprintf(w->now.second, sizeof w->now.second, "%s/acts.log", w->now.dir);
	snprintf(w->now.lookup, sizeof w->now.lookup, "%s/lookup.db", w->now.dir);
	w->now.config = w->lost.config;
	w->now.config.path = w->now.db;
	w->now.config.second_copy = NULL;
	w->now.config.lookup = NULL;
	REQUIRE(registry_create(w->now.db, &err));
	REQUIRE(registry_open(&replica, &w->now.config, &err));
	REQUIRE(act_file_open(&file, w->backup, false, &err));
	REQUIRE(registry_take(replica, file, REGISTRY_TAKE_ALL, NULL, &err));
	act_file_close(file);
	registry_close(replica);
	w->now.config.second_copy = w->now.second;
	w->now.config.lookup = w->now.lookup;
	ledger_reopen(&w->now);
	w->now.roads = w->lost.roads;
}

void
world_open(struct world *w)
{
	struct ledger *l = &w->lost;

	*w = (struct world){ 0 };
	ledger_open(l, "standard");
	snprintf(w->published, sizeof w->published, "%s/public", l->dir);
	snprintf(w->backup, sizeof w->backup, "%s/backup", l->dir);
	for (size_t i = 0; i < LOST; i++) {
		ledger_case_to(l, &w->cases[i], CASE_ISSUED);
		ledger_licence(l, &w->licences[i], &w->cases[i]);
	}
	ledger_case_to(l, &w->pending, CASE_ISSUE_APPROVED);
	befall(l, &w->licences[LIFTED], ACT_SUSPEND);
	befall(l, &w->licences[KNOWN], ACT_SUSPEND);
	ledger_copy(l->second, w->backup);

	befall(l, &w->licences[SUSPENDED], ACT_SUSPEND);
	befall(l, &w->licences[REVOKED], ACT_REVOKE);
	befall(l, &w->licences[LIFTED], ACT_LIFT);
	w->pending.now_s = ledger_head(l).recorded_s + 60;
	road_do(&w->pending, SERVICE, road_made(&w->pending));
	ledger_record(l, &w->pending, w->pending.n - 1);
	ledger_case_to(l, &w->cases[LOST], CASE_ISSUED);
	ledger_case_to(l, &w->reserved, CASE_ISSUE_PROPOSED);
	publish(w, l, 5);
	restore(w);
}

void
world_close(struct world *w)
{
	for (size_t i = 0; i < CERTIFICATES; i++) {
		road_close(&w->cases[i]);
		if (i < LOST)
			road_close(&w->licences[i]);
	}
	road_close(&w->pending);
	road_close(&w->reserved);
	for (size_t i = 0; i < WORLD_LISTS; i++)
		snapshot_parts_free(&w->parts[i]);
	buf_free(&w->checkpoint);
	registry_close(w->now.registry);
	ledger_close(&w->lost);
}

void
world_publish_again(struct world *w, uint64_t seq)
{
	for (size_t i = 0; i < WORLD_LISTS; i++)
		snapshot_parts_free(&w->parts[i]);
	buf_free(&w->checkpoint);
	publish(w, &w->lost, seq);
}

/* ---- acts, signed for the register that lives on ---- */

struct registry_item
world_sign(struct ledger *l, enum signer who, const char *subject, const struct act_body *body)
{
	static uint8_t nonce = 1;
	struct registry_chain chain;
	struct buf act = BUF_EMPTY;
	const int64_t last_s = ledger_head(l).recorded_s;
	const int64_t now_s = (last_s > published_s ? last_s : published_s) + 60;

	REQUIRE(registry_chain(&chain, l->registry, span_text(subject), &err));
	struct chain_tail tail = chain_tail(chain.entries, chain.n);
	struct act claims = { .subject = span_text(subject),
		.seq = tail.acts,
		.time_s = now_s,
		.nonce = { 0xee, nonce++ },
		.bundle_seq = BUREAU_BUNDLE_SEQ };
	memcpy(claims.prev, tail.hash, sizeof claims.prev);
	registry_chain_free(&chain);
	bureau_sign_act(&act, l->bureau, who, &claims, body);
	struct registry_item item = ledger_append(l, buf_span(&act), now_s);
	buf_free(&act);
	return item;
}

struct registry_item
world_on_register(struct ledger *l, enum signer who, const struct act_body *body)
{
	return world_sign(l, who, "register", body);
}

/* What the two officers would accept. */
struct act_body
world_loss(struct world *w)
{
	struct act_body body = { .kind = ACT_ACCEPT_LOSS,
		.not_after_s = ledger_head(&w->now).recorded_s + 86400,
		.sitting = span_text("P-9XQ4-7") };
	struct registry_head head = ledger_head(&w->lost);

	REQUIRE(registry_keep_floor(body.loss.snapshot, w->now.registry, w->published, &err));
	body.loss.size = head.size;
	body.loss.root = head.root;
	body.loss.epoch = 2;
	return body;
}

/* Of the newest act on the subject. */
struct act_body
world_approval(struct ledger *l, const char *subject)
{
	struct act_body body = { .kind = ACT_APPROVE };
	struct registry_chain chain;

	REQUIRE(registry_chain(&chain, l->registry, span_text(subject), &err));
	const struct chain_entry *last = &chain.entries[chain.n - 1];
	memcpy(body.answer.proposal, last->act.hash, SHA256_BYTES);
	body.answer.proposal_kind = last->act.kind;
	registry_chain_free(&chain);
	return body;
}

void
world_must(struct registry_item item)
{
	if (!item.recorded)
		fail_msg("%s", item.err.text);
}

void
world_refused(struct registry_item item, const char *rule, const char *row)
{
	if (item.recorded || strstr(item.err.text, rule) == NULL)
		fail_msg("%s: not by %s: %s", row, rule, item.recorded ? "done" : item.err.text);
}

/* Proposed and approved from now on. */
void
world_order(struct ledger *l, const struct road *r, enum act_kind kind)
{
	struct road now = { .bureau = l->bureau, .now_s = ledger_head(l).recorded_s };
	struct act_body body = road_sanction(&now, kind);

	world_must(world_sign(l, CHANG, r->number, &body));
	body = world_approval(l, r->number);
	world_must(world_sign(l, FU, r->number, &body));
}

void
world_accept_loss(struct world *w)
{
	struct act_body body = world_loss(w);

	/* Officers read the clock, which is not behind what was published. */
	world_must(world_on_register(&w->now, CHANG, &body));
	body = world_approval(&w->now, "register");
	world_must(world_on_register(&w->now, FU, &body));
}

/* ---- what is shown ---- */

static enum status
status_of(struct ledger *l, const struct road *r, int64_t at_s)
{
	struct snapshot_parts parts;

	REQUIRE(registry_list_parts(&parts, l->registry, 0, at_s, &err));
	const enum status s = status_list_get(parts.status.ptr, r->idx);
	snapshot_parts_free(&parts);
	return s;
}

enum status
world_status(struct world *w, const struct road *r)
{
	return status_of(&w->now, r, ledger_head(&w->now).recorded_s + 86400);
}

struct licence_state
world_licence(struct registry_subject *s, struct world *w, const struct road *r)
{
	REQUIRE(registry_subject_load(
	    s, w->now.registry, span_text(r->number), ledger_head(&w->now).recorded_s, &err));
	assert_non_null(s->judge.licence);
	return s->licence;
}
