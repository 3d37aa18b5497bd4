"""At rest: recover, then the whole audit."""
from bureau import Failed


class Auditor:
    """Keeps the line of each audit outside; the next must extend it."""

    def __init__(self, bureau, ledger):
        self.bureau = bureau
        self.ledger = ledger
        self.line = bureau.work / "checkpoint"
        self.audits = 0

    def whole(self):
        try:
            self.bureau.do(None, "health")  # finishes what is half made
            self.bureau.publish()  # a publication may have been cut short
        except Failed as failed:
            self.ledger.complain("other", str(failed))
        self.ledger.look()
        clean, line = self.bureau.audit(self.line if self.line.exists() else None)
        if not clean:
            self.ledger.complain("other", f"the audit: {line}")
        self.line.write_text(line)
        self.audits += 1
