#!/bin/sh
# amtree-run: status, arguments, and all that a command has from its caller
# shellcheck disable=SC2154 # variables of lib.sh
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
run=$O/amtree-run
umask 022
# shellcheck disable=SC3045 # dash and ash have it
ulimit -c 0

# gives STATUS COMMAND... - that status, and nothing on stderr
gives() {
	gives_got=0 gives_want=$1
	shift
	"$@" 2>"$here/stderr" || gives_got=$?
	cat "$here/stderr"
	[ "$gives_got" -eq "$gives_want" ] ||
		{ echo "status $gives_got, not $gives_want"; return 1; }
	[ ! -s "$here/stderr" ]
}

# same COMMAND... - amtree-run COMMAND prints and ends as COMMAND does
same() {
	same_alone=0 same_run=0
	"$@" >"$here/out" 2>&1 || same_alone=$?
	mv "$here/out" "$here/alone"
	"$run" "$@" >"$here/out" 2>&1 || same_run=$?
	diff "$here/alone" "$here/out" || return 1
	[ "$same_alone" -eq "$same_run" ] ||
		{ echo "status $same_run, not $same_alone"; return 1; }
}

# How it ends.
statuses() {
	for n in 0 1 2 3 63 64 77 100 124 125 126 127 128 129 130 143 192 254 \
		255; do
		gives "$n" "$run" sh -c "exit $n" || return 1
	done
}
check 'the status is that of the command' statuses

signals() {
	for n in 1 2 3 4 6 8 9 10 11 12 13 14 15 24 31 34 64; do
		gives $((128 + n)) "$run" python3 -c "
import os, signal
if $n != 9: signal.signal($n, signal.SIG_DFL)
os.kill(os.getpid(), $n)" || return 1
	done
}
check 'a command that dies of signal N gives 128 + N' signals

mkdir dir
echo 'exit 5' >script
echo '#!/no/such/interpreter' >orphan
echo text >text
chmod 755 script orphan
like_env() {
	for word in nosuch ./nosuch '' dir/ ./dir text/x ./text ./orphan \
	    "$(printf %0300d 0)" "$(printf %05000d 0)"; do
		want=0
		env "$word" 2>/dev/null || want=$?
		fails_with "$want" "^amtree-run: cannot run '.*': [A-Z]" \
			"$run" "$word" || { echo "command '$word'"; return 1; }
	done
}
check 'what cannot be run gives 126 or 127, as under env(1), and the reason' \
	like_env
# execvp(3) of glibc has a shell run it; musl's does not
bare_script() {
	want=0
	env ./script 2>/dev/null || want=$?
	[ "$want" -eq 5 ] || [ "$want" -eq 126 ] || return 1
	gives "$want" "$run" ./script
}
check 'a script without #! is run by a shell where env(1) does so' bare_script
{ echo '#!/bin/sh'; cat script; } >dir/findme
chmod 755 dir/findme
check 'a command is searched in PATH' \
	gives 5 env PATH="$PWD/dir:$PATH" "$run" findme

# What it is asked.
check 'no command is a usage error' fails_with 125 'no command' "$run"
check 'no command behind -- either' fails_with 125 'no command' "$run" --
for option in --nosuch -x --user --root=; do
	check "a wrong option ($option) gives 125" \
		fails_with 125 '^amtree-run: ' "$run" "$option"
done
check '--control needs a --root' \
	fails_with 125 'no --root' "$run" --control=dir true
version=$("$build" --version | sed 's/.* //')
for option in -v --version; do
	check "$option is one line" prints "amtree-run $version" "$run" $option
	check "$option works within a run, where abuild asks for it" \
		prints "amtree-run $version" "$run" "$run" $option
done
to_full() {
	"$run" "$1" >/dev/full
}
for option in --version --help; do
	check "$option says that it could not be written" \
		fails_with 125 'No space left' to_full $option
done
check '--help ends with 0' silent "$run" --help
check 'options end where the command begins' \
	prints '-v --help -- --strict' "$run" echo -v --help -- --strict
check '-- ends options' prints 'x -v' "$run" -- echo x -v
check 'behind -- all is command' fails_with 127 "'-v'" "$run" -- -v
check 'arguments are passed on untouched' prints "$(printf 'a b|*||\\n|\303')" \
	"$run" sh -c 'printf "%s|%s|%s|%s|%s\n" "$@"' - 'a b' '*' '' '\n' \
	"$(printf '\303')"
nested() {
	fails_with 125 'do not nest' "$run" "$run" touch ran && [ ! -e ran ]
}
# shellcheck disable=SC3045 # dash and ash have it
within_fakeroot() {
	(
		# fakeroot closes every number that a file could have
		ulimit -n 1024
		fails_with 125 'fakeroot is at work' \
			fakeroot "$run" touch ran
	) && [ ! -e ran ]
}
check 'a run within fakeroot says that both do not go together' within_fakeroot
check 'a run within a run says that it does not nest' nested
check 'and the outer one goes on' prints 'here 0' \
	"$run" sh -c '"$0" true 2>/dev/null; echo here $(id -u)' "$run"

check 'it believes that it is root' prints '0 0 0 0 root' "$run" sh -c \
	'echo $(id -u) $(id -g) $(id -ru) $(id -rg) $(id -un)'
