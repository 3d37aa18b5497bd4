/* News: what is kept of what is offered, and what is told of it. Whatever is offered, what is held stays usable. */
#include "core/encode.h"
#include "core/file.h"
#include "core/text.h"
#include "tests/keys/folder.h"
#include "tests/test.h"
#include "tests/verifier/asked.h"
#include "verifier/update_words.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY(n) FIXTURE_DAY_S(n)

struct scene {
	struct fixture f;
	struct folder held;
	struct memory memory;
	struct buf root;
	struct paper *paper;
};

static void
scene_open(struct scene *s)
{
	memset(s, 0, sizeof *s);
	fixture_open(&s->f);
	folder_new(&s->held);
	MUST(file_read(&s->root, s->f.root, LIMIT_BUNDLE_BYTES, &err));
	s->paper = fixture_issue(&s->f, DAY(1));
	fixture_publish(&s->f, DAY(2));
}

static void
scene_close(struct scene *s)
{
	buf_free(&s->root);
	folder_remove(&s->held);
	fixture_close(&s->f);
}

static struct update_told
run_from(struct scene *s, const struct shelf *source, int64_t now_s)
{
	const struct update u = { .root_file = buf_span(&s->root),
		.source = source,
		.folder = s->held.path,
		.now_s = now_s };
	struct update_told told;

	MUST(update_run(&told, &u, &s->memory, &err));
	return told;
}

/* From what the bureau publishes now. */
static struct update_told
run(struct scene *s, int64_t now_s)
{
	const struct shelf source = shelf_folder(s->f.public_folder);

	return run_from(s, &source, now_s);
}

static void
told_is(const struct update_told *told, enum update_news bundle, enum update_news snapshot)
{
	struct buf text = BUF_EMPTY;

	update_words(&text, told, LANG_EN);
	if (told->bundle != bundle || told->snapshot != snapshot)
		fail_msg("bundle %d, snapshot %d; want %d, %d: %s", told->bundle, told->snapshot,
		    bundle, snapshot, buf_text(&text));
	buf_free(&text);
}

/* By what is held and remembered, the certificate gets this verdict. */
static void
held_says(
    struct scene *s, int64_t now_s, enum verdict verdict, enum finding reason, const char *row)
{
	const struct question q = { .now_s = now_s };
	struct memory memory = s->memory;
	struct published *p = NULL;
	struct answer a;

	MUST(published_open_paths(&p, s->f.root, s->held.path, &memory, now_s, &err));
	MUST(verify(&a, &q, p, NULL, buf_span(&s->paper->pdf), &err));
	asked_is(&a, verdict, reason, row);
	published_close(p);
}

/* The bundle as it is now, signed, in the newest one's place. */
static void
offer_bundle(struct scene *s)
{
	struct buf file = BUF_EMPTY;

	bureau_sign(&file, &s->f.bureau->bundle, s->f.bureau->root, 2);
	fixture_write(&s->f, "public/v1/trust-bundle", buf_span(&file));
	buf_free(&file);
}

static void
what_is_newer_is_taken_and_then_the_same(void **state)
{
	struct scene s;
	struct update_told told;
	(void)state;

	scene_open(&s);
	told = run(&s, DAY(2) + 60);
	told_is(&told, UPDATE_TAKEN, UPDATE_TAKEN);
	assert_true(update_is_current(&told));
	assert_int_equal(told.parts, 3); /* history and orders are both empty, and one file */
	held_says(&s, DAY(2) + 60, VERDICT_VALID, FINDING_NONE, "first");
	told = run(&s, DAY(2) + 61);
	told_is(&told, UPDATE_SAME, UPDATE_SAME);
	assert_true(update_is_current(&told));
	assert_int_equal(told.parts, 0);

	fixture_happens(&s.f, s.paper, STATUS_REVOKED, DAY(3), HISTORY_OPEN, DAY(3));
	fixture_publish(&s.f, DAY(3) + 60);
	told = run(&s, DAY(3) + 120);
	told_is(&told, UPDATE_SAME, UPDATE_TAKEN);
	assert_int_equal(told.parts, 2); /* status and history are others */
	held_says(&s, DAY(3) + 120, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "second");
	scene_close(&s);
}

