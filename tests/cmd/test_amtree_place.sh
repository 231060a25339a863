#!/bin/sh
# amtree: which package a path belongs to, however it is spelt
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo/usr/bin pkg/bar/usr pkg/.control.bar elsewhere/root \
	elsewhere/control plain/foo
: >APKBUILD
: >pkg/foo/usr/bin/su
: >pkg/bar/usr/x
: >elsewhere/root/f
: >plain/foo/f
mtree=pkg/.control.foo/.mtree

# finds NAME MTREE ARG... - amtree gives the file so called, and no other, to
# "it", in that override file
finds() {
	name=$1 file=$2
	shift 2
	rm -rf pkg/.control.foo
	rm -f pkg/.control.bar/.mtree
	silent "$amtree" -u it "$@" || return 1
	grep -Fq -- "$name gname=" "$file" || { cat "$file"; return 1; }
	[ "$(find . -name .mtree -type f | wc -l)" -eq 1 ] ||
		{ find . -name .mtree; return 1; }
	rm "$file"
}
su='usr/bin/su'
check 'a relative path is found' finds $su $mtree pkg/foo/usr/bin/su
check 'an absolute path is found' finds $su $mtree "$PWD/pkg/foo/usr/bin/su"
check '"." , ".." and slashes too many do not matter' \
	finds $su $mtree ./pkg//foo/./usr/../usr/bin///su
check 'a trailing slash does not matter' finds ./usr $mtree pkg/foo/usr///
check '"." at the end is its directory' finds ./usr $mtree pkg/foo/usr/.
check '".." at the end is the directory above' \
	finds ./usr $mtree pkg/foo/usr/bin/..
mkdir 'pkg/foo/usr/a b'
# inside NAME DIR PATH... - with DIR as the current directory PATH is NAME
inside() {
	want=$1
	cd "$2" && shift 2 && silent "$amtree" -u it -- "$@" &&
		cd "$here/dir" && grep -Fq "$want gname=" "$mtree" && rm "$mtree"
}
check 'from the root of the package a bare name is found' \
	inside ./usr pkg/foo usr
check 'from deep inside as well' inside $su pkg/foo/usr/bin su
check '"." is where we are' inside usr/bin pkg/foo/usr/bin .
check '".." is above that' inside ./usr pkg/foo/usr/bin ..
check 'inside a directory with a space too' \
	inside 'usr/a\040b' 'pkg/foo/usr/a b' .
ln -s su pkg/foo/usr/bin/l
check 'a link of one letter is itself' inside usr/bin/l pkg/foo/usr/bin l
check 'the sibling is found by its control directory' \
	finds usr/x pkg/.control.bar/.mtree pkg/bar/usr/x
rm APKBUILD
check 'an existing control directory is enough without an APKBUILD' \
	finds usr/x pkg/.control.bar/.mtree pkg/bar/usr/x
check 'neither of them: an error that says what to pass' fails_with 2 \
	"^amtree: 'pkg/foo/usr' lies in no package of an abuild: pass --root and" \
	"$amtree" -u it pkg/foo/usr
: >APKBUILD

# links on the way
ln -s pkg/foo way
ln -s usr pkg/foo/usr-link
ln -s ../../../pkg/foo/usr pkg/foo/usr/round
check 'a link on the way into the package is followed' \
	finds $su $mtree way/usr/bin/su
check 'links inside the package are followed too' \
	finds $su $mtree pkg/foo/usr-link/round/bin/su
check 'but not the last one' finds ./usr-link $mtree pkg/foo/usr-link
check 'not even with a slash behind it' finds ./usr-link $mtree \
	pkg/foo/usr-link/
ln -s /etc pkg/foo/etc
check 'a link that leads out of the package is an error' fails_with 2 \
	"^amtree: 'pkg/foo/etc/passwd' lies in no package" \
	"$amtree" -u it pkg/foo/etc/passwd
check 'with --root too' fails_with 2 \
	"^amtree: 'pkg/foo/etc/passwd' is not below '.*/pkg/foo'" \
	"$amtree" --root pkg/foo -u it pkg/foo/etc/passwd
check 'and ".." out of the root' fails_with 2 "is not below" \
	"$amtree" --root pkg/foo -u it pkg/foo/../bar/usr/x
check 'a path that begins like the root is not below it' sh -c \
	'mkdir pkg/foo-doc && : >pkg/foo-doc/f &&
	! "$1" --root pkg/foo -u it pkg/foo-doc/f 2>/dev/null' - "$amtree"
