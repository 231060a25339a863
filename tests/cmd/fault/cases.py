"""The command lines that faults.py lets fail, and what each may leave behind."""

import io
import os
import re
import shutil
import tarfile

from case import Case, write

SECRET = "pkg/foo/usr/bin/secret"
OLD = b"#mtree v2.0\n./usr uname=old\n"


class Amtree(Case):
    """Files in a control directory that exists, with an override file."""

    words = ["amtree", "-u", "foo:bar", "-m", "u+s,g=rx", "-c",
             "cap_net_raw+ep", "pkg/foo/usr/bin/tool", "pkg/foo/usr/share/text"]
    name = "amtree"
    control = "pkg/.control.foo"
    old = OLD

    def renew(self):
        shutil.rmtree(self.path(self.control), ignore_errors=True)
        if self.old is not None:
            write(self.path(self.control + "/.mtree"), self.old)

    def files(self):
        return self.read_all(self.control)

    def is_whole(self, name, data, before, after):
        # created by open(2), before there was anything to write
        return (super().is_whole(name, data, before, after) or
                (self.old is None and data == b""))


class AmtreeNew(Amtree):
    """The first call for a package, which is found by its APKBUILD."""

    name = "amtree-new"
    words = ["amtree", "-R", "-g", "bar", "pkg/foo/usr"]
    old = None

    def prepare(self):
        super().prepare()
        write(self.path("APKBUILD"), b"pkgname=foo\n")


class AmtreeCreate(Amtree):
    """A device that is nowhere on disk."""

    name = "amtree-create"
    words = ["amtree", "-t", "char", "-D", "5,1", "-m", "600", "-u", "root",
             "--root", "pkg/foo", "--control", "pkg/.control.foo",
             "pkg/foo/dev/console"]


class AmtreeList(Amtree):
    """What is in force."""

    name = "amtree-list"
    words = ["amtree", "-l", "--root", "pkg/foo"]


class AmtreeCheck(Amtree):
    """What is wrong with it."""

    name = "amtree-check"
    words = ["amtree", "--check", "--root", "pkg/foo"]
    old = OLD + b"./usr/nowhere uname=foo\n"
    status = 1


OVERRIDES = b"""#mtree v2.0
./usr/bin/tool uname=foo gname=bar
#amtree bind=uname caps=cap_net_raw+ep
./usr/bin/setid uname=daemon gname=root mode=4755 type=file
#amtree bind=type,device,mode create
./dev/null type=char device=native,1,3 mode=666 uname=root gname=root
"""


class Merge(Case):
    """An output file takes the place of an older one."""

    name = "merge"
    words = ["amtree-merge", "--root", "pkg/foo", "--sibling",
             "pkg/bar=pkg/.control.bar", "-o", "out/x"]

    def prepare(self):
        super().prepare()
        write(self.path("pkg/.control.foo/.mtree"), OVERRIDES.replace(
            b" caps=cap_net_raw+ep", b""))
        write(self.path("pkg/bar/usr/moved"), b"moved\n")
        write(self.path("pkg/.control.bar/.mtree"), b"./usr/moved uid=7\n")

    def renew(self):
        os.chmod(self.path(SECRET), 0o111)
        shutil.rmtree(self.path("out"), ignore_errors=True)
        write(self.path("out/x"), b"old\n")

    def harm(self, said):
        """A mode that was lifted is put back, or that is what has failed."""
        mode = os.stat(self.path(SECRET)).st_mode & 0o7777
        if mode != 0o111 and "cannot put back mode" not in said:
            return "it leaves a file with mode %o" % mode
        return None

    def files(self):
        return self.read_all("out")


class MergeJson(Merge):
    """Standard output, as JSON."""

    name = "merge-json"
    words = ["amtree-merge", "--root", "pkg/foo", "--changed", "--json"]


class MergeNew(Merge):
    """A file that is not there yet."""

    name = "merge-new"
    words = ["amtree-merge", "--root", "pkg/foo", "-o", "out/new"]


class Build(Merge):
    """An archive, with nobody to help: each call in order."""

    name = "build"
    words = ["amtree-build", "--root", "pkg/foo", "-j", "0", "-z", "1",
             "--datahash", "-o", "out/x"]
    env = {"SOURCE_DATE_EPOCH": "1700000000"}


class BuildThreads(Build):
    """Two threads, and contents that take several chunks."""

    name = "build-threads"
    words = ["amtree-build", "--root", "pkg/foo", "-j", "2", "-z", "1", "-o",
             "out/new"]
    hits = 0.7

    def prepare(self):
        super().prepare()
        with open(self.path("pkg/foo/usr/large"), "wb") as f:
            f.truncate(5 * 2**20)


class BuildTar(Build):
    """A tar on standard output, from a merged file."""

    name = "build-tar"
    words = ["amtree-build", "--root", "pkg/foo", "--mtree", "merged",
             "--format", "tar", "-o", "-"]

    def prepare(self):
        super().prepare()
        write(self.path("merged"), b"""#mtree v2.0
./usr uid=0 gid=0 mode=755 type=dir
usr/bin uid=0 gid=0 mode=755 type=dir
usr/bin/tool uname=foo gname=bar uid=0 gid=0 mode=755 type=file
""")


