"""A command line that faults.py lets fail, and the tree that most of them need."""

import os


def write(path, data, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    os.chmod(path, mode)


def make_tree(root):
    """A little of all that a package can have."""
    write(root + "/usr/bin/tool", b"#!/bin/sh\n", 0o755)
    write(root + "/usr/bin/setid", b"#!/bin/sh\n", 0o4755)
    write(root + "/usr/bin/secret", b"unreadable", 0o111)
    write(root + "/usr/share/text", b"text\n" * 500)
    os.link(root + "/usr/share/text", root + "/usr/share/text.hard")
    os.symlink("bin/tool", root + "/usr/link")
    os.symlink("x" * 120, root + "/usr/long")
    os.makedirs(root + "/var/empty")
    os.makedirs(root + "/dev")
    os.mkfifo(root + "/var/fifo")
    try:
        os.setxattr(root + "/usr/bin/tool", "user.note", b"attribute")
    except OSError:
        pass  # this file system has none
    for base, dirs, names in os.walk(root):
        for name in dirs + names:
            os.utime(os.path.join(base, name), (10**9, 10**9),
                     follow_symlinks=False)


class Case:
    """One command line.  Subclasses say what it needs and leaves."""

    name = ""
    status = 0  # without faults
    failures = (3,)  # what the manual has for faults
    hits = 1.0  # how many of the faults take place, at least
    may_warn = False  # differently
    has_drought = True  # memory may be gone for good, too
    env = {}

    def __init__(self, programs):
        self.place = os.path.abspath(self.name)
        os.mkdir(self.place)
        self.program = self.words[0]
        self.argv = [programs + "/" + self.words[0]] + self.words[1:]
        self.prepare()

    def path(self, name):
        return self.place + "/" + name

    def prepare(self):
        """Make what no run changes."""
        make_tree(self.path("pkg/foo"))

    def renew(self):
        """Make what a run changes as it was."""

    def files(self):
        """What a run may change: contents by name."""
        return {}

    def is_whole(self, name, data, before, after):
        """True if a fault may leave that in the file; None: there is none."""
        return data in (before.get(name), after.get(name))

    def is_own(self, status):
        """True if it is a failure of the program itself."""
        return status in self.failures

    def harm(self, said):
        """What else a run has done wrong, or None."""

    def read_all(self, directory):
        found = {}
        for base, _, names in os.walk(self.path(directory)):
            for name in names:
                path = os.path.join(base, name)
                with open(path, "rb") as f:
                    found[os.path.relpath(path, self.place)] = f.read()
        return found
