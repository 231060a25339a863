#!/bin/sh
# amtree-run beside fakeroot: static programs, which fakeroot cannot see
# shellcheck disable=SC2154 # variables of beside.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/beside.sh"

raw=$here/rawcall
cc -D_GNU_SOURCE -static -pthread -o "$raw" "$tests/rawcall.c"
export raw
daemon=$(id -u daemon) players=$(awk -F: '$1 == "games" { print $3 }' /etc/group)

differ 'a static program is seen' "b'./a': uid 0, not $daemon
b'./a': gid 0, not $players
-fchownat: errno 1
+fchownat: done
-statx: 104755 $ordinary:$ordinary_group
+statx: 104755 $daemon:$players" <<END
put a
\$raw fchownat '#-100' a '#$daemon' '#$players' '#0'
\$raw fchmodat '#-100' a '#04755'
\$raw statx '#-100' a '#0' '#0x7ff'
END

does 'chown by hand, each way to name a file' 'fchown: done
fchownat: done
fchownat: done
fchownat: done
fchownat: done
fchownat: done
fchownat: done
fchownat: done
a 1:2
b 3:4
c 0:5
d 6:0
e 7:8
f 9:10
l 11:12
d/g 13:14' <<'END'
put a b c e f d/g
ln -s f l
$raw fchown %a '#1' '#2'
$raw fchownat %b '' '#3' '#4' '#0x1000'
$raw fchownat '#-100' c '#-1' '#5' '#0'
$raw fchownat @d '' '#6' '#-1' '#0x1000'
$raw fchownat '#99' "$PWD/e" '#7' '#8' '#0x100'
$raw fchownat '#-100' l '#9' '#10' '#0'
$raw fchownat '#-100' l '#11' '#12' '#0x100'
$raw fchownat @d g '#13' '#14' '#0x1100'
stat -c '%n %u:%g' a b c d e f l d/g
END

does 'what /proc/self/fd names' 'fchownat: done
fchownat: done
fchmodat: done
fchownat: done
a 1:2 4711
b 3:4 644
l 5:6 777
statx: 100644 3:4' <<'END'
put a b
ln -s a l
$raw fchownat '#-100' /proc/self/fd/@a '#1' '#2' '#0'
$raw fchownat '#-100' /proc/self/fd/%b '#3' '#4' '#0'
$raw fchmodat '#-100' /proc/self/fd/@a '#04711'
$raw fchownat @l '' '#5' '#6' '#0x1000'
stat -c '%n %u:%g %a' a b l
$raw statx '#-100' /proc/self/fd/@b '#0' '#0x7ff'
END

does 'statx by hand, each way to name a file' 'statx: 104711 1:2
statx: 104711 1:2
statx: 120777 3:4
statx: 104711 1:2
statx: 120777 3:4
statx: 100644 0:0
statx: errno 2
statx: errno 9' <<'END'
put a b
ln -s a l
chown 1:2 a
chmod 4711 a
chown -h 3:4 l
$raw statx %a '' '#0x1000' '#0x7ff'
$raw statx '#-100' l '#0' '#0x7ff'
$raw statx '#-100' l '#0x100' '#0x7ff'
$raw statx @. a '#0' '#0x7ff'
$raw statx @l '' '#0x1000' '#0x7ff'
$raw statx '#-100' b '#0' '#0x7ff'
$raw statx '#-100' none '#0' '#0x7ff'
$raw statx '#99' '' '#0x1000' '#0x7ff'
END

does 'what fails by hand' 'fchown: errno 9
fchmod: errno 9
fchownat: errno 2
fchownat: errno 20
fchownat: errno 2
fchownat: errno 9
fchownat: errno 22
fchownat: errno 36
fchownat: errno 14
fchownat: errno 40
fchmodat: errno 2' <<'END'
put a
ln -s loop loop
$raw fchown '#99' '#1' '#1'
$raw fchmod '#-1' '#0600'
$raw fchownat '#-100' none '#1' '#1' '#0'
$raw fchownat '#-100' a/b '#1' '#1' '#0'
$raw fchownat '#-100' '' '#1' '#1' '#0'
$raw fchownat '#99' a '#1' '#1' '#0'
$raw fchownat '#-100' a '#1' '#1' '#0x40'
$raw fchownat '#-100' "$(printf %05000d 0)" '#1' '#1' '#0'
$raw fchownat '#-100' '#1' '#1' '#1' '#0'
$raw fchownat '#-100' loop '#1' '#1' '#0'
$raw fchmodat '#-100' none '#0600'
END

does 'devices by hand' 'mknodat: done
mknodat: done
mknodat: errno 17
a character special file 1,3 600
b block special file 8,1 640' <<'END'
$raw mknodat '#-100' a '#0020600' '#0x103'
$raw mknodat @. b '#0060640' '#0x801'
$raw mknodat @. b '#0060640' '#0x801'
stat -c '%n %F %t,%T %a' a b
END

does 'a child of vfork' 'fchownat: done
fchmodat: done
a 1:2 4755' <<'END'
put a
$raw -v fchownat '#-100' a '#1' '#2' '#0'
$raw -v fchmodat '#-100' a '#04755'
stat -c '%n %u:%g %a' a
END

does 'forty threads of a static program' 'fchownat: done
fchmodat: done
40 files' <<'END'
mkdir t
seq 0 39 | sed 's|^|t/|' | xargs touch
$raw -t 40 fchownat '#-100' t/ '#1' '#2' '#0'
$raw -t 40 fchmodat '#-100' t/ '#04711'
find t -type f -user 1 -group 2 -perm 4711 | wc -l | sed 's/$/ files/'
END

does 'ids by hand' 'getuid: done
setuid: done
setresgid: done' <<'END'
$raw getuid
$raw setuid '#1'
$raw setresgid '#1' '#2' '#3'
END

net_raw=0100000200200000000000000000000000000000
does 'capabilities by hand' 'setxattr: done
lsetxattr: errno 22
fsetxattr: done
removexattr: done
setxattr: errno 22
b cap_net_raw=ep' <<END
put a b
ln -s a l
\$raw setxattr a security.capability =$net_raw '#20' '#0'
\$raw lsetxattr l security.capability =$net_raw '#20' '#0'
\$raw fsetxattr %b security.capability =$net_raw '#20' '#0'
\$raw removexattr a security.capability
\$raw setxattr a security.capability =00 '#1' '#0'
getcap a b
END

# has CALL - does this kernel have it?  Without, what it does cannot be seen.
has() {
	case $("$raw" "$@") in
	*' errno 38') echo "not run: no $1 in this kernel"; return 1 ;;
	esac
}
has fchmodat2 '#-1' x '#0' '#0' && does 'fchmodat2' 'fchmodat2: done
fchmodat2: done
fchmodat2: errno 95
a 4711
b 2750' <<'END'
put a b
ln -s a l
$raw fchmodat2 '#-100' a '#04711' '#0'
$raw fchmodat2 @b '' '#02750' '#0x1000'
$raw fchmodat2 '#-100' l '#0600' '#0x100'
stat -c '%n %a' a b
END

has setxattrat '#-1' x '#0' x '&00' '#16' &&
	does 'setxattrat and removexattrat' 'setxattrat: done
setxattrat: done
removexattrat: done
b cap_net_raw=ep' <<END
put a b
\$raw setxattrat '#-100' a '#0' security.capability '&$net_raw' '#16'
\$raw setxattrat @b '' '#0x1000' security.capability '&$net_raw' '#16'
\$raw removexattrat '#-100' a '#0' security.capability
getcap a b
END
finish
