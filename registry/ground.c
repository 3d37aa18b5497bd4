#include "registry/ground.h"

static const struct licence_row statuses[] = {
#include "statuses.inc"
};

static const struct ground grounds[] = {
#include "grounds.inc"
};

static const uint8_t table_hash[] = {
#include "licence_hash.inc"
};

const struct licence_row *
licence_row(enum licence_status status)
{
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		if (statuses[i].status == status)
			return &statuses[i];
	return NULL;
}

void
licence_effects(enum work *new_work, enum work *existing, enum status value, bool expired)
{
	*new_work = *existing = WORK_NO;
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
		const struct licence_row *row = &statuses[i];
		if (row->value != value ||
		    (row->status == LICENCE_EXPIRED) != (expired && value == STATUS_ACTIVE))
			continue;
		*new_work = row->new_work;
		*existing = row->existing;
		return;
	}
}

const uint8_t *
ground_table_hash(void)
{
	return table_hash;
}

const struct ground *
ground_all(size_t *count)
{
	*count = sizeof grounds / sizeof grounds[0];
	return grounds;
}

const struct ground *
ground_find(struct span code)
{
	/* Asked for every order of a chain whenever the chain is folded. */
	for (size_t i = 0; code.len == GROUND_CODE_CHARS && i < sizeof grounds / sizeof grounds[0];
	     i++)
		if (memcmp(code.ptr, grounds[i].code, GROUND_CODE_CHARS) == 0)
			return &grounds[i];
	return NULL;
}

bool
ground_fits(enum act_kind verb, struct span code)
{
	const struct ground *ground = ground_find(code);
	return ground != NULL && ground->verb == verb;
}

const char *
ground_name(const struct ground *ground, enum lang lang)
{
	return lang == LANG_ZH ? ground->zh : ground->en;
}
