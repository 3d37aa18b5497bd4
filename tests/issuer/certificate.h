/* A complete face, template and maker for tests of the page. */
#ifndef TESTS_ISSUER_CERTIFICATE_H
#define TESTS_ISSUER_CERTIFICATE_H

#include "core/file.h"
#include "core/limits.h"
#include "issuer/pdf.h"
#include "tests/test.h"

#include <stdio.h>

#define CERTIFICATE_NOW_S 1795162320 /* 2026-11-20 16:12 +08:00 */

/* Fail with the sentence if a step that must work did not. */
static inline void
must(bool ok, const struct err *err)
{
	if (!ok)
		fail_msg("%s", err->text);
}

static inline void
certificate_face(struct face *out)
{
	static const char *const FIELDS[][2] = {
		{ "host", "v.example" },
		{ "uscc", "91999903MADEM0038L" },
		{ "number", "JC-A-999900-2026-48213-6" },
		{ "address", "示例省示范市星桥大道 128 号" },
		{ "contact", "000-0000 0000" },
		{ "version", "1" },
		{ "grade_en", "Grade A" },
		{ "grade_zh", "甲级" },
		{ "family_en", "Qualification for Classified Information System Integration" },
		{ "family_zh", "涉密信息系统集成资质" },
		{ "holder_en", "Example Hongjie Software Co., Ltd." },
		{ "holder_zh", "示例𬭎㛃软件有限公司" },
		{ "issued_on", "2026-11-20" },
		{ "scopes_en", "overall integration; software development" },
		{ "scopes_zh", "总体集成；软件开发" },
		{ "valid_from", "2026-11-20" },
		{ "valid_until", "2031-11-19" },
		{ "versions_en", "Version 1, 2026-11-20: first issue" },
		{ "versions_zh", "第 1 版　2026-11-20　首次发证" },
		{ "authority_en", "Demonstration Qualification Bureau" },
		{ "authority_zh", "示范资质管理局" },
		{ "issued_on_zh", "二〇二六年十一月二十日" },
		{ "demonstration", "演示 DEMONSTRATION" },
		{ "valid_from_zh", "二〇二六年十一月二十日" },
		{ "valid_until_zh", "二〇三一年十一月十九日" },
		{ "legal_representative", "安𬭎" },
	};
	struct err err = { 0 };
	for (size_t i = 0; i < COUNT_OF(FIELDS); i++)
		must(face_set(out, FIELDS[i][0], FIELDS[i][1], &err), &err);
}

/* templates/NAME.json */
static inline struct template *
certificate_template(const char *name)
{
	char path[512];
	struct err err = { 0 };
	struct buf json = BUF_EMPTY;
	struct template *t = NULL;
	snprintf(path, sizeof path, SOURCE_DIR "/templates/%s.json", name);
	must(file_read(&json, path, LIMIT_JSON_BYTES, &err), &err);
	must(template_parse(&t, buf_span(&json), &err), &err);
	buf_free(&json);
	return t;
}

/* A code's text with this many digits, at most LIMIT_QR_DIGITS. */
static inline struct span
certificate_code(char out[LIMIT_QR_TEXT_BYTES], size_t digits)
{
	int n = snprintf(out, LIMIT_QR_TEXT_BYTES, "https://v.example/q/1/");
	for (size_t i = 0; i < digits; i++)
		out[(size_t)n + i] = (char)('0' + (i * 7 + i / 3) % 10);
	return span_of(out, (size_t)n + digits);
}

#endif
