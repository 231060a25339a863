#!/bin/sh
# dist.sh - what make dist makes is the whole source
#
# Made twice it is the same, made from itself too; unpacked somewhere without git it
# builds, keeps the rules, and passes a few tests of the programs.
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/check.sh"
cd "$(dirname "$0")/.." || exit 1
chmod 755 "$t"

version=$(sed -n 's/^#define VERSION "\(.*\)"$/\1/p' include/base/version.h)
name=amtree-$version

again() {
	(umask 077 && make -s dist O="$t/second") &&
		cmp "$t/first/$name.tar.gz" "$t/second/$name.tar.gz"
}
unpack() {
	tar -C "$t" -xzf "$t/first/$name.tar.gz" && [ ! -e "$t/$name/.git" ] &&
		[ -z "$(find "$t/$name" ! -type d ! -type f)" ] &&
		[ "$(tar -tzf "$t/first/$name.tar.gz" | grep -vc "^$name/")" -eq 0 ]
}
from_itself() {
	make -s -C "$t/$name" dist O="$t/third" &&
		cmp "$t/first/$name.tar.gz" "$t/third/$name.tar.gz"
}
# built for no more than to see that it does
builds() {
	make -s -C "$t/$name" -j"$(nproc)" CFLAGS=-O0 HARDENING= programs library
}
passes() {
	make -s -C "$t/$name" CFLAGS=-O0 HARDENING= check-rules &&
		chmod -R a+rX "$t/$name" &&
		sh "$t/$name/tests/cmd/run.sh" "$t/$name/build/default" \
			"$t/$name/tests/cmd/test_amtree_declare.sh" \
			"$t/$name/tests/cmd/test_abuildsh_functions.sh"
}
same_versions() {
	grep -qx "pkgver=$version" scripts/APKBUILD &&
		sed -n 's/^## \([^ ]*\).*/\1/p' CHANGELOG.md | head -n 1 |
		grep -qx "$version"
}

check 'there is a source archive' make -s dist O="$t/first"
check 'made again it is the same' again
check 'it can be unpacked' unpack
check 'made from itself it is the same' from_itself
check 'it builds' builds
check 'it keeps the rules and passes tests' passes
check 'APKBUILD and CHANGELOG have the version of the programs' same_versions
finish
