/*
 * The published files as they lie on disk, under the addresses they have there (formats: the URL space is
 * the folder): media types, validators and how long a cache may keep them.
 */
#ifndef VERIFIER_DAEMON_FILES_H
#define VERIFIER_DAEMON_FILES_H

#include "verifier/daemon/route.h"

route_fn files_bundle, files_numbered_bundle, files_snapshot, files_status, files_part,
    files_checkpoint, files_tile;

#endif
