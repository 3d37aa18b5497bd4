"""Requests that must do no harm, and what each is answered.

A case says what is sent, in one write, and what must come back: "200 400 closed" are two replies and then the end of the
connection. After a case that does not end with "closed" the same connection must still answer a good request, unless the
last reply said it would close. The words:

  200, 400 ...   a reply with this status, read strictly
  400*           of the HTTP library's own making: before any of our code, its header is sent twice, and then it closes
  closed         the connection ends, and nothing more has come

What two readers could take for different requests is never answered 200, and nothing is ever answered 500.
"""
import base64
import gzip
import io
import json
import struct
import tarfile
import zlib

from served import BOUNDARY, HOST, form, post, post_form, request

HOST_LINE = f"Host: {HOST}\r\n".encode()
HIDDEN = b"GET /v1/trust-bundle HTTP/1.1\r\n" + HOST_LINE + b"\r\n"
LIMIT_PDF_BYTES = 8 << 20


class Case:
    def __init__(self, group, name, sent, want, method="GET", check=None):
        self.group, self.name, self.sent, self.want = group, name, sent, want.split()
        self.method, self.check = method, check  # check(reply): what is wrong with the last reply, or None


def get(lines=b"", target=b"/v1/snapshot", version=b"HTTP/1.1", method=b"GET", host=HOST_LINE):
    return method + b" " + target + b" " + version + b"\r\n" + host + lines + b"\r\n"


def ask(lines, body=b"abc", target=b"/v1/verify"):
    """POST of a text, which is no code: a verdict, NOT VALID, if it is taken at all."""
    return b"POST " + target + b" HTTP/1.1\r\n" + HOST_LINE + b"Content-Type: text/plain\r\n" + lines + b"\r\n" + body


def has(name, value):
    return lambda reply: None if reply.headers.get(name) == value else f"{name}: {reply.headers.get(name)}"


def says(word, reason):
    def check(reply):
        told = reply.json()
        return None if (told["verdict"], told["reason"]) == (word, reason) else f"{told['verdict']} {told['reason']}"
    return check


NOT_OURS = says("rejected", "FORMAT-NOT-OURS")
UNREADABLE = says("undetermined", "CODE-UNREADABLE")


def page(word):
    return lambda reply: None if word in reply.body.decode() else f"a page without {word}"


def without(script):
    return lambda reply: f"{script} stands in it" if script in reply.body else None


# ---- where does this request end? ----

