#!/usr/bin/python3
"""fetch_helper.py QUALVERIFY-FETCH - what the helper takes from a server, and what it does not."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import https  # noqa: E402

HELPER = sys.argv.pop(1)
WAIT_S = 60


class Helper:
    """One process; ask() gives (word, etag, bytes)."""

    def __init__(self, url, ca_file=None, silence=None, environment=None):
        words = [HELPER] + (["--ca-file", ca_file] if ca_file else []) + (["--silence", silence] if silence else [])
        self.process = subprocess.Popen(words + [url], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.status = self.process.wait(WAIT_S)
        self.said = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()

    def ask(self, path, most=1000, etag="-"):
        self.process.stdin.write(f"{path} {most} {etag}\n".encode())
        self.process.stdin.flush()
        word, length, told = self.process.stdout.readline().decode("ascii").split()
        return word, told, self.process.stdout.read(int(length))


class Fetching(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = cls.temporary.name
        cls.ca = https.make_authority(cls.folder)
        https.make_authority(cls.folder, "other")
        cls.certificate = https.make_certificate(cls.folder, "server", "IP:127.0.0.1,DNS:localhost")
        cls.elsewhere = https.make_certificate(cls.folder, "elsewhere", "DNS:elsewhere.example")
        cls.foreign = https.make_certificate(cls.folder, "foreign", "IP:127.0.0.1", "other")
        cls.environment = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def server(self, answer, certificate=None):
        return https.Server(certificate or self.certificate, answer)

    def helper(self, server, prefix="", **more):
        more.setdefault("environment", self.environment)
        return Helper(f"https://127.0.0.1:{server.port}{prefix}", self.ca, **more)

    def one(self, answer, **more):
        """What a server's answer to a request for "file" becomes."""
        with self.server(answer) as server, self.helper(server) as helper:
            return helper.ask("file", **more)

    def test_a_file_comes_with_its_etag_below_the_prefix(self):
        def answer(path, _headers, _connection):
            return https.reply(b"bytes\0\n", ETag='W/"7"') if path == "/copy/v1/trust-bundle" else https.reply(b"no", "404 No")
        for prefix in ("/copy", "/copy/"):
            with self.server(answer) as server, self.helper(server, prefix) as helper:
                self.assertEqual(helper.ask("v1/trust-bundle"), ("found", 'W/"7"', b"bytes\0\n"))

    def test_many_files_come_over_one_connection(self):
        with self.server(lambda path, *_: https.reply(path.encode())) as server:
            with self.helper(server) as helper:
                for i in range(20):
                    self.assertEqual(helper.ask(f"part/{i}"), ("found", "-", f"/part/{i}".encode()))
            self.assertEqual(server.connections, 1)
            self.assertEqual(helper.status, 0)

    def test_what_is_held_is_not_sent_again(self):
        def answer(_path, headers, _connection):
            if headers.get("if-none-match") == '"a1"':
                return https.reply(b"", "304 Not Modified")
            return https.reply(b"new", ETag='"a2"')
        with self.server(answer) as server, self.helper(server) as helper:
            self.assertEqual(helper.ask("file", etag='"a1"'), ("unchanged", "-", b""))
            self.assertEqual(helper.ask("file", etag='"a0"'), ("found", '"a2"', b"new"))
            self.assertEqual(helper.ask("file"), ("found", '"a2"', b"new"))
        self.assertEqual(self.one(lambda *_: https.reply(b"", "304 Not Modified"))[0], "refused")

    def test_an_etag_that_is_none_is_not_told(self):
        for etag in ('plain', '"two words"', '"' + "x" * 200 + '"', '"a"b"'):
            self.assertEqual(self.one(lambda *_, e=etag: https.reply(b"x", ETag=e)), ("found", "-", b"x"), etag)

    def test_a_missing_file_is_absent(self):
        for status in ("404 Not Found", "410 Gone"):
            self.assertEqual(self.one(lambda *_, s=status: https.reply(b"page", s)), ("absent", "-", b""))

    def test_any_other_status_is_refused_and_named(self):
        for status in ("206 Partial", "401 No", "403 No", "429 Later", "500 Oh", "503 Later"):
            word, _, text = self.one(lambda *_, s=status: https.reply(b"page", s))
            self.assertEqual((word, text.decode()), ("refused", "HTTP " + status[:3]))

    def test_a_redirect_is_not_followed(self):
        with self.server(lambda *_: https.reply(b"stolen")) as other:
            for target in (f"https://127.0.0.1:{other.port}/file", f"http://127.0.0.1:{other.port}/file", "/other",
                           "file:///etc/passwd"):
                word, _, text = self.one(lambda *_, t=target: https.reply(b"", "302 Found", Location=t))
                self.assertEqual((word, text), ("elsewhere", b"HTTP 302"))
            self.assertEqual(other.connections, 0)

    def test_what_is_too_long_is_cut(self):
        self.assertEqual(self.one(lambda *_: https.reply(b"x" * 1000))[0], "found")
        self.assertEqual(self.one(lambda *_: https.reply(b"x" * 1001))[0], "longer")
        sent = []

        def endless(_path, _headers, connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(10000):
                connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
                sent.append(4096)
        self.assertEqual(self.one(endless)[0], "longer")
        self.assertLess(sum(sent), 4096 * 10000)

    def test_a_body_longer_than_it_says_ends_where_it_says(self):
        with self.server(lambda path, *_: https.reply(path.encode() + b"HTTP/1.1 200 OK\r\n\r\n", length=5)) as server:
            with self.helper(server) as helper:
                for _ in range(3):
                    self.assertEqual(helper.ask("file"), ("found", "-", b"/file"))

    def test_a_body_shorter_than_it_says_is_none(self):
        self.assertEqual(self.one(lambda *_: https.reply(b"half", length=8, Connection="close"))[0], "failed")

    def test_nothing_is_unpacked(self):
        body = bytes.fromhex("1f8b08000000000000034bcacf4f2a02000f64c5c306000000")
        with self.server(lambda *_: https.reply(body, Content_Encoding="gzip")) as server:
            with self.helper(server) as helper:
                self.assertEqual(helper.ask("file"), ("found", "-", body))
            self.assertNotIn("accept-encoding", server.asked[0][2])

    def test_a_silent_server_is_left(self):
        def slow(_path, _headers, connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")
            server.ended.wait(WAIT_S)
        with self.server(slow) as server, self.helper(server, silence="1") as helper:
            self.assertEqual(helper.ask("file")[0], "slow")

    def test_a_certificate_that_is_not_this_hosts_is_not_believed(self):
        for certificate in (self.elsewhere, self.foreign):
            with self.server(lambda *_: https.reply(b"x"), certificate) as server, self.helper(server) as helper:
                self.assertEqual(helper.ask("file")[0], "certificate")
            self.assertEqual(server.asked, [])

    def test_without_a_file_of_authorities_the_systems_are_asked(self):
        with self.server(lambda *_: https.reply(b"x")) as server:
            with Helper(f"https://127.0.0.1:{server.port}", environment=self.environment) as helper:
                self.assertEqual(helper.ask("file")[0], "certificate")

    def test_no_server_is_said(self):
        with self.server(lambda *_: None) as server:
            pass
        with self.helper(server) as helper:
            self.assertEqual(helper.ask("file")[0], "unreachable")

    def test_a_server_without_tls_is_no_server(self):
        with https.Server(None, lambda *_: https.reply(b"x")) as server, self.helper(server) as helper:
            self.assertEqual(helper.ask("file")[0], "failed")

    def test_no_cookie_is_kept_and_no_netrc_read(self):
        with open(f"{self.folder}/.netrc", "w", encoding="ascii") as f:
            f.write("machine 127.0.0.1 login me password secret\n")
        environment = dict(self.environment, HOME=self.folder)
        with self.server(lambda *_: https.reply(b"x", Set_Cookie="a=b")) as server:
            with self.helper(server, environment=environment) as helper:
                helper.ask("file")
                helper.ask("file")
            for _, _, headers in server.asked:
                self.assertNotIn("cookie", headers)
                self.assertNotIn("authorization", headers)

    def test_only_a_proxy_for_https_is_a_proxy(self):
        with self.server(lambda *_: https.reply(b"x")) as server, https.Server(None, lambda *_: None) as proxy:
            there = f"http://127.0.0.1:{proxy.port}"
            for name in ("http_proxy", "all_proxy", "ALL_PROXY"):
                with self.helper(server, environment={**self.environment, name: there}) as helper:
                    self.assertEqual(helper.ask("file")[0], "found", name)
            self.assertEqual(proxy.connections, 0)
            with self.helper(server, environment={**self.environment, "https_proxy": there}) as helper:
                self.assertNotEqual(helper.ask("file")[0], "found")
            self.assertEqual(proxy.connections, 1)

    def test_an_address_is_https_with_a_host_and_no_more(self):
        for url in ("http://a.example", "https://", "https:///v1", "HTTPS://a.example", "ftp://a.example", "a.example",
                    "https://me:pw@a.example", "https://a.example:0", "https://a.example:99999", "https://a.example:",
                    "https://a.example?x", "https://a.example/#x", "https://a.example/../v1", "https://a.example//v1",
                    "https://a.example/%2e%2e", "https://a.example/v1 x", "https://[::1", "file:///etc", ""):
            done = subprocess.run([HELPER, url], input=b"", capture_output=True, timeout=WAIT_S, check=False)
            self.assertEqual(done.returncode, 64, url)
            self.assertIn(b"address", done.stderr, url)
        for url in ("https://a.example", "https://a-b.example:8443/x/y/", "https://[::1]:8443"):
            done = subprocess.run([HELPER, url], input=b"", capture_output=True, timeout=WAIT_S, check=False)
            self.assertEqual(done.returncode, 0, url)

    def test_a_request_that_is_none_ends_it(self):
        with self.server(lambda *_: https.reply(b"x")) as server:
            for line in ("", "file", "file 10", "file 10 x", "../file 10 -", "/file 10 -", "a//b 10 -", ".a 10 -",
                         "file 99999999 -", "file 010 -", "file -1 -", "a%2fb 10 -", "a?b 10 -", 'file 1 "a b"',
                         "a" * 600 + " 1 -"):
                with self.helper(server) as helper:
                    helper.process.stdin.write(line.encode() + b"\n")
                    helper.process.stdin.flush()
                    self.assertEqual(helper.process.stdout.read(), b"", line)
                self.assertNotEqual(helper.status, 0, line)
            self.assertEqual(server.asked, [])


if __name__ == "__main__":
    unittest.main()
