#!/bin/sh
# amtree-build: the same tree gives the same bytes, whatever else is different
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

export SOURCE_DATE_EPOCH=1700000000
mkdir -p pkg/.control.foo
python3 "$tests/mktree.py" pkg/foo
"$amtree" -u daemon:games pkg/foo/a0 pkg/foo/usr/bin/mode4755
"$amtree" -t char -D 1,3 -m 666 pkg/foo/run/null
"$amtree" -t link -l ../x pkg/foo/run/link
"$amtree" -c cap_net_raw+ep pkg/foo/usr/bin/mode755
"$build" -q --root pkg/foo -j 0 -o reference.tar.gz

# gives REFERENCE COMMAND... - writes the same bytes, to -o other
gives() {
	reference=$1
	shift
	"$@" || return 1
	cmp "$reference" other
}
build_again() {
	"$build" -q --root pkg/foo -o other "$@"
}
with_umask() {
	(umask "$1" && build_again)
}

for threads in 1 2 7 64; do
	check "$threads threads give what none gives" \
		gives reference.tar.gz build_again -j $threads
done
for mask in 000 077 177; do
	check "umask $mask changes nothing" \
		gives reference.tar.gz with_umask $mask
done
for locale in C.UTF-8 nowhere tr_TR.UTF-8; do
	export LC_ALL=$locale
	check "locale $locale changes nothing" gives reference.tar.gz build_again
done
export LC_ALL=C
for zone in Pacific/Kiritimati America/St_Johns :nonsense; do
	export TZ=$zone
	check "time zone $zone changes nothing" gives reference.tar.gz build_again
done
unset TZ

# Another order in the directories (tmpfs lists what is newest first, others
# sort by hash) and other times of files.
[ ! -w /dev/shm ] || elsewhere=$(mktemp -d /dev/shm/XXXXXXXX)
reversed=${elsewhere:-$here}/reversed
python3 "$tests/mktree.py" "$reversed" reversed
find "$reversed" -name 'n*' -exec touch -h {} +
check 'the order of making files changes nothing' gives reference.tar.gz \
	"$build" -q --root "$reversed" --control pkg/.control.foo -o other
rm -r "$reversed"

setfattr -n user.comment -v x pkg/foo/ab
"$build" -q --root pkg/foo -j 0 -o reference.tar.gz
"$build" -q --root pkg/foo -j 0 --format tar -o reference.tar

(cd pkg/foo && find ./* -print0 | shuf -z --random-source=../../reference.tar \
	>../../names)
check '--files-from gives what the walk gives' \
	gives reference.tar.gz build_again --files-from names
from_stdin() {
	build_again --files-from - <names
}
check '--files-from - gives what the walk gives' \
	gives reference.tar.gz from_stdin

"$merge" --root pkg/foo -o merged 2>/dev/null
check '--mtree gives what the overrides give' gives reference.tar.gz \
	"$build" -q --root pkg/foo --mtree merged -o other
from_pipe() {
	mkfifo fifo
	cat merged >fifo &
	"$build" -q --root pkg/foo --mtree fifo -o other
}
check '--mtree takes a pipe' gives reference.tar.gz from_pipe
from_standard_input() {
	"$build" -q --root pkg/foo --mtree - -o other <merged
}
check '--mtree - reads standard input' gives reference.tar.gz \
	from_standard_input

to_stdout() {
	"$build" -q --root pkg/foo -o - "$@" >other
}
check '-o - gives what -o FILE gives' gives reference.tar.gz to_stdout
check '-o - gives the tar that -o FILE gives' \
	gives reference.tar to_stdout --format tar
packed() {
	gzip -dc reference.tar.gz >other
}
check '--format tar is what tar.gz decodes to' gives reference.tar packed
from_inside() {
	(cd pkg/foo/usr && "$build" -q -o "$here/dir/other")
}
touch APKBUILD
check 'without --root the current directory says which package' \
	gives reference.tar.gz from_inside
in_environment() {
	AMTREE_ROOT=pkg/foo AMTREE_CONTROL=pkg/.control.foo "$build" -q -o other
}
check 'an AMTREE_CONTROL that is not there is an error' fails_with 3 \
	"cannot open 'none': No such file" \
	env AMTREE_ROOT=pkg/foo AMTREE_CONTROL=none "$build" -q -o other
check 'AMTREE_CONTROL alone is a usage error' fails_with 2 'needs AMTREE_ROOT' \
	env AMTREE_CONTROL=pkg/.control.foo "$build" -o third
check 'AMTREE_ROOT and AMTREE_CONTROL say which package' \
	gives reference.tar.gz in_environment

datahash() {
	rm -f other
	build_again --datahash "$@" >said || return 1
	echo "datahash = $(sha256sum other | cut -d ' ' -f 1)" | diff - said
}
check '--datahash is the SHA-256 of the file' datahash
check '--datahash is the SHA-256 of a tar too' datahash --format tar

if is_root; then
	chmod 755 "$here"
	chmod -R u+rw,go+rX pkg
	# chown(2) would take set-id bits away
	find pkg -type f -exec chmod ug-s {} +
	"$build" -q --root pkg/foo -j 0 -o reference.tar.gz
	as_nobody() {
		setpriv --reuid nobody --regid nogroup --clear-groups \
			"$build" -q --root pkg/foo -o - >other
	}
	check 'an ordinary user packs the same bytes as root' \
		gives reference.tar.gz as_nobody
	chown -R daemon:games pkg/foo
	check 'the owners on disk change nothing' \
		gives reference.tar.gz build_again
fi

# The compressor's levels.
chmod -R u+rw pkg/foo
"$build" -q --root pkg/foo -j 0 --format tar -o reference.tar
decodes() {
	build_again -z "$1" &&
		gzip -t other &&
		python3 "$tests/tarcmp.py" gzip other &&
		gzip -dc <other | cmp - reference.tar
}
for level in 0 1 2 3 4 5 6 7 8 9 10 11 12; do
	check "level $level decodes to the tar" decodes $level
done
smaller() {
	build_again -z 1 && fast=$(wc -c <other) &&
		build_again -z 12 && small=$(wc -c <other) &&
		echo "$small $fast" &&
		[ "$small" -lt "$fast" ]
}
check 'a higher level is smaller' smaller

# Nothing at all is a package as well.
mkdir -p pkg/empty
"$build" --root pkg/empty -o empty.tar.gz
has_no_entries() {
	python3 "$tests/tarcmp.py" verify "$1" &&
		[ -z "$(python3 "$tests/tarcmp.py" list "$1")" ]
}
check 'an empty tree is an archive without entries' has_no_entries empty.tar.gz
head -c 1024 /dev/zero >zeros
empty_tar() {
	"$build" --root pkg/empty --format tar -o other
}
check 'an empty tar is its end alone' gives zeros empty_tar
finish