def threat_44_where_a_request_ends():
    chunks = b"0\r\n\r\n"
    yield "CL.TE", ask(b"Content-Length: 47\r\nTransfer-Encoding: chunked\r\n", chunks + HIDDEN), "400 closed"
    yield "TE.CL", ask(b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", b"3\r\nabc\r\n" + chunks), "400 closed"
    yield "TE.TE", ask(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunks + HIDDEN), "411 closed"
    for name, value in [
        ("chunked", b" chunked"), ("xchunked", b" xchunked"), ("no blank", b"chunked"), ("a tab", b"\tchunked"),
        ("vertical tab", b" \x0bchunked"), ("capitals", b" CHUNKED"), ("chunked, identity", b" chunked, identity"),
        ("gzip, chunked", b" gzip, chunked"), ("identity", b" identity"), ("quoted", b' "chunked"'), ("empty", b""),
        ("parameter", b" chunked;x=y"), ("trailing blank", b" chunked "), ("high byte", b" chunked\xa0"),
    ]:
        line = b"Transfer-Encoding:" + value + b"\r\n"
        yield f"TE {name}", ask(line, chunks + HIDDEN), "411 closed"
        yield f"CL and TE {name}", ask(b"Content-Length: 5\r\n" + line, chunks + HIDDEN), "400 closed"
    yield "TE on GET", get(b"Transfer-Encoding: chunked\r\n") + b"3\r\nabc\r\n" + chunks, "411 closed"
    yield "TE on HTTP/1.0", get(b"Transfer-Encoding: chunked\r\n", version=b"HTTP/1.0") + chunks + HIDDEN, "411 closed"
    yield "TE blank before the colon", ask(b"Content-Length: 5\r\nTransfer-Encoding : chunked\r\n", chunks + HIDDEN), "400 closed"
    yield "TE tab before the colon", ask(b"Content-Length: 5\r\nTransfer-Encoding\t: chunked\r\n", chunks + HIDDEN), "400 closed"
    yield "TE behind a NUL in its name", ask(b"Content-Length: 5\r\n\0Transfer-Encoding: chunked\r\n", chunks + HIDDEN), "400 closed"
    yield "two CL, different", ask(b"Content-Length: 3\r\nContent-Length: 50\r\n", b"abc" + HIDDEN), "400 closed"
    yield "two CL, the same", ask(b"Content-Length: 3\r\nContent-Length: 3\r\n"), "400 closed"
    yield "two CL, one in small letters", ask(b"Content-Length: 3\r\ncontent-length: 0\r\n"), "400 closed"
    for name, value in [
        ("plus", b"+3"), ("minus", b"-3"), ("hexadecimal", b"0x3"), ("list", b"3, 3"), ("trailing blank", b"3 "), ("empty", b""),
        ("a point", b"3.0"), ("exponent", b"3e0"), ("a letter", b"3a"), ("inner blank", b"3 0"), ("quoted", b'"3"'),
        ("full-width digit", "３".encode()), ("underscore", b"1_0"),
    ]:
        yield f"CL {name}", ask(b"Content-Length: " + value + b"\r\n", b"abc" + HIDDEN), "400* closed"
    yield "CL 2^64 + 3", ask(b"Content-Length: 18446744073709551619\r\n", b"abc" + HIDDEN), "413* closed"
    yield "CL of 400 digits", ask(b"Content-Length: " + b"9" * 400 + b"\r\n", b"abc" + HIDDEN), "413* closed"
    yield "CL 2^63", ask(b"Content-Length: 9223372036854775808\r\n"), "400 closed"
    yield "CL of 19 digits, mostly zeros", ask(b"Content-Length: 0000000000000000003\r\n"), "400 closed"
    yield "CL with leading zeros", ask(b"Content-Length: 0003\r\n"), "200"
    yield "CL after a tab", ask(b"Content-Length:\t3\r\n"), "200"
    yield "CL with a NUL behind", ask(b"Content-Length: 3\0004\r\n", b"abc" + HIDDEN), "400 closed"
    yield "CL folded", ask(b"Content-Length:\r\n 3\r\n", b"abc"), "400 closed"
    yield "CL one too small", ask(b"Content-Length: 2\r\n", b"abcd\r\n\r\n"), "200 closed"
    yield "CL on GET, a request as its body", get(b"Content-Length: %d\r\n" % len(HIDDEN)) + HIDDEN, "413 closed"
    yield "CL on HEAD, a request as its body", get(b"Content-Length: %d\r\n" % len(HIDDEN), method=b"HEAD") + HIDDEN, "413 closed", "HEAD"
    yield "a body without CL", ask(b"", HIDDEN), "400 200"
    yield "CL in Connection", ask(b"Connection: Content-Length\r\nContent-Length: 3\r\n"), "200"
    yield "a line without name hides TE", ask(b"Content-Length: 5\r\n: x\r\nTransfer-Encoding: chunked\r\n", chunks), "400 closed"
    yield "a line without name, then a request", get(b": x\r\n" + HIDDEN), "400 closed"


def threat_44_bytes_in_a_header():
    yield "bare LF everywhere", get().replace(b"\r\n", b"\n"), "400 closed"
    yield "bare LF after the request line", get().replace(b"1.1\r\n", b"1.1\n"), "400 closed"
    yield "bare LF after one header", get(b"X: y\nZ: y\r\n"), "400 closed"
    yield "bare LF before the empty line", b"GET /v1/snapshot HTTP/1.1\r\nHost: v.example\n\r\n", "400 closed"
    yield "bare LF as the empty line", get()[:-2] + b"\n", "400 closed"
    yield "bare LF hides TE", ask(b"Content-Length: 5\r\nX: y\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"), "400 closed"
    yield "bare CR in a value", get(b"X: a\rb\r\n"), "400 closed"
    yield "bare CR hides TE", ask(b"Content-Length: 5\r\nX: a\rTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"), "400 closed"
    yield "bare CR hides CL", ask(b"X: a\rContent-Length: 50\r\nContent-Length: 3\r\n", b"abc" + HIDDEN), "400 closed"
    yield "bare CR in the request line", b"GET /v1/snapshot HTTP/1.1\r" + HOST_LINE + b"\r\n", "400* closed"
    yield "CR CR LF", get(b"X: a\r\r\n"), "400 closed"
    yield "obs-fold", get(b"X: a\r\n b\r\n"), "400 closed"
    yield "obs-fold with a tab", get(b"X: a\r\n\tb\r\n"), "400 closed"
    yield "obs-fold hides TE", ask(b"Content-Length: 5\r\nX: a\r\n Transfer-Encoding: chunked\r\n", b"0\r\n\r\n"), "400 closed"
    yield "a fold before any header", b"GET /v1/snapshot HTTP/1.1\r\n X: y\r\n" + HOST_LINE + b"\r\n", "400 closed"
    yield "NUL in a value", get(b"X: a\0b\r\n"), "400 closed"
    yield "NUL at a value's end", get(b"X: a\0\r\n"), "400 closed"
    yield "two NULs in a value", get(b"X: a\0\0b: c\r\n"), "400 closed"
    yield "NUL in Host", get(host=b"Host: v.example\0.evil\r\n"), "400 closed"
    yield "NUL in a name", get(b"X\0: b\r\n"), "400* closed"
    yield "NUL in the target", get(target=b"/v1/snapshot\0x"), "400 closed"
    yield "NUL at the target's end", get(target=b"/v1/snapshot\0"), "400 closed"
    yield "NUL in the query", get(target=b"/v1/snapshot?a=b\0c"), "400 closed"
    yield "NUL in the method", get(method=b"G\0ET"), "400 closed"
    yield "NUL in the version", get(version=b"HTTP/1.1\0x"), "400* closed"
    yield "no colon", get(b"nothing\r\n"), "400* closed"
    yield "a line without name at the end", get(b": x\r\n"), "400 closed"
    yield "a line without name at the beginning", get(host=b": x\r\n" + HOST_LINE), "400 closed"
    for name, byte in [("a blank", b" "), ("0x7f", b"\x7f"), ("0xff", b"\xff"), ("a bracket", b"["), ("a slash", b"/"), ("0x01", b"\1"),
            ("hanzi", "证".encode())]:
        yield f"{name} in a name", get(b"X" + byte + b"Y: a\r\n"), "400 closed"
    yield "a blank before the colon", get(b"X : a\r\n"), "400 closed"
    yield "two Hosts, different", get(b"Host: evil.example\r\n"), "400 closed"
    yield "two Hosts, the same", get(HOST_LINE), "400 closed"
    yield "no Host", get(host=b""), "400* closed"
    yield "two Content-Types", ask(b"Content-Type: application/pdf\r\nContent-Length: 3\r\n"), "400 closed"


def targets_versions_methods():
    yield "absolute form", get(target=b"http://v.example/v1/snapshot"), "200"
    yield "absolute form, https in capitals, a port", get(target=b"HTTPS://v.example:443/v1/snapshot?x=y"), "200"
    yield "absolute form of another host", get(target=b"http://evil.example/v1/snapshot"), "200"
    yield "absolute form without a path", get(target=b"http://v.example"), "200"
    yield "absolute form of no address", get(target=b"http://v.example/v1/snap"), "404"
    yield "absolute form with a name and password", get(target=b"http://a:b@v.example/v1/snapshot"), "404"
    yield "absolute form without a host", get(target=b"http:///v1/snapshot"), "404"
    yield "absolute form, escaped", get(target=b"http:%2f%2fv.example/v1/snapshot"), "404"
    yield "absolute form with an escaped host", get(target=b"http://v.example%2fv1/snapshot"), "404"
    yield "absolute form twice", get(target=b"http://v.example/http://v.example/v1/snapshot"), "404"
    yield "absolute form, without Host", get(target=b"http://v.example/v1/snapshot", host=b""), "400* closed"
    yield "absolute form, two Hosts", get(b"Host: a\r\n", target=b"http://v.example/v1/snapshot"), "400 closed"
    yield "absolute form, a NUL in its host", get(target=b"http://v.example\0/v1/snapshot"), "400 closed"
    yield "absolute form of a POST, a question beside JSON", ask(b"Content-Length: 2\r\n", b"{}", b"http://v.example/v1/confirm?holder=x").replace(
        b"text/plain", b"application/json"), "400 closed"
    yield "absolute form that leads out", get(target=b"http://v.example/v1/parts/..%2f..%2f..%2fkeys/passphrase"), "404"
    yield "a star for the slash", get() + get(target=b"*v1/snapshot"), "200 404"
    yield "a query for the path", get() + get(target=b"?v1/snapshot"), "200 404"
    yield "absolute form of another scheme", get(target=b"file:///etc/passwd"), "404"
    yield "authority form", get(target=b"v.example:80"), "404"
    yield "no slash", get(target=b"v1/snapshot"), "404"
    yield "a fragment", get(target=b"/v1/snapshot#x"), "404"
    yield "no target", b"GET  HTTP/1.1\r\n" + HOST_LINE + b"\r\n", "400* closed"
    yield "a blank in the target", get(target=b"/v1/snap shot"), "closed"
    yield "two blanks", b"GET  /v1/snapshot  HTTP/1.1\r\n" + HOST_LINE + b"\r\n", "closed"
    yield "tabs", b"GET\t/v1/snapshot\tHTTP/1.1\r\n" + HOST_LINE + b"\r\n", "closed"
    yield "HTTP/0.9", b"GET /v1/snapshot\r\n\r\n", "400* closed"
    yield "HTTP/1.0", get(version=b"HTTP/1.0"), "200 closed"
    yield "HTTP/1.0 without Host", get(version=b"HTTP/1.0", host=b""), "200 closed"
    yield "HTTP/1.9", get(version=b"HTTP/1.9"), "200"
    yield "HTTP/2.0", get(version=b"HTTP/2.0"), "505* closed"
    yield "HTTP/2's preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505* closed"
    for version in (b"HTTP/1.10", b"HTTP/01.1", b"HTTP/1.1 ", b"http/1.1", b"HTTP/1", b"HTTP/1,1", b"HTP/1.1", b"HTTPS/1.1", b"HTTP/-1.1", b"HTTP/0.9"):
        yield f"version {version.decode()!r}", get(version=version), "400* closed" if version != b"HTTP/0.9" else "505* closed"
    yield "an empty line before", b"\r\n" + get(), "200"
    for method in (b"TRACE", b"DELETE", b"PUT", b"PATCH", b"POST", b"get", b"GETS", b"G(T", b"A" * 2000):
        yield f"method {method[:8].decode()}", get(method=method), "405", "POST", has("allow", "GET, HEAD, OPTIONS")
    yield "CONNECT", get(method=b"CONNECT", target=b"v.example:443"), "404"
    yield "OPTIONS *", get(method=b"OPTIONS", target=b"*"), "404"
    yield "a method of 40,000 letters", get(method=b"A" * 40000), "414* closed"
    yield "no method", b" /v1/snapshot HTTP/1.1\r\n" + HOST_LINE + b"\r\n", "closed"
    yield "HEAD", get(method=b"HEAD"), "200", "HEAD"
    yield "HEAD of nothing", get(method=b"HEAD", target=b"/nothing"), "404", "HEAD"
    yield "HEAD of a POST's address", get(method=b"HEAD", target=b"/v1/verify"), "405", "HEAD", has("allow", "POST, OPTIONS")
    yield "TLS hello", bytes.fromhex("1603010200010001fc0303") + bytes(range(11, 256)) + b"\r\n\r\n", "400* closed"
    yield "SSH", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "closed"
    yield "empty lines only", b"\r\n" * 100 + get(), "200"


# ---- names of files ----

def threat_36_names_that_lead_out():
    key = b"keys/passphrase"
    for name, target in [
        ("dots", b"/v1/parts/../../../" + key), ("dots at the beginning", b"/../" + key), ("encoded dots", b"/v1/parts/%2e%2e/%2e%2e/%2e%2e/" + key),
        ("encoded slashes", b"/v1/parts/..%2f..%2f..%2f" + key), ("all encoded", b"/v1/parts/%2e%2e%2f%2e%2e%2f%2e%2e%2f" + key),
        ("encoded twice", b"/v1/parts/%252e%252e/%252e%252e/%252e%252e/" + key), ("backslashes", b"/v1/parts/..\\..\\..\\keys\\passphrase"),
        ("encoded backslashes", b"/v1/parts/..%5c..%5c..%5ckeys%5cpassphrase"), ("overlong dot", b"/v1/parts/%c0%ae%c0%ae/%c0%ae%c0%ae/" + key),
        ("overlong slash", b"/v1/parts/..%c0%af..%c0%af..%c0%af" + key), ("full-width dots", "/v1/parts/．．/．．/".encode() + key),
        ("%u002e", b"/v1/parts/%u002e%u002e/%u002e%u002e/" + key), ("dots and semicolons", b"/v1/parts/..;/..;/..;/" + key),
        ("absolute", b"/v1/parts//etc/passwd"), ("absolute, encoded", b"/v1/parts/%2fetc%2fpasswd"), ("double slash", b"//etc/passwd"),
        ("double slash to a file", b"//v1/snapshot"), ("dot", b"/./v1/snapshot"), ("dots to a file", b"/v1/status/../snapshot"),
        ("slash at the end", b"/v1/snapshot/"), ("a folder", b"/v1/parts"), ("a folder's slash", b"/v1/parts/"),
        ("a folder inside", b"/v1/status/TEST"),
        ("dot as a name", b"/v1/parts/."), ("dots as a name", b"/v1/parts/.."), ("a hidden file", b"/v1/parts/.hidden"),
        ("NUL, encoded", b"/v1/snapshot%00"), ("NUL and more, encoded", b"/v1/parts/%00/../../" + key), ("a percent sign", b"/v1/parts/%"),
        ("half an escape", b"/v1/parts/%2"), ("no escape", b"/v1/parts/%zz"), ("the register", b"/registry.db"), ("the look-up table", b"/lookup.db"),
        ("the root of it", b"/v1/../root.cose"), ("CR LF, encoded", b"/v1/parts/%0d%0aX:%20y"), ("a link", b"/v1/parts/link"),
        ("a pipe", b"/v1/parts/pipe"),
        ("a folder among parts", b"/v1/parts/folder"), ("a name of 255 letters", b"/v1/parts/" + b"a" * 255),
        ("a name of 4,000 letters", b"/v1/parts/" + b"a" * 4000),
        ("1,000 folders deep", b"/v1/parts" + b"/a" * 1000), ("metrics", b"/metrics"), ("readyz", b"/readyz"),
        ("an escape in the query", b"/v1/parts/?../../" + key), ("capitals", b"/V1/snapshot"),
    ]:
        yield name, get(target=target), "404"
    yield "an escaped letter", get(target=b"/v1/%73napshot"), "200"
    yield "an escaped slash", get(target=b"/v1%2fsnapshot"), "200"
    yield "dots behind a code", get(target=b"/q/1/../../v1/snapshot"), "200", "GET", no_file
    yield "dots behind a code, encoded", get(target=b"/q/1/%2e%2e/%2e%2e/keys/passphrase"), "200", "GET", no_file


def no_file(reply):
    """Whatever stands behind /q/1/ is a code, and this is none."""
    return None if "核验不通过" in reply.body.decode() else "not NOT VALID"


# ---- bytes that are no text ----

def threat_38_bytes_that_are_no_text():
    yield "0xff in a code", get(target=b"/q/1/\xff\xfe"), "200", "GET", no_file
    yield "%ff in a code", get(target=b"/q/1/%ff%fe%00"), "200", "GET", no_file
    yield "a script in a code", get(target=b"/q/1/<script>alert(1)</script>"), "200", "GET", without(b"alert(1)<")
    yield "a script in the language", get(target=b"/?lang=%22%3E%3Cscript%3E"), "200", "GET", without(b'"><script>')
    yield "a script in the path", get(b"Accept: text/html\r\n", target=b"/%3Cscript%3E"), "404", "GET", without(b"<script>")
    for name, query in [("0xff", b"at=\xff"), ("%ff", b"at=%ff"), ("%00", b"at=%00"), ("overlong", b"holder=%c0%80"), ("CR LF", b"at=%0d%0aX:y"),
                        ("a surrogate", b"grade=%ed%a0%80"), ("half an escape", b"for=%"), ("unknown", b"hodler=91999902MADEM002X6"),
                        ("a word twice", b"grade=A&grade=B"), ("no value", b"holder"), ("a long value", b"holder=" + b"9" * 3000)]:
        yield f"{name} in the query", ask(b"Content-Length: 3\r\n", target=b"/v1/verify?" + query), "400"
    yield "300 words in the query", ask(b"Content-Length: 3\r\n", target=b"/v1/verify?" + b"&".join(b"a%d=b" % i for i in range(300))), "closed"
    yield "a text that is no UTF-8", post("/v1/verify", "text/plain", b"\xff\xfe\0\x80"), "200", "POST", NOT_OURS
    yield "control characters as text", post("/v1/verify", "text/plain", bytes(range(32))), "200", "POST", NOT_OURS
    yield "a header that is no UTF-8", get(b"Accept-Language: \xff\xfe\r\nX: \x80\r\n"), "200"


def confirm(body, want="400", check=None):
    return post("/v1/confirm", "application/json", body), want, "POST", check


def threat_42_json():
    number, code = b'"number": "JC-A-999900-2026-48213-6"', b'"check_code": "00000000"'
    both = number + b", " + code
    for name, body in [
        ("empty", b""), ("null", b"null"), ("a list", b"[" + both + b"]"), ("a text", b'"x"'), ("not ended", b"{" + both),
        ("ended twice", b"{" + both + b"}}"),
        ("two objects", b"{" + both + b"} {}"), ("a comment", b"{/**/" + both + b"}"), ("a comma more", b"{" + both + b",}"),
        ("single quotes", b"{'number': 'x'}"),
        ("BOM", b"\xef\xbb\xbf{" + both + b"}"), ("UTF-16", ("{" + both.decode() + "}").encode("utf-16")), ("NUL behind", b"{" + both + b"}\0"),
        ("a member twice", b"{" + number + b", " + both + b"}"), ("a member twice, escaped", b'{"\\u006eumber": "x", ' + both + b"}"),
        ("an unknown member", b'{"x": "y", ' + both + b"}"), ("a name with NUL", b'{"number\\u0000": "x", ' + both + b"}"),
        ("__proto__", b'{"__proto__": {}, ' + both + b"}"),
        ("0xff", b'{"number": "\xff", ' + code + b"}"), ("overlong", b'{"number": "\xc0\x80", ' + code + b"}"),
        ("half a surrogate", b'{"number": "\\ud800", ' + code + b"}"),
        ("NUL, escaped", b'{"number": "JC\\u0000", ' + code + b"}"), ("a number", b'{"number": 48213, ' + code + b"}"),
        ("1e999", b'{"number": 1e999, ' + code + b"}"),
        ("400 digits", b'{"number": ' + b"9" * 400 + b", " + code + b"}"), ("NaN", b'{"number": NaN, ' + code + b"}"),
        ("true", b'{"number": true, ' + code + b"}"),
        ("an object as number", b'{"number": {}, ' + code + b"}"),
        ("a number of 3,000 letters", b'{"number": "' + b"J" * 3000 + b'", ' + code + b"}"),
        ("SQL", b'{"number": "\' OR 1=1 --", ' + code + b"}"), ("a pattern", b'{"number": "%", ' + code + b"}"),
        ("a pattern as check code", b"{" + number + b', "check_code": "%%%%%%%%"}'), ("no check code", b"{" + number + b"}"),
        ("an empty check code", b"{" + number + b', "check_code": ""}'),
        ("hanzi digits", "{\"number\": \"ＪＣ－Ａ\", ".encode() + code + b"}"),
    ]:
        yield name, *confirm(body)
    for name, body in [("1,000 lists", b"[" * 1000 + b"]" * 1000), ("1,900 lists, open", b"[" * 1900),
            ("600 objects", b'{"a":' * 600 + b"1" + b"}" * 600)]:
        yield name, *confirm(body, "413")
    yield "5,000 bytes", *confirm(b"{" + both + b" " * 5000 + b"}", "413 closed")
    yield "a form instead", post("/v1/confirm", "application/x-www-form-urlencoded", b"number=x"), "415"
    yield "another charset", post("/v1/confirm", "application/json; charset=utf-16", b"{" + both + b"}"), "200", "POST", says("rejected", "CONFIRM-UNKNOWN")
    yield "no media type", ask(b"", b"", b"/v1/confirm").replace(b"Content-Type: text/plain\r\n", b"Content-Length: 2\r\n") + b"{}", "415"


# ---- bodies ----

def bodies(held):
    right, changed = says("valid", None), says("rejected", "FILE-CHANGED")
    yield "gzip", post("/v1/verify", "application/pdf", gzip.compress(held.pdf), ["Content-Encoding: gzip"]), "415"
    yield "deflate", post("/v1/verify", "application/pdf", zlib.compress(held.pdf), ["Content-Encoding: deflate"]), "415"
    yield "a coding that is said and not used", post("/v1/verify", "application/pdf", held.pdf, ["Content-Encoding: gzip"]), "415"
    yield "an unknown coding", post("/v1/verify", "application/pdf", held.pdf, ["Content-Encoding: x"]), "415"
    yield "a bomb, gzip", post("/v1/verify", "application/pdf", gzip.compress(bytes(64 << 20)), ["Content-Encoding: gzip"]), "415"
    yield "a bomb, gzip, in JSON", post("/v1/confirm", "application/json", gzip.compress(bytes(1 << 20)), ["Content-Encoding: gzip"]), "415"
    yield "a bomb, gzip, in the form", post_form([("file", gzip.compress(bytes(1 << 20)))], ["Content-Encoding: gzip"]), "415"
    yield "identity", post("/v1/verify", "application/pdf", held.pdf, ["Content-Encoding: identity"]), "200", "POST", right
    yield "a bomb as a file", post("/v1/verify", "application/pdf", gzip.compress(bytes(64 << 20))), "200", "POST", NOT_OURS
    yield "zeros as PDF", post("/v1/verify", "application/pdf", bytes(1 << 20)), "200", "POST", NOT_OURS
    yield "a PDF as COSE", post("/v1/verify", "application/cose", held.pdf), "200", "POST", right
    yield "an empty body", post("/v1/verify", "application/pdf", b""), "400"
    yield "an unknown type", post("/v1/verify", "application/zip", b"PK\3\4"), "415"
    yield "a type of 3,000 letters", post("/v1/verify", "a/" + "b" * 3000, b"x"), "415"
    yield "two types in one line", post("/v1/verify", "text/plain, application/pdf", b"x"), "415"
    yield "8 MiB", post("/v1/verify", "application/pdf", held.pdf + bytes(LIMIT_PDF_BYTES - len(held.pdf))), "200", "POST", changed
    yield "8 MiB and a byte", post("/v1/verify", "application/pdf", bytes(LIMIT_PDF_BYTES + 1)), "413 closed"
    yield "8 MiB and a byte, declared only", ask(b"Content-Length: %d\r\n" % (LIMIT_PDF_BYTES + 1), b""), "413 closed"
    yield "an exabyte, declared", ask(b"Content-Length: 999999999999999999\r\n", b"abc"), "413 closed"
    yield "a code of 4,000 digits", get(target=b"/q/1/" + b"1" * 4000), "200", "GET", no_file
    yield "1 MiB of digits as text", post("/v1/verify", "text/plain", b"https://v.example/q/1/" + b"1" * (1 << 20)), "200", "POST", NOT_OURS


def forms(held):
    def raw(body, media_type=f"multipart/form-data; boundary={BOUNDARY}"):
        return post("/", media_type, body)

    good = form([("number", held.number), ("check_code", held.check_code)])
    part = b'Content-Disposition: form-data; name="number"\r\n\r\n'
    file = b'Content-Disposition: form-data; name="file"; filename="c"\r\n'
    begin, end = f"--{BOUNDARY}\r\n".encode(), f"--{BOUNDARY}--\r\n".encode()
    yield "no boundary", raw(good, "multipart/form-data"), "400 closed"
    yield "an empty boundary", raw(good, "multipart/form-data; boundary="), "400"
    yield "another boundary", raw(good, "multipart/form-data; boundary=other"), "400"
    yield "a boundary of 3,000 letters", raw(form([("number", "x")], "b" * 3000), "multipart/form-data; boundary=" + "b" * 3000), "400"
    yield "no end", raw(good[: -len(end)]), "400"
    yield "half an end", raw(good[:-4]), "400"
    yield "nothing", raw(b""), "400"
    yield "an end only", raw(end), "400"
    yield "no part's header", raw(begin + b"\r\nx\r\n" + end), "400"
    yield "a part without name", raw(begin + b"Content-Disposition: form-data\r\n\r\nx\r\n" + end), "400"
    yield "a part's header of 20,000 bytes", raw(begin + b"X: " + b"y" * 20000 + b"\r\n" + part + b"x\r\n" + end), "400"
    yield "a part's header of 1 MB", raw(begin + b"X: y\r\n" * 170000 + part + b"x\r\n" + end), "400"
    yield "10,000 parts, unknown", raw((begin + b'Content-Disposition: form-data; name="x"\r\n\r\ny\r\n') * 10000 + end), "400"
    yield "10,000 parts, empty", raw((begin + part + b"\r\n") * 10000 + end), "400"
    yield "a field twice", post_form([("number", held.number), ("number", held.number), ("check_code", held.check_code)]), "400"
    yield "a field of 200 bytes", post_form([("number", "J" * 200), ("check_code", held.check_code)]), "400"
    yield "a field of 1 MB", post_form([("number", "J" * (1 << 20)), ("check_code", held.check_code)]), "400"
    yield "a name of 10,000 letters", post_form([("n" * 10000, "x")]), "400"
    yield "fields with NUL and 0xff", raw(begin + part + b"JC\0\xff\r\n" + end), "400"
    yield "nested", raw(begin + file + b'Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\nx\r\n--in--\r\n' + end), "200", "POST", no_file
    yield "a file's name with a way out", raw(begin + file.replace(b'"c"', b'"../../../etc/passwd"') + b"\r\nx\r\n" + end), "200", "POST", no_file
    yield "base64 that is not decoded", raw(begin + file + b'Content-Transfer-Encoding: base64\r\n\r\neA==\r\n' + end), "200", "POST", no_file
    yield "9 MB in a file", post_form([("file", bytes(9 << 20))]), "413 closed"
    yield "a form as addresses have it", post("/", "application/x-www-form-urlencoded", b"number=x"), "415"
    yield "text behind the end", raw(good + b"x" * 1000), "400"
    yield "an unknown language", post_form([("number", held.number), ("check_code", held.check_code), ("lang", "xx")]), "200"
    yield "a wrong date", post_form([("number", held.number), ("check_code", held.check_code), ("at", "2026-02-30")]), "400"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows):
    """Of grey pixels; `rows` is what the rows inflate to."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def threat_41_pictures(held):
    def verify(body, media_type="image/png", query=""):
        return post(f"/v1/verify{query}", media_type, body)

    plain_pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj trailer<</Root 1 0 R>>\n%%EOF\n"
    yield "a photo", verify(held.photo), "200", "POST", says("valid", None)
    yield "a photo in the form", post_form([("file", held.photo)]), "200", "POST", page("核验通过")
    yield "a white page", verify(png(1000, 1000, (b"\0" + b"\xff" * 1000) * 1000)), "200", "POST", UNREADABLE
    yield "half a photo", verify(held.photo[: len(held.photo) // 2]), "422"
    yield "a head alone", verify(held.photo[:40]), "422"
    yield "60,000 by 60,000", verify(png(60000, 60000, b"")), "422"
    yield "2^31 by 2^31", verify(png(2**31 - 1, 2**31 - 1, b"")), "422"
    yield "no width", verify(png(0, 10, b"")), "422"
    yield "36 million pixels in 36 KB", verify(png(6000, 6000, bytes(6001 * 6000))), "200", "POST", UNREADABLE
    yield "more rows than said", verify(png(10, 10, bytes(64 << 20))), "200", "POST", UNREADABLE
    yield "1,000,000 chunks", verify(held.photo[:33] + chunk(b"tEXt", b"") * 500000), "422"
    yield "JPEG that is none", verify(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 100, "image/jpeg"), "422"
    yield "a photo called a PDF", verify(held.photo, "application/pdf"), "200", "POST", says("valid", None)
    yield "a PDF called a photo", verify(held.pdf), "200", "POST", says("valid", None)
    yield "GIF", verify(b"GIF89a" + bytes(100)), "422"
    yield "a scan that is sealed", verify(held.pdf, "application/pdf", "?scan=yes"), "200", "POST", says("valid", None)
    yield "a scan without pages", verify(plain_pdf, "application/pdf", "?scan=yes"), "422"
    yield "a scan that is no PDF inside", verify(b"%PDF-1.7\n" + bytes(range(256)) * 100, "application/pdf", "?scan=yes"), "422"
    yield "a scan of text", verify(b"abc", "text/plain", "?scan=yes"), "200", "POST", NOT_OURS


def stays_inside(reply):
    """Whoever unpacks an evidence file writes only below where he is."""
    with tarfile.open(fileobj=io.BytesIO(reply.body)) as tar:
        out = [m.name for m in tar if not m.isreg() or m.name.startswith("/") or ".." in m.name.split("/")]
    return f"leads out: {out}" if out else None


def many_files(held):
    def called(name, *fields):
        """Two files of this name, or what the form is."""
        sent = form(fields or [("file", b"x")] * 2).replace(b"c.pdf", name)
        return post("/", f"multipart/form-data; boundary={BOUNDARY}", sent)

    yield "60 files", post_form([("file", held.cose)] * 60), "200", "POST", page("核验通过")
    one_changed = [("file", held.cose)] * 57 + [("file", held.cose[:-1])] + [("file", held.cose)] * 42
    yield "100 files, one changed", post_form(one_changed), "200", "POST", page("核验不通过")
    yield "101 files", post_form([("file", held.cose)] * 101), "413"
    yield "10,000 files", post_form([("file", b"x")] * 10000), "413"
    yield "10,000 files without name", called(b"", *[("file", b"")] * 10000), "400"
    yield "a name with a script", called(b"<script>alert(1)</script>"), "200", "POST", without(b"<script>alert")
    yield "a name of 9,000 bytes", called(b"\xff" * 9000), "200"
    yield "evidence", post_form([("file", held.pdf), ("want", "evidence")]), "200", "POST", has("content-type", "application/x-tar")
    for name in (b"../../../etc/passwd", b"/etc/passwd", b"c\0.pdf", b"\xff\xfe", b"a" * 120, "证书.pdf".encode(), b"..", b"."):
        yield f"evidence of a file called {name[:20]}", called(name, ("file", held.cose), ("want", "evidence")), "200", "POST", stays_inside
    yield "evidence of nothing", post_form([("want", "evidence")]), "400"


def threat_47_batches(held):
    code = {"code": held.code}
    right = {"name": "right", "number": held.number, "check_code": held.check_code}

    def ask_all(inputs, headers=(), **common):
        return post("/v1/verify-batch", "application/json", json.dumps({"inputs": inputs, **common}).encode(), headers)

    def lines(*want):
        """Each line's verdict, or the status of its problem; and the summary counts them."""
        def check(reply):
            told = reply.json()
            got = [a["answer"]["verdict"] if "answer" in a else a["problem"]["status"] for a in told["answers"]]
            counts = [got.count(word) for word in ("valid", "rejected", "undetermined")]
            if list(told["summary"].values()) != [*counts, len(got) - sum(counts)]:
                return f"summary {told['summary']}"
            return None if got == list(want) else f"{got}"
        return check

    def one_bad(name, bad, want):
        return name, ask_all([code, bad, right]), "200", "POST", lines("valid", want, "valid")

    yield "100 codes", ask_all([code] * 100), "200", "POST", lines(*["valid"] * 100)
    yield "101 codes", ask_all([code] * 101), "413"
    yield "no inputs", ask_all([]), "400"
    yield "inputs that are no list", ask_all({}), "400"
    yield "no object", post("/v1/verify-batch", "application/json", b"[]"), "400"
    yield "inputs twice", post("/v1/verify-batch", "application/json", b'{"inputs": [], "inputs": []}'), "400"
    yield "an unknown word beside", ask_all([code], hodler="x"), "400"
    yield "a wrong date beside", ask_all([code], at="2026-02-30"), "400"
    yield one_bad("one is no object", 7, 400)
    yield one_bad("one is empty", {}, 400)
    yield one_bad("one has two things", code | right, 400)
    yield one_bad("one has an unknown member", code | {"hodler": "x"}, 400)
    yield one_bad("one has a wrong date", code | {"at": "yesterday"}, 400)
    yield one_bad("one is no base64", {"file": "%%%"}, 400)
    yield one_bad("one is base64 that is not padded", {"file": "QQ"}, 400)
    yield one_bad("one is base64 with blanks", {"file": "QU\nJD"}, 400)
    yield one_bad("one is an empty file", {"file": ""}, 400)
    yield one_bad("one is 9 MB", {"file": base64.b64encode(bytes(9 << 20)).decode()}, 413)
    yield one_bad("one is a bomb", {"file": base64.b64encode(gzip.compress(bytes(64 << 20))).decode()}, "rejected")
    yield one_bad("one is a picture that is none", {"file": base64.b64encode(held.photo[:40]).decode()}, 422)
    yield one_bad("one has a number that is none", {"number": "x", "check_code": "00000000"}, 400)
    yield one_bad("one has a wrong check code", {"number": held.number, "check_code": held.wrong_code}, "rejected")
    yield one_bad("one has a name of 100,000 letters", {"name": "n" * 100000, "code": "x"}, "rejected")
    yield "100 wrong check codes", ask_all([{"number": held.number, "check_code": held.wrong_code}] * 100, ["X-Forwarded-For: 203.0.113.1"]), \
        "200", "POST", lines(*["rejected"] * 10, *[429] * 90)
    yield "100,000 lists", post("/v1/verify-batch", "application/json", b"[" * 100000 + b"]" * 100000), "413"
    yield "1,000,000 numbers", post("/v1/verify-batch", "application/json", b'{"inputs": [' + b"1," * 1000000 + b"1]}"), "413"
    yield "100,000 members", post("/v1/verify-batch", "application/json", b"{" + b",".join(b'"%d":1' % i for i in range(100000)) + b"}"), "413"
    yield "a text of 15 MB", post("/v1/verify-batch", "application/json", b'{"inputs": [{"code": "' + b"1" * (15 << 20) + b'"}]}'), "200", "POST", lines("rejected")
    yield "16 MiB and a byte", post("/v1/verify-batch", "application/json", bytes((16 << 20) + 1)), "413 closed"


