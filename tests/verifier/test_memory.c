/* threat_18, threat_19: what a verifier has seen it does not let anybody take back. */
#include "core/encode.h"
#include "core/file.h"
#include "tests/keys/folder.h"
#include "tests/test.h"
#include "tests/verifier/asked.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY(n) FIXTURE_DAY_S(n)

static const uint8_t root_set[SHA256_BYTES] = { 7 };

/* The reason behind the answer of a verifier with this past; what it accepts is added to it. */
static enum finding
trouble_of(struct fixture *f, struct memory *memory, int64_t now_s)
{
	struct published *p = NULL;
	struct err err = { 0 };

	if (!published_open_paths(&p, f->root, f->public_folder, memory, now_s, &err))
		fail_msg("%s", err.text);
	const enum finding trouble = published_trouble(p, now_s);
	published_close(p);
	return trouble;
}

static void
threat_19_an_older_snapshot_is_not_taken_for_the_newest(void **state)
{
	struct fixture f;
	struct memory memory = { 0 };
	struct buf first = BUF_EMPTY;
	(void)state;

	fixture_open(&f);
	fixture_issue(&f, DAY(1));
	fixture_publish(&f, DAY(2));
	fixture_read(&first, &f, "public/v1/snapshot");
	assert_int_equal(trouble_of(&f, &memory, DAY(2) + 60), FINDING_NONE);
	fixture_publish(&f, DAY(3));
	assert_int_equal(trouble_of(&f, &memory, DAY(3) + 60), FINDING_NONE);
	assert_int_equal(memory.snapshots[0].mark.seq, 2);
	assert_int_equal(memory.latest_s, DAY(3));

	fixture_write(&f, "public/v1/snapshot", buf_span(&first));
	assert_int_equal(trouble_of(&f, &memory, DAY(3) + 60), FINDING_STATUS_OLDER);
	assert_int_equal(memory.snapshots[0].mark.seq, 2);
	buf_free(&first);
	fixture_close(&f);
}

static void
one_sequence_with_two_contents_is_an_alarm(void **state)
{
	struct fixture f;
	struct memory memory = { 0 };
	(void)state;

	fixture_open(&f);
	fixture_issue(&f, DAY(1));
	fixture_publish(&f, DAY(2));
	assert_int_equal(trouble_of(&f, &memory, DAY(2) + 60), FINDING_NONE);
	fixture_publish_as(&f, DAY(2) + 30, 1, 1);
	assert_int_equal(trouble_of(&f, &memory, DAY(2) + 60), FINDING_STATUS_ALARM);
	fixture_close(&f);
}

static void
a_log_that_shrank_is_an_alarm(void **state)
{
	struct fixture f;
	struct memory memory = { 0 };
	(void)state;

	fixture_open(&f);
	fixture_issue(&f, DAY(1));
	fixture_publish(&f, DAY(2));
	assert_int_equal(trouble_of(&f, &memory, DAY(2) + 60), FINDING_NONE);
	f.log_size--;
	fixture_publish(&f, DAY(3));
	assert_int_equal(trouble_of(&f, &memory, DAY(3) + 60), FINDING_STATUS_ALARM);
	fixture_close(&f);
}

static void
threat_48_an_older_bundle_is_not_taken_for_the_newest(void **state)
{
	struct fixture f;
	struct memory memory = { 0 };
	struct buf first = BUF_EMPTY;
	(void)state;

	fixture_open(&f);
	fixture_issue(&f, DAY(1));
	fixture_read(&first, &f, "public/v1/trust-bundle");
	fixture_publish(&f, DAY(2));
	assert_int_equal(trouble_of(&f, &memory, DAY(2) + 60), FINDING_NONE);
	fixture_next_bundle(&f, DAY(2) + 100);
	fixture_publish(&f, DAY(3));
	assert_int_equal(trouble_of(&f, &memory, DAY(3) + 60), FINDING_NONE);
	assert_int_equal(memory.bundle.seq, 2);
	fixture_write(&f, "public/v1/trust-bundle", buf_span(&first));
	assert_int_equal(trouble_of(&f, &memory, DAY(3) + 60), FINDING_STATUS_OLDER);
	buf_free(&first);
	fixture_close(&f);
}

