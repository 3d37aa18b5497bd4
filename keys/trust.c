#include "keys/trust.h"

#include <stdlib.h>

#define AHEAD_S 300 /* nothing dated later than the clock plus 5 minutes is taken */

struct trust {
	struct root_set roots; /* borrows from root_set */
	struct buf root_set;   /* the root file, or the payload a bundle brought */
	uint8_t fingerprint[SHA256_BYTES];
	struct key *root_key[ROOT_SET_KEYS];
	struct bundle *bundle;         /* NULL before the first */
	struct key **keys;             /* one for each entry of bundle->keys; NULL where unusable */
	struct signatures *signatures; /* borrowed; NULL: nothing is remembered */
};

/* Did this key sign it? Signatures by anybody else do not count, nor do two by one key. */
static enum key_answer
signed_by(const struct key *key, const struct cose_sign *m)
{
	enum key_answer answer = KEY_FAILS;

	for (size_t s = 0; s < m->signers && answer == KEY_FAILS; s++) {
		const struct cose_signer *signer = &m->signer[s];
		struct buf tbs = BUF_EMPTY;
		if (!span_equal(signer->kid, key_kid(key)) || signer->alg != key_alg(key))
			continue;
		cose_sign_to_be_signed(
		    &tbs, m->header, signer->header, span_of(NULL, 0), m->payload);
		answer = buf_ok(&tbs, NULL) ? key_verify(key, buf_span(&tbs), signer->signature)
					    : KEY_UNDECIDED;
		buf_free(&tbs);
	}
	return answer;
}

/* Did at least so many of these roots sign it? ERR_CRYPTO with the sentence, or ERR_MEMORY. */
static bool
need_signers(const struct cose_sign *m, struct key *const keys[ROOT_SET_KEYS], unsigned least,
    struct err *err, const char *sentence)
{
	unsigned count = 0;

	for (size_t k = 0; k < ROOT_SET_KEYS; k++) {
		const enum key_answer answer = signed_by(keys[k], m);
		if (answer == KEY_UNDECIDED)
			return err_set(err, ERR_MEMORY, "out of memory");
		count += answer == KEY_HOLDS;
	}
	return count >= least || err_set(err, ERR_CRYPTO, "%s", sentence);
}

static bool
parse_roots(struct key *out[ROOT_SET_KEYS], const struct root_set *roots, struct err *err)
{
	for (size_t i = 0; i < ROOT_SET_KEYS; i++) {
		if (!key_from_spki(&out[i], roots->root[i], err))
			return err_in(err, "root key %zu", i + 1);
	}
	return true;
}

static void
free_roots(struct key *keys[ROOT_SET_KEYS])
{
	for (size_t i = 0; i < ROOT_SET_KEYS; i++)
		key_free(keys[i]);
}