def evidences(held):
    yield "of a PDF", post("/v1/evidence", "application/pdf", held.pdf), "200", "POST", has("content-type", "application/x-tar")
    yield "of nothing", post("/v1/evidence", "application/pdf", b""), "400"
    yield "of a text", post("/v1/evidence", "text/plain", b"abc"), "200", "POST", has("content-type", "application/x-tar")
    yield "of half a photo", post("/v1/evidence", "image/png", held.photo[:5000]), "422"
    yield "of a question nobody knows", post("/v1/evidence?hodler=x", "application/pdf", held.pdf), "400"
    yield "of too much", post("/v1/evidence", "application/pdf", bytes(LIMIT_PDF_BYTES + 1)), "413 closed"
    yield "by GET", get(target=b"/v1/evidence"), "405"


def expectations(held):
    body = held.code.encode()
    yield "100-continue", ask(b"Expect: 100-continue\r\nContent-Length: %d\r\n" % len(body), body), "100 200", "POST", says("valid", None)
    yield "100-continue, the body at once", post("/v1/verify", "text/plain", body, ["expect: 100-CONTINUE"]), "100 200", "POST", says("valid", None)
    yield "100-continue for too much", ask(b"Expect: 100-continue\r\nContent-Length: 99999999\r\n", b""), "413 closed"
    yield "100-continue for nothing", ask(b"Expect: 100-continue\r\nContent-Length: 0\r\n", b""), "100 400"
    yield "100-continue for a wrong address", ask(b"Expect: 100-continue\r\nContent-Length: 3\r\n", b"", b"/nothing"), "404 closed"
    yield "100-continue on GET", get(b"Expect: 100-continue\r\n"), "100 200"
    yield "another expectation", ask(b"Expect: 200-ok\r\nContent-Length: %d\r\n" % len(body), body), "200", "POST", says("valid", None)


