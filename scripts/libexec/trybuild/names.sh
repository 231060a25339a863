# shellcheck shell=sh
# shellcheck disable=SC2154 # $results is the caller's
# SPDX-License-Identifier: BSD-2-Clause
#
# names.sh - what amtree-trybuild and job.sh both know; sourced, with $results set

# recipe_key DIRECTORY - sets $key, what a recipe is called: as abuild has it, by the
# repository that its directory is in
recipe_key() {
	key=${1%/*}
	key=${key##*/}
	key=${key:-root}/${1##*/}
}

# say_about WHAT TEXT - one line on stderr; names may hold anything
say_about() {
	printf 'amtree-trybuild: %s: %s\n' "$(printf '%s' "$1" |
		LC_ALL=C tr '\001-\037\177' '?')" "$2" >&2
}

# setting NAME - its value
setting() {
	sed -n "s/^$1=//p" "$results/settings"
}

# is_complete DIRECTORY - it is a whole result
is_complete() {
	grep -qx complete "$1/facts" 2>/dev/null
}
