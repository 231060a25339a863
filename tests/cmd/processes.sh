# shellcheck shell=sh
# processes.sh - what tests of amtree-run need to watch processes; sourced behind
# lib.sh
#
#	"$run" $hear SIGTERM=3 >log &
#	until_true grep -q ready log && kill $! && ends_with 3 $!
#
# For the test to read: $run, $hear (see hear.py), $mark, a number for sleep(1)
# that nobody else has.

# shellcheck disable=SC2034,SC2154 # for the test; of lib.sh
run=$O/amtree-run hear="python3 $tests/hear.py" mark=1000000$$
[ -x "$run" ] || { echo "not ok - there is an amtree-run"; exit 1; }
# shellcheck disable=SC3045 # dash and ash have it
ulimit -c 0

# until_true COMMAND... - wait for it, ten seconds at most
until_true() {
	processes_tries=500
	until "$@"; do
		processes_tries=$((processes_tries - 1))
		[ "$processes_tries" -gt 0 ] || { echo "never: $*"; return 1; }
		sleep 0.02
	done
}

# is_in STATE PID - one letter of proc_pid_stat(5)
is_in() {
	[ "$(cut -d ' ' -f 3 "/proc/$2/stat")" = "$1" ]
}

# is_gone FILE - the process whose number is in there
is_gone() {
	[ ! -e "/proc/$(cat "$1")" ]
}

# nobody_left - no process has $mark among its arguments
nobody_left() {
	! pgrep -a -f "$mark"
}

# ends_with STATUS PID - a child of ours
ends_with() {
	processes_got=0
	wait "$2" || processes_got=$?
	[ "$processes_got" -eq "$1" ] ||
		{ echo "status $processes_got, not $1"; return 1; }
}

# gives STATUS COMMAND... - that status, whatever it says
gives() {
	processes_got=0 processes_want=$1
	shift
	"$@" || processes_got=$?
	[ "$processes_got" -eq "$processes_want" ] ||
		{ echo "status $processes_got, not $processes_want"; return 1; }
}