# ---- too much, and odd wishes ----

# What a phone's browser says of itself, and what a proxy adds.
PHONE = """Connection: keep-alive
sec-ch-ua: "Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"
sec-ch-ua-mobile: ?1
sec-ch-ua-platform: "Android"
Upgrade-Insecure-Requests: 1
User-Agent: Mozilla/5.0 (Linux; Android 14; 2311DRK48C Build/UP1A.230905.011; wv) AppleWebKit/537.36 (KHTML, like Gecko) \
Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160065 MMWEBSDK/20231202 MMWEBID/1234 \
MicroMessenger/8.0.47.2560(0x28002F35) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64
Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7
Sec-Fetch-Site: none
Sec-Fetch-Mode: navigate
Sec-Fetch-User: ?1
Sec-Fetch-Dest: document
Accept-Encoding: gzip, deflate, br, zstd
Accept-Language: zh-CN,zh;q=0.9,en-US;q=0.8,en;q=0.7
X-Forwarded-For: 2001:db8:1234:5678:9abc:def0:1234:5678
X-Forwarded-Proto: https
""".replace("\n", "\r\n").encode()


def sizes():
    """What is in a header may have LIMIT_EXCHANGE_BYTES in all, with the reply's header and the library's books; a code's address
    has 2 KiB, and a phone must never be refused."""
    for digits, cookies in ((900, 0), (900, 4000), (1705, 0), (1705, 4000)):
        phone = PHONE + b"Cookie: a=" + b"b" * cookies + b"\r\n"
        yield f"a phone, {digits} digits and {cookies} bytes of cookies", get(phone, target=b"/q/1/" + b"1" * digits), "200", "GET", no_file
    yield "a target of 8,000 letters", get(target=b"/" + b"a" * 8000), "404"
    yield "a target of 14,000 letters", get(target=b"/" + b"a" * 14000), "414* closed"
    yield "a target of 40,000 letters", get(target=b"/" + b"a" * 40000), "414* closed"
    yield "a header of 8,000 letters", get(b"X: " + b"a" * 8000 + b"\r\n"), "200"
    yield "a header of 12,800 letters", get(b"X: " + b"a" * 12800 + b"\r\n"), "431 closed"
    yield "a header of 14,000 letters", get(b"X: " + b"a" * 14000 + b"\r\n"), "431* closed"
    yield "a header of 40,000 letters", get(b"X: " + b"a" * 40000 + b"\r\n"), "431* closed"
    yield "a name of 40,000 letters", get(b"a" * 40000 + b": X\r\n"), "431* closed"
    yield "60 headers", get(b"X: a\r\n" * 60), "200"
    yield "3,000 headers", get(b"X: a\r\n" * 3000), "431* closed"
    yield "10,000 headers", get(b"X: a\r\n" * 10000), "431* closed"
    yield "1 MB without an end", b"GET /" + b"a" * (1 << 20), "414* closed"
    yield "a cookie of 4 KB", get(b"Cookie: a=" + b"b" * 4000 + b"\r\n"), "200"
    yield "a cookie of 16 KB", get(b"Cookie: a=" + b"b" * 16000 + b"\r\n"), "431* closed"


