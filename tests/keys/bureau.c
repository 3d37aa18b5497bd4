#include "tests/keys/bureau.h"

#include "credential/note.h"
#include "keys/x509.h"

#include <stdio.h>
#include <stdlib.h>

static void
must(bool done, const struct err *err)
{
	if (done)
		return;
	fprintf(stderr, "bureau: %s\n", err->text);
	abort();
}

static struct signer *
new_signer(enum signer_kind kind)
{
	struct err err = { 0 };
	struct signer *s = NULL;

	must(signer_generate(&s, kind, &err), &err);
	return s;
}

void
bureau_list_key(struct bundle_key *entry, const struct signer *s)
{
	memcpy(entry->kid, signer_kid(s).ptr, COSE_KID_BYTES);
	entry->key = signer_spki(s);
}

/* ---- certificates ---- */

static void
make_certificates(struct bureau *b)
{
	struct err err = { 0 };
	struct x509_subject ca = { span_text("示范资质管理局"), span_text("NTRCN-99990000"),
		span_text("Demonstration Reader CA") };
	struct x509_subject seal = { span_text("示范资质管理局"), span_text("NTRCN-99990000"),
		span_text("示范资质管理局证书专用章") };

	must(x509_make_reader_ca(
		 &b->ca_certificate, b->ca, &ca, BUREAU_FROM_S, BUREAU_UNTIL_S + 86400, &err),
	    &err);
	must(x509_make_seal(&b->seal_certificate, b->ca, buf_span(&b->ca_certificate),
		 signer_spki(b->key[BUREAU_SEAL]), &seal, BUREAU_FROM_S, BUREAU_UNTIL_S, &err),
	    &err);
	must(sealer_new(&b->sealer, b->key[BUREAU_SEAL], buf_span(&b->seal_certificate), &err),
	    &err);
}

/* ---- the bundle ---- */

static const enum key_use uses[BUREAU_KEYS] = {
	[BUREAU_CREDENTIAL] = KEY_USE_CREDENTIAL,
	[BUREAU_SEAL] = KEY_USE_SEAL,
	[BUREAU_STATUS] = KEY_USE_STATUS,
	[BUREAU_AUDIT_1] = KEY_USE_AUDIT,
	[BUREAU_AUDIT_2] = KEY_USE_AUDIT,
	[BUREAU_SERVICE] = KEY_USE_SERVICE,
	[BUREAU_OFFICER_1] = KEY_USE_OFFICER,
	[BUREAU_OFFICER_2] = KEY_USE_OFFICER,
	[BUREAU_OFFICER_3] = KEY_USE_OFFICER,
	[BUREAU_OFFICER_4] = KEY_USE_OFFICER,
};

static const enum role roles[4][BUREAU_GRANTS] = {
	{ ROLE_ACCEPT, ROLE_EXAMINE, ROLE_INSPECT },
	{ ROLE_INSPECT },
	{ ROLE_DECIDE, ROLE_ISSUE, ROLE_SANCTION },
	{ ROLE_APPROVE, ROLE_COUNTERSIGN },
};

static void
fill_officer(struct bureau *b, size_t officer)
{
	struct bundle_key *key = &b->keys[BUREAU_OFFICER_1 + officer];

	key->person[0] = (uint8_t)(1 + officer);
	key->grants = b->grants[officer];
	for (size_t r = 0; r < BUREAU_GRANTS && roles[officer][r] != ROLE_NONE; r++)
		key->grants[key->n_grants++] =
		    (struct bundle_grant){ roles[officer][r], BUREAU_FROM_S, BUREAU_UNTIL_S };
}

static void
fill_keys(struct bureau *b)
{
	for (size_t i = 0; i < BUREAU_KEYS; i++) {
		b->keys[i] = (struct bundle_key){ .issuer = span_text("TEST"),
			.alg = COSE_ALG_ES256,
			.use = uses[i],
			.from_s = BUREAU_FROM_S,
			.until_s = BUREAU_UNTIL_S };
		bureau_list_key(&b->keys[i], b->key[i]);
	}
	b->keys[BUREAU_SEAL].key = buf_span(&b->seal_certificate);
	for (size_t i = 0; i < 4; i++)
		fill_officer(b, i);
}

static struct span
vkey(struct buf *out, const char *name, enum note_type type, const struct signer *s)
{
	struct note_key key = { .name = span_text(name), .type = type };

	signer_ed25519(key.key, s);
	note_key_format(out, &key);
	return buf_span(out);
}

void
bureau_new_epoch(struct bureau *b)
{
	b->bundle.log.origin = span_text(BUREAU_LOG_2);
	b->bundle.log.vkey = vkey(&b->log_2_vkey, BUREAU_LOG_2, NOTE_ED25519, b->log);
	b->bundle.log.epoch++;
}

