#include "core/file.h"
#include "keys/key_file.h"
#include "keys/pem.h"
#include "keys/secret_file.h"
#include "keys/signer_openssl.h"
#include "tests/keys/folder.h"

#include <fcntl.h>
#include <openssl/pem.h>

#define PASSPHRASE "eight or more"

struct fixture {
	struct folder folder;
	struct signer *signer;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	folder_new(&f->folder);
	assert_true(signer_generate(&f->signer, SIGNER_ES256, NULL));
	assert_true(key_file_write(folder_at(&f->folder, "key.pem"), f->signer,
	    span_text(PASSPHRASE), KEY_FILE_LIGHT, NULL));
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	signer_free(f->signer);
	folder_remove(&f->folder);
	free(f);
	return 0;
}

static enum err_code
open_with(struct fixture *f, const char *name, const char *passphrase)
{
	struct signer *s = NULL;
	struct err err = { 0 };
	bool ok = key_file_open(&s, folder_at(&f->folder, name), span_text(passphrase), &err);

	assert_true(ok == (s != NULL) && ok == (err.code == ERR_NONE));
	signer_free(s);
	return err.code;
}

static void
a_key_comes_back_from_its_file(void **state)
{
	static const enum signer_kind kinds[] = { SIGNER_ES256, SIGNER_ED25519 };
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct signer *s = NULL, *again = NULL;
		char name[16];
		snprintf(name, sizeof name, "kind-%zu.pem", i);
		assert_true(signer_generate(&s, kinds[i], NULL));
		assert_true(key_file_write(
		    folder_at(&f->folder, name), s, span_text(PASSPHRASE), KEY_FILE_LIGHT, NULL));
		assert_true(key_file_open(
		    &again, folder_at(&f->folder, name), span_text(PASSPHRASE), NULL));
		assert_int_equal(signer_kind(again), kinds[i]);
		assert_true(span_equal(signer_spki(again), signer_spki(s)));
		signer_free(again);
		signer_free(s);
	}
}

/* N = 2^17 is beyond what OpenSSL's own reader takes, so the road of the real keys is gone once here. */
static void
a_key_at_the_full_price_comes_back_too(void **state)
{
	struct fixture *f = *state;

	assert_true(key_file_write(folder_at(&f->folder, "dear.pem"), f->signer,
	    span_text(PASSPHRASE), KEY_FILE_STANDARD, NULL));
	assert_int_equal(open_with(f, "dear.pem", PASSPHRASE), ERR_NONE);
}

