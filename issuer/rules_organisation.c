/*
 * How the unit must organise confidentiality work: Grade A with a full-time director (保密总监) in the
 * leadership team, Grade B with the person in charge of confidentiality work (保密工作负责人) in the
 * director's place; both with a leading group whose members share out the work.
 */
#include "issuer/rule.h"
#include "registry/codes.h"

#define DIRECTOR_ZH "保密总监"
#define LEAD_ZH "保密工作负责人"

static const struct span none = { NULL, 0 };

/* The directors of a Grade A unit, the persons in charge of a Grade B unit. */
static const struct ids *
officers(const struct rule_run *run)
{
	return run->app->grade == GRADE_A ? &run->org->directors : &run->org->leads;
}

/* The one officer; empty if there is not exactly one, which is the business of ORG-01 and ORG-04. */
static struct span
officer(const struct rule_run *run)
{
	return officers(run)->count == 1 ? officers(run)->items[0] : none;
}

static const char *
officer_zh(const struct rule_run *run)
{
	return run->app->grade == GRADE_A ? DIRECTOR_ZH : LEAD_ZH;
}

static const char *
officer_en(const struct rule_run *run)
{
	return run->app->grade == GRADE_A ? "director of confidentiality"
					  : "person in charge of confidentiality work";
}

/* The head of the unit, who heads the group: as the unit chose. */
static struct span
head_of_unit(const struct rule_run *run)
{
	switch (run->org->head_choice) {
	case HEAD_LEGAL_REPRESENTATIVE:
		return run->app->legal_representative;
	case HEAD_PRINCIPAL:
		return run->org->principal;
	default:
		return none;
	}
}

/* As people know them: the name, or the id if it names nobody. */
static struct quoted
called(const struct rule_run *run, struct span id)
{
	const struct person *p = application_person(run->app, id);
	return defect_quote(p != NULL && p->name.len > 0 ? p->name : id);
}

static bool
is_in(const struct ids *list, struct span id)
{
	for (size_t i = 0; i < list->count; i++)
		if (span_equal(list->items[i], id))
			return true;
	return false;
}

static bool
is_member(const struct rule_run *run, struct span id)
{
	for (size_t i = 0; i < run->org->group_count; i++)
		if (span_equal(run->org->group[i].person, id))
			return true;
	return false;
}

/* ORG-01, ORG-04 */
static void
one_officer(const struct rule_run *run)
{
	if (officers(run)->count != 1)
		RULE_DEFECT(run,
		    run->app->grade == GRADE_A ? "/organisation/directors" : "/organisation/leads",
		    "应当有且只有一名%s%.0s，现有 %zu 名；请任命一名",
		    "There must be exactly one %.0s%s; there are %zu. Appoint one.",
		    officer_zh(run), officer_en(run), officers(run)->count);
}

/* ORG-02 */
static void
director_is_full_time(const struct rule_run *run)
{
	const struct organisation *org = run->org;
	struct span director = officer(run);
	if (director.len == 0)
		return;
	for (size_t i = 0; i < org->posts_count; i++)
		if (span_equal(org->posts[i].person, director))
			RULE_DEFECT(run, defect_path("/organisation/posts/%zu", i).text,
			    "保密总监 %s "
			    "兼任“%s”；甲级单位的保密总监应当专职，请免去兼职或者另行任命",
			    "The director of confidentiality, %s, is also \"%s\". In Grade A the "
			    "director "
			    "has no other post: relieve the director of it, or appoint another.",
			    called(run, director).text, defect_quote(org->posts[i].title).text);
	for (size_t i = 0; i < org->departments_count; i++)
		if (span_equal(org->departments[i].head, director))
			RULE_DEFECT(run, defect_path("/organisation/departments/%zu/head", i).text,
			    "保密总监 %s "
			    "兼任部门“%s”负责人；甲级单位的保密总监应当专职，请另定部门负责人",
			    "The director of confidentiality, %s, also heads the department "
			    "\"%s\". In "
			    "Grade A the director has no other post: name another head.",
			    called(run, director).text,
			    defect_quote(org->departments[i].name).text);
	if (span_equal(director, run->app->legal_representative) ||
	    span_equal(director, org->principal))
		RULE_DEFECT(run, "/organisation/directors/0",
		    "保密总监 %s "
		    "又是法定代表人或者主要负责人；甲级单位的保密总监应当专职，请另行任命",
		    "The director of confidentiality, %s, is also legal representative or "
		    "principal. In "
		    "Grade A the director has no other post: appoint another.",
		    called(run, director).text);
}

