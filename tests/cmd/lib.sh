# shellcheck shell=sh
# lib.sh - what every test of a command needs; sourced, with O as argument
#
#	. "$(dirname "$0")/lib.sh"
#	mkdir -p pkg/foo pkg/.control.foo
#	check 'an output is required' fails_with 2 'no output' "$build"
#	finish
#
# The test runs in an empty directory of its own, which goes away whatever
# happens.  A command that fails outside of check() ends the test as failed.
# For the test to read: $O, $tests (the directory of the tests), $amtree,
# $merge, $build, $scan, $diff (the programs), $here (its directory).

set -eu
[ $# -eq 1 ] || { echo "usage: $0 OBJDIR" >&2; exit 2; }

O=$(cd "$1" && pwd)
# shellcheck disable=SC2034
tests=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC2034
amtree=$O/amtree merge=$O/amtree-merge build=$O/amtree-build
# shellcheck disable=SC2034
scan=$O/amtree-scan diff=$O/amtree-diff
# Where an ordinary user may read it: not what root's PATH happens to begin with
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
unset AMTREE_ROOT AMTREE_CONTROL AMTREE_JOURNAL SOURCE_DATE_EPOCH TAR_OPTIONS GZIP TZ
export LC_ALL=C
umask 022

passed=0 failed=0 is_finished=
elsewhere= # a further directory that a test made, to be removed
here=$(mktemp -d)
trap 'lib_end' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 1' HUP PIPE
mkdir "$here/dir"
cd "$here/dir"

# Remove everything, modes and depth notwithstanding.
lib_end() {
	cd /
	find "$here" -type d ! -perm -700 -exec chmod u+rwx {} \; 2>/dev/null
	rm -rf "$here" "${elsewhere:-$here}"
	[ -n "$is_finished" ] || echo "not ok - ${0##*/} runs to its end"
}

ok() {
	passed=$((passed + 1))
	echo "ok - $1"
}

# not_ok NAME [FILE] - FILE says why
not_ok() {
	failed=$((failed + 1))
	echo "not ok - $1"
	[ $# -eq 1 ] || head -n 20 "$2" | cut -c 1-300 | sed 's/^/    /'
}

# check NAME COMMAND... - NAME is a promise, true if COMMAND succeeds
check() {
	lib_name=$1
	shift
	if ("$@") >"$here/why" 2>&1; then
		ok "$lib_name"
	else
		echo "status $? of: $*" >>"$here/why"
		not_ok "$lib_name" "$here/why"
	fi
}

# fails - COMMAND ends with a status that is not 0; says nothing else of it
fails() {
	! "$@"
}

# lib_one_line FILE REGEX - all of FILE is one line that matches (grep -E)
lib_one_line() {
	cat "$1"
	[ "$(wc -l <"$1")" -eq 1 ] || { echo 'expected one line'; return 1; }
	grep -Eq -- "$2" "$1" || { echo "expected: $2"; return 1; }
}

# fails_with STATUS REGEX COMMAND... - that status, one line on stderr that
# matches, and nothing on stdout
fails_with() {
	lib_want=$1 lib_regex=$2 lib_got=0
	shift 2
	"$@" >"$here/stdout" 2>"$here/stderr" || lib_got=$?
	lib_one_line "$here/stderr" "$lib_regex" || return 1
	[ ! -s "$here/stdout" ] || { echo 'expected no output'; return 1; }
	[ "$lib_got" -eq "$lib_want" ] ||
		{ echo "expected status $lib_want, not $lib_got"; return 1; }
}

# warns REGEX COMMAND... - status 0, and one line on stderr that matches
warns() {
	lib_regex=$1
	shift
	"$@" 2>"$here/stderr" || { cat "$here/stderr"; return 1; }
	lib_one_line "$here/stderr" "$lib_regex"
}

# silent COMMAND... - status 0, and nothing on stderr
silent() {
	"$@" 2>"$here/stderr" || { cat "$here/stderr"; return 1; }
	cat "$here/stderr"
	[ ! -s "$here/stderr" ]
}

# prints TEXT COMMAND... - status 0, nothing on stderr, and TEXT on stdout
prints() {
	lib_text=$1
	shift
	silent "$@" >"$here/stdout" || { cat "$here/stdout"; return 1; }
	printf '%s\n' "$lib_text" | diff - "$here/stdout"
}

# unread COMMAND... - nobody reads what it prints, and it dies of that quietly
unread() {
	python3 - "$@" <<'END'
import os, signal, subprocess, sys
theirs, ours = os.pipe()
os.close(theirs)
done = subprocess.run(sys.argv[1:], stdout=ours, stderr=subprocess.PIPE)
sys.stdout.buffer.write(done.stderr)
sys.exit(done.stderr != b"" or done.returncode != -signal.SIGPIPE)
END
}

is_root() {
	[ "$(id -u)" -eq 0 ]
}

# held COMMAND... - as one whom modes hold back, whoever runs the test
held() {
	! is_root || set -- setpriv \
		--bounding-set -dac_override,-dac_read_search "$@"
	"$@"
}

# The last line of every test.
finish() {
	is_finished=y
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
}
