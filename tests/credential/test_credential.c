#include "credential/credential.h"
#include "tests/credential/edit.h"

/* The claims of tests/vectors/qc1-example.txt. */
#define BODY                                                                                       \
	"a600010178"                                                                               \
	"24e7a4bae4be8be6989fe6a1a5e4bfa1e681afe68a80e69cafe69c89e99990e585ace58fb8"
static const char right[] = "a5"
			    "016454455354"
			    "02734a434139393939303032303236343832313336"
			    "041a74667000"
			    "061a6affff2c"
			    "3a00010000" BODY "03723931393939393031"
			    "4d4144454d3030313130"
			    "0401"
			    "05820103"
			    "06820119bc53";

#define HOLDER "017824e7a4bae4be8be6989fe6a1a5e4bfa1e681afe68a80e69cafe69c89e99990e585ace58fb8"
#define EXP "041a74667000"
#define IAT "061a6affff2c"
#define NUMBER "734a434139393939303032303236343832313336"
#define USCC                                                                                       \
	"72393139393939303"                                                                        \
	"14d4144454d3030313130"

struct mistake {
	const char *name;
	const char *from, *to;
	const char *from_2, *to_2;
	enum err_code code;
};

static bool
parse_edited(const struct mistake *m, struct err *err)
{
	struct buf hex = BUF_EMPTY, bytes = BUF_EMPTY;
	struct claims claims;

	buf_add_text(&hex, right);
	edit_replace(&hex, m->from, m->to, m->name);
	if (m->from_2 != NULL)
		edit_replace(&hex, m->from_2, m->to_2, m->name);
	edit_to_bytes(&bytes, &hex, m->name);
	bool good = credential_claims_parse(&claims, buf_span(&bytes), err);
	buf_free(&hex);
	buf_free(&bytes);
	return good;
}

