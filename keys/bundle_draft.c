#include "keys/bundle_draft.h"

#include "core/encode.h"
#include "core/limits.h"
#include "credential/note.h"
#include "credential/sha256.h"
#include "keys/draft_input.h"
#include "keys/draft_keys.h"
#include "keys/pem.h"
#include "keys/trust.h"

#include <stdlib.h>

#define HOUR_S 3600
/* SubjectPublicKeyInfo of an Ed25519 key (RFC 8410): this, then the key. */
#define ED25519_PREFIX "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"

struct bundle_draft {
	struct draft_input in;
	struct trust *roots; /* the root file, opened */
	struct bundle value; /* points into what is above */
	struct buf vkey;
};

/* ---- issuers ---- */

static bool
read_grade(unsigned *out, const char *word, struct err *err)
{
	*out = strcmp(word, "A") == 0 ? 1 : strcmp(word, "B") == 0 ? 2 : 0;
	return *out != 0 || err_set(err, ERR_MALFORMED, "\"%s\" is no grade: A, B", word);
}

static bool
read_power(struct bundle_power *power, json_t *item, struct err *err)
{
	json_error_t error;
	const char *family, *grade, *what, *from, *until;

	if (json_unpack_ex(item, &error, JSON_STRICT, "{s:s, s:s, s:s, s:s, s:s}", "family",
		&family, "grade", &grade, "what", &what, "from", &from, "until", &until) != 0)
		return draft_malformed(err, "power", &error);
	power->family = span_text(family);
	power->what = span_text(what);
	return read_grade(&power->grade, grade, err) &&
	    draft_window(&power->from_s, &power->until_s, from, until, err);
}

static bool
read_level(enum bundle_level *out, const char *word, struct err *err)
{
	*out = strcmp(word, "national") == 0 ? BUNDLE_NATIONAL : BUNDLE_PROVINCIAL;
	return *out == BUNDLE_NATIONAL || strcmp(word, "provincial") == 0 ||
	    err_set(err, ERR_MALFORMED, "\"%s\" is no level: national, provincial", word);
}

static bool
read_issuer(struct bundle_issuer *issuer, json_t *item, struct err *err)
{
	json_error_t error;
	const char *iss, *zh, *en = "", *level, *contact;
	json_t *powers;

	if (json_unpack_ex(item, &error, JSON_STRICT, "{s:s, s:s, s?s, s:s, s:s, s:o}", "iss", &iss,
		"name_zh", &zh, "name_en", &en, "level", &level, "contact", &contact, "powers",
		&powers) != 0)
		return draft_malformed(err, "issuer", &error);
	issuer->iss = span_text(iss);
	issuer->name_zh = span_text(zh);
	issuer->name_en = span_text(en);
	issuer->contact = span_text(contact);
	if (!read_level(&issuer->level, level, err) ||
	    !draft_list((void **)&issuer->powers, &issuer->n_powers, powers, sizeof *issuer->powers,
		"powers", err))
		return false;
	for (size_t i = 0; i < issuer->n_powers; i++)
		if (!read_power(&issuer->powers[i], json_array_get(powers, i), err))
			return err_in(err, "issuer %s", iss);
	return true;
}

/* Deterministic CBOR orders map keys by length, then bytes. */
static int
order_issuers(const void *a, const void *b)
{
	const struct bundle_issuer *x = a, *y = b;
	if (x->iss.len != y->iss.len)
		return x->iss.len < y->iss.len ? -1 : 1;
	return x->iss.len > 0 ? memcmp(x->iss.ptr, y->iss.ptr, x->iss.len) : 0;
}

static bool
read_issuers(struct bundle *value, const json_t *list, struct err *err)
{
	if (!draft_list((void **)&value->issuers, &value->n_issuers, list, sizeof *value->issuers,
		"issuers", err))
		return false;
	for (size_t i = 0; i < value->n_issuers; i++)
		if (!read_issuer(&value->issuers[i], json_array_get(list, i), err))
			return err_in(err, "issuers, item %zu", i + 1);
	if (value->n_issuers > 1)
		qsort(value->issuers, value->n_issuers, sizeof *value->issuers, order_issuers);
	return true;
}

/* ---- the log ---- */

static bool
read_log_key(struct bundle_draft *d, const char *origin, const char *file, struct err *err)
{
	struct span spki;
	struct span prefix = span_of(ED25519_PREFIX, sizeof ED25519_PREFIX - 1);
	struct note_key key = { .name = span_text(origin), .type = NOTE_ED25519 };

	if (!draft_input_pem(&spki, &d->in, file, PEM_PUBLIC_KEY, err))
		return false;
	if (spki.len != prefix.len + sizeof key.key ||
	    !span_equal(span_of(spki.ptr, prefix.len), prefix))
		return err_set(err, ERR_REFUSED, "%s: a log has an Ed25519 key", file);
	memcpy(key.key, spki.ptr + prefix.len, sizeof key.key);
	note_key_format(&d->vkey, &key);
	d->value.log.vkey = buf_span(&d->vkey);
	return buf_ok(&d->vkey, err);
}

