# restarts.py SITE PROGRAM ARGUMENT...: restart a service again and again on the socket at SITE, as systemd holds and hands
# it over, while somebody asks: whoever comes after the end has begun is answered by the next one.
import os
import signal
import socket
import sys
import time

WAITS_S = (0, 0.001, 0.02, 0.1, 0.2) * 3
REQUEST = b"GET /v1/snapshot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

path, command = sys.argv[1], sys.argv[2:]
site = socket.socket(socket.AF_UNIX)
site.bind(path)
admin = socket.socket()
admin.bind(("127.0.0.1", 0))
for listening in (site, admin):
    listening.listen(64)


def start():
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(tells, 1)
        for number, listening in ((20, site), (21, admin)):
            os.dup2(listening.fileno(), number)
        for number in (3, 4):
            os.dup2(number + 17, number, inheritable=True)
        os.closerange(5, 64)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="2", LISTEN_FDNAMES="site:admin")
        os.execv(command[0], command)
    os.close(tells)
    if not os.read(told, 4096):
        sys.exit("the service does not start")
    os.close(told)
    return child


def ask():
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(path)
    client.sendall(REQUEST)
    return client


def status(client):
    reply = client.recv(4096)
    client.close()
    return reply[:12]


child, dropped = start(), []
for wait_s in WAITS_S:
    if status(ask()) != b"HTTP/1.1 200":
        sys.exit("it does not answer")
    time.sleep(0.3)  # until its threads sleep
    os.kill(child, signal.SIGTERM)
    time.sleep(wait_s)
    try:
        client, trouble = ask(), None
    except OSError as error:
        trouble = error
    _, ended = os.waitpid(child, 0)
    child = start()
    try:
        if trouble or ended != 0 or status(client) != b"HTTP/1.1 200":
            dropped.append(f"{wait_s}: {trouble or ended}")
    except OSError as error:
        dropped.append(f"{wait_s}: {error}")
os.kill(child, signal.SIGTERM)
os.waitpid(child, 0)
if dropped:
    sys.exit(f"{len(dropped)} of {len(WAITS_S)} who came so many seconds after SIGTERM were let fall: {dropped}")
print(f"{len(WAITS_S)} restarts: everybody was answered")
