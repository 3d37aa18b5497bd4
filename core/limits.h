/* Every ceiling in one place: its unit is in its name or its reason. */
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

/* clang-format off */
#define LIMIT_BUF_BYTES (64u << 20)       /* no object of ours comes near it; stops runaway growth */
#define LIMIT_QC1_BYTES 700               /* a credential: twice the longest the issuer makes */
#define LIMIT_QR_DIGITS 1705              /* base 10 of LIMIT_QC1_BYTES: 100 groups of 17, tail 5 */
#define LIMIT_QR_TEXT_BYTES 2048          /* URL prefix and digits, with room for a long host */
#define LIMIT_HOST_BYTES 64               /* longest host name printed in a code */
#define LIMIT_CBOR_DEPTH_QC1 4            /* formats: nesting in a credential */
#define LIMIT_CBOR_DEPTH 8                /* formats: nesting in every other object */
#define LIMIT_COSE_SIGNERS 16             /* 3 roots, twice when they change; a status key and its auditors */
#define LIMIT_ACT_BYTES (256u << 10)      /* an application with its persons is about 20 KiB */
#define LIMIT_COSE_FILE_BYTES (600u << 10) /* QC1 and two acts */
#define LIMIT_PDF_BYTES (8u << 20)        /* largest PDF the verifier admits */
#define LIMIT_PDF_CONTENTS_BYTES (16u << 10) /* DER room for the seal, with a public TSA's chain */
#define LIMIT_TIMESTAMP_BYTES (12u << 10)  /* a token of RFC 3161 with its authority's chain; public ones have 2 to 7 KiB */
#define LIMIT_BUNDLE_BYTES (1u << 20)     /* some hundred officers with certificates and powers */
#define LIMIT_SNAPSHOT_BYTES (256u << 10) /* manifest of about 1,000 lists */
#define LIMIT_PART_BYTES (16u << 20)      /* fingerprints and history of one list */
#define LIMIT_TOKEN_BYTES (64u << 10)     /* a status token: at most 32 KiB of slots, deflated */
#define LIMIT_LIST_SLOTS 65536            /* slots of one status list */
#define LIMIT_LIST_BYTES 32768            /* 4 bits a slot, inflated */
#define LIMIT_NOTE_BYTES (16u << 10)      /* a checkpoint with its cosignatures */
#define LIMIT_NOTE_SIGNATURES 32          /* log, old log keys, witnesses; C2SP asks for 16 at least */
#define LIMIT_JSON_BYTES (1u << 20)       /* an application, a policy, a request */
#define LIMIT_JSON_DEPTH 16
#define LIMIT_PAPER_BYTES (192u << 10) /* an application or report: an act must hold it */
#define LIMIT_LIST_ITEMS 500           /* in any list of a paper; rules compare all pairs */
#define LIMIT_DEFECTS 200              /* named at once; nobody reads more */
#define LIMIT_CONF_LINE_BYTES 190         /* inih cuts longer lines silently at 200 */
#define LIMIT_HOLDER_BYTES 240            /* a holder's name: 80 hanzi */
#define LIMIT_SCOPES 16                   /* scopes on one certificate */
#define LIMIT_FIELD_BYTES 1024            /* one printed or stored text field */
#define LIMIT_KEPT_BYTES (1u << 30)       /* of subjects, while many acts are judged in a row: 50,000 licences */
#define LIMIT_FACE_FIELDS 64              /* printed fields of one certificate: a full page has about 30 */
#define LIMIT_PASSPHRASE_BYTES 1024
#define LIMIT_KEY_FILE_BYTES (16u << 10)
#define LIMIT_MEMORY_BYTES (32u << 10)    /* of what a verifier remembers: 64 snapshots */
#define LIMIT_KEYS_IN_BUNDLE 4096
#define LIMIT_ISSUERS 64                  /* a State bureau, its 31 provincial ones, their heirs */
#define LIMIT_POWERS 256                  /* of one issuer: 4 families, 2 grades, a few windows */
#define LIMIT_GRANTS 64                   /* of one officer: 10 roles, a few windows each */
#define LIMIT_ISSUING 64                  /* pairs of roles that issue, with their windows */
#define LIMIT_HOSTS 64                    /* host names ever printed in a code */
#define LIMIT_WITNESSES 16
#define LIMIT_SPKI_BYTES 256              /* P-256 and SM2 keys have 91 */
#define LIMIT_X509_BYTES 8192             /* a TSA's certificate with its policies */
#define LIMIT_LISTS 2048                  /* status lists in one snapshot */
#define LIMIT_ORDERS (1u << 17)           /* extension orders in one snapshot: LIMIT_PART_BYTES is met first */
#define LIMIT_ORDER_BYTES 64              /* the number of an order, as cited in a snapshot */
#define LIMIT_ORDER_SLOTS (1u << 20)      /* certificates one order extends */
#define LIMIT_DRAFT_ACTS 10000            /* of one sitting: a year's certificates of a large bureau */
#define LIMIT_DRAFT_BYTES (48u << 20)     /* 10,000 proposals with their faces, and their answers */
#define LIMIT_ASKED 64                    /* corrections in one notice */
#define LIMIT_TEAM 16                     /* officials, and experts, of one on-site review */
#define LIMIT_SUBJECT_ACTS 4096           /* acts on one case or licence */
#define LIMIT_HEADER_BYTES (12u << 10)    /* of a request, 64 more for each line, and cookies twice: a phone with the longest code and 4 KB of cookies takes 11,900 */
#define LIMIT_EXCHANGE_BYTES (13u << 10)  /* the same with the header of the reply: what a connection takes up, idle or not */
#define LIMIT_REQUEST_JSON_BYTES 4096     /* a number, a check code and what is asked */
#define LIMIT_CONFIRM_VALUES 64           /* of JSON in it, names of members included: nine members */
#define LIMIT_BATCH_INPUTS 100            /* of one request: a tender has sixty bidders */
#define LIMIT_BATCH_BYTES (16u << 20)     /* such a request: a hundred certificates in base 64 are 15 MB */
#define LIMIT_BATCH_VALUES 4096           /* of JSON in it: an input has two dozen */
#define LIMIT_BODY_JSON_DEPTH 4           /* nesting in any request: a batch has three */
#define LIMIT_FORM_FIELD_BYTES 256        /* a text field of the page's form, of 64 characters; a file's name */
#define LIMIT_BATCH 100000               /* files found in folders at once: their paths are held */
#define LIMIT_BIDDERS_BYTES (4u << 20)    /* who is expected in which file: as many, with a path each */
#define LIMIT_FORM_FILES 100              /* of one form: a tender has sixty bidders */
#define LIMIT_UPLOAD_BYTES (64u << 20)    /* such a form: certificates have 60 KiB, photographs 4 MiB */
#define LIMIT_SLOW_WAITING 24             /* slow requests that wait for their turn; more are told to come back */
#define LIMIT_SLOW_WAIT_MS 15000          /* for how long: then they are told so, too */
#define LIMIT_PICTURES_MS 20000           /* reading the pictures of one request: sixty photographs take 15 s, the worst one 7 s */
#define LIMIT_BODIES_BYTES (256u << 20)   /* all request bodies at once: 32 of the largest */
#define LIMIT_CONNECTIONS_LEAST 64        /* where the system allows fewer descriptors */
#define LIMIT_CONNECTIONS 10240           /* open at once, 14 KiB each; more are told to come back */
#define LIMIT_PICTURE_PIXELS 40000000u    /* an A4 page at 600 dpi has 35 million */
#define LIMIT_LOOK_PIXELS 150000000u      /* looked at in all before a picture is given up: an A4 page at 200 dpi is 113, in 2 s */
#define LIMIT_JPEG_SCANS 32               /* passes of a progressive picture; cameras and editors make 10 */
#define LIMIT_SCAN_PAGES 8                /* a certificate has two; each takes up to a second of the helper's ten */
#define LIMIT_CODES 24                    /* in one picture or document: two that differ are no certificate's already */
#define LIMIT_CODES_BYTES (64u << 10)     /* what the helper says: 24 texts of the longest kind are 48 KiB */
#define LIMIT_EVIDENCE_BYTES (256u << 20) /* 10,000 answers take 60 MiB, the largest list 3 MiB */
/* clang-format on */

#endif
