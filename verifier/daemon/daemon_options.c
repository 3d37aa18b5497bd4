#include "verifier/daemon/daemon_options.h"

#include "core/file.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#define CONF_BYTES (64u << 10)

enum {
	OPTION_CONFIG = DAEMON_KEYS,
	OPTION_CHECK,
	OPTION_HELP,
	OPTION_VERSION,
};

static const char help[] =
    "qualverifyd: is a certificate genuine, and in force? Answered over HTTP, for people and "
    "programs.\n"
    "\n"
    "  qualverifyd --bureau DIR                    beside a register\n"
    "  qualverifyd --root root.cose --public DIR   with published files alone\n"
    "  qualverifyd --config FILE [--check-config]  either, as the file says\n"
    "\n"
    "  --bureau DIR      root.cose, public/ and lookup.db of a bureau; registry.db and keys/ are "
    "never\n"
    "                    opened\n"
    "  --root FILE       the bureau's root set\n"
    "  --public DIR      a copy of what the bureau publishes\n"
    "  --lookup FILE     its look-up table; without one numbers cannot be confirmed\n"
    "  --memory DIR      where the newest data ever seen is remembered, so that none older is "
    "taken\n"
    "                    (~/.local/state/qualcert)\n"
    "  --listen ADDR     pages, verdicts, published files (127.0.0.1:8080)\n"
    "  --admin ADDR      /livez, /readyz, /metrics (127.0.0.1:8081)\n"
    "  --workers N       so many pictures, batches and evidence files at a time (one a processor)\n"
    "  --config FILE     the same words as \"key = value\" in [qualverifyd]; options win over it\n"
    "  --check-config    is all of that well? Says each mistake with file and line; starts "
    "nothing\n"
    "\n"
    "ADDR is HOST:PORT, [ADDRESS]:PORT or unix:/PATH. Sockets that systemd hands over as site and "
    "admin\n"
    "are used in their place.\n"
    "TLS is a proxy's to end, on this machine. Whoever comes from this machine is taken for that "
    "proxy:\n"
    "clients are told apart by the last address in its X-Forwarded-For.\n"
    "SIGHUP reads configuration and data anew, SIGTERM lets requests under way finish. The log, "
    "JSON\n"
    "lines on standard error, holds no number, code, name or address.\n"
    "\n"
    "Examples\n"
    "  qualverifyd --bureau demo-bureau\n"
    "  qualverifyd --root root.cose --public /srv/public --listen unix:/run/qualverifyd/site\n"
    "  qualverifyd --config /etc/qualcert/qualverifyd.conf --check-config\n"
    "  curl -sS http://127.0.0.1:8081/readyz\n";

static const struct option long_options[] = {
	{ "bureau", required_argument, NULL, DAEMON_BUREAU },
	{ "root", required_argument, NULL, DAEMON_ROOT },
	{ "public", required_argument, NULL, DAEMON_PUBLIC },
	{ "lookup", required_argument, NULL, DAEMON_LOOKUP },
	{ "memory", required_argument, NULL, DAEMON_MEMORY },
	{ "listen", required_argument, NULL, DAEMON_LISTEN },
	{ "admin", required_argument, NULL, DAEMON_ADMIN },
	{ "workers", required_argument, NULL, DAEMON_WORKERS },
	{ "config", required_argument, NULL, OPTION_CONFIG },
	{ "check-config", no_argument, NULL, OPTION_CHECK },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

static void misused(const char *sentence) __attribute__((noreturn));

static void
misused(const char *sentence)
{
	fprintf(stderr, "qualverifyd: %s. See qualverifyd --help\n", sentence);
	exit(EX_USAGE);
}

static void
set_option(struct daemon_options *o, int option, const char *value)
{
	struct err err = { 0 };

	switch (option) {
	case OPTION_CONFIG:
		o->config = value;
		break;
	case OPTION_CHECK:
		o->check = true;
		break;
	case OPTION_HELP:
		fputs(help, stdout);
		exit(EX_OK);
	case OPTION_VERSION:
		puts("qualverifyd " QUALCERT_VERSION);
		exit(EX_OK);
	case '?':
		fputs("See qualverifyd --help\n", stderr);
		exit(EX_USAGE);
	default:
		if (!daemon_conf_set(&o->said, (enum daemon_key)option, value, &err))
			misused(err.text);
	}
}

void
daemon_options_parse(struct daemon_options *out, int argc, char **argv)
{
	int option;

	*out = (struct daemon_options){ 0 };
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		set_option(out, option, optarg);
	if (optind < argc)
		misused("there is nothing but options");
}

bool
daemon_options_conf(
    struct daemon_conf *out, const struct daemon_options *options, struct buf *mistakes)
{
	const char *name = options->config != NULL ? options->config : "qualverifyd";
	struct buf text = BUF_EMPTY;
	struct err err = { 0 };
	bool ok = true;

	*out = (struct daemon_conf){ 0 };
	if (options->config != NULL && !file_read(&text, name, CONF_BYTES, &err)) {
		buf_printf(mistakes, "%s\n", err.text);
		return false;
	}
	if (options->config != NULL)
		ok = daemon_conf_parse(out, buf_span(&text), name, mistakes, &err);
	buf_free(&text);
	if (!daemon_conf_complete(out, &options->said, &err)) {
		buf_printf(mistakes, "%s: %s\n", name, err.text);
		ok = false;
	}
	return ok;
}
