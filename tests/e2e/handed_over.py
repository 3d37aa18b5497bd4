# handed_over.py SITE NOTIFY PROGRAM ARGUMENT...: run a program as systemd runs a service: a local socket at the path
# SITE and a port of loopback's are handed over as `site` and `admin`; what it tells of its state is appended to
# NOTIFY.told. Signals go through to it, and its exit status comes back.
import os
import signal
import socket
import sys
import threading

site_path, notify_path, command = sys.argv[1], sys.argv[2], sys.argv[3:]
site = socket.socket(socket.AF_UNIX)
site.bind(site_path)
admin = socket.socket()
admin.bind(("127.0.0.1", 0))
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(notify_path)
for listening in (site, admin):
    listening.listen(64)

child = os.fork()
if child == 0:
    os.dup2(site.fileno(), 20)
    os.dup2(admin.fileno(), 21)
    os.dup2(20, 3, inheritable=True)
    os.dup2(21, 4, inheritable=True)
    os.closerange(5, 64)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="2", LISTEN_FDNAMES="site:admin", NOTIFY_SOCKET=notify_path)
    os.execv(command[0], command)


gone = threading.Event()


def hear():
    notify.settimeout(0.1)
    while True:
        last = gone.is_set()
        try:
            said = notify.recv(4096)
        except TimeoutError:
            if last:
                return
            continue
        with open(notify_path + ".told", "ab") as told:
            told.write(said + b"\n")


hearing = threading.Thread(target=hear)
for number in (signal.SIGHUP, signal.SIGTERM):
    signal.signal(number, lambda n, _: os.kill(child, n))
hearing.start()
_, status = os.waitpid(child, 0)
gone.set()
hearing.join()
sys.exit(os.waitstatus_to_exitcode(status))
