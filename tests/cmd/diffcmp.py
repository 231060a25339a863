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
import gzip
import hashlib
import io
import json
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree

sys.dont_write_bytecode = True  # nothing stays beside the tests
import scancmp

XATTR = "SCHILY.xattr."
CAPS = XATTR + "security.capability"
NET_RAW = bytes.fromhex("0100000200200000000000000000000000000000")
NO_FLAG = bytes.fromhex("0000000200200000000000000000000000000000")
ENCODING = {"encoding": "utf-8", "errors": "surrogateescape"}


# Packages, from entries: (name, contents, fields of TarInfo)

def package(entries, info=(), scripts=(), name="foo"):
    data = gzip.compress(scancmp.pack_tar(entries, True), 1)
    lines = ["pkgname = " + name, "pkgver = 1-r0"] + list(info)
    lines += ["datahash = " + hashlib.sha256(data).hexdigest()]
    text = "".join(line + "\n" for line in lines).encode(errors="surrogateescape")
    control = [(".PKGINFO", text, {})]
    control += [(path, body, {"mode": 0o755}) for path, body in scripts]
    return gzip.compress(scancmp.pack_tar(control, False), 1) + data


def xattr(name, value):
    return {"pax_headers": {XATTR + name: value.decode("utf-8",
                                                       "surrogateescape")}}


def caps(value):
    return xattr("security.capability", value)


BASE = [
    ("usr", b"", {"type": b"5", "mode": 0o755}),
    ("usr/a", b"text", {}),
    ("usr/b", b"", {"type": b"1", "linkname": "usr/a"}),
    ("usr/c", b"text", {}),
    ("usr/l", b"", {"type": b"2", "linkname": "a", "mode": 0o777}),
    ("usr/null", b"", {"type": b"3", "devmajor": 1, "devminor": 3}),
    ("usr/su", b"su", {"mode": 0o4755, "uname": "games", "uid": 65534}),
    ("usr/ping", b"p", caps(NET_RAW)),
    ("usr/x", b"x", xattr("user.x", b"1")),
]
INFO = ["arch = noarch", "license = MIT", "depend = a", "depend = b"]
SCRIPTS = [(".post-install", b"#!/bin/sh\n")]


def change(path, contents=None, **fields):
    """The base with one entry changed."""
    return [(name, body if contents is None else contents, dict(old, **fields))
            if name == path else (name, body, old)
            for name, body, old in BASE]


def without(*paths):
    return [entry for entry in BASE if entry[0] not in paths]


