"""qualkey.py QUALKEY MAKE_SEAL TEMPLATES: the tool end to end, in a folder that is removed afterwards.

Each function whose name begins with "it_" is one promise. They run in order, on one bureau.
"""
import copy
import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile

QUALKEY, MAKE_SEAL, TEMPLATES = (os.path.abspath(p) for p in sys.argv[1:4])
OFFICERS = {
    "an": ["accept"], "shen": ["examine"], "shi": ["inspect"], "xiang": ["inspect"],
    "guan": ["decide"], "bi": ["approve"], "yin": ["issue"], "fu": ["countersign"],
    "chang": ["sanction", "publish", "admin"],
}
NOW = "1796000000"  # 2026-11-30
CHEAP = ["--light", "--passphrase-file", "pass"]


def run(*args, status=0, stdin=None):
    """stdout and stderr of a call that must end with this status."""
    p = subprocess.run(args, capture_output=True, text=True, input=stdin)
    if p.returncode != status:
        raise AssertionError(f"{' '.join(args)}: status {p.returncode}, want {status}\n{p.stdout}{p.stderr}")
    return p.stdout + p.stderr


def qualkey(*args, status=0):
    return run(QUALKEY, *args, status=status)


def says(text, *wanted):
    for w in wanted:
        if w not in text:
            raise AssertionError(f"no {w!r} in:\n{text}")
    return text


def description():
    window = {"from": "2026-11-20", "until": "2030-11-19"}
    return {
        "root": "ceremony/root.cose", "iat": "2026-11-20T16:00:00+08:00", "exp": "2027-11-30", "test": True,
        "issuers": [{
            "iss": "TEST", "name_zh": "示范资质管理局", "name_en": "Demonstration Qualification Bureau",
            "level": "national", "contact": "0000-000000",
            "powers": [{"family": "JC", "grade": g, "what": "issue", "from": "2026-01-01", "until": "2031-12-31"}
                       for g in "AB"]}],
        "keys": [{"use": u, "file": f"keys/{u}.pub", **window}
                 for u in ("credential", "seal", "status", "audit", "service")],
        "officers": [{"enrolment": f"officers/{n}.enrol", "roles": r, "from": "2026-11-20", "until": "2028-12-31"}
                     for n, r in OFFICERS.items()],
        "status_base": "https://v.example/v1/status/", "hosts": ["v.example"],
        "log": {"origin": "v.example/log", "key": "keys/log.pub"},
        "policy": "policy.json", "ages": {"snapshot_hours": 168, "token_hours": 24},
        "audit_quorum": 0, "reader_ca": "keys/ca.pem",
        "issuing": [{"propose": "issue", "approve": "countersign", "from": "2026-11-20", "until": "2036-12-31"}],
    }


def draft(d, *args, status=0, out="draft"):
    with open("bundle.json", "w", encoding="utf-8") as f:
        json.dump(d, f, ensure_ascii=False)
    return qualkey("bundle", "draft", "bundle.json", "-o", out, *args, status=status)


def sign(unsigned, out, roots=("甲柜", "丙柜")):
    keys = [w for r in roots for w in ("--key", f"ceremony/{r}.pem")]
    return qualkey("bundle", "sign", unsigned, *keys, "-o", out, "--passphrase-file", "pass")


# ---- keys ----

def it_holds_the_ceremony():
    says(qualkey("root", "new", "ceremony", "--iss", "TEST", "--name", "甲柜", "--name", "乙柜", "--name", "丙柜", *CHEAP),
         "fingerprint ", "ceremony/乙柜.pem", "demonstrations")
    assert os.stat("ceremony").st_mode & 0o777 == 0o700
    assert os.stat("ceremony/甲柜.pem").st_mode & 0o777 == 0o600
    says(qualkey("show", "ceremony/root.cose", "ceremony/甲柜.pem"), "a root set of TEST", "a private key, encrypted")


def it_never_replaces_a_key():
    says(qualkey("root", "new", "ceremony", "--iss", "TEST", "--name", "甲柜", "--name", "b", "--name", "c", *CHEAP,
                 status=73), "exists already; no key is ever replaced")


