#include "registry/quorum.h"
#include "registry/store.h"

#include "core/limits.h"

#include <stdlib.h>

#define SQL_ACT_PUT "INSERT INTO main.acts VALUES (?, ?, ?)"
#define SQL_LINK_PUT "INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
#define SQL_BUNDLE_PUT "INSERT INTO bundles VALUES (?, ?, ?)"
#define SQL_KNOWN_ACT "SELECT count(*) FROM links WHERE hash = ? OR nonce = ?"
#define SQL_KNOWN_KEY "SELECT count(*) FROM links WHERE idempotency = ?"
#define SQL_KNOWN_NUMBER "SELECT count(*) FROM slots WHERE number = ?"
/* Approved, not made, and still in time. */
#define SQL_AWAITED_NUMBER                                                                         \
	"SELECT count(*) FROM slots JOIN proposals ON log_index = proposal_index"                  \
	" WHERE number = ? AND slots.state = 1 AND not_after_s > ?"
#define SQL_KNOWN_SLOT                                                                             \
	"SELECT (SELECT count(*) FROM slots WHERE list = ?1 AND idx = ?2) +"                       \
	" (SELECT count(*) FROM floor_slots WHERE list = ?1 AND idx = ?2)"

/* The count a prepared statement gives, as "is there any?". */
static bool
any(bool *out, struct sql_stmt *q, struct err *err)
{
	bool row;
	bool ok = sql_next(q, &row, err);
	*out = ok && row && sql_get_int(q) > 0;
	sql_end(q);
	return ok;
}

/* An act whose marks nobody had before, in a log that is remembered from its beginning, is new. */
static bool
is_new(const struct known *k, const struct act *act)
{
	return k != NULL && !known_has(k, act->hash) && !known_has(k, act->nonce) &&
	    (!act->has_idempotency || !known_has(k, act->idempotency));
}

static bool
mark_known(struct known *k, const struct act *act, struct err *err)
{
	return k == NULL ||
	    (known_add(k, act->hash, err) && known_add(k, act->nonce, err) &&
		(!act->has_idempotency || known_add(k, act->idempotency, err)));
}

static bool
load_known(struct judge *j, struct registry *r, const struct act *act, struct err *err)
{
	if (r->row != NULL && is_new(r->row->known, act))
		return true;
	struct sql_stmt *q = sql_use(r->db, SQL_KNOWN_ACT);
	sql_put_blob(q, span_of(act->hash, sizeof act->hash));
	sql_put_blob(q, span_of(act->nonce, sizeof act->nonce));
	if (!any(&j->act_known, q, err))
		return false;
	if (!act->has_idempotency)
		return true;
	q = sql_use(r->db, SQL_KNOWN_KEY);
	sql_put_blob(q, span_of(act->idempotency, sizeof act->idempotency));
	return any(&j->key_known, q, err);
}

/* Were the number and the slot of an issue proposal used before? */
static bool
load_taken(struct judge *j, struct registry *r, const struct body_issue *issue, struct err *err)
{
	struct claims claims;
	struct number number;
	if (!credential_claims_parse(&claims, issue->claims, err) ||
	    !number_parse(&number, claims.sub, err) ||
	    !registry_number_class(&j->number_class, r, number.year, err))
		return false;

	struct sql_stmt *q = sql_use(r->db, SQL_KNOWN_NUMBER);
	sql_put_text(q, claims.sub);
	if (!any(&j->number_known, q, err))
		return false;
	q = sql_use(r->db, SQL_KNOWN_SLOT);
	sql_put_int(q, claims.list);
	sql_put_int(q, claims.idx);
	return any(&j->slot_known, q, err);
}

/* The application that this act brought is read, once. */
static bool
read_applied(struct registry_subject *s, const struct chain_entry *brought, struct err *err)
{
	if (!s->has_read || s->read_index != brought->index) {
		s->has_read = applied_read(&s->read, brought->body.submit.application, err);
		s->read_index = brought->index;
	}
	s->judge.applied = s->read;
	return s->has_read;
}

