#!/bin/sh
# amtree-build: trees and lists of names that are not as they should be
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

export SOURCE_DATE_EPOCH=1700000000
mkdir -p pkg/foo/usr/bin pkg/.control.foo
echo tool >pkg/foo/usr/bin/tool
echo other >pkg/foo/usr/other

into() {
	"$build" --root pkg/foo -o "$@"
}
list() {
	python3 "$tests/tarcmp.py" list out
}
# packs NAME... - these and no others are packed from the names on stdin
packs() {
	silent into out --files-from names || return 1
	python3 "$tests/tarcmp.py" names out | tr '\0' '\n' >got
	printf '%s\n' "$@" | diff - got
}
# refuses REGEX - the names are a failure, and nothing is written
refuses() {
	rm -f out
	fails_with 3 "$1" into out --files-from names && [ ! -e out ]
}

# Lists of names.
printf 'usr\0usr/bin\0usr/bin/tool\0' >names
check 'the names of --files-from are packed' packs usr usr/bin usr/bin/tool
printf './usr\0usr/other\0' >names
check 'a leading ./ is no part of a name' packs usr usr/other
printf 'usr/other\0usr\0' >names
check 'names are sorted' packs usr usr/other
: >pkg/foo/.top
printf '.top\0' >names
check 'a dot at the top that is named is packed' packs .top
rm pkg/foo/.top
: >names
empty() {
	silent into out --files-from names && [ -z "$(list)" ]
}
check 'no names are an empty archive' empty
printf '.\0' >names
check 'the root itself is no entry' empty
printf 'usr\nusr/other\n' >names
check 'newlines between names are refused' refuses 'names.*NUL'
printf 'usr\0usr/other' >names
check 'a last name without NUL is refused' refuses 'names.*NUL'
printf '/usr\0' >names
check 'an absolute name is refused' refuses "'/usr'.*absolute"
printf '../foo/usr\0' >names
check 'a name with .. is refused' refuses "'\.\./foo/usr'"
printf 'usr/../usr\0' >names
check 'a name with .. inside is refused' refuses "'usr/\.\./usr'"
printf 'usr//other\0' >names
check 'an empty component is refused' refuses "'usr//other'"
printf 'usr/\0' >names
check 'a slash at the end does not count, find(1) may put it there' packs usr
printf 'usr\0\0' >names
check 'an empty name is refused' refuses 'empty'
printf 'usr\0usr/other\0usr\0' >names
check 'a name that is there twice is refused' refuses "'usr'.*twice"
printf 'usr/no\0' >names
check 'a missing name is refused' refuses "'usr/no' does not exist"
printf 'usr/other/x\0' >names
check 'a name below a file is refused' refuses "'usr/other/x'"
printf 'usr/x\033[31m\nx\0' >names
check 'no raw byte of a bad name gets to a terminal' \
	refuses 'usr/x\\033\[31m\\012x'
python3 -c 'print("a/" * 2100 + "b", end="\0")' >names
check 'a name of over 4,096 bytes is refused' refuses "'a/a/.*4201 bytes"
python3 -c 'print("a" * 256, end="\0")' >names
check 'a component of 256 bytes is refused' refuses "'aaa.*256 bytes"
ln -s /etc pkg/foo/etc
printf 'etc/passwd\0' >names
check 'a name behind a symbolic link is refused' refuses "'etc/passwd'"
rm pkg/foo/etc
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("pkg/foo/s")'
printf 's\0' >names
leaves_socket() {
	warns "'s' is a socket: left out" into out --files-from names &&
		[ -z "$(list)" ]
}
check 'a socket that is named is left out, as tar does' leaves_socket
rm pkg/foo/s
rm names
check 'a missing list of names is refused' refuses "cannot open 'names'"
check 'a directory as list of names is refused' \
	fails_with 3 "'pkg': .*Is a directory" into out --files-from pkg
printf 'usr/other\0' >names
check 'an entry without its directory is no failure' packs usr/other

# Trees.
check 'a missing root is refused' \
	fails_with 3 "'no/such'" "$build" --root no/such -o out
check 'a root that is a file is refused' \
	fails_with 3 "'pkg/foo/usr/other'" "$build" --root pkg/foo/usr/other -o out
check 'a missing control directory that is named is refused' fails_with 3 \
	"'no/control'" "$build" --root pkg/foo --control no/control -o out
