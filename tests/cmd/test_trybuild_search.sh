#!/bin/sh
# amtree-trybuild: where it finds recipes, and what of that it cannot read
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of trybuild.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/dropin.sh"
. "$tests/trybuild.sh"

owned='chown mail "$pkgdir"/x'
newline='
'
escape=$(printf 'red\033[31m')
recipe main/one "$owned"
recipe shut/two "$owned"
recipe "new${newline}line/three" "$owned"
recipe main/one/src/four "$owned"
mkdir "$there/recipes/$escape" "$there/recipes/main/one/src/shut" "$there/other"
mv "$there/recipes/main" "$there/other/main"
chmod 000 "$there/recipes/shut" "$there/recipes/$escape" \
	"$there/other/main/one/src/shut"
own

# says STATUS LINES OPTION... - it ends with that, and says just these lines
says() {
	says_want=$1 says_status=0
	printf 'amtree-trybuild: %s\n' "$2" >want
	shift 2
	trybuild -q "$@" || says_status=$?
	cat told && echo "status $says_status" &&
		diff want told && [ "$says_status" -eq "$says_want" ]
}
line="$there/recipes/new\\x0aline/three: left out, for there is a newline in its name"
closed='cannot be read: Permission denied'
lines="$line
amtree-trybuild: $there/recipes/red\\x1b[31m: $closed
amtree-trybuild: $there/recipes/shut: $closed"

chmod 311 "$there/recipes/shut"
check 'an operand that cannot be read ends it' says 3 \
	"$there/recipes/shut: $closed" -o none other recipes/shut
chmod 000 "$there/recipes/shut"
check 'and one that cannot be entered' says 3 \
	"cannot enter 'recipes/shut'" -o none other recipes/shut
check 'before anything is built' [ ! -e "$there/none/joblog" ]
check 'where all are closed, that there is no recipe is no wrong command line' \
	says 3 "$lines${newline}amtree-trybuild: there is no recipe" -o none recipes
check 'a closed directory below is said, and makes status 3' \
	says 3 "$lines" -o out recipes other
check 'the others are searched, and have a verdict in the report' \
	verdicts_are out 'main/one same'
chmod 755 "$there/recipes/shut" "$there/recipes/$escape"
export CDPATH="$there"
check 'when it is open nothing is wrong, wherever cd(1) would look first' \
	says 0 "$line" -o out recipes other
unset CDPATH
check 'and what is in it is built' verdicts_are out 'main/one same
shut/two same'
finish