static void
skipped_bundles_are_followed_one_by_one(void **state)
{
	struct fixture f;
	struct memory memory = { 0 };
	(void)state;

	fixture_open(&f);
	fixture_publish(&f, DAY(2));
	assert_int_equal(trouble_of(&f, &memory, DAY(2) + 60), FINDING_NONE);
	for (int i = 0; i < 3; i++)
		fixture_next_bundle(&f, DAY(2) + 100 + i);
	fixture_publish(&f, DAY(3));
	struct memory copy = memory;
	assert_int_equal(trouble_of(&f, &copy, DAY(3) + 60), FINDING_NONE);
	assert_int_equal(copy.bundle.seq, 4);
	fixture_remove(&f, "public/v1/trust-bundles/3");
	assert_int_equal(trouble_of(&f, &memory, DAY(3) + 60), FINDING_TRUST_MISSING);
	assert_int_equal(memory.bundle.seq, 1);
	fixture_close(&f);
}

static void
threat_14_a_clock_behind_what_was_signed_says_nothing(void **state)
{
	struct fixture f;
	struct memory memory = { 0 };
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(1));
	fixture_publish(&f, DAY(2));
	asked_now(&f, buf_span(&p->code), DAY(2) - 300, VERDICT_VALID, FINDING_NONE,
	    "five minutes behind are forgiven");
	assert_int_equal(trouble_of(&f, &memory, DAY(2) - 301), FINDING_CLOCK_BACK);
	assert_int_equal(
	    memory.snapshots[0].mark.seq, 0); /* what is dated later is not remembered */
	assert_int_equal(trouble_of(&f, &memory, DAY(2)), FINDING_NONE);
	assert_int_equal(trouble_of(&f, &memory, DAY(2) - 300), FINDING_NONE);
	assert_int_equal(trouble_of(&f, &memory, DAY(2) - 301), FINDING_CLOCK_BACK);
	fixture_close(&f);
}

/* A daemon lives on while its clock is set. */
static void
a_clock_is_looked_at_with_every_question(void **state)
{
	struct fixture f;
	struct memory memory = { 0 };
	struct published *p = NULL;
	(void)state;

	fixture_open(&f);
	fixture_publish(&f, DAY(2));
	assert_true(published_open_paths(&p, f.root, f.public_folder, &memory, DAY(2), NULL));
	assert_int_equal(published_trouble(p, DAY(2)), FINDING_NONE);
	assert_int_equal(published_trouble(p, DAY(1)), FINDING_CLOCK_BACK);
	published_close(p);
	assert_true(published_open_paths(&p, f.root, f.public_folder, &memory, DAY(1), NULL));
	assert_int_equal(published_trouble(p, DAY(1)), FINDING_CLOCK_BACK);
	assert_int_not_equal(published_trouble(p, DAY(2)), FINDING_NONE); /* nothing was read */
	published_close(p);
	fixture_close(&f);
}

static void
memory_is_kept_in_a_file_of_the_root_set(void **state)
{
	const uint8_t *fingerprint = NULL;
	struct fixture f;
	struct memory memory = { 0 }, before = { 0 }, again;
	char path[128], hex[17];
	struct stat st;
	(void)state;

	fixture_open(&f);
	fixture_publish(&f, DAY(2));
	assert_int_equal(trouble_of(&f, &memory, DAY(2)), FINDING_NONE);
	fingerprint = trust_fingerprint(f.bureau->trust);
	assert_true(memory_save(&memory, &before, f.memory, fingerprint, NULL));
	hex_encode(hex, span_of(fingerprint, 8));
	snprintf(path, sizeof path, "%s/%s.state", f.memory, hex);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(memory_load(&again, f.memory, fingerprint, NULL));
	assert_memory_equal(&again, &memory, sizeof memory);

	/* Another root set remembers nothing of this. */
	uint8_t other[SHA256_BYTES] = { 1 };
	assert_true(memory_load(&again, f.memory, other, NULL));
	assert_int_equal(again.bundle.seq, 0);
	fixture_close(&f);
}

