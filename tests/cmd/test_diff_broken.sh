#!/bin/sh
# amtree-diff: broken and hostile packages are said, and the rest goes on
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo/usr pkg/.control.foo
echo x >pkg/foo/usr/x
"$build" -q --root pkg/foo --control pkg/.control.foo -o data.tar.gz
pack() {
	python3 "$tests/scancmp.py" pack data.tar.gz "$@"
}
for kind in cut flip extra garbage hash order good; do
	pack $kind.apk foo $kind
done
printf 'ADBd....' >three.apk
: >empty.apk
mkfifo fifo.apk

# breaks FILE REGEX - one message, status 3, nothing compared, on either side
breaks() {
	for side in "$1 good.apk" "good.apk $1"; do
		# shellcheck disable=SC2086 # two names
		fails_with 3 "^amtree-diff: $1: $2" "$diff" $side || return 1
	done
}
check 'a truncated package is said' breaks cut.apk truncated
check 'a corrupt one is' breaks flip.apk corrupt
check 'a member too many is' breaks extra.apk 'more gzip members'
check 'garbage behind the end is' breaks garbage.apk 'something else'
check 'a wrong datahash is' breaks hash.apk 'its data is not what'
check 'version 3 is' breaks three.apk 'a package of version 3'
check 'an empty file is' breaks empty.apk 'neither a package'
check 'a missing file is' breaks missing.apk 'cannot be read.*No such file'
check 'a FIFO is, and is not waited for' timeout 10 sh -c \
	'! "$1" fifo.apk good.apk 2>err && grep -q "not a regular" err' sh "$diff"
check '-q does not hide it' fails_with 3 truncated "$diff" -q cut.apk good.apk

both() {
	status=0
	"$diff" --json cut.apk flip.apk >said 2>err || status=$?
	cat said err
	[ "$status" -eq 3 ] && [ "$(wc -l <err)" -eq 2 ] &&
		[ "$(grep -c '"kind":"broken".*"file":"' said)" -eq 2 ]
}
check 'in JSON it is an object, for each of them' both

# In repositories
mkdir old new
for name in a b c d e f; do
	pack old/$name.apk $name
done
cp old/b.apk old/d.apk old/f.apk new
pack new/a.apk a cut
pack new/c.apk c hash
cp old/e.apk new/e.apk
truncate -s 100 new/e.apk
cp data.tar.gz new/nameless.apk
chmod 600 pkg/foo/usr/x
"$build" -q --root pkg/foo --control pkg/.control.foo -o data.tar.gz
pack new/f.apk f

rest() {
	status=0
	"$diff" old new >said 2>err || status=$?
	cat said err
	[ "$status" -eq 3 ] || return 1
	cat >want <<'END'
e package-removed 1-r0 -> -
f mode       usr/x 0644 -> 0600
END
	grep -v ' time ' said | diff want - || return 1
	cat >want <<'END'
amtree-diff: new/e.apk: truncated
amtree-diff: new/nameless.apk: no .PKGINFO in its control
amtree-diff: new/a.apk: truncated
amtree-diff: new/c.apk: its data is not what its datahash says
END
	diff want err
}
check 'of repositories the rest is compared' rest

junit() {
	"$diff" --junit old new >xml 2>err && return 1
	python3 "$tests/diffcmp.py" junit 8 2 4 <xml &&
		grep -q '^new/c.apk: its data is not what its datahash says$' xml
}
check 'in JUnit it is an error, with the reason' junit

# Directories that are closed
mkdir shut open
for name in a b c; do
	mkdir shut/$name open/$name
	pack open/$name/$name.apk $name
	pack shut/$name/$name.apk $name
done
pack shut/c/c.apk c hash
rm open/a/a.apk
chmod 000 shut/b

# goes_on [OPTION] - what cannot be read is said, with status 3
goes_on() {
	status=0
	held "$diff" "$@" shut open >said 2>err || status=$?
	cat said err
	[ "$status" -eq 3 ] || return 1
	printf 'amtree-diff: %s\n' 'shut/b: cannot be read: Permission denied' \
		'shut/c/c.apk: its data is not what its datahash says' |
		diff - err
}
closed() {
	goes_on || return 1
	printf '%s\n' 'a package-removed 1-r0 -> -' \
		'b package-added - -> 1-r0' | diff - said
}
check 'a closed directory is said, and the rest is compared' closed
closed_junit() {
	goes_on --junit && python3 "$tests/diffcmp.py" junit 4 2 2 <said &&
		grep -q 'name="shut/b"' said
}
check 'in JUnit it is an error' closed_junit
check 'an operand that is closed ends the program' fails_with 3 \
	"^amtree-diff: cannot read directory 'shut/b': Permission denied" \
	held "$diff" open shut/b

threads() {
	for jobs in 0 1 4; do
		"$diff" --json -j "$jobs" old new >"said.$jobs" 2>"err.$jobs" &&
			return 1
		cmp said.0 "said.$jobs" && cmp err.0 "err.$jobs" || return 1
	done
	[ "$(grep -c '"kind":"broken"' said.0)" -eq 4 ]
}
check 'and in the same places with any number of threads' threads

finish
