#!/bin/sh
# amtree-run beside fakeroot: chown and chgrp in all spellings
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

alike 'chown takes user and group in all spellings' <<'END'
put 1 2 3 4 5 6 7 8 9 10 11
chown daemon 1
chown daemon:games 2
chown daemon: 3
chown :games 4
chown 1:60 5
chown +1:+60 6
chown : 7
chown daemon.games 8 2>/dev/null
chown 4242:4343 9
chown root:games 10
chown 0 11
show [0-9]*
END

alike 'chown of one half keeps the other' <<'END'
put a b
chown daemon a
chown :games a
chown bin a
chgrp daemon a
show a
chown :games b
chown daemon b
chown root b
show b
END

alike 'an owner can be taken back to root' <<'END'
put a b
mkdir d
chown daemon:games a b d
chown root:root a
chown 0:0 b d
chown root:root d
show a b d
END

alike 'chown -R reaches everything below' <<'END'
put t/a t/b/c t/b/d/e 't/b/f g'
ln -s a t/link
ln -s nowhere t/b/dangling
mkfifo t/fifo
chown -R daemon:games t
find t | sort | xargs -d '\n' stat -c '%n %U:%G'
chown -R bin t/b
chgrp -R root t/b/d
END

alike 'chown -R follows links to directories as -H, -L and -P say' <<'END'
put t1/a t2/a t3/a t4/a away/b far/c near/d here/e
ln -s ../away t1/dir
ln -s ../far t2/dir
ln -s ../near t3/dir
ln -s t1 to1; ln -s t2 to2; ln -s t3 to3; ln -s t4 to4
chown -R -P daemon t1
chown -R -L games t2
chown -R -H bin to3
chown -R --no-dereference daemon to4
chown -R -h games to1
show to? t? t?/* away/* far/* near/*
END

alike 'chown on a link changes its target, with -h the link' <<'END'
put a b d/c
ln -s a la; ln -s b lb; ln -s d ld; ln -s d le
chown daemon la
chown -h daemon lb
chown games:games ld
chown -h games:games le
chown --dereference bin la
show a b d d/c l?
END

alike 'chown of a dangling link fails, with -h it does not' <<'END'
ln -s nowhere l
status chown daemon l
status chown -h daemon:games l
status chown -f daemon l
show l
status chgrp -h bin l
status chown daemon nowhere
END

alike 'chown --from changes only what has that owner' <<'END'
put a b c d
chown daemon a
chown games:games b
chown --from=daemon bin:bin a b c
chown --from=:games :daemon a b c
chown --from=root:root games c
chown --from=0 :games d
chown -v --from=root daemon d
show a b c d
END

alike 'chown --reference takes the owner of another file' <<'END'
put a b c d
chown daemon:games a
chown --reference=a b
chgrp --reference a c
ln -s a l
chown --reference=l d
show a b c d
END

alike 'chown and chgrp say what they changed' <<'END'
put a b
chown -v daemon a
chown -c daemon a b
chown -c daemon:games a
chown -v root:root a
chgrp -v games a b
chgrp -c games a b
chown --changes 1 b
END

alike 'chown takes globs and lists' <<'END'
put etc/a.conf etc/b.conf etc/c.txt var/a 'var/b c' var/.hidden
chown daemon etc/*.conf var/.[a-z]*
chown :games etc/* "var/b c"
for f in etc/c.txt var/a; do chown bin "$f"; done
show etc/* var/* var/.hidden
END

alike 'find passes files to chown' <<'END'
put t/a t/b.sh t/c/d.sh 't/c/e f.sh'
mkdir -p t/x/y
find t -type d -exec chown daemon {} \;
find t -name '*.sh' -exec chown games:games {} +
find t -type f ! -name '*.sh' -print0 | xargs -0 chgrp bin
find t -type d | xargs chgrp games
find t -name '*.sh' -print0 | xargs -0 -P 2 -n 1 chmod 4750
find t -print0 | sort -z | xargs -0 stat -c '%n %a %U %G'
END

alike 'chgrp in all spellings' <<'END'
put a b c d/e d/f g
ln -s a l
chgrp games a
chgrp 60 b
chgrp -R daemon d
chgrp -h bin l
chgrp bin g
chgrp root g
show a b c d d/* g l
END

alike 'set-group-ID directories and their group' <<'END'
mkdir -p var/games
chgrp games var/games
chmod 2775 var/games
put var/games/score
chown -R :games var/games
chmod -R g+w var/games
show var/games var/games/score
END

alike 'a thousand files of a tree change their owner' <<'END'
mkdir -p t/1 t/2 t/3
seq 1000 | sed 's|.*|t/&|; s|t/\(.\)..$|t/3/&|; s|3/t/|3/|' | xargs touch
chown -R daemon:games t
find t ! -user daemon
find t -group games | wc -l
chgrp bin t/3/*
find t -group bin | wc -l
END

alike 'a tree two hundred levels deep' <<'END'
d=deep i=0
while [ $i -lt 200 ]; do
	d=$d/d$i i=$((i + 1))
done
mkdir -p "$d"
echo x >"$d/f"
chown -R daemon:games deep
stat -c '%U:%G %a' "$d/f" "$d"
chown bin "$d/f"
(cd "$d" && chown games ../../.. && stat -c %U f ../../..)
END

alike 'jobs in parallel, each with its own files' <<'END'
put a b c d
chown daemon a & chown games b & chmod 4711 c & chgrp bin d & wait
chown daemon c & chgrp games c & wait
show a b c d
mkdir t
for i in 1 2 3 4 5 6 7; do
	(for j in 1 2 3 4 5; do
		echo >t/$i.$j && chown $i:$j t/$i.$j && chmod 2$i$i$j t/$i.$j
	done) &
done
wait
stat -c '%n %a %u:%g' t/*
END

alike 'ownership without a tree: the directory itself' <<'END'
chown daemon:games .
chmod 2750 .
show .
put a
show a
END

# What we do otherwise: an ordinary builder is root, whichever way it is said.
is_root || differ "an owner that is the builder's own number is root" \
	"b'./a': uid $builder, not 0
b'./a': gid $builder_group, not 0
b'./b': uid $builder, not 0
-a $builder:$builder_group
-b $builder:$(id -g daemon)
+a 0:0
+b 0:$(id -g daemon)" <<'END'
put a b
chown $builder:$builder_group a
chown $builder:daemon b
stat -c '%n %u:%g' a b
END

alike 'root and the builder are told apart nowhere else' <<'END'
put a b
chown root:root a
stat -c '%n %u:%g' a b
find . -user root | sort
find . ! -user root
END
packages
finish
