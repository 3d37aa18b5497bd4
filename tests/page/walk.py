#!/usr/bin/python3
"""The bureau's page as people walk it, in Debian's Chromium: walk.py BIN BUREAU NUMBER PICTURES

BIN is the folder of the programs; BUREAU a demonstration bureau with its specimens, where NUMBER is in force. In both
languages, at the size of a phone and of a desk: each way to hand something in, each verdict, and what goes wrong. Every
screen must say what it should (the first words of the verdict, the holder where that is proven and nowhere else), break
none of the promises in looks.js, also at 320 px, and leave no complaint in the console. Pictures stay in PICTURES.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import numpy
from PIL import Image

import pictures
from browser import Browser, Driver, Failed, wait_for

HERE = pathlib.Path(__file__).parent
LOOKS = (HERE / "looks.js").read_text(encoding="utf-8")
SIZES = {"phone": (360, 780), "desk": (1280, 900)}
NARROW, LARGE_TEXT = 320, "200%"  # WCAG 1.4.10 and 1.4.4
HOLDER, OTHER = "示例星桥信息技术有限公司", "示例云帆科技有限公司"
USCC, OTHER_USCC = "91999901MADEM00110", "91999902MADEM002X6"
REFUSED = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_SOCKET_NOT_CONNECTED")
CHECK = "form[enctype] > button:not(.second)"

WORDS = {
    "zh": {"valid": "测试 核验通过", "rejected": "测试 核验不通过", "undetermined": "测试 无法判定", "problem": "没有完成"},
    "en": {"valid": "TEST VALID", "rejected": "TEST NOT VALID", "undetermined": "TEST CANNOT TELL", "problem": "Not done"},
}

# file, verdict, what its sentence says in Chinese and in English, the holder that is proven
FILES = [
    ("valid.pdf", "valid", "证书真实", "Genuine, and in force", HOLDER),
    ("suspended.pdf", "rejected", "起暂停", "Genuine, but suspended since", OTHER),
    ("revoked.pdf", "rejected", "已吊销", "Genuine, but revoked since", OTHER),
    ("altered.pdf", "rejected", "文件在发证机关签章后被改动", "This file was changed", None),
    ("unregistered.pdf", "rejected", "登记簿中没有", "not in its registry", None),
    ("another-bureau.pdf", "rejected", "签章所用的证书不是发证机关公布的", "Sealed with a certificate", None),
    ("photo.jpg", "valid", "请与纸面逐项核对", "Now compare it with the paper", HOLDER),
    ("photo.png", "valid", "请与纸面逐项核对", "Now compare it with the paper", HOLDER),
    ("blank.png", "undetermined", "没有读到二维码", "No code could be read", None),
]


def moved(clock):
    """The environment of a process whose clock is elsewhere. The faketime program itself would stay between."""
    library = subprocess.run(["faketime", "-f", "+0", "printenv", "LD_PRELOAD"], check=True, capture_output=True, text=True).stdout
    return {"LD_PRELOAD": library.strip(), "FAKETIME": clock}


class Daemon:
    """qualverifyd on a port of its own, or again on the one it had; its clock may be moved."""

    def __init__(self, binaries, home, *arguments, clock=None):
        self.home = home
        self.binaries = binaries
        self.arguments = arguments
        self.clock = moved(clock) if clock else {}
        self.port = "0"
        self.start()

    def start(self):
        told = self.home / "told"
        with told.open("w", encoding="utf-8") as out, (self.home / "log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [self.binaries / "qualverifyd", *self.arguments, "--listen", f"127.0.0.1:{self.port}", "--admin", "127.0.0.1:0"],
                stdout=out, stderr=log, env={**os.environ, **self.clock, "XDG_STATE_HOME": str(self.home)})
        wait_for("qualverifyd", lambda: "readyz" in told.read_text(encoding="utf-8") or self.process.poll() is not None)
        found = re.search(r"Open (http://127\.0\.0\.1:(\d+))/ ", told.read_text(encoding="utf-8"))
        if not found:
            raise Failed(f"qualverifyd did not start: {(self.home / 'log').read_text(encoding='utf-8')}")
        self.site, self.port = found.groups()

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)


class Walk:
    """One browser at one size: what is asked of every screen."""

    def __init__(self, browser, language, size, folder):
        self.browser, self.language, self.folder = browser, language, folder
        self.name = f"{language}-{size}"
        self.phone = size == "phone"
        self.width, self.height = SIZES[size]
        browser.size(self.width, self.height, self.phone)

    def must(self, condition, sentence):
        if not condition:
            raise Failed(f"{self.name}: {sentence}")

    def picked(self, chinese, english):
        return chinese if self.language == "zh" else english

    def screen(self, name, expected=()):
        """Nothing is broken on it, and its picture is kept."""
        self.browser.picture(self.folder / f"{name}-{self.name}.png")
        for width in (self.width, NARROW) if self.phone else (self.width,):
            self.browser.size(width, self.height, self.phone)
            for sentence in self.browser.run(LOOKS):
                raise Failed(f"{self.name}: {name} at {width} px: {sentence}")
        if self.phone:
            self.browser.run("document.documentElement.style.fontSize = arguments[0]", LARGE_TEXT)
            for sentence in self.browser.run(LOOKS):
                raise Failed(f"{self.name}: {name} at {NARROW} px in text of {LARGE_TEXT}: {sentence}")
            self.browser.picture(self.folder / f"{name}-{self.name}-large.png")
            self.browser.run("document.documentElement.style.fontSize = ''")
        self.browser.size(self.width, self.height, self.phone)
        complaints = self.browser.complaints(expected)
        self.must(not complaints, f"{name}: the console says {complaints}")

    def says(self, name, verdict, sentence, holder=None, within=""):
        """The answer's first words, its sentence, and whose it is."""
        word = self.browser.text(f"{within} .verdict .word")
        self.must(word == WORDS[self.language][verdict], f"{name}: says {word}")
        truth = self.browser.text(f"{within} .verdict .truth")
        self.must(sentence in truth, f"{name}: says {truth}")
        text = self.browser.text(f"{within or 'main'}")
        for known in (HOLDER, OTHER):
            proven = known in text and not self.browser.has(f"{within} .unproven")
            self.must(proven == (known == holder), f"{name}: {known} {'is' if proven else 'is not'} named as proven")

    def on_paper(self, name, *texts, sheets=1):
        """As many sheets of A4, that say so."""
        path = self.folder / f"{name}-{self.name}.pdf"
        self.browser.print(path)
        facts = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout
        self.must(re.search(rf"Pages: +{sheets}\n", facts) and "(A4)" in facts, f"{name} in print: {facts}")
        printed = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout
        for text in texts:
            self.must(text.replace(" ", "") in re.sub(r"\s", "", printed), f"{name} in print does not say {text}: {printed}")

    def home(self, site):
        self.browser.open(f"{site}/?lang={self.language}")

    def ask(self, site, files):
        self.home(site)
        self.browser.choose("#file", files)
        self.browser.click(CHECK)
        self.browser.wait("#result .verdict")

    def told(self, name, sentence):
        """In place of an answer."""
        self.browser.wait("#say.bad")
        text = self.browser.text("#say")
        self.must(sentence in text, f"{name}: says {text}")

    def blamed(self, field):
        """The keyboard is at the field that the message is about, whose description it is."""
        at = self.browser.run("const e = document.activeElement; return [e.name, e.getAttribute('aria-invalid'), e.getAttribute('aria-describedby')]")
        self.must(at == [field, "true", "say"], f"{field} is to blame, and the keyboard is at {at}")

    def tools(self):
        return self.browser.run("return [...document.querySelectorAll('.tools')].flatMap((t) => "
                                "[...t.querySelectorAll('button, a, small')].map((e) => e.textContent.trim()))")


