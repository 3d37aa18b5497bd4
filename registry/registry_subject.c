#include "registry/store.h"

#include "core/encode.h"
#include "registry/case_ground.h"
#include "registry/ground.h"

#include <stdlib.h>

/* The last stop, if no resumption was approved after it. */
#define SQL_STOPPED                                                                                \
	"SELECT count(*) FROM links WHERE kind = 70 AND log_index >"                               \
	" (SELECT coalesce(max(answer_index), -1) FROM proposals WHERE kind = 71 AND state = 1)"

static const struct policy *
find_policy(const struct registry *r, const uint8_t hash[SHA256_BYTES])
{
	for (size_t i = 0; i < r->config.n_policies; i++)
		if (memcmp(r->config.policies[i].hash, hash, SHA256_BYTES) == 0)
			return &r->config.policies[i];
	return NULL;
}

bool
store_rules(struct judge *j, const struct registry *r, const struct trust *trust, struct err *err)
{
	char hex[2 * SHA256_BYTES + 1];

	j->bundle = trust_bundle(trust);
	j->policy = find_policy(r, j->bundle->policy_hash);
	if (j->policy != NULL)
		return (memcmp(j->policy->licence_table, ground_table_hash(), SHA256_BYTES) == 0 &&
			   memcmp(j->policy->case_table, case_ground_table_hash(), SHA256_BYTES) ==
			       0) ||
		    err_set(err, ERR_REFUSED,
			"the policy \"%s\" names another table of grounds than this program has",
			j->policy->name);
	hex_encode(hex, span_of(j->bundle->policy_hash, SHA256_BYTES));
	return err_set(err, ERR_NOT_FOUND,
	    "trust bundle %llu names a policy that is not here: SHA-256 %s",
	    (unsigned long long)j->bundle->seq, hex);
}

static bool
load_stopped(struct judge *j, struct registry *r, struct err *err)
{
	struct row *row = r->row;
	int64_t stops;

	if (row != NULL && row->stop_known) {
		j->stopped = row->stopped;
		return true;
	}
	if (!sql_number(&stops, r->db, SQL_STOPPED, err))
		return false;
	j->stopped = stops > 0;
	if (row != NULL) {
		row->stop_known = true;
		row->stopped = j->stopped;
	}
	return true;
}

static bool
load_epoch(struct judge *j, struct registry *r, struct err *err)
{
	struct registry_epoch last;
	if (!store_epoch(&last, r, err))
		return false;
	j->epoch_index = last.index;
	j->lists = last.lists;
	return true;
}

/* Under which bundle and policy; none before the first act. */
static bool
load_rules(struct judge *j, struct registry *r, struct err *err)
{
	const struct trust *trust;
	struct err absent = { 0 };

	if (!store_trust(&trust, r, &absent))
		return absent.code == ERR_NOT_FOUND || err_set(err, absent.code, "%s", absent.text);
	j->adopted = r->adopted;
	j->n_adopted = r->n_adopted;
	return load_stopped(j, r, err) && load_epoch(j, r, err) && store_rules(j, r, trust, err);
}

/* A number that was issued is a licence; any other is nothing. */
static bool
load_licence(struct registry_subject *s, struct registry *r, struct span number, struct err *err)
{
	struct err absent = { 0 };

	if (!registry_find_instrument(&s->instrument, r, number, &absent))
		return absent.code == ERR_NOT_FOUND || err_set(err, absent.code, "%s", absent.text);
	return registry_licence_load(&s->versions, r, number, err) &&
	    credential_parse(
		&s->credential, span_of(s->instrument.qc1, s->instrument.qc1_len), err);
}

static bool
load(struct registry_subject *s, struct registry *r, struct span subject, struct err *err)
{
	return registry_chain(&s->chain, r, subject, err) &&
	    (act_subject_of(subject) != SUBJECT_NUMBER || load_licence(s, r, subject, err));
}

static bool
fold_licence(struct registry_subject *s, int64_t now_s, struct err *err)
{
	const struct licence_facts facts =
	    registry_licence_facts(&s->versions, s->chain.entries, s->chain.n);

	licence_free(&s->licence);
	if (s->versions.n == 0)
		return true;
	s->judge.licence = &s->licence;
	s->judge.claims = &s->credential.claims;
	return licence_fold(&s->licence, &facts, now_s, err);
}

bool
store_subject_fold(struct registry_subject *s, struct registry *r, struct span subject,
    int64_t now_s, struct err *err)
{
	struct store_head head;

	s->judge =
	    (struct judge){ .now_s = now_s, .chain = s->chain.entries, .n_chain = s->chain.n };
	if (!store_head_load(&head, r, err) || !load_rules(&s->judge, r, err))
		return false;
	s->judge.last_s = head.recorded_s;
	switch (act_subject_of(subject)) {
	case SUBJECT_CASE:
		case_fold(&s->dossier, s->chain.entries, s->chain.n, now_s);
		s->judge.dossier = &s->dossier;
		return true;
	case SUBJECT_NUMBER:
		return fold_licence(s, now_s, err);
	default:
		return true;
	}
}

bool
registry_subject_load(struct registry_subject *out, struct registry *r, struct span subject,
    int64_t now_s, struct err *err)
{
	*out = (struct registry_subject){ 0 };
	return load(out, r, subject, err) && store_subject_fold(out, r, subject, now_s, err);
}

void
registry_subject_free(struct registry_subject *s)
{
	registry_chain_free(&s->chain);
	licence_free(&s->licence);
	registry_licence_free(&s->versions);
	*s = (struct registry_subject){ 0 };
}
