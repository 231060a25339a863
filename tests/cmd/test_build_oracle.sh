#!/bin/sh
# amtree-build packs what abuild's own line packs under fakeroot
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

epoch=1700000000
users='root daemon games' groups='root daemon games bin'

# stock ROOT OUT SCRIPT [TAR OPTION]... - SCRIPT changes the tree at ROOT as a
# packager does, under fakeroot; then comes what create_apks does
stock() {
	root=$1 out=$here/dir/$2 script=$here/dir/$3
	shift 3
	for name in $users; do echo "$name $name:0"; done >owner-map
	for name in $groups; do echo "$name $name:0"; done >group-map
	set -- --owner-map="$here/dir/owner-map" \
		--group-map="$here/dir/group-map" "$@"
	export out script
	(
		cd "$root"
		# shellcheck disable=SC2016 # expands inside
		fakeroot sh -euc '
			. "$script"
			find * -print0 | LC_ALL=C sort -z | tar --format=posix \
				--pax-option=exthdr.name=%d/PaxHeaders/%f,atime:=0,ctime:=0 \
				--no-recursion --null -f "$out" -c -T - \
				--xattrs --xattrs-exclude=security.selinux "$@"
			' sh "$@"
	)
}

# ours ROOT OUT - what replaces it
ours() {
	"$build" -q --root "$1" -o "$2"
}

# compare NAME [65534] - NAME.tar of stock and NAME.tar.gz of ours
compare() {
	python3 "$tests/tarcmp.py" same "$1.tar" "$1.tar.gz" ${2+"$2"}
}

verify() {
	python3 "$tests/tarcmp.py" verify "$1"
}

# tree NAME - the same tree twice: NAME/stock for abuild, NAME/pkg/foo for us
tree() {
	mkdir -p "$1/pkg/.control.foo"
	python3 "$tests/mktree.py" "$1/stock"
	python3 "$tests/mktree.py" "$1/pkg/foo"
}

: >nothing

# All names, sizes, types, links and modes, owned by root.
tree plain
stock plain/stock plain.tar nothing --mtime=@$epoch
SOURCE_DATE_EPOCH=$epoch ours plain/pkg/foo plain.tar.gz
check 'a tree of everything is the same as from abuild' compare plain
check 'a tree of everything keeps the promises to apk' verify plain.tar.gz

# Without SOURCE_DATE_EPOCH.
stock plain/stock times.tar nothing
ours plain/pkg/foo times.tar.gz
check "files keep their own times as from abuild" compare times

"$build" -q --root plain/pkg/foo --checksum none --format tar -o bare.tar
is_same_but_bare() {
	python3 "$tests/tarcmp.py" same times.tar.gz bare.tar &&
		python3 "$tests/tarcmp.py" verify bare.tar bare
}
check 'for abuild-tar --hash each file has a header to add to' is_same_but_bare

# The builder's own attributes on disk, without a fakeroot that hides them.
mkdir -p attrs/stock attrs/pkg/foo attrs/pkg/.control.foo
for root in attrs/stock attrs/pkg/foo; do
	python3 - "$root" <<'END'
import os, sys
os.chdir(sys.argv[1])
os.makedirs("dir/sub")
for name in ("one", "many", "access", "dir/plain"):
    open(name, "w").close()
os.symlink("one", "link")
os.link("many", "dir/hard")
os.setxattr("one", "user.a", b"b")
os.setxattr("dir", "user.on.directory", b"yes")
for i in range(30):
    os.setxattr("many", "user.n%d" % (i * 7 % 30), b"%d" % i)
os.setxattr("many", "user.empty", b"")
os.setxattr("many", "user.bytes", bytes(range(256)))
os.setxattr("many", "user.long", b"x" * 1500)
os.setxattr("many", b"user.\xff\xfe", b"name in no UTF-8")
os.setxattr("many", "user.a=b%20", b"=c")
entry = lambda tag, perm, who: (tag.to_bytes(2, "little") +
    perm.to_bytes(2, "little") + who.to_bytes(4, "little"))
none = 2**32 - 1
acl = (b"\2\0\0\0" + entry(1, 6, none) + entry(2, 4, 1) + entry(4, 4, none) +
    entry(16, 4, none) + entry(32, 4, none))
