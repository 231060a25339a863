#!/bin/sh
# amtree-merge and amtree-build: a journal of what was recorded
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2086 # a sibling is two words
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/packages.sh"
journal=journal

# what a record says
packages main
: >pkg/main/usr/x
check 'an empty journal changes nothing' prints "$plain" of main usr/x
record pkg/main/usr/x uname=foo
check 'a recorded owner counts' prints "$foo" of main usr/x
record pkg/main/usr/x uname=bar gname=grp mode=640
check 'of two lines about a file the later counts' prints \
	'gname=grp gid=0 uname=bar uid=0 mode=640 type=file' of main usr/x
record pkg/main/usr/x gid=7 mode=600
check 'and is all that counts' prints \
	'gid=7 uname=root uid=0 mode=600 type=file' of main usr/x
record pkg/main/usr/x
check 'a line without keywords takes everything back' prints "$plain" \
	of main usr/x
record pkg/main/usr/x uid=3000000000
check 'a number may be more than apk can read' prints \
	'gname=root gid=0 uid=3000000000 mode=644 type=file' of main usr/x
check 'until the file is to be packed' fails_with 3 \
	"'pkg/main/usr/x': owner number is over 2097151" \
	"$build" --root pkg/main --journal journal -o out
check 'and then nothing is written' [ ! -e out ]
record pkg/main/usr/x uname=foo
printf '%s uname=half' "$(identity pkg/main/usr/x)" >>journal
check 'a line that is still being written is left alone' prints "$foo" \
	of main usr/x
changed() {
	"$merge" --root pkg/main --journal journal --changed >merged || return 1
	cat merged
	[ "$(grep -c -v '^#' merged)" -eq 1 ] && grep -q '^usr/x ' merged
}
check 'what was recorded is a change to be reviewed' changed

# which file it is
packages main
: >pkg/main/usr/x
printf '%s uname=foo\n' "$(identity pkg/main/usr/x 1)" >>journal
check 'a file of another birth is another file' prints "$plain" of main usr/x
record pkg/main/usr/x uname=foo
mv pkg/main/usr/x pkg/main/usr/y
check 'a record follows its file to another name' prints "$foo" of main usr/y
: >pkg/main/usr/x
check 'and does not stay with the old one' prints "$plain" of main usr/x
mkdir -p pkg/main/var/lib
record pkg/main/var/lib uname=foo
mv pkg/main/usr pkg/main/opt
mv pkg/main/var pkg/main/opt/var
check 'the directory above it may be renamed' prints "$foo" of main opt/y
check 'a directory can be recorded' prints \
	'gname=root gid=0 uname=foo uid=0 mode=755 type=dir' \
	of main opt/var/lib
cat pkg/main/opt/y >pkg/main/opt/copy
check 'a copy is another file' prints "$plain" of main opt/copy
chmod 0 pkg/main/opt
check 'the file may lie where its owner may not look' prints "$foo" \
	of main opt/y
check 'and the directory keeps its mode' \
	[ "$(stat -c %a pkg/main/opt)" = 0 ]
chmod 755 pkg/main/opt

# moved between packages
packages main doc
: >pkg/main/usr/x
mkdir pkg/doc/share
record pkg/main/usr/x uname=foo
mv pkg/main/usr/x pkg/doc/usr/x
check 'a record follows its file into another package' prints "$foo" \
	of doc usr/x $s_main
check 'siblings are not needed for that' prints "$foo" of doc usr/x
check 'where it came from nothing is missing' prints absent \
	of main usr/x $s_doc
mv pkg/doc/usr/x pkg/doc/share/y
check 'it may have another path there' prints "$foo" of doc share/y $s_main

# hard links
packages main
: >pkg/main/usr/a
record pkg/main/usr/a uname=foo
ln pkg/main/usr/a pkg/main/usr/b
check 'all names of a file have its record' prints "$foo" of main usr/a
check 'the one that came later too' prints "$foo" of main usr/b
say main 'usr/b gname=grp'
check 'an override of one name is laid over it for all' prints \
	'gname=grp gid=0 uname=foo uid=0 mode=644 type=file' of main usr/a
