#!/bin/sh
# amtree-run: signals that are sent to it reach the command
# shellcheck disable=SC2154 # variables of lib.sh and processes.sh
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/processes.sh"

# What is sent to amtree-run alone.
# shellcheck disable=SC2086 # lists of words
all_signals() {
	names='HUP INT QUIT USR1 ALRM TERM XCPU WINCH PIPE VTALRM PWR'
	for name in $names; do
		words="${words-} SIG$name"
	done
	"$run" $hear $words SIGUSR2=9 >log &
	pid=$!
	until_true grep -q ready log || return 1
	for name in $names; do
		kill -s "$name" "$pid"
		until_true grep -qx "got SIG$name" log || return 1
	done
	kill -s USR2 "$pid"
	ends_with 9 "$pid" || return 1
	{ echo ready; printf 'got SIG%s\n' $names USR2; } | diff - log
}
check 'signals to amtree-run alone reach the command, each once' all_signals

# sigfillset(3) leaves out those that a libc has for itself: 32 and 33 of glibc,
# and 34 of musl.  Who was started by posix_spawn(3), as by make, ignores them.
libc_signals() {
	ignored=$(sed -n 's/^SigIgn:[[:space:]]*/0x/p' /proc/$$/status)
	for signal in 32 33 34 64; do
		"$run" sleep "$mark" &
		pid=$! want=$((128 + signal))
		until_true pgrep -x -f "sleep $mark" >/dev/null &&
			kill -s "$signal" "$pid" || return 1
		if [ $((ignored >> (signal - 1) & 1)) -eq 1 ]; then
			kill "$pid"
			want=143
		fi
		ends_with "$want" "$pid" || return 1
	done
}
check 'so do those that a C library keeps for itself' libc_signals

# At whatever moment it comes: before amtree-run blocks it, before there is a
# command, before that is executed, or behind.
early() {
	for delay in 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9; do
		"$run" sleep 3 &
		pid=$!
		sleep "0.00$delay"
		kill "$pid"
		ends_with 143 "$pid" || { echo "after $delay ms"; return 1; }
	done
}
check 'one that comes early is not lost' early

# switches - how often its threads have gone to sleep
switches() {
	cat "/proc/$pid/task"/*/status |
		awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n }'
}
sleeps() {
	"$run" sleep "$mark" &
	pid=$!
	until_true pgrep -x -f "sleep $mark" && sleep 0.1 || return 1
	before=$(switches)
	sleep 0.2
	after=$(switches)
	kill "$pid" && ends_with 143 "$pid" || return 1
	[ $((after - before)) -le 4 ] ||
		{ echo "awake $((after - before)) times"; return 1; }
}
check 'it sleeps as long as the command does' sleeps

stopped_alone() {
	"$run" sh -c 'touch ready
		until [ -e go ]; do sleep 0.01; done
		: >own; chown daemon own; stat -c %U own' >log &
	pid=$!
	until_true [ -e ready ] && kill -s STOP "$pid" &&
		until_true is_in T "$pid" && touch go && kill -s CONT "$pid" &&
		ends_with 0 "$pid" && grep -qx daemon log
}
check 'SIGSTOP and SIGCONT to amtree-run alone lose nothing' stopped_alone

# stop - start a job, which stops.  It is a process group of its own with its
# parent in another, as a shell's jobs are; else the kernel would not stop it.
stop() {
	python3 -c 'import os, sys
os.setpgid(0, 0)
os.execvp(sys.argv[1], sys.argv[1:])' "$run" \
		sh -c 'echo $$ >pid; kill -s TSTP $$; exit 6' &
	pid=$!
	until_true is_in T "$pid"
}
both_stop() {
	stop && is_in T "$(cat pid)" && kill -s CONT "$pid" && ends_with 6 "$pid"
}
check 'a command that stops takes amtree-run along, and SIGCONT both' both_stop
command_goes_on() {
	stop && kill -s CONT "$(cat pid)" && ends_with 6 "$pid"
}
check 'whoever lets the command go on does the same' command_goes_on
by_itself() {
	timeout 10 "$run" sh -c ': >own
		(until grep -q "^State:.T" /proc/$$/status; do
			sleep 0.01
		done; chown daemon own; kill -s CONT $$) &
		kill -s STOP $$; stat -c %U own'
}
check 'where SIGSTOP has stopped the command, its children can go on' \
	prints daemon by_itself
killed_stopped() {
	stop && kill -s KILL "$(cat pid)" && ends_with 137 "$pid"
}
check 'a command that is killed while it is stopped ends both' killed_stopped
stopped_killed() {
	stop && kill -s KILL "$pid" && ends_with 137 "$pid" && until_true is_gone pid
}
check 'amtree-run that is killed while it is stopped too' stopped_killed

in_trap() {
	"$run" sh -c 'trap "chown bin own; stat -c %U own; exit 8" TERM
		: >own; touch ready2; while :; do sleep 0.01; done' >log &
	pid=$!
	until_true [ -e ready2 ] && kill "$pid" && ends_with 8 "$pid" &&
		grep -qx bin log
}
check 'what a trap does is still recorded' in_trap
check 'an alarm that was set before goes off' gives 142 python3 -c 'import os
import signal, sys
signal.signal(signal.SIGALRM, signal.SIG_DFL)
signal.setitimer(signal.ITIMER_REAL, 0.3)
os.execvp(sys.argv[1], sys.argv[1:])' "$run" sleep 20
check 'timeout(1) works outside' gives 124 timeout 0.2 "$run" sleep 20
check 'timeout(1) works inside' gives 124 "$run" timeout 0.2 sleep 20
finish
