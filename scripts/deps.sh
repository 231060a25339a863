#!/bin/sh
# deps.sh demo|test - install what is missing for scripts/demo.sh or test.sh
#
# Debian and Alpine; through sudo where we are not root.  Installs nothing and
# needs no network where all is there.
set -eu

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

debian_demo='gcc make pkg-config libc6-dev libarchive-dev libdeflate-dev
	zlib1g-dev libssl-dev libseccomp-dev scdoc tar gzip pigz fakeroot
	libarchive-tools libcap2-bin'
debian_test="$debian_demo acl attr bash binutils busybox chromium clang
	clang-format clang-tidy cpio cppcheck fish git libclang-rt-dev
	libcmocka-dev man-db mandoc mtree-netbsd musl-tools parallel patch perl
	procps python3 python3-yaml rsync shellcheck strace util-linux zsh"
alpine_demo='build-base linux-headers pkgconf libarchive-dev libdeflate-dev
	zlib-dev openssl-dev libseccomp-dev scdoc tar gzip pigz coreutils
	findutils fakeroot libarchive-tools libcap-utils setpriv'
alpine_test="$alpine_demo acl attr bash binutils busybox chromium clang
	clang-extra-tools cmocka-dev compiler-rt cpio cppcheck fish font-dejavu git
	grep man-db mandoc parallel patch perl procps-ng py3-yaml python3
	rsync sed shellcheck strace util-linux zsh"

debian() {
	missing=
	for package; do
		case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
		*' installed') ;;
		*) missing="$missing $package" ;;
		esac
	done
	[ -n "$missing" ] || return 0
	echo "deps.sh: installing$missing"
	as_root apt-get update -q >/dev/null
	# shellcheck disable=SC2086 # a list of words
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
		--no-install-recommends $missing >/dev/null
}

alpine() {
	missing=
	for package; do
		apk info -e "$package" >/dev/null || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	echo "deps.sh: installing$missing"
	# shellcheck disable=SC2086 # a list of words
	as_root apk add --quiet $missing
}

if command -v dpkg-query >/dev/null; then
	install=debian demo=$debian_demo test=$debian_test
elif command -v apk >/dev/null; then
	install=alpine demo=$alpine_demo test=$alpine_test
else
	echo 'deps.sh: neither Debian nor Alpine: install by hand what' \
		'README.md lists' >&2
	exit 0
fi
case ${1:-} in
demo) list=$demo ;;
test) list=$test ;;
*) echo "usage: $0 demo|test" >&2; exit 2 ;;
esac
# shellcheck disable=SC2086 # a list of words
$install $list
