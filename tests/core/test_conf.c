#include "core/conf.h"

#include "tests/test.h"

#include <stdio.h>

static const char *const keys[] = { "colour", "number" };

struct taken {
	char colour[32], number[32];
};

static bool
set(void *ctx, size_t key, const char *value, struct err *err)
{
	struct taken *t = ctx;

	if (key == 1 && strspn(value, "0123456789") != strlen(value))
		return err_set(err, ERR_MALFORMED, "number has digits");
	snprintf(key == 0 ? t->colour : t->number, sizeof t->colour, "%s", value);
	return true;
}

static const struct conf_format format = { "paint", keys, COUNT_OF(keys), set };

static bool
parse(struct taken *t, unsigned lines[2], const char *text, struct buf *mistakes, struct err *err)
{
	*t = (struct taken){ "", "" };
	return conf_parse(lines, &format, t, span_text(text), "paint.conf", mistakes, err);
}

static void
each_key_has_its_value_and_line(void **state)
{
	struct taken t;
	struct err err = { 0 };
	unsigned lines[2];
	(void)state;

	assert_true(parse(&t, lines, "# one\n[paint]\n\nnumber = 7 ; of them\r\n", NULL, &err));
	assert_string_equal(t.number, "7");
	assert_int_equal(lines[0], 0);
	assert_int_equal(lines[1], 4);
}

/* Whoever checks a file is told all that is wrong with it. */
static void
every_mistake_is_named_if_all_are_asked_for(void **state)
{
	static const char text[] =
	    "number = 0\n[paint]\nsize = 3\nnumber = seven\nnumber = 7\ncolour =\n"
	    "colour = \x01\ncolour = r\red\r\n[other]\nnumber = 1\nnothing\n";
	struct taken t;
	struct err err = { 0 };
	struct buf mistakes = BUF_EMPTY;
	unsigned lines[2];
	(void)state;

	assert_false(parse(&t, lines, text, &mistakes, &err));
	assert_string_equal(buf_text(&mistakes),
	    "paint.conf:1: this key must stand below the line [paint]\n"
	    "paint.conf:3: unknown key\n"
	    "paint.conf:4: number has digits\n"
	    "paint.conf:5: this key stands there twice\n"
	    "paint.conf:6: the value is missing\n"
	    "paint.conf:7: control characters, or bytes that are no UTF-8\n"
	    "paint.conf:8: control characters, or bytes that are no UTF-8\n"
	    "paint.conf:10: the only section is [paint]\n"
	    "paint.conf:11: neither [paint] nor \"key = value\"\n");
	assert_string_equal(err.text, "paint.conf:1: this key must stand below the line [paint]");
	buf_free(&mistakes);
}

static void
reading_ends_at_the_first_mistake_if_one_is_enough(void **state)
{
	struct taken t;
	struct err err = { 0 };
	unsigned lines[2];
	(void)state;

	assert_false(parse(&t, lines, "[paint]\nsize = 3\ncolour = red\n", NULL, &err));
	assert_string_equal(err.text, "paint.conf:2: unknown key");
	assert_string_equal(t.colour, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_key_has_its_value_and_line),
		cmocka_unit_test(every_mistake_is_named_if_all_are_asked_for),
		cmocka_unit_test(reading_ends_at_the_first_mistake_if_one_is_enough),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
