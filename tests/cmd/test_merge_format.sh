#!/bin/sh
# amtree-merge: what it writes, and who can read it
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

: >APKBUILD
mkdir -p pkg/foo/usr/bin pkg/foo/etc pkg/foo/dev pkg/foo/srv pkg/foo/odd
cd pkg/foo
echo hello >usr/bin/su
echo x >etc/conf
chmod 4755 usr/bin/su
ln usr/bin/su usr/bin/hard
ln usr/bin/su etc/hard2
ln -s su usr/bin/link
mkfifo dev/fifo
cd odd
for target in '../a b' 'dir/' /absolute .. . "$(printf 'new\nline')" \
	"$(printf 'caf\351')" 'a=b#c*d?e[f\g' "$(printf '%04000d' 7)"; do
	n=$((${n-0} + 1))
	ln -s "$target" "link$n"
done
for name in 'a b' "$(printf 'new\nline')" "$(printf 'caf\351')" '#hash' \
	'a=b*c?d[e]f\g' -dash ... '~' "$(printf '\033[31m')" "$(printf '\001')" \
	"$(printf '\177')" café '\040' '/.' '..x' 'type=dir' '$x`y`' "'" '"'; do
	[ "$name" != /. ] || continue
	echo "$name" >"./$name"
done
mkdir 'dir with space'
: >'dir with space/file'
cd "$here/dir"
find pkg/foo -exec touch -h -d @1000000000.25 {} +
a() {
	"$amtree" --root pkg/foo "$@"
}
a -u svc:grp pkg/foo/usr/bin/su
a -u 12:34 pkg/foo/etc
a -g www -m 2750 pkg/foo/srv
a -t char -D 1,3 -m 666 pkg/foo/dev/null
a -t block -D 8,300 -g disk pkg/foo/dev/sda
a -t dir -m 1777 pkg/foo/tmp
a -t link -l 'to where' pkg/foo/made
a -u web pkg/foo/odd/link1 "pkg/foo/odd/a b"
a -c cap_net_raw+ep pkg/foo/etc/conf
export SOURCE_DATE_EPOCH=1700000000
"$merge" --root pkg/foo -o merged.mtree

line() {
	grep -A "${2-0}" -F -- "$1 " merged.mtree
}
time='time=1700000000.000000000'
check 'the first line says what it is' prints '#mtree v2.0' head -n 1 merged.mtree
check 'a file has owner, numbers, mode, type, size and time' prints \
	"etc/hard2 gname=grp gid=65534 uname=svc uid=65534 mode=4755 type=file size=6 $time" \
	line etc/hard2
check 'a number stands without a name' prints \
	"./etc gid=34 uid=12 mode=755 type=dir $time" line ./etc
check 'a link has its target' prints \
	"usr/bin/link gname=root gid=0 uname=root uid=0 mode=777 type=link link=su $time" \
	line usr/bin/link
check 'a device has its numbers' prints \
	"dev/null gname=root gid=0 uname=root uid=0 mode=666 type=char device=native,1,3 $time" \
	line dev/null
check 'a block device too' prints \
	"dev/sda gname=disk gid=0 uname=root uid=0 mode=644 type=block device=native,8,300 $time" \
	line dev/sda
check 'set-id of a named group has the number of nobody' prints \
	"./srv gname=www gid=65534 uname=root uid=0 mode=2750 type=dir $time" \
	line ./srv
check 'a target is encoded' prints \
	"./made gname=root gid=0 uname=root uid=0 mode=777 type=link link=to\\040where $time" \
	line ./made
check 'capabilities stand in a comment before their file' prints \
	'#amtree caps=cap_net_raw=ep' sh -c \
	'grep -B 1 "^etc/conf " merged.mtree | head -n 1'
check 'every line is complete' sh -c '! grep -v "^#" merged.mtree | grep -Ev \
	"^[^ ]*/[^ ]*( gname=[a-z]+)? gid=[0-9]+( uname=[a-z]+)? uid=[0-9]+ mode=[0-7]+ type=(file size=[0-9]+|dir|fifo|link link=[^ ]+|(char|block) device=native,[0-9]+,[0-9]+) time=[0-9]+[.][0-9]{9}$"'
check 'every byte is printable ASCII' fails grep -q '[^ -~]' merged.mtree
unvis() {
	sed -n 's,^\./,,; /^#/!s/ .*//p' merged.mtree | python3 -c '
import re, sys
names = [re.sub(rb"\\(...)", lambda m: bytes([int(m[1], 8)]), l[:-1])
         for l in sys.stdin.buffer]
if names != sorted(names):
    sys.exit("not sorted by their bytes")
import os
made = {b"dev/null", b"dev/sda", b"tmp", b"made"}
disk = {os.path.relpath(os.path.join(d, n), b"pkg/foo")
        for d, ds, fs in os.walk(b"pkg/foo") for n in ds + fs}
if set(names) != disk | made or len(names) != len(disk | made):
    sys.exit("%r" % sorted(set(names) ^ (disk | made)))'
}
check 'the names are those on disk and those created, sorted by bytes' unvis
check 'standard output is the default, and - means it' sh -c '
	"$1" --root pkg/foo | cmp - merged.mtree &&
	"$1" --root pkg/foo -o - | cmp - merged.mtree &&
	"$1" --root pkg/foo --output=x && cmp x merged.mtree' - "$merge"
check 'the directory and the way it is named do not matter' sh -c '
	cd pkg/foo/usr && "$1" | cmp - ../../../merged.mtree &&
	"$1" --root ../ --control "../../.control.foo/" |
	cmp - ../../../merged.mtree && cd / &&
	AMTREE_ROOT="$OLDPWD/../" "$1" | cmp - "$OLDPWD/../../../merged.mtree"' \
	- "$merge"
