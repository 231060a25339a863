#!/bin/sh
# amtree-run: when the command has ended, nothing stays
# shellcheck disable=SC2154 # variables of lib.sh and processes.sh
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/processes.sh"
export run mark

# named STATUS NAME SIGNAL COMMAND... - that status, nobody is left, and stderr
# says that NAME was ended by that signal, and nothing else
named() {
	named_line="^amtree-run: process [0-9]+ \('$2'\) outlived the command: ended by $3$"
	named_want=$1 named_got=0
	shift 3
	timeout 20 "$run" "$@" 2>"$here/stderr" >"$here/stdout" || named_got=$?
	cat "$here/stderr" "$here/stdout"
	[ "$named_got" -eq "$named_want" ] ||
		{ echo "status $named_got, not $named_want"; return 1; }
	grep -Eq "$named_line" "$here/stderr" &&
		fails grep -Evq "$named_line" "$here/stderr" && nobody_left
}

# started N - wait until that many have become sleep(1), which they are named by
cat >started <<'END'
until [ "$(pgrep -c -x -f "sleep $mark")" -eq "$1" ]; do sleep 0.02; done
END

# What a command leaves behind.
check 'a child in the background is ended and named' \
	named 0 "sleep $mark" SIGTERM sh -c 'sleep $mark & sh started 1'
check 'the status is that of the command all the same' \
	named 3 "sleep $mark" SIGTERM sh -c 'sleep $mark & sh started 1; exit 3'
check 'a command that dies of a signal leaves nothing either' \
	named 137 "sleep $mark" SIGTERM sh -c 'sleep $mark & sh started 1
		kill -s KILL $$'
check 'all of many are ended and named' \
	named 0 "sleep $mark" SIGTERM sh -c 'for i in 1 2 3 4 5 6 7 8 9; do
		sleep $mark & done; sh started 9'
echo 'kill -s STOP $$' >stops
echo 'import time; open("woke", "w"); time.sleep(1000)' >sleeper
cat >daemon <<'END'
import os, signal, sys, time
if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
if "deaf" in sys.argv:
    signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())
open("settled", "w").close()
os.chdir("/")
os.closerange(0, 1000)
time.sleep(1000)
END
cat >daemonize <<'END'
rm -f settled
python3 daemon "$@" "$mark"
until [ -e settled ]; do sleep 0.02; done
END
check 'a daemon that forked twice and closed all is ended and named' \
	named 0 "python3 daemon $mark" SIGTERM sh daemonize
check 'one that ignores SIGTERM gets SIGKILL' \
	named 4 "python3 daemon deaf $mark" SIGKILL \
	sh -c 'sh daemonize deaf; exit 4'
check 'one that is stopped ends by SIGTERM as well' \
	named 0 "sh stops $mark" SIGTERM sh -c 'sh stops $mark &
		until grep -q "^State:.T" /proc/$!/status; do sleep 0.01; done'
check 'a child that ends soon by itself is not named' \
	silent "$run" sh -c 'sleep 0.01 & exit 0'
check 'names are shown without what could harm a terminal' \
	named 0 "python3 sleeper $mark a.033\\[31mb.012c" SIGTERM \
	sh -c 'python3 sleeper $mark "$(printf "a\033[31mb\nc")" &
		until [ -e woke ]; do sleep 0.02; done'
tidies_up() {
	"$run" sh -c 'sh -c "trap \": >own; chown daemon own; stat -c %U own >log
			exit\" TERM; touch ready; while :; do sleep 0.01; done" &
		until [ -e ready ]; do sleep 0.01; done' 2>"$here/stderr" &&
		[ "$(cat log)" = daemon ]
}
check 'what is ended by SIGTERM can tidy up first, and is recorded' tidies_up
pipeline() {
	# shellcheck disable=SC2030 # in a shell of its own
	got=$(timeout 20 sh -c '"$run" sh -c "sleep $mark & echo x" 2>&1 | cat')
	case $got in
	x*outlived*) ;;
	*) echo "$got"; return 1 ;;
	esac
}
check 'a pipeline does not hang, whoever holds its end' pipeline

