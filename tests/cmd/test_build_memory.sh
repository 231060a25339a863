#!/bin/sh
# amtree-build: memory does not grow with the size of files
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/random pkg/medium pkg/large
head -c 30M /dev/urandom >pkg/random/file
truncate -s 30M pkg/medium/file
truncate -s 3G pkg/large/file

peak() {
	python3 "$tests/peak.py" "$@" && echo "$(cat "$1") KiB"
}
is_frugal() {
	peak random.kib "$build" -q --root pkg/random -j 2 -o out &&
		[ "$(cat random.kib)" -lt 65536 ]
}
check 'a file of 30 MiB is packed in less than 64 MiB' is_frugal
is_constant() {
	# without checksums it is read once, which halves the time
	set -- -q -j 2 -z 1 --checksum none -o out
	peak medium.kib "$build" --root pkg/medium "$@" || return 1
	peak large.kib "$build" --root pkg/large "$@" || return 1
	more=$(($(cat large.kib) - $(cat medium.kib)))
	echo "$more KiB more"
	[ "$more" -lt 2048 ]
}
check 'a file of 3 GiB needs no more than one of 30 MiB' is_constant
is_whole() {
	# the trailer of gzip says how long the tar is: less than 4 GiB
	size=$(tail -c 4 out | od -A n -t u4)
	[ "$size" -ge 3221225472 ]
}
check '... and is packed whole' is_whole

# Nor does it grow without end with their number.
mkdir -p pkg/many
(cd pkg/many && seq 1 20000 | xargs touch)
is_modest() {
	peak many.kib "$build" -q --root pkg/many -j 2 -z 1 -o out &&
		[ "$(cat many.kib)" -lt 65536 ]
}
check '20,000 files are packed in less than 64 MiB' is_modest
finish
