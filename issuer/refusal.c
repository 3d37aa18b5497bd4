#include "issuer/refusal.h"

#include <string.h>

/* How a sentence begins, the particular before the general, and what it means. */
static const struct meaning {
	const char *begins, *zh;
	bool says_more; /* the rest of it names a day, a person, a field */
} meanings[] = {
	{ "ACT-02: ", "ACT-02：签署所用的密钥未列入信任包，或者已停用、已报失窃", true },
	{ "ACT-03: ", "ACT-03：没有办理此事的角色", true },
	{ "ACT-06: ", "ACT-06：信任包不是登记簿所采用的最新一个；请先 qualcert adopt", true },
	{ "ACT-07: ", "ACT-07：与案件或者许可目前的阶段不符", true },
	{ "ACT-08: ", "ACT-08：此幂等键已用于另一行为", false },
	{ "APP-01: it was approved already", "APP-01：此项已经批准", false },
	{ "APP-01: it was refused", "APP-01：此项已被拒绝批准", false },
	{ "APP-01: it was cancelled", "APP-01：此项提议已撤回", false },
	{ "APP-01: ", "APP-01：没有这项待答复的提议，或者已有答复", true },
	{ "APP-02: ",
	    "APP-02：提议之后同一对象又有了别的行为，或者承认了遗失，提议因此作废；须重新提议",
	    false },
	{ "APP-03: ", "APP-03：已过期限；须重新提议", true },
	{ "EPO-02: ", "EPO-02：提议早于所承认的遗失，证书可能已在遗失的部分里制作；须重新提议",
	    false },
	{ "SEP-01: ", "SEP-01：提议人不得批准自己的提议，须由他人批准", false },
	{ "SEP-02: ", "SEP-02：提议和批准不得用同一密钥签署", false },
	{ "SEP-03: ", "SEP-03：按本机关的政策，同一人不得在本案兼任这两个环节", true },
	{ "SEP-04: ", "SEP-04：参加过本案现场审查的人不得决定、签发或者批准", false },
	{ "SEP-06: ", "SEP-06：只有提议人可以撤回提议", false },
	{ "SEP-07: ", "SEP-07：回避本案的人不得参与本案", false },
	{ "POW-01: ", "POW-01：发证机关无权发此证书，或者政策所定的角色不能签发", true },
	{ "POW-02: ", "POW-02：案件的这一环节由另一机关办理，或者发证机关没有此项权限", true },
	{ "STP-01: nothing is stopped", "STP-01：签发并未停止", false },
	{ "STP-01: ", "STP-01：已有人停止签发；两人可以恢复：qualcert resume", false },
	{ "LIC-01: ", "LIC-01：与许可目前的状态不符，或者没有这份证书、这个事由", true },
	{ "LIC-03: ", "LIC-03：期限不合规定", true },
	{ "DAT-01: ", "DAT-01：日期不合规定", true },
	{ "NUM-01: ", "NUM-01：证书编号或者状态列表中的位置已经用过，或者同号的另一证书正待制作",
	    true },
	{ "NUM-02: ", "NUM-02：行为已遗失的证书可能用过此编号或者此位置；须重新提议", true },
	{ "CLM-01: ", "CLM-01：证书内容与案件、决定或者所接续的证书不符；请拒绝批准，重新提议",
	    true },
	{ "FACE-01: ",
	    "FACE-01：二维码放不下这么多内容；请缩短单位的中文或者英文名称，或者减少业务种类",
	    true },
	{ "FACE-02: ",
	    "FACE-02：版式本身印不出来，文字再短也不行，不是申请单位的问题；请用 qualcert template "
	    "check 检查版式",
	    true },
	{ "FACE-03: ", "FACE-03：本机的版式不是签署时的版式；请放回原来的文件", true },
	{ "another put it into this sitting",
	    "这一项是别人放进本会次的，或者种类、文书与其他各项不同；请拒绝批准，另行提议", false },
};

/* Where the sentence begins: behind what was said of where it happened. NULL: elsewhere, or nowhere. */
static const char *
find(const char *text, const char *begins)
{
	const char *at = strstr(text, begins);
	return at == text || (at != NULL && at - text > 2 && memcmp(at - 2, ": ", 2) == 0) ? at
											   : NULL;
}

void
refusal_text(struct buf *out, const char *text, enum lang lang)
{
	for (size_t i = 0; lang == LANG_ZH && i < sizeof meanings / sizeof meanings[0]; i++) {
		const struct meaning *m = &meanings[i];
		const char *at = find(text, m->begins);
		if (at == NULL)
			continue;
		buf_add(out, text, (size_t)(at - text));
		buf_add_text(out, m->zh);
		if (m->says_more)
			buf_printf(out, "（%s）", at + strlen(m->begins));
		return;
	}
	buf_add_text(out, text);
}
