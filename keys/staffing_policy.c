#include "keys/staffing.h"

#include <jansson.h>

/* What a policy's "apart" calls the steps; the application's two count as one, and so do the two officials. */
static const char *const words[STAFFING_STEPS] = {
	[STAFFING_SUBMIT] = "accept",
	[STAFFING_ACCEPT] = "accept",
	[STAFFING_EXAMINE] = "examine",
	[STAFFING_SCHEDULE] = "", /* kept apart from nothing */
	[STAFFING_INSPECT] = "inspect",
	[STAFFING_INSPECT_TOO] = "inspect",
	[STAFFING_DECIDE] = "decide",
	[STAFFING_DECIDE_APPROVE] = "decide-approve",
	[STAFFING_ISSUE] = "issue",
	[STAFFING_ISSUE_APPROVE] = "issue-approve",
};

/* What no policy can loosen: two officials inspect, who inspects does nothing after it, two agree. */
static const enum staffing_step always_apart[][2] = {
	{ STAFFING_INSPECT, STAFFING_INSPECT_TOO },
	{ STAFFING_INSPECT, STAFFING_DECIDE },
	{ STAFFING_INSPECT, STAFFING_DECIDE_APPROVE },
	{ STAFFING_INSPECT, STAFFING_ISSUE },
	{ STAFFING_INSPECT, STAFFING_ISSUE_APPROVE },
	{ STAFFING_INSPECT_TOO, STAFFING_DECIDE },
	{ STAFFING_INSPECT_TOO, STAFFING_DECIDE_APPROVE },
	{ STAFFING_INSPECT_TOO, STAFFING_ISSUE },
	{ STAFFING_INSPECT_TOO, STAFFING_ISSUE_APPROVE },
	{ STAFFING_DECIDE, STAFFING_DECIDE_APPROVE },
	{ STAFFING_ISSUE, STAFFING_ISSUE_APPROVE },
};

static bool
unpacked(int result, const json_error_t *error, struct err *err)
{
	return result == 0 || err_set(err, ERR_MALFORMED, "policy: %s", error->text);
}

static bool
read_role(enum role *out, const char *word, struct err *err)
{
	*out = bundle_role_of(span_text(word));
	return *out != ROLE_NONE || err_set(err, ERR_MALFORMED, "policy: \"%s\" is no role", word);
}

static bool
read_steps(struct staffing_policy *p, json_t *steps, struct err *err)
{
	json_error_t error;
	const char *submit, *accept, *examine, *schedule, *inspect;

	/* The other steps are for whoever has these roles. */
	if (!unpacked(json_unpack_ex(steps, &error, 0, "{s:s, s:s, s:s, s:s, s:s}", "submit",
			  &submit, "accept", &accept, "examine", &examine, "schedule", &schedule,
			  "inspect", &inspect),
		&error, err))
		return false;
	return read_role(&p->role[STAFFING_SUBMIT], submit, err) &&
	    read_role(&p->role[STAFFING_ACCEPT], accept, err) &&
	    read_role(&p->role[STAFFING_EXAMINE], examine, err) &&
	    read_role(&p->role[STAFFING_SCHEDULE], schedule, err) &&
	    read_role(&p->role[STAFFING_INSPECT], inspect, err) &&
	    read_role(&p->role[STAFFING_INSPECT_TOO], inspect, err);
}

static bool
read_pair(enum role *propose, enum role *approve, json_t *item, struct err *err)
{
	json_error_t error;
	const char *first, *second;
	int days;

	return unpacked(json_unpack_ex(item, &error, JSON_STRICT, "{s:s, s:s, s:i}", "propose",
			    &first, "approve", &second, "days", &days),
		   &error, err) &&
	    read_role(propose, first, err) && read_role(approve, second, err);
}

/* Those of a case; all others are verbs by which a licence lives on. */
static bool
is_of_case(const char *word)
{
	static const char *const steps[] = { "decide", "issue", "terminate", "prolong" };
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (strcmp(steps[i], word) == 0)
			return true;
	return false;
}

