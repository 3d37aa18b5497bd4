#include "registry/store.h"

#include "core/limits.h"
#include "registry/lookup_write.h"
#include "registry/writer_lock.h"

#include <stdlib.h>

#define APPLICATION_ID 1363366471 /* "QCRG", as in schema.sql */
#define SCHEMA_VERSION 4

static const char schema[] = {
#include "schema.inc"
};

static const char indexes[] = {
#include "indexes.inc"
};

bool
registry_create(const char *path, struct err *err)
{
	struct sql *db = NULL;
	bool ok = sql_open(&db, path, SQL_CREATE, err) && sql_run(db, "BEGIN", err) &&
	    sql_run(db, schema, err) && sql_run(db, indexes, err) && sql_run(db, "COMMIT", err);
	sql_close(db);
	return ok;
}

static bool
check_version(struct sql *db, const char *path, struct err *err)
{
	int64_t id, version;

	if (!sql_number(&id, db, "PRAGMA application_id", err) ||
	    !sql_number(&version, db, "PRAGMA user_version", err))
		return false;
	if (id != APPLICATION_ID)
		return err_set(err, ERR_MALFORMED, "%s is no register", path);
	return version == SCHEMA_VERSION ||
	    err_set(err, ERR_MALFORMED, "%s has version %lld; this program knows %d", path,
		(long long)version, SCHEMA_VERSION);
}

bool
store_open(struct registry **out, const struct registry_config *config, enum sql_mode mode,
    struct err *err)
{
	*out = NULL;
	struct registry *r = calloc(1, sizeof *r);
	if (r == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	r->config = *config;
	r->keep_bytes = LIMIT_KEPT_BYTES;
	if (!signatures_new(&r->signatures, err) || !sql_open(&r->db, config->path, mode, err) ||
	    (mode == SQL_MEMORY && !sql_run(r->db, schema, err)) ||
	    !check_version(r->db, config->path, err)) {
		registry_close(r);
		return false;
	}
	*out = r;
	return true;
}

static bool
lock(int *fd, const struct registry *r, struct err *err)
{
	return writer_lock(fd, r->config.path, r->config.command, SQL_BUSY_MS, err);
}

/* lookup.db is made from the tables at any time: trouble with it never undoes an act. */
static void
update_lookup(struct registry *r)
{
	r->lookup_err = (struct err){ 0 };
	if (r->config.lookup != NULL &&
	    !lookup_update(&r->lookup, r, r->config.lookup, &r->lookup_err))
		err_in(&r->lookup_err, "the daemon's table is behind");
}

bool
registry_open(struct registry **out, const struct registry_config *config, struct err *err)
{
	int fd = -1;

	if (!store_open(out, config, config->read_only ? SQL_READ : SQL_WRITE, err))
		return false;
	if (config->read_only || config->lookup == NULL || lookup_is_current(*out, config->lookup))
		return true;
	if (!lock(&fd, *out, err)) {
		registry_close(*out);
		*out = NULL;
		return false;
	}
	update_lookup(*out);
	writer_unlock(fd);
	return true;
}

void
registry_close(struct registry *r)
{
	if (r == NULL)
		return;
	store_trust_forget(r);
	signatures_free(r->signatures);
	lookup_writer_close(r->lookup);
	sql_close(r->db);
	free(r);
}

const struct err *
registry_lookup_error(const struct registry *r)
{
	return &r->lookup_err;
}

bool
registry_view_begin(struct registry *r, struct err *err)
{
	int64_t any;
	/* BEGIN alone sees nothing yet; the first read fixes the state. */
	if (!sql_exec(r->db, "BEGIN", err))
		return false;
	if (sql_number(&any, r->db, "SELECT count(*) FROM log", err))
		return true;
	registry_view_end(r);
	return false;
}

void
registry_view_end(struct registry *r)
{
	struct err ignored = { 0 }; /* a transaction that only read has nothing to lose */
	if (!sql_exec(r->db, "ROLLBACK", &ignored))
		return;
}

bool
registry_data_version(uint64_t *out, struct registry *r, struct err *err)
{
	int64_t version;
	if (!sql_number(&version, r->db, "PRAGMA data_version", err))
		return false;
	*out = (uint64_t)version;
	return true;
}

/* ---- append ---- */

/*
 * Does the act say the same as the one recorded under its idempotency key? What another person signed is
 * something else: two officials sign the same report.
 */
static bool
same_content(const struct act *act, const struct act *recorded)
{
	return act->kind == recorded->kind && span_equal(act->body, recorded->body) &&
	    span_equal(act->envelope.signer.kid, recorded->envelope.signer.kid) &&
	    (span_equal(act->subject, recorded->subject) || act->seq == 0);
}

static void
answer_again(struct registry_item *item, const struct registry_entry *entry)
{
	item->recorded = true;
	item->repeated = true;
	item->index = entry->index;
	item->recorded_s = entry->recorded_s;
}

/* Was the item recorded before? True with item->recorded unset: no. False: trouble, or ACT-08. */
static bool
recall(struct registry *r, struct registry_item *item, struct buf *bytes, struct err *err)
{
	struct registry_entry entry;
	struct act act, recorded;
	struct err absent = { 0 };

	if (!act_parse(&act, item->act, err))
		return false;
	if (registry_find_act(&entry, bytes, r, act.hash, &absent)) {
		answer_again(item, &entry);
		return true;
	}
	if (absent.code == ERR_NOT_FOUND && !act.has_idempotency)
		return true;
	if (absent.code == ERR_NOT_FOUND &&
	    registry_find_idempotency(&entry, bytes, r, act.idempotency, &absent)) {
		if (!act_parse(&recorded, entry.bytes, err))
			return false;
		if (!same_content(&act, &recorded))
			return err_set(err, ERR_CONFLICT,
			    "ACT-08: this idempotency key was used before, for something else");
		answer_again(item, &entry);
		return true;
	}
	return absent.code == ERR_NOT_FOUND || err_set(err, absent.code, "%s", absent.text);
}

/* Trouble of the machine, not of the act: nothing of the sitting may stay. */
static bool
is_fatal(enum err_code code)
{
	return code == ERR_IO || code == ERR_MEMORY || code == ERR_BUSY;
}

/* One item inside a savepoint. False only for what is fatal: then the transaction may be gone already. */
static bool
append_one(struct registry *r, struct registry_item *item, bool bundle_waiting, int64_t now_s,
    struct err *err)
{
	struct buf bytes = BUF_EMPTY;
	struct store_act act;
	struct err why = { 0 };

