#include "issuer/archive.h"

#include "core/file.h"
#include "tests/test.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MADE_S 1795000000
#define FLOOR "floor/00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define PDF "issued/JC-A-999900-2026-48213-6.pdf"
#define PDF_2 "issued/JC-A-999900-2026-48213-6.v2.pdf"

#define REQUIRE(call)                                                                              \
	do {                                                                                       \
		if (!(call))                                                                       \
			fail_msg("%s: %s", #call, err.text);                                       \
	} while (0)

static const struct archive_watch nobody = { NULL, NULL };

static int
enter_folder(void **state)
{
	static char folder[PATH_MAX];
	const char *tmp = getenv("TMPDIR");
	snprintf(folder, sizeof folder, "%s/qualcert-archive-XXXXXX", tmp != NULL ? tmp : "/tmp");
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
write_head(struct archive_writer *w)
{
	const struct archive_head head = { "TEST", "v.example/log", 7, { { 1, 2, 3 } }, MADE_S };
	struct buf text = BUF_EMPTY;
	struct err err = { 0 };

	archive_head_encode(&text, &head);
	REQUIRE(archive_write(w, ARCHIVE_HEAD_NAME, buf_span(&text), &err));
	buf_free(&text);
}

/* A small backup "a.qb" with a member of each kind. */
static void
write_small(void)
{
	struct archive_writer *w = NULL;
	struct err err = { 0 };
	uint64_t bytes;

	REQUIRE(archive_write_begin(&w, "a.qb", MADE_S, nobody, &err));
	write_head(w);
	REQUIRE(archive_write(w, "policy.json", span_text("{}"), &err));
	REQUIRE(archive_write(w, "qualcert.conf", span_text(""), &err));
	REQUIRE(archive_write(w, FLOOR, span_text("f"), &err));
	REQUIRE(archive_write_start(w, ARCHIVE_ACTS_NAME, 11, &err));
	REQUIRE(archive_write_more(w, span_text("first "), &err));
	REQUIRE(archive_write_more(w, span_text(""), &err));
	REQUIRE(archive_write_more(w, span_text("acts "), &err));
	REQUIRE(archive_write(w, PDF, span_text("%PDF"), &err));
	REQUIRE(archive_write_end(&bytes, w, &err));
	archive_writer_free(w);
}

static struct buf
bytes_of(const char *path)
{
	struct buf b = BUF_EMPTY;
	struct err err = { 0 };
	REQUIRE(file_read(&b, path, 1u << 20, &err));
	return b;
}

static bool
opens(struct span bytes, struct err *err)
{
	struct archive *a = NULL;

	FILE *f = fopen("b.qb", "wb"); /* without the syncs of file_write() */

	*err = (struct err){ 0 };
	assert_non_null(f);
	if (bytes.len > 0)
		assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, f), bytes.len);
	assert_int_equal(fclose(f), 0);
	bool ok = archive_open(&a, "b.qb", nobody, err);
	archive_close(a);
	return ok;
}

static void
what_was_written_comes_back(void **state)
{
	struct archive *a = NULL;
	struct archive_member m = { 0 };
	struct buf seen = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	write_small();
	REQUIRE(archive_open(&a, "a.qb", nobody, &err));
	assert_string_equal(archive_head(a)->iss, "TEST");
	assert_string_equal(archive_head(a)->origin, "v.example/log");
	assert_int_equal(archive_head(a)->size, 7);
	assert_int_equal(archive_head(a)->root.b[2], 3);
	assert_int_equal(archive_head(a)->made_s, MADE_S);
	assert_int_equal(archive_acts(a)->size, 11);
	REQUIRE(archive_next(&m, a, &err));
	assert_int_equal(m.kind, ARCHIVE_HEAD);
	REQUIRE(archive_next(&m, a, &err));
	while (m.kind != ARCHIVE_NONE) {
		buf_printf(&seen, "%s=", m.name);
		if (m.kind != ARCHIVE_MANIFEST)
			REQUIRE(archive_read(&seen, a, &m, &err));
		buf_add_text(&seen, ";");
		REQUIRE(archive_next(&m, a, &err));
	}
	const char *text = buf_text(&seen);
	assert_string_equal(text,
	    "policy.json={};qualcert.conf=;" FLOOR "=f;acts.log=first acts ;" PDF
	    "=%PDF;MANIFEST=;");
	buf_free(&seen);
	archive_close(a);
}

