#include "issuer/bureau.h"

#include "core/file.h"
#include "credential/note.h"

#include <jansson.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LIMIT_POLICIES 64 /* a bureau changes its policy perhaps once a year */

static const struct {
	const char *word; /* of the file, and of the use where the bundle has one */
	enum key_use use; /* KEY_USE_NONE: the log's key */
} role_keys[ROLE_KEYS] = {
	[ROLE_KEY_CREDENTIAL] = { "credential", KEY_USE_CREDENTIAL },
	[ROLE_KEY_SEAL] = { "seal", KEY_USE_SEAL },
	[ROLE_KEY_STATUS] = { "status", KEY_USE_STATUS },
	[ROLE_KEY_LOG] = { "log", KEY_USE_NONE },
	[ROLE_KEY_SERVICE] = { "service", KEY_USE_SERVICE },
};

/* ---- files ---- */

bool
bureau_path(struct buf *out, const struct bureau *b, struct err *err, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	int len = vsnprintf(path, sizeof path, fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= sizeof path)
		return err_set(err, ERR_LIMIT, "a path is too long");
	if (path[0] != '/')
		buf_printf(out, "%s/", b->folder);
	buf_add_text(out, path);
	return buf_ok(out, err);
}

/* Read a file of the folder; its path goes into `path`, for messages. */
static bool
read_file(
    struct buf *out, struct buf *path, const struct bureau *b, const char *name, struct err *err)
{
	return bureau_path(path, b, err, "%s", name) &&
	    file_read(out, buf_text(path), LIMIT_JSON_BYTES, err);
}

static bool
load_conf(struct bureau *b, struct err *err)
{
	struct buf bytes = BUF_EMPTY, path = BUF_EMPTY;
	bool ok = read_file(&bytes, &path, b, "qualcert.conf", err) &&
	    bureau_conf_parse(&b->conf, buf_span(&bytes), buf_text(&path), err);

	if (!ok && err->code == ERR_NOT_FOUND)
		err_set(err, ERR_NOT_FOUND, "%s is no bureau: it has no qualcert.conf", b->folder);
	buf_free(&path);
	buf_free(&bytes);
	return ok;
}

static bool
load_policy(struct policy *out, const char *path, struct err *err)
{
	struct buf bytes = BUF_EMPTY;
	bool ok = file_read(&bytes, path, LIMIT_JSON_BYTES, err) &&
	    (policy_parse(out, buf_span(&bytes), err) || err_in(err, "%s", path));
	buf_free(&bytes);
	return ok;
}

bool
bureau_policies(struct policy **out, size_t *n, const char *folder, struct err *err)
{
	glob_t found;

	*out = NULL;
	*n = 0;
	bool ok = file_find(&found, folder, "policy*.json", err);
	if (ok && found.gl_pathc == 0)
		ok = err_set(err, ERR_NOT_FOUND, "%s has no policy.json", folder);
	if (ok && found.gl_pathc > LIMIT_POLICIES)
		ok =
		    err_set(err, ERR_LIMIT, "%s has more than %d policies", folder, LIMIT_POLICIES);
	if (ok && (*out = calloc(found.gl_pathc, sizeof **out)) == NULL)
		ok = err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; ok && i < found.gl_pathc; i++)
		if ((ok = load_policy(&(*out)[i], found.gl_pathv[i], err)))
			++*n;
	globfree(&found);
	return ok;
}

static bool
load_names(struct bureau *b, struct err *err)
{
	struct buf bytes = BUF_EMPTY, path = BUF_EMPTY;
	struct err why = { 0 };
	json_error_t error;
	bool ok = read_file(&bytes, &path, b, "names.json", &why);

	if (ok) {
		b->names =
		    json_loadb((const char *)bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES, &error);
		ok = json_is_object(b->names) ||
		    err_set(err, ERR_MALFORMED, "%s: line %d: not one JSON object", buf_text(&path),
			error.line);
	} else {
		ok = why.code == ERR_NOT_FOUND || err_set(err, why.code, "%s", why.text);
	}
	buf_free(&path);
	buf_free(&bytes);
	return ok;
}

/* ---- open ---- */

static bool
open_registry(struct bureau *b, bool read_only, const char *command, struct err *err)
{
	if (!bureau_path(&b->paths[0], b, err, "registry.db") ||
	    !bureau_path(&b->paths[1], b, err, "%s", b->conf.second_copy) ||
	    !bureau_path(&b->paths[2], b, err, "lookup.db"))
		return false;
	return registry_open(&b->registry,
	    &(struct registry_config){ .path = buf_text(&b->paths[0]),
		.read_only = read_only,
		.second_copy = buf_text(&b->paths[1]),
		.lookup = buf_text(&b->paths[2]),
		.command = command,
		.policies = b->policies,
		.n_policies = b->n_policies },
	    err);
}

