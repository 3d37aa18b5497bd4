#include "tests/registry/bureau.h"

#include "core/file.h"
#include "credential/note.h"
#include "tests/test.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY_S INT64_C(86400)
#define BEGIN_S (BUREAU_START_S - 365 * DAY_S)
#define END_S (BUREAU_START_S + 3650 * DAY_S)
#define R(role) (1u << (role))
#define EVERY_ROLE ((1u << ROLES) - 2)

static const struct person_row {
	const char *name;
	unsigned roles; /* bits */
	int64_t from_s, until_s;
	enum key_state state;
} persons[SIGNERS] = {
	[AN] = { "An Li", R(ROLE_ACCEPT), BEGIN_S, END_S, KEY_ACTIVE },
	[SHEN] = { "Shen Xi", R(ROLE_EXAMINE), BEGIN_S, END_S, KEY_ACTIVE },
	[SHI] = { "Shi Cha", R(ROLE_INSPECT), BEGIN_S, END_S, KEY_ACTIVE },
	[XIANG] = { "Xiang Zhen", R(ROLE_INSPECT), BEGIN_S, END_S, KEY_ACTIVE },
	[GUAN] = { "Guan Ding", R(ROLE_DECIDE), BEGIN_S, END_S, KEY_ACTIVE },
	[BI] = { "Bi Zhun", R(ROLE_APPROVE), BEGIN_S, END_S, KEY_ACTIVE },
	[YIN] = { "Yin Shi", R(ROLE_ISSUE), BEGIN_S, END_S, KEY_ACTIVE },
	[FU] = { "Fu He", R(ROLE_COUNTERSIGN), BEGIN_S, END_S, KEY_ACTIVE },
	[CHANG] = { "Chang Du", R(ROLE_SANCTION), BEGIN_S, END_S, KEY_ACTIVE },
	[ONE] = { "One", R(ROLE_ACCEPT) | R(ROLE_EXAMINE) | R(ROLE_INSPECT), BEGIN_S, END_S,
	    KEY_ACTIVE },
	[TWO] = { "Two", R(ROLE_INSPECT), BEGIN_S, END_S, KEY_ACTIVE },
	[THREE] = { "Three", R(ROLE_DECIDE) | R(ROLE_SANCTION), BEGIN_S, END_S, KEY_ACTIVE },
	[FOUR] = { "Four", R(ROLE_APPROVE) | R(ROLE_COUNTERSIGN), BEGIN_S, END_S, KEY_ACTIVE },
	[ALL] = { "All", EVERY_ROLE, BEGIN_S, END_S, KEY_ACTIVE },
	[ALL_AGAIN] = { "All", EVERY_ROLE, BEGIN_S, END_S, KEY_ACTIVE },
	[OTHER] = { "Other", EVERY_ROLE, BEGIN_S, END_S, KEY_ACTIVE },
	[RETIRED] = { "Retired", EVERY_ROLE, BEGIN_S, END_S, KEY_RETIRED },
	[STOLEN] = { "Stolen", EVERY_ROLE, BEGIN_S, END_S, KEY_COMPROMISED },
	[EARLY] = { "Early", EVERY_ROLE, BEGIN_S, BUREAU_START_S - DAY_S, KEY_ACTIVE },
	[LATE] = { "Late", EVERY_ROLE, BUREAU_START_S, END_S, KEY_ACTIVE },
	[SERVICE] = { "the service", 0, BEGIN_S, END_S, KEY_ACTIVE },
	[CREDENTIAL] = { "the credential key", 0, BEGIN_S, END_S, KEY_ACTIVE },
	[STATUS] = { "the status key", 0, BEGIN_S, END_S, KEY_ACTIVE },
};

/* ---- keys ---- */

static void
make_key(struct bureau_key *key)
{
	uint8_t hash[SHA256_BYTES];
	uint8_t *at = key->spki;

	key->pkey = EVP_EC_gen("P-256");
	assert_non_null(key->pkey);
	int len = i2d_PUBKEY(key->pkey, NULL);
	assert_in_range(len, 1, sizeof key->spki);
	key->spki_len = (size_t)i2d_PUBKEY(key->pkey, &at);
	sha256(hash, span_of(key->spki, key->spki_len));
	memcpy(key->kid, hash, sizeof key->kid);
}

static struct span
kid_of(const struct bureau_key *key)
{
	return span_of(key->kid, sizeof key->kid);
}

