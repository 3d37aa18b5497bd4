#include "issuer/tsa.h"

#include "core/limits.h"
#include "core/wallclock.h"
#include "issuer/random.h"
#include "issuer/tsa_curl.h"
#include "issuer/tsa_message.h"

#include <pthread.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#define ANSWER_BYTES (LIMIT_TIMESTAMP_BYTES + 1024) /* a token, with a status before it */
#define IDLE 64                                     /* connections kept open; more are closed */
#define REPLY_TYPE "application/timestamp-reply"

struct tsa {
	const struct curl_calls *curl;
	char *url;
	long connect_ms, answer_ms;
	struct curl_slist *headers;
	pthread_mutex_t mutex; /* for what follows */
	CURL *idle[IDLE];
	size_t n_idle;
	int64_t rests_until_ms; /* of the monotonic clock; 0: it does not rest */
	struct err last;        /* why it rests */
};

bool
tsa_is_url(const char *url)
{
	const char *host = strncasecmp(url, "http://", 7) == 0 ? url + 7
	    : strncasecmp(url, "https://", 8) == 0             ? url + 8
							       : "";

	for (const char *c = host; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~')
			return false;
	return host[0] != '\0' && host[0] != '/';
}

bool
tsa_open(struct tsa **out, const struct tsa_place *place, struct err *err)
{
	const struct curl_calls *curl;

	*out = NULL;
	if (!tsa_is_url(place->url))
		return err_set(err, ERR_MALFORMED,
		    "the address of the time-stamping authority begins with http:// or https://");
	if (!tsa_curl(&curl, err))
		return false;
	struct tsa *t = calloc(1, sizeof *t);
	if (t == NULL || pthread_mutex_init(&t->mutex, NULL) != 0) {
		free(t);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	t->curl = curl;
	t->url = strdup(place->url);
	t->headers = curl->slist_append(NULL, "Content-Type: application/timestamp-query");
	t->connect_ms = place->connect_ms;
	t->answer_ms = place->answer_ms;
	if (t->url == NULL || t->headers == NULL) {
		tsa_close(t);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	*out = t;
	return true;
}

void
tsa_close(struct tsa *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->n_idle; i++)
		t->curl->easy_cleanup(t->idle[i]);
	pthread_mutex_destroy(&t->mutex);
	t->curl->slist_free_all(t->headers);
	free(t->url);
	free(t);
}

/* ---- connections ---- */

static CURL *
take_connection(struct tsa *t)
{
	CURL *curl = NULL;

	pthread_mutex_lock(&t->mutex);
	if (t->n_idle > 0)
		curl = t->idle[--t->n_idle];
	pthread_mutex_unlock(&t->mutex);
	return curl != NULL ? curl : t->curl->easy_init();
}

static void
give_back(struct tsa *t, CURL *curl)
{
	pthread_mutex_lock(&t->mutex);
	if (t->n_idle < IDLE) {
		t->idle[t->n_idle++] = curl;
		curl = NULL;
	}
	pthread_mutex_unlock(&t->mutex);
	t->curl->easy_cleanup(curl);
}

/* ---- one question ---- */

static size_t
on_bytes(char *bytes, size_t size, size_t n, void *ctx)
{
	struct buf *answer = ctx;

	(void)size; /* always 1 */
	if (n > ANSWER_BYTES - answer->len)
		return 0; /* curl gives up */
	buf_add(answer, bytes, n);
	return answer->bad == ERR_NONE ? n : 0;
}

static bool
set_up(CURL *curl, const struct tsa *t, struct span question, struct buf *answer,
    char error[CURL_ERROR_SIZE])
{
	const struct curl_calls *api = t->curl;

	api->easy_reset(curl); /* keeps the connection */
	return api->easy_setopt(curl, CURLOPT_URL, t->url) == CURLE_OK &&
	    api->easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	    api->easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	    api->easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	    api->easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, t->connect_ms) == CURLE_OK &&
	    api->easy_setopt(curl, CURLOPT_TIMEOUT_MS, t->answer_ms) == CURLE_OK &&
	    api->easy_setopt(curl, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK &&
	    api->easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)question.len) == CURLE_OK &&
	    api->easy_setopt(curl, CURLOPT_POSTFIELDS, question.ptr) == CURLE_OK &&
	    api->easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes) == CURLE_OK &&
	    api->easy_setopt(curl, CURLOPT_WRITEDATA, answer) == CURLE_OK &&
	    api->easy_setopt(curl, CURLOPT_ERRORBUFFER, error) == CURLE_OK;
}

