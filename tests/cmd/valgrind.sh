#!/bin/sh
# valgrind.sh OBJDIR VALGRIND [TEST...] - tests of the programs, under valgrind
#
# VALGRIND is one word, a command line.  Not amtree-run, which starts others under
# a filter that valgrind does not know, nor tests that count system calls.  An
# error of memory gives a program another status; what there is to say of it is
# shown in the end.
set -eu

[ $# -ge 2 ] || { echo "usage: $0 OBJDIR VALGRIND [TEST...]" >&2; exit 2; }
here=$(dirname "$0")
O=$(cd "$1" && pwd) valgrind=$2
shift 2
wrapped=$O/wrapped
rm -rf "$wrapped"
mkdir -p "$wrapped/log"
chmod 1777 "$wrapped/log"
cp -r "$O/amtree-run" "$O/libexec" "$wrapped"
for program in amtree amtree-merge amtree-build amtree-scan amtree-diff; do
	# a number of a process may come again, for another user
	# shellcheck disable=SC2016 # the wrapper expands
	printf '#!/bin/sh\nexec %s --log-file=%s/log/$PPID.%%p %s "$@"\n' \
		"$valgrind" "$wrapped" "$O/$program" >"$wrapped/$program"
	chmod 755 "$wrapped/$program"
done
[ $# -gt 0 ] || set -- amtree_declare amtree_list amtree_types \
	merge_rules merge_input merge_format build_bytes build_readers scan_broken \
	scan_output scan_policy diff_broken diff_output
for test; do
	shift
	set -- "$@" "$here/test_$test.sh"
done
status=0
sh "$here/run.sh" "$wrapped" "$@" || status=$?
# with -q it says nothing but errors, and warns ("--") of calls it does not know
if grep -h '^==' "$wrapped/log"/*; then
	echo 'not ok - valgrind finds nothing'
	status=1
fi
exit "$status"
