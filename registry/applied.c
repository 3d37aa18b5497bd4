#include "registry/applied.h"

#include "core/civil.h"
#include "registry/codes.h"

#include <jansson.h>

static const char *const type_words[] = { [APPLIED_NEW] = "new",
	[APPLIED_RENEWAL] = "renewal",
	[APPLIED_UPGRADE] = "upgrade",
	[APPLIED_SCOPE_ADDITION] = "scope-addition" };

#define TYPES (sizeof type_words / sizeof type_words[0])

const char *
applied_type_word(enum applied_type type)
{
	return type > APPLIED_NONE && type < TYPES ? type_words[type] : "none";
}

enum applied_type
applied_type_of(struct span word)
{
	for (enum applied_type type = APPLIED_NEW; type < TYPES; type++)
		if (span_is(word, type_words[type]))
			return type;
	return APPLIED_NONE;
}

/* Its fields, borrowed from the tree. */
struct fields {
	const char *type, *of, *name_zh, *name_en, *uscc, *family, *grade;
	json_t *scopes;
};

/* The tree, which the caller frees; NULL on failure. */
static json_t *
load(struct fields *out, struct span application, struct err *err)
{
	json_error_t error;
	json_t *root = json_loadb(
	    (const char *)application.ptr, application.len, JSON_REJECT_DUPLICATES, &error);

	*out = (struct fields){ .of = "", .name_en = "", .uscc = "" };
	if (root != NULL &&
	    json_unpack_ex(root, &error, 0, "{s:s, s?s, s:{s:{s:s, s?s}, s?s}, s:{s:s, s:s, s:o}}",
		"type", &out->type, "of", &out->of, "applicant", "name", "zh", &out->name_zh, "en",
		&out->name_en, "uscc", &out->uscc, "qualification", "family", &out->family, "grade",
		&out->grade, "scopes", &out->scopes) == 0)
		return root;
	json_decref(root);
	err_set(err, ERR_MALFORMED, "the application cannot be read: %s", error.text);
	return NULL;
}

static bool
has_scope(const struct fields *f, const char *word)
{
	for (size_t i = 0; i < json_array_size(f->scopes); i++) {
		const char *applied = json_string_value(json_array_get(f->scopes, i));
		if (applied != NULL && strcmp(applied, word) == 0)
			return true;
	}
	return false;
}

static void
read_scopes(struct scopes *out, const struct fields *f)
{
	size_t n;
	const struct code *codes = codes_all(&n, CODES_SCOPES);

	for (size_t i = 0; i < n && out->count < LIMIT_SCOPES; i++)
		if (has_scope(f, codes[i].word))
			out->no[out->count++] = (uint16_t)codes[i].number;
}

static bool
copy(char *out, size_t room, const char *text, const char *what, struct err *err)
{
	if (strlen(text) >= room)
		return err_set(err, ERR_MALFORMED, "the application's %s is too long", what);
	memcpy(out, text, strlen(text));
	return true;
}

/* The licence it is about, in stored form; what is new is about none. */
static bool
read_of(struct applied *out, const struct fields *f, struct err *err)
{
	struct number number;

	if ((out->type == APPLIED_NEW) != (f->of[0] == '\0'))
		return err_set(err, ERR_MALFORMED,
		    "the application must name a licence, unless it is for a new one");
	if (out->type == APPLIED_NEW)
		return true;
	if (!number_parse(&number, span_text(f->of), err))
		return err_in(err, "the application");
	number_stored(out->of, &number);
	return true;
}

static bool
read_fields(struct applied *out, const struct fields *f, struct err *err)
{
	*out = (struct applied){ .type = applied_type_of(span_text(f->type)),
		.grade = strcmp(f->grade, "A") == 0 ? GRADE_A
		    : strcmp(f->grade, "B") == 0    ? GRADE_B
						    : GRADE_NONE };
	if (out->type == APPLIED_NONE || out->grade == GRADE_NONE)
		return err_set(
		    err, ERR_MALFORMED, "the application has a type or a grade that is none");
	read_scopes(&out->scopes, f);
	return copy(out->holder, sizeof out->holder, f->name_zh, "name", err) &&
	    copy(out->holder_en, sizeof out->holder_en, f->name_en, "English name", err) &&
	    copy(out->uscc, sizeof out->uscc, f->uscc, "social credit code", err) &&
	    copy(out->family, sizeof out->family, f->family, "family", err) && read_of(out, f, err);
}

