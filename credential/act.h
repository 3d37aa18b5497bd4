/*
 * Acts: whatever an officer does, and three things the machine does, as signed bytes. An act is a
 * COSE_Sign1 (typ "application/qact+cbor") whose external_aad is the bureau's id, so that an act of one
 * bureau is none of another's. Acts on a subject form a chain by sequence and hash.
 *
 * Structure only: signatures, roles and order are judged elsewhere.
 */
#ifndef CREDENTIAL_ACT_H
#define CREDENTIAL_ACT_H

#include "credential/cose.h"
#include "credential/sha256.h"

#define ACT_TYP "application/qact+cbor"
#define ACT_NONCE_BYTES 16
#define ACT_SUBJECT_BYTES 64 /* longest subject */
#define BUREAU_ID_BYTES 32   /* random, made at the first ceremony, in every bundle */

enum act_form {
	ACT_FORM_NONE = 0,
	ACT_MACHINE,   /* by the service key, which signs no other */
	ACT_STATEMENT, /* an officer's, effective when recorded */
	ACT_PROPOSAL,  /* effective when a second officer approves */
	ACT_ANSWER     /* to a proposal */
};

/* What an act is about; values are bits, for the table below. */
enum act_subject {
	SUBJECT_NONE = 0,
	SUBJECT_REGISTER = 1, /* "register" */
	SUBJECT_CASE = 2,     /* "case/C-2026-0017" */
	SUBJECT_NUMBER = 4    /* a certificate number, stored form */
};

/* Kinds: name, number on the wire, word, form, subjects. The number is for ever. */
#define ACT_KINDS(X)                                                                               \
	X(REGISTER, 1, "register", ACT_MACHINE, SUBJECT_REGISTER)                                  \
	X(ADOPT, 2, "adopt", ACT_MACHINE, SUBJECT_REGISTER)                                        \
	X(MADE, 3, "made", ACT_MACHINE, SUBJECT_CASE | SUBJECT_NUMBER)                             \
	X(SUBMIT, 10, "submit", ACT_STATEMENT, SUBJECT_CASE)                                       \
	X(ACCEPT, 11, "accept", ACT_STATEMENT, SUBJECT_CASE)                                       \
	X(EXAMINE, 12, "examine", ACT_STATEMENT, SUBJECT_CASE)                                     \
	X(INSPECT, 13, "inspect", ACT_STATEMENT, SUBJECT_CASE)                                     \
	X(ASK, 14, "ask", ACT_STATEMENT, SUBJECT_CASE)                                             \
	X(AMEND, 15, "amend", ACT_STATEMENT, SUBJECT_CASE)                                         \
	X(DECLINE, 16, "decline", ACT_STATEMENT, SUBJECT_CASE)                                     \
	X(SCHEDULE, 17, "schedule", ACT_STATEMENT, SUBJECT_CASE)                                   \
	X(RECUSE, 18, "recuse", ACT_STATEMENT, SUBJECT_CASE)                                       \
	X(RETRACT, 19, "retract", ACT_STATEMENT, SUBJECT_CASE)                                     \
	X(DECIDE, 20, "decide", ACT_PROPOSAL, SUBJECT_CASE)                                        \
	X(ISSUE, 21, "issue", ACT_PROPOSAL, SUBJECT_CASE)                                          \
	X(TERMINATE, 22, "terminate", ACT_PROPOSAL, SUBJECT_CASE)                                  \
	X(PROLONG, 23, "prolong", ACT_PROPOSAL, SUBJECT_CASE)                                      \
	X(DELIVER, 24, "deliver", ACT_STATEMENT, SUBJECT_CASE)                                     \
	X(FILE, 25, "file", ACT_STATEMENT, SUBJECT_CASE)                                           \
	X(SUSPEND, 30, "suspend", ACT_PROPOSAL, SUBJECT_NUMBER)                                    \
	X(LIFT, 31, "lift", ACT_PROPOSAL, SUBJECT_NUMBER)                                          \
	X(REVOKE, 32, "revoke", ACT_PROPOSAL, SUBJECT_NUMBER)                                      \
	X(ANNUL, 33, "annul", ACT_PROPOSAL, SUBJECT_NUMBER)                                        \
	X(WITHDRAW, 34, "withdraw", ACT_PROPOSAL, SUBJECT_NUMBER)                                  \
	X(DEREGISTER, 35, "deregister", ACT_PROPOSAL, SUBJECT_NUMBER)                              \
	X(REISSUE, 36, "reissue", ACT_PROPOSAL, SUBJECT_NUMBER)                                    \
	X(REGRADE, 37, "regrade", ACT_PROPOSAL, SUBJECT_NUMBER)                                    \
	X(EXTEND, 38, "extend", ACT_PROPOSAL, SUBJECT_NUMBER)                                      \
	X(CORRECT, 39, "correct", ACT_PROPOSAL, SUBJECT_NUMBER)                                    \
	X(SET_ASIDE, 40, "set-aside", ACT_PROPOSAL, SUBJECT_NUMBER)                                \
	X(APPROVE, 50, "approve", ACT_ANSWER, SUBJECT_REGISTER | SUBJECT_CASE | SUBJECT_NUMBER)    \
	X(REFUSE, 51, "refuse", ACT_ANSWER, SUBJECT_REGISTER | SUBJECT_CASE | SUBJECT_NUMBER)      \
	X(CANCEL, 52, "cancel", ACT_ANSWER, SUBJECT_REGISTER | SUBJECT_CASE | SUBJECT_NUMBER)      \
	X(STOP, 70, "stop", ACT_STATEMENT, SUBJECT_REGISTER)                                       \
	X(RESUME, 71, "resume", ACT_PROPOSAL, SUBJECT_REGISTER)                                    \
	X(ACCEPT_LOSS, 72, "accept-loss", ACT_PROPOSAL, SUBJECT_REGISTER)

