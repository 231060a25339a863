#!/bin/sh
# amtree-run: users and groups of a package need no account on this machine
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of dropin.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"

raw=$here/rawread
cc -D_GNU_SOURCE -static -o "$raw" "$tests/rawread.c"
cp /etc/passwd passwd.before
cp /etc/group group.before
fails grep '^daem0n:\|^m4il:\|^l9:\|^svc-web:\|^svc_log:' /etc/passwd /etc/group

# in a recipe
sample owners owners
sample owners others
sed 's/daemon/daem0n/g; s/mail/m4il/g; s/\([" ]\)lp\([" ]\)/\1l9\2/g' \
	owners/APKBUILD >others/APKBUILD
play owners fakeroot
check 'a package may have owners who have no account here' play others amtree-run
check 'which is nothing to remark' says_nothing others
entries owners/pkg/.control.owners/data.tar.gz \
	'/ owners:/!s/daemon/daem0n/g; s/mail/m4il/g; s/:lp/:l9/' >theirs
entries others/pkg/.control.owners/data.tar.gz >ours
check 'it is as it would be if they had one' sh -c '
	sed "/4750/s/65534/0/; /2775/s/65534/0/" ours | diff theirs -'
pack_again() {
	pack others again && same_packages others again
}
check 'and can be packed when all is over' pack_again

in_dir . mkdir web
in_dir web sh -c 'cat >APKBUILD' <<'END'
pkgname=web
pkgusers="svc-$pkgname svc_log daemon"
pkggroups="svc-$pkgname games"
END
# ran COMMAND... - in web/ under amtree-run
ran() {
	in_dir web amtree-run "$@" 2>&1
}
read -r uid gid log <<END
$(ran sh -c 'echo $(id -u svc-web) $(id -g svc-web) $(id -u svc_log)')
END
check 'they have numbers of their own' sh -c '
	[ "$1" -ge 100 ] && [ "$1" -le 999 ] && [ "$2" -ge 100 ] && [ "$1" != "$3" ] &&
	! cut -d: -f3 /etc/passwd /etc/group | grep -x "$1\|$2\|$3"' - \
	"$uid" "$gid" "$log"
user="svc-web:x:$uid:$gid:svc-web:/dev/null:/sbin/nologin"
group="svc-web:x:$gid:"
check 'id knows them' prints "uid=$uid(svc-web) gid=$gid(svc-web) groups=$gid(svc-web)" \
	ran id svc-web
check 'a user without a group is in nogroup' prints 65534 ran id -g svc_log
check 'getent knows the user' prints "$user" ran getent passwd svc-web
check 'by number as well' prints "$user" ran getent passwd "$uid"
check 'and the group' prints "$group" ran getent group svc-web
check 'chown and stat know them' prints "svc-web:svc-web $uid:$gid" ran sh -c '
	: >a && chown svc-web:svc-web a && stat -c "%U:%G %u:%g" a'
check 'so does chgrp' prints 'root:svc-web' ran sh -c '
	: >b && chgrp svc-web b && stat -c %U:%G b'
check 'install -o' prints 'svc_log:games' ran sh -c '
	install -o svc_log -g games APKBUILD c && stat -c %U:%G c'
check 'find -user' prints './d' ran sh -c '
	: >d && chown svc-web d && find . -user svc-web'
check 'tar, when it unpacks' prints svc-web ran sh -c '
	: >e && chown svc-web e && tar cf e.tar e && rm e && tar xf e.tar &&
	stat -c %U e'
check 'Python' prints "$uid $gid" ran python3 -c '
import grp, pwd
print(pwd.getpwnam("svc-web").pw_uid, grp.getgrnam("svc-web").gr_gid)'
check 'who reads the file' prints "$user" ran grep svc-web: /etc/passwd
check 'who has it opened by a shell' prints "$group" \
	ran sh -c 'exec grep svc-web: </etc/group'
check 'each who opens it reads from its beginning' prints "$user
$user" ran sh -c 'exec 3</etc/passwd 4</etc/passwd
	grep svc-web: <&3; grep svc-web: <&4'
check 'it can be copied' prints "$user" ran sh -c '
	cp /etc/passwd copy && grep svc-web: copy'
raw_reads() {
	ran "$raw" "$call" "$path" >said
	if [ "$call" = open ] && [ "$(cat said)" = 'open: not here' ]; then
		return 0
	fi
	{ cat /etc/passwd; grep "^svc-web:\|^svc_log:" said; } | diff - said
}
for call in open openat openat2; do
	for path in /etc/passwd /proc/self/root/etc/passwd /etc/./passwd \
		/../etc//passwd; do
		check "a static program that calls $call of $path" raw_reads
	done