def it_refuses_a_ceremony_that_is_none():
    three = ["--name", "a", "--name", "b", "--name", "c"]
    for wrong in (["--iss", "TEST", *three[:4]], ["--iss", "TEST", *three, "--name", "d"], three,
                  ["--iss", "TEST", "--name", "a", "--name", "a", "--name", "b"],
                  ["--iss", "T", *three], ["--iss", "TEST", "--name", "../a", *three[2:]],
                  ["--iss", "TEST", *three, "--frob"]):
        qualkey("root", "new", "none", *wrong, *CHEAP, status=64)
    assert not os.path.exists("none")


def it_makes_the_keys_of_the_bureau():
    for use in ("credential", "status", "audit", "log", "service"):
        says(qualkey("role", "new", "keys", "--use", use, *CHEAP), f"keys/{use}.pub", "kid ")
        says(run("openssl", "pkey", "-pubin", "-in", f"keys/{use}.pub", "-noout", "-text"),
             "ED25519" if use == "log" else "NIST CURVE: P-256")
    qualkey("role", "new", "keys", "--use", "root", *CHEAP, status=64)
    qualkey("role", "new", "keys", "--use", "officer", *CHEAP, status=64)


def it_makes_the_seal_and_its_reader_ca_once():
    seal = ["role", "new", "keys", "--use", "seal", "--bureau", "示范资质管理局", "--organisation-id",
            "NTRCN-99990000", "--from", "2026-11-20"]
    qualkey("role", "new", "keys", "--use", "seal", *CHEAP, status=64)
    says(qualkey(*seal, *CHEAP), "keys/ca.pem", "keys/seal.pub")
    ca = open("keys/ca.pem").read()
    says(qualkey(*seal, "--name", "seal-2027", *CHEAP), "keys/seal-2027.pub")
    assert open("keys/ca.pem").read() == ca


def it_follows_the_certificate_profile():
    text = run("openssl", "x509", "-in", "keys/seal.pub", "-noout", "-text", "-nameopt", "utf8,sep_comma_plus")
    says(text, "Version: 3", "Signature Algorithm: ecdsa-with-SHA256",
         "Subject: C=CN,O=示范资质管理局,organizationIdentifier=NTRCN-99990000,CN=示范资质管理局",
         "X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation\n",
         "X509v3 Basic Constraints: critical\n                CA:FALSE\n",
         "1.3.6.1.5.5.7.3.36, E-mail Protection", "Subject Key Identifier", "Authority Key Identifier",
         "Not Before: Nov 19 16:00:00 2026 GMT", "Not After : Nov 19 15:59:59 2030 GMT")
    says(run("openssl", "x509", "-in", "keys/ca.pem", "-noout", "-text"),
         "X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0\n",
         "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n")
    # Names are UTF8String, whatever a reader's locale.
    says(run("openssl", "asn1parse", "-in", "keys/seal.pub"), "UTF8STRING        :示范资质管理局")
    one, other = (run("openssl", "x509", "-in", f"keys/{n}.pub", "-noout", "-serial") for n in ("seal", "seal-2027"))
    assert one != other and len(one.strip()) == len("serial=") + 40
    says(run("openssl", "verify", "-CAfile", "keys/ca.pem", "-purpose", "smimesign", "-attime", NOW, "keys/seal.pub"), "OK")


def it_makes_seals_that_others_verify():
    with open("content", "w") as f:
        f.write("a certificate's bytes\n")
    with open("seal.der", "wb") as f:
        subprocess.run([MAKE_SEAL, "keys/seal.pem", "keys/seal.pub", "pass", "content"], stdout=f, check=True)
    verify = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "seal.der", "-cades",
              "-CAfile", "keys/ca.pem", "-attime", NOW, "-out", "verified", "-content"]
    says(run(*verify, "content"), "CAdES Verification successful")
    with open("changed", "w") as f:
        f.write("another certificate's bytes\n")
    run(*verify, "changed", status=4)


