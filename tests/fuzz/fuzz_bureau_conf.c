/* Target: issuer/bureau_conf.c. */
#include "issuer/bureau_conf.h"
#include "tests/fuzz/fuzz.h"

/* A configuration that is taken has everything a bureau needs, and nothing that could break a line. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bureau_conf conf;
	struct err err = { 0 };

	if (bureau_conf_parse(&conf, span_of(data, size), "qualcert.conf", &err)) {
		fuzz_promise(conf.iss != NULL && conf.host != NULL && conf.second_copy != NULL);
		fuzz_promise(strlen(conf.region) == 6);
		fuzz_promise(strpbrk(conf.second_copy, "\n\r") == NULL);
	} else {
		fuzz_promise(err.code != ERR_NONE && conf.iss == NULL);
	}
	bureau_conf_free(&conf);
	return 0;
}
