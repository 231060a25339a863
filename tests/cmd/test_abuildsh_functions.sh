#!/bin/sh
# amtree.sh: each function, in each shell
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of dropin.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"
functions=$O/amtree.sh

# build NAME - a build of foo and foo-doc whose trees lie in NAME; $base is it
build() {
	base=$here/dir/$1
	mkdir -p "$base/foo/usr/bin" "$base/foo-doc/usr/share" "$base/.control.foo" \
		"$base/.control.foo-doc"
	echo foo >"$base/foo/usr/bin/foo"
	echo doc >"$base/foo-doc/usr/share/doc"
	chmod 755 "$base/foo/usr/bin/foo"
	is_root && chown -R nobody:nogroup "$base"
	return 0
}
# in_recipe LINE... - the shell does LINE with the variables of a recipe
# shellcheck disable=SC2086 # words
in_recipe() {
	as_user env base="$base" functions="$functions" $player -ec '
		pkgname=foo subpackages="foo-doc::noarch" options="!check amtree"
		pkgbasedir=$base pkgdir=$base/foo
		controldir=$base/.control.${subpkgname:-foo}
		. "$functions"
		'"$*"
}
# lines PACKAGE - what is declared of it
lines() {
	"$amtree" -l --root "$base/$1" --control "$base/.control.$1"
}
declares() {
	package=$1 expected=$2
	shift 2
	in_recipe "$@" && prints "$expected" lines "$package"
}
archives() {
	find "$base/.control.foo" -name '*.tar*' | grep .
}
metafiles() {
	printf .PKGINFO >"$base/.control.foo/.metafiles"
	echo "pkgname = foo" >"$base/.control.foo/.PKGINFO"
	rm -f "$base/.control.foo/.mtree"
	is_root && chown -R nobody:nogroup "$base"
	return 0
}

n=0
for player in dash 'busybox ash' bash; do
	n=$((n + 1))
	build "$n/pkg"
	check "$player: amtree takes an absolute name" \
		declares foo './usr gname=one' 'amtree -g one "$pkgdir"/usr'
	check "$player: and one from below the package" declares foo \
		'./usr gname=two' 'cd "$pkgdir"/usr; amtree -g two ../usr'
	check "$player: each package has its own" declares foo-doc \
		'./usr gname=doc' 'amtree -g doc "$pkgbasedir"/foo-doc/usr'
	check "$player: one call may name two packages" declares foo-doc \
		'./usr gname=both' \
		'amtree -g both "$pkgdir"/usr "$pkgbasedir"/foo-doc/usr'
	check "$player: without an operand it is the package at hand" \
		prints './usr gname=both' in_recipe 'cd /; amtree -l'
	check "$player: which is the subpackage in its split function" \
		prints './usr gname=both' in_recipe 'cd /
			subpkgname=foo-doc subpkgdir=$base/foo-doc
			controldir=$base/.control.foo-doc; amtree -l'
	check "$player: a split function may still name the package" \
		declares foo './usr gname=main' 'cd "$pkgdir"
			subpkgname=foo-doc subpkgdir=$base/foo-doc; amtree -g main usr'
	check "$player: amtree leaves no variable changed" prints same in_recipe '
		set >"$base/before"; amtree -l >"$base/said"; set >"$base/after"
		grep -v "^_=\|^BASH\|^PIPESTATUS\|^FUNCNAME" "$base/before" >"$base/1"
		grep -v "^_=\|^BASH\|^PIPESTATUS\|^FUNCNAME" "$base/after" |
			diff "$base/1" - && echo same'
	check "$player: a failure of amtree is one of the recipe" fails \
		in_recipe 'amtree -g x "$pkgdir"/nope; echo went on' 2>/dev/null
	check "$player: what was declared is forgotten" prints '' in_recipe '
		FAKEROOT="fakeroot -i x"; amtree_begin; echo "$FAKEROOT"; amtree -l'
	check "$player: amtree-run stays" prints '/bin/amtree-run --strict' \
		in_recipe 'FAKEROOT="/bin/amtree-run --strict"; amtree_begin
			echo "$FAKEROOT"'
	check "$player: the option is one word" prints 'yes no no no' in_recipe '
		for options in "a amtree b" "!check" "amtrees" "!amtree amtree"; do
			amtree_wanted && said="$said yes" || said="$said no"
		done; echo ${said}'
	build "$n/elsewhere"
	check "$player: the trees may lie anywhere" declares foo \
		'usr/bin/foo mode=4755' 'amtree -m u+s "$pkgdir"/usr/bin/foo'
	check "$player: with an option for another root that one counts" \
		declares foo-doc 'usr/share/doc uname=doc' 'amtree -u doc \
			--root "$base/foo-doc" --control "$base/.control.foo-doc" \
			"$base"/foo-doc/usr/share/doc'
	check "$player: who runs with more than he has is named" \
		prints 'setcap usr/bin/foo