static void
threat_19_an_older_copy_changes_nothing(void **state)
{
	struct scene s;
	struct update_told told;
	struct buf bundle = BUF_EMPTY, snapshot = BUF_EMPTY;
	(void)state;

	scene_open(&s);
	fixture_read(&bundle, &s.f, "public/v1/trust-bundle");
	fixture_read(&snapshot, &s.f, "public/v1/snapshot");
	fixture_happens(&s.f, s.paper, STATUS_REVOKED, DAY(3), HISTORY_OPEN, DAY(3));
	fixture_next_bundle(&s.f, DAY(3));
	fixture_publish(&s.f, DAY(3) + 60);
	told = run(&s, DAY(3) + 120);
	told_is(&told, UPDATE_TAKEN, UPDATE_TAKEN);

	fixture_write(&s.f, "public/v1/snapshot", buf_span(&snapshot));
	told = run(&s, DAY(3) + 120);
	told_is(&told, UPDATE_SAME, UPDATE_OLDER);
	assert_true(update_is_current(&told));
	fixture_write(&s.f, "public/v1/trust-bundle", buf_span(&bundle));
	told = run(&s, DAY(3) + 120);
	told_is(&told, UPDATE_OLDER, UPDATE_OLDER);
	held_says(&s, DAY(3) + 120, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "by what is held");

	/* What was remembered of other copies counts as much as what is held. */
	folder_remove(&s.held);
	folder_new(&s.held);
	told = run(&s, DAY(3) + 120);
	told_is(&told, UPDATE_OLDER,
	    UPDATE_BAD); /* no bundle, so nothing can be said of the snapshot */
	held_says(&s, DAY(3) + 120, VERDICT_UNDETERMINED, FINDING_KEY_UNKNOWN_HERE, "nothing held");
	buf_free(&bundle);
	buf_free(&snapshot);
	scene_close(&s);
}

static void
one_sequence_with_two_contents_is_an_alarm(void **state)
{
	struct scene s;
	struct update_told told;
	(void)state;

	scene_open(&s);
	told = run(&s, DAY(2) + 60);
	fixture_publish_as(&s.f, DAY(2) + 30, 1, 1);
	told = run(&s, DAY(2) + 60);
	told_is(&told, UPDATE_SAME, UPDATE_ALARM);
	assert_false(update_is_current(&told));
	held_says(&s, DAY(2) + 60, VERDICT_VALID, FINDING_NONE, "a second snapshot 1");

	s.f.bureau->bundle.exp_s++;
	offer_bundle(&s);
	fixture_publish(&s.f, DAY(3));
	told = run(&s, DAY(3));
	told_is(&told, UPDATE_ALARM, UPDATE_NONE);
	assert_false(update_is_current(&told));
	held_says(&s, DAY(3), VERDICT_VALID, FINDING_NONE, "a second bundle 1");
	scene_close(&s);
}

static void
what_is_dated_ahead_is_not_taken(void **state)
{
	struct scene s;
	struct update_told told;
	(void)state;

	scene_open(&s);
	told = run(&s, DAY(2) - 301);
	told_is(&told, UPDATE_TAKEN, UPDATE_AHEAD);
	assert_false(update_is_current(&told));
	told = run(&s, DAY(2) - 300);
	told_is(&told, UPDATE_SAME, UPDATE_TAKEN);
	fixture_next_bundle(&s.f, DAY(3));
	fixture_publish(&s.f, DAY(3));
	told = run(&s, DAY(3) - 301);
	told_is(&told, UPDATE_AHEAD, UPDATE_NONE);
	held_says(&s, DAY(3) - 301, VERDICT_VALID, FINDING_NONE, "the older ones");

	/* threat_14: a clock that was set back takes nothing at all. */
	told = run(&s, DAY(2) - 86400);
	assert_true(told.clock_back && !update_is_current(&told));
	told = run(&s, DAY(3));
	told_is(&told, UPDATE_TAKEN, UPDATE_TAKEN);
	scene_close(&s);
}

