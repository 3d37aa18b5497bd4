#include "registry/policy.h"

#include "core/civil.h"
#include "core/encode.h"
#include "registry/codes.h"

#include <jansson.h>

/* Ceilings that only catch slips of the pen. */
#define DAYS_MAX 366
#define YEARS_MAX 99 /* of validity, as in a decision */
#define VERSION_MAX 1000000

/* Whoever stops a bureau, or has an interest in a case, needs no office for saying so. */
static bool
is_anybodys(enum act_kind kind)
{
	return kind == ACT_STOP || kind == ACT_RECUSE;
}

static bool
malformed(struct err *err, const char *what, const char *word)
{
	return err_set(err, ERR_MALFORMED, "policy: \"%s\" is no %s", word, what);
}

static bool
read_role(enum role *out, const char *word, struct err *err)
{
	*out = bundle_role_of(span_text(word));
	return *out != ROLE_NONE || malformed(err, "role", word);
}

/* json_unpack with JSON_STRICT refuses missing and unknown keys and says which. */
static bool
unpacked(int result, const json_error_t *error, struct err *err)
{
	return result == 0 || err_set(err, ERR_MALFORMED, "policy: %s", error->text);
}

/* An object with just a member for each kind of this form. */
static bool
has_all(const char *name, json_t *rows, enum act_form form, struct err *err)
{
	const char *word;
	json_t *row;

	for (size_t i = 0; i < ACT_KIND_COUNT; i++) {
		const enum act_kind kind = act_kind_at(i);
		if (act_kind_form(kind) == form && !is_anybodys(kind) &&
		    json_object_get(rows, act_kind_word(kind)) == NULL)
			return err_set(err, ERR_MALFORMED, "policy: \"%s\" has no row \"%s\"", name,
			    act_kind_word(kind));
	}
	json_object_foreach(rows, word, row)
	{
		const enum act_kind kind = act_kind_find(span_text(word));
		if (kind == ACT_NONE || act_kind_form(kind) != form || is_anybodys(kind))
			return err_set(err, ERR_MALFORMED,
			    "policy: \"%s\" has a row \"%s\", which does not belong there", name,
			    word);
	}
	return true;
}

static bool
read_statements(struct policy *p, json_t *rows, struct err *err)
{
	const char *word;
	json_t *row;

	if (!has_all("steps", rows, ACT_STATEMENT, err))
		return false;
	json_object_foreach(rows, word, row)
	{
		const char *role = json_string_value(row);
		if (role == NULL)
			return err_set(
			    err, ERR_MALFORMED, "policy: the role of \"%s\" is no text", word);
		if (!read_role(
			&p->statements[act_kind_place(act_kind_find(span_text(word)))], role, err))
			return false;
	}
	return true;
}

static bool
read_number(unsigned *out, const char *what, json_int_t value, int max, struct err *err)
{
	if (value < 1 || value > max)
		return err_set(err, ERR_MALFORMED, "policy: %s is %lld; 1 to %d are possible", what,
		    (long long)value, max);
	*out = (unsigned)value;
	return true;
}

static bool
read_proposal(struct policy_proposal *out, json_t *row, struct err *err)
{
	const char *propose, *approve;
	json_int_t days;
	json_error_t error;

	return unpacked(json_unpack_ex(row, &error, JSON_STRICT, "{s:s, s:s, s:I}", "propose",
			    &propose, "approve", &approve, "days", &days),
		   &error, err) &&
	    read_role(&out->propose, propose, err) && read_role(&out->approve, approve, err) &&
	    read_number(&out->days, "days", days, DAYS_MAX, err);
}

static bool
read_proposals(struct policy *p, json_t *rows, struct err *err)
{
	const char *word;
	json_t *row;

	if (!has_all("proposals", rows, ACT_PROPOSAL, err))
		return false;
	json_object_foreach(rows, word, row)
	{
		const size_t place = act_kind_place(act_kind_find(span_text(word)));
		if (!read_proposal(&p->proposals[place], row, err))
			return false;
	}
	return true;
}

static bool
read_apart(struct policy *p, json_t *pairs, struct err *err)
{
	for (size_t i = 0; i < json_array_size(pairs); i++) {
		const char *words[2];
		json_error_t error;
		if (!unpacked(json_unpack_ex(json_array_get(pairs, i), &error, JSON_STRICT,
				  "[s, s]", &words[0], &words[1]),
			&error, err))
			return false;
		enum case_step a = case_step_find(span_text(words[0]));
		enum case_step b = case_step_find(span_text(words[1]));
		if (a == CASE_STEPS || b == CASE_STEPS)
			return malformed(err, "step of a case", words[a != CASE_STEPS]);
		if (a == b || (p->apart[a] & 1u << b) != 0)
			return err_set(err, ERR_MALFORMED,
			    "policy: \"apart\" has \"%s\" with itself or a pair twice", words[0]);
		p->apart[a] |= 1u << b;
		p->apart[b] |= 1u << a;
	}
	return true;
}

