#include "tests/issuer/workshop.h"

#include "core/file.h"
#include "core/limits.h"
#include "issuer/bureau_init.h"
#include "issuer/dossier.h"

#include <dirent.h>
#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- the bureau ---- */

static void
read_source(struct buf *out, const char *name)
{
	char path[512];

	snprintf(path, sizeof path, SOURCE_DIR "/templates/%s.json", name);
	REQUIRE(file_read(out, path, LIMIT_JSON_BYTES, &err));
}

void
workshop_open(struct workshop *w, const char *policy_name)
{
	struct buf policy_file = BUF_EMPTY;
	struct policy policy;
	char name[64];
	const char *tmp = getenv("TMPDIR");

	*w = (struct workshop){
		.small = strcmp(policy_name, "small") == 0, .now_s = WORKSHOP_NOW_S, .pace_s = 60
	};
	snprintf(w->folder, sizeof w->folder, "%s/workshop-XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(w->folder));
	snprintf(name, sizeof name, "policy-%s", policy_name);
	read_source(&policy_file, name);
	REQUIRE(policy_parse(&policy, buf_span(&policy_file), &err));
	workshop_keys_new(&w->keys, w->folder, w->small, policy.hash);

	struct signer *service = NULL;
	char path[128];
	snprintf(path, sizeof path, "%s/keys/service.pem", w->folder);
	REQUIRE(key_file_open(&service, path, span_text(WORKSHOP_PASSPHRASE), &err));
	REQUIRE(bureau_init(&(struct bureau_init){ .folder = w->folder,
				.root_file = w->keys.root_file,
				.bundle_file = buf_span(&w->keys.bundle_file),
				.policy = buf_span(&policy_file),
				.conf = { .iss = "TEST",
				    .region = "999900",
				    .host = "v.example",
				    .role_passphrase_file = "keys/passphrase" },
				.service = service },
	    w->now_s, &err));
	signer_free(service);
	buf_free(&policy_file);
	REQUIRE(bureau_open(&w->bureau, w->folder, false, "test", &err));
}

int
workshop_standard(void **state)
{
	static struct workshop w;
	workshop_open(&w, "standard");
	*state = &w;
	return 0;
}

int
workshop_small(void **state)
{
	static struct workshop w;
	workshop_open(&w, "small");
	*state = &w;
	return 0;
}

int
workshop_end(void **state)
{
	workshop_close(*state);
	return 0;
}

void
workshop_reopen(struct workshop *w)
{
	bureau_close(w->bureau);
	w->bureau = NULL;
	REQUIRE(bureau_open(&w->bureau, w->folder, false, "test", &err));
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void
workshop_close(struct workshop *w)
{
	bureau_close(w->bureau);
	workshop_keys_free(&w->keys);
	nftw(w->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	*w = (struct workshop){ 0 };
}

bool
workshop_read(struct buf *out, const struct workshop *w, const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", w->folder, name);
	return file_read(out, path, LIMIT_PDF_BYTES, NULL);
}

size_t
workshop_count(const struct workshop *w, const char *folder)
{
	char path[256];
	size_t n = 0;

	snprintf(path, sizeof path, "%s/%s", w->folder, folder);
	DIR *dir = opendir(path);
	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir)) != NULL;)
		n += e->d_type == DT_REG;
	closedir(dir);
	return n;
}

void
workshop_write(const struct workshop *w, const char *name, struct span bytes)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", w->folder, name);
	REQUIRE(file_write(path, bytes, 0640, &err));
}

/* ---- acts ---- */

static bool
record(struct workshop *w, struct sitting *s, int who, struct err *err)
{
	struct registry_item item = { 0 };
	struct buf act = BUF_EMPTY;
	const struct signer *key = who >= 0 ? w->keys.officer[who] : NULL;

	bool ok = (key != NULL ||
		      bureau_signer(&key, NULL, w->bureau, ROLE_KEY_SERVICE, w->now_s, err)) &&
	    sitting_record(&item, &act, s, key, err) &&
	    (item.recorded || err_set(err, item.err.code, "%s", item.err.text));
	buf_free(&act);
	w->now_s += w->pace_s;
	return ok;
}

