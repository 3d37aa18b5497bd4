/* The JSON of a verdict is what its schema says: no member more, none of the required ones less. */
#include "core/file.h"
#include "tests/test.h"
#include "tests/verifier/asked.h"
#include "verifier/answer_json.h"

#include <regex.h>

#define DAY(n) FIXTURE_DAY_S(n)

static json_t *schema; /* for the whole group */

static int
load_schema(void **state)
{
	(void)state;
	schema =
	    json_load_file(SOURCE_DIR "/docs/verdict.schema.json", JSON_REJECT_DUPLICATES, NULL);
	return schema != NULL ? 0 : -1;
}

static int
drop_schema(void **state)
{
	(void)state;
	json_decref(schema);
	return 0;
}

/* "#/$defs/part" */
static const json_t *
resolved(const json_t *rule)
{
	const char *ref = json_string_value(json_object_get(rule, "$ref"));
	return ref == NULL
	    ? rule
	    : json_object_get(json_object_get(schema, "$defs"), ref + strlen("#/$defs/"));
}

static bool
is_of_type(const json_t *value, const char *type)
{
	return (strcmp(type, "object") == 0 && json_is_object(value)) ||
	    (strcmp(type, "array") == 0 && json_is_array(value)) ||
	    (strcmp(type, "string") == 0 && json_is_string(value)) ||
	    (strcmp(type, "integer") == 0 && json_is_integer(value)) ||
	    (strcmp(type, "boolean") == 0 && json_is_boolean(value)) ||
	    (strcmp(type, "null") == 0 && json_is_null(value));
}

static bool
fits_type(const json_t *value, const json_t *type)
{
	size_t i;
	const json_t *one;

	if (type == NULL)
		return true;
	if (json_is_string(type))
		return is_of_type(value, json_string_value(type));
	json_array_foreach(type, i, one)
	{
		if (is_of_type(value, json_string_value(one)))
			return true;
	}
	return false;
}

