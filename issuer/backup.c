#include "issuer/backup.h"

#include "core/cursor.h"
#include "core/encode.h"
#include "core/file.h"
#include "registry/act_file.h"
#include "registry/registry_floor.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define LAST "last-backup"
#define LAST_BYTES (4 * LIMIT_FIELD_BYTES + 4096) /* a head, and a path */
#define ACTS_AT_ONCE (1u << 20)                   /* bytes gathered before they are written */

/* One backup in the making. */
struct backing {
	struct bureau *bureau;
	struct archive_writer *file;
	struct backup_report *report;
	struct archive_head head;
	struct registry_head log;
	struct buf acts; /* gathered */
};

/* ---- what it is ---- */

static bool
load_head(struct backing *k, int64_t now_s, struct err *err)
{
	const struct trust *trust;

	if (!bureau_trust(&trust, k->bureau, err) ||
	    !registry_head(&k->log, k->bureau->registry, err))
		return false;
	struct span origin = trust_bundle(trust)->log.origin;
	snprintf(k->head.iss, sizeof k->head.iss, "%s", k->bureau->conf.iss);
	snprintf(k->head.origin, sizeof k->head.origin, "%.*s", (int)origin.len,
	    (const char *)origin.ptr);
	k->head.size = k->log.size;
	k->head.root = k->log.root;
	k->head.made_s = now_s;
	k->report->acts = k->log.size;
	k->report->root = k->log.root;
	return true;
}

static bool
put_head(struct backing *k, struct err *err)
{
	struct buf text = BUF_EMPTY;

	archive_head_encode(&text, &k->head);
	bool ok =
	    buf_ok(&text, err) && archive_write(k->file, ARCHIVE_HEAD_NAME, buf_span(&text), err);
	buf_free(&text);
	return ok;
}

/* ---- papers ---- */

/* Whatever the names say: a key has no place here. */
static bool
refuse_key(struct span paper, const char *path, struct err *err)
{
	struct cursor c = cursor_over(paper);
	return !cursor_find(&c, span_text("PRIVATE KEY-----")) ||
	    err_set(err, ERR_REFUSED, "%s holds a private key: no key goes into a backup", path);
}

/* One file, if it is there, under its name in the backup. */
static bool
put_paper(struct backing *k, const char *path, const char *name, struct err *err)
{
	struct buf paper = BUF_EMPTY;
	struct err why = { 0 };
	bool ok = true;

	if (archive_kind_of(name) != ARCHIVE_PAPER)
		return err_set(err, ERR_REFUSED,
		    "%s cannot go into a backup under this name: letters, digits, hyphens and "
		    "underscores before .json are possible; rename it",
		    path);
	if (file_read(&paper, path, LIMIT_JSON_BYTES, &why))
		ok = refuse_key(buf_span(&paper), path, err) &&
		    archive_write(k->file, name, buf_span(&paper), err);
	else if (why.code != ERR_NOT_FOUND)
		ok = err_set(err, why.code, "%s", why.text);
	buf_free(&paper);
	return ok;
}

static int
is_json(const struct dirent *e)
{
	size_t len = strlen(e->d_name);
	return e->d_name[0] != '.' && len > 5 && strcmp(e->d_name + len - 5, ".json") == 0;
}

/* Every NAME.json of a folder, if there is such a folder. */
static bool
put_json(struct backing *k, const char *folder, const char *inside, struct err *err)
{
	struct dirent **found = NULL;
	bool ok = true;
	int n = scandir(folder, &found, is_json, alphasort);

	if (n < 0)
		return errno == ENOENT || err_errno(err, "read the folder %s", folder);
	for (int i = 0; i < n; i++) {
		struct buf path = BUF_EMPTY, name = BUF_EMPTY;
		buf_printf(&path, "%s/%s", folder, found[i]->d_name);
		buf_printf(&name, "%s%s", inside, found[i]->d_name);
		ok = ok && buf_ok(&path, err) && buf_ok(&name, err) &&
		    put_paper(k, buf_text(&path), buf_text(&name), err);
		buf_free(&path);
		buf_free(&name);
		free(found[i]);
	}
	free(found);
	return ok;
}

