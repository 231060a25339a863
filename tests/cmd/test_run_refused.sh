#!/bin/sh
# amtree-run: where the kernel or a sandbox lacks something
# shellcheck disable=SC2154 # variables of lib.sh and processes.sh
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/processes.sh"

cc -o "$here/sandbox" "$tests/sandbox.c"
sandbox=$here/sandbox
# who looks for leaks needs calls that are refused here
export ASAN_OPTIONS=detect_leaks=0

# refused REGEX COMMAND... - COMMAND is to run $run touch ran: one line that
# matches, status 125, and it was not touched
refused() {
	refused_regex=$1
	shift
	rm -f ran
	fails_with 125 "^amtree-run: $refused_regex" timeout 20 "$@" "$run" \
		touch ran || return 1
	[ ! -e ran ] || { echo 'the command was started'; return 1; }
}

check 'without any of that it runs' silent "$sandbox" -- "$run" touch ran

# no_filter WHAT RULE - seccomp refuses
no_filter() {
	check "$1: one line says so before the command starts" refused \
		'this kernel or sandbox has no seccomp user notification' \
		"$sandbox" "$2" --
}
for error in 38 22 1 13; do # ENOSYS EINVAL EPERM EACCES
	no_filter "seccomp(2) fails with $error" "seccomp=$error"
	no_filter "its listener is refused with $error" "seccomp&8=$error"
done
for error in 0 1 14 38; do
	no_filter "chown is somebody else's affair ($error)" "fchown=$error"
done
no_filter 'the listener cannot be handed over' sendmsg=1
check 'somebody records already: runs do not nest' refused \
	'another supervisor .* do not nest' "$sandbox" listener --
for rule in ioctl@0xc0502100=1 ioctl@0xc0182101=1 ioctl@0xc0502100=22; do
	check "the listener is no use ($rule): an error" refused \
		'cannot (receive|answer) system calls: ' "$sandbox" $rule --
done
for rule in prctl=1 prctl=22 socketpair=1 signalfd4=38 memfd_create=38 \
    statx=1; do
	"$sandbox" "$rule" -- true 2>/dev/null || {
		echo "not run: $rule, without which no program starts here"
		continue
	}
	check "what is needed is missing ($rule): an error" refused \
		'.*: (Operation not permitted|Invalid|Function not impl)' \
		"$sandbox" "$rule" --
done

# Other kernels and sandboxes do with less.
cat >snippet <<'END'
mkdir d
: >own
chown daemon:games own
chown -R bin d
chmod 4755 own
stat -c '%n %U %G %a' own d
mv own d/own
stat -c '%n %U %G %a' d/own
find d -user daemon
cp -a d e
ls -lR e | cut -c 1-28
ln d/own f
rm d/own
: >d/own
stat -c '%n %U %G %a' d/own f
install -o daemon -m 4711 f g
stat -c '%n %U %G %a' g
stat -c '%n %U' -L /proc/self/fd/3 3<g
rm -r d e f g
END
"$run" sh snippet >expected
grep -qx 'd/own daemon games 4755' expected
# works_without RULE...
works_without() {
	check "it works as well without $*" works "$@"
}
works() {
	timeout 20 "$sandbox" "$@" -- "$run" sh snippet 2>&1 | diff expected -
}
works_without process_vm_readv=38 process_vm_writev=38
works_without process_vm_readv=1 process_vm_writev=1
works_without name_to_handle_at=1
works_without name_to_handle_at=95
works_without openat2=38
works_without openat2=1
works_without close_range=38
works_without pidfd_open=38
works_without statx=38
works_without 'ioctl@0x40082104=22' # SECCOMP_IOCTL_NOTIF_SET_FLAGS
works_without 'seccomp&32=22' # SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
for test in fakeroot_static signals; do
	check "test_run_$test.sh passes without process_vm_readv(2)" \
		"$sandbox" process_vm_readv=38 process_vm_writev=38 -- \
		sh "$tests/test_run_$test.sh" "$O"
done

# Without /proc.
if is_root; then user=-m; else user=-Urm; fi
if unshare $user -pf true 2>/dev/null; then
	# sanitizers read their options there
	[ -n "${SAN-}" ] || check 'without /proc: a clear error' refused '/proc and statx.* needed' \
		unshare $user sh -c 'mount -t tmpfs none /proc && exec "$@"' -
	check 'with the /proc of other processes too' refused '/proc' \
		unshare $user -pf
	check 'in a namespace of its own with its own /proc it runs' \
		prints 'daemon' unshare $user -pf --mount-proc "$run" \
		sh -c ': >own; chown daemon own; stat -c %U own'
else
	echo 'not run: no namespaces here'
fi

# With little room.
# clear REGEX LIMIT - it runs and records, or it is a clear error and the command
# is not started
clear() {
	got=0
	rm -f ran
	timeout 20 sh -c 'ulimit $0; exec "$@"' "$2" "$run" sh -c ': >ran
		chown -R daemon ran; stat -c %U ran' \
		>"$here/stdout" 2>"$here/stderr" || got=$?
	cat "$here/stdout" "$here/stderr"
	case $got in
	0) grep -qx daemon "$here/stdout" && [ ! -s "$here/stderr" ] ;;
	125) lib_one_line "$here/stderr" "$1" && [ ! -e ran ] ;;
	*) echo "status $got"; return 1 ;;
	esac
}
few_files() {
	for n in 4 5 6 7 8 10 12 14 16 18 20 22 23 24 25 26 28 30 40; do
		clear '^amtree-run: .*: (Too many open files|No file .*)$' \
			"-n $n" ||
			{ echo "with $n files"; return 1; }
	done
	[ "$got" -eq 0 ]
}
check 'with few files it says so, or does it all' few_files
little_memory() {
	for n in 10000 11000 12000 13000 14000 16000 20000 40000; do
		clear '^amtree-run: .*(memory|Resource)' "-v $n" ||
			{ echo "with $n kB"; return 1; }
	done
	[ "$got" -eq 0 ]
}
[ -n "${SAN-}" ] ||
	check 'with little memory it says so, or does it all' little_memory
check 'where no process can be started it says so' refused \
	'cannot fork: Resource temporarily unavailable' \
	prlimit --nproc=1 setpriv --reuid "$(if is_root; then echo 64123; else
		id -u; fi)" --
finish
