#include "verifier/daemon/worker.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LONGEST_SLEEP_MS 250

static void
wake(struct worker *w)
{
	(void)eventfd_write(w->wake, 1);
}

/* Until something came, somebody woke us, or the library has something to do. */
static void
wait_for_work(const struct worker *w, int epoll_fd)
{
	struct pollfd p[2] = { { .fd = epoll_fd, .events = POLLIN },
		{ .fd = w->wake, .events = POLLIN } };
	MHD_UNSIGNED_LONG_LONG ms = LONGEST_SLEEP_MS;
	eventfd_t n;

	if (MHD_get_timeout(w->daemon, &ms) != MHD_YES || ms > LONGEST_SLEEP_MS)
		ms = LONGEST_SLEEP_MS;
	if (poll(p, 2, (int)ms) > 0 && p[1].revents != 0)
		(void)eventfd_read(w->wake, &n);
}

static void *
work(void *ctx)
{
	struct worker *w = ctx;
	const int epoll_fd = MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	bool quiet = false;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	while (!atomic_load(&w->stop)) {
		wait_for_work(w, epoll_fd);
		if (!quiet && atomic_load(&w->hush)) {
			MHD_quiesce_daemon(w->daemon);
			quiet = true;
			sem_post(&w->quiet);
		}
		if (MHD_run(w->daemon) != MHD_YES)
			usleep(LONGEST_SLEEP_MS * 1000);
	}
	return NULL;
}

bool
worker_start(struct worker *w, struct err *err)
{
	sem_init(&w->quiet, 0, 0);
	w->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->wake < 0)
		return err_errno(err, "a thread");
	errno = pthread_create(&w->thread, NULL, work, w);
	w->started = errno == 0;
	if (!w->started) {
		close(w->wake);
		return err_errno(err, "a thread");
	}
	return true;
}

void
worker_hush(struct worker *w)
{
	if (!w->started)
		return;
	atomic_store(&w->hush, true);
	wake(w);
	while (sem_wait(&w->quiet) != 0)
		continue;
}

void
worker_resume(struct worker *w, struct MHD_Connection *c)
{
	atomic_fetch_add(&w->resuming, 1);
	MHD_resume_connection(c); /* in external mode it wakes nobody */
	wake(w);
	atomic_fetch_sub(&w->resuming, 1);
}

void
worker_stop(struct worker *w)
{
	while (atomic_load(&w->resuming) > 0)
		usleep(1000);
	if (w->started) {
		atomic_store(&w->stop, true);
		wake(w);
		pthread_join(w->thread, NULL);
		sem_destroy(&w->quiet);
		close(w->wake);
	}
	w->started = false;
	if (w->daemon == NULL)
		return;
	MHD_quiesce_daemon(w->daemon); /* else it would close the socket it listens on */
	MHD_stop_daemon(w->daemon);
	w->daemon = NULL;
}