static void
a_key_file_is_for_its_owner_alone_and_holds_no_plain_key(void **state)
{
	struct fixture *f = *state;
	struct buf pem = BUF_EMPTY;
	struct stat st;

	assert_int_equal(stat(folder_at(&f->folder, "key.pem"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(file_read(&pem, f->folder.at, 4096, NULL));
	assert_int_equal(strncmp(buf_text(&pem), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", 38), 0);
	buf_free(&pem);
}

/* Others read the cheap ones: it is the standard's form. */
static void
openssl_reads_a_light_key_file(void **state)
{
	struct fixture *f = *state;
	FILE *in = fopen(folder_at(&f->folder, "key.pem"), "r");
	EVP_PKEY *pkey = PEM_read_PrivateKey(in, NULL, NULL, (void *)PASSPHRASE);

	assert_non_null(pkey);
	assert_int_equal(EVP_PKEY_eq(pkey, f->signer->pkey), 1);
	EVP_PKEY_free(pkey);
	fclose(in);
}

static void
a_wrong_passphrase_is_told_in_two_words(void **state)
{
	static const char *const wrong[] = { "", "eight or mor", "eight or more ",
		"Eight or more" };
	struct fixture *f = *state;
	struct signer *s = NULL;
	struct err err = { 0 };

	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		CHECK_ROW(open_with(f, "key.pem", wrong[i]) == ERR_CRYPTO, wrong[i]);
	assert_false(
	    key_file_open(&s, folder_at(&f->folder, "key.pem"), span_text("not this one"), &err));
	assert_non_null(strstr(err.text, "key.pem: wrong passphrase"));
}

static void
no_key_is_ever_replaced(void **state)
{
	struct fixture *f = *state;
	struct err err = { 0 };

	assert_false(key_file_write(folder_at(&f->folder, "key.pem"), f->signer,
	    span_text(PASSPHRASE), KEY_FILE_LIGHT, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
}

static void
a_short_passphrase_is_refused(void **state)
{
	struct fixture *f = *state;
	struct err err = { 0 };

	assert_false(key_file_write(folder_at(&f->folder, "short.pem"), f->signer,
	    span_text("seven77"), KEY_FILE_LIGHT, &err));
	assert_int_equal(err.code, ERR_REFUSED);
	assert_false(file_exists(f->folder.at));
}

static void
threat_23_a_key_file_others_could_read_or_replace_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0644, 0610, 0601, 0620, 0602, 0666 };
	struct fixture *f = *state;
	struct err err = { 0 };
	struct signer *s = NULL;

	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		assert_int_equal(chmod(folder_at(&f->folder, "key.pem"), modes[i]), 0);
		assert_int_equal(open_with(f, "key.pem", PASSPHRASE), ERR_REFUSED);
	}
	assert_false(
	    key_file_open(&s, folder_at(&f->folder, "key.pem"), span_text(PASSPHRASE), &err));
	assert_non_null(strstr(err.text, "others may use it (mode 0666): chmod 600"));
	assert_int_equal(chmod(f->folder.at, 0400), 0);
	assert_int_equal(open_with(f, "key.pem", PASSPHRASE), ERR_NONE);
}

static void
threat_23_links_folders_and_pipes_are_no_key_files(void **state)
{
	struct fixture *f = *state;
	char target[256];

	snprintf(target, sizeof target, "%s/key.pem", f->folder.path);
	assert_int_equal(symlink(target, folder_at(&f->folder, "link.pem")), 0);
	assert_int_equal(open_with(f, "link.pem", PASSPHRASE), ERR_REFUSED);
	assert_int_equal(mkfifo(folder_at(&f->folder, "pipe.pem"), 0600), 0);
	assert_int_equal(open_with(f, "pipe.pem", PASSPHRASE), ERR_REFUSED);
	assert_int_equal(mkdir(folder_at(&f->folder, "dir.pem"), 0700), 0);
	assert_int_equal(open_with(f, "dir.pem", PASSPHRASE), ERR_REFUSED);
	assert_int_equal(open_with(f, "none.pem", PASSPHRASE), ERR_NOT_FOUND);
}

static void
threat_23_a_key_file_of_another_user_is_refused(void **state)
{
	struct fixture *f = *state;

	if (geteuid() != 0)
		skip(); /* nobody else can give a file away */
	assert_int_equal(chown(folder_at(&f->folder, "key.pem"), 65534, (gid_t)-1), 0);
	assert_int_equal(open_with(f, "key.pem", PASSPHRASE), ERR_REFUSED);
}

/* PEM of a private key as other tools write it: plain, or wrapped in a way that is not ours. */
static void
write_other_key(struct fixture *f, const char *name, const EVP_CIPHER *cipher)
{
	FILE *out = fopen(folder_at(&f->folder, name), "w");
	assert_int_equal(PEM_write_PKCS8PrivateKey(out, f->signer->pkey, cipher, PASSPHRASE,
			     sizeof PASSPHRASE - 1, NULL, NULL),
	    1);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(f->folder.at, 0600), 0);
}

static void
what_is_no_key_file_of_ours_is_told(void **state)
{
	struct fixture *f = *state;

	write_other_key(f, "plain.pem", NULL);
	assert_int_equal(open_with(f, "plain.pem", PASSPHRASE), ERR_REFUSED);
	write_other_key(f, "pbkdf2.pem", EVP_aes_256_cbc());
	assert_int_equal(open_with(f, "pbkdf2.pem", PASSPHRASE), ERR_MALFORMED);
	folder_write(&f->folder, "empty.pem", "", 0600);
	assert_int_equal(open_with(f, "empty.pem", PASSPHRASE), ERR_MALFORMED);
	folder_write(&f->folder, "text.pem", "hello\n", 0600);
	assert_int_equal(open_with(f, "text.pem", PASSPHRASE), ERR_MALFORMED);
}

/* No changed byte opens the key, or opens it with other contents, or makes anything crash. */
static void
a_damaged_key_file_opens_as_no_other_key(void **state)
{
	struct fixture *f = *state;
	struct buf pem = BUF_EMPTY, der = BUF_EMPTY;

	assert_true(file_read(&pem, folder_at(&f->folder, "key.pem"), 4096, NULL));
	assert_true(pem_decode(&der, "ENCRYPTED PRIVATE KEY", buf_span(&pem), NULL));
	for (size_t i = 0; i < der.len; i += 3) {
		struct buf changed = BUF_EMPTY;
		struct signer *s = NULL;
		der.ptr[i] ^= 0x01;
		pem_encode(&changed, "ENCRYPTED PRIVATE KEY", buf_span(&der));
		folder_write(&f->folder, "damaged.pem", buf_text(&changed), 0600);
		if (key_file_open(
			&s, folder_at(&f->folder, "damaged.pem"), span_text(PASSPHRASE), NULL))
			assert_true(span_equal(signer_spki(s), signer_spki(f->signer)));
		signer_free(s);
		buf_free(&changed);
		der.ptr[i] ^= 0x01;
	}
	buf_free(&der);
	buf_free(&pem);
}

/* ---- passphrases ---- */

static bool
read_from(struct buf *out, enum passphrase_from from, int fd, const char *path, struct err *err)
{
	struct passphrase_source source = { from, fd, path };
	return passphrase_read(out, &source, "", err);
}

static void
a_passphrase_file_gives_its_first_line(void **state)
{
	static const char *const texts[] = { PASSPHRASE, PASSPHRASE "\n",
		PASSPHRASE "\nnot this\n" };
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf out = BUF_EMPTY;
		folder_write(&f->folder, "pass", texts[i], 0600);
		assert_true(read_from(&out, PASSPHRASE_FILE, -1, f->folder.at, NULL));
		CHECK_ROW(span_is(buf_span(&out), PASSPHRASE), texts[i]);
		buf_wipe(&out);
	}
}

static void
threat_26_a_passphrase_file_others_could_read_is_refused(void **state)
{
	struct fixture *f = *state;
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };

	folder_write(&f->folder, "pass", PASSPHRASE "\n", 0644);
	assert_false(read_from(&out, PASSPHRASE_FILE, -1, f->folder.at, &err));
	assert_int_equal(err.code, ERR_REFUSED);
	folder_write(&f->folder, "empty", "\n", 0600);
	assert_false(read_from(&out, PASSPHRASE_FILE, -1, f->folder.at, &err));
	assert_int_equal(err.code, ERR_REFUSED);
	buf_wipe(&out);
}

static void
a_descriptor_gives_one_line_at_a_time(void **state)
{
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };
	int ends[2];
	(void)state;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "first one\nsecond one\n", 21), 21);
	close(ends[1]);
	assert_true(read_from(&out, PASSPHRASE_FD, ends[0], NULL, NULL));
	assert_true(span_is(buf_span(&out), "first one"));
	buf_wipe(&out);
	assert_true(read_from(&out, PASSPHRASE_FD, ends[0], NULL, NULL));
	assert_true(span_is(buf_span(&out), "second one"));
	buf_wipe(&out);
	assert_false(read_from(&out, PASSPHRASE_FD, ends[0], NULL, &err));
	assert_int_equal(err.code, ERR_REFUSED);
	close(ends[0]);
}

