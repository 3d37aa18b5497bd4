/* init: a new bureau, from what the ceremony made. */
#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "issuer/bureau_init.h"
#include "issuer/commands.h"
#include "keys/enrolment.h"
#include "keys/secret_file.h"

#include <limits.h>
#include <stdlib.h>

/* What is read before anything is written; owned. */
struct found {
	struct buf root, bundle_file, policy, names;
	struct bundle *bundle; /* as it claims to be: bureau_init() asks the roots */
	char iss[24];
	char passphrase_file[PATH_MAX];
	struct signer *service;
};

static void
found_free(struct found *f)
{
	buf_free(&f->root);
	buf_free(&f->bundle_file);
	buf_free(&f->policy);
	buf_free(&f->names);
	bundle_free(f->bundle);
	signer_free(f->service);
}

static const char *
folder_of(const struct command *c)
{
	return c->option[OPTION_DIR] != NULL ? c->option[OPTION_DIR] : getenv("QUALCERT_BUREAU");
}

/* The file an option names. */
static bool
read_option(struct buf *out, const struct command *c, enum command_option option, size_t max_bytes,
    struct err *err)
{
	struct span path;

	return command_need(&path, c, option, err) &&
	    command_read(out, c->option[option], max_bytes, err);
}

/* ---- names: by word on the command line, by person in the bureau ---- */

/* The person whose public key an officer's enrolment has. */
static bool
find_person(char hex[2 * BUNDLE_PERSON_BYTES + 1], const struct found *f, const char *folder,
    const char *word, struct err *err)
{
	struct buf path = BUF_EMPTY, file = BUF_EMPTY;
	struct enrolment enrolment;
	const struct bundle_key *key = NULL;

	buf_printf(&path, "%s/%s.enrol", folder, word);
	bool ok = buf_ok(&path, err) && file_read(&file, buf_text(&path), ENROLMENT_BYTES, err) &&
	    (enrolment_open(&enrolment, buf_span(&file), err) ||
		err_in(err, "%s", buf_text(&path)));
	for (size_t i = 0; ok && i < f->bundle->n_keys && key == NULL; i++)
		if (f->bundle->keys[i].use == KEY_USE_OFFICER &&
		    span_equal(f->bundle->keys[i].key, enrolment.spki))
			key = &f->bundle->keys[i];
	if (ok && key == NULL)
		ok = err_set(err, ERR_NOT_FOUND,
		    "the trust bundle lists no officer with the key of %s", buf_text(&path));
	if (ok)
		hex_encode(hex, span_of(key->person, BUNDLE_PERSON_BYTES));
	buf_free(&path);
	buf_free(&file);
	return ok;
}

static bool
add_name(json_t *out, const struct found *f, const char *folder, const char *word,
    const json_t *name, struct err *err)
{
	char hex[2 * BUNDLE_PERSON_BYTES + 1];
	const char *zh = json_string_value(json_object_get(name, "zh"));
	const char *en = json_string_value(json_object_get(name, "en"));

	if (zh == NULL || en == NULL || strchr(word, '/') != NULL)
		return err_set(err, ERR_MALFORMED,
		    "names: \"%s\" needs a name in Chinese (zh) and in English (en)", word);
	return find_person(hex, f, folder, word, err) &&
	    (json_object_set_new(
		 out, hex, json_pack("{s:s, s:s, s:s}", "word", word, "zh", zh, "en", en)) == 0 ||
		err_set(err, ERR_MEMORY, "out of memory"));
}

static bool
convert_names(struct found *f, const json_t *by_word, const char *folder, struct err *err)
{
	json_t *by_person = json_object(), *name;
	const char *word;
	bool ok = true;

	json_object_foreach((json_t *)by_word, word, name) if (ok) ok =
	    add_name(by_person, f, folder, word, name, err);
	char *text = ok ? json_dumps(by_person, JSON_INDENT(2)) : NULL;
	if (ok && text == NULL)
		ok = err_set(err, ERR_MEMORY, "out of memory");
	if (ok) {
		buf_add_text(&f->names, text);
		buf_add_text(&f->names, "\n");
		ok = buf_ok(&f->names, err);
	}
	free(text);
	json_decref(by_person);
	return ok;
}

static bool
read_names(struct found *f, const struct command *c, struct err *err)
{
	struct buf file = BUF_EMPTY, folder = BUF_EMPTY;
	json_error_t error;

	if (c->option[OPTION_NAMES] == NULL)
		return true;
	if (c->option[OPTION_OFFICERS] != NULL)
		buf_add_text(&folder, c->option[OPTION_OFFICERS]);
	else
		buf_printf(&folder, "%s/officers", folder_of(c));
	bool ok =
	    buf_ok(&folder, err) && read_option(&file, c, OPTION_NAMES, LIMIT_JSON_BYTES, err);
	if (ok) {
		json_t *by_word =
		    json_loadb((const char *)file.ptr, file.len, JSON_REJECT_DUPLICATES, &error);
		ok = json_is_object(by_word)
		    ? convert_names(f, by_word, buf_text(&folder), err)
		    : err_set(
			  err, ERR_MALFORMED, "names, line %d: not one JSON object", error.line);
		json_decref(by_word);
	}
	buf_free(&file);
	buf_free(&folder);
	return ok;
}

/* ---- keys ---- */

