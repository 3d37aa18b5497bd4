#include "credential/bundle.h"

#include "core/limits.h"
#include "core/text.h"
#include "credential/bundle_check.h"

#include <stdlib.h>

#define DAY_S 86400
#define SNAPSHOT_DAYS_MAX 31
#define STATUS_BASE_BYTES 256
#define WORD_BYTES 32

/* The cursor and the one failure that is not the input's. */
struct reader {
	struct cbor_in in;
	bool no_memory;
};

/* The head of an array, and zeroed room for its items; NULL if there are none or it failed. */
static void *
read_list(struct reader *r, size_t *n, size_t min, size_t max, size_t item_bytes)
{
	*n = cbor_in_array(&r->in, min, max);
	void *items = *n > 0 ? calloc(*n, item_bytes) : NULL;
	if (*n > 0 && items == NULL) {
		r->no_memory = true;
		cbor_in_fail(&r->in, "out of memory");
		*n = 0;
	}
	return items;
}

static void
read_window(struct reader *r, int64_t *from_s, int64_t *until_s)
{
	*from_s = cbor_in_time(&r->in);
	*until_s = cbor_in_time(&r->in);
	if (*until_s < *from_s)
		cbor_in_fail(&r->in, "a window of time that ends before it begins");
}

static enum role
read_role(struct reader *r)
{
	enum role role = bundle_role_of(cbor_in_text(&r->in, 1, WORD_BYTES));

	if (role == ROLE_NONE)
		cbor_in_fail(&r->in, "no role we know");
	return role;
}

/* What people read: as strict as a printed field. */
static struct span
read_line(struct reader *r)
{
	struct span line = cbor_in_text(&r->in, 1, LIMIT_FIELD_BYTES);

	if (line.len > 0 && !text_check_field(line, LIMIT_FIELD_BYTES, NULL))
		cbor_in_fail(&r->in, "text that cannot be printed as one line");
	return line;
}

static void
read_power(struct reader *r, struct bundle_power *power)
{
	cbor_in_array(&r->in, 5, 5);
	power->family = cbor_in_text(&r->in, 1, WORD_BYTES);
	power->grade = (unsigned)cbor_in_uint(&r->in, UINT8_MAX);
	power->what = cbor_in_text(&r->in, 1, WORD_BYTES);
	read_window(r, &power->from_s, &power->until_s);
}

static void
read_issuer(struct reader *r, struct bundle_issuer *issuer)
{
	issuer->iss = cbor_in_text(&r->in, ISS_MIN_BYTES, ISS_MAX_BYTES);
	struct cbor_map m = cbor_in_map(&r->in);
	cbor_in_key(&r->in, &m, 1);
	issuer->name_zh = read_line(r);
	if (cbor_in_try_key(&r->in, &m, 2))
		issuer->name_en = read_line(r);
	cbor_in_key(&r->in, &m, 3);
	issuer->level = (enum bundle_level)cbor_in_uint(&r->in, BUNDLE_PROVINCIAL);
	if (issuer->level < BUNDLE_NATIONAL)
		cbor_in_fail(&r->in, "an issuer neither national nor provincial");
	cbor_in_key(&r->in, &m, 4);
	issuer->powers = read_list(r, &issuer->n_powers, 0, LIMIT_POWERS, sizeof *issuer->powers);
	for (size_t i = 0; i < issuer->n_powers; i++)
		read_power(r, &issuer->powers[i]);
	cbor_in_key(&r->in, &m, 5);
	issuer->contact = read_line(r);
	cbor_in_end(&r->in, &m);
}

/* The map's keys are data: how many there are is only known by taking them. */
static void
read_issuers(struct reader *r, struct bundle *b)
{
	struct cbor_map m = cbor_in_map(&r->in);

	if (m.left == 0 || m.left > LIMIT_ISSUERS) {
		cbor_in_fail(&r->in, "no issuer, or too many");
		return;
	}
	b->issuers = calloc(m.left, sizeof *b->issuers);
	if (b->issuers == NULL)
		r->no_memory = true;
	while (b->issuers != NULL && cbor_in_next(&r->in, &m))
		read_issuer(r, &b->issuers[b->n_issuers++]);
}

static void
read_officer(struct reader *r, struct bundle_key *key)
{
	cbor_in_array(&r->in, 2, 2);
	cbor_in_copy(&r->in, key->person, BUNDLE_PERSON_BYTES);
	key->grants = read_list(r, &key->n_grants, 1, LIMIT_GRANTS, sizeof *key->grants);
	for (size_t i = 0; i < key->n_grants; i++) {
		cbor_in_array(&r->in, 3, 3);
		key->grants[i].role = read_role(r);
		read_window(r, &key->grants[i].from_s, &key->grants[i].until_s);
	}
}

