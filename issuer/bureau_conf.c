#include "issuer/bureau_conf.h"

#include "core/conf.h"
#include "core/limits.h"
#include "issuer/tsa.h"

#include <stdlib.h>

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

static const char *const names[KEYS] = {
	[KEY_ISS] = "iss",
	[KEY_REGION] = "region",
	[KEY_HOST] = "host",
	[KEY_TEMPLATES] = "templates",
	[KEY_SECOND_COPY] = "second_copy",
	[KEY_ROLE_PASSPHRASE_FILE] = "role_passphrase_file",
	[KEY_LOCAL_SIGNING] = "local_signing",
	[KEY_LANG] = "lang",
	[KEY_TSA_URL] = "tsa_url",
	[KEY_TSA_REQUIRED] = "tsa_required",
};

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
keep(char **field, const char *value, struct err *err)
{
	*field = strdup(value);
	return *field != NULL || err_set(err, ERR_MEMORY, "out of memory");
}

static bool
keep_if(char **field, const char *value, bool good, const char *want, struct err *err)
{
	return good ? keep(field, value, err) : err_set(err, ERR_MALFORMED, "%s", want);
}

static bool
keep_tick(bool *field, const char *value, const char *want, struct err *err)
{
	*field = strcmp(value, "yes") == 0;
	return *field || strcmp(value, "no") == 0 || err_set(err, ERR_MALFORMED, "%s", want);
}

static bool
set(void *ctx, size_t key, const char *value, struct err *err)
{
	struct bureau_conf *c = ctx;

	switch ((enum key)key) {
	case KEY_ISS:
		return keep_if(&c->iss, value, is_iss(value),
		    "iss is 2 to 16 letters, digits, dots or hyphens", err);
	case KEY_REGION:
		return keep_if(&c->region, value, strlen(value) == 6 && only(value, "0123456789"),
		    "region is six digits", err);
	case KEY_HOST:
		return keep_if(&c->host, value, is_host(value),
		    "host is a host name in lower case, of at most 64 characters", err);
	case KEY_TEMPLATES:
		return keep(&c->templates, value, err);
	case KEY_SECOND_COPY:
		return keep(&c->second_copy, value, err);
	case KEY_ROLE_PASSPHRASE_FILE:
		return keep(&c->role_passphrase_file, value, err);
	case KEY_LOCAL_SIGNING:
		return keep_tick(&c->local_signing, value, "local_signing is yes or no", err);
	case KEY_LANG:
		c->lang = strcmp(value, "en") == 0 ? LANG_EN : LANG_ZH;
		return c->lang == LANG_EN || strcmp(value, "zh") == 0 ||
		    err_set(err, ERR_MALFORMED, "lang is zh or en");
	case KEY_TSA_URL:
		return keep_if(&c->tsa_url, value, tsa_is_url(value),
		    "tsa_url begins with http:// or https://", err);
	case KEY_TSA_REQUIRED:
		return keep_tick(&c->tsa_required, value, "tsa_required is yes or no", err);
	case KEYS:
		break;
	}
	return false;
}

/* ---- the whole ---- */

static bool
finish(struct bureau_conf *c, const unsigned lines[KEYS], const char *name, struct err *err)
{
	static const enum key needed[] = { KEY_ISS, KEY_REGION, KEY_HOST };

	if (c->second_copy == NULL && !keep(&c->second_copy, BUREAU_CONF_SECOND_COPY, err))
		return false;
	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
		if (lines[needed[i]] == 0)
			return err_set(
			    err, ERR_MALFORMED, "%s: %s is missing", name, names[needed[i]]);
	if (c->tsa_url != NULL) {
		if (lines[KEY_TSA_REQUIRED] == 0)
			c->tsa_required = true;
	} else if (lines[KEY_TSA_REQUIRED] != 0) {
		return err_set(err, ERR_MALFORMED, "%s: tsa_required without tsa_url", name);
	}
	return true;
}

bool
bureau_conf_parse(struct bureau_conf *out, struct span text, const char *name, struct err *err)
{
	static const struct conf_format format = { "bureau", names, KEYS, set };
	unsigned lines[KEYS];

	*out = (struct bureau_conf){ .lang = LANG_ZH };
	if (conf_parse(lines, &format, out, text, name, NULL, err) && finish(out, lines, name, err))
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
