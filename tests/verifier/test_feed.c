/* What the daemon knows follows what is published and what the register commits, and never goes back. */
#include "core/encode.h"
#include "tests/test.h"
#include "tests/verifier/asked.h"
#include "verifier/daemon/feed.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define DAY(n) FIXTURE_DAY_S(n)
#define NOW (DAY(2) + 60)

static struct feed *
open_feed(const struct fixture *f, bool beside_register, int64_t now_s)
{
	const struct feed_paths paths = { .root = f->root,
		.public_folder = f->public_folder,
		.lookup = beside_register ? f->lookup : NULL,
		.memory_folder = f->memory };
	struct feed *feed = NULL;
	struct err err = { 0 };

	if (!feed_open(&feed, &paths, now_s, &err))
		fail_msg("%s", err.text);
	return feed;
}

static void
answers(struct feed *feed, const struct paper *p, int64_t now_s, enum verdict verdict,
    enum finding reason, const char *row)
{
	const struct question q = { .now_s = now_s };
	struct view v = feed_take(feed);
	struct answer a;

	assert_true(
	    verify(&a, &q, v.published, v.has_live ? &v.live : NULL, buf_span(&p->pdf), NULL));
	asked_is(&a, verdict, reason, row);
	feed_release(&v);
}

static bool
renews(struct feed *feed, int64_t now_s)
{
	struct err err = { 0 };
	return feed_renew(feed, false, now_s, &err);
}

static struct paper *
one_certificate(struct fixture *f)
{
	fixture_open(f);
	struct paper *p = fixture_issue(f, DAY(1));
	fixture_publish(f, DAY(2));
	fixture_write_lookup(f);
	return p;
}

static void
a_committed_suspension_is_answered_before_it_is_published(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct feed *feed = open_feed(&f, true, NOW);
	struct view before = feed_take(feed);
	(void)state;

	answers(feed, p, NOW, VERDICT_VALID, FINDING_NONE, "before");
	fixture_happens(&f, p, STATUS_SUSPENDED, NOW, HISTORY_OPEN, NOW);
	fixture_write_lookup(&f);
	assert_true(renews(feed, NOW));
	answers(feed, p, NOW, VERDICT_REJECTED, FINDING_STATUS_SUSPENDED, "committed");

	/* A request that began before goes on seeing its own moment. */
	const struct history_entry *entries;
	assert_int_equal(before.live.entries(before.live.ctx, 0, p->claims.idx, &entries), 0);
	feed_release(&before);

	/* The lifting is good news: it waits for the snapshot. */
	fixture_happens(&f, p, STATUS_ACTIVE, NOW + 10, HISTORY_OPEN, NOW + 10);
	fixture_publish_as(&f, NOW + 5, ++f.snapshot_seq, 1);
	fixture_write_lookup(&f);
	assert_true(renews(feed, NOW + 20));
	answers(
	    feed, p, NOW + 20, VERDICT_REJECTED, FINDING_STATUS_SUSPENDED, "lifted, unpublished");
	fixture_publish(&f, NOW + 30);
	assert_true(renews(feed, NOW + 40));
	answers(feed, p, NOW + 40, VERDICT_VALID, FINDING_NONE, "lifted and published");
	feed_close(feed);
	fixture_close(&f);
}

static void
a_new_snapshot_and_a_new_token_are_taken_in(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct feed *feed = open_feed(&f, false, NOW);
	(void)state;

	assert_int_equal(feed_lookup(feed), FEED_LOOKUP_NONE);
	fixture_publish_token(&f, NOW);
	assert_true(renews(feed, NOW));
	fixture_happens(&f, p, STATUS_REVOKED, NOW, HISTORY_OPEN, NOW);
	fixture_publish_token(&f, NOW + 10);
	assert_true(renews(feed, NOW + 20));
	answers(feed, p, NOW + 20, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "by the token");
	fixture_publish(&f, NOW + 30);
	assert_true(renews(feed, NOW + 40));
	struct view v = feed_take(feed);
	assert_int_equal(published_snapshot(v.published)->seq, 2);
	feed_release(&v);
	feed_close(feed);
	fixture_close(&f);
}

