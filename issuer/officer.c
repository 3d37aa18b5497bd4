#include "issuer/officer.h"

#include "core/encode.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define HEX_BYTES (2 * BUNDLE_PERSON_BYTES + 1)

/* ---- names ---- */

static const char *
name_of(const struct bureau *b, const char *hex, const char *which)
{
	return json_string_value(json_object_get(json_object_get(b->names, hex), which));
}

const char *
officer_name(char room[OFFICER_NAME_BYTES], const struct bureau *b,
    const uint8_t person[BUNDLE_PERSON_BYTES], enum lang lang)
{
	hex_encode(room, span_of(person, BUNDLE_PERSON_BYTES));
	const char *name = b != NULL ? name_of(b, room, LANG_PICK(lang, "zh", "en")) : NULL;
	return name != NULL ? name : room;
}

static bool
keep_entry(struct officer *o, const struct bundle_key *key, struct err *err)
{
	o->key = bundle_key_copy(key);
	return o->key != NULL || err_set(err, ERR_MEMORY, "out of memory");
}

/* Whom the bureau calls by this word. */
static bool
find_person(
    uint8_t person[BUNDLE_PERSON_BYTES], const struct bureau *b, const char *word, struct err *err)
{
	const char *hex;
	json_t *names;

	json_object_foreach(b->names, hex, names)
	{
		const char *own = name_of(b, hex, "word");
		if (own != NULL && strcmp(own, word) == 0)
			return hex_decode(person, BUNDLE_PERSON_BYTES, span_text(hex), err) ||
			    err_in(err, "names.json");
	}
	return err_set(err, ERR_NOT_FOUND, "this bureau has no officer \"%s\" (names.json)", word);
}

/* ---- keys ---- */

static bool
is_officer(const struct bundle_key *key, const uint8_t person[BUNDLE_PERSON_BYTES])
{
	return key->use == KEY_USE_OFFICER && memcmp(key->person, person, BUNDLE_PERSON_BYTES) == 0;
}

bool
officer_find(
    struct officer *out, const struct bureau *b, const char *word, int64_t now_s, struct err *err)
{
	uint8_t person[BUNDLE_PERSON_BYTES];
	const struct trust *trust;

	*out = (struct officer){ 0 };
	if (strlen(word) >= sizeof out->word)
		return err_set(err, ERR_NOT_FOUND, "no officer's name is so long");
	if (!find_person(person, b, word, err) || !bureau_trust(&trust, b, err))
		return false;
	const struct bundle *bundle = trust_bundle(trust);
	for (size_t i = 0; i < bundle->n_keys; i++) {
		const struct bundle_key *key = &bundle->keys[i];
		if (!is_officer(key, person) || key->state != KEY_ACTIVE ||
		    !bundle_key_covers(key, now_s))
			continue;
		snprintf(out->word, sizeof out->word, "%s", word);
		return keep_entry(out, key, err);
	}
	return err_set(
	    err, ERR_NOT_FOUND, "the trust bundle lists no active key of officer \"%s\"", word);
}

/* The officer's entry for this very key. */
static const struct bundle_key *
find_entry(const struct bundle *bundle, const struct signer *signer)
{
	const struct bundle_key *key = NULL;
	do
		key = bundle_find_key(bundle, signer_kid(signer), KEY_USE_OFFICER, key);
	while (key != NULL && !span_equal(key->key, signer_spki(signer)));
	return key;
}

bool
officer_open(struct officer *out, const struct bundle *bundle, const char *path,
    const struct passphrase_source *passphrase, struct err *err)
{
	*out = (struct officer){ 0 };
	if (!key_file_unlock(&out->signer, path, passphrase, err))
		return false;
	const struct bundle_key *key = find_entry(bundle, out->signer);
	if (key == NULL)
		err_set(
		    err, ERR_REFUSED, "the trust bundle lists no officer with the key %s", path);
	else if (keep_entry(out, key, err))
		return true;
	officer_close(out);
	return false;
}

bool
officer_unlock(struct officer *o, const struct bureau *b,
    const struct passphrase_source *passphrase, struct err *err)
{
	const struct trust *trust;
	struct officer unlocked = { 0 };
	struct buf path = BUF_EMPTY;

	if (o->signer != NULL)
		return true;
	if (!bureau_trust(&trust, b, err))
		return false;
	if (!trust_bundle(trust)->test && !b->conf.local_signing)
		return err_set(err, ERR_REFUSED,
		    "officers do not sign on this machine (local_signing = no): use --export, and "
		    "\"qualcert sign\" where the key is");
	bool ok = bureau_path(&path, b, err, "officers/%s.pem", o->word) &&
	    officer_open(&unlocked, trust_bundle(trust), buf_text(&path), passphrase, err);
	if (ok && !is_officer(unlocked.key, o->key->person))
		ok = err_set(err, ERR_REFUSED, "%s is not the key of officer \"%s\"",
		    buf_text(&path), o->word);
	buf_free(&path);
	if (!ok) {
		officer_close(&unlocked);
		return false;
	}
	o->signer = unlocked.signer;
	free(o->key);
	o->key = unlocked.key;
	return true;
}

void
officer_close(struct officer *o)
{
	signer_free(o->signer);
	free(o->key);
	*o = (struct officer){ 0 };
}
