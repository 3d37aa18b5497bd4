"""contract.py BUREAU NUMBER CHECK-CODE BEHIND NAME=URL...: is docs/openapi.yaml true? Called by contract.sh.

Every reply is held against the document: status, media type, headers, body. At the end each reply that the document
names must have been seen; a reply it does not name ends the test at once. BEHIND is the number of a certificate whose
suspension is recorded and not published.
"""
import base64
import contextlib
import http.client
import json
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.parse

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
BASE = "http://contract/openapi.yaml"
ELSEWHERE = ("*", "x-elsewhere")
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
# Headers that a reply has only if the document says so.
TOLD = {"accept", "accept-encoding", "access-control-allow-origin", "access-control-expose-headers", "allow", "cache-control",
        "content-disposition", "etag", "retry-after", "vary", "x-robots-tag"}
BROKEN_PICTURE = b"\xff\xd8\xff\xe0"
NOBODY = "JC-A-999900-2026-48213-6"


def fail(sentence):
    sys.exit("FAILED: " + sentence)


def limit(name):
    """A number of core/limits.h."""
    text = (ROOT / "core" / "limits.h").read_text()
    number, shift = re.search(rf"#define {name} \(?(\d+)u?(?: << (\d+))?\)?\s+/", text).groups()
    return int(number) << int(shift or 0)


def media(key, header):
    """Does the document's media type stand for this header?"""
    return header == key or header is not None and header.split(";")[0].strip() == key


class Document:
    """What each operation may reply, and what has been seen of it."""

    def __init__(self):
        self.tree = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
        self.schema = json.loads((ROOT / "docs" / "verdict.schema.json").read_text())
        self.resolver = jsonschema.RefResolver(BASE, self.tree, store={"http://contract/verdict.schema.json": self.schema})
        self.operations = {(method.upper(), path): operation for path, item in self.tree["paths"].items()
                           for method, operation in item.items() if method in ("get", "post", "put", "delete", "patch", "head", "options")}
        self.replies = {key: {int(status): self.resolve(reply) for status, reply in operation["responses"].items()}
                        for key, operation in self.operations.items()}
        self.replies[ELSEWHERE] = {int(s): self.resolve(r) for s, r in self.tree["x-elsewhere"]["responses"].items()}
        self.seen = set()

    def resolve(self, node):
        return self.resolver.resolve(node["$ref"])[1] if "$ref" in node else node

    def valid(self, value, schema, what):
        errors = list(jsonschema.Draft202012Validator(schema, resolver=self.resolver).iter_errors(value))
        if errors:
            fail(f"{what}: {errors[0].message} at {list(errors[0].absolute_path)}")

    def words(self, schema):
        """The types of problem a schema stands for."""
        if "$ref" in schema:
            return [schema["$ref"].rsplit("/", 1)[1]]
        return [word for one in schema["oneOf"] for word in self.words(one)]

    def named(self):
        """All there is to see: operation, status, media type, word of a problem."""
        for key, replies in self.replies.items():
            for status, reply in replies.items():
                if "x-not-provoked" in reply:
                    continue
                for kind, content in reply.get("content", {None: None}).items():
                    words = self.words(content["schema"]) if kind == "application/problem+json" else [None]
                    yield from ((key, status, kind, word) for word in words)
        for word in self.words(self.tree["components"]["schemas"]["batch-answer"]["properties"]["problem"]):
            if word not in ("failed", "busy"):  # busy: test_api.c has it; here it would take 20 s of pictures
                yield (("POST", "/v1/verify-batch"), 200, "a line", word)

    def note_lines(self, reply):
        for line in json.loads(reply.body)["answers"]:
            if "problem" in line:
                self.seen.add((("POST", "/v1/verify-batch"), 200, "a line", line["problem"]["type"].rsplit("/", 1)[1]))

    def hold(self, key, reply, what):
        """Is this one of the replies to the operation? Remember it."""
        named = self.replies[key].get(reply.status)
        if named is None:
            fail(f"{what}: {reply.status}, which the document does not name: {reply.body[:300]}")
        headers = {name.lower(): self.resolve(h) for name, h in named.get("headers", {}).items()}
        for name, header in headers.items():
            if header.get("required") and name not in reply.headers:
                fail(f"{what}: {reply.status} without {name}")
            if name in reply.headers:
                self.valid(reply.headers[name], header["schema"], f"{what}: {reply.status} {name}")
        for name in reply.headers.keys() & TOLD - headers.keys():
            fail(f"{what}: {reply.status} has {name}: {reply.headers[name]}, which the document does not name")
        self.hold_body(key, reply, named, what)

    def hold_body(self, key, reply, named, what):
        kind = reply.headers.get("content-type")
        if "content" not in named:
            if kind is not None or reply.body and reply.status in (204, 304):
                fail(f"{what}: {reply.status} has a body")
            self.seen.add((key, reply.status, None, None))
            return
        found = [k for k in named["content"] if media(k, kind)]
        if not found:
            fail(f"{what}: {reply.status} is {kind}, which the document does not name: {reply.body[:300]}")
        word = None
        if "json" in found[0]:
            body = json.loads(reply.body)
            self.valid(body, named["content"][found[0]]["schema"], f"{what}: {reply.status}")
            if found[0] == "application/problem+json":
                word = body["type"].rsplit("/", 1)[1]
                if body["status"] != reply.status:
                    fail(f"{what}: {reply.status} says {body['status']}")
        elif not reply.body:
            fail(f"{what}: {reply.status} is empty")
        self.seen.add((key, reply.status, found[0], word))


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def word(self):
        return json.loads(self.body)["type"].rsplit("/", 1)[1]


