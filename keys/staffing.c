#include "keys/staffing.h"

#include "core/encode.h"
#include "core/text.h"

/*
 * As many candidates of a step as could ever matter: the other steps can take away at most one each, so a
 * step with more has always one left, and which of them is all the same.
 */
#define CANDIDATES STAFFING_STEPS

static const char *const titles[STAFFING_STEPS] = { "submit 申请", "accept 受理",
	"examine 资格审查", "schedule 组织现场审查", "inspect 现场审查", "inspect, second official",
	"decide 决定", "approve the decision 批准", "issue 签发", "approve the issue 复核" };

struct person {
	const uint8_t *id; /* BUNDLE_PERSON_BYTES; NULL: nobody */
};

struct candidates {
	struct person of[STAFFING_STEPS][CANDIDATES];
	size_t n[STAFFING_STEPS];
};

static bool
same(struct person a, struct person b)
{
	return a.id != NULL && b.id != NULL && memcmp(a.id, b.id, BUNDLE_PERSON_BYTES) == 0;
}

static bool
holds(const struct bundle_key *key, enum role role, int64_t at_s)
{
	return key->use == KEY_USE_OFFICER && key->state == KEY_ACTIVE &&
	    bundle_key_has_role(key, role, at_s);
}

/* Different persons with this role now, at most `max`; `without` does not count. */
static size_t
find_holders(struct person *out, size_t max, const struct staffing_question *q, enum role role,
    struct person without)
{
	size_t n = 0;

	for (size_t i = 0; i < q->bundle->n_keys && n < max; i++) {
		struct person p = { q->bundle->keys[i].person };
		bool known = same(p, without);
		for (size_t k = 0; k < n; k++)
			known = known || same(out[k], p);
		if (!known && holds(&q->bundle->keys[i], role, q->at_s))
			out[n++] = p;
	}
	return n;
}

static void
find_candidates(struct candidates *c, const struct staffing_question *q, struct person without)
{
	for (size_t s = 0; s < STAFFING_STEPS; s++)
		c->n[s] = q->policy->role[s] == ROLE_NONE
		    ? 0
		    : find_holders(c->of[s], CANDIDATES, q, q->policy->role[s], without);
}

/* Can steps from `step` up to `last` be filled, with those before it taken by `who`? */
static bool
can_fill(const struct candidates *c, const struct staffing_policy *p, struct person *who,
    size_t step, size_t last)
{
	if (step > last)
		return true;
	if (p->role[step] == ROLE_NONE) {
		who[step] = (struct person){ NULL };
		return can_fill(c, p, who, step + 1, last);
	}
	for (size_t i = 0; i < c->n[step]; i++) {
		bool free = true;
		for (size_t before = 0; before < step && free; before++)
			free = !(p->apart[step][before] && same(who[before], c->of[step][i]));
		who[step] = c->of[step][i];
		if (free && can_fill(c, p, who, step + 1, last))
			return true;
	}
	return false;
}

/* The first step up to which the road cannot be gone; STAFFING_STEPS if it can. */
static size_t
first_gap(const struct staffing_question *q, struct person without)
{
	struct candidates c;
	struct person who[STAFFING_STEPS];
	size_t last = 0;

	find_candidates(&c, q, without);
	while (last < STAFFING_STEPS && can_fill(&c, q->policy, who, 0, last))
		last++;
	return last;
}

/* ---- words ---- */

static const struct bundle_key *
find_key(const struct bundle *b, struct span spki)
{
	for (size_t i = 0; i < b->n_keys; i++)
		if (span_equal(b->keys[i].key, spki))
			return &b->keys[i];
	return NULL;
}

static void
add_person(struct buf *out, const struct staffing_question *q, struct person p)
{
	char hex[2 * BUNDLE_PERSON_BYTES + 1];

	for (size_t i = 0; i < q->n_names; i++) {
		const struct bundle_key *key = find_key(q->bundle, q->names[i].spki);
		if (key == NULL || !same((struct person){ key->person }, p))
			continue;
		text_escape(out, q->names[i].name);
		return;
	}
	hex_encode(hex, span_of(p.id, BUNDLE_PERSON_BYTES));
	buf_add_text(out, hex);
}

