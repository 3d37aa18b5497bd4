"""tsa.py FOLDER: a time-stamping authority on 127.0.0.1, and its misconduct.

Makes a root, an intermediate and the authority's own certificate in FOLDER (tsa.pem is to be listed), prints its
address and answers POST requests with "openssl ts -reply" until it is ended. A second address in the same line is one
of HTTPS, with a certificate that no system trusts. What is asked for says how:

    /            as one is supposed to
    /reject /garbage /oversize /redirect /type /error    not that way
    /slow        as one is supposed to, when FOLDER/now is there (10 s later at most)
    /never       10 s later, with nothing
    /drip        a line of a header from time to time
    /nonce       with the answer to another request
    /long        with more certificates than a seal has room for
    /other       a time-stamp over something else, with the right nonce
    /once        as supposed, but with an error every other time

FOLDER/asked has a line for each request.
"""
import http.server
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time

FOLDER = os.path.abspath(sys.argv[1])
REPLY = "application/timestamp-reply"
CONF = """
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = to be replaced
[ ca ]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ authority ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ tsa ]
default_tsa = usual
[ usual ]
serial = {0}/serial
crypto_device = builtin
signer_cert = {0}/tsa.pem
certs = {0}/ica.pem
signer_key = {0}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ long ]
serial = {0}/serial
crypto_device = builtin
signer_cert = {0}/tsa.pem
certs = {0}/many.pem
signer_key = {0}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ refusing ]
serial = {0}/serial
crypto_device = builtin
signer_cert = {0}/tsa.pem
signer_key = {0}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha512
"""
one_at_a_time = threading.Lock()


def openssl(*args, stdin=None):
    return subprocess.run(["openssl", *args], check=True, input=stdin, cwd=FOLDER, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def certify(name, subject, profile, ca):
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", f"{name}.key")
    openssl("req", "-new", "-key", f"{name}.key", "-config", "conf", "-subj", subject, "-utf8", "-out", f"{name}.csr")
    signer = ["-CA", f"{ca}.pem", "-CAkey", f"{ca}.key"] if ca else ["-signkey", f"{name}.key"]
    openssl("x509", "-req", "-in", f"{name}.csr", *signer, "-set_serial", str(int.from_bytes(os.urandom(8), "big")),
            "-days", "7300", "-sha256", "-extfile", "conf", "-extensions", profile, "-out", f"{name}.pem")


def make():
    with open(f"{FOLDER}/conf", "w", encoding="utf-8") as f:
        f.write(CONF.format(FOLDER))
    with open(f"{FOLDER}/serial", "w", encoding="ascii") as f:
        f.write("01\n")
    certify("root", "/C=CN/O=示例时间戳服务/CN=Example Root", "ca", None)
    certify("ica", "/C=CN/O=示例时间戳服务/CN=Example Intermediate CA", "ca", "root")
    with open(f"{FOLDER}/many.pem", "wb") as f:
        for i in range(7):
            f.write(openssl("req", "-x509", "-key", "ica.key", "-config", "conf", "-extensions", "ca", "-subj", f"/CN=CA {i}"))
    certify("tsa", "/C=CN/O=示例时间戳服务/CN=示例时间戳机构", "authority", "ica")


def reply(query, section="usual"):
    with one_at_a_time, tempfile.NamedTemporaryFile(dir=FOLDER) as f:
        f.write(query)
        f.flush()
        return openssl("ts", "-reply", "-queryfile", f.name, "-config", "conf", "-section", section)


def another(query):
    """A request like this one over something else: its imprint is the only OCTET STRING of 32 bytes."""
    at = query.index(b"\x04\x20") + 2
    return query[:at] + bytes(32) + query[at + 32:]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    times = {}

    def log_message(self, *_):
        pass

    def send(self, status, body=b"", kind=REPLY, **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        with one_at_a_time, open(f"{FOLDER}/asked", "a", encoding="ascii") as f:
            f.write(f"{self.path} {self.headers['Content-Type']} {self.client_address[1]}\n")
            self.times[self.path] = self.times.get(self.path, 0) + 1
        if self.path == "/reject":
            self.send(200, reply(query, "refusing"))
        elif self.path == "/long":
            self.send(200, reply(query, "long"))
        elif self.path == "/garbage":
            self.send(200, b"no time-stamp")
        elif self.path == "/oversize":
            self.send(200, bytes(1 << 20))
        elif self.path == "/redirect":
            self.send(302, Location="/")
        elif self.path == "/type":
            self.send(200, reply(query), "text/html")
        elif self.path == "/error" or self.path == "/once" and self.times["/once"] % 2 == 1:
            self.send(503)
        elif self.path == "/nonce":
            self.send(200, reply(openssl("ts", "-query", "-digest", "00" * 32, "-sha256", "-cert")))
        elif self.path == "/other":
            self.send(200, reply(another(query)))
        elif self.path == "/slow":
            for _ in range(100):
                if os.path.exists(f"{FOLDER}/now"):
                    break
                time.sleep(0.1)
            self.send(200, reply(query))
        elif self.path in ("/never", "/drip"):
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" if self.path == "/drip" else b"")
            for i in range(100):
                self.wfile.write(b"X-%d: more\r\n" % i if self.path == "/drip" else b"")
                time.sleep(0.1)
        else:
            self.send(200, reply(query))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Who hangs up has had enough: the tests do."""


if not os.path.exists(f"{FOLDER}/tsa.pem"):
    make()
with Server(("127.0.0.1", 0), Handler) as server, Server(("127.0.0.1", 0), Handler) as secure:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{FOLDER}/root.pem", f"{FOLDER}/root.key")
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    threading.Thread(target=secure.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port} https://127.0.0.1:{secure.server_port}", flush=True)
    server.serve_forever()
