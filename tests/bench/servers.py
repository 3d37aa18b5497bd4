"""The servers that tests/bench/load asks: ours, its peers and the ceiling, each started on a free port of this machine.

A server is a process group whose first process is held here; whoever starts it ends it. Peers answer with our reply as
far as they can: the same body, the same headers.
"""

import os
import pathlib
import pwd
import re
import resource
import signal
import socket
import subprocess
import time

START_S = 20  # until a peer that does not say when it is ready must answer


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def prepare():
    """What a server's process does before it is one: all descriptors, the first processor, a group of its own."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if os.cpu_count() > 1:
        os.sched_setaffinity(0, {0})
    os.setpgid(0, 0)


class Server:
    def __init__(self, command, url=None, log=subprocess.DEVNULL):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=prepare)
        self.url = url or re.search(r"Open (\S+)", self.process.stdout.readline())[1]

    def processes(self):
        """It and its children."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid] + [int(child) for child in children]

    def processor_seconds(self):
        """Of all threads, as the scheduler counted them, in nanoseconds."""
        tasks = [task for pid in self.processes() for task in pathlib.Path(f"/proc/{pid}/task").iterdir()]
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def memory_kb(self):
        """Proportional share of what is resident."""
        texts = [pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.processes()]
        return sum(int(re.search(r"Pss:\s+(\d+)", text)[1]) for text in texts)

    def peak_kb(self):
        return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1])

    def end(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(60)


def daemon(programs, bureau, log):
    """qualverifyd, beside the bureau's register if there is its look-up table."""
    bureau = pathlib.Path(bureau)
    words = ["--bureau", bureau] if (bureau / "lookup.db").exists() else ["--root", bureau / "root.cose", "--public", bureau / "public"]
    command = [programs / "qualverifyd", *words, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
    with open(log, "w", encoding="utf-8") as lines:
        return Server(command, log=lines)


def epoll(programs, reply):
    return Server([programs / "bench_epoll", reply])


def microhttpd(programs, body):
    return Server([programs / "bench_microhttpd", body])


NGINX = """
daemon off; user {user}; worker_processes 1; worker_rlimit_nofile 20000; pid {folder}/pid; error_log /dev/null;
events {{ worker_connections 15000; use epoll; }}
http {{
    access_log off; server_tokens off; sendfile on; tcp_nopush on; etag on; default_type "{type}";
    keepalive_requests 1000000000; keepalive_timeout 600;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    open_file_cache max=1000 inactive=60s; open_file_cache_valid 5s;
    server {{
        listen 127.0.0.1:{port} backlog=4096; root {root};
        {headers}
        location / {{ {answer} }}
    }}
}}
"""

THEIRS = {"date", "connection", "content-length", "content-type", "etag", "last-modified"}  # what nginx says by itself


def nginx(folder, root, reply, constant):
    """Files below root, with the headers of our reply; or one text as long as our body."""
    folder = pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    head, body = reply.split(b"\r\n\r\n", 1)
    headers = dict(line.decode("ascii").split(": ", 1) for line in head.split(b"\r\n")[1:])
    more = "\n".join(f"add_header {name} \"{value}\";" for name, value in headers.items() if name.lower() not in THEIRS)
    port = free_port()
    answer = f"return 200 \"{'x' * len(body)}\";" if constant else ""
    media_type = headers["Content-Type"].replace('"', '\\"')
    user = pwd.getpwuid(os.getuid()).pw_name  # the bench's folders are nobody else's to read
    text = NGINX.format(user=user, folder=folder, type=media_type, port=port, root=root, headers=more, answer=answer)
    (folder / "conf").write_text(text, encoding="ascii")
    server = Server(["nginx", "-e", "/dev/null", "-p", folder, "-c", folder / "conf"], f"http://127.0.0.1:{port}/")
    wait_for(port)
    return server


def wait_for(port):
    until = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def ocsp(folder):
    """`openssl ocsp` for one certificate of a P-256 authority; the request to ask it is folder/request."""
    folder = pathlib.Path(folder)
    if not folder.exists():
        folder.mkdir()
        (folder / "index").write_text("V\t361231235959Z\t\t1001\tunknown\t/CN=one\n", encoding="ascii")
        for words in (
            "ecparam -name prime256v1 -genkey -noout -out ca.key",
            "req -x509 -new -key ca.key -subj /CN=authority -days 30 -out ca.crt",
            "ecparam -name prime256v1 -genkey -noout -out one.key",
            "req -new -key one.key -subj /CN=one -out one.csr",
            "x509 -req -in one.csr -CA ca.crt -CAkey ca.key -set_serial 0x1001 -days 30 -out one.crt",
            "ocsp -issuer ca.crt -cert one.crt -no_nonce -reqout request",
        ):
            subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)
    port = free_port()
    words = f"-index {folder}/index -port {port} -rsigner {folder}/ca.crt -rkey {folder}/ca.key -CA {folder}/ca.crt -ignore_err -ndays 1"
    server = Server(["openssl", "ocsp", *words.split()], f"http://127.0.0.1:{port}/")
    server.process.stdout.readline()  # ACCEPT
    return server


def ask(url, media_type=None, body=b""):
    """All of the reply to a GET, or to a POST of a body of some type, as it is on the wire."""
    host, path = re.match(r"http://([^/]+)(/.*)", url).groups()
    address, port = host.rsplit(":", 1)
    head = f"{'POST' if media_type else 'GET'} {path} HTTP/1.1\r\nHost: {host}\r\n"
    if media_type:
        head += f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection((address, int(port)), 60) as s:
        s.sendall(head.encode("ascii") + b"\r\n" + body)
        return read_reply(s)


def read_reply(s):
    got = b""
    while b"\r\n\r\n" not in got:
        got += receive(s)
    length = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", got)[1])
    while len(got) < got.index(b"\r\n\r\n") + 4 + length:
        got += receive(s)
    return got


def receive(s):
    got = s.recv(1 << 16)
    if not got:
        raise ConnectionError("the connection ended before the reply did")
    return got
