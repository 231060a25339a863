"""Let each system call and each allocation of a program fail, one at a time.

    python3 faults.py TOOLS O CASE...

TOOLS holds inject and alloc.so, O the programs.  Each CASE is one command line
of cases.py.  It runs once as it should, then once for each of its system calls
with that failing, and once for each of its allocations, in a fresh place each
time.  Whatever fails, these promises hold:

  - it ends by itself, within TIME seconds and not of a signal, and leaves no
    process;
  - with status 0, what it has written and printed is what it is without faults;
  - else the status is one that the manual has, and there is one line on standard
    error, which begins with the name of the program;
  - each file is as it was before or as it should be after, there is none that
    belongs to neither, and what was packed is untouched.

libarchive, libcrypto and libseccomp may end a program when they have no memory, or
not end: for their own allocations only the last promise holds, and that with
status 0 all is well.

Of what is called often, some are taken.  With AMTREE_FAULTS=all it is all of them,
calls fail in more ways than the likeliest one, and allocations fail for good as
well as once: many thousand runs.
"""

import errno
import os
import struct
import subprocess
import sys
import tempfile

import cases

TIME = 20
EACH_MOST = 6  # calls of one name by one task, unless all are tried
ALLOCATIONS_MOST = 60
FOREIGN_MOST = 4
EVERY_WAY = os.environ.get("AMTREE_FAULTS") == "all"

# They cannot fail, or not in a program that is right, or only the C library
# calls them, which takes success for granted.
CANNOT_FAIL = set("""
    alarm brk clock_gettime clock_nanosleep exit exit_group futex getegid geteuid
    getgid getpid getppid gettid getuid nanosleep restart_syscall rseq
    rt_sigaction rt_sigprocmask rt_sigreturn sched_yield set_robust_list
    set_tid_address setsid sigaltstack umask wait4 kill tgkill execve
    """.split())
IS_MEMORY = set("clone clone3 fork madvise mmap mprotect mremap munmap "
                "vfork".split())
MAKES_DESCRIPTOR = set("dup fcntl memfd_create openat openat2 pidfd_open pipe2 "
                       "signalfd4 socketpair".split())
CAN_BE_SHORT = set("read write pread64 pwrite64".split())
CAN_BE_INTERRUPTED = set("""
    close fcntl fdatasync flock fsync ftruncate ioctl openat openat2 poll ppoll
    pread64 pwrite64 read recvfrom recvmsg sendmsg sendto write
    """.split())
# what happens to who has a right to what he asks for; sandboxes and kernels that
# lack something are for test_run_refused.sh
WAYS = (errno.EIO, errno.ENOMEM, errno.ENFILE, errno.ENOSPC)


def ways(name):
    """How a system call is made to fail: errno's numbers, or "half"."""
    if name in CANNOT_FAIL:
        return []
    if name in IS_MEMORY:
        first = errno.EAGAIN if "clone" in name else errno.ENOMEM
    elif name in MAKES_DESCRIPTOR:
        first = errno.EMFILE
    elif name == "ioctl":
        return [errno.EINTR]  # what else, test_run_refused.sh has
    else:
        first = errno.ENOSPC if "write" in name else errno.EIO
    found = [first]
    if name in CAN_BE_INTERRUPTED:
        found.append(errno.EINTR)
    if name in CAN_BE_SHORT:
        found.append("half")
    if EVERY_WAY and name not in IS_MEMORY:
        found += [w for w in WAYS if w not in found]
    return found


class Call:
    """One system call, as inject reports it."""

    def __init__(self, words):
        self.task, self.name, self.nth = words[:3]
        self.args = int(words[3]), int(words[4])

    def is_message(self):
        """Nothing can be said where nothing can be written."""
        return self.name == "write" and self.args[0] == 2


class Outcome:
    """What became of one run."""

    def __init__(self, report, stdout, stderr, files):
        self.calls, self.end, self.left = [], "no report", 0
        for line in report.splitlines():
            kind, *words = line.split()
            if kind == "call":
                self.calls.append(Call(words))
            elif kind == "leaves":
                self.left = int(words[0])
            elif self.end != "hangs":
                self.end = line
        self.stdout, self.stderr, self.files = stdout, stderr, files

    def status(self):
        kind, *words = self.end.split()
        return int(words[0]) if kind == "ends" else None


class Runner:
    """Runs a case in a place of its own, again and again."""

    def __init__(self, tools, case):
        self.tools, self.case = tools, case
        self.report = os.path.abspath("report")
        self.count = os.path.abspath("count")

    def run(self, *aim, first=0, last=0, foreign=False):
        with open(self.count, "wb") as f:
            f.write(bytes(8))
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C",
               "AMTREE_FAULT_COUNT": self.count,
               "AMTREE_FAULT_FIRST": str(first),
               "AMTREE_FAULT_LAST": str(last)}
        env.update(self.case.env)
        if foreign:
            env["AMTREE_FAULT_FOREIGN"] = "y"
        self.case.renew()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            subprocess.run(
                [self.tools + "/inject", self.tools + "/alloc.so",
                 self.report, str(1 if foreign else TIME), *map(str, aim), "--",
                 *self.case.argv],
                env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                cwd=self.case.place, check=True)
            out.seek(0)
            err.seek(0)
            with open(self.report, encoding="ascii") as report:
                return Outcome(report.read(), out.read(),
                               err.read().decode(), self.case.files())

    def allocations(self):
        """How many the last run made: foreign ones last."""
        with open(self.count, "rb") as f:
            return struct.unpack("=II", f.read())


