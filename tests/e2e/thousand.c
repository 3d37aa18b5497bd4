/*
 * thousand BUREAU EXAMPLES COUNT: issue COUNT certificates to as many invented holders in a new bureau with
 * policy-small, by the library that qualcert is made of, a sitting of COUNT acts at a time. Each holder has a
 * name in Chinese and English and a social credit code of its own.
 */
#include "core/file.h"
#include "credential/uscc.h"
#include "issuer/dossier.h"
#include "issuer/issue.h"
#include "issuer/officer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define EXAMPLE "cloud-sail"
#define NAME_ZH "示例云帆科技有限公司"
#define NAME_EN "Example Cloud Sail Technology Co., Ltd."
#define USCC "91999902MADEM002X6"
#define USCC_LETTERS "0123456789ABCDEFGHJKLMNPQRTUWXY"

enum paper { APPLICATION, EXAMINATION, INSPECTION, PAPERS };

struct holder {
	char subject[ACT_SUBJECT_BYTES + 1];
	char name_zh[64], name_en[64], uscc[USCC_LENGTH + 1];
	struct buf paper[PAPERS];
	uint8_t proposal[SHA256_BYTES]; /* to issue, of the holder at this place or another */
};

struct office {
	struct bureau *bureau;
	struct passphrase_source passphrase;
	struct holder *holders;
	size_t n;
	size_t kept; /* proposals noted so far */
	char sitting[REGISTRY_SITTING_BYTES];
};

static void
must(bool done, const char *what, const struct err *err)
{
	if (done)
		return;
	fprintf(stderr, "thousand: %s: %s\n", what, err->text);
	exit(EXIT_FAILURE);
}

/* ---- holders ---- */

/* The two check characters are tried until the code is right. */
static void
make_uscc(char out[USCC_LENGTH + 1], size_t i)
{
	for (const char *a = USCC_LETTERS; *a != '\0'; a++)
		for (const char *b = USCC_LETTERS; *b != '\0'; b++) {
			snprintf(out, USCC_LENGTH + 1, "91999902MA%06zu%c%c", i, *a, *b);
			if (uscc_check(span_text(out)).answer == USCC_VALID)
				return;
		}
	abort();
}

static void
replace_all(struct buf *out, struct span in, const char *old, const char *new)
{
	const size_t len = strlen(old);
	for (size_t i = 0; i < in.len;) {
		if (in.len - i >= len && memcmp(in.ptr + i, old, len) == 0) {
			buf_add_text(out, new);
			i += len;
		} else
			buf_add_byte(out, in.ptr[i++]);
	}
}

/* The example's paper, about this holder. */
static void
rewrite(struct buf *out, struct span example, const struct holder *h)
{
	struct buf zh = BUF_EMPTY, en = BUF_EMPTY;
	replace_all(&zh, example, NAME_ZH, h->name_zh);
	replace_all(&en, buf_span(&zh), NAME_EN, h->name_en);
	replace_all(out, buf_span(&en), USCC, h->uscc);
	buf_free(&zh);
	buf_free(&en);
}

/* Into the canonical form that officers sign. */
static bool
encode_paper(struct buf *out, enum paper kind, struct span json, struct span uscc, struct err *err)
{
	struct defects defects = { 0 };
	struct application *application = NULL;
	struct examination *examination = NULL;
	struct inspection *inspection = NULL;
	bool ok;

	if (kind == APPLICATION)
		ok = application_parse(&application, &defects, json, err) &&
		    application_encode(out, application, err);
	else if (kind == EXAMINATION)
		ok = examination_parse(&examination, &defects, json, uscc, err) &&
		    examination_encode(out, examination, err);
	else
		ok = inspection_parse(&inspection, &defects, json, uscc, err) &&
		    inspection_encode(out, inspection, err);
	ok = ok &&
	    (defects_count(&defects, SEVERITY_ERROR) == 0 ||
		err_set(err, ERR_REFUSED, "%s", defects.items[0].en));
	application_free(application);
	examination_free(examination);
	inspection_free(inspection);
	defects_free(&defects);
	return ok;
}

