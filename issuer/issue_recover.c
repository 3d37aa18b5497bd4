#include "issuer/issue_parts.h"
#include "issuer/stop.h"

#include <stdlib.h>

struct recovery {
	struct issue_recovery *out;
	struct bureau *bureau;
	const struct issue_folder *folder;
	int64_t now_s;
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

static void
finish(struct recovery *r, const uint8_t proposal[SHA256_BYTES])
{
	struct issue_made made;
	struct err why = { 0 };

	if (issue_make_in(&made, r->bureau, r->folder, proposal, r->now_s, &why)) {
		r->out->finished++;
		r->out->unstamped += made.unstamped.code != ERR_NONE;
	} else if (r->out->failed++ == 0) {
		r->out->first = why;
	}
}

/* Approved and not made. One whose time has passed never will be, and is nothing to worry about. */
static bool
finish_half_made(struct recovery *r, struct err *err)
{
	for (size_t i = 0; i < r->n; i++) {
		struct issue_making m;
		bool ok = issue_making_load(&m, r->bureau, r->half_made[i].hash, r->now_s, err);
		const bool waits = ok && m.waits;
		issue_making_free(&m);
		if (!ok)
			return false;
		if (waits && r->stopped)
			r->out->waiting++;
		else if (waits)
			finish(r, r->half_made[i].hash);
	}
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
		finish(r, maker.hash);
		return true;
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

bool
issue_recover(struct issue_recovery *out, struct bureau *b, int64_t now_s, struct err *err)
{
	struct issue_folder folder;
	struct recovery r = { .out = out, .bureau = b, .folder = &folder, .now_s = now_s };
	struct err why = { 0 };

	*out = (struct issue_recovery){ 0 };
	/* Whoever makes certificates now finishes what is half made. */
	bool held = issue_folder_open(&folder, b, ISSUE_TRY, &why);
	bool ok = (held || why.code == ERR_BUSY || err_set(err, why.code, "%s", why.text)) &&
	    issue_catch_up(b, now_s, err) &&
	    is_stopped(&r.stopped, b, now_s, err); /* behind the lock: nobody makes one meanwhile */
	if (ok && held)
		ok = registry_each_half_made(b->registry, note_half_made, &r, err) &&
		    finish_half_made(&r, err) &&
		    issue_folder_each_leftover(&folder, settle, &r, err);
	free(r.half_made);
	issue_folder_close(&folder);
	return ok;
}
