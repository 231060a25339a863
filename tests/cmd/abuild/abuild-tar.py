#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""abuild-tar.py - stands in for abuild-tar, which few machines have

    abuild-tar.py --hash    add the record APK-TOOLS.checksum.SHA1 to the
                            extended header of each regular file (the digest
                            of its contents) and symbolic link (of its target)
    abuild-tar.py --cut     leave out the end of the archive

A tar archive comes in on stdin and goes out on stdout.  All else in it passes
as it is.  Unlike abuild-tar it hashes all of a target over 100 bytes, says what
is wrong with its input, and ends with status 0 if nothing is.
"""
import hashlib
import sys

BLOCK = 512


def take(length):
    piece = sys.stdin.buffer.read(length)
    if len(piece) != length:
        raise SystemExit("abuild-tar.py: archive is cut off")
    return piece


def padded(data):
    return data + bytes(-len(data) % BLOCK)


def with_size(header, size):
    """The header with another size, and the checksum that goes with it."""
    header = header[:124] + b"%011o\0" % size + header[136:]
    blank = header[:148] + b" " * 8 + header[156:]
    return header[:148] + b"%06o\0 " % sum(blank) + header[156:]


def record(key, value):
    """A pax record, whose length counts its own digits."""
    rest = b" " + key + b"=" + value + b"\n"
    length = len(rest)
    while len(b"%d" % length) + len(rest) != length:
        length = len(b"%d" % length) + len(rest)
    return b"%d" % length + rest


def linkpath(header, pax):
    target = header[157:257].split(b"\0", 1)[0]
    while pax:
        length, _, _ = pax.partition(b" ")
        key, _, value = pax[len(length) + 1:int(length) - 1].partition(b"=")
        if key == b"linkpath":
            target = value
        pax = pax[int(length):]
    return target


def hashed(header, pax_header, pax, contents):
    """The extended header that the entry is to have, padded; maybe none."""
    kind = header[156:157]
    if kind in (b"0", b"7"):
        digest = hashlib.sha1(contents)
    elif kind == b"2":
        digest = hashlib.sha1(linkpath(header, pax))
    else:
        return pax_header + padded(pax)
    if not pax_header:
        raise SystemExit("abuild-tar.py: a file has no extended header")
    pax += record(b"APK-TOOLS.checksum.SHA1", digest.hexdigest().encode())
    return with_size(pax_header, len(pax)) + padded(pax)


def main(has_hash, has_cut):
    pax_header = pax = b""
    while True:
        header = take(BLOCK)
        if header == bytes(BLOCK):
            break
        size = int(header[124:136].strip(b"\0 ") or b"0", 8)
        contents = take(size + -size % BLOCK)
        if header[156:157] == b"x":
            pax_header, pax = header, contents[:size]
            continue
        extra = pax_header + padded(pax)
        if has_hash:
            extra = hashed(header, pax_header, pax, contents[:size])
        sys.stdout.buffer.write(extra + header + contents)
        pax_header = pax = b""
    rest = header + sys.stdin.buffer.read()
    if not has_cut:
        sys.stdout.buffer.write(rest)


if __name__ == "__main__":
    if not sys.argv[1:] or set(sys.argv[1:]) - {"--hash", "--cut"}:
        raise SystemExit(__doc__)
    main("--hash" in sys.argv, "--cut" in sys.argv)
