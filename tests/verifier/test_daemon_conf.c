/* The daemon's configuration: what a file and options say, and whether it can work so. */
#include "verifier/daemon/daemon_conf.h"

#include "core/file.h"
#include "tests/test.h"
#include "tests/verifier/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define HEAD "[qualverifyd]\n"

static const char *
value(const struct daemon_conf *conf, enum daemon_key key)
{
	return conf->value[key].text != NULL ? conf->value[key].text : "-";
}

static void
parse(struct daemon_conf *conf, const char *text)
{
	struct buf mistakes = BUF_EMPTY;

	MUST(daemon_conf_parse(conf, span_text(text), "q.conf", &mistakes, &err));
	assert_int_equal(mistakes.len, 0);
}

static void
a_bureau_is_short_for_its_files(void **state)
{
	const struct daemon_conf none = { 0 };
	struct daemon_conf conf;
	(void)state;

	parse(&conf, HEAD "bureau = /b\npublic = /p\n");
	MUST(daemon_conf_complete(&conf, &none, &err));
	const struct feed_paths paths = daemon_conf_paths(&conf);
	assert_string_equal(paths.root, "/b/root.cose");
	assert_string_equal(paths.public_folder, "/p");
	assert_string_equal(paths.lookup, "/b/lookup.db");
	assert_int_equal(conf.value[DAEMON_ROOT].line, 2);
	assert_string_equal(value(&conf, DAEMON_LISTEN), "127.0.0.1:8080");
	assert_string_equal(value(&conf, DAEMON_ADMIN), "127.0.0.1:8081");
	daemon_conf_free(&conf);
}

/* A DMZ's options beside a bureau's file must not look things up in that bureau. */
static void
options_win_and_say_wholly_whom_to_believe(void **state)
{
	struct daemon_conf above = { 0 }, conf;
	(void)state;

	MUST(daemon_conf_set(&above, DAEMON_ROOT, "/r", &err));
	MUST(daemon_conf_set(&above, DAEMON_PUBLIC, "/p", &err));
	MUST(daemon_conf_set(&above, DAEMON_ADMIN, "unix:/a", &err));
	parse(&conf, HEAD "bureau = /b\nlookup = /l\nadmin = :1\nlisten = :2\nmemory = /m\n");
	MUST(daemon_conf_complete(&conf, &above, &err));
	const struct feed_paths paths = daemon_conf_paths(&conf);
	assert_string_equal(paths.root, "/r");
	assert_string_equal(paths.public_folder, "/p");
	assert_null(paths.lookup);
	assert_string_equal(paths.memory_folder, "/m");
	assert_string_equal(value(&conf, DAEMON_LISTEN), ":2");
	assert_string_equal(value(&conf, DAEMON_ADMIN), "unix:/a");
	daemon_conf_free(&conf);
	daemon_conf_free(&above);
}

static void
nobody_to_believe_is_no_configuration(void **state)
{
	static const char *const rows[] = { "", HEAD, HEAD "root = /r\n", HEAD "public = /p\n",
		HEAD "lookup = /l\n" };
	const struct daemon_conf none = { 0 };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct daemon_conf conf;
		struct err err = { 0 };
		parse(&conf, rows[i]);
		CHECK_ROW(!daemon_conf_complete(&conf, &none, &err), rows[i]);
		CHECK_ROW(err.code == ERR_USAGE, rows[i]);
		daemon_conf_free(&conf);
	}
}

static void
workers_are_a_number_or_one_a_processor(void **state)
{
	static const char *const bad[] = { "0", "65", "-1", "x", "1 2", "9999" };
	struct daemon_conf conf = { 0 };
	(void)state;

	assert_in_range(daemon_conf_workers(&conf), 1, 4096);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err err = { 0 };
		CHECK_ROW(!daemon_conf_set(&conf, DAEMON_WORKERS, bad[i], &err), bad[i]);
		CHECK_ROW(err.code == ERR_USAGE, bad[i]);
	}
	MUST(daemon_conf_set(&conf, DAEMON_WORKERS, "64", &err));
	assert_int_equal(daemon_conf_workers(&conf), 64);
	daemon_conf_free(&conf);
}

static void
a_bad_line_is_named(void **state)
{
	struct daemon_conf conf;
	struct buf mistakes = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	assert_false(daemon_conf_parse(&conf,
	    span_text(HEAD "listen = 8080\nadmin = localhost:1\nport = 1\nroot = /r\nroot = /s\n"),
	    "q.conf", &mistakes, &err));
	const char *text = buf_text(&mistakes);
	assert_non_null(strstr(text, "q.conf:2: \"8080\" is no address"));
	assert_non_null(strstr(text, "q.conf:3: \"localhost:1\" is no address"));
	assert_non_null(strstr(text, "q.conf:4: unknown key"));
	assert_non_null(strstr(text, "q.conf:6: this key stands there twice"));
	daemon_conf_free(&conf);
	buf_free(&mistakes);
}

