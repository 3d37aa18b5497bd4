/* The fields of an application, whatever its grade: codes, names, documents, declaration. */
#include "credential/uscc.h"
#include "issuer/rule.h"
#include "registry/codes.h"

static void
family_is_offered(const struct rule_run *run)
{
	struct span family = run->app->family;
	if (run->app->kind != APPLICANT_ENTERPRISE || family.len == 0 ||
	    policy_admits(run->q->policy, family, span_text("enterprise")))
		return;
	RULE_DEFECT(run, "/qualification/family",
	    "本机关不受理“%s”类资质的申请；系统集成写 JC，其他类别请向有权机关申请",
	    "This bureau takes no applications for the family \"%s\": system integration is JC; "
	    "for "
	    "another family apply where it is granted.",
	    defect_quote(family).text);
}

static void
type_goes_with_a_licence(const struct rule_run *run)
{
	const struct application *app = run->app;
	struct number number;
	struct err why = { 0 };

	if (app->type == APPLIED_NEW && app->of.len > 0)
		RULE_DEFECT(run, "/of", "新申请不针对已有的资质；请删去证书编号，或者改正申请类型",
		    "A new application is about no licence: take the number out, or correct the "
		    "type.");
	else if (app->of.len > 0 && !number_parse(&number, app->of, &why))
		RULE_DEFECT(run, "/of", "“%s”不是证书编号；请照证书改正%.0s",
		    "\"%s\" is no certificate number: %s. Correct it from the certificate.",
		    defect_quote(app->of).text, why.text);
}

static void
licence_fits(const struct rule_run *run)
{
	if (run->q->fault != NULL)
		RULE_DEFECT(run, "/of", "%s%.0s", "%.0s%s.", run->q->fault->zh, run->q->fault->en);
}

static void
nothing_bars(const struct rule_run *run)
{
	const struct case_bar *bar = run->q->bar;
	char day[CIVIL_TEXT_BYTES];

	if (bar == NULL)
		return;
	civil_format(day, civil_of(bar->until_s));
	RULE_DEFECT(run, "/applicant/uscc", "%s 以前不得再次申请：%s %s%.0s（%s）",
	    "The applicant may not apply again before %s: %s, %.0s%s (%s).", day, bar->ground->code,
	    bar->ground->zh, bar->ground->en, bar->subject);
}

static void
code_is_right(const struct rule_run *run)
{
	struct uscc_verdict v = uscc_check(run->app->uscc);
	struct buf zh = BUF_EMPTY;
	struct buf en = BUF_EMPTY;

	if (run->app->uscc.len == 0 || v.answer == USCC_VALID ||
	    (v.answer == USCC_VALID_OLD_ORGANISATION) != (run->severity == SEVERITY_WARN))
		return;
	uscc_explain(&zh, &v, LANG_ZH);
	uscc_explain(&en, &v, LANG_EN);
	const char *zh_text = buf_text(&zh);
	const char *en_text = buf_text(&en);
	if (zh_text == NULL || en_text == NULL)
		run->out->bad = true;
	else if (run->severity == SEVERITY_WARN)
		RULE_DEFECT(run, "/applicant/uscc", "统一社会信用代码%s%.0s",
		    "Unified social credit code: %.0s%s.", zh_text, en_text);
	else
		RULE_DEFECT(run, "/applicant/uscc", "统一社会信用代码%s%.0s；请照营业执照改正",
		    "Unified social credit code: %.0s%s. Correct it from the business licence.",
		    zh_text, en_text);
	buf_free(&zh);
	buf_free(&en);
}

/* First two characters: 91 enterprise, 12 public institution; the others are no such legal persons. */
static void
code_is_of_an_enterprise(const struct rule_run *run)
{
	struct span uscc = run->app->uscc;
	struct uscc_verdict v = uscc_check(uscc);
	if (!uscc_is_valid(&v) || memcmp(uscc.ptr, "91", 2) == 0 || memcmp(uscc.ptr, "12", 2) == 0)
		return;
	RULE_DEFECT(run, "/applicant/uscc",
	    "统一社会信用代码以 %.2s "
	    "开头，不是企业（91）或者事业单位（12）；请核对申请单位是否为法人",
	    "The code begins with %.2s: neither an enterprise (91) nor a public institution (12). "
	    "See "
	    "whether the applicant is a legal person that may apply.",
	    (const char *)uscc.ptr);
}

static void
scopes_are_named(const struct rule_run *run)
{
	if (run->app->scopes.count == 0)
		RULE_DEFECT(run, "/qualification/scopes", "没有申请任何业务种类；请至少写一种",
		    "No scope is applied for; name at least one.");
}

static void
scopes_are_known(const struct rule_run *run)
{
	const struct ids *scopes = &run->app->scopes;
	for (size_t i = 0; i < scopes->count; i++)
		if (scopes->items[i].len > 0 &&
		    codes_find_word(CODES_SCOPES, scopes->items[i]) == NULL)
			RULE_DEFECT(run, defect_path("/qualification/scopes/%zu", i).text,
			    "没有业务种类“%s”；可用的代码见 templates/codes/scopes.json",
			    "There is no scope \"%s\"; the words admitted are in "
			    "templates/codes/scopes.json.",
			    defect_quote(scopes->items[i]).text);
}

