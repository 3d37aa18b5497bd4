#include "issuer/bureau_conf.h"

#include "core/cursor.h"
#include "core/limits.h"
#include "core/text.h"
#include "issuer/tsa.h"

#include <ini.h>
#include <stdlib.h>

#define SECTION "bureau"

enum key {
	KEY_ISS,
	KEY_REGION,
	KEY_HOST,
	KEY_TEMPLATES,
	KEY_SECOND_COPY,
	KEY_ROLE_PASSPHRASE_FILE,
	KEY_LOCAL_SIGNING,
	KEY_LANG,
	KEY_TSA_URL,
	KEY_TSA_REQUIRED,
	KEYS
};

static const struct {
	const char *name;
	bool needed;
} keys[KEYS] = {
	[KEY_ISS] = { "iss", true },
	[KEY_REGION] = { "region", true },
	[KEY_HOST] = { "host", true },
	[KEY_TEMPLATES] = { "templates", false },
	[KEY_SECOND_COPY] = { "second_copy", false },
	[KEY_ROLE_PASSPHRASE_FILE] = { "role_passphrase_file", false },
	[KEY_LOCAL_SIGNING] = { "local_signing", false },
	[KEY_LANG] = { "lang", false },
	[KEY_TSA_URL] = { "tsa_url", false },
	[KEY_TSA_REQUIRED] = { "tsa_required", false },
};

/* One reading: inih asks it for lines and hands it keys. After a fault it gives no more lines. */
struct reading {
	struct bureau_conf *out;
	struct cursor rest;
	const char *name; /* of the file */
	unsigned line;    /* the one handed out last, from 1 */
	unsigned seen;    /* bits of enum key */
	bool failed;
	struct err *err;
};

static bool
fault(struct reading *r, const char *sentence)
{
	r->failed = true;
	return err_set(r->err, ERR_MALFORMED, "%s:%u: %s", r->name, r->line, sentence);
}

/* ---- values ---- */

static bool
only(const char *value, const char *admitted)
{
	return value[strspn(value, admitted)] == '\0';
}