def it_enrols_officers():
    for name, roles in OFFICERS.items():
        qualkey("officer", "new", "officers", "--name", name, "--roles", ",".join(roles), *CHEAP)
    says(qualkey("show", "officers/chang.enrol"), "request to be listed: chang", "sanction publish admin")
    for roles in ("king", "accept,accept", ""):
        qualkey("officer", "new", "officers", "--name", "x", "--roles", roles, *CHEAP, status=64)


def it_keeps_passphrases_to_files_of_ones_own():
    for words in (["--passphrase-file", "open-pass"], ["--passphrase-file", "short-pass"]):
        with open(words[1], "w") as f:
            f.write("short\n" if "short" in words[1] else "long enough for it\n")
        os.chmod(words[1], 0o644 if "open" in words[1] else 0o600)
        qualkey("role", "new", "keys", "--use", "status", "--name", "never", "--light", *words, status=77)
    assert not os.path.exists("keys/never.pem")
    read, write = os.pipe()
    os.write(write, b"from a descriptor\n")
    os.close(write)
    p = subprocess.run([QUALKEY, "role", "new", "keys", "--use", "status", "--name", "by-fd", "--light",
                        "--passphrase-fd", str(read)], pass_fds=[read], capture_output=True, text=True)
    assert p.returncode == 0, p.stderr
    qualkey("role", "new", "keys", "--use", "status", "--passphrase", "in argv", status=64)


