#include "verifier/usual.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "credential/snapshot.h"
#include "keys/trust.h"

#include <stdlib.h>
#include <unistd.h>

#define ENDING ".cose"

/* ---- folders ---- */

/* $VARIABLE/qualcert, or ~/HOME/qualcert where the variable is not set. */
static void
xdg_folder(struct buf *out, const char *variable, const char *below_home)
{
	const char *set = getenv(variable), *home = getenv("HOME");

	if (set != NULL && set[0] == '/')
		buf_printf(out, "%s/qualcert", set);
	else if (home != NULL && home[0] == '/')
		buf_printf(out, "%s/%s/qualcert", home, below_home);
}

void
usual_roots_folder(struct buf *out)
{
	const size_t before = out->len;

	xdg_folder(out, "XDG_CONFIG_HOME", ".config");
	if (out->len > before)
		buf_add_text(out, "/roots");
}

static void
add_files_of(struct buf *out, const uint8_t fingerprint[SHA256_BYTES])
{
	char hex[17];

	hex_encode(hex, span_of(fingerprint, 8));
	buf_printf(out, "/%s", hex);
}

static void
own_files(struct buf *out, const uint8_t fingerprint[SHA256_BYTES])
{
	const size_t before = out->len;

	xdg_folder(out, "XDG_CACHE_HOME", ".cache");
	if (out->len > before)
		add_files_of(out, fingerprint);
}

/* What the snapshot there says of itself: which of two copies to look at, and no more. 0: none. */
static uint64_t
claimed_sequence(const char *folder)
{
	struct buf path = BUF_EMPTY, file = BUF_EMPTY;
	struct cose_sign envelope;
	struct snapshot *s = NULL;
	uint64_t seq = 0;

	buf_printf(&path, "%s/v1/snapshot", folder);
	if (buf_ok(&path, NULL) && file_read(&file, buf_text(&path), LIMIT_SNAPSHOT_BYTES, NULL) &&
	    snapshot_parse_file(&envelope, &s, buf_span(&file), NULL))
		seq = s->seq;
	snapshot_free(s);
	buf_free(&path);
	buf_free(&file);
	return seq;
}

void
usual_files_to_read(struct buf *out, const uint8_t fingerprint[SHA256_BYTES])
{
	struct buf own = BUF_EMPTY, systems = BUF_EMPTY;

	own_files(&own, fingerprint);
	buf_add_text(&systems, USUAL_SYSTEM_FILES);
	add_files_of(&systems, fingerprint);
	if (buf_ok(&own, NULL) && buf_ok(&systems, NULL)) {
		const bool mine = own.len > 0 &&
		    (!file_exists(buf_text(&systems)) ||
			claimed_sequence(buf_text(&own)) >= claimed_sequence(buf_text(&systems)));
		buf_add_span(out, buf_span(mine ? &own : &systems));
	}
	buf_free(&own);
	buf_free(&systems);
}

void
usual_files_to_write(struct buf *out, const uint8_t fingerprint[SHA256_BYTES])
{
	if (access(USUAL_SYSTEM_FILES, W_OK) != 0) {
		own_files(out, fingerprint);
		return;
	}
	buf_add_text(out, USUAL_SYSTEM_FILES);
	add_files_of(out, fingerprint);
}

/* ---- root sets ---- */