bool
applied_read(struct applied *out, struct span application, struct err *err)
{
	struct fields f;
	json_t *root = load(&f, application, err);

	if (root == NULL)
		return false;
	bool ok = read_fields(out, &f, err);
	json_decref(root);
	return ok;
}

bool
applied_same(const struct applied *a, const struct applied *b)
{
	return a->type == b->type && strcmp(a->of, b->of) == 0 && strcmp(a->uscc, b->uscc) == 0 &&
	    strcmp(a->family, b->family) == 0;
}

/* ---- the licence it is about ---- */

#define MONTHS_BEFORE_THE_END 3

static bool
is_in_time(int64_t end_s, int64_t now_s)
{
	struct civil_date last = civil_of(end_s - 1);
	struct civil_date deadline = civil_add_months(last, -MONTHS_BEFORE_THE_END);
	return now_s < civil_start_s(civil_add_days(deadline, 1));
}

static bool
is_in(const struct scopes *s, uint16_t no)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->no[i] == no)
			return true;
	return false;
}

/* Are all of these among those, and fewer? */
static bool
are_fewer(const struct scopes *these, const struct scopes *those)
{
	for (size_t i = 0; i < these->count; i++)
		if (!is_in(those, these->no[i]))
			return false;
	return these->count < those->count;
}

const struct applied_fault *
applied_fault(const struct applied *a, const struct applied_licence *of, int64_t now_s)
{
	static const struct applied_fault none = { "没有颁发过这个编号的资质",
		"no licence with this number was issued" };
	static const struct applied_fault other = { "该资质属于其他单位或者其他类别",
		"that licence is another unit's, or of another family" };
	static const struct applied_fault ended = { "该资质已经终止", "that licence has ended" };
	static const struct applied_fault late = {
		"应当在有效期届满三个月前申请延续；现在请作为新申请提交",
		"a renewal is applied for at least three months before the last day; now it is a "
		"new application"
	};
	static const struct applied_fault idle = { "该资质不在有效状态，不能升级或者增加业务种类",
		"that licence is not in force: it can be neither upgraded nor added to" };
	static const struct applied_fault grade = {
		"等级不符：延续和增加业务种类等级不变，升级由乙级升为甲级",
		"the grade does not fit: it stays, or with an upgrade goes from B to A"
	};
	static const struct applied_fault scopes = {
		"增加业务种类应当写明原有的全部业务种类和至少一种新的",
		"an addition names every scope of the licence and at least one more"
	};
	const struct claims *c = of->claims;
	const bool upgrade = a->type == APPLIED_UPGRADE;

	if (a->type == APPLIED_NEW)
		return NULL;
	if (c == NULL)
		return &none;
	if (!span_is(c->uscc, a->uscc) || memcmp(c->sub.ptr, a->family, FAMILY_BYTES - 1) != 0)
		return &other;
	if (a->type == APPLIED_RENEWAL) {
		if (of->status != LICENCE_ACTIVE && of->status != LICENCE_SUSPENDED &&
		    of->status != LICENCE_EXPIRED)
			return &ended;
		if (!is_in_time(of->end_s, now_s))
			return &late;
	} else if (of->status != LICENCE_ACTIVE) {
		return &idle;
	}
	if (c->grade != (upgrade ? GRADE_B : a->grade) || (upgrade && a->grade != GRADE_A))
		return &grade;
	if (a->type == APPLIED_SCOPE_ADDITION && !are_fewer(&c->scopes, &a->scopes))
		return &scopes;
	return NULL;
}

/* ---- and what was decided ---- */

static bool
differs(struct err *err, const char *field)
{
	return err_set(err, ERR_REFUSED, "%s is not what was applied for", field);
}

bool
applied_agrees(const struct applied *a, const struct decision *d, struct err *err)
{
	if (!span_is(d->holder, a->holder))
		return differs(err, "the holder's name");
	if (!span_is(d->holder_en, a->holder_en))
		return differs(err, "the holder's English name");
	if (!span_is(d->uscc, a->uscc))
		return differs(err, "the unified social credit code");
	if (!span_is(d->family, a->family))
		return differs(err, "the family of qualifications");
	if (d->grade != a->grade)
		return differs(err, "the grade");
	for (size_t i = 0; i < d->scopes.count; i++)
		if (!is_in(&a->scopes, d->scopes.no[i]))
			return err_set(
			    err, ERR_REFUSED, "scope %u was not applied for", d->scopes.no[i]);
	return true;
}
