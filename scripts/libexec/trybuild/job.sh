#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317 # functions that traps call
# shellcheck disable=SC2015 # A && B || die: both, or nothing
#
# job.sh RESULTS RECIPE - build a recipe both ways, and keep what came of it
#
# Run by parallel(1) for amtree-trybuild, maybe on another machine.  RESULTS is the
# directory of results and has the settings, RECIPE a directory with an APKBUILD.
#
# Both builds are done one after the other at the same place, so that a path that
# gets into a program is the same; each in a fresh copy.  Which is first alternates
# from recipe to recipe, so that caches favour neither.  What came of them appears
# in RESULTS/results by one rename(2), whole or not at all.
#
# Status 0: there is a result, whatever the verdict; 1: there is none.
set -u
umask 022
exec 9>&- # the lock of the run; it is not ours
LC_ALL=C
export LC_ALL
unset AMTREE_ROOT AMTREE_CONTROL AMTREE_JOURNAL

results=$1 recipe=$2
libexec=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source=SCRIPTDIR/names.sh
. "$libexec/names.sh"
# shellcheck source=SCRIPTDIR/processes.sh
. "$libexec/processes.sh"
recipe_key "$recipe"
host=$(uname -n)
group='' timer='' scratch='' unfinished=''

die() {
	say_about "$key" "$1"
	exit 1
}

remove() {
	[ -d "$1" ] || return 0
	find "$1" -type d ! -perm -700 -exec chmod u+rwx {} \; 2>/dev/null
	rm -rf "$1"
}

# The recipe is ours as long as RESULTS/running says so: where a run was killed,
# or a machine lost, the next one takes it over.
claim=$results/running/$key
is_ours() {
	[ "$(cat "$claim" 2>/dev/null)" = "$host:$scratch" ]
}

stop_group() {
	[ -z "$timer" ] || kill -s KILL "$timer" "-$timer" 2>/dev/null
	[ -n "$group" ] && kill -s TERM -- "-$group" 2>/dev/null || return 0
	# shellcheck disable=SC2016 # the inner shell expands
	setsid sh -c 'sleep 2; kill -s KILL -- "-$1"' - "$group" \
		</dev/null >/dev/null 2>&1 &
	wait "$group" 2>/dev/null
	# by its number too: it may not have a group yet
	kill -s KILL "$!" "-$!" "-$group" 2>/dev/null
	return 0
}

finish() {
	trap '' TERM INT HUP
	stop_group
	[ -z "$scratch" ] || sweep "$scratch"
	! is_ours || rm -f "$claim"
	[ -z "$scratch" ] || remove "$scratch"
	[ -z "$unfinished" ] || remove "$unfinished"
}
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 129' HUP

begin() {
	base=$(setting work)
	base=${base:-${TMPDIR:-/tmp}}
	case $base in
	*[[:space:]]*) die "'$base' has a blank in its name" ;;
	esac
	before=$(cat "$claim" 2>/dev/null)
	# without a symbolic link in it, as programs get to see it
	base=$(cd "$base" && pwd -P) &&
		scratch=$(mktemp -d "$base/amtree-trybuild.XXXXXXXX") &&
		mkdir -p "${claim%/*}" "$scratch/tmp" \
			"$scratch/at/${key%/*}" "$scratch/result" &&
		echo "$host:$scratch" >"$scratch/claim" &&
		cp "$scratch/claim" "$claim.$$" && mv -f "$claim.$$" "$claim" ||
		die "cannot begin in '$base'"
	case $before in
	# of a name as mktemp(1) makes them; who wrote it is not known
	"$host:"*/amtree-trybuild.[!/][!/][!/][!/][!/][!/][!/][!/])
		sweep "${before#"$host:"}"
		remove "${before#"$host:"}" ;;
	esac
	place=$scratch/at/$key
}

# Whoever calls one of ours finds it of this version.
link_programs() {
	remove "$scratch/bin"
	mkdir "$scratch/bin" || return
	for program in "$bindir"/amtree*; do
		[ ! -x "$program" ] || ln -s "$program" "$scratch/bin" || return
	done
}

