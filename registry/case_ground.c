#include "registry/case_ground.h"

static const struct case_ground grounds[] = {
#include "case_grounds.inc"
};

static const uint8_t table_hash[] = {
#include "case_hash.inc"
};

const struct case_ground *
case_ground_all(size_t *count)
{
	*count = sizeof grounds / sizeof grounds[0];
	return grounds;
}

const struct case_ground *
case_ground_find(struct span code)
{
	for (size_t i = 0; i < sizeof grounds / sizeof grounds[0]; i++)
		if (span_is(code, grounds[i].code))
			return &grounds[i];
	return NULL;
}

const uint8_t *
case_ground_table_hash(void)
{
	return table_hash;
}
