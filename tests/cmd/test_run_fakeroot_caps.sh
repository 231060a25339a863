#!/bin/sh
# amtree-run beside fakeroot: capabilities
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

# fakeroot forgets that root has a file if nothing of it but an attribute was
# set, so each of these is owned by somebody first.

alike 'setcap in all spellings, getcap reads back' <<'END'
program 1 2 3 4 5 6 7 8
chown root:root ?
setcap cap_net_raw=ep 1
setcap cap_net_raw+ep 2
setcap cap_net_raw,cap_net_admin+eip 3
setcap 'cap_chown=p cap_kill+i' 4
setcap CAP_SYS_PTRACE+p 5
setcap 13+ep 6
setcap all=ep 7
setcap cap_setuid=p 8 cap_setgid=p 8
getcap ?
END

alike 'setcap -v verifies what setcap set' <<'END'
program a b
chown daemon a b
setcap cap_net_raw+ep a
status setcap -v cap_net_raw+ep a
status setcap -v cap_net_raw+p a
status setcap -v cap_net_raw+ep b
END

alike 'setcap -r takes capabilities away' <<'END'
program a b c
chown root:games a b c
setcap cap_net_raw+ep a cap_net_raw=p b
setcap -r a
getcap a b c
status setcap -r b
setcap cap_kill=p b
setcap -q cap_kill=p c
setcap = c
getcap a b c
END

alike 'getcap -r finds what has capabilities' <<'END'
program t/a t/b/c t/b/d
chown -R daemon t
setcap cap_net_bind_service=ep t/a cap_sys_nice+ep t/b/d
getcap -r t
getcap -v t/b/c
getcap -n t/a
END

alike 'setcap first, owner and mode later: they stay' <<'END'
program a b c
chown root a b c
setcap cap_net_raw+ep a cap_net_raw+ep b cap_net_raw+ep c
chown daemon:games a
chmod 4710 b
chgrp games b
chown -h bin c
getcap a b c
show a b c
END

alike 'capabilities stay over rewriting and stripping' <<'END'
program a b c
put new
chown root:games a b c
setcap cap_net_raw+ep a cap_net_raw+ep b cap_net_raw+ep c
cat new >a
cp new b
echo more >>c
getcap a b c
END

with strip && alike 'real strip treats capabilities as fakeroot has it' <<'END'
program a
chown root:games a
setcap cap_net_raw+ep a
strip a
getcap a
END

alike 'capabilities move with their file' <<'END'
program pkg/usr/bin/a pkg/usr/bin/b
chown root:games pkg/usr/bin/?
setcap cap_net_raw+ep pkg/usr/bin/a cap_kill=p pkg/usr/bin/b
mkdir -p sub/usr
mv pkg/usr/bin sub/usr/sbin
mv sub/usr/sbin/a sub/usr/sbin/c
ln sub/usr/sbin/c sub/usr/d
getcap sub/usr/*/* sub/usr/d
rm sub/usr/sbin/c
getcap sub/usr/*/* sub/usr/d
END

alike 'cp -a keeps capabilities, cp and cp -p do not' <<'END'
program a
chown daemon:games a
setcap cap_net_raw+ep a
cp -a a 1
cp a 2
cp -p a 3
cp --preserve=all a 4
cp -a --no-preserve=xattr a 5
getcap ?
show ?
END

alike 'capabilities go with their file' <<'END'
program a b
chown root:games a b
setcap cap_net_raw+ep a cap_net_raw+ep b
rm a
program a
put new
mv new b
getcap a b
i=0
while [ $i -lt 50 ]; do
	program c && chown root c && setcap cap_kill+ep c
	rm c && program d && getcap d && rm d
	i=$((i + 1))
done
END

alike 'install does not copy capabilities' <<'END'
program a
chown root:games a
setcap cap_net_raw+ep a
install -m755 a b
install -p -o daemon a c
getcap a b c
END

with getfattr && alike 'the attribute itself is read and listed' <<'END'
program a b
chown root:games a b
setcap cap_net_raw+ep a
getfattr -d -m - a b
getfattr -e hex -n security.capability a
getfattr --only-values -n security.capability a | od -An -tx1
getfattr -n security.capability b 2>&1 || echo none
END

with setfattr && alike 'the attribute itself is set and removed' <<'END'
program a b
chown root:games a b
setfattr -n security.capability \
	-v 0x0100000200200000000000000000000000000000 a
getcap a
setfattr -x security.capability a
getcap a
status setfattr -x security.capability b
END

with rsync && alike 'rsync -X carries capabilities' <<'END'
program a/b a/c
chown -R root:games a
setcap cap_net_raw+ep a/b
rsync -aX a/ b
rsync -a a/ c
getcap ?/b ?/c
END

with python3 && alike 'python sets, lists and removes the attribute' <<'END'
program a
chown root:games a
python3 - <<'P'
import os
value = bytes.fromhex("0100000200200000000000000000000000000000")
os.setxattr("a", "security.capability", value)
print(os.listxattr("a"), os.getxattr("a", "security.capability"))
with open("a") as f:
    print(os.listxattr(f.fileno()))
    os.removexattr(f.fileno(), "security.capability")
print(os.listxattr("a"))
try:
    os.getxattr("a", "security.capability")
except OSError as e:
    print(e.errno)
try:
    os.setxattr("a", "security.capability", value, os.XATTR_REPLACE)
except OSError as e:
    print(e.errno)
os.setxattr("a", "security.capability", value, os.XATTR_CREATE)
try:
    os.setxattr("a", "security.capability", value, os.XATTR_CREATE)
except OSError as e:
    print(e.errno)
P
END

alike 'what has no capabilities fails as elsewhere' <<'END'
mkdir d
ln -s nowhere l
put a
chown root:games d a
status setcap cap_net_raw+ep nowhere
status setcap cap_nope+ep a
status setcap cap_net_raw a
status setcap cap_net_raw+ep d
status setcap cap_net_raw+ep l
END

# What we do otherwise.
daemon=$(id -u daemon)
differ 'a file with nothing but capabilities is still of root' \
	"b'./a': uid $ordinary, not 0
b'./a': gid $ordinary_group, not 0
b'./b': gid $ordinary_group, not 0
-a $ordinary:$ordinary_group
-b $daemon:$ordinary_group
+a 0:0
+b $daemon:0" <<'END'
put a b
setcap cap_net_raw+ep a
setcap cap_net_raw+ep b
chown daemon b
getcap a b
stat -c '%n %u:%g' a b
END

# fakeroot does not know any more what kind of file tar made
does 'tar carries capabilities' 'to/a/b cap_net_raw=ep
to/a/b -rwxr-xr-x root:games
to/a/c -rwxr-xr-x daemon:games
bare/a/b -rwxr-xr-x root:games' <<'END'
program a/b a/c
chown -R root:games a
chown daemon a/c
setcap cap_net_raw+ep a/b
tar --xattrs --xattrs-include='*' -cf - a | (mkdir to && cd to &&
	tar --xattrs --xattrs-include='*' -xf -)
tar -cf - a | (mkdir bare && cd bare && tar -xf -)
getcap to/a/? bare/a/?
stat -c '%n %A %U:%G' to/a/? bare/a/b
END

with setfattr && alike 'attributes of user. are set, copied and moved' <<'END'
put a
chown root:games a
setfattr -n user.comment -v text a
getfattr -n user.comment a
setfattr -n user.large -v "$(printf %01000d 0)" a
cp -a a b
mv a c
getfattr -d b c | cut -c 1-40
END
packages
finish
