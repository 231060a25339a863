#!/bin/sh
# amtree-diff: what it prints, of which operands, and how it ends
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
export SOURCE_DATE_EPOCH=1

mkdir -p pkg/foo/usr/bin pkg/foo/var pkg/.control.foo
echo 1 >pkg/foo/usr/bin/x
echo 1 >pkg/foo/usr/bin/y
build_as() {
	"$build" -q --root pkg/foo --control pkg/.control.foo -o "$1.tar.gz"
	python3 "$tests/scancmp.py" pack "$1.tar.gz" "$1.apk" foo
}
build_as a
chmod 4755 pkg/foo/usr/bin/y
echo 22 >pkg/foo/usr/bin/x
"$amtree" -u 'www' pkg/foo/var
build_as b

# prints1 TEXT COMMAND... - status 1, nothing on stderr, and TEXT on stdout
prints1() {
	text=$1 status=0
	shift
	"$@" >stdout 2>stderr || status=$?
	cat stderr
	[ "$status" -eq 1 ] || { echo "status $status"; return 1; }
	[ ! -s stderr ] || return 1
	printf '%s' "$text" | diff - stdout
}

lines='setid      usr/bin/y 0644 -> 4755
owner      var root -> www
mode       usr/bin/y 0644 -> 4755
contents   usr/bin/x 2:4355a46b19d3 -> 3:'$(sha256sum <pkg/foo/usr/bin/x | cut -c 1-12)'
'
check 'each difference is a line, the riskiest first' \
	prints1 "$lines" "$diff" a.apk b.apk
check 'who has read enough hears nothing more' unread "$diff" a.apk b.apk
check 'a package is the same as itself' silent "$diff" a.apk a.apk
check 'a package may come from standard input' \
	silent "$diff" a.apk - <a.tar.gz
check 'a package is the same as its data' silent "$diff" a.apk a.tar.gz
check 'a tree is what would be built of it' silent "$diff" pkg/foo b.apk
check 'also if its control directory is named' \
	silent "$diff" pkg/foo=pkg/.control.foo b.tar.gz
mkdir i=j
cp -a pkg/foo pkg/.control.foo i=j/
check 'and if both have "=" in their names' \
	silent "$diff" i=j/foo=i=j/.control.foo b.tar.gz
rm -r i=j
check 'also from within' sh -c 'cd pkg/foo && "$1" . ../../b.apk' sh "$diff"
check 'a tree that differs does so as a package' \
	prints1 "$lines" "$diff" a.apk pkg/foo
check '-q prints nothing, the status says it' prints1 '' "$diff" -q a.apk b.apk

check 'what is ignored is no difference' \
	silent "$diff" --ignore setid,mode --ignore owner,contents a.apk b.apk
check 'what is left is one' prints1 'owner      var root -> www
' "$diff" --ignore=setid,mode,contents a.apk b.apk

# Files that a split function has moved
mkdir -p pkg/bar/opt pkg/.control.bar
echo 1 >pkg/foo/opt
"$amtree" -u mail pkg/foo/opt
rm pkg/foo/opt
mkdir -p pkg/foo/opt
echo 1 >pkg/bar/opt/f
mkdir pkg/foo/opt/f.d
rmdir pkg/foo/opt/f.d pkg/foo/opt
rm -r pkg/bar/opt
echo 1 >pkg/bar/opt
moved() {
	"$build" -q --root pkg/bar --control pkg/.control.bar \
		--sibling pkg/foo=pkg/.control.foo -o bar.tar.gz
	silent "$diff" bar.tar.gz pkg/bar &&
		"$diff" --json pkg/bar pkg/foo | grep -q '"path":"opt".*mail:root'
}
check 'siblings count, as they do when building' moved

