#include "registry/chain.h"

bool
chain_entry_parse(struct chain_entry *out, struct span act, struct err *err)
{
	*out = (struct chain_entry){ 0 };
	return act_parse(&out->act, act, err) &&
	    act_body_parse(&out->body, out->act.kind, out->act.body, err);
}

struct chain_who
chain_who_of(const struct bundle_key *key, const char *name)
{
	struct chain_who who = { .name = name };
	memcpy(who.person, key->person, sizeof who.person);
	sha256(who.key, key->key);
	return who;
}

struct chain_tail
chain_tail(const struct chain_entry *entries, size_t n)
{
	struct chain_tail tail = { .acts = n };
	if (n > 0)
		memcpy(tail.hash, entries[n - 1].act.hash, sizeof tail.hash);
	return tail;
}

bool
chain_same_person(const struct chain_who *a, const struct chain_who *b)
{
	return memcmp(a->person, b->person, sizeof a->person) == 0;
}

int64_t
chain_not_after_s(const struct chain_entry *proposal)
{
	return proposal->body.not_after_s;
}

struct span
chain_sitting(const struct chain_entry *proposal)
{
	return proposal->body.sitting;
}

bool
chain_answers(const struct chain_entry *answer, const struct chain_entry *proposal)
{
	return act_kind_form(answer->act.kind) == ACT_ANSWER &&
	    answer->body.answer.proposal_kind == proposal->act.kind &&
	    memcmp(answer->body.answer.proposal, proposal->act.hash, SHA256_BYTES) == 0;
}
