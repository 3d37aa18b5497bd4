/*
 * What an operator says about the daemon, in qualverifyd.conf (an INI file with one section, [qualverifyd]) or in
 * options of the same names. docs/daemon.md lists the keys for people.
 */
#ifndef VERIFIER_DAEMON_DAEMON_CONF_H
#define VERIFIER_DAEMON_DAEMON_CONF_H

#include "verifier/daemon/feed.h"

enum daemon_key {
	DAEMON_BUREAU, /* short for root, public and lookup in one folder */
	DAEMON_ROOT,
	DAEMON_PUBLIC,
	DAEMON_LOOKUP,
	DAEMON_MEMORY,
	DAEMON_LISTEN,
	DAEMON_ADMIN,
	DAEMON_WORKERS,
	DAEMON_KEYS
};

#define DAEMON_MOST_WORKERS 64 /* each decodes a picture, in up to 512 MiB */

extern const char *const daemon_key_names[DAEMON_KEYS];

/* A zeroed one says nothing. daemon_conf_free() it. */
struct daemon_conf {
	struct daemon_value {
		char *text;    /* NULL: not said */
		unsigned line; /* of the file; 0: in an option, or nowhere */
	} value[DAEMON_KEYS];
};

/* Take one value, in place of what was said before. ERR_USAGE: no address or no number; ERR_MEMORY. */
MUST_CHECK bool daemon_conf_set(
    struct daemon_conf *conf, enum daemon_key key, const char *value, struct err *err);

/* Read the file's text (core/conf.h): every mistake is appended to `mistakes`, "FILE:LINE: sentence" a line. */
MUST_CHECK bool daemon_conf_parse(struct daemon_conf *out, struct span text, const char *name,
    struct buf *mistakes, struct err *err);

/*
 * What is said above wins over the file's, which must be whole afterwards: root and public, by themselves or by
 * bureau. Whoever says above whom to believe says all of it: the file's four keys for that are passed over. What
 * nobody said has its default.
 *
 * ERR_USAGE  nothing says whom to believe
 */
MUST_CHECK bool daemon_conf_complete(
    struct daemon_conf *file, const struct daemon_conf *above, struct err *err);

/* Borrowed from a complete one. */
struct feed_paths daemon_conf_paths(const struct daemon_conf *conf);
/* How many slow requests are answered at a time: as many as there are processors, if nobody said. */
size_t daemon_conf_workers(const struct daemon_conf *conf);

/*
 * Can the daemon work so? Files can be read, the root set can be used, the folder of what is published is one or is
 * still empty, addresses can be listened on as far as their form goes, and one beside the other. Every mistake is
 * appended with file and line, or the option. Changes and opens nothing for long. Files are tried as whoever calls:
 * the service may be another account.
 *
 *   name  of the file
 */
bool daemon_conf_check(const struct daemon_conf *conf, const char *name, struct buf *mistakes);

/* Is there a publication in this folder? False before the first has come, which is no mistake. */
bool daemon_conf_is_published(const char *folder);

void daemon_conf_free(struct daemon_conf *conf);

#endif
