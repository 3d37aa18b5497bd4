#include "issuer/versions.h"

#define LEFT_OUT_ZH "更早各版从略"
#define LEFT_OUT_EN "earlier versions are left out"

/* What stands behind the first item; empty: it was the last. */
static struct span
behind_first(struct span list, struct span mark)
{
	const uint8_t *at = list.len > 0 ? memmem(list.ptr, list.len, mark.ptr, mark.len) : NULL;

	if (at == NULL)
		return span_of(NULL, 0);
	at += mark.len;
	return span_of(at, list.len - (size_t)(at - list.ptr));
}

static size_t
count(struct span list, struct span mark)
{
	size_t n = 0;

	for (; list.len > 0; list = behind_first(list, mark))
		n++;
	return n;
}

static void
put_entry(struct buf *out, const struct version_entry *entry, enum lang lang)
{
	char day[CIVIL_TEXT_BYTES];

	civil_format(day, entry->issued);
	buf_printf(out, LANG_PICK(lang, "第 %u 版　%s　%s", "Version %u, %s: %s"), entry->version,
	    day, entry->why);
	if (entry->follows != NULL)
		buf_printf(out, LANG_PICK(lang, "，接续 %s", ", follows %s"), entry->follows);
}

void
versions_add(struct buf *out, struct span before, const struct version_entry *entry, enum lang lang)
{
	const struct span mark = span_text(LANG_PICK(lang, "；", "; "));
	const struct span note = span_text(LANG_PICK(lang, LEFT_OUT_ZH, LEFT_OUT_EN));
	bool left_out = before.len > note.len && memcmp(before.ptr, note.ptr, note.len) == 0;

	if (left_out)
		before = behind_first(before, mark);
	for (; count(before, mark) >= VERSIONS_SHOWN; left_out = true)
		before = behind_first(before, mark);
	if (left_out) {
		buf_add_span(out, note);
		buf_add_span(out, mark);
	}
	if (before.len > 0) {
		buf_add_span(out, before);
		buf_add_span(out, mark);
	}
	put_entry(out, entry, lang);
}
