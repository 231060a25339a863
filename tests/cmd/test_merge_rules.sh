#!/bin/sh
# amtree-merge: which override counts for which file
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/packages.sh"

# without siblings
packages main
: >pkg/main/usr/x
check 'without overrides everything is root:root' prints "$plain" \
	of main usr/x
rmdir pkg/.control.main
check 'without a control directory too' prints "$plain" of main usr/x
mkdir pkg/.control.main
say main 'usr/x uname=foo'
check 'an override counts' prints "$foo" of main usr/x
chmod 600 pkg/main/usr/x
check 'what it does not say is as on disk' prints \
	'gname=root gid=0 uname=foo uid=0 mode=600 type=file' of main usr/x
say main 'usr/x uid=7 gid=8'
check 'numbers are kept' prints 'gid=8 uid=7 mode=600 type=file' of main usr/x
say main 'usr/x uname=foo uid=1234'
check 'a name goes before the number beside it' prints \
	'gname=root gid=0 uname=foo uid=0 mode=600 type=file' of main usr/x
say main 'usr/x uname=a gname=g' 'usr/x uname=b' 'usr/x mode=751'
check 'several lines add up, the later winning' prints \
	'gname=g gid=0 uname=b uid=0 mode=751 type=file' of main usr/x
say main '#amtree bind=uname' 'usr/x uname=a gname=no mode=777 type=file'
check 'what is not bound does not count' prints \
	'gname=root gid=0 uname=a uid=0 mode=600 type=file' of main usr/x
say main 'usr/x time=5.250000000' './usr type=dir'
check 'a time can be given' sh -c \
	'"$1" --root pkg/main | grep -q "^usr/x .*time=5.250000000$"' - "$merge"

# names the right place and reason
mkdir pkg/main/usr/share
say main '' 'usr/shore uname=foo'
check 'a missing file is an error that names the nearest' refuses \
	"$file:2: 'usr/shore' does not exist in 'pkg/main' .did you mean 'usr/share'\?.$"
say main 'usr/y uname=foo optional'
check 'an optional one may be missing' prints \
	'gname=root gid=0 uname=root uid=0 mode=600 type=file' of main usr/x
say main 'usr/y uname=foo' 'usr/y uname=bar optional'
check 'optional in any of its lines is enough' \
	prints '' sh -c '"$1" --root pkg/main >/dev/null && echo' - "$merge"
say main 'usr/x type=dir'
check 'another type is a contradiction' refuses \
	"$file:1: 'usr/x'.* is declared as type=dir, but it is a file"
say main 'usr/x link=y'
check 'a file has no link target' refuses "$file:1: .* has a link target"
say main 'usr/x device=native,1,3'
check 'nor a device number' refuses "$file:1: .* has a device number"
say main '#amtree caps=cap_kill=p' './usr type=dir'
check 'a directory has no capabilities' refuses \
	"$file:2: .*has capabilities, but it is a dir"
say main "./usr\\033[31m/x uid=1"
check 'escapes in names are shown, not sent' refuses \
	"$file:1: 'usr.033.31m/x' does not exist"

# creating
for type in dir fifo 'char device=native,1,3' 'block device=native,7,8' \
	'link link=to'; do
	say main "usr/new uname=foo mode=751 type=$type"
	case $type in
	link*) mode=777 ;;
	*) mode=751 ;;
	esac
	check "a ${type%% *} can be created" prints \
		"gname=root gid=0 uname=foo uid=0 mode=$mode type=$type" \
		of main usr/new
done
say main './new type=dir mode=755' 'new/dir type=dir mode=700' \
	'new/dir/fifo type=fifo mode=600'
check 'a whole tree can be created' prints \
	'gname=root gid=0 uname=root uid=0 mode=600 type=fifo' \
	of main new/dir/fifo
say main 'usr/new type=file mode=644'
check 'a file cannot be created' refuses "$file:1: 'usr/new' does not exist"
say main 'no/dir type=dir mode=755'
check 'its directory has to be there' refuses \
	"pkg/.control.main/.mtree:1: 'no/dir' is to be created, but there is no directory 'no'"