def send(url, method, path, headers=(), body=b""):
    """One request on a connection of its own; `headers` are pairs, so that one may stand twice."""
    at = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
    names = [name for name, _ in headers]
    connection.putrequest(method, path, skip_host="Host" in names, skip_accept_encoding=True)
    if method == "POST" and "Content-Length" not in names and "Transfer-Encoding" not in names:
        connection.putheader("Content-Length", str(len(body)))
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body)
    with contextlib.closing(connection):
        return Reply(connection.getresponse())


def raw(url, request):
    """The status of what may be no HTTP."""
    at = urllib.parse.urlsplit(url)
    with socket.create_connection((at.hostname, at.port), timeout=30) as s:
        s.sendall(request)
        got = s.recv(65536)
    reply = http.client.HTTPResponse.__new__(http.client.HTTPResponse)
    reply.status = int(got.split()[1])
    return reply.status


class Test:
    def __init__(self, bureau, number, check_code, behind, urls):
        self.document = Document()
        self.urls = urls
        self.bureau = pathlib.Path(bureau)
        self.number, self.check_code = number, check_code
        self.specimens = self.bureau / "specimens"
        self.pdf = (self.specimens / "valid.pdf").read_bytes()
        self.code = (self.specimens / "code.txt").read_text().strip()
        self.behind = (self.bureau / "issued" / f"{behind}.pdf").read_bytes()
        self.picture = (self.specimens / "photo.png").read_bytes()

    # ---- asking ----

    def ask(self, key, want, word=None, at="beside", path=None, headers=(), body=None, kind=None):
        """A reply of this status, and a problem of this word; an error is asked for once more as a page."""
        path = path if path is not None else self.sample(key)
        if key[0] == "POST" and body is None:
            kind, body = self.sample_body(key)
        headers = list(headers) + ([("Content-Type", kind)] if kind is not None else [])
        what = f"{at} {key[0]} {path[:80]} for {word or want}"
        reply = send(self.urls[at], key[0], path, headers, body or b"")
        if reply.status != want:
            fail(f"{what}: {reply.status}: {reply.body[:300]}")
        self.document.hold(key, reply, what)
        if word is not None:
            if reply.word() != word:
                fail(f"{what}: {reply.word()}")
            page = send(self.urls[at], key[0], path, list(PAGE.items()) + headers, body or b"")
            if page.status != want or not media("text/html", page.headers.get("content-type")):
                fail(f"{what}: as a page {page.status} {page.headers.get('content-type')}")
            self.document.hold(key, page, what)
        return reply

    def sample(self, key):
        """An address of the operation at which there is something."""
        paths = {"/q/1/{digits}": "/q/1/" + self.code.rsplit("/", 1)[1], "/v1/trust-bundles/{seq}": "/v1/trust-bundles/1",
                 "/v1/status/{iss}/{list}": "/v1/status/TEST/0", "/log/tile/{tile}": "/log/tile/entries/000.p/1"}
        if key[1] == "/v1/parts/{sha256}":
            return "/v1/parts/" + next(p.name for p in (self.bureau / "public/v1/parts").iterdir())
        if key[1] == "/log/tile/{tile}":
            return "/" + str(next(p for p in (self.bureau / "public/log/tile").rglob("*") if p.is_file()).relative_to(self.bureau / "public"))
        return paths.get(key[1], key[1])

    def sample_body(self, key):
        if key[1] == "/":
            return self.form(file=self.pdf)
        if key[1] == "/v1/confirm":
            return self.json(number=self.number, check_code=self.check_code)
        if key[1] == "/v1/verify-batch":
            return self.json(inputs=[{"code": self.code}])
        return "application/pdf", self.pdf

    @staticmethod
    def json(**members):
        return "application/json", json.dumps(members).encode()

    @staticmethod
    def form(**fields):
        parts = b"".join(b'--a-boundary\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (
            name.encode(), b'; filename="f"' if name == "file" else b"", value if isinstance(value, bytes) else value.encode())
            for name, value in fields.items())
        return "multipart/form-data; boundary=a-boundary", parts + b"--a-boundary--\r\n"

    def listener(self, key):
        return "beside-admin" if "servers" in self.document.tree["paths"][key[1]] else "beside"

    # ---- what every operation has ----

    def common(self, key):
        at = self.listener(key)
        self.ask(key, 400, "ambiguous-header", at, headers=[("Host", "a"), ("Host", "b")])
        self.ask(key, 411, "length-required", at, headers=[("Transfer-Encoding", "chunked")], body=b"0\r\n\r\n", kind="text/plain")
        largest = {"/": "LIMIT_UPLOAD_BYTES", "/v1/confirm": "LIMIT_REQUEST_JSON_BYTES", "/v1/verify-batch": "LIMIT_BATCH_BYTES"}
        length = 4 if key[0] == "GET" else limit(largest.get(key[1], "LIMIT_PDF_BYTES"))
        kind = None if key[0] == "GET" else self.sample_body(key)[0]
        self.ask(key, 413, "too-long", at, headers=[("Content-Length", str(length + 1))], body=b"", kind=kind)
        if key[0] == "GET":
            self.get(key, at)
        else:
            reply = self.ask(key, 415, "unsupported-type", body=b"x=y", kind="application/x-www-form-urlencoded")
            if not set(reply.headers["accept"].split(", ")) == self.document.operations[key]["requestBody"]["content"].keys():
                fail(f"{key}: accepts {reply.headers['accept']}")
            reply = self.ask(key, 415, "unsupported-encoding", headers=[("Content-Encoding", "gzip")])
            if reply.headers["accept-encoding"] != "identity":
                fail(f"{key}: no Accept-Encoding")
            for kind in self.document.operations[key]["requestBody"]["content"]:
                self.request_examples(key, kind)
            if not any(self.document.resolve(p)["in"] == "query" for p in self.document.operations[key].get("parameters", [])):
                for query in ("holder=91999902MADEM002X6", "at=2026-11-20", "lang=en", "x"):
                    self.ask(key, 400, "bad-question", path=f"{key[1]}?{query}")

    def get(self, key, at):
        reply = self.ask(key, 200, at=at)
        head = send(self.urls[at], "HEAD", self.sample(key))
        ignored = {"date"}
        if head.body or head.status != 200 or {k: v for k, v in head.headers.items() if k not in ignored} != {
                k: v for k, v in reply.headers.items() if k not in ignored}:
            if key[1] != "/metrics":
                fail(f"HEAD {key[1]}: {head.status} {head.headers}, GET {reply.headers}")
        if "etag" in reply.headers:
            self.ask(key, 304, at=at, headers=[("If-None-Match", reply.headers["etag"])])
            self.ask(key, 304, at=at, headers=[("If-None-Match", f'"x", W/{reply.headers["etag"]}')])
            self.ask(key, 200, at=at, headers=[("If-None-Match", '"x"')])

    def request_examples(self, key, kind):
        content = self.document.operations[key]["requestBody"]["content"][kind]
        for example in content.get("examples", {}).values():
            value = example["value"]
            if kind == "application/json":
                self.document.valid(value, content["schema"], f"{key}: an example")
                value = json.dumps(value)
            self.ask(key, 200, body=value.encode(), kind=kind)

    def alone(self):
        """With published files alone all is as beside the register, but for what needs a look-up."""
        for key in self.document.operations:
            at = self.listener(key).replace("beside", "alone")
            if key[0] == "GET":
                self.get(key, at)
            elif key[1] != "/v1/confirm":
                self.ask(key, 200, at=at)

    def options(self):
        for path, item in self.document.tree["paths"].items():
            key = next(k for k in self.document.operations if k[1] == path)
            at = self.listener(key)
            reply = send(self.urls[at], "OPTIONS", self.sample(key), [("Origin", "https://elsewhere.example"),
                         ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "if-none-match")])
            wanted = {"get": {"GET", "HEAD"}, "post": {"POST"}}
            allowed = {"OPTIONS"}.union(*(wanted.get(m, set()) for m in item))
            if set(reply.headers.get("allow", "").split(", ")) != allowed:
                fail(f"OPTIONS {path}: {reply.headers.get('allow')}, not {allowed}")
            shared = "Access-Control-Allow-Origin" in item.get("get", {"responses": {"200": {}}})["responses"]["200"].get("headers", {})
            said = {k: v for k, v in reply.headers.items() if k.startswith("access-control-") and k != "access-control-max-age"}
            want = {"access-control-allow-origin": "*", "access-control-expose-headers": "ETag", "access-control-allow-methods": "GET, HEAD",
                    "access-control-allow-headers": "If-None-Match"} if shared else {}
            if said != want:
                fail(f"OPTIONS {path}: {said}, not {want}")
            for name in want:
                reply.headers.pop(name)
            self.document.hold(ELSEWHERE, reply, f"OPTIONS {path}")
            for method in ("PUT", "DELETE", "TRACE"):
                self.elsewhere(at, method, self.sample(key), 405, "method-not-allowed")
        for path in ("/nothing", "/v1", "/v1/verify/", "/q/1/", "/registry.db", "/V1/verify"):
            self.elsewhere("beside", "GET", path, 404, "not-found")
        self.elsewhere("beside-admin", "GET", "/v1/snapshot", 404, "not-found")
        self.elsewhere("beside", "GET", "/metrics", 404, "not-found")

    def elsewhere(self, at, method, path, status, word):
        for headers in ([], list(PAGE.items())):
            reply = send(self.urls[at], method, path, headers)
            if reply.status != status or reply.headers.get("connection") == "close" or not headers and reply.word() != word:
                fail(f"{method} {path}: {reply.status} {reply.body[:200]}")
            self.document.hold(ELSEWHERE, reply, f"{method} {path}")

    def no_http(self):
        long = b"a" * 4 * limit("LIMIT_HEADER_BYTES")
        for status, request in ((400, b"GET / HTTP/1.1\r\n\r\n"), (414, b"GET /" + long + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
                                (431, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + long + b"\r\n\r\n"), (505, b"GET / HTTP/3.0\r\nHost: x\r\n\r\n")):
            got = raw(self.urls["beside"], request)
            if got != status:
                fail(f"no HTTP: {got}, not {status}")
            self.document.seen.add((ELSEWHERE, status, None, None))

    # ---- what single operations have ----

    def verify(self):
        for key in (("POST", "/v1/verify"), ("POST", "/v1/evidence")):
            for query in ("at=yesterday", "at=2026-11-20&at=2026-11-21", "hodler=91999902MADEM002X6", "scan=1", "holder", "grade=%ff"):
                self.ask(key, 400, "bad-question", path=f"{key[1]}?{query}")
            self.ask(key, 400, "empty-body", body=b"", kind="text/plain")
            self.ask(key, 422, "unreadable-picture", body=BROKEN_PICTURE, kind="image/jpeg")
            self.ask(key, 501, "no-pictures", at="no-pictures", body=self.picture, kind="image/png")
            self.ask(key, 200, at="alone", body=self.picture, kind="image/png")
            for kind in self.document.operations[key]["requestBody"]["content"]:
                self.ask(key, 200, body=self.code.encode(), kind=kind)
            today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
            self.ask(key, 200, path=f"{key[1]}?at={today}T14:00:00%2B08:00")
            self.ask(key, 400, "bad-question", path=f"{key[1]}?at={today}T14:00:00+08:00")
            self.ask(key, 200, path=f"{key[1]}?at={today}&known={today}&holder=91999901MADEM00110&grade=A&scope=software&for=existing&scan=yes")
        self.ask(("POST", "/v1/evidence"), 503, "published-behind", body=self.behind, kind="application/pdf")

    def asked(self):
        """Each parameter is heard."""
        for query, reason in (("holder=91999901MADEM00110", "FIT-HOLDER"), ("scope=consulting", "FIT-SCOPE"), ("at=2020-01-01", "DATE-NOT-YET"),
                              ("known=2020-01-01", None), ("grade=A", "FIT-GRADE"), ("for=existing", None)):
            body = (self.specimens / ("suspended.pdf" if query.startswith("for") else "older-snapshot.pdf")).read_bytes()
            reply = self.ask(("POST", "/v1/verify"), 200, path="/v1/verify?" + query, body=body, kind="application/pdf")
            plain = self.ask(("POST", "/v1/verify"), 200, body=body, kind="application/pdf")
            answer, without = (json.loads(r.body) for r in (reply, plain))
            if reason is not None and answer["reason"] != reason or answer["verdict"] == without["verdict"] and reason != answer["reason"]:
                fail(f"?{query} changes nothing: {answer['verdict']} {answer['reason']}")

    def moments(self):
        """What the document takes for a moment is one to the daemon, and nothing else is."""
        pattern = self.document.tree["components"]["schemas"]["when"]["pattern"]
        for day in ("2026-11-20", "2000-01-01", "2099-12-31", "1999-12-31", "2100-01-01", "2126-11-20", "1970-01-01", "20261-1-20", "26-11-20"):
            for time_of_day in ("", "T14:00", "T14:00:00", "T14:00:00Z", "T14:00:00%2B08:00", "T14", "T14:00Z", "T14:00:00.0Z", " 14:00", "%2B08:00"):
                value = urllib.parse.unquote(day + time_of_day)
                for word in ("at", "known"):
                    want = (200, None) if re.search(pattern, value) else (400, "bad-question")
                    self.ask(("POST", "/v1/verify"), *want, path=f"/v1/verify?{word}={day}{time_of_day.replace(' ', '%20')}")

    def known(self):
        """A past `known` wants an `at` that is no later."""
        day, moment = (time.strftime(form, time.gmtime(time.time() + 8 * 3600 - ago)) for form, ago in (("%Y-%m-%d", 86400), ("%Y-%m-%dT%H:%M:%S", 0)))
        for query, reason in ((f"known={day}", "DATE-AFTER-DATA"), (f"at={moment}&known={day}", "DATE-AFTER-DATA"),
                              (f"at={day}&known={day}", "DATE-NOT-YET"), (f"at={moment}&known={moment}", None)):
            reply = self.ask(("POST", "/v1/verify"), 200, path="/v1/verify?" + query)
            if json.loads(reply.body)["reason"] != reason:
                fail(f"?{query}: {reply.body[:300]}, not {reason}")

    def forms(self):
        """An error is a page for whom Accept names text/html before JSON, and problem details for everybody else."""
        page, problem = "text/html", "application/problem+json"
        for accept, kind in ((None, problem), ("*/*", problem), ("application/json", problem), ("application/json, text/html", problem),
                             ("application/problem+json, text/html", problem), ("text/html;q=0.9, application/json", problem),
                             ("text/html, application/json", page), ("text/html, application/problem+json", page),
                             ("application/json;q=0.9, text/html", page), ("text/html", page)):
            for key in (("POST", "/v1/verify"), ("POST", "/v1/confirm"), ("POST", "/")):
                reply = send(self.urls["beside"], *key, [("Content-Type", "text/x")] + ([("Accept", accept)] if accept is not None else []), b"x")
                self.document.hold(key, reply, f"{key} for {accept}")
                if reply.status != 415 or not media(kind, reply.headers["content-type"]):
                    fail(f"{key} with Accept: {accept}: {reply.status} {reply.headers['content-type']}")

    def confirm(self):
        key = ("POST", "/v1/confirm")
        good = {"number": self.number, "check_code": self.check_code}
        for word, kind_body in (("bad-json", ("application/json", b"{")), ("bad-json", self.json(number=self.number)),
                                ("bad-json", self.json(number=1, check_code="x")), ("bad-question", self.json(**good, at="then")),
                                ("bad-question", self.json(**good, x="y")), ("bad-number", self.json(number="JC", check_code="x")),
                                ("bad-check-code", self.json(number=self.number, check_code="x"))):
            self.ask(key, 400, word, kind=kind_body[0], body=kind_body[1])
        self.ask(key, 413, "too-long", kind="application/json", body=b"[" * 100)
        self.ask(key, 501, "no-look-up", at="alone")
        self.ask(key, 503, "look-up-unavailable", at="no-look-up")
        reply = self.ask(key, 200)
        if json.loads(reply.body)["verdict"] != "valid":
            fail("a right check code is not VALID")
        self.misses(key, *self.json(number=NOBODY, check_code="7K3QX9TB"))

    def misses(self, key, kind, body):
        """Right ones cost nothing, misses do."""
        client = [("X-Forwarded-For", f"198.51.100.{len(key[1])}")]
        for _ in range(20):
            self.ask(key, 200, headers=client)
        for _ in range(10):
            self.ask(key, 200, headers=client, kind=kind, body=body)
        self.ask(key, 429, "too-many-misses", headers=client, kind=kind, body=body)

    def batch(self):
        key = ("POST", "/v1/verify-batch")
        for word, body in (("bad-json", b"["), ("bad-json", b"{}"), ("bad-json", b'{"inputs":[]}'), ("bad-question", b'{"inputs":[{}],"x":"y"}')):
            self.ask(key, 400, word, kind="application/json", body=body)
        for body in (b'{"inputs":[' + b",".join([b"{}"] * 101) + b"]}", b"[" * 1000):
            self.ask(key, 413, "too-long", kind="application/json", body=body)
        text = lambda data: base64.b64encode(data).decode()
        inputs = [{"name": "good", "file": text(self.pdf)}, {"name": "bad", "x": "y", "code": "x"}, {"code": self.code, "file": "eA=="},
                  {"file": "!"}, {"file": ""}, {"file": text(b"x" * (limit("LIMIT_PDF_BYTES") + 1))}, {"file": text(BROKEN_PICTURE)},
                  {"number": "JC", "check_code": "x"}, {"number": self.number, "check_code": "x"},
                  {"number": self.number, "check_code": self.check_code, "grade": "A"}]
        reply = self.ask(key, 200, kind="application/json", body=json.dumps({"for": "new", "inputs": inputs}).encode())
        self.document.note_lines(reply)
        answers = json.loads(reply.body)["answers"]
        if [a.get("name") for a in answers][:2] != ["good", "bad"] or [a["answer"]["verdict"] for a in answers if "answer" in a] != ["valid", "valid"]:
            fail(f"a batch: {reply.body[:400]}")
        missed = [{"number": NOBODY, "check_code": "7K3QX9TB"}] * 11
        for at, body in (("beside", missed), ("alone", missed[:1]), ("no-look-up", missed[:1]), ("no-pictures", [{"file": text(self.picture)}])):
            self.document.note_lines(self.ask(key, 200, at=at, headers=[("X-Forwarded-For", "198.51.100.99")], kind="application/json",
                                              body=json.dumps({"inputs": body}).encode()))

    def page(self):
        key = ("POST", "/")
        for word, form in (("bad-form", self.form(other="x")), ("bad-form", self.form(lang="en")), ("bad-question", self.form(file=self.pdf, holder="1")),
                           ("bad-form", self.form(file=self.pdf, want="register")), ("bad-form", self.form(file=self.pdf, number=self.number)),
                           ("bad-form", self.form(file=self.pdf, code=self.code)), ("bad-form", self.form(code=self.code, number=self.number)),
                           ("empty-body", self.form(file=b"")), ("bad-question", self.form(file=self.pdf, scan="x")),
                           ("bad-number", self.form(number="JC", check_code="x")), ("bad-check-code", self.form(number=self.number, check_code="x"))):
            self.ask(key, 400, word, kind=form[0], body=form[1])
        for status, word, at, form in ((422, "unreadable-picture", "beside", self.form(file=BROKEN_PICTURE)),
                                       (501, "no-pictures", "no-pictures", self.form(file=self.picture)),
                                       (501, "no-look-up", "alone", self.form(number=self.number, check_code=self.check_code)),
                                       (503, "look-up-unavailable", "no-look-up", self.form(number=self.number, check_code=self.check_code)),
                                       (503, "published-behind", "beside", self.form(file=self.behind, want="evidence"))):
            self.ask(key, status, word, at=at, kind=form[0], body=form[1])
        kind, many = self.form(file=b"x")
        many = many[:-len(b"--a-boundary--\r\n")] * (limit("LIMIT_FORM_FILES") + 1) + b"--a-boundary--\r\n"
        self.ask(key, 413, "too-long", kind=kind, body=many)
        kind, body = self.form(file=self.pdf, want="evidence", lang="en")
        self.ask(key, 200, kind=kind, body=body)
        self.ask(key, 200)
        for path in ("/q/1/0", "/q/1/abc", "/q/1/0/1", "/q/1/" + "1" * 2000):
            self.ask(("GET", "/q/1/{digits}"), 200, path=path)
        self.misses(key, *self.form(number=NOBODY, check_code="7K3QX9TB"))

    def languages(self):
        """Accept-Language by its weights; ?lang= before it."""
        for path in ("/", self.sample(("GET", "/q/1/{digits}"))):
            for header, query, lang in ((None, "", "zh-CN"), ("en", "", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh-CN"), ("en;q=0.5,zh;q=0.4", "", "en"),
                                        ("fr", "", "zh-CN"), ("fr,en;q=0", "", "zh-CN"), ("en", "?lang=zh", "zh-CN"), ("zh", "?lang=en", "en")):
                reply = send(self.urls["beside"], "GET", path + query, [("Accept-Language", header)] if header is not None else [])
                if f'<html lang="{lang}">'.encode() not in reply.body:
                    fail(f"Accept-Language: {header} {query}: not {lang}")

    def files(self):
        for key in self.document.operations:
            missing = {"/v1/trust-bundles/{seq}": "/v1/trust-bundles/999", "/v1/status/{iss}/{list}": "/v1/status/TEST/999",
                       "/v1/parts/{sha256}": "/v1/parts/" + "0" * 64, "/log/tile/{tile}": "/log/tile/0/999"}.get(key[1])
            if missing is not None:
                self.ask(key, 404, "not-found", path=missing)
        # a bureau that has published nothing yet, as the daemon sees it
        for key, file in ((("GET", p), self.bureau.parent / "no-look-up" / ("public" + p)) for p in ("/v1/trust-bundle", "/v1/snapshot", "/log/checkpoint")):
            away = file.with_suffix(".away")
            file.rename(away)
            self.ask(key, 404, "not-found", at="no-look-up")
            away.rename(file)

    def ready(self):
        reply = self.ask(("GET", "/readyz"), 503, at="no-look-up-admin")
        if json.loads(reply.body)["lookup"] != "missing":
            fail(f"readyz: {reply.body}")
        reply = self.ask(("GET", "/readyz"), 503, at="stale-admin")
        if json.loads(reply.body)["trouble"] != "STATUS-STALE":
            fail(f"readyz: {reply.body}")

    def busy(self):
        """As many connections as are held at all; then who comes is told to come back."""
        for at in ("few", "few-admin"):
            url = urllib.parse.urlsplit(self.urls[at])
            keys = [key for key in self.document.operations if self.listener(key) == at.replace("few", "beside")]
            with contextlib.ExitStack() as stack:
                for _ in range(limit("LIMIT_CONNECTIONS_LEAST")):
                    stack.enter_context(socket.create_connection((url.hostname, url.port), timeout=30))
                for _ in range(50):
                    if send(self.urls[at], "GET", self.sample(keys[0])).status == 503:
                        break
                    time.sleep(0.1)
                for key in keys:
                    self.ask(key, 503, "busy", at=at)

    # ---- the document itself ----

    def routes(self):
        """The document and verifier/daemon/routes.c have the same addresses."""
        rows = re.findall(r'\{ "([A-Z]+)", "([^"]+)",', (ROOT / "verifier/daemon/routes.c").read_text())
        there = {(method, path) for method, path in rows}
        described = {(method, re.sub(r"\{.*", "*", path)) for method, path in self.document.operations}
        if there != described or len(rows) != len(there):
            fail(f"routes.c alone has {sorted(there - described)}, openapi.yaml alone {sorted(described - there)}")
        words = re.findall(r'\bX\(\w+, "([A-Z-]+)"', (ROOT / "verifier" / "verdict.h").read_text())
        self.same_words(words, self.document.schema["$defs"]["finding"]["enum"], "findings")
        scopes = json.loads((ROOT / "templates" / "codes" / "scopes.json").read_text())
        self.same_words([s["word"] for s in scopes], self.document.tree["components"]["schemas"]["scope"]["enum"], "scopes")
        version = re.search(r"project\(qualcert VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
        if self.document.tree["info"]["version"] != version:
            fail(f"openapi.yaml describes {self.document.tree['info']['version']}, this is {version}")

    @staticmethod
    def same_words(there, described, what):
        if sorted(there) != sorted(described):
            fail(f"{what}: the program's and the document's differ by {sorted(set(there) ^ set(described))}")

    def schema_examples(self, node, where="#"):
        if isinstance(node, dict):
            if isinstance(node.get("examples"), list):
                for example in node["examples"]:
                    self.document.valid(example, node, f"example at {where}")
            for name, child in node.items():
                self.schema_examples(child, f"{where}/{name}")
        elif isinstance(node, list):
            for i, child in enumerate(node):
                self.schema_examples(child, f"{where}/{i}")

    def reply_examples(self):
        """The examples of a verdict have the members that the daemon's own answers have."""
        content = self.document.tree["components"]["responses"]["verdict"]["content"]["application/json"]
        for name, example in content["examples"].items():
            self.document.valid(example["value"], content["schema"], f"the example {name}")
            file = next(p for p in self.specimens.glob(name + ".*") if p.suffix != ".json")
            reply = self.ask(("POST", "/v1/verify"), 200, at="alone", body=file.read_bytes(), kind="application/pdf")
            if shape(json.loads(reply.body)) != shape(example["value"]):
                fail(f"the example {name} is not as the daemon answers: {reply.body}")

    def commands(self):
        """The commands of docs/api.md do what it says: curl itself fails where there is an error."""
        text = (ROOT / "docs" / "api.md").read_text()
        for block in re.findall(r"(?:^    .*\n)+", text, re.M):
            command = block.replace("http://127.0.0.1:8080", self.urls["beside"]).replace("demo-bureau", str(self.bureau))
            done = subprocess.run(["sh", "-ec", command], cwd=self.bureau.parent, capture_output=True, timeout=60)
            if done.returncode != 0:
                fail(f"docs/api.md: {command}: {done.stdout[:300]} {done.stderr[:300]}")

    # ---- specimens ----

    def specimen(self, file, at):
        """The daemon answers as qualverify did when the specimen was made, but for what depends on when and where."""
        wanted = json.loads(file.with_suffix(".json").read_text())
        path = "/v1/verify"
        if file.stem == "too-old-data":
            path += "?at=" + wanted["asked"]["at"][:10]
        kind = {".pdf": "application/pdf", ".png": "image/png", ".txt": "text/plain"}[file.suffix]
        reply = self.ask(("POST", "/v1/verify"), 200, at=at, path=path, body=file.read_bytes(), kind=kind)
        got = json.loads(reply.body)
        for answer in (wanted, got):
            answer.pop("input", None)  # what the command line called it
            answer["asked"].pop("known")
            if file.stem != "too-old-data":
                answer["asked"].pop("at")
            for member in ("sequence", "made", "good_until", "rollback_guarded"):
                answer.get("data", {}).pop(member, None)  # which snapshot is held, and what is remembered
        if got != wanted:
            fail(f"{at}: specimen {file.name}: {reply.body.decode()}, not {json.dumps(wanted, ensure_ascii=False)}")
        return got["verdict"], got["reason"]

    def all_specimens(self):
        text = (ROOT / "docs" / "api.md").read_text()
        wanted = {name: (verdict, reason) for name, verdict, reason in re.findall(r"^\| `(\S+)` \| ([a-z]+) \| ([A-Z-]*) ?\|$", text, re.M)}
        files = {p.name: p for p in self.specimens.iterdir() if p.is_file() and p.suffix != ".json"}
        if files.keys() != wanted.keys():
            fail(f"specimens are {sorted(files)}, described in docs/api.md {sorted(wanted)}")
        for name, file in files.items():
            for at in ("older",) if name == "older-snapshot.pdf" else ("alone", "beside"):
                verdict, reason = self.specimen(file, at)
                if (verdict, reason or "") != wanted[name]:
                    fail(f"specimen {name}: {verdict} {reason}")
                print(f"   {name}: {verdict} {reason or ''} ({at})")
        reply = self.ask(("POST", "/v1/verify"), 200, at="stale", body=self.pdf, kind="application/pdf")
        answer = json.loads(reply.body)
        if (answer["verdict"], answer["reason"]) != ("undetermined", "STATUS-STALE"):
            fail(f"ten days on: {reply.body}")
        for at, age in (("alone", 300), ("stale", 0)):
            for _ in range(2):
                reply = self.ask(("GET", "/v1/status/{iss}/{list}"), 200, at=at)
                if reply.headers["cache-control"] != f"public, max-age={age}":
                    fail(f"status token, {at}: {reply.headers['cache-control']}")

    def alarms(self):
        """A reply that is otherwise than named in one respect is found."""
        key = ("GET", "/v1/snapshot")
        for change in (lambda r: setattr(r, "status", 418), lambda r: r.headers.pop("etag"), lambda r: r.headers.update({"cache-control": "public"}),
                       lambda r: r.headers.update({"content-type": "text/html"}), lambda r: r.headers.update({"allow": "GET"}),
                       lambda r: setattr(r, "body", b"")):
            reply = send(self.urls["beside"], *key)
            change(reply)
            try:
                self.document.hold(key, reply, "an alarm")
            except SystemExit:
                continue
            fail("a reply that is not as named goes unnoticed")

    def run(self):
        self.alarms()
        self.routes()
        self.schema_examples(self.document.tree["components"])
        self.all_specimens()
        self.reply_examples()
        self.commands()
        for key in self.document.operations:
            self.common(key)
        for part in (self.alone, self.options, self.no_http, self.verify, self.asked, self.moments, self.known, self.forms, self.confirm, self.batch, self.page, self.languages, self.files,
                     self.ready, self.busy):
            part()
        named = set(self.document.named())
        if named - self.document.seen:
            fail("named, and never provoked: " + "\n".join(map(str, sorted(named - self.document.seen, key=str))))
        print(f"   {len(self.document.operations)} operations, {len(named)} replies named, each provoked")


def shape(value):
    """Names and types alone."""
    if isinstance(value, dict):
        return {name: shape(child) for name, child in value.items()}
    if isinstance(value, list):
        return [shape(child) for child in value[:1]]
    return type(value).__name__


if __name__ == "__main__":
    Test(*sys.argv[1:5], dict(pair.split("=", 1) for pair in sys.argv[5:])).run()
