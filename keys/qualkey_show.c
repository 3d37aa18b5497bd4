#include "core/cursor.h"
#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"
#include "credential/root_set.h"
#include "keys/enrolment.h"
#include "keys/key.h"
#include "keys/pem.h"
#include "keys/qualkey.h"
#include "keys/trust.h"

#include <getopt.h>
#include <stdio.h>

#define ED25519_SPKI_BYTES 44

/* One kind of file: false if it is none, text untouched. */
typedef bool describe_fn(struct buf *text, struct span file);

static void
add_hex(struct buf *out, struct span bytes)
{
	char hex[2 * SHA256_BYTES + 1];

	hex_encode(hex, bytes);
	buf_add_text(out, hex);
}

static bool
has_text(struct span file, const char *what)
{
	struct cursor c = cursor_over(file);
	return cursor_find(&c, span_text(what));
}

static bool
describe_private(struct buf *text, struct span file)
{
	if (!has_text(file, "-----BEGIN ") || !has_text(file, "PRIVATE KEY-----"))
		return false;
	buf_add_text(text,
	    has_text(file, "BEGIN ENCRYPTED PRIVATE KEY")
		? "a private key, encrypted\n"
		: "a private key that is NOT encrypted; qualkey and qualcert refuse it\n");
	return true;
}

static bool
describe_public(struct buf *text, struct span file)
{
	struct buf der = BUF_EMPTY;
	uint8_t hash[SHA256_BYTES];
	bool is = pem_decode(&der, PEM_PUBLIC_KEY, file, NULL);

	if (is) {
		struct key *key = NULL;
		bool p256 = key_from_spki(&key, buf_span(&der), NULL);
		sha256(hash, buf_span(&der));
		buf_printf(text, "a public key (%s), kid ",
		    p256                                ? "ECDSA P-256"
			: der.len == ED25519_SPKI_BYTES ? "Ed25519"
							: "of a kind we do not use");
		add_hex(text, span_of(hash, COSE_KID_BYTES));
		buf_add_byte(text, '\n');
		key_free(key);
	}
	buf_free(&der);
	return is;
}

static bool
describe_certificate(struct buf *text, struct span file)
{
	struct buf der = BUF_EMPTY;
	struct key *key = NULL;
	bool is = pem_decode(&der, PEM_CERTIFICATE, file, NULL) &&
	    key_from_x509(&key, buf_span(&der), NULL);

	if (is) {
		uint8_t hash[SHA256_BYTES];
		sha256(hash, buf_span(&der));
		buf_add_text(text, "a certificate, kid of its key ");
		add_hex(text, key_kid(key));
		buf_add_text(text, "\n  SHA-256 ");
		add_hex(text, span_of(hash, SHA256_BYTES));
		buf_add_byte(text, '\n');
	}
	key_free(key);
	buf_free(&der);
	return is;
}

static bool
describe_root(struct buf *text, struct span file)
{
	struct trust *t = NULL;

	if (!trust_open(&t, file, NULL))
		return false;
	buf_add_text(text, "a root set of ");
	text_escape(text, trust_roots(t)->issuer);
	buf_add_text(text, ", signed by its three keys\n  fingerprint ");
	add_hex(text, span_of(trust_fingerprint(t), SHA256_BYTES));
	buf_add_byte(text, '\n');
	trust_free(t);
	return true;
}

static bool
describe_enrolment(struct buf *text, struct span file)
{
	struct enrolment e;
	uint8_t hash[SHA256_BYTES];

	if (!enrolment_open(&e, file, NULL))
		return false;
	sha256(hash, e.spki);
	buf_add_text(text, "an officer's request to be listed: ");
	text_escape(text, e.name);
	buf_add_text(text, ", kid ");
	add_hex(text, span_of(hash, COSE_KID_BYTES));
	buf_add_text(text, "\n  roles asked for:");
	for (size_t i = 0; i < e.n_roles; i++)
		buf_printf(text, " %s", bundle_role_word(e.roles[i]));
	buf_add_byte(text, '\n');
	return true;
}

static void
add_bundle(struct buf *text, const struct bundle *b, size_t signatures)
{
	buf_printf(text, "trust bundle %llu of ", (unsigned long long)b->seq);
	text_escape(text, b->roots.issuer);
	buf_printf(text, ", %zu keys, signatures: %zu, not checked\n", b->n_keys, signatures);
}

static bool
describe_bundle(struct buf *text, struct span file)
{
	struct cose_sign m = { 0 };
	struct bundle *b = NULL;
	bool is_signed = cose_sign_parse(&m, file, BUNDLE_TYP, NULL);

	if (!bundle_parse(&b, is_signed ? m.payload : file, NULL))
		return false;
	add_bundle(text, b, m.signers);
	bundle_free(b);
	return true;
}

static describe_fn *const kinds[] = { describe_private, describe_public, describe_certificate,
	describe_root, describe_enrolment, describe_bundle };

static bool
show(const char *path, struct err *err)
{
	struct buf file = BUF_EMPTY, text = BUF_EMPTY;
	bool known = false;

	buf_printf(&text, "%s: ", path);
	bool ok = file_read(&file, path, LIMIT_BUNDLE_BYTES, err);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && ok && !known; i++)
		known = kinds[i](&text, buf_span(&file));
	if (ok && !known)
		buf_add_text(&text, "nothing of ours, or damaged\n");
	ok = ok && qualkey_print(&text, err);
	buf_wipe(&file);
	buf_free(&text);
	return ok;
}

bool
qualkey_show(struct call *call, struct err *err)
{
	if (qualkey_option(call, NULL, NULL, err) != -1)
		return false;
	if (call->argc == optind)
		return err_set(err, ERR_USAGE, "one file or more");
	for (int i = optind; i < call->argc; i++)
		if (!show(call->argv[i], err))
			return false;
	return true;
}