/* Do configuration, policy and register belong together? */
static bool
check_register(struct bureau *b, struct err *err)
{
	const struct trust *trust;
	const struct policy *policy;

	if (!bureau_trust(&trust, b, err) || !bureau_policy(&policy, b, err))
		return false;
	struct span iss = trust_roots(trust)->issuer;
	return span_is(iss, b->conf.iss) ||
	    err_set(err, ERR_REFUSED, "qualcert.conf says iss = %s, the register is of %.*s",
		b->conf.iss, (int)iss.len, (const char *)iss.ptr);
}

bool
bureau_open(
    struct bureau **out, const char *folder, bool read_only, const char *command, struct err *err)
{
	struct bureau *b = calloc(1, sizeof *b);

	*out = NULL;
	if (b == NULL || (b->folder = strdup(folder)) == NULL) {
		bureau_close(b);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	if (!load_conf(b, err) || !bureau_policies(&b->policies, &b->n_policies, b->folder, err) ||
	    !load_names(b, err) || !open_registry(b, read_only, command, err) ||
	    !check_register(b, err)) {
		bureau_close(b);
		return false;
	}
	*out = b;
	return true;
}

void
bureau_close(struct bureau *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < ROLE_KEYS; i++)
		signer_free(b->signers[i]);
	pdf_maker_close(b->maker);
	for (size_t i = 0; i < sizeof b->layouts / sizeof b->layouts[0]; i++)
		template_free(b->layouts[i]);
	tsa_close(b->tsa);
	free(b->calendar);
	json_decref(b->names);
	registry_close(b->registry);
	for (size_t i = 0; i < sizeof b->paths / sizeof b->paths[0]; i++)
		buf_free(&b->paths[i]);
	free(b->policies);
	bureau_conf_free(&b->conf);
	free(b->folder);
	free(b);
}

/* ---- trust ---- */

bool
bureau_trust(const struct trust **out, const struct bureau *b, struct err *err)
{
	return registry_trust(out, b->registry, err);
}

bool
bureau_policy(const struct policy **out, const struct bureau *b, struct err *err)
{
	const struct trust *trust;

	*out = NULL;
	if (!bureau_trust(&trust, b, err))
		return false;
	for (size_t i = 0; i < b->n_policies; i++)
		if (memcmp(b->policies[i].hash, trust_bundle(trust)->policy_hash, SHA256_BYTES) ==
		    0) {
			*out = &b->policies[i];
			return true;
		}
	return err_set(err, ERR_NOT_FOUND,
	    "%s has no policy file with the hash that trust bundle %llu names", b->folder,
	    (unsigned long long)trust_bundle(trust)->seq);
}

bool
bureau_issuer(const struct bundle_issuer **out, const struct bureau *b, struct err *err)
{
	const struct trust *trust;

	*out = NULL;
	if (!bureau_trust(&trust, b, err))
		return false;
	*out = bundle_find_issuer(trust_bundle(trust), span_text(b->conf.iss));
	return *out != NULL ||
	    err_set(err, ERR_REFUSED, "the trust bundle lists no issuer %s", b->conf.iss);
}

/* ---- what is opened when needed ---- */

bool
bureau_maker(const struct pdf_maker **out, struct bureau *b, struct err *err)
{
	*out = NULL;
	if (b->maker == NULL && !pdf_maker_open(&b->maker, err))
		return false;
	*out = b->maker;
	return true;
}

bool
bureau_tsa(struct tsa **out, struct bureau *b, struct err *err)
{
	const struct tsa_place place = { b->conf.tsa_url, TSA_CONNECT_MS, TSA_ANSWER_MS };

	*out = NULL;
	if (b->conf.tsa_url != NULL && b->tsa == NULL && !tsa_open(&b->tsa, &place, err))
		return false;
	*out = b->tsa;
	return true;
}

static bool
read_calendar(struct calendar *out, const struct bureau *b, struct err *err)
{
	struct buf path = BUF_EMPTY, bytes = BUF_EMPTY;
	struct err why = { 0 };

	bool ok = bureau_template_path(&path, b, "calendar.json", err);
	if (ok && file_read(&bytes, buf_text(&path), LIMIT_JSON_BYTES, &why))
		ok = calendar_parse(out, buf_span(&bytes), err) ||
		    err_in(err, "%s", buf_text(&path));
	else if (ok && why.code != ERR_NOT_FOUND)
		ok = err_set(err, why.code, "%s", why.text);
	buf_free(&bytes);
	buf_free(&path);
	return ok;
}

bool
bureau_calendar(const struct calendar **out, struct bureau *b, struct err *err)
{
	*out = NULL;
	if (b->calendar == NULL) {
		b->calendar = calloc(1, sizeof *b->calendar);
		if (b->calendar == NULL)
			return err_set(err, ERR_MEMORY, "out of memory");
		if (!read_calendar(b->calendar, b, err)) {
			free(b->calendar);
			b->calendar = NULL;
			return false;
		}
	}
	*out = b->calendar;
	return true;
}

