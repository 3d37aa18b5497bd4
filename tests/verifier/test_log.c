/* The log, where nobody reads it, or late. */
#include "core/buf.h"
#include "core/file.h"
#include "tests/test.h"
#include "verifier/daemon/log.h"

#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define LINES 20000 /* a few times what a pipe and the log hold */

/* Standard error, held by a pipe meanwhile. */
struct pipes {
	int reader, before;
};

static void
open_pipe(struct pipes *p)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	p->before = dup(STDERR_FILENO);
	assert_true(p->before >= 0 && dup2(ends[1], STDERR_FILENO) >= 0);
	close(ends[1]);
	p->reader = ends[0];
}

static void
close_pipe(struct pipes *p)
{
	dup2(p->before, STDERR_FILENO);
	close(p->before);
	close(p->reader);
}

static void
say_many(void)
{
	for (int i = 0; i < LINES; i++)
		log_info("many", json_pack("{s:i}", "i", i));
}

/* Lines that came, or were said to be lost; each must be whole, and in its turn. */
static void
count_line(size_t *told, size_t *lost, int *last, const char *line, size_t len)
{
	json_t *json = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(json);
	if (strcmp(json_string_value(json_object_get(json, "event")), "many") == 0) {
		const int i = (int)json_integer_value(json_object_get(json, "i"));
		assert_true(i > *last);
		*last = i;
		++*told;
	} else {
		*lost += (size_t)json_integer_value(json_object_get(json, "lost"));
	}
	json_decref(json);
}

static void *
close_log(void *ctx)
{
	(void)ctx;
	log_close();
	close(STDERR_FILENO); /* the end, for the reader */
	return NULL;
}

/* Nobody reads: everybody goes on. Somebody does at last: what is left comes, and how much does not. */
static void
who_has_something_to_say_does_not_wait_for_the_reader(void **state)
{
	struct pipes p;
	struct buf log = BUF_EMPTY;
	struct err err = { 0 };
	pthread_t thread;
	size_t told = 0, lost = 0;
	int last = -1;
	(void)state;

	open_pipe(&p);
	assert_true(log_open(&err));
	say_many();
	assert_int_equal(pthread_create(&thread, NULL, close_log, NULL), 0);
	const bool read = file_read_fd(&log, p.reader, 8 << 20, &err);
	pthread_join(thread, NULL);
	close_pipe(&p);
	assert_true(read);
	const char *at = buf_text(&log);
	for (const char *end; (end = strchr(at, '\n')) != NULL; at = end + 1)
		count_line(&told, &lost, &last, at, (size_t)(end - at));
	assert_string_equal(at, "");
	assert_true(told > 0 && lost > 0);
	assert_int_equal(told + lost, LINES);
	buf_free(&log);
}

/* A reader that never takes anything does not keep the daemon from ending. */
static void
the_end_does_not_wait_for_ever(void **state)
{
	struct pipes p;
	struct err err = { 0 };
	(void)state;

	open_pipe(&p);
	assert_true(log_open(&err));
	say_many();
	log_close();
	close_pipe(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_something_to_say_does_not_wait_for_the_reader),
		cmocka_unit_test(the_end_does_not_wait_for_ever),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
