#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# bench-others.sh [-n RUNS] [-u USER] [O] - the ways to package without being root
#
# The packaging phase of bench-run.sh, which gives 10,500 files to games:games, and
# then the same with a tar of them; on a tmpfs, by an ordinary user (root lends the
# room to USER, nobody), in turns, of which the median counts:
#
#	bare            the user keeps the files: a bound, and no package
#	fakeroot        phase and GNU tar inside it
#	pseudo          likewise
#	namespace       likewise, with the ids that subuid(5) grants the user
#	amtree-run      the phase inside it, then amtree-build
#	amtree          a phase without owners, one amtree -R, then amtree-build
#	mtree           the same, but amtree-merge, then bsdtar @FILE
#
# What is not to be had is said, and left out.  For a namespace the user needs lines
# in /etc/subuid and /etc/subgid, and newuidmap(1), which Debian has in uidmap.
set -eu
cd "$(dirname "$0")/.."

. scripts/bench-lib.sh
runs=5 lent=nobody
begin 'bsdtar fakeroot tar unshare' "$@"

lay_out "$lent"
mkdir "$work/bin"
for program in amtree amtree-merge amtree-build amtree-run; do
	cp "$O/$program" "$work/bin/"
done
PATH=$work/bin:$PATH
export PATH SOURCE_DATE_EPOCH=1700000000 LC_ALL=C

cat >"$work/packed" <<'PACKED'
sh phase "$1" "$2" && tar --format=posix -cf out.tar -C copy .
PACKED
# what is left of the phase where owners are declared
# shellcheck disable=SC2016 # as it stands in phase
sed 's/install -o "$1" -g "$2"/install/; /^chown /d; s/ -user "$1"/ -user 0/' \
	"$work/phase" >"$work/plain"

# build - what is declared or recorded, as a tar
build() {
	as_user amtree-build -q --root=copy --control=control --format=tar \
		--checksum=none -o out.tar
}

# inside WHAT COMMAND... - the phase, packed or not, inside of what COMMAND makes
inside() {
	inside_what=$1 && shift
	as_user "$@" sh "$inside_what" games games
}

bare() {
	as_user sh "$1" "$self" "$group"
}

fakeroot_way() {
	inside "$1" fakeroot
}

pseudo_way() {
	inside "$1" env PSEUDO_PREFIX=/usr PSEUDO_LOCALSTATEDIR="$work/state" \
		pseudo
	as_user env PSEUDO_PREFIX=/usr PSEUDO_LOCALSTATEDIR="$work/state" pseudo -S
}

namespace() {
	inside "$1" unshare --map-root-user --map-auto
}

run() {
	inside phase amtree-run --root=copy --control=control
	[ "$1" = phase ] || build
}

declare_owners() {
	as_user sh plain
	as_user amtree --root=copy --control=control -R -u games -g games copy
}

declared() {
	declare_owners
	[ "$1" = phase ] || build
}

mtree() {
	declare_owners
	as_user sh -c 'amtree-merge --root=copy --control=control -o merged &&
		cd copy && bsdtar --format=pax -cf ../out.tar @../merged'
}

# fresh - nothing of another way is left; in a namespace files get owners of whom
# the user cannot get rid outside
fresh() {
	as_user rm -rf copy 2>/dev/null ||
		as_user unshare --map-root-user --map-auto rm -rf copy
	as_user rm -rf control state out.tar merged
	as_user mkdir copy control state
}

# owners - how many entries of the tar are games:games
owners() {
	tar -tvf "$work/out.tar" | awk '{ n += $2 == "games/games" }
		END { print n + 0 " of " NR }'
}

ways='bare fakeroot_way'
if command -v pseudo >/dev/null; then
	ways="$ways pseudo_way"
else
	echo 'pseudo: there is none'
fi
fresh
if as_user unshare --map-root-user --map-auto true 2>/dev/null; then
	ways="$ways namespace"
else
	echo "namespace: $self has no ids for one, see subuid(5)"
fi
printf 'namespace without subuid(5): %s\n' "$(
	inside phase unshare --map-root-user 2>&1 >/dev/null | head -n 1)"
ways="$ways run declared mtree"

i=0
while [ $i -lt "$runs" ]; do
	for way in $ways; do
		if [ "$way" != mtree ]; then # it has the phase of the one before
			fresh
			clock "$way-phase" "$way" phase
		fi
		fresh
		clock "$way-packed" "$way" packed
		owners >"$work/$way.owners"
	done
	i=$((i + 1))
done
fresh

line='%-12s %8s %6s %9s %6s %9s   %s\n'
# shellcheck disable=SC2059 # the lines have one format
printf "$line" '' 'phase, s' /bare 'packed, s' /bare /fakeroot games:games
for way in $ways; do
	case $way in
	run) name=amtree-run ;;
	declared) name=amtree ;;
	mtree) cp "$work/declared-phase.ns" "$work/mtree-phase.ns" && name=mtree ;;
	*) name=${way%_way} ;;
	esac
	# shellcheck disable=SC2059
	printf "$line" "$name" \
		"$(seconds "$way-phase")" "$(over "$way-phase" bare-phase)" \
		"$(seconds "$way-packed")" "$(over "$way-packed" bare-packed)" \
		"$(over "$way-packed" fakeroot_way-packed)" \
		"$(cat "$work/$way.owners")"
done
