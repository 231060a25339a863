#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""tarcmp - archives read by hand, compared, and held to our promises

    tarcmp.py same A B [65534]   the same entries; with 65534, what is
                                 set-id or capable and has a named owner has
                                 that number in B where it has 0 in A
    tarcmp.py verify A [bare|again]  A is what apk reads; bare: without
                                 checksums; again: abuild-tar has been over it
    tarcmp.py list A             one line an entry, bytes escaped
    tarcmp.py names A            the names, NUL behind each
    tarcmp.py listed A           stdin are the names, one a line, as tar -t shows
                                 them with backslash escapes
    tarcmp.py gzip A             A is one gzip member without name and time
    tarcmp.py tree A DIR         DIR is what A says, contents and all

The answer is no output and status 0, or the differences and status 1.
"""
import grp
import hashlib
import os
import pwd
import re
import stat
import sys
import tarfile
import zlib

BLOCK = 512
KINDS = {b"0": "file", b"1": "hard", b"2": "link", b"3": "char",
         b"4": "block", b"5": "dir", b"6": "fifo"}
PAX_KEYS = {b"path", b"linkpath", b"uid", b"gid", b"uname", b"gname",
            b"mtime", b"size"}
XATTR = b"SCHILY.xattr."
CHECKSUM = b"APK-TOOLS.checksum.SHA1"
FIELDS = ("name", "kind", "mode", "uname", "gname", "uid", "gid", "size",
          "mtime", "link", "major", "minor", "xattrs", "digest")


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


def second_opinion(path, entries):
    """Python's own reader must see the same names, kinds and sizes."""
    with tarfile.open(path, encoding="utf-8", errors="surrogateescape") as t:
        theirs = [(os.fsencode(m.name), os.fsencode(m.linkname), m.mode)
                  for m in t]
    ours = [(e.name, e.link, e.mode) for e in entries]
    if theirs != ours:
        odd = [p for p in zip(ours, theirs) if p[0] != p[1]][:3]
        raise Bad(f"tarfile reads it differently: {odd}")


def unlink(entries):
    """Only regular files with hard links: GNU tar makes two fifos or devices of
    one with two names; we make two symbolic links of one, as apk would follow
    it."""
    first = {e.name: e for e in entries}
    for e in entries:
        if e.kind == "hard" and first[e.link].kind != "file":
            target = first[e.link]
            e.kind, e.link = target.kind, target.link
            e.major, e.minor = target.major, target.minor


def same(a, b, is_65534):
    """What differs between two lists of entries, as lines."""
    unlink(a)
    unlink(b)
    names = [[e.name for e in x] for x in (a, b)]
    for name in sorted(set(names[0]) ^ set(names[1])):
        yield f"{name!r}: only in {'A' if name in names[0] else 'B'}"
    if set(names[0]) == set(names[1]) and names[0] != names[1]:
        yield "the order differs"
    others = {e.name: e for e in b}
    for e in a:
        other = others.get(e.name)
        for field in FIELDS if other else ():
            was, now = getattr(e, field), getattr(other, field)
            if is_65534 and field in ("uid", "gid") and e.is_privileged():
                owner = e.uname if field == "uid" else e.gname
                if owner not in (b"", b"root") and was == 0:
                    was = 65534
            if was != now:
                yield f"{e.name!r}: {field} {was!r}, not {now!r}"


def broken_promises(reader, is_bare, is_summed_again):
    """What apk would trip over, as lines."""
    yield from reader.strange
    if len(reader.extended) > 1:
        yield "extended headers differ in more than size"
    seen = {}
    names = [e.name for e in reader.entries]
    if names != sorted(names):
        yield "not sorted"
    for e in reader.entries:
        say = f"{e.name!r}: "
        parts = e.name.split(b"/")
        if {b"", b".", b".."} & set(parts):
            yield say + "not a plain relative name"
        if e.name in seen:
            yield say + "twice"
        parent = e.name.rpartition(b"/")[0]
        if parent and getattr(seen.get(parent), "kind", "") != "dir":
            yield say + "comes before its directory"
        if e.kind == "hard":
            target = seen.get(e.link)
            if target is None or target.kind not in ("file", "fifo",
                                                         "char", "block"):
                yield say + f"hard link to {e.link!r}, which is not there"
            elif (e.mode, e.uname, e.gname, e.uid, e.gid, e.mtime) != (
                    target.mode, target.uname, target.gname, target.uid,
                    target.gid, target.mtime):
                yield say + "has other attributes than its target"
        if e.kind == "link" and e.mode != 0o777:
            yield say + f"mode of a symbolic link is {e.mode:o}"
        if e.mode > 0o7777:
            yield say + f"mode is {e.mode:o}"
        if e.uid > 2097151 or e.gid > 2097151:
            yield say + "owner number is too large"
        sums = [value for key, value in e.pax if key == CHECKSUM]
        checksum = sums[0] if sums else None  # apk takes the first
        if len(sums) > (2 if is_summed_again else 1):
            yield say + f"{len(sums)} checksums"
        wanted = None
        if e.kind == "file" and not is_bare:
            wanted = e.digest.encode()
        if e.kind == "link" and not is_bare:
            wanted = hashlib.sha1(e.link).hexdigest().encode()
        if checksum != wanted:
            yield say + f"checksum is {checksum!r}, not {wanted!r}"
        if e.kind in ("file", "link") and not e.has_pax:
            yield say + "has no extended header"
        seen[e.name] = e


