/* The daemon's options, and the configuration they and its file make together. */
#ifndef VERIFIER_DAEMON_DAEMON_OPTIONS_H
#define VERIFIER_DAEMON_DAEMON_OPTIONS_H

#include "verifier/daemon/daemon_conf.h"

struct daemon_options {
	struct daemon_conf said; /* in options: it wins over the file's */
	const char *config;      /* the file; NULL: none */
	bool check;              /* say whether it is well, no more */
};

/* Ends the program by itself for --help, --version and what is no option. */
void daemon_options_parse(struct daemon_options *out, int argc, char **argv);

/*
 * Read the file, anew each time, and complete it.
 *
 *   out       daemon_conf_free() it, also after a failure
 *   mistakes  what is wrong with it, a line each
 */
MUST_CHECK bool daemon_options_conf(
    struct daemon_conf *out, const struct daemon_options *options, struct buf *mistakes);

#endif
