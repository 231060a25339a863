# shellcheck shell=sh disable=SC2154 # lib.sh has $merge
# packages.sh - made-up packages of one build, merged; sourced after lib.sh
#
#	packages main doc
#	: >pkg/main/usr/x
#	say main 'usr/x uname=foo'
#	check 'an override counts' prints "$foo" of main usr/x

: >APKBUILD
journal= # for a test of journals: its name
# packages NAME... - fresh empty ones, and an empty journal if there is one
packages() {
	rm -rf pkg
	for name; do
		mkdir -p "pkg/$name/usr" "pkg/.control.$name"
	done
	[ -z "$journal" ] || echo '#amtree journal 1' >"$journal"
}
# say PACKAGE LINE... - these lines are its overrides
say() {
	package=$1
	shift
	printf '%s\n' "$@" >"pkg/.control.$package/.mtree"
}
# identity PATH [NANOSECONDS] - how a journal names it, born that much later
identity() {
	born=$(stat -c %w "$1")
	case $born in
	-) born=0.000000000 ;;
	*) born=$(date -d "$born" +%s.%N) ;;
	esac
	born=${born%.*}.$(printf %09d $(((1${born#*.} + ${2-0}) % 1000000000)))
	printf '%s:%s' "$(stat -c %d:%i "$1")" "$born"
}
# record PATH KEYWORD... - append it to the journal
record() {
	path=$1
	shift
	printf '%s %s\n' "$(identity "$path")" "$*" >>"$journal"
}
# of PACKAGE PATH [ARG...] - how PATH comes out in the package, "absent" if not
of() {
	package=$1 path=$2
	shift 2
	silent "$merge" --root "pkg/$package" ${journal:+--journal "$journal"} \
		"$@" >merged || return 1
	sed -n "s,^$path ,,; t cut; d; :cut; s/ time=.*//; s/ size=.*//; p" \
		merged >line
	[ -s line ] && cat line || echo absent
}
# refuses REGEX [ARG...] - main cannot be merged, and nothing is written
refuses() {
	regex=$1
	shift
	fails_with 3 "^amtree-merge: $regex" "$merge" --root pkg/main \
		--control pkg/.control.main "$@" &&
		fails_with 3 "^amtree-merge: $regex" "$merge" --root pkg/main \
		--control pkg/.control.main -o out "$@" && [ ! -e out ]
}
# shellcheck disable=SC2034 # for the test
plain='gname=root gid=0 uname=root uid=0 mode=644 type=file'
# shellcheck disable=SC2034
foo='gname=root gid=0 uname=foo uid=0 mode=644 type=file'
# shellcheck disable=SC2034 # arguments for of(): siblings
s_main='--sibling pkg/main=pkg/.control.main' \
	s_doc='--sibling pkg/doc=pkg/.control.doc' \
	s_dev='--sibling pkg/dev=pkg/.control.dev'
# shellcheck disable=SC2034
file=pkg/.control.main/.mtree