def bid(n, suffix):
    """What offices call their files."""
    return f"第{n:02}号投标人-某某信息技术股份有限公司-资质证书扫描件（盖章）{suffix}"


# ---- what is handed in ----


def make_inputs(bureau, folder):
    """The specimens, and what has to be made for this walk."""
    random = numpy.random.default_rng(20261126)
    for path in (bureau / "specimens").glob("*.p*"):
        shutil.copy(path, folder)
    page = Image.open(folder / "photo.png")
    pictures.photographed(page, random).save(folder / "photo.jpg", quality=70)
    pictures.film(page, random, folder / "film.mjpeg")
    Image.new("RGB", (1200, 1600), pictures.TABLE).save(folder / "blank.png")
    page.convert("RGB").save(folder / "scan.pdf", resolution=72 * page.width / 595)
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "damaged.png").write_bytes((folder / "photo.png").read_bytes()[:90000])
    (folder / "large.pdf").write_bytes(b"%PDF-1.7\n" + bytes(9 << 20))
    bids = folder / "bids"
    bids.mkdir()
    others = {3: "blank.png", 7: "damaged.png", 12: "altered.pdf", 31: "suspended.pdf", 44: "photo.jpg", 52: "older-snapshot.pdf"}
    for n in range(1, 61):
        source = folder / others.get(n, "valid.pdf")
        shutil.copy(source, bids / bid(n, source.suffix))
    return sorted(bids.iterdir())


