#include "issuer/face_make.h"

#include "core/buf.h"
#include "core/civil.h"
#include "issuer/versions.h"
#include "registry/codes.h"

#include <assert.h>
#include <stdio.h>

/* What the title of a certificate calls its family; the code tables have the short words. */
static const struct title {
	const char *family, *zh, *en;
} TITLES[] = {
	{ "JC", "涉密信息系统集成资质",
	    "Qualification for Classified Information System Integration" },
	{ "YZ", "国家秘密载体印制资质", "Qualification for Printing of Carriers of State Secrets" },
	{ "JG", "武器装备科研生产单位保密资格",
	    "Confidentiality Qualification for Weapons Research and Production" },
	{ "JS", "涉密军事设施建设单位保密资格",
	    "Confidentiality Qualification for Construction of Military Facilities" },
};

/* ---- dates ---- */

static const char *const DIGITS_ZH[] = { "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九",
	"十" };

/* 1 to 99 as it is spoken: 十一, 二十, 三十一. */
static void
put_number_zh(struct buf *out, int n)
{
	if (n >= 20)
		buf_add_text(out, DIGITS_ZH[n / 10]);
	if (n >= 10)
		buf_add_text(out, DIGITS_ZH[10]);
	if (n % 10 > 0)
		buf_add_text(out, DIGITS_ZH[n % 10]);
}

void
face_date_zh(char out[FACE_DATE_ZH_BYTES], struct civil_date d)
{
	struct buf text = BUF_EMPTY;

	for (int place = 1000; place > 0; place /= 10)
		buf_add_text(&text, DIGITS_ZH[d.year / place % 10]);
	buf_add_text(&text, "年");
	put_number_zh(&text, d.month);
	buf_add_text(&text, "月");
	put_number_zh(&text, d.day);
	buf_add_text(&text, "日");
	const char *s = buf_text(&text);
	snprintf(out, FACE_DATE_ZH_BYTES, "%s", s != NULL ? s : "");
	buf_free(&text);
}

/* NAME and NAME_zh. */
static bool
set_date(struct face *out, const char *name, const char *name_zh, int64_t t_s, struct err *err)
{
	char iso[CIVIL_TEXT_BYTES], zh[FACE_DATE_ZH_BYTES];

	civil_format(iso, civil_of(t_s));
	face_date_zh(zh, civil_of(t_s));
	return face_set(out, name, iso, err) && face_set(out, name_zh, zh, err);
}

/* ---- texts ---- */

static bool
set_text(struct face *out, const char *name, struct span text, struct err *err)
{
	struct buf copy = BUF_EMPTY;

	if (text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL)
		return err_set(err, ERR_REFUSED, "field %s: a NUL character", name);
	buf_add_span(&copy, text);
	const char *s = buf_text(&copy);
	bool ok = s != NULL ? face_set(out, name, s, err) : buf_ok(&copy, err);
	buf_free(&copy);
	return ok;
}

static bool
set_scopes(struct face *out, const struct scopes *scopes, enum lang lang, struct err *err)
{
	struct buf list = BUF_EMPTY;
	bool ok = true;

	for (size_t i = 0; ok && i < scopes->count; i++) {
		const struct code *scope = codes_find_number(CODES_SCOPES, scopes->no[i]);
		if (scope == NULL) {
			ok = err_set(err, ERR_REFUSED, "no table has the scope %u", scopes->no[i]);
			break;
		}
		buf_add_text(&list, i > 0 ? LANG_PICK(lang, "；", "; ") : "");
		buf_add_text(&list, codes_name(scope, lang));
	}
	ok = ok && buf_ok(&list, err) &&
	    set_text(out, LANG_PICK(lang, "scopes_zh", "scopes_en"), buf_span(&list), err);
	buf_free(&list);
	return ok;
}

/* ---- parts of the page ---- */

