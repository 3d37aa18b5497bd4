/* What goes into a backup, and what a folder becomes that is put back from it. */
#include "issuer/backup.h"

#include "core/file.h"
#include "issuer/restore.h"
#include "issuer/restore_conf.h"
#include "tests/issuer/workshop.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };
static const struct archive_watch nobody = { NULL, NULL };

static int
open_workshop(void **state)
{
	static struct workshop w;
	workshop_open(&w, "standard");
	*state = &w;
	return 0;
}

static int
close_workshop(void **state)
{
	workshop_close(*state);
	return 0;
}

static const char *
path_in(char out[256], const struct workshop *w, const char *name)
{
	snprintf(out, 256, "%s/%s", w->folder, name);
	return out;
}

static bool
try_backup(struct backup_report *out, struct workshop *w, const char *name, struct err *why)
{
	char path[256];
	return backup(out, w->bureau, path_in(path, w, name), w->now_s, nobody, why);
}

static struct backup_report
backup_now(struct workshop *w, const char *name)
{
	struct backup_report report;
	REQUIRE(try_backup(&report, w, name, &err));
	assert_int_equal(report.note.code, ERR_NONE);
	return report;
}

static bool
try_restore(struct restore_report *out, const struct workshop *w, const char *folder,
    const char *archive, struct err *why)
{
	char to[256], from[256];
	struct archive *a = NULL;

	*out = (struct restore_report){ 0 };
	*why = (struct err){ 0 };
	bool ok = archive_open(&a, path_in(from, w, archive), nobody, why) &&
	    restore(out,
		&(struct restore_question){ .folder = path_in(to, w, folder), .archive = a }, why);
	archive_close(a);
	return ok;
}

static bool
has_member(const struct workshop *w, const char *name, const char *member)
{
	char path[256];
	struct archive *a = NULL;
	struct archive_member m = { 0 };
	bool found = false;

	REQUIRE(archive_open(&a, path_in(path, w, name), nobody, &err));
	do {
		REQUIRE(archive_next(&m, a, &err));
		found = found || strcmp(m.name, member) == 0;
	} while (m.kind != ARCHIVE_NONE);
	archive_close(a);
	return found;
}

