#include "keys/trust.h"
#include "registry/judge.h"

bool
judge_signer(const struct bundle_key **out, const struct trust *trust, const struct act *act,
    struct err *err)
{
	static const enum key_use uses[] = { KEY_USE_OFFICER, KEY_USE_SERVICE };
	bool listed = false;

	for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
		enum trust_answer answer = trust_verify_act(out, trust, uses[i], act);
		if (answer == TRUST_YES)
			return true;
		if (answer != TRUST_UNKNOWN_KEY)
			listed = true;
	}
	*out = NULL;
	if (listed)
		return err_set(err, ERR_REFUSED,
		    "ACT-01: the signature does not hold: the act was altered, or made for another "
		    "bureau");
	return err_set(err, ERR_REFUSED,
	    "ACT-02: it is signed by a key that the trust bundle lists for nobody");
}
