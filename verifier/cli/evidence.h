/* qualverify evidence: an evidence file judged again, years later and without what it came from. */
#ifndef VERIFIER_CLI_EVIDENCE_H
#define VERIFIER_CLI_EVIDENCE_H

/*
 * The words behind "qualverify". 0: the recorded answers come out again, whatever they were; 1: any other one does, or
 * a file is none of those checked; 2: of any only the file itself could show it; 64 and above: it cannot be used.
 */
int cli_evidence(int argc, char **argv);

#endif
