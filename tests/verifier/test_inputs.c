/* What is handed in: a folder is somebody else's, and every certificate in it is found, and nothing outside. */
#include "tests/keys/folder.h"
#include "verifier/cli/inputs.h"

#include "core/limits.h"

static void
make_folder(struct folder *f, const char *name)
{
	assert_int_equal(mkdir(folder_at(f, name), 0755), 0);
}

static void
add(struct inputs *in, const char *word)
{
	struct err err = { 0 };

	if (!inputs_add(in, word, &err))
		fail_msg("%s: %s", word, err.text);
}

/* The name of an input below the folder. */
static const char *
below(const struct folder *f, const struct input *i)
{
	assert_memory_equal(i->name, f->path, strlen(f->path));
	return i->name + strlen(f->path) + 1;
}

static void
check_names(const struct folder *f, const struct inputs *in, const char *const *names, size_t n)
{
	assert_int_equal(in->n, n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(below(f, &in->items[i]), names[i]);
}

static void
a_folder_stands_for_the_certificates_in_it_by_path(void **state)
{
	static const char *const files[] = { "b.pdf", "A.PDF", "a/z.cose", "a.png", "c.JPG",
		"d.jpeg", "e.txt", "f.csv", "g", ".pdf.swp", "a/notes.doc", "\xff.pdf",
		"a/b/x.Cose" };
	static const char *const found[] = { "A.PDF", "a.png", "a/b/x.Cose", "a/z.cose", "b.pdf",
		"c.JPG", "d.jpeg", "e.txt", "\xff.pdf" };
	struct inputs in = { 0 };
	struct folder f;

	(void)state;
	folder_new(&f);
	make_folder(&f, "a");
	make_folder(&f, "a/b");
	make_folder(&f, "empty");
	for (size_t i = 0; i < COUNT_OF(files); i++)
		folder_write(&f, files[i], "x", 0644);
	add(&in, f.path);
	check_names(&f, &in, found, COUNT_OF(found));
	assert_true(in.folders);
	inputs_free(&in);
	folder_remove(&f);
}

static void
other_words_stand_for_themselves(void **state)
{
	static const char *const words[] = { "-", "https://v.example/q/1/1", "nothing-here", "" };
	struct inputs in = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		add(&in, words[i]);
	assert_int_equal(in.n, COUNT_OF(words));
	for (size_t i = 0; i < COUNT_OF(words); i++)
		assert_string_equal(in.items[i].name, words[i]);
	assert_false(in.folders);
	inputs_free(&in);
}

static void
a_folder_without_certificates_is_said(void **state)
{
	struct inputs in = { 0 };
	struct folder f;
	struct buf why = BUF_EMPTY;

	(void)state;
	folder_new(&f);
	folder_write(&f, "README", "x", 0644);
	add(&in, f.path);
	assert_int_equal(in.n, 1);
	assert_int_equal(in.items[0].trouble, TROUBLE_EMPTY_FOLDER);
	inputs_explain(&why, &in.items[0], NULL, LANG_EN);
	assert_string_equal(buf_text(&why),
	    "no certificate in this folder: no file ends in .pdf .cose .png .jpg .jpeg .txt");
	buf_free(&why);
	inputs_free(&in);
	folder_remove(&f);
}

/* Whoever fills a folder could point from it to anything, for ever, or to itself. */
static void
no_link_is_followed_out_of_a_folder(void **state)
{
	struct inputs in = { 0 };
	struct folder f, outside;

	(void)state;
	folder_new(&f);
	folder_new(&outside);
	folder_write(&outside, "secret.pdf", "x", 0644);
	assert_int_equal(symlink(outside.path, folder_at(&f, "other")), 0);
	assert_int_equal(symlink(".", folder_at(&f, "loop.pdf")), 0);
	assert_int_equal(symlink(folder_at(&outside, "secret.pdf"), folder_at(&f, "s.pdf")), 0);
	add(&in, f.path);
	assert_int_equal(in.n, 2); /* said, since they look like certificates */
	assert_string_equal(below(&f, &in.items[0]), "loop.pdf");
	assert_int_equal(in.items[0].trouble, TROUBLE_LINK);
	assert_string_equal(below(&f, &in.items[1]), "s.pdf");
	assert_int_equal(in.items[1].trouble, TROUBLE_LINK);
	inputs_free(&in);
	/* but what somebody names himself is meant */
	assert_int_equal(symlink(f.path, folder_at(&outside, "named")), 0);
	add(&in, folder_at(&outside, "named"));
	assert_int_equal(in.n, 2);
	inputs_free(&in);
	folder_remove(&f);
	folder_remove(&outside);
}

static void
folders_are_entered_only_so_deep_and_the_rest_is_said(void **state)
{
	struct inputs in = { 0 };
	struct folder f;
	struct buf name = BUF_EMPTY;

	(void)state;
	folder_new(&f);
	for (int depth = 0; depth < 17; depth++) {
		char file[160];
		buf_add_text(&name, depth > 0 ? "/d" : "d");
		make_folder(&f, buf_text(&name));
		snprintf(file, sizeof file, "%s/x.pdf", buf_text(&name));
		folder_write(&f, file, "x", 0644);
	}
	buf_free(&name);
	add(&in, f.path);
	assert_int_equal(in.n, 17); /* 16 files and the folder below them */
	size_t deep = 0;
	for (size_t i = 0; i < in.n; i++)
		deep += in.items[i].trouble == TROUBLE_TOO_DEEP;
	assert_int_equal(deep, 1);
	inputs_free(&in);
	folder_remove(&f);
}

static void
read_is(const char *name, enum err_code code, size_t len)
{
	char copy[300];
	const struct input input = { .name = copy };
	struct buf bytes = BUF_EMPTY;
	struct err err = { 0 };

	snprintf(copy, sizeof copy, "%s", name);
	CHECK_ROW(inputs_read(&bytes, &input, &err) == (code == ERR_NONE), name);
	if (err.code != code || bytes.len != len)
		fail_msg("%s: %d, %zu bytes: %s", name, (int)err.code, bytes.len, err.text);
	buf_free(&bytes);
}

/* threat_47: what cannot be read is told of by itself, and nothing waits for it. */
static void
threat_47_what_is_no_file_is_no_trouble_for_others(void **state)
{
	struct folder f;

	(void)state;
	folder_new(&f);
	folder_write(&f, "a.pdf", "%PDF", 0644);
	folder_write(&f, "long.pdf", "", 0644);
	folder_write(&f, "longest.pdf", "", 0644);
	assert_int_equal(truncate(folder_at(&f, "long.pdf"), LIMIT_PDF_BYTES + 1), 0);
	assert_int_equal(truncate(folder_at(&f, "longest.pdf"), LIMIT_PDF_BYTES), 0);
	assert_int_equal(mkfifo(folder_at(&f, "pipe.pdf"), 0644), 0);
	read_is(folder_at(&f, "a.pdf"), ERR_NONE, 4);
	read_is(folder_at(&f, "longest.pdf"), ERR_NONE, LIMIT_PDF_BYTES);
	read_is(folder_at(&f, "long.pdf"), ERR_LIMIT, 16); /* what it begins with */
	read_is(folder_at(&f, "gone.pdf"), ERR_NOT_FOUND, 0);
	read_is(folder_at(&f, "pipe.pdf"), ERR_IO, 0);
	read_is("/dev/zero", ERR_IO, 0);
	read_is(f.path, ERR_IO, 0);
	read_is("https://v.example/q/1/12", ERR_NONE, 24);
	folder_remove(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folder_stands_for_the_certificates_in_it_by_path),
		cmocka_unit_test(other_words_stand_for_themselves),
		cmocka_unit_test(a_folder_without_certificates_is_said),
		cmocka_unit_test(no_link_is_followed_out_of_a_folder),
		cmocka_unit_test(folders_are_entered_only_so_deep_and_the_rest_is_said),
		cmocka_unit_test(threat_47_what_is_no_file_is_no_trouble_for_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
