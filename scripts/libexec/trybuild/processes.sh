# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
#
# processes.sh - finds and ends the processes of a build; sourced by job.sh
#
# They are known by their environment, which has AMTREE_TRYBUILD=DIRECTORY, and by
# being somewhere in that directory: who clears the one mostly stays in the other.

# marked MARK - the processes that have it in their environment; busybox's grep ends
# a line at its first NUL
marked() {
	if grep --version 2>/dev/null | grep -q GNU; then
		grep -slaF -- "$1" /proc/[0-9]*/environ
	else
		for environ in /proc/[0-9]*/environ; do
			[ -r "$environ" ] &&
				tr '\0' '\n' <"$environ" 2>/dev/null |
				grep -qF -- "$1" && echo "$environ"
		done
	fi | sed 's,/proc/,,; s,/.*,,'
}

# staying DIRECTORY - the processes that are in it or below
staying() {
	# shellcheck disable=SC2012 # numbers are all that is taken of it
	ls -ld /proc/[0-9]*/cwd 2>/dev/null | WHERE="/cwd -> $1/" awk '
	(at = index($0 "/", ENVIRON["WHERE"])) {
		process = substr($0, 1, at - 1)
		sub(/.*\//, "", process)
		print process
	}'
}

# sweep DIRECTORY - what is left of a build in it ends
sweep() {
	for process in $(marked "AMTREE_TRYBUILD=$1") $(staying "$1"); do
		kill -s KILL "$process" 2>/dev/null
	done
	return 0
}
