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

sys.dont_write_bytecode = True  # nothing stays beside the tests
from tarread import CHECKSUM, Bad, Reader, gunzip, load

FIELDS = ("name", "kind", "mode", "uname", "gname", "uid", "gid", "size",
          "mtime", "link", "major", "minor", "xattrs", "digest")


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
