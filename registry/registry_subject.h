/*
 * Everything the rules look at for one subject at one moment: its chain, what that amounts to, and the
 * facts of the register around it. The store judges with it, an inbox asks with it what is possible.
 */
#ifndef REGISTRY_REGISTRY_SUBJECT_H
#define REGISTRY_REGISTRY_SUBJECT_H

#include "registry/judge.h"
#include "registry/registry.h"
#include "registry/registry_applied.h"
#include "registry/registry_find.h"
#include "registry/registry_licence.h"

/* Points into itself: not to be copied. */
struct registry_subject {
	struct registry_chain chain;
	struct case_state dossier;        /* of a case */
	bool case_waits;                  /* its row is behind; store_save_case() */
	struct registry_licence versions; /* of a number that was issued */
	struct licence_state licence;
	struct registry_instrument instrument; /* of such a number: the newest version */
	struct credential credential;
	struct registry_applied applied; /* of an application that is to be recorded */
	bool has_read;                   /* the application in this act */
	uint64_t read_index;
	struct applied read;
	/* Ready for judge_may(); for judge_act() the facts about the act in hand are still false. What it says
	 * of bundles is borrowed until the next append. */
	struct judge judge;
};

/*
 * Load and fold at now_s. A subject without acts is an empty one.
 * ERR_NOT_FOUND  the policy the bundle names is not among those given to registry_open()
 * The rest as reading goes. Free with registry_subject_free(), also after a failure.
 */
MUST_CHECK bool registry_subject_load(struct registry_subject *out, struct registry *r,
    struct span subject, int64_t now_s, struct err *err);
void registry_subject_free(struct registry_subject *s);

#endif