def at_terminal(*args, answers):
    """A call with a terminal of its own, which answers each prompt: exit status and all that was shown."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(QUALKEY, [QUALKEY, *args])
    shown = b""
    answers = list(answers)
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if answers and (shown.endswith(b": ")):
            os.write(terminal, answers.pop(0).encode() + b"\n")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def it_asks_at_the_terminal_and_shows_nothing():
    new = ["role", "new", "keys", "--use", "status", "--light", "--name"]
    status, shown = at_terminal(*new, "asked", answers=["typed unseen", "typed unseen"])
    assert status == 0 and "typed" not in shown, shown
    says(shown, "New passphrase for keys/asked.pem: ", "The same once more: ", "keys/asked.pub")
    status, shown = at_terminal(*new, "never", answers=["typed unseen", "typed unsure"])
    assert status == 77 and "differ" in shown and not os.path.exists("keys/never.pem"), shown


def it_gives_a_second_try_and_no_third():
    """Threat 26: whoever guesses at a terminal is stopped; a program gets one try."""
    draft(description(), out="draft-t")
    sign = ["bundle", "sign", "draft-t", "--key", "ceremony/甲柜.pem", "-o", "never"]
    status, shown = at_terminal(*sign, answers=["wrong", "wrong again", "demonstration only"])
    assert status == 77 and shown.count("Passphrase of ceremony") == 2, shown
    status, shown = at_terminal(*sign[:-1], "by-hand", answers=["wrong", "demonstration only"])
    assert status == 0 and os.path.exists("by-hand"), shown


# ---- bundles ----

def it_drafts_signs_and_checks_a_first_bundle():
    says(draft(description()), "trust bundle 1", "after none: the first", " may countersign from ", "TEST bureau",
         "expires 2027-11-30T23:59:59+08:00", "log key v.example/log+")
    says(sign("draft", "by-jia", ["甲柜"]), "signed by kid", "trust bundle 1")
    sign("draft", "by-bing", ["丙柜"])
    says(qualkey("bundle", "check", "by-jia", "--root", "ceremony/root.cose", "--at", "2026-12-01", status=1),
         "not accepted")
    qualkey("bundle", "assemble", "by-jia", "by-jia", "-o", "never", status=65)
    says(qualkey("bundle", "assemble", "by-jia", "by-bing", "-o", "bundle-1"), "with 2 signatures")
    says(qualkey("bundle", "check", "bundle-1", "--root", "ceremony/root.cose", "--at", "2026-12-01"), "accepted")
    says(qualkey("bundle", "check", "bundle-1", "--root", "ceremony/root.cose", "--at", "2027-12-01", status=1),
         "has expired")
    says(qualkey("bundle", "sign", "by-jia", "--key", "ceremony/甲柜.pem", "-o", "never", "--passphrase-file", "pass",
                 status=73), "has signed it already")


def it_says_what_the_next_bundle_changes():
    d = description()
    d["iat"] = "2026-12-20T16:00:00+08:00"
    d["hosts"].append("w.example")
    d["officers"][0].update(state="retired", since="2026-12-20")
    d["keys"].append({"use": "seal", "file": "keys/seal-2027.pub", "from": "2026-12-20", "until": "2030-11-19"})
    text = draft(d, "--previous", "bundle-1", out="draft-2")
    says(text, "+ host in codes w.example", "+ trust bundle 2", ", retired since 2026-12-20T00:00:00+08:00",
         "+ seal key ")
    assert "log key" not in text and "may examine" not in text, text
    # The officer is the same person as before, under whatever bundle.
    person = {line.split("person ")[1].split(",")[0] for line in text.splitlines() if "person " in line}
    assert len(person) == 1, text
    sign("draft-2", "bundle-2")
    says(qualkey("bundle", "check", "bundle-2", "--root", "ceremony/root.cose", "--held", "bundle-1", "--at",
                 "2026-12-21"), "accepted: trust bundle 2")
    says(qualkey("bundle", "check", "bundle-1", "--root", "ceremony/root.cose", "--held", "bundle-2", "--at",
                 "2026-12-21", status=1), "is older than 2")


def it_gives_one_person_to_two_keys_of_one_name():
    qualkey("officer", "new", "officers-2", "--name", "an", "--roles", "accept", *CHEAP)
    d = description()
    d["officers"].append({"enrolment": "officers-2/an.enrol", "roles": ["accept"], "from": "2027-01-01",
                          "until": "2028-12-31"})
    text = draft(d, "--previous", "bundle-1", out="draft-x")
    before = qualkey("bundle", "show", "bundle-1")
    new = [line.split("person ")[1].split(",")[0] for line in text.splitlines() if "person " in line]
    assert len(new) == 1 and f"person {new[0]}" in before, text


def it_refuses_descriptions_that_will_not_do():
    def change(path, value):
        def apply(d):
            for step in path[:-1]:
                d = d[step]
            if value is None:
                del d[path[-1]]
            else:
                d[path[-1]] = value
        return apply

    rows = [
        ("an unknown word", change(["colour"], "red"), 65, "colour"),
        ("a word missing", change(["exp"], None), 65, "exp"),
        ("a day that is none", change(["exp"], "2027-02-30"), 65, "2027-02-30"),
        ("expiry before it is made", change(["exp"], "2026-01-01"), 65, "expires before"),
        ("a use that is none", change(["keys", 0, "use"], "master"), 65, "keys, item 1: \"master\""),
        ("a file that is not there", change(["keys", 0, "file"], "keys/none.pub"), 66, "keys/none.pub"),
        ("a private key for a public one", change(["keys", 0, "file"], "keys/credential.pem"), 65, "PUBLIC KEY"),
        ("a seal without its certificate", change(["keys", 1, "file"], "keys/status.pub"), 65, "CERTIFICATE"),
        ("one key twice", change(["keys", 2, "file"], "keys/credential.pub"), 77, "stands twice"),
        ("the log's key for a credential", change(["keys", 0, "file"], "keys/log.pub"), 77, "P-256"),
        ("a P-256 key for the log", change(["log", "key"], "keys/status.pub"), 77, "Ed25519"),
        ("a role that is none", change(["officers", 0, "roles"], ["king"]), 65, "king"),
        ("an officer without a role", change(["officers", 0, "roles"], []), 65, "without a role"),
        ("the same officer twice", change(["officers", 1, "enrolment"], "officers/an.enrol"), 77, "stands twice"),
        ("an enrolment that is none", change(["officers", 0, "enrolment"], "keys/log.pub"), 65, "enrolment"),
        ("retired, nobody knows when", change(["keys", 0, "state"], "retired"), 65, "since"),
        ("a state that is none", change(["keys", 0, "state"], "asleep"), 65, "asleep"),
        ("a window that ends first", change(["keys", 0, "until"], "2025-01-01"), 65, "2025-01-01 is before"),
        ("snapshots that live for ever", change(["ages", "snapshot_hours"], 100000), 65, "out of range"),
        ("an issuer the root set does not know", change(["issuers", 0, "iss"], "OTHER"), 77, "not listed"),
        ("a grade that is none", change(["issuers", 0, "powers", 0, "grade"], "C"), 65, "no grade"),
        ("a root file that is none", change(["root"], "policy.json"), 65, "policy.json"),
        ("two officials' roles that are none", change(["issuing", 0, "approve"], "rubber"), 65, "issuing"),
    ]
    for mistake, apply, status, wanted in rows:
        d = copy.deepcopy(description())
        apply(d)
        try:
            says(draft(d, status=status, out="never"), wanted)
        except AssertionError as e:
            raise AssertionError(f"{mistake}: {e}") from e
    with open("bundle.json", "w") as f:
        f.write('{"root": "a", "root": "b"}')
    qualkey("bundle", "draft", "bundle.json", "-o", "never", status=65)
    assert not os.path.exists("never")


def it_keeps_what_was_once_listed():
    d = description()
    del d["keys"][3]
    says(draft(d, "--previous", "bundle-1", status=77, out="never"), "the audit key", "list it as retired")
    d = description()
    d["hosts"] = ["w.example"]
    says(draft(d, "--previous", "bundle-1", status=77, out="never"), "the host v.example is gone")


def it_announces_a_new_seal_before_it_counts():
    d = description()
    d["test"] = False
    d["keys"].append({"use": "seal", "file": "keys/seal-2027.pub", "from": "2026-11-27", "until": "2030-11-19"})
    says(draft(d, "--previous", "bundle-1", status=77, out="never"), "a new seal key may begin 168 hours after")
    d["keys"][-1]["from"] = "2026-11-28"
    draft(d, "--previous", "bundle-1", out="announced")


def certificate(name, uses):
    """A stranger's certificate with this extended key usage."""
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-subj", f"/CN={name}",
        "-days", "30", "-addext", f"extendedKeyUsage={uses}", "-out", f"{name}.pem")


