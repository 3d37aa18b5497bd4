/* qualverify trust add, list, remove: the root sets somebody chose to believe. */
#ifndef VERIFIER_CLI_TRUST_H
#define VERIFIER_CLI_TRUST_H

/* The words behind "qualverify"; the exit status (sysexits). */
int cli_trust(int argc, char **argv);

#endif
