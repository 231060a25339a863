"""Kill a program at random moments, and look at what it has left.

    python3 kills.py SEED COUNT build PROGRAMS
    python3 kills.py SEED COUNT run PROGRAMS

The moments are spread from its start to a little behind its end; what came too
late does not count.  Each time, in the current directory:

  - "build": an archive that stood there is as it was or as it should be; what
    else is beside it is called .amtree-* and no output; the next run succeeds
    and gives the right bytes;
  - "run": the override file is as it was, or whole with what was recorded; it can
    be locked; no process is left; the next run succeeds and records the same.

SEED 0 takes one, and prints it.
"""

import fcntl
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

OLD = b"#mtree v2.0\n./usr uname=old\n"
MARK = "4711.%d" % os.getpid()
PATIENCE = 10  # seconds until nobody may be left


def fail(text):
    raise SystemExit(text)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


class Build:
    """An archive of files that take some time to compress."""

    def __init__(self, programs):
        for i in range(40):
            write("pkg/foo/usr/file%d" % i, os.urandom(20000) * 5)
        self.argv = [programs + "/amtree-build", "-q", "--root", "pkg/foo",
                     "-j", "2", "-o", "out/x"]
        self.renew()
        self.good = None

    def renew(self):
        shutil.rmtree("out", ignore_errors=True)
        write("out/x", OLD)

    def learn(self):
        self.good = read("out/x")

    def judge(self):
        if read("out/x") not in (OLD, self.good):
            fail("the archive is neither old nor new")
        for name in os.listdir("out"):
            if name != "x" and not name.startswith(".amtree-"):
                fail("'%s' is left" % name)

    def judge_next(self):
        """After a further run, beside what may have been left."""
        if read("out/x") != self.good:
            fail("the next archive is another")


class Run:
    """A command that goes on changing owners."""

    file = "pkg/.control.foo/.mtree"

    def __init__(self, programs):
        write("command", b"""exec 2>log
for i in 1 2 3 4 5 6 7 8; do
	: >pkg/foo/file$i
	chown daemon:games pkg/foo/file$i
	chmod 4755 pkg/foo/file$i
done
sh -c 'sleep 0.05' %s &
wait
""" % MARK.encode())
        self.argv = [programs + "/amtree-run", "--root", "pkg/foo", "sh",
                     "command", MARK]
        self.renew()
        self.good = None

    def renew(self):
        shutil.rmtree("pkg", ignore_errors=True)
        os.makedirs("pkg/foo")
        write(self.file, OLD)

    def learn(self):
        self.good = read(self.file)

    def judge(self):
        nobody_left()
        with open(self.file, "rb") as f:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)  # or it fails
            if f.read() not in (OLD, self.good):
                fail("the override file is neither old nor new")
        if os.listdir("pkg/.control.foo") != [".mtree"]:
            fail("something is left beside the override file")

    def judge_next(self):
        # whose deed it was is told with the number of its call
        if strip(read(self.file)) != strip(self.good):
            fail("the next run records something else")


def strip(text):
    return re.sub(rb" by=\S*", b"", text)


def nobody_left():
    """All that the command had started ends with its supervisor."""
    end = time.monotonic() + PATIENCE
    while subprocess.run(["pgrep", "-f", MARK], check=False,
                         stdout=subprocess.DEVNULL).returncode == 0:
        if time.monotonic() > end:
            fail("a process is left")
        time.sleep(0.01)


def run(case):
    """Returns how many seconds it took."""
    begin = time.monotonic()
    if subprocess.call(case.argv, stdin=subprocess.DEVNULL) != 0:
        fail("without SIGKILL it fails")
    return time.monotonic() - begin


def kill_after(case, seconds):
    """True if it was still at work."""
    process = subprocess.Popen(case.argv, stdin=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    time.sleep(seconds)
    process.kill()
    said = process.stderr.read().decode()
    # the command may complain, of what its supervisor cannot do any more
    if re.search("^amtree", said, re.M):
        fail("it says " + said)
    return process.wait() == -signal.SIGKILL


def main(seed, count, kind, programs):
    seed = int(seed) or random.SystemRandom().randrange(1, 10**6)
    chance = random.Random(seed)
    case = {"build": Build, "run": Run}[kind](programs)
    print("seed", seed)
    duration = run(case)
    case.learn()
    killed = tried = 0
    while killed < int(count):
        case.renew()
        tried += 1
        killed += kill_after(case, chance.uniform(0, 1.1 * duration))
        case.judge()
        duration = run(case)  # others may be at work on this machine
        case.judge_next()
        if tried > 10 * int(count):
            fail("it is always too late")
    print("%d of %d were killed at work" % (killed, tried))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