static void
make_holder(struct holder *h, size_t i, const struct buf examples[PAPERS])
{
	struct err err = { 0 };

	snprintf(h->name_zh, sizeof h->name_zh, "示例第%04zu号系统集成有限公司", i);
	snprintf(h->name_en, sizeof h->name_en, "Example Holder %04zu Systems Co., Ltd.", i);
	make_uscc(h->uscc, i);
	for (int p = 0; p < PAPERS; p++) {
		struct buf json = BUF_EMPTY;
		rewrite(&json, buf_span(&examples[p]), h);
		must(encode_paper(
			 &h->paper[p], (enum paper)p, buf_span(&json), span_text(h->uscc), &err),
		    h->name_zh, &err);
		buf_free(&json);
	}
}

/* Cases are numbered in the order of submission. */
static void
make_holders(struct office *o, const char *folder)
{
	static const char *const files[PAPERS] = { EXAMPLE, EXAMPLE "-examination",
		EXAMPLE "-inspection" };
	struct buf examples[PAPERS] = { 0 };
	struct err err = { 0 };
	const int year = civil_of((int64_t)time(NULL)).year;

	for (int p = 0; p < PAPERS; p++) {
		struct buf path = BUF_EMPTY;
		buf_printf(&path, "%s/%s.json", folder, files[p]);
		must(file_read(&examples[p], buf_text(&path), LIMIT_PAPER_BYTES, &err), files[p],
		    &err);
		buf_free(&path);
	}
	for (size_t i = 0; i < o->n; i++) {
		make_holder(&o->holders[i], i, examples);
		snprintf(o->holders[i].subject, sizeof o->holders[i].subject, "case/C-%d-%04zu",
		    year, i + 1);
	}
	for (int p = 0; p < PAPERS; p++)
		buf_free(&examples[p]);
}

/* ---- sittings ---- */

static struct sitting
begin(const struct office *o)
{
	return (struct sitting){ .bureau = o->bureau, .now_s = (int64_t)time(NULL) };
}

/* Sign as this officer and record; every act must be. */
static void
finish(const struct office *o, struct sitting *s, const char *word)
{
	struct registry_item *items = calloc(s->n_claims + 1, sizeof *items);
	struct buf *acts = calloc(s->n_claims + 1, sizeof *acts);
	struct officer officer = { 0 };
	struct err err = { 0 };

	if (items == NULL || acts == NULL)
		abort();
	must(officer_find(&officer, o->bureau, word, s->now_s, &err) &&
		officer_unlock(&officer, o->bureau, &o->passphrase, &err) &&
		sitting_record(items, acts, s, officer.signer, &err),
	    word, &err);
	for (size_t i = 0; i < s->n_claims; i++) {
		must(items[i].recorded, word, &items[i].err);
		buf_free(&acts[i]);
	}
	officer_close(&officer);
	free(items);
	free(acts);
	sitting_free(s);
}

static struct act_body
statement(const struct holder *h, enum act_kind kind)
{
	struct act_body body = { .kind = kind };
	if (kind == ACT_SUBMIT)
		body.submit.application = buf_span(&h->paper[APPLICATION]);
	else if (kind == ACT_ACCEPT)
		body.notice.document = span_text("示例受〔2026〕1号");
	else
		body.result = (struct body_result){
			buf_span(&h->paper[kind == ACT_EXAMINE ? EXAMINATION : INSPECTION]),
			RESULT_PASS
		};
	return body;
}

static void
state(const struct office *o, enum act_kind kind, const char *word)
{
	struct sitting s = begin(o);
	struct err err = { 0 };

	for (size_t i = 0; i < o->n; i++) {
		struct act_body body = statement(&o->holders[i], kind);
		must(sitting_add(&s, span_text(o->holders[i].subject), &body, &err), word, &err);
	}
	finish(o, &s, word);
}

/* The visit of every unit is today, by these two. */
static void
schedule(const struct office *o, const char *leader, const char *other)
{
	const char *team[] = { leader, other };
	struct sitting s = begin(o);
	struct act_body body = { .kind = ACT_SCHEDULE };
	struct err err = { 0 };

	body.schedule.document = span_text("示例审〔2026〕1号");
	body.schedule.visit_s = civil_start_s(civil_of(s.now_s));
	for (size_t i = 0; i < 2; i++) {
		struct officer officer = { 0 };
		must(officer_find(&officer, o->bureau, team[i], s.now_s, &err), team[i], &err);
		memcpy(body.schedule.team[body.schedule.n_team++].id, officer.key->person,
		    BODY_PERSON_BYTES);
		officer_close(&officer);
	}
	for (size_t i = 0; i < o->n; i++)
		must(sitting_add(&s, span_text(o->holders[i].subject), &body, &err), leader, &err);
	finish(o, &s, leader);
}

