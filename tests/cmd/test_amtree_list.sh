#!/bin/sh
# amtree --list and --check: what is in force, and what is wrong with it
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2086,SC2015 # names of ours; said only where it failed
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

: >APKBUILD
mkdir -p pkg/foo/usr/bin pkg/foo/var/lib/foo pkg/.control.foo
: >pkg/foo/usr/bin/su
mtree=pkg/.control.foo/.mtree

check '--list of a package without overrides is empty' sh -c \
	'[ -z "$("$1" --list pkg/foo)" ] && [ ! -e pkg/.control.foo/.mtree ]' \
	- "$amtree"
rmdir pkg/.control.foo
check 'nor does it need or make a control directory' sh -c \
	'[ -z "$("$1" -l pkg/foo)" ] && [ ! -e pkg/.control.foo ]' - "$amtree"
"$amtree" -u svc:svc pkg/foo/var/lib/foo
"$amtree" -m 4711 -c cap_kill=p pkg/foo/usr/bin/su
"$amtree" -t char -D 1,3 pkg/foo/null
"$amtree" -t link -l 'a b' pkg/foo/link
cat >>$mtree <<'X'
usr/bin/gone uid=7 optional
X
list='./link type=link link=a\040b
./null type=char device=native,1,3
usr/bin/gone uid=7 optional
usr/bin/su mode=4711 caps=cap_kill=p
var/lib/foo gname=svc uname=svc'
check '--list has a line for each path, with what it binds, sorted' \
	prints "$list" "$amtree" --list pkg/foo
check '-l is --list' prints "$list" "$amtree" -l pkg/foo
check '--list of a directory has what is below it' prints \
	'usr/bin/gone uid=7 optional
usr/bin/su mode=4711 caps=cap_kill=p' "$amtree" -l pkg/foo/usr
check '--list of a path has that path alone' \
	prints 'var/lib/foo gname=svc uname=svc' "$amtree" -l pkg/foo/var/lib/foo
check '--list inside a package needs no path' \
	prints "$list" sh -c 'cd pkg/foo && "$1" -l' - "$amtree"
check '--list with --root needs no path' \
	prints "$list" "$amtree" -l --root pkg/foo
check '--list changes nothing' sh -c '"$1" -l pkg/foo >/dev/null &&
	tail -n 1 "$2" | grep -q "^usr/bin/gone"' - "$amtree" $mtree
full() {
	if [ -w /dev/full ]; then
		"$amtree" "$@" >/dev/full
	else
		"$amtree" "$@" >&-
	fi
}
check '--list to a full disk is an error' \
	fails_with 3 'cannot write standard output' full -l pkg/foo

echo 'usr/bin/tty device=native,4,0' >pkg/.control.foo/.mtree.new
cp $mtree pkg/.control.foo/.mtree.old
mv pkg/.control.foo/.mtree.new $mtree
check '--list has a device number that stands alone' prints \
	'usr/bin/tty device=native,4,0' "$amtree" -l pkg/foo
mv pkg/.control.foo/.mtree.old $mtree

check '--check of what is right says nothing' \
	prints '' sh -c '"$1" --check pkg/foo && echo' - "$amtree"

# finds_wrong TEXT LINE... - with those lines --check prints TEXT, status 1
finds_wrong() {
	want=$1
	shift
	printf '%s\n' "$@" >$mtree
	status=0
	"$amtree" --check --root pkg/foo --control pkg/.control.foo >found \
		2>err || status=$?
	printf '%s\n' "$want" | diff - found && [ ! -s err ] &&
		[ "$status" -eq 1 ] || { echo "status $status"; cat err; return 1; }
}
root=$PWD/pkg/foo
check '--check names what is missing, and the nearest name' finds_wrong \
	"$mtree:1: 'usr/bin/sx' does not exist in '$root' (did you mean 'usr/bin/su'?)" \
	'usr/bin/sx uname=foo'
check 'a name that is elsewhere is the nearest' finds_wrong \
	"$mtree:1: 'sbin/su' does not exist in '$root' (did you mean 'usr/bin/su'?)" \
	'sbin/su uname=foo'
check 'no name is near: none is named' finds_wrong \
	"$mtree:1: 'opt/quite-different' does not exist in '$root'" \
	'opt/quite-different uname=foo'
check '--check names contradictions' finds_wrong \
	"$mtree:2: 'usr/bin/su': is declared as type=dir, but it is a file" \
	'#mtree v2.0' 'usr/bin/su uname=foo type=dir'
check 'a broken line is a finding too' finds_wrong \
	"$mtree:3: unknown keyword 'uidd'" \
	'#mtree v2.0' '' 'usr/bin/su uidd=7'
check '--check finds everything, not just the first' finds_wrong \
	"$mtree:2: 'usr/a' does not exist in '$root'
$mtree:1: 'usr/bin/sx' does not exist in '$root' (did you mean 'usr/bin/su'?)
$mtree:3: 'usr/bin/su': has a link target, but it is a file" \
	'usr/bin/sx mode=755' 'usr/a uid=1' 'usr/bin/su link=x'
ln pkg/foo/usr/bin/su pkg/foo/usr/bin/zu
check 'names of one file that disagree do not hide what else is wrong' \
	finds_wrong \
	"$mtree:1 and $mtree:3: 'usr/bin/su' and 'usr/bin/zu' are one file, but are given different values
$mtree:2: 'usr/bin': is declared as type=file, but it is a dir" \
	'usr/bin/su uname=x' 'usr/bin type=file' 'usr/bin/zu uname=y'
rm pkg/foo/usr/bin/zu
check 'a terminal escape in a finding is shown, not sent' finds_wrong \
	"$mtree:1: 'a\\033[31m\\012b' does not exist in '$root'" \
	'./a\033[31m\012b uid=1'
check 'optional ones may be missing' sh -c 'echo "usr/x uid=1 optional" >"$2" &&
	"$1" --check pkg/foo' - "$amtree" $mtree
echo 'usr/bin/sx uid=1' >$mtree
both() {
	mkdir -p pkg/bar/usr pkg/.control.bar
	echo 'usr/y uid=1' >pkg/.control.bar/.mtree
	status=0
	"$amtree" --check pkg/foo pkg/bar >found || status=$?
	[ "$status" -eq 1 ] && [ "$(wc -l <found)" -eq 2 ]
}
check '--check of several packages has all their findings' both

for other in '-u foo' '-g foo' '-m 755' '-R' '-c none' '--list --check'; do
	# shellcheck disable=SC2086
	check "--check with $other is a usage error" fails_with 2 \
		'goes with no other action' "$amtree" --check $other pkg/foo
	case $other in --list*) continue ;; esac
	# shellcheck disable=SC2086
	check "--list with $other is a usage error" fails_with 2 \
		'goes with no other action' "$amtree" --list $other pkg/foo
done
finish