static void
what_cannot_work_is_named_by_line_or_option(void **state)
{
	const struct daemon_conf none = { 0 };
	struct daemon_conf conf;
	struct fixture f;
	struct buf text = BUF_EMPTY, mistakes = BUF_EMPTY;
	(void)state;

	fixture_open(&f);
	fixture_write_lookup(&f);
	buf_printf(&text, HEAD "root = %s\npublic = %s\nlookup = %s\nmemory = %s\n", f.root,
	    f.public_folder, f.lookup, f.memory);
	parse(&conf, buf_text(&text));
	MUST(daemon_conf_complete(&conf, &none, &err));
	assert_true(daemon_conf_check(&conf, "q.conf", &mistakes));
	assert_int_equal(mistakes.len, 0);

	daemon_conf_free(&conf);
	buf_free(&text);
	buf_printf(&text, HEAD "root = %s\npublic = %s\nlookup = %s\nmemory = %s/x\n", f.lookup,
	    f.root, f.root, f.root);
	parse(&conf, buf_text(&text));
	MUST(daemon_conf_complete(&conf, &none, &err));
	assert_false(daemon_conf_check(&conf, "q.conf", &mistakes));
	unsigned at = 2;
	for (const char *line = buf_text(&mistakes); *line != '\0'; at++) {
		char want[16];
		snprintf(want, sizeof want, "q.conf:%u: ", at);
		CHECK_ROW(strncmp(line, want, strlen(want)) == 0, line);
		line = strchr(line, '\n') + 1;
	}
	assert_int_equal(at, 6); /* each of the four */

	buf_free(&mistakes);
	MUST(daemon_conf_set(&conf, DAEMON_PUBLIC, "/nowhere", &err));
	assert_false(daemon_conf_check(&conf, "q.conf", &mistakes));
	assert_non_null(strstr(buf_text(&mistakes), "--public: /nowhere: No such file"));
	daemon_conf_free(&conf);
	buf_free(&text);
	buf_free(&mistakes);
	fixture_close(&f);
}

static bool
check_says(const char *text, const char *want)
{
	const struct daemon_conf none = { 0 };
	struct daemon_conf conf;
	struct buf mistakes = BUF_EMPTY;

	parse(&conf, text);
	MUST(daemon_conf_complete(&conf, &none, &err));
	const bool ok = daemon_conf_check(&conf, "q.conf", &mistakes);
	const bool said = strcmp(buf_text(&mistakes), want) == 0;
	if (!said)
		print_error("said: %s", buf_text(&mistakes));
	daemon_conf_free(&conf);
	buf_free(&mistakes);
	return said && ok == (want[0] == '\0');
}

static void
a_folder_that_publishes_nothing_is_a_mistake_and_an_empty_one_is_none(void **state)
{
	struct fixture f;
	struct buf text = BUF_EMPTY, want = BUF_EMPTY;
	char folder[128], inside[160];
	(void)state;

	fixture_open(&f);
	assert_false(daemon_conf_is_published(f.public_folder)); /* a bundle alone */
	fixture_publish(&f, FIXTURE_DAY_S(2));
	assert_true(daemon_conf_is_published(f.public_folder));
	snprintf(folder, sizeof folder, "%s/elsewhere", f.folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	snprintf(inside, sizeof inside, "%s/.copying", folder);
	assert_int_equal(mkdir(inside, 0700), 0);
	buf_printf(&text, HEAD "root = %s\npublic = %s\nmemory = %s\n", f.root, folder, f.memory);
	assert_true(check_says(buf_text(&text), ""));
	assert_false(daemon_conf_is_published(folder));

	snprintf(inside, sizeof inside, "%s/keys", folder);
	assert_int_equal(mkdir(inside, 0700), 0);
	buf_printf(
	    &want, "q.conf:3: %s publishes nothing: neither v1/ nor log/ is in it\n", folder);
	assert_true(check_says(buf_text(&text), buf_text(&want)));
	snprintf(inside, sizeof inside, "%s/public", folder);
	assert_int_equal(mkdir(inside, 0700), 0);
	snprintf(inside, sizeof inside, "%s/public/v1", folder);
	assert_int_equal(mkdir(inside, 0700), 0);
	buf_free(&want);
	buf_printf(&want,
	    "q.conf:3: %s publishes nothing: the published files are in its folder public\n",
	    folder);
	assert_true(check_says(buf_text(&text), buf_text(&want)));
	snprintf(inside, sizeof inside, "%s/log", folder); /* a copy under way */
	assert_int_equal(mkdir(inside, 0700), 0);
	snprintf(inside, sizeof inside, "%s/v1", folder);
	assert_int_equal(mkdir(inside, 0700), 0);
	assert_true(check_says(buf_text(&text), ""));
	buf_free(&text);
	buf_free(&want);
	fixture_close(&f);
}

static void
one_address_for_both_listeners_is_a_mistake(void **state)
{
	struct fixture f;
	struct buf text = BUF_EMPTY;
	(void)state;

	fixture_open(&f);
	buf_printf(
	    &text, HEAD "root = %s\npublic = %s\nmemory = %s\n", f.root, f.public_folder, f.memory);
	buf_add_text(&text, "admin = 127.0.0.1:80\nlisten = :80\n");
	assert_true(check_says(buf_text(&text),
	    "q.conf:5: admin (127.0.0.1:80) is where listen (:80) is already: each needs an "
	    "address "
	    "of its own\n"));
	buf_free(&text); /* and where one is not said */
	buf_printf(&text, HEAD "root = %s\npublic = %s\nmemory = %s\nlisten = 127.0.0.1:8081\n",
	    f.root, f.public_folder, f.memory);
	assert_true(check_says(buf_text(&text),
	    "--admin: admin (127.0.0.1:8081) is where listen (127.0.0.1:8081) is already: each "
	    "needs "
	    "an address of its own\n"));
	buf_free(&text);
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bureau_is_short_for_its_files),
		cmocka_unit_test(options_win_and_say_wholly_whom_to_believe),
		cmocka_unit_test(nobody_to_believe_is_no_configuration),
		cmocka_unit_test(workers_are_a_number_or_one_a_processor),
		cmocka_unit_test(a_bad_line_is_named),
		cmocka_unit_test(what_cannot_work_is_named_by_line_or_option),
		cmocka_unit_test(
		    a_folder_that_publishes_nothing_is_a_mistake_and_an_empty_one_is_none),
		cmocka_unit_test(one_address_for_both_listeners_is_a_mistake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
