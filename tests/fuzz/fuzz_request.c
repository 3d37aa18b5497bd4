/*
 * Targets: the daemon's routes (verifier/daemon/route.c, api*.c, asking.c, body_json.c, outcome.c, site.c, consult.c, ask.c,
 * files.c, page*.c) beside a register. The first line of the input is path?name=value&..., the rest the body. In both a byte 1 stands for
 * the number of a certificate there is, 2 for its check code, 3 for the text of its code: what is signed is
 * made anew each time.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/verifier/caller.h"

#include <jansson.h>
#include <stdio.h>

#define NOW (FIXTURE_DAY_S(2) + 60)
#define LINE_BYTES 4096

static struct fixture fixture;
static struct caller caller;
static struct paper *paper;

static void
close_all(void)
{
	caller_close(&caller);
	fixture_close(&fixture);
}

static void
open_all(void)
{
	fixture_open(&fixture);
	paper = fixture_issue(&fixture, FIXTURE_DAY_S(1));
	fixture_publish(&fixture, FIXTURE_DAY_S(2));
	fixture_write_lookup(&fixture);
	caller_open(&caller, &fixture, true, NOW);
	atexit(close_all);
}

static void
add(struct buf *out, struct span in)
{
	for (size_t i = 0; i < in.len; i++) {
		if (in.ptr[i] == 1)
			buf_add_text(out, paper->number);
		else if (in.ptr[i] == 2)
			buf_add_text(out, paper->check_code);
		else if (in.ptr[i] == 3)
			buf_add_span(out, buf_span(&paper->code));
		else
			buf_add_byte(out, in.ptr[i]);
	}
}

/* path?name=value&name=value, as the server library hands them over; changes the line. */
static const char *
take_line(char *line)
{
	char *rest = line;
	const char *path = strsep(&rest, "?");

	memset(caller.queries, 0, sizeof caller.queries);
	for (size_t i = 0; i < CALLER_QUERIES && rest != NULL; i++) {
		char *value = strsep(&rest, "&");
		caller.queries[i][0] = strsep(&value, "=");
		caller.queries[i][1] = value; /* NULL without a '=' */
	}
	return path;
}

static const char *
type_of(const char *path)
{
	return strcmp(path, "/v1/confirm") == 0 || strcmp(path, "/v1/verify-batch") == 0
	    ? "application/json"
	    : "text/plain";
}

/* Every reply is one we know, what calls itself JSON is that, and nothing is good but what was issued. */
static void
look_at_reply(bool named)
{
	const struct response *r = &caller.response;

	fuzz_promise(r->status >= 200 && r->status < 600 && r->status != 500);
	fuzz_promise(named ||
	    (r->verdict != VERDICT_VALID && !caller_says(&caller, "\"verdict\":\"valid\"")));
	if (r->type != NULL && strstr(r->type, "json") != NULL) {
		json_t *json = json_loadb((const char *)r->body.ptr, r->body.len, 0, NULL);
		fuzz_promise(json != NULL);
		json_decref(json);
	}
}

/* Does the input name what was issued? */
static bool
is_named(const uint8_t *data, size_t size)
{
	return memchr(data, 1, size) != NULL || memchr(data, 3, size) != NULL;
}

/* A wrong one makes the next wait. */
static void
forget_guesses(void)
{
	clients_free(caller.service.clients);
	fuzz_promise(clients_new(&caller.service.clients, NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf line = BUF_EMPTY, body = BUF_EMPTY;
	const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
	const size_t first = end != NULL ? (size_t)(end - data) : size;

	if (paper == NULL)
		open_all();
	if (first == 0 || first > LINE_BYTES || memchr(data, 0, first) != NULL)
		return 0; /* no line of HTTP */
	add(&line, span_of(data, first));
	if (end != NULL)
		add(&body, span_of(end + 1, size - first - 1));
	fuzz_promise(buf_text(&line) != NULL);
	const char *path = take_line((char *)line.ptr);
	if (verify_is_picture(buf_span(&body))) /* the helper has targets of its own */
		body.len = 0;
	forget_guesses();
	if (end == NULL)
		(void)caller_send(&caller, routes_public, "GET", path);
	else
		(void)caller_post(&caller, path, type_of(path), buf_span(&body));
	look_at_reply(is_named(data, size));
	buf_free(&line);
	buf_free(&body);
	return 0;
}
