#include "issuer/issue_parts.h"

#include "issuer/loss.h"
#include "issuer/stop.h"
#include "issuer/waiting.h"
#include "registry/crew.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define STAMPED_TOGETHER 7 /* asking an authority beside the owner's thread */

/* One certificate on its way. */
struct job {
	struct issue_item *item;
	struct issue_making making;
	const struct template *layout;
	struct buf qc1;
	uint64_t pdf_bytes;
	uint8_t pdf_hash[SHA256_BYTES], cose_hash[SHA256_BYTES];
	bool waits; /* to be drawn and recorded; false: it is made, or cannot be */
	bool made;  /* the register says so: it wants its names */
};

struct group {
	struct bureau *bureau;
	const struct issue_folder *folder;
	const struct wallclock *clock;
	struct issue_press press;
	struct job *jobs;
	size_t n;
};

/* ---- what is to be done ---- */

static bool
cannot_make(const struct issue_making *m, struct err *err)
{
	return err_set(err, ERR_REFUSED, "%s",
	    m->approval == NULL
		? "two officers have not approved it"
		: "the time for making it has passed, or another act came in between: have it "
		  "proposed again");
}

/* Of one that was made before, what its files must be. */
static bool
recall_hashes(struct job *job, struct err *err)
{
	const struct issue_making *m = &job->making;
	struct buf cose = BUF_EMPTY;

	cose_file_encode(&cose,
	    &(struct cose_file){ span_of(m->made.qc1, m->made.qc1_len), m->proposal->act.bytes,
		m->approval->act.bytes });
	bool ok = buf_ok(&cose, err);
	if (ok)
		sha256(job->cose_hash, buf_span(&cose));
	memcpy(job->pdf_hash, m->made.pdf_hash, SHA256_BYTES);
	buf_free(&cose);
	return ok;
}

static bool
load(struct job *job, const struct group *g, struct err *err)
{
	struct issue_making *m = &job->making;

	if (!issue_making_load(m, g->bureau, job->item->proposal, wallclock_now_s(g->clock), err))
		return false;
	snprintf(job->item->subject, sizeof job->item->subject, "%.*s",
	    (int)m->proposal->act.subject.len, (const char *)m->proposal->act.subject.ptr);
	memcpy(job->item->number, m->number, sizeof job->item->number);
	job->item->version = m->claims.version;
	if (m->is_made)
		return job->made = recall_hashes(job, err);
	if (!m->waits)
		return cannot_make(m, err);
	return job->waits = issue_layout(
		   &job->layout, g->bureau, m->claims.grade, &m->proposal->body.issue, err);
}

/* ---- drawing ---- */

static bool
put(struct job *job, const struct group *g, const struct issue_drawn *d, struct err *err)
{
	const char *file = job->making.file;

	sha256(job->cose_hash, buf_span(&d->cose));
	sha256(job->pdf_hash, buf_span(&d->pdf));
	job->pdf_bytes = d->pdf.len;
	return issue_folder_put(g->folder, file, "cose", buf_span(&d->cose), err) &&
	    issue_folder_put(g->folder, file, "pdf", buf_span(&d->pdf), err);
}

/* By any thread: it touches its own job only. Of what is on disk then, memory keeps the credential. */
static void
draw(void *group, size_t i)
{
	const struct group *g = group;
	struct job *job = &g->jobs[i];
	struct issue_drawn d = { .qc1 = BUF_EMPTY };
	struct err *err = &job->item->err;

	if (!job->waits)
		return;
	job->waits =
	    issue_draw(&d, &g->press, &job->making, job->layout, err) && put(job, g, &d, err);
	job->item->unstamped = d.unstamped;
	job->qc1 = d.qc1;
	d.qc1 = BUF_EMPTY;
	issue_drawn_free(&d);
}

/* Who waits for an authority leaves the processor to others. */
static size_t
helpers(const struct group *g)
{
	size_t n = crew_spare_processors();

	if (g->press.tsa != NULL && n < STAMPED_TOGETHER)
		n = STAMPED_TOGETHER;
	return n < g->n ? n : g->n - 1;
}

static bool
draw_all(struct group *g, struct err *err)
{
	struct crew *crew;

	if (!crew_new(&crew, helpers(g), err))
		return false;
	crew_begin(crew, g->n, draw, g);
	crew_end(crew);
	crew_free(crew);
	return true;
}

/* ---- recording: from here on the certificates exist ---- */

static bool
add_made(struct sitting *s, const struct job *job, struct err *err)
{
	struct act_body body = { .kind = ACT_MADE };

	body.made.qc1 = buf_span(&job->qc1);
	body.made.pdf_bytes = job->pdf_bytes;
	memcpy(body.made.pdf_hash, job->pdf_hash, SHA256_BYTES);
	return sitting_add(s, job->making.proposal->act.subject, &body, err);
}

/* Each job that waits, in one commit; items and acts have room for all of them. */
static bool
record(struct group *g, struct sitting *s, struct registry_item *items, struct buf *acts,
    struct err *err)
{
	const struct signer *service;
	const struct registry_item *item = items;

