# shellcheck shell=sh
# shellcheck disable=SC2154 # variables of lib.sh
# beside.sh - the same snippet under fakeroot and under amtree-run; sourced
# behind lib.sh
#
#	alike 'chown keeps the set-id bits' <<'END'
#	put ping
#	chmod 4755 ping
#	chown daemon ping
#	show ping
#	END
#	differ 'a static chown is seen' "b'./f': uid 0, not 1" <<'END'
#	...
#	does 'what fakeroot cannot do at all' 'text' <<'END'
#	...
#	given <<'END'
#	mkdir -m 2775 what-the-next-snippet-finds
#	END
#	packages
#
# A snippet is what a recipe or an installer does, run by `sh -e` in an empty
# directory.  When it is done GNU tar packs the directory, still in the same run.
# Both archives must have the same entries (all but times), and both runs must
# have printed the same; where amtree-run is meant to do something else, differ()
# states what exactly.  A snippet that fails, or that prints anything to stderr,
# on either side, fails the test.  In the end packages() compares what abuild
# would have packed under fakeroot with what amtree-build makes of each directory.
#
# fakeroot is always run by an ordinary user, amtree-run by whoever runs the test:
# the same must come out if root does.
#
# A snippet has the functions below, $other, a directory on another file system
# if there is one, and $builder and $builder_group, who runs amtree-run.

run=$O/amtree-run
[ -x "$run" ] || { echo 'not ok - there is an amtree-run'; exit 1; }

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
unset MAKEFLAGS MFLAGS MAKELEVEL # of the make that runs the tests
chmod 711 "$here"
builder=$(id -u) builder_group=$(id -g)
ordinary=$(as_user id -u) ordinary_group=$(as_user id -g) # runs fakeroot
beside=$here beside_count=0
export builder builder_group beside build
mkdir "$here/fakeroot" "$here/amtree" "$here/kept"
: >"$here/given"
is_root && chown "$ordinary:$ordinary_group" "$here/fakeroot"

# A directory that is on another file system than the test's, or an empty word.
other=
if [ "$(stat -c %d /dev/shm 2>/dev/null)" != "$(stat -c %d "$here")" ]; then
	other=$(mktemp -d /dev/shm/beside.XXXXXX 2>/dev/null) || other=
fi
if [ -n "$other" ]; then
	# shellcheck disable=SC2034 # lib.sh removes it
	elsewhere=$other
	chmod 1777 "$other"
fi
export other

cat >"$here/head" <<'END'
# put FILE... - a small file
put() {
	for put; do
		mkdir -p -- "$(dirname -- "$put")"
		echo some text >"$put"
	done
}
# program FILE... - a program that strip, setcap and a shell can do with
program() {
	for put; do
		mkdir -p -- "$(dirname -- "$put")"
		cat /bin/true >"$put"
		chmod 755 "$put"
	done
}
# show FILE... - what stat says of it
show() {
	stat -c '%n %A %U:%G %u:%g %F %t,%T' -- "$@"
}
# status COMMAND... - how it ends, and what it says
status() {
	"$@" 2>&1 && echo "status 0 of $1" || echo "status $? of $1"
}
END

# As abuild packs: all users have the number 0 and keep their names.
awk -F: '{ print $1, $1 ":0" }' /etc/passwd >"$here/users"
awk -F: '{ print $1, $1 ":0" }' /etc/group >"$here/groups"

# What runs on either side: side DIRECTORY
cat >"$here/side" <<'END'
set -e
pack() {
	LC_ALL=C sort -z | tar --format=posix --no-recursion --null -T - \
		--pax-option=exthdr.name=%d/x,delete=atime,delete=ctime \
		--mtime=@1 --xattrs --xattrs-include='*' \
		--xattrs-exclude=security.selinux "$@"
}
cd "$1/work"
sh -e "$beside/snippet" >../out 2>../err </dev/null
find . -print0 | pack --numeric-owner -cf ../tar
if [ "${1##*/}" = fakeroot ]; then
	find . -mindepth 1 ! -path './.*' -printf '%P\0' |
		pack --owner-map="$beside/users" \
			--group-map="$beside/groups" -cf ../package
else
	SOURCE_DATE_EPOCH=1 "$build" -q --root . --control ../control \
		--format tar --checksum none -o ../package
fi
END

# What runs there before: begin DIRECTORY
cat >"$here/begin" <<'END'
set -e
cd "$1"
mkdir work control
cd work
. "$beside/head"
. "$beside/given"
END