static void
what_others_signed_is_not_taken(void **state)
{
	struct scene s, other;
	struct update_told told;
	struct buf file = BUF_EMPTY;
	(void)state;

	scene_open(&s);
	scene_open(&other);
	told = run(&s, DAY(2) + 60);
	const struct shelf foreign = shelf_folder(other.f.public_folder);
	told = run_from(&s, &foreign, DAY(2) + 60);
	told_is(&told, UPDATE_BAD, UPDATE_NONE); /* our bureau by its id, by others' roots */
	other.f.bureau->bundle.roots.bureau_id[0] ^= 1;
	offer_bundle(&other);
	told = run_from(&s, &foreign, DAY(2) + 60);
	told_is(&told, UPDATE_FOREIGN, UPDATE_NONE);

	/* Another bureau's snapshot and its parts under our bundle. */
	fixture_publish(&other.f, DAY(2) + 30);
	fixture_read(&file, &other.f, "public/v1/snapshot");
	fixture_write(&s.f, "public/v1/snapshot", buf_span(&file));
	told = run(&s, DAY(2) + 60);
	told_is(&told, UPDATE_SAME, UPDATE_BAD);
	fixture_write(&s.f, "public/v1/snapshot", span_text("{}"));
	told = run(&s, DAY(2) + 60);
	told_is(&told, UPDATE_SAME, UPDATE_BAD);
	fixture_write(&s.f, "public/v1/trust-bundle", span_text("{}"));
	told = run(&s, DAY(2) + 60);
	told_is(&told, UPDATE_BAD, UPDATE_NONE);
	held_says(&s, DAY(2) + 60, VERDICT_VALID, FINDING_NONE, "by what is held");
	buf_free(&file);
	scene_close(&s);
	scene_close(&other);
}

static void
a_snapshot_without_its_auditor_is_not_taken(void **state)
{
	struct scene s;
	struct update_told told;
	(void)state;

	scene_open(&s);
	told = run(&s, DAY(2) + 60);
	fixture_publish_as(&s.f, DAY(3), UINT64_C(1) << 60, 0);
	told = run(&s, DAY(3) + 60);
	told_is(&told, UPDATE_SAME, UPDATE_UNAUDITED);
	assert_false(update_is_current(&told));
	held_says(&s, DAY(3) + 60, VERDICT_VALID, FINDING_NONE, "by what is held");
	fixture_publish_as(&s.f, DAY(3) + 30, 2, 1);
	told = run(&s, DAY(3) + 60);
	told_is(&told, UPDATE_SAME, UPDATE_TAKEN);
	scene_close(&s);
}

static void
skipped_bundles_are_fetched_or_missed(void **state)
{
	struct scene s;
	struct update_told told;
	struct buf third = BUF_EMPTY;
	(void)state;

	scene_open(&s);
	told = run(&s, DAY(2) + 60);
	for (int i = 0; i < 3; i++)
		fixture_next_bundle(&s.f, DAY(2) + 100 + i);
	fixture_publish(&s.f, DAY(3));
	fixture_read(&third, &s.f, "public/v1/trust-bundles/3");
	fixture_remove(&s.f, "public/v1/trust-bundles/3");
	told = run(&s, DAY(3) + 60);
	told_is(&told, UPDATE_GAP, UPDATE_NONE);
	assert_false(update_is_current(&told));
	held_says(&s, DAY(3) + 60, VERDICT_VALID, FINDING_NONE, "under bundle 1");
	fixture_write(&s.f, "public/v1/trust-bundles/3", buf_span(&third));
	told = run(&s, DAY(3) + 60);
	told_is(&told, UPDATE_TAKEN, UPDATE_TAKEN);
	assert_true(file_exists(folder_at(&s.held, "v1/trust-bundles/3")));
	assert_true(file_exists(folder_at(&s.held, "v1/trust-bundles/4")));

	/* From here on the way is held, whatever another copy lacks. */
	for (int i = 1; i <= 4; i++) {
		char name[64];
		snprintf(name, sizeof name, "public/v1/trust-bundles/%d", i);
		fixture_remove(&s.f, name);
	}
	fixture_next_bundle(&s.f, DAY(3) + 100);
	told = run(&s, DAY(3) + 160);
	told_is(&told, UPDATE_TAKEN, UPDATE_SAME);
	buf_free(&third);
	scene_close(&s);
}

