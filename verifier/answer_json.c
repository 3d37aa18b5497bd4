#include "verifier/answer_json.h"

#include "core/encode.h"
#include "core/rfc3339.h"
#include "core/text.h"
#include "credential/history.h"
#include "registry/codes.h"
#include "verifier/words.h"

static json_t *
instant(int64_t t_s)
{
	char text[RFC3339_TEXT_BYTES];
	if (t_s <= 0 || t_s == HISTORY_OPEN)
		return json_null();
	rfc3339_format(text, t_s);
	return json_string(text);
}

static json_t *
day(int64_t t_s)
{
	char text[CIVIL_TEXT_BYTES];
	civil_format(text, civil_of(t_s));
	return json_string(text);
}

static json_t *
hash(const uint8_t sha256[32])
{
	char text[65];
	hex_encode(text, span_of(sha256, 32));
	return json_string(text);
}

/* Nothing was hashed where nothing was read. */
static json_t *
input_hash(const struct answer *a)
{
	static const uint8_t none[32];

	return memcmp(a->input_sha256, none, sizeof none) == 0 ? json_null()
							       : hash(a->input_sha256);
}

static json_t *
parts_json(const struct answer *a)
{
	json_t *parts = json_object();
	for (int p = 0; p < PART_COUNT; p++) {
		const struct part_answer *pa = &a->parts[p];
		json_t *part = json_pack("{s:s}", "answer", reply_word(pa->reply));
		if (pa->finding != FINDING_NONE && pa->reply != REPLY_YES)
			json_object_set_new(
			    part, "finding", json_string(finding_word(pa->finding)));
		if (pa->detail[0] != '\0')
			json_object_set_new(part, "detail", json_string(pa->detail));
		json_object_set_new(parts, part_word((enum part)p), part);
	}
	return parts;
}

static json_t *
scopes_json(const struct answer *a)
{
	json_t *scopes = json_array();
	for (size_t i = 0; i < a->scopes.count; i++) {
		const struct code *scope = codes_find_number(CODES_SCOPES, a->scopes.no[i]);
		json_array_append_new(scopes,
		    json_pack("{s:i, s:s?}", "number", (int)a->scopes.no[i], "word",
			scope != NULL ? scope->word : NULL));
	}
	return scopes;
}

static json_t *
claims_json(const struct answer *a)
{
	json_t *claims = json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "number",
	    a->number, "version", (int)a->version, "holder", a->holder_zh, "uscc", a->uscc,
	    "family", a->family, "grade", a->grade == 1 ? "A" : "B", "scopes", scopes_json(a),
	    "issued", instant(a->iat_s), "first_day", day(a->from_s), "last_day",
	    day(a->printed_end_s - 1));
	if (claims != NULL && a->holder_en[0] != '\0')
		json_object_set_new(claims, "holder_en", json_string(a->holder_en));
	if (claims != NULL)
		json_object_set_new(claims, "credential_sha256", hash(a->credential_hash));
	return claims;
}

static json_t *
issuer_json(const struct answer *a)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "iss", a->iss, "name", a->authority_zh, "name_en",
	    a->authority_en, "contact", a->contact);
}

static const char *
effect_word(enum work e)
{
	static const char *const words[] = { "no", "under supervision", "yes" };
	return words[e];
}

static json_t *
status_json(const struct answer *a)
{
	json_t *status = json_pack("{s:s, s:o, s:o, s:o}", "word", status_word(a->status), "from",
	    instant(a->status_from_s), "until_at_least", instant(a->status_until_s),
	    "effective_last_day", day(a->end_s - 1));
	if (status != NULL && words_has_effects(a))
		json_object_set_new(status, "effects",
		    json_pack("{s:s, s:s}", "new_work", effect_word(a->effects.new_work),
			"existing_work", effect_word(a->effects.existing_work)));
	if (status != NULL && a->replaced_by > 0)
		json_object_set_new(
		    status, "replaced_by", json_integer((json_int_t)a->replaced_by));
	if (status != NULL && a->order[0] != '\0')
		json_object_set_new(status, "order", json_string(a->order));
	return status;
}