os.setxattr("access", "system.posix_acl_access", acl)
os.setxattr("dir/sub", "system.posix_acl_default", acl)
END
done
(cd attrs/stock && find ./* -print0 | LC_ALL=C sort -z |
	sed -z 's|^\./||' | tar --format=posix --no-recursion --null -T - \
	-c -f ../../attrs.tar --xattrs --xattrs-exclude=security.selinux \
	--owner=root:0 --group=root:0 --mtime=@$epoch)
SOURCE_DATE_EPOCH=$epoch ours attrs/pkg/foo attrs.tar.gz
check 'attributes and ACLs on disk are the same as from tar' compare attrs
check 'attributes keep the promises to apk' verify attrs.tar.gz
has_acl() {
	python3 "$tests/tarcmp.py" list attrs.tar.gz >attrs.list
	grep 'dir/sub.* system.posix_acl_default=' attrs.list &&
		grep 'access system.posix_acl_access=' attrs.list
}
check 'ACLs are not lost' has_acl

# What packagers do, with chown and its friends there, with amtree here.
tree packager
cat >script <<'END'
chown daemon:games var/dirs/2775 a 'z/a
b' usr/bin/mode755 run/fifo
chown -h daemon:games links/2-45
chown -h :bin links/1-120
chgrp bin a-b
chown 54321:54322 a0
chown -R games long/"$(printf '%0255d' 0 | tr 0 d)" sizes
chown daemon usr/bin/mode4755
chgrp games usr/bin/mode2755
chown daemon:games usr/bin/mode6755 usr/bin/mode7777
chown root:daemon usr/bin/mode1644
chmod 4711 usr/bin/mode644
chmod 0 usr/bin/mode400
mkdir -p dev lib
mknod -m 666 dev/null c 1 3
mknod -m 640 dev/sda b 8 0
chgrp daemon dev/sda
mknod -m 600 dev/large c 4095 1048575
mkfifo -m 620 dev/pipe
mkdir -m 1777 tmp
ln -s ../run/lock lib/lock
# without an owner of its own, fakeroot forgets that root has it
chown root:root a.b ab
setcap cap_net_raw,cap_net_admin+ep a.b
setcap cap_net_bind_service=ep ab
chown daemon ab
END
amtree() {
	"$amtree" "$@"
}
cd packager/pkg/foo
amtree -u daemon:games var/dirs/2775 a 'z/a
b' usr/bin/mode755 run/fifo
amtree -u daemon:games links/2-45
amtree -g bin links/1-120
amtree -g bin a-b
amtree -u 54321:54322 a0
amtree -R -u games long/"$(printf '%0255d' 0 | tr 0 d)" sizes
amtree -u daemon usr/bin/mode4755
amtree -g games usr/bin/mode2755
amtree -u daemon:games usr/bin/mode6755 usr/bin/mode7777
amtree -u root:daemon usr/bin/mode1644
amtree -m 4711 usr/bin/mode644
amtree -m 0 usr/bin/mode400
amtree -t dir -m 755 dev lib
amtree -t char -D 1,3 -m 666 dev/null
amtree -t block -D 8,0 -m 640 -g daemon dev/sda
amtree -t char -D 4095,1048575 -m 600 dev/large
amtree -t fifo -m 620 dev/pipe
amtree -t dir -m 1777 tmp
amtree -t link -l ../run/lock lib/lock
amtree -c cap_net_raw,cap_net_admin+ep a.b
amtree -c cap_net_bind_service=ep -u daemon ab
cd ../../..
stock packager/stock packager.tar script --mtime=@$epoch
SOURCE_DATE_EPOCH=$epoch ours packager/pkg/foo packager.tar.gz
check 'overrides give what chown and mknod give under fakeroot' \
	compare packager 65534
check 'overrides keep the promises to apk' verify packager.tar.gz
check 'a set-id file of a named owner is not given to number 0' \
	fails compare packager
python3 "$tests/tarcmp.py" list packager.tar.gz >packager.list
check 'a set-id file of a named owner carries 65534' \
	grep -q '^file 6755 daemon games 65534 65534 .* usr/bin/mode6755$' packager.list
check 'a set-id file of a named group carries 65534' \
	grep -q '^file 2755 root games 0 65534 .* usr/bin/mode2755$' packager.list
check 'a file with capabilities and a named owner carries 65534' \
	grep -q '^file 0644 daemon root 65534 0 .* ab ' packager.list
check 'a directory with set-group-ID and a named group carries 65534' \
	grep -q '^dir 2775 daemon games 65534 65534 .* var/dirs/2775$' packager.list
check 'a named owner without such power carries 0' \
	grep -q '^file 0755 daemon games 0 0 .* hard/1$' packager.list

# Attributes that are set while fakeroot runs.
cat >script <<'END'
setfattr -n user.comment -v 'a b' usr/bin/mode755
setfattr -n user.on.directory -v x a
chown root:root usr/bin/mode755 a
END
tree faked
stock faked/stock faked.tar script --mtime=@$epoch
(cd faked/pkg/foo && grep setfattr ../../../script | sh -eu)
SOURCE_DATE_EPOCH=$epoch ours faked/pkg/foo faked.tar.gz
check 'attributes of user. are the same as under fakeroot' compare faked

if is_root; then
	mkdir -p caps/pkg/foo caps/pkg/.control.foo caps/stock
	for root in caps/stock caps/pkg/foo; do
		cp /bin/true "$root/ping"
		setcap cap_net_raw+ep "$root/ping"
		touch "$root/plain"
		setfattr -n trusted.overlay.opaque -v y "$root/plain"
		mknod "$root/null" c 1 3
		chown daemon:games "$root/plain"
	done
	(cd caps/stock && tar --format=posix --no-recursion -cf ../../caps.tar \
		--xattrs --xattrs-exclude=trusted.* --mtime=@$epoch \
		--owner=root:0 --group=root:0 null ping plain)
	SOURCE_DATE_EPOCH=$epoch ours caps/pkg/foo caps.tar.gz
	check 'capabilities, devices and trusted attributes on disk' compare caps
	"$amtree" -c none caps/pkg/foo/ping
	SOURCE_DATE_EPOCH=$epoch ours caps/pkg/foo caps.tar.gz
	check 'capabilities on disk can be taken away' fails sh -c \
		"python3 '$tests/tarcmp.py' list caps.tar.gz | grep capability"
fi
finish
