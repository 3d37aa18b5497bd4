#include "issuer/rules.h"

#include "issuer/rule.h"

/*
 * KIND-01: an individual where the policy admits none. Nothing else in the paper can put that right, so
 * no other rule is asked.
 */
static bool
individual_is_refused(struct defects *out, const struct rules_question *q)
{
	const struct application *app = q->application;
	if (app->kind != APPLICANT_INDIVIDUAL ||
	    policy_admits(q->policy, app->family, span_text("individual")))
		return false;
	defects_add(out, "KIND-01", SEVERITY_ERROR, "/applicant/kind",
	    "申请人是个人：本项资质只授予依法成立的企业事业单位，不受理个人申请；请以所在单位名义申"
	    "请",
	    "The applicant is an individual. This qualification is granted to enterprises and "
	    "institutions that are legal persons, and to no individual: let your unit apply.");
	return true;
}

static void
run_table(struct defects *out, const struct rules_question *q, const struct rule *table)
{
	for (const struct rule *rule = table; rule->id != NULL; rule++) {
		const struct rule_run run = {
			.out = out,
			.q = q,
			.app = q->application,
			.org = &q->application->organisation,
			.id = rule->id,
			.severity = q->level == RULES_VERIFIED ? rule->verified : rule->declared,
		};
		if ((rule->grades & 1u << q->application->grade) != 0)
			rule->check(&run);
	}
}

/* The table's first row of this id for this grade; NULL if the grade has no such rule. */
static const struct rule *
find_rule(enum grade grade, struct span id)
{
	for (const struct rule *rule = rule_organisation_table; rule->id != NULL; rule++)
		if ((rule->grades & 1u << grade) != 0 && span_is(id, rule->id))
			return rule;
	return NULL;
}

const char *
rules_organisation(enum grade grade, size_t index)
{
	const char *last = NULL;
	for (const struct rule *rule = rule_organisation_table; rule->id != NULL; rule++) {
		if ((rule->grades & 1u << grade) == 0 || last == rule->id)
			continue;
		last = rule->id;
		if (index-- == 0)
			return rule->id;
	}
	return NULL;
}

static const struct rule_verified *
find_verified(const struct inspection *inspection, const char *id)
{
	for (size_t i = 0; i < inspection->rules_count; i++)
		if (span_is(inspection->rules[i].rule, id))
			return &inspection->rules[i];
	return NULL;
}

/* Every organisation rule of the grade must have been looked at on site, and have passed. */
static void
check_verified(struct defects *out, const struct rules_question *q)
{
	enum grade grade = q->application->grade;
	const char *id;
	for (size_t i = 0; (id = rules_organisation(grade, i)) != NULL; i++) {
		const struct rule_verified *v = find_verified(q->inspection, id);
		if (v == NULL || v->result == RESULT_NONE)
			defects_add(out, id, SEVERITY_ERROR, "report:/rules",
			    "现场审查报告没有核实规则 %s；授予资质以前必须核实",
			    "The on-site report does not verify rule %s; nothing is granted before "
			    "it is "
			    "verified.",
			    id);
		else if (v->result == RESULT_FAIL)
			defects_add(out, id, find_rule(grade, v->rule)->verified,
			    defect_path("report:/rules/%zu", (size_t)(v - q->inspection->rules))
				.text,
			    "%s 现场核实未通过：%s", "%s found on site that this fails: %s",
			    defect_quote(v->examiner).text, defect_quote(v->note).text);
	}
	for (size_t i = 0; i < q->inspection->rules_count; i++) {
		struct span rule = q->inspection->rules[i].rule;
		if (rule.len > 0 && find_rule(grade, rule) == NULL)
			defects_add(out, "REV-07", SEVERITY_ERROR,
			    defect_path("report:/rules/%zu/rule", i).text,
			    "所申请的等级没有规则“%s”；请改正",
			    "The grade applied for has no rule \"%s\"; correct it.",
			    defect_quote(rule).text);
	}
}

void
rules_check(struct defects *out, const struct rules_question *q)
{
	if (individual_is_refused(out, q))
		return;
	run_table(out, q, rule_field_table);
	if (q->application->kind == APPLICANT_INDIVIDUAL)
		return; /* who has no unit organises none */
	run_table(out, q, rule_organisation_table);
	if (q->level == RULES_VERIFIED)
		check_verified(out, q);
}
