# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables of lib.sh, and for the test
# dropin.sh - abuild's packaging stage, played in copies of the samples; sourced
# behind lib.sh
#
#	sample owners mine
#	play mine amtree-run
#	entries mine/pkg/.control.owners/data.tar.gz
#
# abuild/abuild.sh is the player, FAKEROOT what it runs the stage under.  All of
# it is done by an ordinary user, whoever runs the test.

run=$O/amtree-run
[ -x "$run" ] || { echo 'not ok - there is an amtree-run'; exit 1; }
# FAKEROOT is words, so that no blank in the name of $O may be part of it
mkdir "$here/bin"
ln -s "$O"/amtree* "$here/bin"
PATH=$here/bin:$PATH

# as_user COMMAND... - as an ordinary user, whoever runs the test
as_user() {
	if is_root; then
		set -- setpriv --reuid nobody --regid nogroup --clear-groups "$@"
	fi
	"$@"
}

# fakeroot closes every number that a file could have
# shellcheck disable=SC3045 # dash and ash have it
ulimit -n 1024
chmod 711 "$here"
is_root && chown nobody:nogroup "$here/dir"
export SOURCE_DATE_EPOCH=1700000000

# sample NAME DIRECTORY - a copy of the sample
sample() {
	cp -R "$tests/abuild/$1" "$2"
	is_root && chown -R nobody:nogroup "$2"
	return 0
}

# play DIRECTORY FAKEROOT [PART...] - abuild there; in DIRECTORY.out and .err
# what it says
play() {
	play_dir=$1 play_root=$2
	shift 2
	(cd "$play_dir" && as_user env FAKEROOT="$play_root" \
		sh "$tests/abuild/abuild.sh" "$@") \
		>"$play_dir.out" 2>"$play_dir.err" </dev/null
}

# says_nothing DIRECTORY... - the plays had nothing to say to stderr
says_nothing() {
	for play_dir; do
		cat "$play_dir.err"
		[ ! -s "$play_dir.err" ] || return 1
	done
}

# in_dir DIRECTORY COMMAND... - as an ordinary user
in_dir() {
	(cd "$1" && shift && as_user "$@")
}

# entries ARCHIVE [MAPPING] - mode, owner and name of each entry, their numbers
# behind them; MAPPING is for sed(1)
entries() {
	python3 "$tests/tarcmp.py" list "$1" |
		sed 's/^\([^ ]* [^ ]*\) \([^ ]*\) \([^ ]*\) /\1 \2:\3 /
			s/^\([^ ]* [^ ]* [^ ]*\) \([^ ]*\) \([^ ]*\) /\1 \2:\3 /
			s/^\([^ ]* [^ ]* [^ ]* [^ ]*\) [^ ]* [^ ]* /\1 /
			'"${2-}"
}

# packages DIRECTORY - the names of all that abuild has there
packages() {
	for control in "$1"/pkg/.control.*/; do
		control=${control%/}
		echo "${control##*/.control.}"
	done
}

# each DIRECTORY COMMAND... - COMMAND succeeds for each package, whose name is $name
# and whose directories are $root and $control
each() {
	each_dir=$1
	shift
	packages "$each_dir" >names
	while read -r name; do
		root=$each_dir/pkg/$name control=$each_dir/pkg/.control.$name
		"$@" || { echo "that was $name"; return 1; }
	done <names
}

# pack DIRECTORY OUT - pack each package as its directories say, in OUT.NAME, as in
# abuild's pipeline
pack() {
	pack_out=$2
	each "$1" pack_one
}
pack_one() {
	silent "$build" -q --root "$root" --control "$control" --format tar \
		-o "$here/packed" &&
		python3 "$tests/abuild/abuild-tar.py" --hash <"$here/packed" \
			>"$pack_out.$name"
}

# same_packages DIRECTORY OUT - what pack() made is what abuild has there
same_packages() {
	pack_out=$2
	each "$1" same_as_packed
}
same_as_packed() {
	gzip -dc "$control/data.tar.gz" | cmp - "$pack_out.$name"
}

# Package $name as it was made in $s.theirs, under fakeroot, and in $s.
same_data() {
	data=pkg/.control.$name/data.tar.gz
	python3 "$tests/tarcmp.py" same "$s.theirs/$data" "$s/$data" 65534
}
# without the end of an archive, so that data can go on
control_entries() {
	{ gzip -dc "$1/pkg/.control.$name/control.tar.gz"
	head -c 1024 /dev/zero; } >control.tar
	entries control.tar "s/ size=.*//"
}
same_control() {
	control_entries "$s.theirs" >theirs
	control_entries "$s" | diff theirs - && ! grep -v ' root:root 0:0 ' theirs
}
