"""Acts written by another CBOR implementation (Debian's python3-cbor2).

    act_vectors.py FILE            is FILE what this program would write?
    act_vectors.py --write FILE FUZZ_CORPUS

Each line of FILE: the kind's word and the act-claims in hex. test_act.c writes the same acts with our own
code and compares bytes, so the two implementations check each other.
"""
import pathlib
import sys

import cbor2

NUMBER = "JCA9999002026482136"
CASE = "case/C-2026-0017"
SITTING = "P-9XQ4-7"
KID = bytes(range(8))
SIGNATURE = bytes(range(64))
CLAIMS = bytes.fromhex(
    "a501645445535402734a434139393939303032303236343832313336041a74667000061a6affff2c3a00010000a60001017824"
    "e7a4bae4be8be6989fe6a1a5e4bfa1e681afe68a80e69cafe69c89e99990e585ace58fb8037239313939393930314d4144454d"
    "303031313004010582010306820119bc53")


def dumps(value):
    return cbor2.dumps(value, canonical=True)


def sign1(header, payload):
    return dumps(cbor2.CBORTag(18, [dumps(header), {}, payload, SIGNATURE]))


QC1 = sign1({1: -7, 4: KID}, CLAIMS)
GRANT = {1: 1, 2: "资决〔2026〕17号", 3: 5, 4: "示例星桥信息技术有限公司", 6: "91999901MADEM00110", 7: "JC", 8: 1, 9: [1, 3]}
REFUSAL = {1: 2, 2: "D-18", 3: 0, 4: "示例", 5: "Example", 6: "91999902MADEM002X6", 7: "JC", 8: 2, 9: [2], 10: "ORG-02"}
FACE = {"holder": "示例星桥信息技术有限公司", "no": NUMBER, "grade": "A", "valid_until": "2031-11-19"}
PROPOSAL = {4: 1797753900, 5: SITTING}