/* threat_13 and threat_15: the table of what a lenient parser would let through. */
static void
threat_13_mistaken_claims_are_refused(void **state)
{
	static const struct mistake rows[] = {
		{ "no issuer", "a5016454455354", "a4", NULL, NULL, ERR_MALFORMED },
		{ "issuer of one letter", "016454455354", "016154", NULL, NULL, ERR_MALFORMED },
		{ "issuer of 17 letters", "016454455354", "01715454545454545454545454545454545454",
		    NULL, NULL, ERR_MALFORMED },
		{ "issuer in lower case", "016454455354", "016474657374", NULL, NULL,
		    ERR_MALFORMED },
		{ "issuer as bytes", "016454455354", "014454455354", NULL, NULL, ERR_MALFORMED },
		{ "no number",
		    "a5016454455354"
		    "02" NUMBER,
		    "a4016454455354", NULL, NULL, ERR_MALFORMED },
		{ "number with a wrong check character", "3832313336", "3832313337", NULL, NULL,
		    ERR_MALFORMED },
		{ "number of a family there is not", "734a43", "734a58", NULL, NULL,
		    ERR_MALFORMED },
		{ "number in lower case", "734a43", "736a63", NULL, NULL, ERR_MALFORMED },
		{ "number of one character less", NUMBER, "724a4341393939393030323032363438323133",
		    NULL, NULL, ERR_MALFORMED },
		{ "number with a NUL in it", "734a43", "730043", NULL, NULL, ERR_MALFORMED },
		{ "no exp", "a50164", "a40164", EXP, "", ERR_MALFORMED },
		{ "exp negative", EXP, "0420", NULL, NULL, ERR_MALFORMED },
		{ "exp a double", EXP, "04fb41dd199c00000000", NULL, NULL, ERR_MALFORMED },
		{ "exp not a number", EXP, "04f97e00", NULL, NULL, ERR_MALFORMED },
		{ "exp a bignum", EXP, "04c24474667000", NULL, NULL, ERR_MALFORMED },
		{ "exp with the tag of a date", EXP, "04c11a74667000", NULL, NULL, ERR_MALFORMED },
		{ "exp as text", EXP,
		    "0461"
		    "39",
		    NULL, NULL, ERR_MALFORMED },
		{ "exp null", EXP, "04f6", NULL, NULL, ERR_MALFORMED },
		{ "exp after the year 9999", EXP, "041b0000003afff44180", NULL, NULL,
		    ERR_MALFORMED },
		{ "exp in nine bytes", EXP, "041b0000000074667000", NULL, NULL, ERR_MALFORMED },
		{ "exp twice", "a50164", "a60164", EXP, EXP EXP, ERR_MALFORMED },
		{ "exp at iat", EXP, "041a6affff2c", NULL, NULL, ERR_MALFORMED },
		{ "exp at nbf", "a50164", "a60164", IAT, "051a74667000" IAT, ERR_MALFORMED },
		{ "nbf at iat", "a50164", "a60164", IAT, "051a6affff2c" IAT, ERR_MALFORMED },
		{ "nbf 0", "a50164", "a60164", IAT, "0500" IAT, ERR_MALFORMED },
		{ "no iat", "a50164", "a40164", IAT, "", ERR_MALFORMED },
		{ "iat negative", IAT, "0620", NULL, NULL, ERR_MALFORMED },
		{ "iat before exp in the map", EXP IAT, IAT EXP, NULL, NULL, ERR_MALFORMED },
		{ "an audience", "a50164", "a60164", EXP, "036141" EXP, ERR_MALFORMED },
		{ "a token id", "a50164", "a60164", IAT, IAT "0741aa", ERR_MALFORMED },
		{ "a claim with a text name", "a50164", "a60164", "06820119bc53",
		    "06820119bc53"
		    "616100",
		    ERR_MALFORMED },
		{ "no body", "a50164", "a40164",
		    "3a00010000" BODY "03" USCC "04010582010306820119bc53", "", ERR_MALFORMED },
		{ "body under another key", "3a00010000", "3a00010001", NULL, NULL, ERR_MALFORMED },
		{ "body version 2", "a6000101", "a6000201", NULL, NULL, ERR_MALFORMED },
		{ "no body version", "a6000101", "a501", NULL, NULL, ERR_MALFORMED },
		{ "no holder", "a60001" HOLDER, "a50001", NULL, NULL, ERR_MALFORMED },
		{ "empty holder", HOLDER, "0160", NULL, NULL, ERR_MALFORMED },
		{ "holder as bytes", "017824", "015824", NULL, NULL, ERR_MALFORMED },
		{ "holder not NFC", HOLDER, "016365cc81", NULL, NULL, ERR_REFUSED },
		{ "holder with a right-to-left override", HOLDER,
		    "0164"
		    "41e280ae",
		    NULL, NULL, ERR_REFUSED },
		{ "holder with a zero-width space", HOLDER,
		    "0165"
		    "41e2808b42",
		    NULL, NULL, ERR_REFUSED },
		{ "holder with a line feed", HOLDER,
		    "0163"
		    "410a42",
		    NULL, NULL, ERR_REFUSED },
		{ "holder not UTF-8", HOLDER,
		    "0162"
		    "41ff",
		    NULL, NULL, ERR_MALFORMED },
		{ "English name empty", "a600", "a700", HOLDER, HOLDER "0260", ERR_MALFORMED },
		{ "English name with a blank behind", "a600", "a700", HOLDER, HOLDER "02624120",
		    ERR_REFUSED },
		{ "no code", "a600", "a500", "03" USCC, "", ERR_MALFORMED },
		{ "code with a wrong check character", "3030313130", "3030313131", NULL, NULL,
		    ERR_MALFORMED },
		{ "code of 17 characters", USCC,
		    "713931393939393031"
		    "4d4144454d30303131",
		    NULL, NULL, ERR_MALFORMED },
		{ "code in lower case", "4d4144454d", "6d6164656d", NULL, NULL, ERR_MALFORMED },
		{ "grade 0",
		    "0401"
		    "05",
		    "0400"
		    "05",
		    NULL, NULL, ERR_MALFORMED },
		{ "grade 3",
		    "0401"
		    "05",
		    "0403"
		    "05",
		    NULL, NULL, ERR_MALFORMED },
		{ "grade B under a number of grade A",
		    "0401"
		    "05",
		    "0402"
		    "05",
		    NULL, NULL, ERR_MALFORMED },
		{ "no scope", "05820103", "0580", NULL, NULL, ERR_MALFORMED },
		{ "scopes falling", "05820103", "05820301", NULL, NULL, ERR_MALFORMED },
		{ "a scope twice", "05820103", "05820303", NULL, NULL, ERR_MALFORMED },
		{ "scope 0", "05820103", "05820003", NULL, NULL, ERR_MALFORMED },
		{ "scope 65536", "05820103", "0582011a00010000", NULL, NULL, ERR_MALFORMED },
		{ "17 scopes", "05820103", "05910102030405060708090a0b0c0d0e0f1011", NULL, NULL,
		    ERR_MALFORMED },
		{ "a slot without index", "06820119bc53", "068101", NULL, NULL, ERR_MALFORMED },
		{ "a slot of three", "06820119bc53", "06830119bc5300", NULL, NULL, ERR_MALFORMED },
		{ "list 65536", "06820119bc53", "06821a0001000000", NULL, NULL, ERR_MALFORMED },
		{ "index 65536", "06820119bc53", "0682011a00010000", NULL, NULL, ERR_MALFORMED },
		{ "version 0", "a600", "a700", "06820119bc53",
		    "06820119bc53"
		    "0900",
		    ERR_MALFORMED },
		{ "version 1 said aloud", "a600", "a700", "06820119bc53",
		    "06820119bc53"
		    "0901",
		    ERR_MALFORMED },
		{ "a body field 7", "a600", "a700", "06820119bc53",
		    "06820119bc53"
		    "0700",
		    ERR_MALFORMED },
		{ "a body field 10", "a600", "a700", "06820119bc53",
		    "06820119bc53"
		    "0a00",
		    ERR_MALFORMED },
		{ "a byte behind", "06820119bc53",
		    "06820119bc53"
		    "00",
		    NULL, NULL, ERR_MALFORMED },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		CHECK_ROW(!parse_edited(&rows[i], &err), rows[i].name);
		CHECK_ROW(err.code == rows[i].code, rows[i].name);
		CHECK_ROW(strncmp(err.text, "claims: ", 8) == 0, rows[i].name);
	}
}