enum act_kind {
	ACT_NONE = 0,
#define ACT_KIND_ENUM(name, no, word, form, subjects) ACT_##name = (no),
	ACT_KINDS(ACT_KIND_ENUM)
#undef ACT_KIND_ENUM
};

/* A byte for each kind: so they are counted. */
struct act_kind_bytes {
#define ACT_KIND_BYTE(name, no, word, form, subjects) char name;
	ACT_KINDS(ACT_KIND_BYTE)
#undef ACT_KIND_BYTE
};
#define ACT_KIND_COUNT (sizeof(struct act_kind_bytes))

struct act {
	enum act_kind kind;
	struct span subject;
	uint64_t seq;               /* on the subject, from 0 */
	int64_t time_s;             /* as the signer wrote it */
	uint8_t prev[SHA256_BYTES]; /* hash of the subject's previous act; zeros at 0 */
	struct span body;           /* one CBOR map, encoded; credential/act_body.h */
	uint8_t nonce[ACT_NONCE_BYTES];
	bool has_idempotency;
	uint8_t idempotency[SHA256_BYTES];
	uint64_t bundle_seq; /* the bundle the signer saw */
	/* After parsing only: */
	struct cose_sign1 envelope;
	struct span bytes;          /* the whole act */
	uint8_t hash[SHA256_BYTES]; /* SHA-256 of them: the act's name in chain and log */
};

/* "approve"; NULL for a number that is no kind. */
const char *act_kind_word(enum act_kind kind);
/* ACT_NONE for a word that is no kind. */
enum act_kind act_kind_find(struct span word);
/* ACT_FORM_NONE for a number that is no kind. */
enum act_form act_kind_form(enum act_kind kind);

/* Kinds in the order of the table: ACT_KIND_COUNT of them. */
enum act_kind act_kind_at(size_t place);
/* The place of a kind in the table; ACT_KIND_COUNT for a number that is none. */
size_t act_kind_place(enum act_kind kind);

/* SUBJECT_NONE if it is none of these. */
enum act_subject act_subject_of(struct span subject);

/*
 * To sign: the claims bytes (the fields up to bundle_seq); the header; the bytes to sign; the whole.
 * ERR_MALFORMED: claims that could not be parsed again.
 */
MUST_CHECK bool act_claims_encode(struct buf *out, const struct act *act, struct err *err);
void act_header_encode(struct buf *out, int64_t alg, struct span kid);
void act_to_be_signed(
    struct buf *out, struct span header, const uint8_t bureau[BUREAU_ID_BYTES], struct span claims);
void act_encode(struct buf *out, struct span header, struct span claims, struct span signature);

/*
 * Claims alone, before they are signed: envelope, bytes and hash stay empty.
 * ERR_MALFORMED  not exactly our claims; a kind this program does not know; a subject that does not fit it
 */
MUST_CHECK bool act_claims_parse(struct act *out, struct span claims, struct err *err);

/* A whole act of at most LIMIT_ACT_BYTES (ERR_LIMIT). Spans are borrowed from `in`. */
MUST_CHECK bool act_parse(struct act *out, struct span in, struct err *err);

#endif
