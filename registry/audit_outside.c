#include "core/encode.h"
#include "credential/note.h"
#include "registry/audit_step.h"

#include <stdlib.h>

/* "origin size" and the root in hex, with blanks wherever somebody typed them: audit_line(). */
static bool
parse_line(struct checkpoint *out, struct span line)
{
	char hex[2 * SHA256_BYTES];
	size_t at = 0, digits = 0, size_at;
	struct err ignored = { 0 };

	while (at < line.len && line.ptr[at] == ' ')
		at++;
	const size_t begin = at;
	while (at < line.len && line.ptr[at] != ' ')
		at++;
	out->origin = span_of(line.ptr + begin, at - begin);
	size_at = ++at;
	for (out->size = 0; at < line.len && line.ptr[at] >= '0' && line.ptr[at] <= '9'; at++)
		out->size = 10 * out->size + (uint64_t)(line.ptr[at] - '0');
	if (out->origin.len == 0 || at == size_at || at - size_at > 18)
		return false;
	for (; at < line.len; at++) {
		if (line.ptr[at] == ' ' || line.ptr[at] == '\n')
			continue;
		if (digits == sizeof hex)
			return false;
		hex[digits++] = (char)line.ptr[at];
	}
	return hex_decode(out->root.b, SHA256_BYTES, span_of(hex, digits), &ignored);
}

/* Signed by the log's key? Unknown keys say nothing; a bad signature by the known one is a finding. */
static bool
check_signature(
    struct audit *a, const struct trust *trust, const struct note *note, struct err *err)
{
	struct note_key key;
	struct checkpoint checked;
	struct err why = { 0 };
	bool witnessed;
	size_t at = 0;

	if (!note_key_parse(&key, trust_bundle(trust)->log.vkey, err))
		return false;
	if (note_find(note, &key, &at) == NULL) {
		audit_skips(
		    a, "the signature of the checkpoint kept outside: it is by another log key");
		return true;
	}
	if (!trust_verify_checkpoint(&checked, &witnessed, trust, a->question->checkpoint, &why))
		return audit_finds(a, "the checkpoint kept outside: %s", why.text);
	a->outside_published = checked.size;
	return true;
}

static bool
parse_any(struct checkpoint *out, struct audit *a, const struct trust *trust, struct err *err)
{
	const struct span text = a->question->checkpoint;
	struct note *note = calloc(1, sizeof *note);
	struct err why = { 0 };

	if (note == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = true;
	if (note_parse(note, text, &why) && checkpoint_parse(out, note->text, &why)) {
		ok = check_signature(a, trust, note, err);
	} else if (checkpoint_parse(out, text, &why) || parse_line(out, text)) {
		audit_skips(a, "who signed the checkpoint kept outside: it bears no signature");
	} else {
		ok = err_set(err, ERR_MALFORMED,
		    "the checkpoint is neither a signed note, nor its three lines, nor the line of "
		    "an "
		    "audit");
	}
	free(note);
	return ok;
}

bool
audit_parse_outside(
    struct checkpoint *out, struct audit *a, const struct trust *trust, struct err *err)
{
	*out = (struct checkpoint){ 0 };
	if (a->question->checkpoint.len == 0) {
		audit_skips(a,
		    "a checkpoint kept outside: only one shows that nothing was rewritten as a "
		    "whole");
		return true;
	}
	return parse_any(out, a, trust, err);
}

bool
audit_outside_log(struct audit *a, const struct checkpoint *c)
{
	return a->question->checkpoint.len == 0 || span_is(c->origin, a->result->origin) ||
	    audit_finds(a, "the checkpoint kept outside is of another log: %.*s",
		(int)(c->origin.len < 80 ? c->origin.len : 80), (const char *)c->origin.ptr);
}

static bool
keep_time(void *ctx, const struct registry_entry *entry, struct err *err)
{
	(void)err;
	*(int64_t *)ctx = entry->recorded_s;
	return true;
}

bool
audit_outside(struct audit *a, struct err *err)
{
	struct checkpoint c;
	const struct trust *trust;
	bool lost = false;

	if (!registry_trust(&trust, a->fresh, err) || !audit_parse_outside(&c, a, trust, err))
		return false;
	if (a->question->checkpoint.len == 0 || !a->result->clean)
		return true;
	if (!audit_loss_outside(&lost, a, &c, err) || (!lost && !audit_outside_log(a, &c)))
		return false;
	if (!a->result->clean)
		return true;
	if (!lost && !audit_checkpoint(a, &c, "the checkpoint kept outside", err))
		return false;
	if (!lost)
		a->result->checkpoint_size = c.size;
	const uint64_t size = a->result->checkpoint_size;
	return size == 0 || !a->result->clean ||
	    registry_each_act(
		a->fresh, size - 1, size, keep_time, &a->result->checkpoint_recorded_s, err);
}