/* The table above changes what would otherwise be right; and the rare right forms are right. */
static void
right_claims_are_read(void **state)
{
	static const struct mistake rows[] = {
		{ "as it is", "", "", NULL, NULL, ERR_NONE },
		{ "nbf later than iat", "a50164", "a60164", IAT, "051a6affff2d" IAT, ERR_NONE },
		{ "nbf before iat", "a50164", "a60164", IAT, "051a6affff2b" IAT, ERR_NONE },
		{ "an English name", "a600", "a700", HOLDER, HOLDER "026141", ERR_NONE },
		{ "version 2", "a600", "a700", "06820119bc53",
		    "06820119bc53"
		    "0902",
		    ERR_NONE },
		{ "16 scopes", "05820103", "05900102030405060708090a0b0c0d0e0f10", NULL, NULL,
		    ERR_NONE },
		{ "the last slot", "06820119bc53", "068219ffff19ffff", NULL, NULL, ERR_NONE },
		{ "an astral hanzi", HOLDER, "0164f0ac8cac", NULL, NULL, ERR_NONE },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		if (!parse_edited(&rows[i], &err))
			fail_msg("%s: %s", rows[i].name, err.text);
	}
}

static struct claims
typical(struct span holder, size_t scopes)
{
	struct claims c = { .exp_s = 1952870400, .iat_s = 1795161900, .grade = GRADE_A };
	c.iss = span_text("TEST");
	c.sub = span_text("JCA9999002026482136");
	c.holder = holder;
	c.uscc = span_text("91999901MADEM00110");
	for (size_t i = 0; i < scopes; i++)
		c.scopes.no[i] = (uint16_t)(i + 1);
	c.scopes.count = scopes;
	c.list = 1;
	c.idx = 48211;
	c.version = 1;
	return c;
}

static void
seal_up(struct buf *out, const struct claims *claims)
{
	struct buf header = BUF_EMPTY, payload = BUF_EMPTY;
	uint8_t signature[COSE_SIGNATURE_BYTES] = { 1 };

	cose_header_encode(&header, COSE_ALG_ES256, span_of("kidkidki", 8), NULL);
	assert_true(credential_claims_encode(&payload, claims, NULL));
	struct cose_sign1 m = { .payload = buf_span(&payload) };
	m.signer.header = buf_span(&header);
	m.signer.signature = span_of(signature, sizeof signature);
	cose_sign1_encode(out, &m);
	buf_free(&header);
	buf_free(&payload);
}

