#include "verifier/daemon/daemon_conf.h"

#include "core/conf.h"
#include "core/file.h"
#include "core/limits.h"
#include "keys/trust.h"
#include "registry/lookup.h"
#include "verifier/daemon/listen.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const daemon_key_names[DAEMON_KEYS] = {
	[DAEMON_BUREAU] = "bureau",
	[DAEMON_ROOT] = "root",
	[DAEMON_PUBLIC] = "public",
	[DAEMON_LOOKUP] = "lookup",
	[DAEMON_MEMORY] = "memory",
	[DAEMON_LISTEN] = "listen",
	[DAEMON_ADMIN] = "admin",
	[DAEMON_WORKERS] = "workers",
};

static bool
is_workers(const char *value, struct err *err)
{
	const size_t digits = strspn(value, "0123456789");
	const unsigned long n = strtoul(value, NULL, 10);

	return (digits > 0 && digits <= 3 && value[digits] == '\0' && n >= 1 &&
		   n <= DAEMON_MOST_WORKERS) ||
	    err_set(err, ERR_USAGE, "workers is a number from 1 to %d", DAEMON_MOST_WORKERS);
}

bool
daemon_conf_set(struct daemon_conf *conf, enum daemon_key key, const char *value, struct err *err)
{
	struct daemon_value *v = &conf->value[key];
	char *text;

	if ((key == DAEMON_LISTEN || key == DAEMON_ADMIN) && !listen_is_address(value, err))
		return false;
	if (key == DAEMON_WORKERS && !is_workers(value, err))
		return false;
	if ((text = strdup(value)) == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	free(v->text);
	v->text = text;
	v->line = 0;
	return true;
}

static bool
set(void *ctx, size_t key, const char *value, struct err *err)
{
	return daemon_conf_set(ctx, (enum daemon_key)key, value, err);
}

bool
daemon_conf_parse(struct daemon_conf *out, struct span text, const char *name, struct buf *mistakes,
    struct err *err)
{
	static const struct conf_format format = { "qualverifyd", daemon_key_names, DAEMON_KEYS,
		set };
	unsigned lines[DAEMON_KEYS];

	*out = (struct daemon_conf){ 0 };
	const bool ok = conf_parse(lines, &format, out, text, name, mistakes, err);
	for (size_t i = 0; i < DAEMON_KEYS; i++)
		out->value[i].line = lines[i];
	return ok;
}

/* ---- the whole ---- */

static void
forget(struct daemon_value *v)
{
	free(v->text);
	*v = (struct daemon_value){ 0 };
}

static bool
names_whom(const struct daemon_conf *conf)
{
	for (enum daemon_key key = DAEMON_BUREAU; key <= DAEMON_LOOKUP; key++)
		if (conf->value[key].text != NULL)
			return true;
	return false;
}

static bool
put_over(struct daemon_conf *file, const struct daemon_conf *above, struct err *err)
{
	for (enum daemon_key key = DAEMON_BUREAU; key <= DAEMON_LOOKUP; key++)
		if (names_whom(above))
			forget(&file->value[key]);
	for (enum daemon_key key = 0; key < DAEMON_KEYS; key++)
		if (above->value[key].text != NULL &&
		    !daemon_conf_set(file, key, above->value[key].text, err))
			return false;
	return true;
}

/* What bureau is short for, where no key of its own says otherwise. */
static bool
spell_out(struct daemon_conf *conf, struct err *err)
{
	static const struct {
		enum daemon_key key;
		const char *name;
	} parts[] = {
		{ DAEMON_ROOT, "root.cose" },
		{ DAEMON_PUBLIC, "public" },
		{ DAEMON_LOOKUP, "lookup.db" },
	};
	const struct daemon_value *bureau = &conf->value[DAEMON_BUREAU];
	bool ok = true;

	for (size_t i = 0; ok && bureau->text != NULL && i < sizeof parts / sizeof parts[0]; i++) {
		struct daemon_value *v = &conf->value[parts[i].key];
		struct buf path = BUF_EMPTY;
		if (v->text != NULL)
			continue;
		buf_printf(&path, "%s/%s", bureau->text, parts[i].name);
		ok =
		    buf_ok(&path, err) && daemon_conf_set(conf, parts[i].key, buf_text(&path), err);
		v->line = bureau->line;
		buf_free(&path);
	}
	return ok;
}

static bool
set_if_none(struct daemon_conf *conf, enum daemon_key key, const char *value, struct err *err)
{
	return conf->value[key].text != NULL || daemon_conf_set(conf, key, value, err);
}

static bool
set_defaults(struct daemon_conf *conf, struct err *err)
{
	struct buf memory = BUF_EMPTY;

	memory_usual_folder(&memory);
	const bool ok =
	    (memory.len == 0 || set_if_none(conf, DAEMON_MEMORY, buf_text(&memory), err)) &&
	    set_if_none(conf, DAEMON_LISTEN, "127.0.0.1:8080", err) &&
	    set_if_none(conf, DAEMON_ADMIN, "127.0.0.1:8081", err);
	buf_free(&memory);
	return ok;
}

bool
daemon_conf_complete(struct daemon_conf *file, const struct daemon_conf *above, struct err *err)
{
	if (!put_over(file, above, err) || !spell_out(file, err) || !set_defaults(file, err))
		return false;
	return (file->value[DAEMON_ROOT].text != NULL && file->value[DAEMON_PUBLIC].text != NULL) ||
	    err_set(err, ERR_USAGE, "say whom to believe: bureau, or root and public");
}

struct feed_paths
daemon_conf_paths(const struct daemon_conf *conf)
{
	return (struct feed_paths){ .root = conf->value[DAEMON_ROOT].text,
		.public_folder = conf->value[DAEMON_PUBLIC].text,
		.lookup = conf->value[DAEMON_LOOKUP].text,
		.memory_folder = conf->value[DAEMON_MEMORY].text };
}

size_t
daemon_conf_workers(const struct daemon_conf *conf)
{
	const char *said = conf->value[DAEMON_WORKERS].text;
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (said != NULL)
		return strtoul(said, NULL, 10);
	return processors > 1 ? (size_t)processors : 1;
}

void
daemon_conf_free(struct daemon_conf *conf)
{
	for (size_t i = 0; i < DAEMON_KEYS; i++)
		forget(&conf->value[i]);
}

/* ---- can it work ---- */

/* Who checks is often not whom the service runs as. */
static void
name_account(char out[64])
{
	struct passwd entry, *found = NULL;
	char room[1024];

	if (getpwuid_r(geteuid(), &entry, room, sizeof room, &found) == 0 && found != NULL)
		snprintf(out, 64, "%s", found->pw_name);
	else
		snprintf(out, 64, "%u", (unsigned)geteuid());
}

/* What is not there is told by whoever opens it. */
static bool
is_allowed(const char *path, int how, struct err *err)
{
	char account[64];

	if (access(path, how) == 0 || errno == ENOENT)
		return true;
	if (errno != EACCES)
		return err_errno(err, "%s", path);
	name_account(account);
	return err_set(err, ERR_IO, "%s may not be %s by the account %s", path,
	    (how & W_OK) != 0 ? "written" : "read", account);
}

static bool
root_is_usable(const char *path, struct err *err)
{
	struct buf file = BUF_EMPTY;
	struct trust *trust = NULL;
	bool ok = is_allowed(path, R_OK, err) && file_read(&file, path, LIMIT_BUNDLE_BYTES, err);

	if (ok && !(ok = trust_open(&trust, buf_span(&file), err)))
		err_in(err, "%s", path);
	trust_free(trust);
	buf_free(&file);
	return ok;
}

static bool
folder_is_open(const char *path, int how, struct err *err)
{
	struct stat st;

	if (!is_allowed(path, F_OK, err))
		return false;
	if (stat(path, &st) != 0)
		return err_errno(err, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ERR_MALFORMED, "%s is no folder", path);
	return is_allowed(path, how, err);
}

static const char *
path_in(char out[PATH_MAX], const char *folder, const char *name)
{
	return snprintf(out, PATH_MAX, "%s/%s", folder, name) < PATH_MAX ? out : "";
}

static bool
has(const char *folder, const char *name)
{
	char path[PATH_MAX];

	return file_exists(path_in(path, folder, name));
}

bool
daemon_conf_is_published(const char *folder)
{
	return has(folder, "v1/trust-bundle") && has(folder, "v1/snapshot");
}

/* But for what a file system, or a copy under way, has in every folder. */
static bool
is_empty(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	bool empty = true;

	while (dir != NULL && empty && (entry = readdir(dir)) != NULL)
		empty = entry->d_name[0] == '.' || strcmp(entry->d_name, "lost+found") == 0;
	if (dir != NULL)
		closedir(dir);
	return empty;
}

/* The first publication may be yet to come; that it would come into a folder of something else is a mistake. */
static bool
public_is_usable(const char *path, struct err *err)
{
	char file[PATH_MAX];

	if (!folder_is_open(path, R_OK | X_OK, err))
		return false;
	if (!has(path, "v1") && has(path, "public/v1"))
		return err_set(err, ERR_MALFORMED,
		    "%s publishes nothing: the published files are in its folder public", path);
	if (!has(path, "v1") && !has(path, "log") && !is_empty(path))
		return err_set(err, ERR_MALFORMED,
		    "%s publishes nothing: neither v1/ nor log/ is in it", path);
	return is_allowed(path_in(file, path, "v1/trust-bundle"), R_OK, err) &&
	    is_allowed(path_in(file, path, "v1/snapshot"), R_OK, err);
}

/* SQLite's own files belong to it, where they are. */
static bool
lookup_is_usable(const char *path, struct err *err)
{
	static const char *const parts[] = { "", "-wal", "-shm" };
	struct lookup *l = NULL;
	char part[PATH_MAX];

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		snprintf(part, sizeof part, "%s%s", path, parts[i]);
		if (!is_allowed(part, R_OK, err))
			return false;
	}
	const bool ok = lookup_open(&l, path, err);
	lookup_close(l);
	return ok;
}

