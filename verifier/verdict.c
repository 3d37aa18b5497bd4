#include "verifier/verdict.h"

#include <assert.h>
#include <string.h>

static const char *const verdict_words[] = { "undecided", "valid", "rejected", "undetermined" };
static const char *const part_words[] = { "authentic", "approved", "bound", "registered",
	"in_force", "status_age", "fit" };
static const char *const reply_words[] = { "not asked", "yes", "no", "unknown" };

static const struct {
	const char *word, *zh, *en;
	enum part part;
} findings[FINDING_COUNT] = { [FINDING_NONE] = { "", "", "", PART_AUTHENTIC },
#define X(name, word, part, zh, en) [FINDING_##name] = { word, zh, en, PART_##part },
	FINDINGS(X)
#undef X
};

const char *
verdict_word(enum verdict v)
{
	return verdict_words[v];
}

const char *
part_word(enum part p)
{
	return part_words[p];
}

const char *
reply_word(enum reply r)
{
	return reply_words[r];
}

const char *
finding_word(enum finding f)
{
	return findings[f].word;
}

bool
verdict_find(enum verdict *out, const char *word)
{
	for (int v = VERDICT_VALID; v <= VERDICT_UNDETERMINED; v++) {
		*out = (enum verdict)v;
		if (strcmp(word, verdict_words[v]) == 0)
			return true;
	}
	return false;
}

bool
finding_find(enum finding *out, const char *word)
{
	for (int f = FINDING_NONE + 1; f < FINDING_COUNT; f++) {
		*out = (enum finding)f;
		if (strcmp(word, findings[f].word) == 0)
			return true;
	}
	return false;
}

const char *
finding_text(enum finding f, enum lang lang)
{
	return lang == LANG_ZH ? findings[f].zh : findings[f].en;
}

enum part
finding_part(enum finding f)
{
	return findings[f].part;
}

bool
part_required(enum input_kind kind, enum part p)
{
	switch (kind) {
	case INPUT_PDF:
		return p != PART_FIT;
	case INPUT_COSE:
		return p != PART_FIT && p != PART_BOUND;
	case INPUT_CODE:
		return p != PART_FIT && p != PART_BOUND && p != PART_APPROVED;
	case INPUT_NOTHING_OF_OURS:
		break;
	}
	return true;
}

enum verdict
verdict_of(enum input_kind kind, const struct part_answer parts[PART_COUNT], enum finding *reason)
{
	*reason = FINDING_NONE;
	for (int p = 0; p < PART_COUNT; p++) {
		if (parts[p].reply == REPLY_NO) {
			assert(parts[p].finding != FINDING_NONE);
			*reason = parts[p].finding;
			return VERDICT_REJECTED;
		}
	}
	for (int p = 0; p < PART_COUNT; p++) {
		if (part_required(kind, (enum part)p) && parts[p].reply != REPLY_YES) {
			*reason = parts[p].finding;
			return VERDICT_UNDETERMINED;
		}
	}
	/* What was asked about fit must be answered before it is good news. */
	if (parts[PART_FIT].reply == REPLY_UNKNOWN) {
		*reason = parts[PART_FIT].finding;
		return VERDICT_UNDETERMINED;
	}
	return VERDICT_VALID;
}
