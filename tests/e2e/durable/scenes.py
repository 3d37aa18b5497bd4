"""Commands that are played again and again from the same bureau: a certificate is proposed, approved and made, its revocation
is proposed and approved. Whatever goes wrong in the first try, the same command again ends what it began."""
import random

from bureau import Failed
from durable.audit import Auditor
from durable.ledger import Ledger
from durable.lives import AIMS, certificate, granted, order


class Scene:
    """A command, the bureau before it, what it answers, and what is so after it: how many acts, which verdicts."""

    def __init__(self, step, before, answer):
        self.step = step
        self.before = before
        self.answer = answer
        self.result = None

    def __str__(self):
        return f"{self.step.officer} {self.step.verb()}"


def road():
    case = yield from granted(random.Random(0))
    number = yield from certificate(case)
    yield from order("revoke", number)


def walk(bureau):
    """Go the road once; each command that issues or revokes is a scene."""
    found = []
    path = road()
    step = next(path)
    while True:
        before = bureau.copy(bureau.work / f"before-{len(found)}") if step.verb() in AIMS else None
        answer = step.read(bureau.do(step.officer, *step.words))
        if before is not None:
            found.append(Scene(step, before, answer))
        try:
            step = path.send(answer)
        except StopIteration:
            return found


class Stage:
    """A place for the bureau, and one for what is kept about it."""

    def __init__(self, folder, work):
        self.folder = folder
        self.work = work
        for place in (folder, work):
            place.mkdir(parents=True, exist_ok=True)

    def set(self, scene):
        self.bureau = scene.before.copy(self.folder / "bureau")
        self.bureau.work = self.work
        (self.work / "checkpoint").unlink(missing_ok=True)
        self.ledger = Ledger(self.bureau, self.work / "stash")

    def again(self, scene):
        """The same command once more, and what it must say; then recover, audit, and compare with the other plays."""
        done = self.bureau.run(scene.step.officer, *scene.step.words)
        self.ledger.acknowledge(done.stdout)
        answer = scene.step.read(done.stdout)
        if done.returncode != 0 or answer is None:
            self.ledger.complain("other", f"the same command again: {done.stderr}{done.stdout}")
        elif scene.step.verb() == "approve" and answer != scene.answer:
            self.ledger.complain("twice", f"the same command again said {answer}, not {scene.answer}")
        self.settle(scene)

    def settle(self, scene):
        Auditor(self.bureau, self.ledger).whole()
        self.ledger.check_files()
        papers = sorted((self.bureau.folder / "issued").glob("*.pdf"))
        result = self.ledger.n_acts, [answer["verdict"] for answer in self.bureau.verify(*papers)] if papers else []
        scene.result = scene.result or result
        if result != scene.result:
            self.ledger.complain("other", f"acts and verdicts are {result}, elsewhere {scene.result}")

    def rehearse(self, scene):
        """Without trouble: what the others are compared with."""
        self.set(scene)
        self.again(scene)
        if not self.ledger.well():
            raise Failed(f"{scene}: {self.ledger.problems}")
