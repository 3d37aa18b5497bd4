/* The client of a time-stamping authority, against a real one (tests/tsa.py) that also misbehaves. */
#include "core/file.h"
#include "core/limits.h"
#include "issuer/tsa.h"
#include "keys/pem.h"
#include "keys/timestamp.h"
#include "tests/keys/bureau.h"
#include "tests/keys/folder.h"
#include "tests/test.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define THREADS 8
#define ASKED 5 /* by each */

struct fixture {
	struct folder folder;
	pid_t authority;
	char url[64], secure[64];
	struct bureau *b; /* lists it */
	struct buf certificate;
};

static const uint8_t imprint[SHA256_BYTES] = { 1, 2, 3 };

/* The authority says where it is when it is ready. */
static void
start(struct fixture *f)
{
	int said[2];

	assert_int_equal(pipe(said), 0);
	f->authority = fork();
	if (f->authority == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM); /* whatever becomes of the test */
		dup2(said[1], STDOUT_FILENO);
		execl("/usr/bin/python3", "python3", SOURCE_DIR "/tests/tsa.py", f->folder.path,
		    (char *)NULL);
		_exit(127);
	}
	close(said[1]);
	assert_true(f->authority > 0);
	FILE *line = fdopen(said[0], "r");
	assert_int_equal(fscanf(line, "%63s %63s", f->url, f->secure), 2);
	fclose(line);
}

static void
list(struct fixture *f)
{
	struct buf pem = BUF_EMPTY;
	struct bundle_key *entry = bureau_add_key(f->b);

	assert_true(file_read(&pem, folder_at(&f->folder, "tsa.pem"), LIMIT_KEY_FILE_BYTES, NULL));
	assert_true(pem_decode(&f->certificate, PEM_CERTIFICATE, buf_span(&pem), NULL));
	entry->use = KEY_USE_TSA;
	entry->key = buf_span(&f->certificate);
	assert_true(timestamp_list(entry, entry->key, NULL));
	bureau_renew(f->b);
	buf_free(&pem);
}

static int
set_up(void **state)
{
	static struct fixture f;

	setenv("no_proxy", "127.0.0.1", 1);
	folder_new(&f.folder);
	start(&f);
	f.b = bureau_new();
	list(&f);
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	kill(f->authority, SIGTERM);
	waitpid(f->authority, NULL, 0);
	bureau_free(f->b);
	buf_free(&f->certificate);
	folder_remove(&f->folder);
	return 0;
}

static struct tsa *
open_at(const struct fixture *f, const char *path, long answer_ms)
{
	char url[128];
	struct tsa *t = NULL;

	snprintf(url, sizeof url, "%s%s", f->url, path);
	assert_true(tsa_open(&t, &(struct tsa_place){ url, 2000, answer_ms }, NULL));
	return t;
}

/* How often a path was asked for, by how many connections. */
static size_t
asked(const struct fixture *f, const char *path, size_t *connections)
{
	struct folder folder = f->folder;
	char line[64], last[64] = "", word[32];
	size_t n = 0;

	snprintf(word, sizeof word, "%s application/timestamp-query ", path);
	*connections = 0;
	FILE *in = fopen(folder_at(&folder, "asked"), "r");
	while (in != NULL && fgets(line, sizeof line, in) != NULL) {
		if (strncmp(line, word, strlen(word)) != 0)
			continue;
		n++;
		*connections += strcmp(line, last) != 0;
		memcpy(last, line, sizeof last);
	}
	if (in != NULL)
		fclose(in);
	return n;
}

static enum timestamp_answer
judge(const struct fixture *f, const struct buf *token)
{
	struct timestamp out;
	return timestamp_check(&out, f->b->trust, imprint, buf_span(token), NULL);
}

/* ---- */

