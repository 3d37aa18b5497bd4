#include "registry/audit.h"

#include "core/file.h"
#include "credential/checkpoint.h"
#include "registry/sql.h"
#include "tests/registry/offices.h"
#include "tests/test.h"

#include <stdio.h>
#include <unistd.h>

static struct audit_result
ask(const struct audit_question *q)
{
	struct audit_result result;
	REQUIRE(registry_audit(&result, q, &err));
	return result;
}

/* It must find something, and say so in these words. */
static void
finds(const struct audit_question *q, const char *words, const char *row)
{
	struct audit_result result = ask(q);
	if (result.clean || strstr(result.finding, words) == NULL)
		fail_msg("%s: \"%s\"; want \"%s\"", row, result.finding, words);
}

static bool
lists(const struct audit_result *result, const char *words)
{
	for (size_t i = 0; i < result->n_unchecked; i++)
		if (strstr(result->unchecked[i], words) != NULL)
			return true;
	return false;
}

/* ---- nothing wrong ---- */

static void
what_fits_is_clean_and_counted(void **state)
{
	(void)state;
	struct offices o;

	offices_open(&o);
	struct audit_result r = ask(&o.question);
	if (!r.clean)
		fail_msg("%s", r.finding);
	assert_int_equal(r.acts, o.published_size + 2);
	assert_int_equal(r.size, r.acts);
	assert_int_equal(r.approved, 3); /* decision, issue, suspension */
	assert_int_equal(r.instruments, 1);
	assert_int_equal(r.pdfs, 1);
	assert_int_equal(r.coses, 1);
	assert_int_equal(r.parts, 4);
	assert_int_equal(r.tiles, 2);
	assert_true(r.second_copy && r.published);
	assert_int_equal(r.checkpoint_size, o.published_size);
	assert_true(r.checkpoint_recorded_s > BUREAU_START_S);
	assert_string_equal(r.origin, BUREAU_ORIGIN);
	assert_true(lists(&r, "whether the decisions were right"));
	assert_true(lists(&r, "anything since the last act"));
	assert_false(lists(&r, "second copy"));
	offices_close(&o);
}

/* The register file alone: nothing is made beside it, and what was not looked at is said. */
static void
a_lone_copy_is_audited_without_touching_it(void **state)
{
	(void)state;
	struct offices o;
	char folder[96], copy[128], beside[160];

	offices_open(&o);
	ledger_sql(o.ledger.db, "PRAGMA wal_checkpoint(TRUNCATE);");
	snprintf(folder, sizeof folder, "%s/copy", o.ledger.dir);
	REQUIRE(file_make_folder(folder, 0755, &err));
	snprintf(copy, sizeof copy, "%s/of?register#1.qb", folder);
	ledger_copy(o.ledger.db, copy);
	struct audit_question q = {
		.registry = copy, .policies = o.question.policies, .n_policies = 1
	};
	struct audit_result r = ask(&q);
	if (!r.clean)
		fail_msg("%s", r.finding);
	assert_true(lists(&r, "second copy") && lists(&r, "issued") && lists(&r, "published"));
	assert_true(lists(&r, "checkpoint") && lists(&r, "root keys"));
	snprintf(beside, sizeof beside, "%s-wal", copy);
	assert_false(file_exists(beside));
	snprintf(beside, sizeof beside, "%s-shm", copy);
	assert_false(file_exists(beside));
	offices_close(&o);
}

/* The line to keep for next time is understood next time. */
static void
the_line_kept_is_a_checkpoint(void **state)
{
	(void)state;
	struct offices o;
	struct buf line = BUF_EMPTY;

	offices_open(&o);
	struct audit_result r = ask(&o.question);
	buf_add_text(&line, "  "); /* as it stands on the screen */
	audit_line(&line, &r);
	o.question.checkpoint = buf_span(&line);
	r = ask(&o.question);
	if (!r.clean)
		fail_msg("%s", r.finding);
	assert_int_equal(r.checkpoint_size, r.size);
	assert_true(lists(&r, "no signature"));
	line.ptr[line.len - 1] = line.ptr[line.len - 1] == '0' ? '1' : '0';
	o.question.checkpoint = buf_span(&line);
	finds(&o.question, "the checkpoint kept outside does not fit", "another root");
	buf_free(&line);
	offices_close(&o);
}

/* ---- threat 35: an insider with the database ---- */

