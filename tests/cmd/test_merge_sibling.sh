#!/bin/sh
# amtree-merge: files that were moved to another package of the build
# shellcheck disable=SC2317,SC2086 # functions that check() calls; a sibling is two words
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/packages.sh"

# what is created
packages main doc
mkdir -p pkg/doc/var/lib
mkdir -p pkg/main/var
"$amtree" -t dir -g foo pkg/main/var/lib
check 'what is created stays, whatever a sibling has' prints \
	'gname=foo gid=0 uname=root uid=0 mode=755 type=dir' \
	of main var/lib $s_doc
check 'and says nothing about what the sibling has' prints \
	'gname=root gid=0 uname=root uid=0 mode=755 type=dir' \
	of doc var/lib $s_main
say main 'var/lib type=dir gname=foo'
check 'without the word "create" it follows the file to the sibling' prints \
	'gname=foo gid=0 uname=root uid=0 mode=755 type=dir' \
	of doc var/lib $s_main

# hard links and moved files
packages main doc
: >pkg/doc/usr/a
ln pkg/doc/usr/a pkg/doc/usr/b
say main 'usr/a uname=foo gname=grp'
say doc 'usr/b uname=own'
check 'the own word for one name goes before what was moved with another' \
	prints 'gname=grp gid=0 uname=own uid=0 mode=644 type=file' \
	of doc usr/a $s_main

# moved to siblings
packages main doc dev
: >pkg/doc/usr/x
say main 'usr/x uname=foo'
check 'an override follows its file into a sibling' prints "$foo" \
	of doc usr/x $s_main $s_dev
check 'and is no error where it came from' prints absent \
	of main usr/x $s_doc $s_dev
check 'nor in a third package' prints absent of dev usr/x $s_main $s_doc
check 'a build may name all its packages, this one too' prints "$foo" \
	of doc usr/x $s_main $s_dev $s_doc
check 'without siblings it is missing' refuses "$file:1: 'usr/x' does not exist"
say doc 'usr/x gname=own'
check "the new package's own word is laid over it" prints \
	'gname=own gid=0 uname=foo uid=0 mode=644 type=file' \
	of doc usr/x $s_main $s_dev
say doc 'usr/x uname=own'
check 'and wins' prints 'gname=root gid=0 uname=own uid=0 mode=644 type=file' \
	of doc usr/x $s_main $s_dev
rm pkg/.control.doc/.mtree
: >pkg/dev/usr/x
check 'moved to several: an error that names them' refuses \
	"$file:1: 'usr/x' was moved, but to several packages: pkg/doc, pkg/dev" \
	$s_doc $s_dev
several() {
	fails_with 3 "$file:1: 'usr/x' was moved, but to several packages: .*pkg/d" \
		"$merge" --root "pkg/$1" --sibling pkg/main=pkg/.control.main \
		--sibling "pkg/$2=pkg/.control.$2"
}
check 'in the one' several doc dev
check 'and in the other' several dev doc
: >pkg/main/usr/x
check 'there and back: it is where it was' prints "$foo" \
	of main usr/x $s_doc $s_dev
check 'and does not count for a file of that name elsewhere' prints "$plain" \
	of doc usr/x $s_main $s_dev
rm pkg/main/usr/x pkg/dev/usr/x
say dev 'usr/x uname=bar'
check 'two packages claim one moved file: both lines are named' fails_with 3 \
	"($file:1.*pkg/.control.dev/.mtree:1|dev/.mtree:1.*$file:1): both claim 'usr/x'" \
	"$merge" --root pkg/doc $s_main $s_dev
say dev 'usr/x uname=bar optional'
check 'optional does not make it less of a claim' fails_with 3 'both claim' \
	"$merge" --root pkg/doc $s_main $s_dev
rm pkg/.control.dev/.mtree
ln -s usr pkg/dev/lib
check 'a sibling that has it through a link does not have it' prints absent \
	of main lib/x $s_doc $s_dev
: >pkg/doc/usr/=x
say main 'usr/\075x uname=foo'
check 'names with = move as well' prints "$foo" \
	of doc 'usr/\\075x' $s_main $s_dev
say main 'usr/x uidd=foo'
check "a broken line of a sibling is named" fails_with 3 \
	"^amtree-merge: $file:1: unknown keyword 'uidd'" \
	"$merge" --root pkg/doc $s_main
for sibling in pkg/doc =pkg/.control.doc pkg/doc= ''; do
	check "'$sibling' is no sibling" fails_with 2 'is no sibling' \
		"$merge" --root pkg/main --sibling "$sibling"
done
mkdir -p 'pkg/a=b/usr' 'pkg/.control.a'
: >'pkg/a=b/usr/x'
say main 'usr/x uname=foo'
rm pkg/doc/usr/x
check 'a root with = in its name can be a sibling' prints absent \
	of main usr/x --sibling 'pkg/a=b=pkg/.control.a'
check 'so can a control directory' prints absent of main usr/x \
	--sibling "$PWD/pkg/a=b=$PWD/pkg/a=b/../.control.a"
check 'a sibling root that does not exist is an error' fails_with 3 \
	"'pkg/nope'" "$merge" --root pkg/main --sibling pkg/nope=pkg/.control.doc
check 'so is a control directory' fails_with 3 "'pkg/.control.nope'" \
	"$merge" --root pkg/main --sibling pkg/doc=pkg/.control.nope

# directories that their owner may not enter
packages main doc
mkdir pkg/main/usr/closed pkg/doc/usr/closed
: >pkg/main/usr/closed/x
: >pkg/doc/usr/closed/x
say main 'usr/closed/x uname=foo'
chmod 0 pkg/main/usr/closed
check 'a file in a closed directory is still where it was' prints "$plain" \
	of doc usr/closed/x $s_main
chmod 755 pkg/main/usr/closed
rm pkg/main/usr/closed/x
chmod 0 pkg/doc/usr/closed
check 'an override follows its file into a closed directory' prints absent \
	of main usr/closed/x $s_doc
check 'and counts there' prints "$foo" of doc usr/closed/x $s_main
check 'which is closed after that' prints 0 stat -c %a pkg/doc/usr/closed
chmod 755 pkg/doc/usr/closed
finish
