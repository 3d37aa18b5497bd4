#include "issuer/draft.h"

#include "core/encode.h"
#include "credential/cbor.h"
#include "issuer/act_make.h"
#include "tests/issuer/workshop.h"

#include <stdio.h>
#include <stdlib.h>

/* A workshop with a proposal to issue, and the parts of a draft that approves it. */
struct scene {
	struct workshop w;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct buf proposal; /* act bytes */
	struct buf bundle;   /* file */
	struct sitting sitting;
	struct draft_parts parts;
};

static void
scene_open(struct scene *s)
{
	struct act act;
	struct act_body body = { .kind = ACT_APPROVE };
	struct registry_chain chain;
	const struct trust *trust;

	*s = (struct scene){ 0 };
	workshop_open(&s->w, "standard");
	workshop_case(s->subject, &s->w, &(struct workshop_wish){ .example = "star-bridge" });
	REQUIRE(workshop_propose(&s->w, s->subject, &err));
	REQUIRE(registry_chain(&chain, s->w.bureau->registry, span_text(s->subject), &err));
	buf_add_span(&s->proposal, chain.entries[chain.n - 1].act.bytes);
	registry_chain_free(&chain);
	REQUIRE(act_parse(&act, buf_span(&s->proposal), &err));
	memcpy(body.answer.proposal, act.hash, sizeof act.hash);
	body.answer.proposal_kind = act.kind;
	s->sitting = (struct sitting){ .bureau = s->w.bureau, .now_s = s->w.now_s };
	REQUIRE(sitting_add(&s->sitting, span_text(s->subject), &body, &err));
	REQUIRE(sitting_add_context(&s->sitting, buf_span(&s->proposal), &err));
	REQUIRE(registry_bundle(&s->bundle, s->w.bureau->registry, 0, &err));
	REQUIRE(bureau_trust(&trust, s->w.bureau, &err));
	s->parts = (struct draft_parts){ .bureau = trust_roots(trust)->bureau_id,
		.bundle = buf_span(&s->bundle),
		.claims = s->sitting.claims,
		.n_claims = 1,
		.context = s->sitting.context,
		.n_context = 1 };
}

static void
scene_close(struct scene *s)
{
	sitting_free(&s->sitting);
	buf_free(&s->proposal);
	buf_free(&s->bundle);
	workshop_close(&s->w);
}

static void
encode(struct buf *out, const struct draft_parts *parts)
{
	draft_encode(out, parts);
	REQUIRE(buf_ok(out, &err));
}

/* ---- what is shown ---- */

static void
holds(const char *text, const char *want)
{
	if (strstr(text, want) == NULL)
		fail_msg("it does not show %s", want);
}

static void
every_field_of_an_answer_and_its_proposal_is_shown(void **state)
{
	struct scene s;
	struct buf file = BUF_EMPTY;
	struct draft *d = NULL;
	char hex[2 * SHA256_BYTES + 1];

	(void)state;
	scene_open(&s);
	encode(&file, &s.parts);
	REQUIRE(draft_open(&d, buf_span(&file), &err));
	assert_int_equal(d->n_items, 1);
	const struct body_issue *issue = &d->items[0].proposal->body.issue;
	for (enum lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
		struct buf text = BUF_EMPTY;
		REQUIRE(draft_show(&text, d, NULL, lang, &err));
		const char *shown = buf_text(&text);
		holds(shown, s.subject);
		hex_encode(hex, span_of(d->bureau, sizeof d->bureau));
		holds(shown, hex);
		hex_encode(hex, span_of(d->items[0].act.prev, SHA256_BYTES));
		holds(shown, hex);
		hex_encode(hex, span_of(d->items[0].act.nonce, ACT_NONCE_BYTES));
		holds(shown, hex);
		hex_encode(hex, span_of(issue->template_hash, SHA256_BYTES));
		holds(shown, hex);
		hex_encode(hex, span_of(d->items[0].proposal->who.person, BUNDLE_PERSON_BYTES));
		holds(shown, hex);
		struct printed_face face;
		REQUIRE(printed_face_parse(&face, issue->face, &err));
		assert_true(face.count > 20);
		for (size_t i = 0; i < face.count; i++) {
			char field[LIMIT_FIELD_BYTES + 1];
			snprintf(field, sizeof field, "%.*s", (int)face.field[i].text.len,
			    (const char *)face.field[i].text.ptr);
			holds(shown, field);
		}
		buf_free(&text);
	}
	draft_free(d);
	buf_free(&file);
	scene_close(&s);
}

