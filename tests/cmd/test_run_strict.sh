#!/bin/sh
# amtree-run --strict: what would be recorded is refused, with what to write
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of dropin.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"

echo pkgname=p >APKBUILD
# fresh - both packages as they were
fresh() {
	rm -rf pkg
	mkdir -p pkg/p/usr/bin pkg/p-doc/usr/share "pkg/p/two words" pkg/p/dev
	cp /bin/true pkg/p/usr/bin/it
	cp /bin/true pkg/p/usr/bin/suid
	chmod 4755 pkg/p/usr/bin/suid
	ln -s it pkg/p/usr/bin/link
	: >"pkg/p/two words/it's \$HOME"
	: >pkg/p-doc/usr/share/doc
}
fresh

# refuses LINE COMMAND... - with $options it fails with EPERM, and LINE is what we
# say
options=
refuses() {
	refuses_line=$1
	shift
	# shellcheck disable=SC2086 # words
	if amtree-run --strict $options -- "$@" >said 2>&1; then
		cat said
		echo 'it succeeded'
		return 1
	fi
	grep -q 'ermission denied\|not permitted' said || { cat said; return 1; }
	grep '^amtree-run:' said >ours
	echo "amtree-run: refused; write instead$refuses_line" | diff - ours
}
# in_force PACKAGE TEXT - what amtree -l says, once what was printed is pasted
pasted() {
	sed -n 's/.*; write instead: //p' ours >line
	(pkgdir=$PWD/pkg/p subpkgdir=$PWD/pkg/p-doc PATH=$O:$PATH
	export pkgdir subpkgdir
	sh -eu line) || return 1
	"$amtree" -l "pkg/$1" | grep -vF optional >listed || :
	printf '%s\n' "$2" | diff - listed
}
# one NAME LINE PACKAGE LISTED COMMAND...
one() {
	one_name=$1 one_line=$2 one_package=$3 one_listed=$4
	shift 4
	check "$one_name is refused" refuses ": $one_line" "$@"
	check "the line of $one_name does it" pasted "$one_package" "$one_listed"
	rm -rf pkg/.control.*
}

it='"$pkgdir"/usr/bin/it' file=pkg/p/usr/bin/it
one chown "amtree -u mail $it" p 'usr/bin/it uname=mail' chown mail $file
one chgrp "amtree -g mail $it" p 'usr/bin/it gname=mail' chgrp mail $file
one 'chown of both' "amtree -u mail -g lp $it" p \
	'usr/bin/it gname=lp uname=mail' chown mail:lp $file
one 'chown of one half to root' "amtree -g lp $it" p 'usr/bin/it gname=lp' \
	chown root:lp $file
one 'chown by a number that is nobody' "amtree -u 54321 $it" p \
	'usr/bin/it uid=54321' chown 54321 $file
one 'chown of a link' 'amtree -u mail "$pkgdir"/usr/bin/link' p \
	'usr/bin/link uname=mail' chown -h mail pkg/p/usr/bin/link
one 'chown through a link' "amtree -u mail $it" p 'usr/bin/it uname=mail' \
	chown mail pkg/p/usr/bin/link
one 'chown of a directory' 'amtree -u mail "$pkgdir"/usr' p \
	'./usr uname=mail' chown mail pkg/p/usr
one 'an odd name' "amtree -u mail \"\$pkgdir\"/'two words/it'\\''s \$HOME'" p \
	"two\\040words/it's\\040\$HOME uname=mail" \
	chown mail "pkg/p/two words/it's \$HOME"
one 'chown in a subpackage' 'amtree -u mail "$subpkgdir"/usr/share/doc' p-doc \
	'usr/share/doc uname=mail' chown mail pkg/p-doc/usr/share/doc
one 'setcap' "amtree -c cap_net_raw=ep $it" p 'usr/bin/it caps=cap_net_raw=ep' \
	setcap cap_net_raw+ep $file
one 'mknod' 'amtree -t char -D 1,3 -m 600 "$pkgdir"/dev/null' p \
	'dev/null mode=600 type=char device=native,1,3' \
	mknod -m 600 pkg/p/dev/null c 1 3
one 'mknod of a block device' 'amtree -t block -D 7,0 -m 644 "$pkgdir"/dev/loop0' p \
	'dev/loop0 mode=644 type=block device=native,7,0' \
	mknod pkg/p/dev/loop0 b 7 0
check 'a refused device is not made' [ -z "$(ls pkg/p/dev)" ]
check 'install -o is refused' refuses ': amtree -u mail "$pkgdir"/usr/bin/new' \
	install -o mail APKBUILD pkg/p/usr/bin/new
rm pkg/p/usr/bin/new
check 'what lies in no package has the name that it has now' refuses \
	", where it is packed: amtree -u mail -g lp $PWD/other" \
	sh -c ': >other && exec chown mail:lp other'
check 'so has the root of a package, which is no file of it' refuses \
	", where it is packed: amtree -u mail $PWD/pkg/p" chown mail pkg/p
check 'a number that no package can have has no line' refuses \
	": # amtree cannot declare 'usr/bin/it': user number 3000000 is over 2097151" \
	chown 3000000 $file
