#!/bin/sh
# amtree --list --why: where a file has its owner and all else from
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2086,SC2094 # words of ours; a name is not its file
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

: >APKBUILD
mkdir -p pkg/main/a/dir pkg/doc/b pkg/.control.main pkg/.control.doc
here_root=$PWD/pkg
main=$here_root/.control.main/.mtree doc=$here_root/.control.doc/.mtree
# identity PATH - how a journal names it
identity() {
	born=$(stat -c %w "$1")
	case $born in
	-) born=0.000000000 ;;
	*) born=$(date -d "$born" +%s.%N) ;;
	esac
	printf '%s:%s' "$(stat -c %d:%i "$1")" "$born"
}

: >pkg/main/a/x
chmod 640 pkg/main/a/x
check 'a plain file is what it is on disk' prints 'a/x
    uname=root: default
    gname=root: default
    mode=640: on disk
    type=file: on disk
    caps=none: on disk' "$amtree" -l --why pkg/main/a/x
"$amtree" -u foo:bar pkg/main/a/x
"$amtree" -u www pkg/main/a/x
"$amtree" -m u+s pkg/main/a/x
cat >>$main <<'X'
#amtree recorded bind=gname,mode by=gname:fchownat:chgrp\040lp\040a/x
a/x gname=lp mode=600 optional
X
check 'each line that speaks of it is named, what counts first in front' prints "a/x
    uname=www: $main:5
        over uname=foo: $main:3
        over uname=root: default
    gname=bar: $main:3
        over gname=lp: $main:9, recorded: chgrp lp a/x (fchownat)
        over gname=root: default
    mode=4640: $main:7
        over mode=600: $main:9, recorded
        over mode=640: on disk
    type=file: on disk
    caps=none: on disk" "$amtree" --list --why pkg/main/a/x
check 'a sibling whose file was moved here is one of them' sh -c '
	echo "b/moved gname=grp" >"$2" && : >pkg/doc/b/moved &&
	mkdir -p pkg/main/b && mv pkg/doc/b/moved pkg/main/b/moved &&
	"$1" -l --why pkg/main/b/moved |
	grep -qx "    gname=grp: $2:1, moved from there"' - "$amtree" $doc
{
	echo '#amtree journal 1'
	printf '%s\n' 'deed=1:fchown:install\040-o\040lp\040x'
	echo "$(identity pkg/main/a/x) uname=lp by=uname:1"
} >journal
check 'so is the journal of a run that goes on' sh -c '
	AMTREE_JOURNAL=journal "$1" -l --why pkg/main/a/x |
	grep -qx "        over uname=lp: journal:3, recorded: install -o lp x (fchown)"' \
	- "$amtree"
check 'a journal that is gone is an error' fails_with 3 \
	"cannot open journal 'nope'" env AMTREE_JOURNAL=nope \
	"$amtree" -l --why pkg/main/a/x
check 'the package may be named' sh -c 'AMTREE_ROOT=pkg/main \
	AMTREE_CONTROL=pkg/.control.doc "$1" -l --why pkg/main/b/moved |
	grep -qx "    gname=grp: pkg/.control.doc/.mtree:1"' - "$amtree"
check 'several paths may lie in several packages' sh -c ': >pkg/doc/b/y &&
	"$1" -l --why pkg/main/a pkg/doc/b/y | grep -v "^ " | xargs |
	grep -qx "./a b/y"' - "$amtree"

# what is wrong
check '--why needs --list' fails_with 2 '--why goes with --list' \
	"$amtree" --why pkg/main/a/x
check '--why needs a path' fails_with 2 'no PATH' "$amtree" -l --why
for other in '-u foo' '-R' '--check'; do
	check "--why with $other is a usage error" fails_with 2 \
		'goes with no other action' "$amtree" -l --why $other pkg/main/a/x
done
check 'the root has no entry' fails_with 2 \
	"'$here_root/main' is the root of a package" "$amtree" -l --why pkg/main
check 'a path that lies in no package is a usage error' fails_with 2 \
	"'/' lies in no package of an abuild" "$amtree" -l --why /
check 'one that the package does not have is an error, with the nearest' \
	fails_with 3 "'b/mvoed' is not in package '$here_root/main' \(did you mean 'b/moved'\?\)" \
	"$amtree" -l --why pkg/main/b/mvoed
echo 'a/gone uname=foo' >>$main
echo 'a/dir type=file' >>$main
check 'what is wrong with another file does not matter' silent \
	"$amtree" -l --why pkg/main/a/x
check 'what is wrong with this one does' fails_with 3 \
	"$main:11: 'a/dir': is declared as type=file, but it is a dir" \
	"$amtree" -l --why pkg/main/a/dir
check 'also if it is missing' fails_with 3 \
	"$main:10: 'a/gone' does not exist in" \
	"$amtree" -l --why pkg/main/a/gone
full() {
	if [ -w /dev/full ]; then
		"$amtree" "$@" >/dev/full
	else
		"$amtree" "$@" >&-
	fi
}
check 'a full disk is an error' fails_with 3 'cannot write standard output' \
	full -l --why pkg/main/a/x