# Who is killed.
cat >many <<'END'
sleep $mark &
setsid sh -c 'trap "" TERM HUP INT; touch ready1; sleep $mark; sleep $mark' &
python3 daemon deaf $mark
sleep $mark &
kill -s STOP $!
touch ready2
sleep $mark
END
start_many() {
	rm -f ready1 ready2
	"$@" "$run" sh many "$mark" 2>"$here/stderr" &
	pid=$!
	until_true [ -e ready1 ] && until_true [ -e ready2 ]
}
# or_end COMMAND... - if it fails, what it started is not to stay
or_end() {
	"$@" || { kill -s KILL "$pid" 2>/dev/null; return 1; }
}
# two seconds at most
soon_nobody() {
	tries=100
	until nobody_left; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || { pgrep -af "$mark"; return 1; }
		sleep 0.02
	done
}
killed() {
	start_many && kill -s KILL "$pid" && ends_with 137 "$pid" &&
		soon_nobody
}
check 'SIGKILL of amtree-run ends all' or_end killed
group_killed() {
	start_many setsid && kill -KILL -"$pid" && ends_with 137 "$pid" &&
		soon_nobody
}
check 'SIGKILL of its process group too' or_end group_killed
keeper_killed() {
	start_many && kill -s KILL "$(pgrep -P "$pid")" && ends_with 125 "$pid" &&
		cat "$here/stderr" &&
		grep -q '^amtree-run: the keeper of the command was killed$' \
		"$here/stderr" && nobody_left
}
check 'SIGKILL of the keeper ends all, and is an error' or_end keeper_killed
keeper_stopped() {
	"$run" sh -c 'kill -s STOP $PPID; exit 5' &
	pid=$!
	until_true is_in T "$(until pgrep -P "$pid"; do sleep 0.01; done)"
	kill -s CONT "$(pgrep -P "$pid")" && ends_with 5 "$pid"
}
check 'a keeper that was stopped goes on' or_end keeper_stopped

# What it ran on.
cat >mounted <<'END'
# mounted DIR MOUNT UNMOUNT - run on a file system; it must be free at once
set -e
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	$2
	mkdir "$1/sub"
	cp "$run" "$1/run"
	cp "$(command -v sleep)" "$1/sleep"
	(cd "$1/sub" && exec ../run sh -c 'exec 3>file
		../sleep $mark &
		cd ..
		setsid ./sleep $mark >out 2>&1 &
		: >own; chown daemon own; stat -c %U own' 2>>"$said" >>"$said")
	$3
	case $i in *0) ;; *) continue ;; esac
	# killed: a moment later
	$2
	cp "$run" "$1/run"
	cp "$(command -v sleep)" "$1/sleep"
	(cd "$1" && exec ./run sh -c 'exec 3>file
		setsid ./sleep $mark & touch ready; ./sleep $mark' 2>"$said.2") &
	until [ -e "$1/ready" ]; do sleep 0.02; done
	kill -s KILL $!
	wait $! || :
	tries=100
	until $3 2>err; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { cat err; exit 1; }
		sleep 0.02
	done
done
[ "$(grep -c '^daemon$' "$said")" -eq 20 ]
END
cat >apart <<'END'
# apart - in namespaces of its own there is nothing before and nothing after
set -e
mount -t tmpfs shm /dev/shm
sh mounted disk 'mount -t tmpfs disk disk' 'umount disk'
! find /dev/shm "$TMPDIR" -mindepth 1 | grep .
[ "$(wc -l </proc/net/unix)" -eq 1 ] || { cat /proc/net/unix; exit 1; }
for kind in shm sem msg; do
	[ "$(wc -l <"/proc/sysvipc/$kind")" -eq 1 ] || { ipcs; exit 1; }
done
END
cat >refer <<'END'
# refer DIR - fails if a process refers to a file in there
! { ls -l /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/exe \
	/proc/[0-9]*/fd/* 2>/dev/null; cat /proc/[0-9]*/maps 2>/dev/null; } |
	grep -F "$1"
rm -rf "$1"/*
END
mkdir disk tmp
export TMPDIR="$PWD/tmp" said="$PWD/said"
if is_root; then user=-m; else user=-Urm; fi
if unshare $user -in true 2>/dev/null; then
	check 'its file system can be unmounted at once, and no IPC or file stays' \
		unshare $user -in sh apart
else
	check 'no process refers to its file system, 20 times in a row' \
		sh mounted "$PWD/disk" : "sh $PWD/refer $PWD/disk/"
	check 'no temporary file stays' fails ls "$TMPDIR"/*
fi
finish
