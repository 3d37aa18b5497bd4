/*
 * Random lives of licences, answered on both clocks three ways: by the register's rows, by the published parts
 * and by a slow reference written here, which looks for the act that decides from the last one back. What may
 * happen is what the rules permit. Acts are not signed: signatures are other tests' business.
 *
 *	test_registry_licence_histories [HOW-MANY [SEED]]
 */
#include "core/civil.h"
#include "credential/parts.h"
#include "registry/registry_parts.h"
#include "registry/store.h"
#include "tests/registry/bureau.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

#define LIVES 10000
#define TOGETHER 500 /* in one register */
#define ACTS 40      /* on one licence, answers included */
#define VERSIONS 4   /* of one certificate */
#define MOMENTS 256  /* remembered, where an answer may change */
#define ASKED 10     /* dates asked of for each moment of knowledge */
#define REQUIRE(call)                                                                              \
	do {                                                                                       \
		struct err err = { 0 };                                                            \
		if (!(call))                                                                       \
			fail_msg("%s: %s", #call, err.text);                                       \
	} while (0)

/* What took effect, for the reference alone. */
struct effective {
	enum act_kind kind;
	int64_t from_s, until_s, recorded_s;
	size_t target; /* of a correction or ruling */
	enum status left;
	uint8_t hash[SHA256_BYTES];
};

struct life {
	char number[NUMBER_STORED_BYTES];
	struct claims claims; /* of the first version */
	size_t n;             /* acts on it */
	struct effective effective[ACTS];
	size_t n_effective;
	struct {
		struct history_slot slot;
		int64_t made_s, replaces_from_s;
	} versions[VERSIONS];
	size_t n_versions;
	int64_t superseded_s, superseded_from_s; /* recorded; 0: never */
	int64_t now_s;
	int64_t on[MOMENTS], known[ACTS + VERSIONS + 2];
	size_t n_on, n_known;
};

/* The chain of the licence in hand: large, and needed no more when it is lived. */
static struct chain_entry entries[ACTS];
static struct buf bytes[ACTS];

static struct bureau *bureau;
static struct registry *store;
static uint64_t next_index;
static uint32_t next_slot;
static uint64_t seed = 20261125;
static size_t lives = LIVES;

/* xorshift64*: the same lives everywhere. */
static uint64_t
dice(uint64_t sides)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (seed * UINT64_C(2685821657736338717) >> 16) % sides;
}

static int64_t
midnight(int64_t t_s, int64_t days)
{
	return civil_start_s(civil_add_days(civil_of(t_s), days));
}

static void
remember_on(struct life *l, int64_t at_s)
{
	for (int64_t d = -1; d <= 1; d++)
		if (l->n_on < MOMENTS && at_s + d > 0)
			l->on[l->n_on++] = at_s + d;
}

/* ---- the reference ---- */

static bool
counts(const struct life *l, size_t i, int64_t known_s)
{
	if (l->effective[i].recorded_s > known_s)
		return false;
	for (size_t k = i + 1; k < l->n_effective; k++)
		if (l->effective[k].kind == ACT_CORRECT && l->effective[k].target == i &&
		    counts(l, k, known_s))
			return false;
	return true;
}

/* The ruling by which it counts no more on that date; NULL: none. */
static const struct effective *
set_aside(const struct life *l, size_t i, int64_t on_s, int64_t known_s)
{
	for (size_t k = i + 1; k < l->n_effective; k++)
		if (l->effective[k].kind == ACT_SET_ASIDE && l->effective[k].target == i &&
		    counts(l, k, known_s))
			return on_s >= l->effective[k].from_s ? &l->effective[k] : NULL;
	return NULL;
}

static int
badness(enum status s)
{
	static const enum status order[] = { STATUS_ACTIVE, STATUS_SUSPENDED, STATUS_REPLACED,
		STATUS_ENDED, STATUS_REVOKED, STATUS_ANNULLED };
	int i = 0;
	while (order[i] != s)
		i++;
	return i;
}

static enum status
worst(enum status a, enum status b)
{
	return badness(a) > badness(b) ? a : b;
}

