#include "credential/cose.h"
#include "tests/credential/edit.h"

#define KID "0102030405060708"
#define SIGNATURE                                                                                  \
	"5840"                                                                                     \
	"11111111111111111111111111111111"                                                         \
	"22222222222222222222222222222222"                                                         \
	"33333333333333333333333333333333"                                                         \
	"44444444444444444444444444444444"
#define HEADER                                                                                     \
	"4da2"                                                                                     \
	"0126"                                                                                     \
	"0448" KID
#define TYPED_HEADER                                                                               \
	"53a3"                                                                                     \
	"0126"                                                                                     \
	"0448" KID "106474657374" /* typ "test" */

static const char sign1[] = "d284" HEADER "a0"
			    "42aabb" SIGNATURE;
static const char typed[] = "d284"
			    "53a3"
			    "0126"
			    "0448" KID "10"
			    "6474657374"
			    "a0"
			    "42aabb" SIGNATURE;
static const char sign[] = "d86284"
			   "47a1"
			   "10"
			   "6474657374"
			   "a0"
			   "42aabb"
			   "81"
			   "83" HEADER "a0" SIGNATURE;

struct mistake {
	const char *name;
	const char *from, *to;
	enum err_code code;
};

static bool
parse_edited(const char *message, const struct mistake *m, struct err *err)
{
	struct buf hex = BUF_EMPTY, bytes = BUF_EMPTY;
	struct cose_sign1 one;
	struct cose_sign many;

	buf_add_text(&hex, message);
	edit_replace(&hex, m->from, m->to, m->name);
	edit_to_bytes(&bytes, &hex, m->name);
	struct span in = buf_span(&bytes);
	bool good = message == sign
	    ? cose_sign_parse(&many, in, "test", err)
	    : cose_sign1_parse(&one, in, message == typed ? "test" : NULL, err);
	buf_free(&hex);
	buf_free(&bytes);
	return good;
}

static void
check_refused(const char *message, const struct mistake *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct err err = { 0 };
		CHECK_ROW(!parse_edited(message, &rows[i], &err), rows[i].name);
		CHECK_ROW(err.code == rows[i].code, rows[i].name);
		CHECK_ROW(strncmp(err.text, "COSE_", 5) == 0, rows[i].name);
	}
}

static void
right_messages_are_read(void **state)
{
	static const struct mistake none = { "right", "", "", ERR_NONE };
	static const struct mistake sm2 = { "SM2", HEADER,
		"51a2"
		"013a00011364"
		"0448" KID,
		ERR_NONE };
	(void)state;
	assert_true(parse_edited(sign1, &none, NULL));
	assert_true(parse_edited(typed, &none, NULL));
	assert_true(parse_edited(sign, &none, NULL));
	assert_true(parse_edited(sign1, &sm2, NULL));
}

/* threat_08: alg is ES256 or SM2, an integer, protected. */
static void
threat_08_alg_confusion(void **state)
{
	static const struct mistake rows[] = {
		{ "no alg", HEADER,
		    "4ba1"
		    "0448" KID,
		    ERR_MALFORMED },
		{ "alg only in the unprotected header", HEADER "a0",
		    "4ba1"
		    "0448" KID "a10126",
		    ERR_MALFORMED },
		{ "alg in both headers", "a042aabb", "a1012642aabb", ERR_MALFORMED },
		{ "alg none", "a20126", "a20100", ERR_MALFORMED },
		{ "HMAC with SHA-256", "a20126", "a20105", ERR_MALFORMED },
		{ "EdDSA", "a20126", "a20127", ERR_MALFORMED },
		{ "ES384", HEADER,
		    "4ea2"
		    "013822"
		    "0448" KID,
		    ERR_MALFORMED },
		{ "RSA", HEADER,
		    "4fa2"
		    "01390100"
		    "0448" KID,
		    ERR_MALFORMED },
		{ "ML-DSA-44", HEADER,
		    "4ea2"
		    "01382f"
		    "0448" KID,
		    ERR_MALFORMED },
		{ "alg as text", HEADER,
		    "52a2"
		    "01"
		    "654553323536"
		    "0448" KID,
		    ERR_MALFORMED },
		{ "alg null", "a20126", "a201f6", ERR_MALFORMED },
		{ "alg in a longer form", HEADER,
		    "4ea2"
		    "013806"
		    "0448" KID,
		    ERR_MALFORMED },
		{ "empty protected header", HEADER, "40", ERR_MALFORMED },
		{ "protected header of an empty map", HEADER, "41a0", ERR_MALFORMED },
	};
	(void)state;
	check_refused(sign1, rows, COUNT_OF(rows));
}

