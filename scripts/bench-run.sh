#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# bench-run.sh [-n RUNS] [O] - what it costs to be recorded, as ratios in one run
#
# A packaging phase (copy a tree of 10,000 files, 400 times install -o -g,
# chown -R of it all, two finds) and chown -R alone, on a tmpfs, by an ordinary
# user: bare (with the user's own name as owner, which needs no rights), under
# fakeroot, under amtree-run, and under a supervisor that does nothing, which is
# what the kernel's notifications cost by themselves; in turns, of which
# the median counts.
set -eu
cd "$(dirname "$0")/.."

. scripts/bench-lib.sh
runs=5
begin fakeroot "$@"
make -s "$O/tests/bench/idle" O="$O"

lay_out nobody
cp "$O/amtree-run" "$O/tests/bench/idle" "$work/"
cat >"$work/many" <<'MANY'
ulimit -n "$(ulimit -Hn)"
exec "$@"
MANY

i=0
while [ $i -lt "$runs" ]; do
	clock bare as_user sh phase "$self" "$group"
	clock fake as_user fakeroot sh phase games games
	clock ours as_user ./amtree-run sh phase games games
	clock idle as_user ./idle sh phase games games
	clock chown as_user chown -R "$self:$group" copy
	clock chown-fake as_user fakeroot chown -R games:games copy
	clock chown-ours as_user ./amtree-run chown -R games:games copy
	clock chown-idle as_user ./idle chown -R games:games copy
	clock start repeat 100 as_user true
	clock start-ours repeat 100 as_user ./amtree-run true
	clock start-many repeat 100 as_user sh many ./amtree-run true
	clock start-sh repeat 100 as_user sh many true
	i=$((i + 1))
done

# start NAME NAME - milliseconds that one takes longer than the other
start() {
	paste "$work/$1.ns" "$work/$2.ns" | awk '{ print ($1 - $2) / 1e8 }' |
		median %.1f
}

printf 'packaging phase: %s of bare time (fakeroot %s), %s of fakeroot\n' \
	"$(over ours bare)" "$(over fake bare)" "$(over ours fake)"
printf 'chown -R of 10,500 files: %s of bare time (fakeroot %s), %s of fakeroot\n' \
	"$(over chown-ours chown)" "$(over chown-fake chown)" \
	"$(over chown-ours chown-fake)"
printf 'doing nothing: %s of bare time, %s of fakeroot; chown -R %s of fakeroot\n' \
	"$(over idle bare)" "$(over idle fake)" "$(over chown-idle chown-fake)"
printf 'start-up: %s ms; with the highest limit of open files: %s ms\n' \
	"$(start start-ours start)" "$(start start-many start-sh)"
