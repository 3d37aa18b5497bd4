#include "verifier/memory.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

void
memory_usual_folder(struct buf *out)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state != NULL && state[0] == '/')
		buf_printf(out, "%s/qualcert", state);
	else if (home != NULL && home[0] == '/')
		buf_printf(out, "%s/.local/state/qualcert", home);
}

static bool
file_name(struct buf *out, const char *folder, const uint8_t fingerprint[SHA256_BYTES],
    const char *end, struct err *err)
{
	char hex[17];
	hex_encode(hex, span_of(fingerprint, 8));
	buf_printf(out, "%s/%s.%s", folder, hex, end);
	return buf_ok(out, err);
}

/* ---- in mind ---- */

static struct memory_snapshot *
find_snapshot(struct memory *m, const char *issuer, const uint8_t kid[COSE_KID_BYTES])
{
	for (size_t i = 0; i < m->n_snapshots; i++) {
		struct memory_snapshot *s = &m->snapshots[i];
		if (strcmp(s->issuer, issuer) == 0 && memcmp(s->kid, kid, sizeof s->kid) == 0)
			return s;
	}
	return NULL;
}

static struct memory_snapshot *
make_room(struct memory *m)
{
	struct memory_snapshot *least = &m->snapshots[0];

	if (m->n_snapshots < MEMORY_SNAPSHOTS)
		return &m->snapshots[m->n_snapshots++];
	for (size_t i = 1; i < m->n_snapshots; i++)
		if (m->snapshots[i].mark.seq < least->mark.seq)
			least = &m->snapshots[i];
	return least;
}

static void
keep(struct memory *m, const struct memory_snapshot *seen)
{
	struct memory_snapshot *held = find_snapshot(m, seen->issuer, seen->kid);

	if (held == NULL)
		*make_room(m) = *seen;
	else if (seen->mark.seq > held->mark.seq)
		held->mark = seen->mark;
}

void
memory_saw(struct memory *m, struct span issuer, const uint8_t kid[COSE_KID_BYTES],
    const struct memory_mark *mark)
{
	struct memory_snapshot seen = { .mark = *mark };

	if (issuer.len > ISS_MAX_BYTES)
		return; /* no snapshot that was parsed has such a one */
	memcpy(seen.issuer, issuer.ptr, issuer.len);
	memcpy(seen.kid, kid, sizeof seen.kid);
	keep(m, &seen);
}

/* Does b know the log better than a? */
static bool
log_is_newer(const struct memory *a, const struct memory *b)
{
	if (a->log_epoch != b->log_epoch)
		return b->log_epoch > a->log_epoch;
	if (memcmp(a->log_key, b->log_key, sizeof a->log_key) != 0)
		return b->bundle.seq > a->bundle.seq;
	return b->checkpoint.seq > a->checkpoint.seq;
}

/* Of each thing the newer. */
static void
merge(struct memory *into, const struct memory *m)
{
	if (log_is_newer(into, m)) {
		into->log_epoch = m->log_epoch;
		memcpy(into->log_key, m->log_key, sizeof into->log_key);
		into->checkpoint = m->checkpoint;
	}
	if (m->bundle.seq > into->bundle.seq)
		into->bundle = m->bundle;
	for (size_t i = 0; i < m->n_snapshots; i++)
		keep(into, &m->snapshots[i]);
	if (m->latest_s > into->latest_s)
		into->latest_s = m->latest_s;
}

/* ---- on paper ---- */

static json_t *
mark_json(const struct memory_mark *m)
{
	char hex[2 * SHA256_BYTES + 1];
	hex_encode(hex, span_of(m->hash, SHA256_BYTES));
	return json_pack("{s:I, s:s}", "seq", (json_int_t)m->seq, "hash", hex);
}

static bool
mark_read(struct memory_mark *out, const char *hex, json_int_t seq)
{
	if (seq < 0 || !hex_decode(out->hash, SHA256_BYTES, span_text(hex), NULL))
		return false;
	out->seq = (uint64_t)seq;
	return true;
}

static bool
snapshot_read(struct memory *out, json_t *entry)
{
	struct memory_snapshot seen = { 0 };
	json_int_t seq;
	const char *issuer, *kid, *hash;

	if (json_unpack(entry, "{s:s, s:s, s:I, s:s!}", "issuer", &issuer, "kid", &kid, "seq", &seq,
		"hash", &hash) != 0 ||
	    strlen(issuer) > ISS_MAX_BYTES || out->n_snapshots == MEMORY_SNAPSHOTS ||
	    !hex_decode(seen.kid, sizeof seen.kid, span_text(kid), NULL) ||
	    !mark_read(&seen.mark, hash, seq))
		return false;
	memcpy(seen.issuer, issuer, strlen(issuer));
	out->snapshots[out->n_snapshots++] = seen;
	return true;
}

