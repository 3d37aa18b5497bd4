#include "registry/audit_step.h"

#include "core/file.h"
#include "core/rfc3339.h"

#include <stdarg.h>
#include <stdio.h>

#define SQL_APPROVED "SELECT count(*) FROM proposals WHERE state = 1"
#define SQL_TWO_PERSONS                                                                            \
	"SELECT count(*) FROM proposals p JOIN links a USING (log_index)"                          \
	" JOIN links b ON b.log_index = p.answer_index"                                            \
	" WHERE state = 1 AND a.person <> b.person AND a.key <> b.key"
#define SQL_INSTRUMENTS "SELECT count(*) FROM instruments"

bool
audit_finds(struct audit *a, const char *fmt, ...)
{
	va_list args;

	if (!a->result->clean)
		return true;
	a->result->clean = false;
	va_start(args, fmt);
	vsnprintf(a->result->finding, sizeof a->result->finding, fmt, args);
	va_end(args);
	return true;
}

bool
audit_blames(struct audit *a, const struct err *why, struct err *err)
{
	return registry_audit_blames(a->result, why, err);
}

bool
registry_audit_blames(struct audit_result *r, const struct err *why, struct err *err)
{
	switch (why->code) {
	case ERR_IO:
	case ERR_MEMORY:
	case ERR_BUSY:
		*err = *why;
		return false;
	default:
		return audit_finds(&(struct audit){ .result = r }, "%s", why->text);
	}
}

void
audit_skips(struct audit *a, const char *what)
{
	if (a->result->n_unchecked < AUDIT_UNCHECKED)
		a->result->unchecked[a->result->n_unchecked++] = what;
}

bool
audit_read(struct buf *out, bool *found, const char *folder, const char *name, size_t max_bytes,
    struct err *err)
{
	struct buf path = BUF_EMPTY;
	struct err why = { 0 };

	buf_printf(&path, "%s/%s", folder, name);
	const char *text = buf_text(&path);
	*found = text != NULL && file_read(out, text, max_bytes, &why);
	bool ok = *found || why.code == ERR_NOT_FOUND;
	if (!ok)
		err_set(err, why.code != ERR_NONE ? why.code : ERR_MEMORY, "%s", why.text);
	buf_free(&path);
	return ok;
}

bool
audit_checkpoint(struct audit *a, const struct checkpoint *c, const char *what, struct err *err)
{
	struct registry_head head;
	struct merkle_hash root;

	if (!registry_head(&head, a->fresh, err))
		return false;
	if (c->size > head.size)
		return audit_finds(a,
		    "%s covers %llu entries, but the register has only %llu: acts were removed, or "
		    "it is of an earlier day",
		    what, (unsigned long long)c->size, (unsigned long long)head.size);
	if (!registry_root_at(&root, a->fresh, c->size, err))
		return false;
	return merkle_equal(&root, &c->root) ||
	    audit_finds(a,
		"%s does not fit: among the first %llu entries something was changed, removed or "
		"put in "
		"between",
		what, (unsigned long long)c->size);
}

/* ---- judging every act again ---- */

struct replay {
	struct audit *audit;
	struct ahead *ahead;
	struct act_file *second; /* NULL: not compared */
	uint64_t second_at;
	struct buf bytes;
	int64_t links_from; /* the links before are compared */
};

/* While other processors work: few enough at once to be still at hand, many enough to look them up once. */
#define LINKS_AT_ONCE 1024

static const char *
time_text(char out[RFC3339_TEXT_BYTES], int64_t t_s)
{
	rfc3339_format(out, t_s);
	return out;
}

static bool
compare_second(struct replay *p, const struct chain_entry *e, uint64_t index, struct err *err)
{
	struct act_file_entry entry;
	struct err why = { 0 };

	if (!act_file_read(&entry, &p->bytes, p->second, p->second_at, &why))
		return audit_blames(p->audit, &why, err);
	p->second_at = entry.end;
	if (entry.log.recorded_s == e->recorded_s &&
	    memcmp(entry.log.act_hash, e->act.hash, SHA256_BYTES) == 0)
		return true;
	return audit_finds(p->audit, "act %llu is another in the second copy than in the register",
	    (unsigned long long)index);
}

