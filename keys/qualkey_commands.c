/* The subcommands of qualkey, with what --help says of each. */
#include "keys/qualkey.h"

/* clang-format off */
const struct command qualkey_commands[] = {
{ "root", "new", qualkey_root_new, "three root keys and root.cose: the first ceremony",
"qualkey root new DIR --iss ISSUER --name NAME --name NAME --name NAME\n"
"\n"
"Makes DIR/NAME.pem for three holders and DIR/root.cose, the root set they sign, with a new random\n"
"bureau id. Any two of the three make a trust bundle count. Do it on a machine without a network; take\n"
"each key away on a medium of its own. Prints the fingerprint that people type to trust the bureau.\n"
"\n"
"  --iss ISSUER            short id of the bureau, 2 to 16 bytes\n"
"  --name NAME             of a holder; three times\n"
"  --passphrase-file FILE  first line; given three times, one for each key in turn\n"
"  --passphrase-fd N       one line for each key\n"
"  --light                 cheap passphrase hashing: demonstrations and tests only\n"
"\n"
"  qualkey root new ceremony --iss TEST --name 甲柜 --name 乙柜 --name 丙柜\n" },
{ "role", "new", qualkey_role_new, "a key of the bureau's own: credential, seal, status, ...",
"qualkey role new DIR --use USE [--name NAME]\n"
"qualkey role new DIR --use seal --bureau NAME [--organisation-id ID] [--from DAY] [--until DAY]\n"
"\n"
"Makes DIR/USE.pem and its public half DIR/USE.pub (PEM), for the description of a trust bundle. For the\n"
"seal, DIR/seal.pub is a certificate under a reader CA that other people's PDF readers know as DIR/ca.pem;\n"
"both are made with the first seal (its key is DIR/reader-ca.pem).\n"
"\n"
"  --use USE               credential, seal, status, audit, log or service\n"
"  --name NAME             of the files, instead of USE: credential-2027\n"
"  --bureau NAME           the bureau's name in the certificates\n"
"  --organisation-id ID    organizationIdentifier in the certificates\n"
"  --from DAY, --until DAY of the certificate; today, and four years later\n"
"  --passphrase-file FILE, --passphrase-fd N\n"
"  --light                 cheap passphrase hashing: demonstrations and tests only\n"
"\n"
"  qualkey role new keys --use credential\n"
"  qualkey role new keys --use seal --bureau 示范资质管理局 --organisation-id NTRCN-99990000\n" },
{ "officer", "new", qualkey_officer_new, "an officer's key and request to be listed",
"qualkey officer new DIR --name NAME --roles ROLE[,ROLE...]\n"
"\n"
"For the officer, on the officer's own machine. Makes DIR/NAME.pem, which never leaves it, and\n"
"DIR/NAME.enrol, a signed request for those who write the trust bundle; they decide which roles to grant.\n"
"\n"
"  --name NAME             as the bureau calls the officer: an\n"
"  --roles ROLES           accept, examine, inspect, decide, approve, issue, countersign, sanction,\n"
"                          publish, admin\n"
"  --passphrase-file FILE, --passphrase-fd N\n"
"  --light                 cheap passphrase hashing: demonstrations and tests only\n"
"\n"
"  qualkey officer new officers --name an --roles accept\n" },
{ "bundle", "draft", qualkey_bundle_draft, "the next trust bundle from its description",
"qualkey bundle draft FILE.json [--previous BUNDLE] -o DRAFT\n"
"\n"
"Reads a description, makes the unsigned bundle and prints what it changes. Paths in the description are\n"
"relative to it; days are at +08:00, an \"until\" holds its last second; \"iat\", \"reader_ca\", \"name_en\",\n"
"\"state\" with \"since\" (retired, compromised) may be left out. Keys and hosts once listed stay listed.\n"
"\n"
"  --previous BUNDLE       the bundle in force; without it this is number 1\n"
"  -o DRAFT                where the unsigned bundle goes\n"
"\n"
"  { \"root\": \"ceremony/root.cose\", \"exp\": \"2027-11-30\", \"test\": true,\n"
"    \"issuers\": [ { \"iss\": \"TEST\", \"name_zh\": \"示范资质管理局\", \"level\": \"national\",\n"
"        \"contact\": \"0000-000000\", \"powers\": [ { \"family\": \"JC\", \"grade\": \"A\",\n"
"            \"what\": \"issue\", \"from\": \"2026-01-01\", \"until\": \"2031-12-31\" } ] } ],\n"
"    \"keys\": [ { \"use\": \"credential\", \"file\": \"keys/credential.pub\",\n"
"        \"from\": \"2026-11-20\", \"until\": \"2030-12-31\" } ],\n"
"    \"officers\": [ { \"enrolment\": \"officers/an.enrol\", \"roles\": [ \"accept\" ],\n"
"        \"from\": \"2026-11-20\", \"until\": \"2028-12-31\" } ],\n"
"    \"status_base\": \"https://v.example/v1/status/\", \"hosts\": [ \"v.example\" ],\n"
"    \"log\": { \"origin\": \"v.example/log\", \"key\": \"keys/log.pub\" },\n"
"    \"policy\": \"policy.json\", \"ages\": { \"snapshot_hours\": 168, \"token_hours\": 24 },\n"
"    \"audit_quorum\": 0, \"reader_ca\": \"keys/ca.pem\",\n"
"    \"issuing\": [ { \"propose\": \"issue\", \"approve\": \"countersign\",\n"
"        \"from\": \"2026-11-20\", \"until\": \"2036-12-31\" } ] }\n"
"\n"
"A time-stamping authority is listed by its certificate in PEM, as it publishes it; nobody proves to have its\n"
"key. It must be for time-stamping alone (extended key usage, critical). A new one is listed before it counts,\n"
"so that verifiers know it by then:\n"
"\n"
"    { \"use\": \"tsa\", \"file\": \"tsa.pem\", \"from\": \"2026-12-01\", \"until\": \"2031-11-30\" }\n"
"\n"
"  qualkey bundle draft bundle.json --previous trust-bundle -o draft\n" },
{ "bundle", "sign", qualkey_bundle_sign, "a root holder's signature under a draft",
"qualkey bundle sign DRAFT --key ROOTKEY [--key ROOTKEY...] -o FILE\n"
"\n"
"Prints what the bundle says and signs it. DRAFT is an unsigned bundle or one that others have signed\n"
"already. Two root holders are enough; each may sign alone, and 'bundle assemble' puts them together.\n"
"\n"
"  --key ROOTKEY           a root's key file\n"
"  -o FILE                 where the signed bundle goes\n"
"  --passphrase-file FILE, --passphrase-fd N   for each key in turn\n"
"\n"
"  qualkey bundle sign draft --key ceremony/甲柜.pem -o draft.jia\n" },
{ "bundle", "assemble", qualkey_bundle_assemble, "signatures made apart, put together",
"qualkey bundle assemble FILE... -o BUNDLE\n"
"\n"
"Puts the signatures of several files over the same bundle into one, each key once.\n"
"\n"
"  -o BUNDLE               where the bundle goes\n"
"\n"
"  qualkey bundle assemble draft.jia draft.yi -o trust-bundle\n" },
{ "bundle", "check", qualkey_bundle_check, "would a verifier accept this bundle?",
"qualkey bundle check BUNDLE --root ROOT [--held BUNDLE]... [--at TIME]\n"
"\n"
"Judges a bundle as verifiers do. Exit status 1 if they would not accept it.\n"
"\n"
"  --root ROOT             root.cose\n"
"  --held BUNDLE           a bundle the verifier holds already; several, oldest first\n"
"  --at TIME               instead of now: 2026-11-20 or 2026-11-20T16:00:00+08:00\n"
"\n"
"  qualkey bundle check trust-bundle --root root.cose\n" },
{ "bundle", "show", qualkey_bundle_show, "what a bundle says, in words",
"qualkey bundle show BUNDLE\n"
"\n"
"Prints a draft or a signed bundle in words, one thing a line. Checks no signature.\n"
"\n"
"  qualkey bundle show trust-bundle\n" },
{ "officers", NULL, qualkey_officers, "can a case still be granted, and who is missing?",
"qualkey officers --bundle BUNDLE --policy POLICY.json [--at TIME] [ENROLMENT...]\n"
"\n"
"Says who may do what, whether one case can go the whole road with different persons where the policy and\n"
"the fixed rules ask for them, whose absence would stop it, and who is missing if it cannot. Enrolment\n"
"files give the persons their names. Exit status 1 if somebody is missing.\n"
"\n"
"  --bundle BUNDLE         a draft or a signed bundle\n"
"  --policy POLICY.json    the policy the bundle names\n"
"  --at TIME               instead of now\n"
"\n"
"  qualkey officers --bundle trust-bundle --policy policy.json officers/*.enrol\n" },
{ "show", NULL, qualkey_show, "what a key, root, enrolment or bundle file is",
"qualkey show FILE...\n"
"\n"
"Says what each file is and which key it holds. Opens no private key.\n"
"\n"
"  qualkey show keys/seal.pub root.cose\n" },
{ NULL, NULL, NULL, NULL, NULL },
};
/* clang-format on */
