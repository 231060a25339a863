#!/bin/sh
# amtree-run beside fakeroot: names of any bytes
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

alike 'names with blanks, newlines and quotes' <<'END'
set -- 'a b' ' a' 'a ' 'a
b' '
' "a'b" 'a"b' 'a	b' 'a$b' '`a`' 'a;b' 'a&b' 'a|b' '~' '!' '()' '{}' '<>'
for name; do
	put "$name"
	chown daemon:games "$name"
	chmod 4710 "$name"
done
find . -type f -user daemon -group games -perm 4710 -print0 | sort -z |
	od -An -c
END

alike 'names that begin with a minus, and patterns' <<'END'
set -- -a --help -R '*' '?' '[a]' '#' '=' , : @ % + ^
for name; do
	put "$name"
	chown daemon -- "$name"
	mv -- "$name" "$name.x"
	chgrp games "./$name.x"
done
show * | sort
END

alike 'names with backslashes' <<'END'
set -- 'a\b' '\' 'a\' '\n' '\\' '\141' '\x61'
for name; do
	put "$name"
	chown daemon "$name"
done
stat -c %U -- *
find . -user daemon | wc -l
END

alike 'every byte that a name can have' <<'END'
awk 'BEGIN { for (i = 1; i < 256; i++) if (i != 47) printf "x%cx%c", i, 0 }' |
	tee .names | xargs -0 touch
xargs -0 chown daemon:games <.names
xargs -0 chmod 2755 <.names
xargs -0 stat --printf '%U:%G %a\n' <.names | sort | uniq -c
END

alike 'names in UTF-8, in other encodings and in none' <<'END'
set -- 'übung' '日本' "$(printf 'caf\351')" "$(printf '\377\376')" \
	"$(printf 'e\314\201')" "$(printf '\300\200')" "$(printf '\33[31m')"
for name; do
	mkdir "$name"
	put "$name/$name"
	chown -R daemon "$name"
	chmod 2750 "$name"
done
LC_ALL=C find . -user daemon | wc -l
LC_ALL=C.UTF-8 find . ! -user daemon
LC_ALL=C.UTF-8 stat -c '%U %a' -- *
END

alike 'names of 255 bytes, paths of nearly 4,096' <<'END'
long=$(printf %0255d 0)
put "$long"
chown daemon "$long"
stat -c %U "$long"
path=d
while [ ${#path} -lt 3400 ]; do
	path=$path/$long
done
mkdir -p "$path"
put "$path/$long"
chown games "$path" "$path/$long"
chmod 4755 "$path/$long"
stat -c '%U %a' "$path" "$path/$long"
status chown daemon "${long}0" | tr -d 0
END

with python3 && alike 'paths that only their directory makes short enough' <<'END'
python3 - <<'P'
import os
for i in range(30):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
open("a", "w").close()
os.chown("a", 1, 60)
os.chmod("a", 0o4750)
os.chown(".", 5, 5)
os.chown("..", 7, 7)
for name in ("a", ".", "../../" + "d" * 200, "..", "../.."):
    st = os.stat(name)
    print(st.st_uid, st.st_gid, oct(st.st_mode))
P
rm -r ddd*
END

alike 'top-level names that begin with a dot' <<'END'
put .hidden .dir/a ..a ...
chown daemon:games .hidden .dir/a ..a ...
chmod 700 .dir
show .hidden .dir .dir/a ..a ...
END

alike 'links with targets of any bytes' <<'END'
ln -s "$(printf 'a\nb\377 c')" a
ln -s "$(printf %04000d 0)" b
ln -s / c
ln -s . d
ln -s ../../../../../../../../../../../../.. e
chown -h daemon:games a b c d e
stat -c '%U:%G %s' a b c d e
END

alike 'links in the middle of a path' <<'END'
put a/b/c
ln -s a la
ln -s ../a/b a/lb
ln -s "$PWD/a" abs
chown daemon la/lb/c
stat -c %U a/b/c
chown games abs/b/c
stat -c %U la/b/../lb/c
chown bin la/b/..
stat -c %U a la abs/.
rm abs
END

alike 'names that look like those of others' <<'END'
put proc/self/fd/1 dev/null 'a (deleted)' memfd:x pipe:1 '[heap]'
chown -R daemon:games proc dev 'a (deleted)' memfd:x pipe:1 '[heap]'
find . | sort | xargs -d '\n' stat -c '%n %U:%G'
END

alike 'a tree of which names differ in case and length alone' <<'END'
for name in a A aa aA AA a.a a-a a/a/a b/A b/a/A b/a/a; do
	mkdir -p "d/$name"
done
find d -name a -exec chown daemon {} +
find d -name A -exec chown games {} +
find . | sort | xargs stat -c '%n %U'
END
packages
finish
