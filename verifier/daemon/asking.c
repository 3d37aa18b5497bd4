#include "verifier/daemon/asking.h"

#define SCAN ASK_WORDS /* behind the words of ask.h */
#define WHEN                                                                                       \
	"a date (2026-11-20) or a time (2026-11-20T14:00, 2026-11-20T14:00:00+08:00) of the "      \
	"years 2000 to 2099"

/* What each word wants, in the order of ask_words. */
static const char *const wants[ASK_WORDS + 1] = {
	WHEN,
	WHEN,
	"a unified social credit code: 18 characters, the last computed from the others",
	"A or B",
	"a word of the table of scopes, such as software",
	"new or existing",
	"yes or no",
};

static size_t
index_of(const char *word)
{
	for (size_t i = 0; i < ASK_WORDS; i++)
		if (strcmp(word, ask_words[i]) == 0)
			return i;
	return strcmp(word, "scan") == 0 ? SCAN : SCAN + 1;
}

static const char *
word_at(size_t i)
{
	return i == SCAN ? "scan" : ask_words[i];
}

static bool
set_scan(struct asking *a, const char *value)
{
	a->scan = strcmp(value, "yes") == 0;
	return a->scan || strcmp(value, "no") == 0;
}

bool
asking_take(struct asking *a, const char *word, const char *value, struct err *err)
{
	const size_t i = index_of(word);
	struct err why = { 0 };

	if (i > SCAN)
		return err_set(err, ERR_USAGE,
		    "there is a word that nobody asks here; asked are at, known, holder, grade, "
		    "scope, for and scan");
	if ((a->set & 1u << i) != 0)
		return err_set(err, ERR_USAGE,
		    "%s is asked twice: ask once more for another answer", word_at(i));
	a->set |= 1u << i;
	const bool ok = value != NULL &&
	    (i == SCAN ? set_scan(a, value) : ask_set(&a->question, ask_words[i], value, &why));
	return ok || err_set(err, ERR_USAGE, "%s: what is wanted is %s", word_at(i), wants[i]);
}

struct taking {
	struct asking *asking;
	struct err *err;
};

static bool
take(void *ctx, const char *name, const char *value)
{
	const struct taking *t = ctx;
	return asking_take(t->asking, name, value, t->err);
}

bool
asking_of_query(struct asking *a, const struct request *q, struct err *err)
{
	struct taking t = { a, err };

	*a = (struct asking){ .question = { .now_s = q->now_s } };
	return q->each_query(q, take, &t);
}
