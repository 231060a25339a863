#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""scancmp - packages made by hand, and what tarfile reads in them

    scancmp.py pack DATA OUT [PKGNAME [KIND]]
                        wrap DATA, a data.tar.gz, into an .apk; KIND makes it
                        a bad one: cut, extra, garbage, hash, order, flip
    scancmp.py repository DIR N SEED
                        make N packages of entries with owners, set-id bits,
                        capabilities and devices as the seed has it
    scancmp.py list FILE...
                        what amtree-scan --json shall say of these, one JSON
                        array an entry: file, path, type, mode, uname, gname,
                        uid, gid, major, minor, capabilities or not
    scancmp.py same     the same of amtree-scan's output on stdin
    scancmp.py summary FILE...
                        the object of amtree-scan --summary --json, without
                        what only amtree-scan finds
"""
import gzip
import hashlib
import io
import json
import os
import random
import sys
import tarfile
import zlib

CAPS = "SCHILY.xattr.security.capability"
TYPES = {b"0": "file", b"\0": "file", b"1": "file", b"2": "link", b"3": "char",
         b"4": "block", b"5": "dir", b"6": "fifo"}
NET_RAW = bytes.fromhex("0100000200200000000000000000000000000000")


def pack_tar(entries, ends):
    """A tar of (name, contents, fields), with an end or without."""
    out = io.BytesIO()
    for name, contents, fields in entries:
        info = tarfile.TarInfo(name)
        info.size = len(contents)
        info.uname = info.gname = "root"
        for field, value in fields.items():
            setattr(info, field, value)
        out.write(info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"))
        out.write(contents + b"\0" * (-len(contents) % 512))
    return out.getvalue() + (b"\0" * 1024 if ends else b"")


def wrap(data, pkgname, kind=""):
    """The bytes of a package with this data.tar.gz."""
    digest = hashlib.sha256(data).hexdigest()
    if kind == "hash":
        digest = "0" * 64
    info = "pkgname = %s\npkgver = 1-r0\narch = noarch\ndatahash = %s\n"
    info = (info % (pkgname, digest)).encode()
    sign = gzip.compress(pack_tar([(".SIGN.RSA.k", b"x" * 256, {})], False))
    control = gzip.compress(pack_tar([(".PKGINFO", info, {})], False))
    whole = bytearray(sign + control + data)
    if kind == "cut":
        del whole[-10:]
    if kind == "flip":
        whole[-5] ^= 1
    if kind == "order":
        whole = data + control
    if kind == "extra":
        whole += gzip.compress(b"")
    if kind == "garbage":
        whole += b"garbage"
    return bytes(whole)


def random_entry(rng, number):
    """An entry, most of them plain."""
    fields = {"mode": 0o755 if number % 3 else 0o644}
    if rng.random() < 0.02:
        fields["uname"] = rng.choice(["www", "mail", "a b", "\xe4"])
    if rng.random() < 0.02:
        fields["gname"] = rng.choice(["www", "abuild"])
    if rng.random() < 0.01:
        fields.update(uname="", uid=rng.choice([0, 1000, 65534]))
    if rng.random() < 0.01:
        fields.update(gname="", gid=rng.choice([0, 1000]))
    if rng.random() < 0.01:
        fields["mode"] = rng.choice([0o4755, 0o2755, 0o6711, 0o1777])
    if rng.random() < 0.005:
        fields["pax_headers"] = {CAPS: NET_RAW.decode("latin-1")}
    if rng.random() < 0.005:
        fields.update(type=rng.choice([b"3", b"4"]), devmajor=1, devminor=3)
    elif rng.random() < 0.05:
        fields.update(type=b"2", linkname="target", mode=0o777)
    is_file = "type" not in fields
    text = b"%d\n" % number * rng.randrange(200) if is_file else b""
    name = "usr/%d%s" % (number, rng.choice(["", " x", "=", "\u00fc", "#"]))
    return name, text, fields


def make_repository(where, count, seed):
    rng = random.Random(seed)
    for i in range(count):
        usr = ("usr", b"", {"type": b"5", "mode": 0o755})
        entries = [random_entry(rng, k) for k in range(rng.randrange(30))]
        data = gzip.compress(pack_tar([usr] + entries, True), 1)
        name = "p%05d" % i
        with open(os.path.join(where, name + "-1-r0.apk"), "wb") as out:
            out.write(wrap(data, name))


def members(raw):
    """The gzip members of a file, unpacked."""
    while raw:
        z = zlib.decompressobj(31)
        yield z.decompress(raw)
        raw = z.unused_data


def read(name):
    """The entries of the data of a package, or of an archive."""
    with open(name, "rb") as file:
        raw = file.read()
    if raw[:2] == b"\x1f\x8b":
        parts = list(members(raw))
        raw = parts[-1]
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        return tar.getmembers()


def marks(info):
    """What of an entry is not plain."""
    found = set()
    if info.uname not in ("root", "") or (info.uname == "" and info.uid):
        found.add("user")
    if info.gname not in ("root", "") or (info.gname == "" and info.gid):
        found.add("group")
    if info.mode & 0o6000 and not info.issym():
        found.add("setid")
    if CAPS in info.pax_headers:
        found.add("caps")
    if info.ischr() or info.isblk():
        found.add("device")
    return found


def row(name, info):
    is_device = info.ischr() or info.isblk()
    return [name, info.name, TYPES[info.type], "%o" % info.mode,
            info.uname or None, info.gname or None, info.uid, info.gid,
            info.devmajor if is_device else None,
            info.devminor if is_device else None, CAPS in info.pax_headers]


def show(value):
    print(json.dumps(value))


def summarize(names):
    total = dict.fromkeys(
        ("packages", "broken", "entries", "special", "user", "group", "both",
         "setid", "caps", "device", "number"), 0)
    accounts = {"users": {}, "groups": {}, "uids": {}, "gids": {}}
    for name in names:
        infos = read(name)
        found, seen = set(), set()
        for info in infos:
            what = marks(info)
            found |= what
            if "user" in what:
                seen.add(("users", info.uname) if info.uname
                         else ("uids", str(info.uid)))
            if "group" in what:
                seen.add(("groups", info.gname) if info.gname
                         else ("gids", str(info.gid)))
        total["packages"] += 1
        total["entries"] += len(infos)
        total["special"] += bool(found)
        total["both"] += {"user", "group"} <= found
        total["number"] += any(k in ("uids", "gids") for k, _ in seen)
        for what in found:
            total[what] += 1
        for kind, account in seen:
            accounts[kind][account] = accounts[kind].get(account, 0) + 1
    return dict(total, **accounts)


def main(args):
    if args[0] == "pack":
        with open(args[1], "rb") as data, open(args[2], "wb") as out:
            out.write(wrap(data.read(), *args[3:]))
    elif args[0] == "repository":
        make_repository(args[1], int(args[2]), int(args[3]))
    elif args[0] == "list":
        for name in args[1:]:
            for info in read(name):
                if marks(info):
                    show(row(name, info))
    elif args[0] == "same":
        for line in sys.stdin:
            o = json.loads(line)
            if "finding" not in o:
                show([o["file"], o["path"], o["type"], o["mode"], o["uname"],
                      o["gname"], o["uid"], o["gid"], o.get("major"),
                      o.get("minor"), "caps" in o])
    elif args[0] == "summary":
        print(json.dumps(summarize(args[1:]), sort_keys=True))


if __name__ == "__main__":
    main(sys.argv[1:])
