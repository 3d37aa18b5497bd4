#include "core/file.h"
#include "registry/act_file.h"
#include "registry/writer_lock.h"
#include "tests/registry/ledger.h"
#include "tests/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- the two copies ---- */

static uint64_t
file_bytes(const char *path)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	return (uint64_t)st.st_size;
}

/* Record nothing: what a writer does first brings both copies together. */
static bool
settle(struct ledger *l, struct err *err)
{
	return registry_append(l->registry, NULL, 0, false, BUREAU_START_S, err);
}

/* The database as it was, the second copy as it is: where a kill between the two leaves them. */
static void
set_back(struct ledger *l, const char *old_db)
{
	char wal[128];

	registry_close(l->registry);
	l->registry = NULL;
	snprintf(wal, sizeof wal, "%s-wal", l->db);
	unlink(wal);
	snprintf(wal, sizeof wal, "%s-shm", l->db);
	unlink(wal);
	ledger_copy(old_db, l->db);
	ledger_reopen(l);
}

/* A consistent copy of the database alone. */
static void
keep_copy(struct ledger *l, const char *to)
{
	ledger_sql(l->db, "PRAGMA wal_checkpoint(TRUNCATE);");
	ledger_copy(l->db, to);
}

/* Threats 29, 30: killed after the second copy was synced and before the commit. */
static void
threat_30_what_the_second_copy_has_is_not_lost(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	char old[128];

	ledger_open(&l, "standard");
	snprintf(old, sizeof old, "%s/old.db", l.dir);
	ledger_case_to(&l, &r, CASE_ACCEPTED);
	keep_copy(&l, old);
	road_to(&r, CASE_INSPECTED);
	ledger_record(&l, &r, 2);
	struct registry_head before = ledger_head(&l);
	set_back(&l, old);
	assert_int_equal(ledger_head(&l).size, 3);
	REQUIRE(settle(&l, &err));
	struct registry_head after = ledger_head(&l);
	assert_int_equal(after.size, before.size);
	assert_true(merkle_equal(&after.root, &before.root));
	road_close(&r);
	ledger_close(&l);
}

/* An empty register with a full second copy: that is how one is restored. */
static void
a_lost_register_comes_back_from_the_second_copy(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	struct buf before = BUF_EMPTY, after = BUF_EMPTY;
	char empty[128];

	ledger_open(&l, "small");
	ledger_case_to(&l, &r, CASE_ISSUED);
	ledger_dump(&before, l.registry);
	snprintf(empty, sizeof empty, "%s/empty.db", l.dir);
	REQUIRE(registry_create(empty, &err));
	ledger_sql(empty, "PRAGMA wal_checkpoint(TRUNCATE);");
	set_back(&l, empty);
	REQUIRE(settle(&l, &err));
	ledger_dump(&after, l.registry);
	assert_true(span_equal(buf_span(&before), buf_span(&after)));
	buf_free(&before);
	buf_free(&after);
	road_close(&r);
	ledger_close(&l);
}

/* Cut at every kind of place; each time the next append completes it from the tables. */
static void
a_second_copy_that_is_shorter_is_completed(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	struct buf whole = BUF_EMPTY, now = BUF_EMPTY;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_EXAMINED);
	REQUIRE(file_read(&whole, l.second, LIMIT_BUF_BYTES, &err));
	const uint64_t cuts[] = { 0, 5, ACT_FILE_BEGIN, ACT_FILE_BEGIN + 7, whole.len / 2,
		whole.len - 1 };
	for (size_t i = 0; i < COUNT_OF(cuts); i++) {
		assert_int_equal(truncate(l.second, (off_t)cuts[i]), 0);
		REQUIRE(settle(&l, &err));
		buf_free(&now);
		REQUIRE(file_read(&now, l.second, LIMIT_BUF_BYTES, &err));
		assert_true(span_equal(buf_span(&whole), buf_span(&now)));
	}
	unlink(l.second);
	REQUIRE(settle(&l, &err));
	assert_int_equal(file_bytes(l.second), whole.len);
	buf_free(&whole);
	buf_free(&now);
	road_close(&r);
	ledger_close(&l);
}

/* What a dying writer left half written was never acknowledged. */
static void
a_torn_entry_at_the_end_is_dropped(void **state)
{
	(void)state;
	struct ledger l;
	uint64_t whole;

	ledger_open(&l, "standard");
	whole = file_bytes(l.second);
	FILE *f = fopen(l.second, "ab");
	assert_non_null(f);
	fwrite("\0\0\1\0torn", 1, 8, f);
	fclose(f);
	REQUIRE(settle(&l, &err));
	assert_int_equal(file_bytes(l.second), whole);
	ledger_close(&l);
}

