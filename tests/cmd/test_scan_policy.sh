#!/bin/sh
# amtree-scan --check: what a policy does not allow is found, and nothing else
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo/var/www/b pkg/foo/usr/bin pkg/foo/dev pkg/.control.foo
: >pkg/foo/usr/bin/su
: >'pkg/foo/usr/bin/a *'
chmod 6755 pkg/foo/usr/bin/su 'pkg/foo/usr/bin/a *'
"$amtree" -R -u www -g mail pkg/foo/var/www
"$amtree" -g 1234 pkg/foo/usr
"$amtree" -c cap_net_raw+ep pkg/foo/usr/bin/su
"$amtree" -t char -D 1,3 pkg/foo/dev/null
"$build" -q --root pkg/foo --control pkg/.control.foo -o data.tar.gz
python3 "$tests/scancmp.py" pack data.tar.gz foo-1-r0.apk foo
python3 "$tests/scancmp.py" pack data.tar.gz cut.apk foo cut

all='foo user www # var/www and 1 more
foo group 1234 # usr
foo group mail # var/www and 1 more
foo device char:1,3 dev/null
foo setuid usr/bin/a\040\134\052
foo setgid usr/bin/a\040\134\052
foo setuid usr/bin/su
foo setgid usr/bin/su
foo caps cap_net_raw=ep usr/bin/su'

check '--policy prints a line for all that is not plain' \
	prints "$all" "$scan" --policy foo-1-r0.apk
printf '%s\n' "$all" >policy
check 'what --policy printed allows all that there is' \
	prints '' sh -c '"$1" --check policy foo-1-r0.apk && echo' sh "$scan"

# finds TEXT [OPTION] - status 1, and just these lines, with `policy` as it is
finds() {
	printf '%s\n' "$1" >want
	shift
	status=0
	"$scan" --check policy "$@" foo-1-r0.apk >said 2>err || status=$?
	cat err
	diff want said || return 1
	[ "$status" -eq 1 ] && [ ! -s err ]
}

# Without any of its lines, just that is found
each() {
	n=0
	while [ "$n" -lt 9 ]; do
		n=$((n + 1))
		printf '%s\n' "$all" | sed "${n}d" >policy
		finds "foo-1-r0.apk $(printf '%s\n' "$all" | sed -n "${n}p")" ||
			return 1
	done
}
check 'what no line allows is a finding, and status 1' each

: >policy
check 'an empty policy allows nothing' \
	finds "$(printf '%s\n' "$all" | sed 's/^/foo-1-r0.apk /')"
check 'with --policy only the lines that lack are printed, and no status' \
	sh -c 'printf "%s\n" "$2" | grep -v ^foo.group >policy
	"$1" --check policy --policy foo-1-r0.apk >said || exit
	printf "%s\n" "$2" | grep ^foo.group | diff - said' sh "$scan" "$all"

cat >policy <<'END'
# packages may be patterns, and so may all but capabilities

f*	user	ww[w]	# a comment
*	group	mail 12??
foo	setuid	usr/bin/*
foo	setgid	*su
fo?	device	char:1,* dev/zero dev/null
foo	caps	cap_net_raw,cap_net_admin+eip	usr/bin/su
END
check 'patterns allow what they match' \
	finds 'foo-1-r0.apk foo setgid usr/bin/a\040\134\052'
sed -i 's/^fo?/bar/; s/cap_net_raw,//; s/char:1/block:1/' policy
check 'patterns do not allow what they do not match' finds \
	'foo-1-r0.apk foo device char:1,3 dev/null
foo-1-r0.apk foo setgid usr/bin/a\040\134\052
foo-1-r0.apk foo caps cap_net_raw=ep usr/bin/su'

objects() {
	status=0
	"$scan" --check policy --json foo-1-r0.apk cut.apk >said 2>err ||
		status=$?
	cat said
	[ "$status" -eq 3 ] && python3 - <<'END'
import json
objects = [json.loads(line) for line in open("said")]
head = {"file": "foo-1-r0.apk", "package": "foo", "version": "1-r0",
        "arch": "noarch", "entries": 1}
want = [dict(head, denied=kind, value=value, path=path) for kind, value, path in (
    ("device", "char:1,3", "dev/null"),
    ("setgid", None, "usr/bin/a *"),
    ("caps", "cap_net_raw=ep", "usr/bin/su"))]
assert objects[:3] == want, objects[:3]
assert objects[-1]["finding"] == "truncated", objects[-1]
END
}
check 'findings are objects; a broken package weighs more' objects

# A package that names nobody is called what its file is called
check 'an archive without a name goes by that of its file' sh -c '
	echo "data.tar.g? * *" >none
	sed "s/^[^ ]* /data.tar.g? /" policy.all >policy
	"$1" --check policy ./data.tar.gz' sh "$scan" <<END
$(printf '%s\n' "$all" | tee policy.all)
END

# What is no policy
refuses() {
	printf 'foo user www\n%s\n' "$1" >bad
	fails_with 3 "^amtree-scan: bad:2: $2" "$scan" --check bad foo-1-r0.apk
}
check 'an unknown kind is refused' refuses 'foo usr www' "unknown kind 'usr'"
check 'a kind with nothing behind it is refused' refuses 'foo user' 'no user'
check 'a package with nothing behind it is refused' refuses 'foo #x' 'nothing'
check 'unknown capabilities are refused' refuses 'foo caps cap_x+ep x' '.*cap_x'
check 'capabilities without a path are refused' \
	refuses 'foo caps cap_chown+ep' 'no path'
check 'a path that begins with a slash is refused' \
	refuses 'foo setuid /usr/bin/su' "'/usr/bin/su' begins with a slash"
check 'a bad escape is refused' refuses 'foo user \q' 'backslash'
check 'a carriage return is refused' \
	refuses "$(printf 'foo user www\r')" 'control character'
check 'a policy that is not there is a failure' \
	fails_with 3 "cannot open 'none-such'" "$scan" --check none-such foo-1-r0.apk
check '--check and --summary are misuse' \
	fails_with 2 'more than one' "$scan" --check policy --summary foo-1-r0.apk
check '--json and --policy are misuse' \
	fails_with 2 'json' "$scan" --json --policy foo-1-r0.apk

from_stdin() {
	printf '%s\n' "$all" | silent "$scan" --check - foo-1-r0.apk
}
check 'a policy may come from standard input' from_stdin

# A repository allows itself, whatever is in it
repository() {
	mkdir many
	python3 "$tests/scancmp.py" repository many 150 3
	"$scan" --policy many >policy || return 1
	[ "$(wc -l <policy)" -gt 50 ] && silent "$scan" --check policy many &&
		! "$scan" --check /dev/null many >said &&
		cut -d ' ' -f 2- said | diff policy -
}
check 'the policy of a repository allows it' repository

finish
