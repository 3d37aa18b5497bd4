#include "issuer/auditor.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "credential/checkpoint.h"
#include "credential/snapshot.h"
#include "issuer/bureau.h"
#include "issuer/waiting.h"
#include "keys/head.h"
#include "registry/act_file.h"
#include "registry/audit.h"

#include <stdlib.h>

#define AHEAD_S 300 /* as verifiers have it: nothing dated later than the clock plus 5 minutes */

/* One candidate. */
struct signing {
	const struct auditor *auditor;
	struct auditor_report *report;
	int64_t now_s;
	struct buf file; /* the candidate, as it came */
	struct cose_sign envelope;
	struct snapshot *manifest;
	uint64_t size; /* of the log, as its checkpoint claims */
	struct buf head_path;
	struct head last; /* what the key signed last; zeros: nothing */
	struct policy *policies;
	size_t n_policies;
	struct registry *replica;
	struct buf replica_path; /* the replica borrows it, and the policies */
	struct buf cosigned;
};

static void
free_all(struct signing *s)
{
	registry_close(s->replica);
	buf_free(&s->replica_path);
	free(s->policies);
	snapshot_free(s->manifest);
	buf_free(&s->file);
	buf_free(&s->head_path);
	buf_free(&s->cosigned);
}

void
auditor_report_free(struct auditor_report *r)
{
	buf_free(&r->file);
}

/* FOLDER/NAME, appended. */
static bool
path_of(struct buf *out, const char *folder, const char *name, struct err *err)
{
	buf_printf(out, "%s/%s", folder, name);
	return buf_ok(out, err);
}

/* A file of a folder, appended; *found says whether there is one. */
static bool
read_file(struct buf *out, bool *found, const char *folder, const char *name, size_t max_bytes,
    struct err *err)
{
	struct buf path = BUF_EMPTY;
	struct err why = { 0 };

	bool ok = path_of(&path, folder, name, err);
	*found = ok && file_read(out, buf_text(&path), max_bytes, &why);
	if (ok && !*found && why.code != ERR_NOT_FOUND)
		ok = err_set(err, why.code, "%s", why.text);
	buf_free(&path);
	return ok;
}

/* ---- the candidate ---- */

/* Nothing to sign, and no bureau to be seen, are two things. */
static bool
check_copy(const struct auditor *a, struct err *err)
{
	struct buf path = BUF_EMPTY;

	bool ok = path_of(&path, a->copy, "second/acts.log", err) &&
	    (file_exists(buf_text(&path)) ||
		err_set(err, ERR_NOT_FOUND,
		    "%s has no second/acts.log: it should be the bureau's folder, or a copy of it",
		    a->copy));
	buf_free(&path);
	return ok;
}

static bool
read_candidate(bool *found, struct signing *s, struct err *err)
{
	struct checkpoint c;

	if (!check_copy(s->auditor, err) ||
	    !read_file(
		&s->file, found, s->auditor->copy, "cosign/candidate", LIMIT_SNAPSHOT_BYTES, err))
		return false;
	if (!*found)
		return true;
	if (!snapshot_parse_file(&s->envelope, &s->manifest, buf_span(&s->file), err) ||
	    !checkpoint_parse_note(&c, s->manifest->checkpoint, err))
		return err_in(err, "cosign/candidate");
	s->size = c.size;
	s->report->seq = s->manifest->seq;
	s->report->size = c.size;
	return true;
}

/* ---- what was signed before ---- */

static bool
read_head(struct signing *s, struct err *err)
{
	const char *key = s->auditor->key_path;
	size_t len = strlen(key);
	struct err why = { 0 };

	if (len > 4 && strcmp(key + len - 4, ".pem") == 0)
		len -= 4;
	buf_printf(&s->head_path, "%.*s.head", (int)len, key);
	return buf_ok(&s->head_path, err) &&
	    (head_read(&s->last, buf_text(&s->head_path), &why) || why.code == ERR_NOT_FOUND ||
		err_set(err, why.code, "%s", why.text));
}

/* What was signed under the candidate's number, into s->cosigned, if it was these bytes. */
static bool
recall(bool *same, struct signing *s, struct err *err)
{
	struct cose_sign before;
	struct err none = { 0 };
	bool found;

	if (!read_file(
		&s->cosigned, &found, s->auditor->folder, "cosigned", LIMIT_SNAPSHOT_BYTES, err))
		return false;
	*same = found && cose_sign_parse(&before, buf_span(&s->cosigned), SNAPSHOT_TYP, &none) &&
	    span_equal(before.payload, buf_span(&s->manifest->bytes));
	return true;
}

