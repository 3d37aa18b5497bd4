#include "credential/bundle.h"

#include "credential/cbor.h"

static void
put_window(struct buf *out, int64_t from_s, int64_t until_s)
{
	cbor_put_int(out, from_s);
	cbor_put_int(out, until_s);
}

static void
put_word(struct buf *out, const char *word)
{
	cbor_put_text(out, span_text(word));
}

static void
put_issuer(struct buf *out, const struct bundle_issuer *issuer)
{
	cbor_put_text(out, issuer->iss);
	cbor_put_map(out, issuer->name_en.len > 0 ? 5 : 4);
	cbor_put_uint(out, 1);
	cbor_put_text(out, issuer->name_zh);
	if (issuer->name_en.len > 0) {
		cbor_put_uint(out, 2);
		cbor_put_text(out, issuer->name_en);
	}
	cbor_put_uint(out, 3);
	cbor_put_uint(out, issuer->level);
	cbor_put_uint(out, 4);
	cbor_put_array(out, issuer->n_powers);
	for (size_t i = 0; i < issuer->n_powers; i++) {
		const struct bundle_power *power = &issuer->powers[i];
		cbor_put_array(out, 5);
		cbor_put_text(out, power->family);
		cbor_put_uint(out, power->grade);
		cbor_put_text(out, power->what);
		put_window(out, power->from_s, power->until_s);
	}
	cbor_put_uint(out, 5);
	cbor_put_text(out, issuer->contact);
}

static void
put_officer(struct buf *out, const struct bundle_key *key)
{
	cbor_put_uint(out, 10);
	cbor_put_array(out, 2);
	cbor_put_bytes(out, span_of(key->person, BUNDLE_PERSON_BYTES));
	cbor_put_array(out, key->n_grants);
	for (size_t i = 0; i < key->n_grants; i++) {
		cbor_put_array(out, 3);
		put_word(out, bundle_role_word(key->grants[i].role));
		put_window(out, key->grants[i].from_s, key->grants[i].until_s);
	}
}

static void
put_key(struct buf *out, const struct bundle_key *key)
{
	bool since = key->state != KEY_ACTIVE, officer = key->use == KEY_USE_OFFICER;

	cbor_put_map(out, 8u + since + officer);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, span_of(key->kid, COSE_KID_BYTES));
	cbor_put_uint(out, 2);
	cbor_put_text(out, key->issuer);
	cbor_put_uint(out, 3);
	cbor_put_int(out, key->alg);
	cbor_put_uint(out, 4);
	put_word(out, bundle_use_word(key->use));
	cbor_put_uint(out, 5);
	cbor_put_bytes(out, key->key);
	cbor_put_uint(out, 6);
	cbor_put_int(out, key->from_s);
	cbor_put_uint(out, 7);
	cbor_put_int(out, key->until_s);
	cbor_put_uint(out, 8);
	cbor_put_uint(out, key->state);
	if (since) {
		cbor_put_uint(out, 9);
		cbor_put_int(out, key->since_s);
	}
	if (officer)
		put_officer(out, key);
}

static void
put_texts(struct buf *out, const struct span *texts, size_t n)
{
	cbor_put_array(out, n);
	for (size_t i = 0; i < n; i++)
		cbor_put_text(out, texts[i]);
}

static void
put_log(struct buf *out, const struct bundle_log *log)
{
	cbor_put_map(out, log->n_witnesses > 0 ? 4 : 3);
	cbor_put_uint(out, 1);
	cbor_put_text(out, log->origin);
	cbor_put_uint(out, 2);
	cbor_put_text(out, log->vkey);
	cbor_put_uint(out, 3);
	cbor_put_uint(out, log->epoch);
	if (log->n_witnesses > 0) {
		cbor_put_uint(out, 4);
		cbor_put_array(out, 2);
		cbor_put_uint(out, log->quorum);
		put_texts(out, log->witnesses, log->n_witnesses);
	}
}

static void
put_issuing(struct buf *out, const struct bundle_issuing *issuing, size_t n)
{
	cbor_put_array(out, n);
	for (size_t i = 0; i < n; i++) {
		cbor_put_array(out, 4);
		put_word(out, bundle_role_word(issuing[i].proposal));
		put_word(out, bundle_role_word(issuing[i].approval));
		put_window(out, issuing[i].from_s, issuing[i].until_s);
	}
}

static void
put_issuers(struct buf *out, const struct bundle *b)
{
	cbor_put_map(out, b->n_issuers);
	for (size_t i = 0; i < b->n_issuers; i++)
		put_issuer(out, &b->issuers[i]);
}

static void
put_keys(struct buf *out, const struct bundle *b)
{
	cbor_put_array(out, b->n_keys);
	for (size_t i = 0; i < b->n_keys; i++)
		put_key(out, &b->keys[i]);
}

/* Keys 0 to 4: which bundle this is. */
static void
put_place(struct buf *out, const struct bundle *b)
{
	cbor_put_uint(out, 0);
	cbor_put_uint(out, 1);
	cbor_put_uint(out, 1);
	cbor_put_uint(out, b->seq);
	cbor_put_uint(out, 2);
	cbor_put_int(out, b->iat_s);
	cbor_put_uint(out, 3);
	cbor_put_int(out, b->exp_s);
	cbor_put_uint(out, 4);
	cbor_put_bytes(out, b->prev);
}

void
bundle_encode(struct buf *out, const struct bundle *b)
{
	cbor_put_map(out, b->reader_ca.len > 0 ? 17 : 16);
	put_place(out, b);
	cbor_put_uint(out, 5);
	root_set_encode(out, &b->roots);
	cbor_put_uint(out, 6);
	put_issuers(out, b);
	cbor_put_uint(out, 7);
	put_keys(out, b);
	cbor_put_uint(out, 8);
	cbor_put_text(out, b->status_base);
	cbor_put_uint(out, 9);
	put_log(out, &b->log);
	cbor_put_uint(out, 10);
	cbor_put_bytes(out, span_of(b->policy_hash, SHA256_BYTES));
	cbor_put_uint(out, 11);
	cbor_put_bool(out, b->test);
	cbor_put_uint(out, 12);
	put_texts(out, b->hosts, b->n_hosts);
	cbor_put_uint(out, 13);
	cbor_put_array(out, 2);
	cbor_put_int(out, b->snapshot_age_s);
	cbor_put_int(out, b->token_age_s);
	cbor_put_uint(out, 14);
	cbor_put_uint(out, b->audit_quorum);
	if (b->reader_ca.len > 0) {
		cbor_put_uint(out, 15);
		cbor_put_bytes(out, b->reader_ca);
	}
	cbor_put_uint(out, 16);
	put_issuing(out, b->issuing, b->n_issuing);
}
