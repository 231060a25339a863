#!/bin/sh
# amtree-run: what is recorded, for others in the same run, and when it is over
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of dropin.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"

# Snippets have these: of says how a path comes out of amtree-merge, packed of
# amtree-build.
cat >"$here/head" <<'END'
of() {
	amtree-merge --root root --control control >merged || return 1
	sed -n "s,^$1 gname=\(.*\) gid=.* uname=\(.*\) uid=.*,\2:\1,p" merged |
		grep . || echo absent
}
packed() {
	amtree-build -q --root root --control control --format tar \
		--checksum none -o - | tar -tvf - | awk -v name="$1" '$NF == name { print $1, $2 }' |
		grep . || echo absent
}
END
# does NAME TEXT - the snippet on stdin prints TEXT, in a directory with an empty
# root/, under amtree-run
does() {
	cat "$here/head" - >"$here/snippet"
	rm -rf root control
	mkdir root control
	check "$1" prints "$2" amtree-run --root root \
		--control control sh -e "$here/snippet"
}

does 'amtree-merge knows what has just been recorded' 'root:root
mail:root
mail:lp
root:lp' <<'END'
: >root/x
of ./x
chown mail root/x
of ./x
chgrp lp root/x
of ./x
chown root root/x
of ./x
END
does 'amtree-build, too' '-rw-r--r-- root/root
-rwsr-xr-x mail/lp' <<'END'
: >root/x
packed x
chown mail:lp root/x
chmod 4755 root/x
packed x
END
does 'records follow their files' 'mail:root
absent
mail:root
lp:root
mail:root' <<'END'
mkdir -p root/a root/b elsewhere/d
: >root/a/x
chown mail root/a/x
mv root/a/x root/b/y
of b/y
of a/x
mv root/b root/c
of c/y
: >elsewhere/d/z
chown lp elsewhere/d/z
mv elsewhere/d root/d
of d/z
ln root/c/y root/hard
rm root/c/y
of ./hard
END
does 'and end with them' 'root:root
root:root' <<'END'
: >root/x
chown mail root/x
rm root/x
: >root/x
of ./x
: >root/y
chown mail root/y
: >root/z
mv root/z root/y
of ./y
END
does 'from one package to the other' 'mail:root' <<'END'
mkdir other
: >other/x
chown mail other/x
mv other root/there
of there/x
END
does '--journal names it as well, and nothing else does' 'mail
root' <<'END'
: >root/x
chown mail root/x
set -- env -u AMTREE_JOURNAL amtree-merge --root root --control control
"$@" --journal "$AMTREE_JOURNAL" | sed -n 's/.* uname=\([^ ]*\).*/\1/p'
"$@" | sed -n 's/.* uname=\([^ ]*\).*/\1/p'
END
does 'its first line says what it is' '#amtree journal 1' <<'END'
head -n 1 "$AMTREE_JOURNAL"
END
does 'what amtree says goes before it' 'daemon:lp' <<'END'
: >root/x
amtree --root root --control control -u daemon root/x
chown mail:lp root/x
of ./x
END

# when it is over
amtree-run --root root --control control sh -c 'echo "$AMTREE_JOURNAL"' >journal
journal=$(cat journal)
for program in "$merge" "$build"; do
	check "${program##*/} outside of the run says that it is gone" fails_with 3 \
		"^${program##*/}: cannot open journal '$journal': No such file" \
		env AMTREE_JOURNAL="$journal" "$program" --root root \
		--control control -o out
