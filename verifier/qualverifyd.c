/* qualverifyd: the same answers as qualverify, over HTTP. Start, signals, reloads and end. */
#include "core/limits.h"
#include "verifier/daemon/admin.h"
#include "verifier/daemon/counters.h"
#include "verifier/daemon/daemon_options.h"
#include "verifier/daemon/httpd.h"
#include "verifier/daemon/kept.h"
#include "verifier/daemon/log.h"
#include "verifier/daemon/pool.h"
#include "verifier/daemon/systemd.h"
#include "verifier/daemon/upkeep.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define RENEW_MS 200 /* how often a change is looked for */
/* Besides connections: those that are told to come back, long files that are being sent, what is read. */
#define OTHER_DESCRIPTORS 1024

/* The main thread's own. */
struct daemon {
	const struct daemon_options *options;
	struct daemon_conf conf;                  /* as it is in force */
	struct counters counters, admin_counters; /* of each listener: scrapes are no requests */
	struct upkeep upkeep;
	struct service service, admin_service;
	struct err trouble; /* of the last renewal that failed */
	bool was_ready;
};

static void fail(int code, const char *sentence) __attribute__((noreturn));

static void
fail(int code, const char *sentence)
{
	fprintf(stderr, "qualverifyd: %s\n", sentence);
	exit(code);
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

/* So many descriptors as the system allows; how many connections they are enough for. */
static unsigned
raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return LIMIT_CONNECTIONS_LEAST;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		(void)getrlimit(RLIMIT_NOFILE, &limit);
	const rlim_t most =
	    limit.rlim_cur > OTHER_DESCRIPTORS ? limit.rlim_cur - OTHER_DESCRIPTORS : 0;
	if (most >= LIMIT_CONNECTIONS)
		return LIMIT_CONNECTIONS;
	const unsigned connections =
	    most > LIMIT_CONNECTIONS_LEAST ? (unsigned)most : LIMIT_CONNECTIONS_LEAST;
	log_warning("descriptors",
	    json_pack("{s:I, s:i, s:i}", "allowed", (json_int_t)limit.rlim_cur, "connections",
		(int)connections, "wanted", LIMIT_CONNECTIONS));
	return connections;
}

