#include "issuer/commands.h"

#define TAKES_ORDER (TAKES_ACT | TAKES(GROUND) | TAKES(DOCUMENT) | TAKES(FROM))
#define WRONG_GROUND                                                                               \
	"With a wrong --ground it lists those that are possible as the licence stands.\n"

/* In the order of the road: a bureau, an application, a certificate, what becomes of it. */
const struct command_row commands[] = {
	{ "init", "--root F --bundle F --policy F --region DIGITS --host HOST [--keys DIR]",
	    "A new bureau, from what the ceremony made", cmd_init,
	    TAKES(ROOT) | TAKES(BUNDLE) | TAKES(POLICY) | TAKES(REGION) | TAKES(HOST) |
		TAKES(KEYS) | TAKES(NAMES) | TAKES(OFFICERS) | TAKES(LOCAL_SIGNING) |
		TAKES(PASSPHRASE_FILE) | TAKES(PASSPHRASE_FD),
	    "Roots, role keys, officers and the first trust bundle come from qualkey. The folder "
	    "is\n"
	    "given with -C and made. --passphrase-file, if given, is remembered: one file for all "
	    "role keys.\n"
	    "\n"
	    "  qualcert -C /srv/bureau init --root root.cose --bundle 1.bundle \\\n"
	    "    --policy policy-standard.json --region 999900 --host v.example --keys "
	    "role-keys\n" },
	{ "adopt", "FILE", "From now on live by this trust bundle", cmd_adopt, 0,
	    "The register records it; officers and keys are judged by it from then on. Until a "
	    "newer\n"
	    "bundle that has come is adopted, nothing is signed.\n" },
	{ "health", "", "Is all well, and what runs out", cmd_health, 0,
	    "Finishes or clears what a crash left half made, too.\n" },
	{ "case template",
	    "[application [--grade A|B] | examination CASE | inspection CASE |"
	    " change NUMBER --ground CODE]",
	    "A blank paper to fill in", cmd_case_template, TAKES(GRADE) | TAKES(GROUND),
	    "  qualcert case template > application.json\n"
	    "  qualcert -C /srv/bureau case template inspection C-2026-0017 > report.json\n" },
	{ "case check", "FILE", "What is wrong with an application", cmd_case_check, 0,
	    "All defects at once; nothing is stored, and no bureau is needed: without one the "
	    "standard\n"
	    "policy is asked. Exit 0 if it could be submitted, 1 if not.\n"
	    "\n"
	    "  qualcert case check application.json\n" },
	{ "case submit", "FILE", "Hand in an application; prints its case number", cmd_case_submit,
	    TAKES_ACT,
	    "With an ERROR among its defects, all of which are named, nothing is stored.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as an case submit application.json\n" },
	{ "case ask", "CASE CORRECTION... --document NO",
	    "Ask for corrections, all in one list (补正)", cmd_case_ask,
	    TAKES_ACT | TAKES(DOCUMENT),
	    "Once in a case, within 5 days of the submission: an application that nobody answers "
	    "by "
	    "then\n"
	    "is accepted. The applicant has 15 days to hand it in corrected; then it is "
	    "abandoned.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as an case ask C-2026-0017 \"章程未在登记机关备案\" \\\n"
	    "    \"租赁合同不足三年\" --document 示例补〔2026〕3号\n" },
	{ "case amend", "CASE FILE", "Hand in the corrected application", cmd_case_amend, TAKES_ACT,
	    "From then on it is the application of the case; the 5 days begin anew.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as an case amend C-2026-0017 application-2.json\n" },
	{ "case accept", "CASE --document NO", "Accept it (受理)", cmd_case_accept,
	    TAKES_ACT | TAKES(DOCUMENT),
	    "  qualcert -C /srv/bureau --as an case accept C-2026-0017 --document "
	    "示例受〔2026〕17号\n" },
	{ "case decline", "CASE --ground CODE --document NO --reason TEXT",
	    "Do not accept it (不予受理)", cmd_case_decline,
	    TAKES_ACT | TAKES(GROUND) | TAKES(DOCUMENT) | TAKES(REASON),
	    "  qualcert -C /srv/bureau --as an case decline C-2026-0017 --ground DCL-01 \\\n"
	    "    --document 示例不受〔2026〕2号 --reason 属于军工保密资质\n" },
	{ "case retract", "CASE --document NO", "The applicant takes it back (撤回申请)",
	    cmd_case_retract, TAKES_ACT | TAKES(DOCUMENT),
	    "Before the decision. --document is the number of his letter.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as an case retract C-2026-0017 --document "
	    "星桥函〔2026〕9号\n" },
	{ "case recuse", "CASE [--person OFFICER] --reason TEXT",
	    "Take no part in the case from now on (回避)", cmd_case_recuse,
	    TAKES_ACT | TAKES(PERSON) | TAKES(REASON),
	    "Everybody for himself; for another with the role sanction. What he examined, or "
	    "inspected\n"
	    "with his team, has to be done again by others.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as shi case recuse C-2026-0017 --reason "
	    "与申请单位有利害关系\n" },
	{ "case examine", "CASE FILE", "Sign the qualification examination (资格审查)",
	    cmd_case_examine, TAKES_ACT,
	    "FILE holds the three findings; it passes if all of them do.\n" },
	{ "case schedule", "CASE --team OFFICER,OFFICER --visit DATE --document NO",
	    "Order the on-site review: who goes, and when", cmd_case_schedule,
	    TAKES_ACT | TAKES(TEAM) | TAKES(VISIT) | TAKES(EXPERTS) | TAKES(DOCUMENT),
	    "Two officials at least, and only they sign the report. The visit is at least 5 days "
	    "away (in\n"
	    "a test bureau not); until the report is signed the time to decide stands still. "
	    "Another order\n"
	    "replaces it while nobody has signed.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as an case schedule C-2026-0017 --team shi,xiang \\\n"
	    "    --visit 2026-12-01 --experts 钟专 --document 示例审〔2026〕17号\n" },
	{ "case inspect", "CASE FILE", "Sign the on-site report (现场审查)", cmd_case_inspect,
	    TAKES_ACT,
	    "Two officials sign the same report, each with his own call. A report that passes "
	    "must\n"
	    "verify every organisation rule of the grade.\n" },
	{ "case decide", "CASE --grant|--refuse --document NO [--reason TEXT]",
	    "Propose the decision; a second officer approves it", cmd_case_decide,
	    TAKES_ACT | TAKES(GRANT) | TAKES(REFUSE) | TAKES(DOCUMENT) | TAKES(REASON),
	    "A grant needs the application verified on site without a defect. Where the policy "
	    "puts\n"
	    "the grant into the issue proposal, only refusals are decided here.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as guan case decide C-2026-0017 --grant --document "
	    "示例决〔2026〕17号\n" },
	{ "case prolong", "CASE --document NO --reason TEXT",
	    "Propose 10 working days more to decide; a second officer approves it",
	    cmd_case_prolong, TAKES_ACT | TAKES(DOCUMENT) | TAKES(REASON),
	    "Once in a case.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as guan case prolong C-2026-0017 \\\n"
	    "    --document 示例延〔2026〕1号 --reason 专家评审未完成\n" },
	{ "case terminate", "CASE --ground CODE --document NO --reason TEXT",
	    "Propose to end the review (终止审查); a second officer approves it",
	    cmd_case_terminate, TAKES_ACT | TAKES(GROUND) | TAKES(DOCUMENT) | TAKES(REASON),
	    "Only a refusal can be decided then. Some grounds keep the applicant from applying "
	    "again for\n"
	    "months.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as guan case terminate C-2026-0017 --ground TER-01 \\\n"
	    "    --document 示例终〔2026〕1号 --reason 社保证明系伪造\n" },
	{ "case deliver", "CASE --document NO", "The certificate was handed out (送达)",
	    cmd_case_deliver, TAKES_ACT | TAKES(DOCUMENT),
	    "--document is the number of the holder's receipt.\n" },
	{ "case file", "CASE --document NO",
	    "A grant of Grade B was filed with the State bureau (备案)", cmd_case_file,
	    TAKES_ACT | TAKES(DOCUMENT), NULL },
	{ "case show", "CASE", "Everything that happened to a case", cmd_case_show, 0, NULL },
	{ "case list", "", "All cases", cmd_case_list, 0, NULL },
	{ "inbox", "", "What you may sign now, and what not and why", cmd_inbox, TAKES_OFFICER,
	    NULL },
	{ "issue", "CASE... | --from N", "Propose certificates; a second officer approves them",
	    cmd_issue, TAKES_ACT | TAKES(FROM) | TAKES(DOCUMENT),
	    "--from N takes the cases of line N of your inbox. --document is the number of the "
	    "decision\n"
	    "where the policy puts that into this proposal. Prints \"proposed ID CASE\" a line "
	    "each.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as yin issue C-2026-0017 C-2026-0018\n" },
	{ "renew", "NUMBER", "Propose the certificate of a renewal that was granted (延续)",
	    cmd_renew, TAKES_ACT | TAKES(DOCUMENT),
	    "The same as \"issue\" of the case whose application renews NUMBER. The new licence "
	    "has a\n"
	    "number of its own and begins when the one before it ends.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as yin renew JC-B-999900-2026-31556-5\n" },
	{ "approve", "ID [--except LINES] [--preview DIR]",
	    "The second signature on all proposals of a sitting", cmd_approve,
	    TAKES_ACT | TAKES(EXCEPT) | TAKES(PREVIEW),
	    "Of an issue it makes the certificates: \"issued NUMBER\" a line each, of a later "
	    "version\n"
	    "\"issued NUMBER v2\"; of anything else it "
	    "prints \"approved ID\". The same call again goes on where the first was cut short.\n"
	    "\n"
	    "Where qualcert.conf has a tsa_url, the seal is time-stamped there. Without a "
	    "time-stamp that\n"
	    "counts no certificate is made: it stays approved, and the same call, or the next "
	    "command that\n"
	    "writes, makes it. With \"tsa_required = no\" it is made without: \"issued NUMBER "
	    "untimestamped\".\n"
	    "\n"
	    "--preview draws the pages that are to be signed, a PDF each in DIR, before it asks. "
	    "With "
	    "--dry-run it\n"
	    "draws them and signs nothing.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as fu approve P-9XQ4-7 --except 3,7-9\n"
	    "  qualcert -C /srv/bureau --as fu approve P-9XQ4-7 --preview pages --dry-run\n" },
	{ "refuse", "ID --reason TEXT", "Refuse to approve", cmd_refuse, TAKES_ACT | TAKES(REASON),
	    NULL },
	{ "cancel", "ID", "Take your own proposals back", cmd_cancel, TAKES_ACT, NULL },
	{ "suspend", "NUMBER... --ground CODE --document NO --from DATE --months N",
	    "Propose to suspend a licence (暂停)", cmd_suspend, TAKES_ORDER | TAKES(MONTHS),
	    "Of several numbers one sitting; asked once, by their count. Its end restores "
	    "nothing.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as chang suspend JC-B-999900-2026-31556-5 --ground SUS-05 "
	    "\\\n"
	    "    --document 示例暂〔2026〕7号 --from 2026-11-16 --months 6\n" },
	{ "lift", "NUMBER... --ground CODE --document NO --from DATE",
	    "Propose to lift a suspension (恢复)", cmd_lift, TAKES_ORDER,
	    "  qualcert -C /srv/bureau --as chang lift JC-B-999900-2026-31556-5 --ground LIF-01 "
	    "\\\n"
	    "    --document 示例恢〔2027〕3号 --from 2027-05-16\n" },
	{ "revoke", "NUMBER... --ground CODE --document NO --from DATE",
	    "Propose to revoke a licence (吊销): a penalty, from its date on", cmd_revoke,
	    TAKES_ORDER, WRONG_GROUND },
	{ "annul", "NUMBER... --ground CODE --document NO --from DATE",
	    "Propose to annul a grant (撤销): void on every date, past ones too", cmd_annul,
	    TAKES_ORDER, WRONG_GROUND },
	{ "withdraw", "NUMBER... --ground CODE --document NO --from DATE",
	    "Propose to withdraw a licence (撤回): law or facts changed", cmd_withdraw, TAKES_ORDER,
	    WRONG_GROUND },
	{ "deregister", "NUMBER... --ground CODE --document NO --from DATE",
	    "Propose to close the record of a licence (注销)", cmd_deregister, TAKES_ORDER,
	    WRONG_GROUND },
	{ "correct", "NUMBER --act N --ground COR-01 --document NO",
	    "Propose that an entry was a mistake (更正): it counts as never effective", cmd_correct,
	    TAKES_ACT | TAKES(GROUND) | TAKES(DOCUMENT) | TAKES(ACT),
	    "N is the act's line in \"qualcert history NUMBER\". Nothing is deleted: what was "
	    "known\n"
	    "until then stays on record.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as chang correct JC-B-999900-2026-31556-5 --act 3 \\\n"
	    "    --ground COR-01 --document 示例更〔2026〕1号\n" },
	{ "set-aside",
	    "NUMBER --act N --leaves active|suspended --ground SET-01 --document NO --from DATE",
	    "Propose to carry out a ruling on a sanction (依裁决撤销)", cmd_set_aside,
	    TAKES_ORDER | TAKES(ACT) | TAKES(LEAVES),
	    "N is the line of the sanction in \"qualcert history NUMBER\", --document the ruling,\n"
	    "--from the day it names, which may be as early as the sanction's own.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as chang set-aside JC-B-999900-2026-31556-5 --act 1 \\\n"
	    "    --leaves active --ground SET-01 --document 示例行复〔2027〕2号 --from "
	    "2026-11-16\n" },
	{ "extend",
	    "--grade A|B --ending D1..D2 --by 6m|--until DATE --ground CODE --document NO --from "
	    "DATE",
	    "Propose an extension order (顺延): all certificates that end between two days",
	    cmd_extend,
	    TAKES_ORDER | TAKES(GRADE) | TAKES(ENDING) | TAKES(BY) | TAKES(UNTIL) |
		TAKES(SUSPENDED),
	    "Writes the list with old and new end dates, extend-DATE.csv, before it asks; with\n"
	    "--dry-run it signs nothing. Days of --ending are last days, as orders have moved "
	    "them.\n"
	    "The second officer may leave lines out: qualcert approve ID --except LINES.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as chang extend --grade A --ending 2026-12-01..2027-05-31 "
	    "\\\n"
	    "    --by 6m --document 示例延〔2026〕3号 --ground EXT-01 --from 2026-11-22 "
	    "--dry-run\n" },
	{ "stop", "--reason TEXT", "Stop the making of certificates, at once and alone", cmd_stop,
	    TAKES_ACT | TAKES(REASON),
	    "For any officer who has cause to fear for a key or a decision. Everything else goes "
	    "on.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as an stop --reason \"the credential key may be "
	    "stolen\"\n" },
	{ "resume", "--reason TEXT",
	    "Propose to make certificates again; a second officer approves", cmd_resume,
	    TAKES_ACT | TAKES(REASON), NULL },
	{ "reissue", "NUMBER --ground CODE --document NO --from DATE [--change FILE]",
	    "Propose the next version of a certificate (换发)", cmd_reissue,
	    TAKES_ORDER | TAKES(CHANGE),
	    "Lost (LOS-01), misprinted (MIS-01), another name, representative, address, fewer "
	    "scopes\n"
	    "(CHG-01 to 04). The number and the validity stay; the version before it is void from "
	    "DATE.\n"
	    "What changes is written into FILE:\n"
	    "\n"
	    "  qualcert -C /srv/bureau case template change JC-B-999900-2026-31556-5 --ground "
	    "CHG-01 "
	    "> new.json\n"
	    "  qualcert -C /srv/bureau --as yin reissue JC-B-999900-2026-31556-5 --ground CHG-01 "
	    "\\\n"
	    "    --document 示例换〔2026〕3号 --from 2026-11-16 --change new.json\n" },
	{ "regrade", "NUMBER --ground CODE --document NO --from DATE",
	    "Propose Grade B in the place of Grade A (降级)", cmd_regrade, TAKES_ORDER,
	    "Grade A ends on DATE, Grade B begins then under a new number, for the rest of the "
	    "time.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as yin regrade JC-A-999900-2026-48213-6 --ground DWN-01 "
	    "\\\n"
	    "    --document 示例降〔2026〕1号 --from 2026-11-16\n" },
	{ "sign", "FILE --key KEY", "Sign what --export wrote, where your key is", cmd_sign,
	    TAKES(KEY) | TAKES(PASSPHRASE_FILE) | TAKES(PASSPHRASE_FD) | TAKES(YES) | TAKES(ROOT) |
		TAKES(PREVIEW),
	    "Decodes the very bytes that will be signed, shows every field, and writes "
	    "FILE.signed.\n"
	    "\n"
	    "  qualcert sign P-9XQ4-7.draft --key fu.pem --root root.cose --preview pages\n" },
	{ "record", "FILE", "Record what was signed elsewhere", cmd_record, 0, NULL },
	{ "outbox", "", "Is each act you signed in the published log", cmd_outbox, TAKES_OFFICER,
	    NULL },
	{ "list", "", "All certificates", cmd_list, 0, NULL },
	{ "show", "NUMBER", "One certificate", cmd_show, 0, NULL },
	{ "history", "NUMBER [--at WHEN] [--known WHEN]",
	    "Its status on a date, as known at a time, and the acts behind it", cmd_history,
	    TAKES(AT) | TAKES(KNOWN),
	    "A date means its last second; a time is 2026-11-20T14:00 at +08:00.\n" },
	{ "publish", "[DIR] [--watch]", "Write what the public reads", cmd_publish, TAKES(WATCH),
	    "Into DIR, or public/ of the bureau. --watch goes on and publishes whatever is "
	    "recorded.\n"
	    "Where the trust bundle asks for witnesses or auditors, a snapshot is published once "
	    "they have\n"
	    "signed: what they are to sign lies in cosign/ of the bureau, as checkpoint and "
	    "candidate, and what\n"
	    "they return is put beside it, as checkpoint.NAME and candidate.NAME. What says less "
	    "good of a\n"
	    "certificate is published at once. The same snapshot waits until it is published; "
	    "remove\n"
	    "cosign/candidate to have another made.\n"
	    "\n"
	    "  qualcert -C /srv/bureau publish --watch\n" },
	{ "audit",
	    "[F.qb] [--checkpoint FILE] [--root FILE] | --proof NUMBER|SHA256 | --sign --key FILE "
	    "COPY [--watch] | PUBLIC --root FILE [--checkpoint FILE]",
	    "Does everything agree; prove it, sign it", cmd_audit,
	    TAKES(CHECKPOINT) | TAKES(ROOT) | TAKES(PROOF) | TAKES(SIGN) | TAKES(KEY) |
		TAKES(PASSPHRASE_FILE) | TAKES(PASSPHRASE_FD) | TAKES(WATCH),
	    "Judges every act again and compares tables, issued and published files, second copy "
	    "and\n"
	    "log with it, and with a checkpoint that was kept elsewhere. Needs no key.\n"
	    "\n"
	    "F.qb is a backup, and no bureau is needed: it is put back in a private folder in "
	    "TMPDIR, or\n"
	    "else /var/tmp, as restore would, audited there, and removed. With --root it must be "
	    "of that\n"
	    "bureau.\n"
	    "\n"
	    "PUBLIC is a copy of what a bureau publishes. Anybody can ask whether its log is "
	    "whole, and\n"
	    "whether it extends a checkpoint kept before: nothing before it was changed or "
	    "removed.\n"
	    "\n"
	    "--proof prints a C2SP tlog-proof: that the approval of this certificate, which is "
	    "in NUMBER.cose,\n"
	    "or the act with this SHA-256, is in the published log, and since when.\n"
	    "\n"
	    "--sign is for the auditor, on a machine of his own. -C is his own folder, with the "
	    "bureau's\n"
	    "root.cose in it; COPY is the bureau's folder as he sees it, or what was copied of "
	    "it:\n"
	    "second/acts.log, policy*.json and cosign/candidate. Every act that is new is judged "
	    "and kept in a\n"
	    "replica, the parts are made again bit for bit, and the cosigned candidate goes into "
	    "cosign/ of COPY,\n"
	    "to be brought back to the bureau. What was signed last is remembered beside the "
	    "key.\n"
	    "\n"
	    "  qualcert -C /srv/bureau audit --checkpoint gazette-2026-10.txt\n"
	    "  qualcert audit /srv/backup/2026-11-22.qb --checkpoint gazette-2026-10.txt\n"
	    "  qualcert audit public --root root.cose --checkpoint gazette-2026-10.txt\n"
	    "  qualcert -C /srv/bureau audit --proof JC-A-999900-2026-48213-6 > 48213.tlog-proof\n"
	    "  qualcert -C /srv/auditor audit --sign --key audit.pem --watch /mnt/bureau\n" },
	{ "backup", "FILE", "One file of everything that cannot be computed again", cmd_backup, 0,
	    "Register, issued files, configuration and policies, but never a key: keys are kept "
	    "apart.\n"
	    "Others may go on recording meanwhile. FILE is read again before it gets its name, "
	    "and takes\n"
	    "no other file's place. Exit 1 if the file of a certificate is missing from it.\n"
	    "\n"
	    "  qualcert -C /srv/bureau backup /mnt/other/bureau-$(date +%F).qb\n" },
	{ "restore", "[FILE] [--second-copy FILE] [--root FILE] | --accept-loss [DIR]",
	    "Put a bureau's folder back from a backup", cmd_restore,
	    TAKES(SECOND_COPY) | TAKES(ROOT) | TAKES(ACCEPT_LOSS) | (TAKES_ACT & ~TAKES(DRY_RUN)),
	    "FILE is checked, every act in it judged again, and the log must get the root it says. "
	    "What a\n"
	    "second copy of the acts holds beyond it is added. What the folder has already stays, "
	    "so the\n"
	    "same call again goes on where one was cut short; without FILE a register is made from "
	    "the\n"
	    "second copy alone, in a folder that still has its papers. --root is the root file as "
	    "you\n"
	    "have it: the backup must be of that bureau.\n"
	    "\n"
	    "  qualcert -C /srv/bureau restore /mnt/other/bureau-2026-11-22.qb \\\n"
	    "    --second-copy /mnt/second/acts.log --root root.cose\n"
	    "\n"
	    "--accept-loss is for acts that no second copy and no auditor has any more: it "
	    "proposes that "
	    "the\n"
	    "register goes on from the snapshot published last, in DIR or public/ of the bureau, "
	    "and a "
	    "second\n"
	    "officer approves. Nothing published is forgotten or becomes milder; the log begins a "
	    "new "
	    "epoch,\n"
	    "which the roots name in the next trust bundle before anything is published again.\n"
	    "\n"
	    "  qualcert -C /srv/bureau --as an restore --accept-loss /srv/www/public\n" },
	{ "template check", "[FILE...]", "Are certificate layouts fit to print", cmd_template_check,
	    0,
	    "Of each page, with the longest and the shortest texts a certificate can have: does "
	    "every "
	    "text fit\n"
	    "its box, can every character be drawn, is the code coarse enough and nothing near it, "
	    "is "
	    "nothing\n"
	    "too near the edge or over another text. Then the pages are drawn and read again by "
	    "pdftotext,\n"
	    "pdftoppm and zbarimg (Debian packages poppler-utils and zbar-tools). A line for each "
	    "finding; exit\n"
	    "1 if there is one. Without files the layouts of the bureau, or else those installed.\n"
	    "\n"
	    "  qualcert template check grade-a.json grade-b.json\n" },
	{ "template preview", "LAYOUT [--out FILE]",
	    "Pages with invented texts, marked as a specimen", cmd_template_preview, TAKES(OUT),
	    "LAYOUT is a file, or the name of one of the bureau's: grade-a. Without --out the file "
	    "is "
	    "called by the\n"
	    "layout's id. There is no code on it and no place for a seal.\n"
	    "\n"
	    "  qualcert template preview grade-a.json --out look.pdf\n" },
	{ "registry rebuild", "", "Compute all tables again from the acts", cmd_registry_rebuild, 0,
	    NULL },
	{ 0 },
};