static void
a_passphrase_that_never_ends_is_refused(void **state)
{
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };
	int zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	(void)state;

	assert_false(read_from(&out, PASSPHRASE_FD, zeros, NULL, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_wipe(&out);
	close(zeros);
}

static void
a_key_is_unlocked_from_a_file_and_not_tried_twice(void **state)
{
	struct fixture *f = *state;
	struct signer *s = NULL;
	char path[256];
	struct passphrase_source source = { PASSPHRASE_FILE, -1, path };
	struct err err = { 0 };

	snprintf(path, sizeof path, "%s/pass", f->folder.path);
	folder_write(&f->folder, "pass", PASSPHRASE, 0600);
	assert_true(key_file_unlock(&s, folder_at(&f->folder, "key.pem"), &source, NULL));
	signer_free(s);
	folder_write(&f->folder, "pass", "something else", 0600);
	assert_false(key_file_unlock(&s, folder_at(&f->folder, "key.pem"), &source, &err));
	assert_int_equal(err.code, ERR_CRYPTO);
	assert_null(s);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_key_comes_back_from_its_file),
		TEST(a_key_at_the_full_price_comes_back_too),
		TEST(a_key_file_is_for_its_owner_alone_and_holds_no_plain_key),
		TEST(openssl_reads_a_light_key_file),
		TEST(a_wrong_passphrase_is_told_in_two_words),
		TEST(no_key_is_ever_replaced),
		TEST(a_short_passphrase_is_refused),
		TEST(threat_23_a_key_file_others_could_read_or_replace_is_refused),
		TEST(threat_23_links_folders_and_pipes_are_no_key_files),
		TEST(threat_23_a_key_file_of_another_user_is_refused),
		TEST(what_is_no_key_file_of_ours_is_told),
		TEST(a_damaged_key_file_opens_as_no_other_key),
		TEST(a_passphrase_file_gives_its_first_line),
		TEST(threat_26_a_passphrase_file_others_could_read_is_refused),
		cmocka_unit_test(a_descriptor_gives_one_line_at_a_time),
		cmocka_unit_test(a_passphrase_that_never_ends_is_refused),
		TEST(a_key_is_unlocked_from_a_file_and_not_tried_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
