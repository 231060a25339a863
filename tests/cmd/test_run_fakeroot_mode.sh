#!/bin/sh
# amtree-run beside fakeroot: modes
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

alike 'chmod in all spellings' <<'END'
put 1 2 3 4 5 6 7 8
chmod 0600 1
chmod u=rw,go= 2
chmod a+x,o-r 3
chmod +t 4
chmod =r 5
chmod -v 4711 6
chmod -c 4711 6
chmod --reference=6 7
chmod 00644 8
chmod g=u,o=g 1
show ?
END

alike 'chmod -R with X, and set-id bits of directories' <<'END'
program t/bin/x
put t/etc/y t/z
mkdir -m 2775 t/setgid
chmod -R u=rwX,go=rX t
chmod -R g+wX,o= t/etc
chmod 755 t/setgid
show t t/bin t/bin/x t/etc t/etc/y t/z t/setgid
chmod 00755 t/setgid
show t/setgid
END

alike 'unreadable files are read and written' <<'END'
put a b c d
chmod 0 a
cat a && echo more >>a
chmod 0111 b
sed -i s/some/any/ b
chmod 0222 c
cat c >c2
chmod 0444 d
echo more >>d
cat b c2 d
show a b c c2 d
END

alike 'programs that may not be read' <<'END'
program su/true ping/true fuse/true
chmod 4111 su/true
chmod 2010 ping/true
chmod u=xs,go=x fuse/true
chown root:games fuse/true
su/true && fuse/true
cmp su/true /bin/true
cat ping/true >copy
show */true copy
END

alike 'a directory that may not be written is written' <<'END'
mkdir a b c
chmod 555 a && put a/x
chmod 0 b && put b/x && mkdir b/y
chmod 111 c && put c/x
ls a b c
rm a/x
show a b b/? c c/x
END

alike 'directories made with few rights' <<'END'
mkdir -m 500 a && put a/x
mkdir -m 0 b && put b/x && ls b
mkdir -pm 555 c/d && put c/d/x
(umask 77 && mkdir d) && put d/x
install -d -m 511 e && put e/x
show a b c c/d d e */x
END

alike 'directories with few rights are moved, copied and removed' <<'END'
mkdir -p a/b pkg
put a/b/f
chmod 555 a/b a
mv a pkg/a
cp -a pkg/a copy
chmod 1555 copy/b
mv copy/b b
rm -rf pkg/a
show copy b b/f pkg
END

alike 'umask 077' <<'END'
umask 077
put a d/b
mkdir e
install -m644 a f
install -d g
cp a h
chmod +x a
show a d d/b e f g h
END

alike 'umask 0' <<'END'
umask 0
put a
mkdir b
mkfifo p
mknod c c 1 3
chmod +w a
show a b c p
END

alike 'sticky and set-group-ID directories' <<'END'
mkdir -p var/tmp var/mail var/crontabs
chmod 1777 var/tmp
chmod +t var/mail && chgrp games var/mail && chmod g+ws var/mail
chmod 1730 var/crontabs
put var/mail/x var/tmp/y
chown daemon var/mail/x
show var/* var/*/?
END

alike 'cp --preserve=mode, and of each other thing' <<'END'
put a
chown daemon:games a
chmod 4751 a
cp --preserve=mode a 1
cp --preserve=ownership a 2
cp --preserve=mode,ownership a 3
cp --no-preserve=mode -p a 4
cp --no-preserve=ownership -a a 5
cp -p --attributes-only a 6
cp a 7
show ?
END

alike 'chmod of a link is of its target' <<'END'
put a d/b
ln -s a la
ln -s d ld
chown daemon a
chmod 4711 la
chmod 2770 ld
chmod -R o+x d ld
show a d d/b la ld
END

alike 'chmod of a hard link is of all its names' <<'END'
put a
ln a b
mkdir d
ln a d/c
chown daemon b
chmod 4755 d/c
rm a
show b d/c
END

alike 'what cannot be done fails as elsewhere' <<'END'
put a
status chmod 755 nowhere
status chmod 9 a
status chown daemon nowhere
status chown daemon a/b
status chown nosuchuser a
status chgrp nosuchgroup a
status chown daemon:nosuchgroup a
status install -o nosuchuser a b
status install -g nosuchgroup a c
status chown -R daemon nowhere a
status mkdir a
show a
END

alike 'chmod a thousand times' <<'END'
put a
for i in 0 1 2 3 4 5 6 7; do
	for j in 0 1 2 3 4 5 6 7; do
		chmod $i${j}5$j a
		stat -c %a a
	done
done
END

alike 'times, sizes and counts of links stay as they are' <<'END'
put a
ln a b
touch -d @1000000000 a
chmod 4711 a
chown daemon:games a
chown -h root b
stat -c '%n %Y %s %h %a %u %g' a b
touch -c -r a b
touch c -d @1100000000
stat -c '%n %Y %s %h %a %u %g' a c
END
packages
finish