bool
workshop_try(
    struct workshop *w, int who, const char *subject, const struct act_body *body, struct err *err)
{
	struct sitting s = { .bureau = w->bureau, .now_s = w->now_s };

	bool ok = sitting_add(&s, span_text(subject), body, err) && record(w, &s, who, err);
	sitting_free(&s);
	return ok;
}

static void
act(struct workshop *w, enum workshop_officer who, const char *subject, struct act_body body)
{
	REQUIRE(workshop_try(w, (int)who, subject, &body, &err));
}

void
workshop_approve(struct workshop *w, enum workshop_officer who, const char *subject)
{
	struct registry_chain chain;
	struct act_body body = { .kind = ACT_APPROVE };

	REQUIRE(registry_chain(&chain, w->bureau->registry, span_text(subject), &err));
	assert_true(chain.n > 0);
	const struct act *last = &chain.entries[chain.n - 1].act;
	memcpy(body.answer.proposal, last->hash, SHA256_BYTES);
	body.answer.proposal_kind = last->kind;
	registry_chain_free(&chain);
	act(w, who, subject, body);
}

/* ---- papers ---- */

static void
change(json_t *application, const struct workshop_wish *wish)
{
	json_t *name = json_object_get(json_object_get(application, "applicant"), "name");
	json_t *qualification = json_object_get(application, "qualification");

	if (wish->holder != NULL) {
		json_object_set_new(name, "zh", json_string(wish->holder));
		json_object_del(name, "en");
	}
	if (wish->type != NULL) {
		json_object_set_new(application, "type", json_string(wish->type));
		json_object_set_new(application, "of", json_string(wish->of));
	}
	if (wish->scopes[0] != NULL) {
		json_t *scopes = json_array();
		for (size_t i = 0; wish->scopes[i] != NULL; i++)
			json_array_append_new(scopes, json_string(wish->scopes[i]));
		json_object_set_new(qualification, "scopes", scopes);
	}
}

static void
submit(struct workshop *w, const char *subject, const struct workshop_wish *wish, char uscc[32])
{
	struct buf file = BUF_EMPTY, canonical = BUF_EMPTY;
	struct application *application = NULL;
	struct defects defects = { 0 };
	struct act_body body = { .kind = ACT_SUBMIT };
	char name[64];

	snprintf(name, sizeof name, "examples/%s", wish->example);
	read_source(&file, name);
	json_t *json = json_loadb((const char *)file.ptr, file.len, 0, NULL);
	change(json, wish);
	char *text = json_dumps(json, JSON_COMPACT);
	REQUIRE(application_parse(&application, &defects, span_text(text), &err));
	REQUIRE(application_encode(&canonical, application, &err));
	snprintf(uscc, 32, "%.*s", (int)application->uscc.len, (const char *)application->uscc.ptr);
	body.submit.application = buf_span(&canonical);
	act(w, AN, subject, body);
	free(text);
	json_decref(json);
	application_free(application);
	defects_free(&defects);
	buf_free(&file);
	buf_free(&canonical);
}

static void
examine(struct workshop *w, enum workshop_officer who, const char *subject, const char *example,
    const char *uscc)
{
	struct buf file = BUF_EMPTY, canonical = BUF_EMPTY;
	struct examination *paper = NULL;
	struct defects defects = { 0 };
	char name[64];

	snprintf(name, sizeof name, "examples/%s-examination", example);
	read_source(&file, name);
	REQUIRE(examination_parse(&paper, &defects, buf_span(&file), span_text(uscc), &err));
	REQUIRE(examination_encode(&canonical, paper, &err));
	act(w, who, subject,
	    (struct act_body){
		.kind = ACT_EXAMINE, .result = { buf_span(&canonical), RESULT_PASS } });
	examination_free(paper);
	defects_free(&defects);
	buf_free(&file);
	buf_free(&canonical);
}

