/*
 * bench_microhttpd BODY: a peer. libmicrohttpd in the least of programs: one thread, one reply made at the start, and its
 * body the bytes of the file BODY.
 */
#include "core/file.h"
#include "tests/bench/measure.h"

#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

#define BODY_BYTES (256u << 10)
#define CONNECTIONS 15000
#define CONNECTION_BYTES 4096 /* the library clears them after each request */

static enum MHD_Result
reply(void *ctx, struct MHD_Connection *c, const char *path, const char *method,
    const char *version, const char *bytes, size_t *n, void **request)
{
	(void)path, (void)method, (void)version, (void)bytes;
	if (*request == NULL) {
		*request = ctx;
		return MHD_YES;
	}
	if (*n > 0) {
		*n = 0;
		return MHD_YES;
	}
	return MHD_queue_response(c, MHD_HTTP_OK, ctx);
}

int
main(int argc, char **argv)
{
	struct buf body = BUF_EMPTY;

	if (argc != 2)
		return EXIT_FAILURE;
	MEASURE_MUST(file_read(&body, argv[1], BODY_BYTES, &err));
	struct MHD_Response *r =
	    MHD_create_response_from_buffer(body.len, body.ptr, MHD_RESPMEM_PERSISTENT);
	struct MHD_Daemon *d = r != NULL
	    ? MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, reply, r,
		  MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		  (size_t)CONNECTION_BYTES, MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096, MHD_OPTION_END)
	    : NULL;
	const union MHD_DaemonInfo *info =
	    d != NULL ? MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT) : NULL;
	if (info == NULL)
		return EXIT_FAILURE;
	printf("Open http://127.0.0.1:%d/\n", info->port);
	fflush(stdout);
	for (;;)
		pause();
}