static bool
is_iss(const char *value)
{
	size_t len = strlen(value);
	return len >= 2 && len <= 16 &&
	    only(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");
}

static bool
is_host(const char *value)
{
	return strlen(value) <= LIMIT_HOST_BYTES &&
	    only(value, "abcdefghijklmnopqrstuvwxyz0123456789.-:");
}

static bool
keep(char **field, const char *value, struct reading *r)
{
	*field = strdup(value);
	if (*field != NULL)
		return true;
	r->failed = true;
	return err_set(r->err, ERR_MEMORY, "out of memory");
}

static bool
keep_if(char **field, const char *value, bool good, struct reading *r, const char *want)
{
	return good ? keep(field, value, r) : fault(r, want);
}

static bool
keep_tick(bool *field, const char *value, struct reading *r, const char *want)
{
	*field = strcmp(value, "yes") == 0;
	return *field || strcmp(value, "no") == 0 || fault(r, want);
}

static bool
set(struct reading *r, enum key key, const char *value)
{
	struct bureau_conf *c = r->out;

	switch (key) {
	case KEY_ISS:
		return keep_if(&c->iss, value, is_iss(value), r,
		    "iss is 2 to 16 letters, digits, dots or hyphens");
	case KEY_REGION:
		return keep_if(&c->region, value, strlen(value) == 6 && only(value, "0123456789"),
		    r, "region is six digits");
	case KEY_HOST:
		return keep_if(&c->host, value, is_host(value), r,
		    "host is a host name in lower case, of at most 64 characters");
	case KEY_TEMPLATES:
		return keep(&c->templates, value, r);
	case KEY_SECOND_COPY:
		return keep(&c->second_copy, value, r);
	case KEY_ROLE_PASSPHRASE_FILE:
		return keep(&c->role_passphrase_file, value, r);
	case KEY_LOCAL_SIGNING:
		return keep_tick(&c->local_signing, value, r, "local_signing is yes or no");
	case KEY_LANG:
		c->lang = strcmp(value, "en") == 0 ? LANG_EN : LANG_ZH;
		return c->lang == LANG_EN || strcmp(value, "zh") == 0 ||
		    fault(r, "lang is zh or en");
	case KEY_TSA_URL:
		return keep_if(&c->tsa_url, value, tsa_is_url(value), r,
		    "tsa_url begins with http:// or https://");
	case KEY_TSA_REQUIRED:
		return keep_tick(&c->tsa_required, value, r, "tsa_required is yes or no");
	default:
		return fault(r, "unknown key");
	}
}

/* ---- lines ---- */

static int
on_key(void *ctx, const char *section, const char *name, const char *value)
{
	struct reading *r = ctx;
	enum key key = KEY_ISS;

	if (r->failed)
		return 0;
	if (strcmp(section, SECTION) != 0)
		return fault(r, "the only section is [" SECTION "]");
	while (key < KEYS && strcmp(name, keys[key].name) != 0)
		key++;
	if (key == KEYS)
		return fault(r, "unknown key");
	if ((r->seen & 1u << key) != 0)
		return fault(r, "this key stands there twice");
	r->seen |= 1u << key;
	return value[0] != '\0' ? set(r, key, value) : fault(r, "the value is missing");
}

static bool
is_clean(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if ((line.ptr[i] < 0x20 && line.ptr[i] != '\t' && line.ptr[i] != '\r') ||
		    line.ptr[i] == 0x7f)
			return false;
	return text_is_utf8(line);
}

/* The next line for inih, which would cut a longer one without a word. */
static char *
next_line(char *out, int room, void *ctx)
{
	struct reading *r = ctx;
	struct span line = cursor_rest(&r->rest);

	if (r->failed || line.len == 0)
		return NULL;
	const uint8_t *end = memchr(line.ptr, '\n', line.len);
	if (end != NULL)
		line.len = (size_t)(end - line.ptr);
	cursor_take(&r->rest, line.len + (end != NULL));
	r->line++;
	if (line.len > LIMIT_CONF_LINE_BYTES || line.len + 2 > (size_t)room) {
		fault(r, "the line is too long");
		return NULL;
	}
	if (!is_clean(line)) {
		fault(r, "control characters, or bytes that are no UTF-8");
		return NULL;
	}
	if (line.len > 0)
		memcpy(out, line.ptr, line.len);
	memcpy(out + line.len, "\n", 2);
	return out;
}

static bool
finish(struct reading *r)
{
	if (r->out->second_copy == NULL && !keep(&r->out->second_copy, BUREAU_CONF_SECOND_COPY, r))
		return false;
	for (enum key key = 0; key < KEYS; key++)
		if (keys[key].needed && (r->seen & 1u << key) == 0)
			return err_set(
			    r->err, ERR_MALFORMED, "%s: %s is missing", r->name, keys[key].name);
	if (r->out->tsa_url != NULL) {
		if ((r->seen & 1u << KEY_TSA_REQUIRED) == 0)
			r->out->tsa_required = true;
	} else if ((r->seen & 1u << KEY_TSA_REQUIRED) != 0) {
		return err_set(r->err, ERR_MALFORMED, "%s: tsa_required without tsa_url", r->name);
	}
	return true;
}

bool
bureau_conf_parse(struct bureau_conf *out, struct span text, const char *name, struct err *err)
{
	struct reading r = { .out = out, .rest = cursor_over(text), .name = name, .err = err };

	*out = (struct bureau_conf){ .lang = LANG_ZH };
	int line = ini_parse_stream(next_line, &r, on_key, &r);
	if (!r.failed && line != 0) {
		r.line = (unsigned)line;
		fault(&r, "neither [" SECTION "] nor \"key = value\"");
	}
	if (!r.failed && finish(&r))
		return true;
	bureau_conf_free(out);
	return false;
}

void
bureau_conf_free(struct bureau_conf *conf)
{
	free(conf->iss);
	free(conf->region);
	free(conf->host);
	free(conf->templates);
	free(conf->second_copy);
	free(conf->role_passphrase_file);
	free(conf->tsa_url);
	*conf = (struct bureau_conf){ 0 };
}
