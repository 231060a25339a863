#!/bin/sh
# amtree: what it appends, option by option
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mtree=pkg/.control.foo/.mtree
new_package() {
	rm -rf pkg
	mkdir -p pkg/foo/usr/bin pkg/foo/var/cache/distfiles
	: >APKBUILD
	: >pkg/foo/usr/bin/su
	ln -s su pkg/foo/usr/bin/link
	chmod 755 pkg/foo/usr/bin/su
	chmod 775 pkg/foo/var/cache/distfiles
}

# declares TEXT ARG... - amtree with these arguments makes a file of this text
declares() {
	want=$1
	shift
	rm -rf pkg/.control.foo
	silent "$amtree" "$@" || return 1
	printf '#mtree v2.0\n%s\n' "$want" | diff - "$mtree"
}

# owned WORDS BOUND ARG... - so owned is usr/bin/su, and that is what counts
owned() {
	want="#amtree bind=$2
usr/bin/su $1 mode=755 type=file"
	shift 2
	declares "$want" "$@" pkg/foo/usr/bin/su
}

new_package
pkgdir=$PWD/pkg/foo
"$amtree" -g abuild "$pkgdir"/var/cache/distfiles
check 'the control directory is made where it was missing' \
	test -d pkg/.control.foo
check "the proposal's example gives the proposal's line" prints \
	'var/cache/distfiles gname=abuild uname=root mode=775 type=dir' \
	grep -v '^#' "$mtree"
check 'the first line of the file says what it is' prints '#mtree v2.0' \
	head -n 1 "$mtree"

for user in '-u foo' '-ufoo' '--user foo' '--user=foo' '--us=foo'; do
	# shellcheck disable=SC2086
	check "amtree $user sets the user alone" \
		owned 'gname=root uname=foo' uname $user
done
for group in '-g bar' '-gbar' '--group bar' '--group=bar' '-u :bar'; do
	# shellcheck disable=SC2086
	check "amtree $group sets the group alone" \
		owned 'gname=bar uname=root' gname $group
done
for both in '-u foo:bar' '-u foo -g bar' '--user=foo:bar' '-g bar -u foo'; do
	# shellcheck disable=SC2086
	check "amtree $both sets both" \
		owned 'gname=bar uname=foo' uname,gname $both
done
check 'the later of two options counts' \
	owned 'gname=root uname=two' uname -u one -u two
check 'a number has no name' owned 'gid=13 uid=12' uname,gname -u 12:13
check 'a number with leading zeros is that number' \
	owned 'gname=root uid=12' uname -u 012
check '0 is root' owned 'gname=root uname=root' uname,gname -u 0:0
check 'the largest number that apk can read is taken' \
	owned 'gname=root uid=2097151' uname -u 2097151
check 'a name of 32 bytes is taken' \
	owned 'gname=root uname=abcdefghijklmnopqrstuvwxyz012345' uname \
	-u abcdefghijklmnopqrstuvwxyz012345
check 'a name that begins with a digit is a name' \
	owned 'gname=root uname=9p' uname -u 9p
check 'odd but possible names are taken' \
	owned 'gname=_-. uname=a.b-c_d$' uname,gname -u 'a.b-c_d$:_-.'
check 'a user need not exist' \
	owned 'gname=nosuchgroup uname=nosuchuser' uname,gname \
	-u nosuchuser:nosuchgroup
check 'options may stand behind the path' \
	declares '#amtree bind=gname
usr/bin/su gname=bar uname=root mode=755 type=file' \
	pkg/foo/usr/bin/su -g bar
check 'an owner of a symbolic link is its own' \
	declares '#amtree bind=uname
usr/bin/link gname=root uname=foo mode=777 type=link link=su' \
	-u foo pkg/foo/usr/bin/link
check 'a name without a slash is written ./NAME' \
	declares '#amtree bind=uname
./usr gname=root uname=foo mode=755 type=dir' -u foo pkg/foo/usr
check 'several paths give an entry each, sorted, and none twice' \
	declares '#amtree bind=uname
./usr gname=root uname=foo mode=755 type=dir
#amtree bind=uname
usr/bin/su gname=root uname=foo mode=755 type=file' \
	-u foo pkg/foo/usr/bin/su pkg/foo/usr pkg/foo/usr/bin/../bin/su

# keyword by keyword
"$amtree" -u foo pkg/foo/usr/bin/su
rm -rf pkg/.control.foo
"$amtree" -u foo pkg/foo/usr/bin/su
"$amtree" -g bar pkg/foo/usr/bin/su
check 'keywords of several calls add up' prints \
	'usr/bin/su gname=bar uname=foo' "$amtree" --list pkg/foo/usr/bin/su
check 'the entry shows what is in force, and binds what was asked for' \
	prints '#amtree bind=gname
usr/bin/su gname=bar uname=foo mode=755 type=file' tail -n 2 "$mtree"
merged() {
	"$merge" --root pkg/foo | sed -n 's/ size=.*//; s,^usr/bin/su ,,p'
}
check 'the package has both then' prints \
	'gname=bar gid=0 uname=foo uid=0 mode=755 type=file' merged
chmod 700 pkg/foo/usr/bin/su
check 'a real chmod after -g still counts' prints \
	'gname=bar gid=0 uname=foo uid=0 mode=700 type=file' merged
"$amtree" -m 711 pkg/foo/usr/bin/su
chmod 755 pkg/foo/usr/bin/su
check 'a real chmod after -m does not' prints \
	'gname=bar gid=0 uname=foo uid=0 mode=711 type=file' merged
"$amtree" -u 0:0 pkg/foo/usr/bin/su
check 'a later call takes back what an earlier one gave' prints \
	'gname=root gid=0 uname=root uid=0 mode=711 type=file' merged
"$amtree" -u 12 pkg/foo/usr/bin/su
check 'a number takes the place of a name' prints \
	'gname=root gid=0 uid=12 mode=711 type=file' merged
"$amtree" -u svc pkg/foo/usr/bin/su
check 'and a name that of a number' prints \
	'gname=root gid=0 uname=svc uid=0 mode=711 type=file' merged

check '--help fits a terminal of 80x24' sh -c \
	'"$1" --help | awk "length > 80 { exit 1 } END { exit NR > 24 }"' - \
	"$amtree"
check '-h is --help' sh -c '[ "$("$1" -h)" = "$("$1" --help)" ]' - "$amtree"
check '--version names the program' sh -c '"$1" --version | grep -qx \
	"amtree [0-9][0-9.a-z-]*"' - "$amtree"
only_libc() {
	ldd "$1" | grep -Ev 'linux-vdso|linux-gate|/ld-|libc\.(so|musl)' \
		>"$here/libs" || return 0
	grep -Ev 'lib(asan|ubsan|tsan|m|gcc_s|pthread|dl|rt|resolv|stdc\+\+)\.' \
		"$here/libs" || return 0
	return 1
}
for program in "$amtree" "$merge"; do
	check "${program##*/} is linked with libc alone" only_libc "$program"
done
finish