static bool
copy_key(const struct command *c, const char *word, struct err *err)
{
	struct buf from = BUF_EMPTY, to = BUF_EMPTY, bytes = BUF_EMPTY;

	buf_printf(&from, "%s/%s.pem", c->option[OPTION_KEYS], word);
	buf_printf(&to, "%s/keys/%s.pem", folder_of(c), word);
	bool ok = buf_ok(&from, err) && buf_ok(&to, err) &&
	    secret_file_read(&bytes, buf_text(&from), LIMIT_KEY_FILE_BYTES, err) &&
	    (file_exists(buf_text(&to)) ||
		file_write_new(buf_text(&to), buf_span(&bytes), 0600, err));
	buf_free(&from);
	buf_free(&to);
	buf_wipe(&bytes);
	return ok;
}

static bool
copy_keys(const struct command *c, struct err *err)
{
	static const char *const words[] = { "credential", "seal", "status", "log", "service" };
	struct buf folder = BUF_EMPTY;

	if (c->option[OPTION_KEYS] == NULL)
		return true;
	buf_printf(&folder, "%s/keys", folder_of(c));
	bool ok = buf_ok(&folder, err) && file_make_folder(folder_of(c), 0700, err) &&
	    file_make_folder(buf_text(&folder), 0700, err);
	for (size_t i = 0; ok && i < sizeof words / sizeof words[0]; i++)
		ok = copy_key(c, words[i], err);
	buf_free(&folder);
	return ok;
}

/* As the configuration will name it: below the folder without it, else whole. */
static bool
find_passphrase_file(struct found *f, const struct command *c, struct err *err)
{
	char folder[PATH_MAX], file[PATH_MAX];
	const char *given = c->option[OPTION_PASSPHRASE_FILE];

	if (given == NULL)
		return true;
	if (realpath(given, file) == NULL)
		return err_errno(err, "find %s", given);
	size_t len = realpath(folder_of(c), folder) != NULL ? strlen(folder) : 0;
	bool below = len > 0 && strncmp(file, folder, len) == 0 && file[len] == '/';
	snprintf(f->passphrase_file, sizeof f->passphrase_file, "%s", file + (below ? len + 1 : 0));
	return true;
}

static bool
unlock_service(struct found *f, const struct command *c, struct err *err)
{
	struct passphrase_source source;
	struct buf path = BUF_EMPTY;

	buf_printf(&path, "%s/keys/service.pem", folder_of(c));
	bool ok = buf_ok(&path, err) && command_passphrase(&source, c, err) &&
	    key_file_unlock(&f->service, buf_text(&path), &source, err);
	buf_free(&path);
	return ok;
}

/* ---- */

static bool
gather(struct found *f, const struct command *c, struct err *err)
{
	struct cose_sign envelope;

	if (folder_of(c) == NULL)
		return err_set(err, ERR_USAGE, "-C DIR is needed: the folder of the new bureau");
	if (!read_option(&f->root, c, OPTION_ROOT, LIMIT_BUNDLE_BYTES, err) ||
	    !read_option(&f->bundle_file, c, OPTION_BUNDLE, LIMIT_BUNDLE_BYTES, err) ||
	    !read_option(&f->policy, c, OPTION_POLICY, LIMIT_JSON_BYTES, err) ||
	    !bundle_parse_file(&envelope, &f->bundle, buf_span(&f->bundle_file), err))
		return false;
	struct span iss = f->bundle->roots.issuer;
	snprintf(f->iss, sizeof f->iss, "%.*s", (int)iss.len, (const char *)iss.ptr);
	return read_names(f, c, err) && copy_keys(c, err) && find_passphrase_file(f, c, err) &&
	    unlock_service(f, c, err);
}

static bool
init(struct found *f, const struct command *c, struct err *err)
{
	struct span region, host;
	char region_text[64], host_text[4 * LIMIT_HOST_BYTES]; /* what is cut is too long */

	if (!command_need(&region, c, OPTION_REGION, err) ||
	    !command_need(&host, c, OPTION_HOST, err))
		return false;
	snprintf(region_text, sizeof region_text, "%s", c->option[OPTION_REGION]);
	snprintf(host_text, sizeof host_text, "%s", c->option[OPTION_HOST]);
	return bureau_init(&(struct bureau_init){ .folder = folder_of(c),
			       .root_file = buf_span(&f->root),
			       .bundle_file = buf_span(&f->bundle_file),
			       .policy = buf_span(&f->policy),
			       .names = buf_span(&f->names),
			       .conf = { .iss = f->iss,
				   .region = region_text,
				   .host = host_text,
				   .role_passphrase_file =
				       f->passphrase_file[0] != '\0' ? f->passphrase_file : NULL,
				   .local_signing = c->option[OPTION_LOCAL_SIGNING] != NULL,
				   .lang = c->lang },
			       .service = f->service },
	    c->now_s, err);
}

bool
cmd_init(struct command *c, struct err *err)
{
	struct found f = { 0 };

	/* Opened as any command does: what was made is a bureau. */
	bool ok = command_no_words(c, err) && gather(&f, c, err) && init(&f, c, err) &&
	    command_open(c, true, err);
	if (ok) {
		command_print(c, "made bureau %s in %s\n", f.iss, folder_of(c));
		if (c->answer != NULL)
			json_object_set_new(c->answer, "bureau", json_string(f.iss));
	}
	found_free(&f);
	return ok;
}