/* threat_18, threat_19: what is held stays and ages when something worse lies there instead. */
static void
threat_19_what_is_held_is_not_replaced_by_worse(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct buf first = BUF_EMPTY;
	struct feed *feed = open_feed(&f, false, NOW);
	(void)state;

	fixture_read(&first, &f, "public/v1/snapshot");
	fixture_publish(&f, DAY(3));
	assert_true(renews(feed, DAY(3) + 60));
	fixture_write(&f, "public/v1/snapshot", buf_span(&first));
	assert_false(renews(feed, DAY(3) + 61));
	answers(feed, p, DAY(3) + 61, VERDICT_VALID, FINDING_NONE, "an older snapshot lies there");
	fixture_write(&f, "public/v1/snapshot", span_text("broken"));
	assert_false(renews(feed, DAY(3) + 62));
	answers(feed, p, DAY(3) + 62, VERDICT_VALID, FINDING_NONE, "rubbish lies there");
	fixture_remove(&f, "public/v1/snapshot");
	fixture_remove(&f, "public/v1/trust-bundle");
	assert_false(renews(feed, DAY(3) + 63));
	answers(feed, p, DAY(10) - 1, VERDICT_VALID, FINDING_NONE, "nothing lies there");
	answers(feed, p, DAY(10), VERDICT_UNDETERMINED, FINDING_STATUS_STALE, "and it ages");
	buf_free(&first);
	feed_close(feed);
	fixture_close(&f);
}

static void
two_files_of_one_sequence_are_an_alarm_and_good_for_nothing(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct feed *feed = open_feed(&f, false, NOW);
	(void)state;

	fixture_publish_as(&f, NOW, f.snapshot_seq, 1);
	assert_false(renews(feed, NOW));
	answers(feed, p, NOW, VERDICT_UNDETERMINED, FINDING_STATUS_ALARM, "two contents");
	fixture_publish(&f, NOW + 10);
	assert_true(renews(feed, NOW + 20));
	answers(feed, p, NOW + 20, VERDICT_VALID, FINDING_NONE, "a newer one settles it");
	feed_close(feed);
	fixture_close(&f);
}

/* A bundle that closes the status key takes with it what that key signed. */
static void
a_newer_bundle_counts_even_if_no_snapshot_holds_under_it(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct feed *feed = open_feed(&f, false, NOW);
	struct bundle_key *key = &f.bureau->keys[BUREAU_STATUS];
	(void)state;

	key->state = KEY_COMPROMISED;
	key->since_s = NOW;
	fixture_next_bundle(&f, NOW + 10);
	assert_false(renews(feed, NOW + 20));
	answers(
	    feed, p, NOW + 20, VERDICT_UNDETERMINED, FINDING_STATUS_MISSING, "the key was stolen");
	feed_close(feed);
	fixture_close(&f);
}

static void
a_restart_remembers(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct buf first = BUF_EMPTY;
	(void)state;

	fixture_read(&first, &f, "public/v1/snapshot");
	fixture_publish(&f, DAY(3));
	struct feed *feed = open_feed(&f, false, DAY(3) + 60);
	struct view v = feed_take(feed);
	assert_true(v.guarded);
	feed_release(&v);
	feed_close(feed);
	fixture_write(&f, "public/v1/snapshot", buf_span(&first));
	feed = open_feed(&f, false, DAY(3) + 70);
	answers(feed, p, DAY(3) + 70, VERDICT_UNDETERMINED, FINDING_STATUS_OLDER,
	    "rolled back meanwhile");
	feed_close(feed);
	buf_free(&first);
	fixture_close(&f);
}