#define OPEN_ACTS                                                                                  \
	"PRAGMA foreign_keys = OFF; DROP TRIGGER acts_are_not_changed;"                            \
	"DROP TRIGGER acts_are_not_deleted;"
#define SHUT_ACTS                                                                                  \
	"CREATE TRIGGER acts_are_not_changed BEFORE UPDATE ON acts\nBEGIN\n"                       \
	"\tSELECT raise(ABORT, 'an act is never changed');\nEND;"                                  \
	"CREATE TRIGGER acts_are_not_deleted BEFORE DELETE ON acts\nBEGIN\n"                       \
	"\tSELECT raise(ABORT, 'an act is never deleted');\nEND;"

static const struct tampering {
	const char *name, *sql, *words;
} tampered[] = {
	{ "an act is edited",
	    OPEN_ACTS "UPDATE acts SET act = CAST(substr(act, 1, length(act) - 1) || x'00' AS BLOB)"
		      " WHERE log_index = 3",
	    "act 3" },
	{ "an act is deleted", OPEN_ACTS "DELETE FROM acts WHERE log_index = 4",
	    "act 4 is missing" },
	{ "an act is deleted and the ranks are closed",
	    OPEN_ACTS "DELETE FROM acts WHERE log_index = 4;"
		      "UPDATE acts SET log_index = 1000 + log_index WHERE log_index > 4;"
		      "UPDATE acts SET log_index = log_index - 1001 WHERE log_index > 1000",
	    "ACT-05" },
	{ "two acts change places",
	    OPEN_ACTS "UPDATE acts SET log_index = 1000 WHERE log_index = 5;"
		      "UPDATE acts SET log_index = 5 WHERE log_index = 6;"
		      "UPDATE acts SET log_index = 6 WHERE log_index = 1000",
	    "act 5" },
	{ "an act comes twice",
	    OPEN_ACTS "INSERT INTO acts SELECT max(log_index) + 1, recorded_s, act FROM acts",
	    "ACT-10" },
	{ "the last acts are cut off", OPEN_ACTS "DELETE FROM acts WHERE log_index > 10",
	    "snapshot covers" },
	{ "an act is dated back",
	    OPEN_ACTS "UPDATE acts SET recorded_s = recorded_s - 1"
		      " WHERE log_index = 5",
	    "act 5 is another in the second copy" },
	{ "an act is dated before the one in front",
	    OPEN_ACTS "UPDATE acts SET recorded_s = 0 WHERE log_index = 5",
	    "before the act in front" },
	{ "an act cannot be read", OPEN_ACTS "UPDATE acts SET act = x'00' WHERE log_index = 5",
	    "act 5, recorded 20" },
	{ "all acts are gone", OPEN_ACTS "DELETE FROM acts", "has only 0" },
	{ "a key is swapped", "UPDATE links SET key = zeroblob(32) WHERE log_index = 9",
	    "the table links" },
	{ "a person is swapped", "UPDATE links SET person = zeroblob(8) WHERE log_index = 9",
	    "the table links" },
	{ "a suspension is forgotten", "DELETE FROM history", "the table history" },
	{ "a suspension is made milder", "UPDATE history SET status = 0", "the table history" },
	{ "a certificate has another file", "UPDATE instruments SET pdf_hash = zeroblob(32)",
	    "the table instruments" },
	{ "a case is advanced", "UPDATE cases SET stage = 9 WHERE stage < 9", "the table cases" },
	{ "a proposal is approved by hand", "UPDATE proposals SET state = 2 WHERE kind = 30",
	    "the table proposals" },
	{ "a slot is given away", "UPDATE slots SET state = 3", "the table slots" },
	{ "another trust bundle", "UPDATE bundles SET file = zeroblob(9)", "the table bundles" },
	{ "another frontier", "UPDATE log SET size = size + 1", "the table log" },
	{ "what kept acts from being changed is gone", OPEN_ACTS, "other tables, triggers" },
	{ "revocations will be forgotten",
	    "CREATE TRIGGER t AFTER INSERT ON history BEGIN DELETE FROM history; END",
	    "other tables, triggers" },
	{ "a row that no range of numbers has",
	    "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; ALTER TABLE links RENAME "
	    "TO l;"
	    "CREATE TABLE links AS SELECT * FROM l; DROP TABLE l;"
	    "INSERT INTO links SELECT 'x', zeroblob(32), subject, seq, 70, zeroblob(16), NULL, "
	    "person, key,"
	    " file_end FROM links WHERE log_index = 2",
	    "other tables, triggers" },
};

