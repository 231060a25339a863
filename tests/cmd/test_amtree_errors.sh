#!/bin/sh
# amtree: what goes wrong is said in one line, and nothing is appended
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2086 # names and numbers of ours, without blanks
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

: >APKBUILD
mkdir -p pkg/foo/usr/bin
: >pkg/foo/usr/bin/su
mtree=pkg/.control.foo/.mtree
"$amtree" -u keep pkg/foo/usr
cp $mtree before

# refuses STATUS REGEX ARG... - and appends nothing
refuses() {
	status=$1 regex=$2
	shift 2
	fails_with "$status" "$regex" "$amtree" "$@" && cmp $mtree before
}
su=pkg/foo/usr/bin/su

check 'no such file' refuses 3 \
	"^amtree: '.*/pkg/foo/usr/bin/sx' does not exist, and only .*-t" \
	-u foo pkg/foo/usr/bin/sx
check 'one of several does not exist: none is appended' refuses 3 \
	'does not exist' -u foo $su pkg/foo/nope
check 'a file where a directory should be' refuses 3 \
	"cannot resolve '$su/x': Not a directory" -u foo $su/x
check 'the root itself needs -R' refuses 2 \
	"'.*/pkg/foo' is the root of a package, not a file in it: use -R" \
	-u foo pkg/foo
check 'a path outside of any package' refuses 2 \
	"'/etc/passwd' lies in no package" -u foo /etc/passwd
check 'the directory of all packages is none' refuses 2 \
	"'pkg' lies in no package" -u foo pkg
check 'a control directory is no package' refuses 2 \
	"lies in no package" -u foo $mtree
check 'an empty path' refuses 2 "^amtree: empty path" -u foo ''
check 'no path' refuses 2 "^amtree: no PATH .try 'amtree --help'.$" -u foo
check 'no path and no action' refuses 2 'at least one of -u -g -m -t -c'
check 'no action' refuses 2 'at least one of -u -g -m -t -c' $su
check 'an unknown option' refuses 2 "option '-Z'" -Z $su
check 'an unknown option behind another' refuses 2 "option '-x'" --check -xy
check 'an unknown long option' refuses 2 "option '--nope'" --nope $su
check 'an ambiguous long option' refuses 2 "option '--r'" --r $su
check 'an option without its argument' refuses 2 \
	"option '-u' needs an argument" $su -u
check 'a long one too' refuses 2 "option '--user' needs an argument" $su --user
check 'an argument where none belongs' refuses 2 "option '--recursive=x'" \
	--recursive=x $su
check 'a message is one line, whatever the name' refuses 3 \
	"\\\\033\[31mred\\\\012line\\\\377' does not exist" -u foo \
	"pkg/foo/$(printf '\033[31mred\nline\377')"
check 'UTF-8 is shown as it is' refuses 3 'höhle' -u foo pkg/foo/höhle
check 'a C1 control character is not' refuses 3 'a\\302\\233b' -u foo \
	"pkg/foo/$(printf 'a\302\233b')"
check 'not in the name of an option either' refuses 2 "'--a.033b'" \
	"$(printf -- '--a\033b')" $su
check 'a long name loses its middle, not the reason' refuses 3 \
	'\.\.\..*does not exist, and only .*-t. can create it$' -u foo \
	"pkg/foo/$(printf '%0200d/%0200d/%0200d/%0200d' 1 2 3 4)"
check 'a name of 256 bytes cannot be' refuses 3 'amtree: ' -u foo \
	"pkg/foo/$(printf '%0256d' 0)"
check 'a path of 5,000 bytes cannot be' refuses 3 'amtree: ' -u foo \
	"pkg/foo/$(printf '%05000d' 0 | sed 's,0000,a000/,g')"

nl='
'
for name in 'a b' 'a=b' "a${nl}b" 'a/b' 'a#b' 'a\b' 'a*' 'a?' 'a[' 'a,b' \
	"a'b" 'a"b' '-a' "$(printf 'a\033b')" "$(printf 'caf\303\251')" ' ' \
	abcdefghijklmnopqrstuvwxyz0123456 2097152 99999999999999999999 \
	"$(printf '%0400d' 1 | tr 01 ab)"; do
	check 'a user whom no account may be called is refused' \
		refuses 2 '^amtree: .*user' -u "$name" $su
	check 'and a group' refuses 2 '^amtree: .*group' --group="$name" $su
	check 'behind a colon too' refuses 2 '^amtree: .*group' -u "x:$name" $su