/* ORG-03 */
static void
director_is_in_leadership(const struct rule_run *run)
{
	struct span director = officer(run);
	if (director.len > 0 && !is_in(&run->org->leadership, director))
		RULE_DEFECT(run, "/organisation/leadership_team",
		    "保密总监 %s 不在单位领导班子中；甲级单位的保密总监应当是领导班子成员",
		    "The director of confidentiality, %s, is not in the leadership team; in Grade "
		    "A the "
		    "director must be one of it.",
		    called(run, director).text);
}

/* ORG-05 */
static void
group_is_headed_by_head_of_unit(const struct rule_run *run)
{
	struct span head = head_of_unit(run);
	if (!run->org->has_group)
		RULE_DEFECT(run, "/organisation/group",
		    "没有保密工作领导小组；请成立，由法定代表人或者主要负责人任组长",
		    "There is no leading group for confidentiality work; form one, headed by the "
		    "legal "
		    "representative or the principal.");
	else if (head.len > 0 && run->org->group_head.len > 0 &&
	    !span_equal(run->org->group_head, head))
		RULE_DEFECT(run, "/organisation/group/head",
		    "保密工作领导小组组长是 %s，应为单位负责人 %s",
		    "The leading group is headed by %s; its head must be the head of the unit, %s.",
		    called(run, run->org->group_head).text, called(run, head).text);
}

/* ORG-06, ORG-07 */
static void
officer_is_the_deputy(const struct rule_run *run)
{
	const struct ids *deputies = &run->org->group_deputies;
	struct span one = officer(run);
	if (!run->org->has_group || one.len == 0)
		return;
	if (!is_in(deputies, one))
		RULE_DEFECT(run, "/organisation/group/deputies",
		    "%s%.0s %s 不是保密工作领导小组副组长；请由其任副组长",
		    "The %.0s%s, %s, is not deputy head of the leading group and must be.",
		    officer_zh(run), officer_en(run), called(run, one).text);
	for (size_t i = 0; i < deputies->count; i++)
		if (deputies->items[i].len > 0 && !span_equal(deputies->items[i], one))
			RULE_DEFECT(run, defect_path("/organisation/group/deputies/%zu", i).text,
			    "%s 不能任保密工作领导小组副组长；副组长只能是%s%.0s",
			    "%s cannot be deputy head of the leading group: only the %.0s%s can.",
			    called(run, deputies->items[i]).text, officer_zh(run), officer_en(run));
}

/* ORG-08 */
static void
head_and_officer_are_members(const struct rule_run *run)
{
	struct span head = head_of_unit(run);
	struct span one = officer(run);
	if (!run->org->has_group)
		return;
	if (head.len > 0 && !is_member(run, head))
		RULE_DEFECT(run, "/organisation/group/members",
		    "单位负责人 %s 不在保密工作领导小组成员名单中；请列入并写明职责",
		    "The head of the unit, %s, is not among the members of the leading group; add "
		    "the "
		    "head with a duty.",
		    called(run, head).text);
	if (one.len > 0 && !is_member(run, one))
		RULE_DEFECT(run, "/organisation/group/members",
		    "%s%.0s %s 不在保密工作领导小组成员名单中；请列入并写明职责",
		    "The %.0s%s, %s, is not among the members of the leading group; add this "
		    "person with "
		    "a duty.",
		    officer_zh(run), officer_en(run), called(run, one).text);
}

/* ORG-09 */
static void
department_heads_are_members(const struct rule_run *run)
{
	const struct organisation *org = run->org;
	if (org->departments_count == 0)
		RULE_DEFECT(run, "/organisation/departments",
		    "没有列出有关部门；请列出涉及保密工作的部门及其负责人",
		    "No relevant department is named; name those concerned and their heads.");
	for (size_t i = 0; org->has_group && i < org->departments_count; i++)
		if (org->departments[i].head.len > 0 && !is_member(run, org->departments[i].head))
			RULE_DEFECT(run, defect_path("/organisation/departments/%zu/head", i).text,
			    "部门“%s”的负责人 %s 不在保密工作领导小组中；请列入并写明职责",
			    "The head of the department \"%s\", %s, is not in the leading group; "
			    "add this "
			    "person with a duty.",
			    defect_quote(org->departments[i].name).text,
			    called(run, org->departments[i].head).text);
}