static void
threat_35_what_an_insider_changes_is_named(void **state)
{
	(void)state;
	char kept[128], wal[128];
	struct offices o;

	offices_open(&o);
	ledger_sql(o.ledger.db, "PRAGMA wal_checkpoint(TRUNCATE);");
	snprintf(kept, sizeof kept, "%s/kept.db", o.ledger.dir);
	snprintf(wal, sizeof wal, "%s-wal", o.ledger.db);
	ledger_copy(o.ledger.db, kept);
	for (size_t i = 0; i < COUNT_OF(tampered); i++) {
		unlink(wal);
		ledger_copy(kept, o.ledger.db);
		ledger_sql(o.ledger.db, tampered[i].sql);
		finds(&o.question, tampered[i].words, tampered[i].name);
	}
	offices_close(&o);
}

/*
 * Threat 34: the whole database goes back, tables and all, so that it fits in itself. Each of what
 * stands outside shows it alone.
 */
static void
threat_34_a_register_that_went_back_is_found_from_outside(void **state)
{
	(void)state;
	struct offices o;

	offices_open(&o);
	ledger_sql(o.ledger.db, OPEN_ACTS "DELETE FROM acts WHERE log_index > 10;" SHUT_ACTS);
	ledger_reopen(&o.ledger);
	REQUIRE(registry_rebuild(o.ledger.registry, &err));
	struct audit_question q = o.question;
	q.published = NULL;
	q.issued = NULL;
	finds(&q, "the second copy goes on after act 10", "second copy");
	q.second_copy = NULL;
	finds(&q, "acts were removed", "checkpoint");
	q.checkpoint = span_of(NULL, 0);
	assert_true(ask(&q).clean); /* from inside nothing is to be seen */
	q.published = o.published;
	finds(&q, "the published snapshot covers", "snapshot");
	offices_close(&o);
}

/* Another bureau, made to look like this one: its acts are all good, under its own keys. */
static void
another_history_does_not_pass_for_ours(void **state)
{
	(void)state;
	struct offices ours, forged;

	offices_open(&ours);
	offices_open(&forged);
	struct audit_question q = forged.question;
	assert_true(ask(&q).clean);
	q.checkpoint = ours.question.checkpoint;
	finds(&q, "the checkpoint kept outside", "checkpoint");
	q = forged.question;
	q.root = ours.question.root;
	finds(&q, "another bureau", "root");
	offices_close(&ours);
	offices_close(&forged);
}

/* The bureau's id is public: roots of one's own under it are not the bureau's. */
static void
roots_under_a_copied_id_are_another_bureaus(void **state)
{
	(void)state;
	struct offices o;
	struct bureau *thief = bureau_new("standard");
	struct root_set set = *trust_roots(thief->trust);
	struct buf payload = BUF_EMPTY, root = BUF_EMPTY;

	offices_open(&o);
	memcpy(set.bureau_id, o.ledger.bureau->bureau_id, BUREAU_ID_BYTES);
	root_set_encode(&payload, &set);
	bureau_sign_payload(&root, thief->roots, 3, ROOT_SET_TYP, buf_span(&payload));
	o.question.root = buf_span(&root);
	finds(&o.question, "another bureau", "the same id");
	buf_free(&payload);
	buf_free(&root);
	bureau_free(thief);
	offices_close(&o);
}

/* ---- the files around it ---- */

static void
files_that_differ_are_named(void **state)
{
	(void)state;
	static const struct {
		const char *name; /* below the ledger's folder; NULL: as offices say */
		const char *words;
	} rows[] = {
		{ "public/v1/snapshot", "snapshot" },
		{ "public/v1/trust-bundle", "v1/trust-bundle is not" },
		{ "public/v1/trust-bundles/7", "v1/trust-bundles/7 is not" },
		{ "public/log/checkpoint", "the published checkpoint" },
		{ "public/log/tile/0/000.p/14", "log/tile/0/000.p/14" },
		{ "public/log/tile/entries/000.p/14", "log/tile/entries/000.p/14" },
		{ "acts.log", "acts.log" },
	};
	struct offices o;
	char path[192];

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		offices_open(&o);
		assert_int_equal(o.published_size, 14);
		snprintf(path, sizeof path, "%s/%s", o.ledger.dir, rows[i].name);
		offices_spoil(path);
		finds(&o.question, rows[i].words, rows[i].name);
		offices_close(&o);
	}
}

