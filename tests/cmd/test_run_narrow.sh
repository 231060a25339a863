#!/bin/sh
# amtree-run: programs of other ABIs than the machine's own, and calls that are
# younger than amtree-run
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of dropin.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"

# called NUMBER - what a call without sense gives
cat >"$here/call.py" <<'END'
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
result = libc.syscall(ctypes.c_long(int(sys.argv[1], 0)), b"x", 1, 1)
print(result, os.strerror(ctypes.get_errno()) if result < 0 else "")
END
: >x
for number in 500 511 512 1000; do
	check "call $number, which nobody knows yet, is not there" prints \
		'-1 Function not implemented' \
		amtree-run --root . --control c python3 "$here/call.py" $number
done
if [ "$(cc -dumpmachine | cut -d- -f1)" != x86_64 ]; then
	echo 'not run: 32-bit calls, for this is no x86_64'
	finish
fi

# x32 has its calls from 0x40000000 on; 92 is chown.
x32() {
	status=0
	amtree-run --root . --control c python3 "$here/call.py" 0x4000005c \
		2>said || status=$?
	lib_one_line said '^amtree-run: process [0-9]+ is a program of another ABI'\
', whose system calls cannot be recorded: killed$' && [ "$status" -eq 137 ]
}
check 'a program of the ABI x32 is killed' x32
others() {
	amtree-run --root . --control c sh -c '
		python3 "$1" 0x4000005c & wait "$!"; echo "$?"
		chown 1:2 x && stat -c %u:%g x' - "$here/call.py" 2>/dev/null |
		paste -sd ' ' | grep -x '137 1:2'
}
check 'but no other' others

n=$here/narrowcall
cc -D_GNU_SOURCE -o "$n" "$tests/narrowcall.c"
export n
if ! "$n" getuid32 >said 2>&1; then
	echo 'not run: 32-bit calls, for this kernel has none'
	finish
fi
# does NAME TEXT SCRIPT - in an empty directory, under amtree-run with $options
options=
does() {
	rm -rf root control
	mkdir root
	# shellcheck disable=SC2086 # words
	check "32-bit $1" prints "$2" amtree-run $options --root root \
		--control control sh -c "cd root && $3"
}