bool
trust_open(struct trust **out, struct span root_file, struct err *err)
{
	struct cose_sign envelope;
	struct trust *t = calloc(1, sizeof *t);

	*out = NULL;
	if (t == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	buf_add_span(&t->root_set, root_file);
	if (!buf_ok(&t->root_set, err) ||
	    !root_set_parse_file(&envelope, &t->roots, buf_span(&t->root_set), err) ||
	    !parse_roots(t->root_key, &t->roots, err) ||
	    !need_signers(&envelope, t->root_key, ROOT_SET_KEYS, err,
		"the root file is not signed by all three of its roots")) {
		trust_free(t);
		return false;
	}
	sha256(t->fingerprint, envelope.payload);
	*out = t;
	return true;
}

static void
free_keys(struct key **keys, size_t n)
{
	for (size_t i = 0; keys != NULL && i < n; i++)
		key_free(keys[i]);
	free(keys);
}

static void
forget_bundle(struct trust *t)
{
	free_keys(t->keys, t->bundle != NULL ? t->bundle->n_keys : 0);
	bundle_free(t->bundle);
	t->keys = NULL;
	t->bundle = NULL;
}

void
trust_free(struct trust *t)
{
	if (t == NULL)
		return;
	forget_bundle(t);
	free_roots(t->root_key);
	buf_free(&t->root_set);
	free(t);
}

const uint8_t *
trust_fingerprint(const struct trust *t)
{
	return t->fingerprint;
}

const struct root_set *
trust_roots(const struct trust *t)
{
	return &t->roots;
}

const struct bundle *
trust_bundle(const struct trust *t)
{
	return t->bundle;
}

const uint8_t *
trust_bundle_hash(const struct trust *t)
{
	return t->bundle->hash;
}

static bool
stands_elsewhere(struct key *const *keys, const struct bundle *b, size_t at)
{
	for (size_t i = 0; i < b->n_keys; i++)
		if (i != at && keys[i] != NULL && key_same(keys[i], keys[at]))
			return true;
	for (size_t i = 0; i < ROOT_SET_KEYS; i++)
		if (key_is(keys[at], b->roots.root[i]))
			return true;
	return false;
}

/*
 * One use for each public key: bundle_parse() saw that no two entries are the same, but not into the
 * certificates.
 */
static bool
check_certified_keys(struct key *const *keys, const struct bundle *b, struct err *err)
{
	for (size_t i = 0; i < b->n_keys; i++)
		if (bundle_use_is_x509(b->keys[i].use) && keys[i] != NULL &&
		    stands_elsewhere(keys, b, i))
			return err_set(err, ERR_REFUSED,
			    "key %zu of the bundle: its public key stands elsewhere too", i + 1);
	return true;
}

/*
 * Parse every key now: parsing one costs more than verifying with it. A certificate's kid is that of the
 * key in it, which only here can be seen. A TSA may have an algorithm that none of ours has: it stays NULL.
 */
static bool
parse_keys(struct key ***out, const struct bundle *b, struct err *err)
{
	struct key **keys = calloc(b->n_keys, sizeof *keys);
	if (keys == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < b->n_keys; i++) {
		const struct bundle_key *entry = &b->keys[i];
		const bool x509 = bundle_use_is_x509(entry->use);
		bool ok = true;

		if (entry->alg == COSE_ALG_ES256)
			ok = x509 ? key_from_x509(&keys[i], entry->key, err)
				  : key_from_spki(&keys[i], entry->key, err);
		if (ok && keys[i] != NULL &&
		    !span_equal(key_kid(keys[i]), span_of(entry->kid, sizeof entry->kid)))
			ok = err_set(err, ERR_REFUSED, "its kid is not that of its key");
		if (!ok) {
			free_keys(keys, b->n_keys);
			return err_in(err, "key %zu of the bundle", i + 1);
		}
	}
	*out = keys;
	return true;
}

/* Two roots of the set held; and, where the bundle brings another set, two of that as well. */
static enum trust_answer
check_roots(
    const struct trust *t, const struct bundle *b, const struct cose_sign *m, struct err *why)
{
	struct key *next[ROOT_SET_KEYS] = { NULL };

	if (memcmp(b->roots.bureau_id, t->roots.bureau_id, BUREAU_ID_BYTES) != 0) {
		err_set(why, ERR_REFUSED, "the trust bundle is another bureau's");
		return TRUST_OTHER;
	}
	bool ok = need_signers(m, t->root_key, ROOT_SET_THRESHOLD, why,
	    "the trust bundle is not signed by two of the three roots held");
	if (ok && !root_set_equal(&b->roots, &t->roots))
		ok = parse_roots(next, &b->roots, why) &&
		    need_signers(m, next, ROOT_SET_THRESHOLD, why,
			"the trust bundle is not signed by two of the roots it brings");
	free_roots(next);
	if (ok)
		return TRUST_YES;
	return why->code == ERR_MEMORY ? TRUST_UNDECIDED
	    : why->code == ERR_CRYPTO  ? TRUST_SIGNATURE
				       : TRUST_MALFORMED;
}

/*
 * A log only grows. One that begins anew after acts were lost has a later epoch, and a name of its own: so no
 * checkpoint of the one can be taken for one of the other.
 */
static bool
log_follows(const struct bundle_log *held, const struct bundle_log *offered)
{
	const bool same_name = span_equal(held->origin, offered->origin);

	return offered->epoch == held->epoch ? same_name
					     : offered->epoch > held->epoch && !same_name;
}

static enum trust_answer
check_log(const struct trust *t, const struct bundle *b, struct err *why)
{
	if (log_follows(&t->bundle->log, &b->log))
		return TRUST_YES;
	err_set(why, ERR_REFUSED,
	    "trust bundle %llu names another log than %llu: only a later epoch has another name, "
	    "and "
	    "each has its own",
	    (unsigned long long)b->seq, (unsigned long long)t->bundle->seq);
	return TRUST_MALFORMED;
}

static enum trust_answer
check_sequence(const struct trust *t, const struct bundle *b, struct err *why)
{
	if (t->bundle == NULL)
		return TRUST_YES;
	const unsigned long long held = t->bundle->seq, offered = b->seq;
	if (b->seq < t->bundle->seq) {
		err_set(why, ERR_REFUSED, "trust bundle %llu is older than %llu, which is held",
		    offered, held);
		return TRUST_OLDER;
	}
	if (b->seq == t->bundle->seq) {
		if (memcmp(b->hash, t->bundle->hash, SHA256_BYTES) == 0)
			return TRUST_YES;
		err_set(why, ERR_REFUSED,
		    "there are two different trust bundles %llu: tell the bureau at once", held);
		return TRUST_ALARM;
	}
	if (!span_equal(b->prev, span_of(t->bundle->hash, SHA256_BYTES))) {
		if (b->seq == t->bundle->seq + 1) {
			err_set(why, ERR_REFUSED,
			    "trust bundle %llu does not follow the %llu held: tell the bureau at "
			    "once",
			    offered, held);
			return TRUST_ALARM;
		}
		err_set(why, ERR_REFUSED, "trust bundle %llu needs those after %llu first", offered,
		    held);
		return TRUST_GAP;
	}
	return check_log(t, b, why);
}

/* Is it signed, and does it follow? *out is set whenever it could be read. */
static enum trust_answer
judge_bundle(struct bundle **out, const struct trust *t, struct span file, struct err *why)
{
	struct cose_sign envelope;
	enum trust_answer answer;

	if (!bundle_parse_file(&envelope, out, file, why))
		return why->code == ERR_MEMORY ? TRUST_UNDECIDED : TRUST_MALFORMED;
	answer = check_roots(t, *out, &envelope, why);
	if (answer == TRUST_YES)
		answer = check_sequence(t, *out, why);
	return answer;
}

/* The bundle's root set in place of the one held. */
static bool
change_roots(struct trust *t, const struct bundle *b, struct err *why)
{
	struct key *keys[ROOT_SET_KEYS] = { NULL };
	struct root_set roots;
	struct buf payload = BUF_EMPTY;

	root_set_encode(&payload, &b->roots);
	if (!buf_ok(&payload, why) || !root_set_parse(&roots, buf_span(&payload), why) ||
	    !parse_roots(keys, &roots, why)) {
		free_roots(keys);
		buf_free(&payload);
		return false;
	}
	free_roots(t->root_key);
	memcpy(t->root_key, keys, sizeof keys);
	buf_free(&t->root_set);
	t->root_set = payload;
	t->roots = roots;
	return true;
}

/* Hold a bundle that was judged; takes it over on success. */
static bool
hold(struct trust *t, struct bundle *b, struct err *why)
{
	struct key **keys = NULL;

	if (!parse_keys(&keys, b, why))
		return false;
	if (!check_certified_keys(keys, b, why) ||
	    (!root_set_equal(&b->roots, &t->roots) && !change_roots(t, b, why))) {
		free_keys(keys, b->n_keys);
		return false;
	}
	forget_bundle(t);
	t->bundle = b;
	t->keys = keys;
	return true;
}

static enum trust_answer
take(struct trust *t, struct span file, const int64_t *now_s, struct err *why)
{
	struct bundle *b = NULL;
	struct err local = { 0 };
	struct err *text = why != NULL ? why : &local;
	enum trust_answer answer = judge_bundle(&b, t, file, text);

	if (answer != TRUST_YES || (t->bundle != NULL && b->seq == t->bundle->seq)) {
		bundle_free(b);
		return answer;
	}
	if (now_s != NULL && (*now_s >= b->exp_s || b->iat_s > *now_s + AHEAD_S)) {
		err_set(text, ERR_REFUSED,
		    b->iat_s > *now_s ? "trust bundle %llu is dated in the future"
				      : "trust bundle %llu has expired",
		    (unsigned long long)b->seq);
		answer = TRUST_EXPIRED;
	} else if (!hold(t, b, text)) {
		answer = text->code == ERR_MEMORY ? TRUST_UNDECIDED : TRUST_MALFORMED;
	} else {
		b = NULL; /* now the trust's */
	}
	bundle_free(b);
	return answer;
}

enum trust_answer
trust_accept(struct trust *t, struct span bundle_file, int64_t now_s, struct err *why)
{
	return take(t, bundle_file, &now_s, why);
}

enum trust_answer
trust_adopt(struct trust *t, struct span bundle_file, struct err *why)
{
	return take(t, bundle_file, NULL, why);
}

const struct key *
trust_key(const struct trust *t, const struct bundle_key *entry)
{
	return t->keys[entry - t->bundle->keys];
}

void
trust_remember(struct trust *t, struct signatures *s)
{
	t->signatures = s;
}

struct signatures *
trust_signatures(const struct trust *t)
{
	return t->signatures;
}