/* s and n - s sign alike; only the smaller is ours. */
static void
lower(BIGNUM *s)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	const BIGNUM *order = EC_GROUP_get0_order(group);
	BIGNUM *half = BN_new();

	assert_true(BN_rshift1(half, order));
	if (BN_cmp(s, half) > 0)
		assert_true(BN_sub(s, order, s));
	BN_free(half);
	EC_GROUP_free(group);
}

void
bureau_sign(uint8_t out[COSE_SIGNATURE_BYTES], const struct bureau_key *key, struct span message)
{
	uint8_t der[80];
	const uint8_t *at = der;
	size_t len = sizeof der;
	EVP_MD_CTX *md = EVP_MD_CTX_new();

	assert_true(EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key->pkey));
	assert_true(EVP_DigestSign(md, der, &len, message.ptr, message.len));
	EVP_MD_CTX_free(md);

	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)len);
	assert_non_null(sig);
	BIGNUM *s = BN_dup(ECDSA_SIG_get0_s(sig));
	lower(s);
	assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, 32), 32);
	assert_int_equal(BN_bn2binpad(s, out + 32, 32), 32);
	BN_free(s);
	ECDSA_SIG_free(sig);
}

/* ---- files ---- */

static void
good(const struct buf *b)
{
	assert_true(buf_ok(b, NULL));
}

void
bureau_sign_payload(
    struct buf *out, const struct bureau_key *keys, size_t n, const char *typ, struct span payload)
{
	struct buf header = BUF_EMPTY, headers[BUREAU_ROOTS] = { BUF_EMPTY }, tbs = BUF_EMPTY;
	uint8_t signatures[BUREAU_ROOTS][COSE_SIGNATURE_BYTES];
	struct cose_sign m = { .payload = payload, .signers = n };

	cose_body_header_encode(&header, typ);
	m.header = buf_span(&header);
	for (size_t i = 0; i < n; i++) {
		cose_header_encode(&headers[i], COSE_ALG_ES256, kid_of(&keys[i]), NULL);
		m.signer[i].header = buf_span(&headers[i]);
		buf_free(&tbs);
		cose_sign_to_be_signed(
		    &tbs, m.header, m.signer[i].header, span_of(NULL, 0), payload);
		bureau_sign(signatures[i], &keys[i], buf_span(&tbs));
		m.signer[i].signature = span_of(signatures[i], sizeof signatures[i]);
	}
	cose_sign_encode(out, &m);
	good(out);
	buf_free(&tbs);
	for (size_t i = 0; i < n; i++)
		buf_free(&headers[i]);
	buf_free(&header);
}

static void
make_root_set(struct root_set *set, const struct bureau *b)
{
	set->issuer = span_text(BUREAU_ISS);
	for (size_t i = 0; i < BUREAU_ROOTS; i++)
		set->root[i] = span_of(b->roots[i].spki, b->roots[i].spki_len);
	memcpy(set->bureau_id, b->bureau_id, sizeof set->bureau_id);
}

static struct note_key
log_key(const struct bureau *b)
{
	struct note_key key = { .name = span_text(BUREAU_ORIGIN), .type = NOTE_ED25519 };
	size_t len = sizeof key.key;

	assert_true(EVP_PKEY_get_raw_public_key(b->log, key.key, &len));
	note_key_id(key.id, key.name, key.type, key.key);
	return key;
}

static void
make_log_key(struct buf *out, struct bureau *b)
{
	b->log = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	assert_non_null(b->log);
	struct note_key key = log_key(b);
	note_key_format(out, &key);
	good(out);
}

void
bureau_sign_note(struct buf *out, const struct bureau *b, struct span text)
{
	struct note_key key = log_key(b);
	uint8_t signature[NOTE_ED25519_BYTES];
	size_t len = sizeof signature;
	EVP_MD_CTX *md = EVP_MD_CTX_new();

	assert_true(EVP_DigestSignInit(md, NULL, NULL, NULL, b->log));
	assert_true(EVP_DigestSign(md, signature, &len, text.ptr, text.len));
	EVP_MD_CTX_free(md);
	note_begin(out, text);
	note_add_signature(out, &key, span_of(signature, len));
	good(out);
}

static enum key_use
use_of(enum signer who)
{
	switch (who) {
	case SERVICE:
		return KEY_USE_SERVICE;
	case CREDENTIAL:
		return KEY_USE_CREDENTIAL;
	case STATUS:
		return KEY_USE_STATUS;
	default:
		return KEY_USE_OFFICER;
	}
}