static void
a_time_stamp_comes_and_holds_and_the_connection_is_kept(void **state)
{
	const struct fixture *f = *state;
	struct tsa *t = open_at(f, "/", TSA_ANSWER_MS);
	size_t connections;

	for (int i = 0; i < 3; i++) {
		struct buf token = BUF_EMPTY;
		struct err err = { 0 };
		if (!tsa_ask(&token, t, imprint, &err))
			fail_msg("%s", err.text);
		assert_int_equal(judge(f, &token), TIMESTAMP_HOLDS);
		buf_free(&token);
	}
	assert_int_equal(asked(f, "/", &connections), 3);
	assert_int_equal(connections, 1);
	tsa_close(t);
}

static void
what_is_no_time_stamp_is_told_in_words(void **state)
{
	static const struct {
		const char *path;
		enum err_code code;
		const char *says;
		size_t asked;
	} rows[] = {
		{ "/reject", ERR_REFUSED,
		    "gave no time-stamp: rejection, it does not know SHA-256 (badAlg): \"Message "
		    "digest algorithm is not supported.\"",
		    1 },
		{ "/garbage", ERR_MALFORMED, "none of RFC 3161", 1 },
		{ "/oversize", ERR_IO, "longer than 13312 bytes", 2 },
		{ "/redirect", ERR_IO, "HTTP 302", 2 },
		{ "/type", ERR_IO, "not as a time-stamping authority", 2 },
		{ "/error", ERR_IO, "HTTP 503", 2 },
		{ "/nonce", ERR_MALFORMED, "the nonce is not ours", 1 },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct tsa *t = open_at(f, rows[i].path, TSA_ANSWER_MS);
		struct buf token = BUF_EMPTY;
		struct err err = { 0 };
		size_t connections;
		CHECK_ROW(!tsa_ask(&token, t, imprint, &err), rows[i].path);
		CHECK_ROW(err.code == rows[i].code, err.text);
		CHECK_ROW(strstr(err.text, rows[i].says) != NULL, err.text);
		CHECK_ROW(token.len == 0, rows[i].path);
		CHECK_ROW(asked(f, rows[i].path, &connections) == rows[i].asked, rows[i].path);
		tsa_close(t);
	}
}

/* The nonce is ours, so only who judges the token can tell. */
static void
a_time_stamp_over_something_else_does_not_hold(void **state)
{
	const struct fixture *f = *state;
	struct tsa *t = open_at(f, "/other", TSA_ANSWER_MS);
	struct buf token = BUF_EMPTY;

	assert_true(tsa_ask(&token, t, imprint, NULL));
	assert_int_equal(judge(f, &token), TIMESTAMP_OTHER);
	buf_free(&token);
	tsa_close(t);
}

static void
an_authority_that_failed_once_is_asked_again(void **state)
{
	const struct fixture *f = *state;
	struct tsa *t = open_at(f, "/once", TSA_ANSWER_MS);
	struct buf token = BUF_EMPTY;

	assert_true(tsa_ask(&token, t, imprint, NULL));
	assert_int_equal(judge(f, &token), TIMESTAMP_HOLDS);
	buf_free(&token);
	tsa_close(t);
}

static void
an_authority_that_does_not_end_its_answer_is_given_up(void **state)
{
	static const char *const paths[] = { "/never", "/drip" };
	const struct fixture *f = *state;

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct tsa *t = open_at(f, paths[i], 300);
		struct buf token = BUF_EMPTY;
		struct err err = { 0 };
		CHECK_ROW(!tsa_ask(&token, t, imprint, &err), paths[i]);
		CHECK_ROW(err.code == ERR_IO, err.text);
		CHECK_ROW(strstr(err.text, "does not answer") != NULL, err.text);
		tsa_close(t);
	}
}

/* So many certificates do not each wait for it. */
static void
an_authority_that_kept_us_waiting_is_left_alone_for_a_while(void **state)
{
	const struct fixture *f = *state;
	struct tsa *t = open_at(f, "/never", TSA_SLOW_MS);
	struct buf token = BUF_EMPTY;
	struct err first = { 0 }, second = { 0 };
	size_t connections;
	const size_t before = asked(f, "/never", &connections);

	assert_false(tsa_ask(&token, t, imprint, &first));
	assert_false(tsa_ask(&token, t, imprint, &second));
	assert_string_equal(first.text, second.text);
	assert_int_equal(asked(f, "/never", &connections) - before, 2); /* both of the first time */
	tsa_close(t);
}

