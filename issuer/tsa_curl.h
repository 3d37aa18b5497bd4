/*
 * libcurl, loaded when the first time-stamp is wanted: it brings 26 libraries and 4.5 MB with it, and a
 * process that asks nobody needs no network code. (docs/adr/0012)
 */
#ifndef ISSUER_TSA_CURL_H
#define ISSUER_TSA_CURL_H

#include "core/err.h"

#include <curl/curl.h>

/* Its functions, as curl/curl.h declares them. */
struct curl_calls {
	__typeof__(&curl_global_init) global_init;
	__typeof__(&curl_easy_init) easy_init;
	__typeof__(&curl_easy_cleanup) easy_cleanup;
	__typeof__(&curl_easy_reset) easy_reset;
	CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
	CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
	__typeof__(&curl_easy_perform) easy_perform;
	__typeof__(&curl_easy_strerror) easy_strerror;
	__typeof__(&curl_slist_append) slist_append;
	__typeof__(&curl_slist_free_all) slist_free_all;
};

/* The same for the whole process, which never unloads it. ERR_NOT_FOUND: libcurl is not installed. */
MUST_CHECK bool tsa_curl(const struct curl_calls **out, struct err *err);

#endif
