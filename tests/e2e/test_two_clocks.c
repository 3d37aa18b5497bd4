/*
 * The same question gets the same answer from the register, from the published files without a network, and
 * from the daemon: a licence to which every verb was done, asked about every second where anything begins
 * or ends and the one before, as known at every second where anything was recorded and the one before; year
 * ends and a leap day among them.
 */
#include "core/civil.h"
#include "core/rfc3339.h"
#include "issuer/publish.h"
#include "issuer/validity.h"
#include "tests/issuer/workshop.h"
#include "verifier/answer_json.h"
#include "verifier/daemon/api.h"
#include "verifier/memory.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define MOMENTS 256

struct moments {
	int64_t at[MOMENTS];
	size_t n;
};

static void
add_moment(struct moments *m, int64_t at_s)
{
	assert_true(m->n + 2 <= MOMENTS);
	m->at[m->n++] = at_s - 1;
	m->at[m->n++] = at_s;
}

static int64_t
day(int year, int month, int d)
{
	return civil_start_s((struct civil_date){ year, month, d });
}

/* ---- the life of one licence ---- */

struct life {
	struct workshop w;
	char shown[NUMBER_SHOWN_BYTES], number[NUMBER_STORED_BYTES];
	int64_t made_s;
	struct moments on, known;
};

/* The newest act of this kind on it. */
static void
target(uint8_t out[SHA256_BYTES], struct life *l, enum act_kind kind)
{
	struct registry_chain chain;

	REQUIRE(registry_chain(&chain, l->w.bureau->registry, span_text(l->number), &err));
	size_t i = chain.n;
	while (i > 0 && chain.entries[i - 1].act.kind != kind)
		i--;
	assert_true(i > 0);
	memcpy(out, chain.entries[i - 1].act.hash, SHA256_BYTES);
	registry_chain_free(&chain);
}

/* Proposed by one, approved by another; recorded_s is the second signature's. */
static void
order(struct life *l, int64_t recorded_s, enum act_kind kind, struct body_order o)
{
	struct act_body body = { .kind = kind, .order = o };

	body.order.document =
	    span_text(o.document.len > 0 ? (const char *)o.document.ptr : "示监〔2028〕3号");
	body.sitting = span_text("P-9XQ4-7");
	body.not_after_s = recorded_s + CIVIL_DAY_S;
	l->w.now_s = recorded_s - 60;
	REQUIRE(workshop_try(&l->w, CHANG, l->number, &body, &err));
	assert_true(l->w.now_s == recorded_s);
	workshop_approve(&l->w, FU, l->number);
	add_moment(&l->known, recorded_s);
	add_moment(&l->on, recorded_s);
	if (o.from_s > 0)
		add_moment(&l->on, o.from_s);
	if (o.until_s > 0)
		add_moment(&l->on, o.until_s);
}

/* The same about the newest act of a kind. */
static void
order_about(struct life *l, int64_t recorded_s, enum act_kind kind, enum act_kind about,
    struct body_order o)
{
	target(o.target, l, about);
	order(l, recorded_s, kind, o);
}

/* The next version of it, since the one before was lost. */
static void
reissue(struct life *l, int64_t from_s)
{
	struct issue_item made;
	const struct issue_wish wish = { .kind = ACT_REISSUE,
		.subject = span_text(l->number),
		.order = { .ground = span_text("LOS-01"),
		    .document = span_text("示换〔2028〕1号"),
		    .from_s = from_s } };

	l->w.now_s = from_s + 36000;
	REQUIRE(workshop_wish(&l->w, &wish, &err));
	workshop_approve(&l->w, FU, l->number);
	REQUIRE(workshop_make(&made, &l->w, l->number, &err));
	assert_int_equal(made.version, 2);
	add_moment(&l->known, l->w.now_s);
	add_moment(&l->on, l->w.now_s);
	add_moment(&l->on, from_s);
	l->w.now_s += 60;
}

#define ON(code, from)                                                                             \
	{                                                                                          \
		.ground = span_text(code), .from_s = (from)                                        \
	}

static void
suspended_revoked_and_restored(struct life *l)
{
	struct body_order suspend = ON("SUS-05", day(2027, 12, 31));

	suspend.until_s = day(2028, 6, 30);
	order(l, day(2027, 12, 31) + 54000, ACT_SUSPEND, suspend);
	order(l, day(2028, 1, 1), ACT_LIFT, /* at the first second of the year */
	    (struct body_order)ON("LIF-01", day(2028, 1, 1)));
	reissue(l, day(2028, 2, 10));
	suspend = (struct body_order)ON("SUS-01", day(2028, 2, 29)); /* the leap day, in advance */
	suspend.until_s = day(2029, 2, 28);
	order(l, day(2028, 2, 20) + 36000, ACT_SUSPEND, suspend);
	order(l, day(2028, 3, 5) + 36000, ACT_REVOKE,
	    (struct body_order)ON("REV-05", day(2028, 3, 1)));
	order_about(l, day(2028, 3, 10) + 36000, ACT_CORRECT, ACT_REVOKE,
	    (struct body_order)ON("COR-01", 0));
	order(l, day(2028, 3, 20) + 36000, ACT_REVOKE,
	    (struct body_order)ON("REV-06", day(2028, 3, 15)));
	struct body_order ruling = ON("SET-01", day(2028, 3, 25));
	ruling.status = STATUS_SUSPENDED;
	order_about(l, day(2028, 5, 1) + 36000, ACT_SET_ASIDE, ACT_REVOKE, ruling);
	ruling = (struct body_order)ON("SET-01", day(2028, 4, 1));
	order_about(l, day(2028, 6, 1) + 36000, ACT_SET_ASIDE, ACT_SUSPEND, ruling);
}

