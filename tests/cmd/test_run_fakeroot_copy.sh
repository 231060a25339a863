#!/bin/sh
# amtree-run beside fakeroot: copies and archives
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

alike 'cp -a keeps owners, cp and cp -r do not' <<'END'
put a/f a/d/g
ln -s f a/l
chown -R daemon:games a
chown -h bin a/l
chmod 4750 a/f
chmod 2770 a/d
cp -a a archive
cp -r a recursive
cp -rp a preserve
cp -dR --preserve=ownership a ownership
cp -rL a follow
cp a/f one
for d in archive recursive preserve ownership follow; do
	show $d $d/f $d/d $d/d/g $d/l
done
show one
END

alike 'cp over an owned file keeps that owner' <<'END'
put a b c d
chown daemon:games a
chown bin b c d
chmod 4711 b c d
cp a b
cp -p a c
cp -f a d
show ?
END

alike 'set-group-ID of directories is copied, not inherited' <<'END'
mkdir a
chgrp games a
chmod 2775 a
put a/f a/d/g
mkdir -p a/x/y
mkdir -m 2755 a/b
mkdir a/c/
install -d a/i/j
cp -r a b
cp -a a/d b/e
show a a/[bcdix] a/x/y a/i/j b b/[bcdeix]
END

alike 'cp makes hard links and links' <<'END'
put a/f
ln a/f a/g
chown daemon:games a/f
cp -al a b
cp -as "$PWD/a" c && rm -r c
cp -a a d
rm a/f
show a/g b/f b/g d/f d/g
stat -c '%n %h' a/g b/f d/f
END

alike 'tar and tar' <<'END'
put a/f a/d/g
ln -s f a/l
ln a/f a/h
chown -R daemon:games a
chown -h bin a/l
chmod 4750 a/f
chmod 555 a/d
mkdir p x
tar -cf - a | tar -C x -xf -
tar -cf - a | (cd p && tar -xpf -)
find x p | sort | xargs stat -c '%n %A %U:%G %h'
END

alike 'tar extracts with owners of its own' <<'END'
put a/f a/g
mkdir x y z
tar --owner=daemon --group=games --mode=4750 -cf 1.tar a
tar --owner=:4242 --group=:4343 -cf 2.tar a/f
tar -C x -xf 1.tar
tar -C y --no-same-owner -xf 1.tar
tar -C z -xf 2.tar
tar -C z --same-owner --no-same-permissions -xf 1.tar a/g
rm ?.tar
find x y z | sort | xargs stat -c '%n %A %u:%g'
END

alike 'tar lists what it packs' <<'END'
put a/f a/g
mknod a/null c 1 3
chown -R daemon:games a
chmod 4711 a/f
tar --mtime=@0 -cf - a/f a/g a/null | tar -tvf -
tar --numeric-owner --mtime=@0 -cf - a/f a/null | tar --numeric-owner -tvf -
END

with rsync && alike 'rsync -a keeps owners, modes and links' <<'END'
put a/f a/d/g
ln -s f a/l
ln a/f a/h
chown -R daemon:games a
chown -h bin a/l
chmod 4750 a/f
chmod 2555 a/d
rsync -aH a/ b
rsync -rlp a/ c
rsync -a --chown=bin:daemon --chmod=D700,F600 a/ d
rsync -a --numeric-ids a/ e
find b c d e | sort | xargs stat -c '%n %A %U:%G'
chown games a/f
chmod 640 a/h
rsync -a a/ b
show b/f b/h
END

with cpio && alike 'cpio copies as the root that it takes itself for' <<'END'
put a/f a/d/g
chown -R daemon:games a
chmod 4750 a/f
mkdir x y
find a -depth | sort | cpio -pdm x 2>/dev/null
find a | sort | cpio -o -H newc 2>/dev/null | (cd y && cpio -idm 2>/dev/null)
find a | sort | cpio -o -H newc -R games 2>/dev/null | cpio -itvn 2>/dev/null |
	awk '{ print $1, $3, $4, $NF }'
find x y | sort | xargs stat -c '%n %A %U:%G'
END

packages
finish
