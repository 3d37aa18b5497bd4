#include "verifier/fetcher_curl.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

struct fetcher {
	CURL *curl;
	const struct fetcher_place *place;
	struct buf base; /* the address, with one slash at its end */
	char error[CURL_ERROR_SIZE];
};

/* What comes in, under the ceiling of its request. */
struct intake {
	struct buf *body;
	size_t max;
	bool longer;
};

static size_t
on_bytes(char *bytes, size_t size, size_t n, void *ctx)
{
	struct intake *in = ctx;

	(void)size; /* always 1 */
	in->longer = n > in->max - in->body->len;
	if (in->longer)
		return 0; /* curl gives up */
	buf_add(in->body, bytes, n);
	return in->body->bad == ERR_NONE ? n : 0;
}

/* ---- setting up ---- */

/* What stays the same for every file. */
static bool
set_place(CURL *curl, const struct fetcher_place *place, char error[CURL_ERROR_SIZE])
{
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_USERAGENT, "qualverify-fetch") == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)FETCHER_CONNECT_S) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)FETCHER_WHOLE_S) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)FETCHER_SLOW_BYTES_S) ==
	    CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)place->silence_s) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error) == CURLE_OK &&
	    (place->ca_file == NULL ||
		(curl_easy_setopt(curl, CURLOPT_CAINFO, place->ca_file) == CURLE_OK &&
		    curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK));
}

bool
fetcher_open(struct fetcher **out, const struct fetcher_place *place, struct err *err)
{
	struct fetcher *f = calloc(1, sizeof *f);

	*out = NULL;
	/* A proxy for everything is none that somebody chose for https. */
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	if (f == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(f);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	f->place = place;
	f->curl = curl_easy_init();
	buf_add_text(&f->base, place->url);
	if (place->url[strlen(place->url) - 1] != '/')
		buf_add_byte(&f->base, '/');
	if (!buf_ok(&f->base, err) || f->curl == NULL || !set_place(f->curl, place, f->error)) {
		fetcher_close(f);
		return err_set(err, ERR_MEMORY, "libcurl cannot be set up");
	}
	*out = f;
	return true;
}

void
fetcher_close(struct fetcher *f)
{
	if (f == NULL)
		return;
	curl_easy_cleanup(f->curl);
	curl_global_cleanup();
	buf_free(&f->base);
	free(f);
}

/* ---- one file ---- */

static enum fetch_status
status_of_code(CURLcode code, bool longer)
{
	switch (code) {
	case CURLE_WRITE_ERROR:
		return longer ? FETCH_LONGER : FETCH_FAILED;
	case CURLE_FILESIZE_EXCEEDED:
		return FETCH_LONGER;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return FETCH_CERTIFICATE;
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return FETCH_UNREACHABLE;
	case CURLE_OPERATION_TIMEDOUT:
		return FETCH_SLOW;
	default:
		return FETCH_FAILED;
	}
}

static enum fetch_status
status_of_http(long http, bool asked_with_etag)
{
	if (http == 200)
		return FETCH_FOUND;
	if (http == 304)
		return asked_with_etag ? FETCH_UNCHANGED : FETCH_REFUSED;
	if (http == 404 || http == 410)
		return FETCH_ABSENT;
	return http >= 300 && http < 400 ? FETCH_ELSEWHERE : FETCH_REFUSED;
}

static void
take_etag(char out[FETCH_ETAG_BYTES], CURL *curl)
{
	struct curl_header *header = NULL;

	out[0] = '\0';
	if (curl_easy_header(curl, "ETag", 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
	    fetch_etag_fits(span_text(header->value)))
		memcpy(out, header->value, strlen(header->value) + 1);
}

/* Whatever came stands in `body`; what an answer does not announce is dropped. */
static void
judge(struct fetch_answer *out, struct buf *body, struct fetcher *f, CURLcode code, bool longer,
    const struct fetch_request *request)
{
	long http = 0;

	*out = (struct fetch_answer){ .status = status_of_code(code, longer) };
	if (code == CURLE_OK) {
		curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &http);
		out->status = status_of_http(http, request->etag[0] != '\0');
	}
	if (out->status == FETCH_FOUND) {
		take_etag(out->etag, f->curl);
		out->len = body->len;
		return;
	}
	buf_free(body);
	if (out->status == FETCH_REFUSED || out->status == FETCH_ELSEWHERE)
		buf_printf(body, "HTTP %ld", http);
	else if (out->status != FETCH_UNCHANGED && out->status != FETCH_ABSENT)
		buf_add_text(body, f->error[0] != '\0' ? f->error : curl_easy_strerror(code));
	out->len = body->len;
}

static bool
set_request(struct curl_slist **headers, struct fetcher *f, const char *url, struct intake *in,
    const struct fetch_request *request)
{
	struct buf line = BUF_EMPTY;
	bool ok = true;

	*headers = NULL;
	if (request->etag[0] != '\0') {
		buf_printf(&line, "If-None-Match: %s", request->etag);
		*headers = buf_ok(&line, NULL) ? curl_slist_append(NULL, buf_text(&line)) : NULL;
		ok = *headers != NULL;
		buf_free(&line);
	}
	return ok && curl_easy_setopt(f->curl, CURLOPT_URL, url) == CURLE_OK &&
	    curl_easy_setopt(f->curl, CURLOPT_HTTPHEADER, *headers) == CURLE_OK &&
	    curl_easy_setopt(f->curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->max) ==
	    CURLE_OK &&
	    curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, in) == CURLE_OK;
}

bool
fetcher_get(struct fetch_answer *out, struct buf *body, struct fetcher *f,
    const struct fetch_request *request, struct err *err)
{
	struct intake in = { .body = body, .max = request->max };
	struct curl_slist *headers = NULL;
	struct buf url = BUF_EMPTY;

	buf_free(body);
	f->error[0] = '\0';
	buf_printf(&url, "%s%s", buf_text(&f->base), request->path);
	bool ok = buf_ok(&url, err) &&
	    (set_request(&headers, f, buf_text(&url), &in, request) ||
		err_set(err, ERR_MEMORY, "out of memory"));
	if (ok) {
		const CURLcode code = curl_easy_perform(f->curl);
		ok = buf_ok(body, err);
		judge(out, body, f, code, in.longer, request);
		ok = ok && buf_ok(body, err);
	}
	curl_slist_free_all(headers);
	buf_free(&url);
	return ok;
}