/* Is there a file of 64 digits in v1/parts/ of the bureau, to lose or to spoil? */
static void
any_part(char name[128], struct scene *s)
{
	glob_t paths;
	char folder[160];

	snprintf(folder, sizeof folder, "%s/v1/parts", s->f.public_folder);
	assert_true(file_find(&paths, folder, "*", NULL));
	for (size_t i = 0; i < paths.gl_pathc; i++) {
		snprintf(name, 128, "public/v1/parts/%s", strrchr(paths.gl_pathv[i], '/') + 1);
		if (!file_exists(folder_at(&s->held, name + strlen("public/"))))
			break;
	}
	globfree(&paths);
}

static void
a_snapshot_counts_with_all_its_parts_or_not(void **state)
{
	struct scene s;
	struct update_told told;
	struct buf part = BUF_EMPTY;
	char name[128];
	(void)state;

	scene_open(&s);
	told = run(&s, DAY(2) + 60);
	fixture_happens(&s.f, s.paper, STATUS_REVOKED, DAY(3), HISTORY_OPEN, DAY(3));
	fixture_publish(&s.f, DAY(3) + 60);
	any_part(name, &s);
	fixture_read(&part, &s.f, name);
	fixture_remove(&s.f, name);
	told = run(&s, DAY(3) + 60);
	told_is(&told, UPDATE_SAME, UPDATE_PARTS);
	assert_false(update_is_current(&told));
	held_says(&s, DAY(3) + 60, VERDICT_VALID, FINDING_NONE, "the older one");
	part.ptr[0] ^= 1;
	fixture_write(&s.f, name, buf_span(&part));
	told = run(&s, DAY(3) + 60);
	told_is(&told, UPDATE_SAME, UPDATE_PARTS);
	held_says(&s, DAY(3) + 60, VERDICT_VALID, FINDING_NONE, "a part that is another");
	part.ptr[0] ^= 1;
	fixture_write(&s.f, name, buf_span(&part));
	told = run(&s, DAY(3) + 60);
	told_is(&told, UPDATE_SAME, UPDATE_TAKEN);
	held_says(&s, DAY(3) + 60, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "all there");

	/* One that was spoilt where it is held is fetched again. */
	MUST(file_write(
	    folder_at(&s.held, name + strlen("public/")), span_text("spoilt"), 0644, &err));
	told = run(&s, DAY(3) + 60);
	told_is(&told, UPDATE_SAME, UPDATE_SAME);
	assert_int_equal(told.parts, 1);
	held_says(&s, DAY(3) + 60, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "mended");
	/* one held that cannot be read at all is mended too */
	const char *held = folder_at(&s.held, name + strlen("public/"));
	assert_int_equal(unlink(held), 0);
	assert_int_equal(mkfifo(held, 0600), 0);
	told = run(&s, DAY(3) + 60);
	told_is(&told, UPDATE_SAME, UPDATE_SAME);
	assert_int_equal(told.parts, 1);
	held_says(&s, DAY(3) + 60, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "readable again");
	buf_free(&part);
	scene_close(&s);
}

/* A shelf on which the bureau publishes after its snapshot was read, and removes what that had named. */
struct moving {
	struct scene *s;
	struct shelf below;
	int snapshots; /* so often it was read */
};

static bool
moving_read(const struct shelf *self, struct buf *out, bool *found, const char *name, size_t max,
    struct err *err)
{
	struct moving *m = self->ctx;

	if (strcmp(name, "v1/snapshot") == 0 && m->snapshots++ == 1) {
		fixture_happens(
		    &m->s->f, m->s->paper, STATUS_REVOKED, DAY(3), HISTORY_OPEN, DAY(3));
		fixture_publish(&m->s->f, DAY(3) + 60);
	}
	if (strncmp(name, "v1/parts/", 9) == 0 && m->snapshots < 2)
		return true;
	return shelf_read(out, found, &m->below, name, max, err);
}