# The commit and the time that abuild would find, which sees but a copy.
ask_git() {
	commit=$(git -C "$recipe" log -n 1 --format=%H -- . 2>/dev/null) ||
		commit=
	epoch=${SOURCE_DATE_EPOCH-}
	if [ -n "$commit" ] && [ -n "$(git --no-optional-locks -C "$recipe" \
		status --porcelain -- . 2>/dev/null)" ]; then
		commit=$commit-dirty
	elif [ -n "$commit" ] && [ -z "$epoch" ]; then
		epoch=$(git -C "$recipe" log -n 1 --format=%ct -- .)
	fi
	[ -n "$epoch" ] || epoch=$(stat -c %Y "$recipe/APKBUILD")
}

# Links out of the recipe's directory lead nowhere in a copy.
copy_recipe() {
	mkdir "$1" || return
	for file in "$recipe"/* "$recipe"/.[!.]*; do
		case ${file##*/} in
		src | pkg) continue ;;
		esac
		[ -e "$file" ] || [ -L "$file" ] || continue
		cp -RLp -- "$file" "$1" 2>/dev/null ||
			cp -RPp -- "$file" "$1" || return
	done
}

# guarded LOG COMMAND - in $place; $status is how it ends, $is_late that it took
# longer than it may
guarded() {
	rm -f "$scratch/late"
	(cd "$place" && exec env FAKEROOT="${fakeroot-fakeroot}" \
		REPODEST="$scratch/packages" SOURCE_DATE_EPOCH="$epoch" \
		${commit:+"ABUILD_LAST_COMMIT=$commit"} TMPDIR="$scratch/tmp" \
		AMTREE_TRYBUILD="$scratch" PATH="$scratch/bin:$PATH" \
		setsid sh -c "$2") </dev/null >>"$1" 2>&1 &
	group=$!
	limit=$(setting timeout)
	if [ "$limit" -gt 0 ]; then
		# shellcheck disable=SC2016 # the inner shell expands
		setsid sh -c 'sleep "$1"; : >"$3"; kill -s TERM -- "-$2"
			sleep 5; kill -s KILL -- "-$2"' \
			- "$limit" "$group" "$scratch/late" \
			</dev/null >/dev/null 2>&1 &
		timer=$!
	fi
	status=0
	wait "$group" 2>/dev/null || status=$? # a shell tells of signals
	stop_group
	group='' timer='' is_late=
	[ ! -e "$scratch/late" ] || is_late=1 status=124
	sweep "$scratch"
}

# ticks FILE - hundredths of a second, of all lines together
ticks() {
	awk '{ t += $2 - $1 } END { printf "%.0f\n", t * 100 }' "$1"
}

# front WORDS - make them what FAKEROOT is: the first word, seen by stage.sh
front() {
	first=${1%% *}
	name=${first##*/}
	real=$(PATH="$bindir:$PATH" command -v -- "$first") ||
		die "there is no '$first'"
	rm -f "$scratch/real" "$scratch/stage"
	link_programs && ln -s "$real" "$scratch/real" &&
		ln -sf "$libexec/stage.sh" "$scratch/bin/$name" ||
		die "cannot link in '$scratch'"
	fakeroot=$name${1#"$first"}
}

# is_used DIRECTORY - did the build take FAKEROOT up?  Where stage.sh cannot see it,
# as in another root, abuild's line in .PKGINFO tells.
is_used() {
	[ ! -s "$scratch/stage" ] || return 0
	find "$1" -name '*.apk' -type f -exec tar -xzOf {} .PKGINFO \; \
		2>/dev/null | grep -q "^# using $name\\>"
}

# side NAME - build it that way; what is to be known of it goes to result/facts
side() {
	is_ours || die 'another run has taken over'
	front "$(setting "$1")"
	remove "$place"
	remove "$scratch/packages"
	cp -RPp "$scratch/seed" "$place" && mkdir "$scratch/packages" ||
		die 'cannot copy the recipe'
	read -r begun _ </proc/uptime
	guarded "$scratch/result/$1.log" "$(setting build)"
	read -r ended _ </proc/uptime
	is_ours || die 'another run has taken over'
	[ "$status" -eq 0 ] || has_room || die "no room in '$base'"
	echo "$begun $ended" >"$scratch/whole" || die "no room in '$base'"
	used=0
	! is_used "$scratch/packages" || used=1
	{ echo "$1.status=$status"
	echo "$1.late=${is_late:-0}"
	echo "$1.used=$used"
	echo "$1.ticks=$(ticks "$scratch/whole")"
	[ ! -s "$scratch/stage" ] ||
		echo "$1.stage=$(ticks "$scratch/stage")"
	echo "$1.packages=$(find "$scratch/packages" -name '*.apk' | wc -l)"
	} >>"$scratch/result/facts" &&
		mv "$scratch/packages" "$scratch/result/$1" ||
		die 'cannot keep the packages'
	remove "$scratch/tmp" && mkdir "$scratch/tmp"
}

# has_room - a build that filled the disk says nothing about either program
has_room() {
	head -c 1048576 /dev/zero >"$scratch/room" 2>/dev/null || return
	rm -f "$scratch/room"
}

fact() {
	sed -n "s/^$1=//p" "$scratch/result/facts"
}

# seconds NAME - how long that build took
seconds() {
	fact "$1.ticks" | awk '{ printf "%.2f s\n", $1 / 100 }'
}

# compare - prints the verdict on two builds that ended well
compare() {
	cd "$scratch/result" || return
	case $(fact fakeroot.used)$(fact amtree-run.used) in
	11) ;;
	*) echo untried && return ;;
	esac
	case $(fact fakeroot.packages):$(fact amtree-run.packages) in
	0:0) echo untried && return ;;
	esac
	diff_status=0
	set -- --json
	ignore=$(setting ignore)
	[ -z "$ignore" ] || set -- "$@" --ignore="$ignore"
	"$bindir/amtree-diff" "$@" fakeroot amtree-run >differences 2>differences.log ||
		diff_status=$?
	[ -s differences.log ] || rm -f differences.log
	case $diff_status in
	0) echo same ;;
	1) echo differs ;;
	*) # a package that is no package is a difference, if a grave one
		grep -q '"kind":"broken"' differences && echo differs ;;
	esac
}

