#include "issuer/bureau_init.h"

#include "core/file.h"
#include "issuer/random.h"
#include "keys/pem.h"

/* A bureau about to be. */
struct site {
	const struct bureau_init *in;
	struct trust *trust;
	const struct bundle *bundle;
	struct policy policy;
	struct buf conf; /* text of qualcert.conf */
	int64_t now_s;
};

/* ---- configuration ---- */

static void
conf_line(struct buf *out, const char *key, const char *value)
{
	if (value != NULL)
		buf_printf(out, "%s = %s\n", key, value);
}

/* A path with a blank and a semicolon in it, say, would come back cut. */
static bool
same_path(const char *given, const char *read)
{
	return given == NULL || (read != NULL && strcmp(given, read) == 0);
}

/* Made before anything is written, and read as it will be. */
static bool
make_conf(struct site *s, struct err *err)
{
	const struct bureau_conf *conf = &s->in->conf;
	struct buf *text = &s->conf;
	struct bureau_conf again;

	buf_add_text(text, "[bureau]\n");
	conf_line(text, "iss", conf->iss);
	conf_line(text, "region", conf->region);
	conf_line(text, "host", conf->host);
	conf_line(text, "templates", conf->templates);
	conf_line(text, "second_copy", conf->second_copy);
	conf_line(text, "role_passphrase_file", conf->role_passphrase_file);
	conf_line(text, "local_signing", conf->local_signing ? "yes" : NULL);
	conf_line(text, "lang", conf->lang == LANG_EN ? "en" : "zh");
	if (!buf_ok(text, err) || !bureau_conf_parse(&again, buf_span(text), "qualcert.conf", err))
		return false;
	bool same = same_path(conf->templates, again.templates) &&
	    same_path(conf->second_copy, again.second_copy) &&
	    same_path(conf->role_passphrase_file, again.role_passphrase_file);
	bureau_conf_free(&again);
	return same ||
	    err_set(err, ERR_REFUSED, "qualcert.conf cannot hold one of the paths: rename it");
}

/* ---- do they belong together? ---- */

static bool
open_trust(struct site *s, struct err *err)
{
	struct err why = { 0 };

	if (!trust_open(&s->trust, s->in->root_file, err))
		return err_in(err, "root file");
	if (trust_accept(s->trust, s->in->bundle_file, s->now_s, &why) != TRUST_YES)
		return err_set(err, ERR_REFUSED, "trust bundle: %s", why.text);
	s->bundle = trust_bundle(s->trust);
	return true;
}

static bool
check_policy(struct site *s, struct err *err)
{
	if (!policy_parse(&s->policy, s->in->policy, err))
		return err_in(err, "policy");
	return memcmp(s->policy.hash, s->bundle->policy_hash, SHA256_BYTES) == 0 ||
	    err_set(err, ERR_REFUSED,
		"the policy is not the one the trust bundle names: its SHA-256 differs");
}

static bool
check_conf(const struct site *s, struct err *err)
{
	const struct bureau_conf *conf = &s->in->conf;

	if (!span_is(trust_roots(s->trust)->issuer, conf->iss))
		return err_set(err, ERR_REFUSED, "the roots are not those of issuer %s", conf->iss);
	if (!bundle_lists_host(s->bundle, span_text(conf->host)))
		return err_set(
		    err, ERR_REFUSED, "the trust bundle does not list the host %s", conf->host);
	return true;
}

static bool
check_service(const struct site *s, struct err *err)
{
	const struct bundle_key *key = NULL;
	struct span spki = signer_spki(s->in->service);

	do
		key = bundle_find_key(s->bundle, signer_kid(s->in->service), KEY_USE_SERVICE, key);
	while (key != NULL && !span_equal(key->key, spki));
	return key != NULL ||
	    err_set(err, ERR_REFUSED, "the trust bundle does not list the service key");
}

/* ---- files ---- */

static bool
put(const struct site *s, const char *name, struct span bytes, struct err *err)
{
	struct buf path = BUF_EMPTY;

	buf_printf(&path, "%s/%s", s->in->folder, name);
	bool ok = buf_ok(&path, err) && file_write(buf_text(&path), bytes, 0640, err);
	buf_free(&path);
	return ok;
}

static bool
make_folder(const struct site *s, const char *name, mode_t mode, struct err *err)
{
	struct buf path = BUF_EMPTY;

	buf_printf(&path, "%s/%s", s->in->folder, name);
	bool ok = buf_ok(&path, err) && file_make_folder(buf_text(&path), mode, err);
	buf_free(&path);
	return ok;
}

static bool
put_reader_ca(const struct site *s, struct err *err)
{
	struct buf pem = BUF_EMPTY;

	if (s->bundle->reader_ca.len == 0)
		return true;
	pem_encode(&pem, PEM_CERTIFICATE, s->bundle->reader_ca);
	bool ok = buf_ok(&pem, err) && put(s, "ca.pem", buf_span(&pem), err);
	buf_free(&pem);
	return ok;
}