ln -s foo pkg/link
check 'a root that is a symbolic link is followed' \
	silent "$build" --root pkg/link -o out
rm pkg/link

python3 "$tests/mktree.py" deep pkg/foo 2000
deep() {
	silent into out && [ "$(list | wc -l)" -eq 2005 ]
}
check 'directories 2,000 deep are packed' deep
python3 "$tests/mktree.py" deep pkg/foo/deeper 4000
# apk reads no path of more than 4,085 bytes
check 'directories 4,000 deep are refused' fails_with 3 \
	"'deeper/d/d.*path of 4[0-9]* bytes" into out
rm -r pkg/foo/d pkg/foo/deeper

# Files that their owner has closed.
closed() {
	mkdir -p pkg/foo/dir0/sub pkg/foo/dir111/sub pkg/foo/dir400
	echo none >pkg/foo/mode0
	echo execute >pkg/foo/mode4111
	echo write >pkg/foo/mode200
	ln pkg/foo/mode0 pkg/foo/usr/linked
	echo below >pkg/foo/dir0/sub/mode0
	echo below >pkg/foo/dir111/sub/file
	echo below >pkg/foo/dir400/file
	setfattr -n user.a -v b pkg/foo/mode0
	chmod 0 pkg/foo/mode0 pkg/foo/dir0/sub/mode0 pkg/foo/dir0/sub
	chmod 0 pkg/foo/dir0
	chmod 4111 pkg/foo/mode4111
	chmod 200 pkg/foo/mode200
	chmod 111 pkg/foo/dir111
	chmod 400 pkg/foo/dir400
}
modes() {
	stat -c '%n %a %F %Y' pkg/foo/dir* pkg/foo/mode* pkg/foo/usr/linked
}
wanted() {
	cat <<'END'
dir 0000 root root 0 0 0 1700000000 dir0
dir 0000 root root 0 0 0 1700000000 dir0/sub
file 0000 root root 0 0 6 1700000000 dir0/sub/mode0
dir 0111 root root 0 0 0 1700000000 dir111
dir 0755 root root 0 0 0 1700000000 dir111/sub
file 0644 root root 0 0 6 1700000000 dir111/sub/file
dir 0400 root root 0 0 0 1700000000 dir400
file 0644 root root 0 0 6 1700000000 dir400/file
file 0000 root root 0 0 5 1700000000 mode0 user.a=b
file 0200 root root 0 0 6 1700000000 mode200
file 4111 root root 0 0 8 1700000000 mode4111
dir 0755 root root 0 0 0 1700000000 usr
dir 0755 root root 0 0 0 1700000000 usr/bin
file 0644 root root 0 0 5 1700000000 usr/bin/tool
hard 0000 root root 0 0 0 1700000000 usr/linked -> mode0
file 0644 root root 0 0 6 1700000000 usr/other
END
}
closed
modes >modes.before
packs_closed() {
	silent into out && list >got && wanted | diff - got &&
		python3 "$tests/tarcmp.py" verify out
}
check 'files and directories closed by their modes are packed' packs_closed
has_modes() {
	modes | diff modes.before -
}
check '... and have their modes again' has_modes
merged() {
	silent "$merge" --root pkg/foo -o merged &&
		silent "$build" --root pkg/foo --mtree merged -o out &&
		list >got && wanted | diff - got && has_modes
}
check '... and by --mtree as well' merged
interrupted() {
	chmod 755 pkg/foo/dir0
	truncate -s 4G pkg/foo/dir0/zeros
	chmod 0 pkg/foo/dir0/zeros pkg/foo/dir0
	modes >modes.before
	timeout -s TERM 0.5 "$build" --root pkg/foo -q -o out
	[ $? -eq 124 ] && has_modes
}
check '... and after a signal as well' interrupted
chmod -R u+rwx pkg/foo
rm -r pkg/foo/dir* pkg/foo/mode* pkg/foo/usr/linked

