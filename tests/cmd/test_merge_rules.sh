#!/bin/sh
# amtree-merge: which override counts for which file
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2086,SC1003 # a sibling is two words; a lone backslash
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

: >APKBUILD
# packages NAME... - fresh empty ones
packages() {
	rm -rf pkg
	for name; do
		mkdir -p "pkg/$name/usr" "pkg/.control.$name"
	done
}
# say PACKAGE LINE... - these lines are its overrides
say() {
	package=$1
	shift
	printf '%s\n' "$@" >"pkg/.control.$package/.mtree"
}
# of PACKAGE PATH [ARG...] - how PATH comes out in the package, "absent" if not
of() {
	package=$1 path=$2
	shift 2
	silent "$merge" --root "pkg/$package" "$@" >merged || return 1
	sed -n "s,^$path ,,; t cut; d; :cut; s/ time=.*//; s/ size=.*//; p" \
		merged >line
	[ -s line ] && cat line || echo absent
}
plain='gname=root gid=0 uname=root uid=0 mode=644 type=file'
foo='gname=root gid=0 uname=foo uid=0 mode=644 type=file'
s_doc='--sibling pkg/doc=pkg/.control.doc'
s_dev='--sibling pkg/dev=pkg/.control.dev'
s_main='--sibling pkg/main=pkg/.control.main'

# what is created
packages main doc
mkdir -p pkg/doc/var/lib
mkdir -p pkg/main/var
"$amtree" -t dir -g foo pkg/main/var/lib
check 'what is created stays, whatever a sibling has' prints \
	'gname=foo gid=0 uname=root uid=0 mode=755 type=dir' \
	of main var/lib $s_doc
check 'and says nothing about what the sibling has' prints \
	'gname=root gid=0 uname=root uid=0 mode=755 type=dir' \
	of doc var/lib $s_main
say main 'var/lib type=dir gname=foo'
check 'without the word "create" it follows the file to the sibling' prints \
	'gname=foo gid=0 uname=root uid=0 mode=755 type=dir' \
	of doc var/lib $s_main

# without siblings
packages main
: >pkg/main/usr/x
check 'without overrides everything is root:root' prints "$plain" \
	of main usr/x
rmdir pkg/.control.main
check 'without a control directory too' prints "$plain" of main usr/x
mkdir pkg/.control.main
say main 'usr/x uname=foo'
check 'an override counts' prints "$foo" of main usr/x
chmod 600 pkg/main/usr/x
check 'what it does not say is as on disk' prints \
	'gname=root gid=0 uname=foo uid=0 mode=600 type=file' of main usr/x
say main 'usr/x uid=7 gid=8'
check 'numbers are kept' prints 'gid=8 uid=7 mode=600 type=file' of main usr/x
say main 'usr/x uname=foo uid=1234'
check 'a name goes before the number beside it' prints \
	'gname=root gid=0 uname=foo uid=0 mode=600 type=file' of main usr/x
say main 'usr/x uname=a gname=g' 'usr/x uname=b' 'usr/x mode=751'
check 'several lines add up, the later winning' prints \
	'gname=g gid=0 uname=b uid=0 mode=751 type=file' of main usr/x
say main '#amtree bind=uname' 'usr/x uname=a gname=no mode=777 type=file'
check 'what is not bound does not count' prints \
	'gname=root gid=0 uname=a uid=0 mode=600 type=file' of main usr/x
say main 'usr/x time=5.250000000' './usr type=dir'
check 'a time can be given' sh -c \
	'"$1" --root pkg/main | grep -q "^usr/x .*time=5.250000000$"' - "$merge"

# names the right place and reason
refuses() {
	regex=$1
	shift
	fails_with 3 "^amtree-merge: $regex" "$merge" --root pkg/main \
		--control pkg/.control.main "$@" &&
		fails_with 3 "^amtree-merge: $regex" "$merge" --root pkg/main \
		--control pkg/.control.main -o out "$@" && [ ! -e out ]
}
file=pkg/.control.main/.mtree
mkdir pkg/main/usr/share
say main '' 'usr/shore uname=foo'
check 'a missing file is an error that names the nearest' refuses \
	"$file:2: 'usr/shore' does not exist in 'pkg/main' .did you mean 'usr/share'\?.$"
