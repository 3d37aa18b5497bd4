/*
 * What systemd and a service say to each other, without its library: sockets it opened (sd_listen_fds(3)) and news of
 * the service's state (sd_notify(3)). Elsewhere all of this is nothing.
 */
#ifndef VERIFIER_DAEMON_SYSTEMD_H
#define VERIFIER_DAEMON_SYSTEMD_H

#include "core/err.h"

/*
 * The socket handed over under this name (FileDescriptorName= in its unit); -1: none was. It is made to close in
 * helpers. All that were handed over are looked at.
 *
 * ERR_USAGE  one of them has a name that is neither `site` nor `admin`, or two have one name, or it does not listen
 */
MUST_CHECK bool systemd_socket(int *fd, const char *name, struct err *err);

/* "READY=1", "STOPPING=1"; what nobody listens to is lost. */
void systemd_tell(const char *state);
/* A reload begins; READY=1 ends it. */
void systemd_tell_reloading(void);

#endif
