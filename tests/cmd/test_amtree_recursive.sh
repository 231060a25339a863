#!/bin/sh
# amtree -R: everything below, in one append
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

: >APKBUILD
mkdir -p outside pkg/foo/srv/a/b pkg/foo/usr
: >outside/secret
: >pkg/foo/srv/a/file
: >pkg/foo/srv/a/b/deep
: >pkg/foo/srv2
: >pkg/foo/.hidden
mkdir pkg/foo/srv/.dot
ln -s ../../../outside pkg/foo/srv/out
ln -s a pkg/foo/srv/in
ln -s nowhere pkg/foo/srv/dangling
mkfifo pkg/foo/srv/fifo
mtree=pkg/.control.foo/.mtree

# has_in_force LINES ARG... - what amtree lists after amtree with arguments
has_in_force() {
	want=$1
	shift
	rm -rf pkg/.control.foo
	silent "$amtree" "$@" && prints "$want" "$amtree" -l pkg/foo
}

srv='./srv uname=foo
srv/.dot uname=foo
srv/a uname=foo
srv/a/b uname=foo
srv/a/b/deep uname=foo
srv/a/file uname=foo
srv/dangling uname=foo
srv/fifo uname=foo
srv/in uname=foo
srv/out uname=foo'
check '-R takes a directory and all below it, links too, and follows none' \
	has_in_force "$srv" -R -u foo pkg/foo/srv
check '--recursive is -R' has_in_force "$srv" --recursive -u foo pkg/foo/srv
check '-R of a path and one below it gives no entry twice' \
	has_in_force "$srv" -u foo pkg/foo/srv pkg/foo/srv/a -R
check '-R on the package itself takes all that will be in it' \
	has_in_force "$srv
./srv2 uname=foo
./usr uname=foo" -R -u foo pkg/foo
check '-R on the current directory is the same' sh -c \
	'cp "$2" all && rm "$2" && cd pkg/foo && "$1" -R -u foo . &&
	cmp ../../all "../../$2"' - "$amtree" "$mtree"
check 'the package can be merged after that, dot files or not' sh -c \
	'"$1" --root pkg/foo 2>&1 | grep -q "^srv/a/file .*uname=foo"' - "$merge"
check '-R on a file takes that file' \
	has_in_force './srv2 uname=foo' -R -u foo pkg/foo/srv2
check '-R on a link takes that link' \
	has_in_force 'srv/in uname=foo' -R -u foo pkg/foo/srv/in
ln -s file pkg/foo/srv/a/link
chmod 700 pkg/foo/srv/a pkg/foo/srv/a/b
chmod 600 pkg/foo/srv/a/file
chmod 4711 pkg/foo/srv/a/b/deep
check '-R -m gives each its own mode, and leaves links out' has_in_force \
	'srv/a mode=755
srv/a/b mode=755
srv/a/b/deep mode=4755
srv/a/file mode=644' -R -m go+rX pkg/foo/srv/a
check '-R -m -u gives links the owner alone' has_in_force \
	'srv/a uname=foo mode=755
srv/a/b uname=foo mode=755
srv/a/b/deep uname=foo mode=755
srv/a/file uname=foo mode=755
srv/a/link uname=foo' -R -m 755 -u foo pkg/foo/srv/a
check '-R -c gives capabilities to files alone' has_in_force \
	'srv/a/b/deep caps=cap_kill=p
srv/a/file caps=cap_kill=p' -R -c cap_kill=p pkg/foo/srv/a
check '-R with nothing that could take it appends nothing' sh -c \
	'rm -rf "$2" && "$1" -R -m 755 pkg/foo/srv/in && [ ! -s "$2" ]' - \
	"$amtree" "$mtree"
chmod 0 pkg/foo/srv/a/b
chmod 111 pkg/foo/srv/a
check '-R enters directories that are closed, and closes them again' \
	has_in_force 'srv/a uname=foo
srv/a/b uname=foo
srv/a/b/deep uname=foo
srv/a/file uname=foo
srv/a/link uname=foo' -R -u foo pkg/foo/srv/a
check 'their modes are what they were' prints '111
0' stat -c %a pkg/foo/srv/a pkg/foo/srv/a/b
chmod 755 pkg/foo/srv/a pkg/foo/srv/a/b
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("pkg/foo/usr/s")'
check '-R leaves sockets out' has_in_force './usr uname=foo' \
	-R -u foo pkg/foo/usr

# many files: one append
mkdir pkg/big
(cd pkg/big && seq -f d%.0f 1 100 | xargs mkdir &&
	for i in $(seq 1 100); do echo "d$i/"; done |
	awk '{ for (i = 0; i < 1000; i++) print $1 i }' | xargs touch)
begin=$(date +%s%N)
"$amtree" -R -u foo pkg/big
end=$(date +%s%N)
echo "# -R over 100,000 files: $(((end - begin) / 1000000)) ms"
check '-R over 100,000 files makes an entry for each' prints 100100 \
	grep -c uname=foo pkg/.control.big/.mtree
rm -r pkg/.control.big
# a leak checker cannot run under strace
ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
	strace -f -o trace -e trace=write,writev,pwrite64,flock,ftruncate \
	"$amtree" -R -u foo pkg/big
check 'and that is one write under one lock' sh -c \
	'[ "$(grep -c "write" trace)" -eq 1 ] &&
	[ "$(grep -c "flock" trace)" -eq 1 ] &&
	[ "$(grep -n "flock.*LOCK_EX" trace | cut -d: -f1)" -eq 1 ]'
finish