static void
spoiled_or_missing(struct offices *o, const char *path, const char *spoiled, const char *missing)
{
	struct buf bytes = BUF_EMPTY;

	REQUIRE(file_read(&bytes, path, LIMIT_BUF_BYTES, &err));
	offices_spoil(path);
	finds(&o->question, spoiled, path);
	assert_int_equal(unlink(path), 0);
	finds(&o->question, missing, path);
	REQUIRE(file_write(path, buf_span(&bytes), 0644, &err));
	assert_true(ask(&o->question).clean);
	buf_free(&bytes);
}

/* A log that waits for witnesses grows past the tile that its published checkpoint ends in. */
static void
a_full_tile_stands_for_the_partial_one(void **state)
{
	static const char *const tiles[] = { "log/tile/0/000", "log/tile/entries/000" };
	struct offices o;
	struct buf bytes = BUF_EMPTY;
	char partial[192], full[192];

	(void)state;
	offices_open(&o);
	for (size_t i = 0; i < COUNT_OF(tiles); i++) {
		snprintf(partial, sizeof partial, "%s/%s.p/%u", o.published, tiles[i],
		    (unsigned)o.published_size);
		snprintf(full, sizeof full, "%s/%s", o.published, tiles[i]);
		bytes.len = 0;
		REQUIRE(file_read(&bytes, partial, LIMIT_BUF_BYTES, &err));
		const size_t item = bytes.len / (size_t)o.published_size;
		while (bytes.len < item * LOG_TILE_WIDTH)
			buf_add_byte(&bytes, 0);
		REQUIRE(file_write(full, buf_span(&bytes), 0644, &err));
		assert_int_equal(unlink(partial), 0);
	}
	struct audit_result r = ask(&o.question);
	if (!r.clean)
		fail_msg("%s", r.finding);
	assert_int_equal(r.tiles, 2);
	bytes.ptr[5] ^= 1;
	REQUIRE(file_write(full, buf_span(&bytes), 0644, &err));
	finds(&o.question, "does not follow from the acts", "a full tile");
	buf_free(&bytes);
	offices_close(&o);
}

static void
issued_files_and_parts_are_compared(void **state)
{
	(void)state;
	char path[192];
	struct offices o;

	offices_open(&o);
	spoiled_or_missing(&o, o.pdf, "is not the file that was made", "is missing");
	spoiled_or_missing(&o, o.cose, ".cose", "is missing");
	spoiled_or_missing(&o, o.part, "is not what its name says", "is missing");
	snprintf(path, sizeof path, "%s/JC-A-999900-2026-00000-0.pdf", o.question.issued);
	ledger_copy(o.pdf, path);
	finds(&o.question, "JC-A-999900-2026-00000-0.pdf: no act made it", "one more");
	offices_spoil(o.cose);
	struct audit_result r = ask(&o.question);
	assert_int_equal(r.pdfs, 1);
	assert_int_equal(r.coses, 0);
	offices_close(&o);
}

#define PAGE_BYTES 4096
#define INTERIOR_TABLE                                                                             \
	5 /* type of page; from byte 12 on where its cells begin: a page and a key each */

/* Where the root of the acts leads on by their numbers: behind the act at this index there is nothing to be found. */
static void
lead_astray(const char *db, uint8_t index)
{
	struct buf file = BUF_EMPTY;
	struct sql *sql = NULL;
	int64_t root;
	size_t cell = 0;

	REQUIRE(sql_open(&sql, db, SQL_READ, &err));
	REQUIRE(
	    sql_number(&root, sql, "SELECT rootpage FROM sqlite_schema WHERE name = 'acts'", &err));
	sql_close(sql);
	REQUIRE(file_read(&file, db, LIMIT_BUF_BYTES, &err));
	uint8_t *page = file.ptr + (root - 1) * PAGE_BYTES;
	assert_int_equal(page[0], INTERIOR_TABLE);
	const size_t cells = (size_t)(page[3] << 8 | page[4]);
	for (size_t i = 0; i < cells && (cell == 0 || page[cell + 4] < index); i++)
		cell = (size_t)(page[12 + 2 * i] << 8 | page[13 + 2 * i]);
	page[cell + 4] = page[cell + 4] < index ? index : (uint8_t)(index - 1);
	REQUIRE(file_write(db, buf_span(&file), 0640, &err));
	buf_free(&file);
}