# beside_one SIDE - run the snippet there
beside_one() {
	beside_side=$here/$1
	find "$beside_side" -type d ! -perm -700 -exec chmod u+rwx {} \;
	rm -rf "${beside_side:?}"/*
	beside_status=0
	if [ "$1" = fakeroot ]; then
		as_user sh "$here/begin" "$beside_side" &&
			as_user timeout 300 fakeroot sh "$here/side" "$beside_side"
	else
		sh "$here/begin" "$beside_side" &&
			timeout 300 "$run" --root "$beside_side/work" \
				--control "$beside_side/control" \
				sh "$here/side" "$beside_side"
	fi >"$here/said" 2>&1 || beside_status=$?
	cat "$here/said"
	[ ! -f "$beside_side/err" ] || cat "$beside_side/err"
	if [ "$beside_status" -ne 0 ] || [ -s "$here/said" ] ||
	    [ -s "$beside_side/err" ]; then
		echo "status $beside_status, or words, of $1"
		return 1
	fi
}

# beside_compare FILE - how the two differ
beside_compare() {
	: >"$1"
	cmp -s "$here/fakeroot/tar" "$here/amtree/tar" ||
		python3 "$tests/tarcmp.py" same "$here/fakeroot/tar" \
			"$here/amtree/tar" >"$1" ||
		[ -s "$1" ] || echo 'tarcmp.py failed' >"$1"
	diff -U 0 "$here/fakeroot/out" "$here/amtree/out" |
		sed '1,2d; /^@@/d' >>"$1"
}

beside_run() {
	beside_one fakeroot && beside_one amtree &&
		beside_compare "$here/differences" &&
		printf %s "$1" | diff -U 99 - "$here/differences"
}

# beside_keep NAME - keep the packages of both for packages(): ours once more,
# now from what was written down when the run had ended
beside_keep() {
	beside_count=$((beside_count + 1))
	beside_kept=$here/kept/$beside_count
	echo "$1" >"$beside_kept.name"
	mv "$here/fakeroot/package" "$beside_kept.fakeroot"
	mv "$here/amtree/package" "$beside_kept.journal"
	SOURCE_DATE_EPOCH=1 "$build" -q --root "$here/amtree/work" \
		--control "$here/amtree/control" --format tar --checksum none \
		-o "$beside_kept.written"
}

# given - what stdin does is done before the next snippet, by the same user, but
# not in its run
given() {
	cat >"$here/given"
}

# beside_check NAME COMMAND... - with the snippet on stdin; 1 if it failed
beside_check() {
	cat "$here/head" - >"$here/snippet"
	beside_before=$failed
	check "$@"
	: >"$here/given"
	[ "$failed" -eq "$beside_before" ]
}

# alike NAME - the snippet on stdin does the same on both sides
alike() {
	! beside_check "$1" beside_run '' || beside_keep "$1"
}

# differ NAME LINES - the snippet on stdin differs by these lines: those of
# tarcmp.py, then what either side printed alone, behind - fakeroot's and behind
# + amtree-run's
differ() {
	beside_check "$1" beside_run "$2
" || :
}

beside_does() {
	beside_one amtree &&
		printf '%s\n' "$1" | diff -U 99 - "$here/amtree/out"
}

# does NAME TEXT - the snippet on stdin prints TEXT under amtree-run, and GNU tar
# can pack what it made
does() {
	beside_check "$1" beside_does "$2" || :
}

beside_packages() {
	cd "$here/kept" || return
	python3 - "$tests" "$beside_count" "$1" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import tarcmp
status = 0
for i in range(1, int(sys.argv[2]) + 1):
    theirs, ours = (tarcmp.Reader(tarcmp.load(f"{i}.{name}")).entries
                    for name in ("fakeroot", sys.argv[3]))
    # apk gives a hard link its owner once more, which would take them away
    first = {e.name: e for e in theirs}
    for e in theirs:
        if e.kind == "hard":
            e.xattrs = [x for x in first[e.link].xattrs
                        if x[0] == b"security.capability"]
    lines = list(tarcmp.same(theirs, ours, True))
    if lines:
        status = 1
        print(open(f"{i}.name").read(), *lines[:9], sep="\n")
sys.exit(status)
END
}

# The last line but one of a test.
packages() {
	check "from the journal amtree-build makes fakeroot's packages" \
		beside_packages journal
	check "from what was written down amtree-build makes fakeroot's packages" \
		beside_packages written
}

# with PROGRAM - is it there?  What is not run is not counted.
with() {
	command -v "$1" >/dev/null || { echo "not run: no $1 here"; return 1; }
}
