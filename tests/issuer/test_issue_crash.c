/* The road out, interrupted anywhere and asked for twice: threats 29 and 32. */
#include "core/file.h"
#include "core/limits.h"
#include "tests/issuer/made.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };

static void
threat_29_what_is_made_gets_its_names(void **state)
{
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES];
	struct issue_recovery found;
	struct made before, after;

	workshop_issue(number, w, &STAR_BRIDGE);
	made_read(&before, w, number);
	made_take_names_away(w, number);
	REQUIRE(issue_recover(&found, w->bureau, ISSUE_WAITS_FOR_AUTHORITY, w->now_s, &err));
	assert_int_equal(found.finished, 1);
	assert_int_equal(found.failed, 0);
	made_read(&after, w, number);
	assert_true(span_equal(buf_span(&before.pdf), buf_span(&after.pdf)));
	assert_int_equal(workshop_count(w, "issued/.making"), 0);
	made_free(&before);
	made_free(&after);
}

static off_t
size_of(const struct workshop *w, const char *name)
{
	char path[256];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", w->folder, name);
	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/*
 * The disk is full when *made* is committed, and its second copy is written already: what lies in .making/ is
 * the only file of a certificate that is made, though no table says so.
 */
static void
threat_31_a_commit_that_fails_takes_no_file_away(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];
	struct issue_recovery found = { 0 };
	struct rlimit before;
	struct err why = { 0 };

	workshop_approved(subject, w);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	/* The write-ahead log is by far the longest file; it cannot grow now. */
	const struct rlimit full = { (rlim_t)size_of(w, "registry.db-wal"), before.rlim_max };
	assert_true(full.rlim_cur > 200000);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
	assert_false(issue_recover(&found, w->bureau, ISSUE_WAITS_FOR_AUTHORITY, w->now_s, &why));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(found.cleared, 0);
	assert_int_equal(workshop_count(w, "issued/.making"), 2);

	REQUIRE(issue_recover(&found, w->bureau, ISSUE_WAITS_FOR_AUTHORITY, w->now_s, &err));
	assert_int_equal(found.finished, 1);
	assert_int_equal(found.failed + found.cleared, 0);
	assert_int_equal(workshop_count(w, "issued"), 2);
	REQUIRE(workshop_number(number, w, subject, &err));
}

/*
 * Killed between the two copies of *made*: the second one has it, the tables do not. Made anew, the only
 * file with its hash would be gone.
 */
static void
threat_29_what_the_second_copy_alone_holds_is_made(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];
	struct made before, after;

	workshop_approved(subject, w);
	bureau_close(w->bureau);
	w->bureau = NULL;
	workshop_copy(w, "registry.db", "before.db");
	workshop_reopen(w);
	REQUIRE(workshop_number(number, w, subject, &err));
	made_read(&before, w, number);
	made_take_names_away(w, number);
	for (int again = 0; again < 2; again++) { /* recovery, then the command itself */
		struct issue_recovery found;
		bureau_close(w->bureau);
		w->bureau = NULL;
		workshop_copy(w, "before.db", "registry.db");
		workshop_remove(w, "registry.db-wal");
		workshop_remove(w, "registry.db-shm");
		workshop_reopen(w);
		if (again == 0) {
			REQUIRE(issue_recover(
			    &found, w->bureau, ISSUE_WAITS_FOR_AUTHORITY, w->now_s, &err));
			assert_int_equal(found.failed, 0);
			made_take_names_away(w, number);
		} else {
			REQUIRE(workshop_number(number, w, subject, &err));
		}
	}
	made_read(&after, w, number);
	assert_true(span_equal(buf_span(&before.pdf), buf_span(&after.pdf)));
	assert_int_equal(made_count(w), 1);
	made_free(&before);
	made_free(&after);
}

static void
threat_29_what_is_approved_is_made(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];
	struct issue_recovery found;

	workshop_approved(subject, w);
	workshop_reopen(w);
	REQUIRE(issue_recover(&found, w->bureau, ISSUE_WAITS_FOR_AUTHORITY, w->now_s, &err));
	assert_int_equal(found.finished, 1);
	assert_int_equal(made_count(w), 1);
	REQUIRE(workshop_number(number, w, subject, &err)); /* says the number */
	assert_int_equal(workshop_count(w, "issued"), 2);
}

static void
threat_29_leftovers_are_cleared(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES], name[96];
	struct issue_recovery found;

	workshop_approved(subject, w);
	REQUIRE(workshop_number(number, w, subject, &err));
	/* of a number that never came to be; of ours, but another attempt; of no number at all */
	workshop_write(w, "issued/.making/JC-A-999900-2026-48213-6.pdf", span_text("half"));
	snprintf(name, sizeof name, "issued/.making/%s.pdf", number);
	workshop_write(w, name, span_text("an earlier attempt"));
	workshop_write(w, "issued/.making/.qualcert-Ab3xYz", span_text("h"));
	REQUIRE(issue_recover(&found, w->bureau, ISSUE_WAITS_FOR_AUTHORITY, w->now_s, &err));
	assert_int_equal(found.cleared, 2);
	assert_int_equal(found.failed, 0);
	assert_int_equal(workshop_count(w, "issued/.making"), 0);
	assert_int_equal(workshop_count(w, "issued"), 2);
}

