#!/bin/sh
# valgrind.sh OBJDIR VALGRIND... - tests of the programs, each under valgrind
#
# But for amtree-run, which starts others under a filter that valgrind does not
# know.  An error of memory, or memory that is lost, gives a program another
# status, and what valgrind says of it is on standard error.
set -eu

[ $# -ge 2 ] || { echo "usage: $0 OBJDIR VALGRIND..." >&2; exit 2; }
here=$(dirname "$0")
O=$(cd "$1" && pwd)
shift
wrapped=$O/wrapped
mkdir -p "$wrapped"
cp -r "$O/amtree-run" "$O/libexec" "$wrapped"
for program in amtree amtree-merge amtree-build amtree-scan amtree-diff; do
	printf '#!/bin/sh\nexec %s %s "$@"\n' "$*" "$O/$program" \
		>"$wrapped/$program"
	chmod 755 "$wrapped/$program"
done
set --
for test in amtree_declare amtree_list amtree_recursive amtree_types amtree_errors \
    merge_rules merge_input merge_format build_input build_bytes build_readers \
    scan_broken scan_output scan_policy diff_broken diff_output; do
	set -- "$@" "$here/test_$test.sh"
done
exec sh "$here/run.sh" "$wrapped" "$@"
