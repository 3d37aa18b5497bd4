#include "issuer/bureau_conf.h"

#include "core/buf.h"
#include "core/limits.h"
#include "tests/test.h"

#define GOOD "[bureau]\niss = TEST\nregion = 999900\nhost = v.example\n"

static bool
parse(struct bureau_conf *conf, const char *text, struct err *err)
{
	return bureau_conf_parse(conf, span_text(text), "qualcert.conf", err);
}

static void
what_is_not_set_has_its_default(void **state)
{
	struct bureau_conf conf;
	struct err err = { 0 };

	(void)state;
	assert_true(parse(&conf, GOOD, &err));
	assert_string_equal(conf.iss, "TEST");
	assert_string_equal(conf.region, "999900");
	assert_string_equal(conf.host, "v.example");
	assert_string_equal(conf.second_copy, "second/acts.log");
	assert_null(conf.templates);
	assert_null(conf.role_passphrase_file);
	assert_false(conf.local_signing);
	assert_null(conf.tsa_url);
	assert_false(conf.tsa_required);
	assert_int_equal(conf.lang, LANG_ZH);
	bureau_conf_free(&conf);
}

static void
every_key_is_read(void **state)
{
	struct bureau_conf conf;
	struct err err = { 0 };

	(void)state;
	assert_true(parse(&conf,
	    "# a comment\r\n" GOOD "\n; another\ntemplates = /etc/qualcert/版式\nsecond_copy = "
	    "/mnt/b/acts.log ; disk\nrole_passphrase_file=keys/pass\nlocal_signing = yes\nlang = "
	    "en\ntsa_url = https://tsa.example/ts?a=b\ntsa_required = no",
	    &err));
	assert_string_equal(conf.templates, "/etc/qualcert/版式");
	assert_string_equal(conf.second_copy, "/mnt/b/acts.log");
	assert_string_equal(conf.role_passphrase_file, "keys/pass");
	assert_true(conf.local_signing);
	assert_int_equal(conf.lang, LANG_EN);
	assert_string_equal(conf.tsa_url, "https://tsa.example/ts?a=b");
	assert_false(conf.tsa_required);
	bureau_conf_free(&conf);
}

static void
an_authority_that_is_set_is_required_unless_it_says_otherwise(void **state)
{
	struct bureau_conf conf;
	struct err err = { 0 };

	(void)state;
	assert_true(parse(&conf, GOOD "tsa_url = http://127.0.0.1:8318/\n", &err));
	assert_true(conf.tsa_required);
	bureau_conf_free(&conf);
}

