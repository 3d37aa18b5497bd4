#include "keys/enrolment.h"
#include "keys/signer.h"
#include "tests/test.h"

#include <stdlib.h>

struct fixture {
	struct signer *officer, *other;
	struct enrolment e;
	struct buf file;
};

/* A request as it would be if this signer made it. */
static void
sign(struct buf *out, const struct enrolment *e, const struct signer *by, const char *typ)
{
	struct buf payload = BUF_EMPTY;

	enrolment_encode(&payload, e);
	assert_true(signer_sign1(out, by, typ, buf_span(&payload), span_of(NULL, 0), NULL));
	buf_free(&payload);
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	assert_true(signer_generate(&f->officer, SIGNER_ES256, NULL) &&
	    signer_generate(&f->other, SIGNER_ES256, NULL));
	f->e = (struct enrolment){ .name = span_text("安理"),
		.spki = signer_spki(f->officer),
		.roles = { ROLE_ACCEPT, ROLE_EXAMINE },
		.n_roles = 2 };
	sign(&f->file, &f->e, f->officer, ENROLMENT_TYP);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	buf_free(&f->file);
	signer_free(f->officer);
	signer_free(f->other);
	free(f);
	return 0;
}

static enum err_code
judge(struct span file)
{
	struct enrolment e;
	struct err err = { 0 };
	bool ok = enrolment_open(&e, file, &err);

	assert_true(ok == (err.code == ERR_NONE));
	return err.code;
}

static void
a_request_comes_back(void **state)
{
	const struct fixture *f = *state;
	struct enrolment e;

	assert_true(enrolment_open(&e, buf_span(&f->file), NULL));
	assert_true(span_equal(e.name, f->e.name) && span_equal(e.spki, f->e.spki));
	assert_int_equal(e.n_roles, 2);
	assert_int_equal(e.roles[0], ROLE_ACCEPT);
	assert_int_equal(e.roles[1], ROLE_EXAMINE);
}

static void
no_bit_of_a_request_can_be_changed(void **state)
{
	struct fixture *f = *state;

	for (size_t bit = 0; bit < 8 * f->file.len; bit++) {
		f->file.ptr[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(judge(buf_span(&f->file)), ERR_NONE);
		f->file.ptr[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(judge(span_of(f->file.ptr, f->file.len - 1)), ERR_MALFORMED);
	buf_add_byte(&f->file, 0);
	assert_int_equal(judge(buf_span(&f->file)), ERR_MALFORMED);
}

/* Listing somebody else's key would make its holder's signatures one's own. */
static void
who_does_not_hold_the_key_cannot_have_it_listed(void **state)
{
	const struct fixture *f = *state;
	struct buf file = BUF_EMPTY;

	sign(&file, &f->e, f->other, ENROLMENT_TYP);
	assert_int_equal(judge(buf_span(&file)), ERR_CRYPTO);
	buf_free(&file);
}

static void
a_signature_for_something_else_is_no_request(void **state)
{
	const struct fixture *f = *state;
	struct buf file = BUF_EMPTY;

	sign(&file, &f->e, f->officer, "application/qact+cbor");
	assert_int_equal(judge(buf_span(&file)), ERR_MALFORMED);
	buf_free(&file);
}

static void
requests_that_will_not_do_are_refused(void **state)
{
	struct fixture *f = *state;
	struct enrolment no_role = f->e, twice = f->e, invisible = f->e;
	const struct {
		const char *mistake;
		const struct enrolment *e;
		enum err_code want;
	} rows[] = {
		{ "no role", &no_role, ERR_MALFORMED },
		{ "a role twice", &twice, ERR_MALFORMED },
		{ "a name with a zero-width space", &invisible, ERR_REFUSED },
	};

	no_role.n_roles = 0;
	twice.roles[1] = ROLE_ACCEPT;
	invisible.name = span_text("an\xe2\x80\x8b");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf file = BUF_EMPTY;
		sign(&file, rows[i].e, f->officer, ENROLMENT_TYP);
		CHECK_ROW(judge(buf_span(&file)) == rows[i].want, rows[i].mistake);
		buf_free(&file);
	}
}

static void
a_file_without_end_is_not_read(void **state)
{
	uint8_t big[ENROLMENT_BYTES + 1] = { 0 };
	(void)state;

	assert_int_equal(judge(span_of(big, sizeof big)), ERR_LIMIT);
	assert_int_equal(judge(span_of(NULL, 0)), ERR_MALFORMED);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_request_comes_back),
		TEST(no_bit_of_a_request_can_be_changed),
		TEST(who_does_not_hold_the_key_cannot_have_it_listed),
		TEST(a_signature_for_something_else_is_no_request),
		TEST(requests_that_will_not_do_are_refused),
		cmocka_unit_test(a_file_without_end_is_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
