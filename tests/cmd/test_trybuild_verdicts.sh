#!/bin/sh
# amtree-trybuild: what it finds, through parallel(1) with two workers
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of trybuild.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"
. "$tests/trybuild.sh"

under='case $(amtree-run -v; echo $FAKEROOT) in *amtree-run)'
recipe main/same 'chown mail "$pkgdir"/x
	env -i setsid sleep 60 &'
recipe main/differs "chown mail \"\$pkgdir\"/x
	$under chgrp mail \"\$pkgdir\"/x; chmod 4755 \"\$pkgdir\"/x;; esac"
recipe main/here "$under echo I am here; return 7;; esac"
recipe main/there "$under ;; *) return 7;; esac"
recipe 'com munity/both (it'"'"'s)' 'return 7' both
recipe main/untried ''
echo 'FAKEROOT=' >>"$there/recipes/main/untried/APKBUILD"
recipe a/late "$under (sleep 60 & sleep 60);; esac"
mkdir -p "$there/recipes/main/same/src/nested" "$there/recipes/main/same/pkg"
cp "$there/recipes/main/same/APKBUILD" "$there/recipes/main/same/src/nested"
echo stale >"$there/recipes/main/same/pkg/stale"

# two machines: this one, and one that ssh leads to
cat >"$there/ssh" <<'END'
#!/bin/sh
echo "$1" >>"${0%/*}/logins"
shift 2
cd / && exec env -i PATH="$PATH" SHELL=/bin/sh sh -c "$*"
END
chmod 755 "$there/ssh"
printf '1/:\n1/elsewhere.example.org\n' >"$there/machines"
own
find "$there/recipes" -type f -exec cksum {} + | sort >before
status=0
trybuild -o out --sshloginfile "$there/machines" --ssh "$there/ssh" \
	--timeout 5 --keep all recipes || status=$?
check 'a difference makes status 1' [ "$status" -eq 1 ]
check 'each recipe gets its verdict' verdicts_are out \
	"a/late fails-here
com munity/both (it's) fails-both
main/differs differs
main/here fails-here
main/same same
main/there fails-there
main/untried untried"
check 'both machines built' sh -c 'cut -f 2 "$1" | sort -u | grep -c "^[:e]" |
	grep -x 2' - "$there/out/joblog"
check 'one of them through ssh' grep -q elsewhere "$there/logins"
find "$there/recipes" -type f -exec cksum {} + | sort >after
check 'the directories of recipes stay as they are' cmp before after
check 'nothing stays behind, not even what took too long or hides' nothing_left
check 'nor in the directory of results' sh -c \
	'[ ! -e "$1/running" ] && [ ! -e "$1/unfinished" ]' - "$there/out"

check 'it says how many of each there are' grep -qx '       2 fails only under amtree-run' said
check 'and what the differences are' sh -c '
	grep -q "^    differs: setid x: " said && grep -q "^    differs: group x: root -> mail" said'
check 'and the end of what only fails here' grep -qx '    I am here' said
check 'and that a build took too long' grep -qx \
	'    under amtree-run it took too long' said
check 'and how it goes on, a line each' sh -c '
	[ "$(grep -c "^amtree-trybuild: .*/.*: [a-z-]* (.* s, .* s)$" told)" -eq 7 ]'
logs() {
	cd "$there/out/results/main/here" &&
		grep -q 'here-1-r0.apk$' fakeroot.log &&
		grep -qx 'I am here' amtree-run.log && ! grep -q apk amtree-run.log
}
check 'both logs are kept' logs
kept() {
	find "$there/out/results/main/same" -name '*.apk' | sort >got
	cat got
	[ "$(wc -l <got)" -eq 2 ] &&
		"$O/amtree-diff" --ignore=number \
			"$there/out/results/main/same/fakeroot" \
			"$there/out/results/main/same/amtree-run"
}
check 'and the packages, which amtree-diff calls the same too' kept
cat >facts.py <<'END'
import json, sys
report = json.load(open(sys.argv[1]))
of = {r["name"]: r for r in report["recipes"]}
assert report["verdicts"]["same"] == 1 and report["verdicts"]["fails-here"] == 2
assert report["accounts"]["users"]["mail"] == {
    "packages": 2, "recipes": ["main/differs", "main/same"]}, report["accounts"]
kinds = [d["kind"] for d in of["main/differs"]["differences"]]
assert kinds[0] == "setid" and "group" in kinds, kinds
assert of["a/late"]["amtree_run"]["late"]
assert of["a/late"]["fakeroot"]["status"] == 0
assert of["main/untried"]["fakeroot"]["used"] is False
assert report["timed"] == 2 and report["staged"] == 2
for side in "fakeroot", "amtree_run":
    assert 0 < report["stage_seconds"][side] <= report["seconds"][side] < 60
firsts = {r["first"] for r in report["recipes"]}
assert firsts == {"fakeroot", "amtree-run"}, firsts
END
check 'report.json has it for programs' python3 facts.py "$there/out/report.json"
cat >junit.py <<'END'
import sys, xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot()
assert suite.tag == "testsuite" and suite.get("tests") == "7"
assert suite.get("failures") == "4" and suite.get("skipped") == "2"
cases = {c.get("name"): c for c in suite}
assert cases["same"].get("classname") == "main" and not len(cases["same"])
assert "setid x" in cases["differs"].find("failure").text
assert cases["both (it's)"].find("skipped") is not None
END
check 'junit.xml has it for GitLab' python3 junit.py "$there/out/junit.xml"
finish