/* *again: these very bytes were signed before. Never a lower number, nor another snapshot under one. */
static bool
check_sequence(bool *again, struct signing *s, struct err *err)
{
	const unsigned long long offered = s->manifest->seq, last = s->last.seq;

	*again = false;
	if (offered < last)
		return err_set(err, ERR_REFUSED,
		    "the candidate is number %llu, but %llu was signed here already: it is older",
		    offered, last);
	if (offered > last)
		return true;
	if (!recall(again, s, err))
		return false;
	return *again ||
	    err_set(err, ERR_REFUSED,
		"there are two different snapshots with the number %llu: the bureau's status key "
		"signed both, so find out who used it",
		offered);
}

/* ---- the replica ---- */

static bool
open_replica(struct signing *s, struct err *err)
{
	struct buf *path = &s->replica_path;
	struct err why = { 0 };

	return path_of(path, s->auditor->folder, "registry.db", err) &&
	    bureau_policies(&s->policies, &s->n_policies, s->auditor->copy, err) &&
	    (registry_create(buf_text(path), &why) || why.code == ERR_CONFLICT ||
		err_set(err, why.code, "%s", why.text)) &&
	    registry_open(&s->replica,
		&(struct registry_config){ .path = buf_text(path),
		    .command = "audit --sign",
		    .policies = s->policies,
		    .n_policies = s->n_policies },
		err);
}

static bool
read_root(struct buf *out, const struct auditor *a, struct err *err)
{
	struct buf path = BUF_EMPTY;

	bool ok = a->root != NULL || path_of(&path, a->folder, "root.cose", err);
	ok = ok &&
	    file_read(out, a->root != NULL ? a->root : buf_text(&path), LIMIT_BUNDLE_BYTES, err);
	buf_free(&path);
	return ok;
}

/* The replica grows to just the candidate's size: its parts are those of that moment. */
static bool
follow(struct signing *s, struct err *err)
{
	struct registry_head head;
	struct act_file *file = NULL;
	struct buf acts = BUF_EMPTY, root_file = BUF_EMPTY;

	if (!registry_head(&head, s->replica, err))
		return false;
	if (s->size < head.size)
		return err_set(err, ERR_REFUSED,
		    "the candidate covers %llu entries, but %llu were judged here already: acts "
		    "were removed",
		    (unsigned long long)s->size, (unsigned long long)head.size);
	bool ok = path_of(&acts, s->auditor->copy, "second/acts.log", err) &&
	    read_root(&root_file, s->auditor, err) &&
	    act_file_open(&file, buf_text(&acts), false, err);
	const struct span root = buf_span(&root_file);
	ok = ok && registry_take(s->replica, file, s->size, &root, err);
	if (ok)
		s->report->judged = s->size - head.size;
	act_file_close(file);
	buf_free(&acts);
	buf_free(&root_file);
	return ok;
}

/* ---- does it follow? ---- */

/* A newer bundle may say that a key was stolen: the bureau must not go on as if it had not come. */
static bool
check_waiting(struct signing *s, struct err *err)
{
	struct buf path = BUF_EMPTY;
	uint64_t seq = 0;

	bool ok = path_of(&path, s->auditor->folder, "trust-bundle", err) &&
	    waiting_look(&seq, s->replica, buf_text(&path), s->now_s, err);
	buf_free(&path);
	return ok &&
	    (seq == 0 ||
		err_set(err, ERR_REFUSED,
		    "ACT-06: trust bundle %llu has come here, and the bureau has not adopted it",
		    (unsigned long long)seq));
}

static bool
check_times(const struct signing *s, const struct bundle *b, struct err *err)
{
	const struct snapshot *m = s->manifest;

	if (m->iat_s > s->now_s + AHEAD_S)
		return err_set(err, ERR_REFUSED,
		    "the candidate is dated %lld seconds ahead of the clock here: it would be good "
		    "for longer than it may",
		    (long long)(m->iat_s - s->now_s));
	if (m->exp_s != m->iat_s + b->snapshot_age_s)
		return err_set(err, ERR_REFUSED,
		    "the candidate would not be good for just as long as trust bundle %llu says",
		    (unsigned long long)b->seq);
	return s->now_s < m->exp_s ||
	    err_set(err, ERR_REFUSED, "the candidate's time is over: the bureau makes another");
}

