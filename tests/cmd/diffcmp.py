#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""diffcmp - packages that differ, and in what they do, by tarfile

    diffcmp.py kinds DIFF    make a pair of packages for each kind of difference;
                             DIFF, amtree-diff, says just that kind, and tarfile
                             sees it as well
    diffcmp.py repositories OLD NEW N SEED
                             make N packages in both, which differ at random
    diffcmp.py same A B      amtree-diff --json A B, on stdin, says what tarfile
                             sees; A and B are files or two repositories
    diffcmp.py junit N FAILURES ERRORS
                             a testsuite of these numbers is on stdin, and its
                             texts are what --junit may hold

The answer is no output and status 0, or what is wrong and status 1.
"""
import collections
import decimal
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree

sys.dont_write_bytecode = True  # nothing stays beside the tests
import scancmp
from mkpairs import (BASE, CAPS, ENCODING, INFO, KINDS, SCRIPTS, XATTR,
                     make_repositories, package)


# What tarfile reads, and how it differs

Side = collections.namedtuple("Side", "entries groups control info")


def open_tar(raw):
    return tarfile.open(fileobj=io.BytesIO(raw), **ENCODING)


def contents(tar, info):
    """The digest of what it is a name of; None if it is no file."""
    while info.islnk():
        info = next(i for i in tar.getmembers()
                    if i.name == info.linkname)
    return digest(tar, info), info


def digest(tar, info):
    if not info.isreg():
        return None
    return hashlib.sha256(tar.extractfile(info).read()).hexdigest()


def time_of(info):
    return decimal.Decimal(info.pax_headers.get("mtime", str(info.mtime)))


def owner(name, number):
    return name or ("root" if number == 0 else number)


def attributes(info):
    return {key[len(XATTR):]: value for key, value in info.pax_headers.items()
            if key.startswith(XATTR)}


def load(name):
    with open(name, "rb") as file:
        raw = file.read()
    parts = list(scancmp.members(raw)) if raw[:2] == b"\x1f\x8b" else [raw]
    with open_tar(parts[-1]) as tar:
        entries, groups = collections.defaultdict(list), {}
        for info in tar.getmembers():
            sha, first = contents(tar, info)
            entries[info.name].append((info, sha, first))
            groups[info.name] = first.name
    control = info = None
    if len(parts) > 1:
        with open_tar(parts[-2]) as tar:
            control = {i.name: digest(tar, i) for i in tar.getmembers()}
            text = tar.extractfile(".PKGINFO").read()
        del control[".PKGINFO"]
        info = collections.defaultdict(set)
        for line in text.decode(**ENCODING).split("\n"):
            key, equals, value = line.partition(" = ")
            if equals and key not in ("builddate", "datahash"):
                info[key].add(value)
    return Side(entries, groups, control, info)


def has_gained(old, new):
    """Capabilities that were not there."""
    old, new = (value.encode("utf-8", "surrogateescape")
                for value in (old, new))
    return any(b & ~a for a, b in zip(old, new))


def compare_entries(a, b):
    x, y = a[0], b[0]
    if y.mode & ~x.mode & 0o6000:
        yield "setid"
    elif x.mode & ~y.mode & 0o6000:
        yield "setid-lost"
    if (x.mode ^ y.mode) & 0o1777:
        yield "mode"
    old, new = attributes(a[2]), attributes(b[2])
    old.update(attributes(x))
    new.update(attributes(y))
    for name in set(old) | set(new):
        if old.get(name) == new.get(name):
            continue
        if name != "security.capability":
            yield "xattr", name
        elif name not in new or (name in old and
                                 not has_gained(old[name], new[name])):
            yield "caps-lost"
        else:
            yield "caps"
    for kind, names, numbers, field in (
            ("owner", (x.uname, y.uname), (x.uid, y.uid), "uid"),
            ("group", (x.gname, y.gname), (x.gid, y.gid), "gid")):
        pair = [owner(*half) for half in zip(names, numbers)]
        if pair[0] != pair[1]:
            yield kind
        elif numbers[0] != numbers[1]:
            yield "number", field
    types = [scancmp.TYPES[half[2].type] for half in (a, b)]
    if types[0] != types[1]:
        yield "type"
    elif types[0] == "link" and a[2].linkname != b[2].linkname:
        yield "link"
    elif types[0] in ("char", "block") and (
            (a[2].devmajor, a[2].devminor) != (b[2].devmajor, b[2].devminor)):
        yield "device"
    elif a[1] != b[1]:
        yield "contents"
    if time_of(x) != time_of(y):
        yield "time"


def first_names(side, common):
    """Of each common path, the first common name of the same file."""
    firsts = {}
    for path in sorted(common, key=os.fsencode):
        firsts.setdefault(side.groups[path], path)
    return {path: firsts[side.groups[path]] for path in common}


def compare_sides(a, b):
    common = set(a.entries) & set(b.entries)
    firsts = [first_names(side, common) for side in (a, b)]
    for path in common:
        x, y = a.entries[path], b.entries[path]
        if firsts[0][path] != firsts[1][path]:
            yield "link", path, "hard"
        if len(x) != len(y):
            yield "duplicate", path, None
        for i in range(max(len(x), len(y))):
            for kind in compare_entries(x[min(i, len(x) - 1)],
                                        y[min(i, len(y) - 1)]):
                yield ((kind, path, None) if isinstance(kind, str)
                       else (kind[0], path, kind[1]))
    for path in set(a.entries) - common:
        yield "missing", path, None
    for path in set(b.entries) - common:
        yield "extra", path, None
        info, _, first = b.entries[path][0]
        if info.mode & 0o6000:
            yield "setid", path, None
        if CAPS in info.pax_headers or CAPS in first.pax_headers:
            yield "caps", path, None
    if a.info is None or b.info is None:
        return
    for key in set(a.info) | set(b.info):
        if a.info.get(key) != b.info.get(key):
            yield "metadata", None, key
    for path in set(a.control) | set(b.control):
        if a.control.get(path) != b.control.get(path):
            yield "script", path, None


def seen(a, b):
    """All that tarfile sees, as (package, kind, path, field)."""
    if os.path.isfile(a):
        x, y = load(a), load(b)
        names = (x.info or y.info or {}).get("pkgname", {None})
        return {(min(names),) + what for what in compare_sides(x, y)}
    old, new = ({n.split("-1-")[0]: os.path.join(d, n) for n in os.listdir(d)}
                for d in (a, b))
    found = {(n, "package-removed", None, None) for n in set(old) - set(new)}
    found |= {(n, "package-added", None, None) for n in set(new) - set(old)}
    for name in set(old) & set(new):
        found |= seen(old[name], new[name])
    return found


def said(lines):
    """The same of amtree-diff's objects, which are in order."""
    objects = [json.loads(line) for line in lines]
    last = ("", -1000)
    for o in objects:
        at = (o["package"] or "", -o["risk"])
        if at < last:
            print("not in order:", o)
            sys.exit(1)
        last = at
    return {(o["package"], o["kind"], o["path"], o["field"])
            for o in objects}