def check_code(bureau, number):
    leak = HERE.parent / "e2e" / "leak.py"
    return subprocess.run(["/usr/bin/python3", "-B", leak, "--check-code", bureau / "issued" / f"{number}.cose"],
                          check=True, capture_output=True, text=True).stdout.strip()


# ---- the ways ----


def each_file(w, site, inputs):
    for file, verdict, chinese, english, holder in FILES:
        w.ask(site, [inputs / file])
        name = file.replace(".", "-")
        w.says(file, verdict, w.picked(chinese, english), holder)
        w.must(file in w.browser.text("h1.what"), f"{file}: does not say of which file")
        w.must(w.browser.has("#result .tools .offline"), f"{file}: does not say what evidence is good for")
        w.must(w.browser.has("#result table.facts thead") == (file in ("photo.jpg", "photo.png")), f"{file}: what to compare")
        w.must(w.browser.text(".asked") == "", f"{file}: the usual question is told")
        w.on_paper(name, *WORDS[w.language][verdict].split(" ", 1), holder or file, "https://v.example/",
                   w.picked("所问：用于承接新项目", "asked: for new contracts"))
        w.screen(name)
        if holder and not w.phone:
            # the longest holder and scopes there may be: LIMIT_HOLDER_BYTES, LIMIT_SCOPES
            w.browser.run("const cells = document.querySelectorAll('#result .facts tbody td:not(.tick)');"
                          "cells[0].textContent = '长'.repeat(80); cells[3].textContent = (cells[3].textContent + '；').repeat(8);")
            w.on_paper(f"{name}-long", "长" * 80)


def the_form(w, site):
    w.home(site)
    w.browser.click("form summary")
    w.screen("form")


def scanned(w, site, inputs):
    """What an office scanner makes of the paper: a PDF that nobody sealed."""
    w.home(site)
    w.browser.choose("#file", [inputs / "scan.pdf"])
    w.browser.click("input[name=scan]")
    w.browser.click(CHECK)
    w.browser.wait("#result .verdict")
    w.says("a scan", "valid", w.picked("请与纸面逐项核对", "Now compare it with the paper"), HOLDER)


def one_after_another(w, site, inputs, number, code):
    """A photograph in which nothing can be read, then its number typed: the photograph is done with."""
    w.ask(site, [inputs / "blank.png"])
    w.says("a blank photograph", "undetermined", w.picked("没有读到二维码", "No code could be read"))
    w.browser.click("#result .tools button:last-of-type")
    w.browser.wait("form:not([hidden])")
    w.must(w.browser.text("#chosen") == "", "the file of before is still chosen")
    w.browser.type("input[name=number]", number)
    w.browser.type("input[name=check_code]", code)
    w.browser.click(CHECK)
    w.browser.wait("#result .verdict")
    w.must(number in w.browser.text("h1.what"), "not the number was checked")
    w.home(site)
    w.browser.choose("#file", [inputs / "valid.pdf"])
    w.browser.type("input[name=number]", number)
    w.browser.click(CHECK)
    w.told("a file and a number", w.picked("文件和编号只能核验一种", "check one at a time"))
    w.screen("both")
    w.browser.click("#remove")
    w.browser.type("input[name=check_code]", code)
    w.browser.click(CHECK)
    w.browser.wait("#result .verdict")
    w.must(number in w.browser.text("h1.what"), "the file that was removed was checked")


