#!/bin/sh
# amtree-run beside fakeroot: other tools, and what a build has left
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

given <<'END'
program a b
put c d/e d/f
mkdir -m 2775 d/s
chmod 4755 a
chmod 2755 b
chmod 444 c
mkfifo p
ln -s c l
ln c hard
END
alike 'what a build has left belongs to root' <<'END'
show a b c d d/e d/s p l hard
find . ! -user root -o ! -group root
chown daemon b
chmod 750 c
cp -a a a2
cp -r d d2
show a a2 b c hard d2 d2/s
END

given <<'END'
chmod 2775 .
mkdir -p src/lib
put src/lib/x src/y
END
alike 'a checkout in a directory with set-group-ID' <<'END'
mkdir -p pkg/usr/bin pkg/usr/share/x
install -d pkg/etc/x
install -D -m644 src/y pkg/var/lib/x/y
cp -r src pkg/usr/src
cp -a src pkg/usr/src-a
mkdir -m 700 pkg/root
mkdir -m 2750 pkg/games
tar -cf - src | tar -C pkg -xf -
find pkg | sort | xargs stat -c '%n %A %U:%G'
END

given <<'END'
program su
chmod 4755 su
END
is_root || alike 'set-id bits that a build has left are lost by rewriting' <<'END'
echo >>su
show su
chmod 4755 su
echo >>su
show su
END

given <<'END'
mkdir -p pkg/d
put pkg/d/f
chmod 600 pkg/d/f
chmod 700 pkg/d
END
alike 'modes of a build are made what a package needs' <<'END'
chmod -R a+rX pkg
chown -R games pkg/d
show pkg pkg/d pkg/d/f
END

with git && alike 'git' <<'END'
export HOME="$PWD" GIT_CONFIG_NOSYSTEM=1
git init -q repo 2>/dev/null
cd repo
put a
printf '#!/bin/sh\n' >b
chmod 755 b
git add a b
git -c user.name=a -c user.email=a@b commit -qm a
git ls-files -s
git status --short
git archive --format=tar HEAD | tar -tvf - | awk '{ print $1, $2, $NF }'
rm -rf .git
chown daemon a
END

with ar && alike 'ar keeps owners in an archive' <<'END'
put a b
chown daemon:games a
chmod 4750 a
ar rcU x.a a b
ar tv x.a | awk '{ print $1, $2, $NF }'
rm a
ar xo x.a a
rm x.a
show a b
END

for tool in gzip bzip2 xz zstd; do
	export tool
	with $tool && alike "$tool gives what it makes the old owner" <<'END'
put a b
chown daemon:games a
chmod 640 a
$tool -q a b
show a.* b.*
rm -f a
$tool -dq a.*
show a
rm b.* # bytes that tell the time
END
done

with bash && alike 'bash asks who owns a file' <<'END'
put a b
chown daemon:games a
chmod 4755 b
bash -c '
	for f in a b; do
		[[ -O $f ]] && echo $f is -O
		[[ -G $f ]] && echo $f is -G
		[[ -u $f ]] && echo $f is -u
		[[ -w $f ]] && echo $f is -w
	done
	echo $UID $EUID ${GROUPS[0]}'
END

alike 'eight at once, again and again' <<'END'
mkdir t
seq 160 | xargs -P 8 -n 1 sh -ec '
	echo >t/$0
	chown $0:$((160 - $0)) t/$0
	chmod 4$(($0 % 7))5$(($0 % 8)) t/$0
	cp -p t/$0 t/$0.copy
	mv t/$0.copy t/$0.moved
	test "$(stat -c %u t/$0.moved)" = $0
	rm t/$0
	echo >t/$0'
stat -c '%n %u:%g %a' t/* | sort
END

alike 'make -j' <<'END'
cat >Makefile <<'M'
all: 1 2 3 4 5 6 7 8
%:
	echo >$@.tmp
	chown $@:$@ $@.tmp
	chmod 475$@ $@.tmp
	mv $@.tmp $@
	test `stat -c %u:%g $@` = $@:$@
M
make -s -j4 1 2 3 4 5 6 7
show [1-7]
END

with python3 && alike 'python: a file that gets its name last' <<'END'
python3 - <<'P'
import os
fd = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600)
os.fchown(fd, 1, 60)
os.fchmod(fd, 0o4755)
proc = os.open("/proc/self/fd", os.O_PATH)
os.link(str(fd), "a", src_dir_fd=proc, follow_symlinks=True)
st = os.stat("a")
print(st.st_uid, st.st_gid, oct(st.st_mode))
os.open("a", os.O_RDONLY)
os.rename("a", "b")
P
show b
END

with python3 && alike 'python: a directory that moves while it is open' <<'END'
mkdir a b
put a/f
python3 - <<'P'
import os
d = os.open("a", os.O_RDONLY)
os.rename("a", "b/c")
os.chown("f", 1, 1, dir_fd=d)
os.chown(d, 2, 2)
os.fchdir(d)
os.mkdir("g", 0o2700)
os.chown("../f", 9, 9) if os.path.exists("../f") else print("no")
os.chown("g/..", 3, 3)
os.mkdir("h/", 0o500)
os.symlink("f", "l")
os.chown("l", 4, 4, follow_symlinks=False)
P
show b/c b/c/? b
END

alike 'descriptors as names' <<'END'
put a b c d
mkdir e
ln -s /proc/self/fd/3 l
ln -s /dev/fd m
chown daemon /dev/fd/3 3<a
chmod 4711 /dev/fd/3 3<a
chown games /proc/self/fd/4 4<b
chown bin /dev/stdin <c
chown 3 l 3<d
chmod 640 m/5 5<d
chown 7 /proc/thread-self/fd/6/x /proc/self/root/nowhere 6<e 2>/dev/null || :
stat -L -c '%U %a' /dev/fd/3 3<a
for fd in 3 4 5 6 7 8 9; do
	ln -sf /proc/self/fd/$fd l
	stat -L -c '%U %a' l 3<d 4<d 5<d 6<d 7<d 8<d 9<d
done
stat -L -c '%U %a' m/5 5<c
rm l m
show a b c d e
END

alike 'trees are removed, whatever their modes' <<'END'
put a/b/c a/d/e
chown -R daemon a
chmod 0 a/b/c a/b a/d a
rm -rf a
ls
put a/b
chmod 555 a
mv a b
rm b/b
rmdir b
ls
END
packages
finish
