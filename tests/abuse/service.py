"""The daemon with a certificate that is good, and how a case is followed from its bytes to its answer."""
import os
import subprocess

from served import Broken, Held, Wire


HIDDEN_ANSWERS = b"HTTP/1.1 200"


class Service:
    """Who is asked, and the good requests that must be answered right all the time."""

    def __init__(self, daemon, held):
        self.daemon, self.held = daemon, held
        self.questions = held.questions()
        self.asked = self.failed = 0

    def good(self, wire=None):
        """What is wrong with the good requests, on one connection that is kept."""
        wrong = []
        with Wire(self.daemon.address) as own:
            for question in self.questions:
                self.asked += 1
                try:
                    question.put(wire or own)
                except (Broken, OSError) as broken:
                    self.failed += 1
                    wrong.append(f"a good request failed: {broken}")
                    break
        return wrong


def library_error(wire, status):
    """Its header twice, then its body, then the end."""
    reply = wire.reply()
    rest = wire.rest()
    if reply is None or reply.status != status or not reply.closes() or not reply.by_the_library():
        raise Broken(f"not an error of the library's with {status}: {vars(reply) if reply else 'closed'}")
    if HIDDEN_ANSWERS in rest:
        raise Broken("an answer to the hidden request")


def one_reply(wire, case, status):
    reply = wire.reply(case.method)
    if reply is None:
        raise Broken(f"closed, not {status}")
    if reply.status != status:
        raise Broken(f"{reply.status}, not {status}: {reply.body[:300]}")
    if reply.headers.get("content-type") == "application/problem+json" and case.method != "HEAD":
        problem = reply.json()
        if problem.get("status") != status or not problem.get("title") or not problem.get("detail"):
            raise Broken(f"no problem details of {status}: {reply.body[:300]}")
    return reply


def follow(wire, case, service):
    """Read what the case is answered; Broken says what was not so."""
    reply = None
    ended = False
    wire.send(case.sent)
    for word in case.want:
        if word == "closed":
            rest = wire.rest()
            if rest:
                raise Broken(f"more than wanted: {rest[:80]}")
            ended = True
        elif word.endswith("*"):
            library_error(wire, int(word[:-1]))
            ended = True
        else:
            reply = one_reply(wire, case, int(word))
    if case.check and (wrong := case.check(reply)):
        raise Broken(wrong)
    if reply is not None and reply.closes() and not ended and wire.rest():
        raise Broken("more after a reply that closes")
    if not ended and case.want and not reply.closes() and not case.name.endswith("half"):
        service.questions[0].put(wire)  # both sides agree where the last request ended


def place_traps(public):
    """What a name could lead to, beside the published files."""
    parts = public / "v1/parts"
    (parts / "folder").mkdir()
    (parts / ".hidden").write_text("hidden")
    os.symlink("../../../keys/passphrase", parts / "link")
    os.mkfifo(parts / "pipe")


def held_by_somebody(bureau):
    number = bureau.shell('issue_case "$DIR" "$(take_case "$DIR" star-bridge)"').splitlines()[-1]
    bureau.publish()
    place_traps(bureau.folder / "public")
    held = Held(bureau, number)
    pdf = bureau.folder / "issued" / f"{number}.pdf"
    held.photo = subprocess.run(["pdftoppm", "-png", "-singlefile", "-r", "200", "-gray", pdf], check=True, stdout=subprocess.PIPE).stdout
    return held
