"""A daemon under test and whoever asks it: what the programs in Python share that load qualverifyd or try to break it.
Replies are read strictly, by RFC 9112: what a strict reader would refuse is Broken."""
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import time

from attack import Certificate, code_text
from bureau import Failed, environment
from leak import check_code

HOST = "v.example"
PATIENCE_S = 60  # for what a busy machine may delay; no test waits for it to pass
STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5][0-9][0-9]) [ -~]+")
HEADER_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([!-~](?:[ -~]*[!-~])?)")
ON_ALL_REPLIES = ("content-security-policy", "referrer-policy", "x-content-type-options")


class Broken(Exception):
    """Bytes that are no reply, or a reply that two readers would end at different places."""


class Reply:
    def __init__(self, status, headers, body=b""):
        self.status, self.headers, self.body = status, headers, body

    def closes(self):
        return self.headers.get("connection", "").lower() == "close"

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Broken(f"no JSON: {self.body[:200]}") from error

    def by_the_library(self):
        """An error the HTTP library found itself, before any code of ours: a line of HTML and no header of ours."""
        return self.status >= 400 and (self.body.startswith((b"<html>", b"HTTP/1.1 ")) or (self.status == 431 and not self.body))


def parse_head(head):
    lines = head.split(b"\r\n")
    first = STATUS_LINE.fullmatch(lines[0])
    if not first:
        raise Broken(f"no status line: {lines[0][:80]}")
    headers = {}
    for line in lines[1:]:
        match = HEADER_LINE.fullmatch(line)
        if not match:
            raise Broken(f"no header line: {line[:80]}")
        name = match[1].decode().lower()
        if name in headers:
            raise Broken(f"{name} twice")
        headers[name] = match[2].decode()
    return int(first[1]), headers


def body_length(status, headers, method):
    if "transfer-encoding" in headers:
        raise Broken("a reply in chunks, though every length is known")
    if status < 200 or status in (204, 304) or method == "HEAD":
        return 0
    if not re.fullmatch(r"[0-9]+", headers.get("content-length", "")):
        raise Broken(f"Content-Length: {headers.get('content-length')}")
    return int(headers["content-length"])


class Wire:
    """One connection, byte by byte."""

    def __init__(self, address, receive=None, timeout=PATIENCE_S):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(timeout)
        self.socket.connect(address)
        self.held = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def reset(self):
        """Gone without a word: RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def send(self, data):
        """False if the other side has gone meanwhile; what it said before may still be read."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def no_more(self):
        """That was all from here; replies are still read."""
        self.socket.shutdown(socket.SHUT_WR)

    def more(self):
        try:
            data = self.socket.recv(1 << 16)
        except (ConnectionResetError, BrokenPipeError):
            return b""
        except socket.timeout as late:
            raise Broken("neither a reply nor an end") from late
        self.held += data
        return data

    def reply(self, method="GET"):
        """The next one, interim ones too; None if the other side closed instead."""
        while b"\r\n\r\n" not in self.held:
            if not self.more():
                if self.held:
                    raise Broken(f"cut off in the header: {self.held[:80]}")
                return None
        head, self.held = self.held.split(b"\r\n\r\n", 1)
        status, headers = parse_head(head)
        length = body_length(status, headers, method)
        while len(self.held) < length:
            if not self.more():
                raise Broken(f"{len(self.held)} bytes of {length}")
        body, self.held = self.held[:length], self.held[length:]
        reply = Reply(status, headers, body)
        if status >= 200 and not reply.by_the_library() and (missing := [n for n in ON_ALL_REPLIES if n not in headers]):
            raise Broken(f"status {status} without {missing}")
        return reply

    def rest(self):
        """All that comes until the other side closes."""
        while self.more():
            pass
        rest, self.held = self.held, b""
        return rest


def ask(address, request, method="GET"):
    """One request on a connection of its own."""
    with Wire(address) as wire:
        wire.send(request)
        reply = wire.reply(method)
        if reply is None:
            raise Broken("closed without a reply")
        return reply


def request(method, target, headers=(), body=None):
    lines = [f"{method} {target} HTTP/1.1", f"Host: {HOST}", *headers]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


BOUNDARY = "----a-boundary"


def form(fields, boundary=BOUNDARY):
    """multipart/form-data; a field is its name and a text, or a file's bytes."""
    out = b""
    for name, value in fields:
        file = isinstance(value, bytes)
        out += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        out += b'; filename="c.pdf"\r\nContent-Type: application/pdf\r\n\r\n' if file else b"\r\n\r\n"
        out += (value if file else value.encode()) + b"\r\n"
    return out + f"--{boundary}--\r\n".encode()


def post_form(fields, headers=()):
    return request("POST", "/", [f"Content-Type: multipart/form-data; boundary={BOUNDARY}", *headers], form(fields))


def post(target, media_type, body, headers=()):
    return request("POST", target, [f"Content-Type: {media_type}", *headers], body)


class Question:
    """A good request and the only right answer: wrong(reply) says what is not right, or None."""

    def __init__(self, name, sent, wrong):
        self.name, self.sent, self.wrong = name, sent, wrong

    def put(self, wire):
        """On a connection that may have served others before."""
        if not wire.send(self.sent):
            raise Broken(f"{self.name}: could not be sent")
        reply = wire.reply()
        if reply is None:
            raise Broken(f"{self.name}: closed without a reply")
        wrong = self.wrong(reply)
        if wrong:
            raise Broken(f"{self.name}: {wrong}")
        return reply


