#include "core/file.h"
#include "tests/test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each test has a folder of its own, and stands in it. */
static int
enter_folder(void **state)
{
	static char folder[PATH_MAX];
	const char *tmp = getenv("TMPDIR");
	snprintf(folder, sizeof folder, "%s/qualcert-file-XXXXXX", tmp != NULL ? tmp : "/tmp");
	*state = folder;
	return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int
remove_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static int
leave_folder(void **state)
{
	return chdir("/") == 0 ? nftw(*state, remove_entry, 8, FTW_DEPTH | FTW_PHYS) : -1;
}

static void
assert_holds(const char *path, const char *want)
{
	struct buf b = BUF_EMPTY;
	struct err err = { 0 };
	if (!file_read(&b, path, 1000, &err))
		fail_msg("%s", err.text);
	assert_string_equal(buf_text(&b), want);
	buf_free(&b);
}

static size_t
entries_here(void)
{
	size_t n = 0;
	DIR *dir = opendir(".");
	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n - 2; /* . and .. */
}

static void
what_was_written_is_read_back(void **state)
{
	struct buf b = BUF_EMPTY;
	struct stat st;
	(void)state;

	assert_true(file_write("a", span_text("first"), 0640, NULL));
	assert_holds("a", "first");
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_true(file_write("a", span_text(""), 0600, NULL));
	assert_holds("a", "");
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);

	char *path = realpath("a", NULL);
	assert_true(file_write(path, span_text("by its whole path"), 0600, NULL));
	free(path);
	buf_add_text(&b, "appended: ");
	assert_true(file_read(&b, "./a", 17, NULL));
	assert_string_equal(buf_text(&b), "appended: by its whole path");
	buf_free(&b);
	assert_int_equal(entries_here(), 1);
}

