#!/bin/sh
# amtree-scan of APKBUILDs: who declares, who calls chown and its like
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

mkdir -p main/plain main/both main/groups main/calls main/odd/src

cat >main/plain/APKBUILD <<'END'
# chown -R foo:foo "$pkgdir"
pkgname=plain
depends="chown setcap"
subpackages="$pkgname-setcap"
install="$pkgname.pre-install -o"
source="install -o"
package() {
	make install -o foo
	install -Dm755 x "$pkgdir"/usr/bin/x
	install -dm755 "$pkgdir"/a-o -m700
	install -m -- -o
	msg "now chown foo"
	echo 'chown foo' # chown
	cat >"$pkgdir"/x <<-EOF
	chown foo
	$(true)
	EOF
	sed 's/x/chown/' -i x
	command -v chown
	find . -name chown
	DESTDIR=chown ./install -o foo
}
setcap() {
	pkgdesc="split function"
}
END
cat >main/both/APKBUILD <<'END'
pkgname=both
pkgver=1.2
pkgrel=3
arch="all"
pkgusers="both both-log"
pkggroups=both
package() { install -d -o both "$pkgdir"/var/both; }
END
cat >main/groups/APKBUILD <<'END'
pkgname=groups
pkgusers=""
pkggroups="$(cat groups)"
END

# What bash calls when it runs this is what there is to be found in it
cat >main/calls/APKBUILD <<'END'
pkgname=calls
package() {
	chown -R foo:foo "$pkgdir"/var
	install -Dm755 -o foo x y
	install -dm755 -oroot x
	install -m644 -pDg foo x y; install --owner=foo x y
	install x y --gr foo
	/usr/bin/true && chgrp foo x || true
	true && if true; then chgrp foo x; fi
	( cd . && setcap cap_chown+ep x )
	x=$(chown foo x)
	echo "a $(chgrp foo x) ${y:-$(setcap -r x)}"
	for i in 1; do chown foo $i; done
	case a in a) chgrp foo x ;; b) true ;; esac
	LC_ALL=C chown foo x >/dev/null 2>&1
	while setcap -q x; do break; done
	! chown foo x
	{ chown foo x; }
	amtree -g foo x
	_more
}
_more() {
	local d="$pkgdir"; chown foo "$d" \
		"$d"/more
}
END
cat >oracle.bash <<'END'
chown() { call chown; }; chgrp() { call chgrp; }; setcap() { call setcap; }
amtree() { call amtree; }
install() { for w; do case $w in -*o* | -*g*) call install; break ;; esac; done; }
call() { echo "${BASH_LINENO[1]} $1" >&3; }
. "$1"
package 3>&1 >/dev/null
END
calls() {
	bash oracle.bash main/calls/APKBUILD | sort -u >want || return 1
	silent "$scan" --json main/calls/APKBUILD >said || return 1
	python3 -c 'import json, sys
for line in sys.stdin:
    o = json.loads(line)
    print(o["line"], o["call"])' <said | sort >got
	[ "$(wc -l <want)" -gt 15 ] && diff want got
}
check 'calls are those that bash makes' calls

# Those that only a reader can tell
cat >main/odd/APKBUILD <<'END'
pkgname=odd
pkgusers=$_u
package() {
	find . -exec chown foo {} + -exec chgrp foo {} \;
	find . -type f -print0 | xargs -0 chown foo
	install -Dm644 \
		-o foo \
		x y
	busybox install -g foo x; env A=b /usr/sbin/setcap -r x
	fakeroot -- chown foo x
	false && chown foo x
}
END
check 'lines are shown with their number' prints \
	'main/odd/APKBUILD:2: pkgusers=?
main/odd/APKBUILD:4: find . -exec chown foo {} + -exec chgrp foo {} \;
main/odd/APKBUILD:5: find . -type f -print0 | xargs -0 chown foo
main/odd/APKBUILD:6: install -Dm644 \
main/odd/APKBUILD:9: busybox install -g foo x; env A=b /usr/sbin/setcap -r x
main/odd/APKBUILD:10: fakeroot -- chown foo x
main/odd/APKBUILD:11: false && chown foo x' "$scan" main/odd/APKBUILD
check 'comments, strings, documents and other programs are no calls' \
	prints '' sh -c '"$1" main/plain/APKBUILD && echo' sh "$scan"
check 'a recipe is an object for each call, with what its packages are called' \
	prints '{"file":"main/both/APKBUILD","package":"both","version":"1.2-r3","arch":"all","line":5,"variable":"pkgusers","value":"both both-log"}
{"file":"main/both/APKBUILD","package":"both","version":"1.2-r3","arch":"all","line":6,"variable":"pkggroups","value":"both"}
{"file":"main/both/APKBUILD","package":"both","version":"1.2-r3","arch":"all","line":7,"call":"install","text":"package() { install -d -o both \"$pkgdir\"/var/both; }"}' \
	"$scan" --json main/both/APKBUILD

cp main/both/APKBUILD main/odd/src/APKBUILD.orig
figures='       5 recipes
       0 that are broken
       2 with pkgusers
       2 with pkggroups
       1 with both
       2 that call chown or chgrp
       3 that call install with -o or -g
       2 that call setcap
       4 with any of these
       1 of them with neither pkgusers nor pkggroups
       1 that call amtree'
check 'figures of recipes are those counted by hand' \
	prints "$figures" "$scan" --summary main
as_json() {
	"$scan" --summary --json main >said || return 1
	python3 -c 'import json
print(json.dumps(json.load(open("said"))["recipes"]))' >got
	echo '{"read": 5, "broken": 0, "pkgusers": 2, "pkggroups": 2,' \
		'"both": 1, "chown": 2, "install": 3, "setcap": 2, "any": 4,' \
		'"undeclared": 1, "amtree": 1}' | diff - got
}
check 'figures of recipes are in JSON the same' as_json

# Broken ones
mkdir bad
printf 'pkgusers=a\npackage() {\n\tchown a b\n\techo "\n}\n' >bad/open.APKBUILD
mkdir bad/open bad/large bad/fifo bad/nul
mv bad/open.APKBUILD bad/open/APKBUILD
head -c 1100000 /dev/zero | tr '\0' '\n' >bad/large/APKBUILD
mkfifo bad/fifo/APKBUILD
printf 'chown a b\n\0chown\n' >bad/nul/APKBUILD
broken() {
	status=0
	timeout 20 "$scan" bad/fifo/APKBUILD bad main/both >said 2>err ||
		status=$?
	cat said err
	[ "$status" -eq 3 ] && [ "$(wc -l <err)" -eq 3 ] &&
		grep -q '^amtree-scan: bad/fifo/APKBUILD: cannot be read: not a regular' err &&
		grep -q '^amtree-scan: bad/open/APKBUILD: quotes .* stay open' err &&
		grep -q '^amtree-scan: bad/large/APKBUILD: larger than' err &&
		grep -q '^bad/open/APKBUILD:3: chown a b$' said &&
		grep -q '^bad/nul/APKBUILD:1: chown a b$' said &&
		grep -q '^main/both/APKBUILD:5: pkgusers=' said
}
check 'a broken recipe is a finding, and the rest goes on' broken

finish