static bool
put_files(const struct site *s, struct err *err)
{
	return file_make_folder(s->in->folder, 0700, err) && make_folder(s, "issued", 0750, err) &&
	    make_folder(s, "public", 0755, err) && put(s, "root.cose", s->in->root_file, err) &&
	    put(s, "policy.json", s->in->policy, err) && put_reader_ca(s, err) &&
	    (s->in->names.len == 0 || put(s, "names.json", s->in->names, err));
}

/* ---- the first act ---- */

static bool
encode_register(struct buf *out, const struct site *s, struct err *err)
{
	const struct root_set *roots = trust_roots(s->trust);
	struct act_body body = { .kind = ACT_REGISTER };

	body.reg.iss = roots->issuer;
	memcpy(body.reg.bureau, roots->bureau_id, BUREAU_ID_BYTES);
	memcpy(body.reg.root_fingerprint, trust_fingerprint(s->trust), SHA256_BYTES);
	body.reg.bundle = s->in->bundle_file;
	body.reg.origin = s->bundle->log.origin;
	body.reg.root = s->in->root_file;
	return act_body_encode(out, &body, err);
}

static bool
sign_register(struct buf *out, const struct site *s, struct err *err)
{
	struct act act = { .kind = ACT_REGISTER,
		.subject = span_text("register"),
		.time_s = s->now_s,
		.bundle_seq = s->bundle->seq };
	struct buf body = BUF_EMPTY, claims = BUF_EMPTY;

	bool ok = encode_register(&body, s, err) && random_bytes(act.nonce, ACT_NONCE_BYTES, err);
	act.body = buf_span(&body);
	ok = ok && act_claims_encode(&claims, &act, err) &&
	    signer_sign1(out, s->in->service, ACT_TYP, buf_span(&claims),
		span_of(trust_roots(s->trust)->bureau_id, BUREAU_ID_BYTES), err);
	buf_free(&body);
	buf_free(&claims);
	return ok;
}

/* Unless it is there already. */
static bool
record_register(const struct site *s, struct registry *r, struct err *err)
{
	struct buf act = BUF_EMPTY;
	struct registry_head head;

	if (!registry_head(&head, r, err))
		return false;
	if (head.size > 0)
		return true;
	bool ok = sign_register(&act, s, err);
	struct registry_item item = { .act = buf_span(&act) };
	ok = ok && registry_append(r, &item, 1, false, s->now_s, err) &&
	    (item.recorded || err_set(err, item.err.code, "%s", item.err.text));
	buf_free(&act);
	return ok;
}

static bool
make_register(const struct site *s, struct err *err)
{
	const char *copy = s->in->conf.second_copy;
	struct buf db = BUF_EMPTY, second = BUF_EMPTY, lookup = BUF_EMPTY;
	struct registry *r = NULL;
	struct err why = { 0 };

	buf_printf(&db, "%s/registry.db", s->in->folder);
	buf_printf(&lookup, "%s/lookup.db", s->in->folder);
	if (copy == NULL || copy[0] != '/')
		buf_printf(&second, "%s/", s->in->folder);
	buf_add_text(&second, copy != NULL ? copy : BUREAU_CONF_SECOND_COPY);
	bool ok = buf_ok(&db, err) && buf_ok(&second, err) && buf_ok(&lookup, err) &&
	    (copy != NULL || make_folder(s, "second", 0700, err)) &&
	    (registry_create(buf_text(&db), &why) || why.code == ERR_CONFLICT ||
		err_set(err, why.code, "%s", why.text)) &&
	    registry_open(&r,
		&(struct registry_config){ .path = buf_text(&db),
		    .second_copy = buf_text(&second),
		    .lookup = buf_text(&lookup),
		    .command = "init",
		    .policies = &s->policy,
		    .n_policies = 1 },
		err) &&
	    record_register(s, r, err);
	registry_close(r);
	buf_free(&db);
	buf_free(&second);
	buf_free(&lookup);
	return ok;
}

/* ---- */

static bool
check_new(const struct bureau_init *in, struct err *err)
{
	struct buf conf = BUF_EMPTY;

	buf_printf(&conf, "%s/qualcert.conf", in->folder);
	bool ok = buf_ok(&conf, err) &&
	    (!file_exists(buf_text(&conf)) ||
		err_set(err, ERR_CONFLICT, "%s is a bureau already", in->folder));
	buf_free(&conf);
	return ok;
}

bool
bureau_init(const struct bureau_init *in, int64_t now_s, struct err *err)
{
	struct site s = { .in = in, .now_s = now_s };

	bool ok = check_new(in, err) && make_conf(&s, err) && open_trust(&s, err) &&
	    check_policy(&s, err) && check_conf(&s, err) && check_service(&s, err) &&
	    put_files(&s, err) && make_register(&s, err) &&
	    put(&s, "qualcert.conf", buf_span(&s.conf), err);
	trust_free(s.trust);
	buf_free(&s.conf);
	return ok;
}
