/* A private folder is gone when its job is, or its process. */
#include "core/scratch.h"

#include "core/file.h"
#include "tests/test.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *
tmp(void)
{
	const char *folder = getenv("TMPDIR");
	return folder != NULL ? folder : "/tmp";
}

/* Files, folders, and a link that leads out. */
static void
fill(const struct scratch *s)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof path, "%s/a/b/c", scratch_path(s));
	assert_true(file_make_folder(path, 0700, NULL));
	snprintf(path, sizeof path, "%s/a/b/file", scratch_path(s));
	assert_true(file_write_passing(path, span_text("secret"), 0600, NULL));
	snprintf(path, sizeof path, "%s/a/link", scratch_path(s));
	assert_int_equal(symlink(tmp(), path), 0);
}

static void
what_was_in_it_goes_with_it(void **state)
{
	struct scratch *s = NULL;
	struct stat st;
	struct err err = { 0 };
	char path[PATH_MAX];
	(void)state;

	assert_true(scratch_open(&s, tmp(), "qualcert-test", &err));
	snprintf(path, sizeof path, "%s", scratch_path(s));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	fill(s);
	assert_true(scratch_close(s, &err));
	assert_false(file_exists(path));
	assert_true(file_exists(tmp()));
	assert_true(scratch_close(NULL, &err));
}

/* Its owner tells where it is, and waits to be killed. */
static pid_t
start_owner(char path[PATH_MAX])
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	pid_t owner = fork();
	assert_true(owner >= 0);
	if (owner == 0) {
		struct scratch *s = NULL;
		if (!scratch_open(&s, tmp(), "qualcert-test", NULL))
			_exit(1);
		fill(s);
		if (write(ends[1], scratch_path(s), PATH_MAX) == PATH_MAX)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ends[0], path, PATH_MAX), PATH_MAX);
	close(ends[0]);
	close(ends[1]);
	return owner;
}

static void
it_goes_when_its_process_is_killed(void **state)
{
	static const int signals[] = { SIGKILL, SIGINT, SIGTERM, SIGHUP };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		char path[PATH_MAX];
		int status, tenths = 0;
		pid_t owner = start_owner(path);

		assert_true(file_exists(path));
		assert_int_equal(kill(owner, signals[i]), 0);
		assert_int_equal(waitpid(owner, &status, 0), owner);
		while (file_exists(path) && tenths++ < 100)
			usleep(100000);
		assert_false(file_exists(path));
	}
}

/* The process that would have removed it. */
static pid_t
sweeper(void)
{
	char path[64], text[32] = "";

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)getpid(), (int)getpid());
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(text, sizeof text, file));
	fclose(file);
	return (pid_t)strtol(text, NULL, 10);
}

/* Who reads what the process writes sees the end of it before the folder is gone. */
static void
the_child_holds_nothing_of_its_process(void **state)
{
	struct scratch *s = NULL;
	struct err err = { 0 };
	char path[64], folder[PATH_MAX] = "", none;
	int ends[2];
	(void)state;

	assert_int_equal(pipe(ends), 0);
	assert_true(scratch_open(&s, tmp(), "qualcert-test", &err));
	snprintf(path, sizeof path, "/proc/%d/cwd", (int)sweeper());
	for (int tenths = 0; strcmp(folder, "/") != 0 && tenths < 100; tenths++) {
		usleep(100000);
		assert_true(readlink(path, folder, sizeof folder - 1) > 0);
	}
	assert_string_equal(folder, "/");
	close(ends[1]);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(read(ends[0], &none, 1), 0);
	close(ends[0]);
	assert_true(scratch_close(s, &err));
}

static void
what_is_left_is_told(void **state)
{
	struct scratch *s = NULL;
	struct err err = { 0 };
	char path[PATH_MAX];
	(void)state;

	assert_true(scratch_open(&s, tmp(), "qualcert-test", &err));
	snprintf(path, sizeof path, "%s", scratch_path(s));
	assert_int_equal(kill(sweeper(), SIGKILL), 0);
	assert_false(scratch_close(s, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.text, path));
	assert_int_equal(rmdir(path), 0);
}

static void
where_none_can_be_is_told(void **state)
{
	struct scratch *s = NULL;
	struct err err = { 0 };
	(void)state;

	assert_false(scratch_open(&s, "/no such folder", "qualcert-test", &err));
	assert_null(s);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.text, "/no such folder"));
}

/* Files could be made there by a shorter path, and not be removed. */
static void
a_parent_whose_path_leaves_no_room_is_refused(void **state)
{
	char longest[PATH_MAX] = "/tmp";
	struct scratch *s = NULL;
	struct err err = { 0 };
	(void)state;

	for (size_t at = 4; at < PATH_MAX - 200; at += 2)
		memcpy(longest + at, "/.", 2);
	assert_false(scratch_open(&s, longest, "qualcert-test", &err));
	assert_null(s);
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.text, "the path of a folder for passing files is too long");
	longest[PATH_MAX - 300] = '\0';
	assert_true(scratch_open(&s, longest, "qualcert-test", &err));
	assert_true(scratch_close(s, &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_in_it_goes_with_it),
		cmocka_unit_test(it_goes_when_its_process_is_killed),
		cmocka_unit_test(the_child_holds_nothing_of_its_process),
		cmocka_unit_test(what_is_left_is_told),
		cmocka_unit_test(where_none_can_be_is_told),
		cmocka_unit_test(a_parent_whose_path_leaves_no_room_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
