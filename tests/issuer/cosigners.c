#include "tests/issuer/cosigners.h"

#include <stdio.h>

void
cosigners_ask(struct buf *bundle, struct workshop *w, unsigned auditors, unsigned witnesses)
{
	struct buf next = BUF_EMPTY;

	workshop_keys_next(&next, &w->keys,
	    &(struct workshop_change){ .stolen = -1,
		.audit_quorum = auditors,
		.witness_quorum = witnesses,
		.previous = buf_span(bundle) });
	REQUIRE(workshop_try(w, -1, "register",
	    &(struct act_body){ .kind = ACT_ADOPT, .adopt = { buf_span(&next) } }, &err));
	buf_free(bundle);
	*bundle = next;
}

struct publish_report
cosigners_publish(struct workshop *w)
{
	struct publish_report report;
	char folder[96];

	snprintf(folder, sizeof folder, "%s/public", w->folder);
	REQUIRE(publish(&report, w->bureau, folder, w->now_s, &err));
	return report;
}

void
candidate_read(struct candidate *c, const struct workshop *w)
{
	*c = (struct candidate){ 0 };
	assert_true(workshop_read(&c->file, w, "cosign/candidate"));
	REQUIRE(snapshot_parse_file(&c->envelope, &c->manifest, buf_span(&c->file), &err));
}

void
candidate_free(struct candidate *c)
{
	snapshot_free(c->manifest);
	buf_free(&c->file);
}

void
cosigners_sign(const struct workshop *w, size_t auditor, const char *name)
{
	struct buf candidate = BUF_EMPTY, file = BUF_EMPTY;
	char path[64];

	assert_true(workshop_read(&candidate, w, "cosign/candidate"));
	REQUIRE(signer_sign_too(
	    &file, workshop_auditor(&w->keys, auditor), SNAPSHOT_TYP, buf_span(&candidate), &err));
	snprintf(path, sizeof path, "cosign/candidate.%s", name);
	workshop_write(w, path, buf_span(&file));
	buf_free(&candidate);
	buf_free(&file);
}

void
cosigners_forge(struct workshop *w, const struct snapshot *manifest)
{
	const struct signer *status;
	struct buf payload = BUF_EMPTY, file = BUF_EMPTY;

	REQUIRE(bureau_signer(&status, NULL, w->bureau, ROLE_KEY_STATUS, w->now_s, &err));
	snapshot_encode(&payload, manifest);
	REQUIRE(signer_sign(&file, status, SNAPSHOT_TYP, buf_span(&payload), &err));
	workshop_write(w, "cosign/candidate", buf_span(&file));
	buf_free(&payload);
	buf_free(&file);
}