def wishes(held):
    etag = held.etag
    many = b", ".join(b'"%d"' % i for i in range(500))
    english = get(b"Accept-Language: " + b", ".join([b"zh;q=0.1"] * 300 + [b"en"]) + b"\r\n", b"/")
    yield "Accept-Language of 3 KB", english, "200", "GET", lambda reply: None if b'lang="en"' in reply.body else "not English"
    for name, value in [("weights that are none", b"en;q=x, zh;q=1e400, de;q=-1"), ("NaN", b"en;q=nan, zh;q=inf"), ("hexadecimal", b"en;q=0x1p999"),
                        ("commas", b"," * 3000), ("blanks", b" " * 3000 + b"x"), ("0xff", b"\xff" * 500),
                        ("a weight of 3,000 digits", b"en;q=0." + b"1" * 3000)]:
        yield f"Accept-Language with {name}", get(b"Accept-Language: " + value + b"\r\n", b"/"), "200"
    yield "Accept of 3 KB", get(b"Accept: " + b"text/x, " * 400 + b"text/html\r\n", b"/nothing"), "404", "GET", has("content-type", "text/html; charset=utf-8")
    yield "If-None-Match, listed", get(b"If-None-Match: " + many + b", " + etag + b"\r\n"), "304"
    yield "If-None-Match, weak", get(b"If-None-Match: W/" + etag + b"\r\n"), "304"
    yield "If-None-Match, any", get(b"If-None-Match: *\r\n"), "304"
    yield "If-None-Match, not listed", get(b"If-None-Match: " + many + b"\r\n"), "200"
    yield "If-None-Match, without quotes", get(b"If-None-Match: " + etag[1:-1] + b"\r\n"), "200"
    yield "If-None-Match, an open quote", get(b'If-None-Match: "' + b"a" * 3000 + b"\r\n"), "200"
    yield "a range", get(b"Range: bytes=0-1\r\n"), "200"
    yield "400 ranges", get(b"Range: bytes=" + b"0-,5-1," * 400 + b"-1\r\n"), "200"
    yield "a range on a verdict", ask(b"Range: bytes=0-1\r\nContent-Length: 3\r\n"), "200", "POST", NOT_OURS
    yield "h2c", get(b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"), "200"
    yield "websocket", get(b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"), "200"
    yield "Connection: close", get(b"Connection: close\r\n"), "200 closed"
    yield "Connection: keep-alive, close", get(b"Connection: keep-alive, close\r\n"), "200"
    yield "a password", get(b"Authorization: Basic " + b"A" * 3000 + b"\r\n"), "200"
    yield "X-Forwarded-For of 3,000 bytes", held.confirm(headers=["X-Forwarded-For: " + "1.2.3.4, " * 300 + "5.6.7.8"]), "200", "POST", says("valid", None)
    yield "X-Forwarded-For that is none", held.confirm(headers=["X-Forwarded-For: ,,,%00;drop"]), "200", "POST", says("valid", None)
    yield "another way to say the method", get(b"X-HTTP-Method-Override: DELETE\r\n"), "200"
    yield "another way to say the address", get(b"X-Original-URL: /metrics\r\nX-Rewrite-URL: /metrics\r\n"), "200", "GET", has("content-type", 'application/cose; cose-type="cose-sign"')
    yield "Origin", get(b"Origin: https://evil.example\r\n"), "200"


def threat_44_requests_in_a_row(held):
    code = post("/v1/verify", "text/plain", held.code.encode())
    yield "100 GETs in one write", get() * 100, "200 " * 100
    yield "100 codes in one write", code * 100, "200 " * 100, "POST", says("valid", None)
    yield "two kinds in turn", (get() + code) * 20, "200 " * 40
    yield "an error in the middle", get() * 30 + get(host=b"") + get() * 20, "200 " * 30 + "400* closed"
    yield "smuggling in the middle", code * 50 + ask(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + code) + code, "200 " * 50 + "400 closed"
    yield "a verdict, then nothing there", code + get(target=b"/nothing"), "200 404"
    yield "an empty line between", code + b"\r\n" + code, "200 200"
    yield "the last one half", get() + b"GET /v1/snap", "200"
    yield "close in the middle", get() * 3 + get(b"Connection: close\r\n") + get() * 3, "200 200 200 200 closed"


def all_cases(held):
    for group, rows in [
        ("framing", threat_44_where_a_request_ends()), ("header", threat_44_bytes_in_a_header()), ("request line", targets_versions_methods()),
        ("traversal", threat_36_names_that_lead_out()),
        ("text", threat_38_bytes_that_are_no_text()), ("JSON", threat_42_json()), ("body", bodies(held)), ("form", forms(held)),
        ("picture", threat_41_pictures(held)), ("files", many_files(held)),
        ("batch", threat_47_batches(held)), ("evidence", evidences(held)),
        ("Expect", expectations(held)),
        ("size", sizes()), ("wish", wishes(held)), ("pipeline", threat_44_requests_in_a_row(held)),
    ]:
        for name, sent, want, *more in rows:
            yield Case(group, name, sent, want, *more)