static void
copies_that_disagree_are_not_written_to(void **state)
{
	(void)state;
	struct ledger l;
	struct road r, other;
	struct buf entry = BUF_EMPTY, before = BUF_EMPTY, after = BUF_EMPTY;
	struct err why = { 0 };
	struct act_file *f = NULL;

	ledger_open(&l, "standard");
	uint64_t at = file_bytes(l.second);
	ledger_case_to(&l, &r, CASE_SUBMITTED);
	ledger_case(&l, &other);
	road_do(&other, AN, road_submit());
	act_file_encode(&entry, buf_span(&other.bytes[0]), r.entries[0].recorded_s);
	assert_true(act_file_open(&f, l.second, true, &why));
	assert_true(act_file_write(f, at, buf_span(&entry), &why));
	act_file_close(f);
	assert_true(file_read(&before, l.second, LIMIT_BUF_BYTES, &why));

	assert_false(settle(&l, &why));
	assert_int_equal(why.code, ERR_REFUSED);
	assert_non_null(strstr(why.text, "entry 1"));
	assert_int_equal(ledger_head(&l).size, 2);
	assert_true(file_read(&after, l.second, LIMIT_BUF_BYTES, &why));
	assert_true(span_equal(buf_span(&before), buf_span(&after)));
	buf_free(&entry);
	buf_free(&before);
	buf_free(&after);
	road_close(&r);
	road_close(&other);
	ledger_close(&l);
}

/* ---- kills ---- */

/* Record one act after the other; tell each answer through the pipe. */
static void
write_until_killed(struct ledger *l, const struct road *r, int acknowledge)
{
	for (size_t i = 1; i < r->n; i++) {
		struct registry_item item =
		    ledger_append(l, buf_span(&r->bytes[i]), r->entries[i].recorded_s);
		if (!item.recorded || write(acknowledge, &item.index, sizeof item.index) < 0)
			_exit(1);
	}
	for (;;)
		pause();
}

/* The acts acknowledged before a kill after so many microseconds. */
static uint64_t
kill_after(struct ledger *l, const struct road *r, useconds_t us)
{
	int ends[2];
	uint64_t index = 0, got;

	assert_int_equal(pipe(ends), 0);
	registry_close(l->registry); /* SQLite does not cross a fork */
	l->registry = NULL;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		ledger_reopen(l);
		write_until_killed(l, r, ends[1]);
	}
	close(ends[1]);
	usleep(us);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	while (read(ends[0], &got, sizeof got) == (ssize_t)sizeof got)
		index = got;
	close(ends[0]);
	ledger_reopen(l);
	return index;
}

/* Threat 30: whatever the moment of the kill, what was acknowledged is there and all agrees. */
static void
threat_30_acknowledged_is_durable(void **state)
{
	(void)state;
	struct road r;
	struct ledger l;

	for (useconds_t us = 0; us < 60000; us += 4000) {
		ledger_open(&l, "standard");
		ledger_case(&l, &r);
		road_to(&r, CASE_ISSUED);
		ledger_append(&l, buf_span(&r.bytes[0]), r.entries[0].recorded_s);
		uint64_t acknowledged = kill_after(&l, &r, us);
		REQUIRE(settle(&l, &err));
		struct registry_head head = ledger_head(&l);
		assert_true(head.size > acknowledged);
		ledger_record(&l, &r, head.size - 1); /* it goes on where it stopped */
		struct buf before = BUF_EMPTY, after = BUF_EMPTY;
		ledger_dump(&before, l.registry);
		REQUIRE(registry_rebuild(l.registry, &err));
		ledger_dump(&after, l.registry);
		assert_true(span_equal(buf_span(&before), buf_span(&after)));
		buf_free(&before);
		buf_free(&after);
		road_close(&r);
		ledger_close(&l);
	}
}

/* Threat 31: no room for another byte; nothing is recorded, and later it goes on. */
static void
threat_31_a_full_disk_is_refused_cleanly(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	struct rlimit old, small;

	ledger_open(&l, "standard");
	ledger_case(&l, &r);
	road_do(&r, AN, road_submit());
	uint64_t before = ledger_head(&l).size;
	struct registry_item item = { .act = buf_span(&r.bytes[0]) };
	struct err why = { 0 };

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = file_bytes(l.second) + 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	bool ok = registry_append(l.registry, &item, 1, false, r.now_s, &why);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_false(ok);
	assert_false(item.recorded);
	assert_int_equal(why.code, ERR_IO);
	assert_int_equal(ledger_head(&l).size, before);

	ledger_record(&l, &r, 0);
	assert_int_equal(ledger_head(&l).size, before + 1);
	road_close(&r);
	ledger_close(&l);
}

/* ---- readers and writers ---- */