/* Layouts of the bureau's own, wherever they lie. */
static bool
put_templates(struct backing *k, struct err *err)
{
	struct buf folder = BUF_EMPTY, blank = BUF_EMPTY;

	if (k->bureau->conf.templates == NULL)
		return true;
	bool ok = bureau_path(&folder, k->bureau, err, "%s", k->bureau->conf.templates) &&
	    bureau_path(&blank, k->bureau, err, "%s/blank", k->bureau->conf.templates) &&
	    put_json(k, buf_text(&folder), "templates/", err) &&
	    put_json(k, buf_text(&blank), "templates/blank/", err);
	buf_free(&folder);
	buf_free(&blank);
	return ok;
}

static bool
put_papers(struct backing *k, struct err *err)
{
	static const char *const names[] = { "qualcert.conf", "root.cose", "ca.pem",
		"trust-bundle" };
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof names / sizeof names[0]; i++) {
		struct buf path = BUF_EMPTY;
		ok = bureau_path(&path, k->bureau, err, "%s", names[i]) &&
		    put_paper(k, buf_text(&path), names[i], err);
		buf_free(&path);
	}
	return ok && put_json(k, k->bureau->folder, "", err) && put_templates(k, err);
}

/* ---- floors ---- */

static bool
put_floor(void *ctx, const uint8_t hash[SHA256_BYTES], struct span file, struct err *err)
{
	struct backing *k = ctx;
	char hex[2 * SHA256_BYTES + 1], name[TAR_NAME_BYTES];

	hex_encode(hex, span_of(hash, SHA256_BYTES));
	snprintf(name, sizeof name, ARCHIVE_FLOOR_FOLDER "%s", hex);
	return archive_write(k->file, name, file, err);
}

/* ---- acts ---- */

static bool
flush_acts(struct backing *k, struct err *err)
{
	bool ok = buf_ok(&k->acts, err) && archive_write_more(k->file, buf_span(&k->acts), err);
	buf_free(&k->acts);
	return ok;
}

static bool
put_act(void *ctx, const struct registry_entry *entry, struct err *err)
{
	struct backing *k = ctx;

	act_file_encode(&k->acts, entry->bytes, entry->recorded_s);
	return k->acts.len < ACTS_AT_ONCE || flush_acts(k, err);
}

static bool
put_acts(struct backing *k, struct err *err)
{
	act_file_encode_begin(&k->acts);
	return archive_write_start(k->file, ARCHIVE_ACTS_NAME, k->log.file_bytes, err) &&
	    registry_each_act(k->bureau->registry, 0, k->log.size, put_act, k, err) &&
	    flush_acts(k, err);
}

/* ---- issued files ---- */

static bool
read_right_file(
    struct buf *out, const struct registry_instrument *i, const char *path, struct err *err)
{
	uint8_t hash[SHA256_BYTES];

	buf_free(out);
	if (!file_read(out, path, LIMIT_PDF_BYTES, err))
		return false;
	sha256(hash, buf_span(out));
	return memcmp(hash, i->pdf_hash, sizeof hash) == 0 ||
	    err_set(
		err, ERR_CONFLICT, "%s is not the file that was made: its SHA-256 differs", path);
}

/* Just made, it may still wait for its name; and get it while we look. */
static bool
find_pdf(struct buf *out, const struct backing *k, const struct registry_instrument *i,
    const char *name, struct err *err)
{
	static const char *const folders[] = { "issued", "issued/.making", "issued" };
	struct err why = { 0 };
	bool found = false;

	for (size_t f = 0; !found && f < sizeof folders / sizeof folders[0]; f++) {
		struct buf path = BUF_EMPTY;
		if (!bureau_path(&path, k->bureau, err, "%s/%s", folders[f], name))
			return false;
		found = read_right_file(out, i, buf_text(&path), f == 1 ? NULL : &why);
		buf_free(&path);
	}
	return found || err_set(err, why.code, "%s", why.text);
}