	if (!bureau_signer(&service, NULL, g->bureau, ROLE_KEY_SERVICE, s->now_s, err))
		return false;
	for (size_t i = 0; i < g->n; i++)
		if (g->jobs[i].waits && !add_made(s, &g->jobs[i], err))
			return false;
	if (!sitting_record(items, acts, s, service, err))
		return false;
	for (size_t i = 0; i < g->n; i++) {
		if (!g->jobs[i].waits)
			continue;
		g->jobs[i].made = item->recorded;
		g->jobs[i].item->err = item->err;
		item++;
	}
	return true;
}

static bool
record_all(struct group *g, struct err *err)
{
	struct sitting s = { .bureau = g->bureau, .now_s = wallclock_now_s(g->clock) };
	struct registry_item *items = calloc(g->n, sizeof *items);
	struct buf *acts = calloc(g->n, sizeof *acts);

	bool ok = (items != NULL && acts != NULL) || err_set(err, ERR_MEMORY, "out of memory");
	ok = ok && record(g, &s, items, acts, err);
	for (size_t i = 0; acts != NULL && i < g->n; i++)
		buf_free(&acts[i]);
	free(acts);
	free(items);
	sitting_free(&s);
	return ok;
}

static bool
may_make(const struct group *g, struct err *err)
{
	struct bureau *b = g->bureau;
	const int64_t now_s = wallclock_now_s(g->clock);

	return waiting_refuse(b, now_s, err) && stop_refuse(b, now_s, err) &&
	    loss_refuse_here(b, err);
}

/*
 * Everything up to commit 2: nothing that is begun here counts if it fails. What may forbid it is asked again
 * when all is drawn: somebody may have stopped it while an authority was awaited.
 */
static bool
make(struct group *g, struct err *err)
{
	return may_make(g, err) && issue_press_open(&g->press, g->bureau, g->clock, err) &&
	    draw_all(g, err) && may_make(g, err) && issue_press_holds(&g->press, g->bureau, err) &&
	    issue_folder_keep(g->folder, err) && record_all(g, err);
}

/* ---- names ---- */

static bool
link_names(const struct group *g, const struct job *job, struct err *err)
{
	const char *file = job->making.file;

	return issue_folder_link(g->folder, file, "pdf", job->pdf_hash, err) &&
	    issue_folder_link(g->folder, file, "cose", job->cose_hash, err);
}

static bool
drop_temporary(const struct group *g, const struct job *job, struct err *err)
{
	const char *file = job->making.file;

	return issue_folder_unlink(g->folder, file, "pdf", err) &&
	    issue_folder_unlink(g->folder, file, "cose", err);
}

/* What is made gets its names, on disk before the temporary ones are taken away. */
static bool
name_all(struct group *g, struct err *err)
{
	for (size_t i = 0; i < g->n; i++)
		g->jobs[i].item->made =
		    g->jobs[i].made && link_names(g, &g->jobs[i], &g->jobs[i].item->err);
	if (!issue_folder_sync(g->folder, err))
		return false;
	for (size_t i = 0; i < g->n; i++)
		if (g->jobs[i].item->made)
			g->jobs[i].item->made =
			    drop_temporary(g, &g->jobs[i], &g->jobs[i].item->err);
	return true;
}

/* ---- all of it ---- */

/* Why this one is not made, where nothing of its own went wrong before. */
static void
fail(struct job *job, const struct err *why)
{
	job->item->made = false;
	if (job->item->err.code == ERR_NONE)
		job->item->err = *why;
}

static void
work(struct group *g)
{
	struct err why = { 0 };
	bool waits = false;

	for (size_t i = 0; i < g->n; i++)
		if (load(&g->jobs[i], g, &g->jobs[i].item->err))
			waits = waits || g->jobs[i].waits;
	if (waits && !make(g, &why))
		for (size_t i = 0; i < g->n; i++)
			if (g->jobs[i].waits)
				fail(&g->jobs[i], &why);
	issue_press_close(&g->press);
	if (!name_all(g, &why))
		for (size_t i = 0; i < g->n; i++)
			fail(&g->jobs[i], &why);
}

static void
finish(struct job *job)
{
	if (!job->item->made && job->making.proposal != NULL)
		err_in(&job->item->err, "certificate %s", job->making.file);
	issue_making_free(&job->making);
	buf_free(&job->qc1);
}

bool
issue_catch_up(struct bureau *b, int64_t now_s, struct err *err)
{
	return registry_append(b->registry, NULL, 0, false, now_s, err);
}

bool
issue_make_in(struct bureau *b, const struct issue_folder *folder, struct issue_item *items,
    size_t n, const struct wallclock *clock, struct err *err)
{
	struct group g = { .bureau = b, .folder = folder, .clock = clock, .n = n };

	assert(n <= ISSUE_GROUP);
	if (n == 0)
		return true;
	if (!issue_catch_up(b, wallclock_now_s(clock), err))
		return false;
	g.jobs = calloc(n, sizeof *g.jobs);
	if (g.jobs == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < n; i++)
		g.jobs[i].item = &items[i];
	work(&g);
	for (size_t i = 0; i < n; i++)
		finish(&g.jobs[i]);
	free(g.jobs);
	return true;
}

bool
issue_make(struct bureau *b, struct issue_item *items, size_t n, int64_t now_s, struct err *err)
{
	struct issue_folder folder;
	const struct wallclock clock = wallclock_begin(now_s);

	bool ok = issue_folder_open(&folder, b, ISSUE_WAIT, err) &&
	    issue_make_in(b, &folder, items, n, &clock, err);
	issue_folder_close(&folder);
	return ok;
}
