"""An invented bureau and the programs on it: what the end-to-end programs in Python share. The bureau comes from the
functions of templates/examples/demonstration.sh."""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "templates" / "examples"
RELEASED = HERE.parent.parent / "build" / "release" / "bin"

# What a script may rely on: a line of one of these on stdout says that something is recorded.
ACKNOWLEDGED = re.compile(r"^(?:(proposed) (P-\S+) (\S+)|(approved) (\S+)|(issued) (\S+(?: v\d+)?)|(C-\d{4}-\d+))\n", re.M)


class Failed(Exception):
    """A sentence for whoever runs the test."""


def environment(work):
    """Programs neither read nor leave anything outside the folder `work`."""
    kept = {name: value for name, value in os.environ.items() if name not in ("QUALCERT_BUREAU", "NO_COLOR")}
    return kept | {"LC_ALL": "C.UTF-8", "HOME": str(work), "XDG_STATE_HOME": f"{work}/state", "TMPDIR": str(work)}


def run(words, work, **options):
    return subprocess.run(
        [str(word) for word in words],
        env=environment(work), stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", **options)


def today():
    """Of people at +08:00."""
    return time.strftime("%F", time.gmtime(time.time() + 8 * 3600))


class Bureau:
    """A folder, the folder of the programs, and a folder for what they remember."""

    def __init__(self, folder, programs, work):
        self.folder = pathlib.Path(folder)
        self.programs = pathlib.Path(programs)
        self.work = pathlib.Path(work)

    def make(self, policy="small"):
        self.shell(f'make_bureau "{self.folder}" {policy}')
        return self

    def shell(self, script):
        """A script over the functions of demonstration.sh; $DIR is the bureau. What it prints."""
        head = f'set -eu; BIN="{self.programs}"; EXAMPLES="{EXAMPLES}"; DIR="{self.folder}"\n'
        done = run(["sh", "-c", f'{head} . "$EXAMPLES/demonstration.sh"; exec 3>&2; {script}'], self.work)
        if done.returncode != 0:
            raise Failed(f"{script}: {done.stderr}{done.stdout}")
        return done.stdout.strip()

    def copy(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        run(["cp", "-a", self.folder, folder], self.work, check=True)
        return Bureau(folder, self.programs, self.work)

    def command(self, officer, *words):
        """The command line of qualcert; officer None: nobody signs."""
        secret = self.folder / "officers" / "passphrase"
        signer = () if officer is None else ("--as", officer, "--passphrase-file", secret, "--yes")
        return list(map(str, (self.programs / "qualcert", "-C", self.folder, "--lang", "en", *signer, *words)))

    def run(self, officer, *words):
        return run(self.command(officer, *words), self.work)

    def do(self, officer, *words):
        """It must succeed; what it prints."""
        done = self.run(officer, *words)
        if done.returncode != 0:
            raise Failed(f"{' '.join(map(str, words))}: ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done.stdout

    def publish(self):
        self.do(None, "publish", self.folder / "public")

    def audit(self, checkpoint=None):
        """Whether it is clean, and the line to keep or what was found."""
        words = [] if checkpoint is None else ["--checkpoint", checkpoint]
        done = self.run(None, "audit", *words)
        lines = done.stdout.splitlines() or [done.stderr.strip()]
        if done.returncode != 0:
            return False, lines[0]
        at = next(i for i, line in enumerate(lines) if line.startswith("CLEAN"))
        return True, lines[at + 1].strip() + "\n"

    def verify(self, *inputs, public=None):
        """What qualverify says of each input, without memory of earlier answers: its JSON objects."""
        shutil.rmtree(self.work / "state", ignore_errors=True)
        words = [self.programs / "qualverify", "--json", "--root", self.folder / "root.cose"]
        done = run([*words, "--public", public or self.folder / "public", *inputs], self.work)
        answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if len(answers) != len(inputs):
            raise Failed(f"qualverify answered {len(answers)} of {len(inputs)} inputs: {done.stderr}")
        return answers


def program(doc, run):
    """main() of a test: run(programs, work), with an empty folder, gives a sentence for each thing that is wrong."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="?", default=RELEASED, type=pathlib.Path)
    programs = parser.parse_args().programs
    try:
        need(programs)
        with tempfile.TemporaryDirectory(prefix="qualcert-e2e.") as work:
            wrong = run(programs, pathlib.Path(work))
    except Failed as failed:
        wrong = [str(failed)]
    for sentence in wrong:
        print(f"FAILED: {sentence}", file=sys.stderr)
    return 1 if wrong else 0


def need(programs):
    if not (programs / "qualcert").exists():
        raise Failed(f"no released programs in {programs}: run ./check, or cmake --preset release and build it")
