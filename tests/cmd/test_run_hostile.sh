#!/bin/sh
# amtree-run: a program that wants to harm who records it
# shellcheck disable=SC2154 # variables of lib.sh and processes.sh
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/processes.sh"
hostile=$tests/hostile.py

# does ACT... - in an empty directory, for an empty package; not for ever
does() {
	rm -rf play
	mkdir -p play/root
	(cd play && timeout 20 "$run" --root root --control control \
		--user svc-web --group svc-web python3 "$hostile" "$@")
}

check 'no signal from within ends amtree-run or its keeper' \
	prints 1 does signals
check 'a path that changes while it is read is one or the other' \
	prints '1 2 0o4711
1 2 0o4711' does flip
on_disk() {
	(cd play && stat -c '%U %a' . a b)
	[ "$(cd play && stat -c '%U %a' . a b | sort -u)" = "$(id -un) 4711" ]
}
check 'and nothing was changed that was not asked for' on_disk
files() {
	# a sanitizer would look for leaks in the end, in files
	(export ASAN_OPTIONS=detect_leaks=0 && does files)
}
check 'without room for open files it fails, and says so' \
	fails_with 125 'Too many open files$|No file descriptors available$' files
check 'a copy of the accounts cannot be written to' prints \
	'Operation not permitted
Operation not permitted
True
Operation not permitted
Operation not permitted
True' does accounts
check 'whatever fails, it leaves nothing open' prints True does leak

knows_itself() {
	grep '^\./' play/control/.mtree >play/entries
	lib_one_line play/entries '^\./file gname=[a-z]+ uname=[a-z]+ mode=644 '
}
for how in cut trim fill grow break; do
	check "a damaged journal ($how) is an error" fails_with 125 \
		'^amtree-run: .*/proc/[0-9]+/fd/[0-9]+' does journal $how
	check "... and what is written down is amtree-run's own ($how)" \
		knows_itself
done

# What would wait for ever, were it opened.
cat >"$here/waits" <<'END'
mkfifo fifo
python3 -c 'import socket
socket.socket(socket.AF_UNIX).bind("socket")'
ln -s fifo link
for file in fifo socket link; do
	chown 1:2 $file && chown -h 1:2 $file && chmod 4711 $file
	chmod 0 $file
	stat -c '%u:%g %a' $file
	python3 -c 'import os, sys
for name in ("user.x", "security.capability", "system.posix_acl_access"):
	for call in (os.getxattr, os.removexattr, os.listxattr):
		try:
			call(sys.argv[1], name) if call != os.listxattr else call(sys.argv[1])
		except OSError:
			pass' $file
	mknod $file/x c 1 3 2>&1 | grep -o "Not a directory"
done
END
waits() {
	rm -rf play
	mkdir play
	(cd play && timeout 10 "$run" sh "$here/waits")
}
check 'no FIFO and no socket is opened' prints '1:2 0
Not a directory
1:2 0
Not a directory
1:2 777
Not a directory' waits
finish
