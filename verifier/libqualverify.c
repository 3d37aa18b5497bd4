#include "verifier/libqualverify.h"

#include "verifier/answer_json.h"
#include "verifier/ask.h"
#include "verifier/handed.h"
#include "verifier/screen.h"

#include <stdio.h>
#include <stdlib.h>

struct qualverify {
	struct believed *believed;
};

struct qualverify_question {
	struct question question;
	char holder[19]; /* that the question borrows */
};

struct qualverify_answer {
	struct answer answer;
};

_Static_assert((int)QUALVERIFY_VALID == (int)VERDICT_VALID &&
	(int)QUALVERIFY_REJECTED == (int)VERDICT_REJECTED &&
	(int)QUALVERIFY_UNDETERMINED == (int)VERDICT_UNDETERMINED &&
	(int)QUALVERIFY_ZH == (int)LANG_ZH && (int)QUALVERIFY_EN == (int)LANG_EN,
    "one list of verdicts and of languages, inside and outside");

static bool
tell(struct qualverify_failure *failure, const struct err *err)
{
	static const enum qualverify_trouble troubles[] = {
		[ERR_NOT_FOUND] = QUALVERIFY_NOT_FOUND,
		[ERR_MALFORMED] = QUALVERIFY_MALFORMED,
		[ERR_CRYPTO] = QUALVERIFY_MALFORMED,
		[ERR_USAGE] = QUALVERIFY_USAGE,
		[ERR_MEMORY] = QUALVERIFY_MEMORY,
	};

	if (failure == NULL)
		return false;
	failure->trouble = (size_t)err->code < sizeof troubles / sizeof troubles[0]
	    ? troubles[err->code]
	    : QUALVERIFY_NO_TROUBLE;
	if (failure->trouble == QUALVERIFY_NO_TROUBLE)
		failure->trouble = QUALVERIFY_IO;
	snprintf(failure->text, sizeof failure->text, "%s", err->text);
	return false;
}

static void *
fresh(size_t size, struct qualverify_failure *failure)
{
	struct err err = { 0 };
	void *object = calloc(1, size);

	if (object == NULL) {
		err_set(&err, ERR_MEMORY, "out of memory");
		tell(failure, &err);
	}
	return object;
}

const char *
qualverify_version(void)
{
	return QUALCERT_VERSION;
}

bool
qualverify_new(struct qualverify **out, struct qualverify_failure *failure)
{
	struct err err = { 0 };

	*out = fresh(sizeof **out, failure);
	if (*out == NULL)
		return false;
	if (!believed_new(&(*out)->believed, &err)) {
		free(*out);
		*out = NULL;
		return tell(failure, &err);
	}
	return true;
}

void
qualverify_free(struct qualverify *q)
{
	if (q != NULL)
		believed_free(q->believed);
	free(q);
}

bool
qualverify_believe(struct qualverify *q, const char *root_file, const char *public_folder,
    const char *memory_folder, int64_t now_s, struct qualverify_failure *failure)
{
	const struct believed_paths paths = {
		.root = root_file, .folder = public_folder, .memory = memory_folder
	};
	struct err err = { 0 };

	return believed_add(q->believed, &paths, now_s, &err) || tell(failure, &err);
}

bool
qualverify_question_new(
    struct qualverify_question **out, int64_t now_s, struct qualverify_failure *failure)
{
	*out = fresh(sizeof **out, failure);
	if (*out == NULL)
		return false;
	(*out)->question.now_s = now_s;
	return true;
}

bool
qualverify_question_set(struct qualverify_question *ask, const char *word, const char *value,
    struct qualverify_failure *failure)
{
	struct question asked = ask->question;
	struct err err = { 0 };

	if (!ask_set(&asked, word, value, &err))
		return tell(failure, &err);
	if (asked.holder == value) {
		snprintf(ask->holder, sizeof ask->holder, "%s", value);
		asked.holder = ask->holder;
	}
	ask->question = asked;
	return true;
}

void
qualverify_question_free(struct qualverify_question *ask)
{
	free(ask);
}

/* Why there is no answer about what was handed in. */
static bool
not_taken(struct qualverify_failure *failure, const struct err *err)
{
	tell(failure, err);
	if (failure != NULL && err->code == ERR_REFUSED) /* a picture of another format */
		failure->trouble = QUALVERIFY_MALFORMED;
	else if (failure != NULL && err->code != ERR_MALFORMED && err->code != ERR_MEMORY)
		failure->trouble = QUALVERIFY_HELPER;
	return false;
}

bool
qualverify_verify(struct qualverify_answer **out, const struct qualverify *q,
    const struct qualverify_question *ask, const void *input, size_t length, bool scan,
    struct qualverify_failure *failure)
{
	struct handed handed = { 0 };
	struct err err = { 0 };

	*out = NULL;
	if (believed_count(q->believed) == 0) {
		err_set(&err, ERR_USAGE, "nobody is believed: call qualverify_believe() first");
		return tell(failure, &err);
	}
	struct qualverify_answer *answer = fresh(sizeof *answer, failure);
	bool ok = answer != NULL;
	if (ok &&
	    !handed_take(&handed, span_of(input, length), length > LIMIT_PDF_BYTES, scan, &err))
		ok = not_taken(failure, &err);
	else if (ok && !handed_ask(&answer->answer, &handed, q->believed, &ask->question, &err))
		ok = tell(failure, &err);
	handed_free(&handed);
	if (ok)
		*out = answer;
	else
		free(answer);
	return ok;
}

void
qualverify_answer_free(struct qualverify_answer *answer)
{
	free(answer);
}

enum qualverify_verdict
qualverify_answer_verdict(const struct qualverify_answer *answer)
{
	return (enum qualverify_verdict)answer->answer.verdict;
}

bool
qualverify_answer_is_test(const struct qualverify_answer *answer)
{
	return answer->answer.test;
}

bool
qualverify_answer_compare(const struct qualverify_answer *answer)
{
	return answer->answer.verdict == VERDICT_VALID && answer->answer.kind == INPUT_CODE;
}

const char *
qualverify_answer_reason(const struct qualverify_answer *answer)
{
	return answer->answer.reason != FINDING_NONE ? finding_word(answer->answer.reason) : "";
}

static char *
json_text(const struct answer *a, const char *name)
{
	json_t *json = answer_json(a, name);
	char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
	char *line = NULL;

	if (text != NULL && asprintf(&line, "%s\n", text) < 0)
		line = NULL;
	free(text);
	json_decref(json);
	return line;
}

char *
qualverify_answer_text(const struct qualverify_answer *answer, enum qualverify_form form,
    const char *name, enum qualverify_language language, bool colour)
{
	const struct answer *a = &answer->answer;
	struct buf text = BUF_EMPTY;
	char *out = NULL;

	if (form == QUALVERIFY_JSON)
		return json_text(a, name);
	if (form == QUALVERIFY_LINE)
		screen_line(&text, a, &(struct screen_item){ .input = name != NULL ? name : "" },
		    (enum lang)language, colour);
	else
		screen_answer(&text, a, (enum lang)language, colour);
	if (buf_text(&text) != NULL)
		out = strdup(buf_text(&text));
	buf_free(&text);
	return out;
}
