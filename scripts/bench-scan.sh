#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# bench-scan.sh [-n RUNS] [-c COUNT] [O] - amtree-scan and gzip over a repository
#
# COUNT packages (3000) are made of directories of this machine, each several
# times where it has not so many.  `xargs -P2 -n1 gzip -dc` and amtree-scan with two
# threads read them in turns; the median of RUNS turns counts.
set -eu
cd "$(dirname "$0")/.."

. scripts/bench-lib.sh
runs=3 count=3000
begin 'gzip python3 xargs' "$@"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
export LC_ALL=C
mkdir "$work/repo" "$work/made"

# Directories that are no larger than packages are.
find /usr/share /usr/include /usr/lib -mindepth 1 -maxdepth 2 -type d 2>/dev/null |
	sort | xargs du -sxk 2>/dev/null |
	awk '$1 >= 8 && $1 < 20000 { sub(/^[0-9]*\t/, ""); print }' |
	head -n 300 >"$work/dirs"
n=0
while read -r dir; do
	"$O/amtree-build" -q --root "$dir" -o "$work/data.tar.gz" </dev/null
	python3 tests/cmd/scancmp.py pack "$work/data.tar.gz" \
		"$work/made/p$n.apk" "p$n"
	n=$((n + 1))
done <"$work/dirs"
i=0
while [ $i -lt "$count" ]; do
	ln "$work/made/p$((i % n)).apk" "$work/repo/p$i.apk"
	i=$((i + 1))
done

decode() {
	find "$work/repo" -name '*.apk' -print0 |
		xargs -0 -P2 -n1 gzip -dc >/dev/null
}
scan() {
	"$O/amtree-scan" -q -j 2 --summary "$work/repo" >"$work/summary"
}
: "$(find "$work/made" -type f -exec cat {} + | cksum)" # into the cache
i=0
while [ $i -lt "$runs" ]; do
	clock gzip decode
	clock scan scan
	i=$((i + 1))
done
python3 tests/cmd/peak.py "$work/kib" "$O/amtree-scan" -q -j 2 --summary \
	"$work/repo" >/dev/null
printf 'amtree-scan of %s packages (%s, %s entries): %s of gzip -dc (%s s, %s s), %s MiB of memory\n' \
	"$count" "$(du -shlL --apparent-size "$work/repo" | cut -f1)" \
	"$(awk '/entries in/ { print $1 }' "$work/summary")" \
	"$(over scan gzip)" "$(seconds scan)" "$(seconds gzip)" \
	"$(($(cat "$work/kib") / 1024))"
