"""A web server with a certificate of its own on loopback, for tests: what it answers is up to them.

site(folder) makes a CA, and certificates by it; Server answers each request with what a function of the request gives.
"""
import http.client
import os
import socket
import ssl
import subprocess
import threading


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def make_authority(folder, name="ca"):
    """NAME.pem and NAME.key: an authority."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", f"/CN={name}", "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem",
            "-addext", "keyUsage=critical,keyCertSign")
    return f"{folder}/{name}.pem"


def make_certificate(folder, name, names, authority="ca", days=30):
    """NAME.pem with certificate and key, for these subject alternative names."""
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
            "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.csr")
    with open(f"{folder}/{name}.ext", "w", encoding="ascii") as f:
        f.write(f"subjectAltName={names}\n")
    openssl("x509", "-req", "-in", f"{folder}/{name}.csr", "-CA", f"{folder}/{authority}.pem", "-CAkey",
            f"{folder}/{authority}.key", "-CAcreateserial", "-days", str(days), "-extfile", f"{folder}/{name}.ext",
            "-out", f"{folder}/{name}.crt")
    with open(f"{folder}/{name}.pem", "w", encoding="ascii") as out:
        for part in ("crt", "key"):
            with open(f"{folder}/{name}.{part}", encoding="ascii") as f:
                out.write(f.read())
    return f"{folder}/{name}.pem"


class Server:
    """answer(path, headers, connection) -> bytes of the whole HTTP answer, or None: it was sent, or never will be.

    A connection goes on after an answer unless that says "close". .asked has (connection number, path, headers).
    """

    def __init__(self, certificate, answer):
        self.answer, self.asked, self.connections = answer, [], 0
        self.context = None
        if certificate is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.ended = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.listener.shutdown(socket.SHUT_RDWR)  # close() alone would leave accept() waiting
        self.listener.close()

    def accept(self):
        while not self.ended.is_set():
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(plain, self.connections), daemon=True).start()

    def serve(self, plain, number):
        try:
            connection = self.context.wrap_socket(plain, server_side=True) if self.context else plain
            with connection, connection.makefile("rb") as lines:
                while self.serve_one(connection, lines, number):
                    pass
        except (OSError, ValueError):  # the other side has gone, or speaks TLS where none is; it may
            pass

    def serve_one(self, connection, lines, number):
        first = lines.readline().split()
        headers = {}
        while (line := lines.readline().strip()):
            name, _, value = line.partition(b":")
            headers[name.decode().lower()] = value.strip().decode()
        if len(first) != 3:
            return False
        path = first[1].decode()
        self.asked.append((number, path, headers))
        answer = self.answer(path, headers, connection)
        if answer is None:
            return False
        connection.sendall(answer)
        return b"connection: close" not in answer.lower().partition(b"\r\n\r\n")[0]


def reply(body=b"", status="200 OK", length=None, **headers):
    """The bytes of an answer; header names with _ for -."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def serve_folder(folder):
    """answer() of a plain web server: files below a folder, ETags by their content's time and size."""
    def answer(path, headers, _connection):
        name = os.path.join(folder, path.lstrip("/"))
        if ".." in path or not os.path.isfile(name):
            return reply(b"no", "404 Not Found")
        status = os.stat(name)
        etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
        if headers.get("if-none-match") == etag:
            return reply(b"", "304 Not Modified", ETag=etag)
        with open(name, "rb") as f:
            return reply(f.read(), ETag=etag)
    return answer


def forward(address):
    """answer() of a proxy before a server that speaks plain HTTP, as a bureau's daemon does."""
    host, _, port = address.removeprefix("http://").rstrip("/").partition(":")

    def answer(path, headers, _connection):
        inner = http.client.HTTPConnection(host, int(port), timeout=30)
        inner.request("GET", path, headers={k: v for k, v in headers.items() if k == "if-none-match"})
        got = inner.getresponse()
        body = got.read()
        inner.close()
        etag = {"ETag": got.headers["ETag"]} if got.headers["ETag"] else {}
        return reply(body, f"{got.status} {got.reason}", **etag)
    return answer