static void
schedule(struct workshop *w, const enum workshop_officer who[2], const char *subject)
{
	const struct trust *trust;
	struct act_body body = { .kind = ACT_SCHEDULE,
		.schedule = { .document = span_text("示审〔2026〕17号"),
		    .n_team = 2,
		    .visit_s = civil_start_s(civil_of(w->now_s)) } };

	REQUIRE(bureau_trust(&trust, w->bureau, &err));
	for (size_t i = 0; i < 2; i++) {
		const struct bundle_key *key = bundle_find_key(trust_bundle(trust),
		    signer_kid(w->keys.officer[who[i]]), KEY_USE_OFFICER, NULL);
		memcpy(body.schedule.team[i].id, key->person, BODY_PERSON_BYTES);
	}
	act(w, AN, subject, body);
}

static void
inspect(struct workshop *w, const enum workshop_officer who[2], const char *subject,
    const char *example, const char *uscc)
{
	struct buf file = BUF_EMPTY, canonical = BUF_EMPTY;
	struct inspection *paper = NULL;
	struct defects defects = { 0 };
	char name[64];

	snprintf(name, sizeof name, "examples/%s-inspection", example);
	read_source(&file, name);
	REQUIRE(inspection_parse(&paper, &defects, buf_span(&file), span_text(uscc), &err));
	REQUIRE(inspection_encode(&canonical, paper, &err));
	for (size_t i = 0; i < 2; i++)
		act(w, who[i], subject,
		    (struct act_body){
			.kind = ACT_INSPECT, .result = { buf_span(&canonical), RESULT_PASS } });
	inspection_free(paper);
	defects_free(&defects);
	buf_free(&file);
	buf_free(&canonical);
}

/* ---- proposals ---- */

static void
decide(struct workshop *w, const char *subject)
{
	struct dossier dossier;
	char sitting[REGISTRY_SITTING_BYTES];
	struct act_body body = { .kind = ACT_DECIDE };

	REQUIRE(dossier_load(&dossier, w->bureau, span_text(subject), w->now_s, &err));
	REQUIRE(dossier_decide(&body.decide.decision, &dossier, span_text("示决〔2026〕17号"),
	    span_of(NULL, 0), &err));
	REQUIRE(sitting_new_id(sitting, w->bureau, &err));
	body.not_after_s = w->now_s + 86400;
	body.sitting = span_text(sitting);
	act(w, GUAN, subject, body);
	dossier_free(&dossier);
	workshop_approve(w, BI, subject);
}

void
workshop_case(
    char subject[ACT_SUBJECT_BYTES + 1], struct workshop *w, const struct workshop_wish *wish)
{
	static const enum workshop_officer team[2][2] = { { SHI, XIANG }, { AN, SHI } };
	char uscc[32];

	REQUIRE(registry_next_case(subject, w->bureau->registry, 2026, &err));
	submit(w, subject, wish, uscc);
	act(w, AN, subject,
	    (struct act_body){
		.kind = ACT_ACCEPT, .notice = { .document = span_text("示受〔2026〕17号") } });
	examine(w, w->small ? AN : SHEN, subject, wish->example, uscc);
	schedule(w, team[w->small], subject);
	inspect(w, team[w->small], subject, wish->example, uscc);
	if (!w->small)
		decide(w, subject);
}

bool
workshop_wish(struct workshop *w, const struct issue_wish *wish, struct err *why)
{
	struct sitting s = { .bureau = w->bureau, .now_s = w->now_s };
	char id[REGISTRY_SITTING_BYTES];

	REQUIRE(sitting_new_id(id, w->bureau, &err));
	bool ok =
	    issue_propose(&s, id, wish, 1, NULL, why) && record(w, &s, w->small ? GUAN : YIN, why);
	sitting_free(&s);
	return ok;
}

bool
workshop_propose(struct workshop *w, const char *subject, struct err *why)
{
	struct dossier dossier = { 0 };
	struct decision decision;
	struct issue_wish wish = { .kind = ACT_ISSUE, .subject = span_text(subject) };

	if (w->small) {
		REQUIRE(dossier_load(&dossier, w->bureau, wish.subject, w->now_s, &err));
		REQUIRE(dossier_decide(
		    &decision, &dossier, span_text("示决〔2026〕17号"), span_of(NULL, 0), &err));
		wish.decision = &decision;
	}
	bool ok = workshop_wish(w, &wish, why);
	if (w->small)
		dossier_free(&dossier);
	return ok;
}