several() {
	amtree-run --strict chown -R mail:mail pkg/p/usr/bin >said 2>&1 && return 1
	sed -n 's/^amtree-run: refused; write instead: //p' said | sort >ours
	printf 'amtree -u mail -g mail "$pkgdir"/usr/bin%s\n' '' /it /link /suid |
		diff - ours
}
check 'chown -R says a line for each file' several
check 'what is refused is not recorded' [ ! -e pkg/.control.p/.mtree ]
options='--user svc --group svg'
check 'names that need no account here are in the line' refuses \
	': amtree -u svc -g svg "$pkgdir"/usr' chown svc:svg pkg/p/usr
options=--suggest
check 'with --suggest, it is refused as well' refuses \
	': amtree -u mail "$pkgdir"/usr' chown mail pkg/p/usr
check 'and nothing is suggested' fails grep '^amtree ' said
options=

# lets COMMAND... - it is not refused, and nothing is recorded
lets() {
	silent amtree-run --strict -- "$@" && [ ! -e pkg/.control.p ]
}
me=$(id -u) my_group=$(id -g)
check 'chown to root:root is let through' lets chown root:root $file
check 'chown -R to it' lets chown -R 0:0 pkg
check 'chgrp to it' lets chgrp root $file
check 'chown to nobody at all' lets chown : $file
check 'chown to oneself, which is root' lets chown "$me:$my_group" $file
check 'chmod' lets sh -c 'chmod 4750 "$1" && chmod -R go-w pkg && chmod 0 "$1" &&
	[ "$(stat -c %a "$1")" = 0 ]' - $file
fresh
check 'cp -a' lets sh -c 'cp -a pkg/p copy && [ -u copy/usr/bin/suid ]'
check 'install -o root -g root' lets install -Dm4755 -o root -g root $file to/it
check 'tar of root, with its owners' lets sh -c '
	tar cf p.tar pkg && mkdir apart && tar xpf p.tar -C apart --same-owner'
check 'mkfifo, and mknod of one' lets sh -c 'mkfifo a && mknod b p'
check 'setcap -r where there is none' lets sh -c '
	setcap -r "$1" 2>/dev/null; :' - $file
check 'a chown of what is not there' lets sh -c '
	chown mail nothing 2>/dev/null; [ $? -eq 1 ]'
status() {
	status=0
	amtree-run --strict sh -c 'chown mail "$1"; exit 7' - "$file" 2>said ||
		status=$?
	[ "$status" -eq 7 ]
}
check 'the status is that of the command' status
check 'Python gets an exception' refuses ": amtree -u mail $it" python3 -c '
import os, pwd, sys
try:
    os.chown(sys.argv[1], pwd.getpwnam("mail").pw_uid, -1)
except PermissionError:
    sys.exit("Permission denied")' $file

# in a build
sample owners owners
check 'abuild fails where a recipe chowns' fails \
	play owners 'amtree-run --strict'
check 'at the first' sh -c '[ "$(grep -c refused owners.err)" -eq 1 ] &&
	grep -qx "amtree-run: refused; write instead: amtree -u mail -g mail \
\"\$pkgdir\"/var/spool/owners" owners.err'
check 'no package is made' [ ! -e owners/packages ]
sample plain plain
play plain amtree-run
cp -a plain plain.strict
check 'a package of root passes' play plain.strict 'amtree-run --strict'
check 'silently' says_nothing plain.strict
check 'and is the same' cmp plain/packages/plain-1.0-r0.apk \
	plain.strict/packages/plain-1.0-r0.apk
cat >recipe <<'END'
pkgname=declared
pkgver=1
pkgrel=0
arch=noarch
subpackages=$pkgname-sub:sub
pkgusers=mail
package() {
	echo it >it
	install -Dm750 it "$pkgdir"/usr/bin/it
	install -d "$pkgdir"/var/lib/it/a "$pkgdir"/var/log/it
END
in_dir . mkdir recorded declared
{ cat recipe; cat <<'END'
	chown -R mail "$pkgdir"/var/lib/it
	install -d -o mail -g lp "$pkgdir"/var/log/it
	chgrp mail "$pkgdir"/usr/bin/it
	mknod -m 600 "$pkgdir"/var/tty c 4 1
}
sub() {
	amove var/log
}
END
} | in_dir recorded sh -c 'cat >APKBUILD'
{ cat recipe; cat <<'END'
	amtree -R -u mail "$pkgdir"/var/lib/it
	amtree -u mail -g lp "$pkgdir"/var/log/it
	amtree -g mail "$pkgdir"/usr/bin/it
	amtree -t char -D 4,1 -m 600 "$pkgdir"/var/tty
}
sub() {
	amove var/log
}
END
} | in_dir declared sh -c 'cat >APKBUILD'
play recorded amtree-run
same_as_recorded() {
	cmp "$control/data.tar.gz" \
		"recorded/pkg/.control.$name/data.tar.gz"
}
check 'a package that declares all passes' play declared 'amtree-run --strict'
check 'silently, too' says_nothing declared
check 'with nothing recorded' fails grep -r recorded declared/pkg --include .mtree
check 'and is the same as one that was recorded' each declared same_as_recorded
finish
