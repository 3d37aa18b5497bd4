/*
 * A trust bundle with something in every field, for the tests of what it holds. The keys are any
 * bytes: nothing here is checked against a signature.
 */
#ifndef TESTS_CREDENTIAL_BUNDLE_SAMPLE_H
#define TESTS_CREDENTIAL_BUNDLE_SAMPLE_H

#include "credential/bundle.h"
#include "credential/note.h"

#define SAMPLE_FROM_S 1000
#define SAMPLE_UNTIL_S 2000
#define SAMPLE_KEYS 9

struct bundle_sample {
	struct bundle bundle; /* points into what follows */
	struct bundle_issuer issuers[2];
	struct bundle_power powers[2];
	struct bundle_key keys[SAMPLE_KEYS];
	struct bundle_grant grants[3];
	struct bundle_issuing issuing[2];
	struct span hosts[2];
	struct span witnesses[2];
	struct buf vkeys[3];
};

static inline struct bundle_key
sample_key(enum key_use use, const char *bytes)
{
	struct bundle_key key = { .issuer = span_text("TEST"),
		.alg = COSE_ALG_ES256,
		.use = use,
		.key = span_text(bytes),
		.from_s = SAMPLE_FROM_S,
		.until_s = SAMPLE_UNTIL_S };
	uint8_t hash[SHA256_BYTES];

	sha256(hash, key.key);
	memcpy(key.kid, hash, COSE_KID_BYTES);
	return key;
}

static inline struct span
sample_vkey(struct buf *out, const char *name, enum note_type type, uint8_t first)
{
	note_key_format(
	    out, &(struct note_key){ .name = span_text(name), .type = type, .key = { first } });
	return buf_span(out);
}

static inline void
sample_keys(struct bundle_sample *s)
{
	s->grants[0] = (struct bundle_grant){ ROLE_ISSUE, 1000, 1499 };
	s->grants[1] = (struct bundle_grant){ ROLE_ISSUE, 1600, 3000 };
	s->grants[2] = (struct bundle_grant){ ROLE_COUNTERSIGN, 1000, 2000 };
	s->keys[0] = sample_key(KEY_USE_CREDENTIAL, "credential-key");
	s->keys[1] = sample_key(KEY_USE_SEAL, "seal-certificate");
	s->keys[2] = sample_key(KEY_USE_STATUS, "status-key");
	s->keys[3] = sample_key(KEY_USE_AUDIT, "audit-key");
	s->keys[4] = sample_key(KEY_USE_SERVICE, "service-key");
	s->keys[5] = sample_key(KEY_USE_TSA, "tsa-certificate");
	s->keys[5].alg = -257; /* RS256 */
	s->keys[6] = sample_key(KEY_USE_OFFICER, "officer-key-1");
	s->keys[6].person[0] = 1;
	s->keys[6].grants = &s->grants[0];
	s->keys[6].n_grants = 2;
	s->keys[7] = sample_key(KEY_USE_OFFICER, "officer-key-2");
	s->keys[7].person[0] = 2;
	s->keys[7].grants = &s->grants[2];
	s->keys[7].n_grants = 1;
	s->keys[8] = sample_key(KEY_USE_CREDENTIAL, "stolen-key");
	s->keys[8].state = KEY_COMPROMISED;
	s->keys[8].since_s = 1700;
}

static inline void
bundle_sample_free(struct bundle_sample *s)
{
	for (size_t i = 0; i < 3; i++)
		buf_free(&s->vkeys[i]);
}

static inline void
bundle_sample_fill(struct bundle_sample *s)
{
	*s = (struct bundle_sample){ 0 };
	s->powers[0] = (struct bundle_power){ span_text("JC"), 1, span_text("issue"), 1000, 2000 };
	s->powers[1] = (struct bundle_power){ span_text("JC"), 2, span_text("issue"), 1000, 3000 };
	s->issuers[0] = (struct bundle_issuer){ span_text("TEST"), span_text("示范资质管理局"),
		span_text("Demonstration Qualification Bureau"), BUNDLE_NATIONAL, s->powers, 2,
		span_text("0000-000000") };
	s->issuers[1] = (struct bundle_issuer){ span_text("TEST2"), span_text("示范分局"),
		{ NULL, 0 }, BUNDLE_PROVINCIAL, NULL, 0, span_text("0000-000001") };
	sample_keys(s);
	s->issuing[0] = (struct bundle_issuing){ ROLE_ISSUE, ROLE_COUNTERSIGN, 1000, 1500 };
	s->issuing[1] = (struct bundle_issuing){ ROLE_DECIDE, ROLE_APPROVE, 1501, 3000 };
	s->hosts[0] = span_text("v.example");
	s->hosts[1] = span_text("old.example");
	s->witnesses[0] = sample_vkey(&s->vkeys[1], "w1.example", NOTE_COSIGNATURE, 1);
	s->witnesses[1] = sample_vkey(&s->vkeys[2], "w2.example", NOTE_COSIGNATURE, 2);
	s->bundle = (struct bundle){ .seq = 7,
		.iat_s = 1795161900,
		.exp_s = 1826697900,
		.prev = span_text("0123456789abcdef0123456789abcdef"),
		.roots = { span_text("TEST"),
		    { span_text("root-key-1"), span_text("root-key-2"), span_text("root-key-3") },
		    { 0xb1, 0xb2 } },
		.issuers = s->issuers,
		.n_issuers = 2,
		.keys = s->keys,
		.n_keys = SAMPLE_KEYS,
		.status_base = span_text("https://v.example/v1/status/"),
		.log = { span_text("v.example/log"),
		    sample_vkey(&s->vkeys[0], "v.example/log", NOTE_ED25519, 9), 1, 1, s->witnesses,
		    2 },
		.policy_hash = { 0xcc },
		.test = true,
		.hosts = s->hosts,
		.n_hosts = 2,
		.snapshot_age_s = 604800,
		.token_age_s = 86400,
		.audit_quorum = 1,
		.reader_ca = span_text("reader-ca"),
		.issuing = s->issuing,
		.n_issuing = 2 };
}

#endif