/* A certificate whose act only a whole reading of the table still shows is not forgotten. */
static void
threat_35_an_act_that_cannot_be_looked_up_is_not_forgotten(void **state)
{
	(void)state;
	struct offices o;
	struct sql *sql = NULL;
	int64_t made;

	offices_open(&o);
	ledger_sql(o.ledger.db, "PRAGMA wal_checkpoint(TRUNCATE);");
	REQUIRE(sql_open(&sql, o.ledger.db, SQL_READ, &err));
	REQUIRE(sql_number(&made, sql, "SELECT max(made_index) FROM instruments", &err));
	sql_close(sql);
	lead_astray(o.ledger.db, (uint8_t)made);
	assert_int_equal(unlink(o.pdf), 0);
	finds(&o.question, "is missing", "a certificate whose act cannot be looked up");
	offices_close(&o);
}

/* The checkpoint kept outside was published: whoever has it knows that as much must still be there. */
static void
what_was_published_once_is_still_there(void **state)
{
	(void)state;
	static const char *const names[] = { "v1/snapshot", "log/checkpoint" };
	struct buf kept[2] = { BUF_EMPTY, BUF_EMPTY };
	struct offices o;
	char path[2][192];

	offices_open(&o);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		snprintf(path[i], sizeof path[i], "%s/%s", o.published, names[i]);
		REQUIRE(file_read(&kept[i], path[i], LIMIT_BUF_BYTES, &err));
		assert_int_equal(unlink(path[i]), 0);
	}
	finds(&o.question, "published now has 0", "both are gone");
	struct audit_question q = o.question;
	q.checkpoint = span_of(NULL, 0);
	assert_true(ask(&q).clean); /* perhaps nothing ever was published */
	REQUIRE(file_write(path[0], buf_span(&kept[0]), 0644, &err));
	finds(&q, "log/checkpoint is missing", "the log is gone");
	assert_int_equal(unlink(path[0]), 0);
	REQUIRE(file_write(path[1], buf_span(&kept[1]), 0644, &err));
	finds(&q, "v1/snapshot is missing", "the snapshot is gone");
	for (size_t i = 0; i < COUNT_OF(names); i++)
		buf_free(&kept[i]);
	offices_close(&o);
}

static void
a_host_that_the_bundle_does_not_list_is_named(void **state)
{
	(void)state;
	struct offices o;

	offices_open(&o);
	o.question.host = "v.example";
	assert_true(ask(&o.question).clean);
	o.question.host = "w.example";
	finds(&o.question, "the host w.example", "host");
	offices_close(&o);
}

/* ---- checkpoints kept outside ---- */

static void
a_checkpoint_by_the_known_key_must_verify(void **state)
{
	(void)state;
	struct offices o;
	struct buf note = BUF_EMPTY;
	struct err why = { 0 };
	struct audit_result r;

	offices_open(&o);
	buf_add_span(&note, buf_span(&o.checkpoint));
	uint8_t *digit = memchr(note.ptr, '\n', note.len); /* behind it the size */
	digit[2] = '2';                                    /* 13 -> 12 */
	o.question.checkpoint = buf_span(&note);
	finds(&o.question, "the checkpoint kept outside", "size changed");
	o.question.checkpoint = span_text("v.example/log 14");
	assert_false(registry_audit(&r, &o.question, &why));
	assert_int_equal(why.code, ERR_MALFORMED);
	o.question.checkpoint = span_text(
	    "w.example/log 14 0000000000000000000000000000000000000000000000000000000000000000");
	finds(&o.question, "of another log", "origin");
	buf_free(&note);
	offices_close(&o);
}

static void
a_policy_that_was_exchanged_is_named(void **state)
{
	(void)state;
	struct offices o;

	offices_open(&o);
	struct policy other = o.ledger.bureau->policy;
	other.hash[0] ^= 1;
	o.question.policies = &other;
	finds(&o.question, "names a policy that is not here", "policy");
	offices_close(&o);
}

/* ---- the published log alone ---- */

static struct audit_result
ask_log(const struct offices *o, struct span checkpoint)
{
	struct audit_result result;
	struct audit_question q = {
		.published = o->published, .root = o->question.root, .checkpoint = checkpoint
	};
	REQUIRE(registry_audit_log(&result, &q, &err));
	return result;
}