static void
what_is_published_meanwhile_is_taken_instead(void **state)
{
	struct scene s;
	(void)state;

	scene_open(&s);
	struct moving m = { &s, shelf_folder(s.f.public_folder), 0 };
	const struct shelf source = { .read = moving_read, .ctx = &m };
	const struct update_told told = run_from(&s, &source, DAY(3) + 60);
	told_is(&told, UPDATE_TAKEN, UPDATE_TAKEN);
	assert_int_equal(told.snapshot_seq, 2);
	held_says(&s, DAY(3) + 60, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "the second");
	scene_close(&s);
}

static void
an_older_token_takes_no_news_back(void **state)
{
	struct scene s;
	struct update_told told;
	struct buf older = BUF_EMPTY;
	(void)state;

	scene_open(&s);
	fixture_publish_token(&s.f, DAY(2) + 30);
	fixture_read(&older, &s.f, "public/v1/status/TEST/0");
	fixture_happens(&s.f, s.paper, STATUS_REVOKED, DAY(2) + 40, HISTORY_OPEN, DAY(2) + 40);
	fixture_publish_token(&s.f, DAY(2) + 50);
	told = run(&s, DAY(2) + 60);
	assert_int_equal(told.tokens, 1);
	held_says(&s, DAY(2) + 60, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "by a token");
	fixture_write(&s.f, "public/v1/status/TEST/0", buf_span(&older));
	told = run(&s, DAY(2) + 60);
	assert_int_equal(told.tokens, 0);
	assert_true(update_is_current(&told));
	fixture_write(&s.f, "public/v1/status/TEST/0", span_text("no token"));
	told = run(&s, DAY(2) + 60);
	assert_int_equal(told.tokens, 0);
	held_says(&s, DAY(2) + 60, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "still");
	buf_free(&older);
	scene_close(&s);
}

static void
parts_of_this_snapshot_and_the_one_before_stay(void **state)
{
	struct scene s;
	glob_t paths;
	(void)state;

	scene_open(&s);
	for (int i = 0; i < 4; i++) {
		fixture_issue(&s.f, DAY(2) + 3600 * (i + 1));
		fixture_publish(&s.f, DAY(2) + 3600 * (i + 1) + 60);
		const struct update_told told = run(&s, DAY(2) + 3600 * (i + 1) + 60);
		assert_int_equal(told.snapshot, UPDATE_TAKEN);
	}
	assert_true(file_find(&paths, folder_at(&s.held, "v1/parts"), "*", NULL));
	assert_in_range(paths.gl_pathc, 4, 8);
	globfree(&paths);
	scene_close(&s);
}

static void
a_source_that_cannot_be_read_is_said_and_costs_nothing(void **state)
{
	struct scene s;
	struct update_told told;
	(void)state;

	scene_open(&s);
	told = run(&s, DAY(2) + 60);
	fixture_publish(&s.f, DAY(3));
	fixture_remove(&s.f, "public/v1/snapshot");
	char path[160];
	snprintf(path, sizeof path, "%s/v1/snapshot", s.f.public_folder);
	assert_int_equal(mkdir(path, 0755), 0);
	told = run(&s, DAY(3) + 60);
	told_is(&told, UPDATE_SAME, UPDATE_UNREAD);
	assert_true(told.unread.code == ERR_IO && !update_is_current(&told));
	held_says(&s, DAY(3) + 60, VERDICT_VALID, FINDING_NONE, "what is held");
	const struct shelf empty = shelf_folder(s.f.folder); /* no v1/ in it */
	told = run_from(&s, &empty, DAY(3) + 60);
	told_is(&told, UPDATE_NONE, UPDATE_NONE);
	assert_false(update_is_current(&told));
	scene_close(&s);
}

/* ---- each thing that can be wrong with a copy, and the bureau's own afterwards ---- */

/* The bureau's folder was published on day 2 and on day 3; what lay there on day 2 is given. */
struct spoiler {
	const char *row;
	void (*spoil)(struct scene *s, struct span old_bundle, struct span old_snapshot);
	int64_t clock_s; /* 0: as it is */
	bool keeps;      /* what was held counts on */
};

static void
older_snapshot(struct scene *s, struct span old_bundle, struct span old_snapshot)
{
	(void)old_bundle;
	fixture_write(&s->f, "public/v1/snapshot", old_snapshot);
}