/* By the first `n` acts: the last that reaches the date decides. */
static enum status
licence_status(const struct life *l, size_t n, int64_t on_s, int64_t known_s)
{
	for (size_t i = n; i-- > 0;) {
		const struct effective *e = &l->effective[i];
		if (!counts(l, i, known_s) || (e->kind != ACT_ANNUL && on_s < e->from_s))
			continue;
		const struct effective *ruling = set_aside(l, i, on_s, known_s);
		if (ruling != NULL && ruling->left == STATUS_SUSPENDED)
			return STATUS_SUSPENDED;
		if (ruling != NULL)
			continue;
		switch (e->kind) {
		case ACT_SUSPEND:
			return STATUS_SUSPENDED;
		case ACT_LIFT:
			return STATUS_ACTIVE;
		case ACT_REVOKE:
			return STATUS_REVOKED;
		case ACT_ANNUL:
			return STATUS_ANNULLED;
		case ACT_WITHDRAW:
			return STATUS_ENDED;
		case ACT_DEREGISTER:
			return worst(STATUS_ENDED, licence_status(l, i, on_s, known_s));
		default:
			break;
		}
	}
	return STATUS_ACTIVE;
}

static enum status
reference_status(const struct life *l, size_t version, int64_t on_s, int64_t known_s)
{
	enum status s = licence_status(l, l->n_effective, on_s, known_s);

	if (l->superseded_s != 0 && l->superseded_s <= known_s && on_s >= l->superseded_from_s)
		s = worst(s, STATUS_ENDED);
	if (version + 1 < l->n_versions && l->versions[version + 1].made_s <= known_s &&
	    on_s >= l->versions[version + 1].replaces_from_s)
		s = worst(s, STATUS_REPLACED);
	return s;
}

static int64_t
reference_end(const struct life *l, int64_t on_s, int64_t known_s)
{
	for (size_t i = l->n_effective; i-- > 0;) {
		const struct effective *e = &l->effective[i];
		if (e->kind == ACT_EXTEND && counts(l, i, known_s) && on_s >= e->from_s)
			return e->until_s > l->claims.exp_s ? e->until_s : l->claims.exp_s;
	}
	return l->claims.exp_s;
}

/* ---- living ---- */

static void
put_version(struct life *l, int64_t replaces_from_s)
{
	struct buf claims = BUF_EMPTY, qc1 = BUF_EMPTY;
	struct claims c = l->claims;
	const size_t v = l->n_versions++;

	l->versions[v].slot = (struct history_slot){ (uint16_t)(next_slot / LIMIT_LIST_SLOTS),
		(uint16_t)(next_slot % LIMIT_LIST_SLOTS) };
	next_slot++;
	l->versions[v].made_s = l->now_s;
	l->versions[v].replaces_from_s = replaces_from_s;
	c.version = (uint16_t)(v + 1);
	c.list = l->versions[v].slot.list;
	c.idx = l->versions[v].slot.idx;
	if (v > 0) {
		c.nbf_s = l->now_s != claims_from_s(&l->claims) ? claims_from_s(&l->claims) : 0;
		c.iat_s = l->now_s;
	}
	REQUIRE(credential_claims_encode(&claims, &c, &err));
	bureau_sign_credential(&qc1, bureau, buf_span(&claims));

	struct sql_stmt *q = sql_use(store->db, "INSERT INTO acts VALUES (?, ?, x'00')");
	sql_put_int(q, (int64_t)++next_index);
	sql_put_int(q, l->now_s);
	REQUIRE(sql_do(q, &err));
	q = sql_use(store->db,
	    "INSERT INTO slots SELECT list, idx, number, version, 1, 2 FROM instruments WHERE "
	    "false "
	    "UNION ALL SELECT ?, ?, ?, ?, 1, 2");
	sql_put_int(q, c.list);
	sql_put_int(q, c.idx);
	sql_put_text(q, c.sub);
	sql_put_int(q, c.version);
	REQUIRE(sql_do(q, &err));
	q = sql_use(store->db,
	    "INSERT INTO instruments VALUES (?, ?, ?, '', ?, ?, ?, ?, randomblob(32), '', "
	    "zeroblob(32), 1, 1, 1)");
	sql_put_int(q, (int64_t)next_index);
	sql_put_text(q, c.sub);
	sql_put_int(q, c.version);
	sql_put_int(q, c.list);
	sql_put_int(q, c.idx);
	sql_put_int(q, replaces_from_s);
	sql_put_blob(q, buf_span(&qc1));
	REQUIRE(sql_do(q, &err));
	buf_free(&claims);
	buf_free(&qc1);
	l->known[l->n_known++] = l->now_s;
	if (v > 0)
		remember_on(l, replaces_from_s);
}

