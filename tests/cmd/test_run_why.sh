#!/bin/sh
# amtree-run and amtree --why: which command's call gave a file its owner
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154,SC2086 # variables of dropin.sh, and of ours
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"

mkdir -p root/a
mtree=control/.mtree
# run COMMAND... - recorded
run() {
	amtree-run --root root --control control "$@"
}
# why KEYWORD PATH - what --why has to say of it, without FILE:LINE
why() {
	amtree -l --why --root root --control control "root/$2" >said || return 1
	sed -n "s/^    \($1=.*\): [^ ]*:[0-9]*, /\1 /p; s/^    \($1=.*: [^,]*\)$/\1/p" said
}
# says WANT KEYWORD PATH
says() {
	want=$1
	shift
	prints "$want" why "$@"
}

: >root/a/x
: >root/a/y
: >root/a/z
run chown -R mail:lp root/a
check 'a recorded owner is the deed of a call of a command' says \
	'uname=mail recorded: chown -R mail:lp root/a (fchownat)' uname a/x
check 'so is the group' says \
	'gname=lp recorded: chown -R mail:lp root/a (fchownat)' gname a/y
check 'a mode that is on disk is nobodys' says 'mode=644: on disk' mode a/x
run chgrp bin root/a/x
check 'in the next run an earlier deed is known still' says \
	'uname=mail recorded: chown -R mail:lp root/a (fchownat)' uname a/x
check 'beside its own' says \
	'gname=bin recorded: chgrp bin root/a/x (fchownat)' gname a/x
run chown mail root/a/x root/a/y
check 'who changes nothing has done nothing' says \
	'uname=mail recorded: chown -R mail:lp root/a (fchownat)' uname a/x
cp $mtree before
run true
check 'a run without deeds leaves the records as they are' cmp before $mtree

rm -r root control
mkdir root
vendor='install -m 4755 -o daemon -g lp /dev/null root/prog
mknod root/null c 1 3
chmod 0 root/closed'
: >root/closed
run sh -ec "$vendor"
check 'install gives owner, group' says \
	'uname=daemon recorded: install -m 4755 -o daemon -g lp /dev/null root/prog (fchownat)' \
	uname prog
check 'mknod a device' says \
	'type=char recorded: mknod root/null c 1 3 (mknodat)' type null
check 'with its number' says \
	'device=native,1,3 recorded: mknod root/null c 1 3 (mknodat)' device null
check 'chmod a mode that the disk cannot have' says \
	'mode=0 recorded: chmod 0 root/closed (fchmodat)' mode closed
amtree --root root --control control -u www root/prog
cat >over <<'END'
    uname=www: control/.mtree
        over uname=daemon: control/.mtree, recorded: install -m 4755 -o daemon -g lp /dev/null root/prog (fchownat)
END
check 'what is declared goes over it' sh -c '
	amtree -l --why --root root --control control root/prog |
	sed -n "2,3s/:[0-9]*\(,\|$\)/\1/p" | diff over -'

# of a program that calls by itself, and while the command runs
cat >give.py <<'END'
import os, subprocess, sys
os.chown("root/from python", 8, 7)
os.setxattr("root/from python", "security.capability",
            bytes.fromhex("0100000200200000000000000000000000000000"))
subprocess.run(["amtree", "-l", "--why", "--root", "root", "--control",
                "control", "root/from python"], check=True)
END
: >'root/from python'
cat >while <<'END'
    uname=mail: recorded: python3 give.py 'two words' (chown)
    gname=lp: recorded: python3 give.py 'two words' (chown)
    caps=cap_net_raw=ep: recorded: python3 give.py 'two words' (setxattr)
END
check 'while a command runs its journal has it' sh -c '
	amtree-run --root root --control control python3 give.py "two words" |
	sed "s/: .*, /: /" | sed -n 2p\;4p\;8p | diff while -'

busybox=$(command -v busybox || :)
if [ -n "$busybox" ]; then
	: >root/static
	run busybox chown mail root/static
	check 'a static program is named as well' says \
		"uname=mail recorded: busybox chown mail root/static (chown)" \
		uname static
fi
long=$(printf %0300d 7)
: >root/long
run sh -c 'chown mail root/long "$1"' - "root/$long" 2>/dev/null || :
shortened() {
	why uname long >line && grep -q '^uname=mail recorded: chown mail root/long root/0*\.\.\. (fchownat)$' line &&
		[ "$(wc -c <line)" -lt 260 ]
}
check 'a long command line is cut' shortened
: >root/odd
run sh -c 'chown mail root/odd "$(printf "\033[31m\nx")"' 2>/dev/null || :
check 'bytes that are no text stand as such' says \
	'uname=mail recorded: chown mail root/odd "$(printf '\''\033\13331m\012x'\'')" (fchownat)' \
	uname odd

# A package is the same with it and without, and .mtree in each run the same.
again() {
	mkdir "$1" && cd "$1" && mkdir root && : >root/closed && run sh -ec "$vendor" &&
		cd ..
}
same() {
	again one && again two && cmp one/$mtree two/$mtree &&
		grep -q ' by=' one/$mtree
}
check 'the same command leaves the same lines' same
sed 's/ by=[^ ]*//g' one/$mtree >two/$mtree
bytes() {
	for run in one two; do
		silent "$build" -q --root $run/root --control $run/control \
			-o $run.tar.gz || return 1
		silent "$merge" --root $run/root --control $run/control \
			-o $run.mtree || return 1
	done
	cmp one.tar.gz two.tar.gz && cmp one.mtree two.mtree &&
		! grep -q ' by=' one.mtree && ! grep -q ' by=' two/$mtree
}
check 'a package is the same, byte for byte, without them' bytes
finish