say main 'usr/x/dir type=dir mode=755'
check 'and has to be a directory' refuses ".*no directory 'usr/x'"
say main 'usr/new type=link'
check 'a link needs a target' refuses "$file:1: .*has no link target"
say main 'usr/new type=char mode=644'
check 'a device needs a number' refuses "$file:1: .*has no device number"
say main 'usr/x type=file' 'usr/new type=dir mode=755' 'usr/new uname=foo'
check 'what was created can be given more' prints \
	'gname=root gid=0 uname=foo uid=0 mode=755 type=dir' of main usr/new

say main './.new type=dir mode=755' '.new/sub type=fifo'
left_out() {
	"$merge" --root pkg/main -o merged 2>warnings || return 1
	cat merged warnings
	[ "$(grep -c 'begins with a dot.*left out' warnings)" -eq 2 ] &&
		! grep -q new merged
}
check 'at the top a dot name is left out, with a warning' left_out

# privileged files of named owners
say main 'usr/x uname=foo gname=bar mode=4755'
check 'set-user-ID of a named owner carries 65534' prints \
	'gname=bar gid=65534 uname=foo uid=65534 mode=4755 type=file' \
	of main usr/x
say main 'usr/x gname=bar mode=2755'
check "root's number stays 0" prints \
	'gname=bar gid=65534 uname=root uid=0 mode=2755 type=file' of main usr/x
say main '#amtree caps=cap_kill=p' 'usr/x uname=foo'
check 'capabilities count as set-id does' prints \
	'gname=root gid=0 uname=foo uid=65534 mode=600 type=file' of main usr/x

# hard links
packages main
: >pkg/main/usr/a
ln pkg/main/usr/a pkg/main/usr/b
ln pkg/main/usr/a pkg/main/c
say main 'usr/b uname=foo'
check 'an override of one name counts for all' prints "$foo" of main usr/a
check 'for each of them' prints "$foo" of main ./c
say main 'usr/b uname=foo' './c mode=600' 'usr/a uname=foo'
check 'overrides of several names add up' prints \
	'gname=root gid=0 uname=foo uid=0 mode=600 type=file' of main usr/a
say main 'usr/b uname=foo' '' './c uname=bar'
check 'if they disagree, both lines are named' refuses \
	"($file:1 and $file:3|$file:3 and $file:1): .* are one file"
say main 'usr/b uname=foo' '#amtree bind=gname' './c uname=bar gname=g'
check 'what is not bound does not disagree' prints \
	'gname=g gid=0 uname=foo uid=0 mode=644 type=file' of main usr/a
ln pkg/main/usr/a outside
rm pkg/main/usr/b pkg/main/c
say main 'usr/a uname=foo'
check 'a name outside of the package does not matter' prints "$foo" of main usr/a

# what is left out
packages main
: >pkg/main/.hidden
: >pkg/main/usr/.kept
check 'a dot name at the top is left out, with a warning' warns \
	"^amtree-merge: '.hidden' begins with a dot, apk would skip it: left out" \
	"$merge" --root pkg/main -o out
check 'further down it is not' grep -q '^usr/.kept ' out
check 'the warning is not part of it' fails grep -q hidden out
say main './.hidden uname=foo'
check 'an override for it is no error' warns "'.hidden'" \
	"$merge" --root pkg/main -o out
rm pkg/main/.hidden pkg/.control.main/.mtree
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("pkg/main/usr/s")'
check 'a socket is left out, with a warning' warns \
	"'usr/s' is a socket: left out" "$merge" --root pkg/main -o out
rm pkg/main/usr/s
mkdir pkg/main/usr/closed
: >pkg/main/usr/closed/file
chmod 0 pkg/main/usr/closed/file pkg/main/usr/closed
check 'a closed directory is read, and is closed after that' prints \
	'gname=root gid=0 uname=root uid=0 mode=0 type=file' \
	of main usr/closed/file
check 'its mode is what it was' prints 0 stat -c %a pkg/main/usr/closed
chmod 755 pkg/main/usr/closed
finish
