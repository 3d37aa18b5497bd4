#include "registry/licence.h"

#include <stdlib.h>

/* How an effective proposal reads in the history. */
static struct history_entry
history_of(const struct chain_entry *proposal, int64_t recorded_s)
{
	/* A suspension's end restores nothing: only a lifting does. */
	struct history_entry entry = { .status = STATUS_ACTIVE,
		.from_s = proposal->body.order.from_s,
		.until_s = HISTORY_OPEN,
		.recorded_s = recorded_s };
	if (proposal->act.kind == ACT_SUSPEND)
		entry.status = STATUS_SUSPENDED;
	else if (proposal->act.kind == ACT_REVOKE)
		entry.status = STATUS_REVOKED;
	return entry;
}

static void
approve(struct licence_state *s, const struct chain_entry *approval)
{
	const struct chain_entry *proposal = s->open;
	struct history_entry entry = history_of(proposal, approval->recorded_s);

	s->history[s->n_history++] = entry;
	s->status = entry.status;
	s->suspension = entry.status == STATUS_SUSPENDED ? proposal : NULL;
	if (entry.status == STATUS_REVOKED)
		s->revocation = proposal;
}

static bool
is_open(const struct chain_entry *proposal, int64_t now_s)
{
	return proposal != NULL && now_s < chain_not_after_s(proposal);
}

bool
licence_fold(struct licence_state *out, const struct chain_entry *entries, size_t n, int64_t now_s,
    struct err *err)
{
	struct licence_state s = { .status = STATUS_ACTIVE };

	*out = s;
	if (n > 0 && (s.history = calloc(n, sizeof *s.history)) == NULL)
		return err_set(err, ERR_MEMORY, "no memory for %zu acts on a licence", n);
	for (size_t i = 0; i < n; i++) {
		const struct chain_entry *e = &entries[i];
		if (e->act.kind == ACT_APPROVE && is_open(s.open, e->recorded_s) &&
		    chain_answers(e, s.open))
			approve(&s, e);
		/* Whatever comes after a proposal answers it or voids it. */
		s.open = act_kind_form(e->act.kind) == ACT_PROPOSAL ? e : NULL;
	}
	if (!is_open(s.open, now_s))
		s.open = NULL;
	*out = s;
	return true;
}

void
licence_free(struct licence_state *state)
{
	free(state->history);
	*state = (struct licence_state){ 0 };
}