/* ---- what is refused ---- */

static void
refused(struct span file, const char *says, const char *row)
{
	struct draft *d = NULL;
	struct err err = { 0 };

	CHECK_ROW(!draft_open(&d, file, &err) && d == NULL, row);
	if (strstr(err.text, says) == NULL)
		fail_msg("%s: it says: %s", row, err.text);
}

static void
a_draft_cut_short_or_with_bytes_behind_it_is_refused(void **state)
{
	struct scene s;
	struct buf file = BUF_EMPTY;

	(void)state;
	scene_open(&s);
	encode(&file, &s.parts);
	for (size_t len = 0; len < file.len; len += 1 + len / 16)
		refused(span_of(file.ptr, len), "draft: ", "cut short");
	refused(span_of(file.ptr, file.len - 1), "draft: ", "cut by one");
	buf_add_byte(&file, 0);
	refused(buf_span(&file), "draft: ", "a byte behind");
	buf_free(&file);
	scene_close(&s);
}

/* Act claims like those of the scene's answer, with something changed; the caller frees. */
static struct buf
changed_claims(const struct scene *s, void (*change)(struct act *act))
{
	struct act act;
	struct buf out = BUF_EMPTY;

	REQUIRE(act_claims_parse(&act, buf_span(&s->sitting.claims[0]), &err));
	change(&act);
	REQUIRE(act_claims_encode(&out, &act, &err));
	return out;
}

static uint8_t odd_body[64];

/* One field more than this program knows: nobody could have seen it. */
static void
add_field(struct act *act)
{
	assert_true(act->body.len + 2 < sizeof odd_body && act->body.ptr[0] == 0xa2);
	memcpy(odd_body, act->body.ptr, act->body.len);
	odd_body[0] = 0xa3;
	odd_body[act->body.len] = 0x18; /* key 99 */
	odd_body[act->body.len + 1] = 99;
	odd_body[act->body.len + 2] = 0x01;
	act->body = span_of(odd_body, act->body.len + 3);
}

static void
see_another_bundle(struct act *act)
{
	act->bundle_seq++;
}

static void
answer_later(struct act *act)
{
	act->seq++;
}

static void
follow_another(struct act *act)
{
	act->prev[0] ^= 1;
}

static void
answer_for_another_case(struct act *act)
{
	act->subject = span_text("case/C-2026-9999");
}

static void
claims_that_contradict_the_rest_are_refused(void **state)
{
	static const struct {
		const char *row;
		void (*change)(struct act *act);
		const char *says;
	} rows[] = {
		{ "unknown field in a body", add_field, "act 1" },
		{ "another bundle", see_another_bundle, "prepared under trust bundle 2, not 1" },
		{ "not right after its proposal", answer_later, "does not show" },
		{ "after another act", follow_another, "does not show" },
		{ "on another subject", answer_for_another_case, "does not show" },
	};
	struct scene s;

	(void)state;
	scene_open(&s);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf file = BUF_EMPTY, claims = changed_claims(&s, rows[i].change);
		struct draft_parts parts = s.parts;
		parts.claims = &claims;
		encode(&file, &parts);
		refused(buf_span(&file), rows[i].says, rows[i].row);
		buf_free(&claims);
		buf_free(&file);
	}
	scene_close(&s);
}

static void
an_act_of_the_machine_is_signed_by_no_officer(void **state)
{
	struct scene s;
	struct sitting machine;
	struct buf file = BUF_EMPTY;
	struct act_body body = { .kind = ACT_ADOPT };

	(void)state;
	scene_open(&s);
	machine = (struct sitting){ .bureau = s.w.bureau, .now_s = s.w.now_s };
	body.adopt.bundle = buf_span(&s.bundle);
	REQUIRE(sitting_add(&machine, span_text("register"), &body, &err));
	REQUIRE(sitting_export(&file, &machine, &err));
	refused(buf_span(&file), "no officer signs \"adopt\"", "adopt");
	sitting_free(&machine);
	buf_free(&file);
	scene_close(&s);
}

