#!/bin/sh
# amtree-scan: broken and hostile packages are findings, and the rest goes on
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo/usr pkg/.control.foo
echo x >pkg/foo/usr/x
"$amtree" -g games pkg/foo/usr/x
"$build" -q --root pkg/foo --control pkg/.control.foo -o data.tar.gz

for kind in cut flip extra garbage hash order good; do
	python3 "$tests/scancmp.py" pack data.tar.gz $kind.apk foo $kind
done
printf 'ADBd....' >three.apk
: >empty.apk
echo 'no archive' >text.apk
mkfifo fifo.apk

# breaks FILE REGEX - one message on stderr, status 3, and good.apk is read
breaks() {
	status=0
	"$scan" -q "$1" good.apk >said 2>err || status=$?
	cat said
	lib_one_line err "^amtree-scan: $1: $2" || return 1
	[ "$status" -eq 3 ] || { echo "status $status"; return 1; }
	grep -q '^good.apk root *games *0644 file *usr/x$' said
}
check 'a truncated package is one' breaks cut.apk 'truncated'
check 'a corrupt package is one' breaks flip.apk 'corrupt'
check 'a member too many is one' breaks extra.apk 'more gzip members'
check 'garbage behind the end is one' breaks garbage.apk 'something else'
check 'a wrong datahash is one' breaks hash.apk 'its data is not what'
check 'a wrong order is one' breaks order.apk "'.PKGINFO': not in the order"
check 'version 3 is one' breaks three.apk 'a package of version 3.*not yet'
check 'an empty file is one' breaks empty.apk 'neither a package'
check 'a file of another kind is one' breaks text.apk 'neither a package'
check 'a FIFO is one, and is not waited for' \
	timeout 10 sh -c "! '$scan' fifo.apk 2>err && grep -q 'not a regular' err"
check 'a missing file is one' breaks missing.apk 'cannot be read.*No such file'

objects() {
	"$scan" --json hash.apk 2>err >said && return 1
	grep -q '"finding":"wrong-datahash","broken":true,"path":null' said
}
check 'in JSON it is an object too' objects

figures() {
	"$scan" --summary cut.apk flip.apk good.apk 2>err >said && return 1
	cat said
	grep -qx ' *2 that are broken' said && grep -q ' 1 truncated:' said &&
		grep -q ' 1 corrupt:' said && [ "$(wc -l <err)" -eq 2 ]
}
check 'figures count it' figures

# What apk trips over is said, and is no failure
trips() {
	python3 - <<'END'
import tarfile
with tarfile.open("odd.tar", "w", format=tarfile.GNU_FORMAT) as tar:
    for name, uid in ((".hidden", 0), ("a/b", 0), ("c\nd", 0), ("e", 3000000),
                      ("e", 0)):
        info = tarfile.TarInfo(name)
        info.uid = uid
        info.uname = info.gname = "root"
        tar.addfile(info)
END
	"$scan" odd.tar 2>err >said || return 1
	cat err
	for what in "'.hidden': name begins with a dot" \
		"'a/b': its directory does not come before it" \
		"'c\\\\012d': control character" "'e': owner number is more" \
		"'e': second entry"; do
		grep -q "^amtree-scan: odd.tar: $what" err ||
			{ echo "no $what"; return 1; }
	done
	silent "$scan" -q odd.tar
}
check 'what apk would trip over is said, and is no failure' trips

# Directories that are closed
mkdir -p repo/a repo/b repo/c
for dir in a b c; do
	cp good.apk repo/$dir
	echo 'chown a b' >repo/$dir/APKBUILD
done

# goes_on OPERAND... - the one line that repo/b is closed, status 3, and the rest read
goes_on() {
	status=0
	held "$scan" -q "$@" >said 2>err || status=$?
	cat said
	lib_one_line err \
		'^amtree-scan: repo/b: cannot be read: Permission denied$' || return 1
	[ "$status" -eq 3 ] || { echo "status $status"; return 1; }
	grep -q '/b/' said && { echo 'it was read'; return 1; }
	for dir in a c; do
		grep -q "^repo/$dir/good.apk root *games" said &&
			grep -qx "repo/$dir/APKBUILD:1: chown a b" said || return 1
	done
}
for mode in 000 300 644; do
	chmod $mode repo/b
	check "a directory below of mode $mode is said, and the rest is read" \
		goes_on repo
done
check 'so is one that is an operand' goes_on repo/a repo/b repo/c

closed_objects() {
	held "$scan" --json repo 2>err >said && return 1
	cat said
	grep -q '^{"file":"repo/b",.*"finding":"unreadable","broken":true' said &&
		[ "$(grep -c '"gname":"games"\|"call":' said)" -eq 4 ]
}
check 'in JSON it is an object' closed_objects

closed_check() {
	echo '* group games' >policy
	fails_with 3 '^amtree-scan: repo/b: cannot be read' \
		held "$scan" --check policy repo
}
check 'nothing is allowed that was not read' closed_check

bomb() {
	python3 - <<'END'
import zlib
# 16 MiB of zeros, again and again; where the stream would end is never seen
z = zlib.compressobj(9, zlib.DEFLATED, 31)
head = z.compress(bytes(1 << 24)) + z.flush(zlib.Z_FULL_FLUSH)
more = z.compress(bytes(1 << 24)) + z.flush(zlib.Z_FULL_FLUSH)
with open("bomb.apk", "wb") as out:
    out.write(head + more * 66)
END
	breaks bomb.apk 'larger than it can be'
}
check 'a bomb is given up' bomb

finish
