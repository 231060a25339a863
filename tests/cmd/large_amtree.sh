#!/bin/sh
# amtree: 10,000 calls, 16 at a time, lose and mix nothing
#
# Takes a minute or two; run.sh runs it if AMTREE_LARGE is set.
# shellcheck disable=SC2154,SC2317 # variables of lib.sh; functions for check()
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo
: >APKBUILD
(cd pkg/foo && seq 1 10000 | xargs touch)
mtree=pkg/.control.foo/.mtree
each() {
	seq 1 10000 | xargs -P 16 -I N "$amtree" -u userN -g groupN pkg/foo/N
}
check '10,000 calls succeed, though the control directory is missing' each
check 'no line is lost' prints 10000 grep -c '^[^#]' $mtree
all_whole() {
	# each entry behind its comment, with its own path's owner, and once
	awk 'NR == 1 { exit $0 != "#mtree v2.0" }' "$mtree" &&
	awk 'NR > 1 && NR % 2 == 0 && $0 != "#amtree bind=uname,gname" { exit 1 }
	    NR > 1 && NR % 2 == 1 {
		n = substr($1, 3)
		if ($2 != "gname=group" n || $3 != "uname=user" n || seen[n]++)
			exit 1
	    }' "$mtree"
}
check 'no entry is torn from its comment, or mixed with another' all_whole
check 'what comes after reads it' prints 10000 sh -c \
	"'$amtree' -l --root pkg/foo | grep -c uname=user"
finish
