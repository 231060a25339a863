# shellcheck shell=sh
# shellcheck disable=SC2154 # variables of the caller
# SPDX-License-Identifier: BSD-2-Clause
#
# recipes.sh - which recipes amtree-trybuild builds; sourced behind names.sh, with
# $results, $libexec and die()

# recipe_key() for awk: there may be thousands
# shellcheck disable=SC2016
awk_key='function key_of(directory,   n, part) {
	n = split(directory, part, "/")
	return (part[n - 1] != "" ? part[n - 1] : "root") "/" part[n]
}
'

# find_recipes PATH... - the directories with an APKBUILD; ends as search.py does
find_recipes() {
	[ $# -gt 0 ] || return 0
	for path; do
		shift
		at=$(cd -- "$path" 2>/dev/null && pwd) ||
			die 3 "cannot enter '$path'"
		set -- "$@" "$at"
	done
	python3 -B "$libexec/search.py" "$@" 9>&-
}

# list_recipes FILE - the same of those that it names
list_recipes() {
	while IFS= read -r path; do
		case $path in
		'' | '#'*) continue ;;
		esac
		path=${path%/APKBUILD}
		[ -e "$path/APKBUILD" ] || die 2 "'$path' has no APKBUILD"
		(cd -- "$path" && pwd) || exit 3
	done
}

# The list only grows, so that what is there keeps its place.
add_recipes() {
	touch "$results/recipes" || exit 3
	awk '!seen[$0]++' "$results/recipes" - >"$results/recipes.new" || exit 3
	twice=$(awk "$awk_key"'{
		key = key_of($0)
		if (key in seen) { print "\047" seen[key] "\047 and \047" $0 \
			"\047 are both \047" key "\047"; exit }
		seen[key] = $0
	}' "$results/recipes.new")
	[ -z "$twice" ] || die 2 "$twice"
	mv "$results/recipes.new" "$results/recipes" || exit 3
}

# The recipes that have no result.
left() {
	find "$results/results" -mindepth 3 -maxdepth 3 -name facts \
		-exec grep -lx complete {} + >"$results/unfinished/done"
	awk "$awk_key"'
	FILENAME == ARGV[1] { sub(/\/facts$/, ""); is_done[key_of($0)] = 1; next }
	!(key_of($0) in is_done)' "$results/unfinished/done" "$results/recipes"
}
