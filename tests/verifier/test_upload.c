/* The form is the same however the network cuts it. */
#include "tests/test.h"
#include "tests/verifier/posted.h"

#define PART(name) "--bound\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_PART(name)                                                                            \
	"--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" name "\"\r\n\r\n"

/* clang-format off */
static const char body[] =
    PART("number") "JC-A\r\n"
    FILE_PART("empty") "\r\n"
    FILE_PART("letter") "x\r\n"
    FILE_PART("ends") "\r\n--\r\n--b\r\n"
    FILE_PART("") "\r\n"
    FILE_PART("last") "\r\r\n"
    "--bound--\r\n";
/* clang-format on */
static const struct {
	const char *name, *bytes;
} files[] = { { "empty", "" }, { "letter", "x" }, { "ends", "\r\n--\r\n--b" }, { "last", "\r" } };

static void
is_whole(const struct http_form *f)
{
	assert_non_null(f);
	assert_true(span_is(buf_span(&f->fields[HTTP_FIELD_NUMBER]), "JC-A"));
	assert_int_equal(f->n_files, COUNT_OF(files));
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		assert_true(span_is(buf_span(&f->files[i].name), files[i].name));
		assert_true(span_is(buf_span(&f->files[i].bytes), files[i].bytes));
	}
}

static void
a_form_in_two_pieces_is_the_same_wherever_it_is_cut(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < sizeof body - 1; cut++)
		assert_true(posted(span_text(body), cut, sizeof body, is_whole));
}

static void
a_form_in_short_pieces_is_the_same(void **state)
{
	(void)state;
	for (size_t step = 1; step < 64; step++)
		assert_true(posted(span_text(body), 0, step, is_whole));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_in_two_pieces_is_the_same_wherever_it_is_cut),
		cmocka_unit_test(a_form_in_short_pieces_is_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