static bool
read_kinds(struct policy_applicants *out, json_t *kinds, struct err *err)
{
	for (size_t i = 0; i < json_array_size(kinds); i++) {
		const char *word = json_string_value(json_array_get(kinds, i));
		if (word == NULL)
			return err_set(
			    err, ERR_MALFORMED, "policy: a kind of applicant is no text");
		if (strcmp(word, "enterprise") == 0)
			out->enterprise = true;
		else if (strcmp(word, "individual") == 0)
			out->individual = true;
		else
			return malformed(err, "kind of applicant", word);
	}
	return true;
}

static bool
read_applicants(struct policy *p, json_t *families, struct err *err)
{
	const char *family;
	json_t *kinds;

	json_object_foreach(families, family, kinds)
	{
		if (codes_find_word(CODES_FAMILIES, span_text(family)) == NULL)
			return malformed(err, "family of qualifications", family);
		if (!json_is_array(kinds) || p->n_applicants == POLICY_FAMILIES)
			return err_set(err, ERR_MALFORMED,
			    "policy: \"applicants\" must list kinds for \"%s\"", family);
		struct policy_applicants *row = &p->applicants[p->n_applicants++];
		memcpy(row->family, family, FAMILY_BYTES);
		if (!read_kinds(row, kinds, err))
			return false;
	}
	return true;
}

static const char *const authority_words[AUTHORITIES] = { "accept", "examine", "decide",
	"deliver" };

static bool
read_authority(
    struct policy *p, const char *family, const char *grade, json_t *row, struct err *err)
{
	const char *who[AUTHORITIES];
	json_error_t error;

	if (strcmp(grade, "A") != 0 && strcmp(grade, "B") != 0)
		return malformed(err, "grade", grade);
	if (p->n_authorities == sizeof p->authorities / sizeof p->authorities[0])
		return err_set(err, ERR_MALFORMED, "policy: \"authorities\" has too many rows");
	if (!unpacked(json_unpack_ex(row, &error, JSON_STRICT, "{s:s, s:s, s:s, s:s}",
			  authority_words[0], &who[0], authority_words[1], &who[1],
			  authority_words[2], &who[2], authority_words[3], &who[3]),
		&error, err))
		return false;
	struct policy_authorities *out = &p->authorities[p->n_authorities++];
	memcpy(out->family, family, FAMILY_BYTES);
	out->grade = grade[0] == 'A' ? GRADE_A : GRADE_B;
	for (size_t i = 0; i < AUTHORITIES; i++) {
		if (strlen(who[i]) < 2 || strlen(who[i]) >= POLICY_AUTHORITY_BYTES)
			return malformed(err, "level and no issuer", who[i]);
		memcpy(out->who[i], who[i], strlen(who[i]));
	}
	return true;
}

static bool
read_authorities(struct policy *p, json_t *families, struct err *err)
{
	const char *family, *grade;
	json_t *grades, *row;

	if (families != NULL && !json_is_object(families))
		return err_set(err, ERR_MALFORMED, "policy: \"authorities\" is an object");
	json_object_foreach(families, family, grades)
	{
		if (codes_find_word(CODES_FAMILIES, span_text(family)) == NULL)
			return malformed(err, "family of qualifications", family);
		if (!json_is_object(grades))
			return err_set(err, ERR_MALFORMED,
			    "policy: \"authorities\" of \"%s\" is an object of grades", family);
		json_object_foreach(grades, grade, row)
		{
			if (!read_authority(p, family, grade, row, err))
				return false;
		}
	}
	return true;
}

static bool
read_head(struct policy *p, const char *name, json_int_t version, const char *decision,
    json_int_t years, struct err *err)
{
	if (strlen(name) == 0 || strlen(name) >= sizeof p->name)
		return err_set(
		    err, ERR_MALFORMED, "policy: a name has 1 to %zu bytes", sizeof p->name - 1);
	memcpy(p->name, name, strlen(name));
	p->decision_in_issue = strcmp(decision, "in-issue") == 0;
	if (!p->decision_in_issue && strcmp(decision, "separate") != 0)
		return malformed(err, "way to decide (\"separate\" or \"in-issue\")", decision);
	return read_number(&p->version, "version", version, VERSION_MAX, err) &&
	    read_number(&p->validity_years, "validity_years", years, YEARS_MAX, err);
}