def is_verdict(word, reason=None, number=None):
    def wrong(reply):
        if reply.status != 200 or reply.headers.get("content-type") != "application/json":
            return f"{reply.status} {reply.body[:200]}"
        answer = reply.json()
        if (answer["verdict"], answer["reason"]) != (word, reason):
            return f"{answer['verdict']} {answer['reason']}, not {word} {reason}"
        if number is not None and answer["certificate"]["number"] != number:
            return f"about {answer['certificate']['number']}"
        return None
    return wrong


def is_page(*words):
    def wrong(reply):
        text = reply.body.decode("utf-8", "replace")
        if reply.status != 200 or not text.endswith("</html>\n"):
            return f"{reply.status} {text[-200:]}"
        missing = [word for word in words if word not in text]
        return f"a page without {missing}" if missing else None
    return wrong


def is_file(path):
    """As it is, or as it was when it was asked, if it is replaced meanwhile."""
    before = path.read_bytes()

    def wrong(reply):
        return None if reply.status == 200 and reply.body in (before, path.read_bytes()) else f"{reply.status}, not {path}"
    return wrong


class Held:
    """A certificate in somebody's hands: everything that may be asked about it."""

    def __init__(self, bureau, number):
        issued = bureau.folder / "issued"
        self.bureau, self.number = bureau, number
        self.pdf = (issued / f"{number}.pdf").read_bytes()
        self.cose = (issued / f"{number}.cose").read_bytes()
        qc1 = Certificate(self.cose).qc1
        self.code = code_text(HOST, qc1)
        self.digits = self.code.rsplit("/", 1)[1]
        self.check_code = check_code(qc1)
        self.wrong_code = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"["1032547698BADCFEHGKJNMQPSRVTXWZY".index(c)] for c in self.check_code)

    def confirm(self, code=None, number=None, headers=()):
        body = json.dumps({"number": number or self.number, "check_code": code or self.check_code}).encode()
        return post("/v1/confirm", "application/json", body, headers)

    def questions(self, verdict="valid", reason=None, page="核验通过"):
        """One of every kind; the beginning of a page's verdict is given in Chinese."""
        right = is_verdict(verdict, reason)
        published = self.bureau.folder / "public"
        return [
            Question("page", request("GET", "/"), is_page("证书核验")),
            Question("PDF", post("/v1/verify", "application/pdf", self.pdf), right),
            Question("code", post("/v1/verify", "text/plain", self.code.encode()), right),
            Question("number", self.confirm(), right),
            Question("published file", request("GET", "/v1/trust-bundle"), is_file(published / "v1/trust-bundle")),
            Question("code's page", request("GET", f"/q/1/{self.digits}"), is_page(page)),
            Question("form with a file", post_form([("file", self.pdf)]), is_page(page)),
            Question("form with a number", post_form([("number", self.number), ("check_code", self.check_code)]), is_page(page)),
        ]


class Daemon:
    """qualverifyd on free ports; its log goes to a file of the test."""

    def __init__(self, programs, work, *words, name="daemon", options=None, descriptors=None):
        self.log = pathlib.Path(work) / f"{name}.log"
        self.ending = False
        command = [programs / "qualverifyd", *words, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
        if descriptors is not None:
            command = ["prlimit", f"--nofile={descriptors}", *command]
        environ = environment(work) | {"XDG_STATE_HOME": f"{work}/state-{name}"} | (options or {})
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command], env=environ, stdout=subprocess.PIPE, stderr=log, encoding="utf-8")
        ports = re.findall(r"http://127\.0\.0\.1:([0-9]+)/", self.process.stdout.readline())
        if len(ports) != 2:
            self.process.kill()
            raise Failed(f"qualverifyd did not start: {self.log.read_text()[-500:]}")
        self.address, self.admin = (("127.0.0.1", int(port)) for port in ports)
        self.folder = pathlib.Path(f"/proc/{self.process.pid}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def alive(self):
        return self.process.poll() is None

    def descriptors(self):
        return len(os.listdir(self.folder / "fd"))

    def descriptors_fall_to(self, most):
        """Connections are closed a moment after their client went: the number they come down to."""
        until = time.monotonic() + PATIENCE_S
        while (now := self.descriptors()) > most and time.monotonic() < until:
            time.sleep(0.005)
        return now

    def status(self, name):
        return int(re.search(rf"^{name}:\s+([0-9]+)", (self.folder / "status").read_text(), re.M)[1])

    def rss_kb(self):
        return self.status("VmRSS")

    def threads(self):
        return self.status("Threads")

    def cpu_ns(self):
        return sum(int((task / "schedstat").read_text().split()[0]) for task in (self.folder / "task").iterdir())

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def end(self):
        """SIGTERM, once; what is under way is answered first."""
        self.ending = True
        self.process.terminate()

    def stop(self):
        """Ended by SIGTERM; what was wrong with that or with its log, in sentences."""
        if not self.alive() and not self.ending:
            return [f"qualverifyd ended by itself with {self.process.returncode}: {self.log.read_text()[-2000:]}"]
        if not self.ending:
            self.end()
        try:
            code = self.process.wait(PATIENCE_S + 60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return ["qualverifyd does not end"]
        wrong = [] if code == 0 else [f"qualverifyd ended with {code}: {self.log.read_text()[-2000:]}"]
        strange = [line for line in self.log.read_text().splitlines() if not line.startswith('{"time":')]
        return wrong + ([f"in the log: {strange[:10]}"] if strange else [])