done
check 'an empty user' refuses 2 'empty user name' -u '' $su
check 'an empty group' refuses 2 'empty group name' -g '' $su
check 'no group behind the colon' refuses 2 "no group behind .* 'foo:'" \
	-u foo: $su
check 'nothing around the colon' refuses 2 'no group behind' -u : $su
check 'two colons' refuses 2 "group name 'b:c'" -u a:b:c $su
check 'a colon in -g' refuses 2 "group name 'a:b'" -g a:b $su
check 'a user called root is fine' silent "$amtree" -u root:root $su
cp $mtree before

# the override file and its directory
broken() {
	printf '%s' "$1" >$mtree
	cp $mtree before
	refuses 3 "^amtree: .*/$mtree:$2" -u foo $su
}
check 'a broken line is named' broken "#mtree v2.0${nl}./usr uidd=3${nl}" \
	"2: unknown keyword 'uidd'"
check 'a last line without its end is not added to' \
	broken "#mtree v2.0${nl}./usr uid=3" '2: last line has no newline'
check 'a comment without its entry is not added to' \
	broken "#mtree v2.0${nl}#amtree bind=uname${nl}" '2: no entry follows'
rm $mtree before
mkdir $mtree
other() {
	fails_with 3 "$1" "$amtree" -u foo $su &&
		fails_with 3 "$1" "$amtree" -l pkg/foo
}
check 'the override file is a directory' \
	other "\.mtree'( is no regular file|: Is a directory)"
rmdir $mtree
mkfifo $mtree
check 'a FIFO is not waited for' other "'.*\.mtree' is no regular file"
rm $mtree
ln -s ../../elsewhere $mtree
check 'a symbolic link is not followed' \
	other 'Too many levels of symbolic|Symbolic link loop' # glibc, musl
check 'and nothing came to be behind it' test ! -e elsewhere
rm -r pkg/.control.foo
: >pkg/.control.foo
check 'a file where the control directory should be' fails_with 3 \
	'Not a directory' "$amtree" -u foo $su
rm pkg/.control.foo
check 'a control directory whose parent is missing' fails_with 3 \
	"cannot create 'no/where': No such file" "$amtree" --root pkg/foo \
	--control no/where -u foo $su

if is_root; then
	mkdir full pkg/.control.foo
	trap 'umount "$here/dir/full" 2>/dev/null || :; lib_end' EXIT
	mount -t tmpfs -o size=16k none full 2>/dev/null ||
		{ echo '# no tmpfs here: the limit below stands for it'; : >nofs; }
fi
chmod 555 pkg
if ! is_root; then
	check 'a control directory that cannot be made' fails_with 3 \
		"cannot create '.*/pkg/.control.foo': Permission denied" \
		"$amtree" -u foo $su
	chmod 755 pkg
	mkdir pkg/.control.foo
	chmod 555 pkg/.control.foo
	check 'one that cannot be written to' fails_with 3 \
		"cannot open '.*/.mtree': Permission denied" \
		"$amtree" -u foo $su
	chmod 755 pkg/.control.foo
	: >$mtree
	chmod 444 $mtree
	check 'an override file that cannot be written to' fails_with 3 \
		"cannot open '.*/.mtree': Permission denied" \
		"$amtree" -u foo $su
	chmod 644 $mtree
fi
chmod 755 pkg

# overflows FILE REASON COMMAND... - appends until it fails for that reason,
# then FILE is as it was
overflows() {
	file=$1 reason=$2
	shift 2
	while [ "$(wc -c <"$file")" -lt 1000000 ]; do
		cp "$file" "$here/before"
		"$@" 2>"$here/stderr" && continue
		lib_one_line "$here/stderr" "cannot write: $reason" &&
			cmp "$file" "$here/before"
		return
	done
	echo 'it never failed'
	return 1
}
limited() {
	(ulimit -f 8 && "$@")
}
: >$mtree
check 'a limit on the size of files' \
	overflows $mtree 'File too large' limited "$amtree" -R -u foo:bar pkg/foo
check 'the file can be read and added to after that' \
	silent "$amtree" -u foo $su
if is_root && [ ! -e nofs ]; then
	: >full/.mtree
	check 'a full disk' overflows full/.mtree 'No space left' "$amtree" \
		--root pkg/foo --control full -R -u foo pkg/foo
	check 'the file can still be read' \
		sh -c '"$1" -l --root pkg/foo --control full | grep -q su' \
		- "$amtree"
	umount full
fi
finish