static bool
unlock(struct signer **out, const struct bureau *b, const char *word, struct err *err)
{
	struct buf key = BUF_EMPTY, passphrase = BUF_EMPTY;
	struct passphrase_source source = { .from = PASSPHRASE_TERMINAL };
	bool ok = bureau_path(&key, b, err, "keys/%s.pem", word);

	if (ok && b->conf.role_passphrase_file != NULL) {
		ok = bureau_path(&passphrase, b, err, "%s", b->conf.role_passphrase_file);
		source.from = PASSPHRASE_FILE;
		source.path = buf_text(&passphrase);
	}
	ok = ok && key_file_unlock(out, buf_text(&key), &source, err);
	buf_free(&passphrase);
	buf_free(&key);
	return ok;
}

/* The active entry for this key at this moment; NULL: none. */
static const struct bundle_key *
find_entry(
    const struct bundle *bundle, const struct signer *signer, enum key_use use, int64_t now_s)
{
	const struct bundle_key *key = NULL;
	do
		key = bundle_find_key(bundle, signer_kid(signer), use, key);
	while (key != NULL && (key->state != KEY_ACTIVE || !bundle_key_covers(key, now_s)));
	return key;
}

static bool
is_log_key(const struct bundle *bundle, const struct signer *signer)
{
	struct note_key listed;
	uint8_t ours[SIGNER_ED25519_BYTES];

	if (signer_kind(signer) != SIGNER_ED25519 ||
	    !note_key_parse(&listed, bundle->log.vkey, NULL))
		return false;
	signer_ed25519(ours, signer);
	return memcmp(listed.key, ours, sizeof ours) == 0;
}

bool
bureau_signer(const struct signer **out, const struct bundle_key **entry, struct bureau *b,
    enum role_key use, int64_t now_s, struct err *err)
{
	const char *word = role_keys[use].word;
	const struct bundle_key *listed = NULL;
	const struct trust *trust;

	*out = NULL;
	if (!bureau_trust(&trust, b, err) ||
	    (b->signers[use] == NULL && !unlock(&b->signers[use], b, word, err)))
		return false;
	const struct bundle *bundle = trust_bundle(trust);
	if (use != ROLE_KEY_LOG)
		listed = find_entry(bundle, b->signers[use], role_keys[use].use, now_s);
	if (use == ROLE_KEY_LOG ? !is_log_key(bundle, b->signers[use]) : listed == NULL)
		return err_set(err, ERR_REFUSED,
		    "the trust bundle lists no such active key as keys/%s.pem at this time", word);
	if (entry != NULL)
		*entry = listed;
	*out = b->signers[use];
	return true;
}

/* ---- templates ---- */

/* ../share/qualcert/templates beside the program, if the file is there. */
static bool
find_installed(struct buf *out, const char *file)
{
	char program[PATH_MAX];
	struct buf path = BUF_EMPTY;
	ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);

	if (len <= 0)
		return false;
	program[len] = '\0';
	char *slash = strrchr(program, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	buf_printf(&path, "%s/../share/qualcert/templates/%s", program, file);
	bool found = buf_text(&path) != NULL && file_exists(buf_text(&path));
	if (found)
		buf_add_span(out, buf_span(&path));
	buf_free(&path);
	return found;
}

bool
bureau_template_path(struct buf *out, const struct bureau *b, const char *file, struct err *err)
{
	if (b != NULL && b->conf.templates != NULL)
		return bureau_path(out, b, err, "%s/%s", b->conf.templates, file);
	if (!find_installed(out, file))
		buf_printf(out, "%s/%s", SOURCE_TEMPLATES, file);
	return buf_ok(out, err);
}

bool
bureau_template(struct template **out, const struct bureau *b, enum grade grade, struct err *err)
{
	struct buf path = BUF_EMPTY, bytes = BUF_EMPTY;

	*out = NULL;
	bool ok = bureau_template_path(
		      &path, b, grade == GRADE_A ? "grade-a.json" : "grade-b.json", err) &&
	    file_read(&bytes, buf_text(&path), LIMIT_JSON_BYTES, err) &&
	    (template_parse(out, buf_span(&bytes), err) || err_in(err, "%s", buf_text(&path)));
	buf_free(&bytes);
	buf_free(&path);
	return ok;
}

bool
bureau_layout(const struct template **out, struct bureau *b, enum grade grade, struct err *err)
{
	struct template **layout = &b->layouts[grade == GRADE_B];
	bool ok = *layout != NULL || bureau_template(layout, b, grade, err);

	*out = *layout;
	return ok;
}
