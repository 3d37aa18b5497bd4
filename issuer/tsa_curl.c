#include "issuer/tsa_curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#define LIBRARY "libcurl.so.4"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct curl_calls calls;
static bool ready;

/* ISO C has no way from an object's address to a function's. */
static bool
find(void *library, const char *name, void *call, size_t size)
{
	void *address = dlsym(library, name);

	memcpy(call, &address, size);
	return address != NULL;
}

#define FIND(library, name) find(library, "curl_" #name, &calls.name, sizeof calls.name)

static void
load(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	ready = library != NULL && FIND(library, global_init) && FIND(library, easy_init) &&
	    FIND(library, easy_cleanup) && FIND(library, easy_reset) &&
	    FIND(library, easy_setopt) && FIND(library, easy_getinfo) &&
	    FIND(library, easy_perform) && FIND(library, easy_strerror) &&
	    FIND(library, slist_append) && FIND(library, slist_free_all) &&
	    calls.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

bool
tsa_curl(const struct curl_calls **out, struct err *err)
{
	pthread_once(&once, load);
	*out = &calls;
	return ready ||
	    err_set(err, ERR_NOT_FOUND,
		LIBRARY " cannot be loaded, and tsa_url needs it: install the package libcurl4");
}