class BuildList(Build):
    """Only what a list names."""

    name = "build-list"
    words = ["amtree-build", "--root", "pkg/foo", "-q", "--format", "tar",
             "--files-from", "list", "--checksum", "none", "-o", "out/x"]

    def prepare(self):
        super().prepare()
        write(self.path("pkg/.control.foo/.mtree"), b"./usr uname=foo\n")
        write(self.path("list"), b"usr\0usr/bin\0usr/bin/tool\0")


def make_package(path, users):
    """A tar.gz with some owners."""
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as tar:
        for i, user in enumerate(users):
            member = tarfile.TarInfo("usr/file%d" % i)
            member.uname = member.gname = user
            member.mode = 0o4755 if i == 1 else 0o644
            member.size = 100
            tar.addfile(member, io.BytesIO(b"x" * 100))


class Scan(Case):
    """Packages of a directory and one beside it."""

    name = "scan"
    words = ["amtree-scan", "-j", "1", "many", "one.tar.gz"]
    hits = 0.9

    def prepare(self):
        os.mkdir(self.path("many"))
        make_package(self.path("many/a.apk"), ["root", "foo"])
        make_package(self.path("many/b.apk"), ["root", "bar", "foo"])
        make_package(self.path("one.tar.gz"), ["daemon", "foo"])


class ScanJson(Scan):
    """The same for machines."""

    name = "scan-json"
    words = ["amtree-scan", "-j", "2", "--json", "many", "one.tar.gz"]
    hits = 0.5


class ScanSummary(Scan):
    """The figures."""

    name = "scan-summary"
    words = ["amtree-scan", "-j", "1", "--summary", "many"]


class Diff(Scan):
    """Two archives that differ."""

    name = "diff"
    words = ["amtree-diff", "-j", "0", "many/a.apk", "many/b.apk"]
    status = 1


class DiffTree(Merge):
    """A tree with its overrides and an archive."""

    name = "diff-tree"
    words = ["amtree-diff", "-j", "2", "--json", "pkg/foo", "one.tar.gz"]
    status = 1
    hits = 0.7

    def prepare(self):
        super().prepare()
        make_package(self.path("one.tar.gz"), ["daemon", "foo"])

    def files(self):
        return {}


COMMAND = b"""exec 2>log
set -e
chown foo:bar pkg/foo/usr/file
chmod 4755 pkg/foo/usr/file
chown -h games pkg/foo/usr/link
mknod pkg/foo/usr/null c 1 3
mv pkg/foo/usr/file pkg/foo/usr/moved
cp -p pkg/foo/usr/moved pkg/foo/usr/copied
test "$(stat -c %U:%G:%a pkg/foo/usr/moved)" = foo:bar:4755
test "$(stat -c %U pkg/foo/usr/link)" = games
test "$(id -u)" = 0
echo said
"""


class Run(Case):
    """A command that changes owners and looks whether it did."""

    name = "run"
    words = ["amtree-run", "--root", "pkg/foo", "--user", "foo", "--group",
             "bar", "sh", "command"]
    failures = tuple(range(1, 128))  # the command's own, too
    hits = 0.7
    kept = OLD

    def prepare(self):
        write(self.path("command"), COMMAND)

    def renew(self):
        shutil.rmtree(self.path("pkg"), ignore_errors=True)
        write(self.path("pkg/foo/usr/file"), b"contents\n")
        os.symlink("file", self.path("pkg/foo/usr/link"))
        write(self.path("pkg/.control.foo/.mtree"), OLD)

    def files(self):
        """Whose deed it was is told as far as that is known."""
        return {name: re.sub(rb" by=\S*", b"", data)
                for name, data in self.read_all("pkg/.control.foo").items()}

    def is_whole(self, name, data, before, after):
        """What was recorded until then is put down, entry by entry."""
        if super().is_whole(name, data, before, after):
            return True
        return data is not None and self.kept in data and re.fullmatch(
            rb"#mtree v2.0\n(./usr uname=old\n)?"
            rb"(#amtree recorded bind=\S+\n[^#].*\n)*", data) is not None

    def is_own(self, status):
        return status == 125


class RunSuggest(Run):
    """Advice, and records of an earlier run."""

    name = "run-suggest"
    kept = b" uname=games "
    has_drought = False  # what was taken over is in memory alone
    words = ["amtree-run", "--root", "pkg/foo", "--suggest", "sh", "command"]

    def prepare(self):
        write(self.path("command"), b"""exec 2>log
set -e
chown daemon pkg/foo/usr/file
test "$(stat -c %U pkg/foo/usr)" = games
""")

    def renew(self):
        super().renew()
        write(self.path("pkg/.control.foo/.mtree"),
              b"#mtree v2.0\n#amtree recorded bind=uname\n"
              b"./usr uname=games mode=755 type=dir\n")


class RunStrict(Run):
    """What would be recorded is refused."""

    name = "run-strict"
    may_warn = True  # without the advice, for which there is no memory
    words = ["amtree-run", "--root", "pkg/foo", "--strict", "sh", "command"]
    status = 1

    def prepare(self):
        write(self.path("command"), b"exec 2>log\n"
              b"chown daemon pkg/foo/usr/file\n")


def is_case(thing):
    return isinstance(thing, type) and issubclass(thing, Case) and thing.name


ALL = [thing for thing in list(globals().values()) if is_case(thing)]
