/*
 * qualverify-fetch: the network, in a process of its own. It fetches what it is asked for, line by line, from one
 * server, and judges nothing: qualverify looks at the signatures.
 */
#include "core/limits.h"
#include "verifier/fetcher_curl.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>

#define SILENCE_S 30

static const char help[] =
    "qualverify-fetch: the helper of qualverify that fetches files over https\n"
    "\n"
    "  qualverify-fetch [--ca-file F] [--silence S] https://HOST[:PORT][/PREFIX]\n"
    "\n"
    "Reads a line for each file: its path, the greatest length that is taken, and the ETag of the\n"
    "file held or -. Answers with a line, and the bytes that it announces:\n"
    "  found LENGTH ETAG, unchanged 0 -, absent 0 -, or a word of trouble, LENGTH and - with a "
    "text.\n"
    "\n"
    "  --ca-file F    believe the authorities in this PEM file, and no others\n"
    "  --silence S    give up on a server that gives nothing for S seconds (1 to 300; 30)\n";

static _Noreturn void
usage(const char *why)
{
	fprintf(stderr, "qualverify-fetch: %s. See qualverify-fetch --help\n", why);
	exit(EX_USAGE);
}

static unsigned
seconds(const char *text)
{
	char *end = NULL;
	const long n = strtol(text, &end, 10);

	if (end == text || *end != '\0' || n < 1 || n > 300)
		usage("--silence is a number of seconds, 1 to 300");
	return (unsigned)n;
}

static void
parse_options(struct fetcher_place *place, int argc, char **argv)
{
	static const struct option options[] = { { "ca-file", required_argument, NULL, 'c' },
		{ "silence", required_argument, NULL, 's' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	struct err err = { 0 };
	int option;

	*place = (struct fetcher_place){ .silence_s = SILENCE_S };
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'c') {
			place->ca_file = optarg;
		} else if (option == 's') {
			place->silence_s = seconds(optarg);
		} else if (option == 'h') {
			fputs(help, stdout);
			exit(EX_OK);
		} else {
			exit(EX_USAGE);
		}
	}
	if (argc - optind != 1)
		usage("one address is needed");
	place->url = argv[optind];
	if (!fetch_url_check(place->url, &err))
		usage(err.text);
}

static void
limit(int resource, rlim_t most)
{
	const struct rlimit limits = { most, most };

	if (setrlimit((__rlimit_resource_t)resource, &limits) != 0) {
		perror("qualverify-fetch: setrlimit");
		exit(EX_OSERR);
	}
}

/* What a lying server could make it use, should libcurl err; and it ends with whoever asked. */
static void
confine(void)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, 64);
	limit(RLIMIT_CPU, 300);
#ifndef __SANITIZE_ADDRESS__ /* which reserves terabytes */
	limit(RLIMIT_AS, 512u << 20);
#endif
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		perror("qualverify-fetch: prctl");
		exit(EX_OSERR);
	}
}

/* One line in, one answer out. False: nobody reads it any more, or there is no memory. */
static bool
answer(struct fetcher *f, const char *line, size_t len)
{
	struct fetch_request request;
	struct fetch_answer told;
	struct buf head = BUF_EMPTY, body = BUF_EMPTY;
	struct err err = { 0 };
	bool ok = false;

	if (len == 0 || line[len - 1] != '\n' ||
	    !fetch_request_parse(&request, span_of(line, len - 1), &err)) {
		fputs("qualverify-fetch: not a request\n", stderr);
		return false;
	}
	if (fetcher_get(&told, &body, f, &request, &err)) {
		fetch_answer_encode(&head, &told);
		ok = buf_ok(&head, &err) && fwrite(head.ptr, 1, head.len, stdout) == head.len &&
		    fwrite(buf_text(&body), 1, body.len, stdout) == body.len && fflush(stdout) == 0;
	}
	buf_free(&head);
	buf_free(&body);
	return ok;
}

int
main(int argc, char **argv)
{
	struct fetcher_place place;
	struct fetcher *f = NULL;
	struct err err = { 0 };
	char line[FETCH_LINE_BYTES];
	bool ok;

	parse_options(&place, argc, argv);
	confine();
	ok = fetcher_open(&f, &place, &err);
	if (!ok)
		fprintf(stderr, "qualverify-fetch: %s\n", err.text);
	while (ok && fgets(line, sizeof line, stdin) != NULL)
		ok = answer(f, line, strlen(line));
	fetcher_close(f);
	return ok ? EX_OK : EX_UNAVAILABLE;
}
