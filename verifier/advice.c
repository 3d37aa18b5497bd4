/* "What now": what a person does next, for every finding that can be the reason. */
#include "credential/history.h"
#include "verifier/words.h"

struct advice {
	const char *zh, *en;
	enum {
		ALONE,
		BUREAU,
		HOLDER
	} contact;    /* whom the bureau's contact is for, which follows */
	bool genuine; /* and it is said what is no forgery, behind the text */
};

static const struct advice changed = {
	"请持证单位提供发证机关下发的原始 PDF。加盖电子章、合并、压缩、“打印为 "
	"PDF”都会破坏签章，伪造也会，本程序无法区分。如持有纸质证书，可对纸面二维码拍照或扫描后核"
	"验，并逐项核对。\n",
	"Ask the holder for the PDF as the bureau sent it. Stamps, merging and \"print to PDF\" "
	"break the seal. So does forgery; no program can tell which. If you have the paper, "
	"photograph its code, check that and compare line by line.\n",
	BUREAU,
	false,
};
/* Behind it comes what to do with a scan. */
static const struct advice unsealed = {
	"请持证单位提供发证机关下发的原始 PDF。合并、压缩、“打印为 PDF”会去掉签章；没有下载完整的"
	"文件也没有签章，请重新下载。伪造的文件同样没有签章，本程序无法区分。\n",
	"Ask the holder for the PDF as the bureau sent it. Merging and \"print to PDF\" take the "
	"seal away; or it was downloaded only in part: download it again. A forgery has no seal "
	"either; no program can tell which.\n",
	BUREAU,
	false,
};
static const struct advice foreign = {
	"不要采信。请持证单位提供发证机关下发的原始文件；如有疑问，向发证机关查询，网址自行输入，不"
	"要用文件中的网址。\n",
	"Do not rely on it. Ask the holder for the file the bureau sent. If in doubt ask the "
	"bureau, at an address you type yourself.\n",
	BUREAU,
	false,
};
static const struct advice address = {
	"如果这是证书上二维码的文字：请照原样给出其中的网址，从 https:// 起，到最后一位数字为止，"
	"后面什么也不带，再核验一次。答复仍然如此的，不要采信；如有疑问，向发证机关查询，网址自行输"
	"入。\n",
	"If this is the text of a certificate's code: give the address as it is on the code, from "
	"https:// up to the last digit, and nothing behind it. If the answer stays the same do not "
	"rely on it. If in doubt ask the bureau, at an address you type yourself.\n",
	BUREAU,
	false,
};
static const struct advice other_code = {
	"读到的二维码不是资质证书的。画面里是别的二维码（营业执照、微信等）的，请只拍证书上的码再核"
	"验；证书上的码就是如此的，不要采信，并向发证机关查询，网址自行输入。\n",
	"The code that was read is no certificate's. If it is another one in the picture (a "
	"business licence's, WeChat's), photograph only the code on the certificate. If it is that "
	"one do not rely on it, and ask the bureau, at an address you type yourself.\n",
	BUREAU,
	false,
};
static const struct advice archive = {
	"这是压缩包，里面的文件没有看过。请先解压，再提交其中的 PDF 原件。\n",
	"This is an archive, and nobody looked into it: unpack it and hand in the PDF.\n",
	ALONE,
	false,
};
static const struct advice office = {
	"这是 Word 等办公软件的文档，不是证书原件。请提交发证机关下发的 PDF 原件；转换而成的 PDF "
	"没有签章。\n",
	"This is an office document (such as Word's). Hand in the PDF as you received it; one that "
	"is made from a document has no seal.\n",
	BUREAU,
	false,
};
static const struct advice retype = {
	"请与证书上二维码下方的编号和八位校验码逐字核对，重新输入。仍不相符的，不要采信，并向发证机"
	"关查询。\n",
	"Compare with number and check code under the code on the certificate, and type them "
	"again. If they stay unknown, do not rely on it and ask the bureau.\n",
	BUREAU,
	false,
};
static const struct advice several = {
	"同一份证书上的二维码都相同。画面里另有别的二维码（营业执照、微信等）的，请只拍证书上的码；"
	"有几份证书的，请逐份扫描或者拍照核验。都不是的，不要采信。\n",
	"All codes of one certificate are the same. If another code is in the picture (a business "
	"licence's, WeChat's), photograph only the one on the certificate. If there are several "
	"certificates, check each by itself. If it is neither, do not rely on it.\n",
	BUREAU,
	false,
};
/* Behind it comes the way without a picture. */
static const struct advice unreadable = {
	"请靠近二维码重新拍照：二维码完整、清晰、光线均匀、没有反光；扫描的，请放正纸张，以 200 "
	"dpi 以上重新扫描。图片上没有二维码的，请换一张。这不是核验不通过，不得据此否决。\n",
	"Photograph the code again from nearer: whole, sharp, evenly lit, without glare; scan "
	"paper straight, at 200 dpi or more. If the picture has no code, take another. Nothing is "
	"said against the certificate; it is no reason to reject.\n",
	BUREAU,
	false,
};
static const struct advice stolen = {
	"保留文件并立即告知发证机关：密钥可能被盗。\n",
	"Keep the file and tell the bureau at once: a key may be stolen.\n",
	BUREAU,
	false,
};
static const struct advice fetch = {
	"请更新本机的 public 数据（联网或用 U 盘）后再核验。",
	"Fetch the bureau's newest published files, over the network or from a stick, and check "
	"again.",
	ALONE,
	false,
};
static const struct advice alarm = {
	"两份互相矛盾的数据：保留两份并立即告知发证机关。这不是持证单位的过错，不得据此否决。\n",
	"Two files contradict each other: keep both and tell the bureau at once. It is not the "
	"holder's fault and no reason to reject.\n",
	BUREAU,
	false,
};
static const struct advice clock_back = {
	"请校准本机时钟后再核验。这不是持证单位的过错，不得据此否决。\n",
	"Set this computer's clock right and check again. It is not the holder's fault and no "
	"reason to reject.\n",
	ALONE,
	false,
};
static const struct advice suspended = {
	"暂停期间不得据此签订新合同。",
	"Sign no new contract on it.",
	HOLDER,
	true,
};
static const struct advice over = {
	"不得据此签订新合同。",
	"Sign no new contract on it.",
	BUREAU,
	true,
};
static const struct advice not_then = {
	"所问时点尚未生效，不得以该时点为准采信。",
	"At the time asked it gave no right yet.",
	BUREAU,
	true,
};
static const struct advice ended = {
	"不得据此签订新合同，已承接的涉密业务也须停止。",
	"Sign no new contract on it, and let no classified work go on under it.",
	BUREAU,
	true,
};
static const struct advice newer = {
	"请持证单位出示现行版本。\n",
	"Ask the holder for the current version.\n",
	BUREAU,
	false,
};
static const struct advice fit = {
	"不符合所问：请向投标人索取符合要求的证书。",
	"It is not what you asked for. Ask for one that is.",
	ALONE,
	true,
};
static const struct advice later = {
	"请在该日期之后取得更新的数据再核验，或改问较早的日期。这不是持证单位的过错，不得据此否决。"
	"\n",
	"Ask again with newer data, or about an earlier date. It is not the holder's fault and no "
	"reason to reject.\n",
	ALONE,
	false,
};