def show(title, found):
    for what in sorted(found, key=repr):
        print(title, *(repr(part) for part in what))


def compare(got, want):
    show("not said:", want - got)
    show("not so:", got - want)
    return got == want


def run_kinds(diff):
    good = True
    with tempfile.TemporaryDirectory() as where:
        a, b = (os.path.join(where, name) for name in ("a.apk", "b.apk"))
        with open(a, "wb") as out:
            out.write(package(BASE, INFO, SCRIPTS))
        for want, side in KINDS:
            with open(b, "wb") as out:
                out.write(package(*side))
            done = subprocess.run([diff, "--json", a, b], check=False,
                                  stdout=subprocess.PIPE)
            got = said(done.stdout.splitlines())
            words = {" ".join(w for w in what[1:] if w) for what in got}
            if words != set(want) or done.returncode != bool(want):
                print("expected", want, "but got", words, done.returncode)
                good = False
            good = compare(got, seen(a, b)) and good
    return good


def check_junit(tests, failures, errors):
    root = xml.etree.ElementTree.fromstring(sys.stdin.buffer.read())
    cases = root.findall("testcase")
    got = (len(cases), len(root.findall("testcase/failure")),
           len(root.findall("testcase/error")))
    want = tuple(map(int, (tests, failures, errors)))
    told = tuple(int(root.get(k)) for k in ("tests", "failures", "errors"))
    if root.tag != "testsuite" or got != want or told != want:
        print("expected", want, "but got", got, "and", told)
        return False
    for case in cases:
        text = "".join(case.itertext())
        if not case.get("name") or not text.isascii() or "\x1b" in text:
            print("bad testcase", case.attrib)
            return False
    return True


def main(args):
    if args[0] == "kinds":
        return run_kinds(args[1])
    if args[0] == "repositories":
        make_repositories(args[1], args[2], int(args[3]), int(args[4]))
        return True
    if args[0] == "same":
        return compare(said(sys.stdin), seen(args[1], args[2]))
    return check_junit(*args[1:])


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
