/*
 * The closed list of answers: the parts a verdict is made of, the findings that explain them, and the
 * one function that turns parts into a verdict.
 *
 * A verdict answers one question: may the holder take new work on the date asked (or, asked so, finish
 * existing work)? Each part is yes, no, unknown or not asked. Any no is NOT VALID; else any required
 * unknown is CANNOT TELL; else VALID. The first no, in the order of enum part, is the reason.
 */
#ifndef VERIFIER_VERDICT_H
#define VERIFIER_VERDICT_H

#include "core/err.h"
#include "core/lang.h"

enum verdict {
	VERDICT_UNDECIDED = 0, /* a zeroed struct must never read as valid */
	VERDICT_VALID,         /* VALID, machine word "valid" */
	VERDICT_REJECTED,      /* NOT VALID, "rejected" */
	VERDICT_UNDETERMINED /* CANNOT TELL, "undetermined": our information is missing or stale */
};

enum part {
	PART_AUTHENTIC, /* signature and trust */
	PART_APPROVED,  /* two officers' acts over exactly these contents */
	PART_BOUND, /* this very file is one the register holds, with the attachment it was sealed with */
	PART_REGISTERED, /* the register holds this credential */
	PART_IN_FORCE,   /* on the date asked */
	PART_STATUS_AGE, /* the status data are fresh enough for the question */
	PART_FIT,        /* holder, grade and scope asked for */
	PART_COUNT
};

enum reply { REPLY_NOT_ASKED = 0, REPLY_YES, REPLY_NO, REPLY_UNKNOWN };

/* What was handed in decides which parts are required. */
enum input_kind {
	INPUT_NOTHING_OF_OURS = 0,
	INPUT_PDF,  /* all but fit */
	INPUT_COSE, /* all but bound */
	INPUT_CODE /* QR text, its URL, or a picture of it: authentic, registered, in_force, status_age */
};

/*
 * Findings. The word is stable and documented; the part it speaks about is its first column.
 *   X(enumerator, word, part, zh, en)
 */
