/* qualverify update URL|DIR: fetch what a bureau has published since. */
#ifndef VERIFIER_CLI_UPDATE_H
#define VERIFIER_CLI_UPDATE_H

/* The words behind "qualverify"; the exit status (sysexits). */
int cli_update(int argc, char **argv);

#endif