def it_lists_an_authority_that_time_stamps_by_its_certificate():
    certificate("tsa", "critical,timeStamping")
    certificate("web", "serverAuth")
    authority = {"use": "tsa", "file": "tsa.pem", "from": "2026-11-30", "until": "2030-11-19"}
    d = description()
    d["keys"].append(authority)
    kid = run("sh", "-c", "openssl x509 -in tsa.pem -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum")[:16]
    says(draft(d, "--previous", "bundle-1", out="draft-tsa"), f"+ tsa key {kid} of TEST, active, from 2026-11-30T")
    d["keys"][-1] = authority | {"file": "web.pem"}
    says(draft(d, "--previous", "bundle-1", status=77, out="never"), "web.pem", "timeStamping alone and critical")
    d["keys"][-1] = authority | {"file": "keys/credential.pub"}
    says(draft(d, "--previous", "bundle-1", status=65, out="never"), "CERTIFICATE")
    d["keys"][-1] = authority | {"from": "2026-11-27"}
    d["test"] = False
    says(draft(d, "--previous", "bundle-1", status=77, out="never"), "a new tsa key may begin 168 hours after")


# ---- officers ----

def it_says_who_is_missing():
    names = sorted(f"officers/{n}.enrol" for n in OFFICERS)
    ask = ["officers", "--policy", "policy.json", "--bundle"]
    text = qualkey(*ask, "bundle-1", "--at", "2026-12-01", *names)
    says(text, "A case can be granted.", "inspect      shi, xiang", "Without any one of these it could not: an, shen")
    assert "chang" not in text.split("Without")[1]
    says(qualkey(*ask, "bundle-1", "--at", "2029-01-01", *names, status=1), "nobody may submit")

    d = description()
    d["officers"] = [o for o in d["officers"] if "xiang" not in o["enrolment"]]
    draft(d, out="no-xiang")
    says(qualkey(*ask, "no-xiang", "--at", "2026-12-01", *names, status=1),
         "inspect, second official", "one more person with the role inspect")
    d = description()
    d["officers"][6]["roles"] = ["issue", "countersign"]  # yin could approve what yin proposed
    d["officers"] = [o for o in d["officers"] if "fu." not in o["enrolment"]]
    draft(d, out="no-fu")
    says(qualkey(*ask, "no-fu", "--at", "2026-12-01", *names, status=1), "one more person with the role countersign")
    qualkey(*ask[:1], "--policy", f"{TEMPLATES}/policy-small.json", "--bundle", "bundle-1", status=77)

    d = description()
    with open("policy.json", encoding="utf-8") as standard, open("odd.json", "w", encoding="utf-8") as odd:
        odd.write(standard.read().replace('"schedule": "accept"', '"schedule": "publish"'))
    d["policy"] = "odd.json"
    for officer in d["officers"]:
        officer["roles"] = [role for role in officer["roles"] if role != "publish"]
    draft(d, out="no-schedule")
    says(qualkey("officers", "--policy", "odd.json", "--bundle", "no-schedule", "--at", "2026-12-01", *names, status=1),
         "nobody may schedule", "role publish")