static bool
judge(struct signing *s, struct err *err)
{
	const struct trust *trust;
	struct audit_result *result = calloc(1, sizeof *result);

	if (result == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = registry_audit_candidate(result, s->replica, buf_span(&s->file), err) &&
	    (result->clean || err_set(err, ERR_REFUSED, "%s", result->finding)) &&
	    registry_trust(&trust, s->replica, err) && check_times(s, trust_bundle(trust), err) &&
	    check_waiting(s, err);
	s->report->parts = result->parts;
	free(result);
	return ok;
}

/* ---- signing ---- */

/* Added to the candidate; would it count? */
static bool
sign(struct signing *s, struct err *err)
{
	const struct trust *trust;
	const struct bundle_key *key;
	struct cose_sign made;

	s->cosigned.len = 0;
	if (!registry_trust(&trust, s->replica, err) ||
	    !signer_sign_too(
		&s->cosigned, s->auditor->key, SNAPSHOT_TYP, buf_span(&s->file), err) ||
	    !cose_sign_parse(&made, buf_span(&s->cosigned), SNAPSHOT_TYP, err))
		return false;
	enum trust_answer answer = trust_verify_snapshot(&key, trust, &made, s->manifest->iat_s);
	return answer == TRUST_YES || answer == TRUST_QUORUM ||
	    err_set(err, ERR_REFUSED,
		"trust bundle %llu lists no active audit key such as %s at this time",
		(unsigned long long)trust_bundle(trust)->seq, s->auditor->key_path);
}

/*
 * Kept here first, then remembered beside the key, and only then given out: after a crash anywhere between,
 * the same signature or none has left.
 */
static bool
keep(struct signing *s, const struct head *next, const struct merkle_hash *then, struct err *err)
{
	struct buf path = BUF_EMPTY;

	bool ok = path_of(&path, s->auditor->folder, "cosigned", err) &&
	    file_write(buf_text(&path), buf_span(&s->cosigned), 0600, err) &&
	    head_advance(buf_text(&s->head_path), next, then, err);
	buf_free(&path);
	return ok;
}

/* Only over a log that extends the one signed over before. */
static bool
sign_and_keep(struct signing *s, struct err *err)
{
	struct registry_head head;
	struct merkle_hash then;
	const struct trust *trust;

	if (!registry_head(&head, s->replica, err) || !registry_trust(&trust, s->replica, err))
		return false;
	const struct head next = { trust_bundle(trust)->log.epoch, s->manifest->seq, head.size,
		head.root };
	const bool held = s->last.seq > 0 && s->last.epoch == next.epoch;
	return (!held || registry_root_at(&then, s->replica, s->last.size, err)) &&
	    (s->last.seq == 0 || head_extends(&s->last, &next, held ? &then : NULL, err)) &&
	    sign(s, err) && keep(s, &next, held ? &then : NULL, err);
}

static bool
give_out(struct signing *s, struct err *err)
{
	struct buf have = BUF_EMPTY, *path = &s->report->file;
	char kid[2 * COSE_KID_BYTES + 1];
	struct err none = { 0 };

	hex_encode(kid, signer_kid(s->auditor->key));
	buf_printf(path, "%s/cosign/candidate.%s", s->auditor->copy, kid);
	if (!buf_ok(path, err))
		return false;
	bool there = file_read(&have, buf_text(path), LIMIT_SNAPSHOT_BYTES, &none) &&
	    span_equal(buf_span(&have), buf_span(&s->cosigned));
	buf_free(&have);
	return there || file_write(buf_text(path), buf_span(&s->cosigned), 0644, err);
}

/* All that is asked of one state of the replica. */
static bool
judge_and_sign(struct signing *s, struct err *err)
{
	if (!open_replica(s, err) || !follow(s, err) || !registry_view_begin(s->replica, err))
		return false;
	bool ok = judge(s, err) && sign_and_keep(s, err);
	registry_view_end(s->replica);
	return ok;
}

bool
auditor_sign(struct auditor_report *out, const struct auditor *a, int64_t now_s, struct err *err)
{
	struct signing s = { .auditor = a, .report = out, .now_s = now_s };
	bool found = false, again = false;

	*out = (struct auditor_report){ 0 };
	bool ok = read_candidate(&found, &s, err);
	if (ok && found) {
		ok = read_head(&s, err) && check_sequence(&again, &s, err) &&
		    (again || judge_and_sign(&s, err)) && give_out(&s, err);
		out->did = again ? AUDITOR_REPEATED : AUDITOR_SIGNED;
	}
	free_all(&s);
	return ok;
}