/* What stands against an application, and the licence it is about. */
static bool
load_applied(struct registry_subject *subject, struct registry *r,
    const struct chain_entry *brought, int64_t now_s, struct err *err)
{
	struct registry_applied *found = &subject->applied;

	if (!read_applied(subject, brought, err) ||
	    !registry_applied(found, r, &subject->judge.applied, now_s, err))
		return false;
	subject->judge.bar = found->barred ? &found->bar : NULL;
	subject->judge.of = found->of;
	return true;
}

/* Of a case: what was applied for and, where that is about a licence, where that stands. */
static bool
load_about(struct registry_subject *subject, struct registry *r, int64_t now_s, struct err *err)
{
	struct judge *j = &subject->judge;

	if (j->dossier == NULL || j->dossier->application == NULL)
		return true;
	if (!read_applied(subject, j->dossier->application, err))
		return false;
	if (j->applied.of[0] == '\0')
		return true;
	if (!registry_applied(&subject->applied, r, &j->applied, now_s, err))
		return false;
	j->of = subject->applied.of;
	return true;
}

/* Of a case: its application. */
static bool
load_application(struct registry_subject *subject, struct err *err)
{
	const struct case_state *dossier = subject->judge.dossier;

	return dossier == NULL || dossier->application == NULL ||
	    read_applied(subject, dossier->application, err);
}

/* What is to be known where a certificate is approved that follows another. */
static bool
load_awaited(struct registry_subject *subject, struct registry *r, int64_t now_s, struct err *err)
{
	struct judge *j = &subject->judge;
	const struct chain_entry *proposal = j->n_chain > 0 ? &j->chain[j->n_chain - 1] : NULL;
	struct claims claims;

	if (proposal == NULL || !judge_follows(proposal))
		return true;
	if (!credential_claims_parse(&claims, proposal->body.issue.claims, err))
		return false;
	struct sql_stmt *q = sql_use(r->db, SQL_AWAITED_NUMBER);
	sql_put_text(q, claims.sub);
	sql_put_int(q, now_s);
	return any(&j->number_awaited, q, err) && load_about(subject, r, now_s, err);
}

/* A credential goes into the register only under a signature that holds. */
static bool
check_credential(const struct trust *trust, const struct chain_entry *e, struct err *err)
{
	const struct bundle_key *key;
	struct credential credential;

	if (!credential_parse(&credential, e->body.made.qc1, err))
		return false;
	if (trust_verify_credential(&key, trust, &credential) == TRUST_YES &&
	    key->state == KEY_ACTIVE && bundle_key_covers(key, e->recorded_s) &&
	    bundle_key_covers(key, credential.claims.iat_s) &&
	    span_equal(key->issuer, credential.claims.iss))
		return true;
	return err_set(err, ERR_REFUSED,
	    "the credential in it is not signed by an active credential key of the trust bundle");
}

/*
 * What is approved here must be possible to make and to verify, or the case could go neither on nor back:
 * the function that signer and verifier ask is asked now.
 */
static bool
check_agreement(const struct trust *trust, const struct registry_subject *subject,
    const struct chain_entry *e, struct err *err)
{
	const struct judge *j = &subject->judge;
	struct quorum *agreed = NULL;
	struct err why = { 0 };

	if (e->act.kind != ACT_APPROVE || !act_body_makes(e->body.answer.proposal_kind))
		return true;
	const struct chain_entry *proposal = &j->chain[j->n_chain - 1]; /* APP-02 saw to it */
	const enum quorum_answer answer = quorum_check(
	    &agreed, trust, proposal->body.issue.claims, proposal->act.bytes, e->act.bytes, &why);
	quorum_free(agreed);
	if (answer == QUORUM_UNDECIDED)
		return err_set(err, why.code, "%s", why.text);
	return answer == QUORUM_AGREED || err_set(err, ERR_REFUSED, "APP-04: %s", why.text);
}

static bool
put_link(struct registry *r, const struct chain_entry *e, uint64_t index, uint64_t file_end,
    struct err *err)
{
	const struct act *act = &e->act;

