/*
 * The parts of a snapshot as of the register's present size; registry/snapshot_build.h says what they
 * are. Between registry_view_begin() and registry_view_end(), so that all are of one size.
 *
 * What rests on a stolen key is left out (registry/theft.h): a certificate, which then shows STATUS_UNKNOWN as
 * if it were not in the register, an entry that betters a status, an order that moves an end forward. What
 * says less good of a certificate stays, whoever signed it.
 */
#ifndef REGISTRY_REGISTRY_PARTS_H
#define REGISTRY_REGISTRY_PARTS_H

#include "registry/registry.h"
#include "registry/snapshot_build.h"

/* How many status lists there are: they are numbered from 0. */
MUST_CHECK bool registry_lists(size_t *out, struct registry *r, struct err *err);

/* at_s is the snapshot's iat: the auditor makes the parts again with it. A reserved slot is shown only while
 * its proposal has not lapsed then. */
MUST_CHECK bool registry_list_parts(
    struct snapshot_parts *out, struct registry *r, uint16_t list, int64_t at_s, struct err *err);

/* The extension orders, appended: one for each paper and new end, with the slots of every version it reaches. */
MUST_CHECK bool registry_orders_part(struct buf *out, struct registry *r, struct err *err);

#endif
