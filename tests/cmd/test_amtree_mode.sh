#!/bin/sh
# amtree -m: what chmod(1) would make of it
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo/d
: >APKBUILD
: >pkg/foo/f
mtree=pkg/.control.foo/.mtree

# like_chmod MODE FIRST NAME [TEXT] - amtree -m gives what chmod gives a copy
like_chmod() {
	rm -rf "$mtree" copy
	chmod 755 "pkg/foo/$3" && cp -Rp "pkg/foo/$3" copy &&
		chmod "$2" copy "pkg/foo/$3" || return 1
	chmod -- "${4-$1}" copy || return 1
	"$amtree" -m "$1" "pkg/foo/$3" || return 1
	sed -n 's/.* mode=\([0-7]*\) .*/\1/p' "$mtree" >got
	stat -c %a copy | diff - got
}

for mode in 0 7 644 0755 4755 2711 1777 7777 00750 \
	u+s g+s o+t +t u+x +x a=r u=rwx,go=rx go-rwx u=g o=u g=o ug+w,o-r \
	+X a+X u-x,a+X =rw +r -w = a= u=s,g=x +s -s u+rwxst go=u-w a-x+X \
	+4000 =755 -022 u=rw,+x,g-r ugo=rwx uo+s g=u,u=; do
	for first in 644 4755 0; do
		check "-m $mode is chmod's on a file of mode $first" \
			like_chmod "$mode" "$first" f
	done
done
# plain octal is exact: where GNU keeps set-group-ID it wants 00755
for mode in 0 755 2755 00700 u=rwx g=s,o= +X go-w a=rx =755 +2000 u+t; do
	for first in 755 6777 00700; do
		text=$mode
		case $mode in [0-7]*) text=0000$mode ;; esac
		check "-m $mode is chmod's on a directory of mode $first" \
			like_chmod "$mode" "$first" d "$text"
	done
done
for mask in 000 022 027 077 777; do
	for mode in +x =rw -w +rwx =rwx,u+x a+x; do
		mode_under_mask() {
			rm -rf copy
			: >"$mtree"
			chmod 644 pkg/foo/f && cp pkg/foo/f copy || return 1
			umask "$mask"
			# status 1: GNU says that the umask had its way
			chmod -- "$mode" copy 2>/dev/null || :
			"$amtree" -m "$mode" pkg/foo/f || return 1
			umask 022
			sed -n 's/.* mode=\([0-7]*\) .*/\1/p' "$mtree" >got
			stat -c %a copy | diff - got
		}
		check "-m $mode heeds umask $mask as chmod does" mode_under_mask
	done
done

check '-m does not touch the file itself' sh -c 'chmod 640 pkg/foo/f &&
	"$1" -m 4755 pkg/foo/f && [ "$(stat -c %a pkg/foo/f)" = 640 ]' - "$amtree"
check 'a later symbolic mode is relative to the one in force' sh -c '
	rm -f "$2" && "$1" -m 4711 pkg/foo/f && "$1" --mode=g+r pkg/foo/f &&
	[ "$("$1" -l pkg/foo)" = "./f mode=4751" ]' - "$amtree" "$mtree"
check 'mode and owner go together in one entry' sh -c '
	rm -f "$2" && "$1" -m u+s -u foo pkg/foo/f &&
	[ "$("$1" -l pkg/foo)" = "./f uname=foo mode=4640" ]' - "$amtree" "$mtree"
check '--mode=MODE and -mMODE are -m MODE' sh -c '
	rm -f "$2" && "$1" --mode=1 pkg/foo/f && "$1" -m+2 pkg/foo/d &&
	[ "$("$1" -l pkg/foo/f)" = "./f mode=1" ]' - "$amtree" "$mtree"
for mode in 8 77777 abc u+q u 'u+r,,' ',' 'u +r' '' 0x1ff +888 u+rwz; do
	check "'$mode' is no mode" fails_with 2 "mode" \
		"$amtree" -m "$mode" pkg/foo/f
done
finish
