# shellcheck shell=sh
# check.sh - what the tests of the manual, of an installation and of the source
# archive need; sourced
#
#	. "$(dirname "$0")/check.sh"
#	check 'it builds' builds
#	finish
#
# $t is a directory for their files, which goes away whatever happens.

set -u
LC_ALL=C
export LC_ALL
unset AMTREE_ROOT AMTREE_CONTROL AMTREE_JOURNAL SOURCE_DATE_EPOCH MAKEFLAGS \
	MFLAGS
passed=0 failed=0
t=$(mktemp -d) || exit 1
trap 'rm -rf "$t"' EXIT
trap 'exit 1' HUP INT TERM

# check SENTENCE COMMAND... - the command tells whether the sentence is true, and
# says on its output why not
check() {
	sentence=$1 && shift
	if "$@" >"$t/why" 2>&1; then
		echo "ok - $sentence"
		passed=$((passed + 1))
	else
		echo "not ok - $sentence"
		tail -n 40 "$t/why" | sed 's/^/    /'
		failed=$((failed + 1))
	fi
}

# same FILE FILE - they are equal; else show how they differ
same() {
	[ -s "$1" ] || { echo "$1 is empty" && return 1; }
	diff "$1" "$2"
}

# silent COMMAND... - it succeeds and prints nothing
silent() {
	"$@" >"$t/said" 2>&1
	status=$?
	cat "$t/said"
	[ $status -eq 0 ] && [ ! -s "$t/said" ]
}

# The last line of every test.
finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
}