static void
project(const struct life *l)
{
	struct registry_licence licence;

	REQUIRE(registry_licence_load(&licence, store, span_text(l->number), &err));
	REQUIRE(
	    store_project_licence(store, &licence, entries, l->n, ++next_index, l->now_s, &err));
	registry_licence_free(&licence);
}

static void
begin(struct life *l, size_t i)
{
	struct number number;
	/* Now and then on 29 February. */
	const struct civil_date day = dice(8) == 0
	    ? (struct civil_date){ 2024, 2, 29 }
	    : civil_add_days((struct civil_date){ 2024, 1, 1 }, (int64_t)dice(1400));

	*l = (struct life){ .now_s = civil_start_s(day) + (int64_t)dice(CIVIL_DAY_S) };
	REQUIRE(number_make(
	    &number, "JC", 'A', BUREAU_REGION, 2000 + (int)(i / 100000), (int)(i % 100000), &err));
	number_stored(l->number, &number);
	l->claims = (struct claims){ .iss = span_text(BUREAU_ISS),
		.sub = span_text(l->number),
		.iat_s = l->now_s,
		.exp_s = civil_start_s(civil_anniversary(day, 5)),
		.holder = span_text("示例"),
		.uscc = span_text("91999901MADEM00110"),
		.grade = GRADE_A,
		.scopes = { { 1 }, 1 },
		.version = 1 };
	put_version(l, 0);
	remember_on(l, l->now_s);
	remember_on(l, l->claims.exp_s);
}

static struct licence_state
fold(const struct life *l, struct registry_licence *versions)
{
	struct licence_state s = { 0 };

	REQUIRE(registry_licence_load(versions, store, span_text(l->number), &err));
	struct licence_facts facts = registry_licence_facts(versions, entries, l->n);
	REQUIRE(licence_fold(&s, &facts, l->now_s, &err));
	return s;
}

/* An act as if somebody had signed it, at the chain's end. */
static struct chain_entry *
write_act(struct life *l, const struct act_body *body, enum signer who)
{
	static const uint8_t signature[COSE_SIGNATURE_BYTES] = { 1 };
	struct buf encoded = BUF_EMPTY, claims = BUF_EMPTY, header = BUF_EMPTY;
	struct chain_tail tail = chain_tail(entries, l->n);
	struct act act = { .kind = body->kind,
		.subject = span_text(l->number),
		.seq = tail.acts,
		.time_s = l->now_s,
		.bundle_seq = BUREAU_BUNDLE_SEQ };

	assert_true(l->n < ACTS);
	memcpy(act.prev, tail.hash, sizeof act.prev);
	for (size_t i = 0; i < sizeof act.nonce; i++)
		act.nonce[i] = (uint8_t)dice(256);
	REQUIRE(act_body_encode(&encoded, body, &err));
	act.body = buf_span(&encoded);
	REQUIRE(act_claims_encode(&claims, &act, &err));
	act_header_encode(&header, -7, span_of(bureau->keys[who].kid, COSE_KID_BYTES));
	buf_free(&bytes[l->n]);
	act_encode(&bytes[l->n], buf_span(&header), buf_span(&claims),
	    span_of(signature, sizeof signature));
	struct chain_entry *e = &entries[l->n];
	REQUIRE(chain_entry_parse(e, buf_span(&bytes[l->n]), &err));
	e->who = bureau_who(bureau, who);
	e->recorded_s = l->now_s;
	buf_free(&encoded);
	buf_free(&claims);
	buf_free(&header);
	return e;
}

