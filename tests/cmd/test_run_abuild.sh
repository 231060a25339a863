#!/bin/sh
# FAKEROOT=amtree-run: abuild again and again, elsewhere, with mistakes
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of dropin.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"

# same_archives DIRECTORY OTHER - they have the same archives of data
same_archives() {
	each "$1" same_as "$2"
}
same_as() {
	cmp "$control/data.tar.gz" "$1/pkg/.control.$name/data.tar.gz"
}
# written DIRECTORY - all override files in one
written() {
	find "$1"/pkg/.control.*/ -name .mtree | sort | xargs cat
}
# edit DIRECTORY SCRIPT - the recipe, by sed(1)
edit() {
	sed "$2" "$1/APKBUILD" >recipe
	cat recipe >"$1/APKBUILD"
}

# again
for s in owners split special; do
	sample $s $s
	play $s amtree-run
	cp -a $s $s.again
	written $s >before
	check "$s: a second run over the same packages" in_dir $s.again \
		amtree-run sh "$tests/abuild/abuild.sh" create_apks
	check "$s: makes the same of them" same_archives $s.again $s
	written $s.again >after
	check "$s: and writes nothing down again" cmp before after
done
cp -a special special.whole
check 'abuild rootpkg starts packaging over' play special.whole amtree-run rootpkg
check 'and makes the same' same_archives special.whole special
# but for the command lines that did it, which name the directory
for s in special special.whole; do
	sed 's/ by=[^ ]*//g' $s/pkg/.control.special/.mtree >$s.lines
done
check 'with nothing written down again' cmp special.whole.lines special.lines
again() {
	in_dir owners.again amtree-run chown mail:mail pkg/owners/var/lib/owners &&
		written owners.again | cmp - owners/pkg/.control.owners/.mtree
}
check 'a chown done again changes nothing' again
back() {
	in_dir owners.again amtree-run sh -c 'stat -c %U:%G "$1" &&
		chown root: "$1"' - pkg/owners/var/lib/owners >said &&
		echo mail:mail | diff - said &&
		amtree -l owners.again/pkg/owners >said &&
		fails grep '^var/lib/owners ' said && [ -s said ]
}
check 'what an earlier run gave away can be taken back' back
sed '/chgrp tty/d; s/-o daemon//' special/APKBUILD >special.whole/APKBUILD
less() {
	play special.whole amtree-run rootpkg &&
		! grep 'usr/.*\(daemon\|tty\)' \
			special.whole/pkg/.control.special/.mtree &&
		entries special.whole/pkg/.control.special/data.tar.gz >said &&
		grep -q '^file 4511 root:root 0:0 usr/bin/at$' said &&
		grep -q '^file 2755 root:root 0:0 usr/bin/wall$' said
}
check 'what a recipe does no more is forgotten' less

# elsewhere, and with others
for dir in 'a b=c' "it's \$HOME;*"; do
	mkdir "$dir"
	is_root && chown nobody:nogroup "$dir"
	sample split "$dir/split"
	check "abuild works in a directory called $dir" \
		play "$dir/split" amtree-run
	check "and makes the same in $dir" same_archives "$dir/split" split
done
two() {
	sample owners two
	sample owners three
	play two amtree-run &
	play three amtree-run || return 1
	wait "$!" && says_nothing two three
}
check 'two can be at work at the same time' two
check 'and the first makes the same' same_archives two owners
check 'the second too' same_archives three owners
root_again() {
	cp -R "$tests/abuild/$1" "root.$1"
	(cd "root.$1" && FAKEROOTKEY=x FAKEROOT=amtree-run \
		sh "$tests/abuild/abuild.sh") && same_archives "root.$1" "$1"
}
if is_root; then
	for s in owners split special; do
		check "$s: root makes the same packages" root_again $s
	done
fi

# installed
installed() {
	for dir in bin libexec; do
		mkdir -p "$here/usr/$dir"
	done
	cp "$O"/amtree* "$here/usr/bin"
	cp -R "$O/libexec" "$here/usr/libexec/amtree"
	sample owners away
	PATH=$here/usr/bin:${PATH#"$here/bin:"} play away amtree-run
}
check 'installed below a prefix' installed
check 'it makes the same' same_archives away owners
sample owners suggesting
check 'FAKEROOT may have options' play suggesting 'amtree-run --suggest'
check 'with them it makes the same' same_archives suggesting owners
check 'suggestions come behind what abuild says' sh -c '
	head -n 1 suggesting.out | grep -q "owners-2.1-r3.apk$" &&
	sed -n 2p suggesting.out | grep -q "^amtree "'
check 'and are lines of amtree' fails \
	sh -c 'sed 1d suggesting.out | grep -v "^amtree \|^	"'

# what the recipe says itself
sample owners explicit
edit explicit "\$i\\
	'$amtree' -u lp \"\$pkgdir\"/var/lib/owners/cache\\
	'$amtree' -g root \"\$pkgdir\"/etc/owners.conf\\
	'$amtree' -m 700 \"\$pkgdir\"/var/lib/copy"
check 'a recipe may call amtree' play explicit amtree-run
check 'it goes before what is recorded, each keyword for itself' prints \
	"b'etc/owners.conf': gname b'lp', not b'root'
b'var/lib/copy': mode 493, not 448
b'var/lib/owners/cache': uname b'daemon', not b'lp'" \
	sh -c 'data=pkg/.control.owners/data.tar.gz
		python3 "$1" same owners/$data explicit/$data; [ $? -eq 1 ]' - \
	"$tests/tarcmp.py"

# a recipe that is wrong
sample split wrong
edit wrong '/^package/a\
	mkdir -p "$controldir"\
	echo "./nope gname=mail" >>"$controldir"/.mtree'
check 'an override that matches nothing ends abuild' fails play wrong amtree-run
check 'amtree-build says so' grep -q \
	"^amtree-build: .*/pkg/.control.split/.mtree:1: 'nope' does not exist" \
	wrong.err
check 'and no package is made of half of it' \
	fails find wrong/packages -name 'split-0*' -exec true {} +
sample owners large
edit large '/^package/a\
	mkdir -p "$pkgdir"; : >"$pkgdir"/x; chown 3000000 "$pkgdir"/x'
check 'an owner that no package can have ends abuild' \
	fails play large amtree-run
check 'with words' grep -q 'number 3000000 .* over 2097151' large.err
check 'and without a package' [ ! -e large/packages/owners-2.1-r3.apk ]
sample plain deaf
edit deaf 's/^package() {/&\
	return 7/'
check 'a recipe that fails ends abuild' fails play deaf amtree-run
finish
