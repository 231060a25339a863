#!/bin/sh
# demo.sh - build everything, then package what needs no fakeroot any more
#
# Installs what is missing (scripts/deps.sh), builds, and shows the main job on
# a package of its own and on a real tree.  Leaves nothing behind but build/.
set -eu
cd "$(dirname "$0")/.."
sh scripts/deps.sh demo

title() {
	printf '\n== %s\n' "$*"
}

# show COMMAND... - print it as a user would type it, then run it
show() {
	printf '$ %s\n' "$*"
	"$@"
}

title 'Build'
show make -s -j"$(nproc)"
built=$PWD/build/default
# setcap is in sbin, which is not in an ordinary user's PATH
PATH=$built:$PATH:/usr/sbin:/sbin
export PATH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cd "$work"

title 'What package() of an APKBUILD leaves behind: a tree that the builder owns'
touch APKBUILD
pkgdir=$work/pkg/demo
mkdir -p "$pkgdir/usr/bin" "$pkgdir/dev" "$pkgdir/var/cache"
install -d -m775 "$pkgdir/var/cache/distfiles"
for program in su ping; do
	cp /bin/true "$pkgdir/usr/bin/$program"
	chmod 755 "$pkgdir/usr/bin/$program"
done
ln -s su "$pkgdir/usr/bin/runas"
show ls -lR pkg/demo
printf '(built by %s)\n' "$(id -un)"

title 'What the packager declares'
show amtree -g abuild pkg/demo/var/cache/distfiles
show amtree -m u+s pkg/demo/usr/bin/su
show amtree -c cap_net_raw+ep pkg/demo/usr/bin/ping
show amtree -t char -D 1,3 -m 666 pkg/demo/dev/null
show cat pkg/.control.demo/.mtree
show amtree -l pkg/demo

title 'Merged over the default, in which everything is root:root'
export SOURCE_DATE_EPOCH=1700000000
show amtree-merge --root pkg/demo -o merged.mtree
show cat merged.mtree

title 'data.tar.gz, as any tar sees it'
show amtree-build --root pkg/demo --datahash -o data.tar.gz
show tar --warning=no-unknown-keyword -tvzf data.tar.gz

title 'bsdtar packs the same entries from the merged mtree'
(cd pkg/demo && show bsdtar -cf "$work/bsdtar.tar" "@$work/merged.mtree")
# a name at the top is "./dev" in mtree(5), and bsdtar keeps it that way
bsdtar -tvf bsdtar.tar | sed 's, \./, ,' >theirs
bsdtar -tvf data.tar.gz >ours
if show cmp ours theirs; then
	echo 'same names, types, modes, owners, links and devices'
else
	diff ours theirs || exit 1
fi

title "An installer that cannot be changed, run by an ordinary user"
mkdir bin run run/vendor
cp "$built"/amtree* bin/
chmod 755 . bin run
user=
if [ "$(id -u)" -eq 0 ]; then
	user='setpriv --reuid nobody --regid nogroup --clear-groups'
	chown -R nobody:nogroup run
fi
cat >run/APKBUILD <<-'END'
	pkgname=vendor
	pkgusers=www
	pkggroups=www
END
cp /bin/true run/vendor/tool
cat >run/vendor/Makefile <<'END'
install:
	install -d -o www -g www -m 750 $(DESTDIR)/var/www
	install -D -g mail -m 2755 tool $(DESTDIR)/usr/bin/notify
	install -D tool $(DESTDIR)/usr/bin/ping
	setcap cap_net_raw+ep $(DESTDIR)/usr/bin/ping
	mkdir $(DESTDIR)/dev
	mknod -m 666 $(DESTDIR)/dev/null c 1 3
END
PATH=$work/bin:$PATH

# as_user COMMAND... - show it, and run it as an ordinary user
as_user() {
	printf '$ %s\n' "$*"
	# shellcheck disable=SC2086 # words
	$user "$@"
}

cd run
show cat APKBUILD vendor/Makefile
as_user id -un
as_user make -s -C vendor DESTDIR=../pkg/vendor install ||
	echo '(so it needs root, or something that says it is)'
as_user amtree-run --suggest make -s -C vendor DESTDIR=../pkg/vendor install
echo '(these lines, from --suggest, would do without amtree-run)'
as_user cat pkg/.control.vendor/.mtree
as_user amtree -l pkg/vendor
as_user amtree-build --root pkg/vendor -o vendor.tar.gz
as_user tar --warning=no-unknown-keyword -tvzf vendor.tar.gz
cd ..

# pack_real TREE - the stock way and ours, one after the other
pack_real() {
	tree=$1
	find "$tree" -type f -exec cat {} + | cksum >/dev/null # into the cache
	begun=$(date +%s%N)
	# shellcheck disable=SC2016 # the inner shell expands
	(cd "$tree" && fakeroot -- sh -c 'find * -print0 | LC_ALL=C sort -z |
	    tar --format=posix --no-recursion --null -T - -c -f - \
		--mtime=@$SOURCE_DATE_EPOCH --xattrs | gzip -n -9 >"$1"
	    sha256sum "$1"' sh "$work/stock.tar.gz" >/dev/null)
	stock=$((($(date +%s%N) - begun) / 1000000))
	begun=$(date +%s%N)
	show amtree-build --root "$tree" --checksum none --datahash -o none.tar.gz
	none=$((($(date +%s%N) - begun) / 1000000))
	begun=$(date +%s%N)
	show amtree-build --root "$tree" --datahash -o real.tar.gz
	real=$((($(date +%s%N) - begun) / 1000000))
	printf '%-36s %8s ms %12s bytes\n' \
		'fakeroot, find, sort, tar, gzip -9' "$stock" \
		"$(wc -c <stock.tar.gz)" \
		'amtree-build, also no checksums' "$none" \
		"$(wc -c <none.tar.gz)" \
		'amtree-build, with apk checksums' "$real" \
		"$(wc -c <real.tar.gz)"
}

title "A real tree: /usr/include, $(find /usr/include | wc -l) entries"
pack_real /usr/include
