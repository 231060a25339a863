#!/bin/sh
# make.sh O OUTDIR [PROGRAM...] - completions for bash, zsh and fish
#
# Made from what the programs in O answer to --help, which is made from their
# option tables; without PROGRAM for all of the Makefile.  What an
# argument is called in --help (FILE, USER, ...) decides how it is completed, so
# new options and new programs need nothing here unless they bring a new word.
#
# A short form that two rows have belongs to the one whose help begins "with -K"
# if -K is given, and to the other if not.
set -eu
LC_ALL=C
export LC_ALL
O=$1 out=$2 here=$(dirname "$0")
shift 2
if [ $# -eq 0 ]; then
	# shellcheck disable=SC2046 # a list of words
	set -- $(sed -n 's/^PROGRAMS *= *//p; s/^SCRIPTS *= *//p' \
		"$here/../../Makefile")
fi

# rows PROGRAM - its options, one a line: KEY|LONG|ARG|HELP, behind a line that
# says what its operands are, and which options may be given more than once
rows() {
	help=$("$O/$1" --help)
	printf '%s\n' "$help" | awk '
	function flush() {
		if (head != "")
			print head "|" help
		head = help = ""
	}
	/^  (-.,|   ) --/ {
		flush()
		line = $0
		key = substr(line, 3, 1) == "-" ? substr(line, 4, 1) : ""
		sub(/^......--/, "", line)
		name = line
		sub(/ .*/, "", name)
		help = substr(line, length(name) + 1)
		sub(/^ */, "", help)
		arg = ""
		if ((i = index(name, "=")) > 0) {
			arg = substr(name, i + 1)
			name = substr(name, 1, i - 1)
		}
		head = key "|" name "|" arg
		next
	}
	/^$/ && !in_table {
		in_table = 1
		kind = usage ~ /COMMAND/ ? "command" : \
		    usage ~ /PATH|PACKAGE|[^A-Z]A B/ ? "file" : "none"
		# "[--root DIR [--control DIR]]..." too
		while (match(usage, /\[--[^]]*\]+\.\.\./)) {
			many_times = substr(usage, RSTART + 1, RLENGTH)
			gsub(/\[/, "", many_times)
			count = split(many_times, w, " ")
			for (i = 1; i <= count; i++) {
				if (w[i] ~ /^--/)
					many = many " " substr(w[i], 3)
			}
			usage = substr(usage, RSTART + RLENGTH)
		}
		print kind many
		next
	}
	!in_table { usage = usage $0 " "; next }
	{ # the help text of a head that filled its line
		line = $0
		sub(/^ */, "", line)
		help = help (help == "" ? "" : " ") line
	}
	END { flush() }'
}

for program; do
	all=$(rows "$program")
	for shell in bash zsh fish; do
		case $shell in
		bash) file=$out/$program.bash ;;
		zsh) file=$out/_$program ;;
		fish) file=$out/$program.fish ;;
		esac
		printf '%s\n' "$all" | awk -F'|' -v program="$program" \
			-f "$here/common.awk" -f "$here/$shell.awk" >"$file"
	done
done
