#!/bin/sh
# amtree: many at once lose and mix nothing
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2086 # names and numbers of ours, without blanks
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

: >APKBUILD
mkdir -p pkg/foo/d
for i in $(seq 1 20); do
	: >"pkg/foo/f$i"
	mkdir "pkg/foo/d$i"
	(cd "pkg/foo/d$i" && seq 1 50 | xargs touch)
done
mtree=pkg/.control.foo/.mtree

# all COMMAND - run COMMAND N for N from 1 to 20, all at once
all() {
	for i in $(seq 1 20); do
		"$1" "$i" &
		pids="${pids-} $!"
	done
	for pid in $pids; do
		wait "$pid" || return 1
	done
	pids=
}

single() {
	for user in a b c; do
		"$amtree" -u "$user$1" "pkg/foo/f$1" || return 1
	done
}
tree() {
	"$amtree" -R -u "tree$1" "pkg/foo/d$1"
}
add_up() {
	"$amtree" -g "group$1" "pkg/foo/f$1" & # each keyword by another process
	"$amtree" -u "user$1" "pkg/foo/f$1"
	wait "$!"
}

check 'twenty at once succeed, though the control directory is missing' all single
check 'no line is lost' prints 60 grep -c '^./f' $mtree
check 'the first line is there once' prints 1 grep -c '^#mtree v2.0$' $mtree
is_in_order() {
	awk 'NR == 1 { next }
	NR % 2 == 0 && $0 != "#amtree bind=uname" { exit 1 }
	NR % 2 == 1 && !/^\.\/f[0-9]+ gname=root uname=[abc][0-9]+ mode=644 type=file$/ { exit 1 }' \
		$mtree
}
check 'no entry is torn from its comment' is_in_order
each_last() {
	for i in $(seq 1 20); do
		[ "$("$amtree" -l "pkg/foo/f$i")" = "./f$i uname=c$i" ] || return 1
	done
}
check "each path has its own last caller's value" each_last
rm $mtree
check 'twenty trees at once succeed' all tree
check 'no entry is lost' prints 1020 grep -c '^[^#]*d[0-9]' $mtree
blocks() {
	sed -n 's/.* uname=\(tree[0-9]*\) .*/\1/p' $mtree | uniq | wc -l
}
check 'the entries of one call stay together' prints 20 blocks
rm $mtree
check 'twenty pairs of keywords at once succeed' all add_up
added_up() {
	for i in $(seq 1 20); do
		[ "$("$amtree" -l "pkg/foo/f$i")" = \
			"./f$i gname=group$i uname=user$i" ] || return 1
	done
}
check 'they add up' added_up

flood() {
	seq 1 300 | xargs -P 16 -I N "$amtree" --root pkg/foo --control flood \
		-u userN pkg/foo/f1
}
check '300 calls, 16 at a time, succeed (large_amtree.sh has 10,000)' flood
check 'no line is lost' prints 300 sh -c \
	'sed -n "s/.* uname=\(user[0-9]*\) .*/\1/p" flood/.mtree | sort -u | wc -l'

# a leak checker cannot run under strace
ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
	strace -f -o trace -e trace=write,writev,pwrite64,flock,?open,openat "$amtree" \
	-u foo pkg/foo/f1 pkg/foo/f2 pkg/foo/f3
check 'three paths are one write, under one lock' sh -c \
	'[ "$(grep -c "write" trace)" -eq 1 ] &&
	[ "$(grep -c "flock(.*LOCK_EX" trace)" -eq 1 ] &&
	grep -q "\.mtree.*O_APPEND" trace'
# waits PID - until it has opened the file, and so may wait; ten seconds at most
waits() {
	tries=500
	# until it is executed it is a shell, which has the file open as well
	until [ "$(readlink "/proc/$1/exe")" != "$(readlink "/proc/$$/exe")" ] &&
		find "/proc/$1/fd" -lname '*/.mtree' | grep -q .; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.02
	done
}
# a writer waits for who holds the lock, and does not lose its line
exec 9>>$mtree
flock 9
"$amtree" -u waited pkg/foo/f1 9>&- &
check 'a writer waits while another holds the lock' waits $!
check '... and nothing is appended' \
	fails grep -q waited $mtree
flock -u 9
wait $!
check 'afterwards it is' grep -q waited $mtree
cp $mtree replacement
flock -s 9 # it may read, and waits for its turn to write
"$amtree" -u late pkg/foo/f1 9>&- &
check 'a writer waits for a reader' waits $!
mv replacement $mtree
flock -u 9
wait $!
check 'where the file was replaced meanwhile the line goes into the new one' \
	grep -q late $mtree
"$amtree" -u waited pkg/foo/f1
exec 9>&-
exec 9>>$mtree
flock 9
: >readable
"$amtree" -l pkg/foo/f1 >listed 9>&- &
check 'a reader waits for a writer' waits $!
check '... and has read nothing yet' test ! -s listed
flock -u 9
wait $!
check 'and then reads all' prints './f1 gname=group1 uname=waited' cat listed
flock 9
"$amtree" -u never pkg/foo/f1 9>&- 2>err &
pid=$!
check 'who would declare something waits too' waits $pid
kill -TERM $pid
status=0
wait $pid || status=$?
check 'SIGTERM ends the wait' test $status -eq 143
check 'with one line that says so' prints 'amtree: stopped by Terminated' cat err
exec 9>&-
check 'and nothing appended' fails grep -q never $mtree
finish
