/*
 * A backup file, .qb: a tar archive of a bureau's folder (docs/format/backup.md). Its members, in this order:
 *
 *	BACKUP       what it is a backup of
 *	papers       qualcert.conf, root.cose, ca.pem, trust-bundle, NAME.json, templates/NAME.json
 *	floor/       HEX: snapshots that accepted losses name, and their parts, by their SHA-256 (loss.md)
 *	acts.log     every act, in the form of the second copy (registry/act_file.h)
 *	issued/      NUMBER.pdf
 *	MANIFEST     the SHA-256 of each member before it, as sha256sum -c reads them
 *
 * The last member is the end: a file that was cut short has none. Names are those of one table, so none
 * leads out of a folder, and no key has one.
 */
#ifndef ISSUER_ARCHIVE_H
#define ISSUER_ARCHIVE_H

#include "core/buf.h"
#include "core/limits.h"
#include "core/tar.h"
#include "credential/merkle.h"

enum archive_kind {
	ARCHIVE_NONE = 0, /* no name of ours */
	ARCHIVE_HEAD,
	ARCHIVE_PAPER,
	ARCHIVE_FLOOR,
	ARCHIVE_ACTS,
	ARCHIVE_PDF,
	ARCHIVE_MANIFEST
};

#define ARCHIVE_HEAD_NAME "BACKUP"
#define ARCHIVE_FLOOR_FOLDER "floor/"
#define ARCHIVE_ACTS_NAME "acts.log"
#define ARCHIVE_MANIFEST_NAME "MANIFEST"

/* What a member of this name is. */
enum archive_kind archive_kind_of(const char *name);

/* The member BACKUP, as text. */
struct archive_head {
	char iss[LIMIT_FIELD_BYTES + 1];    /* the bureau's issuer id */
	char origin[LIMIT_FIELD_BYTES + 1]; /* of its log */
	uint64_t size;                      /* of the log, and with it of acts.log */
	struct merkle_hash root;
	int64_t made_s;
};
void archive_head_encode(struct buf *out, const struct archive_head *h);
/* ERR_MALFORMED  anything else than what archive_head_encode() writes */
MUST_CHECK bool archive_head_parse(struct archive_head *out, struct span text, struct err *err);

/* A line of MANIFEST, with its end. */
#define ARCHIVE_LINE_BYTES (2 * SHA256_BYTES + TAR_NAME_BYTES + 4)
void archive_line(char out[ARCHIVE_LINE_BYTES], const uint8_t hash[SHA256_BYTES], const char *name);

/* Told now and then how far one is, in bytes; of: 0 where it is not known. */
struct archive_watch {
	void (*tell)(void *ctx, uint64_t done, uint64_t of); /* NULL: nobody watches */
	void *ctx;
};

/* ---- writing: archive_write.c ---- */

struct archive_writer;

/* archive_writer_free() it, whatever became of it. The path must be free: ERR_CONFLICT, at the end at the latest. */
MUST_CHECK bool archive_write_begin(struct archive_writer **out, const char *path, int64_t made_s,
    struct archive_watch watch, struct err *err);
void archive_writer_free(struct archive_writer *w);

/* A member whose content is at hand. Kinds ascend. */
MUST_CHECK bool archive_write(
    struct archive_writer *w, const char *name, struct span content, struct err *err);
/* A longer one: `size` bytes come in pieces. */
MUST_CHECK bool archive_write_start(
    struct archive_writer *w, const char *name, uint64_t size, struct err *err);
MUST_CHECK bool archive_write_more(struct archive_writer *w, struct span piece, struct err *err);

/* The manifest and the end; on disk, read again and found right, and only then under its name. */
MUST_CHECK bool archive_write_end(uint64_t *bytes, struct archive_writer *w, struct err *err);

/* ---- reading: archive.c ---- */

struct archive;

struct archive_member {
	enum archive_kind kind;
	char name[TAR_NAME_BYTES];
	uint64_t at; /* of its content in the file */
	uint64_t size;
};

/*
 * Open a backup and check the whole of it: names, order, every content against the manifest, the end.
 *   out  archive_close(); NULL on failure
 * ERR_NOT_FOUND; ERR_MALFORMED: no backup of this version, or damaged or cut short, and where
 */
MUST_CHECK bool archive_open(
    struct archive **out, const char *path, struct archive_watch watch, struct err *err);
void archive_close(struct archive *a);

const struct archive_head *archive_head(const struct archive *a);
const char *archive_path(const struct archive *a);
/* The member acts.log. */
const struct archive_member *archive_acts(const struct archive *a);

/* From a member to the next: from a zeroed one to the first, behind the last to one of kind ARCHIVE_NONE. */
MUST_CHECK bool archive_next(struct archive_member *m, const struct archive *a, struct err *err);
/* Append the content of a member other than acts.log and MANIFEST. */
MUST_CHECK bool archive_read(
    struct buf *out, const struct archive *a, const struct archive_member *m, struct err *err);

#endif