static bool
set_qualification(struct face *out, const struct claims *c, struct err *err)
{
	struct number number;
	char shown[NUMBER_SHOWN_BYTES], version[8];
	const struct title *title = TITLES;

	if (!number_parse(&number, c->sub, err))
		return false;
	while (strcmp(title->family, number.family) != 0)
		title++; /* number_parse() knows no other families */
	number_shown(shown, &number);
	snprintf(version, sizeof version, "%u", (unsigned)c->version);
	return face_set(out, "number", shown, err) && face_set(out, "version", version, err) &&
	    face_set(out, "family_zh", title->zh, err) &&
	    face_set(out, "family_en", title->en, err) &&
	    face_set(out, "grade_zh", c->grade == GRADE_A ? "甲级" : "乙级", err) &&
	    face_set(out, "grade_en", c->grade == GRADE_A ? "Grade A" : "Grade B", err) &&
	    set_scopes(out, &c->scopes, LANG_ZH, err) && set_scopes(out, &c->scopes, LANG_EN, err);
}

static bool
set_holder(struct face *out, const struct face_source *source, struct err *err)
{
	const struct claims *c = source->claims;

	return set_text(out, "holder_zh", c->holder, err) &&
	    set_text(out, "holder_en", c->holder_en, err) && set_text(out, "uscc", c->uscc, err) &&
	    set_text(out, "address", source->address, err) &&
	    set_text(out, "legal_representative", source->legal_representative, err);
}

static bool
set_dates(struct face *out, const struct claims *c, struct err *err)
{
	return set_date(out, "issued_on", "issued_on_zh", c->iat_s, err) &&
	    set_date(out, "valid_from", "valid_from_zh", claims_from_s(c), err) &&
	    set_date(out, "valid_until", "valid_until_zh", claims_last_s(c), err);
}

static bool
set_versions(struct face *out, const struct face_source *source, enum lang lang, struct err *err)
{
	const struct claims *c = source->claims;
	const struct version_entry entry = { c->version, civil_of(c->iat_s),
		LANG_PICK(lang, source->why_zh, source->why_en),
		source->follows[0] != '\0' ? source->follows : NULL };
	struct buf list = BUF_EMPTY;

	versions_add(
	    &list, LANG_PICK(lang, source->versions_zh, source->versions_en), &entry, lang);
	bool ok = buf_ok(&list, err) &&
	    set_text(out, LANG_PICK(lang, "versions_zh", "versions_en"), buf_span(&list), err);
	buf_free(&list);
	return ok;
}

bool
face_make(struct face *out, const struct face_source *source, struct err *err)
{
	const struct bundle_issuer *issuer = source->issuer;

	return set_qualification(out, source->claims, err) && set_holder(out, source, err) &&
	    set_dates(out, source->claims, err) && set_versions(out, source, LANG_ZH, err) &&
	    set_versions(out, source, LANG_EN, err) &&
	    set_text(out, "authority_zh", issuer->name_zh, err) &&
	    set_text(out, "authority_en", issuer->name_en, err) &&
	    set_text(out, "contact", issuer->contact, err) &&
	    face_set(out, "host", source->host, err) &&
	    face_set(out, "demonstration", source->test ? "演示 DEMONSTRATION" : "", err) &&
	    face_complete(out, err);
}

/* ---- proposals ---- */

void
face_print(struct buf *map, const struct face *face)
{
	struct printed_face printed = { .count = 0 };

	assert(face->count <= LIMIT_FACE_FIELDS);
	for (size_t i = 0; i < face->count; i++)
		printed.field[printed.count++] =
		    (struct printed_field){ span_text(face->fields[i].name),
			    span_text(face->fields[i].value) };
	printed_face_encode(map, &printed);
}

bool
face_read(struct face *out, struct span map, struct err *err)
{
	struct printed_face printed;

	if (!printed_face_parse(&printed, map, err))
		return false;
	for (size_t i = 0; i < printed.count; i++) {
		char name[64];
		struct span n = printed.field[i].name;
		snprintf(name, sizeof name, "%.*s", (int)n.len, (const char *)n.ptr);
		if (!set_text(out, name, printed.field[i].text, err))
			return false;
	}
	return face_complete(out, err);
}
