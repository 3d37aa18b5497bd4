/*
 * A bureau on disk for the verifier's tests: root.cose, public/ with bundle, snapshot, parts and tokens,
 * lookup.db, and certificates as QC1, .cose, code text and sealed PDF. Time is whatever a test says.
 * What goes wrong ends the test.
 */
#ifndef TESTS_VERIFIER_FIXTURE_H
#define TESTS_VERIFIER_FIXTURE_H

#include "credential/history.h"
#include "credential/number.h"
#include "keys/seal.h"
#include "tests/keys/bureau.h"

#define FIXTURE_PAPERS 8
#define FIXTURE_ENTRIES 8
#define FIXTURE_HOLDER "示例星桥信息技术有限公司"
#define FIXTURE_USCC "91999901MADEM00110"

/* The bureau's first day, and 09:00 of the days that follow. */
#define FIXTURE_DAY_S(n) (BUREAU_NOW_S - 25500 + (n)*INT64_C(86400))
#define FIXTURE_LIFE_S 604800 /* of what it publishes */

/* A certificate. */
struct paper {
	struct claims claims;
	char number[NUMBER_STORED_BYTES], check_code[CREDENTIAL_CHECK_CODE_BYTES];
	struct buf claims_bytes, proposal, approval;
	struct buf qc1, cose, code, pdf;
	uint8_t pdf_hash[SHA256_BYTES];
	bool reserved;   /* the register keeps its slot, and no more */
	bool registered; /* the register has it as made, at registered_s */
	int64_t registered_s;
	struct history_entry entries[FIXTURE_ENTRIES];
	size_t n_entries;
};

struct fixture {
	struct bureau *bureau;
	char folder[64], root[96], public_folder[96], lookup[96], memory[96];
	struct paper papers[FIXTURE_PAPERS];
	size_t n_papers;
	uint64_t snapshot_seq; /* of the newest snapshot */
	uint64_t log_size;     /* acts so far */
	const struct seal_stamper
	    *stamper; /* of the seals to come; NULL: they have no time-stamp */
};

/* A call that must do its job; the error is named `err` inside. */
#define MUST(call)                                                                                 \
	do {                                                                                       \
		struct err err = { 0 };                                                            \
		if (!(call))                                                                       \
			fail_msg("%s: %s", #call, err.text);                                       \
	} while (0)

/* An empty register, root file and first bundle published, no snapshot yet. */
void fixture_open(struct fixture *f);
void fixture_close(struct fixture *f);

/* A certificate signed by the bureau's keys that its register does not know. Grade B, software. */
struct paper *fixture_sign(struct fixture *f, int64_t iat_s);
/* The same, registered a minute later. */
struct paper *fixture_issue(struct fixture *f, int64_t iat_s);
/* Sign its QC1, acts and files again, after the claims or what signs them were changed. */
void fixture_sign_again(struct fixture *f, struct paper *p, enum bureau_key credential_key);
/* Seal its PDF again: another file with the same credential. */
void fixture_seal_again(struct fixture *f, struct paper *p);
/* The register learns of a status. until_s: HISTORY_OPEN for none. */
void fixture_happens(struct fixture *f, struct paper *p, enum status status, int64_t from_s,
    int64_t until_s, int64_t recorded_s);

/* Publish what was recorded until iat_s: the next snapshot, good for 7 days, signed by an auditor too. */
void fixture_publish(struct fixture *f, int64_t iat_s);
/* The same under a sequence of one's choice, or with another number of auditors (0 to 2). */
void fixture_publish_as(struct fixture *f, int64_t iat_s, uint64_t seq, unsigned auditors);
/* Only the status token of list 0. */
void fixture_publish_token(struct fixture *f, int64_t iat_s);
/* The bureau's bundle as it is now, under its sequence and as the newest. */
void fixture_publish_bundle(struct fixture *f);
/* The next bundle: b->bundle as it was changed, in force from iat_s. */
void fixture_next_bundle(struct fixture *f, int64_t iat_s);
/* lookup.db as the register writes it after a commit. */
void fixture_write_lookup(struct fixture *f);

/* Write or remove a file below the bureau's folder. */
void fixture_write(struct fixture *f, const char *name, struct span bytes);
void fixture_remove(struct fixture *f, const char *name);
/* Append a file below the bureau's folder. */
void fixture_read(struct buf *out, struct fixture *f, const char *name);

#endif
