#!/bin/sh
# amtree-run: the stand-ins for tar and pigz, and when they are in PATH
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of dropin.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"

# Real ones that just say what they were called with.
mkdir "$here/said"
cat >"$here/said/tar" <<'END'
#!/bin/sh
printf 'real'
printf ' [%s]' "$@"
echo
exit 5
END
chmod 755 "$here/said/tar"
sed s/real/pigz/ "$here/said/tar" >"$here/said/pigz"
mkdir "$here/gzip" "$here/none"
sed s/real/gzip/ "$here/said/tar" >"$here/gzip/gzip"
chmod 755 "$here/said/pigz" "$here/gzip/gzip"
for dir in said gzip none; do
	ln -s /bin/sh "$here/$dir/sh"
done

in_dir . mkdir -p build/pkg/p/usr/bin build/pkg/.control.p build/pkg/q
in_dir build sh -c 'echo pkgname=p >APKBUILD; echo it >pkg/p/usr/bin/it
	ln -s it pkg/p/usr/bin/link; touch -d @7 pkg/p/usr/bin/it
	cd pkg/p; printf "usr\0usr/bin\0usr/bin/it\0usr/bin/link\0" >../../list'
# ran [VARIABLE=VALUE...] COMMAND... - in build/ under amtree-run; its status
ran() {
	in_dir build env "$@" 2>&1
}

# where they are in PATH
libexec=$(cd "$O/libexec" && pwd -P)
path='echo "$PATH${AMTREE_BUILD+ $AMTREE_BUILD}"'
check 'where an APKBUILD is, they come first in PATH' prints \
	"$libexec:$PATH $O/amtree-build" ran amtree-run sh -c "$path"
check 'elsewhere they are not in it' prints "$PATH" \
	in_dir . amtree-run sh -c "$path"
check 'nor with --root' prints "$PATH" \
	ran amtree-run --root pkg/p sh -c "$path"
check 'nor where APKBUILD is a directory' prints "$PATH" sh -c '
	mkdir -p odd/APKBUILD && cd odd && exec amtree-run sh -c "$1"' - "$path"

# tar, called as abuild calls it; arguments can be put behind, or left out by
# WITHOUT=PATTERN
cat >"$here/pack" <<'END'
set -f
args='--format=posix --pax-option=exthdr.name=%d/PaxHeaders/%f,atime:=0,ctime:=0
--no-recursion --null -f - -c --mtime=@1234 -T - --xattrs
--xattrs-exclude=security.selinux --owner-map=/x/.owner-map
--group-map=/x/.group-map'
dir=$1
shift
for arg in $args; do
	case $arg in
	${WITHOUT:-none}) ;;
	*) set -- "$@" "$arg" ;;
	esac
done
cd "$dir" && exec ${EMPTY:+env AMTREE_JOURNAL=} tar "$@"
END
# packs DIRECTORY [ARG...]
packs() {
	ran PATH="$here/said:$PATH" ${without:+"WITHOUT=$without"} amtree-run \
		sh "$here/pack" "$@" <build/list
}
# same_as_build TIME - tar gave what amtree-build gives with that time
same_as_build() {
	packs pkg/p >ours || return 1
	in_dir build/pkg/p env -u SOURCE_DATE_EPOCH \
		${1:+"SOURCE_DATE_EPOCH=$1"} "$build" -q \
		--root . --control ../.control.p --format tar \
		--files-from - -o - <build/list >theirs &&
		cmp ours theirs
}
without=
SOURCE_DATE_EPOCH=99
check 'called in a package as abuild does, tar is amtree-build' \
	same_as_build 1234
unset SOURCE_DATE_EPOCH
check 'with the time that it is called with' same_as_build 1234
export SOURCE_DATE_EPOCH=99
without='--mtime=*'
check 'without one, a file has its own' same_as_build ''
# goes_on DIRECTORY [ARG...] - to the real tar, whose status comes back
goes_on() {
	go_status=0
	packs "$@" >said || go_status=$?
	cat said
	[ "$go_status" -eq 5 ] && grep -q '^real \[' said
}
for arg in --format=posix --no-recursion --null --xattrs -c; do
	without=$arg
	check "without $arg it is the real tar" goes_on pkg/p
done
without=
for arg in -v --exclude=x --xattrs-exclude=user.x --mtime=now usr -C/ -z; do
	check "with $arg it is the real tar" goes_on pkg/p $arg
done
for args in '-f x' '-T x' '-f' '--format gnu'; do
	# shellcheck disable=SC2086 # words
	check "with $args it is the real tar" goes_on pkg/p $args
