#!/bin/sh
# amtree-merge: override files written by hand, by others, or broken
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2059,SC2086,SC1003 # texts are formats, for their escapes
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo/usr/bin pkg/.control.foo
: >APKBUILD
: >pkg/foo/usr/bin/su
: >pkg/foo/usr/bin/id
: >pkg/foo/top
file=pkg/.control.foo/.mtree

merge() {
	"$merge" --root pkg/foo --control pkg/.control.foo
}
# means OWNERS TEXT - TEXT in the file gives these owners (user:group) to
# su id top
means() {
	printf "$2" >$file
	silent merge >merged || return 1
	for name in usr/bin/su usr/bin/id ./top; do
		sed -n "s,^$name .*gname=\([^ ]*\) .*uname=\([^ ]*\) .*,\2:\1,p" \
			merged
	done | paste -sd ' ' >line
	echo "$1" | diff - line
}
# breaks LINE REGEX TEXT - TEXT is an error in that line of it
breaks() {
	printf "$3" >$file
	fails_with 3 "^amtree-merge: $file:$1: .*$2" merge
}
none='root:root root:root root:root'

check 'an empty file says nothing' means "$none" ''
check 'comments and empty lines say nothing' \
	means "$none" '#mtree v2.0\n\n# su uname=no\n   \n\t\n  # x\n#amtreex\n'
check 'the first line need not be there' means 'a:root root:root root:root' \
	'usr/bin/su uname=a\n'
check 'blanks may be any, before and behind too' \
	means 'a:b root:root root:root' '  usr/bin/su\t  uname=a \t gname=b  \n'
check './ in front does not matter' means 'a:root b:root root:root' \
	'./usr/bin/su uname=a\n././usr/bin/id uname=b\n'
check '/set holds for all that follow' means 'a:g b:g a:g' \
	'/set uname=a gname=g\nusr/bin/su\nusr/bin/id uname=b\n./top mode=644\n'
check 'an entry after it gets only what is in it' means 'a:root root:root b:root' \
	'/set uname=a\nusr/bin/su\n/set uname=b\n./top\n'
check '/unset ends it' means 'a:g root:g root:root' \
	'/set uname=a gname=g\nusr/bin/su\n/unset uname\nusr/bin/id\n/unset all\n./top\n'
check 'a uid in a line takes the place of a /set uname' \
	means 'root:root root:root root:root' \
	'/set uname=a\nusr/bin/su uid=0\n'
check 'nested names are where their directory is' means 'a:root b:root c:root' \
	'. type=dir\nusr type=dir\n\tbin type=dir\n\t\tsu uname=a\n\t\tid uname=b\n\t..\n..\ntop uname=c\n..\n'
check 'what NetBSD mtree -c prints is read' sh -c '
	mtree -c -k uid,gid,mode,type,link,size,time,nlink,sha256 -p pkg/foo |
	sed "s/uid=[0-9]*/uid=0/; s/gid=[0-9]*/gid=0/" >"$2" &&
	"$1" --root pkg/foo >/dev/null' - "$merge" $file
check 'what bsdtar writes as mtree is read' sh -c '
	bsdtar -cf - --format=mtree -C pkg/foo usr top |
	sed "s/uid=[0-9]*/uid=0/; s/gid=[0-9]*/gid=0/; s/[ug]name=[^ ]*//" >"$2" &&
	"$1" --root pkg/foo >/dev/null' - "$merge" $file
check 'full names do not disturb nested ones' means 'a:root b:root root:root' \
	'usr type=dir\nbin type=dir\n./usr/bin/id uname=b\nsu uname=a\n'
check 'a line goes on behind a backslash' means 'a:g root:root c:root' \
	'usr/bin/su \\\n uname=a \\\n\tgname=g\n./top uname=c\n'
check 'a comment does not' means 'a:root root:root root:root' \
	'# not continued \\\nusr/bin/su uname=a\n'
: >'pkg/foo/a b'
check 'escapes in names are decoded, octal and C-style' means \
	'root:root root:root root:root' './a\\040b uid=0\n./a\\sb gid=0\n'
rm 'pkg/foo/a b'
check 'facts are read and have no effect' means "$none" \
	'usr/bin/su nlink=3 inode=7 flags=none tags=a,b cksum=1 md5=0 sha256digest=0\n'
check 'accounts may be called as accounts are' means 'a.b-c_$:9x root:root root:root' \
	'usr/bin/su uname=a.b-c_$ gname=9x\n'

