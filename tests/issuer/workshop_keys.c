#include "tests/issuer/workshop_keys.h"

#include "core/file.h"
#include "credential/note.h"
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
		.until_s = WORKSHOP_UNTIL_S,
		.person = { 0x0f, (uint8_t)who },
		.grants = k->grants[who] };
	for (size_t i = 0; i < 3 && roles[i] != ROLE_NONE; i++)
		key->grants[key->n_grants++] =
		    (struct bundle_grant){ roles[i], BUREAU_FROM_S, WORKSHOP_UNTIL_S };
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
	for (size_t i = 0; i < ROLE_KEYS; i++)
		k->keys[i].until_s = WORKSHOP_UNTIL_S;
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
	b->exp_s = WORKSHOP_UNTIL_S;
	for (size_t i = 0; i < sizeof k->base->powers / sizeof k->base->powers[0]; i++)
		k->base->powers[i].until_s = WORKSHOP_UNTIL_S;
	for (size_t i = 0; i < b->n_issuing; i++)
		k->base->issuing[i].until_s = WORKSHOP_UNTIL_S;
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
			keys[i].since_s = change->since_s != 0 ? change->since_s : WORKSHOP_NOW_S;
		}
	const struct span previous =
	    change->previous.len > 0 ? change->previous : buf_span(&k->bundle_file);
	struct bundle *before = NULL;
	must(bundle_parse_file(&envelope, &before, previous, &err), &err);
	sha256(prev, envelope.payload);
	next.seq = before->seq + 1;
	bundle_free(before);
	next.prev = span_of(prev, sizeof prev);
	next.keys = keys;
	next.audit_quorum = change->audit_quorum;
	next.log.quorum = change->witness_quorum;
	if (change->exp_s != 0)
		next.exp_s = change->exp_s;
	bureau_sign(out, &next, k->base->root, 2);
	free(keys);
}

void
workshop_new_epoch(struct workshop_keys *k)
{
	bureau_new_epoch(k->base);
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

/* ---- who signs beside the bureau ---- */

const struct signer *
workshop_auditor(const struct workshop_keys *k, size_t which)
{
	return k->base->key[BUREAU_AUDIT_1 + which];
}

void
workshop_witness(struct buf *out, const struct workshop_keys *k, struct span note, uint64_t time_s)
{
	struct err err = { 0 };
	struct note parsed, made;
	struct note_key key = { .name = span_text("w.example"), .type = NOTE_COSIGNATURE };
	struct buf said = BUF_EMPTY, by_itself = BUF_EMPTY, sig = BUF_EMPTY;

	must(note_parse(&parsed, note, &err), &err);
	note_cosigned(&said, time_s, parsed.text);
	must(signer_note(&by_itself, k->base->witness, key.name, buf_span(&said), &err), &err);
	must(note_parse(&made, buf_span(&by_itself), &err), &err);
	signer_ed25519(key.key, k->base->witness);
	note_key_id(key.id, key.name, key.type, key.key);
	buf_add_be(&sig, time_s, 8);
	buf_add(&sig, made.signature[0].sig, NOTE_ED25519_BYTES);
	buf_add_span(out, note);
	note_add_signature(out, &key, buf_span(&sig));
	buf_free(&said);
	buf_free(&by_itself);
	buf_free(&sig);
}