static bool
is_reply(CURL *curl, const struct tsa *t, struct err *err)
{
	long status = 0;
	char *type = NULL;

	t->curl->easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	t->curl->easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	if (status >= 300 && status < 400)
		return err_set(err, ERR_IO,
		    "the time-stamping authority redirects elsewhere (HTTP %ld), which is not "
		    "followed: set tsa_url to where it is",
		    status);
	if (status != 200)
		return err_set(
		    err, ERR_IO, "the time-stamping authority answered HTTP %ld", status);
	return (type != NULL && strncasecmp(type, REPLY_TYPE, strlen(REPLY_TYPE)) == 0) ||
	    err_set(err, ERR_IO,
		"what tsa_url names answers, but not as a time-stamping authority (" REPLY_TYPE
		")");
}

static bool
post(struct buf *answer, CURL *curl, const struct tsa *t, struct span question, struct err *err)
{
	char error[CURL_ERROR_SIZE] = "";

	if (!set_up(curl, t, question, answer, error))
		return err_set(err, ERR_MEMORY, "out of memory");
	const CURLcode code = t->curl->easy_perform(curl);
	t->curl->easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
	if (code == CURLE_WRITE_ERROR)
		return err_set(err, ERR_IO,
		    "the time-stamping authority's answer is longer than %u bytes", ANSWER_BYTES);
	if (code != CURLE_OK)
		return err_set(err, ERR_IO, "the time-stamping authority does not answer: %s",
		    error[0] != '\0' ? error : t->curl->easy_strerror(code));
	return is_reply(curl, t, err);
}

static bool
ask_once(struct buf *token, struct tsa *t, const uint8_t imprint[SHA256_BYTES], struct err *err)
{
	uint8_t nonce[TSA_NONCE_BYTES];
	struct buf question = BUF_EMPTY, answer = BUF_EMPTY;
	CURL *curl = take_connection(t);

	bool ok = (curl != NULL || err_set(err, ERR_MEMORY, "out of memory")) &&
	    random_bytes(nonce, sizeof nonce, err) &&
	    tsa_message_ask(&question, imprint, nonce, err) &&
	    post(&answer, curl, t, buf_span(&question), err) &&
	    tsa_message_read(token, buf_span(&answer), nonce, err);
	if (curl != NULL)
		give_back(t, curl);
	buf_free(&question);
	buf_free(&answer);
	return ok;
}

/* ---- one that does not answer ---- */

static bool
rests(struct tsa *t, struct err *err)
{
	pthread_mutex_lock(&t->mutex);
	const bool resting = monotonic_ms() < t->rests_until_ms;
	if (resting)
		err_set(err, t->last.code, "%s", t->last.text);
	pthread_mutex_unlock(&t->mutex);
	return resting;
}

static void
let_rest(struct tsa *t, const struct err *why)
{
	pthread_mutex_lock(&t->mutex);
	t->rests_until_ms = monotonic_ms() + TSA_REST_MS;
	t->last = *why;
	pthread_mutex_unlock(&t->mutex);
}

/* Asked twice where nothing that is an answer came, the second time after a breath. */
static bool
ask_twice(struct buf *token, struct tsa *t, const uint8_t imprint[SHA256_BYTES], struct err *err)
{
	const struct timespec breath = { .tv_nsec = TSA_BREATH_MS * 1000000 };

	if (ask_once(token, t, imprint, err))
		return true;
	if (err->code != ERR_IO)
		return false;
	nanosleep(&breath, NULL);
	*err = (struct err){ 0 };
	return ask_once(token, t, imprint, err);
}

bool
tsa_ask(struct buf *token, struct tsa *t, const uint8_t imprint[SHA256_BYTES], struct err *err)
{
	struct err why = { 0 };

	if (rests(t, err))
		return false;
	const int64_t began_ms = monotonic_ms();
	if (ask_twice(token, t, imprint, &why))
		return true;
	/* One that answers at once costs no time, and may be well the next moment. */
	if (why.code == ERR_IO && monotonic_ms() - began_ms >= TSA_SLOW_MS)
		let_rest(t, &why);
	return err_set(err, why.code, "%s", why.text);
}