/* Would the rules let it? Those on signatures are left out. */
static bool
may(struct life *l, const struct chain_entry *e, enum signer who)
{
	static const uint64_t adopted[] = { BUREAU_BUNDLE_SEQ };
	struct registry_licence versions;
	struct licence_state state = fold(l, &versions);
	struct err err = { 0 };
	struct bundle_key key = *bureau_entry(bureau, who);
	struct judge j = { .policy = &bureau->policy,
		.bundle = bureau_bundle(bureau),
		.adopted = adopted,
		.n_adopted = 1,
		.now_s = l->now_s,
		.chain = entries,
		.n_chain = l->n,
		.licence = &state,
		.claims = &l->claims };

	key.from_s = 0; /* officers of all times */
	key.until_s = CBOR_TIME_MAX_S;
	struct bundle_grant grants[8] = { 0 };
	for (size_t i = 0; i < key.n_grants && i < COUNT_OF(grants); i++) {
		grants[i] = key.grants[i];
		grants[i].from_s = 0;
		grants[i].until_s = CBOR_TIME_MAX_S;
	}
	key.grants = grants;
	bool ok = judge_act(&j, e, &key, &err);
	licence_free(&state);
	registry_licence_free(&versions);
	return ok;
}

static struct body_order
random_order(const struct life *l, enum act_kind verb, const struct ground *ground)
{
	const unsigned has = act_body_order_has(verb);
	struct body_order o = { .ground = span_text(ground->code), .document = span_text("D") };

	if ((has & ORDER_FROM) != 0)
		o.from_s = midnight(l->now_s, (int64_t)dice(46) - 15);
	if (verb == ACT_SET_ASIDE)
		o.from_s = midnight(l->now_s, -(int64_t)dice(500));
	if (verb == ACT_SUSPEND)
		o.until_s = civil_start_s(civil_add_months(civil_of(o.from_s), 6 + (int)dice(7)));
	if (verb == ACT_EXTEND)
		o.until_s = midnight(reference_end(l, l->now_s, l->now_s), 1 + (int64_t)dice(400));
	if ((has & ORDER_TARGET) != 0 && l->n_effective > 0)
		memcpy(o.target, l->effective[dice(l->n_effective)].hash, SHA256_BYTES);
	if ((has & ORDER_STATUS) != 0 && dice(3) == 0)
		o.status = STATUS_SUSPENDED;
	return o;
}

static void
note_effective(struct life *l, const struct chain_entry *proposal)
{
	const struct body_order *o = &proposal->body.order;
	struct effective *e = &l->effective[l->n_effective];

	*e = (struct effective){ .kind = proposal->act.kind,
		.from_s = o->from_s,
		.until_s = o->until_s,
		.recorded_s = l->now_s,
		.target = SIZE_MAX,
		.left = o->status };
	memcpy(e->hash, proposal->act.hash, SHA256_BYTES);
	for (size_t i = 0; i < l->n_effective; i++)
		if (memcmp(l->effective[i].hash, o->target, SHA256_BYTES) == 0)
			e->target = i;
	l->n_effective++;
	remember_on(l, o->from_s);
	remember_on(l, o->until_s);
	l->known[l->n_known++] = l->now_s;
}

/* A proposal, and what becomes of it. */
static void
propose(struct life *l)
{
	static const enum act_kind verbs[] = { ACT_SUSPEND, ACT_SUSPEND, ACT_LIFT, ACT_LIFT,
		ACT_REVOKE, ACT_ANNUL, ACT_WITHDRAW, ACT_DEREGISTER, ACT_EXTEND, ACT_EXTEND,
		ACT_CORRECT, ACT_CORRECT, ACT_SET_ASIDE, ACT_SET_ASIDE };
	const enum act_kind verb = verbs[dice(COUNT_OF(verbs))];
	size_t n;
	const struct ground *grounds = ground_all(&n);
	const struct ground *ground = &grounds[dice(n)];

	while (ground->verb != verb)
		ground = &grounds[dice(n)];
	struct act_body body = { .kind = verb,
		.not_after_s = policy_not_after_s(&bureau->policy, verb, l->now_s),
		.sitting = span_text("P-9XQ4-7"),
		.order = random_order(l, verb, ground) };
	struct chain_entry *proposal = write_act(l, &body, CHANG);
	if (!may(l, proposal, CHANG))
		return;
	l->n++;
	project(l);
	if (dice(4) == 0) /* nobody answers, or something else comes first */
		return;
	l->now_s += (int64_t)dice(dice(2) == 0 ? 1 : 20 * CIVIL_DAY_S);
	struct act_body answer = { .kind = dice(5) == 0 ? ACT_REFUSE : ACT_APPROVE,
		.answer = { .proposal_kind = verb } };
	memcpy(answer.answer.proposal, proposal->act.hash, SHA256_BYTES);
	if (answer.kind == ACT_REFUSE)
		answer.answer.reason = span_text("no");
	struct chain_entry *e = write_act(l, &answer, FU);
	if (!may(l, e, FU))
		return;
	l->n++;
	if (answer.kind == ACT_APPROVE)
		note_effective(l, proposal);
	project(l);
}