# What --why says is what amtree-merge makes of it, for each file of a package that
# has something of everything.
rm -rf pkg
mkdir -p pkg/main/a/dir pkg/doc/a pkg/dev/a pkg/.control.main pkg/.control.doc \
	pkg/.control.dev
cd pkg/main/a
for name in plain own later moved both split recorded journal all caps hard bind \
	null zero number 'odd name' optional; do
	: >"$name"
done
ln hard also
ln -s plain link
chmod 2750 own dir
cd ../../..
cat >pkg/.control.main/.mtree <<'X'
#mtree v2.0
a/own uname=www gname=www
a/later uname=one gname=one
a/later uname=two
a/both gname=main
#amtree recorded bind=uname by=uname:chown:chown\040rec
a/recorded uname=rec gname=snapshot mode=777 optional
#amtree recorded bind=mode,gname by=mode:chmod:x by=gname:chown:y
a/all uname=no gname=rec mode=4711 optional
#amtree bind=mode
a/all uname=snapshot mode=640
#amtree caps=cap_net_raw=ep
a/caps mode=711
a/also uname=linked
#amtree recorded
a/hard gname=linked optional
#amtree bind=gname
a/bind uname=unbound gname=bound mode=0
#amtree recorded bind=type,device,mode by=device,mode:mknodat:mknod
a/null mode=660 type=char device=native,1,3 optional
#amtree recorded bind=type,device,uname by=uname:chown:z
a/zero uname=root type=block device=native,8,1 optional
a/zero uname=disk
a/number uid=77 gid=0
a/odd\040name uname=odd
a/optional uname=here optional
a/gone uname=gone optional
#amtree create
a/made type=dir mode=750 uname=maker
a/made/fifo type=fifo
#amtree create bind=type,link
a/made/link gname=no type=link link=../odd\040name
a/link uname=linker mode=600
X
cat >pkg/.control.doc/.mtree <<'X'
a/moved uname=doc
a/moved gname=doc mode=600
a/both uname=doc gname=doc
#amtree recorded by=uname,mode:chown:doc
a/recorded uname=doc mode=4750
#amtree recorded by=gname:chown:doc
a/split gname=rec
X
echo 'a/split uname=dev' >pkg/.control.dev/.mtree
{
	echo '#amtree journal 1'
	printf '%s\n' 'deed=1:fchownat:chown\040-R\040jour'
	for name in moved journal all; do
		echo "$(identity pkg/main/a/$name) uname=jour mode=4755 by=uname:1"
	done
	echo "$(identity pkg/main/a/link) gid=9 mode=644 by=gname:1"
	echo "$(identity pkg/main/a/dir) uname=jour gname=jour"
} >journal
export AMTREE_JOURNAL=journal
find pkg/main -mindepth 1 -printf '%P\n' >names
printf 'a/made\na/made/fifo\na/made/link\n' >>names
# the values in force, in the order of a merged line
values() {
	LC_ALL=C sort names | while read -r name; do
		"$amtree" -l --why --root pkg/main "pkg/main/$name" || return 1
	done | awk '
		function out() {
			if (path != "")
				print path, v["g"], v["u"], v["mode"], v["type"] \
					v["device"] v["link"] v["caps"]
		}
		/^[^ ]/ { out(); path = $1; split("", v); next }
		/^    [^ ]/ {
			sub(/: .*/, "", $1); sub(/:$/, "", $1)
			word = $1; sub(/=.*/, "", word)
			if (word ~ /^[ug](id|name)$/)
				word = substr(word, 1, 1)
			else if (word == "device" || word == "link")
				$1 = " " $1
			else if (word == "caps")
				$1 = $1 == "caps=none" ? "" : " " $1
			v[word] = $1
		}
		END { out() }'
}
merged() {
	"$merge" --root pkg/main --sibling pkg/doc=pkg/.control.doc \
		--sibling pkg/dev=pkg/.control.dev >lines || return 1
	awk '/^#/ { caps = ""; if (match($0, / caps=[^ ]*/) &&
			!/ caps=none/)
			caps = substr($0, RSTART, RLENGTH); next }
		{ line = $0; sub(/ size=.*/, "", line); sub(/ time=.*/, "", line)
		if (line ~ / gname=/) sub(/ gid=[0-9]*/, "", line)
		if (line ~ / uname=/) sub(/ uid=[0-9]*/, "", line)
		print line caps; caps = "" }' lines
}
agree() {
	merged >want && values >got && diff want got && [ "$(wc -l <got)" -eq 24 ]
}
check 'what it says is what amtree-merge makes of each file' agree
sourced() {
	"$amtree" -l --why pkg/main/a/all >said
	cat said
	grep -q '^    uname=jour: journal:5, recorded: chown -R jour (fchownat)$' said &&
		grep -q "^    mode=640: $here_root/.control.main/.mtree:11$" said
}
check 'and where each has it from' sourced
check 'it changes nothing' [ "$(find pkg -name '.mtree*' | wc -l)" -eq 3 ]
finish