done
export EMPTY=y
check 'without AMTREE_JOURNAL it is the real tar' goes_on pkg/p
unset EMPTY
for dir in . pkg pkg/p/usr pkg/q pkg/.control.p /; do
	check "in $dir it is the real tar" goes_on $dir
done
exact() {
	prints "real [tvf] [a  b] [] [-] [\$x'\"]" ran PATH="$here/said:$PATH" \
		amtree-run sh -c '"$@"; [ $? -eq 5 ]' - \
		tar tvf 'a  b' '' - "\$x'\""
}
check 'it gets every argument as it was' exact
cat >"$here/behind" <<'END'
cd build && exec "$1" sh -c 'tar x; [ $? -eq 5 ]'
END
for word in "$libexec/" "$libexec/../libexec" "$here/libexec" .:.; do
	ln -sfn "$libexec" "$here/libexec"
	check "it is found behind $word in PATH" prints 'real [x]' \
		timeout 20 env PATH="$word:$here/none:$here/said" \
		sh "$here/behind" "$run"
done
mkdir "$here/none/tar"
check 'a directory called tar is none' prints 'real [x]' ran \
	PATH="$here/none:$here/said" "$run" sh -c 'tar x; [ $? -eq 5 ]'
in_dir build cp "$here/said/tar" .
check 'an empty word in PATH is the current directory' prints 'real [x]' ran \
	PATH="$here/none::" "$run" sh -c 'tar x; [ $? -eq 5 ]'
in_dir build rm tar
check 'where there is no other tar, it says so' prints \
	"tar: there is none in PATH but the one in '$libexec'" ran \
	PATH="$here/none" "$run" sh -c 'tar x; [ $? -eq 127 ]'
in_dir build tar -cf a.tar -C pkg p
check 'tar reads archives' prints 'p/
p/usr/
p/usr/bin/
p/usr/bin/it
p/usr/bin/link' ran amtree-run tar tf a.tar
check 'and takes them apart, with their owners' prints 'mail:mail' ran \
	amtree-run sh -c 'chown mail:mail pkg/p/usr && tar cf b.tar pkg &&
		mkdir to && tar xf b.tar -C to && stat -c %U:%G to/pkg/p/usr'

# pigz
packed() {
	ran amtree-run sh -c 'pigz -n -9 <"$1" >out.gz' - "$1" &&
		python3 "$tests/tarcmp.py" gzip build/out.gz &&
		gzip -dc build/out.gz | cmp - "$1"
}
: >empty
seq 1 1000000 >numbers
check 'pigz, called as by abuild, makes one gzip member' packed "$PWD/numbers"
check 'of nothing, too' packed "$PWD/empty"
one_cpu() {
	packed "$PWD/numbers"
	ran taskset -c 0 amtree-run sh -c 'pigz -n -9 <"$1"' - "$PWD/numbers" |
		cmp - build/out.gz
}
check 'on one processor it is the same' one_cpu
check 'a full disk is an error' prints \
	'pigz: cannot write: No space left on device' ran \
	amtree-run sh -c 'seq 9 | pigz -n -9 >/dev/full; [ $? -eq 3 ]'
for args in '-9 -n' '-n -9 x' -n '-n -9 -c' -d --version; do
	expected=$(echo "pigz $args" | sed 's/ \([^ ]*\)/ [\1]/g')
	# shellcheck disable=SC2086 # words
	check "pigz $args goes to the real one" prints "$expected" ran \
		PATH="$here/said:$PATH" amtree-run \
		sh -c '"$@"; [ $? -eq 5 ]' - pigz $args
done
check 'so does what goes to a terminal' prints 'pigz [-n] [-9]' ran \
	PATH="$here/said:$PATH" amtree-run python3 -c '
import os, pty
pid, fd = pty.fork()
if not pid:
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.execvp("pigz", ["pigz", "-n", "-9"])
said = b""
try:
    while not said.endswith(b"\n"):
        said += os.read(fd, 99)
finally:
    print(said.decode().strip())'
check 'where there is no pigz, gzip does it' prints 'gzip [-d] [a b]' ran \
	PATH="$here/gzip" "$run" sh -c 'pigz -d "a b"; [ $? -eq 5 ]'
check 'and neither is an error' prints \
	'pigz: there is neither pigz nor gzip in PATH: No such file or directory' \
	ran PATH="$here/none" "$run" sh -c 'pigz -d; [ $? -eq 127 ]'
check 'abuild finds ours where there is none' prints "$libexec/pigz" ran \
	PATH="$here/none" "$run" sh -c 'gzip=$(command -v pigz) || gzip=gzip
		echo "$gzip"'
finish
