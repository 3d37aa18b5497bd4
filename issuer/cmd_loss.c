/* restore --accept-loss: acts are lost for good, and two officers say that it goes on without them. */
#include "core/file.h"
#include "core/limits.h"
#include "credential/snapshot.h"
#include "issuer/commands.h"
#include "issuer/loss.h"
#include "keys/head.h"
#include "registry/registry_floor.h"

static struct span
of_register(void)
{
	return span_text("register");
}

/* How large the log was, as published last: by its key, and witnessed as the bundle asks. */
static bool
read_checkpoint(
    struct body_loss *out, const struct command *c, const char *published, struct err *err)
{
	const struct trust *trust;
	struct buf path = BUF_EMPTY, note = BUF_EMPTY;
	struct checkpoint last;
	bool witnessed;

	buf_printf(&path, "%s/log/checkpoint", published);
	bool ok = buf_ok(&path, err) && bureau_trust(&trust, c->bureau, err) &&
	    file_read(&note, buf_text(&path), LIMIT_NOTE_BYTES, err) &&
	    (trust_verify_checkpoint(&last, &witnessed, trust, buf_span(&note), err) ||
		err_in(err, "%s", buf_text(&path)));
	if (ok) {
		out->size = last.size;
		out->root = last.root;
	}
	buf_free(&path);
	buf_free(&note);
	return ok;
}

/* Was a later snapshot signed than the one that is to be the floor? It may be published somewhere. */
static bool
check_newest(uint64_t *signed_seq, const struct command *c, struct err *err)
{
	struct buf path = BUF_EMPTY;
	struct head last;
	struct err why = { 0 };

	*signed_seq = 0;
	bool ok = bureau_path(&path, c->bureau, err, "keys/status.head");
	if (ok && head_read(&last, buf_text(&path), &why))
		*signed_seq = last.seq;
	else if (ok)
		ok = why.code == ERR_NOT_FOUND || err_set(err, why.code, "%s", why.text);
	buf_free(&path);
	return ok;
}

static bool
tell(struct command *c, const struct body_loss *loss, struct err *err)
{
	struct registry_loss lost;
	struct buf screen = BUF_EMPTY;
	uint64_t signed_seq;

	bool ok = registry_loss(&lost, c->bureau->registry, loss->snapshot, err) &&
	    check_newest(&signed_seq, c, err);
	buf_printf(&screen, "%s\n",
	    LANG_PICK(c->lang, "承认行为遗失：登记簿自最后公开的快照继续，日志开始新的纪元。",
		"ACCEPT THAT ACTS ARE LOST: the register goes on from the snapshot published last, "
		"and the "
		"log begins a new epoch."));
	ok = ok && loss_text(&screen, c->bureau, loss->snapshot, c->lang, err);
	if (ok && signed_seq > lost.seq)
		buf_printf(&screen,
		    LANG_PICK(c->lang,
			"注意：密钥已签过快照 %llu。若它已在任何地方公开，请改用它。\n",
			"CAUTION: snapshot %llu was signed. If it is published anywhere, take that "
			"one.\n"),
		    (unsigned long long)signed_seq);
	command_tell(&screen);
	ok = ok && buf_ok(&screen, err);
	buf_free(&screen);
	return ok &&
	    command_confirm(c,
		LANG_PICK(c->lang, "确无任何副本、审计人处亦无？请输入选项名以继续：",
		    "Has no second copy and no auditor the acts any more? Type the option's name "
		    "to go on: "),
		"accept-loss", err);
}

static bool
propose(struct command_proposal *out, struct command *c, struct sitting *s, struct act_body *body,
    struct err *err)
{
	s->now_s = c->now_s;
	if (!command_propose(out, c, s, ACT_ACCEPT_LOSS, err))
		return false;
	body->sitting = span_text(out->sitting);
	body->not_after_s = out->not_after_s;
	return sitting_add(s, of_register(), body, err);
}

static bool
find_folder(struct buf *out, const struct command *c, struct err *err)
{
	if (c->n_words == 0)
		return bureau_path(out, c->bureau, err, "public");
	buf_add_text(out, c->words[0]);
	return buf_ok(out, err);
}

/* The floor is kept before the act that needs it is recorded. */
static bool
find_loss(struct body_loss *out, struct command *c, const char *published, struct err *err)
{
	if (!read_checkpoint(out, c, published, err) || !loss_epoch(&out->epoch, c->bureau, err))
		return false;
	out->epoch++;
	return registry_keep_floor(out->snapshot, c->bureau->registry, published, err) ||
	    err_in(err, "%s", published);
}

bool
cmd_accept_loss(struct command *c, struct err *err)
{
	struct command_proposal proposal;
	struct act_body body = { .kind = ACT_ACCEPT_LOSS };
	struct sitting s = { 0 };
	struct buf published = BUF_EMPTY;
	bool done = false;

	bool ok = command_begin_at_once(c, &s, err) &&
	    command_may(c, &s, of_register(), ACT_ACCEPT_LOSS, err) &&
	    find_folder(&published, c, err) &&
	    find_loss(&body.loss, c, buf_text(&published), err) && tell(c, &body.loss, err) &&
	    propose(&proposal, c, &s, &body, err) && command_finish_one(&done, c, &s, err);
	if (ok && done) {
		command_print(c, "proposed %s register\n", proposal.sitting);
		command_answer(c, "proposed", proposal.sitting);
		ok = command_tell_who_approves(c, of_register(), proposal.not_after_s, err);
	}
	buf_free(&published);
	sitting_free(&s);
	return ok;
}
