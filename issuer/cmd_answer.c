/* No to a proposal: refused by whoever might approve it, or cancelled by whoever made it. */
#include "issuer/answer.h"
#include "issuer/commands.h"

/* Every chosen line; why not is said of the others. */
static bool
all_recorded(struct answer *a, struct command *c)
{
	bool all = true;

	for (size_t i = 0; i < a->n; i++)
		if (a->lines[i].chosen && !answer_recorded(a, &a->lines[i], c))
			all = false;
	return all;
}

static bool
answer(struct command *c, enum act_kind kind, const char *said, struct span reason, struct err *err)
{
	struct answer a = { 0 };
	struct buf screen = BUF_EMPTY;
	const char *id;

	bool ok = command_one_word(&id, c, err) && answer_open(&a, c, kind, id, err) &&
	    answer_text(&screen, &a, c, err);
	command_tell(&screen);
	buf_free(&screen);
	if (ok && answer_chosen(&a) == 0) {
		ok = err_set(err, ERR_REFUSED, "%s", a.lines[0].why);
	}
	ok = ok &&
	    command_confirm(c,
		LANG_PICK(c->lang, "请输入会次编号以继续：", "Type the sitting's ID to go on: "),
		id, err) &&
	    answer_send(&a, c, 0, a.n, reason, err);
	if (ok && a.record.done && all_recorded(&a, c)) {
		command_print(c, "%s %s\n", said, id);
		command_answer(c, said, id);
	}
	answer_free(&a);
	return ok;
}

bool
cmd_refuse(struct command *c, struct err *err)
{
	struct span reason;
	return command_need(&reason, c, OPTION_REASON, err) &&
	    answer(c, ACT_REFUSE, "refused", reason, err);
}

bool
cmd_cancel(struct command *c, struct err *err)
{
	return answer(c, ACT_CANCEL, "cancelled", span_of(NULL, 0), err);
}
