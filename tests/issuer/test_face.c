#include "issuer/face.h"

#include "tests/issuer/certificate.h"

static void
fields_stand_in_the_order_of_deterministic_cbor(void **state)
{
	(void)state;
	struct face face = { NULL, 0 };
	certificate_face(&face);
	for (size_t i = 1; i < face.count; i++) {
		const char *a = face.fields[i - 1].name, *b = face.fields[i].name;
		bool after = strlen(a) < strlen(b) || (strlen(a) == strlen(b) && strcmp(a, b) < 0);
		CHECK_ROW(after, b);
	}
	face_free(&face);
}

static void
a_field_is_set_replaced_and_taken_away(void **state)
{
	(void)state;
	struct face face = { NULL, 0 };
	struct err err = { 0 };
	must(face_set(&face, "uscc", "91999903MADEM0038L", &err), &err);
	must(face_set(&face, "host", "v.example", &err), &err);
	must(face_set(&face, "host", "w.example", &err), &err);
	assert_int_equal(face.count, 2);
	assert_string_equal(face_find(&face, "host"), "w.example");
	must(face_set(&face, "host", "", &err), &err);
	assert_int_equal(face.count, 1);
	assert_null(face_find(&face, "host"));
	assert_string_equal(face_find(&face, "uscc"), "91999903MADEM0038L");
	face_free(&face);
}

static void
what_may_not_be_signed_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *row, *name, *value;
		enum err_code code;
	} table[] = {
		{ "a field nobody knows", "colour", "red", ERR_REFUSED },
		{ "the check code, a hash of the credential", "check_code", "7K3M9QXW",
		    ERR_REFUSED },
		{ "bytes that are not UTF-8", "address", "\xe4\xb8", ERR_MALFORMED },
		{ "a direction override", "holder_en", "Example \u202eDOC", ERR_REFUSED },
		{ "a line feed", "address", "a\nb", ERR_REFUSED },
		{ "the end of a PDF", "address", "a %%EOF b", ERR_REFUSED },
		{ "the entry of a seal", "holder_en", "x /ByteRange x", ERR_REFUSED },
	};
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct face face = { NULL, 0 };
		struct err err = { 0 };
		CHECK_ROW(!face_set(&face, table[i].name, table[i].value, &err), table[i].row);
		CHECK_ROW(err.code == table[i].code && face.count == 0, table[i].row);
		face_free(&face);
	}
}

static void
a_face_without_a_needed_field_names_it(void **state)
{
	(void)state;
	static const char *const needed[] = { "holder_zh", "number", "valid_until",
		"authority_zh" };
	for (size_t i = 0; i < COUNT_OF(needed); i++) {
		struct face face = { NULL, 0 };
		struct err err = { 0 };
		certificate_face(&face);
		must(face_complete(&face, &err), &err);
		must(face_set(&face, needed[i], "", &err), &err);
		CHECK_ROW(!face_complete(&face, &err), needed[i]);
		CHECK_ROW(strstr(err.text, needed[i]) != NULL, needed[i]);
		face_free(&face);
	}
}

/* Officers read what is to be printed under names of their language, each its own. */
static void
each_field_has_a_name_for_people(void **state)
{
	struct face face = { NULL, 0 };

	(void)state;
	certificate_face(&face);
	for (enum lang lang = LANG_ZH; lang <= LANG_EN; lang++)
		for (size_t i = 0; i < face.count; i++) {
			const char *name = face.fields[i].name;
			const char *label = face_label(span_text(name), lang);
			CHECK_ROW(label != NULL && strcmp(label, name) != 0, name);
			for (size_t j = 0; j < i; j++) {
				const char *other =
				    face_label(span_text(face.fields[j].name), lang);
				CHECK_ROW(
				    label != NULL && other != NULL && strcmp(label, other) != 0,
				    name);
			}
		}
	assert_string_equal(face_label(span_text("holder_zh"), LANG_ZH), "持证单位");
	assert_null(face_label(span_text("holder"), LANG_ZH));
	face_free(&face);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_stand_in_the_order_of_deterministic_cbor),
		cmocka_unit_test(a_field_is_set_replaced_and_taken_away),
		cmocka_unit_test(what_may_not_be_signed_is_refused),
		cmocka_unit_test(a_face_without_a_needed_field_names_it),
		cmocka_unit_test(each_field_has_a_name_for_people),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
