#!/bin/sh
# amtree-run beside fakeroot: devices and fifos
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

alike 'mknod makes devices of all kinds' <<'END'
mkdir dev
mknod dev/null c 1 3
mknod dev/console u 5 1
mknod dev/sda b 8 0
mknod dev/pipe p
mknod dev/large c 4095 1048575
mknod dev/hex c 0x1 0x7
mknod dev/zero b 0 0
show dev/*
find dev -type c | sort
find dev -type b | sort
find dev -type p
END

alike 'mknod -m, and the umask' <<'END'
mknod -m 666 null c 1 3
mknod --mode=u=rw,g=r,o= sda b 8 0
mknod -m 0 none c 1 5
umask 077
mknod zero c 1 5
mknod -m 622 console c 5 1
mknod pipe p
show *
END

alike 'mkfifo -m' <<'END'
mkfifo a
mkfifo -m 600 b
mkfifo -m a+w c
chown daemon:games a
chmod 620 a
show a b c
END

alike 'a device gets an owner and a mode' <<'END'
mknod tty c 5 0
mknod sda b 8 0
chown root:games tty
chmod 660 tty
chmod 4660 sda
chown daemon sda
chgrp games sda
show tty sda
END

alike 'devices are told from files' <<'END'
mknod null c 1 3
mknod sda b 8 0
mkfifo p
[ -c null ] && [ -b sda ] && [ -p p ]
[ ! -f null ] && [ ! -f sda ] && [ ! -b null ] && [ -e null ]
stat -c '%n %F %t %T %s' null sda p
ls -ln null sda p | sed 's/ [A-Z].* / /'
file null 2>/dev/null || echo no file here
END

alike 'devices are removed and made again' <<'END'
mknod a c 1 3
chmod 666 a
rm a
put a
show a
rm -f a
mknod a b 8 1
show a
status mknod nowhere/b c 1 3
rm a
status mknod a c 1
END

alike 'devices move and are renamed' <<'END'
mkdir -p pkg/dev sub
mknod pkg/dev/null c 1 3
chmod 666 pkg/dev/null
chown root:games pkg/dev/null
mv pkg/dev/null pkg/dev/zero
mv pkg/dev sub/dev
mv sub/dev/zero sub/null
mv sub/null pkg/nul
show pkg/nul
END

alike 'devices have hard links' <<'END'
mknod a c 1 3
ln a b
chmod 600 b
chown daemon a
rm a
ln b c
stat -c '%n %F %t,%T %h %U %a' b c
END

alike 'cp -a copies devices' <<'END'
mkdir dev
mknod -m 640 dev/a c 1 3
mknod dev/b b 8 17
mkfifo -m 600 dev/p
chown daemon:games dev/a dev/p
cp -a dev copy
cp -R dev recursive
cp -dp dev/a one
show copy/* recursive/* one
END

alike 'tar carries devices' <<'END'
mkdir dev
mknod -m 640 dev/a c 1 3
mknod dev/b b 8 17
mkfifo dev/p
chown daemon:games dev/?
mkdir to
tar -cf - dev | tar -C to -xpf -
show to/dev/?
END

with rsync && alike 'rsync carries devices' <<'END'
mkdir dev
mknod -m 640 dev/a c 1 3
mknod dev/b b 8 17
mkfifo dev/p
chown daemon:games dev/?
rsync -a dev/ to
rsync -rl dev/ bare 2>/dev/null | wc -l
show to/? bare
END

with cpio && alike 'cpio carries devices' <<'END'
mkdir dev
mknod -m 640 dev/a c 1 3
mknod dev/b b 8 17
mkfifo dev/p
chown daemon:games dev/?
mkdir to
find dev | sort | cpio -o -H newc 2>/dev/null | (cd to && cpio -id 2>/dev/null)
show to/dev/?
END

alike 'MAKEDEV: a hundred devices' <<'END'
mkdir dev
i=0
while [ $i -lt 100 ]; do
	mknod -m 620 dev/tty$i c 4 $i
	i=$((i + 1))
done
chgrp games dev/tty*
stat -c '%n %t,%T %G' dev/* | sort
END

with python3 && alike 'python makes devices' <<'END'
python3 - <<'P'
import os, stat
os.mknod("a", 0o640 | stat.S_IFCHR, os.makedev(1, 3))
os.mknod("b", 0o600 | stat.S_IFBLK, os.makedev(259, 300))
os.mknod("f", 0o600 | stat.S_IFREG)
os.mknod("p", 0o600 | stat.S_IFIFO)
os.mkfifo("q", 0o622)
d = os.open(".", os.O_PATH)
os.mknod("c", 0o666 | stat.S_IFCHR, os.makedev(5, 1), dir_fd=d)
for name in "abcfpq":
    st = os.lstat(name)
    print(name, oct(st.st_mode), os.major(st.st_rdev), os.minor(st.st_rdev))
P
END

# What we do otherwise: fakeroot makes a device over whatever is there, and
# forgets that a FIFO is one.
differ 'mknod makes nothing over what is there' "b'./a': kind 'char', not 'file'
b'./a': mode 438, not 420
b'./a': major 1, not 0
b'./a': minor 3, not 0
-status 0 of mknod
+mknod: a: File exists
+status 1 of mknod" <<'END'
: >a
status mknod -m 666 a c 1 3
END
packages
finish