say main 'usr/y uname=foo optional'
check 'an optional one may be missing' prints \
	'gname=root gid=0 uname=root uid=0 mode=600 type=file' of main usr/x
say main 'usr/y uname=foo' 'usr/y uname=bar optional'
check 'optional in any of its lines is enough' \
	prints '' sh -c '"$1" --root pkg/main >/dev/null && echo' - "$merge"
say main 'usr/x type=dir'
check 'another type is a contradiction' refuses \
	"$file:1: 'usr/x'.* is declared as type=dir, but it is a file"
say main 'usr/x link=y'
check 'a file has no link target' refuses "$file:1: .* has a link target"
say main 'usr/x device=native,1,3'
check 'nor a device number' refuses "$file:1: .* has a device number"
say main '#amtree caps=cap_kill=p' './usr type=dir'
check 'a directory has no capabilities' refuses \
	"$file:2: .*has capabilities, but it is a dir"
say main "./usr\\033[31m/x uid=1"
check 'escapes in names are shown, not sent' refuses \
	"$file:1: 'usr.033.31m/x' does not exist"

# creating
for type in dir fifo 'char device=native,1,3' 'block device=native,7,8' \
	'link link=to'; do
	say main "usr/new uname=foo mode=751 type=$type"
	case $type in
	link*) mode=777 ;;
	*) mode=751 ;;
	esac
	check "a ${type%% *} can be created" prints \
		"gname=root gid=0 uname=foo uid=0 mode=$mode type=$type" \
		of main usr/new
done
say main './new type=dir mode=755' 'new/dir type=dir mode=700' \
	'new/dir/fifo type=fifo mode=600'
check 'a whole tree can be created' prints \
	'gname=root gid=0 uname=root uid=0 mode=600 type=fifo' \
	of main new/dir/fifo
say main 'usr/new type=file mode=644'
check 'a file cannot be created' refuses "$file:1: 'usr/new' does not exist"
say main 'no/dir type=dir mode=755'
check 'its directory has to be there' refuses \
	"pkg/.control.main/.mtree:1: 'no/dir' is to be created, but there is no directory 'no'"
say main 'usr/x/dir type=dir mode=755'
check 'and has to be a directory' refuses ".*no directory 'usr/x'"
say main 'usr/new type=link'
check 'a link needs a target' refuses "$file:1: .*has no link target"
say main 'usr/new type=char mode=644'
check 'a device needs a number' refuses "$file:1: .*has no device number"
say main 'usr/x type=file' 'usr/new type=dir mode=755' 'usr/new uname=foo'
check 'what was created can be given more' prints \
	'gname=root gid=0 uname=foo uid=0 mode=755 type=dir' of main usr/new

say main './.new type=dir mode=755' '.new/sub type=fifo'
left_out() {
	"$merge" --root pkg/main -o merged 2>warnings || return 1
	cat merged warnings
	[ "$(grep -c 'begins with a dot.*left out' warnings)" -eq 2 ] &&
		! grep -q new merged
}
check 'at the top a dot name is left out, with a warning' left_out

# privileged files of named owners
say main 'usr/x uname=foo gname=bar mode=4755'
check 'set-user-ID of a named owner carries 65534' prints \
	'gname=bar gid=65534 uname=foo uid=65534 mode=4755 type=file' \
	of main usr/x
say main 'usr/x gname=bar mode=2755'
check "root's number stays 0" prints \
	'gname=bar gid=65534 uname=root uid=0 mode=2755 type=file' of main usr/x
say main '#amtree caps=cap_kill=p' 'usr/x uname=foo'
check 'capabilities count as set-id does' prints \
	'gname=root gid=0 uname=foo uid=65534 mode=600 type=file' of main usr/x