does 'chown and lchown' 'chown32: 0
lchown32: 0
fchown32: 0
fchownat: 0
fchownat: 0
chown: 0
lchown: 0
fchown: 0
a 1:2
b 70001:70002
c 5:6
d 7:8
e 9:10
l 3:4
m 11:12' 'touch a b c d e; ln -s a l; ln -s a m
$n chown32 l "#1" "#2"; $n lchown32 l "#3" "#4"
$n fchown32 %b "#70001" "#70002"; $n fchownat "#-100" c "#5" "#6" "#0"
$n fchownat %d "" "#7" "#8" "#0x1000"
$n chown e "#9" "#10"; $n lchown m "#11" "#12"; $n fchown %e "#0xffff" "#0xffff"
stat -c "%n %u:%g" *'
does 'halves that keep what was' 'chown32: 0
chown32: 0
chown: 0
chown: 0
chown: 0
a 1:2
b 3:4
c 0:32770' 'touch a b c
$n chown32 a "#1" "#-1"; $n chown32 a "#-1" "#2"
$n chown b "#3" "#0xffff"; $n chown b "#0xffff" "#4"
$n chown c "#0" "#0x18002"
stat -c "%n %u:%g" *'
does 'chmod and mkdir' 'chmod: 0
fchmod: 0
fchmodat: 0
mkdir: 0
a 4755
b 0
c 2711
d 2700' 'touch a b c; $n chmod a "#04755"; $n fchmod %b "#0"
$n fchmodat "#-100" c "#02711"; $n mkdir d "#02700"; stat -c "%n %a" *'
does 'mknod' 'mknod: 0
mknodat: 0
mknod: 0
blk block special file 8,1
dev character special file 1,3
fifo fifo 0,0' '$n mknod dev "#020600" "#0x103"
$n mknodat "#-100" blk "#060600" "#0x801"; $n mknod fifo "#010600" "#0"
stat -c "%n %F %Hr,%Lr" *'
does 'stat64 and statx' 'stat64: 0 104711 3:4 0
lstat64: 0 120777 70000:6 0
fstat64: 0 104711 3:4 0
fstatat64: 0 120777 70000:6 0
fstatat64: 0 20600 0:0 103
statx: 0 104711 3:4
stat64: 0 100644 0:0 0' 'touch a own; ln -s a l; mknod -m 600 dev c 1 3
chown 3:4 a; chmod 4711 a; chown -h 70000:6 l
$n stat64 l :out; $n lstat64 l :out; $n fstat64 %a :out
$n fstatat64 "#-100" l :out "#0x100"; $n fstatat64 "#-100" dev :out "#0"
$n statx "#-100" l "#0" "#0x7ff" :out; $n stat64 own :out'
does 'stat of long ago is not there' 'oldstat: errno 38
stat: errno 38' 'touch a; $n oldstat a :out; $n stat a :out'
does 'ids are 0' 'getuid: 0
getgid: 0
getuid32: 0
getegid32: 0
getresuid: 0 0 0 0
getresuid32: 0 0 0 0
setuid32: 0
setgroups32: 0
getuid32: 0' '$n getuid; $n getgid; $n getuid32; $n getegid32
$n getresuid :out :out :out; $n getresuid32 :out :out :out
$n setuid32 "#5"; $n setgroups32 "#0" "#0"; $n getuid32'
options=--no-fake-id
does 'ids are the true ones, with --no-fake-id' "getuid32: $(id -u)
getresuid32: 0 $(id -u) $(id -u) $(id -u)" '$n getuid32
$n getresuid32 :out :out :out'
options=
caps=0100000200200000000000000000000000000000
name=73656375726974792e6361706162696c69747900
export caps
does 'capabilities' "setxattr: 0
a cap_net_raw=ep
getxattr: 20 $caps
listxattr: 20 $name
removexattr: 0
getxattr: errno 61
fsetxattr: 0
a cap_net_raw=ep" 'touch a
$n setxattr a security.capability =$caps "#20" "#0"; getcap a
$n getxattr a security.capability :out "#100"; $n listxattr a :out "#100"
$n removexattr a security.capability
$n getxattr a security.capability :out "#100"
$n fsetxattr %a security.capability =$caps "#20" "#0"; getcap a'
# What libseccomp may not know of i386 fails, or it would be unseen.
does 'calls of late are recorded, or not there' 'setxattrat: as it says
removexattrat: as it says
fchmodat2: as it says' 'touch a b c
setcap cap_kill=p b
$n setxattrat "#-100" a "#0" security.capability "&$caps" "#16" >said
case $(cat said)/$(getcap a) in
*": 0/a cap_net_raw=ep" | *": errno 38/") echo "setxattrat: as it says"; esac
$n removexattrat "#-100" b "#0" security.capability >said
case $(cat said)/$(getcap b) in
*": 0/" | *": errno 38/b cap_kill=p") echo "removexattrat: as it says"; esac
$n fchmodat2 "#-100" c "#04100" "#0" >said
case $(cat said)/$(stat -c %a c) in
*": 0/4100" | *": errno 38/644") echo "fchmodat2: as it says"; esac'
does 'calls that nobody knows are not there' '#471: errno 38' '$n "#471"'
options='--user svc --group svc'
user=$(amtree-run --user svc --group svc getent passwd svc)
how=000000000000000000000000000000000000000000000000
export how
does 'opens of passwd' "open: $user
open: $user
openat: $user
openat2: $user
openat2: errno 22
open: mine" '$n open /etc/passwd "#0"; $n open /etc/passwd "#0100000"
$n openat "#-100" /etc/passwd "#02000000"; $n openat2 "#-100" /etc/passwd =$how "#24"
$n openat2 "#-100" /etc/passwd =$how "#20"; echo mine >passwd; $n open passwd "#0"'
options=
does 'calls that fail do so as always' 'chown32: errno 2
stat64: errno 2
stat64: errno 14
chown32: errno 14
chmod: errno 20' 'touch a; $n chown32 nope "#1" "#2"; $n stat64 nope :out
$n stat64 a "#8"; $n chown32 "#8" "#1" "#1"; $n chmod a/b "#0"'
does 'records are written down' '' 'touch a
$n chown32 a "#12345" "#54321" >said; rm said; echo'
check 'as others are' prints '#mtree v2.0
#amtree recorded bind=uname,gname by=uname,gname:chown32:narrowcall
./a gid=54321 uid=12345 mode=644 type=file optional' sed 's/:[^:]*narrowcall.*/:narrowcall/' control/.mtree
strict() {
	for call in chown32 chown; do
		amtree-run --strict "$n" "$call" x '#12345' '#-1' 2>said |
			grep -x "$call: errno 1" &&
			lib_one_line said ": amtree -u 12345 $PWD/x$" || return 1
	done
}
check 'a 32-bit chown is refused with --strict' strict
finish