# Repositories
mkdir -p old/x86_64 new empty
cp a.apk old/x86_64/foo-1.apk
cp b.apk new/renamed.apk
python3 "$tests/scancmp.py" pack a.tar.gz old/gone.apk gone
python3 "$tests/scancmp.py" pack a.tar.gz new/come.apk come
python3 "$tests/scancmp.py" pack a.tar.gz old/same.apk same
python3 "$tests/scancmp.py" pack a.tar.gz new/same.apk same
check 'packages of repositories go together by name, in its order' prints1 \
	"come package-added - -> 1-r0
$(printf '%s' "$lines" | sed 's/^/foo /')
gone package-removed 1-r0 -> -
" "$diff" old new
echo 'chown a b' >new/APKBUILD
check 'recipes beside them are none' \
	silent "$diff" --ignore package-added,package-removed,setid,owner \
	--ignore mode,contents old new
check 'one is compared with another alone' \
	fails_with 2 'a repository is compared with' "$diff" old a.apk
check 'a directory without packages is none' \
	fails_with 3 "'empty' is neither" "$diff" old empty

# JUnit
junit() {
	want=$1 status=0
	shift
	"$diff" --junit "$@" >xml 2>err || status=$?
	cat err
	# shellcheck disable=SC2086 # three numbers
	python3 "$tests/diffcmp.py" junit $want <xml
}
check 'a testsuite has a testcase for each package' junit '4 3 0' old new
check 'and one for two files' junit '1 1 0' a.apk b.apk
check 'of the same, with nothing in it' junit '1 0 0' a.apk a.apk

# Names that do harm
python3 - <<'END'
import tarfile
for out, owner in (("c.tar", "a"), ("d.tar", "<b> \"'&\x1b]]>\n\udcff")):
    with tarfile.open(out, "w", format=tarfile.PAX_FORMAT, encoding="utf-8",
                      errors="surrogateescape") as tar:
        for name in ("plain", "n\nl", "\x1b[31m", "q\"'<&>", "]]>", "\udcff",
                     "\u00e4", "b\\s", "a b"):
            info = tarfile.TarInfo(name)
            info.uname = owner
            tar.addfile(info)
END
harmless() {
	"$diff" c.tar d.tar >said && return 1
	cat said
	[ "$(wc -l <said)" -eq 9 ] && ! LC_ALL=C grep -q '[^ -~]' said &&
		[ "$(awk 'NF == 5' said | wc -l)" -eq 9 ]
}
check 'names cannot break lines, columns or terminals' harmless
check 'nor XML' junit '1 1 0' c.tar d.tar
objects() {
	"$diff" --json c.tar d.tar >said && return 1
	python3 -c 'import json, os, sys
names = {os.fsencode(json.loads(line)["path"]) for line in sys.stdin}
sys.exit(names != {b"plain", b"n\nl", b"\x1b[31m", b"q\"\x27<&>", b"]]>",
                   b"\xff", b"\xc3\xa4", b"b\\s", b"a b"})' <said
}
check 'nor JSON, which has their bytes' objects

# Misuse and faults
check 'two operands are needed' fails_with 2 'two operands' "$diff" a.apk
check 'and no more' fails_with 2 'two operands' "$diff" a.apk a.apk a.apk
check 'a kind has to be one' fails_with 2 "'size' is no kind" \
	"$diff" --ignore mode,size a.apk b.apk
check 'what is broken cannot be ignored' fails_with 2 "'broken' is no kind" \
	"$diff" --ignore broken a.apk b.apk
check 'forms exclude each other' fails_with 2 'only one of' \
	"$diff" --json --junit a.apk b.apk
check 'a full disk is a failure' \
	sh -c '"$1" a.apk b.apk >/dev/full 2>err; [ $? -eq 3 ] && grep -q "No space" err' \
	sh "$diff"
echo './x uidd=1' >pkg/.control.foo/.mtree
check 'a broken override is one, with its place' \
	fails_with 3 'pkg/.control.foo/.mtree:1:' "$diff" a.apk pkg/foo

finish