# hard links
packages main
: >pkg/main/usr/a
ln pkg/main/usr/a pkg/main/usr/b
ln pkg/main/usr/a pkg/main/c
say main 'usr/b uname=foo'
check 'an override of one name counts for all' prints "$foo" of main usr/a
check 'for each of them' prints "$foo" of main ./c
say main 'usr/b uname=foo' './c mode=600' 'usr/a uname=foo'
check 'overrides of several names add up' prints \
	'gname=root gid=0 uname=foo uid=0 mode=600 type=file' of main usr/a
say main 'usr/b uname=foo' '' './c uname=bar'
check 'if they disagree, both lines are named' refuses \
	"($file:1 and $file:3|$file:3 and $file:1): .* are one file"
say main 'usr/b uname=foo' '#amtree bind=gname' './c uname=bar gname=g'
check 'what is not bound does not disagree' prints \
	'gname=g gid=0 uname=foo uid=0 mode=644 type=file' of main usr/a
ln pkg/main/usr/a outside
rm pkg/main/usr/b pkg/main/c
say main 'usr/a uname=foo'
check 'a name outside of the package does not matter' prints "$foo" of main usr/a

# hard links and moved files
packages main doc
: >pkg/doc/usr/a
ln pkg/doc/usr/a pkg/doc/usr/b
say main 'usr/a uname=foo gname=grp'
say doc 'usr/b uname=own'
check 'the own word for one name goes before what was moved with another' \
	prints 'gname=grp gid=0 uname=own uid=0 mode=644 type=file' \
	of doc usr/a $s_main

# moved to siblings
packages main doc dev
: >pkg/doc/usr/x
say main 'usr/x uname=foo'
check 'an override follows its file into a sibling' prints "$foo" \
	of doc usr/x $s_main $s_dev
check 'and is no error where it came from' prints absent \
	of main usr/x $s_doc $s_dev
check 'nor in a third package' prints absent of dev usr/x $s_main $s_doc
check 'a build may name all its packages, this one too' prints "$foo" \
	of doc usr/x $s_main $s_dev $s_doc
check 'without siblings it is missing' refuses "$file:1: 'usr/x' does not exist"
say doc 'usr/x gname=own'
check "the new package's own word is laid over it" prints \
	'gname=own gid=0 uname=foo uid=0 mode=644 type=file' \
	of doc usr/x $s_main $s_dev
say doc 'usr/x uname=own'
check 'and wins' prints 'gname=root gid=0 uname=own uid=0 mode=644 type=file' \
	of doc usr/x $s_main $s_dev
rm pkg/.control.doc/.mtree
: >pkg/dev/usr/x
check 'moved to several: an error that names them' refuses \
	"$file:1: 'usr/x' was moved, but to several packages: pkg/doc, pkg/dev" \
	$s_doc $s_dev
several() {
	fails_with 3 "$file:1: 'usr/x' was moved, but to several packages: .*pkg/d" \
		"$merge" --root "pkg/$1" --sibling pkg/main=pkg/.control.main \
		--sibling "pkg/$2=pkg/.control.$2"
}
check 'in the one' several doc dev
check 'and in the other' several dev doc
: >pkg/main/usr/x
check 'there and back: it is where it was' prints "$foo" \
	of main usr/x $s_doc $s_dev
check 'and does not count for a file of that name elsewhere' prints "$plain" \
	of doc usr/x $s_main $s_dev
rm pkg/main/usr/x pkg/dev/usr/x
say dev 'usr/x uname=bar'
check 'two packages claim one moved file: both lines are named' fails_with 3 \
	"($file:1.*pkg/.control.dev/.mtree:1|dev/.mtree:1.*$file:1): both claim 'usr/x'" \
	"$merge" --root pkg/doc $s_main $s_dev
say dev 'usr/x uname=bar optional'
check 'optional does not make it less of a claim' fails_with 3 'both claim' \
	"$merge" --root pkg/doc $s_main $s_dev
rm pkg/.control.dev/.mtree
ln -s usr pkg/dev/lib
check 'a sibling that has it through a link does not have it' prints absent \
	of main lib/x $s_doc $s_dev
: >pkg/doc/usr/=x
say main 'usr/\075x uname=foo'
check 'names with = move as well' prints "$foo" \
	of doc 'usr/\\075x' $s_main $s_dev