static bool
judge_again(struct replay *p, struct store_act *act, uint64_t row, struct err *err)
{
	struct audit *a = p->audit;
	struct err why = { 0 };
	char when[RFC3339_TEXT_BYTES];
	uint64_t index;

	if (row != a->result->acts)
		return audit_finds(a, "act %llu is missing", (unsigned long long)a->result->acts);
	if (!store_record(&index, a->fresh, act, false, RECORD_BESIDE, &why)) {
		err_in(&why, "act %llu, recorded %s", (unsigned long long)row,
		    time_text(when, act->entry.recorded_s));
		return audit_blames(a, &why, err);
	}
	a->result->acts++;
	return true;
}

static bool
compare_links(struct replay *p, int64_t last, struct err *err)
{
	struct audit *a = p->audit;
	struct buf finding = BUF_EMPTY;
	bool same;

	bool ok =
	    store_compare_links(&same, &finding, a->stored, a->fresh, p->links_from, last, err);
	if (ok && !same)
		audit_finds(a, "%s", buf_text(&finding));
	buf_free(&finding);
	return ok;
}

static bool
replay_one(void *ctx, struct store_act *act, uint64_t row, struct err *err)
{
	struct replay *p = ctx;
	struct audit *a = p->audit;

	if (!a->result->clean)
		return true; /* the first thing is found; the rest would only follow from it */
	if (!judge_again(p, act, row, err))
		return false;
	if (a->result->clean && p->second != NULL && !compare_second(p, &act->entry, row, err))
		return false;
	if (a->result->clean && a->result->acts % LINKS_AT_ONCE == 0) {
		if (!compare_links(p, (int64_t)row, err))
			return false;
		p->links_from = (int64_t)row + 1;
	}
	if (a->result->clean && a->snapshot != NULL &&
	    audit_snapshot_size(a->snapshot) == a->result->acts)
		return audit_snapshot_compare(a, a->snapshot, err);
	return true;
}

static bool
add_row(void *ctx, const struct registry_entry *row, struct err *err)
{
	struct replay *p = ctx;

	return !p->audit->result->clean ||
	    ahead_add(p->ahead, row->bytes, row->recorded_s, row->index, err);
}

/* Whole entries that were in the second copy before the register was looked at, and are not in it. */
static bool
compare_second_end(struct replay *p, uint64_t second_bytes, struct err *err)
{
	struct act_file_entry entry;
	struct err why = { 0 };

	if (p->second_at >= second_bytes)
		return true;
	if (act_file_read(&entry, &p->bytes, p->second, p->second_at, &why))
		return audit_finds(p->audit,
		    "the second copy goes on after act %llu, where the register ends: acts were "
		    "removed, or "
		    "a writer died just now and the next recording takes them up",
		    (unsigned long long)p->audit->result->acts - 1);
	return why.code == ERR_MALFORMED || audit_blames(p->audit, &why, err);
}

static bool
replay_all(struct replay *p, uint64_t second_bytes, struct err *err)
{
	struct audit *a = p->audit;

	bool ok = sql_run(a->fresh->db, "BEGIN", err) &&
	    store_floors_copy(a->fresh, a->stored, err) &&
	    ahead_open(&p->ahead, a->fresh, replay_one, p, err) &&
	    store_each_row(a->stored, add_row, p, err) && ahead_flush(p->ahead, err) &&
	    sql_run(a->fresh->db, "COMMIT", err);
	ahead_close(p->ahead);
	if (!ok)
		return false;
	if (a->result->clean && a->snapshot != NULL &&
	    (audit_snapshot_size(a->snapshot) == 0 ||
		audit_snapshot_size(a->snapshot) > a->result->acts))
		audit_finds(a,
		    "the published snapshot covers %llu entries, but the register has only %llu",
		    (unsigned long long)audit_snapshot_size(a->snapshot),
		    (unsigned long long)a->result->acts);
	if (a->result->clean && p->second != NULL && !compare_second_end(p, second_bytes, err))
		return false;
	return !a->result->clean || compare_links(p, INT64_MAX, err);
}