judge() {
	case $(fact fakeroot.status):$(fact amtree-run.status) in
	0:0) compare ;;
	0:*) echo fails-here ;;
	*:0) echo fails-there ;;
	*) echo fails-both ;;
	esac
}

# Who owns what, and what else is not plain, of what we have made if we have.
census() {
	for side in amtree-run fakeroot; do
		[ "$(fact $side.status):$(fact $side.packages)" != 0:0 ] &&
			[ "$(fact $side.status)" = 0 ] || continue
		"$bindir/amtree-scan" -q --json --summary "$scratch/result/$side" \
			>"$scratch/result/census" 2>/dev/null
		return 0
	done
}

keep_packages() {
	case $(setting keep):$verdict in
	all:* | differs:differs) return ;;
	esac
	remove "$scratch/result/fakeroot"
	remove "$scratch/result/amtree-run"
}

publish() {
	unfinished=$(mktemp -d "$results/unfinished/XXXXXXXX") &&
		mkdir -p "$results/results/${key%/*}" &&
		cp -RPp "$scratch/result" "$unfinished/${key##*/}" ||
		die 'cannot keep the result'
	is_ours || die 'another run has taken over'
	# half a result of a machine that lost power
	is_complete "$results/results/$key" || remove "$results/results/$key"
	mv "$unfinished/${key##*/}" "$results/results/${key%/*}/" ||
		die 'cannot keep the result'
}

! is_complete "$results/results/$key" || exit 0
[ -e "$recipe/APKBUILD" ] || die 'no APKBUILD'
bindir=$(setting bindir)
begin
link_programs && ask_git && copy_recipe "$scratch/seed" ||
	die 'cannot copy the recipe'
prepare=$(setting prepare)
if [ -n "$prepare" ]; then
	cp -RPp "$scratch/seed" "$place" || die 'cannot copy the recipe'
	guarded "$scratch/result/prepare.log" "$prepare"
	remove "$scratch/seed" && mv "$place" "$scratch/seed" ||
		die 'cannot move the recipe'
fi
set -- fakeroot amtree-run
[ $((${PARALLEL_SEQ:-1} % 2)) -eq 1 ] || set -- amtree-run fakeroot
{ echo "host=$host"
echo "first=$1"
echo "epoch=$epoch"; } >"$scratch/result/facts"
side "$1"
side "$2"
verdict=$(judge)
[ -n "$verdict" ] || {
	cat "$scratch/result/differences.log" >&2
	die 'amtree-diff failed'
}
census
keep_packages
{ echo "verdict=$verdict"
echo complete; } >>"$scratch/result/facts"
is_complete "$scratch/result" || die "no room in '$base'"
publish
[ -n "$(setting quiet)" ] ||
	say_about "$key" "$verdict ($(seconds fakeroot), $(seconds amtree-run))"