static void
a_backup_takes_no_other_files_place(void **state)
{
	struct archive_writer *w = NULL;
	struct err err = { 0 };
	uint64_t bytes;
	(void)state;

	write_small();
	assert_false(archive_write_begin(&w, "a.qb", MADE_S, nobody, &err));
	assert_int_equal(err.code, ERR_CONFLICT);

	/* Another one came first, while this one was written. */
	REQUIRE(archive_write_begin(&w, "c.qb", MADE_S, nobody, &err));
	write_head(w);
	REQUIRE(archive_write(w, ARCHIVE_ACTS_NAME, span_text("acts"), &err));
	assert_true(file_write("c.qb", span_text("theirs"), 0600, NULL));
	assert_false(archive_write_end(&bytes, w, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	archive_writer_free(w);
	struct buf theirs = bytes_of("c.qb");
	assert_true(span_is(buf_span(&theirs), "theirs"));
	buf_free(&theirs);
}

static void
a_backup_cut_short_anywhere_is_refused(void **state)
{
	struct err err;
	(void)state;

	write_small();
	struct buf whole = bytes_of("a.qb");
	assert_true(opens(buf_span(&whole), &err));
	for (size_t len = 0; len < whole.len; len++) {
		if (opens(span_of(whole.ptr, len), &err))
			fail_msg("%zu of %zu bytes", len, whole.len);
		assert_int_equal(err.code, ERR_MALFORMED);
	}
	buf_add_byte(&whole, 0);
	assert_false(opens(buf_span(&whole), &err));
	buf_free(&whole);
}

static void
a_byte_changed_anywhere_is_refused(void **state)
{
	struct err err;
	(void)state;

	write_small();
	struct buf whole = bytes_of("a.qb");
	for (size_t i = 0; i < whole.len; i++) {
		whole.ptr[i] ^= 1;
		if (opens(buf_span(&whole), &err))
			fail_msg("byte %zu", i);
		whole.ptr[i] ^= 1;
	}
	buf_free(&whole);
}

/* ---- whatever somebody else may put together, with every sum right ---- */

static void
add_member(struct buf *out, struct buf *manifest, const char *name, struct span content)
{
	struct tar_header h = { .size = content.len, .time_s = MADE_S };
	uint8_t block[TAR_BLOCK_BYTES], hash[SHA256_BYTES];
	static const uint8_t zeros[TAR_BLOCK_BYTES];
	char line[ARCHIVE_LINE_BYTES];

	memcpy(h.name, name, strlen(name));
	tar_header_encode(block, &h);
	buf_add(out, block, sizeof block);
	buf_add_span(out, content);
	buf_add(out, zeros, tar_padding(content.len));
	sha256(hash, content);
	archive_line(line, hash, name);
	buf_add_text(manifest, line);
}

/* The members, separated by blanks, and MANIFEST behind them if it is not among them. */
static bool
opens_with(const char *members, struct err *err)
{
	static const uint8_t end[2 * TAR_BLOCK_BYTES];
	struct buf out = BUF_EMPTY, manifest = BUF_EMPTY, head = BUF_EMPTY, ignored = BUF_EMPTY;
	const struct archive_head h = { "TEST", "log", 0, { { 0 } }, MADE_S };
	char copy[400], *rest = copy;

	archive_head_encode(&head, &h);
	snprintf(copy, sizeof copy, "%s", members);
	for (const char *name; (name = strsep(&rest, " ")) != NULL;)
		add_member(&out, &manifest, name,
		    strcmp(name, ARCHIVE_HEAD_NAME) == 0 ? buf_span(&head) : span_text("x"));
	if (strstr(members, ARCHIVE_MANIFEST_NAME) == NULL)
		add_member(&out, &ignored, ARCHIVE_MANIFEST_NAME, buf_span(&manifest));
	buf_add(&out, end, sizeof end);
	bool ok = opens(buf_span(&out), err);
	buf_free(&out);
	buf_free(&manifest);
	buf_free(&head);
	buf_free(&ignored);
	return ok;
}

static void
members_stand_in_their_places(void **state)
{
	/* NOLINTBEGIN(bugprone-suspicious-missing-comma) */
	static const char *const good[] = { "BACKUP acts.log",
		"BACKUP a.json root.cose templates/grade-a.json templates/blank/x.json "
		"acts.log " PDF " " PDF_2 };
	static const char *const bad[] = { "BACKUP", "acts.log", "BACKUP BACKUP acts.log",
		"BACKUP acts.log acts.log", "BACKUP acts.log a.json", "BACKUP " PDF " acts.log",
		"a.json BACKUP acts.log", "BACKUP a.json", "BACKUP acts.log MANIFEST",
		("BACKUP acts.log MANIFEST " PDF), "BACKUP a.json a.json acts.log",
		"BACKUP a.json b.json a.json acts.log", "BACKUP " FLOOR " " FLOOR " acts.log",
		"BACKUP acts.log " PDF " " PDF_2 " " PDF };
	/* NOLINTEND(bugprone-suspicious-missing-comma) */
	struct err err;
	(void)state;

	for (size_t i = 0; i < COUNT_OF(good); i++)
		CHECK_ROW(opens_with(good[i], &err), good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CHECK_ROW(!opens_with(bad[i], &err), bad[i]);
		CHECK_ROW(err.code == ERR_MALFORMED, bad[i]);
	}
}

/* threats 36: no name leads out of the folder, and none is a key's. */
static void
threat_36_only_names_of_the_table_are_read(void **state)
{
	/* NOLINTBEGIN(bugprone-suspicious-missing-comma) */
	static const char *const bad[] = { "../x.json", "/etc/x.json", "x/y.json",
		"templates/../x.json", "templates/", "templates/x", "templates/blank/", "./x.json",
		".json", "x.json/", "x.JSON", "a b.json", "a.b.json", "\xe6\x97\xa7.json",
		"keys/credential.pem", "credential.pem", "officers/fu.pem", "ceremony/passphrase",
		"passphrase", "registry.db", "second/acts.log", "issued/", "issued/x.pdf",
		"issued/../x.pdf", "issued/JC-A-999900-2026-48213-6",
		"issued/JC-A-999900-2026-48213-6.cose", "issued/JC-A-999900-2026-48213-7.pdf",
		"issued/JC-A-999900-2026-48213-6.v1.pdf", "issued/JC-A-999900-2026-48213-6.v02.pdf",
		"issued/JC-A-999900-2026-48213-6.v.pdf", "issued/JC-A-999900-2026-48213-6.pdf.pdf",
		"issued/JCA9999002026482136.pdf", "backup", "Acts.log", "MANIFEST2",
		"public/v1/snapshot", "floor/", "floor/../x", FLOOR "0",
		"floor/00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF" };
	/* NOLINTEND(bugprone-suspicious-missing-comma) */
	struct err err;
	(void)state;

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		char members[200];
		CHECK_ROW(archive_kind_of(bad[i]) == ARCHIVE_NONE, bad[i]);
		if (strchr(bad[i], ' ') != NULL)
			continue;
		snprintf(members, sizeof members, "BACKUP %s acts.log", bad[i]);
		CHECK_ROW(!opens_with(members, &err), bad[i]);
		snprintf(members, sizeof members, "BACKUP acts.log %s", bad[i]);
		CHECK_ROW(!opens_with(members, &err), bad[i]);
	}
	assert_int_equal(archive_kind_of(PDF), ARCHIVE_PDF);
	assert_int_equal(archive_kind_of(PDF_2), ARCHIVE_PDF);
	assert_int_equal(archive_kind_of(FLOOR), ARCHIVE_FLOOR);
	assert_int_equal(archive_kind_of("policy-2026_A.json"), ARCHIVE_PAPER);
}

static void
the_head_has_one_form(void **state)
{
	static const char good[] =
	    "qualcert backup 1\niss TEST\norigin v.example/log\nsize 7\n"
	    "root 0102030000000000000000000000000000000000000000000000000000000000\n"
	    "made 2026-11-18T19:06:40+08:00\n";
	struct archive_head h;
	struct err err = { 0 };
	(void)state;

	REQUIRE(archive_head_parse(&h, span_text(good), &err));
	assert_int_equal(h.made_s, MADE_S);
	for (size_t i = 0; i + 1 < sizeof good; i++) {
		char changed[sizeof good];
		memcpy(changed, good, sizeof good);
		changed[i] = '\n';
		if (good[i] != '\n' && archive_head_parse(&h, span_text(changed), NULL))
			fail_msg("byte %zu", i);
		assert_false(archive_head_parse(&h, span_of(good, i), NULL));
	}
	char longer[2000];
	snprintf(
	    longer, sizeof longer, "qualcert backup 1\niss %01100d\n%s", 0, strstr(good, "origin"));
	assert_false(archive_head_parse(&h, span_text(longer), NULL));
	snprintf(longer, sizeof longer, "%s\n", good);
	assert_false(archive_head_parse(&h, span_text(longer), NULL));
}

static void
what_is_no_file_is_said_so(void **state)
{
	static const struct {
		const char *path;
		enum err_code code;
	} rows[] = { { "missing.qb", ERR_NOT_FOUND }, { "folder", ERR_IO }, { "pipe", ERR_IO } };
	(void)state;

	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct archive *a = NULL;
		struct err err = { 0 };
		CHECK_ROW(!archive_open(&a, rows[i].path, nobody, &err), rows[i].path);
		CHECK_ROW(err.code == rows[i].code, rows[i].path);
	}
}

#define IN_A_FOLDER(f) cmocka_unit_test_setup_teardown(f, enter_folder, leave_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(what_was_written_comes_back),
		IN_A_FOLDER(a_backup_takes_no_other_files_place),
		IN_A_FOLDER(a_backup_cut_short_anywhere_is_refused),
		IN_A_FOLDER(a_byte_changed_anywhere_is_refused),
		IN_A_FOLDER(members_stand_in_their_places),
		IN_A_FOLDER(threat_36_only_names_of_the_table_are_read),
		IN_A_FOLDER(the_head_has_one_form),
		IN_A_FOLDER(what_is_no_file_is_said_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