mkdir -p pkg/foo/srv/pkg/inner/usr pkg/foo/srv/pkg/.control.inner
check 'the outermost package counts, not what looks like one inside' \
	finds srv/pkg/inner/usr $mtree pkg/foo/srv/pkg/inner/usr

# --root, --control, environment
check '--root finds the control directory beside it' \
	finds ./f plain/.control.foo/.mtree --root plain/foo plain/foo/f
ln -s foo pkg/linked
check '--root may be a symbolic link, and named itself' sh -c \
	'"$1" --list --root pkg/linked && "$1" --check --root pkg/linked pkg/linked' \
	- "$amtree"
rm pkg/linked
check '--root and --control may be anywhere' \
	finds ./f elsewhere/control/.mtree --root elsewhere/root \
	--control elsewhere/control elsewhere/root/f
check '--root=DIR and --control=DIR too' \
	finds ./f elsewhere/control/.mtree --root="$PWD/elsewhere/root/" \
	--control="$PWD/elsewhere/control/" elsewhere/root/f
check 'a control directory is made if its parent is there' \
	finds ./f elsewhere/new/.mtree --root elsewhere/root \
	--control elsewhere/new elsewhere/root/f
check 'the environment says the same' env AMTREE_ROOT=elsewhere/root \
	AMTREE_CONTROL=elsewhere/control "$amtree" -u env elsewhere/root/f
check 'and was heard' prints './f uname=env' env AMTREE_ROOT=elsewhere/root \
	AMTREE_CONTROL=elsewhere/control "$amtree" --list
rm elsewhere/control/.mtree
check 'AMTREE_ROOT alone has its control directory beside it' sh -c \
	'AMTREE_ROOT=plain/foo "$1" -u env plain/foo/f &&
	rm plain/.control.foo/.mtree' - "$amtree"
check 'an empty variable is none' env AMTREE_ROOT= AMTREE_CONTROL= \
	"$amtree" -u env pkg/foo/usr
check '--root goes before the environment' sh -c \
	'AMTREE_ROOT=/nonexistent AMTREE_CONTROL=/nonexistent \
	"$1" --root plain/foo -u opt plain/foo/f && rm plain/.control.foo/.mtree' \
	- "$amtree"
check '--control alone is a usage error' fails_with 2 'needs a root' \
	"$amtree" --control elsewhere/control -u it elsewhere/root/f
check 'so is AMTREE_CONTROL alone' fails_with 2 'needs a root' \
	env AMTREE_CONTROL=elsewhere/control "$amtree" -u it elsewhere/root/f
check 'a root that does not exist is named' fails_with 3 \
	"cannot open root 'nope': No such file" "$amtree" --root nope -u it nope/f

# several packages in one call
rm -f $mtree
"$amtree" -u both pkg/foo/usr pkg/bar/usr/x pkg/foo/usr/bin
check 'one call may name files of several packages' prints './usr uname=both
usr/bin uname=both' "$amtree" -l pkg/foo
check 'each gets what is its own' prints 'usr/x uname=both' \
	"$amtree" --list pkg/bar
check 'all of them can be listed in one call' prints './usr uname=both
usr/bin uname=both
usr/x uname=both' "$amtree" --list pkg/foo pkg/bar

# odd names
nl='
'
tab=$(printf '\t')
latin=$(printf 'caf\351')
odd() {
	: >"pkg/foo/$1"
	check "$3 is a name like any other" finds "$2" $mtree -- "pkg/foo/$1"
}
odd 'a b' './a\040b' 'one with a space'
odd "a${nl}b" './a\012b' 'one of two lines'
odd "a${tab}b" './a\011b' 'one with a tab'
odd "$latin" './caf\351' 'one in Latin-1'
odd 'a=b#c*d?e[f]g\h' './a\075b\043c\052d\077e\133f]g\134h' \
	'one of special characters'
odd '-dash' './-dash' 'one with a leading dash'
odd '...' './...' 'one of three dots'
odd "$(printf '\033[31mred')" './\033\13331mred' 'an escape sequence'
check 'behind "--" a leading dash is a name' sh -c \
	'cd pkg/foo && "$1" -u it -- -dash && "$1" -u it ./-dash &&
	[ "$("$1" -l -- -dash)" = "./-dash uname=it" ]' - "$amtree"
long=$(printf '%0255d' 0)
: >"pkg/foo/$long"
check 'a name of 255 bytes is taken' finds "./$long" $mtree "pkg/foo/$long"
rm -f $mtree
finish