static void
scopes_are_named_once(const struct rule_run *run)
{
	const struct ids *scopes = &run->app->scopes;
	for (size_t i = 0; i < scopes->count; i++)
		for (size_t j = 0; j < i && scopes->items[i].len > 0; j++)
			if (span_equal(scopes->items[i], scopes->items[j])) {
				RULE_DEFECT(run, defect_path("/qualification/scopes/%zu", i).text,
				    "业务种类“%s”写了两次；请删去一处",
				    "Scope \"%s\" stands twice; take one out.",
				    defect_quote(scopes->items[i]).text);
				break;
			}
}

static bool
has_document(const struct application *app, const char *kind)
{
	for (size_t i = 0; i < app->documents_count; i++)
		if (span_is(app->documents[i].kind, kind))
			return true;
	return false;
}

static void
documents_are_complete(const struct rule_run *run)
{
	size_t count;
	const struct code *kinds = codes_all(&count, CODES_DOCUMENTS);
	for (size_t i = 0; i < count; i++)
		if (!has_document(run->app, kinds[i].word))
			RULE_DEFECT(run, "/documents", "缺少第 %u 项材料：%s%.0s（%s）；请补交",
			    "Document %u is missing: %.0s%s (%s); hand it in.", kinds[i].number,
			    kinds[i].zh, kinds[i].en, kinds[i].word);
}

static void
documents_are_known(const struct rule_run *run)
{
	for (size_t i = 0; i < run->app->documents_count; i++) {
		struct span kind = run->app->documents[i].kind;
		if (kind.len > 0 && codes_find_word(CODES_DOCUMENTS, kind) == NULL)
			RULE_DEFECT(run, defect_path("/documents/%zu/kind", i).text,
			    "没有“%s”这种材料；可用的代码见 templates/codes/documents.json",
			    "There is no kind of document \"%s\"; the words admitted are in "
			    "templates/codes/documents.json.",
			    defect_quote(kind).text);
	}
}

static void
secrets_are_disclaimed(const struct rule_run *run)
{
	if (!run->app->declared_free_of_secrets)
		RULE_DEFECT(run, "/declaration/free_of_state_secrets",
		    "未声明申请材料不含国家秘密：含有国家秘密的材料不得提交本系统，请清理后由声明人"
		    "具名声明",
		    "The material is not declared free of state secrets. Nothing secret may enter "
		    "this system: clear the material, then have a named person declare it.");
}

static void
declaration_is_not_later(const struct rule_run *run)
{
	struct civil_date on = run->app->declared_on;
	char submitted[CIVIL_TEXT_BYTES];
	if (on.year == 0 || civil_day_number(on) <= civil_day_number(run->q->submitted))
		return;
	civil_format(submitted, run->q->submitted);
	RULE_DEFECT(run, "/declaration/date", "声明日期晚于提交之日 %s；请改正",
	    "The declaration is dated after the day of submission, %s; correct it.", submitted);
}

static void
check_drawable(const struct rule_run *run, const char *path, struct span text)
{
	uint32_t code_point = 0;
	size_t position = 0;
	if (text.len == 0 || run->q->drawable(run->q->drawable_ctx, text, &code_point, &position))
		return;
	RULE_DEFECT(run, path,
	    "证书所用字体没有第 %zu 个字（U+%04X）；请核对是否写错，确有此字请与发证机关联系",
	    "The certificate's fonts cannot draw character %zu (U+%04X). See whether it is a "
	    "mistake; if it is right, ask the bureau.",
	    position, (unsigned)code_point);
}

static void
face_can_be_drawn(const struct rule_run *run)
{
	const struct application *app = run->app;
	if (run->q->drawable == NULL)
		return;
	check_drawable(run, "/applicant/name/zh", app->name_zh);
	check_drawable(run, "/applicant/name/en", app->name_en);
	check_drawable(run, "/applicant/registered_address/zh", app->address_zh);
	check_drawable(run, "/applicant/registered_address/en", app->address_en);
	for (size_t i = 0; i < run->org->persons_count; i++)
		if (span_equal(run->org->persons[i].id, app->legal_representative))
			check_drawable(run, defect_path("/organisation/persons/%zu/name", i).text,
			    run->org->persons[i].name);
}

const struct rule rule_field_table[] = {
	{ "FAM-01", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, family_is_offered },
	{ "TYP-01", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, type_goes_with_a_licence },
	{ "TYP-01", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, licence_fits },
	{ "BAR-01", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, nothing_bars },
	{ "USCC-01", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, code_is_right },
	{ "USCC-02", RULE_ANY, SEVERITY_WARN, SEVERITY_WARN, code_is_right },
	{ "KIND-02", RULE_ANY, SEVERITY_WARN, SEVERITY_WARN, code_is_of_an_enterprise },
	{ "SCOPE-01", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, scopes_are_named },
	{ "SCOPE-02", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, scopes_are_known },
	{ "SCOPE-03", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, scopes_are_named_once },
	{ "DOC-01", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, documents_are_complete },
	{ "DOC-02", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, documents_are_known },
	{ "DECL-01", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, secrets_are_disclaimed },
	{ "DECL-02", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, declaration_is_not_later },
	{ "FONT-01", RULE_ANY, SEVERITY_ERROR, SEVERITY_ERROR, face_can_be_drawn },
	{ 0 },
};