/* It is made when there is something to remember. */
static bool
memory_can_be_written(const char *path, struct err *err)
{
	char above[PATH_MAX];

	if (file_exists(path))
		return folder_is_open(path, R_OK | W_OK | X_OK, err);
	if (snprintf(above, sizeof above, "%s", path) >= (int)sizeof above)
		return err_set(err, ERR_LIMIT, "the path is too long");
	for (const char *folder = dirname(above);; folder = dirname(above))
		if (file_exists(folder))
			return folder_is_open(folder, W_OK | X_OK, err) ||
			    err_in(err, "%s cannot be made", path);
}

static bool
admin_is_apart(const struct daemon_conf *conf, struct err *err)
{
	const char *site = conf->value[DAEMON_LISTEN].text, *admin = conf->value[DAEMON_ADMIN].text;

	return site == NULL || !listen_is_taken(admin, site) ||
	    err_set(err, ERR_CONFLICT,
		"admin (%s) is where listen (%s) is already: each needs an address of its own",
		admin, site);
}

static bool
is_usable(const struct daemon_conf *conf, enum daemon_key key, struct err *err)
{
	const char *value = conf->value[key].text;

	switch (key) {
	case DAEMON_ROOT:
		return root_is_usable(value, err);
	case DAEMON_PUBLIC:
		return public_is_usable(value, err);
	case DAEMON_LOOKUP:
		return lookup_is_usable(value, err);
	case DAEMON_MEMORY:
		return memory_can_be_written(value, err);
	case DAEMON_ADMIN:
		return admin_is_apart(conf, err);
	case DAEMON_BUREAU:
	case DAEMON_LISTEN:
	case DAEMON_WORKERS:
	case DAEMON_KEYS:
		break;
	}
	return true;
}

bool
daemon_conf_check(const struct daemon_conf *conf, const char *name, struct buf *mistakes)
{
	bool ok = true;

	for (enum daemon_key key = 0; key < DAEMON_KEYS; key++) {
		const struct daemon_value *v = &conf->value[key];
		struct err err = { 0 };
		if (v->text == NULL || is_usable(conf, key, &err))
			continue;
		ok = false;
		if (v->line > 0)
			buf_printf(mistakes, "%s:%u: %s\n", name, v->line, err.text);
		else
			buf_printf(mistakes, "--%s: %s\n", daemon_key_names[key], err.text);
	}
	return ok;
}