static void
a_bad_line_is_named(void **state)
{
	static const struct {
		const char *row, *text, *says;
	} rows[] = {
		{ "empty file", "", "qualcert.conf: iss is missing" },
		{ "a needed key missing", "[bureau]\niss = TEST\nhost = v.example\n",
		    "qualcert.conf: region is missing" },
		{ "unknown key", GOOD "color = red\n", "qualcert.conf:5: unknown key" },
		{ "upper case is another key", GOOD "Lang = en\n", "qualcert.conf:5: unknown key" },
		{ "repeated key", GOOD "lang = en\n\nlang = en\n", "qualcert.conf:7: this key" },
		{ "indented line continues the one before", GOOD "  two\n",
		    "qualcert.conf:5: this key" },
		{ "another section", GOOD "[daemon]\nport = 1\n",
		    "qualcert.conf:6: the only section" },
		{ "no section", "iss = TEST\n",
		    "qualcert.conf:1: this key must stand below the line [bureau]" },
		{ "no value", GOOD "lang =\n", "qualcert.conf:5: the value is missing" },
		{ "no equals sign", GOOD "lang\n", "qualcert.conf:5: neither" },
		{ "open bracket", "[bureau\n", "qualcert.conf:1: neither" },
		{ "a tick that is none", GOOD "local_signing = true\n",
		    "qualcert.conf:5: local_signing is" },
		{ "an authority over a file", GOOD "tsa_url = file:///etc/passwd\n",
		    "qualcert.conf:5: tsa_url begins with" },
		{ "an authority without a host", GOOD "tsa_url = http:///tsa\n",
		    "qualcert.conf:5: tsa_url begins with" },
		{ "an authority with a blank", GOOD "tsa_url = http://tsa.example/a b\n",
		    "qualcert.conf:5: tsa_url begins with" },
		{ "no authority to require", GOOD "tsa_required = no\n",
		    "qualcert.conf: tsa_required without tsa_url" },
		{ "another tick that is none", GOOD "tsa_url = http://t\ntsa_required = 1\n",
		    "qualcert.conf:6: tsa_required is" },
		{ "a language that is none", GOOD "lang = de\n", "qualcert.conf:5: lang is" },
		{ "region of five digits", "[bureau]\nregion = 99990\n",
		    "qualcert.conf:2: region is" },
		{ "region of letters", "[bureau]\nregion = 99990a\n",
		    "qualcert.conf:2: region is" },
		{ "host in upper case", "[bureau]\nhost = V.example\n",
		    "qualcert.conf:2: host is" },
		{ "host with a path", "[bureau]\nhost = v.example/q\n",
		    "qualcert.conf:2: host is" },
		{ "iss of one letter", "[bureau]\niss = T\n", "qualcert.conf:2: iss is" },
		{ "iss of seventeen", "[bureau]\niss = TESTTESTTESTTESTT\n",
		    "qualcert.conf:2: iss is" },
		{ "control character", GOOD "lang = e\x01n\n",
		    "qualcert.conf:5: control characters" },
		{ "not UTF-8", GOOD "templates = \xff\n", "qualcert.conf:5: control characters" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bureau_conf conf;
		struct err err = { 0 };
		CHECK_ROW(!parse(&conf, rows[i].text, &err), rows[i].row);
		if (strncmp(err.text, rows[i].says, strlen(rows[i].says)) != 0)
			fail_msg("%s: it says: %s", rows[i].row, err.text);
		CHECK_ROW(err.code == ERR_MALFORMED && conf.iss == NULL, rows[i].row);
	}
}

/* The library that reads lines would cut a longer one without a word. */
static void
the_longest_line_is_read_and_the_next_longer_refused(void **state)
{
	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		struct buf text = BUF_EMPTY;
		struct bureau_conf conf;
		struct err err = { 0 };
		const char *key = "templates = /";

		buf_add_text(&text, GOOD);
		buf_add_text(&text, key);
		for (size_t i = strlen(key); i < LIMIT_CONF_LINE_BYTES + extra; i++)
			buf_add_byte(&text, 'x');
		buf_add_text(&text, "\nlang = en\n");
		bool ok = parse(&conf, buf_text(&text), &err);
		assert_int_equal(ok, extra == 0);
		if (ok)
			assert_int_equal(
			    strlen(conf.templates), LIMIT_CONF_LINE_BYTES - strlen(key) + 1);
		else
			assert_string_equal(err.text, "qualcert.conf:5: the line is too long");
		bureau_conf_free(&conf);
		buf_free(&text);
	}
}

static void
a_nul_ends_nothing(void **state)
{
	static const char text[] = GOOD "lang = en\0 secret = x\n";
	struct bureau_conf conf;
	struct err err = { 0 };

	(void)state;
	assert_false(
	    bureau_conf_parse(&conf, span_of(text, sizeof text - 1), "qualcert.conf", &err));
	assert_string_equal(
	    err.text, "qualcert.conf:5: control characters, or bytes that are no UTF-8");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_set_has_its_default),
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(an_authority_that_is_set_is_required_unless_it_says_otherwise),
		cmocka_unit_test(a_bad_line_is_named),
		cmocka_unit_test(the_longest_line_is_read_and_the_next_longer_refused),
		cmocka_unit_test(a_nul_ends_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