static void
expect_child(pid_t child)
{
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* As another user who may read and not write; 0 if it saw the register grow to this size. */
static int
read_as_nobody(const char *db, uint64_t until)
{
	struct registry_config config = { .path = db, .read_only = true };
	struct registry *r = NULL;
	struct registry_head head = { 0 };
	struct err err = { 0 };

	if (setgid(65534) != 0 || setuid(65534) != 0 || access(db, W_OK) == 0)
		return 2;
	if (!registry_open(&r, &config, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 3;
	}
	for (int i = 0; i < 2000 && head.size < until; i++) {
		if (!registry_head(&head, r, &err)) {
			fprintf(stderr, "%s\n", err.text);
			return 4;
		}
		usleep(2000);
	}
	registry_close(r);
	return head.size == until ? 0 : 5;
}

static void
a_reader_without_write_rights_reads_on_while_acts_are_recorded(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;

	if (getuid() != 0)
		skip(); /* only root can become somebody else */
	ledger_open(&l, "standard");
	ledger_case(&l, &r);
	road_to(&r, CASE_ISSUED);
	chmod(l.dir, 0755);
	static const char *const suffix[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < COUNT_OF(suffix); i++) {
		char path[128];
		snprintf(path, sizeof path, "%s%s", l.db, suffix[i]);
		assert_int_equal(chmod(path, 0644), 0);
	}
	registry_close(l.registry); /* the last to close: the WAL must stay for the reader */
	l.registry = NULL;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(read_as_nobody(l.db, 1 + r.n));
	usleep(50000);
	ledger_reopen(&l);
	ledger_record(&l, &r, 0);
	expect_child(child);
	road_close(&r);
	ledger_close(&l);
}

/* Another process with the register in its hands, for so long. */
static pid_t
start_holder(const struct ledger *l, useconds_t us)
{
	int ends[2], fd;
	char held = 0;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (!writer_lock(&fd, l->db, "publish", 0, NULL) || write(ends[1], &held, 1) != 1)
			_exit(1);
		usleep(us);
		_exit(0); /* and the lock with it */
	}
	assert_int_equal(read(ends[0], &held, 1), 1);
	close(ends[0]);
	close(ends[1]);
	return child;
}

static int64_t
now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

static void
a_writer_who_waits_in_vain_is_told_whom_to_ask(void **state)
{
	(void)state;
	struct ledger l;
	struct err why = { 0 };
	char words[64];
	int fd;

	ledger_open(&l, "standard");
	pid_t holder = start_holder(&l, 5000000);
	const int64_t since_ms = now_ms();
	assert_false(writer_lock(&fd, l.db, "issue", 200, &why));
	assert_true(now_ms() - since_ms >= 200);
	assert_int_equal(fd, -1);
	assert_int_equal(why.code, ERR_BUSY);
	snprintf(words, sizeof words, "held by process %ld: publish", (long)holder);
	if (strstr(why.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why.text, words);

	/* However it ended: nothing is left to be cleared away. */
	kill(holder, SIGKILL);
	assert_int_equal(waitpid(holder, NULL, 0), holder);
	REQUIRE(writer_lock(&fd, l.db, "issue", 0, &err));
	writer_unlock(fd);
	ledger_close(&l);
}

static void
a_writer_waits_until_the_other_is_done(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;

	ledger_open(&l, "standard");
	ledger_case(&l, &r);
	road_to(&r, CASE_SUBMITTED);
	const int64_t since_ms = now_ms();
	pid_t holder = start_holder(&l, 300000);
	ledger_record(&l, &r, 0);
	assert_true(now_ms() - since_ms >= 300);
	expect_child(holder);
	assert_int_equal(ledger_head(&l).size, 1 + r.n);
	road_close(&r);
	ledger_close(&l);
}

/* Threat 32: two at once; both roads are in, none twice. */
static void
threat_32_two_writers_take_turns(void **state)
{
	(void)state;
	struct ledger l;
	struct road r[2];

	ledger_open(&l, "standard");
	for (int i = 0; i < 2; i++) {
		ledger_case(&l, &r[i]);
		road_to(&r[i], CASE_ISSUED);
	}
	registry_close(l.registry);
	l.registry = NULL;
	pid_t child[2];
	for (int i = 0; i < 2; i++) {
		child[i] = fork();
		assert_true(child[i] >= 0);
		if (child[i] == 0) {
			ledger_reopen(&l);
			ledger_record(&l, &r[i], 0);
			registry_close(l.registry);
			_exit(0);
		}
	}
	expect_child(child[0]);
	expect_child(child[1]);
	ledger_reopen(&l);
	assert_int_equal(ledger_head(&l).size, 1 + r[0].n + r[1].n);
	REQUIRE(registry_rebuild(l.registry, &err));
	road_close(&r[0]);
	road_close(&r[1]);
	ledger_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threat_30_what_the_second_copy_has_is_not_lost),
		cmocka_unit_test(a_lost_register_comes_back_from_the_second_copy),
		cmocka_unit_test(a_second_copy_that_is_shorter_is_completed),
		cmocka_unit_test(a_torn_entry_at_the_end_is_dropped),
		cmocka_unit_test(copies_that_disagree_are_not_written_to),
		cmocka_unit_test(threat_30_acknowledged_is_durable),
		cmocka_unit_test(threat_31_a_full_disk_is_refused_cleanly),
		cmocka_unit_test(a_reader_without_write_rights_reads_on_while_acts_are_recorded),
		cmocka_unit_test(a_writer_who_waits_in_vain_is_told_whom_to_ask),
		cmocka_unit_test(a_writer_waits_until_the_other_is_done),
		cmocka_unit_test(threat_32_two_writers_take_turns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