static void
read_key_state(struct reader *r, struct cbor_map *m, struct bundle_key *key)
{
	cbor_in_key(&r->in, m, 8);
	key->state = (enum key_state)cbor_in_uint(&r->in, KEY_COMPROMISED);
	bool since = cbor_in_try_key(&r->in, m, 9);
	if (since)
		key->since_s = cbor_in_time(&r->in);
	if (since != (key->state != KEY_ACTIVE))
		cbor_in_fail(&r->in, "a key has a 'since' if and only if it is no longer active");
}

static void
read_key(struct reader *r, struct bundle_key *key)
{
	struct cbor_map m = cbor_in_map(&r->in);

	cbor_in_key(&r->in, &m, 1);
	cbor_in_copy(&r->in, key->kid, COSE_KID_BYTES);
	cbor_in_key(&r->in, &m, 2);
	key->issuer = cbor_in_text(&r->in, ISS_MIN_BYTES, ISS_MAX_BYTES);
	cbor_in_key(&r->in, &m, 3);
	key->alg = cbor_in_int(&r->in, INT32_MIN, -1);
	cbor_in_key(&r->in, &m, 4);
	key->use = bundle_use_of(cbor_in_text(&r->in, 1, WORD_BYTES));
	if (key->use == KEY_USE_NONE)
		cbor_in_fail(&r->in, "no use of a key we know");
	if (key->use != KEY_USE_TSA && key->alg != COSE_ALG_ES256 && key->alg != COSE_ALG_SM2_SM3)
		cbor_in_fail(&r->in, "a key of an algorithm that is not ours");
	cbor_in_key(&r->in, &m, 5);
	bool x509 = bundle_use_is_x509(key->use);
	key->key = cbor_in_bytes(&r->in, 1, x509 ? LIMIT_X509_BYTES : LIMIT_SPKI_BYTES);
	cbor_in_key(&r->in, &m, 6);
	key->from_s = cbor_in_time(&r->in);
	cbor_in_key(&r->in, &m, 7);
	key->until_s = cbor_in_time(&r->in);
	if (key->until_s < key->from_s)
		cbor_in_fail(&r->in, "a key that ends before it begins");
	read_key_state(r, &m, key);
	bool officer = cbor_in_try_key(&r->in, &m, 10);
	if (officer)
		read_officer(r, key);
	if (officer != (key->use == KEY_USE_OFFICER))
		cbor_in_fail(&r->in, "a key has a person if and only if it is an officer's");
	cbor_in_end(&r->in, &m);
}

static void
read_texts(struct reader *r, struct span **out, size_t *n, size_t min, size_t max, size_t bytes)
{
	*out = read_list(r, n, min, max, sizeof **out);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = cbor_in_text(&r->in, 1, bytes);
}

static void
read_log(struct reader *r, struct bundle_log *log)
{
	struct cbor_map m = cbor_in_map(&r->in);

	cbor_in_key(&r->in, &m, 1);
	log->origin = cbor_in_text(&r->in, 1, LIMIT_FIELD_BYTES);
	cbor_in_key(&r->in, &m, 2);
	log->vkey = cbor_in_text(&r->in, 1, LIMIT_FIELD_BYTES);
	cbor_in_key(&r->in, &m, 3);
	log->epoch = cbor_in_uint(&r->in, UINT32_MAX);
	if (cbor_in_try_key(&r->in, &m, 4)) {
		cbor_in_array(&r->in, 2, 2);
		log->quorum = cbor_in_uint(&r->in, LIMIT_WITNESSES);
		read_texts(
		    r, &log->witnesses, &log->n_witnesses, 1, LIMIT_WITNESSES, LIMIT_FIELD_BYTES);
		if (log->quorum > log->n_witnesses)
			cbor_in_fail(&r->in, "more cosignatures demanded than there are witnesses");
	}
	cbor_in_end(&r->in, &m);
}

static void
read_ages(struct reader *r, struct bundle *b)
{
	cbor_in_array(&r->in, 2, 2);
	b->snapshot_age_s = cbor_in_time(&r->in);
	b->token_age_s = cbor_in_time(&r->in);
	if (b->snapshot_age_s < DAY_S || b->snapshot_age_s > SNAPSHOT_DAYS_MAX * DAY_S)
		cbor_in_fail(&r->in, "the greatest age of a snapshot is not 1 to 31 days");
	if (b->token_age_s < 1 || b->token_age_s > b->snapshot_age_s)
		cbor_in_fail(&r->in, "the greatest age of a token is 0, or above the snapshot's");
}

static void
read_issuing(struct reader *r, struct bundle *b)
{
	b->issuing = read_list(r, &b->n_issuing, 1, LIMIT_ISSUING, sizeof *b->issuing);
	for (size_t i = 0; i < b->n_issuing; i++) {
		cbor_in_array(&r->in, 4, 4);
		b->issuing[i].proposal = read_role(r);
		b->issuing[i].approval = read_role(r);
		read_window(r, &b->issuing[i].from_s, &b->issuing[i].until_s);
	}
}

