# zsh.awk - a completion for zsh(1)

function action(i,   k) {
	k = kind(arg[i])
	if (k == "words")
		return "(" choices(arg[i]) ")"
	if (k == "dirs")
		return "_files -/"
	if (k == "files")
		return "_files"
	if (k == "none")
		return " "
	return ident(program) "_" k
}

# What stands between brackets in a specification.
function shown(s) {
	gsub(/[][\\]/, "\\\\&", s)
	return s
}

# The name of an argument, where a colon would end it.
function message(s) {
	s = tolower(s)
	gsub(/:/, "\\:", s)
	return s
}

function spec(i,   more, rest, s) {
	rest = "[" shown(help[i]) "]"
	if (arg[i] != "")
		rest = rest ":" message(arg[i]) ":" action(i)
	more = (name[i] in many) ? "*" : ""
	if (name[i] == "help" || name[i] == "version")
		s = "(- *)"
	else if (key[i] != "" && more == "")
		s = "(-" key[i] " --" name[i] ")"
	if (key[i] == "")
		return quote(s more "--" name[i] (arg[i] != "" ? "=" : "") rest)
	return quote(s more) "{-" key[i] (arg[i] != "" ? "+" : "") ",--" \
	    name[i] (arg[i] != "" ? "=" : "") "}" quote(rest)
}

function print_accounts(f) {
	print f "_user() {"
	print "\tcompadd \"$@\" -- ${(f)\"$(getent passwd | cut -d: -f1)\"}"
	print "}"
	print ""
	print f "_group() {"
	print "\tcompadd \"$@\" -- ${(f)\"$(getent group | cut -d: -f1)\"}"
	print "}"
	print ""
}

function print_owner(f) {
	print f "_owner() {"
	print "\tif compset -P '*:'; then"
	print "\t\t" f "_group \"$@\""
	print "\telse"
	print "\t\t" f "_user \"$@\" -S ''"
	print "\tfi"
	print "}"
	print ""
}

function print_pair(f) {
	print f "_pair() {"
	print "\tif compset -P '*='; then"
	print "\t\t_files -/"
	print "\telse"
	print "\t\t_files -/ -S ="
	print "\tfi"
	print "}"
	print ""
}

END {
	pair_keys()
	f = ident(program)
	print "#compdef " program
	print "# Completion of " program " for zsh, made from its --help"
	print ""
	for (i = 1; i <= n; i++)
		seen[kind(arg[i])] = 1
	if ("owner" in seen || "user" in seen || "group" in seen)
		print_accounts(f)
	if ("owner" in seen)
		print_owner(f)
	if ("pair" in seen)
		print_pair(f)
	print f "() {"
	print "\tlocal -a specs"
	print ""
	print "\tspecs=("
	for (i = 1; i <= n; i++) {
		if (with[i] == "" && without[i] == "")
			print "\t\t" spec(i)
	}
	if (operands == "file")
		print "\t\t'*:file:_files'"
	else if (operands == "command")
		print "\t\t'(-)1:command:_command_names -e'" \
		    "\n\t\t'*::argument:_normal'"
	print "\t)"
	for (i = 1; i <= n; i++) {
		if (with[i] == "" && without[i] == "")
			continue
		k = with[i] != "" ? with[i] : without[i]
		print "\t(( " (with[i] != "" ? "" : "! ") "$words[(I)-" k \
		    "*|-[^-]*" k "*|--" long_of(k) "*] )) &&"
		print "\t\tspecs+=(" spec(i) ")"
	}
	print "\t_arguments -s -S : $specs"
	print "}"
	print ""
	print f " \"$@\""
}
