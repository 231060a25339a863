#!/bin/sh
# amtree-build, amtree-run: SIGKILL at any moment
#
# AMTREE_KILLS says how many (10) of each, AMTREE_SEED where they fall.
# shellcheck disable=SC2154 # variables of lib.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

kills=${AMTREE_KILLS:-10} seed=${AMTREE_SEED:-0}
for kind in build run; do
	mkdir $kind
	cd $kind
	check "a $kind that is killed $kills times leaves old or new, and no more" \
		python3 -B "$tests/kills.py" "$seed" "$kills" $kind "$O"
	sed -n 's/^seed/# &/p' "$here/why"
	cd ..
done
finish
