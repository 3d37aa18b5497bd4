/* Where somebody who names nothing keeps whom he believes. */
#include "core/file.h"
#include "tests/keys/bureau.h"
#include "tests/keys/folder.h"
#include "verifier/usual.h"

static void
home(struct folder *f)
{
	folder_new(f);
	assert_int_equal(setenv("HOME", f->path, 1), 0);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_CACHE_HOME");
	assert_true(file_make_folder(folder_at(f, ".config/qualcert/roots"), 0755, NULL));
}

static void
put(struct folder *f, const char *name, struct span bytes)
{
	assert_true(file_write(folder_at(f, name), bytes, 0644, NULL));
}

static void
every_root_set_stands_once_by_its_name(void **state)
{
	struct usual_roots roots;
	struct folder f;
	struct bureau *a = bureau_new(), *b = bureau_new();
	(void)state;

	home(&f);
	assert_true(usual_read_roots(&roots, NULL));
	assert_int_equal(roots.n, 0);
	put(&f, ".config/qualcert/roots/a.cose", buf_span(&a->root_file));
	put(&f, ".config/qualcert/roots/a2.cose", buf_span(&a->root_file));
	put(&f, ".config/qualcert/roots/b.cose", buf_span(&b->root_file));
	put(&f, ".config/qualcert/roots/notes.txt", span_text("mine"));
	assert_true(usual_read_roots(&roots, NULL));
	assert_int_equal(roots.n, 2);
	assert_non_null(usual_find(&roots, "a"));
	assert_non_null(usual_find(&roots, "b"));
	assert_null(usual_find(&roots, "a2"));
	assert_null(usual_find(&roots, "c"));
	assert_memory_equal(
	    usual_find(&roots, "b")->fingerprint, trust_fingerprint(b->trust), SHA256_BYTES);
	usual_free_roots(&roots);
	bureau_free(a);
	bureau_free(b);
	folder_remove(&f);
}

static void
what_is_no_root_set_is_named(void **state)
{
	static const struct {
		const char *name, *text;
	} rows[] = { { "empty.cose", "" }, { "text.cose", "hello" }, { ".cose", "" },
		{ "two words.cose", "" } };
	struct usual_roots roots;
	struct bureau *a = bureau_new();
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct folder f;
		struct err err = { 0 };
		char name[128];
		home(&f);
		put(&f, ".config/qualcert/roots/a.cose", buf_span(&a->root_file));
		snprintf(name, sizeof name, ".config/qualcert/roots/%s", rows[i].name);
		put(&f, name, span_text(rows[i].text));
		const bool hidden = rows[i].name[0] == '.'; /* no pattern finds it */
		CHECK_ROW(usual_read_roots(&roots, &err) == hidden, rows[i].name);
		CHECK_ROW(hidden || strstr(err.text, rows[i].name) != NULL, rows[i].name);
		CHECK_ROW(roots.n == (hidden ? 1 : 0), rows[i].name);
		usual_free_roots(&roots);
		folder_remove(&f);
	}
	bureau_free(a);
}

static void
a_flipped_byte_makes_a_root_set_none(void **state)
{
	struct usual_roots roots;
	struct folder f;
	struct bureau *a = bureau_new();
	struct err err = { 0 };
	(void)state;

	home(&f);
	a->root_file.ptr[a->root_file.len - 1] ^= 1;
	put(&f, ".config/qualcert/roots/a.cose", buf_span(&a->root_file));
	assert_false(usual_read_roots(&roots, &err));
	assert_int_equal(err.code, ERR_CRYPTO);
	bureau_free(a);
	folder_remove(&f);
}

static void
a_name_is_a_file_name_and_no_more(void **state)
{
	static const char *const good[] = { "a", "MOC-2026", "a.b_c", "0" };
	static const char *const bad[] = { "", ".", "..", ".a", "-a", "_a", "a/b", "a b", "a\n",
		"\xe7\xa4\xba", "a*" };
	char longest[USUAL_NAME_BYTES + 1] = "";
	(void)state;

	for (size_t i = 0; i < COUNT_OF(good); i++)
		CHECK_ROW(usual_name_fits(good[i]), good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		CHECK_ROW(!usual_name_fits(bad[i]), bad[i]);
	memset(longest, 'a', USUAL_NAME_BYTES);
	assert_false(usual_name_fits(longest));
	longest[USUAL_NAME_BYTES - 1] = '\0';
	assert_true(usual_name_fits(longest));
}

static void
folders_are_those_of_xdg_or_below_home(void **state)
{
	const uint8_t fingerprint[SHA256_BYTES] = { 0x01, 0x23 };
	struct buf path = BUF_EMPTY;
	(void)state;

	assert_int_equal(setenv("HOME", "/home/x", 1), 0);
	unsetenv("XDG_CONFIG_HOME");
	usual_roots_folder(&path);
	assert_string_equal(buf_text(&path), "/home/x/.config/qualcert/roots");
	buf_free(&path);
	assert_int_equal(setenv("XDG_CONFIG_HOME", "/c", 1), 0);
	assert_int_equal(setenv("XDG_CACHE_HOME", "/k", 1), 0);
	usual_roots_folder(&path);
	assert_string_equal(buf_text(&path), "/c/qualcert/roots");
	buf_free(&path);
	usual_files_to_read(&path, fingerprint);
	assert_string_equal(buf_text(&path), "/k/qualcert/0123000000000000");
	buf_free(&path);
	usual_fingerprint(&path, fingerprint);
	assert_int_equal(path.len, 79);
	assert_memory_equal(buf_text(&path), "0123 0000 ", 10);
	buf_free(&path);
	assert_int_equal(setenv("XDG_CONFIG_HOME", "relative", 1), 0);
	unsetenv("HOME");
	usual_roots_folder(&path);
	assert_int_equal(path.len, 0);
	buf_free(&path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_root_set_stands_once_by_its_name),
		cmocka_unit_test(what_is_no_root_set_is_named),
		cmocka_unit_test(a_flipped_byte_makes_a_root_set_none),
		cmocka_unit_test(a_name_is_a_file_name_and_no_more),
		cmocka_unit_test(folders_are_those_of_xdg_or_below_home),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