static void
fill_bundle(struct bureau *b)
{
	b->powers[0] = (struct bundle_power){ span_text("JC"), 1, span_text("issue"), BUREAU_FROM_S,
		BUREAU_UNTIL_S };
	b->powers[1] = b->powers[0];
	b->powers[1].grade = 2;
	b->issuer = (struct bundle_issuer){ span_text("TEST"), span_text("示范资质管理局"),
		span_text("Demonstration Qualification Bureau"), BUNDLE_NATIONAL, b->powers, 2,
		span_text("0000-000000") };
	b->issuing[0] =
	    (struct bundle_issuing){ ROLE_ISSUE, ROLE_COUNTERSIGN, BUREAU_FROM_S, BUREAU_UNTIL_S };
	b->issuing[1] =
	    (struct bundle_issuing){ ROLE_DECIDE, ROLE_APPROVE, BUREAU_FROM_S, BUREAU_UNTIL_S };
	b->hosts[0] = span_text("v.example");
	b->witnesses[0] = vkey(&b->witness_vkey, "w.example", NOTE_COSIGNATURE, b->witness);
	b->bundle = (struct bundle){ .seq = 1,
		.iat_s = BUREAU_NOW_S,
		.exp_s = BUREAU_EXP_S,
		.roots = { .issuer = span_text("TEST"), .bureau_id = { 0xb1, 0xb2 } },
		.issuers = &b->issuer,
		.n_issuers = 1,
		.keys = b->keys,
		.n_keys = BUREAU_KEYS,
		.status_base = span_text("https://v.example/v1/status/"),
		.log = { span_text(BUREAU_LOG),
		    vkey(&b->log_vkey, BUREAU_LOG, NOTE_ED25519, b->log), 1, 0, b->witnesses, 1 },
		.test = true,
		.hosts = b->hosts,
		.n_hosts = 1,
		.snapshot_age_s = 604800,
		.token_age_s = 86400,
		.audit_quorum = 1,
		.reader_ca = buf_span(&b->ca_certificate),
		.issuing = b->issuing,
		.n_issuing = 2 };
	for (size_t i = 0; i < ROOT_SET_KEYS; i++)
		b->bundle.roots.root[i] = signer_spki(b->root[i]);
}

/* ---- signing ---- */

/* COSE_Sign over a payload by the first n of these. */
static void
sign_by(
    struct buf *out, const char *typ, struct span payload, struct signer *const *signers, size_t n)
{
	struct err err = { 0 };
	struct buf file = BUF_EMPTY;

	must(signer_sign(&file, signers[0], typ, payload, &err), &err);
	for (size_t i = 1; i < n; i++) {
		struct buf more = BUF_EMPTY;
		must(signer_sign_too(&more, signers[i], typ, buf_span(&file), &err), &err);
		buf_free(&file);
		file = more;
	}
	buf_add_span(out, buf_span(&file));
	buf_free(&file);
}

void
bureau_sign(struct buf *out, const struct bundle *bundle, struct signer *const *signers, size_t n)
{
	struct buf payload = BUF_EMPTY;

	bundle_encode(&payload, bundle);
	sign_by(out, BUNDLE_TYP, buf_span(&payload), signers, n);
	buf_free(&payload);
}

static void
make_trust(struct bureau *b)
{
	struct err err = { 0 };
	struct buf payload = BUF_EMPTY;

	root_set_encode(&payload, &b->bundle.roots);
	sign_by(&b->root_file, ROOT_SET_TYP, buf_span(&payload), b->root, ROOT_SET_KEYS);
	buf_free(&payload);
	bureau_sign(&b->bundle_file, &b->bundle, b->root, 2);
	must(trust_open(&b->trust, buf_span(&b->root_file), &err), &err);
	must(trust_accept(b->trust, buf_span(&b->bundle_file), BUREAU_NOW_S, &err) == TRUST_YES,
	    &err);
}

struct bundle_key *
bureau_add_key(struct bureau *b)
{
	if (b->bundle.n_keys == sizeof b->keys / sizeof *b->keys)
		abort();
	struct bundle_key *entry = &b->keys[b->bundle.n_keys++];
	*entry = (struct bundle_key){
		.issuer = span_text("TEST"), .from_s = BUREAU_FROM_S, .until_s = BUREAU_UNTIL_S
	};
	return entry;
}

void
bureau_renew(struct bureau *b)
{
	struct err err = { 0 };
	struct buf file = BUF_EMPTY;

	b->bundle.seq++;
	b->bundle.prev = span_of(trust_bundle_hash(b->trust), SHA256_BYTES);
	bureau_sign(&file, &b->bundle, b->root, 2);
	must(trust_accept(b->trust, buf_span(&file), BUREAU_NOW_S, &err) == TRUST_YES, &err);
	b->bundle.prev = span_of(NULL, 0);
	buf_free(&file);
}

struct bureau *
bureau_new(void)
{
	struct bureau *b = calloc(1, sizeof *b);

	if (b == NULL)
		abort();
	for (size_t i = 0; i < ROOT_SET_KEYS; i++)
		b->root[i] = new_signer(SIGNER_ES256);
	for (size_t i = 0; i < BUREAU_KEYS; i++)
		b->key[i] = new_signer(SIGNER_ES256);
	b->log = new_signer(SIGNER_ED25519);
	b->witness = new_signer(SIGNER_ED25519);
	b->ca = new_signer(SIGNER_ES256);
	make_certificates(b);
	fill_keys(b);
	fill_bundle(b);
	make_trust(b);
	return b;
}

void
bureau_free(struct bureau *b)
{
	if (b == NULL)
		return;
	trust_free(b->trust);
	sealer_free(b->sealer);
	for (size_t i = 0; i < ROOT_SET_KEYS; i++)
		signer_free(b->root[i]);
	for (size_t i = 0; i < BUREAU_KEYS; i++)
		signer_free(b->key[i]);
	signer_free(b->log);
	signer_free(b->witness);
	signer_free(b->ca);
	buf_free(&b->log_vkey);
	buf_free(&b->log_2_vkey);
	buf_free(&b->witness_vkey);
	buf_free(&b->ca_certificate);
	buf_free(&b->seal_certificate);
	buf_free(&b->root_file);
	buf_free(&b->bundle_file);
	free(b);
}