SETID = ("usr/new", b"", {"mode": 0o2755})
B = without("usr/b")
# what differs, and the other side: entries, .PKGINFO, scripts
KINDS = [
    ([], (BASE, INFO, SCRIPTS)),
    ([], (BASE, INFO[::-1] + ["depend = a", "builddate = 7", "# x"], SCRIPTS)),
    ([], ([("usr/b", b"text", {}),
           ("usr/a", b"", {"type": b"1", "linkname": "usr/b"})]
          + without("usr/a", "usr/b"), INFO, SCRIPTS)),
    (["setid usr/a"], (change("usr/a", mode=0o4644), INFO, SCRIPTS)),
    (["setid-lost usr/su"], (change("usr/su", mode=0o755), INFO, SCRIPTS)),
    (["setid usr/su"], (change("usr/su", mode=0o2755), INFO, SCRIPTS)),
    (["mode usr"], (change("usr", mode=0o700), INFO, SCRIPTS)),
    (["caps usr/c"], (change("usr/c", **caps(NO_FLAG)), INFO, SCRIPTS)),
    (["caps-lost usr/ping"], (change("usr/ping", pax_headers={}), INFO,
                              SCRIPTS)),
    (["caps-lost usr/ping"], (change("usr/ping", **caps(NO_FLAG)), INFO,
                              SCRIPTS)),
    (["owner usr"], (change("usr", uname="www"), INFO, SCRIPTS)),
    (["owner usr"], (change("usr", uname="", uid=7), INFO, SCRIPTS)),
    ([], (change("usr", uname="", uid=0), INFO, SCRIPTS)),
    (["group usr"], (change("usr", gname="www\u00e4"), INFO, SCRIPTS)),
    (["number usr uid"], (change("usr", uid=7), INFO, SCRIPTS)),
    (["number usr/su uid"], (change("usr/su", uid=0), INFO, SCRIPTS)),
    (["type usr/c"], (change("usr/c", b"", type=b"6"), INFO, SCRIPTS)),
    (["device usr/null"], (change("usr/null", devminor=5), INFO, SCRIPTS)),
    (["link usr/l"], (change("usr/l", linkname="c"), INFO, SCRIPTS)),
    (["link usr/b hard"], (B + [("usr/b", b"text", {})], INFO, SCRIPTS)),
    (["link usr/c hard"], (without("usr/c") + [
        ("usr/c", b"", {"type": b"1", "linkname": "usr/a"})], INFO, SCRIPTS)),
    (["contents usr/c"], (change("usr/c", b"TEXT"), INFO, SCRIPTS)),
    (["contents usr/a", "contents usr/b"],
     (change("usr/a", b"longer text"), INFO, SCRIPTS)),
    (["missing usr/b"], (B, INFO, SCRIPTS)),
    (["extra usr/new", "setid usr/new"], (BASE + [SETID], INFO, SCRIPTS)),
    (["duplicate usr/c"], (BASE + [("usr/c", b"text", {})], INFO, SCRIPTS)),
    (["xattr usr/x user.x"],
     (change("usr/x", **xattr("user.x", b"2")), INFO, SCRIPTS)),
    (["xattr usr/x user.x", "xattr usr/x user.y"],
     (change("usr/x", **xattr("user.y", b"1")), INFO, SCRIPTS)),
    (["time usr"], (change("usr", mtime=1700000000), INFO, SCRIPTS)),
    (["time usr"], (change("usr", mtime=0.25), INFO, SCRIPTS)),
    (["metadata license"], (BASE, INFO[:1] + ["license = GPL"] + INFO[2:],
                            SCRIPTS)),
    (["metadata depend"], (BASE, INFO + ["depend = c"], SCRIPTS)),
    (["metadata url"], (BASE, INFO + ["url = \x1b[0m"], SCRIPTS)),
    (["script .post-install"], (BASE, INFO, [(".post-install", b"exit 1\n")])),
    (["script .trigger"], (BASE, INFO, SCRIPTS + [(".trigger", b"")])),
    (["extra odd\n\x1b\"'<]]>\udcff"],
     (BASE + [("odd\n\x1b\"'<]]>\udcff", b"", {})], INFO, SCRIPTS)),
]


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


# Repositories

def mutate(rng, entries):
    """Some entries gone, added, or with another of their fields."""
    fields = {"mode": [0o644, 0o755, 0o4755, 0o2755, 0o1777],
              "uname": ["root", "www", ""], "gname": ["root", "mail", ""],
              "uid": [0, 1000], "gid": [0, 5], "mtime": [0, 5, 1.5],
              "pax_headers": [{}, caps(NET_RAW)["pax_headers"],
                              xattr("user.a b", b"\xff\0")["pax_headers"]]}
    out = []
    for name, body, old in entries:
        chance = rng.random()
        if chance < 0.05 and old.get("type") != b"5":
            continue
        if chance < 0.3:
            key = rng.choice(list(fields))
            old = dict(old, **{key: rng.choice(fields[key])})
        elif chance < 0.35 and "type" not in old:
            body += b"."
        out.append((name, body, old))
    names = [e[0] for e in out if "type" not in e[2]]
    for _ in range(rng.randrange(3)):
        name = "usr/h%d" % rng.randrange(1000000)
        if names and rng.random() < 0.5:
            out.append((name, b"", {"type": b"1",
                                    "linkname": rng.choice(names)}))
        else:
            out.append((name, b"new", {}))
    kept = {e[0] for e in out}
    # some links become copies, as do all whose target is gone
    out = [(name, b"copy", {}) if old.get("type") == b"1" and
           (old["linkname"] not in kept or rng.random() < 0.2)
           else (name, body, old)
           for name, body, old in out]
    rest = out[1:]
    links = [e for e in rest if e[2].get("type") == b"1"]
    rest = [e for e in rest if e[2].get("type") != b"1"]
    rng.shuffle(rest)
    return out[:1] + rest + links


def make_repositories(old, new, count, seed):
    rng = random.Random(seed)
    for i in range(count):
        usr = ("usr", b"", {"type": b"5", "mode": 0o755})
        entries = {e[0]: e for e in (scancmp.random_entry(rng, k)
                                     for k in range(rng.randrange(30)))}
        entries = mutate(rng, [usr] + list(entries.values()))
        name = "p%05d" % i
        for where in (old, new):
            if rng.random() < 0.05:
                continue
            info = ["license = " + rng.choice(["MIT", "MIT", "a b"])]
            with open(os.path.join(where, name + "-1-r0.apk"), "wb") as out:
                out.write(package(entries, info, name=name))
            if rng.random() < 0.7:
                entries = mutate(rng, entries)


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
