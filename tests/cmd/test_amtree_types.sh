#!/bin/sh
# amtree -t, -D, -l and -c: objects that are not on disk, and capabilities
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo/usr/bin pkg/foo/dev
: >APKBUILD
: >pkg/foo/usr/bin/ping
ln -s ping pkg/foo/usr/bin/link
chmod 755 pkg/foo/usr/bin/ping
mtree=pkg/.control.foo/.mtree

# declares TEXT ARG... - amtree with these arguments makes a file of this text
declares() {
	want=$1
	shift
	rm -rf pkg/.control.foo
	silent "$amtree" "$@" || return 1
	printf '#mtree v2.0\n%s\n' "$want" | diff - "$mtree"
}

# refuses STATUS REGEX ARG... - and leaves the file of overrides as it was
refuses() {
	status=$1 regex=$2
	shift 2
	rm -rf pkg/.control.foo
	"$amtree" -u keep pkg/foo/usr && cp "$mtree" before &&
		fails_with "$status" "$regex" "$amtree" "$@" &&
		cmp "$mtree" before
}

check '-t dir declares a directory of mode 755' declares '#amtree create bind=type
var/empty gname=root uname=root mode=755 type=dir' -t dir pkg/foo/var/empty
check '-t fifo declares a fifo of mode 644' declares '#amtree create bind=type
dev/initctl gname=root uname=root mode=644 type=fifo' \
	-t fifo pkg/foo/dev/initctl
check '-t char -D declares a character device' declares \
	'#amtree create bind=type,device
dev/null gname=root uname=root mode=644 type=char device=native,1,3' \
	-t char -D 1,3 pkg/foo/dev/null
check '--type=block --device declares a block device' declares \
	'#amtree create bind=type,mode,gname,device
dev/sda gname=disk uname=root mode=660 type=block device=native,8,0' \
	--type=block --device=8,0 -m 660 -g disk pkg/foo/dev/sda
check 'the largest device numbers of Linux are taken' declares \
	'#amtree create bind=type,device
dev/x gname=root uname=root mode=644 type=char device=native,4095,1048575' \
	-t char -D 4095,1048575 pkg/foo/dev/x
for link in '-t link -l' '-t link --link' '-tlink -l' '--type=link -l' \
	'--ty link -l'; do
	# shellcheck disable=SC2086
	check "$link declares a symbolic link" declares '#amtree create bind=type,link
usr/bin/su gname=root uname=root mode=777 type=link link=busybox' \
		$link busybox pkg/foo/usr/bin/su
done
check '-l may stand before -t' declares '#amtree create bind=type,link
usr/bin/su gname=root uname=root mode=777 type=link link=busybox' \
	-l busybox -t link pkg/foo/usr/bin/su
check 'a target of any bytes is taken' declares '#amtree create bind=type,link
usr/bin/su gname=root uname=root mode=777 type=link link=..//a\040\012\377' \
	-t link -l "$(printf '..//a \n\377')" pkg/foo/usr/bin/su
check '-t of what is there states its type' declares '#amtree bind=type,uname
usr/bin/ping gname=root uname=foo mode=755 type=file' \
	-t file -u foo pkg/foo/usr/bin/ping
check '-t link of what is there gives it another target' declares \
	'#amtree bind=type,link
usr/bin/link gname=root uname=root mode=777 type=link link=pong' \
	-t link -l pong pkg/foo/usr/bin/link
later() {
	declares '#amtree create bind=type
var/empty gname=root uname=root mode=755 type=dir' -t dir pkg/foo/var/empty &&
		"$amtree" -m g+w -u foo pkg/foo/var/empty &&
		prints 'var/empty uname=foo mode=775 type=dir' \
			"$amtree" -l pkg/foo/var
}
check 'what was declared can be named without -t later' later

check 'what is missing needs -t' refuses 3 \
	"/pkg/foo/nope' does not exist, and only .*-t. can create it" \
	-u foo pkg/foo/nope
check 'a file cannot be created' refuses 3 'does not exist' \
	-t file pkg/foo/nope
check '-t of another type than the one on disk fails' refuses 3 \
	"'usr/bin/ping' exists and is a file, not a dir" \
	-t dir pkg/foo/usr/bin/ping
check 'an unknown type is a usage error' refuses 2 "unknown type 'socket'" \
	-t socket pkg/foo/x
check 'an empty type is a usage error' refuses 2 'unknown type' \
	-t '' pkg/foo/x
check '-t char without -D is a usage error' refuses 2 'needs -D' \
	-t char pkg/foo/x
check '-t link without -l is a usage error' refuses 2 'needs -l' \
	-t link pkg/foo/x
check '-D without -t is a usage error' refuses 2 '^amtree: -D goes with -t' \
	-D 1,3 pkg/foo/x
check '-D with -t dir is a usage error' refuses 2 '^amtree: -D goes with -t' \
	-t dir -D 1,3 pkg/foo/x
