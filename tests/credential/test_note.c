#include "core/encode.h"
#include "credential/checkpoint.h"
#include "credential/note.h"
#include "tests/test.h"

/* The example of the signed-note specification (C2SP), byte for byte. */
static const char vkey[] = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

static void
the_published_verification_key_is_read(void **state)
{
	struct note_key key;
	struct buf back = BUF_EMPTY;
	(void)state;

	assert_true(note_key_parse(&key, span_text(vkey), NULL));
	assert_true(span_is(key.name, "example.com/foo"));
	assert_int_equal(key.type, NOTE_ED25519);
	assert_memory_equal(key.id, "\x53\x0d\x90\x3a", NOTE_KEY_ID_BYTES);
	note_key_format(&back, &key);
	assert_string_equal(buf_text(&back), vkey);
	buf_free(&back);
}

static void
no_other_form_of_a_verification_key_is_read(void **state)
{
	static const struct {
		const char *row, *vkey;
	} rows[] = {
		{ "empty", "" },
		{ "name alone", "example.com/foo" },
		{ "no key", "example.com/foo+530d903a+" },
		{ "no name", "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
		{ "an id of another key",
		    "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
		{ "an id of another name",
		    "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
		{ "an id in capitals",
		    "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
		{ "an id cut short",
		    "example.com/foo+530d90+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
		{ "a blank in the name",
		    "example com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
		{ "an ideographic blank in the name",
		    "example\u3000com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
		{ "a line end behind it",
		    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n" },
		{ "a key cut short", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZA==" },
		{ "another type of key",
		    "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct note_key key;
		struct err err = { 0 };
		CHECK_ROW(!note_key_parse(&key, span_text(rows[i].vkey), &err), rows[i].row);
		CHECK_ROW(err.code == ERR_MALFORMED || err.code == ERR_REFUSED, rows[i].row);
	}
}

/* Whatever Unicode calls a blank would make two names look alike. */
static void
no_name_holds_a_blank(void **state)
{
	static const char *const blanks[] = { " ", "\xc2\x85", "\xc2\xa0", "\u1680", "\u2000",
		"\u2005", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\t", "\x7f",
		"\xff" };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(blanks); i++) {
		struct buf name = BUF_EMPTY, text = BUF_EMPTY;
		struct note_key key = { .type = NOTE_ED25519 }, back;
		buf_printf(&name, "a%sb", blanks[i]);
		key.name = buf_span(&name);
		note_key_format(&text, &key);
		assert_false(note_key_parse(&back, buf_span(&text), NULL));
		buf_free(&name);
		buf_free(&text);
	}
}

/* A key of the log and one of a witness with the same bytes have other ids. */
static void
the_type_of_a_key_is_part_of_its_id(void **state)
{
	uint8_t key[32] = { 1 }, log_id[NOTE_KEY_ID_BYTES], witness_id[NOTE_KEY_ID_BYTES];
	(void)state;

	note_key_id(log_id, span_text("w"), NOTE_ED25519, key);
	note_key_id(witness_id, span_text("w"), NOTE_COSIGNATURE, key);
	assert_memory_not_equal(log_id, witness_id, NOTE_KEY_ID_BYTES);
}

/* ---- notes ---- */

static struct note_key
key_named(const char *name, enum note_type type)
{
	struct note_key key = { .name = span_text(name), .type = type, .key = { 7 } };
	note_key_id(key.id, key.name, type, key.key);
	return key;
}

/* The example of the specification, signed by the key above. */
static void
the_published_note_is_read(void **state)
{
	static const char text[] =
	    "This is an example message.\n\n\xe2\x80\x94 example.com/foo "
	    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72"
	    "IneyaQM=\n";
	struct note_key key;
	struct note note;
	struct buf back = BUF_EMPTY;
	size_t at = 0;
	(void)state;

	assert_true(note_key_parse(&key, span_text(vkey), NULL));
	assert_true(note_parse(&note, span_text(text), NULL));
	assert_true(span_is(note.text, "This is an example message.\n"));
	const struct note_signature *s = note_find(&note, &key, &at);
	assert_non_null(s);
	note_begin(&back, note.text);
	note_add_signature(&back, &key, span_of(s->sig, s->len));
	assert_string_equal(buf_text(&back), text);
	buf_free(&back);
}

static void
a_note_comes_back_with_its_signatures(void **state)
{
	static const uint8_t sig[NOTE_COSIGNATURE_BYTES] = { 9, 8, 7 };
	struct note_key log = key_named("v.example/log", NOTE_ED25519);
	struct note_key witness = key_named("w.example", NOTE_COSIGNATURE);
	struct note_key stranger = key_named("x.example", NOTE_ED25519), namesake = log;
	struct buf text = BUF_EMPTY;
	struct note note;
	size_t at = 0;
	(void)state;

	note_begin(&text, span_text("one\n\ntwo\n"));
	note_add_signature(&text, &log, span_of(sig, NOTE_ED25519_BYTES));
	note_add_signature(&text, &witness, span_of(sig, NOTE_COSIGNATURE_BYTES));
	note_add_signature(&text, &log, span_of(sig, NOTE_COSIGNATURE_BYTES));
	assert_memory_equal(
	    buf_text(&text), "one\n\ntwo\n\n\xe2\x80\x94 v.example/log ", 9 + 1 + 4 + 14);

	assert_true(note_parse(&note, buf_span(&text), NULL));
	assert_true(span_is(note.text, "one\n\ntwo\n"));
	assert_int_equal(note.signatures, 3);
	const struct note_signature *s = note_find(&note, &log, &at);
	assert_ptr_equal(s, &note.signature[0]);
	assert_memory_equal(s->sig, sig, NOTE_ED25519_BYTES);
	assert_null(note_find(&note, &log, &at)); /* the third is of another length */
	at = 0;
	assert_ptr_equal(note_find(&note, &witness, &at), &note.signature[1]);
	at = 0;
	assert_null(note_find(&note, &stranger, &at));
	namesake.id[0] ^= 1; /* another key under the same name */
	at = 0;
	assert_null(note_find(&note, &namesake, &at));
	buf_free(&text);
}

static void
sixteen_signatures_are_read_and_thirty_three_are_not(void **state)
{
	static const uint8_t sig[NOTE_ED25519_BYTES] = { 1 };
	struct note_key key = key_named("w.example", NOTE_ED25519);
	struct buf text = BUF_EMPTY;
	struct note note;
	struct err err = { 0 };
	(void)state;

	note_begin(&text, span_text("text\n"));
	for (size_t i = 1; i <= LIMIT_NOTE_SIGNATURES; i++) {
		note_add_signature(&text, &key, span_of(sig, sizeof sig));
		assert_true(note_parse(&note, buf_span(&text), NULL));
		assert_int_equal(note.signatures, i);
	}
	assert_true(LIMIT_NOTE_SIGNATURES >= 16);
	note_add_signature(&text, &key, span_of(sig, sizeof sig));
	assert_false(note_parse(&note, buf_span(&text), &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&text);
}

/* A signature of a kind we do not read is carried along, as the specification asks. */
static void
a_longer_signature_is_admitted_and_never_found(void **state)
{
	static const uint8_t sig[2420] = { 1 };
	struct note_key key = key_named("pq.example", NOTE_ED25519);
	struct buf text = BUF_EMPTY;
	struct note note;
	size_t at = 0;
	(void)state;

	note_begin(&text, span_text("text\n"));
	note_add_signature(&text, &key, span_of(sig, sizeof sig));
	assert_true(note_parse(&note, buf_span(&text), NULL));
	assert_int_equal(note.signature[0].len, 0);
	assert_null(note_find(&note, &key, &at));
	buf_free(&text);
}

static void
no_other_form_of_a_note_is_read(void **state)
{
#define LINE "\xe2\x80\x94 n AAAAAAE=\n"
	static const struct {
		const char *row, *note;
	} rows[] = {
		{ "empty", "" },
		{ "text alone", "text\n" },
		{ "no signature", "text\n\n" },
		{ "no blank line", "text\n" LINE },
		{ "no text", "\n" LINE },
		{ "no line end at the end", "text\n\n\xe2\x80\x94 n AAAAAAE=" },
		{ "a hyphen for the dash", "text\n\n- n AAAAAAE=\n" },
		{ "no blank behind the dash", "text\n\n\xe2\x80\x94n AAAAAAE=\n" },
		{ "no name", "text\n\n\xe2\x80\x94  AAAAAAE=\n" },
		{ "a plus sign in the name", "text\n\n\xe2\x80\x94 a+b AAAAAAE=\n" },
		{ "no signature bytes", "text\n\n\xe2\x80\x94 n\n" },
		{ "an id without a signature", "text\n\n\xe2\x80\x94 n AAAAAA==\n" },
		{ "base64 with a blank", "text\n\n\xe2\x80\x94 n AAAA AAE=\n" },
		{ "base64 without padding", "text\n\n\xe2\x80\x94 n AAAAAAE\n" },
		{ "a carriage return", "text\r\n\n" LINE },
		{ "a tab", "te\txt\n\n" LINE },
		{ "not UTF-8", "te\xffxt\n\n" LINE },
		{ "a line behind the signatures", "text\n\n" LINE "more\n" },
	};
	(void)state;

	struct note note;
	assert_true(note_parse(&note, span_text("text\n\n" LINE), NULL));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		CHECK_ROW(!note_parse(&note, span_text(rows[i].note), &err), rows[i].row);
		CHECK_ROW(err.code == ERR_MALFORMED, rows[i].row);
	}
#undef LINE
}

static void
a_note_beyond_the_limit_is_not_read(void **state)
{
	static char text[LIMIT_NOTE_BYTES + 2];
	struct note note;
	struct err err = { 0 };
	(void)state;

	memset(text, 'a', sizeof text - 1);
	assert_false(note_parse(&note, span_text(text), &err));
	assert_int_equal(err.code, ERR_LIMIT);
}

static void
a_witness_signs_its_time_and_the_text(void **state)
{
	struct buf bytes = BUF_EMPTY;
	(void)state;

	note_cosigned(&bytes, 1795161900, span_text("origin\n1\nroot\n"));
	assert_string_equal(buf_text(&bytes), "cosignature/v1\ntime 1795161900\norigin\n1\nroot\n");
	buf_free(&bytes);
}

/* ---- checkpoints ---- */

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

static void
a_checkpoint_comes_back(void **state)
{
	static const char text[] = "v.example/log\n20852163\n" ROOT "\n";
	struct checkpoint c;
	struct buf back = BUF_EMPTY;
	(void)state;

	assert_true(checkpoint_parse(&c, span_text(text), NULL));
	assert_true(span_is(c.origin, "v.example/log"));
	assert_int_equal(c.size, 20852163);
	assert_int_equal(c.root.b[0], 0x0a);
	checkpoint_encode(&back, &c);
	assert_string_equal(buf_text(&back), text);
	buf_free(&back);
}

static void
no_other_form_of_a_checkpoint_is_read(void **state)
{
	static const struct {
		const char *row, *text;
	} rows[] = {
		{ "empty", "" },
		{ "no origin", "\n1\n" ROOT "\n" },
		{ "no root", "o\n1\n" },
		{ "no last line end", "o\n1\n" ROOT },
		{ "an extension line", "o\n1\n" ROOT "\nextension\n" },
		{ "a leading zero", "o\n01\n" ROOT "\n" },
		{ "a negative size", "o\n-1\n" ROOT "\n" },
		{ "a size in hex", "o\n0x1\n" ROOT "\n" },
		{ "no size", "o\n\n" ROOT "\n" },
		{ "2^63", "o\n9223372036854775808\n" ROOT "\n" },
		{ "2^64", "o\n18446744073709551616\n" ROOT "\n" },
		{ "a root of 31 bytes", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n" },
		{ "a root that is not base64",
		    "o\n1\n!sUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n" },
	};
	struct checkpoint c;
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		CHECK_ROW(!checkpoint_parse(&c, span_text(rows[i].text), &err), rows[i].row);
		CHECK_ROW(err.code == ERR_MALFORMED, rows[i].row);
	}
	assert_true(checkpoint_parse(&c, span_text("o\n0\n" ROOT "\n"), NULL));
	assert_true(checkpoint_parse(&c, span_text("o\n9223372036854775807\n" ROOT "\n"), NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_verification_key_is_read),
		cmocka_unit_test(no_other_form_of_a_verification_key_is_read),
		cmocka_unit_test(no_name_holds_a_blank),
		cmocka_unit_test(the_type_of_a_key_is_part_of_its_id),
		cmocka_unit_test(the_published_note_is_read),
		cmocka_unit_test(a_note_comes_back_with_its_signatures),
		cmocka_unit_test(sixteen_signatures_are_read_and_thirty_three_are_not),
		cmocka_unit_test(a_longer_signature_is_admitted_and_never_found),
		cmocka_unit_test(no_other_form_of_a_note_is_read),
		cmocka_unit_test(a_note_beyond_the_limit_is_not_read),
		cmocka_unit_test(a_witness_signs_its_time_and_the_text),
		cmocka_unit_test(a_checkpoint_comes_back),
		cmocka_unit_test(no_other_form_of_a_checkpoint_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
