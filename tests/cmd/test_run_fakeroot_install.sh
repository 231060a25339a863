#!/bin/sh
# amtree-run beside fakeroot: install and what installers and recipes do
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

alike 'install takes an owner in its short spellings' <<'END'
put a
install -o daemon -g games a 1
install -odaemon -ggames a 2
install -o 1 -g 60 a 3
install -g games -m4755 a 4
install -pobin a 5
install -o root -g root -m 600 a 6
install -o 0 -g 0 a 7
install -o nobodyelse a 8 2>&1 || install -v -o games a 8
show ?
END

alike 'install takes an owner in its long spellings' <<'END'
put a
install --owner=daemon --group=games a 1
install --owner daemon --mode=u=rwxs,go=rx a 2
install --group=60 --mode 2711 a 3
install --own=games --gr=bin a 4
install --preserve-timestamps --owner=4242 --group=4343 a 5
install --backup --suffix=.old -o bin a 5
show ?*
END

alike 'install -d owns the last directory alone' <<'END'
install -d -o daemon -g games -m2770 a/b/c d
install -dm0750 -o daemon a/x
install --directory --group=games --mode=1777 a
show a a/b a/b/c a/x d
END

alike 'install -D and -t put owned files into new directories' <<'END'
put a b
install -D -o daemon -m640 a etc/x/a.conf
install -Dm755 -g games b usr/bin/b
install -D -t usr/share/x -o games a b
install -d var
install -o bin -g bin -m 6755 -t var a b
show etc etc/x etc/x/* usr/bin/* usr/share/x usr/share/x/* var/*
END

alike 'install over an owned file makes it root again' <<'END'
put a b
install -o daemon -m 4755 a c
show c
install -m 755 b c
show c
install -o games -C b c
install -o games -C b c
show c
END

alike 'make install, as many makefiles have it' <<'END'
cat >Makefile <<'M'
PREFIX = /usr
install:
	install -d -m 0755 $(DESTDIR)$(PREFIX)/bin
	install -d -m 1777 -o root -g root $(DESTDIR)/var/tmp
	install -d -m 2775 -o root -g games $(DESTDIR)/var/games
	install -m 2755 -g games prog $(DESTDIR)$(PREFIX)/bin/prog
	install -D -m 0640 -o root -g daemon conf $(DESTDIR)/etc/prog/conf
	cp -f prog $(DESTDIR)$(PREFIX)/bin/helper
	-chown nosuchuser $(DESTDIR)$(PREFIX)/bin/helper 2>/dev/null
	chown daemon $(DESTDIR)$(PREFIX)/bin/helper
	chmod u+s $(DESTDIR)$(PREFIX)/bin/helper
	ln -sf helper $(DESTDIR)$(PREFIX)/bin/alias
	touch $(DESTDIR)/var/games/scores
	chgrp games $(DESTDIR)/var/games/scores
	chmod 664 $(DESTDIR)/var/games/scores
	test `id -u` -eq 0
M
put prog conf
make -s DESTDIR="$PWD/pkg" install 2>/dev/null
find pkg | sort | xargs stat -c '%n %A %U:%G'
END

alike 'an installer that asks whether it is root' <<'END'
[ "$(id -u)" -eq 0 ] || { echo must be root; exit 1; }
[ "$(whoami)" = root ] || { echo must be root; exit 1; }
user=daemon
id "$user" >/dev/null
if getent passwd "$user" >/dev/null; then
	mkdir -p var/lib/x
	chown "$user": var/lib/x
	chmod 700 var/lib/x
fi
put var/lib/x/db
chown "$(id -u $user):$(id -g $user)" var/lib/x/db
show var/lib/x var/lib/x/db
END

alike 'what recipes do to their tree at the end' <<'END'
put pkg/usr/bin/a pkg/usr/lib/b.so.1 pkg/usr/lib/c.la pkg/etc/d pkg/usr/share/e
ln -s b.so.1 pkg/usr/lib/b.so
chown -R 1000:1000 pkg
chown -R root:root pkg
find pkg -name '*.la' -delete
find pkg -type d -exec chmod 755 {} +
find pkg -type f -exec chmod 644 {} +
chmod 755 pkg/usr/bin/*
chgrp -R games pkg/etc
chmod o-rwx pkg/etc/d
find pkg | sort | xargs stat -c '%n %A %U:%G'
END

alike 'a directory of a daemon, line by line as recipes write it' <<'END'
pkgdir=$PWD/pkg
install -d -m755 "$pkgdir"/var/lib
install -dm750 -o daemon -g games "$pkgdir"/var/lib/foo "$pkgdir"/var/log/foo
install -d -o daemon "$pkgdir"/var/run/foo
chown root:games "$pkgdir"/var/log/foo
chmod 2770 "$pkgdir"/var/log/foo
put a.conf
install -Dm640 -o root -g games a.conf "$pkgdir"/etc/foo/a.conf
install -Dm600 -t "$pkgdir"/etc/foo/keys.d a.conf
chown -R daemon "$pkgdir"/etc/foo/keys.d
find pkg | sort | xargs stat -c '%n %A %U:%G'
END

alike 'many copies of many files' <<'END'
mkdir a
seq 300 | sed 's|^|a/|' | xargs touch
chown daemon:games a/*5
chmod 4711 a/*7
cp -a a b
mkdir c
cp -p a/* c/
tar -cf - c | (mkdir d && tar -C d -xf -)
find a b c d -user daemon | wc -l
find a b c d -perm -4000 | wc -l
rm -r a
find b c d -user daemon -o -perm 4711 | sort | md5sum
END
packages
finish
