/*
 * One writer at a time, and who it is: an flock on registry.lock beside the register, which holds the
 * writer's process id and command, so that whoever waits in vain is told whom to ask. The lock goes with
 * the process, however it ends.
 */
#ifndef REGISTRY_WRITER_LOCK_H
#define REGISTRY_WRITER_LOCK_H

#include "core/err.h"

/*
 *   fd        the lock, for writer_unlock(); -1 on failure
 *   register  path of registry.db
 *   command   what this process does, one line
 *
 * Waits up to wait_ms. ERR_BUSY names the one who has it.
 */
MUST_CHECK bool writer_lock(
    int *fd, const char *register_path, const char *command, int wait_ms, struct err *err);
void writer_unlock(int fd);

#endif