bool
memory_from_json(struct memory *out, json_t *object)
{
	json_int_t seq[2], epoch, latest;
	const char *hash[2], *log_key;
	json_t *snapshots = NULL, *entry;
	size_t i;
	bool ok = json_unpack(object, "{s:{s:I,s:s!}, s:o, s:{s:I,s:s!}, s:I, s:s, s:I!}", "bundle",
		      "seq", &seq[0], "hash", &hash[0], "snapshots", &snapshots, "checkpoint",
		      "seq", &seq[1], "hash", &hash[1], "log_epoch", &epoch, "log_key", &log_key,
		      "latest", &latest) == 0 &&
	    epoch >= 0 && latest >= 0 && mark_read(&out->bundle, hash[0], seq[0]) &&
	    mark_read(&out->checkpoint, hash[1], seq[1]) && json_is_array(snapshots) &&
	    hex_decode(out->log_key, sizeof out->log_key, span_text(log_key), NULL);

	json_array_foreach(snapshots, i, entry) ok = ok && snapshot_read(out, entry);
	if (ok) {
		out->log_epoch = (uint64_t)epoch;
		out->latest_s = latest;
	}
	return ok;
}

static bool
memory_parse(struct memory *out, struct span text)
{
	json_t *root = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
	const bool ok = memory_from_json(out, root);

	json_decref(root);
	return ok;
}

static bool
load(struct memory *out, const char *path, struct err *err)
{
	struct buf text = BUF_EMPTY;

	*out = (struct memory){ 0 };
	if (!file_exists(path))
		return true;
	bool ok = file_read(&text, path, LIMIT_MEMORY_BYTES, err);
	if (ok && !memory_parse(out, buf_span(&text))) {
		*out = (struct memory){ 0 };
		ok = err_set(err, ERR_MALFORMED,
		    "%s is not what this program wrote. Remove it to start afresh; rolled-back "
		    "files are then not "
		    "noticed until newer ones have been seen",
		    path);
	}
	buf_free(&text);
	return ok;
}

bool
memory_load(struct memory *out, const char *folder, const uint8_t fingerprint[SHA256_BYTES],
    struct err *err)
{
	struct buf path = BUF_EMPTY;

	*out = (struct memory){ 0 };
	const bool ok =
	    file_name(&path, folder, fingerprint, "state", err) && load(out, buf_text(&path), err);
	buf_free(&path);
	return ok;
}

static json_t *
snapshot_json(const struct memory_snapshot *s)
{
	char kid[2 * COSE_KID_BYTES + 1];
	json_t *json = mark_json(&s->mark);

	hex_encode(kid, span_of(s->kid, sizeof s->kid));
	if (json_object_set_new(json, "issuer", json_string(s->issuer)) == 0 &&
	    json_object_set_new(json, "kid", json_string(kid)) == 0)
		return json;
	json_decref(json);
	return NULL;
}

json_t *
memory_json(const struct memory *m)
{
	char log_key[2 * COSE_KID_BYTES + 1];
	json_t *snapshots = json_array();
	bool ok = snapshots != NULL;

	for (size_t i = 0; i < m->n_snapshots; i++)
		ok = ok && json_array_append_new(snapshots, snapshot_json(&m->snapshots[i])) == 0;
	hex_encode(log_key, span_of(m->log_key, sizeof m->log_key));
	json_t *root = json_pack("{s:o, s:o, s:o, s:I, s:s, s:I}", "bundle", mark_json(&m->bundle),
	    "snapshots", snapshots, "checkpoint", mark_json(&m->checkpoint), "log_epoch",
	    (json_int_t)m->log_epoch, "log_key", log_key, "latest", (json_int_t)m->latest_s);
	if (ok)
		return root;
	json_decref(root);
	return NULL;
}

static char *
memory_text(const struct memory *m)
{
	json_t *root = memory_json(m);
	char *text = root != NULL ? json_dumps(root, JSON_SORT_KEYS | JSON_INDENT(1)) : NULL;
	json_decref(root);
	return text;
}

/* Whoever writes holds this file, and reads what it is to write over: the last writer adds, he does not win. */
static bool
lock(int *out, const char *folder, const uint8_t fingerprint[SHA256_BYTES], struct err *err)
{
	struct buf path = BUF_EMPTY;
	bool ok = file_name(&path, folder, fingerprint, "lock", err);

	*out = ok ? open(buf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
	if (ok && *out < 0)
		ok = err_errno(err, "open %s", buf_text(&path));
	while (ok && flock(*out, LOCK_EX) != 0)
		ok = errno == EINTR || err_errno(err, "lock %s", buf_text(&path));
	buf_free(&path);
	return ok;
}

static bool
write_merged(const struct memory *m, const char *path, struct err *err)
{
	struct memory there;
	char *text = NULL;

	if (!load(&there, path, err))
		return false;
	merge(&there, m);
	text = memory_text(&there);
	const bool ok = text != NULL ? file_write(path, span_text(text), 0600, err)
				     : err_set(err, ERR_MEMORY, "out of memory");
	free(text);
	return ok;
}

bool
memory_save(const struct memory *m, const struct memory *before, const char *folder,
    const uint8_t fingerprint[SHA256_BYTES], struct err *err)
{
	struct buf path = BUF_EMPTY;
	int held = -1;

	if (memcmp(m, before, sizeof *m) == 0)
		return true;
	const bool ok = file_name(&path, folder, fingerprint, "state", err) &&
	    file_make_folder(folder, 0700, err) && lock(&held, folder, fingerprint, err) &&
	    write_merged(m, buf_text(&path), err);
	if (held >= 0)
		close(held);
	buf_free(&path);
	return ok;
}
