# fish.awk - a completion for fish(1)

function fish_quote(s) {
	gsub(/\\/, "\\\\", s)
	gsub(/'/, "\\'", s)
	return "'" s "'"
}

# The options of complete(1) for the argument of row i.
function action(i,   k) {
	k = kind(arg[i])
	if (arg[i] == "")
		return ""
	if (k == "files")
		return " -r -F"
	if (k == "none")
		return " -x"
	if (k == "words")
		return " -x -a '" choices(arg[i]) "'"
	if (k == "dirs")
		return " -x -a '(__fish_complete_directories)'"
	if (k == "pair")
		return " -x -a '(" ident(program) "_pair)'"
	if (k == "user")
		return " -x -a '(getent passwd | string replace -r \":.*\" \"\")'"
	if (k == "group")
		return " -x -a '(getent group | string replace -r \":.*\" \"\")'"
	return " -x -a '(" ident(program) "_owner)'"
}

function condition(i,   k) {
	if (operands == "command")
		return " -n 'not " ident(program) "_command >/dev/null'"
	k = with[i] != "" ? with[i] : without[i]
	if (k == "")
		return ""
	return " -n '" (with[i] != "" ? "" : "not ") "__fish_contains_opt -s " \
	    k " " long_of(k) "'"
}

function print_owner(f) {
	print "function " f "_owner"
	print "\tset -l token (commandline -ct | string replace -r '^--[^=]*=' '')"
	print "\tset -l user (string match -r '^[^:]*:' -- $token)"
	print "\tif test -n \"$user\""
	print "\t\tgetent group | string replace -r '^([^:]*):.*' $user'$1'"
	print "\telse"
	print "\t\tgetent passwd | string replace -r ':.*' ''"
	print "\tend"
	print "end"
	print ""
}

function print_pair(f) {
	print "function " f "_pair"
	print "\tset -l token (commandline -ct | string replace -r '^--[^=]*=' '')"
	print "\tset -l root (string match -r '^.*=' -- $token)"
	print "\tset -l rest (string replace -r '^.*=' '' -- $token)"
	print "\tprintf '%s\\n' $root(__fish_complete_directories \"$rest\")"
	print "end"
	print ""
}

# The words of the command so far: the first that is no option and no argument of
# one, and all that follow; a failure if there is none.
function print_command(f,   i, heads) {
	for (i = 1; i <= n; i++) {
		if (arg[i] != "")
			heads = heads (key[i] != "" ? " -" key[i] : "") " --" \
			    name[i]
	}
	print "function " f "_command"
	print "\tset -l words (commandline -opc)"
	print "\tset -e words[1]"
	print "\twhile set -q words[1]"
	print "\t\tswitch $words[1]"
	print "\t\t\tcase --"
	print "\t\t\t\tset -e words[1]"
	print "\t\t\t\tbreak"
	if (heads != "") {
		print "\t\t\tcase" heads
		print "\t\t\t\tset -e words[1]"
		print "\t\t\t\tset -e words[1]"
	}
	print "\t\t\tcase '-*'"
	print "\t\t\t\tset -e words[1]"
	print "\t\t\tcase '*'"
	print "\t\t\t\tbreak"
	print "\t\tend"
	print "\tend"
	print "\tset -q words[1]; and printf '%s\\n' $words"
	print "end"
	print ""
	print "function " f "_operand"
	print "\tset -l command (" f "_command)"
	print "\tset -l token (commandline -ct)"
	print "\tif set -q command[1]; or not string match -q -- '-*' $token"
	print "\t\t__fish_complete_subcommand --commandline $command $token"
	print "\tend"
	print "end"
	print ""
}

END {
	pair_keys()
	f = ident(program)
	print "# Completion of " program " for fish, made from its --help"
	print ""
	for (i = 1; i <= n; i++)
		seen[kind(arg[i])] = 1
	if ("owner" in seen)
		print_owner(f)
	if ("pair" in seen)
		print_pair(f)
	if (operands == "command")
		print_command(f)
	if (operands == "none")
		print "complete -c " program " -f"
	else if (operands == "command")
		print "complete -c " program " -x -a '(" f "_operand)'"
	for (i = 1; i <= n; i++)
		print "complete -c " program \
		    (key[i] != "" ? " -s " key[i] : "") " -l " name[i] \
		    condition(i) action(i) " -d " fish_quote(help[i])
}
