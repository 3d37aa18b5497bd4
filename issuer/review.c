#include "issuer/review.h"

#include "core/limits.h"
#include "issuer/shape.h"

#include <stdlib.h>

/* Note what is wrong with a report beyond its shape. */
#define FAULT(at, code, ...)                                                                       \
	defects_add((at)->defects, code, SEVERITY_ERROR, shape_path(at).text, __VA_ARGS__)

static struct span
text(const struct shape *object, const char *key)
{
	return shape_text(object, key, SHAPE_REQUIRED, LIMIT_FIELD_BYTES);
}

/* Whom the paper is about: a report laid into the wrong case must not go unnoticed. */
static struct span
read_uscc(const struct shape *root, struct span applicant)
{
	struct span uscc = text(root, "uscc");
	struct shape at = shape_member(root, "uscc", SHAPE_OPTIONAL);
	if (uscc.len > 0 && !span_equal(uscc, applicant))
		FAULT(&at, "REV-08", "这份材料写的是 %s，本案申请单位是 %s；请核对案卷",
		    "This paper is about %s; the applicant of this case is %s. See whether it lies "
		    "in "
		    "the wrong case.",
		    defect_quote(uscc).text, defect_quote(applicant).text);
	return uscc;
}

static enum act_result
read_result(const struct shape *object)
{
	static const char *const results[] = { "pass", "fail", NULL };
	return (enum act_result)shape_word(object, "result", results); /* as in acts: 1 and 2 */
}

static struct evidence *
read_evidence(size_t *count, const struct shape *list)
{
	static const char *const keys[] = { "title", "sha256", NULL };

	struct evidence *items = shape_array(count, list, sizeof *items);
	for (size_t i = 0; i < *count; i++) {
		struct shape at = shape_item(list, i);
		shape_keys(&at, keys);
		items[i].title = text(&at, "title");
		items[i].sha256 = shape_digest(&at, "sha256", SHAPE_REQUIRED);
	}
	return items;
}

static void
read_finding(struct finding *out, const struct shape *at)
{
	static const char *const keys[] = { "result", "note", "evidence", NULL };

	shape_keys(at, keys);
	out->result = read_result(at);
	out->note = shape_text(at, "note", SHAPE_OPTIONAL, LIMIT_FIELD_BYTES);
	struct shape evidence = shape_member(at, "evidence", SHAPE_OPTIONAL);
	out->evidence = read_evidence(&out->evidence_count, &evidence);
	if (out->result == RESULT_FAIL && out->note.len == 0)
		FAULT(at, "REV-01", "结论为不通过而没有说明；请写明理由",
		    "It fails without a note; say why.");
}

/* One finding for each of `topics`, which ends with NULL, under its name. */
static void
read_findings(struct finding *out, const struct shape *at, const char *const *topics)
{
	shape_keys(at, topics);
	for (size_t i = 0; topics[i] != NULL; i++) {
		struct shape topic = shape_member(at, topics[i], SHAPE_REQUIRED);
		if (topic.value != NULL)
			read_finding(&out[i], &topic);
	}
}

static const char *const examination_topics[] = { "registration", "reputation", "business_status",
	NULL };
static const char *const inspection_topics[] = { "system", "education", "personnel", NULL };

static void
read_examination(struct examination *x, const struct shape *root, struct span uscc)
{
	static const char *const keys[] = { "format", "uscc", "findings", NULL };
	static const char *const formats[] = { "qualcert-examination/1", NULL };

	shape_keys(root, keys);
	shape_word(root, "format", formats);
	x->uscc = read_uscc(root, uscc);
	struct shape findings = shape_member(root, "findings", SHAPE_REQUIRED);
	if (findings.value == NULL)
		return;
	read_findings(x->findings, &findings, examination_topics);
	for (size_t i = 0; i < EXAMINATION_TOPICS; i++)
		if (x->findings[i].result == RESULT_PASS && x->findings[i].evidence_count == 0) {
			struct shape at =
			    shape_member(&findings, examination_topics[i], SHAPE_OPTIONAL);
			FAULT(&at, "REV-01", "结论为通过而没有依据；请附查询记录及其摘要",
			    "It passes without evidence; name the look-up with its digest.");
		}
}

/* Place of a name in a list, or its count if it is not there. */
static size_t
find_name(const struct span *names, size_t count, struct span name)
{
	size_t i = 0;
	while (i < count && !span_equal(names[i], name))
		i++;
	return i;
}

static void
read_officials(struct inspection *x, const struct shape *list)
{
	x->officials = shape_array(&x->officials_count, list, sizeof *x->officials);
	for (size_t i = 0; i < x->officials_count; i++) {
		x->officials[i] = shape_item_text(list, i);
		struct shape at = shape_item(list, i);
		if (x->officials[i].len > 0 && find_name(x->officials, i, x->officials[i]) < i)
			FAULT(&at, "REV-02", "“%s”写了两次；两名审查人员应为不同的人",
			    "\"%s\" stands twice; the officials must be different persons.",
			    defect_quote(x->officials[i]).text);
	}
	if (list->value != NULL && x->officials_count < 2)
		FAULT(list, "REV-02", "现场审查应有两名以上工作人员，现有 %zu 名",
		    "An on-site review takes at least two officials; %zu are named.",
		    x->officials_count);
}