/* threat_09: a kid is eight bytes. */
static void
threat_09_kid_injection(void **state)
{
	static const struct mistake rows[] = {
		{ "no kid", HEADER,
		    "43a1"
		    "0126",
		    ERR_MALFORMED },
		{ "kid of 7 bytes", HEADER,
		    "4ca2"
		    "0126"
		    "0447"
		    "01020304050607",
		    ERR_MALFORMED },
		{ "kid of 9 bytes", HEADER,
		    "4ea2"
		    "0126"
		    "0449" KID "09",
		    ERR_MALFORMED },
		{ "kid as text", "0448", "0468", ERR_MALFORMED },
		{ "kid a number", HEADER,
		    "45a2"
		    "0126"
		    "0401",
		    ERR_MALFORMED },
		{ "kid unprotected", HEADER "a0",
		    "43a1"
		    "0126"
		    "a10448" KID,
		    ERR_MALFORMED },
		{ "kid twice", HEADER,
		    "57a3"
		    "0126"
		    "0448" KID "0448" KID,
		    ERR_MALFORMED },
	};
	(void)state;
	check_refused(sign1, rows, COUNT_OF(rows));
}

/* threat_10: no header can bring a key of its own. */
static void
threat_10_key_smuggled_in(void **state)
{
	static const struct mistake rows[] = {
		{ "x5chain", HEADER,
		    "51a3"
		    "0126"
		    "0448" KID "182141"
		    "00",
		    ERR_MALFORMED },
		{ "x5u", HEADER,
		    "52a3"
		    "0126"
		    "0448" KID "1823"
		    "6178"
		    "",
		    ERR_MALFORMED },
		{ "crit", HEADER,
		    "50a3"
		    "0126"
		    "028104"
		    "0448" KID,
		    ERR_LIMIT },
		{ "content type", HEADER,
		    "4fa3"
		    "0126"
		    "0300"
		    "0448" KID,
		    ERR_MALFORMED },
		{ "typ where there is none", HEADER, TYPED_HEADER, ERR_MALFORMED },
		{ "x5chain unprotected", "a042aabb",
		    "a118214100"
		    "42aabb",
		    ERR_MALFORMED },
		{ "a COSE_Key unprotected", "a042aabb", "a120a1010242aabb", ERR_MALFORMED },
		{ "a text header", HEADER,
		    "50a3"
		    "0126"
		    "0448" KID "616100",
		    ERR_MALFORMED },
	};
	(void)state;
	check_refused(sign1, rows, COUNT_OF(rows));
}

static void
other_shapes_are_refused(void **state)
{
	static const struct mistake rows[] = {
		{ "no tag", "d284", "84", ERR_MALFORMED },
		{ "tag of COSE_Mac0", "d284", "d184", ERR_MALFORMED },
		{ "tag of COSE_Sign", "d284", "d86284", ERR_MALFORMED },
		{ "a CWT tag outside", "d284", "d83dd284", ERR_MALFORMED },
		{ "three items", "d284" HEADER "a0", "d283" HEADER, ERR_MALFORMED },
		{ "five items", "d284", "d28500", ERR_MALFORMED },
		{ "protected header not wrapped", HEADER,
		    "a2"
		    "0126"
		    "0448" KID,
		    ERR_MALFORMED },
		{ "protected header not CBOR", HEADER, "41ff", ERR_MALFORMED },
		{ "bytes after the protected map", HEADER,
		    "4ea2"
		    "0126"
		    "0448" KID "00",
		    ERR_MALFORMED },
		{ "protected header an array", HEADER, "43820126", ERR_MALFORMED },
		{ "protected header nested", HEADER,
		    "4ea2"
		    "018126"
		    "0448" KID,
		    ERR_LIMIT },
		{ "unprotected header as bytes", "a042aabb", "41a042aabb", ERR_MALFORMED },
		{ "detached payload", "42aabb", "f6", ERR_MALFORMED },
		{ "empty payload", "42aabb", "40", ERR_MALFORMED },
		{ "payload not wrapped", "42aabb", "820102", ERR_MALFORMED },
		{ "signature of 63 bytes",
		    "5840"
		    "11",
		    "583f", ERR_MALFORMED },
		{ "signature of 65 bytes", "5840", "584100", ERR_MALFORMED },
		{ "no signature", SIGNATURE, "40", ERR_MALFORMED },
		{ "DER instead of r||s", SIGNATURE, "4630040201010200", ERR_MALFORMED },
		{ "a byte after the end", SIGNATURE, SIGNATURE "00", ERR_MALFORMED },
	};
	(void)state;
	check_refused(sign1, rows, COUNT_OF(rows));
}

static void
another_typ_is_another_object(void **state)
{
	static const struct mistake rows[] = {
		{ "no typ",
		    "53a3"
		    "0126"
		    "0448" KID "10"
		    "6474657374",
		    HEADER, ERR_MALFORMED },
		{ "another typ", "6474657374", "6474657375", ERR_MALFORMED },
		{ "a typ that goes on", "53a3", "54a3", ERR_MALFORMED },
		{ "typ a number",
		    "53a3"
		    "0126"
		    "0448" KID "10"
		    "6474657374",
		    "4fa3"
		    "0126"
		    "0448" KID "1000",
		    ERR_MALFORMED },
	};
	(void)state;
	check_refused(typed, rows, COUNT_OF(rows));
}

