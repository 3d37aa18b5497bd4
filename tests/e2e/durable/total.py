"""What all parts have shown, and whether anything was lost."""
import threading

SENTENCES = {
    "lost": "acknowledged acts lost",
    "twice": "numbers twice",
    "stray": "files without an act",
    "other": "other trouble",
}


class Total:
    def __init__(self):
        self.lock = threading.Lock()
        self.counts = {}
        self.problems = {kind: [] for kind in SENTENCES}

    def count(self, what, n):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + n

    def add(self, ledger, where):
        """A ledger, at its end."""
        self.count("acknowledged", ledger.count())
        with self.lock:
            for kind, sentences in ledger.problems.items():
                self.problems[kind] += [f"{where}: {sentence}" for sentence in sentences]

    def fail(self, sentence):
        with self.lock:
            self.problems["other"].append(sentence)

    def well(self):
        return not any(self.problems.values())

    def lines(self):
        for kind, sentences in self.problems.items():
            yield from (f"{SENTENCES[kind]}: {sentence}" for sentence in sentences[:5])
        yield ", ".join(f"{what} {n:,}" for what, n in self.counts.items())
        yield ", ".join(f"{SENTENCES[kind]} {len(sentences)}" for kind, sentences in self.problems.items())
