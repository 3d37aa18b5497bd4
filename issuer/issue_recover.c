#include "issuer/issue_parts.h"
#include "issuer/stop.h"

#include <stdlib.h>

struct recovery {
	struct issue_recovery *out;
	struct bureau *bureau;
	const struct issue_folder *folder;
	struct wallclock clock;
	enum issue_wait wait;
	bool stopped;
	struct registry_proposal *half_made; /* owned */
	size_t n;
};

static bool
note_half_made(void *ctx, const struct registry_proposal *p, struct err *err)
{
	struct recovery *r = ctx;
	struct registry_proposal *more = realloc(r->half_made, (r->n + 1) * sizeof *more);

	if (more == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	r->half_made = more;
	r->half_made[r->n++] = *p;
	return true;
}

/* A group of them. */
static bool
finish(struct recovery *r, struct issue_item *items, size_t n, struct err *err)
{
	if (!issue_make_in(r->bureau, r->folder, items, n, &r->clock, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (items[i].made) {
			r->out->finished++;
			r->out->unstamped += items[i].unstamped.code != ERR_NONE;
		} else if (r->out->failed++ == 0) {
			r->out->first = items[i].err;
		}
	return true;
}

static bool
still_waits(bool *out, struct recovery *r, const uint8_t proposal[SHA256_BYTES], struct err *err)
{
	struct issue_making m;

	bool ok = issue_making_load(&m, r->bureau, proposal, wallclock_now_s(&r->clock), err);
	*out = ok && m.waits;
	issue_making_free(&m);
	return ok;
}

/* One whose time has passed never will be made, and is nothing to worry about. */
static bool
forget_lapsed(struct recovery *r, struct err *err)
{
	size_t n = 0;
	bool waits;

	for (size_t i = 0; i < r->n; i++) {
		if (!still_waits(&waits, r, r->half_made[i].hash, err))
			return false;
		if (waits)
			r->half_made[n++] = r->half_made[i];
	}
	r->n = n;
	return true;
}

/* Is the making of them to be left to another time? */
static bool
left(struct recovery *r)
{
	if (r->stopped)
		r->out->waiting = r->n;
	return r->stopped || (r->wait == ISSUE_WAITS_FOR_NOBODY && r->bureau->conf.tsa_url != NULL);
}

/* Approved and not made. What stops some of them, an authority say, would stop the rest, one after the other. */
static bool
finish_half_made(struct recovery *r, struct err *err)
{
	struct issue_item items[ISSUE_GROUP];
	size_t at = 0;

	if (!forget_lapsed(r, err))
		return false;
	if (left(r))
		return true;
	while (at < r->n && r->out->failed == 0) {
		size_t n = 0;
		for (; n < ISSUE_GROUP && at < r->n; n++)
			items[n] = issue_item(r->half_made[at++].hash);
		if (!finish(r, items, n, err))
			return false;
	}
	r->out->failed += r->n - at;
	return true;
}

/* Of "JC-A-999900-2026-48213-6.pdf", and of "JC-A-999900-2026-48213-6.v2.pdf". */
static bool
read_name(struct number *number, unsigned *version, const char *name)
{
	const char *dot = name + strcspn(name, ".");

	*version = strncmp(dot, ".v", 2) == 0 ? (unsigned)strtoul(dot + 2, NULL, 10) : 1;
	return number_parse(number, span_of(name, (size_t)(dot - name)), NULL);
}

/* What made the certificate that a file in .making/ was to be; ERR_NOT_FOUND if it never came into being. */
static bool
find_maker(struct registry_proposal *out, struct recovery *r, const char *name, struct err *err)
{
	char stored[NUMBER_STORED_BYTES];
	struct number number;
	unsigned version;

	if (!read_name(&number, &version, name))
		return err_set(err, ERR_NOT_FOUND, "%s has no certificate's number", name);
	number_stored(stored, &number);
	return registry_find_maker(out, r->bureau->registry, span_text(stored), version, err);
}

static bool
settle(void *ctx, const char *name, struct err *err)
{
	struct recovery *r = ctx;
	struct registry_proposal maker;
	struct err why = { 0 };

	if (find_maker(&maker, r, name, &why)) {
		struct issue_item item = issue_item(maker.hash);
		return finish(r, &item, 1, err);
	}
	if (why.code != ERR_NOT_FOUND)
		return err_set(err, why.code, "%s", why.text);
	if (!issue_folder_remove_leftover(r->folder, name, err))
		return false;
	r->out->cleared++;
	return true;
}

static bool
is_stopped(bool *out, const struct bureau *b, int64_t now_s, struct err *err)
{
	struct stop stop;
	bool ok = stop_load(&stop, b, now_s, err);

	*out = stop.stopped;
	stop_free(&stop);
	return ok;
}

/* While the folder is held. */
static bool
recover(struct recovery *r, struct err *err)
{
	struct bureau *b = r->bureau;

	if (!registry_each_half_made(b->registry, note_half_made, r, err) ||
	    !finish_half_made(r, err))
		return false;
	/* What could not be recorded may be in the second copy all the same, and then its file is the only one. */
	return issue_catch_up(b, wallclock_now_s(&r->clock), err) &&
	    issue_folder_each_leftover(r->folder, settle, r, err);
}

bool
issue_recover(struct issue_recovery *out, struct bureau *b, enum issue_wait wait, int64_t now_s,
    struct err *err)
{
	struct issue_folder folder;
	struct recovery r = { .out = out,
		.bureau = b,
		.folder = &folder,
		.clock = wallclock_begin(now_s),
		.wait = wait };
	struct err why = { 0 };

	*out = (struct issue_recovery){ 0 };
	/* Whoever makes certificates now finishes what is half made. */
	bool held = issue_folder_open(&folder, b, ISSUE_TRY, &why);
	bool ok = (held || why.code == ERR_BUSY || err_set(err, why.code, "%s", why.text)) &&
	    issue_catch_up(b, now_s, err) &&
	    is_stopped(&r.stopped, b, now_s, err); /* behind the lock: nobody makes one meanwhile */
	if (ok && held)
		ok = recover(&r, err);
	free(r.half_made);
	issue_folder_close(&folder);
	return ok;
}
