#include "verifier/update_words.h"

#include "core/rfc3339.h"
#include "core/text.h"

struct pair {
	const char *zh, *en;
};

/* Under "trust bundle 12: " or "snapshot 57: ": no line has more than 84 columns. */
static const struct pair news_words[UPDATE_NEWS] = {
	[UPDATE_NONE] = { "来源中没有。", "none is offered there." },
	[UPDATE_TAKEN] = { "已采用。", "taken." },
	[UPDATE_SAME] = { "与现有的相同。", "the one held already." },
	[UPDATE_OLDER] = { "比现有的或此前见过的旧，已忽略，保留较新的。",
	    "older than what is held or was seen before.\n  It is ignored, the newer one stays." },
	[UPDATE_ALARM] = { "警报：与此前见过的同一序号或日志相矛盾。\n  "
			   "未予采用，请立即告知发证机关。",
	    "ALARM: it contradicts what was seen before.\n  It is not taken; tell the bureau at "
	    "once." },
	[UPDATE_AHEAD] = { "日期晚于本机时钟，未采用。请核对本机时钟。",
	    "dated later than this computer's clock.\n  It is not taken. Is the clock right?" },
	[UPDATE_BAD] = { "格式或签名不符合所信任的根密钥集，未采用。",
	    "not of the form, or not signed as the roots demand.\n  It is not taken." },
	[UPDATE_FOREIGN] = { "属于另一发证机关，未采用。", "another bureau's. It is not taken." },
	[UPDATE_GAP] = { "来源中缺少与现有信任包之间的若干份，未采用。\n  "
			 "请使用发证机关网站或完整副本。",
	    "bundles between the one held and it are missing there.\n  It is not taken. Use the "
	    "bureau's own site, or a whole copy of it." },
	[UPDATE_UNAUDITED] = { "审计员签名数少于信任包要求，未采用。",
	    "signed by fewer auditors than the trust bundle demands.\n  It is not taken." },
	[UPDATE_NEWER_BUNDLE] = { "所指信任包比来源中的新，未采用。",
	    "it names a newer trust bundle than the one there.\n  It is not taken." },
	[UPDATE_PARTS] = { "来源中缺少或损坏其所列文件，未采用，保留现有的。",
	    "a file it names is missing or damaged there.\n  It is not taken, the one held "
	    "stays." },
	[UPDATE_UNREAD] = { "无法读取。", "could not be read." },
};

static void
add_line(struct buf *out, const char *what, uint64_t seq, enum update_news news, enum lang lang)
{
	buf_add_text(out, what);
	if (seq > 0)
		buf_printf(out, " %llu", (unsigned long long)seq);
	buf_printf(out, "%s%s\n", LANG_PICK(lang, "：", ": "),
	    LANG_PICK(lang, news_words[news].zh, news_words[news].en));
}

void
update_words(struct buf *out, const struct update_told *t, enum lang lang)
{
	if (t->clock_back) {
		buf_add_text(out,
		    LANG_PICK(lang, "本机时钟早于发证机关已签署的时间，未作更新。请校正时钟。\n",
			"This computer's clock is earlier than what the bureau signed.\n  Nothing "
			"was "
			"updated. Set the clock.\n"));
		return;
	}
	add_line(out, LANG_PICK(lang, "信任包", "trust bundle"), t->bundle_seq, t->bundle, lang);
	if (t->snapshot != UPDATE_NONE || update_is_current(t))
		add_line(out, LANG_PICK(lang, "状态快照", "snapshot"), t->snapshot_seq, t->snapshot,
		    lang);
	if (t->parts + t->tokens > 0)
		buf_printf(out,
		    LANG_PICK(lang, "新取得的清单文件 %zu 个，即时状态 %zu 份。\n",
			"New here: files of lists, %zu; status tokens, %zu.\n"),
		    t->parts, t->tokens);
}

static const struct pair site_words[FETCH_STATUS_COUNT] = {
	[FETCH_ELSEWHERE] = { "网站要求转到别处，本程序不跟随；\n  "
			      "若确属发证机关，请直接给出新网址",
	    "the site sends elsewhere, which is not followed;\n  if that is the bureau's, give its "
	    "address" },
	[FETCH_REFUSED] = { "网站拒绝提供", "the site does not give it" },
	[FETCH_CERTIFICATE] = { "网站证书不可信；单位自建的 CA 用 --ca-file 指定",
	    "the site's certificate is not believed;\n  an authority of your own is told by "
	    "--ca-file F" },
	[FETCH_UNREACHABLE] = { "网站无法连通", "nobody answers there" },
	[FETCH_SLOW] = { "网站长时间没有回应", "the site says nothing for too long" },
	[FETCH_FAILED] = { "获取失败", "it failed" },
};

void
update_words_site(struct buf *out, const struct fetch_shelf *f, enum lang lang)
{
	const struct pair *words = &site_words[f->why];

	if (f->missed[0] == '\0')
		return;
	text_escape(out, span_text(f->missed));
	buf_printf(out, LANG_PICK(lang, "：%s。\n  （", ": %s.\n  ("),
	    LANG_PICK(lang, words->zh, words->en));
	text_escape(out, buf_span(&f->detail));
	buf_add_text(out,
	    LANG_PICK(lang, "）\n也可从 U 盘或其他副本更新：qualverify update 文件夹\n",
		")\nAn update from a stick or another copy works too: qualverify update DIR\n"));
}

static void
add_time(struct buf *out, int64_t t_s)
{
	char text[RFC3339_TEXT_BYTES];

	rfc3339_format(text, t_s);
	buf_printf(out, "%.10s %.5s +08:00", text, text + 11);
}

static void
add_bundle(struct buf *out, const struct bundle *b, enum lang lang)
{
	if (b == NULL) {
		buf_add_text(out, LANG_PICK(lang, "没有信任包", "no trust bundle"));
		return;
	}
	if (b->test)
		buf_add_text(out, LANG_PICK(lang, "测试 ", "TEST "));
	buf_printf(out, LANG_PICK(lang, "信任包 %llu，有效至 ", "trust bundle %llu, until "),
	    (unsigned long long)b->seq);
	add_time(out, b->exp_s);
}

static void
add_snapshot(struct buf *out, const struct published *p, enum lang lang)
{
	const struct snapshot *s = published_snapshot(p);

	if (s == NULL) {
		buf_add_text(
		    out, LANG_PICK(lang, "没有可用的状态快照", "no snapshot that can be used"));
		return;
	}
	buf_printf(out, LANG_PICK(lang, "状态快照 %llu，截至 ", "snapshot %llu of "),
	    (unsigned long long)s->seq);
	add_time(out, s->iat_s);
	buf_add_text(out, LANG_PICK(lang, "\n      可用至 ", "\n          good until "));
	add_time(out, published_good_until_s(p));
}

void
update_words_held(struct buf *out, const struct published *p, int64_t now_s, enum lang lang)
{
	const enum finding trouble = published_trouble(p, now_s);

	buf_add_text(out, LANG_PICK(lang, "现有：", "Held now: "));
	add_bundle(out, trust_bundle(published_trust(p)), lang);
	buf_add_text(out, LANG_PICK(lang, "\n      ", "\n          "));
	add_snapshot(out, p, lang);
	if (trouble != FINDING_NONE)
		buf_printf(out, LANG_PICK(lang, "（%s）", " (%s)"), finding_word(trouble));
	buf_add_byte(out, '\n');
}