# What changes while it is packed.  Big files are read twice, and take a while.
# beset COMMAND... - COMMAND is done over and over while the tree is packed
beset() {
	(
		while [ ! -e stop ]; do "$@"; done
	) &
	status=0
	timeout 60 "$build" -q --root pkg/foo -o out || status=$?
	touch stop
	wait
	rm stop
	return "$status"
}
grow() {
	echo more >>pkg/foo/usr/large
}
shrink() {
	truncate -s "$(($(stat -c %s pkg/foo/usr/large) - 1))" pkg/foo/usr/large
}
rewrite() {
	printf x | dd of=pkg/foo/usr/large bs=1 seek=1000000 conv=notrunc status=none
}
echo keep >out
for change in grow shrink rewrite; do
	truncate -s 200M pkg/foo/usr/large
	check "a file that others $change is refused" fails_with 3 \
		"'pkg/foo/usr/large': changed (while|since)" beset $change
done
check '... and the old output stays' grep -q keep out
rm pkg/foo/usr/large

# By the time a file that comes first is packed, others were replaced.
truncate -s 100M pkg/foo/usr/a-large
mkdir outside
echo secret >outside/tool
# meanwhile REGEX COMMAND... - COMMAND while the output waits for its reader, then
# a fault
meanwhile() {
	regex=$1
	shift
	mkdir -p pkg/foo/usr/dir
	echo harmless >pkg/foo/usr/dir/tool
	{
		status=0
		timeout 60 "$build" -q --root pkg/foo -z 0 -o - 2>err || status=$?
		echo "$status" >status
	} | { head -c 1 >/dev/null && "$@" && cat >/dev/null; }
	rm -r pkg/foo/usr/dir
	lib_one_line err "$regex" && [ "$(cat status)" -eq 3 ]
}
swap_directory() {
	rm -r pkg/foo/usr/dir
	ln -s "$here/dir/outside" pkg/foo/usr/dir
}
swap_link() {
	ln -sf "$here/dir/outside/tool" pkg/foo/usr/dir/tool
}
swap_fifo() {
	rm pkg/foo/usr/dir/tool
	mkfifo pkg/foo/usr/dir/tool
}
swap_file() {
	echo otherfil >pkg/foo/usr/dir/new
	mv pkg/foo/usr/dir/new pkg/foo/usr/dir/tool
}
vanish() {
	rm pkg/foo/usr/dir/tool
}
tool="'pkg/foo/usr/dir/tool'"
check 'a symbolic link swapped in for a directory is not followed' \
	meanwhile "$tool.*([Ss]ymbolic link|Not a directory)" swap_directory
check 'a symbolic link swapped in for a file is not followed' \
	meanwhile "$tool" swap_link
check 'a fifo put where a file was is not opened' meanwhile "$tool" swap_fifo
check 'another file put where a file was is refused' \
	meanwhile "$tool.*changed" swap_file
check 'a file that vanished is refused' \
	meanwhile "$tool.*No such file" vanish
rm pkg/foo/usr/a-large

# Names of bytes that apk cannot have are tested in test_build_usage.sh; here,
# what cannot be packed at all.
"$merge" --root pkg/foo -o merged
truncate -s 100 pkg/foo/usr/other
check 'a file with another size than --mtree lists is refused' \
	fails_with 3 "merged:[0-9]+: 'usr/other' is listed with 6 bytes" \
	"$build" --root pkg/foo --mtree merged -o out
rm pkg/foo/usr/other
check 'a file that --mtree lists and that is gone is refused' \
	fails_with 3 "merged:[0-9]+: .*usr/other" \
	"$build" --root pkg/foo --mtree merged -o out
ln -s bin/tool pkg/foo/usr/other
check 'a symbolic link where --mtree lists a file is refused' \
	fails_with 3 "merged:[0-9]+: .*usr/other" \
	"$build" --root pkg/foo --mtree merged -o out
rm pkg/foo/usr/other
mkfifo pkg/foo/usr/other
check 'a fifo where --mtree lists a file is refused, unopened' \
	fails_with 3 "merged:[0-9]+: .*usr/other" \
	"$build" --root pkg/foo --mtree merged -o out
rm pkg/foo/usr/other
head -c 50 merged >cut-off
check 'a merged file that was cut off is refused' fails_with 3 'cut-off:[0-9]+:' \
	"$build" --root pkg/foo --mtree cut-off -o out
check 'a missing merged file is refused' fails_with 3 "'no'" \
	"$build" --root pkg/foo --mtree no -o out
echo 'usr/bin/tool uidd=5' >pkg/.control.foo/.mtree
check 'an unknown keyword is said with file and line' fails_with 3 \
	"^amtree-build: .*pkg/.control.foo/.mtree:1: unknown keyword 'uidd'$" into out
finish
