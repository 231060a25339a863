#!/bin/sh
# amtree-build: what it says to a wrong command line
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo pkg/.control.foo
echo hello >pkg/foo/file

# usage NAME REGEX ARGUMENT... - NAME is one that it refuses
usage() {
	lib_name=$1 regex=$2
	shift 2
	check "$lib_name is a usage error" fails_with 2 "^amtree-build: $regex" \
		"$build" "$@"
	check "... and nothing is written" test ! -e out
}
usage 'no output' 'no output: -o FILE' --root pkg/foo
usage 'an unknown option' ".*--frobnicate" --root pkg/foo -o out --frobnicate
usage 'an unknown short option' ".*-X" --root pkg/foo -o out -X
usage 'an option without its argument' '.*-o' --root pkg/foo -o
usage 'an operand' "unexpected operand 'pkg/foo'" -o out --root pkg/foo pkg/foo
usage 'an operand behind --' "unexpected operand '-q'" -o out --root pkg/foo -- -q
usage 'too many threads' "-j '65' is no number" --root pkg/foo -o out -j 65
usage 'a negative number of threads' "-j '-1'" --root pkg/foo -o out -j -1
usage 'a word for a number of threads' "-j 'two'" --root pkg/foo -o out -j two
usage 'no number of threads' "-j ''" --root pkg/foo -o out -j ''
usage 'a huge number of threads' "-j '99999999999999999999'" \
	--root pkg/foo -o out -j 99999999999999999999
usage 'a level of 13' "-z '13'" --root pkg/foo -o out -z 13
usage 'a level with a blank' "-z ' 1'" --root pkg/foo -o out -z ' 1'
usage 'an unknown format' "--format .* not 'zip'" --root pkg/foo -o out --format zip
usage 'an unknown checksum' "--checksum .* not 'md5'" \
	--root pkg/foo -o out --checksum=md5
usage '--datahash on the standard output of -o -' '--datahash and -o -' \
	--root pkg/foo -o - --datahash
usage '--mtree beside --files-from' '--mtree says all' \
	--root pkg/foo -o out --mtree x --files-from y
usage '--mtree beside --control' '--mtree says all' \
	--root pkg/foo -o out --mtree x --control pkg/.control.foo
usage '--control without --root' '--control needs --root' \
	--control pkg/.control.foo -o out
usage 'a sibling without =' "'pkg/bar' is no sibling" --root pkg/foo --sibling pkg/bar -o out
usage 'a place that is no package' 'no --root, no AMTREE_ROOT' -o out

for epoch in -1 abc 99999999999999 18446744073709551616 1.5 ' 1' 0x10 8589934592; do
	export SOURCE_DATE_EPOCH="$epoch"
	usage "SOURCE_DATE_EPOCH='$epoch'" "SOURCE_DATE_EPOCH is '$epoch'" \
		--root pkg/foo -o out
done
dated() {
	rm -f out
	SOURCE_DATE_EPOCH=$1 silent "$build" --root pkg/foo -o out || return 1
	prints "file 0644 root root 0 0 6 $2 file" \
		python3 "$tests/tarcmp.py" list out
}
touch -d @1234567890 pkg/foo/file
check 'SOURCE_DATE_EPOCH=0 is a time' dated 0 0
if SOURCE_DATE_EPOCH=8589934591 fails_with 3 "this machine's libarchive" \
	"$build" --root pkg/foo -o out >/dev/null; then
	check 'a libarchive of 32 bits may have 2147483647 as the last time' \
		dated 2147483647 2147483647
else
	check 'SOURCE_DATE_EPOCH=8589934591 is the last time' \
		dated 8589934591 8589934591
fi
check 'an empty SOURCE_DATE_EPOCH is none' dated '' 1234567890
unset SOURCE_DATE_EPOCH

# What to say, and what not.
has_help() {
	silent "$build" "$1" >out && grep -q '^Usage: amtree-build ' out &&
		[ "$(wc -l <out)" -le 24 ] && [ "$(wc -L <out)" -le 80 ]
}
check '--help fits a terminal' has_help --help
check '-h is --help' has_help -h
version() {
	silent "$build" --version | grep -Eqx 'amtree-build [0-9.]+'
}
check '--version prints the version' version
full() {
	"$build" "$1" >/dev/full
}
check '--help to a full disk is a failure' fails_with 3 'No space left' \
	full --help
: >pkg/foo/.top
mkdir -p pkg/foo/var
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("pkg/foo/var/s")'
printf x >"pkg/foo/$(printf 'esc\033[31m')"
said() {
	"$build" --root pkg/foo -o out "$@" 2>err || return 1
	cat err
	grep -q "'.*\.top'.*begins with a dot" err || return 1
	grep -q "'.*var/s'.*socket" err || return 1
	grep -Fq "'esc\\033[31m' has a control character" err || return 1
	[ "$(grep -c '^amtree-build: ' err)" -eq 3 ] || return 1
	python3 "$tests/tarcmp.py" list out
	python3 "$tests/tarcmp.py" names out | tr '\0' '\n' | grep -vE 'esc|file|var'
	[ "$(python3 "$tests/tarcmp.py" list out | wc -l)" -eq 3 ]
}
check 'what is left out and what apk refuses is said' said
check 'no byte that a terminal obeys is printed' \
	fails grep -q "$(printf '\033')" err
check '-q says nothing' prints '' sh -c '"$@" && echo' sh \
	"$build" -q --root pkg/foo -o out
check 'control characters are packed' sh -c \
	"python3 '$tests/tarcmp.py' list out | grep -F 'esc\\x1b[31m'"
verbose_escaped() {
	"$build" -q -v --root pkg/foo -o out 2>err && grep -Fqx 'esc\033[31m' err
}
check 'nor by -v' verbose_escaped
rm pkg/foo/.top pkg/foo/var/s pkg/foo/esc*
verbose() {
	"$build" --root pkg/foo -o out "$1" 2>err || return 1
	printf '%s\n' file var | diff - err
}
check '-v names each entry' verbose -v
check '--verbose names each entry' verbose --verbose
check 'without a terminal there is no progress' \
	prints '' sh -c '"$@" && echo' sh "$build" --root pkg/foo -o out

# on_terminal ARGUMENT... - what goes to a terminal as stderr
on_terminal() {
	python3 - "$build" --root pkg/foo -o out "$@" <<'END'
import os, pty, sys
master, slave = pty.openpty()
pid = os.fork()
if pid == 0:
    os.dup2(slave, 2)
    os.close(master)
    os.execv(sys.argv[1], sys.argv[1:])
os.close(slave)
said = b""
try:
    while piece := os.read(master, 4096):
        said += piece
except OSError:
    pass
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
}
head -c 20000000 /dev/urandom >pkg/foo/var/random
truncate -s 100M pkg/foo/var/zeros
has_progress() {
	on_terminal -z 1 >said || return 1
	od -c said | head
	tr '\r' '\n' <said | grep -q '[0-9]'
}
check 'on a terminal there is progress' has_progress
goes_away() {
	tail -c 4 said | od -c
	# the line is wiped: nothing but the way back to its beginning is last
	tail -c 3 said | grep -q "$(printf '\033\\[K')" ||
		tail -c 1 said | grep -q "$(printf '\r')"
}
check '... which goes away' goes_away
no_progress() {
	on_terminal -q >said && [ ! -s said ]
}
check '-q shows no progress on a terminal' no_progress
finish