/* A list of strings as spans. */
static bool
read_texts(struct span **out, size_t *n, const json_t *list, const char *what, struct err *err)
{
	if (!draft_list((void **)out, n, list, sizeof **out, what, err))
		return false;
	for (size_t i = 0; i < *n; i++) {
		(*out)[i] = draft_text(json_array_get(list, i));
		if ((*out)[i].len == 0)
			return err_set(err, ERR_MALFORMED, "%s, item %zu: no text", what, i + 1);
	}
	return true;
}

static bool
read_log(struct bundle_draft *d, json_t *item, struct err *err)
{
	json_error_t error;
	const char *origin, *file;
	json_int_t epoch = 1, quorum = 0;
	json_t *witnesses = NULL;
	struct bundle_log *log = &d->value.log;

	if (json_unpack_ex(item, &error, JSON_STRICT, "{s:s, s:s, s?I, s?I, s?o}", "origin",
		&origin, "key", &file, "epoch", &epoch, "quorum", &quorum, "witnesses",
		&witnesses) != 0)
		return draft_malformed(err, "log", &error);
	if (epoch < 1 || quorum < 0)
		return err_set(err, ERR_MALFORMED, "log: a number out of range");
	log->origin = span_text(origin);
	log->epoch = (uint64_t)epoch;
	log->quorum = (uint64_t)quorum;
	return read_log_key(d, origin, file, err) &&
	    (witnesses == NULL ||
		read_texts(&log->witnesses, &log->n_witnesses, witnesses, "witnesses", err));
}

/* ---- rules ---- */

static bool
read_issuing(struct bundle *value, const json_t *list, struct err *err)
{
	json_error_t error;

	if (!draft_list((void **)&value->issuing, &value->n_issuing, list, sizeof *value->issuing,
		"issuing", err))
		return false;
	for (size_t i = 0; i < value->n_issuing; i++) {
		struct bundle_issuing *pair = &value->issuing[i];
		const char *propose, *approve, *from, *until;
		if (json_unpack_ex(json_array_get(list, i), &error, JSON_STRICT,
			"{s:s, s:s, s:s, s:s}", "propose", &propose, "approve", &approve, "from",
			&from, "until", &until) != 0)
			return draft_malformed(err, "issuing", &error);
		pair->proposal = bundle_role_of(span_text(propose));
		pair->approval = bundle_role_of(span_text(approve));
		if (pair->proposal == ROLE_NONE || pair->approval == ROLE_NONE)
			return err_set(err, ERR_MALFORMED, "issuing: no role we know");
		if (!draft_window(&pair->from_s, &pair->until_s, from, until, err))
			return err_in(err, "issuing");
	}
	return true;
}

static bool
read_policy(struct bundle_draft *d, const char *file, struct err *err)
{
	struct span policy;

	if (!draft_input_file(&policy, &d->in, file, LIMIT_JSON_BYTES, err))
		return false;
	sha256(d->value.policy_hash, policy);
	return true;
}

static bool
read_roots(struct bundle_draft *d, const char *file, struct err *err)
{
	struct span root;

	if (!draft_input_file(&root, &d->in, file, LIMIT_BUNDLE_BYTES, err))
		return false;
	if (!trust_open(&d->roots, root, err))
		return err_in(err, "%s", file);
	d->value.roots = *trust_roots(d->roots);
	return true;
}

/* ---- the whole ---- */

/* What stands at the top, before its parts are read. */
struct top {
	const char *root, *iat, *exp, *status_base, *policy, *reader_ca;
	int test;
	json_t *issuers, *keys, *officers, *hosts, *log, *issuing;
	json_int_t snapshot_hours, token_hours, audit_quorum;
};

static bool
read_top(struct top *t, json_t *json, struct err *err)
{
	json_error_t error;

	*t = (struct top){ 0 };
	if (json_unpack_ex(json, &error, JSON_STRICT,
		"{s:s, s?s, s:s, s:b, s:o, s:o, s:o, s:s, s:o, s:o, s:s, s:{s:I, s:I}, s:I, s?s, "
		"s:o}",
		"root", &t->root, "iat", &t->iat, "exp", &t->exp, "test", &t->test, "issuers",
		&t->issuers, "keys", &t->keys, "officers", &t->officers, "status_base",
		&t->status_base, "hosts", &t->hosts, "log", &t->log, "policy", &t->policy, "ages",
		"snapshot_hours", &t->snapshot_hours, "token_hours", &t->token_hours,
		"audit_quorum", &t->audit_quorum, "reader_ca", &t->reader_ca, "issuing",
		&t->issuing) != 0)
		return draft_malformed(err, "the description", &error);
	if (t->snapshot_hours < 1 || t->snapshot_hours > 31 * 24 || t->token_hours < 1 ||
	    t->token_hours > t->snapshot_hours || t->audit_quorum < 0 ||
	    t->audit_quorum > LIMIT_COSE_SIGNERS - 1)
		return err_set(err, ERR_MALFORMED,
		    "an age or the audit quorum is out of range (snapshots: 1 to 744 hours)");
	return true;
}