static int64_t
clock_ms(clockid_t which)
{
	struct timespec t = { 0 };
	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- what goes on besides answering ---- */

/* Trouble is logged when it begins, not at every look. */
static void
renew(struct daemon *d, bool anew)
{
	struct err err = { 0 };

	if (feed_renew(d->service.feed, anew, time(NULL), &err)) {
		d->trouble = err;
		return;
	}
	if (anew || strcmp(err.text, d->trouble.text) != 0)
		log_warning("renewal", json_pack("{s:s}", "trouble", err.text));
	d->trouble = err;
}

/* When it becomes ready or no longer is, the log says so. */
static void
tell_ready(struct daemon *d)
{
	json_t *reasons = admin_reasons(&d->service, time(NULL));
	const bool ready = json_array_size(reasons) == 0;

	if (ready != d->was_ready && ready)
		log_info("ready", NULL);
	else if (ready != d->was_ready)
		log_warning("not ready", json_pack("{s:O}", "reasons", reasons));
	d->was_ready = ready;
	json_decref(reasons);
}

static void
look_at_clock(struct daemon *d)
{
	if (!upkeep_clock(&d->upkeep, clock_ms(CLOCK_REALTIME), clock_ms(CLOCK_BOOTTIME)))
		return;
	log_warning("clock", json_pack("{s:I}", "jumped_s", (json_int_t)d->upkeep.jumped_s));
	renew(d, true); /* what was to be done at a time might never be */
}

/* ---- reloads ---- */

static bool
says_the_same(const struct daemon_conf *a, const struct daemon_conf *b, enum daemon_key key)
{
	const char *one = a->value[key].text, *other = b->value[key].text;

	return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

/* Take over what can change without new sockets; *conf is the new one, and the old afterwards. */
static bool
adopt(struct daemon *d, struct daemon_conf *conf, struct err *err)
{
	const struct feed_paths paths = daemon_conf_paths(conf);
	struct daemon_conf was = d->conf;
	bool same = true;

	for (enum daemon_key key = DAEMON_ROOT; key <= DAEMON_MEMORY; key++)
		same = same && says_the_same(&was, conf, key);
	if (same)
		renew(d, true);
	else if (!feed_move(d->service.feed, &paths, time(NULL), err))
		return false;
	for (enum daemon_key key = DAEMON_LISTEN; key <= DAEMON_WORKERS; key++)
		if (!says_the_same(&was, conf, key))
			log_warning("reload", json_pack("{s:s}", "later", daemon_key_names[key]));
	d->conf = *conf;
	*conf = was;
	return true;
}

static void
reload(struct daemon *d)
{
	struct buf mistakes = BUF_EMPTY;
	struct daemon_conf conf;
	struct err err = { 0 };

	systemd_tell_reloading();
	bool ok = daemon_options_conf(&conf, d->options, &mistakes) &&
	    daemon_conf_check(&conf, d->options->config, &mistakes);
	if (ok && !(ok = adopt(d, &conf, &err)))
		buf_printf(&mistakes, "%s\n", err.text);
	atomic_fetch_add(ok ? &d->upkeep.reloads : &d->upkeep.refused, 1);
	if (ok)
		log_info("reloaded", NULL);
	else
		log_warning("reload", json_pack("{s:s}", "refused", buf_text(&mistakes)));
	systemd_tell("READY=1");
	buf_free(&mistakes);
	daemon_conf_free(&conf);
}

static void
serve(struct daemon *d, const sigset_t *signals)
{
	const struct timespec pause = { .tv_nsec = RENEW_MS * 1000000L };

	d->was_ready = true;
	for (;;) {
		look_at_clock(d);
		tell_ready(d);
		const int got = sigtimedwait(signals, NULL, &pause);
		if (got == SIGTERM || got == SIGINT)
			return;
		if (got == SIGHUP)
			reload(d);
		else
			renew(d, false);
	}
}

/* ---- start and end ---- */

/* The socket that systemd hands over under this name, or else the one that is said. */
static bool
open_listener(struct httpd **out, const struct daemon *d, const char *name, enum daemon_key key,
    const struct route *table, const struct service *service, struct err *err)
{
	char handed[32];
	int fd;

	snprintf(handed, sizeof handed, "systemd:%s", name);
	return systemd_socket(&fd, name, err) &&
	    httpd_open(out, fd >= 0 ? handed : d->conf.value[key].text, table, service, err);
}

/* Both or none: a local socket must not stay behind. */
static void
open_listeners(struct httpd **site, struct httpd **admin, const struct daemon *d)
{
	struct err err = { 0 };

	*site = *admin = NULL;
	if (open_listener(site, d, "site", DAEMON_LISTEN, routes_public, &d->service, &err) &&
	    open_listener(admin, d, "admin", DAEMON_ADMIN, routes_admin, &d->admin_service, &err))
		return;
	httpd_close(*site);
	fail(err.code == ERR_USAGE ? EX_USAGE : EX_OSERR, err.text);
}

static void
open_service(struct daemon *d)
{
	const struct feed_paths paths = daemon_conf_paths(&d->conf);
	struct err err = { 0 };

	d->upkeep.started_s = time(NULL);
	d->upkeep.site = &d->counters;
	d->service.counters = &d->counters;
	d->service.upkeep = &d->upkeep;
	if (!log_open(&err))
		fail(EX_OSERR, err.text);
	if (!feed_open(&d->service.feed, &paths, time(NULL), &err))
		fail(err.code == ERR_NOT_FOUND ? EX_NOINPUT : EX_CONFIG, err.text);
	if (!clients_new(&d->service.clients, &err) || !kept_new(&d->service.files, &err) ||
	    !pool_new(&d->service.slow, daemon_conf_workers(&d->conf), LIMIT_SLOW_WAITING, &err))
		fail(EX_OSERR, err.text);
	d->admin_service = d->service;
	d->admin_service.counters = &d->admin_counters;
}

static void
run(struct daemon *d, const sigset_t *signals)
{
	struct httpd *site, *admin;

	open_service(d);
	open_listeners(&site, &admin, d);
	printf("Open %s (Ctrl-C ends it). State of the service: %sreadyz\n", httpd_url(site),
	    httpd_url(admin));
	fflush(stdout);
	log_info("started", NULL);
	systemd_tell("READY=1");
	serve(d, signals);
	systemd_tell("STOPPING=1");
	log_info("ending", NULL);
	httpd_close(site);
	httpd_close(admin);
	pool_free(d->service.slow);
	kept_free(d->service.files);
	clients_free(d->service.clients);
	feed_close(d->service.feed);
	log_close();
}

/* Say whether all is well, or each mistake, those in the reading of it first; the exit status. */
static int
check(const struct daemon *d, struct buf *mistakes)
{
	const char *name = d->options->config;
	const char *public_folder = d->conf.value[DAEMON_PUBLIC].text;
	const bool ok = daemon_conf_check(&d->conf, name, mistakes) && mistakes->len == 0;

	if (ok)
		printf("%s: all is well\n", name != NULL ? name : "qualverifyd");
	if (ok && !daemon_conf_is_published(public_folder))
		printf(
		    "%s: nothing is published there yet; the daemon will answer CANNOT TELL until "
		    "it is\n",
		    public_folder);
	else
		fputs(buf_text(mistakes), stderr);
	return ok ? EX_OK : EX_CONFIG;
}

int
main(int argc, char **argv)
{
	struct daemon_options options;
	struct daemon d = { .options = &options };
	struct buf mistakes = BUF_EMPTY;
	int status = EX_OK;

	daemon_options_parse(&options, argc, argv);
	const bool whole = daemon_options_conf(&d.conf, &options, &mistakes);
	if (options.check) {
		status = check(&d, &mistakes);
	} else if (!whole) {
		fputs(buf_text(&mistakes), stderr);
		status = options.config != NULL ? EX_CONFIG : EX_USAGE;
	} else {
		d.service.connections = raise_descriptors();
		const sigset_t signals = block_signals();
		run(&d, &signals);
	}
	buf_free(&mistakes);
	daemon_conf_free(&d.conf);
	daemon_conf_free(&options.said);
	return status;
}