static void
extended(struct life *l)
{
	struct body_order extend = ON("EXT-01", day(2028, 6, 15));

	extend.until_s = day(2033, 6, 28);
	extend.document = span_text("示延〔2028〕1号");
	order(l, day(2028, 6, 10) + 36000, ACT_EXTEND, extend);
	order_about(l, day(2028, 6, 20) + 36000, ACT_CORRECT, ACT_EXTEND,
	    (struct body_order)ON("COR-01", 0));
	extend.from_s = day(2028, 7, 10);
	extend.until_s = day(2034, 3, 1);
	extend.document = span_text("示延〔2028〕2号");
	order(l, day(2028, 7, 1) + 36000, ACT_EXTEND, extend);
}

static void
ended(struct life *l)
{
	order(l, day(2028, 8, 1) + 36000, ACT_ANNUL,
	    (struct body_order)ON("ANN-04", day(2028, 8, 1)));
	order_about(l, day(2028, 8, 20) + 36000, ACT_SET_ASIDE, ACT_ANNUL,
	    (struct body_order)ON("SET-01", day(2027, 12, 28)));
	order(l, day(2028, 9, 1) + 36000, ACT_WITHDRAW,
	    (struct body_order)ON("WDR-02", day(2028, 9, 10)));
	order_about(l, day(2028, 9, 20) + 36000, ACT_CORRECT, ACT_WITHDRAW,
	    (struct body_order)ON("COR-01", 0));
	order(l, day(2028, 10, 1) + 36000, ACT_DEREGISTER,
	    (struct body_order)ON("DER-03", day(2028, 10, 2)));
	order(l, day(2028, 10, 5) + 36000, ACT_ANNUL,
	    (struct body_order)ON("ANN-01", day(2028, 10, 5)));
}

static void
live(struct life *l)
{
	struct number number;

	*l = (struct life){ 0 };
	workshop_open(&l->w, "standard");
	l->w.now_s = day(2027, 12, 28) + 36000;
	workshop_issue(l->shown, &l->w, &(struct workshop_wish){ .example = "star-bridge" });
	REQUIRE(number_parse(&number, span_text(l->shown), &err));
	number_stored(l->number, &number);
	l->made_s = l->w.now_s;
	suspended_revoked_and_restored(l);
	extended(l);
	ended(l);
	l->w.now_s += 3600;
	/* its first second, its printed end, and days that calendars get wrong */
	add_moment(&l->on, l->made_s);
	add_moment(&l->on, day(2027, 12, 28));
	add_moment(&l->on, day(2032, 12, 28));
	add_moment(&l->on, day(2028, 2, 28));
	add_moment(&l->on, day(2028, 3, 1));
	add_moment(&l->on, day(2029, 1, 1));
	add_moment(&l->on, day(2032, 2, 29));
	add_moment(&l->known, l->w.now_s);
}

/* ---- who is asked ---- */

struct desks {
	struct published *published;
	struct feed *feed;
	struct service service;
	struct buf cose[2];                                     /* of each version */
	char at[RFC3339_TEXT_BYTES], known[RFC3339_TEXT_BYTES]; /* of the question to the daemon */
};

static void
open_desks(struct desks *d, struct life *l)
{
	char root[128], public_folder[128], lookup[128], name[64];
	struct publish_report report;
	struct memory memory = { 0 };

	snprintf(root, sizeof root, "%s/root.cose", l->w.folder);
	snprintf(public_folder, sizeof public_folder, "%s/public", l->w.folder);
	snprintf(lookup, sizeof lookup, "%s/lookup.db", l->w.folder);
	REQUIRE(publish(&report, l->w.bureau, public_folder, l->w.now_s, &err));
	snprintf(name, sizeof name, "issued/%s.cose", l->shown);
	assert_true(workshop_read(&d->cose[0], &l->w, name));
	snprintf(name, sizeof name, "issued/%s.v2.cose", l->shown);
	assert_true(workshop_read(&d->cose[1], &l->w, name));
	REQUIRE(
	    published_open_paths(&d->published, root, public_folder, &memory, l->w.now_s, &err));
	const struct feed_paths paths = { root, public_folder, lookup, NULL };
	REQUIRE(feed_open(&d->feed, &paths, l->w.now_s, &err));
	d->service.feed = d->feed;
}

