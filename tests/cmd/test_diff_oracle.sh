#!/bin/sh
# amtree-diff sees what python3's tarfile sees
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

oracle() {
	python3 "$tests/diffcmp.py" "$@"
}

check 'each kind of difference is seen by itself' oracle kinds "$diff"

# same A B - amtree-diff says what tarfile sees, whatever the number of threads
same() {
	status=0
	for jobs in 0 1 3; do
		"$diff" --json -j "$jobs" "$1" "$2" >"said.$jobs" 2>err ||
			status=$?
		[ ! -s err ] || { cat err; return 1; }
		[ "$status" -le 1 ] || return 1
		cmp said.0 "said.$jobs" || return 1
	done
	[ -s said.0 ] && [ "$status" -eq 1 ] || echo 'nothing differs'
	oracle same "$1" "$2" <said.0
}

mkdir old new
oracle repositories old new 90 1
check 'of repositories all is seen, with any number of threads' same old new
check 'and nothing of one and itself' silent "$diff" -q old old

# What GNU tar packs under fakeroot, and what we pack, of the same tree
mkdir -p pkg/foo/usr/bin pkg/foo/var/www 'pkg/foo/a b' pkg/.control.foo
echo su >pkg/foo/usr/bin/su
ln pkg/foo/usr/bin/su pkg/foo/usr/bin/zz
ln -s su pkg/foo/usr/bin/link
mkfifo pkg/foo/usr/fifo
chmod 4755 pkg/foo/usr/bin/su
export SOURCE_DATE_EPOCH=1700000000
fakeroot sh -euc '
	cd pkg/foo
	chown games:daemon var/www "a b"
	mknod usr/null c 1 3
	for format in posix gnu; do
		tar --format=$format --mtime=@$SOURCE_DATE_EPOCH --sort=name \
			-cf ../../stock.$format *
	done
	rm usr/null'
"$amtree" -u games -g daemon pkg/foo/var/www 'pkg/foo/a b'
"$amtree" -t char -D 1,3 pkg/foo/usr/null
"$build" -q --root pkg/foo --control pkg/.control.foo -o ours.tar.gz

for format in posix gnu; do
	check "what GNU tar packs in its $format format is what we pack" \
		silent "$diff" --ignore number "stock.$format" ours.tar.gz
	check "and what we would pack" \
		silent "$diff" --ignore number "stock.$format" pkg/foo
done

# Then all of it changes
fakeroot sh -euc '
	cd pkg/foo
	chown daemon usr/bin
	mknod usr/null b 1 3
	echo sudo >usr/bin/su
	rm usr/bin/zz usr/bin/link
	cp usr/bin/su usr/bin/zz
	ln -s zz usr/bin/link
	chmod 2755 usr/bin/zz
	chmod 755 usr/fifo
	mkdir new
	rmdir "a b"
	tar --mtime=@1 -cf ../../other.tar --sort=name *
	rm usr/null'
check 'all that GNU tar packs otherwise is seen' same stock.posix other.tar
check 'and so in the other direction' same other.tar stock.gnu
check 'and from what we packed' same ours.tar.gz other.tar

finish