suid usr/bin/foo' in_recipe 'cp "$pkgdir"/usr/bin/foo "$pkgdir"/usr/bin/none
			amtree -c none "$pkgdir"/usr/bin/none
			amtree -m 4750 "$pkgdir"/usr/bin/none
			amtree -c cap_chown=ep "$pkgdir"/usr/bin/foo
			amtree_privileged | sort'
done

# what goes wrong
player=dash
build last/pkg
check 'without .metafiles nothing is packed' fails in_recipe 'amtree_pack foo'
check 'and no archive stays' fails archives
metafiles
rm "$base/.control.foo/.metafiles"
check 'nor with .PKGINFO alone' fails in_recipe 'set +e; amtree_pack foo'
check 'and no archive stays then' fails archives
metafiles
check 'where the hash cannot be written' fails in_recipe '
	trap "" XFSZ; ulimit -f 0
	amtree_end_info "$controldir/.PKGINFO" "datahash = x"'
check '.PKGINFO is as it was, and alone' prints "pkgname = foo
1" sh -c 'cat "$1/.PKGINFO"; ls -A "$1" | grep -c PKGINFO' - "$base/.control.foo"
check 'a package is packed into two archives' in_recipe 'amtree_pack foo'
check 'both are there' [ "$(archives | grep -c gz)" -eq 2 ]
check 'a line for a file that is not there' in_recipe '
	echo "usr/nope uname=x" >>"$controldir"/.mtree'
check 'makes packing fail' fails in_recipe 'amtree_pack foo; echo went on'
check 'and no older archive stays' fails archives
metafiles
check 'amtree_pack may be tried again' in_recipe 'amtree_pack; amtree_pack foo'
check 'and .PKGINFO has one hash, the last' prints \
	"pkgname = foo
datahash = $(sha256sum <"$base/.control.foo/data.tar.gz" | cut -d' ' -f 1)" \
	cat "$base/.control.foo/.PKGINFO"

# a whole stage
native() {
	(cd owners && as_user env FAKEROOT="${1-fakeroot}" AMTREE_SH="$functions" \
		sh "$tests/abuild/abuild.sh" rootpkg) >owners.out 2>owners.err
}
sample declared/owners owners
(cd owners && mkdir -p src/owners-2.1/state/sub && cd src/owners-2.1 &&
	for file in state/one state/sub/two owners.conf program; do echo >$file; done
	is_root && chown -R nobody:nogroup .; :)
echo 'nope() { amtree -u mail "$pkgdir"/nope; }' >>owners/APKBUILD
sed 's,^	cd .*,	nope,' owners/APKBUILD >recipe
cat recipe >owners/APKBUILD
check 'a declaration that fails ends the stage' fails native
check 'with words' lib_one_line owners.err "amtree: .*pkg/owners/nope.*"
check 'and without a package' [ ! -d owners/packages ]
finish
