#!/bin/sh
# amtree-merge: --changed, --json, -o, and calls that are wrong
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC1003 # a lone backslash
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/packages.sh"

packages main
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