static void
read_rule(struct rule_verified *rule, const struct inspection *x, const struct shape *at)
{
	static const char *const keys[] = { "rule", "result", "examiner", "note", NULL };

	shape_keys(at, keys);
	rule->rule = text(at, "rule");
	rule->result = read_result(at);
	rule->examiner = text(at, "examiner");
	rule->note = shape_text(at, "note", SHAPE_OPTIONAL, LIMIT_FIELD_BYTES);
	if (rule->result == RESULT_FAIL && rule->note.len == 0)
		FAULT(at, "REV-01", "结论为不通过而没有说明；请写明理由",
		    "It fails without a note; say why.");
	if (rule->examiner.len > 0 &&
	    find_name(x->officials, x->officials_count, rule->examiner) == x->officials_count)
		FAULT(at, "REV-03", "核实人“%s”不是现场审查人员；请改正",
		    "The examiner \"%s\" is not one of the officials of this review; correct it.",
		    defect_quote(rule->examiner).text);
}

static void
read_rules(struct inspection *x, const struct shape *list)
{
	x->rules = shape_array(&x->rules_count, list, sizeof *x->rules);
	for (size_t i = 0; i < x->rules_count; i++) {
		struct shape at = shape_item(list, i);
		read_rule(&x->rules[i], x, &at);
		for (size_t j = 0; j < i && x->rules[i].rule.len > 0; j++)
			if (span_equal(x->rules[i].rule, x->rules[j].rule)) {
				FAULT(&at, "REV-04", "规则“%s”核实了两次；请删去一处",
				    "Rule \"%s\" is verified twice; take one out.",
				    defect_quote(x->rules[i].rule).text);
				break;
			}
	}
}

/* What is scored well is for scoring_check() to say, which knows the scheme. */
static struct item_scored *
read_scores(size_t *count, const struct shape *list, bool basic)
{
	static const char *const basic_keys[] = { "item", "title", "result", "note", NULL };
	static const char *const keys[] = { "item", "title", "points", "note", NULL };

	struct item_scored *items = shape_array(count, list, sizeof *items);
	for (size_t i = 0; i < *count; i++) {
		struct shape at = shape_item(list, i);
		shape_keys(&at, basic ? basic_keys : keys);
		items[i].item = text(&at, "item");
		items[i].title = shape_text(&at, "title", SHAPE_OPTIONAL, LIMIT_FIELD_BYTES);
		items[i].note = shape_text(&at, "note", SHAPE_OPTIONAL, LIMIT_FIELD_BYTES);
		if (basic)
			items[i].result = read_result(&at);
		else
			items[i].points = shape_number(&at, "points");
	}
	return items;
}

static void
read_scoring(struct inspection *x, const struct shape *at)
{
	static const char *const keys[] = { "scheme", "basic", "items", NULL };

	shape_keys(at, keys);
	x->scheme = shape_digest(at, "scheme", SHAPE_REQUIRED);
	struct shape basic = shape_member(at, "basic", SHAPE_REQUIRED);
	x->basic = read_scores(&x->basic_count, &basic, true);
	struct shape items = shape_member(at, "items", SHAPE_REQUIRED);
	x->items = read_scores(&x->items_count, &items, false);
}

static void
read_experts(struct inspection *x, const struct shape *list)
{
	static const char *const keys[] = { "name", "opinion", NULL };

	x->experts = shape_array(&x->experts_count, list, sizeof *x->experts);
	for (size_t i = 0; i < x->experts_count; i++) {
		struct expert *expert = &x->experts[i];
		struct shape at = shape_item(list, i);
		shape_keys(&at, keys);
		expert->name = text(&at, "name");
		expert->opinion = text(&at, "opinion");
		if (expert->name.len > 0 &&
		    find_name(x->officials, x->officials_count, expert->name) < x->officials_count)
			FAULT(&at, "REV-05", "专家“%s”同时是审查人员；请改正",
			    "The expert \"%s\" is also one of the officials; correct it.",
			    defect_quote(expert->name).text);
	}
}

static void
read_visit(struct inspection *x, const struct shape *at)
{
	static const char *const keys[] = { "from", "to", NULL };

	shape_keys(at, keys);
	x->from = shape_date(at, "from", SHAPE_REQUIRED);
	x->to = shape_date(at, "to", SHAPE_REQUIRED);
	if (x->from.year > 0 && x->to.year > 0 &&
	    civil_day_number(x->to) < civil_day_number(x->from))
		FAULT(at, "REV-06", "现场审查结束日期早于开始日期；请改正",
		    "The visit ends before it begins; correct the dates.");
}