def asked_for(w, site, inputs):
    """Another holder, a grade, a date: what a tender office asks besides, and Back to the form as it was."""
    w.home(site)
    w.browser.choose("#file", [inputs / "valid.pdf"])
    w.browser.click("form summary")
    pasted = f" 统一社会信用代码：{OTHER_USCC.lower()} "
    w.browser.type("input[name=holder]", pasted)
    w.browser.click(CHECK)
    w.browser.wait("#result .verdict")
    w.must(USCC in w.browser.text("#result .truth"), "the wrong holder is not told")
    w.must(OTHER_USCC in w.browser.text("#result .verdict + .asked"), "what was asked does not stand under the verdict")
    w.on_paper("another-holder", w.picked("；持证单位：", "; holder ") + OTHER_USCC)
    w.screen("another-holder")
    w.browser.send("POST", "/back", {})
    w.browser.wait("form:not([hidden])")
    w.must(w.browser.run("return document.forms[0].elements.holder.value") == pasted, "what was typed is lost")
    w.browser.type("input[name=holder]", "123")
    w.browser.click(CHECK)
    w.told("a holder that is none", w.picked("应填 18 位统一社会信用代码", "no social credit code"))
    w.blamed("holder")
    w.screen("no-such-holder", expected=("400",))


def finishing(w, site, inputs):
    """It is said on the screen that less was asked, and the next certificate is not asked about so by mistake."""
    w.home(site)
    w.browser.choose("#file", [inputs / "valid.pdf"])
    w.browser.click("form summary")
    w.browser.click("input[value=existing]")
    w.browser.click(CHECK)
    w.browser.wait("#result .verdict")
    w.must(w.picked("用于完成已签项目", "to finish existing work") in w.browser.text(".asked"), "not told what was asked")
    w.screen("finishing")
    w.browser.click("#result .tools button:last-of-type")
    w.browser.wait("form:not([hidden])")
    w.must(w.browser.run("return document.forms[0].elements.for.value") == "new", "the lesser question stays chosen")


def by_number(w, site, number, code):
    for given, verdict, sentence, holder in (
        (code, "valid", w.picked("请与纸面逐项核对", "Now compare"), HOLDER),
        (("0" if code[0] != "0" else "1") + code[1:], "rejected", w.picked("没有编号与校验码相符", "No certificate has this"), None),
    ):
        w.home(site)
        w.browser.type("input[name=number]", f"证书编号： {number.lower()}")
        w.browser.type("input[name=check_code]", given)
        w.browser.click(CHECK)
        w.browser.wait("#result .verdict")
        w.says("number", verdict, sentence, holder)
        w.screen(f"number-{verdict}")
    w.home(site)
    w.browser.type("input[name=number]", number[:-1] + ("2" if number[-1] != "2" else "3"))  # neither is read as a letter
    w.browser.type("input[name=check_code]", code)
    w.browser.click(CHECK)
    w.browser.press("enter")
    w.told("a number mistyped", w.picked("输错了", "mistyped"))
    w.blamed("number")
    w.screen("number-mistyped", expected=("400",))
    w.browser.press("tab")
    w.must(w.browser.run("return document.activeElement.name") == "check_code", "from the field to blame Tab leads elsewhere")


def by_code(w, site, code):
    """What a phone opens for the code on paper: no form, no login, and which address to type oneself."""
    w.browser.open(f"{site}{code[code.index('/q/'):]}?lang={w.language}")
    w.says("code", "valid", w.picked("请与纸面逐项核对", "Now compare"), HOLDER)
    w.must("https://v.example/" in w.browser.text(".address"), "the code's page does not say which address to type")
    w.must(not w.browser.has("input:not([type=hidden]):not([type=checkbox])"), "the code's page asks for something")
    w.must(w.tools() == w.picked(["打印", "下载证据文件", "日后可用 qualverify evidence 离线重验。", "核验另一份"],
                                 ["Print", "Download evidence", "qualverify evidence checks it again, offline, years later.", "Check another"]),
           f"the code's page offers {w.tools()}")
    w.on_paper("code", *WORDS[w.language]["valid"].split(" ", 1), HOLDER)
    w.screen("code")


