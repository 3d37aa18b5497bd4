#include "issuer/publish_parts.h"

#include "core/encode.h"
#include "core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEEP_S 3600 /* a reader with an old manifest fetches its parts within the hour */

bool
publish_part(
    uint8_t hash[SHA256_BYTES], struct publish_folder *f, struct span part, struct err *err)
{
	char hex[2 * SHA256_BYTES + 1];
	struct buf path = BUF_EMPTY;

	sha256(hash, part);
	hex_encode(hex, span_of(hash, SHA256_BYTES));
	bool ok = publish_folder_path(&path, f, err, "v1/parts/%s", hex) &&
	    publish_folder_put(f, buf_text(&path), part, err);
	buf_free(&path);
	return ok;
}

static bool
has_part(const struct publish_folder *f, const uint8_t hash[SHA256_BYTES])
{
	char hex[2 * SHA256_BYTES + 1];
	struct buf path = BUF_EMPTY;

	hex_encode(hex, span_of(hash, SHA256_BYTES));
	bool has =
	    publish_folder_path(&path, f, NULL, "v1/parts/%s", hex) && file_exists(buf_text(&path));
	buf_free(&path);
	return has;
}

bool
publish_has_parts(const struct publish_folder *f, const struct snapshot *s)
{
	bool all = has_part(f, s->orders_hash);

	for (size_t i = 0; i < s->n_lists && all; i++)
		all = has_part(f, s->lists[i].status_hash) &&
		    has_part(f, s->lists[i].fingerprints_hash) &&
		    has_part(f, s->lists[i].history_hash);
	return all;
}

static bool
names(const struct snapshot *s, const uint8_t hash[SHA256_BYTES])
{
	if (s == NULL)
		return false;
	bool named = memcmp(s->orders_hash, hash, SHA256_BYTES) == 0;
	for (size_t i = 0; i < s->n_lists && !named; i++)
		named = memcmp(s->lists[i].status_hash, hash, SHA256_BYTES) == 0 ||
		    memcmp(s->lists[i].fingerprints_hash, hash, SHA256_BYTES) == 0 ||
		    memcmp(s->lists[i].history_hash, hash, SHA256_BYTES) == 0;
	return named;
}

static bool
needed(const char *name, const struct snapshot *old, const struct snapshot *new)
{
	uint8_t hash[SHA256_BYTES];

	return hex_decode(hash, sizeof hash, span_text(name), NULL) &&
	    (names(old, hash) || names(new, hash));
}

/* Its time of change says when it was needed last. What a crash left behind ends the same way. */
static bool
sweep(int dir, const char *name, bool is_needed, int64_t now_s, struct err *err)
{
	struct timespec now[2] = { { .tv_sec = now_s }, { .tv_sec = now_s } };
	struct stat st;

	if (is_needed)
		return utimensat(dir, name, now, AT_SYMLINK_NOFOLLOW) == 0 ||
		    err_errno(err, "set the time of v1/parts/%s", name);
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_mtime > now_s - KEEP_S)
		return true;
	return unlinkat(dir, name, 0) == 0 || err_errno(err, "remove v1/parts/%s", name);
}

bool
publish_sweep(struct publish_folder *f, const struct snapshot *old, const struct snapshot *new,
    int64_t now_s, struct err *err)
{
	struct buf path = BUF_EMPTY;
	bool ok = publish_folder_path(&path, f, err, "v1/parts");
	DIR *dir = ok ? opendir(buf_text(&path)) : NULL;

	if (ok && dir == NULL)
		ok = err_errno(err, "open %s", buf_text(&path));
	for (struct dirent *e; ok && (e = readdir(dir)) != NULL;)
		ok = sweep(dirfd(dir), e->d_name, needed(e->d_name, old, new), now_s, err);
	if (dir != NULL)
		closedir(dir);
	buf_free(&path);
	return ok;
}