def it_runs_a_small_bureau_with_four():
    four = {"p1": "accept,examine,inspect", "p2": "inspect", "p3": "decide,sanction", "p4": "approve,countersign"}
    d = description()
    d["policy"] = "small.json"
    d["officers"] = []
    shutil.copy(f"{TEMPLATES}/policy-small.json", "small.json")
    for name, roles in four.items():
        qualkey("officer", "new", "four", "--name", name, "--roles", roles, *CHEAP)
        d["officers"].append({"enrolment": f"four/{name}.enrol", "roles": roles.split(","), "from": "2026-11-20",
                              "until": "2028-12-31"})
    d["issuing"] = [{"propose": "decide", "approve": "approve", "from": "2026-11-20", "until": "2036-12-31"}]
    draft(d, out="small")
    ask = ["officers", "--policy", "small.json", "--bundle"]
    says(qualkey(*ask, "small", "--at", "2026-12-01"), "A case can be granted.")
    d["officers"][1]["roles"] = ["approve"]  # p1 alone inspects
    draft(d, out="small-3")
    says(qualkey(*ask, "small-3", "--at", "2026-12-01", status=1), "No case can be granted")


def it_explains_itself():
    for words in ([], ["root", "new"], ["role", "new"], ["officer", "new"], ["bundle", "draft"], ["bundle", "sign"],
                  ["bundle", "assemble"], ["bundle", "check"], ["bundle", "show"], ["officers"], ["show"]):
        says(qualkey(*words, "--help"), "  qualkey " if words else "qualkey COMMAND --help")
    for wrong in ([], ["frob"], ["bundle"], ["bundle", "frob"], ["show"], ["bundle", "show"], ["officers"]):
        qualkey(*wrong, status=64)
    says(qualkey("show", "pass"), "nothing of ours")


def with_terminals():
    """A chroot may lack the file system of terminals: then mount one, in a namespace of our own."""
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:
        if "QUALKEY_MOUNTED" in os.environ:
            raise
        mount = 'mount -t devpts -o newinstance,ptmxmode=0666 devpts /dev/pts && exec "$@"'
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "unchanged", "sh", "-c", mount, "sh", sys.executable, *sys.argv],
                   {**os.environ, "QUALKEY_MOUNTED": "1"})


def main():
    with_terminals()
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("pass", "w") as f:
            f.write("demonstration only\n")
        os.chmod("pass", 0o600)
        shutil.copy(f"{TEMPLATES}/policy-standard.json", "policy.json")
        for name, promise in [(n, p) for n, p in globals().items() if n.startswith("it_")]:
            promise()
            print("ok", name.replace("_", " "))
        os.chdir("/")


main()