static bool
read_all(struct bundle_draft *d, const struct top *t, const struct bundle *previous, int64_t now_s,
    struct err *err)
{
	struct bundle *b = &d->value;

	b->seq = previous != NULL ? previous->seq + 1 : 1;
	if (previous != NULL)
		b->prev = span_of(previous->hash, SHA256_BYTES);
	b->iat_s = now_s;
	b->test = t->test != 0;
	b->status_base = span_text(t->status_base);
	b->snapshot_age_s = t->snapshot_hours * HOUR_S;
	b->token_age_s = t->token_hours * HOUR_S;
	b->audit_quorum = (unsigned)t->audit_quorum;
	return (t->iat == NULL || draft_time(&b->iat_s, t->iat, DRAFT_FROM, err)) &&
	    draft_time(&b->exp_s, t->exp, DRAFT_UNTIL, err) && read_roots(d, t->root, err) &&
	    read_issuers(b, t->issuers, err) &&
	    draft_keys_read(b, &d->in, t->keys, t->officers, previous, err) &&
	    read_texts(&b->hosts, &b->n_hosts, t->hosts, "hosts", err) &&
	    read_log(d, t->log, err) && read_policy(d, t->policy, err) &&
	    read_issuing(b, t->issuing, err) &&
	    (t->reader_ca == NULL ||
		draft_input_pem(&b->reader_ca, &d->in, t->reader_ca, PEM_CERTIFICATE, err));
}

/* ---- what a new bundle owes the one before ---- */

static bool
lists_key(const struct bundle *b, const struct bundle_key *wanted)
{
	for (size_t i = 0; i < b->n_keys; i++)
		if (b->keys[i].use == wanted->use && span_equal(b->keys[i].key, wanted->key))
			return true;
	return false;
}

static bool
check_kept(const struct bundle *b, const struct bundle *previous, struct err *err)
{
	char kid[2 * COSE_KID_BYTES + 1];

	for (size_t i = 0; i < previous->n_keys; i++) {
		const struct bundle_key *key = &previous->keys[i];
		if (lists_key(b, key))
			continue;
		hex_encode(kid, span_of(key->kid, COSE_KID_BYTES));
		return err_set(err, ERR_REFUSED,
		    "the %s key %s is gone: list it as retired, what it signed must still verify",
		    bundle_use_word(key->use), kid);
	}
	for (size_t i = 0; i < previous->n_hosts; i++)
		if (!bundle_lists_host(b, previous->hosts[i]))
			return err_set(err, ERR_REFUSED,
			    "the host %.*s is gone: every host ever printed in a code stays listed",
			    (int)previous->hosts[i].len, (const char *)previous->hosts[i].ptr);
	return true;
}

/* Verifiers keep data as old as a snapshot may be: a key that begins sooner would be unknown to them. */
static bool
check_announced(const struct bundle *b, const struct bundle *previous, struct err *err)
{
	for (size_t i = 0; i < b->n_keys; i++) {
		const struct bundle_key *key = &b->keys[i];
		if ((key->use == KEY_USE_CREDENTIAL || key->use == KEY_USE_SEAL ||
			key->use == KEY_USE_TSA) &&
		    !lists_key(previous, key) && key->from_s < b->iat_s + b->snapshot_age_s)
			return err_set(err, ERR_REFUSED,
			    "a new %s key may begin %lld hours after the bundle, not before: older "
			    "copies of the bundle do not know it",
			    bundle_use_word(key->use), (long long)b->snapshot_age_s / HOUR_S);
	}
	return true;
}

bool
bundle_draft_open(struct bundle_draft **out, const char *path, const struct bundle *previous,
    int64_t now_s, struct err *err)
{
	struct top top;
	struct bundle_draft *d = calloc(1, sizeof *d);

	*out = NULL;
	if (d == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!draft_input_open(&d->in, path, err))
		goto fail;
	if (!read_top(&top, d->in.json, err) || !read_all(d, &top, previous, now_s, err) ||
	    (previous != NULL &&
		(!check_kept(&d->value, previous, err) ||
		    (!d->value.test && !check_announced(&d->value, previous, err))))) {
		err_in(err, "%s", path);
		goto fail;
	}
	*out = d;
	return true;
fail:
	bundle_draft_free(d);
	return false;
}

void
bundle_draft_free(struct bundle_draft *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; d->value.issuers != NULL && i < d->value.n_issuers; i++)
		free(d->value.issuers[i].powers);
	free(d->value.issuers);
	draft_keys_free(&d->value);
	free(d->value.hosts);
	free(d->value.log.witnesses);
	free(d->value.issuing);
	buf_free(&d->vkey);
	trust_free(d->roots);
	draft_input_close(&d->in);
	free(d);
}

const struct bundle *
bundle_draft_value(const struct bundle_draft *d)
{
	return &d->value;
}