# word, kind, subject, body
ACTS = [
    ("register", 1, "register", {1: "TEST", 2: b"\x01" * 32, 3: b"\x02" * 32, 4: b"bundle", 5: "v.example/log", 6: b"root"}),
    ("adopt", 2, "register", {1: b"bundle"}),
    ("made", 3, CASE, {1: QC1, 2: b"\x03" * 32, 3: 123456}),
    ("submit", 10, CASE, {1: b"{}"}),
    ("accept", 11, CASE, {1: "受理〔2026〕17号"}),
    ("examine", 12, CASE, {1: b"{}", 2: 1}),
    ("inspect", 13, CASE, {1: b"{}", 2: 2}),
    ("decide", 20, CASE, {1: REFUSAL, **PROPOSAL}),
    ("issue", 21, CASE, {1: CLAIMS, 2: FACE, 3: ["certificate-a", b"\x04" * 32], **PROPOSAL}),
    ("issue", 21, CASE, {1: CLAIMS, 2: FACE, 3: ["certificate-a", b"\x04" * 32], **PROPOSAL, 6: GRANT}),
    ("suspend", 30, NUMBER, {1: {1: "SUS-01", 2: "D-30", 3: 1795161900, 4: 1811059200}, **PROPOSAL}),
    ("lift", 31, NUMBER, {1: {1: "LIF-01", 2: "D-31", 3: 1795161900}, **PROPOSAL}),
    ("revoke", 32, NUMBER, {1: {1: "REV-01", 2: "D-32", 3: 1795161900}, **PROPOSAL}),
    ("ask", 14, CASE, {1: "D-14", 2: ["缺少章程", "法定代表人身份证明"]}),
    ("amend", 15, CASE, {1: b"{}"}),
    ("decline", 16, CASE, {1: {1: "DCL-01", 2: "D-16", 3: "不属于本机关职权"}}),
    ("schedule", 17, CASE, {1: "D-17", 2: [b"\x01" * 8, b"\x02" * 8], 3: 1795104000, 4: ["王专家"]}),
    ("recuse", 18, CASE, {1: b"\x03" * 8, 2: "近亲属任职"}),
    ("retract", 19, CASE, {1: "D-19"}),
    ("terminate", 22, CASE, {1: {1: "TER-01", 2: "D-22", 3: "隐瞒真实情况"}, **PROPOSAL}),
    ("prolong", 23, CASE, {1: {2: "D-23", 3: "案情复杂"}, **PROPOSAL}),
    ("deliver", 24, CASE, {1: "D-24"}),
    ("file", 25, CASE, {1: "D-25"}),
    ("annul", 33, NUMBER, {1: {1: "ANN-01", 2: "D-33", 3: 1795161900}, **PROPOSAL}),
    ("withdraw", 34, NUMBER, {1: {1: "WDR-01", 2: "D-34", 3: 1795161900}, **PROPOSAL}),
    ("deregister", 35, NUMBER, {1: {1: "DER-02", 2: "D-35", 3: 1795161900}, **PROPOSAL}),
    ("reissue", 36, NUMBER, {1: CLAIMS, 2: FACE, 3: ["certificate-a", b"\x04" * 32], **PROPOSAL, 7: {1: "CHG-01", 2: "D-36", 3: 1795161900}}),
    ("regrade", 37, NUMBER, {1: CLAIMS, 2: FACE, 3: ["certificate-a", b"\x04" * 32], **PROPOSAL, 7: {1: "DWN-01", 2: "D-37", 3: 1795161900}}),
    ("extend", 38, NUMBER, {1: {1: "EXT-01", 2: "D-38", 3: 1795161900, 4: 1811059200}, **PROPOSAL}),
    ("correct", 39, NUMBER, {1: {1: "COR-01", 2: "D-39", 5: b"\x05" * 32}, **PROPOSAL}),
    ("set-aside", 40, NUMBER, {1: {1: "SET-01", 2: "D-40", 3: 1795161900, 5: b"\x05" * 32, 6: 2}, **PROPOSAL}),
    ("issue", 21, CASE, {1: CLAIMS, 2: FACE, 3: ["certificate-a", b"\x04" * 32], **PROPOSAL, 8: NUMBER}),
    ("stop", 70, "register", {1: {3: "印章遗失"}}),
    ("resume", 71, "register", {1: {3: "印章已找回"}, **PROPOSAL}),
    ("accept-loss", 72, "register", {1: b"\x05" * 32, 2: [18204, b"\x09" * 32], 3: 2, **PROPOSAL}),
    ("approve", 50, "register", {1: b"\x05" * 32, 2: 71}),
    ("approve", 50, NUMBER, {1: b"\x05" * 32, 2: 32}),
    ("refuse", 51, CASE, {1: b"\x05" * 32, 2: 21, 3: "名称有误"}),
    ("cancel", 52, CASE, {1: b"\x05" * 32, 2: 20}),
]


def claims(number, kind, subject, body):
    """The first is at the beginning of its chain and has no idempotency hash; the others differ from it."""
    value = {0: 1, 1: kind, 2: subject, 3: number, 4: 1795161900, 5: bytes([0 if number == 0 else 6]) * 32,
             6: body, 7: b"\x07" * 16, 9: 3}
    if number % 2 == 1:
        value[8] = b"\x08" * 32
    return dumps(value)


def main():
    writing = sys.argv[1] == "--write"
    target = pathlib.Path(sys.argv[2 if writing else 1])
    all_claims = [(word, claims(i, kind, subject, body)) for i, (word, kind, subject, body) in enumerate(ACTS)]
    text = "".join(f"{word} {payload.hex()}\n" for word, payload in all_claims)
    if not writing:
        return 0 if target.read_text() == text else "the acts are not what cbor2 writes"
    target.write_text(text)
    corpus = pathlib.Path(sys.argv[3])
    header = {1: -7, 4: KID, 16: "application/qact+cbor"}
    for i, (word, payload) in enumerate(all_claims):
        (corpus / "act" / f"{i:02}-{word}").write_bytes(sign1(header, payload))
    (corpus / "qc1" / "example").write_bytes(QC1)
    whole = dumps([QC1, sign1(header, all_claims[8][1]), sign1(header, all_claims[-3][1])])
    (corpus / "cose_file" / "example").write_bytes(whole)
    return 0


sys.exit(main())
