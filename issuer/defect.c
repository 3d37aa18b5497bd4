#include "issuer/defect.h"

#include "core/limits.h"
#include "core/text.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void
free_item(struct defect *item)
{
	free(item->path);
	free(item->zh);
	free(item->en);
}

void
defects_free(struct defects *d)
{
	for (size_t i = 0; i < d->count; i++)
		free_item(&d->items[i]);
	free(d->items);
	*d = (struct defects){ 0 };
}

static bool
reserve_one(struct defects *d)
{
	if (d->count < d->cap)
		return true;
	size_t cap = d->cap == 0 ? 16 : d->cap * 2;
	struct defect *items = reallocarray(d->items, cap, sizeof *items);
	if (items == NULL)
		return false;
	d->items = items;
	d->cap = cap;
	return true;
}

__attribute__((format(printf, 1, 0))) static char *
sentence(const char *fmt, va_list args)
{
	va_list again;
	char *text = NULL;

	va_copy(again, args);
	if (vasprintf(&text, fmt, again) < 0)
		text = NULL;
	va_end(again);
	return text;
}

void
defects_add(struct defects *d, const char *code, enum severity severity, const char *path,
    const char *zh, const char *en, ...)
{
	if (d->count == LIMIT_DEFECTS) {
		d->left_off++;
		return;
	}
	va_list args;
	va_start(args, en);
	struct defect item = { .code = code,
		.severity = severity,
		.path = strdup(path),
		.zh = sentence(zh, args),
		.en = sentence(en, args) };
	va_end(args);
	if (item.path == NULL || item.zh == NULL || item.en == NULL || !reserve_one(d)) {
		free_item(&item);
		d->bad = true;
		return;
	}
	d->items[d->count++] = item;
}

size_t
defects_count(const struct defects *d, enum severity severity)
{
	size_t count = 0;
	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].severity == severity)
			count++;
	return count;
}

bool
defects_ok(const struct defects *d, struct err *err)
{
	return !d->bad || err_set(err, ERR_MEMORY, "out of memory");
}

static const char *
severity_name(enum severity severity, enum lang lang)
{
	static const char *const names[][2] = {
		[SEVERITY_INFO] = { "说明", "NOTE " },
		[SEVERITY_WARN] = { "提醒", "WARN " },
		[SEVERITY_ERROR] = { "错误", "ERROR" },
	};
	return names[severity][lang];
}

void
defects_text(struct buf *out, const struct defects *d, enum lang lang)
{
	if (d->count == 0)
		return;
	for (size_t i = 0; i < d->count; i++) {
		const struct defect *item = &d->items[i];
		buf_printf(out, "%s  %-8s  %s\n", severity_name(item->severity, lang), item->code,
		    item->path[0] == '\0' ? "/" : item->path);
		buf_printf(out, "       %s\n", lang == LANG_ZH ? item->zh : item->en);
	}
	if (d->left_off > 0)
		buf_printf(out,
		    lang == LANG_ZH ? "另有 %zu 处未列出。\n" : "%zu more are not listed.\n",
		    d->left_off);
	buf_printf(out,
	    lang == LANG_ZH ? "错误 %zu 处，提醒 %zu 处，说明 %zu 处。\n"
			    : "Errors: %zu. Warnings: %zu. Notes: %zu.\n",
	    defects_count(d, SEVERITY_ERROR), defects_count(d, SEVERITY_WARN),
	    defects_count(d, SEVERITY_INFO));
}

static json_t *
item_json(const struct defect *item)
{
	static const char *const words[] = {
		[SEVERITY_INFO] = "info",
		[SEVERITY_WARN] = "warning",
		[SEVERITY_ERROR] = "error",
	};
	return json_pack("{ss ss ss ss ss}", "code", item->code, "severity", words[item->severity],
	    "path", item->path, "zh", item->zh, "en", item->en);
}

bool
defects_json(struct buf *out, const struct defects *d, struct err *err)
{
	json_t *list = json_array();
	bool ok = list != NULL;
	for (size_t i = 0; ok && i < d->count; i++)
		ok = json_array_append_new(list, item_json(&d->items[i])) == 0;
	json_t *root = json_pack("{so sI sI sI sI}", "defects", list, "errors",
	    (json_int_t)defects_count(d, SEVERITY_ERROR), "warnings",
	    (json_int_t)defects_count(d, SEVERITY_WARN), "notes",
	    (json_int_t)defects_count(d, SEVERITY_INFO), "left_off", (json_int_t)d->left_off);
	char *text = ok && root != NULL ? json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	if (text != NULL)
		buf_add_text(out, text);
	free(text);
	json_decref(root);
	if (text == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	return buf_ok(out, err);
}

/* Copy what fits, ending at a character. */
static void
copy_cut(char *out, size_t size, const char *text)
{
	size_t len = strlen(text);
	if (len >= size) {
		len = size - 1 - strlen("…");
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
		memcpy(out, text, len);
		memcpy(out + len, "…", sizeof "…");
	} else {
		memcpy(out, text, len + 1);
	}
}

struct quoted
defect_quote(struct span s)
{
	struct quoted q = { "" };
	struct buf b = BUF_EMPTY;
	if (s.len > sizeof q.text) /* what is cut off anyway need not be escaped */
		s.len = sizeof q.text;
	text_escape(&b, s);
	const char *text = buf_text(&b);
	if (text != NULL)
		copy_cut(q.text, sizeof q.text, text);
	buf_free(&b);
	return q;
}

struct defect_path
defect_path(const char *fmt, ...)
{
	struct defect_path p;
	va_list args;
	va_start(args, fmt);
	vsnprintf(p.text, sizeof p.text, fmt, args);
	va_end(args);
	return p;
}
