#!/bin/sh
# amtree-run beside fakeroot: what keeps or loses set-id bits and owners
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

alike 'mode first, owner later: the bits stay' <<'END'
put a b c d
chmod 4755 a && chown daemon a
chmod 2755 b && chgrp games b
chmod u+s,g+s c && chown daemon:games c
chmod 6711 d && chown -R bin d && chown :bin d
show a b c d
END

alike 'owner first, mode later' <<'END'
put a b c
mkdir d
chown daemon a && chmod 4755 a
chgrp games b && chmod g+s b
chown daemon:games c d && chmod 6711 c && chmod 3775 d
show a b c d
END

alike 'rewriting contents keeps the set-id bits and the owner' <<'END'
program 1 2 3 4 5 6
chown daemon:games ?
chmod 6755 ?
put new
cat new >1
cp new 2
dd if=new of=3 conv=notrunc status=none
echo more >>4
: >5
truncate -s 3 6
show ?
END

alike 'stripping as abuild does it keeps bits and owner' <<'END'
program su
chown root:games su
chmod 4710 su
put tmp/stripped
cat tmp/stripped >su
rm -r tmp
show su
END

with strip && alike 'real strip keeps bits and owner' <<'END'
program a b c
chown daemon:games a b
chmod 6755 a
chmod 4511 b
strip a b c
strip --strip-unneeded -p a
strip -o d a
show a b c d
END

with objcopy && alike 'objcopy of debug information keeps bits and owner' <<'END'
program a
chown daemon:games a
chmod 2755 a
objcopy --only-keep-debug a a.debug 2>/dev/null || put a.debug
chmod -x a.debug
objcopy -R .comment a
show a a.debug
END

alike 'a new file under an old name starts anew' <<'END'
put a b c new
chown daemon:games a b c
chmod 4711 a b c
rm a && put a
mv new b
cp --remove-destination a c
show a b c
END

alike 'sed -i makes a new file with the old owner and mode' <<'END'
put a b c
chown daemon:games a
chmod 4750 a
chown -h daemon b
sed -i s/text/word/ a b c
sed -i.orig s/word/text/ a
show a a.orig b c
ln -s c l
sed -i --follow-symlinks s/some/any/ l
show c l
END

alike 'editing in place with other programs' <<'END'
put a b c d
chown daemon:games a b c d
chmod 4750 a b c d
printf '1s/text/word/\nw\nq\n' >script
sort -o a a
(echo new; cat b) >b.new && cat b.new >b && rm b.new
sed s/text/word/ c >c.new && mv c.new c
awk '{ print $2 }' d >d.new && cp d.new d && rm d.new script
show ?
END

with patch && alike 'patch keeps the owner as fakeroot has it' <<'END'
put a
chown daemon:games a
chmod 750 a
patch -s a <<'P'
--- a
+++ a
@@ -1 +1 @@
-some text
+other text
P
show a
cat a
END

alike 'gzip of a manual page' <<'END'
put usr/share/man/man1/a.1 usr/share/man/man6/b.6
chown -R daemon:games usr/share/man/man6
chmod 640 usr/share/man/man6/b.6
gzip -n -9 usr/share/man/*/*
show usr/share/man/*/*
END

packages
finish
