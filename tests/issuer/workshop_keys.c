#include "tests/issuer/workshop_keys.h"

#include "core/file.h"
#include "keys/key_file.h"
#include "tests/keys/bureau.h"

#include <stdio.h>
#include <stdlib.h>

#define ROLE_KEYS (BUREAU_SERVICE + 1) /* of the base's bundle, before its officers */

static void
must(bool done, const struct err *err)
{
	if (done)
		return;
	fprintf(stderr, "workshop: %s\n", err->text);
	abort();
}

/* ---- the bundle ---- */

static const enum role standard_roles[WORKSHOP_OFFICERS][3] = { { ROLE_ACCEPT }, { ROLE_EXAMINE },
	{ ROLE_INSPECT }, { ROLE_INSPECT }, { ROLE_DECIDE }, { ROLE_APPROVE }, { ROLE_ISSUE },
	{ ROLE_COUNTERSIGN }, { ROLE_SANCTION } };
static const enum role small_roles[WORKSHOP_OFFICERS][3] = {
	[AN] = { ROLE_ACCEPT, ROLE_EXAMINE, ROLE_INSPECT },
	[SHI] = { ROLE_INSPECT },
	[GUAN] = { ROLE_DECIDE, ROLE_SANCTION },
	[BI] = { ROLE_APPROVE, ROLE_COUNTERSIGN },
};

static void
list_officer(struct workshop_keys *k, enum workshop_officer who, const enum role roles[3])
{
	struct bundle_key *key = &k->keys[k->n_keys];

	if (roles[0] == ROLE_NONE)
		return;
	*key = (struct bundle_key){ .issuer = span_text("TEST"),
		.alg = COSE_ALG_ES256,
		.use = KEY_USE_OFFICER,
		.from_s = BUREAU_FROM_S,
		.until_s = BUREAU_UNTIL_S,
		.person = { 0x0f, (uint8_t)who },
		.grants = k->grants[who] };
	for (size_t i = 0; i < 3 && roles[i] != ROLE_NONE; i++)
		key->grants[key->n_grants++] =
		    (struct bundle_grant){ roles[i], BUREAU_FROM_S, BUREAU_UNTIL_S };
	bureau_list_key(key, k->officer[who]);
	k->n_keys++;
}

static void
list_keys(struct workshop_keys *k, bool small)
{
	k->keys = calloc(ROLE_KEYS + WORKSHOP_OFFICERS, sizeof *k->keys);
	if (k->keys == NULL)
		abort();
	memcpy(k->keys, k->base->keys, ROLE_KEYS * sizeof *k->keys);
	k->n_keys = ROLE_KEYS;
	for (int who = 0; who < WORKSHOP_OFFICERS; who++)
		list_officer(
		    k, (enum workshop_officer)who, small ? small_roles[who] : standard_roles[who]);
}

static void
make_bundle(struct workshop_keys *k, const uint8_t policy_hash[SHA256_BYTES])
{
	struct bundle *b = &k->base->bundle;

	b->keys = k->keys;
	b->n_keys = k->n_keys;
	b->audit_quorum = 0;
	memcpy(b->policy_hash, policy_hash, SHA256_BYTES);
	bureau_sign(&k->bundle_file, b, k->base->root, 2);
}

void
workshop_keys_next(
    struct buf *out, const struct workshop_keys *k, const struct workshop_change *change)
{
	struct err err = { 0 };
	struct cose_sign envelope;
	struct bundle next = k->base->bundle;
	uint8_t prev[SHA256_BYTES];
	struct bundle_key *keys = calloc(k->n_keys, sizeof *keys);

	if (keys == NULL)
		abort();
	memcpy(keys, k->keys, k->n_keys * sizeof *keys);
	for (size_t i = 0; i < k->n_keys; i++)
		if (keys[i].use == KEY_USE_OFFICER && keys[i].person[1] == change->stolen) {
			keys[i].state = KEY_COMPROMISED;
			keys[i].since_s = WORKSHOP_NOW_S;
		}
	must(cose_sign_parse(&envelope, buf_span(&k->bundle_file), BUNDLE_TYP, &err), &err);
	sha256(prev, envelope.payload);
	next.seq = 2;
	next.prev = span_of(prev, sizeof prev);
	next.keys = keys;
	next.audit_quorum = change->audit_quorum;
	if (change->exp_s != 0)
		next.exp_s = change->exp_s;
	bureau_sign(out, &next, k->base->root, 2);
	free(keys);
}

/* ---- files ---- */

static void
put_key(const char *folder, const char *word, const struct signer *key)
{
	char path[512];
	struct err err = { 0 };

	snprintf(path, sizeof path, "%s/keys/%s.pem", folder, word);
	must(key_file_write(path, key, span_text(WORKSHOP_PASSPHRASE), KEY_FILE_LIGHT, &err), &err);
}

static void
put_keys(const struct bureau *base, const char *folder)
{
	char path[512];
	struct err err = { 0 };

	snprintf(path, sizeof path, "%s/keys", folder);
	must(file_make_folder(path, 0700, &err), &err);
	snprintf(path, sizeof path, "%s/keys/passphrase", folder);
	must(file_write(path, span_text(WORKSHOP_PASSPHRASE "\n"), 0600, &err), &err);
	put_key(folder, "credential", base->key[BUREAU_CREDENTIAL]);
	put_key(folder, "seal", base->key[BUREAU_SEAL]);
	put_key(folder, "status", base->key[BUREAU_STATUS]);
	put_key(folder, "service", base->key[BUREAU_SERVICE]);
	put_key(folder, "log", base->log);
}

void
workshop_keys_new(struct workshop_keys *out, const char *folder, bool small,
    const uint8_t policy_hash[SHA256_BYTES])
{
	struct err err = { 0 };

	*out = (struct workshop_keys){ .base = bureau_new() };
	for (size_t i = 0; i < WORKSHOP_OFFICERS; i++)
		must(signer_generate(&out->officer[i], SIGNER_ES256, &err), &err);
	list_keys(out, small);
	make_bundle(out, policy_hash);
	out->root_file = buf_span(&out->base->root_file);
	put_keys(out->base, folder);
}

void
workshop_keys_free(struct workshop_keys *k)
{
	for (size_t i = 0; i < WORKSHOP_OFFICERS; i++)
		signer_free(k->officer[i]);
	free(k->keys);
	buf_free(&k->bundle_file);
	bureau_free(k->base);
	*k = (struct workshop_keys){ 0 };
}
