#!/bin/sh
# amtree-scan: memory grows neither with packages nor with what they say
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

# is_below MIB COMMAND... - its output goes nowhere
is_below() {
	most=$1
	shift
	python3 "$tests/peak.py" kib "$@" >/dev/null || return 1
	cat kib
	[ "$(cat kib)" -lt $((most * 1024)) ]
}

mkdir some many
python3 "$tests/scancmp.py" repository some 100 5
for i in $(seq 0 39); do
	mkdir "many/$i"
	ln some/*.apk "many/$i"
done
check '4,000 packages need less than 20 MiB' \
	is_below 20 "$scan" -q -j 2 --json many

# Names of 90 bytes that are written as 4 each, a user for each entry
python3 - <<'END'
import gzip
with gzip.open("hostile.tar.gz", "wb", 1) as out:
    for i in range(8000):
        name = b"\1" * 83 + b"%07d" % i
        h = bytearray(512)
        h[:len(name)] = name
        h[100:136] = b"0006755\0" b"0000000\0" b"0000000\0" b"00000000000\0"
        h[136:157] = b"00000000000\0" b"        0"
        h[257:265] = b"ustar\0" b"00"
        h[265:290] = b"u%024d" % i
        h[148:155] = b"%06o\0" % sum(h)
        out.write(h)
    out.write(bytes(1024))
END
mkdir hostile
for i in 0 1 2 3 4 5; do
	ln hostile.tar.gz "hostile/$i.apk"
done
for options in --json --policy '--summary --json'; do
	# shellcheck disable=SC2086 # words
	check "hostile packages need less than 25 MiB with $options" \
		is_below 25 "$scan" -j 2 $options hostile
done
says_all() {
	"$scan" -q hostile >said && [ "$(wc -l <said)" -eq 48000 ]
}
check '... and are listed to their end' says_all
finish