static void
read_test(struct inspection *x, const struct shape *at)
{
	static const char *const keys[] = { "taken", "passed", NULL };

	x->has_test = at->value != NULL;
	if (!x->has_test)
		return;
	shape_keys(at, keys);
	x->test_taken = shape_number(at, "taken");
	x->test_passed = shape_number(at, "passed");
	if (x->test_passed > x->test_taken)
		FAULT(at, "REV-06", "通过保密知识测试的人数 %u 多于参加人数 %u；请改正",
		    "%u passed the knowledge test but only %u took it; correct the figures.",
		    x->test_passed, x->test_taken);
}

static void
read_inspection(struct inspection *x, const struct shape *root, struct span uscc)
{
	static const char *const keys[] = { "format", "uscc", "visit", "officials", "topics",
		"rules", "scoring", "experts", "knowledge_test", "evidence", NULL };
	static const char *const formats[] = { "qualcert-inspection/1", NULL };

	shape_keys(root, keys);
	shape_word(root, "format", formats);
	x->uscc = read_uscc(root, uscc);
	struct shape visit = shape_member(root, "visit", SHAPE_REQUIRED);
	if (visit.value != NULL)
		read_visit(x, &visit);
	struct shape officials = shape_member(root, "officials", SHAPE_REQUIRED);
	read_officials(x, &officials);
	struct shape topics = shape_member(root, "topics", SHAPE_REQUIRED);
	if (topics.value != NULL)
		read_findings(x->topics, &topics, inspection_topics);
	struct shape rules = shape_member(root, "rules", SHAPE_REQUIRED);
	read_rules(x, &rules);
	struct shape scoring = shape_member(root, "scoring", SHAPE_REQUIRED);
	if (scoring.value != NULL)
		read_scoring(x, &scoring);
	struct shape experts = shape_member(root, "experts", SHAPE_OPTIONAL);
	read_experts(x, &experts);
	struct shape test = shape_member(root, "knowledge_test", SHAPE_OPTIONAL);
	read_test(x, &test);
	struct shape evidence = shape_member(root, "evidence", SHAPE_REQUIRED);
	x->evidence = read_evidence(&x->evidence_count, &evidence);
	if (evidence.value != NULL && x->evidence_count == 0)
		FAULT(&evidence, "REV-01", "没有现场审查记录；请附记录及其摘要",
		    "There is no record of the review; name it with its digest.");
}

bool
examination_parse(struct examination **out, struct defects *defects, struct span in,
    struct span uscc, struct err *err)
{
	*out = NULL;
	struct examination *x = calloc(1, sizeof *x);
	if (x == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!shape_load(&x->tree, in, LIMIT_PAPER_BYTES, err))
		goto fail;
	struct shape root = shape_root(x->tree, defects);
	read_examination(x, &root, uscc);
	if (!defects_ok(defects, err))
		goto fail;
	*out = x;
	return true;
fail:
	examination_free(x);
	return false;
}

bool
inspection_parse(struct inspection **out, struct defects *defects, struct span in, struct span uscc,
    struct err *err)
{
	*out = NULL;
	struct inspection *x = calloc(1, sizeof *x);
	if (x == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!shape_load(&x->tree, in, LIMIT_PAPER_BYTES, err))
		goto fail;
	struct shape root = shape_root(x->tree, defects);
	read_inspection(x, &root, uscc);
	if (!defects_ok(defects, err))
		goto fail;
	*out = x;
	return true;
fail:
	inspection_free(x);
	return false;
}

void
examination_free(struct examination *x)
{
	if (x == NULL)
		return;
	for (size_t i = 0; i < EXAMINATION_TOPICS; i++)
		free(x->findings[i].evidence);
	json_decref(x->tree);
	free(x);
}

void
inspection_free(struct inspection *x)
{
	if (x == NULL)
		return;
	for (size_t i = 0; i < INSPECTION_TOPICS; i++)
		free(x->topics[i].evidence);
	free(x->officials);
	free(x->rules);
	free(x->basic);
	free(x->items);
	free(x->experts);
	free(x->evidence);
	json_decref(x->tree);
	free(x);
}

bool
examination_encode(struct buf *out, const struct examination *x, struct err *err)
{
	return shape_encode(out, x->tree, err);
}

bool
inspection_encode(struct buf *out, const struct inspection *x, struct err *err)
{
	return shape_encode(out, x->tree, err);
}

static bool
all_passed(const struct finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (findings[i].result != RESULT_PASS)
			return false;
	return true;
}

enum act_result
examination_result(const struct examination *x)
{
	return all_passed(x->findings, EXAMINATION_TOPICS) ? RESULT_PASS : RESULT_FAIL;
}

bool
inspection_passed(const struct inspection *x)
{
	for (size_t i = 0; i < x->rules_count; i++)
		if (x->rules[i].result != RESULT_PASS)
			return false;
	return all_passed(x->topics, INSPECTION_TOPICS);
}
