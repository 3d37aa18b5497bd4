"""edit_evidence.py FROM TO MEMBER OLD NEW: evidence with one text in one member replaced, and every sum right again."""

import hashlib
import io
import sys
import tarfile

source, target, edited, old, new = sys.argv[1:]
members = []
with tarfile.open(source) as archive:
    for info in archive:
        members.append((info, archive.extractfile(info).read()))

manifest = b""
with tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as archive:
    for info, content in members:
        if info.name == edited:
            assert old.encode() in content
            content = content.replace(old.encode(), new.encode())
        if info.name == "MANIFEST":
            content = manifest
        manifest += f"{hashlib.sha256(content).hexdigest()}  {info.name}\n".encode()
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
with open(target, "r+b") as file:  # tarfile fills a record of 20 blocks; ours ends behind two
    data = file.read().rstrip(b"\0")
    file.truncate((len(data) + 511) // 512 * 512 + 1024)
