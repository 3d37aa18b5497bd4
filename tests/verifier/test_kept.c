/* Published files in memory: always those that are on disk. */
#include "core/file.h"
#include "core/scratch.h"
#include "tests/test.h"
#include "verifier/daemon/kept.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct shop {
	struct scratch *folder;
	struct kept_files *files;
};

static int
open_shop(void **state)
{
	static struct shop s;
	struct err err = { 0 };

	if (!scratch_open(&s.folder, "/tmp", "kept-", &err) || !kept_new(&s.files, &err))
		fail_msg("%s", err.text);
	*state = &s;
	return 0;
}

static int
close_shop(void **state)
{
	struct shop *s = *state;

	kept_free(s->files);
	return scratch_close(s->folder, NULL) ? 0 : -1;
}

static void
write_file(const struct shop *s, const char *name, struct span bytes)
{
	char path[256];
	struct err err = { 0 };

	snprintf(path, sizeof path, "%s/%s", scratch_path(s->folder), name);
	if (!file_write(path, bytes, 0644, &err))
		fail_msg("%s", err.text);
}

static void
remove_file(const struct shop *s, const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", scratch_path(s->folder), name);
	assert_int_equal(unlink(path), 0);
}

static struct kept *
find(const struct shop *s, const char *name)
{
	int fd = -1;
	struct kept *k = kept_find(&fd, s->files, scratch_path(s->folder), name);

	assert_int_equal(fd, -1);
	return k;
}

static void
holds(const struct shop *s, const char *name, const char *text)
{
	struct kept *k = find(s, name);

	assert_non_null(k);
	assert_true(span_equal(buf_span(&k->bytes), span_text(text)));
	assert_int_equal(k->size, strlen(text));
	kept_release(k);
}

static void
a_file_that_is_replaced_or_removed_is_so_for_whoever_asks_next(void **state)
{
	struct shop *s = *state;

	write_file(s, "one", span_text("first"));
	holds(s, "one", "first");
	write_file(s, "one", span_text("other")); /* as long, and in the same moment */
	holds(s, "one", "other");
	remove_file(s, "one");
	assert_null(find(s, "one"));
	write_file(s, "one", span_text("third"));
	holds(s, "one", "third");
}

static void
what_was_given_out_stays_as_it_was(void **state)
{
	struct shop *s = *state;

	write_file(s, "one", span_text("first"));
	struct kept *before = find(s, "one");
	write_file(s, "one", span_text("other"));
	holds(s, "one", "other");
	assert_true(span_equal(buf_span(&before->bytes), span_text("first")));
	kept_release(before);
}

static void
one_that_is_at_hand_is_looked_at_again_after_a_moment(void **state)
{
	struct shop *s = *state;

	assert_null(kept_peek(s->files, "one"));
	write_file(s, "one", span_text("first"));
	holds(s, "one", "first");
	usleep((KEPT_LOOK_MS + 1) * 1000);
	assert_null(kept_peek(s->files, "one"));
}

static void
the_tag_is_the_contents(void **state)
{
	struct shop *s = *state;

	write_file(s, "one", span_text("same"));
	write_file(s, "two", span_text("same"));
	write_file(s, "three", span_text("more"));
	struct kept *one = find(s, "one"), *two = find(s, "two"), *three = find(s, "three");
	assert_string_equal(one->etag, two->etag);
	assert_string_not_equal(one->etag, three->etag);
	assert_int_equal(strlen(one->etag), KEPT_ETAG_BYTES - 1);
	kept_release(one);
	kept_release(two);
	kept_release(three);
}

static void
a_long_file_is_sent_from_disk(void **state)
{
	struct shop *s = *state;
	struct buf bytes = BUF_EMPTY, read = BUF_EMPTY;
	int fd = -1;

	for (size_t i = 0; i < KEPT_BYTES_MOST + 1; i++)
		buf_add_byte(&bytes, (uint8_t)i);
	write_file(s, "long", buf_span(&bytes));
	for (int i = 0; i < 2; i++) {
		struct kept *k = kept_find(&fd, s->files, scratch_path(s->folder), "long");
		assert_non_null(k);
		assert_int_equal(k->bytes.len, 0);
		assert_int_equal(k->size, bytes.len);
		assert_true(fd >= 0 && lseek(fd, 0, SEEK_SET) == 0);
		assert_true(file_read_fd(&read, fd, 2 * KEPT_BYTES_MOST, NULL));
		assert_true(span_equal(buf_span(&read), buf_span(&bytes)));
		buf_free(&read);
		close(fd);
		kept_release(k);
	}
	buf_free(&bytes);
}

static void
no_path_leads_out_of_the_folder(void **state)
{
	static const char *const paths[] = { "", "/", ".", "..", "../one", "v1/../one",
		"/etc/passwd", "v1//one", ".one", "one/", "v1/.one", "one%2e", "one two",
		"one\\two", "v1", "link", "\xe4\xb8\x80", "pipe" };
	struct shop *s = *state;
	char path[256], long_one[300];

	write_file(s, "one", span_text("first"));
	snprintf(path, sizeof path, "%s/v1", scratch_path(s->folder));
	assert_int_equal(mkdir(path, 0755), 0);
	write_file(s, "v1/one", span_text("first"));
	snprintf(path, sizeof path, "%s/link", scratch_path(s->folder));
	assert_int_equal(symlink("one", path), 0);
	snprintf(path, sizeof path, "%s/pipe", scratch_path(s->folder));
	assert_int_equal(mkfifo(path, 0600), 0);
	for (size_t i = 0; i < COUNT_OF(paths); i++)
		CHECK_ROW(find(s, paths[i]) == NULL, paths[i]);
	memset(long_one, 'a', sizeof long_one - 1);
	long_one[sizeof long_one - 1] = '\0';
	assert_null(find(s, long_one));
	holds(s, "v1/one", "first");
}

/* Whoever asks then is told to come back, not that there is nothing. */
static void
where_no_descriptor_is_left_it_says_so(void **state)
{
	struct shop *s = *state;
	struct rlimit limit;
	int fd = -1;

	write_file(s, "one", span_text("first"));
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(
	    setrlimit(RLIMIT_NOFILE, &(struct rlimit){ STDERR_FILENO + 1, limit.rlim_max }), 0);
	struct kept *k = kept_find(&fd, s->files, scratch_path(s->folder), "one");
	const int why = errno;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_null(k);
	assert_int_equal(why, EMFILE);
	assert_null(find(s, "two"));
	assert_int_equal(errno, ENOENT);
	holds(s, "one", "first");
}

static void
more_files_than_places_are_all_found(void **state)
{
	struct shop *s = *state;
	char name[16];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 2 * KEPT_PLACES; i++) {
			snprintf(name, sizeof name, "n%d", i);
			if (round == 0)
				write_file(s, name, span_text(name));
			holds(s, name, name);
		}
	}
}

int
main(void)
{
#define WITH_SHOP(test) cmocka_unit_test_setup_teardown(test, open_shop, close_shop)
	const struct CMUnitTest tests[] = {
		WITH_SHOP(a_file_that_is_replaced_or_removed_is_so_for_whoever_asks_next),
		WITH_SHOP(what_was_given_out_stays_as_it_was),
		WITH_SHOP(one_that_is_at_hand_is_looked_at_again_after_a_moment),
		WITH_SHOP(the_tag_is_the_contents),
		WITH_SHOP(a_long_file_is_sent_from_disk),
		WITH_SHOP(no_path_leads_out_of_the_folder),
		WITH_SHOP(where_no_descriptor_is_left_it_says_so),
		WITH_SHOP(more_files_than_places_are_all_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