check 'an unknown keyword is named with file and line' breaks 7 \
	"unknown keyword 'uidd'$" '#\n#\n#\n#\n#\n#\nusr/bin/su uidd=3\n'
exact() {
	merge 2>err || :
	echo "amtree-merge: pkg/.control.foo/.mtree:7: unknown keyword 'uidd'" |
		diff - err
}
check 'to the letter' exact
check 'lines that go on are counted from their first' breaks 2 "unknown keyword 'x'" \
	'#\nusr/bin/su \\\nuid=3 \\\n x=3\n'
check 'and all are counted' breaks 4 "unknown keyword 'x'" \
	'usr/bin/su \\\nuid=3 \\\n gid=3\n./top x=1\n'
check 'a mode that is not octal' breaks 1 "invalid octal mode '789'" \
	'usr/bin/su mode=789\n'
check 'a symbolic mode' breaks 1 "invalid octal mode 'u.s'" \
	'usr/bin/su mode=u+s\n'
check 'a mode too large' breaks 1 "invalid octal mode" 'usr/bin/su mode=10000\n'
check 'an empty mode' breaks 1 "invalid octal mode" 'usr/bin/su mode=\n'
check 'a keyword without its value' breaks 1 "keyword 'mode' needs a value" \
	'usr/bin/su mode\n'
check 'a value where none belongs' breaks 1 "keyword 'optional' takes no value" \
	'usr/bin/su optional=1\n'
check 'an unknown type' breaks 1 "invalid type 'door'" 'usr/bin/su type=door\n'
check 'a socket' breaks 1 'a package cannot have a socket' \
	'usr/bin/su type=socket\n'
check 'a uid that is no number' breaks 1 "invalid uid 'x'" 'usr/bin/su uid=x\n'
check 'a uid below zero' breaks 1 "invalid uid '-1'" 'usr/bin/su uid=-1\n'
check 'a uid that apk cannot read' breaks 1 "invalid uid '2097152'" \
	'usr/bin/su uid=2097152\n'
check 'a gid of many digits' breaks 1 "invalid gid" \
	'usr/bin/su gid=999999999999999999999999\n'
check 'a user with =' breaks 1 "user name 'a=b'" 'usr/bin/su uname=a=b\n'
check 'a user with an escape' breaks 1 'user name' 'usr/bin/su uname=a\\040b\n'
check 'a user with a control character' breaks 1 "user name 'a.033b'" \
	'usr/bin/su uname=a\033b\n'
check 'an empty user' breaks 1 'empty user name' 'usr/bin/su uname=\n'
check 'a user of 33 bytes' breaks 1 'longer than 32 bytes' \
	'usr/bin/su uname=abcdefghijklmnopqrstuvwxyz0123456\n'
check 'a user of digits alone' breaks 1 "'123' is not a user name" \
	'usr/bin/su uname=123\n'
check 'a group with a slash' breaks 1 "group name 'a/b'" \
	'usr/bin/su gname=a/b\n'
check 'contents taken from elsewhere' breaks 1 "keyword 'contents' has no meaning" \
	'usr/bin/su contents=/etc/shadow\n'
check 'a device that is none' breaks 1 "invalid device '5'" \
	'./d type=char device=5\n'
check 'a device of a format unknown' breaks 1 "invalid device" \
	'./d type=char device=netbsd,1,2\n'
check 'a time that is none' breaks 1 "invalid time '1x'" 'usr/bin/su time=1x\n'
check 'an absolute path' breaks 1 'absolute path' '/usr/bin/su uid=0\n'
check '.. in a path' breaks 1 "'..' in path" 'usr/../../etc/passwd uid=0\n'
check 'encoded .. in a path' breaks 1 "'..' in path" \
	'usr/\\056\\056/x uid=0\n'
check '. in a path' breaks 1 "'.' in path" 'usr/./bin uid=0\n'
check 'an empty component' breaks 1 'empty component' 'usr//bin uid=0\n'
check 'a slash at the end' breaks 1 'empty component' 'usr/bin/ uid=0\n'
check '.. that leads out of the root' breaks 2 "'..' leads out of the root" \
	'#\n..\n'
check 'a name of 256 bytes' breaks 1 'name of 256 bytes' \
	"./$(printf '%0256d' 0) uid=0\n"
