# echo_request.py PATH: a server on a local socket that answers one request with the header it got.
import socket
import sys

listening = socket.socket(socket.AF_UNIX)
listening.bind(sys.argv[1])
listening.listen(1)
listening.settimeout(30)
connection, _ = listening.accept()
connection.settimeout(10)
got = b""
while b"\r\n\r\n" not in got:
    got += connection.recv(65536)
connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(got) + got)
connection.close()
