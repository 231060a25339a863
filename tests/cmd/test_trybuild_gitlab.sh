#!/bin/sh
# doc/gitlab-ci/trybuild.yml: what GitLab would run, in a checkout
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of trybuild.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"
. "$tests/trybuild.sh"

yaml=$tests/../../doc/gitlab-ci/trybuild.yml
[ -e "$yaml" ] || yaml=$tests/trybuild.yml # a copy, for who cannot see the rest
cat >job.py <<'END'
import sys, yaml
job = yaml.safe_load(open(sys.argv[1]))[".amtree-trybuild"]
assert set(job) <= {"variables", "script", "cache", "artifacts", "retry"}
artifacts = job["artifacts"]
assert artifacts["reports"]["junit"] == "trybuild/junit.xml"
assert artifacts["when"] == "always" and "trybuild/report.html" in artifacts["paths"]
assert job["cache"]["paths"] == ["trybuild/"]
for name, value in job["variables"].items():
    assert isinstance(value, str), name
    open("variables", "a").write(f"{name}='{value}'\n")
open("script", "w").write("\n".join(job["script"]))
END
check 'it is YAML, and has what GitLab asks for' python3 job.py "$yaml"

recipe main/changed 'chown mail "$pkgdir"/x'
recipe main/other ''
git() {
	command git -C "$there/recipes" -c user.name=x -c user.email=x@example.org \
		-c init.defaultBranch=main "$@"
}
git init -q
git add .
git commit -q -m one
base=$(git rev-parse HEAD)
echo '# more' >>"$there/recipes/main/changed/APKBUILD"
echo text >"$there/recipes/README"
git add .
git commit -q -m two
own

# job [NAME=VALUE...] - as GitLab's runner runs it
job() {
	(cd "$there/recipes" && as_user env HOME="$there/home" PATH="$PATH" \
		CI_PROJECT_DIR="$there/recipes" "$@" sh -c '
		set -a && . "$1" && set +a
		TRYBUILD_COMMAND="sh $2"
		. "$3"' - "$here/dir/variables" "$tests/abuild/abuild.sh" \
		"$here/dir/script") >said 2>told </dev/null
}
chmod 755 "$here/dir"
both() {
	verdicts_are recipes/trybuild "$1"
}
check 'a merge request' job CI_MERGE_REQUEST_DIFF_BASE_SHA="$base"
check 'builds the recipes that it changes' both 'main/changed same'
check 'another pipeline for it' job
check 'builds the others too' both 'main/changed same
main/other same'
check 'and nothing again' sh -c '[ "$(sed 1d "$1" | wc -l)" -eq 2 ]' - \
	"$there/recipes/trybuild/joblog"
check 'all that it hands to GitLab is there' sh -c 'cd "$1" && [ -s report.html ] &&
	[ -s report.json ] && [ -s junit.xml ] && [ -d results ]' - \
	"$there/recipes/trybuild"
check 'a commit that is not there' fails job \
	CI_MERGE_REQUEST_DIFF_BASE_SHA=0123456789012345678901234567890123456789
check 'is no merge request without changes' fails grep -q changed said
check 'nothing has changed' job CI_MERGE_REQUEST_DIFF_BASE_SHA=HEAD
check 'and it says so' grep -qx 'no recipe has changed' said
finish
