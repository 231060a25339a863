#!/bin/sh
# amtree-merge and amtree-build: what was recorded beside what was declared
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2086 # a sibling is two words
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/packages.sh"
journal=journal

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
finish