say main 'usr/x uidd=foo'
check "a broken line of a sibling is named" fails_with 3 \
	"^amtree-merge: $file:1: unknown keyword 'uidd'" \
	"$merge" --root pkg/doc $s_main
for sibling in pkg/doc =pkg/.control.doc pkg/doc= ''; do
	check "'$sibling' is no sibling" fails_with 2 'is no sibling' \
		"$merge" --root pkg/main --sibling "$sibling"
done
mkdir -p 'pkg/a=b/usr' 'pkg/.control.a'
: >'pkg/a=b/usr/x'
say main 'usr/x uname=foo'
rm pkg/doc/usr/x
check 'a root with = in its name can be a sibling' prints absent \
	of main usr/x --sibling 'pkg/a=b=pkg/.control.a'
check 'so can a control directory' prints absent of main usr/x \
	--sibling "$PWD/pkg/a=b=$PWD/pkg/a=b/../.control.a"
check 'a sibling root that does not exist is an error' fails_with 3 \
	"'pkg/nope'" "$merge" --root pkg/main --sibling pkg/nope=pkg/.control.doc
check 'so is a control directory' fails_with 3 "'pkg/.control.nope'" \
	"$merge" --root pkg/main --sibling pkg/doc=pkg/.control.nope

# directories that their owner may not enter
packages main doc
mkdir pkg/main/usr/closed pkg/doc/usr/closed
: >pkg/main/usr/closed/x
: >pkg/doc/usr/closed/x
say main 'usr/closed/x uname=foo'
chmod 0 pkg/main/usr/closed
check 'a file in a closed directory is still where it was' prints "$plain" \
	of doc usr/closed/x $s_main
chmod 755 pkg/main/usr/closed
rm pkg/main/usr/closed/x
chmod 0 pkg/doc/usr/closed
check 'an override follows its file into a closed directory' prints absent \
	of main usr/closed/x $s_doc
check 'and counts there' prints "$foo" of doc usr/closed/x $s_main
check 'which is closed after that' prints 0 stat -c %a pkg/doc/usr/closed
chmod 755 pkg/doc/usr/closed

# what is left out
packages main
: >pkg/main/.hidden
: >pkg/main/usr/.kept
check 'a dot name at the top is left out, with a warning' warns \
	"^amtree-merge: '.hidden' begins with a dot, apk would skip it: left out" \
	"$merge" --root pkg/main -o out
check 'further down it is not' grep -q '^usr/.kept ' out
check 'the warning is not part of it' fails grep -q hidden out
say main './.hidden uname=foo'
check 'an override for it is no error' warns "'.hidden'" \
	"$merge" --root pkg/main -o out
rm pkg/main/.hidden pkg/.control.main/.mtree
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("pkg/main/usr/s")'
check 'a socket is left out, with a warning' warns \
	"'usr/s' is a socket: left out" "$merge" --root pkg/main -o out
rm pkg/main/usr/s
mkdir pkg/main/usr/closed
: >pkg/main/usr/closed/file
chmod 0 pkg/main/usr/closed/file pkg/main/usr/closed
check 'a closed directory is read, and is closed after that' prints \
	'gname=root gid=0 uname=root uid=0 mode=0 type=file' \
	of main usr/closed/file
check 'its mode is what it was' prints 0 stat -c %a pkg/main/usr/closed
chmod 755 pkg/main/usr/closed

# --changed and --json
: >pkg/main/usr/x
: >pkg/main/usr/y
say main 'usr/x uname=foo' 'usr/y uname=root mode=644' 'usr/n type=fifo mode=600'
export SOURCE_DATE_EPOCH=9
check '--changed has what differs, and nothing else' prints '#mtree v2.0
usr/n gname=root gid=0 uname=root uid=0 mode=600 type=fifo time=9.000000000
usr/x gname=root gid=0 uname=foo uid=0 mode=644 type=file size=0 time=9.000000000' \
	"$merge" --root pkg/main --changed
check '--json says the same' prints \
	'{"path":"usr/n","type":"fifo","mode":"600","uname":"root","gname":"root","uid":0,"gid":0,"time":9}
{"path":"usr/x","type":"file","mode":"644","uname":"foo","gname":"root","uid":0,"gid":0,"time":9,"size":0}' \
	"$merge" --root pkg/main --changed --json
