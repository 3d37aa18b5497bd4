#include "credential/note.h"
#include "keys/key.h"
#include "keys/pem.h"
#include "keys/signer_openssl.h"
#include "tests/test.h"

#include <stdlib.h>

#define TYP "application/qsnap+cbor"

struct fixture {
	struct signer *es256, *other, *ed25519;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	assert_true(signer_generate(&f->es256, SIGNER_ES256, NULL) &&
	    signer_generate(&f->other, SIGNER_ES256, NULL) &&
	    signer_generate(&f->ed25519, SIGNER_ED25519, NULL));
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	signer_free(f->es256);
	signer_free(f->other);
	signer_free(f->ed25519);
	free(f);
	return 0;
}

static void
a_message_says_its_key_and_holds_with_its_aad(void **state)
{
	const struct fixture *f = *state;
	struct buf out = BUF_EMPTY, tbs = BUF_EMPTY;
	struct cose_sign1 m;
	struct key *key = NULL;

	assert_true(
	    signer_sign1(&out, f->es256, TYP, span_text("payload"), span_text("aad"), NULL));
	assert_true(cose_sign1_parse(&m, buf_span(&out), TYP, NULL));
	assert_true(span_is(m.payload, "payload"));
	assert_int_equal(m.signer.alg, COSE_ALG_ES256);
	assert_true(span_equal(m.signer.kid, signer_kid(f->es256)));
	assert_true(key_from_spki(&key, signer_spki(f->es256), NULL));
	cose_sign1_to_be_signed(&tbs, m.signer.header, span_text("aad"), m.payload);
	assert_int_equal(key_verify(key, buf_span(&tbs), m.signer.signature), KEY_HOLDS);
	key_free(key);
	buf_free(&tbs);
	buf_free(&out);
}