check 'a static shell too' prints '0' "$run" busybox id -u
check 'with --no-fake-id it knows better' \
	prints "$(id -u) $(id -g) $(id -un)" "$run" --no-fake-id \
	sh -c 'echo $(id -u) $(id -g) $(id -un)'

# What it gets and gives.
head -c 300000 /dev/urandom >binary
through() {
	# shellcheck disable=SC2002 # a pipe it shall be
	cat binary | "$run" cat | cmp - binary && "$run" cat <binary >copy &&
		cmp copy binary &&
		"$run" sh -c 'cat >&2' <binary 2>copy && cmp copy binary
}
check 'stdin, stdout and stderr go through, any bytes' through
without() {
	for n in 0 1 2; do
		eval "\"\$run\" sh -c '[ ! -e /proc/\$\$/fd/$n ]' $n>&-" ||
			{ echo "$n is open"; return 1; }
	done
	gives 7 "$run" sh -c 'exit 7' <&- >&-
}
check 'what was closed stays closed' without
no_stderr() {
	gives_got=0
	"$run" nosuch 2>&- || gives_got=$?
	[ "$gives_got" -eq 127 ]
}
check 'without stderr the status is still right' no_stderr
broken_pipe() {
	{ "$run" yes; echo $? >status; } | head -n 1 >/dev/null
	[ "$(cat status)" -eq 141 ] || { cat status; return 1; }
}
check 'a broken pipe ends the command' broken_pipe
check 'the environment has two more variables' prints 'A=x
AMTREE_JOURNAL=/proc/N/fd/N
FAKEROOTKEY=amtree-run' sh -c \
	'env -i A=x "$0" /usr/bin/env | sort | sed "s/[0-9][0-9]*/N/g"' "$run"
check '$AMTREE_JOURNAL can be read' silent "$run" sh -c ': >own
	chown daemon own; grep -q "uname=daemon" "$AMTREE_JOURNAL"'
open_files() {
	same sh -c 'for f in /proc/$$/fd/*; do
		printf "%s " "${f##*/}"; readlink "$f" || echo; done' 9<binary 5>five 4<&0
}
check 'open descriptors are inherited, and no other is there' open_files
nowhere() {
	mkdir gone
	(cd gone && rmdir ../gone && gives 0 "$run" /bin/true)
}
check 'the working directory is kept' same pwd -P
check 'the working directory may be gone' nowhere
# shellcheck disable=SC3045 # as above
limits() {
	ulimit -n 333
	ulimit -f 7777
	ulimit -s 4096
	same cat /proc/self/limits
}
check 'limits are kept' limits
mask() {
	umask 027
	same sh -c 'umask; touch m; mkdir n; ls -ld m n | cut -c 1-10; rm -r m n'
}
check 'the umask is kept' mask
job() {
	same sh -c 'cut -d " " -f 5-8,19 /proc/$$/stat; cat /proc/$$/cgroup'
}
check 'process group, session, terminal and nice value are those of the caller' \
	job
# shellcheck disable=SC3047 # dash and ash have CHLD
dispositions() {
	trap '' HUP USR1 CHLD TSTP TERM
	same grep -E '^(Sig(Blk|Ign|Cgt|Pnd)|ShdPnd|Cpus_allowed)' \
		/proc/self/status
}
check 'ignored signals stay ignored' dispositions
blocked() {
	same python3 -c 'import os, signal
signal.pthread_sigmask(signal.SIG_SETMASK, range(1, 65))
os.execvp("grep", ["grep", "-E", "^Sig(Blk|Ign|Cgt|Pnd)", "/proc/self/status"])'
}
check 'blocked signals stay blocked' blocked
# inherits COMMAND... - what COMMAND executes is the same behind amtree-run, but
# for what the filter needs
inherits() {
	"$@" python3 "$tests/inherited.py" >"$here/out" 9<binary
	grep -q '^descriptor 9 ' "$here/out" || return 1
	mv "$here/out" "$here/alone"
	"$@" "$run" --no-fake-id python3 "$tests/inherited.py" >"$here/out" \
		9<binary
	diff "$here/alone" "$here/out" | sed -n 's/^[<>] //p' |
		cut -d ' ' -f 1 | sort -u >"$here/other"
	diff "$here/wanted" "$here/other"
}
printf '%s\n' NO_NEW_PRIVS NoNewPrivs Seccomp Seccomp_filters >"$here/wanted"
! grep -q '^NoNewPrivs:.1' /proc/self/status || sed -i '/NewPrivs/d
	/NO_NEW_PRIVS/d' "$here/wanted"
! grep -q '^Seccomp:.2' /proc/self/status || sed -i '/Seccomp$/d' "$here/wanted"
check 'a command has all that its caller had, and the filter alone beside it' \
	inherits env
# shellcheck disable=SC3045 # dash and ash have it
odd() {
	umask 037
	ulimit -n 200
	ulimit -s 1024
	trap '' USR2 WINCH
	inherits nice -n 5 choom -n 77 --
}
check 'whatever that is' odd
if is_root; then
	check 'of capabilities, too' inherits \
		setpriv --bounding-set -sys_ptrace,-mknod --inh-caps -all,+chown
fi
check 'nohup works' gives 0 "$run" nohup sh -c 'kill -HUP $$' >/dev/null
finish
