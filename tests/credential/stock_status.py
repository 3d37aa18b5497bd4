"""Stock decoders read our status token: cbor2 and zlib alone, by the Token Status List draft.

stock_status.py PROGRAM: runs print_status_token and looks up slots as any reader of the draft would.
"""
import subprocess
import sys
import zlib

import cbor2


def printed():
    return subprocess.run([sys.argv[1]], check=True, capture_output=True).stdout


token = cbor2.loads(printed())
assert token.tag == 18, "a status list token is a tagged COSE_Sign1"
protected, unprotected, payload, signature = token.value
assert cbor2.loads(protected) == {1: -7, 4: b"kid-8888", 16: "application/statuslist+cwt"}
assert unprotected == {} and len(signature) == 64

claims = cbor2.loads(payload)
assert claims[2] == "https://v.example/v1/status/TEST/1"
assert (claims[6], claims[4], claims[65534]) == (1795276800, 1795881600, 300)
bits = claims[65533]["bits"]
array = zlib.decompress(claims[65533]["lst"])
assert bits == 4 and len(array) == 32768


def status(index):
    return array[index * bits // 8] >> (index * bits % 8) & ((1 << bits) - 1)


expected = {0: 0x00, 1: 0x01, 48211: 0x02, 65535: 0x0C}
for index in range(65536):
    assert status(index) == expected.get(index, 0x0F), index

# Deterministic, and no longer than it need be.
assert cbor2.dumps(claims, canonical=True) == payload
assert printed() == cbor2.dumps(token)
assert len(claims[65533]["lst"]) <= len(zlib.compress(array, 6))
