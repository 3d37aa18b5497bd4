#include "issuer/issue_parts.h"

#include <stdlib.h>

/* Where it stands in its subject's chain, and what answered it. */
static void
find_in_chain(struct issue_making *m, const uint8_t hash[SHA256_BYTES])
{
	const struct registry_chain *chain = &m->subject.chain;

	for (size_t i = 0; i < chain->n; i++)
		if (memcmp(chain->entries[i].act.hash, hash, SHA256_BYTES) == 0)
			m->proposal = &chain->entries[i];
	const struct chain_entry *next = m->proposal + 1;
	if (next < chain->entries + chain->n && next->act.kind == ACT_APPROVE &&
	    chain_answers(next, m->proposal))
		m->approval = next;
}

static bool
load_made(struct issue_making *m, struct bureau *b, uint64_t index, struct err *err)
{
	struct err absent = { 0 };

	m->is_made = registry_find_made(&m->made, b->registry, index, &absent);
	return m->is_made || absent.code == ERR_NOT_FOUND ||
	    err_set(err, absent.code, "%s", absent.text);
}

static bool
name_it(struct issue_making *m, struct err *err)
{
	struct number number;

	if (!credential_claims_parse(&m->claims, m->proposal->body.issue.claims, err) ||
	    !number_parse(&number, m->claims.sub, err))
		return false;
	number_shown(m->number, &number);
	number_file(m->file, &number, m->claims.version);
	return true;
}

/* Approved, not made, and still to be made. */
static bool
waits(const struct issue_making *m)
{
	const struct registry_subject *s = &m->subject;

	return s->judge.dossier != NULL ? s->dossier.issue == m->proposal && s->dossier.made == NULL
					: s->licence.making == m->proposal;
}

static bool
load(struct issue_making *m, struct bureau *b, const struct registry_entry *entry, int64_t now_s,
    struct err *err)
{
	struct act act;

	if (!act_parse(&act, entry->bytes, err))
		return false;
	if (!act_body_makes(act.kind))
		return err_set(
		    err, ERR_USAGE, "no certificate is made by \"%s\"", act_kind_word(act.kind));
	if (!registry_subject_load(&m->subject, b->registry, act.subject, now_s, err))
		return false;
	find_in_chain(m, entry->hash);
	m->waits = waits(m);
	return name_it(m, err) && load_made(m, b, entry->index, err);
}

bool
issue_making_load(struct issue_making *out, struct bureau *b, const uint8_t proposal[SHA256_BYTES],
    int64_t now_s, struct err *err)
{
	struct registry_entry entry;
	struct buf bytes = BUF_EMPTY;

	*out = (struct issue_making){ 0 };
	bool ok = registry_find_act(&entry, &bytes, b->registry, proposal, err) &&
	    load(out, b, &entry, now_s, err);
	buf_free(&bytes);
	return ok;
}

void
issue_making_free(struct issue_making *m)
{
	registry_subject_free(&m->subject);
	*m = (struct issue_making){ 0 };
}
