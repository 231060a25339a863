#!/bin/sh
# amtree-merge: 1,000,000 entries in at most 300 bytes of memory for each
#
# Takes half a minute and a million inodes; run.sh runs it if AMTREE_LARGE is
# set.
if [ -z "${TMPDIR-}" ] && [ -w /dev/shm ]; then
	TMPDIR=/dev/shm
	export TMPDIR
fi
. "$(dirname "$0")/lib.sh"

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

# measured COMMAND... - run it; peak memory in bytes and seconds on fd 3
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
check 'a million entries are merged' \
	measured "$merge" --root pkg/foo -o out
read -r peak seconds <measure
entries=$(grep -vc '^#' out)
echo "# $entries entries: $seconds s, $((peak / entries)) bytes each at the peak"
check 'each is there' test "$entries" -eq 1000000
check 'and each takes at most 300 bytes' test $((peak / entries)) -le 300
check 'the overrides count' prints 1000 grep -c uname=foo out
check 'amtree -R takes them all' \
	measured "$amtree" --root pkg/foo -R -g bar pkg/foo
read -r peak seconds <measure
echo "# amtree -R: $seconds s, $((peak / entries)) bytes each at the peak"
check 'and appends each' prints 1000000 grep -c '^[^#].*gname=bar' \
	pkg/.control.foo/.mtree
finish