	if (!sql_exec(r->db, "SAVEPOINT item", err))
		return false;
	bool ok = recall(r, item, &bytes, &why);
	buf_free(&bytes);
	if (ok && !item->recorded) {
		store_act_copy(&act, item->act, now_s);
		store_act_decode(&act);
		ok = store_record(&item->index, r, &act, bundle_waiting, RECORD_NEW, &why);
		store_act_free(&act);
		item->recorded = ok;
		item->recorded_s = now_s;
	}
	item->err = why;
	if (!ok && is_fatal(why.code))
		return err_set(err, why.code, "%s", why.text);
	return (ok || sql_exec(r->db, "ROLLBACK TO item", err)) &&
	    sql_exec(r->db, "RELEASE item", err);
}

static bool
append_all(struct registry *r, struct registry_item *items, size_t n, bool bundle_waiting,
    int64_t now_s, struct err *err)
{
	struct act_file *second = NULL;
	struct store_head head;

	bool ok = store_second_open(&second, r, err) && store_head_load(&head, r, err);
	if (ok && now_s < head.recorded_s)
		now_s = head.recorded_s;
	for (size_t i = 0; ok && i < n; i++)
		ok = append_one(r, &items[i], bundle_waiting, now_s, err);
	ok = ok && store_second_write(second, r, head.size, err);
	act_file_close(second);
	return ok;
}

bool
registry_append(struct registry *r, struct registry_item *items, size_t n, bool bundle_waiting,
    int64_t now_s, struct err *err)
{
	int fd = -1;

	for (size_t i = 0; i < n; i++)
		items[i] = (struct registry_item){ .act = items[i].act };
	if (!lock(&fd, r, err))
		return false;
	bool begun = sql_exec(r->db, "BEGIN IMMEDIATE", err);
	bool ok = begun && append_all(r, items, n, bundle_waiting, now_s, err) &&
	    sql_exec(r->db, "COMMIT", err);
	if (begun && !ok)
		registry_view_end(r);
	if (ok)
		update_lookup(r);
	writer_unlock(fd);
	for (size_t i = 0; i < n && !ok; i++)
		items[i].recorded = false;
	return ok;
}
