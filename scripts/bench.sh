#!/bin/sh
# bench.sh [-n RUNS] [O] - how fast and small, as ratios measured in one run
#
# Ours and stock abuild's own line (find, sort, GNU tar under fakeroot, gzip or
# pigz, sha256sum) take turns over the same trees; the best of RUNS counts.
# Absolute times depend on the machine and on who else uses it, ratios hardly.
set -eu
cd "$(dirname "$0")/.."

runs=3
while getopts n: opt; do
	case $opt in
	n) runs=$OPTARG ;;
	*) echo "usage: $0 [-n RUNS] [O]" >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
O=${1:-build/default}
for tool in fakeroot tar gzip pigz sha256sum; do
	command -v "$tool" >/dev/null || {
		echo "bench.sh: needs $tool" >&2
		exit 3
	}
done
make -s programs O="$O"
O=$(cd "$O" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
export SOURCE_DATE_EPOCH=1700000000 LC_ALL=C
echo "root root:0" >"$work/map"

# now - nanoseconds
now() {
	date +%s%N
}

# clock NAME COMMAND... - run it; its nanoseconds go to $work/NAME.ns if least
clock() {
	clock_name=$1 && shift
	clock_start=$(now)
	"$@"
	clock_ns=$(($(now) - clock_start))
	if [ ! -f "$work/$clock_name.ns" ] ||
	    [ "$clock_ns" -lt "$(cat "$work/$clock_name.ns")" ]; then
		echo "$clock_ns" >"$work/$clock_name.ns"
	fi
}

# stock TREE GZIP - abuild's way from a tree to its hash
stock() {
	# shellcheck disable=SC2016 # the inner shell expands
	(cd "$1" && fakeroot -- sh -c 'find * -print0 | LC_ALL=C sort -z |
	    tar --format=posix --no-recursion --null -T - -c -f - \
	    --mtime="@$SOURCE_DATE_EPOCH" --xattrs \
	    --xattrs-exclude=security.selinux \
	    --owner-map="$1/map" --group-map="$1/map" |
	    $2 -n -9 >"$1/stock-$2.tar.gz"
	    sha256sum "$1/stock-$2.tar.gz" >/dev/null' sh "$work" "$2")
}

# ours TREE CHECKSUM
ours() {
	"$O/amtree-build" -q -j 2 --root "$1" --checksum "$2" --datahash \
	    -o "$work/ours-$2.tar.gz" >/dev/null
}

# ratio A B - A/B to three places
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'
}

seconds() {
	awk -v ns="$(cat "$work/$1.ns")" 'BEGIN { printf "%.2f", ns / 1e9 }'
}

# pack NAME DIR... - bench the packing of a copy of DIRs
pack() {
	name=$1 && shift
	tree=$work/tree
	rm -rf "$tree" "$work"/*.ns "$work"/*.tar.gz
	mkdir "$tree"
	for dir; do
		[ -d "$dir" ] && cp -a "$dir" "$tree/"
	done
	: "$(find "$tree" -type f -exec cat {} + | cksum)" # into the cache
	i=0
	while [ $i -lt "$runs" ]; do
		clock gzip stock "$tree" gzip
		clock none ours "$tree" none
		clock pigz stock "$tree" pigz
		clock sha1 ours "$tree" sha1
		i=$((i + 1))
	done
	printf '%s: %s entries, %s of contents\n' "$name" \
	    "$(find "$tree" -mindepth 1 | wc -l)" \
	    "$(du -sh --apparent-size "$tree" | cut -f1)"
	printf '  %-28s %9s %8s %8s %12s %8s %8s\n' '' seconds /gzip /pigz \
	    bytes /gzip /pigz
	for way in gzip pigz none sha1; do
		case $way in
		gzip | pigz) file=stock-$way label="stock, $way -n -9" ;;
		none) file=ours-none label="amtree-build, no checksums" ;;
		sha1) file=ours-sha1 label="amtree-build" ;;
		esac
		bytes=$(wc -c <"$work/$file.tar.gz")
		printf '  %-28s %9s %8s %8s %12s %8s %8s\n' "$label" \
		    "$(seconds $way)" \
		    "$(ratio "$(cat "$work/$way.ns")" "$(cat "$work/gzip.ns")")" \
		    "$(ratio "$(cat "$work/$way.ns")" "$(cat "$work/pigz.ns")")" \
		    "$bytes" \
		    "$(ratio "$bytes" "$(wc -c <"$work/stock-gzip.tar.gz")")" \
		    "$(ratio "$bytes" "$(wc -c <"$work/stock-pigz.tar.gz")")"
	done
	printf '  checksums cost: %s of the time without\n' \
	    "$(ratio "$(cat "$work/sha1.ns")" "$(cat "$work/none.ns")")"
}

pack 'small files' /usr/include /usr/share/perl
pack 'big binaries' /usr/lib/gcc
