#!/bin/sh
# amtree-build, amtree-scan, amtree-diff: 1,000,000 entries, 100,000 siblings
#
# Takes minutes, a million inodes and some hundred MB; run.sh runs it if
# AMTREE_LARGE is set.
# shellcheck disable=SC2016,SC2154,SC2317,SC2181 # shells and functions that check() calls
if [ -z "${TMPDIR-}" ] && [ -w /dev/shm ]; then
	TMPDIR=/dev/shm
	export TMPDIR
fi
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
scan=$O/amtree-scan diff=$O/amtree-diff
export SOURCE_DATE_EPOCH=1700000000

# files DIR N EACH - N files below it, EACH in a directory
files() {
	python3 - "$@" <<'P'
import os, sys
root, n, each = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for i in range(n):
    if i % each == 0:
        os.makedirs("%s/d%d" % (root, i // each))
    with open("%s/d%d/file%d" % (root, i // each, i), "w") as f:
        f.write("file %d\n" % i)
P
}
# measured NAME COMMAND... - says how long it took, and its peak memory
measured() {
	python3 - "$@" <<'P'
import os, resource, subprocess, sys, time
begin = time.time()
status = subprocess.call(sys.argv[2:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
with open("measured", "w", encoding="ascii") as f:
    f.write("%s: %.1f s, %d MiB\n" % (sys.argv[1], time.time() - begin, peak))
sys.exit(status)
P
	measured_status=$?
	cat measured >>"$here/measures"
	return "$measured_status"
}
says_nothing() {
	said=$("$@" 2>&1) && [ -z "$said" ]
}
# all DIR N - each program takes the N entries of DIR
all() {
	check "a package of $2 entries is packed" measured "amtree-build, $1" \
		"$build" -q --root "$1" --control none -o "$1.tar.gz"
	check '... in order, and each is there' \
		sh -c 'tar -tzf "$0" | sort -c && [ "$(tar -tzf "$0" | wc -l)" -eq "$1" ]' \
		"$1.tar.gz" "$2"
	check '... is scanned, and nothing is amiss' \
		says_nothing measured "amtree-scan, $1" "$scan" -q "$1.tar.gz"
	check '... is the same as its tree' \
		says_nothing measured "amtree-diff, $1" "$diff" -j 0 "$1=none" "$1.tar.gz"
	check '... is merged' measured "amtree-merge, $1" \
		"$merge" --root "$1" --control none -o merged
	check '... entry by entry' prints "$2" sh -c 'grep -vc "^#" merged'
}
mkdir none
files many 999000 1000
all many 999999
rm -r many many.tar.gz
files wide 100000 100000
all wide 100001
sed 's/^/# /' "$here/measures"
finish