/* Keys 0 to 4: which bundle this is. */
static void
read_place(struct reader *r, struct cbor_map *m, struct bundle *b)
{
	cbor_in_key(&r->in, m, 0);
	if (cbor_in_uint(&r->in, UINT64_MAX) != 1)
		cbor_in_fail(&r->in, "a version of the bundle other than 1");
	cbor_in_key(&r->in, m, 1);
	b->seq = cbor_in_uint(&r->in, UINT32_MAX);
	if (b->seq == 0)
		cbor_in_fail(&r->in, "the first bundle is number 1");
	cbor_in_key(&r->in, m, 2);
	b->iat_s = cbor_in_time(&r->in);
	cbor_in_key(&r->in, m, 3);
	b->exp_s = cbor_in_time(&r->in);
	if (b->exp_s <= b->iat_s)
		cbor_in_fail(&r->in, "a bundle that expires before it was made");
	cbor_in_key(&r->in, m, 4);
	b->prev = cbor_in_bytes(&r->in, 0, SHA256_BYTES);
	if (b->prev.len != (b->seq == 1 ? 0 : SHA256_BYTES))
		cbor_in_fail(&r->in, "only bundle 1 has no bundle before it");
}

static void
read_keys(struct reader *r, struct bundle *b)
{
	b->keys = read_list(r, &b->n_keys, 1, LIMIT_KEYS_IN_BUNDLE, sizeof *b->keys);
	for (size_t i = 0; i < b->n_keys; i++)
		read_key(r, &b->keys[i]);
}

static void
read_bundle(struct reader *r, struct bundle *b)
{
	struct cbor_map m = cbor_in_map(&r->in);

	read_place(r, &m, b);
	cbor_in_key(&r->in, &m, 5);
	root_set_read(&b->roots, &r->in);
	cbor_in_key(&r->in, &m, 6);
	read_issuers(r, b);
	cbor_in_key(&r->in, &m, 7);
	read_keys(r, b);
	cbor_in_key(&r->in, &m, 8);
	b->status_base = cbor_in_text(&r->in, 1, STATUS_BASE_BYTES);
	cbor_in_key(&r->in, &m, 9);
	read_log(r, &b->log);
	cbor_in_key(&r->in, &m, 10);
	cbor_in_copy(&r->in, b->policy_hash, SHA256_BYTES);
	cbor_in_key(&r->in, &m, 11);
	b->test = cbor_in_bool(&r->in);
	cbor_in_key(&r->in, &m, 12);
	read_texts(r, &b->hosts, &b->n_hosts, 1, LIMIT_HOSTS, LIMIT_HOST_BYTES);
	cbor_in_key(&r->in, &m, 13);
	read_ages(r, b);
	cbor_in_key(&r->in, &m, 14);
	b->audit_quorum = (unsigned)cbor_in_uint(&r->in, LIMIT_COSE_SIGNERS - 1);
	if (cbor_in_try_key(&r->in, &m, 15))
		b->reader_ca = cbor_in_bytes(&r->in, 1, LIMIT_X509_BYTES);
	cbor_in_key(&r->in, &m, 16);
	read_issuing(r, b);
	cbor_in_end(&r->in, &m);
}

static bool
read_whole(struct bundle *b, struct err *err)
{
	struct reader r = { cbor_in_over(buf_span(&b->bytes), LIMIT_CBOR_DEPTH), false };

	read_bundle(&r, b);
	if (r.no_memory)
		return err_set(err, ERR_MEMORY, "out of memory");
	return cbor_in_done(&r.in, err) && bundle_check(b, err);
}

bool
bundle_parse(struct bundle **out, struct span payload, struct err *err)
{
	*out = NULL;
	if (payload.len > LIMIT_BUNDLE_BYTES)
		return err_set(err, ERR_LIMIT, "trust bundle: %zu bytes; the longest we read is %u",
		    payload.len, LIMIT_BUNDLE_BYTES);
	struct bundle *b = calloc(1, sizeof *b);
	if (b == NULL)
		return err_set(err, ERR_MEMORY, "trust bundle: out of memory");
	buf_add_span(&b->bytes, payload);
	if (!buf_ok(&b->bytes, err) || !read_whole(b, err)) {
		bundle_free(b);
		return err_in(err, "trust bundle");
	}
	sha256(b->hash, buf_span(&b->bytes));
	*out = b;
	return true;
}

void
bundle_free(struct bundle *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->n_issuers; i++)
		free(b->issuers[i].powers);
	for (size_t i = 0; i < b->n_keys; i++)
		free(b->keys[i].grants);
	free(b->issuers);
	free(b->keys);
	free(b->log.witnesses);
	free(b->hosts);
	free(b->issuing);
	buf_free(&b->bytes);
	free(b);
}

bool
bundle_parse_file(
    struct cose_sign *envelope, struct bundle **out, struct span file, struct err *err)
{
	*out = NULL;
	if (!cose_sign_parse(envelope, file, BUNDLE_TYP, err))
		return err_in(err, "trust bundle");
	if (envelope->signers < ROOT_SET_THRESHOLD)
		return err_set(
		    err, ERR_MALFORMED, "trust bundle: one signature; two roots at least sign it");
	return bundle_parse(out, envelope->payload, err);
}