static void
rolled_back(struct scene *s, struct span old_bundle, struct span old_snapshot)
{
	fixture_write(&s->f, "public/v1/trust-bundle", old_bundle);
	fixture_write(&s->f, "public/v1/snapshot", old_snapshot);
}

static void
untouched(struct scene *s, struct span old_bundle, struct span old_snapshot)
{
	(void)s;
	(void)old_bundle;
	(void)old_snapshot;
}

static void
no_parts(struct scene *s, struct span old_bundle, struct span old_snapshot)
{
	char folder[160];
	glob_t paths;

	(void)old_bundle;
	(void)old_snapshot;
	snprintf(folder, sizeof folder, "%s/v1/parts", s->f.public_folder);
	assert_true(file_find(&paths, folder, "*", NULL));
	for (size_t i = 0; i < paths.gl_pathc; i++)
		assert_int_equal(unlink(paths.gl_pathv[i]), 0);
	globfree(&paths);
}

static void
no_snapshot(struct scene *s, struct span old_bundle, struct span old_snapshot)
{
	(void)old_bundle;
	(void)old_snapshot;
	fixture_remove(&s->f, "public/v1/snapshot");
}

static void
far_ahead_without_auditor(struct scene *s, struct span old_bundle, struct span old_snapshot)
{
	(void)old_bundle;
	(void)old_snapshot;
	fixture_publish_as(&s->f, DAY(3) + 120, INT64_MAX, 0);
}

static void
a_log_that_shrank(struct scene *s, struct span old_bundle, struct span old_snapshot)
{
	(void)old_bundle;
	(void)old_snapshot;
	s->f.log_size--;
	fixture_publish_as(&s->f, DAY(3) + 120, 3, 1);
	s->f.log_size++;
}

static const struct spoiler spoilers[] = {
	{ "an older snapshot", older_snapshot, 0, true },
	{ "a bundle and a snapshot rolled back", rolled_back, 0, true },
	{ "lists that are missing", no_parts, 0, true },
	{ "no snapshot", no_snapshot, 0, true },
	{ "a sequence counted up", far_ahead_without_auditor, 0, true },
	{ "a log that shrank", a_log_that_shrank, 0, true },
	{ "a clock set back", untouched, DAY(1), false },
	{ "a clock set far ahead", untouched, DAY(300), false },
};

/* As somebody meets it who has seen the bureau's own, and reads this copy itself. */
static void
copy_says_not_valid(struct scene *s, int64_t now_s, const char *row)
{
	const struct question q = { .now_s = now_s };
	struct memory memory = s->memory;
	struct published *p = NULL;
	struct answer a;

	MUST(published_open_paths(&p, s->f.root, s->f.public_folder, &memory, now_s, &err));
	MUST(verify(&a, &q, p, NULL, buf_span(&s->paper->pdf), &err));
	asked_is(&a, VERDICT_UNDETERMINED, a.reason, row);
	published_close(p);
}

static void
play(const struct spoiler *spoiler)
{
	struct scene s;
	struct buf bundle = BUF_EMPTY, snapshot = BUF_EMPTY;
	const int64_t now_s = spoiler->clock_s != 0 ? spoiler->clock_s : DAY(3) + 180;

	scene_open(&s);
	fixture_read(&bundle, &s.f, "public/v1/trust-bundle");
	fixture_read(&snapshot, &s.f, "public/v1/snapshot");
	fixture_next_bundle(&s.f, DAY(3));
	fixture_publish(&s.f, DAY(3) + 60);
	struct update_told told = run(&s, DAY(3) + 120);
	told_is(&told, UPDATE_TAKEN, UPDATE_TAKEN);

	spoiler->spoil(&s, buf_span(&bundle), buf_span(&snapshot));
	copy_says_not_valid(&s, now_s, spoiler->row);
	run(&s, now_s);
	if (spoiler->keeps)
		held_says(&s, now_s, VERDICT_VALID, FINDING_NONE, spoiler->row);
	else
		copy_says_not_valid(&s, now_s, spoiler->row);

	s.f.snapshot_seq = 3; /* whatever was shown, the bureau's next one is 4 */
	fixture_next_bundle(&s.f, DAY(4));
	fixture_publish(&s.f, DAY(4));
	told = run(&s, DAY(4) + 60);
	told_is(&told, UPDATE_TAKEN, UPDATE_TAKEN);
	held_says(&s, DAY(4) + 60, VERDICT_VALID, FINDING_NONE, spoiler->row);
	buf_free(&bundle);
	buf_free(&snapshot);
	scene_close(&s);
}

