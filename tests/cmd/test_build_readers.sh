#!/bin/sh
# What amtree-build writes, other readers of tar files read
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

export SOURCE_DATE_EPOCH=1700000000
mkdir -p pkg/foo pkg/.control.foo
python3 "$tests/mktree.py" pkg/foo
# libarchive composes what is decomposed, so that this were "z/\303\251" again
rm pkg/foo/z/e*
"$amtree" -t link -l ../x -g games pkg/foo/new
"$amtree" -u daemon:games pkg/foo/a0
if is_root; then
	"$amtree" -t char -D 1,3 pkg/foo/run/null
	"$amtree" -t block -D 7,300 -g daemon pkg/foo/run/disk
fi
"$build" -q --root pkg/foo -o odd.tar.gz

# The same without names of odd bytes: of these no reader may complain.
rm -r pkg/foo/bytes pkg/foo/z pkg/foo/links
"$build" --root pkg/foo -o plain.tar.gz

# lists LOCALE ARCHIVE COMMAND... - says the right names, whatever its status
lists() {
	locale=$1 archive=$2
	shift 2
	LC_ALL=$locale "$@" "$archive" 2>/dev/null |
		python3 "$tests/tarcmp.py" listed "$archive"
}

# extracts LOCALE ARCHIVE COMMAND... - gives the right tree, whatever its status
extracts() {
	locale=$1 archive=$2
	shift 2
	rm -rf tree
	mkdir tree
	LC_ALL=$locale "$@" "$archive" -C tree 2>/dev/null || :
	python3 "$tests/tarcmp.py" tree "$archive" tree || return 1
}

# is_fine_for LOCALE COMMAND... - not a word of complaint
is_fine_for() {
	locale=$1
	shift
	LC_ALL=$locale silent "$@" plain.tar.gz >/dev/null
}

check 'python reads it' python3 "$tests/tarcmp.py" verify odd.tar.gz
for locale in C C.UTF-8; do
	for archive in odd plain; do
		check "GNU tar lists $archive names in $locale" \
			lists $locale $archive.tar.gz tar --quoting-style=escape -tf
		check "bsdtar lists $archive names in $locale" \
			lists $locale $archive.tar.gz bsdtar -tf
		check "GNU tar extracts $archive names in $locale" \
			extracts $locale $archive.tar.gz tar -pxf
		check "bsdtar extracts $archive names in $locale" \
			extracts $locale $archive.tar.gz bsdtar -pxf
	done
	check "bsdtar has nothing to say in $locale" \
		is_fine_for $locale bsdtar -tvf
	check "GNU tar knows all but our checksum in $locale" is_fine_for \
		$locale tar --warning=no-unknown-keyword -tvf
done
"$build" --root pkg/foo --checksum none -o plain.tar.gz
check 'without checksums GNU tar knows all' is_fine_for C tar -tvf
check 'without checksums apk would find all else' \
	python3 "$tests/tarcmp.py" verify plain.tar.gz bare
finish
