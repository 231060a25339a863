#!/bin/sh
# amtree: all that one call asks for is written, or nothing
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

: >APKBUILD
mkdir -p pkg/foo/etc pkg/doc/etc
: >pkg/foo/etc/a
: >pkg/doc/etc/b

check 'a file that does not exist is an error' fails_with 3 \
	"/pkg/foo/etc/nope' does not exist" \
	"$amtree" -g x pkg/foo/etc/a pkg/foo/etc/nope
check 'which leaves no control directory behind' test ! -e pkg/.control.foo
check 'nor does one in the second of two packages' fails_with 3 \
	"/pkg/doc/etc/nope' does not exist" \
	"$amtree" -g x pkg/foo/etc/a pkg/doc/etc/nope
check 'where the first is left alone' test ! -e pkg/.control.foo
check 'a directory that can have no capabilities is found in time' \
	fails_with 3 'it has no capabilities' \
	"$amtree" -c cap_chown=p pkg/foo/etc/a pkg/foo/etc
check 'so that nothing is written' test ! -e pkg/.control.foo

"$amtree" -g x pkg/foo/etc/a pkg/doc/etc/b
check 'two packages get what is theirs: the first' \
	prints 'etc/a gname=x' "$amtree" -l pkg/foo
check 'and the second' prints 'etc/b gname=x' "$amtree" -l pkg/doc

finish