def by_camera(w, site, text):
    w.home(site)
    w.browser.click(".ways > button")
    w.browser.wait("#camera video")
    w.browser.wait("#result .verdict")
    w.says("camera", "valid", w.picked("请与纸面逐项核对", "Now compare"), HOLDER)
    w.must(not w.browser.has("#camera"), "the camera stays on")
    offered = w.tools()
    w.screen("camera")
    w.browser.open(f"{site}{text[text.index('/q/'):]}?lang={w.language}")
    w.must(w.tools() == offered, f"an answer offers {offered}, the code's page {w.tools()}")


def sixty(w, site, bids):
    w.home(site)
    w.browser.choose("#file", bids)
    w.must("60" in w.browser.text("#chosen"), "how many are chosen is not told")
    w.browser.click(CHECK)
    w.browser.wait("#result .totals")
    rows = w.browser.run("return [...document.querySelectorAll('.row')].map((e) => [e.classList[1], "
                         "e.querySelector('.name').textContent, e.querySelector('.word').textContent, e.querySelector('.says').textContent])")
    w.must([r[0] for r in rows] == ["problem", "undetermined"] + 2 * ["rejected"] + 56 * ["valid"], f"not the worst first: {rows}")
    w.must([r[1] for r in rows[:4]] == [bid(7, ".png"), bid(3, ".png"), bid(12, ".pdf"), bid(31, ".pdf")], f"other files: {rows[:5]}")
    w.must([r[1] for r in rows[4:]] == sorted(r[1] for r in rows[4:]), "not in the order of the files")
    for kind, _, word, says in rows:
        w.must(word == WORDS[w.language][kind], f"a row of {kind} says {word}")
        w.must(kind != "valid" or HOLDER in says or OTHER in says, f"no holder in a row that is valid: {says}")
    w.must(w.picked("与纸面核对", "compare the paper") in next(r[3] for r in rows if r[1] == bid(44, ".jpg")), "a photo among files: no word of the paper")
    totals = w.browser.text(".totals").split("\n")
    w.must(totals == w.picked(["1 没有完成", "1 无法判定", "2 核验不通过", "56 核验通过"],
                              ["1 Not done", "1 CANNOT TELL", "2 NOT VALID", "56 VALID"]), f"totals: {totals}")
    w.must(w.picked("所问：", "asked: ") in w.browser.run("return document.querySelector('.way + .asked').textContent"), "sixty: not told what was asked")
    w.on_paper("sixty", w.picked("60份核验结果", "60 results"), w.picked("所问：用于承接新项目", "asked: for new contracts"), sheets=3)
    w.screen("sixty", expected=("422",))
    w.browser.click(".row.rejected summary")
    w.says("a row", "rejected", w.picked("被改动", "was changed"), None, within=".row[open]")
    w.screen("sixty-open")


def dropped(w, site, text):
    """Files let go anywhere on the page are chosen, and those chosen before forgotten."""
    w.home(site)
    w.browser.run("""
        const held = new DataTransfer();
        held.items.add(new File([arguments[0]], "code.txt"));
        held.items.add(new File(["no certificate"], "letter.pdf"));
        document.querySelector("footer").dispatchEvent(new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
        """, text)
    w.must("2" in w.browser.text("#chosen"), "what was dropped is not chosen")
    w.browser.click(CHECK)
    w.browser.wait(".totals")
    w.must([w.browser.text(".row.rejected .name"), w.browser.text(".row.valid .name")] == ["letter.pdf", "code.txt"], "not what was dropped")