/* ORG-10 */
static void
members_have_duties(const struct rule_run *run)
{
	for (size_t i = 0; i < run->org->group_count; i++)
		if (run->org->group[i].duty.len == 0)
			RULE_DEFECT(run,
			    defect_path("/organisation/group/members/%zu/duty", i).text,
			    "领导小组成员 %s 没有写明职责；请写明其分工",
			    "The group member %s has no duty; say what part of the work is this "
			    "person's.",
			    called(run, run->org->group[i].person).text);
}

/* ORG-10 */
static void
duty_areas_are_owned(const struct rule_run *run)
{
	size_t count;
	const struct code *areas = codes_all(&count, CODES_DUTIES);
	for (size_t a = 0; run->org->has_group && a < count; a++) {
		bool owned = false;
		for (size_t i = 0; i < run->org->group_count; i++)
			owned = owned || is_in(&run->org->group[i].areas, span_text(areas[a].word));
		if (!owned)
			RULE_DEFECT(run, "/organisation/group/members",
			    "没有成员分管%s%.0s（areas 中的 %s）；请明确由谁负责",
			    "No member is in charge of %.0s%s (\"%s\" in areas); say who is.",
			    areas[a].zh, areas[a].en, areas[a].word);
	}
}

/* ORG-10 */
static void
duty_areas_are_known(const struct rule_run *run)
{
	for (size_t i = 0; i < run->org->group_count; i++) {
		const struct ids *areas = &run->org->group[i].areas;
		for (size_t a = 0; a < areas->count; a++)
			if (areas->items[a].len > 0 &&
			    codes_find_word(CODES_DUTIES, areas->items[a]) == NULL)
				RULE_DEFECT(run,
				    defect_path("/organisation/group/members/%zu/areas/%zu", i, a)
					.text,
				    "没有分管领域“%s”；可用：system、education、personnel",
				    "There is no area of duty \"%s\"; use system, education or "
				    "personnel.",
				    defect_quote(areas->items[a]).text);
	}
}

/* ORG-10, only a warning: two persons may do the same, but it may also have been copied */
static void
duties_differ(const struct rule_run *run)
{
	const struct group_member *group = run->org->group;
	for (size_t i = 0; i < run->org->group_count; i++)
		for (size_t j = 0; j < i && group[i].duty.len > 0; j++)
			if (span_equal(group[i].duty, group[j].duty)) {
				RULE_DEFECT(run,
				    defect_path("/organisation/group/members/%zu/duty", i).text,
				    "%s 与 %s 的职责文字完全相同；请核对分工是否明确",
				    "%s and %s have the same duty word for word; see whether the "
				    "work is "
				    "clearly divided.",
				    called(run, group[j].person).text,
				    called(run, group[i].person).text);
				break;
			}
}

/* ORG-11 */
static void
head_is_not_deputy(const struct rule_run *run)
{
	struct span head = run->org->group_head;
	if (head.len > 0 && is_in(&run->org->group_deputies, head))
		RULE_DEFECT(run, "/organisation/group/deputies",
		    "%s 既是保密工作领导小组组长又是副组长；两者应为不同的人",
		    "%s is both head and deputy head of the leading group; they must be two "
		    "persons.",
		    called(run, head).text);
}

/* ORG-12 */
static void
choice_of_principal_is_explained(const struct rule_run *run)
{
	if (run->org->head_choice == HEAD_PRINCIPAL && run->org->head_reason.len == 0)
		RULE_DEFECT(run, "/organisation/head_of_unit/reason",
		    "由主要负责人而不是法定代表人任组长，没有说明理由；请补充",
		    "The principal, not the legal representative, heads the group, and no reason "
		    "is "
		    "given; add it.");
}

static bool
is_appointed(const struct organisation *org, struct span person)
{
	for (size_t i = 0; i < org->appointments_count; i++)
		if (is_in(&org->appointments[i].persons, person))
			return true;
	return false;
}

