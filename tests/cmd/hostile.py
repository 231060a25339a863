"""hostile.py ACT - what a program might do to who records it

    signals     every signal that can be caught, to amtree-run and its keeper
    flip        chown by a path that another thread changes meanwhile
    files       as few open files as can be, for amtree-run
    journal HOW damage the journal: cut, trim, fill, grow or break it
    accounts    write into the copies of passwd and group that it gets to read
    leak        calls that fail in all ways; how many files amtree-run has open
"""
import ctypes
import os
import re
import resource
import signal
import sys
import threading

# a descriptor of amtree-run's own
JOURNAL = os.environ["AMTREE_JOURNAL"]
RUN = int(re.match(r"/proc/(\d+)/", JOURNAL).group(1))
ROUNDS = 3000


def make(name):
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY, 0o644))


def signals():
    # what is sent to amtree-run is sent on to its command
    caught = [n for n in range(1, 65) if n not in (9, 19)]
    harmless = [n for n in caught if n not in (32, 33)]
    for number in harmless:
        signal.signal(number, signal.SIG_IGN)
    for number in harmless:
        os.kill(RUN, number)
    for number in caught:
        os.kill(os.getppid(), number)
    make("file")
    os.chown("file", 1, 2)
    print(os.stat("file").st_uid)


def flip():
    libc = ctypes.CDLL(None)
    path = ctypes.create_string_buffer(b"a")
    is_done = threading.Event()

    def change():
        while not is_done.is_set():
            for byte in b"ab.\0":
                path[0] = byte

    make("a")
    make("b")
    thread = threading.Thread(target=change)
    thread.start()
    for _ in range(ROUNDS):
        libc.chown(path, 1, 2)
        libc.chmod(path, 0o4711)
        libc.mkdir(path, 0o500)
    is_done.set()
    thread.join()
    for name in "ab":
        st = os.stat(name)
        print(st.st_uid, st.st_gid, oct(st.st_mode & 0o7777))


def files():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.prlimit(RUN, resource.RLIMIT_NOFILE, (3, hard))
    make("file")
    try:
        os.chown("file", 1, 2)
    except OSError:
        pass


def journal(how):
    make("root/file")
    os.chown("root/file", 1, 2)
    os.stat("/")  # for what waits to be written
    fd = os.open(JOURNAL, os.O_RDWR)
    end = os.fstat(fd).st_size
    if how == "cut":
        os.ftruncate(fd, 0)
    elif how == "trim":
        os.ftruncate(fd, os.pread(fd, end, 0).index(b"\n") + 1)
    elif how == "fill":
        os.pwrite(fd, b"\0" * 100 + b"\n", end)
    elif how == "grow":
        os.ftruncate(fd, 1 << 40)
    elif how == "break":
        os.pwrite(fd, b"1:2:3.000000000 uid=99999999999\n", end)


def accounts():
    for name in ("/etc/passwd", "/etc/group"):
        fd = os.open(name, os.O_RDONLY)
        before = os.pread(fd, 1 << 20, 0)
        try:
            os.fchmod(fd, 0o666)
            own = os.open("/proc/self/fd/%d" % fd, os.O_RDWR)
            os.pwrite(own, b"root:x:4242:", 0)
            print(name, "was written")
        except OSError as error:
            print(error.strerror)
        try:
            os.truncate("/proc/self/fd/%d" % fd, 0)
            print(name, "was cut")
        except OSError as error:
            print(error.strerror)
        print(os.pread(fd, 1 << 20, 0) == before)


def leak():
    libc = ctypes.CDLL(None)
    make("file")
    os.symlink("loop", "loop")
    os.symlink("/proc/self/cwd", "me")
    # root could do harm by some: no path may be of anything but our own
    paths = [None, b"", b".", b"file", b"file/", b"file/x", b"missing", b"loop",
             b"me/file", b"me/me/new", b"x" * 4095, b"x" * 5000, b"./" * 2040,
             b"/proc/self/cwd/file", b"/proc/self/fd/999", b"/missing/x"]
    counts = []
    for _ in range(3):
        for path in paths:
            libc.chown(path, 1, 2)
            libc.lchown(path, 1, 2)
            libc.chmod(path, 0o400)
            libc.mknod(path, 0o20600, 0x103)
            libc.mkdir(path, 0o500)
            libc.open(path, 0)
            libc.fchownat(999, path, 1, 2, 0)
            libc.fchownat(999, path, 1, 2, 0xffff)
            libc.setxattr(path, b"security.capability", b"x" * 20, 20, 0)
            libc.removexattr(path, b"security.capability")
        counts.append(len(os.listdir("/proc/%d/fd" % RUN)))
    print(counts[0] == counts[1] == counts[2])


globals()[sys.argv[1]](*sys.argv[2:])
