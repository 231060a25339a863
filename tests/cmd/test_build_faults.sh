#!/bin/sh
# amtree-build: an output appears whole or not at all, and what ends it is said
# shellcheck disable=SC2317 # functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo/usr pkg/.control.foo out
head -c 3000000 /dev/urandom >pkg/foo/usr/random
echo small >pkg/foo/usr/small
echo old >old

# keeps COMMAND... - does so, and leaves out/x as it was, and nothing beside it
keeps() {
	mkdir -p out
	cp old out/x
	"$@" || return 1
	cmp old out/x && [ "$(ls -A out)" = x ]
}
into() {
	"$build" --root pkg/foo -o "$@"
}

# Where it cannot be written.
check 'a full device is said' fails_with 3 "No space left on device" \
	into /dev/full
onto_full_device() {
	into "$@" >/dev/full
}
check 'a full device as standard output is said' fails_with 3 \
	'No space left on device' onto_full_device -
check 'a full device for --datahash is said' fails_with 3 \
	'No space left on device' onto_full_device out/hashed --datahash
rm -f out/hashed
into_closed_pipe() {
	{
		status=0
		into - || status=$?
		echo "$status" >status
	} | head -c 1 >/dev/null
	return "$(cat status)"
}
check 'a closed pipe is said' fails_with 3 'Broken pipe' into_closed_pipe
onto_nothing() {
	into - >&-
}
check 'a closed standard output is said' fails_with 3 'Bad file descriptor' \
	onto_nothing
without_streams() {
	"$build" -v --root pkg/foo -o out/apart >&- 2>&- && gzip -t out/apart
}
check 'where standard streams are closed no message goes into the archive' \
	without_streams
rm -f out/apart
check 'a missing directory is said' fails_with 3 \
	"'no/such/x'.*No such file or directory" into no/such/x
check 'a directory as output is said' fails_with 3 "'out'.*directory" into out
check 'a directory with a slash as output is said' fails_with 3 \
	"'out/'.*directory" into out/
check 'a file as directory is said' fails_with 3 "'old/x'.*Not a directory" \
	into old/x
check 'an empty name is said' fails_with 2 'empty name' into ''
long=$(printf '%0256d' 0)
check 'a name too long is said' fails_with 3 'File ?name too long' into "$long"
if ! is_root; then
	mkdir closed
	chmod 555 closed
	check 'a closed directory is said' fails_with 3 'Permission denied' \
		into closed/x
fi
ln -s x out/link
target_is_replaced() {
	into out/link && [ "$(readlink out/link)" = x ] && gzip -t out/x
}
check 'a symbolic link stays, its target is replaced' target_is_replaced
rm out/link
ln -s loop out/loop
check 'a loop of symbolic links is said' fails_with 3 '[Ss]ymbolic link' \
	into out/loop
rm out/loop
mode_of() {
	(umask "$1" && into out/new) && [ "$(stat -c %a out/new)" = "$2" ]
}
rm -f out/new
check 'a new file has the mode that umask gives' mode_of 027 640
rm -f out/new
into_the_tree() {
	into pkg/foo/data.tar.gz || return 1
	python3 "$tests/tarcmp.py" list pkg/foo/data.tar.gz >listed
	cat listed
	grep -q random listed && ! grep -q data.tar.gz listed
}
check 'inside the tree the output is no part of itself' into_the_tree
rm -f pkg/foo/data.tar.gz

limited() {
	(ulimit -f 1000 && trap '' XFSZ && into out/x)
}
check 'a file that grows too large leaves the old one' \
	keeps fails_with 3 'File too large' limited
if is_root; then
	mkdir tmpfs
	mount -t tmpfs -o size=1M none tmpfs
	cp old tmpfs/x
	full() {
		into tmpfs/x
	}
	check 'a full disk is said' fails_with 3 'No space left on device' full
	check '... and the old file stays' cmp old tmpfs/x
	check '... and nothing else does' test "$(ls -A tmpfs)" = x
	umount tmpfs
fi

# Signals: a source that takes long.
truncate -s 4G pkg/foo/usr/zeros
# dies_of SIGNAL [COMMAND...] - is killed in the middle, and dies of that
dies_of() {
	python3 - "$@" <<'END'
import os, signal, subprocess, sys, time
number = getattr(signal, "SIG" + sys.argv[1])
if number != signal.SIGKILL:  # a shell's background has SIGINT ignored
    signal.signal(number, signal.SIG_DFL)
p = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL,
                     stderr=subprocess.PIPE)
time.sleep(0.4)
if p.poll() is not None:
    sys.exit(f"ended too early with {p.returncode}: {p.stderr.read()}")
p.send_signal(number)
try:
    p.wait(20)
except subprocess.TimeoutExpired:
    p.kill()
    sys.exit("goes on")
said = p.stderr.read()
print(said.decode())
if p.returncode != -number:
    sys.exit(f"status {p.returncode}")
if said.count(b"\n") > 1:
    sys.exit("says more than a line")
END
}
for signal in TERM INT HUP KILL; do
	for threads in 0 2; do
		check "SIG$signal with -j $threads: dies of it, the old file stays" \
			keeps dies_of $signal "$build" --root pkg/foo -q \
			-j $threads -o out/x
	done
done
mkfifo out/fifo
check 'SIGTERM while nobody reads the output: dies of it' \
	dies_of TERM "$build" --root pkg/foo -o out/fifo
rm out/fifo
check 'SIGTERM while a tar is written to standard output' \
	dies_of TERM "$build" --root pkg/foo --format tar -o -
truncate -s 300M pkg/foo/usr/zeros
nohup_is_heeded() {
	rm -f out/x
	python3 - "$build" --root pkg/foo -z 1 -o out/x <<'END'
import signal, subprocess, sys, time
signal.signal(signal.SIGHUP, signal.SIG_IGN)
p = subprocess.Popen(sys.argv[1:])
time.sleep(0.1)
p.send_signal(signal.SIGHUP)
sys.exit(p.wait(60))
END
}
check 'SIGHUP is ignored if it was (nohup)' nohup_is_heeded
check '... and the archive is whole' gzip -t out/x
rm pkg/foo/usr/zeros

# Failing in the middle of reading leaves the old file as well.
truncate -s 9G pkg/foo/usr/zeros
check 'a file of 9 GiB is refused, and the old output stays' \
	keeps fails_with 3 "'pkg/foo/usr/zeros'.*8 GiB" into out/x
rm pkg/foo/usr/zeros
finish
