#include "issuer/bureau_init.h"

#include "core/file.h"
#include "core/limits.h"
#include "tests/issuer/workshop.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A ceremony's outcome, and what a new bureau is made from; each test spoils one thing. */
struct site {
	struct workshop w; /* only its folder and keys */
	struct buf policy;
	struct signer *service;
	struct bureau_init init;
};

static int
set_up(void **state)
{
	struct site *s = calloc(1, sizeof *s);
	struct policy policy;
	char path[128];

	snprintf(s->w.folder, sizeof s->w.folder, "/tmp/site-XXXXXX");
	assert_non_null(mkdtemp(s->w.folder));
	REQUIRE(file_read(
	    &s->policy, SOURCE_DIR "/templates/policy-standard.json", LIMIT_JSON_BYTES, &err));
	REQUIRE(policy_parse(&policy, buf_span(&s->policy), &err));
	workshop_keys_new(&s->w.keys, s->w.folder, false, policy.hash);
	snprintf(path, sizeof path, "%s/keys/service.pem", s->w.folder);
	REQUIRE(key_file_open(&s->service, path, span_text(WORKSHOP_PASSPHRASE), &err));
	s->init = (struct bureau_init){ .folder = s->w.folder,
		.root_file = s->w.keys.root_file,
		.bundle_file = buf_span(&s->w.keys.bundle_file),
		.policy = buf_span(&s->policy),
		.conf = { .iss = "TEST", .region = "999900", .host = "v.example" },
		.service = s->service };
	*state = s;
	return 0;
}

static int
tear_down(void **state)
{
	struct site *s = *state;

	signer_free(s->service);
	buf_free(&s->policy);
	workshop_close(&s->w);
	free(s);
	return 0;
}

static void
must_refuse(const struct site *s, int64_t now_s, const char *sentence)
{
	struct err why = { 0 };
	char path[128];

	assert_false(bureau_init(&s->init, now_s, &why));
	if (strstr(why.text, sentence) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why.text, sentence);
	snprintf(path, sizeof path, "%s/registry.db", s->w.folder);
	assert_false(file_exists(path));
}

static void
what_a_ceremony_made_becomes_a_bureau(void **state)
{
	struct site *s = *state;
	struct bureau *b;
	struct registry_head head;
	struct stat st;
	char path[128];

	REQUIRE(bureau_init(&s->init, WORKSHOP_NOW_S, &err));
	REQUIRE(bureau_open(&b, s->w.folder, false, "test", &err));
	REQUIRE(registry_head(&head, b->registry, &err));
	assert_int_equal(head.size, 1);
	assert_string_equal(b->conf.host, "v.example");
	assert_false(b->conf.local_signing);
	bureau_close(b);
	assert_int_equal(stat(s->w.folder, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	snprintf(path, sizeof path, "%s/ca.pem", s->w.folder);
	assert_true(file_exists(path));
}

static void
a_bureau_is_not_made_twice(void **state)
{
	struct site *s = *state;
	struct err why = { 0 };

	REQUIRE(bureau_init(&s->init, WORKSHOP_NOW_S, &err));
	assert_false(bureau_init(&s->init, WORKSHOP_NOW_S + 60, &why));
	assert_int_equal(why.code, ERR_CONFLICT);
}

/* The configuration is written last. */
static void
an_interrupted_init_is_gone_on_with(void **state)
{
	struct site *s = *state;
	struct bureau *b;
	struct registry_head head;
	char path[128];

	REQUIRE(bureau_init(&s->init, WORKSHOP_NOW_S, &err));
	snprintf(path, sizeof path, "%s/qualcert.conf", s->w.folder);
	assert_int_equal(unlink(path), 0);
	REQUIRE(bureau_init(&s->init, WORKSHOP_NOW_S + 60, &err));
	REQUIRE(bureau_open(&b, s->w.folder, true, "test", &err));
	REQUIRE(registry_head(&head, b->registry, &err));
	assert_int_equal(head.size, 1);
	bureau_close(b);
}

static void
what_does_not_belong_together_is_refused(void **state)
{
	struct site *s = *state;
	const struct bureau_init good = s->init;
	struct workshop_keys other;
	char elsewhere[96];

	s->init.policy = span_text("{}");
	must_refuse(s, WORKSHOP_NOW_S, "policy");
	s->init = good;
	s->init.policy.len--; /* the last line end: still the same JSON */
	must_refuse(s, WORKSHOP_NOW_S, "SHA-256 differs");
	s->init = good;
	s->init.conf.host = "w.example";
	must_refuse(s, WORKSHOP_NOW_S, "w.example");
	s->init = good;
	s->init.conf.iss = "ELSE";
	must_refuse(s, WORKSHOP_NOW_S, "ELSE");
	s->init = good;
	s->init.conf.region = "9999";
	must_refuse(s, WORKSHOP_NOW_S, "six digits");
	s->init = good;
	s->init.conf.second_copy = "second ; copy";
	must_refuse(s, WORKSHOP_NOW_S, "cannot hold");
	s->init = good;
	s->init.service = s->w.keys.officer[AN];
	must_refuse(s, WORKSHOP_NOW_S, "service key");
	s->init = good;
	must_refuse(s, WORKSHOP_UNTIL_S, "expired");

	snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", s->w.folder);
	workshop_keys_new(&other, elsewhere, false, (const uint8_t[SHA256_BYTES]){ 0 });
	s->init.root_file = other.root_file;
	must_refuse(s, WORKSHOP_NOW_S, "trust bundle");
	workshop_keys_free(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_a_ceremony_made_becomes_a_bureau, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bureau_is_not_made_twice, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    an_interrupted_init_is_gone_on_with, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_does_not_belong_together_is_refused, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