static void
supersede(struct life *l)
{
	l->superseded_s = l->now_s;
	l->superseded_from_s = midnight(l->now_s, (int64_t)dice(20) - 10);
	struct sql_stmt *q =
	    sql_use(store->db, "INSERT INTO supersessions VALUES (?, 'another', ?, 1)");
	sql_put_text(q, span_text(l->number));
	sql_put_int(q, l->superseded_from_s);
	REQUIRE(sql_do(q, &err));
	remember_on(l, l->superseded_from_s);
	l->known[l->n_known++] = l->now_s;
	project(l);
}

static void
live(struct life *l)
{
	const size_t steps = 4 + dice(14);

	for (size_t i = 0; i < steps && l->n + 2 < ACTS; i++) {
		if (dice(3) > 0) /* sometimes several things in one second */
			l->now_s += (int64_t)dice(dice(3) == 0 ? 300 * CIVIL_DAY_S : CIVIL_DAY_S);
		const uint64_t what = dice(16);
		if (what == 0 && l->n_versions < VERSIONS) {
			put_version(l, midnight(l->now_s, (int64_t)dice(40) - 30));
			project(l);
		} else if (what == 1 && l->superseded_s == 0 && dice(3) == 0) {
			supersede(l);
		} else {
			propose(l);
		}
	}
}

/* ---- asking ---- */

/* What was published of one list. */
struct parts {
	struct snapshot_parts files;
	struct history_part *history;
};

static struct parts parts[2];
static size_t n_lists;
static struct buf orders_file;
static struct orders_part *orders;

static void
publish(int64_t at_s)
{
	REQUIRE(registry_lists(&n_lists, store, &err));
	assert_true(n_lists <= COUNT_OF(parts));
	for (size_t i = 0; i < n_lists; i++) {
		REQUIRE(registry_list_parts(&parts[i].files, store, (uint16_t)i, at_s, &err));
		REQUIRE(
		    history_part_parse(&parts[i].history, buf_span(&parts[i].files.history), &err));
	}
	REQUIRE(registry_orders_part(&orders_file, store, &err));
	REQUIRE(orders_part_parse(&orders, buf_span(&orders_file), &err));
}

/* One moment of one version, three ways. */
static void
ask(const struct life *l, size_t version, const struct registry_record *record, int64_t on_s,
    int64_t known_s)
{
	const struct history_slot slot = l->versions[version].slot;
	const struct slot_history offline = history_part_find(parts[slot.list].history, slot.idx);
	size_t n;
	const struct history_order *all = orders_part_all(orders, &n);
	const struct history_entry *a =
	    history_find(record->history, record->n_history, on_s, known_s);
	const struct history_entry *b =
	    history_find(offline.entries, offline.n_entries, on_s, known_s);
	const enum status want = reference_status(l, version, on_s, known_s);
	const enum status online = a != NULL ? a->status : STATUS_ACTIVE;

	if (online != want || (b != NULL ? b->status : STATUS_ACTIVE) != want)
		fail_msg("%s v%zu on %lld as known at %lld: register %s, snapshot %s, reference %s",
		    l->number, version + 1, (long long)on_s, (long long)known_s,
		    status_word(online), status_word(b != NULL ? b->status : STATUS_ACTIVE),
		    status_word(want));
	if (want == STATUS_REPLACED &&
	    (a == NULL || b == NULL || a->by != version + 2 || b->by != version + 2))
		fail_msg("%s v%zu: replaced by another version", l->number, version + 1);
	const int64_t end = reference_end(l, on_s, known_s), exp = l->claims.exp_s;
	const int64_t ends[] = {
		history_end(
		    history_find_order(record->orders, record->n_orders, slot, on_s, known_s), exp),
		history_end(history_find_order(all, n, slot, on_s, known_s), exp),
	};
	if (ends[0] != end || ends[1] != end)
		fail_msg("%s v%zu on %lld as known at %lld: ends %lld, %lld; reference %lld",
		    l->number, version + 1, (long long)on_s, (long long)known_s, (long long)ends[0],
		    (long long)ends[1], (long long)end);
}