static void
an_authority_that_fails_at_once_is_asked_for_each(void **state)
{
	const struct fixture *f = *state;
	struct tsa *t = open_at(f, "/error", TSA_ANSWER_MS);
	struct buf token = BUF_EMPTY;
	size_t connections;
	const size_t before = asked(f, "/error", &connections);

	for (int i = 0; i < 2; i++)
		assert_false(tsa_ask(&token, t, imprint, NULL));
	assert_int_equal(asked(f, "/error", &connections) - before, 4);
	tsa_close(t);
}

static void
nobody_there_is_told(void **state)
{
	struct tsa *t = NULL;
	struct buf token = BUF_EMPTY;
	struct err err = { 0 };

	(void)state;
	/* Port 9 is nobody's here; where it is, he is no authority. */
	assert_true(tsa_open(&t, &(struct tsa_place){ "http://127.0.0.1:9/", 2000, 2000 }, NULL));
	assert_false(tsa_ask(&token, t, imprint, &err));
	assert_int_equal(err.code, ERR_IO);
	tsa_close(t);
}

static void
an_https_server_that_nobody_vouches_for_is_not_believed(void **state)
{
	const struct fixture *f = *state;
	struct tsa *t = NULL;
	struct buf token = BUF_EMPTY;
	struct err err = { 0 };

	assert_true(tsa_open(&t, &(struct tsa_place){ f->secure, 2000, 5000 }, NULL));
	assert_false(tsa_ask(&token, t, imprint, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.text, "certificate"));
	tsa_close(t);
}

static void
only_http_and_https_are_addresses(void **state)
{
	static const char *const bad[] = { "file:///etc/passwd", "ftp://tsa.example/",
		"tsa.example", "http://", "https:///x", "http://a b/", "" };
	struct tsa *t = NULL;
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CHECK_ROW(!tsa_open(&t, &(struct tsa_place){ bad[i], 1, 1 }, &err), bad[i]);
		CHECK_ROW(err.code == ERR_MALFORMED, bad[i]);
		CHECK_ROW(t == NULL, bad[i]);
	}
	assert_true(tsa_is_url("HTTPS://tsa.example:8318/ts?x=y"));
}

/* ---- threads ---- */

struct asker {
	pthread_t thread;
	const struct fixture *f;
	struct tsa *t;
	size_t holds;
};

static void *
ask_often(void *ctx)
{
	struct asker *a = ctx;

	for (int i = 0; i < ASKED; i++) {
		struct buf token = BUF_EMPTY;
		if (tsa_ask(&token, a->t, imprint, NULL))
			a->holds += judge(a->f, &token) == TIMESTAMP_HOLDS;
		buf_free(&token);
	}
	return NULL;
}

static void
threads_share_a_client(void **state)
{
	const struct fixture *f = *state;
	struct tsa *t = open_at(f, "/", TSA_ANSWER_MS);
	struct asker askers[THREADS];

	for (size_t i = 0; i < THREADS; i++) {
		askers[i] = (struct asker){ .f = f, .t = t };
		assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_often, &askers[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(askers[i].thread, NULL), 0);
		assert_int_equal(askers[i].holds, ASKED);
	}
	tsa_close(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_time_stamp_comes_and_holds_and_the_connection_is_kept),
		cmocka_unit_test(what_is_no_time_stamp_is_told_in_words),
		cmocka_unit_test(a_time_stamp_over_something_else_does_not_hold),
		cmocka_unit_test(an_authority_that_failed_once_is_asked_again),
		cmocka_unit_test(an_authority_that_does_not_end_its_answer_is_given_up),
		cmocka_unit_test(an_authority_that_kept_us_waiting_is_left_alone_for_a_while),
		cmocka_unit_test(an_authority_that_fails_at_once_is_asked_for_each),
		cmocka_unit_test(nobody_there_is_told),
		cmocka_unit_test(an_https_server_that_nobody_vouches_for_is_not_believed),
		cmocka_unit_test(only_http_and_https_are_addresses),
		cmocka_unit_test(threads_share_a_client),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
