#!/bin/sh
# run.sh O - run the fuzzers in O, FUZZ_JOBS (2) at a time
#
# That of packages runs for FUZZ_SECONDS (60), the others a third as long.
#
# Each begins with a copy of its committed corpus, tests/fuzz/corpus/NAME, so
# that nothing here is ever written to.  An input that breaks a promise is kept
# in O/findings.
set -u
o=${1:?usage: run.sh O}
here=${0%/*}
seconds=${FUZZ_SECONDS:-60}
jobs=${FUZZ_JOBS:-2}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$o/findings" || exit 1

# fuzz PROGRAM NAME - leaves its status in $tmp/NAME.status
fuzz() {
	set -- "$1" "$2" "$here/dict/$2"
	mkdir "$tmp/$2"
	cp "$here/corpus/$2"/* "$tmp/$2" || return
	[ -f "$3" ] || set -- "$1" "$2" ''
	time=$((seconds / 3))
	[ "$2" != apk ] || time=$seconds
	"$1" -max_total_time="$time" -timeout=10 -rss_limit_mb=1024 \
		-max_len=80000 ${3:+-dict="$3"} -artifact_prefix="$o/findings/$2-" \
		-print_final_stats=1 -verbosity=1 "$tmp/$2" >"$tmp/$2.log" 2>&1
	echo $? >"$tmp/$2.status"
}

passed=0 failed=0 running='' count=0

# settle - wait for those that run, and say how each ended
settle() {
	wait
	for name in $running; do
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' \
			"$tmp/$name.log")
		if [ "$(cat "$tmp/$name.status" 2>/dev/null)" = 0 ]; then
			passed=$((passed + 1))
			echo "ok - fuzz_$name: nothing found in $runs runs"
		else
			failed=$((failed + 1))
			echo "not ok - fuzz_$name: see $o/findings"
			grep -a -v '^#[0-9]*[	 ]*[A-Za-z]' "$tmp/$name.log" |
				tail -n 40 | sed 's/^/# /'
		fi
	done
	running='' count=0
}

for program in "$o"/tests/fuzz/fuzz_*; do
	case $program in
	*.[od] | *\*) continue ;;
	esac
	name=${program##*/fuzz_}
	fuzz "$program" "$name" &
	running="$running $name"
	count=$((count + 1))
	[ "$count" -lt "$jobs" ] || settle
done
settle

rmdir "$o/findings" 2>/dev/null # if empty
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