done
path=etc/passwd call=openat
check 'and one that names it from a directory that it has open' raw_reads
check 'who does not want it closed on execve has it open' prints '' sh -c '
	cd web && amtree-run "$1" openat /etc/group 0 |
		grep "FD_CLOEXEC\|errno"; echo' - "$raw"
cat >"$here/opens.py" <<'END'
import os
def try_open(flags):
    try:
        fd = os.open("/etc/passwd", flags)
    except OSError as e:
        return e.strerror
    return os.readlink(f"/proc/self/fd/{fd}")
for flags in os.O_PATH, os.O_DIRECTORY, os.O_WRONLY, os.O_RDWR:
    print(try_open(flags))
END
check 'for all but reading the file is the real one' prints '/etc/passwd
Not a directory
Permission denied
Permission denied' ran python3 "$here/opens.py"
its_own() {
	in_dir web sh -c 'echo mine >passwd' && prints mine ran cat passwd
}
check 'another file of that name is what it is' its_own

# who has an account, and who has none
check 'who has an account keeps the number' prints "$(id daemon)" ran id daemon
check 'so do files of theirs' prints "$(id -u daemon) $(id -g games)" ran sh -c '
	: >f && chown daemon:games f && stat -c "%u %g" f'
check 'a name that is nowhere is none' prints \
	"chown: invalid user: 'svc-nobody'" ran sh -c '
	: >g; chown svc-nobody g || :'
check 'a group is no user' prints "chown: invalid group: 'svc_log:svc_log'" \
	ran sh -c 'chown svc_log:svc_log g || :'

# named by options
in_dir . mkdir plain
# by OPTION... COMMAND... - elsewhere
by() {
	in_dir plain amtree-run "$@" 2>&1
}
check '--user names one elsewhere' prints one by --user one id -un one
check '--group too' prints two by --group=two sh -c '
	: >a && chgrp two a && stat -c %G a'
check 'both may come several times' prints 'a:d
b:c' by --user a --user b --group c --group d sh -c '
	: >b && chown a:d b && stat -c %U:%G b
	chown b:c b && stat -c %U:%G b'
check 'with users only, groups are still known' prints "$(id -gn daemon)" \
	by --user one id -gn daemon
check 'with groups only, users are' prints daemon by --group two id -un daemon
check 'they are written down by name' prints './x gname=two uname=one' sh -c '
	cd plain && mkdir x && cd .. && amtree-run --root plain --control c \
		--user one --group two chown one:two plain/x 2>&1 &&
	amtree -l --root plain --control c | sed "s/ optional.*//"'
check 'without names, the files are the real ones' prints /etc/passwd by sh -c \
	'exec readlink /proc/self/fd/0 </etc/passwd'
check 'nor do names that exist make others of them' prints /etc/passwd \
	by --user daemon sh -c 'exec readlink /proc/self/fd/0 </etc/passwd'
for name in a:b -x 'a b' ''; do
	check "'$name' is no name" fails_with 125 \
		"^amtree-run: .*user name" amtree-run --user "$name" true
done
many() {
	set --
	for i in $(seq 65); do
		set -- "$@" --user "u$i"
	done
	fails_with 125 '^amtree-run: more than 64 names' amtree-run "$@" true
}
check 'there is a limit' many
if is_root; then
	check 'root, too, may name some' prints one \
		"$run" --user one sh -c 'id -un one'
fi

# what the recipe says, and what it does not
in_dir . mkdir evil
in_dir evil sh -c 'cat >APKBUILD' <<'END'
pkgname=evil
touch 1; `touch 2`
pkgusers="$(touch 3)"
[ -e 4 ] || touch 4
pkggroups=`touch 5` ; pkgusers=$pkgusers\ x
"$(touch 6)"; eval 'touch 7' && x=${x:-$(touch 8)} <<EOF
$(touch 9)
EOF
END
unknown() {
	in_dir evil amtree-run true 2>said || return 1
	for list in pkgusers pkggroups; do
		echo "amtree-run: APKBUILD: what $list is, only a shell could" \
			"tell: name them by --user and --group"
	done | diff - said
}
check 'what only a shell could know is said to be unknown' unknown
check 'and nothing of a recipe is run' prints APKBUILD ls evil
sample owners told
sed 's/^pkgusers="daemon/pkgusers="$(echo daem0n)/; s/ -o daemon/ -o daem0n/
	s/daemon"/daem0n"/; s/ daemon / daem0n /; s/daemon:daemon/daem0n:daem0n/
	' owners/APKBUILD >told/APKBUILD
check 'then they can be named in FAKEROOT' play told \
	'amtree-run --user daem0n --group daem0n'
check 'after one notice' lib_one_line told.err 'what pkgusers is, only a shell'
check 'no file of the machine has changed' cmp /etc/passwd passwd.before
check 'neither of them' cmp /etc/group group.before
finish