static void
finds_in_log(const struct offices *o, struct span checkpoint, const char *words)
{
	struct audit_result r = ask_log(o, checkpoint);
	if (r.clean || strstr(r.finding, words) == NULL)
		fail_msg("\"%s\"; want \"%s\"", r.finding, words);
}

/* A checkpoint of an earlier size, as somebody kept it. */
static void
kept(struct buf *out, const struct offices *o, uint64_t size, bool right)
{
	struct registry *r = NULL;
	struct registry_config config = { .path = o->question.registry, .read_only = true };
	struct checkpoint c = { .origin = span_text(BUREAU_ORIGIN), .size = size };

	REQUIRE(registry_open(&r, &config, &err));
	REQUIRE(registry_root_at(&c.root, r, size, &err));
	registry_close(r);
	c.root.b[3] ^= !right;
	out->len = 0;
	checkpoint_encode(out, &c);
}

static void
anybody_can_ask_whether_the_log_only_grew(void **state)
{
	(void)state;
	struct offices o;
	struct buf early = BUF_EMPTY;

	offices_open(&o);
	struct audit_result r = ask_log(&o, span_of(NULL, 0));
	if (!r.clean)
		fail_msg("%s", r.finding);
	assert_int_equal(r.size, o.published_size);
	assert_true(lists(&r, "no witness") && lists(&r, "a checkpoint kept outside"));
	for (uint64_t size = 1; size <= o.published_size; size++) {
		kept(&early, &o, size, true);
		r = ask_log(&o, buf_span(&early));
		if (!r.clean)
			fail_msg("%s", r.finding);
		assert_int_equal(r.checkpoint_size, size);
		assert_true(r.checkpoint_recorded_s >= BUREAU_START_S);
		kept(&early, &o, size, false);
		finds_in_log(&o, buf_span(&early), "the checkpoint kept outside does not fit");
	}
	kept(&early, &o, o.published_size + 1, true);
	finds_in_log(&o, buf_span(&early), "some were removed");
	finds_in_log(&o,
	    span_text("w.example/log 14 "
		      "0000000000000000000000000000000000000000000000000000000000000000"),
	    "of another log");
	buf_free(&early);
	offices_close(&o);
}

static void
a_published_log_that_was_changed_is_named(void **state)
{
	static const struct {
		const char *file, *words;
		bool sized; /* the file's name ends in the size of the log */
	} rows[] = {
		{ "log/tile/entries/000.p/", "tile/entries/000.p/", true },
		{ "log/checkpoint", "no log is published", false },
		{ "v1/trust-bundles/7", "v1/trust-bundles/7", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct offices o;
		char path[192];
		offices_open(&o);
		snprintf(path, sizeof path, "%s/%s%.0u", o.published, rows[i].file,
		    rows[i].sized ? (unsigned)o.published_size : 0); /* %.0u: nothing for 0 */
		offices_spoil(path);
		struct audit_result r = ask_log(&o, span_of(NULL, 0));
		assert_false(r.clean);
		unlink(path);
		finds_in_log(&o, span_of(NULL, 0), rows[i].words);
		offices_close(&o);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_is_clean_and_counted),
		cmocka_unit_test(a_lone_copy_is_audited_without_touching_it),
		cmocka_unit_test(the_line_kept_is_a_checkpoint),
		cmocka_unit_test(threat_35_what_an_insider_changes_is_named),
		cmocka_unit_test(threat_34_a_register_that_went_back_is_found_from_outside),
		cmocka_unit_test(another_history_does_not_pass_for_ours),
		cmocka_unit_test(roots_under_a_copied_id_are_another_bureaus),
		cmocka_unit_test(files_that_differ_are_named),
		cmocka_unit_test(a_full_tile_stands_for_the_partial_one),
		cmocka_unit_test(issued_files_and_parts_are_compared),
		cmocka_unit_test(threat_35_an_act_that_cannot_be_looked_up_is_not_forgotten),
		cmocka_unit_test(what_was_published_once_is_still_there),
		cmocka_unit_test(a_host_that_the_bundle_does_not_list_is_named),
		cmocka_unit_test(a_checkpoint_by_the_known_key_must_verify),
		cmocka_unit_test(a_policy_that_was_exchanged_is_named),
		cmocka_unit_test(anybody_can_ask_whether_the_log_only_grew),
		cmocka_unit_test(a_published_log_that_was_changed_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