	struct sql_stmt *q = sql_use(r->db, SQL_LINK_PUT);
	sql_put_int(q, (int64_t)index);
	sql_put_blob(q, span_of(act->hash, sizeof act->hash));
	sql_put_text(q, act->subject);
	sql_put_int(q, (int64_t)act->seq);
	sql_put_int(q, act->kind);
	sql_put_blob(q, span_of(act->nonce, sizeof act->nonce));
	if (act->has_idempotency)
		sql_put_blob(q, span_of(act->idempotency, sizeof act->idempotency));
	else
		sql_put_null(q);
	sql_put_blob(q, span_of(e->who.person, sizeof e->who.person));
	sql_put_blob(q, span_of(e->who.key, sizeof e->who.key));
	sql_put_int(q, (int64_t)file_end);
	return sql_do(q, err);
}

static bool
put_act(struct registry *r, const struct chain_entry *e, uint64_t index, enum record_from from,
    struct err *err)
{
	if (from == RECORD_ROW)
		return true;
	struct sql_stmt *q = sql_use(r->db, SQL_ACT_PUT);
	sql_put_int(q, (int64_t)index);
	sql_put_int(q, e->recorded_s);
	sql_put_blob(q, from == RECORD_NEW ? e->act.bytes : span_of(NULL, 0));
	return sql_do(q, err);
}

static bool
put_bundle(struct registry *r, struct span file, uint64_t index, struct err *err)
{
	struct cose_sign envelope;
	struct bundle *bundle = NULL;

	if (!bundle_parse_file(&envelope, &bundle, file, err))
		return false;
	store_trust_forget(r);
	struct sql_stmt *q = sql_use(r->db, SQL_BUNDLE_PUT);
	sql_put_int(q, (int64_t)bundle->seq);
	sql_put_int(q, (int64_t)index);
	sql_put_blob(q, file);
	bundle_free(bundle);
	return sql_do(q, err);
}

/* An act that is judged to be right goes into the tables. */
static bool
put(struct registry *r, struct store_head *head, const struct chain_entry *e,
    struct registry_subject *subject, enum record_from from, struct err *err)
{
	const uint64_t index = head->size;
	const uint64_t file_end = head->file_end + ACT_FILE_OVERHEAD + e->act.bytes.len;

	if (!put_act(r, e, index, from, err) || !put_link(r, e, index, file_end, err) ||
	    !store_log_append(r, head, e, err))
		return false;
	if (e->act.kind == ACT_REGISTER)
		return put_bundle(r, e->body.reg.bundle, index, err);
	if (e->act.kind == ACT_ADOPT && !put_bundle(r, e->body.adopt.bundle, index, err))
		return false;
	return store_project(r, subject, e, index, err);
}

/* The facts about a loss are asked again when it is accepted: meanwhile the acts may have been found. */
static bool
check_accepting(struct registry *r, const struct registry_subject *subject,
    const struct chain_entry *e, const struct trust *held, struct err *err)
{
	const size_t n = subject->chain.n;
	const struct chain_entry *last = n > 0 ? &subject->chain.entries[n - 1] : NULL;

	return last == NULL || last->act.kind != ACT_ACCEPT_LOSS ||
	    store_check_loss(r, &last->body.loss, held, e->recorded_s, err);
}

/* Everything that must be known of the act itself before the rules are asked. */
static bool
check_content(struct trust **first, struct registry_subject *subject, struct registry *r,
    const struct chain_entry *e, const struct trust *held, struct err *err)
{
	if (!load_known(&subject->judge, r, &e->act, err))
		return false;
	switch (e->act.kind) {
	case ACT_REGISTER:
	case ACT_ADOPT:
		return store_check_bundle(first, r, e, e->recorded_s, err);
	case ACT_SUBMIT:
	case ACT_AMEND:
		return load_applied(subject, r, e, e->recorded_s, err);
	case ACT_DECIDE:
		return load_application(subject, err);
	case ACT_ISSUE:
	case ACT_REISSUE:
	case ACT_REGRADE:
		return load_taken(&subject->judge, r, &e->body.issue, err) &&
		    load_about(subject, r, e->recorded_s, err);
	case ACT_APPROVE:
		return load_awaited(subject, r, e->recorded_s, err) &&
		    check_accepting(r, subject, e, held, err);
	case ACT_MADE:
		return check_credential(held, e, err);
	case ACT_ACCEPT_LOSS:
		return store_check_loss(r, &e->body.loss, held, e->recorded_s, err);
	default:
		return true;
	}
}