rm pkg/main/usr/?
mkdir pkg/main/odd
for name in 'a b' "$(printf 'new\nline\t\001\177')" "$(printf 'caf\351')" \
	café '"quoted"\' "$(printf '\355\240\200\300\200')" \
	"$(printf '\360\237\230\200\364\220\200\200\302')"; do
	: >"pkg/main/odd/$name"
	ln -s "$name" "pkg/main/odd/to $name"
done
ln pkg/main/odd/café pkg/main/odd/hard
say main 'odd/a\040b uid=5 gname=svc' 'odd/null type=char device=native,1,3' \
	'#amtree caps=cap_kill=p' './odd/caf\351 uname=foo'
names_come_back() {
	"$merge" --root pkg/main --json >json && python3 - <<'P'
import json, os
have = {}
for line in open("json", encoding="utf-8"):
    entry = json.loads(line)
    have[os.fsencode(entry["path"])] = entry
want = {os.path.relpath(os.path.join(d, n), b"pkg/main")
        for d, ds, fs in os.walk(b"pkg/main") for n in ds + fs}
assert set(have) == want | {b"odd/null"}, set(have) ^ want
for path, entry in have.items():
    if entry["type"] == "link":
        assert os.fsencode(entry["link"]) == \
            os.readlink(b"pkg/main/" + path), entry
owned = have[b"odd/a b"]
assert owned["uid"] == 5 and owned["uname"] is None, owned
assert owned["gname"] == "svc" and owned["mode"] == "644", owned
null = have[b"odd/null"]
assert (null["type"], null["major"], null["minor"]) == ("char", 1, 3), null
assert have["odd/caf".encode() + b"\351"]["caps"] == "cap_kill=p"
P
}
check '--json gives every name and target back, whatever its bytes' \
	names_come_back

# -o
say main
"$merge" --root pkg/main >whole
echo old >out
say main 'usr/broken'
check 'a fault leaves an older output as it was' sh -c \
	'! "$1" --root pkg/main -o out 2>/dev/null && [ "$(cat out)" = old ]' - "$merge"
say main
mkdir sub
check 'the output replaces it when it is whole' sh -c \
	'"$1" --root pkg/main -o out && cmp out whole' - "$merge"
check 'and leaves nothing beside it' sh -c \
	'"$1" --root pkg/main -o sub/out && [ "$(ls -A sub)" = out ]' - "$merge"
full() {
	"$merge" --root pkg/main >/dev/full
}
if [ -w /dev/full ]; then
	check 'a full disk is an error' fails_with 3 \
		"'standard output': cannot write: No space" full
fi
limited() {
	(ulimit -f 1 && "$merge" --root pkg/main -o sub/out)
}
seq -f "pkg/main/odd/%.0f" 1 100 | xargs touch
cp sub/out old
check 'a limit on the size of files is an error' fails_with 3 \
	"'sub/out': cannot write: File too large" limited
check 'and the older output stays' sh -c 'cmp sub/out old &&
	[ "$(ls -A sub)" = out ]'
check 'an output directory that does not exist is named' fails_with 3 \
	'no/where' "$merge" --root pkg/main -o no/where/out
gone() {
	{ sleep 0.3
	"$merge" --root pkg/main
	echo $? >status; } 2>err | :
	[ "$(cat status)" -eq 3 ] && lib_one_line err 'cannot write: Broken pipe'
}
check 'a reader that goes away is an error' gone

for words in '--nope' 'operand' '--root' '--control pkg/main' '-o' '--json=x'; do
	# shellcheck disable=SC2086
	check "'$words' is a usage error" fails_with 2 '^amtree-merge: ' \
		"$merge" $words
done
check 'outside of a package --root has to be given' fails_with 2 'no --root' \
	"$merge"
check 'a root that does not exist is named' fails_with 3 "'nope'" \
	"$merge" --root nope
check 'a root that is a file is named' fails_with 3 "'out': Not a directory" \
	"$merge" --root out
finish