check '--link without -t is a usage error' refuses 2 'link goes with -t link' \
	--link=x pkg/foo/x
check '-R with -t is a usage error' refuses 2 '^amtree: -R does not go with -t' \
	-R -t dir pkg/foo/x
check 'an empty target is a usage error' refuses 2 'target' \
	-t link -l '' pkg/foo/x
for device in 1 '1,' ',1' 1,x 1,2,3 -1,2 0x1,2 '1, 2' 4096,0 0,1048576 \
	99999999999999999999,1 ''; do
	check "'$device' is no device number" refuses 2 'no device number' \
		-t char -D "$device" pkg/foo/x
done
check 'a symbolic link has no mode' refuses 3 \
	"'usr/bin/link' is a link: it has no mode of its own" \
	-m 755 pkg/foo/usr/bin/link
check 'a directory has no capabilities' refuses 3 \
	"'usr/bin' is a dir: it has no capabilities" \
	-c cap_net_raw+ep pkg/foo/usr/bin
check 'a symbolic link has no capabilities' refuses 3 'no capabilities' \
	-c cap_net_raw+ep pkg/foo/usr/bin/link

# capabilities: a comment has them as typed
check '-c writes capabilities into the comment' declares \
	'#amtree bind=caps caps=cap_net_raw+ep
usr/bin/ping gname=root uname=root mode=755 type=file' \
	-c cap_net_raw+ep pkg/foo/usr/bin/ping
check '-c none takes them away' declares '#amtree bind=caps caps=none
usr/bin/ping gname=root uname=root mode=755 type=file' \
	--caps=none pkg/foo/usr/bin/ping
check 'several clauses are one value' declares \
	'#amtree bind=caps caps=cap_chown=p\040cap_kill+i
usr/bin/ping gname=root uname=root mode=755 type=file' \
	-c 'cap_chown=p cap_kill+i' pkg/foo/usr/bin/ping
for caps in cap_nope+ep cap_net_raw cap_net_raw+x cap_net_raw,+ep NONE 64+p \
	'cap_chown=ep cap_kill=p'; do
	check "'$caps' is no set of capabilities" refuses 2 '^amtree: ' \
		-c "$caps" pkg/foo/usr/bin/ping
done

# listed CAPS - how amtree shows what it understood
listed() {
	rm -rf pkg/.control.foo
	"$amtree" -c "$1" pkg/foo/usr/bin/ping &&
		"$amtree" -l pkg/foo/usr/bin/ping | sed 's/.*caps=//'
}
cat >expected <<'X'
cap_net_raw+ep cap_net_raw=ep
cap_net_raw=ep cap_net_raw=ep
cap_net_raw,cap_net_admin+eip cap_net_admin,cap_net_raw=eip
cap_chown,cap_kill=p cap_chown,cap_kill=p
cap_setuid=i cap_setuid=i
13+ep cap_net_raw=ep
X
while read -r caps want; do
	check "amtree lists '$caps' as '$want'" prints "$want" listed "$caps"
done <expected

# like_setcap CAPS - the value of security.capability is the one setcap gives
like_setcap() {
	rm -rf pkg/.control.foo
	: >real
	setcap "$1" real || return 1
	"$amtree" -c "$1" pkg/foo/usr/bin/ping || return 1
	"$build" -q --root pkg/foo --format tar -o x.tar || return 1
	python3 - <<'P'
import os, sys, tarfile
want = os.getxattr("real", "security.capability")
got = tarfile.open("x.tar", errors="surrogateescape") \
    .getmember("usr/bin/ping").pax_headers["SCHILY.xattr.security.capability"]
got = got.encode("utf-8", "surrogateescape")
if got != want:
    sys.exit("setcap: %r, amtree: %r" % (want, got))
P
}
if is_root; then
	for caps in cap_net_raw+ep cap_net_raw=ep cap_net_raw,cap_net_admin+eip \
		cap_chown=p cap_setuid=i =ep =eip 'cap_chown=p cap_kill+p' \
		'cap_net_bind_service+ep cap_syslog+ep' all=ep \
		'all=p cap_chown-p' cap_checkpoint_restore,cap_bpf=ep \
		'cap_chown+ep cap_chown-e cap_chown+e' 13+ep CAP_NET_RAW+ep \
		'' = all=; do
		check "'$caps' means what setcap makes of it" \
			like_setcap "$caps"
	done
	setcap cap_kill=p pkg/foo/usr/bin/ping
	rm -rf pkg/.control.foo
	"$amtree" -c none pkg/foo/usr/bin/ping
	check '-c none takes away what the file has on disk' \
		sh -c '"$1" --root pkg/foo --json | grep ping | fgrep -v caps' \
		- "$merge"
	setcap -r pkg/foo/usr/bin/ping
else
	check 'an ordinary user may give any capabilities' \
		sh -c '"$1" -c all=eip pkg/foo/usr/bin/ping' - "$amtree"
fi
finish
