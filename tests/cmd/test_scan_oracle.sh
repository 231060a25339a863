#!/bin/sh
# amtree-scan counts and lists what python3's tarfile does
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

oracle() {
	python3 "$tests/scancmp.py" "$@"
}

# lists FILE... - the same entries, in the same order
lists() {
	oracle list "$@" >want
	silent "$scan" -q --json "$@" >said || return 1
	oracle same <said >got
	[ -s want ] || { echo 'nothing to compare'; return 1; }
	diff want got
}

# counts FILE... - the same figures
counts() {
	oracle summary "$@" >want
	silent "$scan" -q --summary --json "$@" >said || return 1
	python3 -c 'import json, sys
o = json.load(sys.stdin)
for key in ("findings", "recipes", "more_accounts"):
    del o[key]
print(json.dumps(o, sort_keys=True))' <said >got
	diff want got
}

mkdir repo
oracle repository repo 150 1

check 'entries of a repository are those that tarfile reads' \
	lists repo/*.apk
check 'figures of a repository are those that tarfile counts' \
	counts repo/*.apk

# What GNU tar packs under fakeroot, and what we pack
mkdir -p pkg/foo/usr/bin pkg/foo/var/www 'pkg/foo/a b' pkg/.control.foo
echo su >pkg/foo/usr/bin/su
ln pkg/foo/usr/bin/su pkg/foo/usr/bin/zz
ln -s su pkg/foo/usr/bin/link
mkfifo pkg/foo/usr/fifo
chmod 4755 pkg/foo/usr/bin/su
fakeroot sh -euc '
	cd pkg/foo
	chown games:daemon var/www "a b"
	chown 12345:54321 usr/fifo
	mknod usr/null c 1 3
	for format in posix ustar gnu; do
		tar --format=$format --sort=name -cf ../../stock.$format *
	done
	rm usr/null'
gzip -nk stock.posix
oracle pack stock.posix.gz stock.apk stock
"$amtree" -u games -g daemon pkg/foo/var/www 'pkg/foo/a b'
"$amtree" -c cap_net_raw+ep pkg/foo/usr/bin/su
"$amtree" -t char -D 1,3 -g daemon pkg/foo/usr/null
"$build" -q --root pkg/foo --control pkg/.control.foo -o ours.tar.gz
oracle pack ours.tar.gz ours.apk ours

set -- stock.posix stock.ustar stock.gnu stock.posix.gz stock.apk ours.tar.gz \
	ours.apk
check 'entries of archives of each kind are those that tarfile reads' lists "$@"
check 'figures of archives of each kind are those that tarfile counts' \
	counts "$@"
check 'what we pack has nothing that apk trips over' \
	silent "$scan" ours.apk

# The lines of --suggest make of a plain tree what was packed
suggest() {
	"$scan" -q --suggest stock.apk >lines || return 1
	mkdir -p again/pkg again/pkg/.control.foo
	cp -a pkg/foo again/pkg/foo
	cat lines
	pkgdir=$PWD/again/pkg/foo PATH=$O:$PATH sh -e lines || return 1
	"$build" -q --root again/pkg/foo --control again/pkg/.control.foo \
		-o again.tar.gz
	# numbers beside names differ: ours are 0
	for archive in stock.posix.gz again.tar.gz; do
		oracle list "$archive" | python3 -c 'import json, sys
for line in sys.stdin:
    o = json.loads(line)
    print(o[1:6] + [o[6] if o[4] is None else 0] + o[8:])' >"$archive.list"
	done
	diff stock.posix.gz.list again.tar.gz.list
}
check 'the lines of --suggest make what was packed' suggest

finish
