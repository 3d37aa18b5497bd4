#include "issuer/specimen.h"

#include "credential/number.h"
#include "issuer/face_make.h"
#include "issuer/trial.h"
#include "issuer/versions.h"
#include "registry/codes.h"

#define ISSUED_S 1795162320 /* 2026-11-20 16:12 +08:00 */
#define ENDS_S 1952870400   /* 2031-11-20 00:00 +08:00 */

static const struct invented {
	const char *holder, *holder_en;
	const char *legal_representative, *address;
	const char *authority, *authority_en, *contact, *host;
	const char *why_zh, *why_en;
	const char *follows; /* on the eldest version listed, for the first may: no other does */
	size_t scopes;       /* how many of the table */
	unsigned version;
	bool test;
} INVENTED[SPECIMEN_KINDS] = {
	[SPECIMEN_USUAL] = { .holder = "样张信息技术有限公司",
	    .holder_en = "Specimen Information Technology Co., Ltd.",
	    .legal_representative = "程样章",
	    .address = "示例省示范市星桥大道 128 号",
	    .authority = "示范资质管理局",
	    .authority_en = "Demonstration Qualification Bureau",
	    .contact = "https://v.example/contact",
	    .host = "v.example",
	    .why_zh = "变更法定代表人",
	    .why_en = "change of legal representative",
	    .scopes = 4,
	    .version = 3 },
	[SPECIMEN_LONGEST] = { .holder = "示例𬭎㛃犇赟昉翀頔劼祎玥曈"
					 "璟喆堃淼垚燚𬱖𫖯𬀩𫍯𬘭𠅤𪚥"
					 "省示范自治州高新技术产业开发区"
					 "涉密信息系统集成与工程技术有限"
					 "责任公司",
	    .holder_en = "Example Zoë Åström Łódź Čapek Information Technology and Secure Systems "
			 "Integration Company Limited",
	    .legal_representative = "阿卜杜热合曼·买买提艾力·吐尔逊",
	    .address = "示例省示范自治州示范市高新技术产业开发区星桥大道一百二十八号示范软件园三期"
		       "二号楼北座十七层一七零一至一七一六室及十八层一八零一至一八零八室附属机房和"
		       "地下一层库房",
	    .authority = "示例省示范自治州国家秘密资质管理局",
	    .authority_en = "Example Prefecture Bureau for Secrecy Qualifications",
	    .contact = "https://qualification-bureau.example/contact",
	    .host = "verification.qualification-bureau.example",
	    .why_zh = "有效期延续",
	    .why_en = "grade changed",
	    .follows = "JC-B-000000-2026-00000-Y",
	    .scopes = LIMIT_SCOPES,
	    .version = 12,
	    .test = true },
	[SPECIMEN_SHORTEST] = { .holder = "示",
	    .holder_en = "",
	    .legal_representative = "安",
	    .address = "示",
	    .authority = "示",
	    .authority_en = "",
	    .contact = "0",
	    .host = "v.example",
	    .why_zh = "首次发证",
	    .why_en = "first issue",
	    .scopes = 1,
	    .version = 1 },
};

static bool
say_claims(struct claims *out, char sub[NUMBER_STORED_BYTES], const struct invented *v,
    enum grade grade, struct err *err)
{
	struct number number;
	size_t n;
	const struct code *scopes = codes_all(&n, CODES_SCOPES);

	if (!number_make(&number, "JC", grade == GRADE_A ? 'A' : 'B', "000000", 2026, 0, err))
		return false;
	number_stored(sub, &number);
	*out = (struct claims){ .iss = span_text("SPECIMEN"),
		.sub = span_text(sub),
		.iat_s = ISSUED_S,
		.exp_s = ENDS_S,
		.holder = span_text(v->holder),
		.holder_en = span_text(v->holder_en),
		.uscc = span_text("91999901MADEM00110"),
		.grade = grade,
		.list = UINT16_MAX,
		.idx = UINT16_MAX,
		.version = (uint16_t)v->version };
	for (; out->scopes.count < n && out->scopes.count < v->scopes; out->scopes.count++)
		out->scopes.no[out->scopes.count] = (uint16_t)scopes[out->scopes.count].number;
	return true;
}

/* Those before the one it is. */
static void
list_versions(struct buf *out, const struct invented *v, enum lang lang)
{
	for (unsigned version = 1; version < v->version; version++) {
		struct buf before = *out;
		*out = BUF_EMPTY;
		versions_add(out, buf_span(&before),
		    &(struct version_entry){ version, civil_of(ISSUED_S),
			version == 1 ? LANG_PICK(lang, "首次发证", "first issue")
				     : LANG_PICK(lang, v->why_zh, v->why_en),
			version + VERSIONS_SHOWN == v->version + 1 ? v->follows : NULL },
		    lang);
		buf_free(&before);
	}
}

static bool
say_face(struct face *out, const struct claims *claims, const struct invented *v, struct err *err)
{
	const struct bundle_issuer issuer = { .name_zh = span_text(v->authority),
		.name_en = span_text(v->authority_en),
		.contact = span_text(v->contact) };
	struct buf zh = BUF_EMPTY, en = BUF_EMPTY;

	list_versions(&zh, v, LANG_ZH);
	list_versions(&en, v, LANG_EN);
	const struct face_source source = { .claims = claims,
		.legal_representative = span_text(v->legal_representative),
		.address = span_text(v->address),
		.versions_zh = buf_span(&zh),
		.versions_en = buf_span(&en),
		.why_zh = v->why_zh,
		.why_en = v->why_en,
		.issuer = &issuer,
		.test = v->test,
		.host = v->host };
	bool ok = buf_ok(&zh, err) && buf_ok(&en, err) && face_make(out, &source, err);
	buf_free(&zh);
	buf_free(&en);
	return ok;
}

bool
specimen_make(struct specimen *out, enum specimen_kind kind, enum grade grade, struct err *err)
{
	const struct invented *v = &INVENTED[kind];
	char sub[NUMBER_STORED_BYTES];
	struct claims claims;

	*out = (struct specimen){ .qr_text = BUF_EMPTY };
	return (say_claims(&claims, sub, v, grade, err) && say_face(&out->face, &claims, v, err) &&
		   trial_code(&out->qr_text, out->check_code, &claims, v->host, err)) ||
	    err_in(err, "specimen");
}

void
specimen_free(struct specimen *s)
{
	face_free(&s->face);
	buf_free(&s->qr_text);
}