/* The files beside the policy, by the SHA-256 of each. */
static bool
read_tables(struct policy *p, json_t *tables, struct err *err)
{
	const char *licence, *cases, *scoring;
	json_error_t error;

	return unpacked(json_unpack_ex(tables, &error, JSON_STRICT, "{s:s, s:s, s:s}", "licence",
			    &licence, "case", &cases, "scoring", &scoring),
		   &error, err) &&
	    hex_decode(p->licence_table, SHA256_BYTES, span_text(licence), err) &&
	    hex_decode(p->case_table, SHA256_BYTES, span_text(cases), err) &&
	    hex_decode(p->scoring, SHA256_BYTES, span_text(scoring), err);
}

static bool
read_policy(struct policy *p, json_t *root, struct err *err)
{
	const char *name, *decision;
	json_int_t version, years;
	json_t *tables, *steps, *rows, *apart, *applicants, *authorities = NULL;
	json_error_t error;

	if (!unpacked(json_unpack_ex(root, &error, JSON_STRICT,
			  "{s:s, s:I, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s?o}", "policy", &name,
			  "version", &version, "decision", &decision, "validity_years", &years,
			  "steps", &steps, "proposals", &rows, "apart", &apart, "applicants",
			  &applicants, "tables", &tables, "authorities", &authorities),
		&error, err))
		return false;
	if (!json_is_array(apart) || !json_is_object(applicants))
		return err_set(
		    err, ERR_MALFORMED, "policy: \"apart\" is a list, \"applicants\" an object");
	if (!json_is_object(steps) || !json_is_object(rows))
		return err_set(
		    err, ERR_MALFORMED, "policy: \"steps\" and \"proposals\" are objects");
	return read_tables(p, tables, err) && read_head(p, name, version, decision, years, err) &&
	    read_statements(p, steps, err) && read_proposals(p, rows, err) &&
	    read_apart(p, apart, err) && read_applicants(p, applicants, err) &&
	    read_authorities(p, authorities, err);
}

bool
policy_parse(struct policy *out, struct span json, struct err *err)
{
	json_error_t error;

	*out = (struct policy){ 0 };
	if (json.len > LIMIT_JSON_BYTES)
		return err_set(
		    err, ERR_LIMIT, "the policy is longer than %u bytes", LIMIT_JSON_BYTES);
	json_t *root = json_loadb((const char *)json.ptr, json.len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		return err_set(err, ERR_MALFORMED, "policy: line %d: %s", error.line, error.text);
	struct policy p = { 0 };
	bool ok = read_policy(&p, root, err);
	json_decref(root);
	if (!ok)
		return false;
	sha256(p.hash, json);
	*out = p;
	return true;
}

const struct policy_proposal *
policy_proposal(const struct policy *p, enum act_kind kind)
{
	return act_kind_form(kind) == ACT_PROPOSAL ? &p->proposals[act_kind_place(kind)] : NULL;
}

enum role
policy_role(const struct policy *p, enum act_kind kind, enum act_kind answered)
{
	if (act_kind_form(kind) == ACT_STATEMENT)
		return p->statements[act_kind_place(kind)];
	const struct policy_proposal *row = policy_proposal(p, kind);
	if (row != NULL)
		return row->propose;
	row = policy_proposal(p, answered);
	return row != NULL && (kind == ACT_APPROVE || kind == ACT_REFUSE) ? row->approve
									  : ROLE_NONE;
}

int64_t
policy_not_after_s(const struct policy *p, enum act_kind kind, int64_t time_s)
{
	const struct policy_proposal *row = policy_proposal(p, kind);
	unsigned days = row != NULL ? row->days : 0;
	return civil_start_s(civil_add_days(civil_of(time_s), (int64_t)days + 1));
}

const char *
policy_authority_word(enum authority what)
{
	return authority_words[what];
}

const char *
policy_authority(const struct policy *p, struct span family, enum grade grade, enum authority what)
{
	for (size_t i = 0; i < p->n_authorities; i++)
		if (span_is(family, p->authorities[i].family) && p->authorities[i].grade == grade)
			return p->authorities[i].who[what];
	return NULL;
}

bool
policy_admits(const struct policy *p, struct span family, struct span applicant)
{
	for (size_t i = 0; i < p->n_applicants; i++)
		if (span_is(family, p->applicants[i].family))
			return (p->applicants[i].enterprise && span_is(applicant, "enterprise")) ||
			    (p->applicants[i].individual && span_is(applicant, "individual"));
	return false;
}