static void
signatures_are_added_once_a_key(void **state)
{
	const struct fixture *f = *state;
	struct buf one = BUF_EMPTY, two = BUF_EMPTY, none = BUF_EMPTY;
	struct cose_sign m;
	struct err err = { 0 };

	assert_true(signer_sign(&one, f->es256, TYP, span_text("payload"), NULL));
	assert_false(signer_sign_too(&none, f->es256, TYP, buf_span(&one), &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_true(signer_sign_too(&two, f->other, TYP, buf_span(&one), NULL));
	assert_true(cose_sign_parse(&m, buf_span(&two), TYP, NULL));
	assert_int_equal(m.signers, 2);
	assert_true(span_is(m.payload, "payload"));
	/* Not under another type of object. */
	assert_false(
	    signer_sign_too(&none, f->other, "application/qbundle+cbor", buf_span(&one), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	buf_free(&none);
	buf_free(&two);
	buf_free(&one);
}

static void
no_more_signatures_than_a_reader_takes(void **state)
{
	const struct fixture *f = *state;
	struct buf file = BUF_EMPTY, more = BUF_EMPTY;
	struct err err = { 0 };

	assert_true(signer_sign(&file, f->es256, TYP, span_text("payload"), NULL));
	for (int i = 1; i < LIMIT_COSE_SIGNERS; i++) {
		struct signer *s = NULL;
		more = BUF_EMPTY;
		assert_true(signer_generate(&s, SIGNER_ES256, NULL));
		assert_true(signer_sign_too(&more, s, TYP, buf_span(&file), NULL));
		buf_free(&file);
		file = more;
		signer_free(s);
	}
	more = BUF_EMPTY;
	assert_false(signer_sign_too(&more, f->other, TYP, buf_span(&file), &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&file);
}

static void
a_key_signs_what_its_kind_is_for(void **state)
{
	const struct fixture *f = *state;
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };

	assert_false(signer_sign1(&out, f->ed25519, TYP, span_text("p"), span_of(NULL, 0), &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_false(signer_sign(&out, f->ed25519, TYP, span_text("p"), &err));
	assert_false(signer_note(&out, f->es256, span_text("log"), span_text("text\n"), &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_int_equal(out.len, 0);
}

/*
 * A chip that computes wrongly, or the wrong key on a token: what was signed does not verify under the key
 * the world knows, and must not leave.
 */
static void
threats_27_and_28_a_signature_that_does_not_verify_is_not_handed_out(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[COSE_SIGNATURE_BYTES], zeros[COSE_SIGNATURE_BYTES] = { 0 };
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };
	struct key *right = f->es256->verifier;

	f->es256->verifier = f->other->verifier;
	assert_false(signer_ecdsa(raw, f->es256, span_text("message"), &err));
	assert_int_equal(err.code, ERR_CRYPTO);
	assert_memory_equal(raw, zeros, sizeof raw); /* not even left lying about */
	assert_false(signer_sign1(&out, f->es256, TYP, span_text("p"), span_of(NULL, 0), &err));
	assert_false(signer_sign(&out, f->es256, TYP, span_text("p"), &err));
	assert_int_equal(out.len, 0);
	f->es256->verifier = right;

	f->ed25519->spki.ptr[f->ed25519->spki.len - 1] ^= 1;
	assert_false(signer_note(&out, f->ed25519, span_text("log"), span_text("text\n"), &err));
	assert_int_equal(err.code, ERR_CRYPTO);
	assert_int_equal(out.len, 0);
}

static void
a_note_is_signed_under_its_name(void **state)
{
	const struct fixture *f = *state;
	struct buf out = BUF_EMPTY;
	struct note note;
	struct note_key key = { .name = span_text("v.example/log"), .type = NOTE_ED25519 };
	size_t at = 0;

	assert_true(
	    signer_note(&out, f->ed25519, key.name, span_text("v.example/log\n1\nx\n"), NULL));
	assert_true(note_parse(&note, buf_span(&out), NULL));
	signer_ed25519(key.key, f->ed25519);
	note_key_id(key.id, key.name, key.type, key.key);
	const struct note_signature *sig = note_find(&note, &key, &at);
	assert_non_null(sig);
	assert_true(key_verify_ed25519(key.key, note.text, span_of(sig->sig, sig->len)));
	buf_free(&out);
}

/* ---- PEM ---- */

static void
pem_comes_back_and_is_canonical(void **state)
{
	const struct fixture *f = *state;
	struct buf pem = BUF_EMPTY, der = BUF_EMPTY;

	pem_encode(&pem, PEM_PUBLIC_KEY, signer_spki(f->es256));
	assert_true(pem_decode(&der, PEM_PUBLIC_KEY, buf_span(&pem), NULL));
	assert_true(span_equal(buf_span(&der), signer_spki(f->es256)));
	assert_false(pem_decode(&der, PEM_CERTIFICATE, buf_span(&pem), NULL));
	buf_free(&der);
	buf_free(&pem);
}

static void
what_is_not_one_block_of_pem_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"-----BEGIN PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\nmore\n",
		"before\n-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\nA*AA\n-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\nAAA\n-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END CERTIFICATE-----\n",
		"-----BEGIN PUBLIC KEY-----\nAAAA",
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf der = BUF_EMPTY;
		struct err err = { 0 };
		CHECK_ROW(!pem_decode(&der, PEM_PUBLIC_KEY, span_text(texts[i]), &err), texts[i]);
		CHECK_ROW(err.code == ERR_MALFORMED, texts[i]);
		buf_free(&der);
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_message_says_its_key_and_holds_with_its_aad),
		TEST(signatures_are_added_once_a_key),
		TEST(no_more_signatures_than_a_reader_takes),
		TEST(a_key_signs_what_its_kind_is_for),
		TEST(threats_27_and_28_a_signature_that_does_not_verify_is_not_handed_out),
		TEST(a_note_is_signed_under_its_name),
		TEST(pem_comes_back_and_is_canonical),
		cmocka_unit_test(what_is_not_one_block_of_pem_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