#define FINDINGS(X)                                                                                \
	X(FORMAT_NOT_OURS, "FORMAT-NOT-OURS", AUTHENTIC, "不是本系统的证书",                       \
	    "this is no certificate of this kind")                                                 \
	X(FILE_NO_SEAL, "FILE-NO-SEAL", AUTHENTIC, "文件没有发证机关的签章",                       \
	    "the file carries no seal")                                                            \
	X(FILE_FORM, "FILE-FORM", AUTHENTIC, "文件不是发证机关签章时的形式",                       \
	    "the file does not have the form in which the bureau seals")                           \
	X(FILE_CHANGED, "FILE-CHANGED", AUTHENTIC, "文件在发证机关签章后被改动",                   \
	    "this file was changed after the bureau sealed it")                                    \
	X(SEAL_UNLISTED, "SEAL-UNLISTED", AUTHENTIC, "签章所用的证书不是发证机关公布的",           \
	    "sealed with a certificate that the bureau does not list")                             \
	X(SEAL_BAD, "SEAL-BAD", AUTHENTIC, "签章不成立", "the seal does not hold")                 \
	X(TIMESTAMP_BAD, "TIMESTAMP-BAD", AUTHENTIC, "签章的时间戳不成立",                         \
	    "the time-stamp of the seal does not hold")                                            \
	X(TIMESTAMP_UNLISTED, "TIMESTAMP-UNLISTED", AUTHENTIC,                                     \
	    "签章的时间戳不是发证机关公布的机构签发的",                                            \
	    "time-stamped by an authority that the bureau does not list")                          \
	X(TIMESTAMP_DATES, "TIMESTAMP-DATES", AUTHENTIC, "签章的时间戳的时间与证书不符",           \
	    "the time-stamp of the seal has a time that cannot be")                                \
	X(ATTACHMENT_OTHER, "ATTACHMENT-OTHER", AUTHENTIC, "附件与签章不符",                       \
	    "the attachment is not the one that was sealed")                                       \
	X(SIGNATURE_BAD, "SIGNATURE-BAD", AUTHENTIC, "签名不成立", "the signature does not hold")  \
	X(KEY_UNKNOWN, "KEY-UNKNOWN", AUTHENTIC, "签名密钥不属于该发证机关",                       \
	    "signed with a key that is none of the bureau's")                                      \
	X(KEY_UNKNOWN_HERE, "KEY-UNKNOWN-HERE", AUTHENTIC, "本机的信任数据中没有这把签名密钥",     \
	    "the signing key is not in the trust data held here")                                  \
	X(KEY_DATES, "KEY-DATES", AUTHENTIC, "签名时该密钥不在使用期内",                           \
	    "the key was not in use at the time of issue")                                         \
	X(KEY_COMPROMISED, "KEY-COMPROMISED", AUTHENTIC, "签名密钥已泄露，登记簿不能证明这份证书", \
	    "the key was stolen, and the registry does not vouch for this certificate")            \
	X(ISSUER_POWER, "ISSUER-POWER", AUTHENTIC, "该机关当时无权颁发此类此级资质",               \
	    "the issuer had no power to grant this kind and grade then")                           \
	X(CODE_HOST, "CODE-HOST", AUTHENTIC, "二维码中的网址不是该发证机关的",                     \
	    "the web address in the code is not the bureau's")                                     \
	X(CODE_SEVERAL, "CODE-SEVERAL", AUTHENTIC, "其中有互不相同的二维码",                       \
	    "it shows codes that differ")                                                          \
	X(CODE_UNREADABLE, "CODE-UNREADABLE", AUTHENTIC, "图片上没有读到二维码",                   \
	    "no code could be read in the picture")                                                \
	X(APPROVAL_BAD, "APPROVAL-BAD", APPROVED, "两人批准记录不成立",                            \
	    "the approval by two officers does not hold")                                          \
	X(FILE_UNREGISTERED, "FILE-UNREGISTERED", BOUND, "登记簿所载的文件不是这一份",             \
	    "the registry holds another file for this certificate")                                \
	X(REGISTRY_UNKNOWN, "REGISTRY-UNKNOWN", REGISTERED, "查无记录", "no such entry")           \
	X(CONFIRM_UNKNOWN, "CONFIRM-UNKNOWN", REGISTERED, "没有编号与校验码相符的证书",            \
	    "no certificate has this number and check code")                                       \
	X(REGISTRY_PENDING, "REGISTRY-PENDING", REGISTERED, "本机的登记数据早于这份证书",          \
	    "made after the registry data held here")                                              \
	X(REGISTRY_MISSING, "REGISTRY-MISSING", REGISTERED, "本机没有登记数据",                    \
	    "there are no registry data here")                                                     \
	X(STATUS_SUSPENDED, "STATUS-SUSPENDED", IN_FORCE, "暂停中", "suspended")                   \
	X(STATUS_REVOKED, "STATUS-REVOKED", IN_FORCE, "已吊销", "revoked")                         \
	X(STATUS_ANNULLED, "STATUS-ANNULLED", IN_FORCE, "已撤销，自始无效",                        \
	    "annulled: void from the beginning")                                                   \
	X(STATUS_REPLACED, "STATUS-REPLACED", IN_FORCE, "已被新版本替代",                          \
	    "replaced by a newer version")                                                         \
	X(STATUS_ENDED, "STATUS-ENDED", IN_FORCE, "已终止（撤回、注销或被取代）",                  \
	    "ended (withdrawn, closed or superseded)")                                             \
	X(DATE_NOT_YET, "DATE-NOT-YET", IN_FORCE, "当时尚未生效", "not yet in force then")         \
	X(DATE_EXPIRED, "DATE-EXPIRED", IN_FORCE, "有效期已过", "expired")                         \
	X(DATE_AFTER_DATA, "DATE-AFTER-DATA", IN_FORCE, "所问日期晚于状态数据",                    \
	    "the date asked is later than the status data")                                        \
	X(STATUS_MISSING, "STATUS-MISSING", STATUS_AGE, "本机没有状态数据",                        \
	    "there are no status data here")                                                       \
	X(STATUS_STALE, "STATUS-STALE", STATUS_AGE, "本机的状态数据已过期",                        \
	    "this computer's status data are too old")                                             \
	X(STATUS_OLDER, "STATUS-OLDER", STATUS_AGE, "状态数据比本机已见过的旧",                    \
	    "these status data are older than some seen here before")                              \
	X(STATUS_NEWS, "STATUS-NEWS", STATUS_AGE, "状态在快照之后有变动，详情待新快照",            \
	    "the status changed after the snapshot held here")                                     \
	X(STATUS_NO_AUDITOR, "STATUS-NO-AUDITOR", STATUS_AGE, "状态数据缺少审计方的签名",          \
	    "the status data lack the auditor's signature")                                        \
	X(STATUS_ALARM, "STATUS-ALARM", STATUS_AGE, "同一序号的状态数据有两个版本",                \
	    "two different files claim the same sequence")                                         \
	X(CLOCK_BACK, "CLOCK-BACK", STATUS_AGE, "本机时钟早于已接受数据的时间",                    \
	    "this computer's clock is earlier than data it has accepted")                          \
	X(TRUST_MISSING, "TRUST-MISSING", STATUS_AGE, "本机没有可用的信任数据",                    \
	    "there are no usable trust data here")                                                 \
	X(TRUST_EXPIRED, "TRUST-EXPIRED", STATUS_AGE, "本机的信任数据已过期",                      \
	    "the trust data held here have expired")                                               \
	X(TRUST_OLDER, "TRUST-OLDER", STATUS_AGE, "本机的信任数据可能已被更新的取代",              \
	    "newer trust data than those held here may say otherwise")                             \
	X(FIT_HOLDER, "FIT-HOLDER", FIT, "持证单位不是所问的单位", "it belongs to another holder") \
	X(FIT_GRADE, "FIT-GRADE", FIT, "等级不满足要求", "the grade is not enough")                \
	X(FIT_SCOPE, "FIT-SCOPE", FIT, "业务种类不包含所问的种类",                                 \
	    "the scope asked for is not on it")

enum finding {
	FINDING_NONE = 0,
#define X(name, word, part, zh, en) FINDING_##name,
	FINDINGS(X)
#undef X
	    FINDING_COUNT
};

struct part_answer {
	enum reply reply;
	enum finding finding; /* why, unless the reply is yes or not asked */
	char detail[160];     /* UTF-8 evidence for this case, such as "23 bytes"; may be empty */
};

/* Stable words for machines: "valid", "authentic", "yes", "FILE-CHANGED". Never NULL. */
const char *verdict_word(enum verdict v);
const char *part_word(enum part p);
const char *reply_word(enum reply r);
const char *finding_word(enum finding f);
/* And back: false for any other word. */
MUST_CHECK bool verdict_find(enum verdict *out, const char *word);
MUST_CHECK bool finding_find(enum finding *out, const char *word);
/* A clause for people. */
const char *finding_text(enum finding f, enum lang lang);
enum part finding_part(enum finding f);

/* Must this part be a yes for VALID? */
bool part_required(enum input_kind kind, enum part p);

/* The verdict over all parts; *reason is the first no, else the first required unknown, else none. */
enum verdict verdict_of(
    enum input_kind kind, const struct part_answer parts[PART_COUNT], enum finding *reason);

#endif