static void
sizes_are_those_the_code_was_planned_for(void **state)
{
	static const struct {
		size_t hanzi, scopes, bytes;
	} rows[] = { { 12, 2, 204 }, { 16, 4, 218 }, { 20, 4, 230 }, { 60, 8, 355 } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf holder = BUF_EMPTY, qc1 = BUF_EMPTY;
		for (size_t n = 0; n < rows[i].hanzi; n++)
			buf_add_text(&holder, "示");
		struct claims claims = typical(buf_span(&holder), rows[i].scopes);
		seal_up(&qc1, &claims);
		assert_int_equal(qc1.len, rows[i].bytes);
		buf_free(&holder);
		buf_free(&qc1);
	}
}

/* The longest the issuer can make fits what the verifier admits. */
static void
the_longest_credential_is_admitted(void **state)
{
	struct buf zh = BUF_EMPTY, qc1 = BUF_EMPTY;
	struct credential c;
	(void)state;

	for (size_t n = 0; n < LIMIT_HOLDER_BYTES / 3; n++)
		buf_add_text(&zh, "示");
	struct claims claims = typical(buf_span(&zh), LIMIT_SCOPES);
	for (size_t i = 0; i < LIMIT_SCOPES; i++)
		claims.scopes.no[i] = (uint16_t)(UINT16_MAX - LIMIT_SCOPES + 1 + i);
	claims.iss = span_text("ABCDEFGHIJKLMNOP");
	claims.holder_en = buf_span(&zh);
	claims.nbf_s = INT64_C(253402300797);
	claims.exp_s = INT64_C(253402300799);
	claims.iat_s = INT64_C(253402300796);
	claims.list = claims.idx = claims.version = UINT16_MAX;
	seal_up(&qc1, &claims);
	assert_true(
	    qc1.len > LIMIT_QC1_BYTES); /* both names at their longest do not fit together */
	struct err err = { 0 };
	assert_false(credential_parse(&c, buf_span(&qc1), &err));
	assert_int_equal(err.code, ERR_LIMIT);

	buf_free(&qc1);
	claims.holder_en = (struct span){ NULL, 0 };
	seal_up(&qc1, &claims);
	assert_true(credential_parse(&c, buf_span(&qc1), NULL));
	buf_free(&zh);
	buf_free(&qc1);
}

/* What cannot be read back is never written. */
static void
mistaken_claims_are_not_encoded(void **state)
{
	(void)state;
	for (int way = 0; way < 12; way++) {
		struct claims c = typical(span_text("示例"), 2);
		struct buf out = BUF_EMPTY;
		switch (way) {
		case 0:
			c.iss = span_text("x");
			break;
		case 1:
			c.sub = span_text("JC-A-999900-2026-48213-6");
			break;
		case 2:
			c.exp_s = c.iat_s;
			break;
		case 3:
			c.nbf_s = c.iat_s;
			break;
		case 4:
			c.iat_s = -1;
			break;
		case 5:
			c.holder = span_text(" 示例");
			break;
		case 6:
			c.uscc = span_text("91999901MADEM00111");
			break;
		case 7:
			c.grade = GRADE_NONE;
			break;
		case 8:
			c.scopes.count = 0;
			break;
		case 9:
			c.scopes.no[1] = 1;
			break;
		case 10:
			c.version = 0;
			break;
		default:
			c.exp_s = INT64_C(253402300800);
			break;
		}
		struct err err = { 0 };
		assert_false(credential_claims_encode(&out, &c, &err));
		assert_true(err.code != ERR_NONE);
		assert_int_equal(out.len, 0);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threat_13_mistaken_claims_are_refused),
		cmocka_unit_test(right_claims_are_read),
		cmocka_unit_test(sizes_are_those_the_code_was_planned_for),
		cmocka_unit_test(the_longest_credential_is_admitted),
		cmocka_unit_test(mistaken_claims_are_not_encoded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