static void
nothing_above_the_ceiling_is_read(void **state)
{
	struct buf b = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	buf_add_text(&b, "kept");
	assert_true(file_write("a", span_text("12345"), 0600, NULL));
	assert_false(file_read(&b, "a", 4, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(buf_text(&b), "kept");
	assert_false(file_read(&b, "a", 0, &err));
	assert_true(file_read(&b, "a", 5, &err));
	assert_string_equal(buf_text(&b), "kept12345");

	int endless = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	assert_false(file_read_fd(&b, endless, 100000, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(buf_text(&b), "kept12345");
	close(endless);
	buf_free(&b);
}

static void
only_regular_files_are_read(void **state)
{
	struct buf b = BUF_EMPTY;
	(void)state;

	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	static const struct {
		const char *path;
		enum err_code code;
	} rows[] = {
		{ "missing", ERR_NOT_FOUND },
		{ "missing/a", ERR_NOT_FOUND },
		{ "dangling", ERR_NOT_FOUND },
		{ "", ERR_NOT_FOUND },
		{ "folder", ERR_IO },
		{ "pipe", ERR_IO }, /* and no waiting for a writer */
		{ "loop", ERR_IO },
		{ "/dev/zero", ERR_IO },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		CHECK_ROW(!file_read(&b, rows[i].path, 100, &err), rows[i].path);
		CHECK_ROW(err.code == rows[i].code && b.len == 0, rows[i].path);
		CHECK_ROW(strstr(err.text, rows[i].path) != NULL, rows[i].path);
	}
	struct err err = { 0 };
	assert_false(file_read_fd(&b, -1, 100, &err));
	assert_int_equal(err.code, ERR_IO);
	buf_free(&b);
}

static void
a_pipe_is_read_to_its_end(void **state)
{
	struct buf b = BUF_EMPTY;
	int ends[2];
	(void)state;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "piece", 5), 5);
	close(ends[1]);
	assert_true(file_read_fd(&b, ends[0], 5, NULL));
	assert_string_equal(buf_text(&b), "piece");
	close(ends[0]);
	buf_free(&b);
}

/* threats 36: nothing that stands at the path is replaced or followed. */
static void
threat_36_a_new_file_replaces_and_follows_nothing(void **state)
{
	struct err err = { 0 };
	(void)state;

	assert_true(file_write_new("a", span_text("first"), 0600, &err));
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(symlink("a", "link-to-a"), 0);
	assert_int_equal(mkdir("folder", 0700), 0);
	static const char *const taken[] = { "a", "link", "link-to-a", "folder" };
	for (size_t i = 0; i < COUNT_OF(taken); i++) {
		CHECK_ROW(!file_write_new(taken[i], span_text("second"), 0600, &err), taken[i]);
		CHECK_ROW(err.code == ERR_CONFLICT, taken[i]);
		err.code = ERR_NONE;
		CHECK_ROW(!file_write_passing(taken[i], span_text("second"), 0600, &err), taken[i]);
		CHECK_ROW(err.code == ERR_CONFLICT, taken[i]);
		err.code = ERR_NONE;
		CHECK_ROW(!file_write_one(taken[i], span_text("second"), 0600, &err), taken[i]);
		CHECK_ROW(err.code == ERR_CONFLICT, taken[i]);
	}
	assert_holds("a", "first");
	assert_false(file_exists("target"));
	assert_true(file_exists("link"));
	assert_int_equal(entries_here(), 4);
}

static void
threat_36_a_link_at_the_path_is_replaced_not_followed(void **state)
{
	struct stat st;
	(void)state;

	assert_true(file_write("target", span_text("untouched"), 0600, NULL));
	assert_int_equal(symlink("target", "link"), 0);
	assert_true(file_write("link", span_text("new"), 0600, NULL));
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_holds("link", "new");
	assert_holds("target", "untouched");
}

static void
pieces_have_no_name_until_they_are_whole(void **state)
{
	struct file_new *f = NULL;
	const char *temporary;
	struct err err = { 0 };
	(void)state;

	assert_true(file_new_begin(&f, "a", &err));
	assert_true(file_new_add(f, span_text("first, "), &err));
	assert_true(file_new_add(f, span_text("second"), &err));
	assert_true(file_new_sync(&temporary, f, 0640, &err));
	assert_holds(temporary, "first, second");
	assert_false(file_exists("a"));
	assert_true(file_new_name(f, &err));
	file_new_free(f);
	assert_holds("a", "first, second");

	assert_true(file_new_begin(&f, "b", &err));
	assert_true(file_new_add(f, span_text("given up"), &err));
	file_new_free(f);
	assert_int_equal(entries_here(), 1);

	assert_true(file_new_begin(&f, "a", &err));
	assert_true(file_new_sync(&temporary, f, 0640, &err));
	assert_false(file_new_name(f, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	file_new_free(f);
	assert_holds("a", "first, second");
	assert_int_equal(entries_here(), 1);
}

/* The disk is full in the middle of a write: the old file stands, and no other is left. */
static void
a_failed_write_leaves_the_old_file_and_nothing_else(void **state)
{
	static uint8_t big[100000];
	struct err err = { 0 };
	struct rlimit old;
	(void)state;

	assert_true(file_write("a", span_text("old"), 0600, NULL));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	struct rlimit small = { 50000, old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	bool replaced = file_write("a", span_of(big, sizeof big), 0600, &err);
	bool made = file_write_new("b", span_of(big, sizeof big), 0600, NULL) ||
	    file_write_passing("c", span_of(big, sizeof big), 0600, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, handler);

	assert_false(replaced);
	assert_false(made);
	assert_int_equal(err.code, ERR_IO);
	assert_holds("a", "old");
	assert_int_equal(entries_here(), 1);
}

static void
a_writer_killed_at_any_moment_leaves_old_or_new(void **state)
{
	static char text[2][200001];
	(void)state;

	memset(text[0], 'o', sizeof text[0] - 1);
	memset(text[1], 'n', sizeof text[1] - 1);
	assert_true(file_write("a", span_text(text[0]), 0600, NULL));
	for (unsigned round = 0; round < 20; round++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			for (unsigned i = 0;; i++)
				if (!file_write("a", span_text(text[i % 2]), 0600, NULL))
					_exit(1);
		usleep(1000 + 997 * round);
		assert_int_equal(kill(child, SIGKILL), 0);
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));

		struct buf b = BUF_EMPTY;
		assert_true(file_read(&b, "a", sizeof text[0], NULL));
		assert_true(span_is(buf_span(&b), text[0]) || span_is(buf_span(&b), text[1]));
		buf_free(&b);
	}
}

static void
a_write_that_cannot_be_says_why(void **state)
{
	char name[300];
	(void)state;

	memset(name, 'n', sizeof name);
	name[sizeof name - 1] = '\0';
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_true(file_write("file", span_text("x"), 0600, NULL));
	const char *const rows[] = { "missing/a", "file/a", "folder", "", "folder/", name };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		CHECK_ROW(!file_write(rows[i], span_text("x"), 0600, &err), rows[i]);
		CHECK_ROW(err.code == ERR_IO && err.text[0] != '\0', rows[i]);
		CHECK_ROW(!file_write_new(rows[i], span_text("x"), 0600, &err), rows[i]);
		CHECK_ROW(!file_write_passing(rows[i], span_text("x"), 0600, &err), rows[i]);
	}
	assert_int_equal(entries_here(), 2);
}

static void
folders_are_made_with_their_parents(void **state)
{
	struct stat st;
	struct err err = { 0 };
	(void)state;

	assert_true(file_make_folder("a/b//c/", 0700, &err));
	assert_int_equal(stat("a/b/c", &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_true(file_make_folder("a/b/c", 0755, &err));
	assert_int_equal(stat("a/b/c", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	char *path = realpath("a", NULL);
	assert_true(file_make_folder(path, 0700, &err));
	free(path);

	assert_true(file_write("a/file", span_text("x"), 0600, NULL));
	assert_false(file_make_folder("a/file", 0700, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_false(file_make_folder("a/file/below", 0700, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_false(file_make_folder("", 0700, &err));
	assert_int_equal(err.code, ERR_LIMIT);
}

static void
a_path_longer_than_the_system_takes_is_refused(void **state)
{
	static char path[2 * PATH_MAX];
	struct err err = { 0 };
	struct buf b = BUF_EMPTY;
	(void)state;

	for (size_t i = 0; i + 2 < sizeof path; i += 2)
		memcpy(path + i, "d/", 3);
	assert_false(file_write(path, span_text("x"), 0600, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_false(file_write_new(path, span_text("x"), 0600, &err));
	assert_false(file_make_folder(path, 0700, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_false(file_read(&b, path, 10, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_int_equal(entries_here(), 0);
}

static void
only_a_folder_can_be_synced(void **state)
{
	struct err err = { 0 };
	(void)state;
	assert_true(file_sync_folder(".", &err));
	assert_true(file_write("a", span_text("x"), 0600, NULL));
	assert_false(file_sync_folder("a", &err));
	assert_int_equal(err.code, ERR_IO);
	assert_false(file_sync_folder("missing", &err));
}

/* Another folder, whose name the pattern would fit, is left alone: what is found is removed by some. */
static void
a_folder_named_like_a_pattern_is_no_pattern(void **state)
{
	static const char *const folders[] = { "b[1]", "b1", "c*", "cd", "e\\f" };
	struct err err = { 0 };
	glob_t found;
	char path[32];
	(void)state;

	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		assert_int_equal(mkdir(folders[i], 0700), 0);
		snprintf(path, sizeof path, "%s/two.a", folders[i]);
		assert_true(file_write(path, span_text("x"), 0600, &err));
		snprintf(path, sizeof path, "%s/one.a", folders[i]);
		assert_true(file_write(path, span_text("x"), 0600, &err));
	}
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		assert_true(file_find(&found, folders[i], "*.a", &err));
		assert_int_equal(found.gl_pathc, 2);
		snprintf(path, sizeof path, "%s/one.a", folders[i]);
		assert_string_equal(found.gl_pathv[0], path);
		globfree(&found);
	}
	assert_true(file_find(&found, "b1", "*.b", &err));
	assert_int_equal(found.gl_pathc, 0);
	globfree(&found);
	assert_true(file_find(&found, "missing", "*", &err));
	assert_int_equal(found.gl_pathc, 0);
	globfree(&found);
	assert_int_equal(symlink("circle", "circle"), 0); /* which nobody can read, not even root */
	assert_false(file_find(&found, "circle", "*", &err));
	assert_int_equal(err.code, ERR_IO);
	globfree(&found);
}

#define IN_A_FOLDER(f) cmocka_unit_test_setup_teardown(f, enter_folder, leave_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(what_was_written_is_read_back),
		IN_A_FOLDER(nothing_above_the_ceiling_is_read),
		IN_A_FOLDER(only_regular_files_are_read),
		IN_A_FOLDER(a_pipe_is_read_to_its_end),
		IN_A_FOLDER(threat_36_a_new_file_replaces_and_follows_nothing),
		IN_A_FOLDER(threat_36_a_link_at_the_path_is_replaced_not_followed),
		IN_A_FOLDER(pieces_have_no_name_until_they_are_whole),
		IN_A_FOLDER(a_failed_write_leaves_the_old_file_and_nothing_else),
		IN_A_FOLDER(a_writer_killed_at_any_moment_leaves_old_or_new),
		IN_A_FOLDER(a_write_that_cannot_be_says_why),
		IN_A_FOLDER(folders_are_made_with_their_parents),
		IN_A_FOLDER(a_path_longer_than_the_system_takes_is_refused),
		IN_A_FOLDER(only_a_folder_can_be_synced),
		IN_A_FOLDER(a_folder_named_like_a_pattern_is_no_pattern),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