def without_script(w, site, inputs, bids, text, number, code, evidence):
    w.browser.script(False)
    try:
        w.home(site)
        w.screen("form-plain")
        w.browser.choose("#file", [inputs / "suspended.pdf"])
        w.browser.click(CHECK)
        w.browser.wait("main > .verdict")
        w.says("without script", "rejected", w.picked("起暂停", "suspended since"), OTHER)
        w.screen("plain-suspended")
        w.home(site)
        w.browser.choose("#file", bids[:16])
        w.browser.click(CHECK)
        w.browser.wait(".totals")
        kinds = w.browser.run("return [...document.querySelectorAll('.row')].map((e) => e.classList[1])")
        w.must(kinds == ["problem", "undetermined", "rejected"] + 13 * ["valid"], f"without script: {kinds}")
        w.browser.click(".row.valid summary")
        w.says("a row without script", "valid", w.picked("证书真实", "Genuine"), HOLDER, within=".row[open]")
        w.screen("plain-many")
        w.home(site)
        w.browser.type("input[name=number]", number)
        w.browser.type("input[name=check_code]", code)
        w.browser.click(CHECK)
        w.browser.wait("main > .verdict")
        w.says("number without script", "valid", w.picked("请与纸面逐项核对", "Now compare"), HOLDER)
        w.home(site)
        w.browser.choose("#file", [inputs / "large.pdf"])
        w.browser.click(CHECK)
        w.browser.wait(".verdict.problem")
        w.must(w.picked("每份不超过 8 MB", "8 MB at most") in w.browser.text("h1.truth"), "too large, without script")
        w.screen("plain-large", expected=("413",))
        w.home(site)
        w.browser.choose("#file", [inputs / "valid.pdf"])
        w.browser.click("form > button.second")
        evidence("without script")
        w.browser.open(f"{site}{text[text.index('/q/'):]}")
        w.browser.click("form.proof button")
        evidence("of a code, without script")
    finally:
        w.browser.script(True)


def too_many_guesses(w, site, number, code):
    """Somebody who is not this machine, as a proxy tells it: here the twentieth at most is told to wait."""
    w.browser.tools("Network.enable")
    w.browser.tools("Network.setExtraHTTPHeaders", headers={"X-Forwarded-For": f"203.0.113.{len(w.name)}"})
    for n in range(20):
        w.home(site)
        w.browser.type("input[name=number]", number)
        w.browser.type("input[name=check_code]", f"{n:02}{code[2:]}")
        w.browser.click(CHECK)
        wait_for("a reply to a guess", lambda: w.browser.has("#result .verdict, #say.bad"))
        if w.browser.has("#say.bad"):
            break
    w.told("too many guesses", w.picked("校验码输错次数过多", "Too many wrong check codes"))
    w.screen("too-many", expected=("429",))
    w.browser.tools("Network.setExtraHTTPHeaders", headers={})


def downloads(w, site, inputs, bids, text, evidence):
    w.ask(site, [inputs / "valid.pdf"])
    w.browser.click("#result .tools button:nth-of-type(2)")
    evidence("of a file")
    w.home(site)
    w.browser.choose("#file", [b for b in bids if b.suffix == ".pdf"][:5])
    w.browser.click(CHECK)
    w.browser.wait(".totals")
    w.browser.click("#result .way .tools button:nth-of-type(2)")
    evidence("of five files")
    w.browser.open(f"{site}{text[text.index('/q/'):]}")
    w.browser.click("form.proof button")
    evidence("of a code")


def by_keyboard(w, site, number, code):
    """From the top of the page with Tab alone, each stop to be seen; number and check code typed, Enter."""
    w.home(site)
    order = []
    for _ in range(30):
        w.browser.press("tab")
        name, seen = w.browser.run(
            "const e = document.activeElement; const all = [e, ...['.drop', '.take'].map((s) => e.closest(s)).filter(Boolean)];"
            "return [e.name || e.textContent.trim().slice(0, 20), all.some((x) => getComputedStyle(x).outlineStyle === 'solid' "
            "&& parseFloat(getComputedStyle(x).outlineWidth) >= 2)]")
        w.must(seen, f"the focus on {name} is not to be seen")
        order.append(name)
        if name == "number":
            break
    w.must(order[-1] == "number" and "file" in order, f"not reached by Tab: {order}")
    w.browser.press(*number)
    w.browser.press("tab", *code, "enter")
    w.browser.wait("#result .verdict")
    w.says("by keyboard", "valid", w.picked("请与纸面逐项核对", "Now compare"), HOLDER)
    w.must(w.browser.run("return document.activeElement.className") == "what", "the focus is not on the answer")
    w.must(WORDS[w.language]["valid"] in w.browser.run("return document.querySelector('[role=status]').textContent"), "nothing is announced")