static bool
fits_pattern(const json_t *value, const json_t *pattern)
{
	regex_t re;

	if (pattern == NULL)
		return true;
	if (regcomp(&re, json_string_value(pattern), REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	const bool fits = regexec(&re, json_string_value(value), 0, NULL, 0) == 0;
	regfree(&re);
	return fits;
}

static bool
is_listed(const json_t *value, const json_t *list)
{
	size_t i;
	const json_t *one;

	json_array_foreach(list, i, one)
	{
		if (json_equal(one, value))
			return true;
	}
	return list == NULL;
}

static bool fits(const json_t *value, const json_t *rule);

static bool
fits_members(json_t *value, const json_t *rule)
{
	const json_t *properties = json_object_get(rule, "properties");
	const json_t *others = json_object_get(rule, "additionalProperties");
	const json_t *required = json_object_get(rule, "required");
	const char *name;
	json_t *member;
	size_t i;
	const json_t *one;

	json_array_foreach(required, i, one)
	{
		if (json_object_get(value, json_string_value(one)) == NULL)
			return false;
	}
	json_object_foreach(value, name, member)
	{
		const json_t *own = json_object_get(properties, name);
		own = own != NULL ? own : others;
		if (own == NULL || json_is_false(own) || !fits(member, own)) {
			print_error("member %s\n", name);
			return false;
		}
	}
	return true;
}

/* As much of JSON Schema as this schema uses. */
static bool
fits(const json_t *value, const json_t *rule)
{
	size_t i;
	json_t *item;
	rule = resolved(rule);
	const json_t *one_of = json_object_get(rule, "oneOf"),
		     *constant = json_object_get(rule, "const");

	if (one_of != NULL)
		return fits(value, json_array_get(one_of, 0)) !=
		    fits(value, json_array_get(one_of, 1));
	if (!fits_type(value, json_object_get(rule, "type")) ||
	    !is_listed(value, json_object_get(rule, "enum")) ||
	    (constant != NULL && !json_equal(constant, value)))
		return false;
	if (json_is_string(value))
		return fits_pattern(value, json_object_get(rule, "pattern"));
	json_array_foreach((json_t *)value, i, item)
	{
		if (!fits(item, json_object_get(rule, "items")))
			return false;
	}
	return !json_is_object(value) || fits_members((json_t *)value, rule);
}

static void
check(const struct answer *a, const char *input, const char *row)
{
	json_t *json = answer_json(a, input);

	CHECK_ROW(json != NULL, row);
	if (!fits(json, schema)) {
		char *text = json_dumps(json, 0);
		fail_msg("%s: %s", row, text);
	}
	json_decref(json);
}

static void
every_kind_of_answer_fits_the_schema(void **state)
{
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *good = fixture_issue(&f, DAY(1)), *bad = fixture_issue(&f, DAY(1) + 60);
	struct paper *unknown = fixture_sign(&f, DAY(1) + 120);
	fixture_happens(&f, bad, STATUS_SUSPENDED, DAY(2), DAY(190), DAY(2) + 60);
	fixture_publish(&f, DAY(3));
	const struct {
		const char *row;
		struct span input;
		int64_t now_s;
	} rows[] = {
		{ "valid", buf_span(&good->pdf), DAY(3) + 60 },
		{ "code", buf_span(&good->code), DAY(3) + 60 },
		{ "suspended", buf_span(&bad->pdf), DAY(3) + 60 },
		{ "unregistered", buf_span(&unknown->cose), DAY(3) + 60 },
		{ "changed", span_of(good->pdf.ptr, good->pdf.len - 9), DAY(3) + 60 },
		{ "stale", buf_span(&good->pdf), DAY(13) },
		{ "nothing of ours", span_text("hello"), DAY(3) + 60 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct question q = { .now_s = rows[i].now_s,
			.holder = "91999902MADEM002X6" };
		const struct answer a = asked_once(&f, &q, rows[i].input);
		check(&a, i % 2 == 0 ? "a file" : NULL, rows[i].row);
	}
	struct published *p = asked_open(&f, DAY(3) + 60);
	struct answer a;
	const struct question q = { .now_s = DAY(3) + 60 };
	verify_no_such(&a, &q, p);
	check(&a, NULL, "no such certificate");
	const struct picture picture = { .n = 1, .codes = { { 1, buf_span(&good->code) } } };
	MUST(verify_picture(&a, &q, p, NULL, &picture, &err));
	check(&a, "a picture", "a picture");
	struct answer changed = asked_once(&f, &q, span_of(good->pdf.ptr, good->pdf.len - 9));
	verify_show_code(&changed, &a);
	check(&changed, "a scan", "a failed file with a genuine code");
	const struct picture nothing = { 0 };
	MUST(verify_picture(&a, &q, p, NULL, &nothing, &err));
	check(&a, "a picture", "a picture without a code");
	verify_show_code(&changed, &a);
	check(&changed, "a scan", "a failed file without a code");
	published_close(p);
	fixture_close(&f);
}

/* Filed away, an answer shows by itself what its yes was about. */
static void
an_answer_repeats_what_was_asked_and_nothing_else(void **state)
{
	static const struct {
		struct question q;
		const char *asked;
	} rows[] = {
		{ { 0 }, "{\"for\":\"new\"}" },
		{ { .existing = true, .grade = 2 }, "{\"for\":\"existing\",\"grade\":\"B\"}" },
		{ { .holder = "91999902MADEM002X6", .grade = 1, .scope = 2 },
		    "{\"for\":\"new\",\"grade\":\"A\",\"holder\":\"91999902MADEM002X6\",\"scope\":"
		    "\"consulting\"}" },
	};
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(1));
	fixture_publish(&f, DAY(3));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct question q = rows[i].q;
		q.now_s = DAY(3) + 60;
		const struct answer a = asked_once(&f, &q, buf_span(&p->pdf));
		check(&a, NULL, rows[i].asked);
		json_t *json = answer_json(&a, NULL);
		json_t *asked = json_object_get(json, "asked");
		static const char *const when[] = { "at", "whole_day", "known", "clock_zone" };
		for (size_t j = 0; j < COUNT_OF(when); j++)
			assert_int_equal(json_object_del(asked, when[j]), 0);
		char *text = json_dumps(asked, JSON_SORT_KEYS | JSON_COMPACT);
		assert_string_equal(text, rows[i].asked);
		free(text);
		json_decref(json);
	}
	fixture_close(&f);
}

/* The check itself notices what is wrong. */
static void
what_does_not_fit_is_noticed(void **state)
{
	static const char *const wrong[] = { "{}", "[]",
		("{\"schema\":1,\"verdict\":\"good\",\"test\":true,\"reason\":null,\"kind\":"
		 "\"pdf\","
		 "\"parts\":{},\"input_sha256\":\"\",\"asked\":{}}") };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		json_t *json = json_loads(wrong[i], 0, NULL);
		CHECK_ROW(!fits(json, schema), wrong[i]);
		json_decref(json);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_answer_fits_the_schema),
		cmocka_unit_test(an_answer_repeats_what_was_asked_and_nothing_else),
		cmocka_unit_test(what_does_not_fit_is_noticed),
	};
	return cmocka_run_group_tests(tests, load_schema, drop_schema);
}