static void
a_lookup_older_than_the_snapshot_is_not_listened_to(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	(void)state;

	fixture_happens(&f, p, STATUS_SUSPENDED, NOW, HISTORY_OPEN, NOW);
	fixture_write_lookup(&f);
	fixture_happens(&f, p, STATUS_ACTIVE, NOW + 10, HISTORY_OPEN, NOW + 10);
	fixture_publish(&f, NOW + 20);
	struct feed *feed = open_feed(&f, true, NOW + 30);
	assert_int_equal(feed_lookup(feed), FEED_LOOKUP_BEHIND);
	answers(feed, p, NOW + 30, VERDICT_VALID, FINDING_NONE, "lifted, in the snapshot");
	fixture_write_lookup(&f);
	assert_true(renews(feed, NOW + 31));
	assert_int_equal(feed_lookup(feed), FEED_LOOKUP_CURRENT);
	feed_close(feed);
	fixture_close(&f);
}

static void
a_lookup_may_come_late_go_and_be_replaced(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct buf text = BUF_EMPTY;
	bool found = false;
	struct err err = { 0 };
	(void)state;

	fixture_remove(&f, "lookup.db");
	struct feed *feed = open_feed(&f, true, NOW);
	assert_int_equal(feed_lookup(feed), FEED_LOOKUP_MISSING);
	assert_false(feed_confirm(
	    &found, &text, feed, span_text(p->number), span_text(p->check_code), &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	fixture_write_lookup(&f);
	assert_true(renews(feed, NOW));
	assert_int_equal(feed_lookup(feed), FEED_LOOKUP_CURRENT);

	fixture_remove(&f, "lookup.db");
	fixture_happens(&f, p, STATUS_SUSPENDED, NOW, HISTORY_OPEN, NOW);
	fixture_write_lookup(&f); /* another file under the name */
	assert_true(renews(feed, NOW));
	answers(feed, p, NOW, VERDICT_REJECTED, FINDING_STATUS_SUSPENDED, "by the new file");
	feed_close(feed);
	fixture_close(&f);
}

/* The path of the history part that the newest snapshot names. */
static void
part_path(struct buf *out, const struct fixture *f, bool orders)
{
	struct memory memory = { 0 };
	struct published *p = NULL;
	char hex[2 * SHA256_BYTES + 1];

	assert_true(published_open_paths(&p, f->root, f->public_folder, &memory, NOW + 10, NULL));
	const struct snapshot *s = published_snapshot(p);
	hex_encode(hex, span_of(orders ? s->orders_hash : s->lists[0].history_hash, SHA256_BYTES));
	buf_printf(out, "%s/v1/parts/%s", f->public_folder, hex);
	published_close(p);
}

/* threat_20: a revocation's token, once seen, is not undone by an older one, nor by none. */
static void
threat_20_an_older_token_takes_nothing_back(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct buf old = BUF_EMPTY, name = BUF_EMPTY;
	(void)state;

	fixture_publish_token(&f, NOW);
	buf_add_text(&name, "public/v1/status/TEST/0");
	fixture_read(&old, &f, buf_text(&name));
	struct feed *feed = open_feed(&f, false, NOW);
	fixture_happens(&f, p, STATUS_REVOKED, NOW, HISTORY_OPEN, NOW);
	fixture_publish_token(&f, NOW + 10);
	assert_true(renews(feed, NOW + 20));
	answers(feed, p, NOW + 20, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "by the token");
	fixture_write(&f, buf_text(&name), buf_span(&old));
	assert_true(renews(feed, NOW + 30));
	answers(feed, p, NOW + 30, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "an older one");
	fixture_remove(&f, buf_text(&name));
	assert_true(renews(feed, NOW + 40));
	answers(feed, p, NOW + 40, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "none");
	feed_close(feed);
	buf_free(&name);
	buf_free(&old);
	fixture_close(&f);
}

/* A copy that is under way: its snapshot is there, one of its parts is not. */
static void
waits_for_a_part(bool orders)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct feed *feed = open_feed(&f, false, NOW);
	struct buf aside = BUF_EMPTY, part = BUF_EMPTY;
	struct err err = { 0 };

	fixture_happens(&f, p, STATUS_SUSPENDED, NOW, HISTORY_OPEN, NOW);
	fixture_publish(&f, NOW + 10);
	part_path(&part, &f, orders);
	buf_printf(&aside, "%s/aside", f.folder);
	assert_int_equal(rename(buf_text(&part), buf_text(&aside)), 0);
	assert_false(feed_renew(feed, false, NOW + 20, &err));
	assert_non_null(strstr(err.text, orders ? "STATUS-MISSING" : "not every part"));
	answers(feed, p, NOW + 20, VERDICT_VALID, FINDING_NONE, "by the edition held");
	assert_int_equal(rename(buf_text(&aside), buf_text(&part)), 0);
	assert_true(renews(feed, NOW + 30));
	answers(feed, p, NOW + 30, VERDICT_REJECTED, FINDING_STATUS_SUSPENDED, "it is whole");
	feed_close(feed);
	buf_free(&aside);
	buf_free(&part);
	fixture_close(&f);
}

static void
a_snapshot_without_its_parts_waits_for_them(void **state)
{
	(void)state;
	waits_for_a_part(false);
	waits_for_a_part(true);
}

/* threat_20: what the register said before it does not take back by an older file. */
static void
threat_20_an_older_lookup_forgets_nothing(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct buf old = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	fixture_read(&old, &f, "lookup.db");
	fixture_happens(&f, p, STATUS_SUSPENDED, NOW, HISTORY_OPEN, NOW);
	fixture_write_lookup(&f);
	struct feed *feed = open_feed(&f, true, NOW + 1);
	answers(feed, p, NOW + 1, VERDICT_REJECTED, FINDING_STATUS_SUSPENDED, "committed");
	fixture_remove(&f, "lookup.db");
	fixture_write(&f, "lookup.db", buf_span(&old));
	assert_false(feed_renew(feed, false, NOW + 2, &err));
	assert_non_null(strstr(err.text, "older than what was read before"));
	answers(feed, p, NOW + 2, VERDICT_REJECTED, FINDING_STATUS_SUSPENDED, "still known");
	assert_int_equal(feed_lookup(feed), FEED_LOOKUP_MISSING);
	feed_close(feed);
	buf_free(&old);
	fixture_close(&f);
}

static void
a_memory_that_cannot_be_written_is_told(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct buf folder = BUF_EMPTY;
	(void)p;
	(void)state;

	buf_printf(&folder, "%s/root.cose/memory", f.folder); /* below a file */
	const struct feed_paths paths = {
		.root = f.root, .public_folder = f.public_folder, .memory_folder = buf_text(&folder)
	};
	struct feed *feed = NULL;
	struct err err = { 0 };
	if (!feed_open(&feed, &paths, NOW, &err))
		fail_msg("%s", err.text);
	for (int round = 0; round < 3; round++) {
		struct view v = feed_take(feed);
		assert_false(v.guarded);
		feed_release(&v);
		assert_false(feed_renew(feed, true, NOW + round, &err));
	}
	feed_close(feed);
	buf_free(&folder);
	fixture_close(&f);
}

/* Damaged in place, under the daemon's eyes: nobody is told so with a path, and it is said to be missing. */
static void
a_lookup_that_breaks_is_let_go(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct feed *feed = open_feed(&f, true, NOW);
	struct buf text = BUF_EMPTY, bytes = BUF_EMPTY;
	bool found = false;
	struct err err = { 0 };
	(void)state;

	fixture_read(&bytes, &f, "lookup.db");
	const int fd = open(f.lookup, O_WRONLY);
	assert_true(fd >= 0);
	for (size_t at = 4096; at < bytes.len; at += sizeof err)
		assert_true(pwrite(fd, &err, sizeof err, (off_t)at) > 0);
	close(fd);
	assert_false(feed_confirm(
	    &found, &text, feed, span_text(p->number), span_text(p->check_code), &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_null(strchr(err.text, '/'));
	assert_int_equal(feed_lookup(feed), FEED_LOOKUP_MISSING);
	assert_false(feed_renew(feed, false, NOW + 1, &err));
	assert_non_null(strstr(err.text, "lookup.db"));
	feed_close(feed);
	buf_free(&bytes);
	buf_free(&text);
	fixture_close(&f);
}

static void
number_and_check_code_together_give_the_code_text(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct feed *feed = open_feed(&f, true, NOW);
	struct buf text = BUF_EMPTY;
	bool found = false;
	(void)state;

	assert_true(feed_confirm(
	    &found, &text, feed, span_text(p->number), span_text(p->check_code), NULL));
	assert_true(found);
	assert_true(span_equal(buf_span(&text), buf_span(&p->code)));
	assert_true(
	    feed_confirm(&found, &text, feed, span_text(p->number), span_text("00000000"), NULL));
	assert_false(found);
	assert_true(feed_confirm(
	    &found, &text, feed, span_text("JCB9999002026000017"), span_text(p->check_code), NULL));
	assert_false(found);
	buf_free(&text);
	feed_close(feed);
	fixture_close(&f);
}

/* ---- many requests while everything changes ---- */

struct reader {
	struct feed *feed;
	const struct paper *paper;
	atomic_bool stop;
	atomic_uint asked, odd;
};

static void *
keep_asking(void *ctx)
{
	struct reader *r = ctx;
	const struct question q = { .now_s = NOW + 60 };

	while (!atomic_load(&r->stop)) {
		struct view v = feed_take(r->feed);
		struct answer a;
		const bool ok = verify(&a, &q, v.published, v.has_live ? &v.live : NULL,
		    buf_span(&r->paper->code), NULL);
		const bool sane =
		    a.verdict == VERDICT_VALID || a.reason == FINDING_STATUS_SUSPENDED;
		atomic_fetch_add(&r->odd, !ok || !sane);
		atomic_fetch_add(&r->asked, 1);
		feed_release(&v);
	}
	return NULL;
}

static void
requests_see_whole_moments_while_everything_changes(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct reader r = { .feed = open_feed(&f, true, NOW), .paper = p };
	pthread_t threads[4];
	(void)state;

	for (size_t i = 0; i < COUNT_OF(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, keep_asking, &r), 0);
	for (int i = 0; i < 6; i++) {
		fixture_happens(&f, p, i % 2 == 0 ? STATUS_SUSPENDED : STATUS_ACTIVE, NOW + i,
		    HISTORY_OPEN, NOW + i);
		fixture_write_lookup(&f);
		assert_true(renews(r.feed, NOW + i));
		fixture_publish(&f, NOW + i);
		assert_true(renews(r.feed, NOW + i));
	}
	while (atomic_load(&r.asked) < 200)
		assert_true(renews(r.feed, NOW + 10));
	atomic_store(&r.stop, true);
	for (size_t i = 0; i < COUNT_OF(threads); i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(r.odd, 0);
	feed_close(r.feed);
	fixture_close(&f);
}

/* ---- other paths ---- */

static void
what_moves_answers_from_its_new_place_and_what_is_under_way_from_the_old(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct feed *feed = open_feed(&f, true, NOW);
	struct feed_paths to = {
		.root = f.root, .public_folder = f.public_folder, .memory_folder = f.memory
	};
	const struct question q = { .now_s = NOW };
	struct view before = feed_take(feed);
	struct answer a;
	(void)state;

	assert_int_equal(feed_lookup(feed), FEED_LOOKUP_CURRENT);
	MUST(feed_move(feed, &to, NOW, &err));
	assert_int_equal(feed_lookup(feed), FEED_LOOKUP_NONE);
	answers(feed, p, NOW, VERDICT_VALID, FINDING_NONE, "from the new");
	assert_true(renews(feed, NOW));
	assert_string_equal(before.paths->lookup, f.lookup);
	MUST(verify(&a, &q, before.published, &before.live, buf_span(&p->pdf), &err));
	asked_is(&a, VERDICT_VALID, FINDING_NONE, "from the old");
	feed_release(&before);
	feed_close(feed);
	fixture_close(&f);
}

static void
nothing_moves_to_a_worse_place(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct feed *feed = open_feed(&f, true, NOW);
	const struct feed_paths rows[] = {
		{ .root = f.lookup, .public_folder = f.public_folder, .memory_folder = f.memory },
		{ .root = "/nowhere", .public_folder = f.public_folder, .memory_folder = f.memory },
		{ .root = f.root, .public_folder = "/nowhere", .memory_folder = f.memory },
		{ .root = f.root, .public_folder = f.memory, .memory_folder = f.memory },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		assert_false(feed_move(feed, &rows[i], NOW, &err));
		assert_int_not_equal(err.code, ERR_NONE);
		assert_int_equal(feed_lookup(feed), FEED_LOOKUP_CURRENT);
		answers(feed, p, NOW, VERDICT_VALID, FINDING_NONE, "as before");
	}
	feed_close(feed);
	fixture_close(&f);
}

/* threat_19: a move must not open the way back for files older than those seen. */
static void
threat_19_a_move_forgets_nothing(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct feed_paths to = { .root = f.root, .public_folder = f.public_folder };
	struct feed *feed = NULL;
	(void)state;

	to.lookup = f.lookup; /* no memory on disk at all */
	MUST(feed_open(&feed, &to, NOW, &err));
	fixture_happens(&f, p, STATUS_REVOKED, DAY(2), HISTORY_OPEN, DAY(2) + 1);
	fixture_publish(&f, DAY(3));
	assert_true(renews(feed, DAY(3) + 60));
	fixture_publish_as(&f, DAY(2), 1, 2); /* as it was the day before */
	to.lookup = NULL;
	struct err err = { 0 };
	assert_false(feed_move(feed, &to, DAY(3) + 60, &err));
	answers(feed, p, DAY(3) + 60, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "still revoked");
	feed_close(feed);
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_committed_suspension_is_answered_before_it_is_published),
		cmocka_unit_test(a_new_snapshot_and_a_new_token_are_taken_in),
		cmocka_unit_test(threat_19_what_is_held_is_not_replaced_by_worse),
		cmocka_unit_test(two_files_of_one_sequence_are_an_alarm_and_good_for_nothing),
		cmocka_unit_test(a_newer_bundle_counts_even_if_no_snapshot_holds_under_it),
		cmocka_unit_test(a_restart_remembers),
		cmocka_unit_test(a_lookup_older_than_the_snapshot_is_not_listened_to),
		cmocka_unit_test(a_lookup_may_come_late_go_and_be_replaced),
		cmocka_unit_test(a_snapshot_without_its_parts_waits_for_them),
		cmocka_unit_test(threat_20_an_older_token_takes_nothing_back),
		cmocka_unit_test(threat_20_an_older_lookup_forgets_nothing),
		cmocka_unit_test(a_memory_that_cannot_be_written_is_told),
		cmocka_unit_test(a_lookup_that_breaks_is_let_go),
		cmocka_unit_test(number_and_check_code_together_give_the_code_text),
		cmocka_unit_test(requests_see_whole_moments_while_everything_changes),
		cmocka_unit_test(
		    what_moves_answers_from_its_new_place_and_what_is_under_way_from_the_old),
		cmocka_unit_test(nothing_moves_to_a_worse_place),
		cmocka_unit_test(threat_19_a_move_forgets_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
