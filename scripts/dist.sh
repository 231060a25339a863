#!/bin/sh
# dist.sh NAME DIR - make DIR/NAME.tar.gz of this source, with NAME/ before all names
#
# The same bytes wherever it is made: sorted, root's, with one time, which is that of
# the last commit, and modes without the umask.  In an unpacked archive, where there
# is no git, it packs all but build/, and the time is that of the files; so what comes
# out is the archive again.
set -eu

[ $# -eq 2 ] || { echo "usage: $0 NAME DIR" >&2; exit 2; }
name=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)/$name.tar.gz
cd "$(dirname "$0")/.."

# one not for this directory, but for what it lies in, does not count
if [ -e .git ] && git rev-parse --git-dir >/dev/null 2>&1; then
	epoch=$(git log -1 --format=%ct)
	changed=$(git status --porcelain | wc -l)
	[ "$changed" -eq 0 ] ||
		echo "dist.sh: $changed files are not as committed" >&2
	files() { git ls-files -z; }
else
	epoch=$(stat -c %Y CHANGELOG.md)
	files() {
		find . \( -path ./build -o -path ./.git \) -prune -o \
			! -type d -print0 | sed -z 's,^\./,,'
	}
fi

temp=$out.$$
trap 'rm -f "$temp" "$temp.tar"' EXIT
trap 'exit 1' HUP INT TERM
files | LC_ALL=C sort -z | tar --null --no-recursion -T - --format=ustar \
	--owner=root:0 --group=root:0 --numeric-owner --mtime="@$epoch" \
	--mode=u=rwX,go=rX --transform="flags=rSH;s,^,$name/," -cf - >"$temp.tar"
gzip -n -9 <"$temp.tar" >"$temp"
mv "$temp" "$out"
echo "$out"
