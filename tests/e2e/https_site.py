#!/usr/bin/python3
"""https_site.py DIR FOLDER|http://ADDRESS - a site on loopback until it is ended; DIR/port, DIR/ca.pem, DIR/asked.

DIR/asked has a line for each request: whether it came with an ETag, and its path.
"""
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "verifier"))
import https  # noqa: E402

folder, source = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
https.make_authority(folder)
certificate = https.make_certificate(folder, "server", "DNS:localhost,IP:127.0.0.1")
give = https.forward(source) if source.startswith("http://") else https.serve_folder(source)


def answer(path, headers, connection):
    told = give(path, headers, connection)
    with open(f"{folder}/asked", "a", encoding="ascii") as f:
        f.write(f"{told.split()[1].decode()} {path}\n")
    return told


with https.Server(certificate, answer) as server:
    with open(f"{folder}/port.new", "w", encoding="ascii") as f:
        f.write(f"{server.port}\n")
    os.rename(f"{folder}/port.new", f"{folder}/port")
    threading.Event().wait()
