#!/bin/sh
# amtree-merge: 1,000,000 entries in at most 300 bytes of memory for each
#
# And how its time grows with 50,000 to 200,000.  Takes a minute and a million
# inodes; run.sh runs it if AMTREE_LARGE is set.
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
if [ -z "${TMPDIR-}" ] && [ -w /dev/shm ]; then
	TMPDIR=/dev/shm
	export TMPDIR
fi
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

# measured COMMAND... - run it; "measure" has its peak memory and seconds
measured() {
	python3 - "$@" 3>measure <<'P'
import os, resource, subprocess, sys, time
begin = time.time()
status = subprocess.call(sys.argv[1:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
os.write(3, b"%d %.1f\n" % (peak, time.time() - begin))
sys.exit(status)
P
}
# entries N - a package of N files, a tenth of them with owners, in no order
entries() {
	rm -rf pkg
	mkdir -p pkg/foo pkg/.control.foo
	python3 - "$1" <<'P'
import os, sys
n = int(sys.argv[1])
for i in range(n):
    if i % 1000 == 0:
        os.mkdir("pkg/foo/d%d" % (i // 1000))
    os.close(os.open("pkg/foo/d%d/file%d" % (i // 1000, i), os.O_CREAT))
with open("pkg/.control.foo/.mtree", "w") as overrides:
    for i in range(0, n, 10):
        i = i * 7919 % n
        overrides.write("d%d/file%d uname=u%d\n" % (i // 1000, i, i % 10))
P
}

for n in 50000 100000 200000; do
	entries $n
	check "$n entries are merged" measured "$merge" --root pkg/foo -o out
	echo "# $n entries: $(cut -d' ' -f2 measure) s"
	check 'the overrides count' prints $((n / 10)) grep -c uname=u out
done
rm -r pkg
mkdir -p pkg/foo pkg/.control.foo
python3 - <<'P'
import os
with open("pkg/.control.foo/.mtree", "w") as overrides:
    for d in range(1000):
        os.mkdir("pkg/foo/d%d" % d)
        for i in range(999):
            os.close(os.open("pkg/foo/d%d/file%d" % (d, i), os.O_CREAT))
        overrides.write("d%d/file7 uname=foo\n" % d)
P
check 'a million entries are merged' \
	measured "$merge" --root pkg/foo -o out
read -r peak seconds <measure
count=$(grep -vc '^#' out)
echo "# $count entries: $seconds s, $((peak / count)) bytes each at the peak"
check 'each is there' test "$count" -eq 1000000
check 'and each takes at most 300 bytes' test $((peak / count)) -le 300
check 'the overrides count' prints 1000 grep -c uname=foo out
check 'amtree -R takes them all' \
	measured "$amtree" --root pkg/foo -R -g bar pkg/foo
read -r peak seconds <measure
echo "# amtree -R: $seconds s, $((peak / count)) bytes each at the peak"
check 'and appends each' prints 1000000 grep -c '^[^#].*gname=bar' \
	pkg/.control.foo/.mtree
finish