static bool
read_verbs(struct staffing_policy *p, json_t *proposals, struct err *err)
{
	const char *word;
	json_t *row;

	json_object_foreach(proposals, word, row)
	{
		if (is_of_case(word))
			continue;
		if (p->n_verbs == STAFFING_VERBS || strlen(word) >= sizeof p->verb[0].word)
			return err_set(err, ERR_MALFORMED,
			    "policy: \"proposals\" has more rows than there are verbs");
		struct staffing_verb *verb = &p->verb[p->n_verbs++];
		memcpy(verb->word, word, strlen(word) + 1);
		if (!read_pair(&verb->propose, &verb->approve, row, err))
			return false;
	}
	return true;
}

static bool
read_proposals(struct staffing_policy *p, json_t *proposals, struct err *err)
{
	json_error_t error;
	json_t *decide, *issue;

	return unpacked(json_unpack_ex(
			    proposals, &error, 0, "{s:o, s:o}", "decide", &decide, "issue", &issue),
		   &error, err) &&
	    read_pair(&p->role[STAFFING_DECIDE], &p->role[STAFFING_DECIDE_APPROVE], decide, err) &&
	    read_pair(&p->role[STAFFING_ISSUE], &p->role[STAFFING_ISSUE_APPROVE], issue, err) &&
	    read_verbs(p, proposals, err);
}

static bool
is_word(const char *word)
{
	for (size_t i = 0; i < STAFFING_STEPS; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static void
keep_apart(struct staffing_policy *p, const char *one, const char *other)
{
	for (size_t i = 0; i < STAFFING_STEPS; i++)
		for (size_t k = 0; k < STAFFING_STEPS; k++)
			if (strcmp(words[i], one) == 0 && strcmp(words[k], other) == 0)
				p->apart[i][k] = p->apart[k][i] = true;
}

static bool
read_apart(struct staffing_policy *p, const json_t *pairs, struct err *err)
{
	if (!json_is_array(pairs))
		return err_set(err, ERR_MALFORMED, "policy: \"apart\" is no list");
	for (size_t i = 0; i < json_array_size(pairs); i++) {
		json_error_t error;
		const char *one, *other;
		if (!unpacked(json_unpack_ex(json_array_get(pairs, i), &error, JSON_STRICT,
				  "[s, s]", &one, &other),
			&error, err))
			return false;
		if (!is_word(one) || !is_word(other))
			return err_set(err, ERR_MALFORMED,
			    "policy: \"apart\" names a step that is none: %s, %s", one, other);
		keep_apart(p, one, other);
	}
	for (size_t i = 0; i < sizeof always_apart / sizeof *always_apart; i++) {
		const enum staffing_step *pair = always_apart[i];
		p->apart[pair[0]][pair[1]] = p->apart[pair[1]][pair[0]] = true;
	}
	return true;
}

static bool
read_policy(struct staffing_policy *p, json_t *json, struct err *err)
{
	json_error_t error;
	const char *name, *decision;
	int version, years;
	json_t *steps, *proposals, *apart, *applicants, *tables, *authorities;

	if (!unpacked(json_unpack_ex(json, &error, JSON_STRICT,
			  "{s:s, s:i, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s?o}", "policy", &name,
			  "version", &version, "decision", &decision, "validity_years", &years,
			  "steps", &steps, "proposals", &proposals, "apart", &apart, "applicants",
			  &applicants, "tables", &tables, "authorities", &authorities),
		&error, err) ||
	    !read_steps(p, steps, err) || !read_proposals(p, proposals, err) ||
	    !read_apart(p, apart, err))
		return false;
	if (strcmp(decision, "in-issue") == 0)
		p->role[STAFFING_DECIDE] = p->role[STAFFING_DECIDE_APPROVE] = ROLE_NONE;
	else if (strcmp(decision, "separate") != 0)
		return err_set(err, ERR_MALFORMED, "policy: \"%s\" is no decision", decision);
	return true;
}

bool
staffing_policy_parse(struct staffing_policy *out, struct span text, struct err *err)
{
	json_error_t error;
	json_t *json = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);

	*out = (struct staffing_policy){ 0 };
	if (json == NULL)
		return err_set(err, ERR_MALFORMED, "policy: line %d: %s", error.line, error.text);
	sha256(out->hash, text);
	bool ok = read_policy(out, json, err);
	json_decref(json);
	return ok;
}