def local(find, field, name, number_instead):
    """The number that an account has on this machine."""
    try:
        return getattr(find(os.fsdecode(name)), field)
    except KeyError:
        return number_instead


def unescape(line):
    letters = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n",
               b"r": b"\r", b"t": b"\t", b"v": b"\v", b"\\": b"\\"}
    return re.sub(rb"\\([0-7]{3}|.)", lambda m: letters.get(m[1]) or
                  bytes([int(m[1], 8)]), line)


def listed(entries, lines):
    """How what tar -t prints differs from the names there are."""
    theirs = [unescape(line).rstrip(b"/") for line in lines]
    for ours, other in zip([e.name for e in entries], theirs):
        if ours != other:
            yield f"{ours!r}: listed as {other!r}"
    if len(entries) != len(theirs):
        yield f"{len(entries)} entries, {len(theirs)} listed"


def tree(entries, root):
    """How the tree at `root`, extracted from the archive, differs."""
    root = os.fsencode(root)
    first = {}
    # who cannot give files away gets no set-id bits from bsdtar
    bits = 0o7777 if os.getuid() == 0 else 0o1777
    seen = {os.path.relpath(os.path.join(d, n), root)
            for d, dirs, files in os.walk(root) for n in dirs + files}
    for name in sorted(seen ^ {e.name for e in entries}):
        yield f"{name!r}: only in {'tree' if name in seen else 'archive'}"
    formats = {"file": stat.S_IFREG, "link": stat.S_IFLNK,
               "dir": stat.S_IFDIR, "fifo": stat.S_IFIFO,
               "char": stat.S_IFCHR, "block": stat.S_IFBLK}
    for e in entries:
        if e.name not in seen:
            continue
        path = os.path.join(root, e.name)
        st = os.lstat(path)
        say = f"{e.name!r}: "
        if e.kind == "hard":
            if (st.st_dev, st.st_ino) != first.get(e.link):
                yield say + f"is no hard link to {e.link!r}"
            continue
        first[e.name] = (st.st_dev, st.st_ino)
        if stat.S_IFMT(st.st_mode) != formats[e.kind]:
            yield say + f"is no {e.kind}"
            continue
        if e.kind == "link":
            if os.readlink(path) != e.link:
                yield say + "points elsewhere"
        elif (stat.S_IMODE(st.st_mode) ^ e.mode) & bits:
            yield say + f"mode {stat.S_IMODE(st.st_mode):o}, not {e.mode:o}"
        if e.kind in ("char", "block"):
            device = os.major(st.st_rdev), os.minor(st.st_rdev)
            if device != (e.major, e.minor):
                yield say + f"device {device}"
        if e.kind == "file":
            with open(path, "rb") as f:
                if f.read() != e.bytes:
                    yield say + "other contents"
        # tar restores a directory's time too early if names such as "a-b"
        # stand between "a" and "a/b"
        if e.kind != "dir" and st.st_mtime_ns // 10**9 != e.mtime // 10**9:
            yield say + f"time {st.st_mtime_ns}, not {e.mtime}"
        if os.getuid() == 0 and not e.mode & 0o6000:
            owner = local(pwd.getpwnam, "pw_uid", e.uname, e.uid), \
                local(grp.getgrnam, "gr_gid", e.gname, e.gid)
            if (st.st_uid, st.st_gid) != owner:
                yield say + f"owner {st.st_uid}:{st.st_gid}, not {owner}"


def listing(e):
    line = [e.kind, f"{e.mode:04o}", e.uname, e.gname, e.uid, e.gid, e.size,
            e.mtime // 10**9, e.name]
    if e.link:
        line += ["->", e.link]
    if e.kind in ("char", "block"):
        line += [f"{e.major},{e.minor}"]
    line += [k + b"=" + v for k, v in e.xattrs]
    return " ".join(
        x.decode("latin-1").encode("unicode_escape").decode()
        if isinstance(x, bytes) else str(x) for x in line)


def main(verb, path, *rest):
    if verb == "gzip":
        with open(path, "rb") as f:
            gunzip(f.read())
        return []
    reader = Reader(load(path))
    entries = reader.entries
    if verb == "names":
        sys.stdout.buffer.write(b"".join(e.name + b"\0" for e in entries))
        return []
    if verb == "list":
        print("".join(listing(e) + "\n" for e in entries), end="")
        return []
    if verb == "listed":
        return list(listed(entries, sys.stdin.buffer.read().split(b"\n")[:-1]))
    if verb == "tree":
        return list(tree(entries, rest[0]))
    if verb == "same":
        return list(same(entries, Reader(load(rest[0])).entries,
                         rest[1:] == ("65534",)))
    if verb == "verify":
        second_opinion(path, entries)
        return list(broken_promises(reader, "bare" in rest, "again" in rest))
    raise SystemExit(__doc__)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    try:
        wrong = main(*sys.argv[1:])
    except Bad as bad:
        wrong = [f"{sys.argv[2]}: {bad}"]
    for line in wrong[:20]:
        print(line)
    sys.exit(1 if wrong else 0)
