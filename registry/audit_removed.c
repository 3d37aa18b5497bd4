#include "registry/audit_step.h"

bool
audit_removed(struct audit *a, struct err *err)
{
	const struct trust *trust;
	const bool log = a->published_size > 0, snapshot = a->snapshot != NULL;

	if (a->question->published == NULL || a->log_lost)
		return true;
	if (!registry_trust(&trust, a->fresh, err))
		return false;
	if (a->published_size < a->outside_published)
		return audit_finds(a,
		    "the checkpoint kept outside was published with %llu entries, what is "
		    "published now "
		    "has %llu: older files were put back, or some were removed",
		    (unsigned long long)a->outside_published,
		    (unsigned long long)a->published_size);
	/* The log goes first; the snapshot may have to wait for an auditor. */
	if (snapshot == log || (log && trust_bundle(trust)->audit_quorum > 0))
		return true;
	return audit_finds(a,
	    "%s is published and %s is missing: it was removed, or a publication was cut short",
	    log ? "log/checkpoint" : "v1/snapshot", log ? "v1/snapshot" : "log/checkpoint");
}