static void
other_shapes_of_several_signatures_are_refused(void **state)
{
	static const struct mistake rows[] = {
		{ "no typ",
		    "47a1"
		    "10"
		    "6474657374",
		    "41a0", ERR_MALFORMED },
		{ "another typ", "6474657374", "6474657375", ERR_MALFORMED },
		{ "alg in the body's header", "47a1",
		    "49a2"
		    "0126",
		    ERR_MALFORMED },
		{ "no signer",
		    "81"
		    "83" HEADER "a0" SIGNATURE,
		    "80", ERR_MALFORMED },
		{ "signers not a list",
		    "81"
		    "83",
		    "83", ERR_MALFORMED },
		{ "a signer of two", "83" HEADER "a0", "82" HEADER, ERR_MALFORMED },
		{ "a signer without alg", HEADER,
		    "4ba1"
		    "0448" KID,
		    ERR_MALFORMED },
		{ "a signer with a typ", HEADER, TYPED_HEADER, ERR_MALFORMED },
		{ "a signer's unprotected header", HEADER "a0", HEADER "a10126", ERR_MALFORMED },
		{ "a short signature",
		    "5840"
		    "11",
		    "583f", ERR_MALFORMED },
		{ "tag of COSE_Sign1", "d86284", "d284", ERR_MALFORMED },
	};
	(void)state;
	check_refused(sign, rows, COUNT_OF(rows));
}

static void
as_many_signers_as_the_limit_and_no_more(void **state)
{
	uint8_t signature[COSE_SIGNATURE_BYTES] = { 0 };
	struct cose_sign m = { .payload = span_text("p") }, again;
	struct buf body = BUF_EMPTY, header = BUF_EMPTY, out = BUF_EMPTY, more = BUF_EMPTY;
	(void)state;

	cose_body_header_encode(&body, "test");
	cose_header_encode(&header, COSE_ALG_ES256, span_text("12345678"), NULL);
	m.header = buf_span(&body);
	m.signers = LIMIT_COSE_SIGNERS;
	for (size_t i = 0; i < m.signers; i++) {
		signature[0] = (uint8_t)i;
		m.signer[i].header = buf_span(&header);
		m.signer[i].signature = span_of(signature, sizeof signature);
	}
	cose_sign_encode(&out, &m);
	assert_true(cose_sign_parse(&again, buf_span(&out), "test", NULL));
	assert_int_equal(again.signers, LIMIT_COSE_SIGNERS);
	assert_true(span_is(again.payload, "p"));
	assert_true(span_is(again.signer[15].kid, "12345678"));
	assert_int_equal(again.signer[15].alg, COSE_ALG_ES256);

	/* The same with one more: the count behind the payload "41 70" is 0x90. */
	uint8_t *count = memmem(out.ptr, out.len, "\x41\x70\x90", 3);
	assert_non_null(count);
	count[2] = 0x91;
	buf_add_span(&more, buf_span(&out));
	buf_add(&more, out.ptr + out.len - 81, 81);
	assert_false(cose_sign_parse(&again, buf_span(&more), "test", NULL));
	buf_free(&body);
	buf_free(&header);
	buf_free(&out);
	buf_free(&more);
}

/* RFC 9052 4.4, written out by hand. */
static void
the_bytes_to_sign_are_those_of_the_standard(void **state)
{
	struct buf one = BUF_EMPTY, many = BUF_EMPTY;
	(void)state;

	cose_sign1_to_be_signed(&one, span_text("H"), span_text("aad"), span_text("pay"));
	assert_true(span_equal(buf_span(&one),
	    span_of("\x84\x6aSignature1\x41H\x43"
		    "aad\x43pay",
		1 + 11 + 2 + 4 + 4)));
	cose_sign_to_be_signed(
	    &many, span_text("H"), span_text("S"), span_text(""), span_text("pay"));
	assert_true(span_equal(buf_span(&many),
	    span_of("\x85\x69Signature\x41H\x41S\x40\x43pay", 1 + 10 + 2 + 2 + 1 + 4)));
	buf_free(&one);
	buf_free(&many);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(right_messages_are_read),
		cmocka_unit_test(threat_08_alg_confusion),
		cmocka_unit_test(threat_09_kid_injection),
		cmocka_unit_test(threat_10_key_smuggled_in),
		cmocka_unit_test(other_shapes_are_refused),
		cmocka_unit_test(another_typ_is_another_object),
		cmocka_unit_test(other_shapes_of_several_signatures_are_refused),
		cmocka_unit_test(as_many_signers_as_the_limit_and_no_more),
		cmocka_unit_test(the_bytes_to_sign_are_those_of_the_standard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