check 'a path of over 4,085 bytes' breaks 1 'path of 4[0-9]* bytes' \
	"usr/$(printf '%04200d' 0 | sed 's,00000,0000/,g')0 uid=0\n"
check 'a lone backslash in a name' breaks 1 'backslash without' \
	'./a\\q uid=0\n'
check 'half an octal escape' breaks 1 'backslash without' './a\\04 uid=0\n'
check 'an octal escape over 377' breaks 1 'backslash without' \
	'./a\\777 uid=0\n'
check 'an encoded NUL' breaks 1 'NUL in a name' './a\\000b uid=0\n'
check 'a NUL' breaks 1 'NUL in the line' 'usr/bin/su uid=0\000\n'
check 'CR LF' breaks 2 'carriage return in the line .CR LF line ends..' \
	'#mtree v2.0\nusr/bin/su uid=0\r\n'
check 'no last newline' breaks 2 'last line has no newline .file cut short..' \
	'#mtree v2.0\nusr/bin/su uid=0'
check 'a file that ends in a line to be continued' breaks 2 'last line' \
	'usr/bin/su uid=0 \\\n'
check 'an unknown word of ours' breaks 1 "unknown word 'x=1'" \
	'#amtree x=1\nusr/bin/su uid=0\n'
check 'an unknown keyword in ours' breaks 1 "unknown keyword 'nope'" \
	'#amtree bind=uname,nope\nusr/bin/su uname=x\n'
check 'ours binding what is not stated' breaks 2 'binds a keyword' \
	'#amtree bind=uname\nusr/bin/su mode=755\n'
check 'unknown capabilities in ours' breaks 1 "cap_nope" \
	'#amtree caps=cap_nope+ep\nusr/bin/su\n'
check 'ours with no entry behind' breaks 2 'no entry follows' \
	'#amtree bind=uname\n\nusr/bin/su uname=x\n'
check 'ours at the end' breaks 1 'no entry follows' '#amtree bind=uname\n'
check 'an unknown command' breaks 1 'absolute path|unknown' '/sset uid=0\n'
check 'an unknown keyword in /set' breaks 1 "unknown keyword 'x'" '/set x=0\n'
check 'an unknown keyword in /unset' breaks 1 "unknown keyword 'x'" '/unset x\n'
check 'an escape sequence is shown, not sent' breaks 1 \
	"unknown keyword '.033.31mred'" 'usr/bin/su \033[31mred=1\n'
check 'a long word is cut' breaks 1 "unknown keyword '0{40}'$" \
	"usr/bin/su $(printf '%0500d' 0)=1\n"
long_line() {
	{ echo '#mtree v2.0'
	printf 'usr/bin/su uname=x #'
	head -c 10000000 /dev/zero | tr '\0' x
	echo; } >$file
	fails_with 3 "$file:2: line is longer than 65535 bytes" merge
}
check 'a line of 10 MB is refused' long_line
long_joined() {
	{ echo '#mtree v2.0'
	yes 'usr/bin/su uname=x \' | head -n 10000; } >$file
	fails_with 3 "$file:2: line is longer than 65535 bytes" merge
}
check 'so is one of many lines' long_joined
no_end() {
	head -c 10000000 /dev/zero | tr '\0' x >$file
	fails_with 3 "$file:1: line is longer than 65535 bytes" merge
}
check 'and one that never ends' no_end
rm $file
mkdir $file
check 'a directory in its place' fails_with 3 "'$file'" merge
rmdir $file
mkfifo $file
check 'a FIFO in its place is not waited for' fails_with 3 \
	"'$file' is no regular file" merge
rm $file
ln -s /etc/passwd $file
check 'a symbolic link in its place is not followed' \
	fails_with 3 "cannot open '$file'" merge
rm $file
# every way to cut off a file of ours is noticed, or leaves whole entries
"$amtree" -u foo -c cap_kill=p pkg/foo/usr/bin/su
cp $file whole
cuts() {
	size=$(wc -c <whole)
	for n in $(seq 1 "$((size - 1))"); do
		head -c "$n" whole >$file
		[ "$n" -ne 12 ] || continue # the first line alone
		fails_with 3 "$file:[0-9]: " merge >/dev/null || return 1
	done
}
check 'a file cut off anywhere inside an entry is refused' cuts
rm $file
if ! is_root; then
	: >$file
	chmod 0 $file
	check 'a file that cannot be read is an error' \
		fails_with 3 "'$file': Permission denied" merge
	chmod 644 $file
fi
finish
