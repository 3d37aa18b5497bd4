/* Target: core/conf.c and verifier/daemon/daemon_conf.c. */
#include "tests/fuzz/fuzz.h"
#include "verifier/daemon/daemon_conf.h"

/* A mistake is told once and for all; what is taken without one says whom to believe, in whole lines. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct daemon_conf none = { 0 };
	struct daemon_conf conf;
	struct buf mistakes = BUF_EMPTY;
	struct err err = { 0 };

	if (daemon_conf_parse(&conf, span_of(data, size), "q.conf", &mistakes, &err)) {
		fuzz_promise(mistakes.len == 0);
		if (daemon_conf_complete(&conf, &none, &err))
			fuzz_promise(daemon_conf_paths(&conf).root != NULL &&
			    strpbrk(daemon_conf_paths(&conf).public_folder, "\n\r") == NULL);
	} else {
		fuzz_promise(err.code != ERR_NONE && mistakes.len > 0);
	}
	daemon_conf_free(&conf);
	buf_free(&mistakes);
	return 0;
}
