/*
 * A thread that serves connections of its own: a daemon of libmicrohttpd in external mode with epoll, run here. The
 * library's own threads sleep without end after just as many events as they fetch at once (128), until there is one more.
 */
#ifndef VERIFIER_DAEMON_WORKER_H
#define VERIFIER_DAEMON_WORKER_H

#include "core/err.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

struct httpd;
struct MHD_Connection;
struct MHD_Daemon;

struct worker {
	struct httpd *listener;    /* whose it is */
	struct MHD_Daemon *daemon; /* MHD_USE_EPOLL without a thread; NULL: none */
	/* The worker's own. */
	pthread_t thread;
	bool started;
	int wake; /* an eventfd */
	atomic_bool hush, stop;
	sem_t quiet;
	atomic_uint resuming;
};

/* ERR_IO: there is no thread or descriptor; worker_stop() is called in any case. */
MUST_CHECK bool worker_start(struct worker *w, struct err *err);
/* Accept no more connections: when this returns, those that come wait for whoever listens next. */
void worker_hush(struct worker *w);
/* Serve a suspended connection again; from any thread. Afterwards neither may be touched. */
void worker_resume(struct worker *w, struct MHD_Connection *c);
/* End thread and daemon, and with it every connection. The socket it listens on stays open. */
void worker_stop(struct worker *w);

#endif