static void
no_file_is_ever_replaced(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES], name[64];
	struct err why = { 0 };

	workshop_approved(subject, w);
	REQUIRE(workshop_number(number, w, subject, &err));
	made_take_names_away(w, number);
	snprintf(name, sizeof name, "issued/%s.pdf", number);
	workshop_write(w, name, span_text("somebody else's"));
	assert_false(workshop_number(number, w, subject, &why));
	assert_int_equal(why.code, ERR_CONFLICT);
	assert_non_null(strstr(why.text, "not the file that was made"));
}

static void
a_lost_file_is_said_to_be_lost(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES], path[160];
	struct err why = { 0 };

	workshop_approved(subject, w);
	REQUIRE(workshop_number(number, w, subject, &err));
	snprintf(path, sizeof path, "%s/issued/%s.pdf", w->folder, number);
	assert_int_equal(unlink(path), 0);
	assert_false(workshop_number(number, w, subject, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "lost"));
	assert_int_equal(made_count(w), 1);
}

/* A child that makes the certificate; never returns. */
static void
child(struct workshop *w, const char *subject)
{
	struct issue_item made;

	/* a handle of its own: SQLite's do not survive a fork */
	bool ok = bureau_open(&w->bureau, w->folder, false, "child", NULL) &&
	    workshop_make(&made, w, subject, NULL);
	_exit(ok ? 0 : 1);
}

static pid_t
start_child(struct workshop *w, const char *subject)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		child(w, subject);
	return pid;
}

static bool
ended_well(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void
threat_29_killed_at_many_moments(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];

	for (useconds_t delay_us = 0; delay_us < 1000000; delay_us += 20000 + delay_us / 3) {
		struct made m;
		size_t before = made_count(w);
		struct issue_recovery found;
		workshop_approved(subject, w);
		bureau_close(w->bureau);
		w->bureau = NULL;
		pid_t pid = start_child(w, subject);
		usleep(delay_us);
		kill(pid, SIGKILL);
		ended_well(pid);
		REQUIRE(bureau_open(&w->bureau, w->folder, false, "test", &err));
		REQUIRE(
		    issue_recover(&found, w->bureau, ISSUE_WAITS_FOR_AUTHORITY, w->now_s, &err));
		assert_int_equal(found.failed, 0);
		assert_int_equal(made_count(w), before + 1);
		REQUIRE(workshop_number(number, w, subject, &err));
		made_read(&m, w, number);
		made_free(&m);
		assert_int_equal(workshop_count(w, "issued"), 2 * (before + 1));
		assert_int_equal(workshop_count(w, "issued/.making"), 0);
	}
}

static void
threat_32_two_at_once_make_one(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	pid_t pid[4];

	workshop_approved(subject, w);
	bureau_close(w->bureau);
	w->bureau = NULL;
	for (size_t i = 0; i < COUNT_OF(pid); i++)
		pid[i] = start_child(w, subject);
	for (size_t i = 0; i < COUNT_OF(pid); i++)
		assert_true(ended_well(pid[i]));
	REQUIRE(bureau_open(&w->bureau, w->folder, false, "test", &err));
	assert_int_equal(made_count(w), 1);
	assert_int_equal(workshop_count(w, "issued"), 2);
}

/* The same command under the same key: the same proposal, the same number. */
static void
threat_32_an_idempotency_key_repeats_the_proposal(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], id[REGISTRY_SITTING_BYTES];
	uint8_t hash[2][SHA256_BYTES];

	workshop_case(subject, w, &STAR_BRIDGE);
	for (size_t i = 0; i < 2; i++) {
		struct sitting s = {
			.bureau = w->bureau, .now_s = w->now_s, .idempotency_key = "monday-1"
		};
		struct issue_wish wish = { .kind = ACT_ISSUE, .subject = span_text(subject) };
		struct registry_item item = { 0 };
		struct buf act = BUF_EMPTY;
		struct registry_chain chain;
		REQUIRE(sitting_new_id(id, w->bureau, &err));
		REQUIRE(issue_propose(&s, id, &wish, 1, NULL, &err));
		REQUIRE(sitting_record(&item, &act, &s, w->keys.officer[YIN], &err));
		assert_true(item.recorded);
		assert_int_equal(item.repeated, i == 1);
		REQUIRE(registry_chain(&chain, w->bureau->registry, wish.subject, &err));
		memcpy(hash[i], chain.entries[chain.n - 1].act.hash, SHA256_BYTES);
		registry_chain_free(&chain);
		sitting_free(&s);
		buf_free(&act);
		w->now_s += 60;
	}
	assert_memory_equal(hash[0], hash[1], SHA256_BYTES);
}

#define ON(open, test) cmocka_unit_test_setup_teardown(test, open, workshop_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(workshop_standard, threat_29_what_is_made_gets_its_names),
		ON(workshop_standard, threat_31_a_commit_that_fails_takes_no_file_away),
		ON(workshop_standard, threat_29_what_the_second_copy_alone_holds_is_made),
		ON(workshop_standard, threat_29_what_is_approved_is_made),
		ON(workshop_standard, threat_29_leftovers_are_cleared),
		ON(workshop_standard, no_file_is_ever_replaced),
		ON(workshop_standard, a_lost_file_is_said_to_be_lost),
		ON(workshop_standard, threat_29_killed_at_many_moments),
		ON(workshop_standard, threat_32_two_at_once_make_one),
		ON(workshop_standard, threat_32_an_idempotency_key_repeats_the_proposal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