def judge(case, good, got, is_mute, is_foreign):
    """Say which promise `got` breaks, or None."""
    if got.status() is None and not is_foreign:
        return got.end
    if got.left:
        return "%d processes are left" % got.left
    before, after = good.before, good.files
    if got.status() == good.status():
        if got.files != after:
            return "as if all went well, but " + differ(after, got.files)
        if got.stdout != good.stdout:
            return "as if all went well, but it prints something else"
        extra = [line for line in got.stderr.splitlines()
                 if line not in good.stderr.splitlines()]
        if not case.may_warn and extra:
            return "as if all went well, but it says " + extra[0]
        return None
    for name in sorted(set(got.files) | set(before)):
        if not case.is_whole(name, got.files.get(name), before, after):
            return "'%s' is neither old nor new: %r" % (
                name, got.files.get(name, b"missing")[:200])
    if is_foreign:
        return None
    if got.status() not in case.failures:
        return "status %d" % got.status()
    if case.is_own(got.status()):
        said = [line for line in got.stderr.splitlines()
                if line not in good.stderr.splitlines()]
        if not is_mute and (not said or len(said) > 1 + case.may_warn):
            return "says %d lines: %s" % (len(said), got.stderr)
        if said and not said[0].startswith(case.program + ": "):
            return "says '%s'" % said[0]
    return None


def differ(want, got):
    for name in sorted(set(want) | set(got)):
        if want.get(name) != got.get(name):
            return "'%s' is not what it should be" % name
    return "nothing"


def sample(items, most):
    """All of them, or `most` from the first to the last."""
    if EVERY_WAY or len(items) <= most:
        return items
    return [items[i * (len(items) - 1) // (most - 1)] for i in range(most)]


def chosen_calls(good):
    groups = {}
    for call in good.calls:
        groups.setdefault((call.task, call.name), []).append(call)
    return [c for group in groups.values() for c in sample(group, EACH_MOST)]


def aims(case, good, n_allocations):
    """All that is made to fail: what it is called, how run() does it."""
    for call in chosen_calls(good):
        for way in ways(call.name):
            name = way if way == "half" else errno.errorcode[way]
            yield ("%s number %s of task %s: %s" % (
                call.name, call.nth, call.task, name),
                (call.task, call.name, call.nth, 0 if way == "half" else way),
                {}, call.is_message() and way != errno.EINTR)
    ours, foreign = n_allocations
    for n in sample(range(1, ours + 1), ALLOCATIONS_MOST):
        yield "allocation %d" % n, (), {"first": n, "last": n}, False
        if EVERY_WAY and case.has_drought:
            yield ("allocation %d and all after it" % n, (),
                   {"first": n, "last": 2**31}, False)
    for n in sample(range(1, foreign + 1), FOREIGN_MOST):
        yield ("allocation %d of a library" % n, (),
               {"first": n, "last": n, "foreign": True}, True)


def try_case(tools, case):
    """Run it in all ways; print the broken promises; True if there are none."""
    runner = Runner(tools, case)
    case.renew()
    before = case.files()
    good = runner.run()
    good.before = before
    n_allocations = runner.allocations()
    if good.status() != case.status or not good.calls or not n_allocations[0]:
        print("not ok - %s: without faults it %s: %s" % (
            case.name, good.end, good.stderr))
        return False
    n = n_hit = n_failed = 0
    for what, aim, options, is_mute in aims(case, good, n_allocations):
        got = runner.run(*aim, **options)
        n += 1
        n_hit += not aim or bool(got.calls)
        broken = judge(case, good, got, is_mute, "foreign" in options)
        if "foreign" not in options:
            broken = broken or case.harm(got.stderr)
        if broken:
            n_failed += 1
            print("not ok - %s, %s: %s" % (case.name, what, broken))
    # what threads do, and how often, is not the same each time
    if n_hit < n * case.hits:
        n_failed += 1
        print("not ok - %s: only %d of %d faults took place" % (
            case.name, n_hit, n))
    if not n_failed:
        print("ok - %s: %d faults, none does harm" % (case.name, n_hit))
    sys.stdout.flush()
    return not n_failed


def main(tools, programs, *names):
    found = [make(programs) for make in cases.ALL if make.name in names]
    if len(found) != len(names):
        raise SystemExit("faults.py: no such case among " + " ".join(names))
    results = [try_case(tools, case) for case in found]
    print("%d cases passed" % sum(results))
    return 0 if all(results) else 1


if __name__ == "__main__":
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    sys.exit(main(*sys.argv[1:]))
