"""kill -9 at random moments over issue and revoke, four processes at once on one bureau. After each kill what is new is looked
at (ledger.py); after each five hundred, and at the end, the bureau recovers and the whole of it is audited."""
from durable.audit import Auditor
from durable.ledger import Ledger
from durable.lives import Workers

CHANCE = 0.5  # of a process to be killed
AUDIT_EVERY = 500  # kills


def run(bureau, kills, seed, total, tell):
    ledger = Ledger(bureau, bureau.work / "stash")
    workers = Workers(bureau, ledger, seed, CHANCE)
    auditor = Auditor(bureau, ledger)
    while workers.kills < kills and ledger.well():
        goal = min(kills, workers.kills + AUDIT_EVERY)
        workers.run(lambda: workers.kills >= goal)
        auditor.whole()
        tell(f"{workers.kills} kills in {workers.commands} commands: {ledger.n_acts} acts, {len(ledger.made)} certificates")
    halves = ledger.check_files()
    total.add(ledger, "kills")
    total.count("kills", workers.kills)
    tell(f"{halves} half-made files found meanwhile, {auditor.audits} audits")
