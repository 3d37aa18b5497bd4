#include "issuer/room.h"

#include "issuer/face_make.h"
#include "issuer/trial.h"

#include <stdio.h>

/* What the applicant has printed. */
enum text { NAME_ZH, NAME_EN, ADDRESS, REPRESENTATIVE, SCOPES, TEXTS };

static const char *const paths[TEXTS] = { "/applicant/name/zh", "/applicant/name/en",
	"/applicant/registered_address/zh", "/organisation/persons", "/qualification/scopes" };

struct wording {
	struct span texts[SCOPES];
	size_t scopes; /* at most so many of those applied for */
};

/* Whose pages are tried. Borrowed, but for the layout. */
struct office {
	struct span iss;
	const char *region, *host;
	struct bundle_issuer issuer;
	bool test;
	const struct pdf_maker *maker;
	struct template *layout;
};

static bool
open_office(struct office *o, const struct bureau *b, enum grade grade, struct err *err)
{
	const struct bundle_issuer *issuer;
	const struct trust *trust;

	if (b == NULL) {
		o->iss = span_text("INVENTED");
		o->region = "000000";
		o->host = "v.example";
		o->issuer = (struct bundle_issuer){ .name_zh = span_text("示范资质管理局"),
			.contact = span_text("https://v.example/contact") };
	} else {
		if (!bureau_trust(&trust, b, err) || !bureau_issuer(&issuer, b, err))
			return false;
		o->iss = span_text(b->conf.iss);
		o->region = b->conf.region;
		o->host = b->conf.host;
		o->issuer = *issuer;
		o->test = trust_bundle(trust)->test;
	}
	return bureau_template(&o->layout, b, grade, err);
}

/* The longest claims that may come of it: of a renewal, whose validity begins later. */
static bool
say_claims(struct claims *out, char number_text[NUMBER_STORED_BYTES], const struct office *o,
    const struct application *app, const struct wording *w, int64_t now_s, struct err *err)
{
	struct number number;
	char family[FAMILY_BYTES];

	snprintf(
	    family, sizeof family, "%.*s", (int)app->family.len, (const char *)app->family.ptr);
	if (!number_make(&number, family, app->grade == GRADE_A ? 'A' : 'B', o->region,
		civil_of(now_s).year, 0, err))
		return false;
	number_stored(number_text, &number);
	*out = (struct claims){ .iss = o->iss,
		.sub = span_text(number_text),
		.iat_s = now_s,
		.nbf_s = now_s + 1,
		.exp_s = now_s + 2,
		.holder = w->texts[NAME_ZH],
		.holder_en = w->texts[NAME_EN],
		.uscc = app->uscc,
		.grade = app->grade,
		.list = UINT16_MAX,
		.idx = UINT16_MAX,
		.version = 1 };
	if (!application_scopes(&out->scopes, &app->scopes, err))
		return false;
	if (out->scopes.count > w->scopes)
		out->scopes.count = w->scopes;
	return true;
}

/* Does it fit? If not, *why says what does not. */
static bool
try_wording(bool *fit, struct err *why, const struct office *o, const struct application *app,
    const struct wording *w, int64_t now_s, struct err *err)
{
	struct claims claims;
	struct face face = { 0 };
	char number[NUMBER_STORED_BYTES];
	const struct face_source source = { .claims = &claims,
		.legal_representative = w->texts[REPRESENTATIVE],
		.address = w->texts[ADDRESS],
		.why_zh = "首次发证",
		.why_en = "first issue",
		.issuer = &o->issuer,
		.test = o->test,
		.host = o->host };

	bool ok =
	    say_claims(&claims, number, o, app, w, now_s, err) && face_make(&face, &source, err);
	*fit = ok && trial_pages(o->maker, o->layout, &face, &claims, why);
	face_free(&face);
	if (!ok || *fit || why->code == ERR_REFUSED || why->code == ERR_LIMIT)
		return ok;
	*err = *why;
	return false;
}

static void
shorten(struct wording *w, enum text text)
{
	if (text == SCOPES)
		w->scopes = 1;
	else
		w->texts[text] = span_text(text == NAME_EN ? "" : "示");
}

/* What no wording of the applicant's would mend is the layout's own fault. */
static bool
check_layout(const struct office *o, const struct application *app, const struct wording *w,
    int64_t now_s, struct err *err)
{
	struct wording shortest = *w;
	struct err why = { 0 };
	bool fit;

	for (enum text text = 0; text < TEXTS; text++)
		shorten(&shortest, text);
	return try_wording(&fit, &why, o, app, &shortest, now_s, err) &&
	    (fit ||
		err_set(err, ERR_REFUSED,
		    "FACE-02: the layout %s cannot be printed, however short the texts (%s); see "
		    "qualcert template check %s",
		    o->layout->id, why.text, o->layout->id));
}

/* The text without which the others fit; TEXTS if there is none. */
static bool
find_long(enum text *out, const struct office *o, const struct application *app,
    const struct wording *w, int64_t now_s, struct err *err)
{
	struct err why = { 0 };
	bool fit = false;

	for (*out = 0; *out < TEXTS; ++*out) {
		struct wording less = *w;
		shorten(&less, *out);
		if (!try_wording(&fit, &why, o, app, &less, now_s, err))
			return false;
		if (fit)
			break;
	}
	return true;
}

static void
note(struct defects *out, const struct application *app, enum text text)
{
	struct defect_path path = defect_path("%s", text < TEXTS ? paths[text] : "/applicant");

	for (size_t i = 0; text == REPRESENTATIVE && i < app->organisation.persons_count; i++)
		if (span_equal(app->organisation.persons[i].id, app->legal_representative))
			path = defect_path("%s/%zu/name", paths[text], i);
	defects_add(out, "FACE-01", SEVERITY_ERROR, path.text,
	    "文字过长，证书版面或者其二维码放不下；请与申请单位商定较短的写法",
	    "This is too long for the certificate, for its place on the page or for the code. "
	    "Agree "
	    "on a shorter wording with the applicant.");
}

bool
room_check(struct defects *out, const struct application *app, const struct bureau *b,
    const struct pdf_maker *maker, int64_t now_s, struct err *err)
{
	struct office o = { .maker = maker };
	const struct wording w = { .texts = { [NAME_ZH] = app->name_zh,
				       [NAME_EN] = app->name_en,
				       [ADDRESS] = app->address_zh,
				       [REPRESENTATIVE] = application_representative(app) },
		.scopes = LIMIT_SCOPES };
	enum text too_long = TEXTS;
	struct err why = { 0 };
	bool fit = false;

	bool ok = open_office(&o, b, app->grade, err) &&
	    try_wording(&fit, &why, &o, app, &w, now_s, err) &&
	    (fit ||
		(check_layout(&o, app, &w, now_s, err) &&
		    find_long(&too_long, &o, app, &w, now_s, err)));
	template_free(o.layout);
	if (ok && !fit)
		note(out, app, too_long);
	return ok && defects_ok(out, err);
}
