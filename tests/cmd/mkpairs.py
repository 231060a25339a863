# SPDX-License-Identifier: BSD-2-Clause
"""mkpairs - pairs of packages that differ, for diffcmp.py"""
import gzip
import hashlib
import os
import random

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
