#!/bin/sh
# amtree.sh: an abuild that sources it makes, without fakeroot, the same packages
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of dropin.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"
functions=$O/amtree.sh

# native DIRECTORY [PART...] - an abuild that knows the word "amtree"
native() {
	native_dir=$1
	shift
	# shellcheck disable=SC2086 # words
	(cd "$native_dir" && as_user env FAKEROOT=false AMTREE_SH="$functions" \
		PLAYER_SHELL="$player" $player "$tests/abuild/abuild.sh" "$@") \
		>"$native_dir.out" 2>"$native_dir.err" </dev/null
}
readable() {
	python3 "$tests/tarcmp.py" verify "$control/data.tar.gz"
}
right_info() {
	hash=$(sha256sum <"$control/data.tar.gz")
	sed "/^# using fakeroot/d; s/^\(datahash = \).*/\1${hash%% *}/" \
		"$s.theirs/pkg/.control.$name/.PKGINFO" |
		diff - "$control/.PKGINFO" &&
		[ "$(grep -c '^datahash = ' "$control/.PKGINFO")" -eq 1 ]
}
right_apk() {
	cat "$control/control.tar.gz" "$control/data.tar.gz" |
		cmp - "$s/packages/$name"-[0-9]*.apk &&
		bsdtar -tf "$s/packages/$name"-[0-9]*.apk | grep -q '^.PKGINFO$'
}
# of what amtree_pack made on its way
no_remains() {
	! find "$s"/pkg/.control.* -name 'control.tar*' ! -name '*.gz' | grep .
}
says_what_is_left_out() {
	lib_one_line "$1.err" 'not-packed.*left out$'
}
# recipe NAME DIRECTORY - one that says, instead of doing it
recipe() {
	if [ -d "$tests/abuild/declared/$1" ]; then
		sample "declared/$1" "$2"
	else
		sample "$1" "$2"
		echo 'options="$options amtree"' >>"$2/APKBUILD"
	fi
}
same_packages_of() {
	each "$s" same_data && each "$s" readable && each "$s" same_control &&
		each "$s" right_info && each "$s" right_apk && no_remains
}

for s in plain owners split special; do
	sample $s $s.theirs
	play $s.theirs fakeroot
done
# samples RECIPE... - the same packages as under fakeroot, by $player
samples() {
	for s; do
		rm -rf "$s"
		recipe "$s" "$s"
		check "$player: $s needs no fakeroot" native "$s"
		check "$player: $s makes what fakeroot's does" same_packages_of
	done
}
player='busybox ash'
samples plain owners split special
check 'what is left out is said' says_what_is_left_out plain
check 'and nothing else' says_nothing owners split special
player=dash
samples split
finish
