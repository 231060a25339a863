#!/bin/sh
# run.sh OBJDIR [TEST...] - run the tests of the programs, two at a time
#
# With AMTREE_LARGE set the large ones too, which take time and room.  Each runs
# as whoever calls; root runs each once more as an ordinary user, and those of scripts
# only as one.
# Nothing may be left behind, so each test gets a directory for temporary files
# of its own, which must be empty again in the end.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

# one USER TEST - run one test, say how it went; 1 if it failed
one() {
	name=${2##*/} tmp=$tmp/$1.${2##*/}
	mkdir "$tmp" "$tmp/files"
	chmod 1777 "$tmp/files"
	if [ "$1" = root ] || [ "$1" = caller ]; then
		set -- "$1" sh "$2" "$O"
	else
		set -- "$1" setpriv --reuid nobody --regid nogroup \
			--clear-groups sh "$2" "$O"
	fi
	user=$1 status=0
	shift
	HOME=/nonexistent TMPDIR=$tmp/files "$@" >"$tmp/log" 2>&1 </dev/null ||
		status=$?
	left=$(ls -A "$tmp/files")
	last=$(tail -n 1 "$tmp/log")
	case "$status $last" in
	'0 0 passed,'*) echo "not ok - $name tests something" >>"$tmp/log" ;;
	'0 '*' passed, 0 failed')
		[ -n "$left" ] || { echo "$name, $user: $last"; return 0; } ;;
	esac
	[ -z "$left" ] || echo "not ok - $name leaves nothing: $left" >>"$tmp/log"
	{ echo "$name, $user: FAILED, status $status"
	grep -v '^ok - ' "$tmp/log" | sed 's/^/    /'; } >"$tmp/report"
	cat "$tmp/report"
	return 1
}

if [ "${1-}" = --one ]; then
	one "$2" "$3"
	exit
fi

[ $# -ge 1 ] || { echo "usage: $0 OBJDIR [TEST...]" >&2; exit 2; }
O=$(cd "$1" && pwd)
shift
if [ $# -eq 0 ]; then
	set -- "$here"/test_*.sh
	# what a sanitizer needs says nothing about what we need, and scripts
	# are as they were
	if [ -n "${SAN-}" ]; then
		for test; do
			shift
			case $test in
			*_memory.sh | *_scale.sh | */test_fault_*.sh) ;;
			*/test_trybuild_*.sh | */test_abuildsh_*.sh) ;;
			*) set -- "$@" "$test" ;;
			esac
		done
	fi
	[ -z "${AMTREE_LARGE-}" ] || set -- "$@" "$here"/large_*.sh
fi
users=caller
if [ "$(id -u)" -eq 0 ]; then
	users='root nobody'
	[ -z "${SAN-}" ] || users=nobody
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 1' HUP PIPE
chmod 755 "$tmp"
export O tmp
# Where the checkout is closed to him, an ordinary user works on a copy.
if [ "$users" != caller ] &&
    ! setpriv --reuid nobody --regid nogroup --clear-groups \
	test -x "$O/amtree" -a -r "$here/lib.sh"; then
	mkdir -p "$tmp/copy/cmd" "$tmp/copy/O"
	cp -r "$here"/* "$here/../../doc/gitlab-ci/trybuild.yml" \
		"$tmp/copy/cmd"
	cp -r "$O"/amtree* "$O/libexec" "$tmp/copy/O"
	chmod -R a+rX "$tmp/copy"
	for test; do
		shift
		set -- "$@" "$tmp/copy/cmd/${test##*/}"
	done
	O=$tmp/copy/O
fi
failed=0
for test; do
	case $test in
	*/test_trybuild_*.sh | */test_abuildsh_*.sh | */test_run_fakeroot_*.sh)
		whose=${users##* } ;;
	*) whose=$users ;;
	esac
	for user in $whose; do
		printf '%s\0%s\0' "$user" "$test"
	done
done >"$tmp/jobs"
xargs -0 -n 2 -P 2 sh "$0" --one <"$tmp/jobs" >"$tmp/said" || failed=1
cat "$tmp/said"

# Of a test that failed only its failures are known; it counts with those.
awk -v failed="$failed" '
    / passed, 0 failed$/ { p += $(NF - 3) }
    /^ *not ok - / { f++ }
    END {
	if (failed && !f)
		f = 1
	printf "%d passed, %d failed\n", p, f
    }' "$tmp/said"
exit "$failed"
