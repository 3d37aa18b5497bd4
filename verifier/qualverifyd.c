/* qualverifyd: the same answers as qualverify, over HTTP. Options, signals, start and end. */
#include "core/file.h"
#include "verifier/counters.h"
#include "verifier/httpd.h"
#include "verifier/log.h"
#include "verifier/memory.h"
#include "verifier/pool.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define RENEW_MS 200 /* how often a change is looked for */

struct options {
	struct feed_paths paths;
	struct buf root, public_folder, lookup; /* made from --bureau */
	const char *listen, *admin;
};

static const char help[] =
    "qualverifyd: is a certificate genuine, and in force? Answered over HTTP, for people and "
    "programs.\n"
    "\n"
    "  qualverifyd --bureau DIR                    beside a register\n"
    "  qualverifyd --root root.cose --public DIR   with published files alone\n"
    "\n"
    "  --bureau DIR      root.cose, public/ and lookup.db of a bureau; registry.db and keys/ are "
    "never\n"
    "                    opened\n"
    "  --root FILE       the bureau's root set\n"
    "  --public DIR      a copy of what the bureau publishes; numbers cannot be confirmed then\n"
    "  --listen ADDR     pages, verdicts, published files (127.0.0.1:8080)\n"
    "  --admin ADDR      /livez, /readyz, /metrics (127.0.0.1:8081)\n"
    "\n"
    "TLS is a proxy's to end, on this machine. Whoever comes from this machine is taken for that "
    "proxy:\n"
    "clients are told apart by the last address in its X-Forwarded-For.\n"
    "SIGHUP reads everything anew, SIGTERM lets requests under way finish. The log, JSON lines on "
    "standard\n"
    "error, holds no number, code, name or address.\n"
    "\n"
    "Example\n"
    "  qualverifyd --bureau demo-bureau\n";

static const struct option long_options[] = {
	{ "bureau", required_argument, NULL, 'b' },
	{ "root", required_argument, NULL, 'r' },
	{ "public", required_argument, NULL, 'p' },
	{ "listen", required_argument, NULL, 'l' },
	{ "admin", required_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static void fail(int code, const char *sentence) __attribute__((noreturn));

static void
fail(int code, const char *sentence)
{
	fprintf(stderr, "qualverifyd: %s\n", sentence);
	exit(code);
}

static void
set_bureau(struct options *o, const char *folder)
{
	buf_printf(&o->root, "%s/root.cose", folder);
	buf_printf(&o->public_folder, "%s/public", folder);
	buf_printf(&o->lookup, "%s/lookup.db", folder);
	o->paths.root = buf_text(&o->root);
	o->paths.public_folder = buf_text(&o->public_folder);
	o->paths.lookup = buf_text(&o->lookup);
}

static void
set_option(struct options *o, int option, const char *value)
{
	switch (option) {
	case 'b':
		set_bureau(o, value);
		break;
	case 'r':
		o->paths.root = value;
		break;
	case 'p':
		o->paths.public_folder = value;
		break;
	case 'l':
		o->listen = value;
		break;
	case 'a':
		o->admin = value;
		break;
	case 'h':
		fputs(help, stdout);
		exit(EX_OK);
	case 'V':
		puts("qualverifyd " QUALCERT_VERSION);
		exit(EX_OK);
	default:
		fputs("See qualverifyd --help\n", stderr);
		exit(EX_USAGE);
	}
}

static void
parse_options(struct options *o, int argc, char **argv)
{
	int option;

	o->listen = "127.0.0.1:8080";
	o->admin = "127.0.0.1:8081";
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		set_option(o, option, optarg);
	if (optind < argc)
		fail(EX_USAGE, "there is nothing but options. See qualverifyd --help");
	if (o->paths.root == NULL || o->paths.public_folder == NULL)
		fail(EX_USAGE,
		    "say whom to believe: --bureau DIR, or --root FILE and --public DIR. See "
		    "qualverifyd --help");
}

/* Signals are waited for, not caught: no code runs in a handler. */
static sigset_t
block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return set;
}

/* Every connection may have a file open besides. */
static void
raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* Trouble is logged when it begins and when it ends, not at every look. */
static void
renew(struct feed *feed, bool anew, struct err *last)
{
	struct err err = { 0 };

	if (feed_renew(feed, anew, time(NULL), &err)) {
		if (anew)
			log_info("reloaded", NULL);
		return;
	}
	if (strcmp(err.text, last->text) != 0)
		log_warning("renewal", json_pack("{s:s}", "trouble", err.text));
	*last = err;
}

static void
serve(struct feed *feed, const sigset_t *signals)
{
	const struct timespec pause = { .tv_nsec = RENEW_MS * 1000000L };
	struct err last = { 0 };

	for (;;) {
		const int got = sigtimedwait(signals, NULL, &pause);
		if (got == SIGTERM || got == SIGINT)
			return;
		renew(feed, got == SIGHUP, &last);
	}
}

static size_t
processors(void)
{
	const long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 1 ? (size_t)n : 1;
}

static void
run(const struct options *o, const sigset_t *signals)
{
	struct counters counters = { 0 };
	struct service service = { .counters = &counters, .public_folder = o->paths.public_folder };
	struct httpd *site = NULL, *admin = NULL;
	struct err err = { 0 };

	if (!feed_open(&service.feed, &o->paths, time(NULL), &err))
		fail(err.code == ERR_NOT_FOUND ? EX_NOINPUT : EX_CONFIG, err.text);
	if (!clients_new(&service.clients, &err) ||
	    !pool_new(&service.slow, processors(), LIMIT_SLOW_WAITING, &err))
		fail(EX_OSERR, err.text);
	if (!httpd_open(&site, o->listen, routes_public, &service, &err) ||
	    !httpd_open(&admin, o->admin, routes_admin, &service, &err))
		fail(err.code == ERR_USAGE ? EX_USAGE : EX_OSERR, err.text);
	printf("Open %s (Ctrl-C ends it). State of the service: %sreadyz\n", httpd_url(site),
	    httpd_url(admin));
	fflush(stdout);
	log_info("started", NULL);
	serve(service.feed, signals);
	log_info("ending", NULL);
	httpd_close(site);
	httpd_close(admin);
	pool_free(service.slow);
	clients_free(service.clients);
	feed_close(service.feed);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct buf memory = BUF_EMPTY;

	parse_options(&o, argc, argv);
	memory_usual_folder(&memory);
	o.paths.memory_folder = memory.len > 0 ? buf_text(&memory) : NULL;
	raise_descriptors();
	const sigset_t signals = block_signals();
	run(&o, &signals);
	buf_free(&memory);
	buf_free(&o.root);
	buf_free(&o.public_folder);
	buf_free(&o.lookup);
	return EX_OK;
}