/* Of what is no certificate: mostly one is near, and it was handed in in a way that nobody reads. */
static const struct advice *
advice_of_other(const struct answer *a)
{
	if (a->page > 0)
		return &other_code;
	if (a->kind == INPUT_CODE || a->looks == LOOKS_ADDRESS)
		return &address;
	if (a->looks == LOOKS_ARCHIVE)
		return &archive;
	return a->looks == LOOKS_OFFICE ? &office : &foreign;
}

static const struct advice *
advice_of(const struct answer *a)
{
	switch (a->reason) {
	case FINDING_FILE_CHANGED:
	case FINDING_FILE_FORM:
	case FINDING_ATTACHMENT_OTHER:
	case FINDING_SEAL_BAD:
	case FINDING_TIMESTAMP_BAD:
	case FINDING_TIMESTAMP_UNLISTED:
		return &changed;
	case FINDING_FILE_NO_SEAL:
		return &unsealed;
	case FINDING_FORMAT_NOT_OURS:
		return advice_of_other(a);
	case FINDING_CODE_SEVERAL:
		return &several;
	case FINDING_CODE_UNREADABLE:
		return &unreadable;
	case FINDING_CONFIRM_UNKNOWN:
		return &retype;
	case FINDING_REGISTRY_UNKNOWN:
	case FINDING_FILE_UNREGISTERED:
	case FINDING_APPROVAL_BAD:
	case FINDING_KEY_COMPROMISED:
		return &stolen;
	case FINDING_STATUS_SUSPENDED:
		return &suspended;
	case FINDING_STATUS_REVOKED:
	case FINDING_STATUS_ANNULLED:
	case FINDING_STATUS_ENDED:
		return &ended;
	case FINDING_DATE_EXPIRED:
		return &over;
	case FINDING_DATE_NOT_YET: /* it may have begun since */
		return a->from_s <= a->now_s ? &not_then : &over;
	case FINDING_STATUS_REPLACED:
		return &newer;
	case FINDING_STATUS_ALARM:
		return &alarm;
	case FINDING_CLOCK_BACK:
		return &clock_back;
	case FINDING_DATE_AFTER_DATA:
		return &later;
	case FINDING_FIT_HOLDER:
	case FINDING_FIT_GRADE:
	case FINDING_FIT_SCOPE:
		return &fit;
	case FINDING_STATUS_MISSING:
	case FINDING_STATUS_STALE:
	case FINDING_STATUS_OLDER:
	case FINDING_STATUS_NEWS:
	case FINDING_STATUS_NO_AUDITOR:
	case FINDING_REGISTRY_MISSING:
	case FINDING_REGISTRY_PENDING:
	case FINDING_KEY_UNKNOWN_HERE:
	case FINDING_TRUST_MISSING:
	case FINDING_TRUST_EXPIRED:
	case FINDING_TRUST_OLDER:
		return &fetch;
	default:
		return &foreign;
	}
}