static void
propose(struct office *o, const char *word)
{
	struct sitting s = begin(o);
	struct issue_wish *wishes = calloc(o->n, sizeof *wishes);
	struct decision *decisions = calloc(o->n, sizeof *decisions);
	struct dossier *dossiers = calloc(o->n, sizeof *dossiers);
	struct err err = { 0 };

	if (wishes == NULL || decisions == NULL || dossiers == NULL)
		abort();
	for (size_t i = 0; i < o->n; i++) {
		struct span subject = span_text(o->holders[i].subject);
		must(dossier_load(&dossiers[i], o->bureau, subject, s.now_s, &err) &&
			dossier_decide(&decisions[i], &dossiers[i], span_text("示例决〔2026〕1号"),
			    span_of(NULL, 0), &err),
		    o->holders[i].subject, &err);
		wishes[i] = (struct issue_wish){
			.kind = ACT_ISSUE, .subject = subject, .decision = &decisions[i]
		};
	}
	must(sitting_new_id(o->sitting, o->bureau, &err) &&
		issue_propose(&s, o->sitting, wishes, o->n, NULL, &err),
	    "issue", &err);
	finish(o, &s, word);
	for (size_t i = 0; i < o->n; i++)
		dossier_free(&dossiers[i]);
	free(dossiers);
	free(decisions);
	free(wishes);
}

static bool
approve_one(void *ctx, const struct registry_proposal *p, struct err *err)
{
	struct act_body body = { .kind = ACT_APPROVE };
	body.answer.proposal_kind = p->kind;
	memcpy(body.answer.proposal, p->hash, sizeof body.answer.proposal);
	return sitting_add(ctx, span_text(p->subject), &body, err);
}

static void
approve(const struct office *o, const char *word)
{
	struct sitting s = begin(o);
	struct err err = { 0 };

	must(registry_each_proposal(
		 o->bureau->registry, span_text(o->sitting), approve_one, &s, &err),
	    "approve", &err);
	finish(o, &s, word);
}

static bool
keep_one(void *ctx, const struct registry_proposal *p, struct err *err)
{
	struct office *o = ctx;
	(void)err;
	memcpy(o->holders[o->kept++].proposal, p->hash, sizeof p->hash);
	return true;
}

static void
make(struct office *o)
{
	struct issue_item items[ISSUE_GROUP];
	struct err err = { 0 };

	must(registry_each_proposal(o->bureau->registry, span_text(o->sitting), keep_one, o, &err),
	    "make", &err);
	for (size_t at = 0; at < o->kept;) {
		size_t n = 0;
		for (; n < ISSUE_GROUP && at < o->kept; n++)
			items[n] = issue_item(o->holders[at++].proposal);
		must(issue_make(o->bureau, items, n, (int64_t)time(NULL), &err), "make", &err);
		for (size_t i = 0; i < n; i++)
			must(items[i].made, items[i].number, &items[i].err);
	}
}

int
main(int argc, char **argv)
{
	struct office o = { .passphrase = { .from = PASSPHRASE_FILE } };
	struct buf passphrase = BUF_EMPTY;
	struct err err = { 0 };

	if (argc != 4 || (o.n = strtoul(argv[3], NULL, 10)) == 0 || o.n > LIMIT_DRAFT_ACTS) {
		fputs("thousand BUREAU EXAMPLES COUNT\n", stderr);
		return EXIT_FAILURE;
	}
	buf_printf(&passphrase, "%s/officers/passphrase", argv[1]);
	o.passphrase.path = buf_text(&passphrase);
	o.holders = calloc(o.n, sizeof *o.holders);
	if (o.holders == NULL)
		return EXIT_FAILURE;
	must(bureau_open(&o.bureau, argv[1], false, "thousand", &err), argv[1], &err);
	make_holders(&o, argv[2]);
	state(&o, ACT_SUBMIT, "an");
	state(&o, ACT_ACCEPT, "an");
	state(&o, ACT_EXAMINE, "an");
	schedule(&o, "an", "shi");
	state(&o, ACT_INSPECT, "an");
	state(&o, ACT_INSPECT, "shi");
	propose(&o, "guan");
	approve(&o, "bi");
	make(&o);
	for (size_t i = 0; i < o.n; i++)
		for (int p = 0; p < PAPERS; p++)
			buf_free(&o.holders[i].paper[p]);
	free(o.holders);
	bureau_close(o.bureau);
	buf_free(&passphrase);
	return EXIT_SUCCESS;
}
