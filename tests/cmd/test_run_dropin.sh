#!/bin/sh
# FAKEROOT=amtree-run: abuild's packaging stage as under fakeroot
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of dropin.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"

# the packages
version=$(amtree-run -v)
readable() {
	python3 "$tests/tarcmp.py" verify "$control/data.tar.gz" again
}
right_info() {
	hash=$(sha256sum <"$control/data.tar.gz")
	sed "s/^# using fakeroot.*/# using $version/
		s/^\(datahash = \).*/\1${hash%% *}/" \
		"$s.theirs/pkg/.control.$name/.PKGINFO" |
		diff - "$control/.PKGINFO" &&
		grep -q '^datahash = ' "$control/.PKGINFO"
}
right_apk() {
	cat "$control/control.tar.gz" "$control/data.tar.gz" |
		cmp - "$s/packages/$name"-[0-9]*.apk
}
for s in plain owners split special; do
	sample $s $s.theirs
	sample $s $s
	play $s.theirs fakeroot
	check "$s: abuild ends well" play $s amtree-run
	check "$s: and silently" says_nothing $s
	sed "s,/$s.theirs/,/$s/," $s.theirs.out >theirs
	check "$s: it says and makes the same" diff theirs $s.out
	check "$s: entry by entry" each $s same_data
	check "$s: as apk can read it" each $s readable
	check "$s: control.tar.gz is root's" each $s same_control
	check "$s: .PKGINFO names us, and has the right datahash" \
		each $s right_info
	check "$s: a package is its two archives" each $s right_apk
done
special='dir 0755 root:root 0:0 bin
file 0755 root:root 0:0 bin/ping security.capability
file 4755 root:root 0:0 bin/su
file 0755 root:root 0:0 bin/traceroute
dir 0755 root:root 0:0 dev
fifo 0600 root:root 0:0 dev/initctl
block 0660 daemon:tty 0:0 dev/loop0 7,0
char 0666 root:root 0:0 dev/null 1,3
dir 0755 root:root 0:0 usr
dir 0755 root:root 0:0 usr/bin
file 4511 daemon:root 65534:0 usr/bin/at
hard 4511 daemon:root 65534:0 usr/bin/batch -> usr/bin/at
file 2755 root:tty 0:65534 usr/bin/wall
dir 0755 root:root 0:0 var
dir 1777 root:root 0:0 var/empty'
check 'set-id bits, capabilities and devices outlast strip' prints "$special" \
	entries special/pkg/.control.special/data.tar.gz 's/=.*//'
split='dir 0755 root:root 0:0 usr
dir 0755 root:root 0:0 usr/sbin
file 0755 mail:root 0:0 usr/sbin/splitd
dir 0755 root:root 0:0 var
dir 0755 root:root 0:0 var/lib
dir 0700 mail:mail 0:0 var/lib/split
file 0600 mail:mail 0:0 var/lib/split/key'
check 'owners follow their files to a subpackage' prints "$split" \
	entries split/pkg/.control.split-server/data.tar.gz
check 'and are written down there' grep -q \
	'^var/lib/split/key gname=mail uname=mail .* optional$' \
	split/pkg/.control.split-server/.mtree
check 'not where they came from' fails grep key split/pkg/.control.split/.mtree

# what is written down
only_recorded() {
	[ -e "$control/.mtree" ] || return 0
	awk 'NR > 1 && /^#/ { if (!/^#amtree recorded bind=/) exit 1; n++ }
		!/^#/ { if (!/ optional$/) exit 1; n-- }
		END { exit n != 0 }' "$control/.mtree"
}
happy() {
	silent "$amtree" -l "$root" >listed && [ -s listed ] &&
		prints '' sh -c '"$1" --check "$2" && echo' - "$amtree" "$root"
}
quiet() {
	[ ! -e "$control/.mtree" ]
}
check 'where nothing is recorded, nothing is written' each plain quiet
for s in owners special; do
	check "$s: amtree -l and --check read what is written" each $s happy
done
for s in owners split special; do
	check "$s: all of it is recorded, and optional" each $s only_recorded
	check "$s: without the journal, amtree-build makes" pack $s again
	check "$s: the same archives, to the byte" same_packages $s again
done
finish
