# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# What the benchmarks share; $work is a directory of theirs.
work=${work-}

# begin TOOLS [ARGUMENT...] - read the options of a benchmark that needs TOOLS, and
# build what it measures.  Sets runs, count and lent (if there are such) and O,
# absolute.
# shellcheck disable=SC2034 # those are for who calls
begin() {
	tools=$1 && shift
	while getopts "n:${count:+c:}${lent:+u:}" opt; do
		case $opt in
		n) runs=$OPTARG ;;
		c) count=$OPTARG ;;
		u) lent=$OPTARG ;;
		*)
			echo "usage: $0 [-n RUNS] ${count:+[-c COUNT] }${lent:+[-u USER] }[O]" >&2
			exit 2
			;;
		esac
	done
	shift $((OPTIND - 1))
	O=${1:-build/default}
	for tool in $tools; do
		command -v "$tool" >/dev/null || {
			echo "${0##*/}: needs $tool" >&2
			exit 3
		}
	done
	make -s programs O="$O"
	O=$(cd "$O" && pwd)
}

# now - nanoseconds
now() {
	date +%s%N
}

# clock NAME COMMAND... - run it; its nanoseconds are a line more in $work/NAME.ns
clock() {
	clock_name=$1 && shift
	clock_start=$(now)
	"$@"
	echo $(($(now) - clock_start)) >>"$work/$clock_name.ns"
}

# median FORMAT - of numbers, a line each
median() {
	sort -g | awk -v format="$1" '{ x[NR] = $1 }
		END { printf format, (x[int((NR + 1) / 2)] + x[int(NR / 2) + 1]) / 2 }'
}

# ratio A B - A/B to three places
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'
}

# over NAME NAME - the ratio of two clocks: the median of what each turn has
over() {
	paste "$work/$1.ns" "$work/$2.ns" | awk '{ print $1 / $2 }' | median %.3f
}

# seconds NAME - the median
seconds() {
	awk '{ print $1 / 1e9 }' "$work/$1.ns" | median %.2f
}

# repeat N COMMAND...
repeat() {
	n=$1 && shift
	while [ "$n" -gt 0 ]; do
		"$@" >/dev/null
		n=$((n - 1))
	done
}

# lay_out USER - make $work, on a tmpfs and of an ordinary user (root lends it to
# USER), with a tree of 10,000 files and what a packaging phase does
lay_out() {
	lay_out_shm=/dev/shm
	[ -w $lay_out_shm ] || lay_out_shm=${TMPDIR:-/tmp}
	work=$(mktemp -d "$lay_out_shm/bench.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' INT TERM
	chmod 755 "$work"
	user=
	if [ "$(id -u)" = 0 ]; then
		lay_out_ids="$(id -u "$1"):$(id -g "$1")"
		user="setpriv --reuid ${lay_out_ids%:*} --regid ${lay_out_ids#*:}
			--clear-groups"
		chown "$lay_out_ids" "$work"
	fi
	# phase USER GROUP - 400 files are installed, and all is given away
	cat >"$work/phase" <<-'PHASE'
		set -e
		rm -rf copy
		cp -a tree copy
		i=0
		while [ $i -lt 400 ]; do
			install -o "$1" -g "$2" -m 755 tree/d00/x00 copy/installed$i
			i=$((i + 1))
		done
		chown -R "$1:$2" copy
		find copy -user "$1" >/dev/null
		find copy -perm -4000 >/dev/null
	PHASE
	# shellcheck disable=SC2016 # the inner shell expands
	as_user sh -c 'mkdir tree && cd tree && i=0 && while [ $i -lt 100 ]; do
		d=d$(printf %02d $i) && mkdir $d && head -c 409600 /dev/urandom |
		(cd $d && split -d -b 4096) || exit; i=$((i + 1)); done'
	# shellcheck disable=SC2034 # for who sources this
	self=$(as_user id -un) group=$(as_user id -gn)
}

# as_user COMMAND... - in $work
as_user() {
	# shellcheck disable=SC2086 # words
	(cd "$work" && $user "$@")
}
