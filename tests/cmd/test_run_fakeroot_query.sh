#!/bin/sh
# amtree-run beside fakeroot: what programs are told when they ask
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

alike 'who am I' <<'END'
id -u
id -g
id -ru
id -rg
id -un
id -gn
whoami
[ "$(id -u)" -eq 0 ] && echo root
sh -c 'id -u' &
wait
logname >/dev/null 2>&1 || :
END

alike 'stat tells owners by name and by number' <<'END'
put a
mkdir d
ln -s a l
mknod c c 1 3
chown daemon:games a
chown 4242:4343 d
chown -h bin l
chmod 6751 a
stat -c '%n %U %G %u %g %a %A %f %F %h %s' a d l c
stat -L -c '%n %U %G %a %F' l
stat --printf '%n %u\n' a d
END

alike 'ls tells owners by name and by number' <<'END'
put a b/c
chown daemon:games a
chown 4242 b/c
chmod 4755 a
touch -d @0 a b/c b
ls -l a
ls -ln a b
ls -lnd b
ls -ldo b
ls -lg a
ls -lR . | grep -v ^total
END

alike 'find tells files by their owner' <<'END'
put a b c d/e f
chown daemon a d
chown :games b d/e
chown 4242:4343 f
for test in '-user daemon' '-user root' '-group games' '-group root' \
	'-uid 4242' '-gid +100' '-gid 60' '-uid 0' -nouser -nogroup \
	'! -user root' '! -group root' '-user 4242'; do
	echo "$test:" $(find . $test | sort)
done
find . -type f -printf '%p %u %g %U %G %m\n' | sort
END

alike 'find tells files by their mode' <<'END'
put a b c e
mkdir d
chmod 4755 a
chmod 2755 b
chmod 1777 d
chmod 0 c
chmod 6711 e
chown daemon a
for test in '-perm -4000' '-perm /6000' '-perm -2000' '-perm 0' '-perm 1777' \
	'-perm -u+s' '-perm /o+w' '-type f ! -perm -400'; do
	echo "$test:" $(find . $test | sort)
done
END

alike 'test -u, -g, -k, -O and -G' <<'END'
put a b c d
mkdir t
chmod 4755 a
chmod 2755 b
chmod 1777 t
chown daemon:games c
for f in a b c d t; do
	for o in u g k f d s L e; do
		if [ -$o $f ]; then echo "$f is -$o"; fi
	done
	if test -O $f; then echo "$f is -O"; fi
	if test -G $f; then echo "$f is -G"; fi
	if env test -O $f; then echo "$f is -O"; fi
	if env test -G $f; then echo "$f is -G"; fi
done
END

alike 'files may be used, whatever their modes say' <<'END'
put a
program b/true
chown daemon a b/true
chmod 600 a
chmod 700 b/true
[ -r a ] && [ -w a ] && echo rw
[ -x b/true ] && b/true && echo x
chmod 0 a
[ -r a ] && [ -w a ] && cat a
END

alike 'the sticky, set-id and odd bits one by one' <<'END'
put a
mkdir d
for m in 0 1 2 4 10 20 40 100 200 400 1000 2000 4000 7777 7000 1234; do
	chmod $m a
	stat -c %a a
	chmod $m d
	chmod 00$m d
	stat -c %a d
done
END

alike 'a file that is open is the same file' <<'END'
put a
exec 3<>a
chown daemon:games a
chmod 4711 a
stat -L -c '%U %G %a' /proc/self/fd/3
stat -L -c '%U %G %a %F' - <&3
rm a
put a
stat -c '%U %G %a' a
END

alike 'owners are seen from other directories' <<'END'
put a/b/c
chown daemon a/b/c
chown games a/b
cd a/b
stat -c '%n %U' c . .. ../b/c ../../a/b/c "$PWD/c" | sed "s|$PWD|here|"
cd ..
(cd b && chown bin ../b/c ..)
stat -c '%n %U' . b b/c
env -C b chown daemon c ../b
stat -c '%n %U' b b/c
END

alike 'owners are set with odd paths' <<'END'
put a/b
ln -s a l
chown daemon ./a//b
chown :games a/../a/./b
chown games a/
stat -c '%n %U:%G' a/b l/b a/ l/
chown bin l/
chown -h daemon l/
stat -c '%n %U:%G' a l
chown 3 /proc/self/cwd/a/b
stat -c %u a/b
status chown daemon a/b/
status chown daemon ''
status chown daemon "$(printf %0300d 0)"
END

alike 'du, wc, cmp and sums see the contents' <<'END'
put a b
chown daemon a
chmod 0 b
cmp a b
wc -c a b
md5sum a b
head -c 4 b
readlink -f a | sed 's|.*/||'
END

alike 'su, setpriv, chroot and friends of root' <<'END'
put a
chown daemon a
setsid stat -c %U a
nice stat -c %U a
nohup stat -c %U a 2>/dev/null
timeout 9 stat -c %U a
xargs stat -c %U <<X
a
X
exec stat -c %U a
END

alike 'jobs in the background, pipes and subshells' <<'END'
put a b
(chown daemon a; (chmod 4711 a; stat -c '%U %a' a))
{ sleep 0.05; chown games b; } &
wait
stat -c %U b | cat
x=$(chown bin a; stat -c %U a)
echo "$x"
echo | while read -r _; do chown daemon b; done
stat -c %U b
END

alike 'the environment says that this is fakeroot' <<'END'
[ -n "$FAKEROOTKEY" ] && echo key
END

# What we do otherwise.
differ 'a file that is open keeps its owner when its name goes' '-root root 4711
+daemon games 4711' <<'END'
put a
exec 3<>a
chown daemon:games a
chmod 4711 a
rm a
stat -L -c '%U %G %a' - <&3
END

differ 'no environment is needed' "-$(as_user id -un)
+daemon" <<'END'
put a
chown daemon a
env -i PATH="$PATH" stat -c %U a
END

# fakeroot says root of every file that it has not seen
shadow=$(stat -c %G /etc/shadow)
[ "$shadow" = root ] || differ 'files of others have their own owners' "-root
+$shadow" <<'END'
stat -c %G /etc/shadow
END
packages
finish
