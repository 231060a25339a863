#!/bin/sh
# installed.sh ROOT PREFIX - what make install has put there is a library
#
# doc/example.c is compiled as a stranger would, by what pkg-config says, with the
# shared and with the static library, and must say and pack what the programs do.
# Needs cc, clang, pkg-config and nm.
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../check.sh"
[ $# -eq 2 ] || { echo "usage: $0 ROOT PREFIX" >&2; exit 2; }
root=$1 prefix=$2
example=$(cd "$(dirname "$0")/../.." && pwd)/doc/example.c
lib=$root$prefix/lib
export SOURCE_DATE_EPOCH=1700000000 LD_LIBRARY_PATH="$lib"
PATH=$root$prefix/bin:$PATH

# The library's own directories begin with ROOT, those of its libraries do not.
config() {
	PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 \
		PKG_CONFIG_PATH=$lib/pkgconfig pkg-config "$@" libamtree |
		sed "s| -\([IL]\)$prefix| -\1$root$prefix|g
			s|^-\([IL]\)$prefix|-\1$root$prefix|"
}

# compile NAME COMPILER... - the example, without a warning
compile() {
	to=$t/$1 && shift
	# shellcheck disable=SC2046 # words
	"$@" -Wall -Wextra -pedantic -Werror $(config --cflags) "$example" \
		-o "$to" $(config --libs)
}
# What libamtree itself needs stays shared.
compile_static() {
	# shellcheck disable=SC2046
	cc -std=c99 $(config --cflags) "$example" -o "$t/static" -L"$lib" \
		-Wl,-Bstatic -lamtree -Wl,-Bdynamic -pthread \
		$(pkg-config --libs $(config --print-requires-private))
}
needs() {
	readelf -d "$t/$1" | grep -q "NEEDED.*libamtree\.so\.0\]"
}
needs_not() {
	readelf -d "$t/$1" | grep -q 'NEEDED.*libarchive' && ! needs "$1"
}

# The package of the manual's first page.
package() {
	mkdir -p "$t/pkg/foo/var/cache/distfiles" "$t/pkg/foo/usr/bin" &&
		echo foo >"$t/pkg/foo/usr/bin/foo" && : >"$t/APKBUILD" &&
		chmod 755 "$t/pkg/foo/usr/bin/foo" &&
		amtree -g abuild "$t/pkg/foo/var/cache/distfiles" &&
		amtree -m u+s "$t/pkg/foo/usr/bin/foo"
}
expected() {
	printf '%s\n' 'usr/bin/foo: mode 4755' \
		'var/cache/distfiles: group abuild'
	amtree-merge --root "$t/pkg/foo" --changed
	echo "6 entries, $(amtree-build --root "$t/pkg/foo" --datahash \
		-o "$t/data.tar.gz" | sed 's/ =//')"
}
says_the_same() {
	expected >"$t/expected" && "$t/$1" "$t/pkg/foo" "$t/$1.tar.gz" |
		diff "$t/expected" - && cmp "$t/data.tar.gz" "$t/$1.tar.gz"
}
fails_with_words() {
	if "$t/shared" "$t/nope" "$t/x" >"$t/said" 2>&1; then return 1; fi
	grep "^example: .*'$t/nope'" "$t/said" && [ ! -e "$t/x" ]
}

# exports NM-OPTION... - the names are the functions that amtree.h declares
exports() {
	sed -n 's/^[a-z].*[ *]\(amtree_[a-z_]*\)(.*/\1/p' \
		"$root$prefix/include/amtree.h" | sort >"$t/declared"
	[ "$(wc -l <"$t/declared")" -gt 20 ] &&
		nm "$@" | awk 'NF == 3 { print $3 }' | sort | diff "$t/declared" -
}
same_version() {
	[ "amtree $(config --modversion)" = "$(amtree --version)" ]
}
header_is_cplusplus() {
	echo '#include <amtree.h>
	int main() { return amtree_version() == nullptr; }' >"$t/plus.cc"
	# shellcheck disable=SC2046
	clang -x c++ -std=c++11 -fsyntax-only -Wall -Wextra -pedantic -Werror \
		$(config --cflags) "$t/plus.cc"
}

check 'the example compiles as C99' compile shared cc -std=c99
check 'it needs the soname' needs shared
check 'it compiles with the static library' compile_static
check 'and then does not need the shared one' needs_not static
check 'the header is for C++ too' header_is_cplusplus
check 'a package is made' package
check 'the shared library does what the programs do' says_the_same shared
check 'so does the static one' says_the_same static
check 'an error has words' fails_with_words
check 'the shared library exports what amtree.h declares' \
	exports -D --defined-only "$lib/libamtree.so"
check 'the static one too, and nothing else' \
	exports -g --defined-only "$lib/libamtree.a"
check 'pkg-config knows the version of the programs' same_version
finish
