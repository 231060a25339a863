#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""mktree - a tree of files with everything in it that a package may have

    mktree.py ROOT [reversed]    make it; reversed: in the opposite order, so
                                 that the directories list it otherwise
    mktree.py deep ROOT N        make a chain of N directories and a file

The same tree each time, times included.
"""
import os
import sys

KIB = 1024


def contents(length, seed):
    """Bytes that compress somewhat, but not to nothing."""
    line = b"".join(b"%d %d\n" % (seed, i * i) for i in range(999))
    return (line * (length // len(line) + 1))[:length]


def long_path(length):
    """A path of so many bytes, of components as long as can be."""
    path = b"long/%d" % length
    while len(path) < length:
        room = length - len(path) - 1
        # a component has at least one byte
        path += b"/" + b"x" * (room if room <= 255 else min(254, room - 2))
    return path


def plan():
    """What there is, as (kind, path, argument, mode)."""
    for mode in (0o755, 0o700, 0o2775, 0o1777, 0o6711, 0o555):
        yield "dir", b"var/dirs/%o" % mode, None, mode
    for mode in (0o755, 0o644, 0o400, 0o4755, 0o2755, 0o6755, 0o1644, 0o7777):
        yield "file", b"usr/bin/mode%o" % mode, b"#!/bin/sh\n", mode
    for path in (b"a/b", b"a-b", b"a.b", b"a0", b"a/b-c", b"ab", b"A", b"a b",
                 b"z/.hidden", b"z/..two", b"z/...", b"z/.d/x", b"z/-dash",
                 b"z/--null", b"z/ blank ", b"z/back\\slash", b"z/#", b"z/~",
                 b"z/a\nb", b"z/\\141", b"z/%d", b"z/\xc3\xa9", b"z/e\xcc\x81",
                 b"z/\xff\xfe", b"z/\xed\xa0\x80", b"z/\xe2\x82", b"z/*?[a]"):
        yield "file", path, path, 0o644
    for byte in range(1, 256):
        if byte != ord("/"):
            yield "file", b"bytes/n%cn" % byte, b"", 0o644
    for size in (0, 1, 511, 512, 513, 512 * KIB - 1, 512 * KIB, 512 * KIB + 1,
                 1024 * KIB, 3072 * KIB):
        yield "file", b"sizes/%d" % size, contents(size, size), 0o644
    yield "sparse", b"sizes/sparse", 700 * KIB, 0o644
    for size in (99, 100, 101, 154, 155, 156, 254, 255):
        yield "file", b"long/" + b"n" * size, b"", 0o644
        yield "dir", b"long/" + b"d" * size, None, 0o755
    for size in (98, 99, 100, 101, 102, 154, 155, 156, 157, 254, 255, 256, 257,
                 258, 300, 511, 512, 513, 1000, 4000):
        yield "file", long_path(size), b"%d" % size, 0o644
    for target in (b"x", b"../usr/bin/tool", b"/etc/passwd", b"a b\nc", b"\xff",
                   b"-x", b"./x/", *(b"t" * n for n in (99, 100, 101, 155, 256,
                                                        1000, 4000))):
        yield "link", b"links/%d-%d" % (len(target), target[0]), target, None
    yield "link", b"links/" + b"l" * 120, b"t" * 120, None
    yield "fifo", b"run/fifo", None, 0o600
    for name, target in ((b"hard/1", b"usr/bin/mode755"),
                         (b"usr/bin/zz", b"usr/bin/mode755"),
                         (b"hard/setid", b"usr/bin/mode4755"),
                         (b"hard/link", b"links/1-120"),
                         (b"hard/fifo", b"run/fifo"),
                         (b"hard/large", b"sizes/3145728"),
                         (b"hard/" + b"h" * 150, long_path(300)),
                         (b"hard/empty", b"sizes/0")):
        yield "hard", name, target, None


def make(kind, path, argument):
    parent = os.path.dirname(path)
    if parent:
        os.makedirs(parent, exist_ok=True)
    if kind == "dir":
        os.makedirs(path, exist_ok=True)
    elif kind == "link":
        os.symlink(argument, path)
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "hard":
        os.link(argument, path, follow_symlinks=False)
    elif kind == "sparse":
        with open(path, "wb") as f:
            f.seek(argument)
            f.write(b"behind the hole")
            f.truncate(argument + 300 * KIB)
    else:
        with open(path, "wb") as f:
            f.write(argument)


def make_tree(root, is_reversed):
    os.umask(0o022)
    os.makedirs(root, exist_ok=True)
    os.chdir(root)
    todo = list(plan())
    if is_reversed:
        # links still behind what they link to
        todo.reverse()
        todo.sort(key=lambda item: item[0] == "hard")
    for kind, path, argument, _ in todo:
        make(kind, path, argument)
    for _, path, _, mode in todo:
        if mode is not None:
            os.chmod(path, mode)
    for base, dirs, files in os.walk(b".", topdown=False):
        for name in dirs + files:
            path = os.path.join(base, name)
            when = 10**9 + sum(path) % 1000
            os.utime(path, ns=(0, when * 10**9 + 123456789),
                     follow_symlinks=False)


def make_deep(root, levels):
    os.makedirs(root, exist_ok=True)
    os.chdir(root)
    for _ in range(levels):
        os.mkdir("d")
        os.chdir("d")
    with open("f", "w", encoding="ascii") as f:
        f.write("deep\n")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "deep":
        make_deep(sys.argv[2], int(sys.argv[3]))
    elif len(sys.argv) in (2, 3):
        make_tree(sys.argv[1], sys.argv[2:] == ["reversed"])
    else:
        raise SystemExit(__doc__)
