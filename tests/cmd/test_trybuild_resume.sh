#!/bin/sh
# amtree-trybuild: killed, interrupted, run again, and what it refuses
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of trybuild.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"
. "$tests/trybuild.sh"

# all_of RESULTS - the files of all results, with their contents and times
all_of() {
	find "$there/$1/results" -type f -exec stat -c '%n %Y %i' {} \; \
		-exec cksum {} \; 2>/dev/null | sort
}
# begins OPTION... - amtree-trybuild in a group of its own, until its second recipe
# is being built; $pid is the group
begins() {
	rm -f "$there/waits"
	(cd "$there" && exec setsid env --default-signal=INT sh -c '
		is_root=$1 && shift
		[ -z "$is_root" ] || set -- setpriv --reuid nobody \
			--regid nogroup --clear-groups "$@"
		exec "$@"' - "$(! is_root || echo y)" \
		env HOME="$there/home" WAITS="$there/waits" \
		"$O/amtree-trybuild" --work "$there/work" \
		--build "sh '$tests/abuild/abuild.sh'" "$@") \
		>began.out 2>began.err </dev/null &
	pid=$!
	for lap in $(seq 300); do
		[ ! -e "$there/waits" ] || return 0
		sleep 0.1
	done
	echo "in vain, $lap times"
	return 1
}

recipe main/one ''
recipe main/two '[ -z "$WAITS" ] || { : >"$WAITS"; sleep 60; }'
recipe main/three 'chown mail "$pkgdir"/x'
# in this order, one at a time
for r in one two three; do
	echo "recipes/main/$r"
done >"$there/list"
own

begins -o out --list list
kill -s KILL -- "-$pid"
wait "$pid" 2>/dev/null || :
check 'killed, it leaves what it has done' [ -d "$there/out/results/main/one" ]
check 'and nothing half-done' [ ! -e "$there/out/results/main/two" ]
all_of out >before
for how in INT:130 TERM:143; do
	expected=${how#*:} how=${how%:*}
	begins -o out
	kill -s "$how" "$pid"
	status=0
	wait "$pid" || status=$?
	check "SIG$how ends it" [ "$status" -eq "$expected" ]
	check "SIG$how: it says so" grep -qx \
		'amtree-trybuild: stopped; run it again to go on' began.err
	check "SIG$how: nothing stays behind, of what was killed before either" \
		nothing_left
	all_of out >after
	check "SIG$how: the results of before do" cmp before after
done

ends() {
	for lap in $(seq 100); do
		! nothing_left >left || return 0
		sleep 0.1
	done
	echo "not in $lap times" && cat left
	return 1
}
begins -o out
kill -s KILL "$pid"
wait "$pid" 2>/dev/null || :
check 'all that it started ends with it when it alone is killed' ends
full() {
	status=0
	(ulimit -f 100 && trybuild -o full -q --retries 1 fails) || status=$?
	cat told
	[ "$status" -eq 3 ] && grep -q "^amtree-trybuild: .*: no room in '" told
}
mkdir "$there/fails"
cp -R "$there/recipes/main/one" "$there/fails"
echo 'package() { return 7; }' >>"$there/fails/one/APKBUILD"
own
check 'where there is no room a build that fails is no verdict' full

# as if the machine had lost power behind the rename
mkdir -p "$there/out/results/main/three"
echo verdict=differs >"$there/out/results/main/three/facts"
own
check 'run again it goes on, without being told anything again' trybuild -o out -q
check 'with what is left, and what had no end' verdicts_are out \
	'main/one same
main/three same
main/two same'
all_of out | grep /main/one >again
grep /main/one before >wanted
check 'what was done is not done again' cmp wanted again
# lines COUNT - parallel(1) has seen so many jobs that ended
lines() {
	cat "$there/out/joblog"
	[ "$(sed 1d "$there/out/joblog" | wc -l)" -eq "$1" ]
}
check 'three recipes were built, no more' lines 3
check '-q says nothing of how it goes on' sh -c 'cat "$1"; [ ! -s "$1" ]' - told

# more and more
rm -r "$there/out/results/main/one"
check 'a report alone builds nothing' fails trybuild -o out --report
check 'and says what has no verdict' grep -qx 'main/one: no verdict yet' said
recipe main/four 'return 7'
own
# as if somebody else had written what is swept of a run before
mkdir -p "$there/kept/amtree-trybuild.a/bcdefg" "$there/kept/amtree-trybuild.abcdefgh" \
	"$there/out/running/main"
echo "$(uname -n):$there/kept/amtree-trybuild.a/bcdefg" >"$there/out/running/main/one"
echo "$(uname -n):$there/kept/amtree-trybuild.abcdefgh" >"$there/out/running/main/four"
own
check 'a recipe more is built' trybuild -o out -q recipes
check 'what a run before left is removed' \
	[ ! -e "$there/kept/amtree-trybuild.abcdefgh" ]
check 'but nothing that has not a name of its own' \
	[ -d "$there/kept/amtree-trybuild.a/bcdefg" ]
check 'and what had its result removed, but nothing else' lines 5
check 'what fails both ways is no finding' grep -qx '       1 fails under both' said
check 'each has its verdict then' verdicts_are out 'main/four fails-both
main/one same
main/three same
main/two same'
gone() {
	mv "$there/recipes/main/four" "$there/recipes/main/five"
	rm -r "$there/out/results/main/four"
	status=0
	trybuild -o out -q || status=$?
	cat told && echo "status $status" && [ "$status" -eq 3 ] &&
		grep -q '^amtree-trybuild: main/four: ' told
}
check 'a recipe that is no more makes status 3' gone
mv "$there/recipes/main/five" "$there/recipes/main/four"

# refused
refuses() {
	refuses_regex=$1
	shift
	refuses_status=0
	trybuild "$@" || refuses_status=$?
	cp told "$here/stderr"
	lib_one_line told "^amtree-trybuild: $refuses_regex" &&
		[ ! -s said ] && [ "$refuses_status" -eq 2 ]
}
check 'results of another build command are not mixed' refuses \
	"'.*/out' was begun with another --build$" -o out --build true
check 'nor of another FAKEROOT' refuses '.* another --amtree-run$' -o out \
	--amtree-run 'amtree-run --strict'
check 'a directory of results is required' refuses 'no directory of results' recipes
check 'recipes are required' refuses 'there is no recipe$' -o none home
echo work >"$there/wrong"
check 'a list names recipes' refuses "'work' has no APKBUILD$" -o none \
	--list wrong
mkdir -p "$there/other/main/one"
cp "$there/recipes/main/one/APKBUILD" "$there/other/main/one"
check 'two recipes of one name are refused' refuses \
	"'.*/other/main/one' and '.*/recipes/main/one' are both 'main/one'$" \
	-o none other recipes
for bad in '--jobs=0' '--jobs=x' '--timeout=-1' '--keep=some' '--work=tmp' \
	'--nonsense' '--nonsense=1' '-x' '--fakeroot=' '--build='; do
	check "$bad is refused" refuses '.*' -o none "$bad" recipes
done
check 'an option without its value is refused' refuses '--jobs needs a value$' \
	-o none recipes --jobs
finish
