#!/bin/sh
# amtree-run beside fakeroot: what programs in other languages do
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

with python3 && alike 'python: os.chown in all its forms' <<'END'
mkdir d
put a b c d/e
ln -s a l
python3 - <<'P'
import os, shutil
os.chown("a", 1, 60)
os.chown("b", -1, 60)
os.chown("b", 1, -1)
with open("c") as f:
    os.fchown(f.fileno(), 5, -1)
    os.chown(f.fileno(), -1, 60)
    os.fchmod(f.fileno(), 0o4750)
    print(os.fstat(f.fileno()).st_uid, oct(os.fstat(f.fileno()).st_mode))
d = os.open("d", os.O_RDONLY)
os.chown("e", 2, 2, dir_fd=d)
os.chmod("e", 0o2711, dir_fd=d)
print(os.stat("e", dir_fd=d).st_uid, os.stat(d).st_uid)
os.fchown(d, 7, 7)
os.lchown("l", 5, 5)
os.chown("l", 3, 3, follow_symlinks=False)
shutil.chown("a", "games", "daemon")
for name in "abcdl":
    st = os.lstat(name)
    print(name, st.st_uid, st.st_gid, oct(st.st_mode))
for e in sorted(os.scandir("."), key=lambda e: e.name):
    print(e.name, e.stat(follow_symlinks=False).st_uid)
for call in (lambda: os.chown("none", 1, 1), lambda: os.fchown(99, 1, 1),
             lambda: os.chmod("none", 0o600), lambda: os.fchmod(99, 0o600)):
    try:
        call()
    except OSError as e:
        print(e.errno)
P
END

with python3 && alike 'python: shutil copies and moves' <<'END'
put a t/b t/c
chown daemon:games a t/b
chmod 4750 a
python3 - <<'P'
import os, pwd, shutil
open("b", "w").close()
shutil.copystat("a", "b")
shutil.copymode("a", "b")
shutil.copy2("a", "c")
shutil.copytree("t", "u")
shutil.move("t", "v")
os.replace("a", "d")
for name in ("b", "c", "d", "u/b", "v/b", "v/c"):
    st = os.stat(name)
    print(name, pwd.getpwuid(st.st_uid)[0], st.st_gid, oct(st.st_mode))
P
END

with python3 && alike 'python: tarfile packs and extracts owners' <<'END'
put t/b t/c
chown -R daemon:games t
chmod 4711 t/b
mknod t/n c 1 3
python3 - <<'P'
import io, os, tarfile
f = io.BytesIO()
with tarfile.open(fileobj=f, mode="w") as t:
    t.add("t")
f.seek(0)
with tarfile.open(fileobj=f) as t:
    for m in sorted(t, key=lambda m: m.name):
        print(m.name, m.uid, m.gid, m.uname, m.gname, oct(m.mode), m.type)
    t.extractall("x")
for name in ("x/t", "x/t/b", "x/t/c", "x/t/n"):
    st = os.lstat(name)
    print(name, st.st_uid, st.st_gid, oct(st.st_mode), st.st_rdev)
P
END

with python3 && alike 'python: threads and processes' <<'END'
mkdir t
python3 - <<'P'
import os, subprocess, threading
def work(i):
    name = "t/%d" % i
    open(name, "w").close()
    os.chown(name, i, i + 1)
    os.chmod(name, 0o4700 + i)
    st = os.stat(name)
    assert (st.st_uid, st.st_gid) == (i, i + 1), st
threads = [threading.Thread(target=work, args=(i,)) for i in range(1, 40)]
for t in threads: t.start()
for t in threads: t.join()
subprocess.run(["chown", "games", "t/7"], check=True)
os.system("chgrp bin t/7")
print(os.getuid(), os.geteuid(), os.getgid(), os.getresuid())
pid = os.fork()
if pid == 0:
    os.chown("t/8", 100, 100)
    os._exit(0)
os.waitpid(pid, 0)
P
stat -c '%n %u:%g %a' t/*
END

with perl && alike 'perl: chown, chmod, mkdir, stat and tests' <<'END'
put a b c
perl - <<'P'
use strict;
chown(1, 60, "a", "b") == 2 or die;
chown(-1, 2, "a");
chmod(04755, "a", "c") == 2 or die;
mkdir("d", 0500);
open(my $f, ">", "d/x") or die; close $f;
open($f, "<", "c"); chown(5, 5, $f); chmod(0640, $f); close $f;
symlink("a", "l");
utime(1, 1, "a");
rename("b", "e");
foreach my $n (qw(a c d d/x e l)) {
    my @s = lstat($n);
    printf "%s %o %d %d\n", $n, @s[2, 4, 5];
}
print((-u "a") ? "u" : "-", (-o "a") ? "o" : "-", (-O "c") ? "O" : "-", "\n");
print chown(1, 1, "nowhere"), " ", $! + 0, "\n";
print "$< $> ", (getpwuid($<))[0], "\n";
P
END

with perl && alike 'perl -pi makes a new file with the old owner and mode' <<'END'
put a b
chown daemon:games a
chmod 4750 a
perl -pi -e s/some/any/ a b
perl -pi.bak -e s/any/no/ a
show a a.bak b
END

# A static busybox is none of fakeroot's.
with busybox && does 'busybox: its chown, chmod, cp, mv and stat' 'a 1 60 4750
t 2 0 755
t/b 3 0 644
v 2 0 755
v/b 3 0 644' <<'END'
put a t/b
busybox chown 1:60 a
busybox chmod 4750 a
busybox chown -R 2 t
busybox chown -h 3 t/b
busybox cp -a t u
busybox mv u v
busybox stat -c '%n %u %g %a' a t t/b v v/b
END
packages
finish