static size_t
ask_all(const struct life *l)
{
	size_t asked = 0;

	for (size_t v = 0; v < l->n_versions; v++) {
		struct registry_record record;
		REQUIRE(registry_record_load(&record, store, l->versions[v].slot, &err));
		for (size_t k = 0; k < 2 * l->n_known; k++) {
			const int64_t known_s = l->known[k / 2] - (int64_t)(k % 2);
			if (known_s < l->versions[v].made_s)
				continue;
			for (size_t i = 0; i < ASKED; i++, asked++)
				ask(l, v, &record, l->on[dice(l->n_on)], known_s);
		}
		registry_record_free(&record);
	}
	return asked;
}

/* What all registers had together. */
static size_t asked, acts, by_kind[ACT_KIND_COUNT];

static void
open_store(void)
{
	const struct registry_config config = { .path = "memory" };

	next_index = next_slot = 0;
	REQUIRE(store_open(&store, &config, SQL_MEMORY, &err));
	/* All slots belong to one proposal: what led to the certificates is not told here. */
	REQUIRE(sql_run(store->db,
	    "PRAGMA foreign_keys = OFF; BEGIN; INSERT INTO proposals VALUES (1, '', 0, '', 0, 1, "
	    "1)",
	    &err));
}

static void
close_store(void)
{
	for (size_t i = 0; i < n_lists; i++) {
		history_part_free(parts[i].history);
		snapshot_parts_free(&parts[i].files);
	}
	orders_part_free(orders);
	buf_free(&orders_file);
	registry_close(store);
}

static void
live_together(struct life *all, size_t n)
{
	int64_t last_s = 0;

	open_store();
	for (size_t i = 0; i < n; i++) {
		begin(&all[i], i);
		live(&all[i]);
		last_s = all[i].now_s > last_s ? all[i].now_s : last_s;
	}
	publish(last_s);
	for (size_t i = 0; i < n; i++) {
		asked += ask_all(&all[i]);
		acts += all[i].n_effective;
		for (size_t k = 0; k < all[i].n_effective; k++)
			by_kind[act_kind_place(all[i].effective[k].kind)]++;
	}
	close_store();
}

static void
register_snapshot_and_reference_agree(void **state)
{
	struct life *all = calloc(TOGETHER, sizeof *all);

	(void)state;
	assert_non_null(all);
	bureau = bureau_new("standard");
	for (size_t done = 0; done < lives; done += TOGETHER)
		live_together(all, lives - done < TOGETHER ? lives - done : TOGETHER);
	print_message(
	    "%zu histories, %zu acts that took effect, %zu questions\n", lives, acts, asked);
	/* Nothing that may happen to a licence did not. */
	for (size_t i = 0; i < ACT_KIND_COUNT; i++) {
		const enum act_kind kind = act_kind_at(i);
		if (act_body_order_has(kind) == 0 || act_body_makes(kind))
			continue;
		print_message("  %zu %s\n", by_kind[i], act_kind_word(kind));
		CHECK_ROW(by_kind[i] > 0 || lives < 1000, act_kind_word(kind));
	}
	for (size_t k = 0; k < ACTS; k++)
		buf_free(&bytes[k]);
	bureau_free(bureau);
	free(all);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(register_snapshot_and_reference_agree),
	};

	if (argc > 1)
		lives = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 10) * 2 + 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