done
check 'and writes nothing' [ ! -e out ]
# recorded DIRECTORY - what is written down there
recorded() {
	sed -n 's/^\([^#][^ ]*\) .* uname=\([^ ]*\).* optional$/\1 \2/p' \
		"$1/.mtree"
}
fresh() {
	rm -rf pkg a b control ctl
	mkdir -p a b
}
fresh
roots() {
	amtree-run --root a --root b --control ctl sh -c '
		: >a/1; : >b/1; : >2; chown mail a/1; chown lp b/1; chown 3 2
		: >a/3; chown bin a/3; mv a/3 b/3' || return 1
	prints './1 mail' recorded .control.a && prints './1 lp
./3 bin' recorded ctl && [ ! -e .control.b ]
}
check 'each root has its own' roots
fresh
failed() {
	status=0
	amtree-run --root a sh -c ': >a/x; chown mail a/x; exit 3' || status=$?
	[ "$status" -eq 3 ] && prints './x mail' recorded .control.a
}
rm -r .control.a
check 'the records of a command that fails are written down' failed
killed() {
	rm -r .control.a
	status=0
	amtree-run --root a sh -c 'chown lp a/x; kill -9 $$' || status=$?
	[ "$status" -eq 137 ] && prints './x lp' recorded .control.a
}
check 'those of one that is killed as well' killed
later() {
	fresh
	mkdir c
	ln -s c link
	amtree-run --root new/pkg --root link/d --root ./b/../b/e/ sh -c '
		cd / && mkdir -p "$1/new/pkg" "$1/c/d" "$1/b/e" && cd "$1/new/pkg" &&
		: >x && chown mail x && cp -a x "$1/c/d/y" && cp -a x "$1/b/e/z"
	' - "$PWD" && prints './x mail' recorded new/.control.pkg &&
		prints './y mail' recorded c/.control.d &&
		prints './z mail' recorded b/.control.e
}
check 'a root need not be there yet' later
never() {
	silent amtree-run --root never sh -c ': >x; chown mail x' &&
		[ ! -e .control.never ]
}
check 'nor ever' never
emptied() {
	fails_with 125 '^amtree-run: .*: no journal of amtree-run' \
		amtree-run --root a --control gone \
		sh -c ': >"$AMTREE_JOURNAL"; : >a/y; chown mail a/y' &&
		prints './y mail' recorded gone
}
check 'a journal that the command spoils is an error' emptied
again() {
	fails_with 125 '^amtree-run: .*: no journal of amtree-run' \
		amtree-run --root a --control gone \
		sh -c ': >a/z; chown lp a/z; echo no >"$AMTREE_JOURNAL"' &&
		prints './y mail
./z lp' recorded gone
}
check 'and loses no record, of an earlier run either' again
beside() {
	rm -rf fa .control.b
	silent amtree-run --root b sh -c ': >b/old; chown lp b/old' || return 1
	fails_with 125 '^amtree-run: .*fa' amtree-run --root a --control fa \
		--root b sh -c ': >fa; : >b/new; chown mail a/y b/new' &&
		prints './new mail
./old lp' recorded .control.b
}
check 'nor does a package beside one that cannot be written' beside
rm -rf fa .control.b b/old b/new

# other roots, and other mounts
mkdir jail
busybox=$(command -v busybox || :)
[ ! -f "$busybox" ] || cp "$busybox" jail
cat >"$here/jailed" <<'END'
PATH=/
for it in touch chown stat mv ln; do
	/busybox ln -s busybox /$it
done
touch /f /g
ln -s /g /l
ln -s ../../../../g /m
chown 1:2 /l
chown 3:4 ../../g
stat -c '%n %u:%g' /f /g /l
stat -L -c '%u' /m
mv /g /h
END
# jail COMMAND... - it gives us the jail for our root
jail() {
	find jail jailed -mindepth 1 ! -name busybox -delete
	cp "$here/jailed" jail/script
	prints '/f 0:0
/g 3:4
/l 0:0
3' amtree-run ${option:+"$option"} --root jail --control jailed "$@" jail /busybox sh -e /script &&
		prints './h sys' recorded jailed
}
# can COMMAND... - if not, what needs it is not run
can() {
	"$@" 2>said && return
	echo "not run: $* fails here: $(cat said)"
	return 1
}
mkdir jailed
option=
means='means to a program what it means to the kernel'
if is_root && can chroot jail /busybox true; then
	check "a path in a chroot $means" jail chroot
fi
option=--no-fake-id
if can unshare -Ur chroot jail /busybox true; then
	check "a path in a user namespace's chroot $means" jail unshare -Ur chroot
	inside() {
		find jail jailed -mindepth 1 ! -name busybox -delete
		unshare -Ur "$run" --root jail --control jailed chroot jail \
			/busybox sh -c 'PATH=/; /busybox touch /x
			/busybox chown 3 /x; /busybox stat -c %u /x' >said &&
			prints 3 cat said && prints './x sys' recorded jailed
	}
	check 'amtree-run may be in a user namespace itself' inside
fi
if can unshare -Urm mount --bind a b; then
	fresh
	mounts() {
		prints '1:2
3
4' amtree-run --no-fake-id --root a --root b unshare -Urm sh -c '
			: >a/x; mount --bind a b; chown 1:2 b/x
			stat -c %u:%g a/x
			mkdir b/t; mount -t tmpfs none b/t; : >b/t/x
			chown 3 b/t/x; stat -c %u b/t/x
			cd b/t; umount -l .; chown 4 x; stat -c %u x' &&
			prints './x daemon' recorded .control.a &&
			[ ! -e .control.b ]
	}
	check "a path in a mount namespace $means" mounts
fi
finish