static json_t *
data_json(const struct answer *a)
{
	return json_pack("{s:I, s:o, s:o, s:b, s:b, s:s}", "sequence", (json_int_t)a->data_seq,
	    "made", instant(a->data_iat_s), "good_until", instant(a->data_exp_s), "live", a->live,
	    "rollback_guarded", !a->unguarded, "log", a->unwitnessed ? "unwitnessed" : "witnessed");
}

static json_t *
timestamp_json(const struct answer *a)
{
	if (a->stamp == STAMP_NONE)
		return json_null();
	return json_pack("{s:o, s:s, s:b}", "time", instant(a->stamp_s), "authority", a->stamp_by,
	    "counted", a->stamp == STAMP_COUNTS);
}

static json_t *
shown_json(const struct shown_code *s)
{
	json_t *shown = json_pack("{s:b}", "genuine", s->wrong == FINDING_NONE);

	if (shown != NULL && s->page > 0)
		json_object_set_new(shown, "page", json_integer((json_int_t)s->page));
	if (shown != NULL && s->wrong != FINDING_NONE)
		json_object_set_new(shown, "finding", json_string(finding_word(s->wrong)));
	else if (shown != NULL)
		json_object_update_new(shown,
		    json_pack("{s:s, s:s, s:s}", "holder", s->holder_zh, "uscc", s->uscc, "grade",
			s->grade == 1 ? "A" : "B"));
	return shown;
}

/* The words are those of a question (ask.h); what it has to be stands there only if it was asked. */
static json_t *
asked_json(const struct answer *a)
{
	static const char *const grades[] = { NULL, "A", "B" };
	const struct code *scope =
	    a->asked_scope != 0 ? codes_find_number(CODES_SCOPES, a->asked_scope) : NULL;

	return json_pack("{s:o, s:b, s:o, s:s, s:s, s:s*, s:s*, s:s*}", "at",
	    instant(a->asked_from_s), "whole_day", a->whole_day, "known", instant(a->known_s),
	    "clock_zone", "+08:00", "for", a->existing ? "existing" : "new", "holder",
	    a->asked_holder[0] != '\0' ? a->asked_holder : NULL, "grade", grades[a->asked_grade],
	    "scope", scope != NULL ? scope->word : NULL);
}

json_t *
answer_json(const struct answer *a, const char *input)
{
	static const char *const kinds[] = { "unknown", "pdf", "cose", "code" };
	json_t *root = json_pack("{s:i, s:s, s:b, s:s?, s:s, s:o, s:o}", "schema", 1, "verdict",
	    verdict_word(a->verdict), "test", a->test, "reason",
	    a->reason == FINDING_NONE ? NULL : finding_word(a->reason), "kind", kinds[a->kind],
	    "parts", parts_json(a), "input_sha256", input_hash(a));
	if (root == NULL)
		return NULL;
	if (input != NULL)
		json_object_set_new(root, "input", json_string(input));
	json_object_set_new(root, "asked", asked_json(a));
	if (a->page > 0)
		json_object_set_new(root, "page", json_integer((json_int_t)a->page));
	if (a->shown.looked)
		json_object_set_new(root, "shown_code", shown_json(&a->shown));
	if (a->claims_read)
		json_object_set_new(
		    root, a->claims_proven ? "certificate" : "unconfirmed", claims_json(a));
	if (a->iss[0] != '\0')
		json_object_set_new(root, "issuer", issuer_json(a));
	if (a->stamp != STAMP_NOT_READ)
		json_object_set_new(root, "timestamp", timestamp_json(a));
	if (a->status_read && a->claims_proven)
		json_object_set_new(root, "status", status_json(a));
	if (a->data_iat_s != 0)
		json_object_set_new(root, "data", data_json(a));
	return root;
}

void
answer_json_name(struct buf *out, const char *input)
{
	const struct span name = span_text(input);

	if (text_is_utf8(name))
		buf_add_span(out, name);
	else
		text_escape(out, name);
}