static void
a_proposal_shown_must_be_the_one_answered_and_an_officers(void **state)
{
	struct scene s;
	struct buf file = BUF_EMPTY, forged = BUF_EMPTY;
	struct act act;
	struct draft_parts parts;
	const struct signer *service = NULL;

	(void)state;
	scene_open(&s);

	parts = s.parts;
	parts.n_context = 0;
	encode(&file, &parts);
	refused(buf_span(&file), "a proposal that the draft does not show", "none shown");
	buf_free(&file);

	struct buf twice[2] = { s.proposal, s.proposal };
	parts.context = twice;
	parts.n_context = 2;
	encode(&file, &parts);
	refused(buf_span(&file), "a proposal that nothing in it answers", "one too many");
	buf_free(&file);

	REQUIRE(bureau_signer(&service, NULL, s.w.bureau, ROLE_KEY_SERVICE, s.w.now_s, &err));
	REQUIRE(act_parse(&act, buf_span(&s.proposal), &err));
	REQUIRE(signer_sign1(&forged, service, ACT_TYP, act.envelope.payload,
	    span_of(s.parts.bureau, BUREAU_ID_BYTES), &err));
	parts.context = &forged;
	parts.n_context = 1;
	encode(&file, &parts);
	refused(buf_span(&file), "is signed by no officer", "signed by the machine");
	buf_free(&file);

	s.proposal.ptr[s.proposal.len - 1] ^= 1;
	parts.context = &s.proposal;
	encode(&file, &parts);
	refused(buf_span(&file), "is signed by no officer", "a bit of the signature changed");
	buf_free(&file);
	buf_free(&forged);
	scene_close(&s);
}

static void
a_bundle_of_another_bureau_is_refused(void **state)
{
	struct scene s;
	struct buf file = BUF_EMPTY;
	uint8_t other[BUREAU_ID_BYTES] = { 7 };
	struct draft_parts parts;

	(void)state;
	scene_open(&s);
	parts = s.parts;
	parts.bureau = other;
	encode(&file, &parts);
	refused(buf_span(&file), "is another bureau's", "another id");
	buf_free(&file);
	parts = s.parts;
	parts.bundle = span_text("no bundle");
	encode(&file, &parts);
	refused(buf_span(&file), "trust bundle", "no bundle");
	buf_free(&file);
	scene_close(&s);
}

/* ---- signed files ---- */

static void
a_signed_file_is_read_strictly(void **state)
{
	static const struct {
		const char *row, *hex;
		bool good;
	} rows[] = {
		{ "one act", "836f7175616c636572742d7369676e6564018141aa", true },
		{ "two acts", "836f7175616c636572742d7369676e6564018241aa41bb", true },
		{ "no act", "836f7175616c636572742d7369676e65640180", false },
		{ "an empty act", "836f7175616c636572742d7369676e6564018140", false },
		{ "another version", "836f7175616c636572742d7369676e6564028141aa", false },
		{ "a draft's word", "836e7175616c636572742d6472616674018141aa", false },
		{ "cut short", "836f7175616c636572742d7369676e6564018241aa", false },
		{ "a byte behind", "836f7175616c636572742d7369676e6564018141aa00", false },
		{ "indefinite length", "836f7175616c636572742d7369676e6564019f41aaff", false },
		{ "nothing", "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t bytes[64];
		size_t n, len = strlen(rows[i].hex) / 2;
		struct span *acts = NULL;
		struct err err = { 0 };
		CHECK_ROW(hex_decode(bytes, len, span_text(rows[i].hex), NULL), rows[i].row);
		bool ok = signed_parse(&acts, &n, span_of(bytes, len), &err);
		CHECK_ROW(ok == rows[i].good, rows[i].row);
		CHECK_ROW(ok == (acts != NULL), rows[i].row);
		free(acts);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_an_answer_and_its_proposal_is_shown),
		cmocka_unit_test(a_draft_cut_short_or_with_bytes_behind_it_is_refused),
		cmocka_unit_test(claims_that_contradict_the_rest_are_refused),
		cmocka_unit_test(an_act_of_the_machine_is_signed_by_no_officer),
		cmocka_unit_test(a_proposal_shown_must_be_the_one_answered_and_an_officers),
		cmocka_unit_test(a_bundle_of_another_bureau_is_refused),
		cmocka_unit_test(a_signed_file_is_read_strictly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
