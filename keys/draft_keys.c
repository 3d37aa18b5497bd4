#include "keys/draft_keys.h"

#include "core/encode.h"
#include "core/limits.h"
#include "keys/enrolment.h"
#include "keys/key.h"
#include "keys/pem.h"
#include "keys/timestamp.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

/* What a key and an officer have in common. */
struct lifetime {
	const char *from, *until;
	const char *state; /* NULL: active */
	const char *since; /* of another state */
};

static const char *const states[] = {
	[KEY_ACTIVE] = "active",
	[KEY_RETIRED] = "retired",
	[KEY_COMPROMISED] = "compromised",
};

static bool
read_state(struct bundle_key *key, const struct lifetime *l, struct err *err)
{
	size_t state = 0;

	while (l->state != NULL && state <= KEY_COMPROMISED && strcmp(l->state, states[state]) != 0)
		state++;
	if (state > KEY_COMPROMISED)
		return err_set(err, ERR_MALFORMED,
		    "\"%s\" is no state: active, retired, compromised", l->state);
	key->state = (enum key_state)state;
	if ((key->state == KEY_ACTIVE) != (l->since == NULL))
		return err_set(err, ERR_MALFORMED,
		    "\"since\" says when a key was retired or compromised, and stands there only");
	return key->state == KEY_ACTIVE || draft_time(&key->since_s, l->since, DRAFT_FROM, err);
}

static bool
read_lifetime(struct bundle_key *key, const struct lifetime *l, struct err *err)
{
	return draft_window(&key->from_s, &key->until_s, l->from, l->until, err) &&
	    read_state(key, l, err);
}

/* kid and algorithm, and that the key is one we can use. */
static bool
name_key(struct bundle_key *entry, struct err *err)
{
	struct key *key = NULL;

	if (entry->use == KEY_USE_TSA) /* somebody else's: his certificate is all there is */
		return timestamp_list(entry, entry->key, err);
	bool ok = bundle_use_is_x509(entry->use) ? key_from_x509(&key, entry->key, err)
						 : key_from_spki(&key, entry->key, err);
	if (ok) {
		memcpy(entry->kid, key_kid(key).ptr, COSE_KID_BYTES);
		entry->alg = key_alg(key);
	}
	key_free(key);
	return ok;
}

/* ---- keys ---- */

static bool
read_key(struct bundle_key *key, struct draft_input *in, json_t *item, struct err *err)
{
	json_error_t error;
	const char *use, *file, *iss = NULL;
	struct lifetime l = { 0 };

	if (json_unpack_ex(item, &error, JSON_STRICT, "{s:s, s:s, s?s, s:s, s:s, s?s, s?s}", "use",
		&use, "file", &file, "iss", &iss, "from", &l.from, "until", &l.until, "state",
		&l.state, "since", &l.since) != 0)
		return draft_malformed(err, "key", &error);
	key->use = bundle_use_of(span_text(use));
	if (key->use == KEY_USE_NONE || key->use == KEY_USE_OFFICER)
		return err_set(err, ERR_MALFORMED,
		    "\"%s\" is no use of a key: credential, seal, status, audit, service, tsa",
		    use);
	if (iss != NULL)
		key->issuer = span_text(iss);
	return draft_input_pem(&key->key, in, file,
		   bundle_use_is_x509(key->use) ? PEM_CERTIFICATE : PEM_PUBLIC_KEY, err) &&
	    ((name_key(key, err) && read_lifetime(key, &l, err)) || err_in(err, "%s", file));
}

/* ---- officers ---- */

/* "accept", for as long as the key counts, or { "role": "accept", "from": D, "until": D }. */
static bool
read_grant(struct bundle_grant *grant, const struct bundle_key *key, json_t *item, struct err *err)
{
	json_error_t error;
	const char *word = json_string_value(item), *from, *until;

	*grant = (struct bundle_grant){ .from_s = key->from_s, .until_s = key->until_s };
	if (word == NULL) {
		if (json_unpack_ex(item, &error, JSON_STRICT, "{s:s, s:s, s:s}", "role", &word,
			"from", &from, "until", &until) != 0)
			return draft_malformed(err, "role", &error);
		if (!draft_window(&grant->from_s, &grant->until_s, from, until, err))
			return err_in(err, "role %s", word);
	}
	grant->role = bundle_role_of(span_text(word));
	return grant->role != ROLE_NONE || err_set(err, ERR_MALFORMED, "\"%s\" is no role", word);
}

static bool
read_grants(struct bundle_key *key, const json_t *roles, struct err *err)
{
	if (!draft_list(
		(void **)&key->grants, &key->n_grants, roles, sizeof *key->grants, "roles", err))
		return false;
	for (size_t i = 0; i < key->n_grants; i++)
		if (!read_grant(&key->grants[i], key, json_array_get(roles, i), err))
			return false;
	return key->n_grants > 0 || err_set(err, ERR_MALFORMED, "an officer without a role");
}

