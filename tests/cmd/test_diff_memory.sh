#!/bin/sh
# amtree-diff: memory has a bound, whatever is in the packages
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

python3 - <<'END'
import tarfile
tarfile.open("good.tar", "w").close()
END

python3 - "$tests" <<'END'
import struct
import sys
import zlib
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import scancmp

def write(name, blocks, times):
    # the same blocks again and again, compressed once
    z = zlib.compressobj(1, zlib.DEFLATED, 31)
    first = z.compress(blocks) + z.flush(zlib.Z_FULL_FLUSH)
    again = z.compress(blocks) + z.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(times):
        crc = zlib.crc32(blocks, crc)
    with open(name, "wb") as out:
        out.write(first + again * (times - 1))
        out.write(b"\3\0" + struct.pack("<2I", crc, len(blocks) * times))

def pax(records):
    return scancmp.pack_tar([("x", records, {"type": b"x"})], False)

header = scancmp.pack_tar([("usr/x", b"", {})], False)
empty = b"18 SCHILY.xattr.=\n" * 50000
long = b"1000008 path=/" + b"\1" * (1000008 - 15) + b"\n"
write("repeated.tar.gz", pax(empty) + header, 40)
write("names.tar.gz", pax(long) + header, 540)
END
# bounded MIB OPERAND... - ends with $want, and takes no more than that
bounded() {
	most=$1 status=0
	shift
	python3 "$tests/peak.py" kib "$diff" "$@" >said 2>err || status=$?
	tail -n 2 err
	cat kib
	[ "$(cat kib)" -lt $((most * 1024)) ] || return 1
	[ "$status" -eq "$want" ]
}
want=3
check 'names of a MiB are given up' bounded 1024 names.tar.gz good.tar
want=1
check 'attributes of one name take no more than one' \
	bounded 64 repeated.tar.gz good.tar

# An ordinary repository
mkdir some many
python3 "$tests/scancmp.py" repository some 50 5
for i in $(seq 0 19); do
	mkdir "many/$i"
	ln some/*.apk "many/$i"
done
want=0
check '1,000 packages take less than 20 MiB' bounded 20 -j 2 many many

finish