def wrong(w, site, inputs):
    for file, chinese, english, expected in (
        ("large.pdf", "每份不超过 8 MB", "8 MB at most", ()),
        ("damaged.png", "图片已损坏", "picture is damaged", ("422",)),
        ("empty.pdf", "文件是空的", "file is empty", ("400",)),
    ):
        w.home(site)
        w.browser.choose("#file", [inputs / file])
        w.browser.click(CHECK)
        w.told(file, w.picked(chinese, english))
        w.screen(f"wrong-{file.split('.')[0]}", expected)
    w.home(site)
    w.browser.click(CHECK)
    w.told("nothing chosen", w.picked("请选择文件", "Choose a file"))
    w.browser.open(f"{site}/nothing?lang={w.language}")
    w.screen("no-such-page", expected=("400", "404"))


def daemon_down(w, daemon, inputs):
    """It ends while the page is open. Nothing is lost: once it is back, the same form gives the answer."""
    w.home(daemon.site)
    w.browser.click("form summary")
    w.browser.type("input[name=holder]", USCC)
    w.browser.choose("#file", [inputs / "valid.pdf"])
    daemon.end()
    try:
        w.browser.click(CHECK)
        w.told("the daemon is down", w.picked("没有连上核验服务", "could not be reached"))
        w.screen("down", expected=REFUSED)
    finally:
        daemon.start()
    w.browser.click(CHECK)
    w.browser.wait("#result .verdict")
    w.says("the daemon is back", "valid", w.picked("证书真实", "Genuine"), HOLDER)


def daemon_down_for_many(w, daemon, bids):
    """What could not be asked is told and can be asked again, without choosing the files anew."""
    w.home(daemon.site)
    w.browser.choose("#file", bids[20:26])
    daemon.end()
    try:
        w.browser.click(CHECK)
        w.browser.wait(".totals .problem")
        w.told("many, and the daemon is down", w.picked("没有连上核验服务", "could not be reached"))
        w.screen("down-many", expected=REFUSED)
    finally:
        daemon.start()
    w.browser.click(".way .tools button:first-child")
    w.browser.wait(".totals .valid")
    w.must(w.browser.run("return document.querySelectorAll('.row.valid').length") == 6, "not all files were asked again")


def stale(w, site, inputs):
    w.ask(site, [inputs / "valid.pdf"])
    w.says("stale", "undetermined", w.picked("已过期", "too old"), HOLDER)
    w.must(w.picked("不得据此否决", "no reason to reject") in w.browser.text(".now"), "stale data: not said that it is no reason to reject")
    w.on_paper("stale", *WORDS[w.language]["undetermined"].split(" ", 1), HOLDER)
    w.screen("stale")


def camera_without_code(w, site):
    """It stops by itself after a minute, here of a clock that runs ten times as fast."""
    w.browser.tools("Page.addScriptToEvaluateOnNewDocument", source="""
        const begun = Date.now(), now = Date.now, later = setTimeout;
        Date.now = () => begun + (now() - begun) * 10;
        setTimeout = (f, ms) => later(f, ms / 10);""")
    w.home(site)
    w.browser.click(".ways > button")
    w.told("no code for a minute", w.picked("一分钟内没有读出二维码", "within a minute"))
    w.must(not w.browser.has("#camera"), "the camera stays on")
    w.screen("camera-nothing")


