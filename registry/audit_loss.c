#include "credential/cose_file.h"
#include "credential/parts.h"
#include "registry/audit_step.h"

#define SQL_LOSS "SELECT proposal FROM epochs WHERE epoch > ? ORDER BY epoch LIMIT 1"
#define SQL_OF_CREDENTIAL "SELECT count(*) FROM floor_slots WHERE credential = ?"
#define SQL_OF_FILE "SELECT count(*) FROM floor_slots WHERE instr(files, ?) > 0"

/* The epoch of the log with this origin, by the bundles adopted; 0: none names it. */
static bool
epoch_of(uint64_t *out, struct registry *r, struct span origin, struct err *err)
{
	struct buf file = BUF_EMPTY;
	const struct trust *trust;
	struct err why = { 0 };
	bool ok = registry_trust(&trust, r, &why) || why.code == ERR_NOT_FOUND;

	*out = 0;
	for (uint64_t seq = ok && why.code == ERR_NONE ? trust_bundle(trust)->seq : 0;
	     ok && *out == 0 && seq > 0; seq--) {
		struct cose_sign envelope;
		struct bundle *bundle = NULL;
		buf_free(&file);
		ok = registry_bundle(&file, r, seq, &why) &&
		    bundle_parse_file(&envelope, &bundle, buf_span(&file), &why);
		if (ok && span_equal(bundle->log.origin, origin))
			*out = bundle->log.epoch;
		bundle_free(bundle);
	}
	buf_free(&file);
	/* Before the first bundle of the register there is none. */
	return ok || why.code == ERR_NOT_FOUND || err_set(err, why.code, "%s", why.text);
}

/* What two officers accepted as lost when this epoch ended. */
static bool
find_loss(struct body_loss *out, struct registry *r, uint64_t epoch, struct err *err)
{
	uint8_t proposal[SHA256_BYTES];
	struct registry_entry entry;
	struct chain_entry e;
	struct buf bytes = BUF_EMPTY;
	bool row;

	struct sql_stmt *q = sql_use(r->db, SQL_LOSS);
	sql_put_int(q, (int64_t)epoch);
	bool ok = sql_next(q, &row, err);
	if (ok && row)
		sql_get_copy(q, proposal, sizeof proposal);
	ok = ok &&
	    (row ||
		err_set(
		    err, ERR_NOT_FOUND, "no loss ended epoch %llu", (unsigned long long)epoch)) &&
	    sql_row_ok(q, err);
	sql_end(q);
	ok = ok && registry_find_act(&entry, &bytes, r, proposal, err) &&
	    chain_entry_parse(&e, buf_span(&bytes), err);
	if (ok)
		*out = e.body.loss;
	buf_free(&bytes);
	return ok;
}

/* Of the log of an epoch that ended: no more than was accepted as lost. */
static bool
check_lost(struct audit *a, struct registry *r, uint64_t epoch, const struct checkpoint *c,
    const char *what, struct err *err)
{
	struct body_loss loss;
	struct err why = { 0 };

	if (!find_loss(&loss, r, epoch, &why))
		return audit_blames(a, &why, err);
	if (c->size < loss.size || (c->size == loss.size && merkle_equal(&c->root, &loss.root)))
		return true;
	return audit_finds(a,
	    "%s covers %llu entries of a log whose loss was accepted with %llu, or has another "
	    "root: more was "
	    "lost than was said",
	    what, (unsigned long long)c->size, (unsigned long long)loss.size);
}

/* Is it of an epoch that ended? */
static bool
is_lost(bool *out, uint64_t *epoch, const struct audit *a, struct registry *r, struct span origin,
    struct err *err)
{
	*epoch = 0;
	if (a->epoch > 0 && !epoch_of(epoch, r, origin, err))
		return false;
	*out = *epoch > 0 && *epoch < a->epoch;
	return true;
}

static bool
look_at_log(struct audit *a, struct err *err)
{
	struct checkpoint c;
	struct err none = { 0 };
	uint64_t epoch;

	if (a->published_log.len == 0 ||
	    !checkpoint_parse_note(&c, buf_span(&a->published_log), &none))
		return true; /* said later */
	return is_lost(&a->log_lost, &epoch, a, a->stored, c.origin, err) &&
	    (!a->log_lost || check_lost(a, a->stored, epoch, &c, "the published checkpoint", err));
}

static bool
look_at_snapshot(struct audit *a, struct err *err)
{
	const struct checkpoint *c =
	    a->snapshot != NULL ? audit_snapshot_checkpoint(a->snapshot) : NULL;
	uint64_t epoch;

	if (c == NULL)
		return true;
	if (!is_lost(&a->snapshot_lost, &epoch, a, a->stored, c->origin, err) ||
	    (a->snapshot_lost &&
		!check_lost(a, a->stored, epoch, c, "the published snapshot", err)))
		return false;
	if (a->snapshot_lost) {
		audit_snapshot_close(a->snapshot);
		a->snapshot = NULL;
	}
	return true;
}

bool
audit_loss_read(struct audit *a, struct err *err)
{
	struct registry_epoch last;

	if (!store_epoch(&last, a->stored, err))
		return false;
	a->epoch = last.epoch;
	if (a->epoch == 0 || !a->result->clean)
		return true;
	if (!look_at_log(a, err) || !look_at_snapshot(a, err))
		return false;
	if (a->log_lost)
		audit_skips(
		    a, "the published files: a loss was accepted, and nothing was published since");
	return true;
}

bool
audit_loss_outside(bool *is, struct audit *a, const struct checkpoint *c, struct err *err)
{
	struct registry_head head;
	struct merkle_hash root;
	uint64_t epoch;

	if (!is_lost(is, &epoch, a, a->fresh, c->origin, err) ||
	    !registry_head(&head, a->fresh, err) ||
	    (c->size <= head.size && !registry_root_at(&root, a->fresh, c->size, err)))
		return false;
	if (!*is)
		return true;
	if (c->size <= head.size && merkle_equal(&root, &c->root)) {
		a->result->checkpoint_size = c->size;
		return true;
	}
	audit_skips(a,
	    "the checkpoint kept outside: acts it covers are lost, and two officers accepted it");
	return check_lost(a, a->fresh, epoch, c, "the checkpoint kept outside", err);
}

/* ---- files of lost certificates ---- */

static bool
is_in_floor(bool *out, struct registry *r, const char *text, struct span of, struct err *err)
{
	uint8_t hash[SHA256_BYTES];
	bool row;

	sha256(hash, of);
	struct sql_stmt *q = sql_use(r->db, text);
	sql_put_blob(q, span_of(hash, FINGERPRINT_BYTES));
	bool ok = sql_next(q, &row, err);
	*out = ok && row && sql_get_int(q) > 0;
	sql_end(q);
	return ok;
}

bool
audit_loss_file(bool *is, struct audit *a, const char *name, struct err *err)
{
	struct buf file = BUF_EMPTY;
	struct cose_file cose;
	struct err why = { 0 };
	bool found;

	*is = false;
	if (a->epoch == 0)
		return true;
	if (!audit_read(&file, &found, a->question->issued, name, LIMIT_PDF_BYTES, &why)) {
		buf_free(&file);
		return audit_blames(a, &why, err);
	}
	bool ok = is_in_floor(is, a->fresh, SQL_OF_FILE, buf_span(&file), err);
	if (ok && !*is && cose_file_parse(&cose, buf_span(&file), &why))
		ok = is_in_floor(is, a->fresh, SQL_OF_CREDENTIAL, cose.qc1, err);
	buf_free(&file);
	return ok;
}
