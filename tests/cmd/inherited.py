"""inherited.py - print what this process has from the one that executed it

All that a process keeps when it is executed and that Linux shows, but for its
number; two calls in the same place print the same.
"""
import ctypes
import os
import signal

STATUS = """Umask Uid Gid Groups NSsid NSpgid CoreDumping SigQ SigPnd ShdPnd
    SigBlk SigIgn CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs Seccomp
    Seccomp_filters Speculation_Store_Bypass SpeculationIndirectBranch
    Cpus_allowed Mems_allowed""".split()
FILES = """oom_score_adj coredump_filter timerslack_ns personality loginuid
    sessionid cgroup limits comm""".split()
# Options of prctl(2) that say what is; those that say it by an address.
SAID = {"DUMPABLE": 3, "KEEPCAPS": 7, "TIMING": 13, "SECUREBITS": 27,
        "TIMERSLACK": 30, "MCE_KILL": 34, "NO_NEW_PRIVS": 39, "THP": 42}
WRITTEN = {"PDEATHSIG": 2, "CHILD_SUBREAPER": 37}

libc = ctypes.CDLL(None)
for line in open("/proc/self/status"):
    name, value = line.split(":", 1)
    # signals that wait change how many there are, of all processes
    if name in STATUS and name != "SigQ":
        print(name, value.strip())
for name in FILES:
    try:
        print(name, open("/proc/self/" + name).read().strip())
    except OSError as error:
        print(name, error.strerror)
for name, option in SAID.items():
    print(name, libc.prctl(option, 0, 0, 0, 0))
for name, option in WRITTEN.items():
    value = ctypes.c_int(-1)
    libc.prctl(option, ctypes.byref(value), 0, 0, 0)
    print(name, value.value)
for name in sorted(os.listdir("/proc/self/ns")):
    print(name, os.readlink("/proc/self/ns/" + name))
print("scheduler", os.sched_getscheduler(0), os.nice(0),
      os.sched_getaffinity(0))
print("timer", signal.getitimer(signal.ITIMER_REAL))
print("process group", os.getpgrp() == os.getpgid(0), "session", os.getsid(0))
print("directory", os.getcwd(), os.readlink("/proc/self/root"))
# of listdir's own descriptor nothing is left to read
for fd in sorted(int(n) for n in os.listdir("/proc/self/fd")):
    try:
        print("descriptor", fd, os.readlink("/proc/self/fd/%d" % fd),
              os.get_inheritable(fd))
    except OSError:
        pass