/* A suspension's end restores nothing by itself: say so where the date is printed. */
static void
add_suspension_end(struct buf *out, const struct answer *a, enum lang lang)
{
	char day[CIVIL_TEXT_BYTES];

	if (a->status_until_s != 0 && a->status_until_s != HISTORY_OPEN) {
		civil_format(day, civil_of(a->status_until_s - 1));
		buf_printf(out,
		    LANG_PICK(lang, "暂停至少到 %s，须经发证机关决定方可恢复。",
			" The suspension lasts to %s at least; only a bureau decision ends it."),
		    day);
	}
}

/* Only what was looked at is no forgery: a code, or a number, can stand on any paper. */
static void
add_genuine(struct buf *out, const struct answer *a, enum lang lang)
{
	buf_add_text(out, LANG_PICK(lang, "", " "));
	if (a->confirmed)
		buf_add_text(out,
		    LANG_PICK(lang, "登记内容属实；纸面是否属实，须另行核对。",
			"The registry has it; whether the paper is genuine, only comparing "
			"shows."));
	else if (a->kind == INPUT_CODE)
		buf_add_text(out,
		    LANG_PICK(lang, "二维码不是伪造；纸面是否属实，须另行核对。",
			"The code is not forged; whether the paper is, only comparing shows."));
	else
		buf_add_text(out, LANG_PICK(lang, "本证书不是伪造。", "It is not a forgery."));
}

const char *
words_scan(enum lang lang)
{
	return LANG_PICK(lang, "这是纸质证书的扫描件（PDF）", "It is a scan of the paper (PDF)");
}