/* The second key of one person: the same id. */
static void
set_person(struct bundle_key *entry, enum signer who)
{
	memset(entry->person, 'p', sizeof entry->person);
	entry->person[0] = (uint8_t)(who == ALL_AGAIN ? ALL : who);
}

/* `grants` has room for ROLES. */
static void
list_key(
    struct bundle_key *entry, struct bundle_grant *grants, const struct bureau *b, enum signer who)
{
	const struct person_row *row = &persons[who];

	*entry = (struct bundle_key){ .issuer = span_text(BUREAU_ISS),
		.alg = COSE_ALG_ES256,
		.use = use_of(who),
		.key = span_of(b->keys[who].spki, b->keys[who].spki_len),
		.from_s = BEGIN_S,
		.until_s = END_S,
		.state = row->state,
		.since_s = row->state == KEY_ACTIVE ? 0 : BUREAU_START_S - DAY_S };
	memcpy(entry->kid, b->keys[who].kid, sizeof entry->kid);
	if (entry->use != KEY_USE_OFFICER)
		return;
	set_person(entry, who);
	entry->grants = grants;
	for (enum role role = ROLE_ACCEPT; role < ROLES; role++)
		if ((row->roles & R(role)) != 0)
			grants[entry->n_grants++] =
			    (struct bundle_grant){ role, row->from_s, row->until_s };
}

static void
encode_bundle(struct buf *out, const struct bureau *b, struct span vkey)
{
	struct bundle_key keys[SIGNERS];
	struct bundle_grant grants[SIGNERS][ROLES];
	struct bundle_power powers[] = {
		{ span_text("JC"), GRADE_A, span_text("issue"), BEGIN_S, END_S },
		{ span_text("JC"), GRADE_B, span_text("issue"), BEGIN_S, END_S },
	};
	struct bundle_issuer issuer = { .iss = span_text(BUREAU_ISS),
		.name_zh = span_text("示范资质管理局"),
		.name_en = span_text("Demonstration Qualification Bureau"),
		.level = BUNDLE_NATIONAL,
		.powers = powers,
		.n_powers = COUNT_OF(powers),
		.contact = span_text("+86 10 0000 0000") };
	struct bundle_issuing issuing = { policy_proposal(&b->policy, ACT_ISSUE)->propose,
		policy_proposal(&b->policy, ACT_ISSUE)->approve, BEGIN_S, END_S };
	struct span host = span_text(BUREAU_HOST);
	uint8_t prev[SHA256_BYTES] = { 1 };
	struct bundle bundle = { .seq = BUREAU_BUNDLE_SEQ,
		.iat_s = BUREAU_START_S - 30 * DAY_S,
		.exp_s = END_S,
		.prev = span_of(prev, sizeof prev),
		.issuers = &issuer,
		.n_issuers = 1,
		.keys = keys,
		.n_keys = SIGNERS,
		.status_base = span_text("https://" BUREAU_HOST "/v1/status/"),
		.log = { .origin = span_text(BUREAU_ORIGIN), .vkey = vkey, .epoch = 1 },
		.test = true,
		.hosts = &host,
		.n_hosts = 1,
		.snapshot_age_s = 7 * DAY_S,
		.token_age_s = DAY_S,
		.issuing = &issuing,
		.n_issuing = 1 };

	make_root_set(&bundle.roots, b);
	memcpy(bundle.policy_hash, b->policy.hash, sizeof bundle.policy_hash);
	for (enum signer who = 0; who < SIGNERS; who++)
		list_key(&keys[who], grants[who], b, who);
	bundle_encode(out, &bundle);
	good(out);
}

static void
make_files(struct bureau *b)
{
	struct buf payload = BUF_EMPTY, vkey = BUF_EMPTY;
	struct root_set set;

	make_root_set(&set, b);
	root_set_encode(&payload, &set);
	bureau_sign_payload(
	    &b->root_file, b->roots, BUREAU_ROOTS, ROOT_SET_TYP, buf_span(&payload));
	buf_free(&payload);
	make_log_key(&vkey, b);
	encode_bundle(&payload, b, buf_span(&vkey));
	bureau_sign_payload(&b->bundle_file, b->roots, 2, BUNDLE_TYP, buf_span(&payload));
	buf_free(&payload);
	buf_free(&vkey);
}