say main 'usr/b uname=own'
check 'and wins for all' prints \
	'gname=root gid=0 uname=own uid=0 mode=644 type=file' of main usr/a

# symbolic links, capabilities
packages main
ln -s x pkg/main/usr/l
record pkg/main/usr/l uname=foo mode=600 caps=cap_kill=p
check 'of a symbolic link only the owner counts' prints \
	'gname=root gid=0 uname=foo uid=0 mode=777 type=link link=x' \
	of main usr/l
record pkg/main/usr caps=cap_kill=p
check 'a directory has no capabilities to record' prints \
	'gname=root gid=0 uname=root uid=0 mode=755 type=dir' of main ./usr
: >pkg/main/usr/x
record pkg/main/usr/x mode=4755 uname=foo gname=bar
check 'set-user-ID of a recorded owner carries 65534' prints \
	'gname=bar gid=65534 uname=foo uid=65534 mode=4755 type=file' \
	of main usr/x
record pkg/main/usr/x uname=foo caps=cap_net_raw=ep
check 'so do recorded capabilities' prints \
	'gname=root gid=0 uname=foo uid=65534 mode=644 type=file' of main usr/x
check 'capabilities stand in a comment' sh -c \
	'grep -B 1 "^usr/x " merged | grep -qx "#amtree caps=cap_net_raw=ep"'
hex=0x0100000300200000000000000000000000000000e8030000
record pkg/main/usr/x caps=$hex
xattr_of() {
	"$build" -q "$@" --format tar -o - | python3 -c '
import sys, tarfile
with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as t:
    for m in t:
        for k, v in m.pax_headers.items():
            if k == "SCHILY.xattr.security.capability":
                raw = v.encode("utf-8", "surrogateescape")
                print(m.name, raw.hex())'
}
check 'those of a root of a user namespace come through whole' prints \
	"usr/x ${hex#0x}" xattr_of --root pkg/main --journal journal
"$merge" --root pkg/main --journal journal -o merged
check 'from a merged file too' prints \
	"usr/x ${hex#0x}" xattr_of --root pkg/main --mtree merged
record pkg/main/usr/x uname=foo

# where the journal is
packages main
: >pkg/main/usr/x
record pkg/main/usr/x uname=foo
cp journal elsewhere
record pkg/main/usr/x uname=bar
owner() {
	"$@" >merged || return 1
	sed -n 's/^usr\/x.* uname=\([a-z]*\).*/\1/p' merged
}
check 'without a journal there are no records' prints root \
	owner "$merge" --root pkg/main
check 'AMTREE_JOURNAL names it' prints bar \
	owner env AMTREE_JOURNAL=journal "$merge" --root pkg/main
check 'for amtree-build too' sh -c \
	'AMTREE_JOURNAL=journal "$1" --root pkg/main --format tar -o - |
	 tar -tvf - | grep -q "bar/root.* usr/x$"' - "$build"
check '--journal goes before it' prints foo owner \
	env AMTREE_JOURNAL=journal "$merge" --root pkg/main --journal elsewhere
check 'an empty one counts as none' prints root \
	owner env AMTREE_JOURNAL= "$merge" --root pkg/main
exec 9<>elsewhere
check 'it may be a descriptor of another process' prints foo owner \
	"$merge" --root pkg/main --journal "/proc/$$/fd/9"
