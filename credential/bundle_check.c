#include "credential/bundle_check.h"

#include "core/encode.h"
#include "credential/note.h"

#include <stdlib.h>

static bool
check_kid(const struct bundle_key *key, struct err *err)
{
	uint8_t hash[SHA256_BYTES];
	char listed[2 * COSE_KID_BYTES + 1], right[2 * COSE_KID_BYTES + 1];

	if (bundle_use_is_x509(key->use))
		return true; /* its key is inside the certificate: keys/ opens it */
	sha256(hash, key->key);
	if (memcmp(hash, key->kid, COSE_KID_BYTES) == 0)
		return true;
	hex_encode(listed, span_of(key->kid, COSE_KID_BYTES));
	hex_encode(right, span_of(hash, COSE_KID_BYTES));
	return err_set(err, ERR_REFUSED, "key %s: its bytes give the kid %s", listed, right);
}

static bool
check_keys(const struct bundle *b, struct err *err)
{
	for (size_t i = 0; i < b->n_keys; i++) {
		if (!check_kid(&b->keys[i], err))
			return false;
		if (bundle_find_issuer(b, b->keys[i].issuer) == NULL)
			return err_set(
			    err, ERR_REFUSED, "key %zu is of an issuer that is not listed", i + 1);
	}
	if (bundle_find_issuer(b, b->roots.issuer) == NULL)
		return err_set(err, ERR_REFUSED, "the root set is of an issuer that is not listed");
	return true;
}

static int
order_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	size_t n = x->len < y->len ? x->len : y->len;
	int order = n > 0 ? memcmp(x->ptr, y->ptr, n) : 0;
	return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* Sorts in place. */
static bool
all_differ(struct span *s, size_t n)
{
	if (n > 1)
		qsort(s, n, sizeof *s, order_spans);
	for (size_t i = 1; i < n; i++)
		if (span_equal(s[i - 1], s[i]))
			return false;
	return true;
}

/* One use and one person for each public key, roots included. */
static bool
check_keys_differ(const struct bundle *b, struct err *err)
{
	struct span *all = calloc(b->n_keys + ROOT_SET_KEYS, sizeof *all);
	if (all == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < b->n_keys; i++)
		all[i] = b->keys[i].key;
	memcpy(all + b->n_keys, b->roots.root, sizeof b->roots.root);
	bool differ = all_differ(all, b->n_keys + ROOT_SET_KEYS);
	free(all);
	return differ || err_set(err, ERR_REFUSED, "a public key stands twice");
}

static bool
check_hosts(const struct bundle *b, struct err *err)
{
	struct span hosts[LIMIT_HOSTS];

	memcpy(hosts, b->hosts, b->n_hosts * sizeof *hosts);
	return all_differ(hosts, b->n_hosts) || err_set(err, ERR_REFUSED, "a host stands twice");
}

static bool
check_log(const struct bundle_log *log, struct err *err)
{
	struct note_key key;
	struct span witnesses[LIMIT_WITNESSES];

	if (!note_key_parse(&key, log->vkey, err))
		return err_in(err, "log key");
	if (key.type != NOTE_ED25519 || !span_equal(key.name, log->origin))
		return err_set(
		    err, ERR_REFUSED, "the log key is not an Ed25519 key with the name of the log");
	for (size_t i = 0; i < log->n_witnesses; i++) {
		if (!note_key_parse(&key, log->witnesses[i], err))
			return err_in(err, "witness %zu", i + 1);
		if (key.type != NOTE_COSIGNATURE)
			return err_set(
			    err, ERR_REFUSED, "witness %zu: not a key for cosignatures", i + 1);
		witnesses[i] = log->witnesses[i];
	}
	return all_differ(witnesses, log->n_witnesses) ||
	    err_set(err, ERR_REFUSED, "a witness stands twice");
}

bool
bundle_check(const struct bundle *b, struct err *err)
{
	return check_keys(b, err) && check_keys_differ(b, err) && check_hosts(b, err) &&
	    check_log(&b->log, err);
}