static void
a_spoilt_memory_is_named_and_not_believed(void **state)
{
	static const char *const texts[] = { "", "{}", "not json", "{\"bundle\":{\"seq\":-1}}" };
	struct fixture f;
	struct memory memory;
	char name[64], hex[17];
	(void)state;

	fixture_open(&f);
	const uint8_t *fingerprint = trust_fingerprint(f.bureau->trust);
	hex_encode(hex, span_of(fingerprint, 8));
	snprintf(name, sizeof name, "memory/%s.state", hex);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct err err = { 0 };
		fixture_write(&f, name, span_text(texts[i]));
		CHECK_ROW(!memory_load(&memory, f.memory, fingerprint, &err), texts[i]);
		CHECK_ROW(err.code == ERR_MALFORMED && strstr(err.text, hex) != NULL, texts[i]);
		CHECK_ROW(memory.bundle.seq == 0, texts[i]);
	}
	fixture_close(&f);
}

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define MARK "\"seq\":1,\"hash\":\"" ZEROS "\""
#define SEEN "{\"issuer\":\"TEST\",\"kid\":\"0011223344556677\"," MARK "}"

/* A memory that is read but for one member, and what stands there. */
static void
every_member_of_a_memory_is_looked_at(void **state)
{
	static const char *const good[] = { "{" MARK "}", "[" SEEN "]", "{" MARK "}", "2",
		"\"0011223344556677\"", "1795161900" };
	static const struct {
		const char *mistake;
		size_t member;
		const char *instead;
	} rows[] = {
		{ "a negative sequence", 0, "{\"seq\":-1,\"hash\":\"" ZEROS "\"}" },
		{ "a short hash", 0, "{\"seq\":1,\"hash\":\"00\"}" },
		{ "a hash that is none", 2, "{\"seq\":1,\"hash\":\"x\"}" },
		{ "a member more", 0, "{" MARK ",\"x\":1}" }, { "no list", 1, "{}" },
		{ "a list of numbers", 1, "[1]" },
		{ "an issuer of 17 letters", 1,
		    "[{\"issuer\":\"AAAAAAAAAAAAAAAAA\",\"kid\":\"0011223344556677\"," MARK "}]" },
		{ "a short kid", 1, "[{\"issuer\":\"TEST\",\"kid\":\"00\"," MARK "}]" },
		{ "a snapshot without sequence", 1,
		    "[{\"issuer\":\"TEST\",\"kid\":\"0011223344556677\",\"seq\":-1,\"hash\":"
		    "\"" ZEROS "\"}]" },
		{ "the second of two", 1, "[" SEEN ",{}," SEEN "]" },
		{ "a negative epoch", 3, "-1" }, { "an epoch that is a text", 3, "\"2\"" },
		{ "a log key that is none", 4, "\"x\"" }, { "a negative time", 5, "-1" },
		{ "a time with a fraction", 5, "1.5" }, { NULL, 0, NULL }, /* as it should be */
	};
	struct memory m;
	struct folder f;
	char name[64];
	(void)state;

	folder_new(&f);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *member[COUNT_OF(good)];
		char text[2048];
		memcpy(member, good, sizeof good);
		if (rows[i].mistake != NULL)
			member[rows[i].member] = rows[i].instead;
		snprintf(text, sizeof text,
		    "{\"bundle\":%s,\"snapshots\":%s,\"checkpoint\":%s,\"log_epoch\":%s,"
		    "\"log_key\":%s,\"latest\":%s}",
		    member[0], member[1], member[2], member[3], member[4], member[5]);
		snprintf(name, sizeof name, "%02x00000000000000.state", root_set[0]);
		folder_write(&f, name, text, 0600);
		CHECK_ROW(memory_load(&m, f.path, root_set, NULL) == (rows[i].mistake == NULL),
		    rows[i].mistake != NULL ? rows[i].mistake : "good");
	}
	assert_int_equal(m.n_snapshots, 1);
	folder_remove(&f);
}