/* Nobody sealed it: it may be a picture of the paper. */
static void
add_scan(struct buf *out, enum lang lang, enum words_reader reader)
{
	buf_add_text(
	    out, LANG_PICK(lang, "如果这是纸质证书的扫描件，请", "If it is a scan of the paper, "));
	if (reader == WORDS_AT_FORM || reader == WORDS_AT_FORM_WITH_LOOK_UP)
		buf_printf(out, LANG_PICK(lang, "勾选「%s」", "tick \"%s\" and check again"),
		    words_scan(lang));
	else
		buf_add_text(out,
		    LANG_PICK(
			lang, "用 qualverify --scan ", "check it again with qualverify --scan"));
	buf_add_text(out,
	    LANG_PICK(lang, "再核验，并与纸面逐项核对。\n", ", and compare it with the paper.\n"));
}

/* No picture of the code will do: it can be asked for by what stands beneath it, where somebody looks it up. */
static void
add_without_picture(struct buf *out, enum lang lang, enum words_reader reader)
{
	buf_add_text(out,
	    LANG_PICK(lang, "仍读不出的，用手机扫描二维码，或者",
		"If that does not help, scan the code with a phone, or "));
	if (reader == WORDS_AT_FORM_WITH_LOOK_UP)
		buf_add_text(out,
		    LANG_PICK(lang, "按二维码下方的编号和校验码核验。\n",
			"check by the number and check code beneath it.\n"));
	else
		buf_add_text(out,
		    LANG_PICK(lang, "凭二维码下方的编号和校验码向发证机关查询。\n",
			"ask the bureau by the number and check code beneath it.\n"));
}

/* What a person at a terminal types; on a page it is said in words. */
static void
add_fetch(struct buf *out, const struct answer *a, enum lang lang, enum words_reader reader)
{
	if (reader != WORDS_AT_TERMINAL) {
		buf_add_text(out, LANG_PICK(lang, fetch.zh, fetch.en));
		buf_add_text(out, LANG_PICK(lang, "", " "));
	} else {
		buf_printf(out,
		    LANG_PICK(lang, "联网更新：qualverify update https://%s\n",
			"Fetch the news:  qualverify update https://%s\n"),
		    a->host[0] != '\0' ? a->host
				       : LANG_PICK(lang, "发证机关网址", "ADDRESS-OF-THE-BUREAU"));
		buf_add_text(out,
		    LANG_PICK(lang, "U 盘更新：qualverify update /media/stick/public\n",
			"or from a stick: qualverify update /media/stick/public\n"));
	}
	buf_add_text(out,
	    LANG_PICK(lang, "这不是持证单位的过错，不得据此否决。\n",
		"It is not the holder's fault and no reason to reject.\n"));
}

static void
add_contact(struct buf *out, const struct advice *advice, const struct answer *a, enum lang lang)
{
	if (advice->contact == ALONE || a->contact[0] == '\0')
		return;
	buf_add_text(out,
	    advice->contact == HOLDER ? LANG_PICK(lang, "持证单位咨询：", "The holder can ask: ")
				      : LANG_PICK(lang, "发证机关：", "The bureau: "));
	buf_printf(out, "%s\n", a->contact);
}

void
words_what_now(struct buf *out, const struct answer *a, enum lang lang, enum words_reader reader)
{
	if (a->verdict == VERDICT_VALID)
		return;
	const struct advice *advice = advice_of(a);
	if (advice == &fetch) {
		add_fetch(out, a, lang, reader);
		return;
	}
	buf_add_text(out, LANG_PICK(lang, advice->zh, advice->en));
	if (advice == &unsealed)
		add_scan(out, lang, reader);
	if (advice == &unreadable)
		add_without_picture(out, lang, reader);
	if (advice->genuine)
		add_genuine(out, a, lang);
	if (advice == &suspended)
		add_suspension_end(out, a, lang);
	if (advice->genuine)
		buf_add_byte(out, '\n');
	add_contact(out, advice, a, lang);
}
