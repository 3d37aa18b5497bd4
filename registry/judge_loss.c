/* Rules that hold since a loss was accepted. */
#include "registry/judge_rule.h"

/* The proposal that the act answers or carries out, if it is to make a certificate; NULL: none. */
static const struct chain_entry *
to_make(const struct judged *q)
{
	const struct judge *j = q->j;

	if (q->kind == ACT_MADE)
		return j->licence != NULL ? j->licence->making
		    : j->dossier != NULL  ? j->dossier->issue
					  : NULL;
	return q->kind == ACT_APPROVE && q->open != NULL && act_body_makes(q->open->act.kind)
	    ? q->open
	    : NULL;
}

bool
rule_before_loss(const struct judged *q, struct err *err)
{
	const struct chain_entry *proposal = to_make(q);

	return proposal == NULL || proposal->index >= q->j->epoch_index ||
	    err_set(err, ERR_REFUSED,
		"it was proposed before a loss of acts was accepted, and may have been made in "
		"those that are lost; propose it again");
}

/* A number, or a status slot, that a certificate may have whose acts are lost. */
bool
rule_lost_number(const struct judged *q, struct err *err)
{
	struct claims claims;
	struct number number;

	if (!act_body_makes(q->kind))
		return true;
	if (!credential_claims_parse(&claims, q->act->body.issue.claims, err) ||
	    !number_parse(&number, claims.sub, err))
		return false;
	if (claims.list < q->j->lists)
		return err_set(err, ERR_REFUSED,
		    "status list %u takes no new certificate: it may have some whose acts are lost",
		    claims.list);
	/* The next version keeps the number that it has. */
	return claims.version > 1 || number_class(&number) == q->j->number_class ||
	    err_set(err, ERR_REFUSED,
		"its serial %05d is of class %u, and numbers of this year are drawn from class %u",
		number.serial, number_class(&number), q->j->number_class);
}
