/* ORG-14: every id names a person, no list names one twice, and nobody goes by two ids. */
#include "issuer/rule.h"

static void
check_reference(const struct rule_run *run, struct span id, const char *path)
{
	if (id.len > 0 && application_person(run->app, id) == NULL)
		RULE_DEFECT(run, path, "人员名单中没有编号“%s”；请改正编号或者补充此人",
		    "Nobody in the list of persons has the id \"%s\"; correct it or add the "
		    "person.",
		    defect_quote(id).text);
}

static void
check_list(const struct rule_run *run, const struct ids *list, const char *path)
{
	for (size_t i = 0; i < list->count; i++) {
		struct defect_path at = defect_path("%s/%zu", path, i);
		check_reference(run, list->items[i], at.text);
		for (size_t j = 0; j < i && list->items[i].len > 0; j++)
			if (span_equal(list->items[i], list->items[j])) {
				RULE_DEFECT(run, at.text, "“%s”写了两次；请删去一处",
				    "\"%s\" stands twice; take one out.",
				    defect_quote(list->items[i]).text);
				break;
			}
	}
}

void
rule_ids_are_good(const struct rule_run *run)
{
	const struct organisation *org = run->org;

	check_reference(run, run->app->legal_representative, "/applicant/legal_representative");
	check_reference(run, org->principal, "/organisation/principal");
	check_list(run, &org->leadership, "/organisation/leadership_team");
	for (size_t i = 0; i < org->departments_count; i++)
		check_reference(run, org->departments[i].head,
		    defect_path("/organisation/departments/%zu/head", i).text);
	for (size_t i = 0; i < org->posts_count; i++)
		check_reference(run, org->posts[i].person,
		    defect_path("/organisation/posts/%zu/person", i).text);
	check_list(run, &org->directors, "/organisation/directors");
	check_list(run, &org->leads, "/organisation/leads");
	check_reference(run, org->group_head, "/organisation/group/head");
	check_list(run, &org->group_deputies, "/organisation/group/deputies");
	for (size_t i = 0; i < org->appointments_count; i++)
		check_list(run, &org->appointments[i].persons,
		    defect_path("/organisation/appointments/%zu/persons", i).text);
}

void
rule_members_are_listed_once(const struct rule_run *run)
{
	const struct group_member *group = run->org->group;
	for (size_t i = 0; i < run->org->group_count; i++) {
		struct defect_path at = defect_path("/organisation/group/members/%zu/person", i);
		check_reference(run, group[i].person, at.text);
		for (size_t j = 0; j < i && group[i].person.len > 0; j++)
			if (span_equal(group[i].person, group[j].person)) {
				RULE_DEFECT(run, at.text, "领导小组成员“%s”写了两次；请合并",
				    "The group member \"%s\" stands twice; make it one entry.",
				    defect_quote(group[i].person).text);
				break;
			}
	}
}

/* What the later of two entries for persons does wrong, if anything. */
static bool
check_pair(const struct rule_run *run, size_t i, const struct person *earlier)
{
	const struct person *p = &run->org->persons[i];
	if (p->id.len > 0 && span_equal(p->id, earlier->id)) {
		RULE_DEFECT(run, defect_path("/organisation/persons/%zu/id", i).text,
		    "编号“%s”用了两次；每个人请用自己的编号",
		    "The id \"%s\" is used twice; give each person an id of his own.",
		    defect_quote(p->id).text);
		return false;
	}
	if (p->id_digest.len > 0 && span_equal(p->id_digest, earlier->id_digest)) {
		RULE_DEFECT(run, defect_path("/organisation/persons/%zu", i).text,
		    "“%s”与“%s”的证件摘要相同，是同一个人；请合并为一个编号",
		    "\"%s\" and \"%s\" have the same identity digest, so they are one person; use "
		    "one id.",
		    defect_quote(earlier->id).text, defect_quote(p->id).text);
		return false;
	}
	return true;
}

void
rule_persons_are_different(const struct rule_run *run)
{
	for (size_t i = 0; i < run->org->persons_count; i++)
		for (size_t j = 0; j < i; j++)
			if (!check_pair(run, i, &run->org->persons[j]))
				break;
}