static void
threat_18_nothing_is_valid_by_a_bad_copy_and_the_bureaus_own_counts_afterwards(void **state)
{
	(void)state;

	for (size_t i = 0; i < COUNT_OF(spoilers); i++)
		play(&spoilers[i]);
}

/* ---- what people read ---- */

static void
lines_fit(struct buf *text)
{
	struct span rest = buf_span(text);

	assert_true(rest.len > 0);
	while (rest.len > 0) {
		const uint8_t *end = memchr(rest.ptr, '\n', rest.len);
		assert_non_null(end);
		const size_t n = (size_t)(end - rest.ptr);
		if (text_columns(span_of(rest.ptr, n)) > 84)
			fail_msg("more than 84 columns: %.*s", (int)n, (const char *)rest.ptr);
		rest = span_of(end + 1, rest.len - n - 1);
	}
	buf_free(text);
}

static void
what_is_told_fits_a_terminal_in_both_languages(void **state)
{
	const struct memory nothing = { 0 };
	struct scene s;
	struct buf text = BUF_EMPTY;
	(void)state;

	scene_open(&s);
	for (enum lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
		for (int news = 0; news < UPDATE_NEWS; news++) {
			const struct update_told told = { .bundle = (enum update_news)news,
				.snapshot = (enum update_news)news,
				.bundle_seq = 123456,
				.snapshot_seq = 1234567890,
				.parts = 12345,
				.tokens = 1234 };
			update_words(&text, &told, lang);
			lines_fit(&text);
		}
		update_words(&text, &(struct update_told){ .clock_back = true }, lang);
		lines_fit(&text);
		for (int why = FETCH_ELSEWHERE; why < FETCH_STATUS_COUNT; why++) {
			struct fetch_shelf f = { .missed = "v1/trust-bundle",
				.why = (enum fetch_status)why };
			buf_add_text(&f.detail, "HTTP 503\x1b[2J");
			update_words_site(&text, &f, lang);
			assert_null(memchr(text.ptr, 0x1b, text.len)); /* threat 38 */
			lines_fit(&text);
			fetch_shelf_free(&f);
		}
		for (int known = 0; known < 2; known++) {
			struct memory memory = nothing;
			struct published *p = NULL;
			MUST(published_open_paths(&p, s.f.root,
			    known ? s.f.public_folder : s.held.path, &memory, DAY(2) + 60, &err));
			update_words_held(&text, p, DAY(2) + 60, lang);
			lines_fit(&text);
			published_close(p);
		}
	}
	scene_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_newer_is_taken_and_then_the_same),
		cmocka_unit_test(threat_19_an_older_copy_changes_nothing),
		cmocka_unit_test(one_sequence_with_two_contents_is_an_alarm),
		cmocka_unit_test(what_is_dated_ahead_is_not_taken),
		cmocka_unit_test(what_others_signed_is_not_taken),
		cmocka_unit_test(a_snapshot_without_its_auditor_is_not_taken),
		cmocka_unit_test(skipped_bundles_are_fetched_or_missed),
		cmocka_unit_test(a_snapshot_counts_with_all_its_parts_or_not),
		cmocka_unit_test(what_is_published_meanwhile_is_taken_instead),
		cmocka_unit_test(an_older_token_takes_no_news_back),
		cmocka_unit_test(parts_of_this_snapshot_and_the_one_before_stay),
		cmocka_unit_test(a_source_that_cannot_be_read_is_said_and_costs_nothing),
		cmocka_unit_test(
		    threat_18_nothing_is_valid_by_a_bad_copy_and_the_bureaus_own_counts_afterwards),
		cmocka_unit_test(what_is_told_fits_a_terminal_in_both_languages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