static void
add_holders(struct buf *out, const struct staffing_question *q, enum role role)
{
	struct person holder[CANDIDATES];
	size_t n = find_holders(holder, CANDIDATES, q, role, (struct person){ NULL });

	for (size_t i = 0; i < n; i++) {
		buf_add_text(out, i == 0 ? "" : ", ");
		add_person(out, q, holder[i]);
	}
	buf_add_text(out, n == 0 ? "nobody\n" : n == CANDIDATES ? ", ...\n" : "\n");
}

static void
add_roles(struct buf *out, const struct staffing_question *q)
{
	for (enum role role = ROLE_NONE + 1; role < ROLES; role++) {
		buf_printf(out, "  %-12s ", bundle_role_word(role));
		add_holders(out, q, role);
	}
}

static void
add_gap(struct buf *out, const struct staffing_question *q, size_t gap)
{
	struct person holder[CANDIDATES];
	enum role role = q->policy->role[gap];
	size_t n = find_holders(holder, CANDIDATES, q, role, (struct person){ NULL });

	if (n == 0)
		buf_printf(out, "No case can be granted: nobody may %s (role %s).\n", titles[gap],
		    bundle_role_word(role));
	else
		buf_printf(out,
		    "No case can be granted: at \"%s\" one more person with the role %s is needed, "
		    "who did none of the steps that must be kept apart from it.\n",
		    titles[gap], bundle_role_word(role));
}

/* Those whose absence would stop everything. */
static void
add_indispensable(struct buf *out, const struct staffing_question *q)
{
	struct person told[STAFFING_STEPS * CANDIDATES];
	size_t n = 0;

	for (size_t i = 0; i < q->bundle->n_keys && n < sizeof told / sizeof *told; i++) {
		struct person p = { q->bundle->keys[i].person };
		bool known = q->bundle->keys[i].use != KEY_USE_OFFICER;
		for (size_t k = 0; k < n; k++)
			known = known || same(told[k], p);
		if (known || first_gap(q, p) == STAFFING_STEPS)
			continue;
		buf_add_text(out, n == 0 ? "Without any one of these it could not: " : ", ");
		add_person(out, q, p);
		told[n++] = p;
	}
	buf_add_text(out, n > 0 ? "\n" : "Any one of them may be away.\n");
}

static bool
add_verb(struct buf *out, const struct staffing_question *q, size_t verb)
{
	struct person propose[2], approve[2];
	struct person none = { NULL };
	enum role first = q->policy->verb[verb].propose, second = q->policy->verb[verb].approve;
	size_t n = find_holders(propose, 2, q, first, none);
	size_t m = find_holders(approve, 2, q, second, none);
	bool can = n > 0 && m > 0 && (n > 1 || m > 1 || !same(propose[0], approve[0]));

	buf_printf(out, "%s: %s\n", q->policy->verb[verb].word,
	    can          ? "two persons are there."
		: n == 0 ? "nobody may propose it."
		: m == 0 ? "nobody may approve it."
			 : "one person alone may propose and approve it: a second is needed.");
	return can;
}

bool
staffing_report(struct buf *out, bool *can, const struct staffing_question *q, struct err *err)
{
	if (memcmp(q->policy->hash, q->bundle->policy_hash, SHA256_BYTES) != 0)
		return err_set(err, ERR_REFUSED,
		    "this is not the policy the trust bundle names (hash differs)");
	size_t gap = first_gap(q, (struct person){ NULL });

	buf_add_text(out, "Who may do what now:\n");
	add_roles(out, q);
	*can = gap == STAFFING_STEPS;
	if (*can) {
		buf_add_text(out, "A case can be granted.\n");
		add_indispensable(out, q);
	} else {
		add_gap(out, q, gap);
	}
	for (size_t i = 0; i < q->policy->n_verbs; i++)
		*can = add_verb(out, q, i) && *can;
	return buf_ok(out, err);
}