static bool
put_pdf(void *ctx, const struct registry_instrument *i, struct err *err)
{
	struct backing *k = ctx;
	char name[REGISTRY_FILE_BYTES], member[TAR_NAME_BYTES];
	struct buf pdf = BUF_EMPTY;
	struct err why = { 0 };
	bool ok = registry_instrument_file(name, i, "pdf", err);

	snprintf(member, sizeof member, "issued/%s", name);
	if (ok && find_pdf(&pdf, k, i, name, &why)) {
		ok = archive_write(k->file, member, buf_span(&pdf), err);
		k->report->certificates++;
	} else if (ok && k->report->missing++ == 0) {
		k->report->first_miss = why;
	}
	buf_free(&pdf);
	return ok;
}

/* ---- */

static bool
write_all(
    struct backing *k, const char *path, int64_t now_s, struct archive_watch watch, struct err *err)
{
	return load_head(k, now_s, err) && archive_write_begin(&k->file, path, now_s, watch, err) &&
	    put_head(k, err) && put_papers(k, err) &&
	    registry_each_floor(k->bureau->registry, put_floor, k, err) && put_acts(k, err) &&
	    registry_each_instrument(k->bureau->registry, put_pdf, k, err) &&
	    archive_write_end(&k->report->bytes, k->file, err);
}

static void
note_last(struct backing *k, const char *path)
{
	struct buf text = BUF_EMPTY, last = BUF_EMPTY;
	struct err *err = &k->report->note;
	char *whole = realpath(path, NULL);

	archive_head_encode(&text, &k->head);
	buf_printf(&text, "file %s\n", whole != NULL ? whole : path);
	if (!buf_ok(&text, err) || !bureau_path(&last, k->bureau, err, "%s", LAST) ||
	    !file_write(buf_text(&last), buf_span(&text), 0640, err))
		err_in(err, "health will not know of this backup");
	free(whole);
	buf_free(&text);
	buf_free(&last);
}

bool
backup(struct backup_report *out, struct bureau *b, const char *path, int64_t now_s,
    struct archive_watch watch, struct err *err)
{
	struct backing k = { .bureau = b, .report = out };

	*out = (struct backup_report){ 0 };
	bool ok = registry_view_begin(b->registry, err);
	if (ok) {
		ok = write_all(&k, path, now_s, watch, err);
		registry_view_end(b->registry);
	}
	if (ok)
		note_last(&k, path);
	archive_writer_free(k.file);
	buf_free(&k.acts);
	return ok;
}

/* ---- last-backup ---- */

/* The head, and behind it "file PATH". */
static bool
parse_last(struct backup_last *out, struct span text, struct err *err)
{
	struct cursor c = cursor_over(text);

	cursor_find(&c, span_text("\nfile "));
	struct span head = span_of(text.ptr, c.pos + (cursor_left(&c) > 0));
	cursor_expect(&c, span_text("\nfile "));
	struct span path = cursor_until(&c, '\n');
	buf_add_span(&out->path, path);
	return cursor_done(&c) && buf_ok(&out->path, err) &&
	    archive_head_parse(&out->head, head, err);
}

bool
backup_last(struct backup_last *out, const struct bureau *b, struct err *err)
{
	struct buf path = BUF_EMPTY, text = BUF_EMPTY;

	*out = (struct backup_last){ .path = BUF_EMPTY };
	bool ok = bureau_path(&path, b, err, "%s", LAST) &&
	    file_read(&text, buf_text(&path), LAST_BYTES, err);
	if (ok && !parse_last(out, buf_span(&text), NULL)) {
		ok = err_set(
		    err, ERR_MALFORMED, "%s is not what qualcert backup wrote", buf_text(&path));
		buf_free(&out->path);
	}
	buf_free(&path);
	buf_free(&text);
	return ok;
}
