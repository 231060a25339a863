# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# What the benchmarks share; $work is a directory of theirs.
work=${work-}

# now - nanoseconds
now() {
	date +%s%N
}

# clock NAME COMMAND... - run it; its nanoseconds go to $work/NAME.ns if least
clock() {
	clock_name=$1 && shift
	clock_start=$(now)
	"$@"
	clock_ns=$(($(now) - clock_start))
	if [ ! -f "$work/$clock_name.ns" ] ||
	    [ "$clock_ns" -lt "$(cat "$work/$clock_name.ns")" ]; then
		echo "$clock_ns" >"$work/$clock_name.ns"
	fi
}

# ratio A B - A/B to three places
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'
}

# over NAME NAME - the ratio of two clocks
over() {
	ratio "$(cat "$work/$1.ns")" "$(cat "$work/$2.ns")"
}

# seconds NAME
seconds() {
	awk -v ns="$(cat "$work/$1.ns")" 'BEGIN { printf "%.2f", ns / 1e9 }'
}

# repeat N COMMAND...
repeat() {
	n=$1 && shift
	while [ "$n" -gt 0 ]; do
		"$@" >/dev/null
		n=$((n - 1))
	done
}