check 'umask, locale and time zone do not either' sh -c '
	umask 077; LC_ALL=en_US.UTF-8 TZ=Asia/Tokyo "$1" --root pkg/foo |
	cmp - merged.mtree' - "$merge"
unset SOURCE_DATE_EPOCH
check 'without SOURCE_DATE_EPOCH each file has its own time' sh -c \
	'"$1" --root pkg/foo | grep -q "^usr/bin/su .*time=1000000000.250000000$"' \
	- "$merge"
check 'what is created has the time 0' sh -c \
	'"$1" --root pkg/foo | grep -q "^dev/null .*time=0.000000000$"' - "$merge"
touch -d '1969-12-31T23:59:58.25Z' pkg/foo/etc/conf
check 'times before 1970 have whole seconds below them' sh -c \
	'"$1" --root pkg/foo | grep -q "^etc/conf .*time=-2.250000000$"' - "$merge"
check 'and are -1.75 in JSON' sh -c '"$1" --root pkg/foo --json |
	grep -Fq "\"etc/conf\",\"type\":\"file\",\"mode\":\"644\",\"uname\":\"root\",\"gname\":\"root\",\"uid\":0,\"gid\":0,\"time\":-1.750000000,"' \
	- "$merge"
touch -d @1000000000 pkg/foo/etc/conf
for epoch in -1 x 1.5 '1 ' 8589934592 99999999999999999999 0x10; do
	check "SOURCE_DATE_EPOCH=$epoch is a usage error" fails_with 2 \
		'SOURCE_DATE_EPOCH' env SOURCE_DATE_EPOCH="$epoch" \
		"$merge" --root pkg/foo
done
check 'the last second that tar can hold is taken' sh -c '
	SOURCE_DATE_EPOCH=8589934591 "$1" --root pkg/foo |
	grep -q "time=8589934591.000000000"' - "$merge"

# bsdtar
export SOURCE_DATE_EPOCH=1700000000
(cd pkg/foo && bsdtar --format pax -cf ../../bsdtar.tar @../../merged.mtree) \
	2>bsdtar.err || cat bsdtar.err
"$build" -q --root pkg/foo --format tar -o ours.tar
entries() {
	python3 "$tests/tarcmp.py" list "$1" |
		sed 's, \./, ,; s/ security\.capability=.*//' | sort
}
entries bsdtar.tar >theirs
entries ours.tar >ours
check 'bsdtar makes of it what amtree-build makes of the package' \
	diff theirs ours
check 'and that is all of it' sh -c \
	'[ "$(wc -l <theirs)" -eq "$(grep -vc "^#" merged.mtree)" ]'
check 'amtree-build --mtree makes the same too' sh -c '
	"$1" -q --mtree merged.mtree --root pkg/foo --format tar -o x.tar &&
	cmp x.tar ours.tar' - "$build"
listed() {
	bsdtar -tf "$1" | sed 's,^\./,,; s,/$,,'
}
check 'bsdtar lists the override file as well' prints \
	"$("$amtree" -l pkg/foo | sed 's, .*,,; s,^\./,,; s,\\040, ,' | sort)" \
	sh -c 'bsdtar -tf pkg/.control.foo/.mtree | sed "s,^\./,,; s,/\$,," |
	sort -u'

# NetBSD mtree wants a "." before all, ./ before each name, and known accounts
netbsd() {
	"$merge" --netbsd --root "$1"
}
netbsd pkg/foo >named.mtree
sed 's/ [gu]name=[a-z]*//g' named.mtree >numbers.mtree
check 'an account that is unknown here stops NetBSD mtree' sh -c '
	mtree -C -f named.mtree 2>&1 >/dev/null | grep -q "unknown group .grp"'
check 'with numbers alone NetBSD mtree reads it' sh -c \
	'mtree -C -f numbers.mtree >read.txt'
same_names() {
	python3 - <<'P'
import re, sys
def plain(line):
    line = line.split(b" ")[0]
    line = re.sub(rb"\\([0-3][0-7][0-7])", lambda m: bytes([int(m[1], 8)]), line)
    return line
ours = [l for l in open("numbers.mtree", "rb") if l[:1] != b"#"]
theirs = open("read.txt", "rb").readlines()
if len(ours) != len(theirs):
    sys.exit("%d lines, not %d" % (len(theirs), len(ours)))
words = [b"type", b"mode", b"uid", b"gid", b"size", b"time", b"device"]
def facts(line):
    words = dict(w.split(b"=", 1) for w in line.split()[1:] if b"=" in w)
    return [words.get(k, b"").split(b".")[0].lstrip(b"0") for k in
            (b"type", b"mode", b"uid", b"gid", b"size", b"time")]
count = lambda lines: sorted(map(facts, lines))
if count(ours[1:]) != count(l for l in theirs if not l.startswith(b". ")):
    sys.exit("other facts")
P
}
check 'and sees each entry as it is' same_names
mkdir -p plain/dir
echo text >plain/dir/file
ln -s dir plain/link
mkfifo plain/fifo
chmod 750 plain/dir
unset SOURCE_DATE_EPOCH
netbsd plain |
	sed "s/ [gu]name=root//g; s/uid=0/uid=$(id -u)/; s/gid=0/gid=$(id -g)/" \
	>verify.mtree
check 'NetBSD mtree finds the tree to be as it says' \
	prints '' sh -c 'mtree -f verify.mtree -p plain && echo'
chmod 700 plain/dir
check 'and notices when it is not' fails mtree -f verify.mtree -p plain
finish
