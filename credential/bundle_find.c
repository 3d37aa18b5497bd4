#include "credential/bundle.h"

#include <stdlib.h>

static const char *const role_words[ROLES] = {
	[ROLE_NONE] = "none",
	[ROLE_ACCEPT] = "accept",
	[ROLE_EXAMINE] = "examine",
	[ROLE_INSPECT] = "inspect",
	[ROLE_DECIDE] = "decide",
	[ROLE_APPROVE] = "approve",
	[ROLE_ISSUE] = "issue",
	[ROLE_COUNTERSIGN] = "countersign",
	[ROLE_SANCTION] = "sanction",
	[ROLE_PUBLISH] = "publish",
	[ROLE_ADMIN] = "admin",
};

static const char *const use_words[KEY_USES] = {
	[KEY_USE_NONE] = "none",
	[KEY_USE_CREDENTIAL] = "credential",
	[KEY_USE_SEAL] = "seal",
	[KEY_USE_STATUS] = "status",
	[KEY_USE_AUDIT] = "audit",
	[KEY_USE_SERVICE] = "service",
	[KEY_USE_TSA] = "tsa",
	[KEY_USE_OFFICER] = "officer",
};

const char *
bundle_role_word(enum role role)
{
	return role_words[role];
}

enum role
bundle_role_of(struct span word)
{
	for (enum role role = ROLE_NONE + 1; role < ROLES; role++)
		if (span_is(word, role_words[role]))
			return role;
	return ROLE_NONE;
}

const char *
bundle_use_word(enum key_use use)
{
	return use_words[use];
}

enum key_use
bundle_use_of(struct span word)
{
	for (enum key_use use = KEY_USE_NONE + 1; use < KEY_USES; use++)
		if (span_is(word, use_words[use]))
			return use;
	return KEY_USE_NONE;
}

bool
bundle_use_is_x509(enum key_use use)
{
	return use == KEY_USE_SEAL || use == KEY_USE_TSA;
}

static bool
holds(int64_t from_s, int64_t until_s, int64_t at_s)
{
	return from_s <= at_s && at_s <= until_s;
}

const struct bundle_key *
bundle_find_key(
    const struct bundle *b, struct span kid, enum key_use use, const struct bundle_key *after)
{
	size_t i = after == NULL ? 0 : (size_t)(after - b->keys) + 1;

	for (; i < b->n_keys; i++)
		if (b->keys[i].use == use &&
		    span_equal(kid, span_of(b->keys[i].kid, COSE_KID_BYTES)))
			return &b->keys[i];
	return NULL;
}

/* Bytes into the block behind the copy. */
static struct span
place(uint8_t **at, struct span bytes)
{
	struct span placed = span_of(*at, bytes.len);
	if (bytes.len > 0)
		memcpy(*at, bytes.ptr, bytes.len);
	*at += bytes.len;
	return placed;
}

struct bundle_key *
bundle_key_copy(const struct bundle_key *key)
{
	const size_t grants = key->n_grants * sizeof *key->grants;
	struct bundle_key *copy = malloc(sizeof *copy + grants + key->issuer.len + key->key.len);
	if (copy == NULL)
		return NULL;
	*copy = *key;
	copy->grants = (struct bundle_grant *)(copy + 1);
	if (grants > 0)
		memcpy(copy->grants, key->grants, grants);
	uint8_t *at = (uint8_t *)(copy + 1) + grants;
	copy->issuer = place(&at, key->issuer);
	copy->key = place(&at, key->key);
	return copy;
}

bool
bundle_key_covers(const struct bundle_key *key, int64_t at_s)
{
	return holds(key->from_s, key->until_s, at_s);
}

bool
bundle_key_served(const struct bundle_key *key, int64_t at_s)
{
	return bundle_key_covers(key, at_s) && (key->state != KEY_RETIRED || at_s < key->since_s);
}

bool
bundle_key_has_role(const struct bundle_key *key, enum role role, int64_t at_s)
{
	if (!bundle_key_covers(key, at_s))
		return false;
	for (size_t i = 0; i < key->n_grants; i++) {
		const struct bundle_grant *grant = &key->grants[i];
		if (grant->role == role && holds(grant->from_s, grant->until_s, at_s))
			return true;
	}
	return false;
}

const struct bundle_issuer *
bundle_find_issuer(const struct bundle *b, struct span iss)
{
	for (size_t i = 0; i < b->n_issuers; i++)
		if (span_equal(b->issuers[i].iss, iss))
			return &b->issuers[i];
	return NULL;
}

bool
bundle_issuer_may(const struct bundle_issuer *issuer, const char *what, struct span family,
    unsigned grade, int64_t at_s)
{
	for (size_t i = 0; i < issuer->n_powers; i++) {
		const struct bundle_power *power = &issuer->powers[i];
		if (span_is(power->what, what) && span_equal(power->family, family) &&
		    power->grade == grade && holds(power->from_s, power->until_s, at_s))
			return true;
	}
	return false;
}

bool
bundle_roles_issue(const struct bundle *b, enum role proposal, enum role approval, int64_t at_s)
{
	for (size_t i = 0; i < b->n_issuing; i++) {
		const struct bundle_issuing *pair = &b->issuing[i];
		if (pair->proposal == proposal && pair->approval == approval &&
		    holds(pair->from_s, pair->until_s, at_s))
			return true;
	}
	return false;
}

bool
bundle_lists_host(const struct bundle *b, struct span host)
{
	for (size_t i = 0; i < b->n_hosts; i++)
		if (span_equal(b->hosts[i], host))
			return true;
	return false;
}