static void
the_folder_remembers_its_last_backup(void **state)
{
	struct workshop *w = *state;
	struct backup_last last;
	struct registry_head head;
	struct err why = { 0 };

	assert_false(backup_last(&last, w->bureau, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	backup_now(w, "one.qb");
	w->now_s += 60;
	backup_now(w, "two.qb");
	REQUIRE(registry_head(&head, w->bureau->registry, &err));
	REQUIRE(backup_last(&last, w->bureau, &err));
	assert_int_equal(last.head.made_s, w->now_s);
	assert_int_equal(last.head.size, head.size);
	assert_non_null(strstr(buf_text(&last.path), "/two.qb"));
	buf_free(&last.path);

	workshop_write(w, "last-backup", span_text("yesterday"));
	assert_false(backup_last(&last, w->bureau, &why));
	assert_int_equal(why.code, ERR_MALFORMED);
}

static void
no_paper_with_a_key_or_a_strange_name_goes_in(void **state)
{
	static const char key[] = "{ \"x\": \"-----BEGIN ENCRYPTED PRIVATE KEY-----\" }";
	struct workshop *w = *state;
	struct backup_report report;
	struct err why = { 0 };
	char path[256];

	workshop_write(w, "extra.json", span_text(key));
	assert_false(try_backup(&report, w, "a.qb", &why));
	assert_int_equal(why.code, ERR_REFUSED);
	assert_non_null(strstr(why.text, "extra.json holds a private key"));
	unlink(path_in(path, w, "extra.json"));

	workshop_write(w, "旧.json", span_text("{}"));
	assert_false(try_backup(&report, w, "a.qb", &why));
	assert_int_equal(why.code, ERR_REFUSED);
	assert_non_null(strstr(why.text, "rename it"));
	unlink(path_in(path, w, "旧.json"));
	assert_false(file_exists(path_in(path, w, "a.qb")));

	workshop_write(w, "trust-bundle", span_text("waits"));
	backup_now(w, "a.qb");
	assert_true(has_member(w, "a.qb", "trust-bundle"));
	assert_true(has_member(w, "a.qb", "policy.json"));
	assert_true(has_member(w, "a.qb", "root.cose"));
	assert_true(has_member(w, "a.qb", "qualcert.conf"));
}

/* A certificate whose name comes in this very moment, one whose file is lost, one that was changed. */
static void
a_file_that_is_not_the_one_made_is_left_out_and_told(void **state)
{
	struct workshop *w = *state;
	struct backup_report report;
	char number[NUMBER_SHOWN_BYTES], name[64], making[80], from[256], to[256];
	struct buf pdf = BUF_EMPTY;

	workshop_issue(number, w, &STAR_BRIDGE);
	snprintf(name, sizeof name, "issued/%s.pdf", number);
	snprintf(making, sizeof making, "issued/.making/%s.pdf", number);
	assert_int_equal(rename(path_in(from, w, name), path_in(to, w, making)), 0);
	report = backup_now(w, "making.qb");
	assert_int_equal(report.certificates, 1);
	assert_int_equal(report.missing, 0);
	assert_true(has_member(w, "making.qb", name));

	assert_true(workshop_read(&pdf, w, making));
	unlink(to);
	report = backup_now(w, "lost.qb");
	assert_int_equal(report.certificates, 0);
	assert_int_equal(report.missing, 1);
	assert_non_null(strstr(report.first_miss.text, number));
	assert_false(has_member(w, "lost.qb", name));

	pdf.ptr[1000] ^= 1;
	workshop_write(w, name, buf_span(&pdf));
	report = backup_now(w, "changed.qb");
	assert_int_equal(report.missing, 1);
	assert_false(has_member(w, "changed.qb", name));
	buf_free(&pdf);
}

static void
what_is_there_stays_and_what_is_missing_comes(void **state)
{
	struct workshop *w = *state;
	struct restore_report report;
	struct err why;
	char number[NUMBER_SHOWN_BYTES], name[64], path[256];
	struct buf pdf = BUF_EMPTY, names = BUF_EMPTY;

	workshop_issue(number, w, &STAR_BRIDGE);
	backup_now(w, "a.qb");
	snprintf(name, sizeof name, "issued/%s.pdf", number);
	assert_true(workshop_read(&pdf, w, name));
	unlink(path_in(path, w, name));
	workshop_write(w, "names.json", span_text("{}"));
	if (!try_restore(&report, w, ".", "a.qb", &why))
		fail_msg("%s", why.text);
	assert_int_equal(report.missing, 0);
	assert_int_equal(report.further, 0);
	struct buf again = BUF_EMPTY;
	assert_true(workshop_read(&again, w, name));
	assert_true(span_equal(buf_span(&pdf), buf_span(&again)));
	assert_true(workshop_read(&names, w, "names.json"));
	assert_true(span_is(buf_span(&names), "{}"));

	again.ptr[1000] ^= 1;
	workshop_write(w, name, buf_span(&again));
	assert_false(try_restore(&report, w, ".", "a.qb", &why));
	assert_int_equal(why.code, ERR_CONFLICT);
	buf_free(&pdf);
	buf_free(&again);
	buf_free(&names);
}

/* Nothing is left of the living bureau's places: neither its second copy nor its layouts are used. */
static void
a_new_folder_stands_by_itself(void **state)
{
	struct workshop *w = *state;
	struct restore_report report;
	struct bureau *b = NULL;
	struct buf conf = BUF_EMPTY;
	struct err why;
	char path[256], outside[256];

	mkdir(path_in(outside, w, "outside"), 0700);
	mkdir(path_in(path, w, "outside/layouts"), 0700);
	workshop_write(w, "outside/layouts/grade-a.json", span_text("{}"));
	const struct bureau_conf *is = &w->bureau->conf;
	buf_printf(&conf,
	    "[bureau]\niss = %s\nregion = %s\nhost = %s\nsecond_copy=%s/acts.log\n"
	    "templates = outside/layouts\n",
	    is->iss, is->region, is->host, outside);
	workshop_write(w, "qualcert.conf", buf_span(&conf));
	workshop_reopen(w);
	backup_now(w, "a.qb");
	if (!try_restore(&report, w, "new", "a.qb", &why))
		fail_msg("%s", why.text);
	assert_true(report.second_copy_moved);
	REQUIRE(bureau_open(&b, path_in(path, w, "new"), true, "test", &err));
	assert_string_equal(b->conf.second_copy, BUREAU_CONF_SECOND_COPY);
	assert_string_equal(b->conf.templates, "templates");
	bureau_close(b);
	assert_true(file_exists(path_in(path, w, "new/second/acts.log")));
	assert_true(file_exists(path_in(path, w, "new/templates/grade-a.json")));
	buf_free(&conf);
}

static void
only_what_leads_out_is_changed_in_the_configuration(void **state)
{
	static const struct {
		const char *in, *out;
		bool moved;
	} rows[] = {
		{ "", "", false },
		{ "[bureau]\niss = TEST", "[bureau]\niss = TEST\n", false },
		{ "second_copy = second/acts.log\n", "second_copy = second/acts.log\n", false },
		{ "second_copy = /mnt/acts.log\n", "# second_copy = /mnt/acts.log\n", true },
		{ " second_copy\t=../x\r\n", "#  second_copy\t=../x\r\n", true },
		{ "second_copy: /mnt/acts.log\n", "# second_copy: /mnt/acts.log\n", true },
		{ "second_copy :=../x\n", "# second_copy :=../x\n", true },
		{ "\rsecond_copy = /x\n", "# \rsecond_copy = /x\n", true },
		{ "second_copy\n", "second_copy\n", false },
		{ "templates: /srv/x\n", "templates = templates\n", false },
		{ "templates = /srv/x\n", "templates = templates\n", false },
		{ "# second_copy = /mnt/x\n", "# second_copy = /mnt/x\n", false },
		{ "role_passphrase_file = /etc/x\n\n", "role_passphrase_file = /etc/x\n\n", false },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_EMPTY;
		bool moved;
		assert_true(restore_conf(&out, &moved, span_text(rows[i].in), NULL));
		CHECK_ROW(span_is(buf_span(&out), rows[i].out), rows[i].in);
		CHECK_ROW(moved == rows[i].moved, rows[i].in);
		buf_free(&out);
	}
}

#define IN_A_WORKSHOP(f) cmocka_unit_test_setup_teardown(f, open_workshop, close_workshop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_WORKSHOP(the_folder_remembers_its_last_backup),
		IN_A_WORKSHOP(no_paper_with_a_key_or_a_strange_name_goes_in),
		IN_A_WORKSHOP(a_file_that_is_not_the_one_made_is_left_out_and_told),
		IN_A_WORKSHOP(what_is_there_stays_and_what_is_missing_comes),
		IN_A_WORKSHOP(a_new_folder_stands_by_itself),
		cmocka_unit_test(only_what_leads_out_is_changed_in_the_configuration),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