static void
close_desks(struct desks *d)
{
	published_close(d->published);
	feed_close(d->feed);
	buf_free(&d->cose[0]);
	buf_free(&d->cose[1]);
}

static bool
each_query(const struct request *r, http_see_fn *see, void *see_ctx)
{
	const struct desks *d = r->ctx;

	return see(see_ctx, "at", d->at) && see(see_ctx, "known", d->known);
}

/* What the daemon answers, as JSON. */
static json_t *
ask_daemon(struct desks *d, struct span cose, int64_t on_s, int64_t known_s, int64_t now_s)
{
	struct response response = { 0 };
	const struct request request = { .method = "POST",
		.path = "/v1/verify",
		.body = cose,
		.each_query = each_query,
		.ctx = d,
		.now_s = now_s };

	rfc3339_format(d->at, on_s);
	rfc3339_format(d->known, known_s);
	api_verify(&response, &d->service, &request);
	assert_int_equal(response.status, 200);
	json_t *answer = json_loadb((const char *)response.body.ptr, response.body.len, 0, NULL);
	assert_non_null(answer);
	http_free(&response);
	return answer;
}

static struct answer
ask_files(struct desks *d, struct span cose, int64_t on_s, int64_t known_s, int64_t now_s)
{
	const struct question q = { .now_s = now_s,
		.at_given = true,
		.at_s = on_s,
		.known_given = true,
		.known_s = known_s };
	struct answer a;

	REQUIRE(verify(&a, &q, d->published, NULL, cose, &err));
	return a;
}

/* ---- the same answer ---- */

static void
differ(const char *what, int64_t on_s, int64_t known_s)
{
	char on[RFC3339_TEXT_BYTES], known[RFC3339_TEXT_BYTES];

	rfc3339_format(on, on_s);
	rfc3339_format(known, known_s);
	fail_msg("%s differs for %s as known at %s", what, on, known);
}

#define SAME(what, condition)                                                                      \
	do {                                                                                       \
		if (!(condition))                                                                  \
			differ(what, on_s, known_s);                                               \
	} while (0)

static void
same_as_register(const struct answer *a, const struct validity *v, int64_t on_s)
{
	const int64_t known_s = v->known_s;
	const struct validity_answer r = validity_ask(v, on_s);
	const struct history_entry *e = r.entry;

	SAME("status", a->status == (e != NULL ? e->status : STATUS_ACTIVE));
	SAME("since", a->status_from_s == (e != NULL ? e->from_s : 0));
	SAME("until", a->status_until_s == (e != NULL ? e->until_s : 0));
	SAME("end", a->end_s == r.end_s);
	SAME("order", span_is(r.order, a->order));
	SAME("new work", a->effects.new_work == r.contracts);
	SAME("existing work", a->effects.existing_work == r.existing);
}

static void
same_as_files(json_t *daemon, const struct answer *a, int64_t on_s, int64_t known_s)
{
	json_t *files = answer_json(a, NULL);

	SAME("status of the daemon",
	    json_equal(json_object_get(files, "status"), json_object_get(daemon, "status")));
	SAME("parts of the daemon",
	    json_equal(json_object_get(files, "parts"), json_object_get(daemon, "parts")));
	SAME("verdict of the daemon",
	    json_equal(json_object_get(files, "verdict"), json_object_get(daemon, "verdict")));
	json_decref(files);
}

/* The register answers for the version that was the newest one then. */
static enum status
ask_all(struct desks *d, const struct validity *v, unsigned version, int64_t on_s, int64_t now_s)
{
	const struct span cose = buf_span(&d->cose[version - 1]);
	const struct answer a = ask_files(d, cose, on_s, v->known_s, now_s);
	json_t *daemon = ask_daemon(d, cose, on_s, v->known_s, now_s);

	if (version == v->instrument.version)
		same_as_register(&a, v, on_s);
	same_as_files(daemon, &a, on_s, v->known_s);
	json_decref(daemon);
	return a.status;
}

static void
register_files_and_daemon_answer_alike(void **state)
{
	struct life l;
	struct desks d = { 0 };
	size_t statuses[16] = { 0 };

	(void)state;
	live(&l);
	open_desks(&d, &l);
	for (size_t k = 0; k < l.known.n; k++) {
		struct validity v;
		REQUIRE(validity_load(&v, l.w.bureau, span_text(l.shown), l.known.at[k], &err));
		for (size_t i = 0; i < l.on.n; i++)
			for (unsigned version = 1; version <= 2; version++)
				statuses[ask_all(&d, &v, version, l.on.at[i], l.w.now_s)]++;
		validity_free(&v);
	}
	assert_true(statuses[STATUS_ACTIVE] > 0 && statuses[STATUS_SUSPENDED] > 0);
	assert_true(statuses[STATUS_REVOKED] > 0 && statuses[STATUS_ANNULLED] > 0);
	assert_true(statuses[STATUS_ENDED] > 0 && statuses[STATUS_REPLACED] > 0);
	close_desks(&d);
	workshop_close(&l.w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(register_files_and_daemon_answer_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