static void
where_it_is_kept_follows_from_the_environment(void **state)
{
	static const struct {
		const char *state, *home, *folder;
	} rows[] = {
		{ "/s", "/h", "/s/qualcert" },
		{ "relative", "/h", "/h/.local/state/qualcert" },
		{ NULL, "/h", "/h/.local/state/qualcert" },
		{ NULL, "relative", "" },
		{ NULL, NULL, "" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_EMPTY;
		unsetenv("XDG_STATE_HOME");
		unsetenv("HOME");
		if (rows[i].state != NULL)
			setenv("XDG_STATE_HOME", rows[i].state, 1);
		if (rows[i].home != NULL)
			setenv("HOME", rows[i].home, 1);
		memory_usual_folder(&out);
		CHECK_ROW(span_is(buf_span(&out), rows[i].folder), rows[i].folder);
		buf_free(&out);
	}
}

/* ---- several who write ---- */

static struct memory
seen_by(const char *issuer, uint8_t key, uint64_t seq)
{
	struct memory m = { 0 };
	const uint8_t kid[COSE_KID_BYTES] = { key };
	const struct memory_mark mark = { .seq = seq };

	memory_saw(&m, span_text(issuer), kid, &mark);
	return m;
}

static void
what_another_process_remembered_meanwhile_is_not_lost(void **state)
{
	const struct memory nothing = { 0 };
	struct memory one = seen_by("TEST", 1, 9), two = seen_by("TEST", 1, 8), both;
	struct folder f;
	(void)state;

	folder_new(&f);
	one.bundle.seq = 2;
	one.latest_s = 100;
	two.bundle.seq = 3;
	two.checkpoint.seq = 40;
	two.log_epoch = 1;
	two.latest_s = 99;
	assert_true(memory_save(&one, &nothing, f.path, root_set, NULL));
	assert_true(memory_save(&two, &nothing, f.path, root_set, NULL));
	assert_true(memory_load(&both, f.path, root_set, NULL));
	assert_int_equal(both.bundle.seq, 3);
	assert_int_equal(both.n_snapshots, 1);
	assert_int_equal(both.snapshots[0].mark.seq, 9);
	assert_int_equal(both.checkpoint.seq, 40);
	assert_int_equal(both.latest_s, 100);
	folder_remove(&f);
}

static void
of_many_processes_at_once_the_newest_is_remembered(void **state)
{
	enum { PROCESSES = 8, TIMES = 20 };
	const struct memory nothing = { 0 };
	struct memory m;
	struct folder f;
	(void)state;

	folder_new(&f);
	for (int p = 0; p < PROCESSES; p++) {
		const pid_t child = fork();
		assert_true(child >= 0);
		if (child > 0)
			continue;
		bool ok = true;
		for (int i = 0; i < TIMES; i++) { /* each falls as it goes on */
			m = seen_by("TEST", (uint8_t)p, (uint64_t)(1000 - i));
			m.latest_s = 100 * p + TIMES - i;
			ok = memory_save(&m, &nothing, f.path, root_set, NULL) && ok;
		}
		_exit(ok ? 0 : 1);
	}
	for (int p = 0; p < PROCESSES; p++) {
		int status;
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_true(memory_load(&m, f.path, root_set, NULL));
	assert_int_equal(m.n_snapshots, PROCESSES);
	for (size_t i = 0; i < m.n_snapshots; i++)
		assert_int_equal(m.snapshots[i].mark.seq, 1000);
	assert_int_equal(m.latest_s, 100 * (PROCESSES - 1) + TIMES);
	folder_remove(&f);
}

static void
a_full_memory_forgets_the_lowest_sequence(void **state)
{
	struct memory m = { 0 };
	(void)state;

	for (unsigned i = 0; i < MEMORY_SNAPSHOTS + 1; i++) {
		const uint8_t kid[COSE_KID_BYTES] = { (uint8_t)i };
		const struct memory_mark mark = { .seq = i == 5 ? 1 : 100 + i };
		memory_saw(&m, span_text("TEST"), kid, &mark);
	}
	assert_int_equal(m.n_snapshots, MEMORY_SNAPSHOTS);
	for (size_t i = 0; i < m.n_snapshots; i++)
		assert_true(m.snapshots[i].mark.seq >= 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threat_19_an_older_snapshot_is_not_taken_for_the_newest),
		cmocka_unit_test(one_sequence_with_two_contents_is_an_alarm),
		cmocka_unit_test(a_log_that_shrank_is_an_alarm),
		cmocka_unit_test(threat_48_an_older_bundle_is_not_taken_for_the_newest),
		cmocka_unit_test(skipped_bundles_are_followed_one_by_one),
		cmocka_unit_test(threat_14_a_clock_behind_what_was_signed_says_nothing),
		cmocka_unit_test(a_clock_is_looked_at_with_every_question),
		cmocka_unit_test(memory_is_kept_in_a_file_of_the_root_set),
		cmocka_unit_test(a_spoilt_memory_is_named_and_not_believed),
		cmocka_unit_test(every_member_of_a_memory_is_looked_at),
		cmocka_unit_test(where_it_is_kept_follows_from_the_environment),
		cmocka_unit_test(what_another_process_remembered_meanwhile_is_not_lost),
		cmocka_unit_test(of_many_processes_at_once_the_newest_is_remembered),
		cmocka_unit_test(a_full_memory_forgets_the_lowest_sequence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
