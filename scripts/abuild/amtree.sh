# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2154 # abuild's variables
#
# amtree.sh - packaging without fakeroot, as functions for abuild(1)
#
#	. /usr/share/amtree/amtree.sh
#
# abuild sources it for a recipe whose $options have the word "amtree", or a recipe
# does so itself; doc/abuild.md has what abuild calls and where.  All that is seen
# here of abuild are the variables that a recipe may use as well: pkgname,
# subpackages, options, pkgbasedir, pkgdir, subpkgdir, subpkgname, controldir,
# SOURCE_DATE_EPOCH and FAKEROOT.  POSIX shell, for busybox ash, dash and bash, with
# or without "set -e"; but for amtree_begin, no function leaves a variable changed.

# amtree ARG... - amtree(1), for the package at hand
#
# That is the package which the absolute names among the operands lie in, else the
# one we are in, else $subpkgdir or $pkgdir.  So a call without an operand (amtree -l)
# works anywhere, and $pkgbasedir need not be called "pkg".
amtree() (
	at=
	for word in "$@" "$PWD/."; do
		[ -z "$at" ] || [ "$word" != "$PWD/." ] || continue
		case $word in
		"$pkgbasedir"/.*) continue ;;
		"$pkgbasedir"/?*) ;;
		*) continue ;;
		esac
		word=${word#"$pkgbasedir"/}
		case $at in
		'' | "${word%%/*}") at=${word%%/*} ;;
		*) exec amtree "$@" ;; # two packages: it finds them itself
		esac
	done
	AMTREE_ROOT=${subpkgdir:-$pkgdir}
	AMTREE_CONTROL=$controldir
	if [ -n "$at" ]; then
		AMTREE_ROOT=$pkgbasedir/$at
		AMTREE_CONTROL=$pkgbasedir/.control.$at
	fi
	export AMTREE_ROOT AMTREE_CONTROL
	exec amtree "$@"
)

# amtree_wanted - does the recipe opt in?  The first word that says so counts.
amtree_wanted() (
	set -f
	for word in ${options-}; do
		case $word in
		amtree) exit 0 ;;
		'!amtree') exit 1 ;;
		esac
	done
	exit 1
)

# amtree_names - the packages of the recipe, one a line
amtree_names() (
	set -f
	for word in $pkgname ${subpackages-}; do
		printf '%s\n' "${word%%:*}"
	done
)

# amtree_begin - before the stage that packages, where fakeroot would be entered
#
# Forgets what an earlier run has declared, for its recipe may have been another,
# and leaves FAKEROOT empty; but amtree-run stays, to refuse or to record.
amtree_begin() {
	amtree_forget || return 1
	case ${FAKEROOT-} in
	amtree-run | amtree-run\ * | */amtree-run | */amtree-run\ *) ;;
	*) FAKEROOT= ;;
	esac
}

amtree_forget() (
	amtree_names | while IFS= read -r name; do
		rm -f "$pkgbasedir/.control.$name/.mtree" || exit 1
	done
)

# amtree_with NAME COMMAND... - run it with the options that say which package
#
# All others of the build are named as well, for files may have been moved there.
amtree_with() (
	name=$1
	shift
	[ -z "${SOURCE_DATE_EPOCH-}" ] || export SOURCE_DATE_EPOCH
	mkdir -p "$pkgbasedir/.control.$name" || exit 1
	set -- "$@" --root "$pkgbasedir/$name" \
		--control "$pkgbasedir/.control.$name"
	set -f
	for other in $pkgname ${subpackages-}; do
		other=${other%%:*}
		dir=$pkgbasedir/$other
		control=$pkgbasedir/.control.$other
		if [ "$other" != "$name" ] && [ -d "$dir" ] && [ -d "$control" ]
		then
			set -- "$@" --sibling "$dir=$control"
		fi
	done
	exec "$@"
)

# amtree_privileged [NAME] - what of the package runs with more than its caller has
#
# One line a file: "suid PATH" where others may execute it and it has a set-id bit,
# "setcap PATH" where capabilities are declared; the word in front is the one in
# $options that allows it.  Bits on disk count too, capabilities on disk do not.
# Names are as mtree(5) writes them.
amtree_privileged() (
	name=${1:-${subpkgname:-$pkgname}}
	list=$(amtree_with "$name" amtree-merge) || exit 1
	printf '%s\n' "$list" | awk '
	/^#/ {
		has_caps = / caps=/ && !/ caps=none( |$)/
		next
	}
	{
		mode = type = ""
		for (i = 2; i <= NF; i++) {
			if ($i ~ /^mode=/)
				mode = "000" substr($i, 6)
			if ($i ~ /^type=/)
				type = substr($i, 6)
		}
		n = length(mode)
		if (type == "file" && substr(mode, n - 3, 1) ~ /[2-7]/ &&
		    substr(mode, n) ~ /[1357]/)
			print "suid " $1
		if (has_caps)
			print "setcap " $1
		has_caps = 0
	}'
)

# amtree_pack [NAME] - make the two archives of a package, whose .PKGINFO and
# .metafiles are there
#
# In its control directory: data.tar.gz, whose hash .PKGINFO then ends with, and
# control.tar.gz, ready to be signed.  Fails if anything does, and then neither
# archive is there.
amtree_pack() (
	name=${1:-${subpkgname:-$pkgname}}
	control=$pkgbasedir/.control.$name
	rm -f "$control/data.tar.gz" "$control/control.tar.gz" || exit 1
	datahash=$(amtree_with "$name" amtree-build --datahash \
		-o "$control/data.tar.gz") &&
		amtree_end_info "$control/.PKGINFO" "$datahash" &&
		amtree_pack_control "$control" && exit 0
	rm -f "$control/data.tar.gz" "$control/control.tar.gz"
	exit 1
)

# amtree_end_info FILE LINE - let it end with that line, and have it once
amtree_end_info() (
	trap 'rm -f "$1.new"' EXIT
	cp -p "$1" "$1.new" && # for its mode
		rest=$(grep -v '^datahash = ' "$1") &&
		printf '%s\n' "$rest" "$2" >"$1.new" && mv "$1.new" "$1"
)

# amtree_pack_control DIR - control.tar.gz of what DIR/.metafiles names
#
# A package is one archive for apk, so this one must not end: without the two
# blocks of zeroes that are behind an archive of amtree-build.
amtree_pack_control() (
	tar=$1/control.tar
	[ -z "${SOURCE_DATE_EPOCH-}" ] || export SOURCE_DATE_EPOCH
	if [ ! -s "$1/.metafiles" ]; then
		echo "amtree_pack: no names in '$1/.metafiles'" >&2
		exit 1
	fi
	trap 'rm -f "$tar" "$tar.cut"' EXIT
	# abuild parts the names by NUL, and has none behind the last
	# an empty AMTREE_JOURNAL: what was recorded is about data
	{ cat "$1/.metafiles" && printf '\0'; } |
		AMTREE_JOURNAL='' amtree-build --root "$1" --files-from - \
			--format tar --checksum none -o "$tar" || exit 1
	blocks=$(wc -c <"$tar") && blocks=$((blocks / 512 - 2)) &&
		dd if="$tar" bs=512 count="$blocks" 2>/dev/null >"$tar.cut" &&
		gzip -n -9 <"$tar.cut" >"$1/control.tar.gz"
)