/* judge_signer(), unless it gave its answer by this trust before. */
static bool
find_signer(const struct bundle_key **out, const struct store_act *act, const struct trust *trust,
    struct err *err)
{
	*out = act->signer;
	return (act->signer != NULL && act->bundle_seq == trust_bundle(trust)->seq) ||
	    judge_signer(out, trust, &act->entry.act, err);
}

static bool
judge(struct registry *r, struct store_act *act, struct registry_subject *subject,
    bool bundle_waiting, struct err *err)
{
	struct chain_entry *e = &act->entry;
	const struct bundle_key *signer;
	const struct trust *held = NULL;
	struct trust *first = NULL;

	if (e->act.kind != ACT_REGISTER && !store_trust(&held, r, err))
		return false;
	bool ok =
	    (subject->chain.n > 0
		    ? store_subject_fold(subject, r, e->act.subject, e->recorded_s, err)
		    : registry_subject_load(subject, r, e->act.subject, e->recorded_s, err)) &&
	    check_content(&first, subject, r, e, held, err) &&
	    (first == NULL || store_rules(&subject->judge, r, first, err));
	subject->judge.bundle_waiting = bundle_waiting;
	ok = ok && find_signer(&signer, act, first != NULL ? first : held, err);
	if (ok) {
		e->who = chain_who_of(signer, NULL);
		ok = judge_act(&subject->judge, e, signer, err) &&
		    check_agreement(held, subject, e, err);
	}
	trust_free(first);
	return ok;
}

/* Judge it after the subject's acts before, and put it behind them. */
static bool
judge_and_put(struct registry *r, struct store_head *head, struct store_act *act,
    struct registry_subject *subject, bool bundle_waiting, enum record_from from, struct err *err)
{
	return judge(r, act, subject, bundle_waiting, err) &&
	    put(r, head, &act->entry, subject, from, err);
}

/*
 * The subject is kept for its next act; but a certificate that was made is another thing to know of its
 * number. A bureau is stopped by acts on the register.
 */
static bool
keep(struct registry *r, struct registry_subject **subject, struct store_act *act, struct err *err)
{
	if (!mark_known(r->row->known, &act->entry.act, err))
		return false;
	if (act_subject_of(act->entry.act.subject) == SUBJECT_REGISTER)
		r->row->stop_known = false;
	if (!store_chain_add(&(*subject)->chain, act, err))
		return false;
	if (act->entry.act.kind == ACT_MADE)
		return store_save_case(r, *subject, err);
	if (!store_row_keep(r, *subject, err))
		return false;
	*subject = NULL;
	return true;
}

static bool
record(struct registry *r, struct store_head *head, struct store_act *act, bool bundle_waiting,
    enum record_from from, struct err *err)
{
	struct registry_subject *subject =
	    r->row != NULL ? store_row_take(r->row, act->entry.act.subject) : NULL;

	if (subject == NULL && (subject = calloc(1, sizeof *subject)) == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = judge_and_put(r, head, act, subject, bundle_waiting, from, err) &&
	    (r->row == NULL || keep(r, &subject, act, err));
	if (subject != NULL)
		registry_subject_free(subject);
	free(subject);
	return ok;
}

bool
store_record(uint64_t *index, struct registry *r, struct store_act *act, bool bundle_waiting,
    enum record_from from, struct err *err)
{
	struct chain_entry *e = &act->entry;
	struct store_head head;

	if (act->why.code != ERR_NONE)
		return err_set(err, act->why.code, "%s", act->why.text);
	if (!store_head_load(&head, r, err))
		return false;
	e->index = *index = head.size;
	if (e->recorded_s < head.recorded_s)
		return err_set(err, ERR_REFUSED, "it was recorded before the act in front of it");
	if (head.size == 0 && e->act.kind != ACT_REGISTER)
		return err_set(err, ERR_REFUSED, "ACT-07: the first act in a register opens it");
	return record(r, &head, act, bundle_waiting, from, err);
}
