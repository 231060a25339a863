#!/bin/sh
# amtree-run beside fakeroot: files that move, between packages too
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

alike 'a file moves to a subpackage, same path' <<'END'
put pkg/foo/usr/bin/a pkg/foo/etc/b.conf
chown daemon:games pkg/foo/usr/bin/a
chmod 4710 pkg/foo/usr/bin/a
chgrp bin pkg/foo/etc/b.conf
mkdir -p pkg/foo-sub/usr/bin pkg/foo-conf
mv pkg/foo/usr/bin/a pkg/foo-sub/usr/bin/
mv pkg/foo/etc pkg/foo-conf/
rmdir -p pkg/foo/usr/bin 2>/dev/null || :
show pkg/*/*/* pkg/foo-sub/usr/bin/a
END

alike 'a file moves to a subpackage, another path' <<'END'
put pkg/foo/usr/bin/a
chown daemon:games pkg/foo/usr/bin/a
mkdir -p pkg/foo-sub/usr/libexec/foo
mv pkg/foo/usr/bin/a pkg/foo-sub/usr/libexec/foo/b
show pkg/foo-sub/usr/libexec/foo/b
put pkg/foo/usr/bin/a
show pkg/foo/usr/bin/a
END

alike 'a file moves there and back' <<'END'
put pkg/foo/a pkg/foo/b
chown daemon pkg/foo/a
mkdir pkg/sub
mv pkg/foo/a pkg/sub/a
mv pkg/foo/b pkg/foo/a
chown games pkg/foo/a
mv pkg/sub/a pkg/foo/b
show pkg/foo/?
END

alike 'directories are renamed with all in them' <<'END'
put a/b/c a/b/d a/e
chown daemon:games a a/b/c
chmod 2770 a
mkdir sub
mv a sub/x
mv sub/x/b sub/y
put a/b/c
show a a/b/c sub/x sub/x/e sub/y sub/y/?
END

alike 'names are swapped' <<'END'
put a b
chown daemon a
chmod 4711 b
mv a t && mv b a && mv t b
show a b
mkdir d e
chown games d
mv d t && mv e d && mv t e
show d e
END

alike 'a rename over another file' <<'END'
put a b c
chown daemon:games a
chmod 4755 b
chown bin b
mv -f a b
show b
mv c b
show b
END

alike 'install-sh: a temporary name, then a rename' <<'END'
put src/prog
mkdir -p usr/bin
i=0
for o in daemon games root; do
	i=$((i + 1))
	tmp=usr/bin/_inst.$$_
	cp src/prog $tmp
	chown $o:bin $tmp
	chmod 475$i $tmp
	mv -f $tmp usr/bin/prog
	show usr/bin/prog
done
END

alike 'ownership set in the build directory, then moved in' <<'END'
put build/out/a build/out/b/c
chown -R daemon:games build/out
chmod 4711 build/out/a
mkdir -p pkg/usr
mv build/out/a pkg/usr/
mv build/out/b pkg/usr/
cp -a build/out pkg/out
rm -rf build
show pkg/usr/a pkg/usr/b pkg/usr/b/c pkg/out
END

alike 'hard links across packages' <<'END'
put pkg/foo/a
chown daemon pkg/foo/a
mkdir pkg/sub
ln pkg/foo/a pkg/sub/b
chmod 4755 pkg/sub/b
chgrp games pkg/sub/b
show pkg/foo/a pkg/sub/b
rm pkg/foo/a
put pkg/foo/a
show pkg/foo/a pkg/sub/b
cp -l pkg/sub/b pkg/foo/c
show pkg/foo/c
END

alike 'symbolic links with an owner of their own move' <<'END'
put a
ln -s a l
chown -h daemon:games l
mkdir d
mv l d/m
ln -sf b d/m
show d/m
ln -s a l
chown -h daemon l
mv l d/n
show d/n a
END

alike 'an inode number that is used again has no owner' <<'END'
i=0
while [ $i -lt 200 ]; do
	echo >a
	chown daemon:games a
	rm a
	echo >b
	[ "$(stat -c %u:%g:%a b)" = 0:0:644 ] || echo "b is owned in turn $i"
	rm b
	i=$((i + 1))
done
END

alike 'directory numbers that are used again have no owner' <<'END'
i=0
while [ $i -lt 60 ]; do
	mkdir -m 2770 a && chown daemon a && rmdir a
	mkdir b && stat -c %u:%a b
	rmdir b
	mknod c c 1 3 && rm c
	ln -s x d && stat -c %F:%u d
	rm d
	i=$((i + 1))
done | sort | uniq -c
END

alike 'a tree that is removed and installed again is new' <<'END'
for owner in daemon games root; do
	put t/a t/b/c
	chown $owner t/a t/b
	chmod 4711 t/a
	show t/a t/b t/b/c
	rm -rf t
done
put t/a t/b/c
mkfifo t/d
show t/a t/b t/b/c t/d
END

[ -z "$other" ] || alike 'a file moves over file systems and back' <<'END'
put a d/b d/c
chown daemon:games a d/b d
chmod 4750 a
setcap cap_net_raw+ep d/b
ln -s a d/l
chown -h games d/l
mv a d "$other"
(cd "$other" && show a d d/?)
mv "$other"/a "$other"/d .
getcap d/b
show a d d/?
END

alike 'many renames' <<'END'
put 0
chown daemon 0
i=0
while [ $i -lt 100 ]; do
	mv $i $((i + 1))
	i=$((i + 1))
done
show 100
END
packages
finish
