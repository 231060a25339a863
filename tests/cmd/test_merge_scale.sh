#!/bin/sh
# amtree-merge: many lines, many entries, deep trees
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2086 # names and numbers of ours, without blanks
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

file=pkg/.control.foo/.mtree
# grow FROM TO - files pkg/foo/dN/M, a thousand a directory
grow() {
	python3 - "$1" "$2" <<'P'
import os, sys
for i in range(int(sys.argv[1]), int(sys.argv[2])):
    if i % 1000 == 0:
        os.mkdir("pkg/foo/d%d" % (i // 1000))
    os.close(os.open("pkg/foo/d%d/%d" % (i // 1000, i), os.O_CREAT))
P
}
# misses N - --check finds all N names that are not there
misses() {
	awk "BEGIN { for (i = 0; i < $1; i++) print \"d1/nope\" i \" uid=1\" }" \
		>$file
	status=0
	"$amtree" --check --root pkg/foo >found || status=$?
	[ "$(wc -l <found)" -eq "$1" ] && [ "$status" -eq 1 ]
}
# override N - every tenth of N files has an owner, in no order
override() {
	python3 - "$1" >$file <<'P'
import sys
n = int(sys.argv[1])
print("#mtree v2.0")
for i in range(0, n, 10):
    i = i * 7919 % n
    print("d%d/%d uname=u%d" % (i // 1000, i, i % 10))
P
}
milliseconds() {
	begin=$(date +%s%N)
	"$@"
	end=$(date +%s%N)
	took=$(((end - begin) / 1000000))
}

mkdir -p pkg/foo pkg/.control.foo
: >pkg/foo/one
awk 'BEGIN { for (i = 0; i < 100000; i++) print "./one uid=" i + 1 }' >$file
milliseconds "$merge" --root pkg/foo -o out
echo "# 100,000 lines for one path: $took ms"
check 'of 100,000 lines for one path the last one counts' \
	grep -q '^./one gname=root gid=0 uid=100000 ' out
rm pkg/foo/one

grow 0 10000
begin=$(date +%s%N)
check 'all of 100 names that are missing are found' misses 100
end=$(date +%s%N)
echo "# 100 names that are missing among 10000: $(((end - begin) / 1000000)) ms"
rm -r pkg/foo/d*

had=0
for n in 10000 20000 40000; do
	grow $had $n
	had=$n
	override $n
	milliseconds "$merge" --root pkg/foo -o out
	echo "# $n entries, $((n / 10)) overrides: $took ms"
	check "$n files are $n lines, and some for their directories" \
		prints $((n + n / 1000)) grep -vc '^#' out
	check "$((n / 10)) of them have their owners" \
		prints $((n / 10)) grep -c uname=u out
done
milliseconds "$merge" --root pkg/foo --changed -o changed
echo "# only what has changed: $took ms"
grep uname=u out >want
check '--changed has just those' sh -c 'tail -n +2 changed | cmp - want'
rm -r pkg/foo/d*

deep() {
	python3 - <<'P'
import os
os.chdir("pkg/foo")
for i in range(2000):
    os.mkdir("d")
    os.chdir("d")
P
}
deep
: >$file
check '2,000 directories in each other are merged' \
	"$merge" --root pkg/foo -o out
check 'the deepest is there' sh -c \
	'awk "{ if (length(\$1) > n) n = length(\$1) } END { exit n != 3999 }" out'
check 'and amtree -R takes them' silent "$amtree" --root pkg/foo -R -u foo pkg/foo
check 'each' prints 2000 grep -c uname=foo $file
{ awk 'BEGIN { for (i = 0; i < 2000; i++) print "d type=dir uid=7" }'
echo '. optional'; } >$file
check 'nested names of that depth are read' "$merge" --root pkg/foo -o out
check 'and count' prints 2000 grep -c ' uid=7 ' out
rm -r pkg/foo/d
python3 "$tests/mktree.py" deep pkg/foo 4000
too_deep() {
	fails_with 3 'path of 4[0-9]* bytes' "$@"
}
check '4,000 directories in each other are one error' \
	too_deep "$merge" --root pkg/foo -o deeper
check '... and leave no output' fails test -e deeper
check 'amtree -R says so too' too_deep "$amtree" --root pkg/foo -R -u foo pkg/foo
finish
