# under_load.py URL PDF READY: 8 clients ask until the file READY is removed; it is made once each has an answer. By http
# without a pause and over connections they keep; by https, where a proxy that reloads ends idle ones, each over a
# connection of its own and with pauses that keep them below the proxy's limits. Every request must be answered rightly:
# any other ends with status 1.
import http.client
import os
import ssl
import sys
import threading
import time
import urllib.parse

url, pdf, ready = urllib.parse.urlsplit(sys.argv[1]), open(sys.argv[2], "rb").read(), sys.argv[3]
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
REQUESTS = [
    ("GET", "/v1/snapshot", None, {}, b""),
    ("POST", "/v1/verify", pdf, {"Content-Type": "application/pdf"}, b'"verdict":"valid"'),
    ("GET", "/page.css", None, {}, b""),
]
failed, done, lock = [], [0] * 8, threading.Lock()
proxied = url.scheme == "https"


def connect(client):
    source = (f"127.0.1.{client + 1}", 0)
    if proxied:
        return http.client.HTTPSConnection(url.netloc, timeout=20, context=context, source_address=source)
    return http.client.HTTPConnection(url.netloc, timeout=20, source_address=source)


def ask(client):
    connection = connect(client)
    turn = client
    while not stop.is_set():
        method, path, body, headers, want = REQUESTS[turn % len(REQUESTS)]
        turn += 1
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            got = reply.read()
            if reply.status != 200 or want not in got:
                raise ValueError(f"{reply.status} {got[:200]}")
            done[client] += 1
        except Exception as why:  # whatever it is, somebody was not answered
            with lock:
                failed.append(f"{method} {path}: {why!r}")
            connection.close()
            connection = connect(client)
        if proxied:
            connection.close()
            time.sleep(0.3)


stop = threading.Event()
clients = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
for c in clients:
    c.start()
end = time.monotonic() + 120
while not all(done) and not failed and time.monotonic() < end:
    time.sleep(0.01)
open(ready, "w").close()
while os.path.exists(ready) and time.monotonic() < end:
    time.sleep(0.01)
stop.set()
for c in clients:
    c.join()
for line in failed[:20]:
    print(line)
print(f"{sum(done)} requests answered, {len(failed)} failed")
sys.exit(bool(failed) or time.monotonic() >= end)
