#!/bin/sh
# amtree-run --suggest: the lines of amtree that do without it
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of dropin.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"

# lines_of NAME - those of a package, from what its abuild has printed; a comment
# says which subpackage those behind it are for
lines_of() {
	awk -v name="$1" -v now="$s" '
		/\.apk$/ { next }
		/^# / { now = $2; next }
		now == name' "$s.out"
}
# The package's tree as the recipe alone would leave it, the lines, and no record.
paste_one() {
	sed -n 's/^\([^#][^ ]*\) .* type=\(char\|block\) .*/\1/p' \
		"$control/.mtree" 2>/dev/null >devices || :
	while read -r device; do
		rm "$root/$device"
	done <devices
	mv "$control/.mtree" "$here/recorded" 2>/dev/null || : >"$here/recorded"
	lines_of "$name" >lines
	env PATH="$O:$PATH" pkgdir="$PWD/$root" subpkgdir="$PWD/$root" \
		sh -eu lines || return 1
	! grep recorded "$control/.mtree" 2>/dev/null
}
for s in plain owners split special; do
	sample $s $s
	play $s 'amtree-run --suggest'
	check "$s: what is suggested can be pasted" each $s paste_one
	check "$s: and packed" pack $s again
	check "$s: to the same archives" same_packages $s again
done
check 'where there is nothing to declare, nothing is said' sh -c '
	[ "$(wc -l <plain.out)" -eq 1 ]'
check 'what it says is known' prints 'amtree -g mail "$pkgdir"/usr/bin/split-notify
# split-data
amtree -R -g news "$subpkgdir"/var/spool/split
# split-server
amtree -u mail "$subpkgdir"/usr/sbin/splitd
amtree -R -u mail -g mail "$subpkgdir"/var/lib/split' grep -v '\.apk$' split.out
check 'set-id bits that strip took off are in it' \
	grep -qx 'amtree -m 4755 "$pkgdir"/bin/su' special.out

# one package
echo pkgname=p >APKBUILD
# says LINES COMMAND... - what is suggested for pkg/p, and the command's own output
# before it
says() {
	says_lines=$1
	shift
	rm -rf pkg root
	mkdir -p pkg/p
	ln -s pkg/p root
	prints "$says_lines" amtree-run --suggest "$@"
}
check 'a tree of one owner is one line' says 'amtree -R -u mail "$pkgdir"/a' sh -c '
	mkdir -p root/a/b && : >root/a/b/c && : >root/d && chown -R mail root/a'
check 'what is otherwise in it comes behind' says 'amtree -R -u mail "$pkgdir"/a
amtree -u lp "$pkgdir"/a/2' sh -c '
	mkdir root/a && cd root/a && : >1 && : >2 && : >3 && chown -R mail . &&
	chown lp 2'
check 'files with the same needs share a line' says \
	'amtree -u mail "$pkgdir"/1 "$pkgdir"/3' sh -c '
	cd root && : >1 && : >2 && : >3 && chown mail 1 3'
check 'what was taken back is not in it' says '' sh -c '
	: >root/a && chown mail root/a && chown root root/a; echo'
check 'nor is what lies elsewhere' says '' sh -c ': >x && chown mail x; echo'
check 'nor is what is gone' says '' sh -c '
	: >root/x && chown mail root/x && rm root/x; echo'
check 'nor a mode that the disk has' says '' sh -c '
	: >root/x && chmod 4711 root/x && mkdir -m 2770 root/d; echo'
# from root's files the kernel does not take it
is_root || check 'a set-id bit that rewriting took off is' says \
	'amtree -m 4755 "$pkgdir"/x' sh -c '
	cp /bin/true root/x && chmod 4755 root/x && cat /bin/true >root/x &&
	[ -u root/x ]'
check 'capabilities are' says 'amtree -c cap_kill=p "$pkgdir"/x' sh -c '
	: >root/x && setcap cap_kill=p root/x'
check 'a name that needs no account here is' says 'amtree -u svc "$pkgdir"/x' \
	--user svc sh -c ': >root/x && chown svc root/x'
check 'a number without a name is' says 'amtree -u 54321 "$pkgdir"/x' \
	sh -c ': >root/x && chown 54321 root/x'
check 'it comes behind what the command says' says 'said
amtree -u mail "$pkgdir"/x' sh -c ': >root/x && chown mail root/x; echo said'
explicit() {
	says 'amtree -g lp "$pkgdir"/x' sh -c '
		: >root/x && : >root/y && chown mail:lp root/x && chown mail root/y &&
		amtree -u daemon pkg/p/x && amtree -u mail pkg/p/y'
}
check 'what is declared already is not in it' explicit
status() {
	status=0
	says 'amtree -u mail "$pkgdir"/x' sh -c '
		: >root/x && chown mail root/x && exit 7' || status=$?
	cat "$here/stdout" "$here/stderr"
	[ "$status" -ne 0 ] && [ "$(cat "$here/stdout")" = \
		'amtree -u mail "$pkgdir"/x' ] && [ ! -s "$here/stderr" ]
}
check 'a command that fails gets its suggestions, too' status
twice() {
	says 'amtree -u mail "$pkgdir"/x' sh -c ': >root/x && chown mail root/x' &&
		prints 'amtree -u mail "$pkgdir"/x' amtree-run --suggest true
}
check 'what an earlier run has written down is' twice

# odd names
odd() {
	rm -rf odd
	mkdir -p "odd/a b/pkg/it's \$HOME" "odd/a b/pkg/.control.it's \$HOME"
	root="odd/a b/pkg/it's \$HOME"
	amtree-run --suggest --root "$root" python3 -c '
import os, sys
os.chdir(sys.argv[1])
for name in (b"a b", b"\x27", b"\"", b"$x", b"`x`", b"caf\xe9", b"\xc3\xa9",
	     b"\x1b[31m", b"-x", b"a\\b", b"#x", b"~", b"two\nlines", b"*", b"!"):
	open(name, "w").close()
	os.chown(name, 8, -1)
' "$root" >lines || return 1
	"$merge" --root "$root" -o theirs
	rm "odd/a b/pkg/.control.it's \$HOME/.mtree"
	PATH=$O:$PATH sh -eu lines && "$merge" --root "$root" -o ours &&
		diff theirs ours && [ "$(grep -c uname=mail ours)" -eq 15 ]
}
check 'odd names, of the root too, can be pasted' odd
check 'and shown' fails grep "$(printf '[\001-\010\013-\037\177]')" lines
newline() {
	says "# amtree cannot declare 'x\\012': ends in a newline, which a shell \
would drop" python3 -c 'import os; open("root/x\n", "w"); os.chown("root/x\n", 8, -1)'
}
check 'what cannot be pasted is a comment' newline
finish
