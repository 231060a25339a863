#!/bin/sh
# amtree-merge and amtree-build: what was recorded, in a journal or in .mtree
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2086 # a sibling is two words
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

: >APKBUILD
# packages NAME... - fresh empty ones, and an empty journal
packages() {
	rm -rf pkg
	for name; do
		mkdir -p "pkg/$name/usr" "pkg/.control.$name"
	done
	echo '#amtree journal 1' >journal
}
# say PACKAGE LINE... - these lines are its overrides
say() {
	package=$1
	shift
	printf '%s\n' "$@" >"pkg/.control.$package/.mtree"
}
# identity PATH [NANOSECONDS] - how a journal names it, born that much later
identity() {
	born=$(stat -c %w "$1")
	case $born in
	-) born=0.000000000 ;;
	*) born=$(date -d "$born" +%s.%N) ;;
	esac
	born=${born%.*}.$(printf %09d $(((1${born#*.} + ${2-0}) % 1000000000)))
	printf '%s:%s' "$(stat -c %d:%i "$1")" "$born"
}
# record PATH KEYWORD... - append it to the journal
record() {
	path=$1
	shift
	printf '%s %s\n' "$(identity "$path")" "$*" >>journal
}
# of PACKAGE PATH [ARG...] - how PATH comes out in the package, "absent" if not
of() {
	package=$1 path=$2
	shift 2
	silent "$merge" --root "pkg/$package" --journal journal "$@" >merged ||
		return 1
	sed -n "s,^$path ,,; t cut; d; :cut; s/ time=.*//; s/ size=.*//; p" \
		merged >line
	[ -s line ] && cat line || echo absent
}
plain='gname=root gid=0 uname=root uid=0 mode=644 type=file'
foo='gname=root gid=0 uname=foo uid=0 mode=644 type=file'
s_doc='--sibling pkg/doc=pkg/.control.doc'
s_main='--sibling pkg/main=pkg/.control.main'
file=pkg/.control.main/.mtree

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

# what goes before what
packages main doc
mkdir pkg/doc/a
for name in own moved journal recorded earlier disk; do
	: >pkg/doc/a/$name
done
for name in own moved journal; do
	record pkg/doc/a/$name uname=journal
done
say doc '#amtree recorded' 'a/own uname=recorded' \
	'a/own uname=own' \
	'#amtree recorded' 'a/moved uname=recorded' \
	'#amtree recorded' 'a/journal uname=recorded' \
	'#amtree recorded' 'a/recorded uname=recorded'
say main 'a/own uname=moved' 'a/moved uname=moved' \
	'#amtree recorded' 'a/moved uname=earlier' \
	'#amtree recorded' 'a/journal uname=earlier' \
	'#amtree recorded' 'a/recorded uname=earlier' \
	'#amtree recorded' 'a/earlier uname=earlier'
for name in own moved journal recorded earlier; do
	check "first of what is left counts: $name" prints \
		"gname=root gid=0 uname=$name uid=0 mode=644 type=file" \
		of doc a/$name $s_main
done
check 'and root if there is nothing' prints "$plain" of doc a/disk $s_main
for name in own moved journal recorded earlier; do
	: >pkg/main/usr/$name
done
say main '#amtree recorded' 'usr/own uname=recorded mode=640 optional' \
	'#amtree bind=uname' 'usr/own uname=own mode=777' \
	'usr/moved gname=grp'
record pkg/main/usr/own uname=journal gname=journal
record pkg/main/usr/moved uname=journal
check 'each keyword for itself' prints \
	'gname=journal gid=0 uname=own uid=0 mode=640 type=file' \
	of main usr/own
check 'an override adds to a record' prints \
	'gname=grp gid=0 uname=journal uid=0 mode=644 type=file' \
	of main usr/moved

# recorded lines
packages main doc
: >pkg/main/usr/x
say main 'usr/x uname=foo' \
	'#amtree recorded bind=uname,mode' \
	'usr/x gname=no uname=rec mode=4711 type=file optional'
check 'what is explicit wins over a later record' prints \
	'gname=root gid=0 uname=foo uid=65534 mode=4711 type=file' of main usr/x
check 'amtree -l says what was recorded' prints \
	'usr/x uname=foo mode=4711 recorded=mode' "$amtree" -l pkg/main
say main '#amtree recorded bind=uname,caps caps=cap_kill=p' \
	'usr/x gname=no uname=rec mode=4711 type=file optional'
check 'and that all was' prints \
	'usr/x uname=rec optional caps=cap_kill=p recorded=uname,caps' \
	"$amtree" -l pkg/main
check 'amtree --check has nothing against it' prints '' \
	sh -c '"$1" --check pkg/main && echo' - "$amtree"
rm pkg/main/usr/x
check 'a record whose file is gone has no effect' prints absent of main usr/x
check 'which is nothing to find for amtree --check' prints '' \
	sh -c '"$1" --check pkg/main && echo' - "$amtree"
say main '#amtree recorded' 'usr/n type=char device=native,1,3 optional'
check 'and is not made anew' prints absent of main usr/n
say main 'usr/x mode=600' '#amtree recorded' 'usr/x uname=foo optional'
check 'it does not make up for a declared file that is missing' fails_with 3 \
	"$file:1: 'usr/x' does not exist" "$merge" --root pkg/main
: >pkg/doc/usr/x
say main '#amtree recorded' 'usr/x uname=foo optional'
check 'it follows a file that was moved' prints "$foo" of doc usr/x $s_main
say main '#amtree recorded create' 'usr/x uname=foo type=dir'
check 'it cannot create' fails_with 3 "$file:1: 'create' and 'recorded'" \
	"$merge" --root pkg/main
: >pkg/main/usr/x
say main '#amtree recorded bind=mode' 'usr/x mode=4711 optional'
"$amtree" -u foo pkg/main/usr/x
check 'amtree states it, and does not bind it' prints \
	'#amtree bind=uname
usr/x gname=root uname=foo mode=4711 type=file' tail -n 2 "$file"

# devices
packages main
mkdir pkg/main/dev
: >pkg/main/dev/null
: >pkg/main/dev/sda
: >pkg/main/dev/plain
ln pkg/main/dev/null pkg/main/dev/zzz
record pkg/main/dev/null mode=666 type=char device=native,1,3
record pkg/main/dev/sda mode=660 gname=disk type=block device=native,8,4097
null='gname=root gid=0 uname=root uid=0 mode=666 type=char device=native,1,3'
sda='gname=disk gid=0 uname=root uid=0 mode=660 type=block device=native,8,4097'
check 'an empty file is the character device that was recorded' prints \
	"$null" of main dev/null
check 'or the block device' prints "$sda" of main dev/sda
check 'its other name is the same' prints "$null" of main dev/zzz
check 'another empty file is one' prints "$plain" of main dev/plain
listed() {
	tar -tvf "$1" | awk '{ print $1, $2, $3, $6, $7, $8, $9 }' |
		sed 's/ *$//'
}
export SOURCE_DATE_EPOCH=1700000000
check 'they are packed as devices' silent "$build" -q --root pkg/main \
	--journal journal --checksum none -o out.tar.gz
contents='drwxr-xr-x root/root 0 dev/
crw-rw-rw- root/root 1,3 dev/null
-rw-r--r-- root/root 0 dev/plain
brw-rw---- root/disk 8,4097 dev/sda
hrw-rw-rw- root/root 0 dev/zzz link to dev/null
drwxr-xr-x root/root 0 usr/'
check 'and tar lists them so' prints "$contents" listed out.tar.gz
numbers() {
	python3 -c '
import sys, tarfile
for m in tarfile.open(sys.argv[1]):
    if m.ischr() or m.isblk():
        print(m.name, m.devmajor, m.devminor, m.size)' "$1"
}
check 'with their numbers and no contents' prints 'dev/null 1 3 0
dev/sda 8 4097 0' numbers out.tar.gz
"$merge" --root pkg/main --journal journal -o merged
check 'a merged file says that they are empty files on disk' \
	[ "$(grep -cx '#amtree recorded' merged)" -eq 3 ]
check 'so that it can be packed' silent "$build" -q --root pkg/main \
	--mtree merged --checksum none -o again.tar.gz
check 'into the same bytes' cmp out.tar.gz again.tar.gz
say main '#amtree recorded bind=type,device,mode' \
	'dev/null type=char device=native,1,3 mode=666 optional' \
	'#amtree recorded bind=type,device,mode,gname' \
	'dev/sda type=block device=native,8,4097 mode=660 gname=disk optional'
check 'recorded lines do the same' silent "$build" -q --root pkg/main \
	--checksum none -o again.tar.gz
check 'to the last byte' cmp out.tar.gz again.tar.gz
"$amtree" -u www pkg/main/dev/sda
check 'amtree gives such a device an owner' prints \
	'gname=disk gid=0 uname=www uid=0 mode=660 type=block device=native,8,4097' \
	of main dev/sda
say main 'dev/sda type=file'
check 'a declared file stays a file' prints \
	'gname=disk gid=0 uname=root uid=0 mode=660 type=file' of main dev/sda
say main
echo data >pkg/main/dev/sda
check 'a file that is not empty contradicts a recorded device' fails_with 3 \
	"journal:3: 'dev/sda': is declared as type=block, but it is a file" \
	"$merge" --root pkg/main --journal journal
say main '#amtree recorded' 'dev/sda type=block device=native,8,4097 optional'
check 'the same goes for a line' fails_with 3 \
	"$file:2: 'dev/sda': is declared as type=block, but it is a file" \
	"$merge" --root pkg/main
rm pkg/main/dev/sda
mkdir pkg/main/dev/sda
check 'and for a directory' fails_with 3 \
	"$file:2: 'dev/sda': is declared as type=block, but it is a dir" \
	"$merge" --root pkg/main
rm -r pkg/main/dev/sda
say main 'dev/plain type=char device=native,1,3'
check 'what is declared only does not make a device of a file' fails_with 3 \
	"$file:1: 'dev/plain': is declared as type=char, but it is a file" \
	"$merge" --root pkg/main

# the same package, told in each of the ways
packages main
mkdir -p pkg/main/bin pkg/main/var/lib
echo x >pkg/main/bin/x
echo y >pkg/main/bin/y
ln -s x pkg/main/bin/l
record pkg/main/bin/x uname=foo gname=bar mode=4750 caps=cap_kill=p
record pkg/main/bin/l uid=12
record pkg/main/var/lib gname=www mode=1777
check 'a package is packed with its records' silent "$build" -q \
	--root pkg/main --journal journal -o journal.tar.gz
say main '#amtree caps=cap_kill=p' 'bin/x uname=foo gname=bar mode=4750' \
	'bin/l uid=12' 'var/lib gname=www mode=1777'
check 'and with overrides that say the same' silent "$build" -q \
	--root pkg/main -o declared.tar.gz
check 'to the same bytes' cmp journal.tar.gz declared.tar.gz
say main '#amtree caps=cap_kill=p recorded' 'bin/x uname=foo gname=bar mode=4750' \
	'#amtree recorded' 'bin/l uid=12' \
	'#amtree recorded' 'var/lib gname=www mode=1777'
"$build" -q --root pkg/main -o lines.tar.gz
check 'with recorded lines, too' cmp journal.tar.gz lines.tar.gz
printf '%s\0' bin bin/l bin/x bin/y usr var var/lib |
	"$build" -q --root pkg/main --journal journal --files-from - \
	-o names.tar.gz
check 'a list of names has its records as well' cmp journal.tar.gz names.tar.gz
unset SOURCE_DATE_EPOCH

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
