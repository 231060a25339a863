# SPDX-License-Identifier: BSD-2-Clause
"""tarread - archives of tar and gzip, read by hand and strictly"""
import hashlib
import zlib

BLOCK = 512
KINDS = {b"0": "file", b"1": "hard", b"2": "link", b"3": "char",
         b"4": "block", b"5": "dir", b"6": "fifo"}
PAX_KEYS = {b"path", b"linkpath", b"uid", b"gid", b"uname", b"gname",
            b"mtime", b"size"}
XATTR = b"SCHILY.xattr."
CHECKSUM = b"APK-TOOLS.checksum.SHA1"


class Bad(Exception):
    """The archive is not well formed."""


class Entry:
    """One entry; names are bytes, times exact."""

    def is_privileged(self):
        return self.mode & 0o6000 or \
            b"security.capability" in dict(self.xattrs)


def number(field, what):
    if field[0] & 0x80:
        raise Bad(f"{what} is base-256")
    text = field.rstrip(b"\0 ").lstrip(b" ")
    if text.strip(b"01234567"):
        raise Bad(f"{what} is not octal: {field!r}")
    return int(text, 8) if text else 0


def text(field):
    return field.split(b"\0", 1)[0]


def records(data):
    """The records of an extended header, strictly, in their order."""
    found = []
    while data:
        digits, space, _ = data.partition(b" ")
        if not space or not digits.isdigit():
            raise Bad(f"pax record without length: {data[:40]!r}")
        length = int(digits)
        record = data[:length]
        if len(record) != length or record[-1:] != b"\n":
            raise Bad(f"pax record of a wrong length: {record[:40]!r}")
        key, equals, value = record[len(digits) + 1:-1].partition(b"=")
        if not equals:
            raise Bad(f"pax record without value: {record[:40]!r}")
        found.append((key, value))
        data = data[length:]
    return found


def timestamp(value):
    """Nanoseconds, so that 1.5 and 1.50 are the same."""
    whole, _, part = value.partition(b".")
    return int(whole) * 10**9 + int((part + b"0" * 9)[:9])


def gunzip(data):
    """The contents of a gzip file of one plain member."""
    if data[:3] != b"\x1f\x8b\x08":
        raise Bad("no gzip file")
    if data[3] != 0:
        raise Bad(f"gzip header has flags {data[3]:#x} (a name?)")
    if data[4:8] != b"\0\0\0\0":
        raise Bad("gzip header has a time")
    member = zlib.decompressobj(-15)
    out = member.decompress(data[10:])
    if not member.eof:
        raise Bad("gzip member is cut off")
    trailer = member.unused_data
    if len(trailer) != 8:
        raise Bad(f"{len(trailer) - 8} bytes behind the first gzip member")
    if int.from_bytes(trailer[:4], "little") != zlib.crc32(out):
        raise Bad("gzip CRC is wrong")
    if int.from_bytes(trailer[4:], "little") != len(out) & 0xffffffff:
        raise Bad("gzip length is wrong")
    return out


def load(path):
    with open(path, "rb") as f:
        data = f.read()
    return gunzip(data) if data[:2] == b"\x1f\x8b" else data


class Reader:
    """All entries of a tar file; `strange` collects what apk cannot read."""

    def __init__(self, data):
        self.data, self.at = data, 0
        self.entries, self.strange = [], []
        self.extended = set()
        pax, has_pax = [], False
        while True:
            header = self.take(BLOCK)
            if header == bytes(BLOCK):
                break
            self.check_header(header)
            size = number(header[124:136], "size")
            kind = header[156:157]
            if kind == b"x":
                if has_pax:
                    raise Bad("two extended headers in a row")
                self.extended.add(header[:124] + header[136:148] +
                                  header[156:])
                pax, has_pax = records(self.contents(size)), True
                continue
            if kind not in KINDS:
                raise Bad(f"entry of type {kind!r}")
            self.entries.append(self.entry(header, size, pax, has_pax))
            pax, has_pax = [], False
        if has_pax:
            raise Bad("extended header of nothing")
        if self.data[self.at:].strip(b"\0"):
            raise Bad("bytes behind the end of the archive")
        if len(self.data) - self.at < BLOCK:
            raise Bad("second block of zeros is missing")

    def take(self, length):
        piece = self.data[self.at:self.at + length]
        if len(piece) != length:
            raise Bad("archive is cut off")
        self.at += length
        return piece

    def contents(self, size):
        piece = self.take(size)
        if self.take(-size % BLOCK).strip(b"\0"):
            raise Bad("padding is not zero")
        return piece

    @staticmethod
    def check_header(header):
        if header[257:265] != b"ustar\x0000":
            raise Bad(f"magic is {header[257:265]!r}")
        blank = header[:148] + b" " * 8 + header[156:]
        if number(header[148:156], "checksum") != sum(blank):
            raise Bad("header checksum is wrong")

    def entry(self, header, size, pax, has_pax):
        e, get = Entry(), dict(pax).get
        prefix, name = text(header[345:500]), text(header[:100])
        e.name = get(b"path", prefix + b"/" + name if prefix else name)
        e.kind = KINDS[header[156:157]]
        # GNU tar ends the name of a directory with a slash, as we do
        e.has_slash = e.name.endswith(b"/")
        e.name = e.name.rstrip(b"/")
        e.mode = number(header[100:108], "mode")
        e.uid = int(get(b"uid", number(header[108:116], "uid")))
        e.gid = int(get(b"gid", number(header[116:124], "gid")))
        e.size = int(get(b"size", size)) if e.kind == "file" else 0
        e.mtime = timestamp(
            get(b"mtime", str(number(header[136:148], "mtime")).encode()))
        e.link = get(b"linkpath", text(header[157:257]))
        e.uname = get(b"uname", text(header[265:297]))
        e.gname = get(b"gname", text(header[297:329]))
        is_device = e.kind in ("char", "block")
        e.major = number(header[329:337], "major") if is_device else 0
        e.minor = number(header[337:345], "minor") if is_device else 0
        e.xattrs = sorted((k[len(XATTR):], v) for k, v in pax
                          if k.startswith(XATTR))
        e.bytes = self.contents(e.size) if e.kind == "file" else b""
        e.digest = hashlib.sha1(e.bytes).hexdigest()
        e.pax, e.has_pax = pax, has_pax
        self.note(e)
        return e

    def note(self, e):
        keys = [k for k, _ in e.pax]
        for key in keys:
            if key not in PAX_KEYS and key != CHECKSUM and \
                    not key.startswith(XATTR):
                self.strange.append(f"{e.name!r}: pax key {key!r}")
        once = [key for key in keys if key != CHECKSUM]
        if len(set(once)) != len(once):
            self.strange.append(f"{e.name!r}: a pax key twice")