/* The newest proposal on a subject that makes a certificate: zeros if there is none. */
static bool
newest_proposal(
    uint8_t out[SHA256_BYTES], const struct workshop *w, const char *subject, struct err *why)
{
	struct registry_chain chain;

	memset(out, 0, SHA256_BYTES);
	bool ok = registry_chain(&chain, w->bureau->registry, span_text(subject), why);
	for (size_t i = 0; ok && i < chain.n; i++)
		if (act_body_makes(chain.entries[i].act.kind))
			memcpy(out, chain.entries[i].act.hash, SHA256_BYTES);
	registry_chain_free(&chain);
	return ok;
}

bool
workshop_make(struct issue_item *out, struct workshop *w, const char *subject, struct err *why)
{
	*out = (struct issue_item){ .made = false };
	return newest_proposal(out->proposal, w, subject, why) &&
	    issue_make(w->bureau, out, 1, w->now_s, why) &&
	    (out->made || err_set(why, out->err.code, "%s", out->err.text));
}

void
workshop_approved(char subject[ACT_SUBJECT_BYTES + 1], struct workshop *w)
{
	static const struct workshop_wish star_bridge = { .example = "star-bridge" };

	workshop_case(subject, w, &star_bridge);
	REQUIRE(workshop_propose(w, subject, &err));
	workshop_approve(w, w->small ? BI : FU, subject);
}

bool
workshop_number(
    char number[NUMBER_SHOWN_BYTES], struct workshop *w, const char *subject, struct err *err)
{
	struct issue_item made;
	bool ok = workshop_make(&made, w, subject, err);
	memcpy(number, made.number, sizeof made.number);
	return ok;
}

void
workshop_issue(
    char number[NUMBER_SHOWN_BYTES], struct workshop *w, const struct workshop_wish *wish)
{
	char subject[ACT_SUBJECT_BYTES + 1];

	workshop_case(subject, w, wish);
	REQUIRE(workshop_propose(w, subject, &err));
	workshop_approve(w, w->small ? BI : FU, subject);
	struct issue_item made;
	REQUIRE(workshop_make(&made, w, subject, &err));
	memcpy(number, made.number, sizeof made.number);
	w->now_s += 60;
}

void
workshop_sanction(struct workshop *w, const char *number, enum act_kind kind)
{
	struct act_body body = { .kind = kind };
	struct number parsed;
	char stored[NUMBER_STORED_BYTES];

	REQUIRE(number_parse(&parsed, span_text(number), &err));
	number_stored(stored, &parsed);
	body.order.ground = span_text(kind == ACT_SUSPEND ? "SUS-05"
		: kind == ACT_LIFT                        ? "LIF-01"
							  : "REV-01");
	body.order.document = span_text("示监〔2026〕3号");
	body.order.from_s = civil_start_s(civil_of(w->now_s));
	body.order.until_s =
	    kind == ACT_SUSPEND ? civil_start_s(civil_add_months(civil_of(w->now_s), 7)) : 0;
	body.not_after_s = w->now_s + 86400;
	body.sitting = span_text("P-9XQ4-7");
	act(w, w->small ? GUAN : CHANG, stored, body);
	workshop_approve(w, w->small ? BI : FU, stored);
}

void
workshop_copy(const struct workshop *w, const char *from, const char *to)
{
	struct buf bytes = BUF_EMPTY;
	char path[160];

	snprintf(path, sizeof path, "%s/%s", w->folder, from);
	REQUIRE(file_read(&bytes, path, LIMIT_BUF_BYTES, &err));
	workshop_write(w, to, buf_span(&bytes));
	buf_free(&bytes);
}

void
workshop_remove(const struct workshop *w, const char *name)
{
	char path[160];

	snprintf(path, sizeof path, "%s/%s", w->folder, name);
	unlink(path);
}