void
bureau_read(struct buf *out, const char *path)
{
	struct err err = { 0 };
	if (!file_read(out, path, LIMIT_JSON_BYTES, &err))
		fail_msg("%s: %s", path, err.text);
}

struct bureau *
bureau_new(const char *policy)
{
	struct err err = { 0 };
	char path[256];
	struct bureau *b = calloc(1, sizeof *b);

	assert_non_null(b);
	snprintf(path, sizeof path, "%s/templates/policy-%s.json", SOURCE_DIR, policy);
	bureau_read(&b->policy_file, path);
	if (!policy_parse(&b->policy, buf_span(&b->policy_file), &err))
		fail_msg("%s", err.text);
	assert_true(RAND_bytes(b->bureau_id, sizeof b->bureau_id));
	for (size_t i = 0; i < BUREAU_ROOTS; i++)
		make_key(&b->roots[i]);
	for (size_t i = 0; i < SIGNERS; i++)
		make_key(&b->keys[i]);
	make_files(b);
	if (!trust_open(&b->trust, buf_span(&b->root_file), &err) ||
	    trust_accept(b->trust, buf_span(&b->bundle_file), BUREAU_START_S, &err) != TRUST_YES)
		fail_msg("%s", err.text);
	return b;
}

void
bureau_free(struct bureau *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < BUREAU_ROOTS; i++)
		EVP_PKEY_free(b->roots[i].pkey);
	for (size_t i = 0; i < SIGNERS; i++)
		EVP_PKEY_free(b->keys[i].pkey);
	EVP_PKEY_free(b->log);
	trust_free(b->trust);
	buf_free(&b->policy_file);
	buf_free(&b->root_file);
	buf_free(&b->bundle_file);
	free(b);
}

const struct bundle *
bureau_bundle(const struct bureau *b)
{
	return trust_bundle(b->trust);
}

const struct bundle_key *
bureau_entry(const struct bureau *b, enum signer who)
{
	return bundle_find_key(trust_bundle(b->trust), kid_of(&b->keys[who]), use_of(who), NULL);
}

struct chain_who
bureau_who(const struct bureau *b, enum signer who)
{
	return chain_who_of(bureau_entry(b, who), persons[who].name);
}

const char *
bureau_name(enum signer who)
{
	return persons[who].name;
}

/* ---- what they sign ---- */

void
bureau_sign_act(struct buf *out, const struct bureau *b, enum signer who, const struct act *claims,
    const struct act_body *body)
{
	struct err err = { 0 };
	struct act act = *claims;
	struct buf bytes = BUF_EMPTY, encoded = BUF_EMPTY, header = BUF_EMPTY, tbs = BUF_EMPTY;
	uint8_t signature[COSE_SIGNATURE_BYTES];

	if (!act_body_encode(&bytes, body, &err))
		fail_msg("%s", err.text);
	act.kind = body->kind;
	act.body = buf_span(&bytes);
	if (!act_claims_encode(&encoded, &act, &err))
		fail_msg("%s", err.text);
	act_header_encode(&header, COSE_ALG_ES256, kid_of(&b->keys[who]));
	act_to_be_signed(&tbs, buf_span(&header), b->bureau_id, buf_span(&encoded));
	bureau_sign(signature, &b->keys[who], buf_span(&tbs));
	act_encode(
	    out, buf_span(&header), buf_span(&encoded), span_of(signature, sizeof signature));
	good(out);
	buf_free(&tbs);
	buf_free(&header);
	buf_free(&encoded);
	buf_free(&bytes);
}

void
bureau_sign_credential(struct buf *out, const struct bureau *b, struct span claims)
{
	struct buf header = BUF_EMPTY, tbs = BUF_EMPTY;
	uint8_t signature[COSE_SIGNATURE_BYTES];
	struct cose_sign1 m = { .payload = claims };

	cose_header_encode(&header, COSE_ALG_ES256, kid_of(&b->keys[CREDENTIAL]), NULL);
	m.signer.header = buf_span(&header);
	cose_sign1_to_be_signed(&tbs, m.signer.header, span_of(NULL, 0), claims);
	bureau_sign(signature, &b->keys[CREDENTIAL], buf_span(&tbs));
	m.signer.signature = span_of(signature, sizeof signature);
	cose_sign1_encode(out, &m);
	good(out);
	buf_free(&tbs);
	buf_free(&header);
}
