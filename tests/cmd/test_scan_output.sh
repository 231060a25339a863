#!/bin/sh
# amtree-scan: what it prints, in which order, and of what
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo/var/www pkg/foo/usr/bin 'pkg/foo/a b' pkg/.control.foo
: >pkg/foo/usr/bin/su
chmod 4755 pkg/foo/usr/bin/su
"$amtree" -u www -g mail pkg/foo/var/www
"$amtree" -g 1234 'pkg/foo/a b'
"$amtree" -c cap_net_raw+ep pkg/foo/usr/bin/su
"$amtree" -t block -D 8,1 pkg/foo/usr/sda
"$build" -q --root pkg/foo --control pkg/.control.foo -o data.tar.gz

pack() {
	python3 "$tests/scancmp.py" pack data.tar.gz "$@"
}
pack foo.apk foo

check 'each entry that is not plain has a line of columns' prints \
	'foo.apk root     1234     0755 dir   a\040b
foo.apk root     root     4755 file  usr/bin/su caps=cap_net_raw=ep
foo.apk root     root     0644 block usr/sda device=8,1
foo.apk www      mail     0755 dir   var/www' "$scan" foo.apk
check 'its lines are suggested for pkgdir' prints \
	'# foo
amtree -g 1234 "$pkgdir"/'"'a b'"'
amtree -c cap_net_raw=ep "$pkgdir"/usr/bin/su
amtree -t block -D 8,1 -u root -g root -m 644 "$pkgdir"/usr/sda
amtree -u www -g mail "$pkgdir"/var/www' "$scan" --suggest foo.apk

check 'who has read enough hears nothing more' unread "$scan" foo.apk

figures() {
	silent "$scan" --summary foo.apk data.tar.gz >figures || return 1
	cat figures
	for line in '2 packages' '0 that are broken' '2 with both' \
		'2 with set-id bits' '2 with capabilities' '2 with devices' \
		'2 with an owner that is a number without a name' \
		'2 with user www' '2 with group mail' '2 with gid 1234'; do
		grep -Eqx " *$line" figures || { echo "no $line"; return 1; }
	done
}
check 'figures have one line each' figures

# Directories, order, threads
mkdir -p repo/b/deep repo/a
cp foo.apk repo/b/deep/2.apk
cp foo.apk repo/a/1.apk
cp foo.apk repo/3.apk
cp foo.apk repo/a/not-a-package.tgz
ln -s ../3.apk repo/b/link.apk
ln -s .. repo/b/up

order() {
	silent "$scan" data.tar.gz repo foo.apk >said || return 1
	cut -d ' ' -f 1 said | uniq | paste -sd ' ' >got
	echo data.tar.gz repo/3.apk repo/a/1.apk repo/b/deep/2.apk \
		repo/b/link.apk foo.apk | diff - got
}
check 'a directory stands for what is below it, sorted, in its place' order

mkdir many
python3 "$tests/scancmp.py" repository many 60 7
pack many/p00010-bad.apk bad cut
pack many/p00020-bad.apk bad hash
threads() {
	for options in '' --json --suggest --summary '--summary --json'; do
		for n in 0 1 2 7; do
			# shellcheck disable=SC2086 # words
			"$scan" -j $n $options many >out.$n 2>&1 &&
				{ echo 'no failure'; return 1; }
			cmp out.0 "out.$n" || return 1
		done
	done
	[ -s out.0 ]
}
check 'any number of threads says the same' threads

# From a pipe
stdin() {
	dd if=foo.apk bs=100 2>pieces | silent "$scan" - | sed 's/^-/foo.apk/' >got
	"$scan" foo.apk | diff - got || return 1
	"$scan" - foo.apk </dev/null >said 2>err && return 1
	[ "$(cat err)" = "amtree-scan: -: neither a package nor tar nor tar.gz: empty" ] &&
		"$scan" foo.apk | diff - said
}
check '"-" is standard input, in its place' stdin

escapes() {
	cp foo.apk "$(printf 'x\033[31m y.apk')"
	"$scan" x* >said || return 1
	! grep -q "$(printf '\033')" said && grep -q '^x\\033\\13331m\\040y' said
}
check 'names in columns are escaped' escapes

# On a terminal
progress() {
	python3 "$tests/terminal.py" "$scan" --summary -j 2 many many many many \
		many many many many many many <<-'END'
	see \r\x1b[K
	see 620 packages
	end 3
	END
	# the progress goes to stderr alone, where what is said clears it
	python3 - "$scan" <<-'END'
	import os, pty, subprocess, sys
	ours, theirs = pty.openpty()
	command = [sys.argv[1], "-j", "1"] + ["many"] * 40
	with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as p:
	    os.close(theirs)
	    said = b""
	    while True:
	        try:
	            more = os.read(ours, 65536)
	        except OSError:
	            break
	        said += more
	assert b" of 2480 files\x1b[K" in said, said
	for part in said.split(b"\n")[:-1]:
	    line = part.rsplit(b"\x1b[K", 1)[-1].strip(b"\r")
	    assert line.startswith(b"amtree-scan: many/"), part
	assert said.count(b"\x1b[K") > 2 and p.returncode == 3
	END
}
check 'how far it is is shown on a terminal, and cleared away' progress

# Command line
check 'no operand is misuse' fails_with 2 'no package' "$scan"
check '--suggest and --json are misuse' \
	fails_with 2 'suggest' "$scan" --suggest --json foo.apk
check 'a number of threads that is none is misuse' \
	fails_with 2 "-j 'x'" "$scan" -j x foo.apk
check 'full output is a failure' sh -c '
	"$1" foo.apk 2>err >/dev/full
	[ $? -eq 3 ] && grep -q "standard output" err' sh "$scan"

finish
