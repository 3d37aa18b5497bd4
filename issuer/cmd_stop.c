/* One officer alone stops the making of certificates; two start it again. */
#include "issuer/commands.h"

static struct span
of_register(void)
{
	return span_text("register");
}

/* What it does, asked by the name of the command. */
static bool
confirm(struct command *c, const char *zh, const char *en, struct err *err)
{
	struct buf screen = BUF_EMPTY;

	buf_printf(&screen, "%s\n", LANG_PICK(c->lang, zh, en));
	command_tell(&screen);
	buf_free(&screen);
	return command_confirm(c,
	    LANG_PICK(c->lang, "请输入命令名以继续：", "Type the command's name to go on: "),
	    c->row->name, err);
}

bool
cmd_stop(struct command *c, struct err *err)
{
	struct act_body body = { .kind = ACT_STOP };
	struct sitting s = { 0 };
	bool done = false;

	bool ok = command_no_words(c, err) &&
	    command_need(&body.notice.reason, c, OPTION_REASON, err) &&
	    command_begin_at_once(c, &s, err) && command_may(c, &s, of_register(), ACT_STOP, err) &&
	    confirm(c,
		"停止制作证书：此后不制作任何证书，已批准而未制作的也须等待。须由两人恢复：qualcert"
		" "
		"resume",
		"STOP: from now on no certificate is made; those approved and not made wait.\n"
		"Two officers start it again: qualcert resume",
		err);
	s.now_s = c->now_s;
	ok = ok && sitting_add(&s, of_register(), &body, err) &&
	    command_finish_one(&done, c, &s, err);
	if (ok && done) {
		command_print(c, "stopped\n");
		if (c->answer != NULL)
			json_object_set_new(c->answer, "stopped", json_true());
	}
	sitting_free(&s);
	return ok;
}

static bool
propose(struct command_proposal *out, struct command *c, struct sitting *s, struct act_body *body,
    struct err *err)
{
	s->now_s = c->now_s;
	if (!command_propose(out, c, s, ACT_RESUME, err))
		return false;
	body->sitting = span_text(out->sitting);
	body->not_after_s = out->not_after_s;
	return sitting_add(s, of_register(), body, err);
}

bool
cmd_resume(struct command *c, struct err *err)
{
	struct command_proposal proposal;
	struct act_body body = { .kind = ACT_RESUME };
	struct sitting s = { 0 };
	bool done = false;

	bool ok = command_no_words(c, err) &&
	    command_need(&body.notice.reason, c, OPTION_REASON, err) && command_begin(c, &s, err) &&
	    command_may(c, &s, of_register(), ACT_RESUME, err) &&
	    confirm(c, "恢复制作证书：第二人批准后，等待中的证书先行制作。",
		"RESUME: once a second officer approves, certificates are made again; those that "
		"wait come first.",
		err) &&
	    propose(&proposal, c, &s, &body, err) && command_finish_one(&done, c, &s, err);
	if (ok && done) {
		command_print(c, "proposed %s register\n", proposal.sitting);
		command_answer(c, "proposed", proposal.sitting);
		ok = command_tell_who_approves(c, of_register(), proposal.not_after_s, err);
	}
	sitting_free(&s);
	return ok;
}