/* The second copy's length was taken before the view: what it has beyond, the view must have. */
static bool
replay(struct audit *a, struct act_file *second, uint64_t second_bytes, struct err *err)
{
	struct replay p = { .audit = a,
		.second = second,
		.second_at = ACT_FILE_BEGIN,
		.bytes = BUF_EMPTY,
		.links_from = INT64_MIN };

	bool ok = !a->result->clean || replay_all(&p, second_bytes, err);
	buf_free(&p.bytes);
	return ok;
}

/* ---- what follows ---- */

static bool
compare_tables(struct audit *a, struct err *err)
{
	struct buf finding = BUF_EMPTY;
	bool same;

	bool ok = store_compare_schema(&same, a->stored, a->fresh, err);
	if (ok && !same)
		audit_finds(
		    a, "registry.db has other tables, triggers or views than this program gave it");
	ok = ok && (!same || store_compare(&same, &finding, a->stored, a->fresh, err));
	if (ok && !same)
		audit_finds(a, "%s", buf_text(&finding));
	buf_free(&finding);
	return ok;
}

static bool
count(uint64_t *out, struct audit *a, const char *text, struct err *err)
{
	int64_t n;
	if (!sql_number(&n, a->fresh->db, text, err))
		return false;
	*out = (uint64_t)n;
	return true;
}

/* Not the judge's word alone: counted once more from who signed. */
static bool
check_two_persons(struct audit *a, struct err *err)
{
	uint64_t two;

	if (!count(&a->result->approved, a, SQL_APPROVED, err) ||
	    !count(&two, a, SQL_TWO_PERSONS, err) ||
	    !count(&a->result->instruments, a, SQL_INSTRUMENTS, err))
		return false;
	return two == a->result->approved ||
	    audit_finds(a, "%llu proposals were approved by whoever made them",
		(unsigned long long)(a->result->approved - two));
}

/* Is it the bureau the auditor means? */
static bool
check_root(struct audit *a, struct err *err)
{
	bool same;

	if (a->question->root.len == 0) {
		audit_skips(a, "whether the root keys are the bureau's own");
		return true;
	}
	if (!store_same_bureau(&same, a->fresh, a->question->root, err))
		return false;
	return same || audit_finds(a, "the register belongs to another bureau than the root file");
}

/* What is printed in the codes: a reader refuses one with a host that the bundle does not list. */
static bool
check_host(struct audit *a, struct err *err)
{
	const struct trust *trust;
	const char *host = a->question->host;

	if (host == NULL)
		return true;
	if (!registry_trust(&trust, a->fresh, err))
		return false;
	return bundle_lists_host(trust_bundle(trust), span_text(host)) ||
	    audit_finds(a,
		"the bureau is set to print the host %s, which trust bundle %llu does not list",
		host, (unsigned long long)trust_bundle(trust)->seq);
}

static bool
note_head(struct audit *a, struct err *err)
{
	struct registry_head head;
	const struct trust *trust;

	if (!registry_head(&head, a->fresh, err) || !registry_trust(&trust, a->fresh, err))
		return false;
	a->result->size = head.size;
	a->result->root = head.root;
	struct span origin = trust_bundle(trust)->log.origin;
	snprintf(a->result->origin, sizeof a->result->origin, "%.*s", (int)origin.len,
	    (const char *)origin.ptr);
	return true;
}

