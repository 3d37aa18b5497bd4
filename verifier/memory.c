#include "verifier/memory.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"

#include <jansson.h>
#include <stdlib.h>

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
file_name(
    struct buf *out, const char *folder, const uint8_t fingerprint[SHA256_BYTES], struct err *err)
{
	char hex[17];
	hex_encode(hex, span_of(fingerprint, 8));
	buf_printf(out, "%s/%s.state", folder, hex);
	return buf_ok(out, err);
}

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
memory_parse(struct memory *out, struct span text)
{
	json_int_t seq[3], epoch, latest;
	const char *hash[3], *kid;
	json_t *root = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
	bool ok = json_unpack(root, "{s:{s:I,s:s!}, s:{s:I,s:s!}, s:{s:I,s:s!}, s:I, s:s, s:I!}",
		      "bundle", "seq", &seq[0], "hash", &hash[0], "snapshot", "seq", &seq[1],
		      "hash", &hash[1], "checkpoint", "seq", &seq[2], "hash", &hash[2], "log_epoch",
		      &epoch, "status_kid", &kid, "latest", &latest) == 0 &&
	    epoch >= 0 && latest >= 0 && mark_read(&out->bundle, hash[0], seq[0]) &&
	    mark_read(&out->snapshot, hash[1], seq[1]) &&
	    mark_read(&out->checkpoint, hash[2], seq[2]) &&
	    hex_decode(out->status_kid, sizeof out->status_kid, span_text(kid), NULL);
	if (ok) {
		out->log_epoch = (uint64_t)epoch;
		out->latest_s = latest;
	}
	json_decref(root);
	return ok;
}

bool
memory_load(struct memory *out, const char *folder, const uint8_t fingerprint[SHA256_BYTES],
    struct err *err)
{
	struct buf path = BUF_EMPTY, text = BUF_EMPTY;
	bool ok = false;

	*out = (struct memory){ 0 };
	if (!file_name(&path, folder, fingerprint, err))
		goto out;
	if (!file_exists(buf_text(&path))) {
		ok = true;
		goto out;
	}
	if (!file_read(&text, buf_text(&path), LIMIT_KEY_FILE_BYTES, err))
		goto out;
	if (!memory_parse(out, buf_span(&text))) {
		*out = (struct memory){ 0 };
		err_set(err, ERR_MALFORMED,
		    "%s is not what this program wrote. Remove it to start afresh; rolled-back "
		    "files "
		    "are then not noticed until newer ones have been seen",
		    buf_text(&path));
		goto out;
	}
	ok = true;
out:
	buf_free(&path);
	buf_free(&text);
	return ok;
}

static char *
memory_text(const struct memory *m)
{
	char kid[17];
	hex_encode(kid, span_of(m->status_kid, sizeof m->status_kid));
	json_t *root =
	    json_pack("{s:o, s:o, s:o, s:I, s:s, s:I}", "bundle", mark_json(&m->bundle), "snapshot",
		mark_json(&m->snapshot), "checkpoint", mark_json(&m->checkpoint), "log_epoch",
		(json_int_t)m->log_epoch, "status_kid", kid, "latest", (json_int_t)m->latest_s);
	char *text = root != NULL ? json_dumps(root, JSON_SORT_KEYS | JSON_INDENT(1)) : NULL;
	json_decref(root);
	return text;
}

bool
memory_save(const struct memory *m, const struct memory *before, const char *folder,
    const uint8_t fingerprint[SHA256_BYTES], struct err *err)
{
	struct buf path = BUF_EMPTY;
	char *text = NULL;
	bool ok = false;

	if (memcmp(m, before, sizeof *m) == 0)
		return true;
	text = memory_text(m);
	if (text == NULL) {
		err_set(err, ERR_MEMORY, "out of memory");
		goto out;
	}
	ok = file_name(&path, folder, fingerprint, err) && file_make_folder(folder, 0700, err) &&
	    file_write(buf_text(&path), span_text(text), 0600, err);
out:
	free(text);
	buf_free(&path);
	return ok;
}
