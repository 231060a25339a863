#!/bin/sh
# bench.sh [-n RUNS] [O] - how fast and small, as ratios measured in one run
#
# Ours and stock abuild's own line (find, sort, GNU tar under fakeroot, gzip or
# pigz, sha256sum) take turns over the same trees; the median of RUNS turns counts.
# Absolute times depend on the machine and on who else uses it, ratios hardly.
set -eu
cd "$(dirname "$0")/.."

. scripts/bench-lib.sh
runs=3
begin 'fakeroot tar gzip pigz sha256sum' "$@"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
export SOURCE_DATE_EPOCH=1700000000 LC_ALL=C
echo "root root:0" >"$work/map"

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
		    "$(over $way gzip)" \
		    "$(over $way pigz)" \
		    "$bytes" \
		    "$(ratio "$bytes" "$(wc -c <"$work/stock-gzip.tar.gz")")" \
		    "$(ratio "$bytes" "$(wc -c <"$work/stock-pigz.tar.gz")")"
	done
	printf '  checksums cost: %s of the time without\n' "$(over sha1 none)"
}

# What a call in an APKBUILD costs, beside a chown that changes nothing.
startup() {
	rm -f "$work"/*.ns
	mkdir -p "$work/pkg/foo" "$work/pkg/.control.foo"
	: >"$work/pkg/foo/file"
	i=0
	while [ $i -lt "$runs" ]; do
		rm -f "$work/pkg/.control.foo/.mtree"
		clock chown repeat 200 chown "$(id -u)" "$work/pkg/foo/file"
		clock amtree repeat 200 "$O/amtree" -g abuild \
			"$work/pkg/foo/file"
		i=$((i + 1))
	done
	printf 'one amtree -g: %s of one chown\n' "$(over amtree chown)"
}

# grow DIR FROM TO - empty files, 1,000 a directory
grow() {
	awk -v from="$2" -v to="$3" 'BEGIN {
		for (i = from; i < to; i++)
			printf "%d/%d\n", i / 1000, i
	}' >"$work/names"
	(cd "$1" && sed 's,/.*,,' "$work/names" | uniq | xargs mkdir -p &&
		xargs touch <"$work/names")
}

# amtree -R and amtree-merge over more and more files, a tenth declared.
scale() {
	rm -rf "$work/pkg" "$work"/*.ns
	mkdir -p "$work/pkg/foo" "$work/pkg/.control.foo"
	from=0
	for to in 50000 100000 200000; do
		grow "$work/pkg/foo" $from $to
		from=$to
		rm -f "$work/pkg/.control.foo/.mtree"
		clock declare$to "$O/amtree" -R -g abuild "$work/pkg/foo"
		awk 'NR == 1 || NR % 20 < 2' "$work/pkg/.control.foo/.mtree" \
			>"$work/tenth"
		awk '/^#amtree/ { note = $0; next }
		    NR > 1 && note != "" { print note; print; note = "" }' \
			"$work/tenth" >"$work/pkg/.control.foo/.mtree"
		clock merge$to "$O/amtree-merge" --root "$work/pkg/foo" \
			-o /dev/null
		printf '%7d files: amtree -R %s s, amtree-merge %s s with %d overrides\n' \
			$to "$(seconds declare$to)" "$(seconds merge$to)" \
			"$(grep -vc '^#' "$work/pkg/.control.foo/.mtree")"
	done
}

startup
scale
rm -rf "$work/pkg"
pack 'small files' /usr/include /usr/share/perl
pack 'big binaries' /usr/lib/gcc
rm -rf "$work/tree"
sh scripts/bench-run.sh -n "$runs" "$O"
sh scripts/bench-others.sh -n "$runs" "$O"
sh scripts/bench-scan.sh -n "$runs" "$O"