/* One after the other, until something does not fit. */
static bool
run(struct audit *a, struct act_file *second, uint64_t second_bytes, struct err *err)
{
	static bool (*const steps[])(struct audit *, struct err *) = { compare_tables,
		check_two_persons, check_root, check_host, note_head, audit_outside, audit_issued,
		audit_published_log, audit_removed };

	if (!replay(a, second, second_bytes, err))
		return false;
	if (a->result->clean && a->result->acts == 0)
		audit_finds(a, "the register is empty");
	for (size_t i = 0; i < sizeof steps / sizeof steps[0] && a->result->clean; i++)
		if (!steps[i](a, err))
			return false;
	audit_skips(a, "lookup.db: it only worsens what the snapshot says");
	audit_skips(a, "whether the decisions were right");
	audit_skips(a, "anything since the last act");
	return true;
}

/*
 * What the acts say is not copied: it is read where it lies, and is held against the hash that was judged. Which
 * there are and when they were recorded is the fresh register's own: a damaged file must not lose any of them.
 */
#define ACTS_VIEW                                                                                  \
	"CREATE TEMP VIEW acts AS SELECT log_index, recorded_s,"                                   \
	" (SELECT act FROM stored.acts AS s WHERE s.log_index = a.log_index) AS act"               \
	" FROM main.acts AS a"

static bool
open_fresh(
    struct registry **out, const struct audit_question *q, enum sql_mode mode, struct err *err)
{
	struct registry_config config = {
		.path = q->registry, .policies = q->policies, .n_policies = q->n_policies
	};

	return store_open(out, &config, SQL_MEMORY, err) &&
	    sql_attach((*out)->db, "stored", q->registry, mode, err) &&
	    sql_run((*out)->db, ACTS_VIEW, err);
}

static bool
open_both(struct audit *a, struct err *err)
{
	const struct audit_question *q = a->question;
	struct registry_config config = { .path = q->registry, .read_only = true };
	char wal[4096];

	/* Without a WAL beside it, it is a copy, and nothing is to be made beside it either. */
	int len = snprintf(wal, sizeof wal, "%s-wal", q->registry);
	if (len < 0 || (size_t)len >= sizeof wal)
		return err_set(err, ERR_USAGE, "the register's path is too long");
	const enum sql_mode mode = file_exists(wal) ? SQL_READ : SQL_COPY;
	return store_open(&a->stored, &config, mode, err) && open_fresh(&a->fresh, q, mode, err);
}

static bool
open_second(struct act_file **out, uint64_t *bytes, struct audit *a, struct err *err)
{
	if (a->question->second_copy == NULL) {
		audit_skips(a, "the second copy of the acts");
		return true;
	}
	a->result->second_copy = true;
	return act_file_open(out, a->question->second_copy, false, err) &&
	    act_file_size(bytes, *out, err);
}

bool
registry_audit(struct audit_result *out, const struct audit_question *question, struct err *err)
{
	struct audit a = {
		.question = question, .result = out, .snapshot_name = "published snapshot"
	};
	struct act_file *second = NULL;
	uint64_t second_bytes = 0;

	*out = (struct audit_result){ .clean = true };
	bool ok = open_second(&second, &second_bytes, &a, err) && audit_published_read(&a, err) &&
	    audit_issued_read(&a, err) && open_both(&a, err) && registry_view_begin(a.stored, err);
	if (ok) {
		ok = audit_loss_read(&a, err) && run(&a, second, second_bytes, err);
		registry_view_end(a.stored);
	}
	registry_close(a.fresh);
	registry_close(a.stored);
	audit_snapshot_close(a.snapshot);
	audit_names_free(a.issued);
	buf_free(&a.published_log);
	act_file_close(second);
	return ok;
}

void
audit_line(struct buf *out, const struct audit_result *result)
{
	buf_printf(out, "%s %llu", result->origin, (unsigned long long)result->size);
	for (size_t i = 0; i < SHA256_BYTES; i += 2)
		buf_printf(out, " %02x%02x", result->root.b[i], result->root.b[i + 1]);
}