exec 9>&-
"$merge" --root pkg/main --journal journal -o merged
for program in "$merge" "$build"; do
	name=${program##*/}
	check "$name says which journal it cannot open" fails_with 3 \
		"^$name: cannot open journal 'nope': No such file" \
		"$program" --root pkg/main --journal nope -o out
	check "$name wants the one in the environment to be there" \
		fails_with 3 "^$name: cannot open journal 'nope': No such file" \
		env AMTREE_JOURNAL=nope "$program" --root pkg/main -o out
	check "$name takes no directory for one" fails_with 3 \
		"^$name: 'pkg' is no regular file" \
		"$program" --root pkg/main --journal pkg -o out
	mkfifo fifo
	check "$name does not wait for a FIFO" fails_with 3 \
		"^$name: 'fifo' is no regular file" \
		timeout 20 "$program" --root pkg/main --journal fifo -o out
	rm fifo
	check "$name wants an argument for --journal" fails_with 2 \
		"^$name: option '--journal' needs an argument" \
		"$program" --root pkg/main -o out --journal
	check "$name has written nothing" [ ! -e out ]
done
check 'what is merged already takes no journal' fails_with 2 \
	'^amtree-build: --mtree says all: no .*--journal' \
	"$build" --root pkg/main --mtree merged --journal journal -o out
check 'not the one in the environment either' silent \
	env AMTREE_JOURNAL=nope "$build" -q --root pkg/main --mtree merged -o out
rm out

# broken journals
broken() {
	line=$1 regex=$2
	{ echo '#amtree journal 1'; record=$(identity pkg/main/usr/x)
	printf '%s uname=foo\n' "$record"
	printf '%b\n' "$line"; } >broken
	for program in "$merge" "$build"; do
		fails_with 3 "^${program##*/}: broken:3: $regex" "$program" \
			--root pkg/main --journal broken -o out || return 1
		[ ! -e out ] || { echo 'there is an output'; return 1; }
	done
}
which='does not say which file it is: DEV:INODE:BIRTH.NANOSECONDS'
check 'a line has to say which file it is' broken 'rubbish' "'rubbish' $which"
check 'an empty one does not' broken '' "'' $which"
check 'the birth has nine digits behind the dot' \
	broken '1:2:3.5 uname=foo' "'1:2:3.5' $which"
check 'numbers have a limit' broken '1:99999999999999999999:3.000000000' \
	"'1:99999999999999999999:3.000000000' $which"
check 'bytes that are no text are shown, not sent' \
	broken '\033[31m' "'.033.31m' $which"
for case in "uidd=1|unknown keyword 'uidd'" "mode=9|invalid octal mode '9'" \
	"mode=17777|invalid octal mode '17777'" "uid=x|invalid uid 'x'" \
	"uid=4294967296|invalid uid '4294967296'" \
	"uname=a:b|user name 'a:b' has a character" "uname=|empty user name" \
	"size=1|'size' is never recorded" "mode|'mode' has no value" \
	"type=dir device=native,1,3|type=dir is not what is recorded" \
	"type=char|type and device are recorded together or not at all" \
	"type=char device=1,3|invalid device '1,3'" \
	"caps=cap_x=p|unknown capability 'cap_x'" \
	"caps=0x12|capability value of 1 bytes is too short" \
	"caps=0x123|odd number of hex digits"; do
	check "a record of '${case%%|*}' is refused" \
		broken "1:2:3.000000000 ${case%%|*}" "${case#*|}"
done
long() {
	{ cat journal; head -c 70000 /dev/zero | tr '\0' x; echo; } >broken
	fails_with 3 '^amtree-merge: broken:4: line is longer than 65535 bytes' \
		"$merge" --root pkg/main --journal broken
}
check 'a line has at most 65535 bytes' long
none='no journal of amtree-run, or one of another version'
for head in '#mtree v2.0' '#amtree journal 2' ''; do
	echo "$head" >broken
	check "'$head' begins no journal" fails_with 3 "broken:1: $none" \
		"$merge" --root pkg/main --journal broken
done
for head in '' '#amtree journal 1'; do
	printf %s "$head" >broken
	check "'$head' is no journal yet" fails_with 3 "'broken': $none" \
		"$merge" --root pkg/main --journal broken
done
finish