/* ORG-13 */
static void
appointments_have_documents(const struct rule_run *run)
{
	const struct organisation *org = run->org;
	struct span one = officer(run);

	for (size_t i = 0; i < org->appointments_count; i++) {
		const struct appointment *a = &org->appointments[i];
		if (a->number.len == 0 || a->sha256.len == 0 || a->date.year == 0)
			RULE_DEFECT(run, defect_path("/organisation/appointments/%zu", i).text,
			    "任命文件“%s”缺少文号、日期或者摘要；请补齐",
			    "The appointment \"%s\" lacks its number, date or digest; add it.",
			    defect_quote(a->title).text);
		else if (civil_day_number(a->date) > civil_day_number(run->q->submitted))
			RULE_DEFECT(run, defect_path("/organisation/appointments/%zu/date", i).text,
			    "任命文件“%s”的日期晚于提交申请之日；任命应当在申请之前作出",
			    "The appointment \"%s\" is dated after the application; it must come "
			    "before.",
			    defect_quote(a->title).text);
	}
	if (one.len > 0 && !is_appointed(org, one))
		RULE_DEFECT(run, "/organisation/appointments", "%s%.0s %s 没有任命文件；请补充",
		    "There is no appointment of the %.0s%s, %s; add it.", officer_zh(run),
		    officer_en(run), called(run, one).text);
	for (size_t i = 0; i < org->group_count; i++)
		if (org->group[i].person.len > 0 && !span_equal(org->group[i].person, one) &&
		    !is_appointed(org, org->group[i].person))
			RULE_DEFECT(run, defect_path("/organisation/group/members/%zu", i).text,
			    "领导小组成员 %s 没有任命文件；请补充",
			    "There is no appointment of the group member %s; add it.",
			    called(run, org->group[i].person).text);
}

static bool
heads_a_department(const struct organisation *org, struct span person)
{
	for (size_t i = 0; i < org->departments_count; i++)
		if (span_equal(org->departments[i].head, person))
			return true;
	return false;
}

/* ORG-15 */
static void
further_members_are_shown(const struct rule_run *run)
{
	for (size_t i = 0; i < run->org->group_count; i++) {
		struct span person = run->org->group[i].person;
		if (person.len == 0 || span_equal(person, head_of_unit(run)) ||
		    is_in(officers(run), person) || is_in(&run->org->group_deputies, person) ||
		    heads_a_department(run->org, person))
			continue;
		RULE_DEFECT(run, defect_path("/organisation/group/members/%zu/person", i).text,
		    "%s 不是必须参加的成员；可以参加，仅供留意",
		    "%s need not be a member; this is allowed, and only noted.",
		    called(run, person).text);
	}
}

#define E SEVERITY_ERROR
#define W SEVERITY_WARN
#define I SEVERITY_INFO

const struct rule rule_organisation_table[] = {
	{ "ORG-01", RULE_A, E, E, one_officer },
	{ "ORG-02", RULE_A, E, E, director_is_full_time },
	{ "ORG-03", RULE_A, E, E, director_is_in_leadership },
	{ "ORG-04", RULE_B, E, E, one_officer },
	{ "ORG-05", RULE_AB, E, E, group_is_headed_by_head_of_unit },
	{ "ORG-06", RULE_A, E, E, officer_is_the_deputy },
	{ "ORG-07", RULE_B, E, E, officer_is_the_deputy },
	{ "ORG-08", RULE_AB, E, E, head_and_officer_are_members },
	{ "ORG-09", RULE_AB, E, E, department_heads_are_members },
	{ "ORG-10", RULE_AB, E, E, members_have_duties },
	{ "ORG-10", RULE_AB, E, E, duty_areas_are_known },
	{ "ORG-10", RULE_AB, E, E, duty_areas_are_owned },
	{ "ORG-10", RULE_AB, W, W, duties_differ },
	{ "ORG-11", RULE_AB, E, E, head_is_not_deputy },
	{ "ORG-12", RULE_AB, W, W, choice_of_principal_is_explained },
	{ "ORG-13", RULE_AB, W, E, appointments_have_documents },
	{ "ORG-14", RULE_AB, E, E, rule_persons_are_different },
	{ "ORG-14", RULE_AB, E, E, rule_ids_are_good },
	{ "ORG-14", RULE_AB, E, E, rule_members_are_listed_once },
	{ "ORG-15", RULE_AB, I, I, further_members_are_shown },
	{ 0 },
};