def camera_with_detector(w, site, text):
    """Where the browser reads codes itself, here one that first sees another's code, then two certificates', then one
    beside another's."""
    w.browser.tools("Page.addScriptToEvaluateOnNewDocument", source="""
        const ours = "%s", foreign = "https://elsewhere.example/";
        const frames = [[foreign], [ours, ours.replace(/.$/, "x")], [ours, foreign, ours]];
        window.BarcodeDetector = class {
            static async getSupportedFormats() { return ["qr_code"]; }
            async detect() { return (frames.length > 1 ? frames.shift() : frames[0]).map((rawValue) => ({ rawValue })); }
        };""" % text)
    w.home(site)
    w.browser.click(".ways > button")
    wait_for("a word about another's code", lambda: w.picked("不是证书的", "no certificate's") in w.browser.text("#say"))
    wait_for("a word about two certificates", lambda: w.picked("不止一份证书", "more than one certificate") in w.browser.text("#say"))
    w.browser.wait("#result .verdict")
    w.says("a code read by the browser", "valid", w.picked("请与纸面逐项核对", "Now compare"), HOLDER)


def old_browser(w, site, inputs):
    """One of before October 2020 has the page as it is without script."""
    w.browser.tools("Page.addScriptToEvaluateOnNewDocument", source="delete Element.prototype.replaceChildren;")
    w.home(site)
    w.browser.choose("#file", [inputs / "valid.pdf"])
    w.browser.click(CHECK)
    w.browser.wait("main > .verdict")
    w.says("an old browser", "valid", w.picked("证书真实", "Genuine"), HOLDER)
    w.screen("old-browser")


def main():
    binaries, bureau = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    number, folder = sys.argv[3], pathlib.Path(sys.argv[4]).resolve()
    text = (bureau / "specimens" / "code.txt").read_text(encoding="ascii").strip()
    code = check_code(bureau, number)
    with tempfile.TemporaryDirectory(prefix="qualcert-walk.") as made:
        made = pathlib.Path(made)
        inputs = made / "inputs"
        for name in ("inputs", "beside", "later", "downloads"):
            (made / name).mkdir()
        bids = make_inputs(bureau, inputs)
        started = []
        try:
            daemon = Daemon(binaries, made / "beside", "--bureau", bureau)
            started.append(daemon.end)
            old = Daemon(binaries, made / "later", "--root", bureau / "root.cose", "--public", bureau / "public", clock="+10d")
            started.append(old.end)
            driver = Driver()
            started.append(driver.close)
            walk_all(binaries, bureau / "root.cose", driver, daemon, old, inputs, bids, text, number, code, folder, made / "downloads")
        finally:
            for end in reversed(started):
                end()


def walk_all(binaries, root, driver, daemon, old, inputs, bids, text, number, code, folder, downloaded):
    site = daemon.site

    def evidence(name):
        """The one file that was downloaded now says the same, worked out again."""
        path = downloaded / "evidence.tar"
        wait_for(f"evidence {name}", path.exists)
        done = subprocess.run([binaries / "qualverify", "evidence", path, "--root", root], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"evidence {name}: {done.returncode} {done.stdout}{done.stderr}")
        path.unlink()

    for language, header in (("zh", "zh-CN"), ("en", "en-US")):
        browser = Browser(driver, header, inputs / "film.mjpeg")
        browser.tools("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloaded))
        for size in SIZES:
            w = Walk(browser, language, size, folder)
            the_form(w, site)
            each_file(w, site, inputs)
            scanned(w, site, inputs)
            one_after_another(w, site, inputs, number, code)
            asked_for(w, site, inputs)
            by_number(w, site, number, code)
            by_code(w, site, text)
            by_camera(w, site, text)
            finishing(w, site, inputs)
            sixty(w, site, bids)
            dropped(w, site, text)
            wrong(w, site, inputs)
            stale(w, old.site, inputs)
            without_script(w, site, inputs, bids, text, number, code, evidence)
            daemon_down(w, daemon, inputs)
            if w.phone == (language == "zh"):
                # what hangs on neither size nor language, each once
                by_keyboard(w, site, number, code)
                downloads(w, site, inputs, bids, text, evidence)
            else:
                too_many_guesses(w, site, number, code)
                daemon_down_for_many(w, daemon, bids)
            print(f"   {w.name}: walked", flush=True)
        browser.close()
        for last in (camera_without_code, lambda w, s: camera_with_detector(w, s, text), lambda w, s: old_browser(w, s, inputs)):
            browser = Browser(driver, header)
            last(Walk(browser, language, "phone", folder), site)
            browser.close()


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(f"FAILED: {failed}")