bool
usual_name_fits(const char *name)
{
	static const char first[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	static const char all[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	const size_t n = strlen(name);

	return n > 0 && n < USUAL_NAME_BYTES && strchr(first, name[0]) != NULL &&
	    strspn(name, all) == n;
}

/* NAME of /path/NAME.cose; false for what nobody added here. */
static bool
name_of(char out[USUAL_NAME_BYTES], const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	const size_t n = strlen(name) - strlen(ENDING); /* the pattern saw to it */

	if (n >= USUAL_NAME_BYTES)
		return false;
	memcpy(out, name, n);
	out[n] = '\0';
	return usual_name_fits(out);
}

static bool
is_held(const struct usual_roots *roots, const uint8_t fingerprint[SHA256_BYTES])
{
	for (size_t i = 0; i < roots->n; i++)
		if (memcmp(roots->root[i].fingerprint, fingerprint, SHA256_BYTES) == 0)
			return true;
	return false;
}

static bool
read_root(struct usual_roots *out, const char *path, bool of_system, struct err *err)
{
	struct usual_root *r = &out->root[out->n];
	struct trust *trust = NULL;

	if (out->n == USUAL_ROOTS)
		return err_set(err, ERR_LIMIT, "more than %d root sets are believed", USUAL_ROOTS);
	*r = (struct usual_root){ .of_system = of_system };
	bool ok = (name_of(r->name, path) ||
		      err_set(err, ERR_MALFORMED, "its name is none that trust add gives")) &&
	    file_read(&r->file, path, LIMIT_BUNDLE_BYTES, err) &&
	    trust_open(&trust, buf_span(&r->file), err);
	if (!ok)
		err_in(err, "%s", path);
	else
		memcpy(r->fingerprint, trust_fingerprint(trust), SHA256_BYTES);
	if (ok && !is_held(out, r->fingerprint)) {
		buf_add_text(&r->path, path);
		ok = buf_ok(&r->path, err);
		out->n++;
	} else {
		buf_free(&r->file);
	}
	trust_free(trust);
	return ok;
}

static bool
read_folder(struct usual_roots *out, const char *folder, bool of_system, struct err *err)
{
	glob_t paths = { 0 };
	bool ok = file_find(&paths, folder, "*" ENDING, err);

	for (size_t i = 0; ok && i < paths.gl_pathc; i++)
		ok = read_root(out, paths.gl_pathv[i], of_system, err);
	globfree(&paths);
	return ok;
}

bool
usual_read_roots(struct usual_roots *out, struct err *err)
{
	struct buf own = BUF_EMPTY;
	bool ok;

	out->n = 0;
	usual_roots_folder(&own);
	ok = buf_ok(&own, err) && (own.len == 0 || read_folder(out, buf_text(&own), false, err)) &&
	    read_folder(out, USUAL_SYSTEM_ROOTS, true, err);
	if (!ok)
		usual_free_roots(out);
	buf_free(&own);
	return ok;
}

void
usual_free_roots(struct usual_roots *roots)
{
	for (size_t i = 0; i < roots->n; i++) {
		buf_free(&roots->root[i].path);
		buf_free(&roots->root[i].file);
	}
	roots->n = 0;
}

const struct usual_root *
usual_find(const struct usual_roots *roots, const char *name)
{
	for (size_t i = 0; i < roots->n; i++)
		if (strcmp(roots->root[i].name, name) == 0)
			return &roots->root[i];
	return NULL;
}

void
usual_fingerprint(struct buf *out, const uint8_t fingerprint[SHA256_BYTES])
{
	char hex[2 * SHA256_BYTES + 1];

	hex_encode(hex, span_of(fingerprint, SHA256_BYTES));
	for (size_t i = 0; i < 2 * SHA256_BYTES; i += 4)
		buf_printf(out, "%s%.4s", i > 0 ? " " : "", hex + i);
}

bool
usual_fingerprint_is(const char *typed, const uint8_t fingerprint[SHA256_BYTES])
{
	char want[2 * SHA256_BYTES + 1], given[2 * SHA256_BYTES + 1];
	size_t n = 0;

	hex_encode(want, span_of(fingerprint, SHA256_BYTES));
	for (const char *c = typed; *c != '\0'; c++) {
		if (strchr(" \t\r\n-:", *c) != NULL)
			continue;
		if (n == sizeof given - 1)
			return false;
		given[n++] = (char)(*c >= 'A' && *c <= 'F' ? *c - 'A' + 'a' : *c);
	}
	given[n] = '\0';
	return strcmp(given, want) == 0;
}
