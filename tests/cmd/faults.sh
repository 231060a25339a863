# shellcheck shell=sh
# faults.sh - for tests of what happens when something fails; sourced behind lib.sh
#
#	faults merge merge-json
#
# With AMTREE_FAULTS=all everything is tried, see fault/faults.py.

# shellcheck disable=SC2154 # of lib.sh
cc -o "$here/inject" "$tests/fault/inject.c" -D_GNU_SOURCE -lseccomp
cc -shared -fPIC -o "$here/alloc.so" "$tests/fault/alloc.c" -D_GNU_SOURCE -ldl

# faults CASE... - whatever fails, each keeps its promises.  To root modes are no
# obstacle, which makes less of a difference than trying twice takes time: of
# several, root tries the first.
faults() {
	! is_root || [ -n "${AMTREE_FAULTS-}" ] || set -- "$1"
	for case; do
		check "$case: whatever fails, no crash, no lie, nothing lost" \
			python3 -B "$tests/fault/faults.py" "$here" "$O" "$case"
		sed -n 's/^ok - /# /p' "$here/why"
	done
}