static bool
read_officer(struct bundle_key *key, struct span *name, struct draft_input *in, json_t *item,
    struct err *err)
{
	json_error_t error;
	const char *file;
	json_t *roles;
	struct lifetime l = { 0 };
	struct span request;
	struct enrolment e;

	if (json_unpack_ex(item, &error, JSON_STRICT, "{s:s, s:o, s:s, s:s, s?s, s?s}", "enrolment",
		&file, "roles", &roles, "from", &l.from, "until", &l.until, "state", &l.state,
		"since", &l.since) != 0)
		return draft_malformed(err, "officer", &error);
	key->use = KEY_USE_OFFICER;
	if (!draft_input_file(&request, in, file, ENROLMENT_BYTES, err))
		return false;
	if (!enrolment_open(&e, request, err))
		return err_in(err, "%s", file);
	*name = e.name;
	key->key = e.spki;
	return (name_key(key, err) && read_lifetime(key, &l, err) &&
		   read_grants(key, roles, err)) ||
	    err_in(err, "%s", file);
}

/* ---- persons ---- */

static bool
is_named(const struct bundle_key *key)
{
	static const uint8_t nobody[BUNDLE_PERSON_BYTES];
	return memcmp(key->person, nobody, sizeof nobody) != 0;
}

/* The person the previous bundle has for this key. */
static void
keep_person(struct bundle_key *key, const struct bundle *previous)
{
	for (size_t i = 0; previous != NULL && i < previous->n_keys; i++)
		if (previous->keys[i].use == KEY_USE_OFFICER &&
		    span_equal(previous->keys[i].key, key->key))
			memcpy(key->person, previous->keys[i].person, BUNDLE_PERSON_BYTES);
}

static bool
new_person(uint8_t out[BUNDLE_PERSON_BYTES], struct err *err)
{
	return getrandom(out, BUNDLE_PERSON_BYTES, 0) == BUNDLE_PERSON_BYTES ||
	    err_errno(err, "getrandom");
}

/* Who they are: as before; else like another key of the same name; else new. */
static bool
find_persons(struct bundle_key *officers, const struct span *names, size_t n,
    const struct bundle *previous, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		keep_person(&officers[i], previous);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n && !is_named(&officers[i]); k++)
			if (is_named(&officers[k]) && span_equal(names[k], names[i]))
				memcpy(officers[i].person, officers[k].person, BUNDLE_PERSON_BYTES);
		if (!is_named(&officers[i]) && !new_person(officers[i].person, err))
			return false;
	}
	return true;
}

/* ---- both ---- */

static bool
read_officers(struct bundle *value, size_t first, struct draft_input *in, const json_t *officers,
    const struct bundle *previous, struct err *err)
{
	size_t n = json_array_size(officers);
	struct span *names = calloc(n + 1, sizeof *names);
	bool ok = names != NULL || err_set(err, ERR_MEMORY, "out of memory");

	for (size_t i = 0; i < n && ok; i++)
		ok = read_officer(&value->keys[first + i], &names[i], in,
			 json_array_get(officers, i), err) ||
		    err_in(err, "officers, item %zu", i + 1);
	ok = ok && find_persons(value->keys + first, names, n, previous, err);
	free(names);
	return ok;
}

bool
draft_keys_read(struct bundle *value, struct draft_input *in, const json_t *keys,
    const json_t *officers, const struct bundle *previous, struct err *err)
{
	size_t n = json_array_size(keys);

	if (!json_is_array(keys) || !json_is_array(officers))
		return err_set(err, ERR_MALFORMED, "\"keys\" and \"officers\" are lists");
	value->n_keys = n + json_array_size(officers);
	if (value->n_keys == 0 || value->n_keys > LIMIT_KEYS_IN_BUNDLE)
		return err_set(err, ERR_LIMIT, "a bundle lists 1 to %d keys", LIMIT_KEYS_IN_BUNDLE);
	value->keys = calloc(value->n_keys, sizeof *value->keys);
	if (value->keys == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < value->n_keys; i++)
		value->keys[i].issuer = value->roots.issuer;
	for (size_t i = 0; i < n; i++)
		if (!read_key(&value->keys[i], in, json_array_get(keys, i), err))
			return err_in(err, "keys, item %zu", i + 1);
	return read_officers(value, n, in, officers, previous, err);
}

void
draft_keys_free(struct bundle *value)
{
	for (size_t i = 0; value->keys != NULL && i < value->n_keys; i++)
		free(value->keys[i].grants);
	free(value->keys);
}
