# bash.awk - a completion for bash(1), 4.0 or newer

# What completes the argument of row i.
function action(i,   k) {
	k = kind(arg[i])
	if (k == "words")
		return "words '" choices(arg[i]) "'"
	return k
}

END {
	pair_keys()
	f = ident(program)
	longs = keys = ""
	for (i = 1; i <= n; i++) {
		longs = longs " --" name[i] (arg[i] != "" ? "=" : "")
		if (arg[i] != "" && with[i] == "")
			keys = keys key[i]
		if (with[i] != "" && arg[i] != "")
			more = more "\t[[ $given == *" with[i] \
			    "* ]] && keys+=" key[i] "\n"
	}
	print "# shellcheck shell=bash"
	print "# Completion of " program " for bash, made from its --help"
	print ""
	print "# " f "_complete KIND [WORDS] - answer with what begins like $cur"
	print f "_complete()"
	print "{"
	print "\tlocal tail=${cur##*[:=]}"
	print ""
	print "\tcase $1 in"
	print "\tnone) return ;;"
	print "\tfiles | dirs | pair) compopt -o filenames 2>/dev/null ;;"
	print "\tesac"
	print "\tcase $1 in"
	print "\tfiles) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;"
	print "\tdirs) mapfile -t COMPREPLY < <(compgen -d -- \"$cur\") ;;"
	print "\tpair) mapfile -t COMPREPLY < <(compgen -d \\"
	print "\t\t-P \"${cur%\"$tail\"}\" -- \"$tail\") ;;"
	print "\tuser) mapfile -t COMPREPLY < <(compgen -W \\"
	print "\t\t\"$(getent passwd | cut -d: -f1)\" -- \"$cur\") ;;"
	print "\tgroup) mapfile -t COMPREPLY < <(compgen -W \\"
	print "\t\t\"$(getent group | cut -d: -f1)\" \\"
	print "\t\t-P \"${cur%\"$tail\"}\" -- \"$tail\") ;;"
	print "\twords) mapfile -t COMPREPLY < <(compgen -W \"$2\" -- \"$cur\") ;;"
	print "\tcommand) mapfile -t COMPREPLY < <(compgen -c -- \"$cur\") ;;"
	print "\tesac"
	print "}"
	print ""
	print f "()"
	print "{"
	print "\tlocal i=$COMP_CWORD cur=${COMP_WORDS[COMP_CWORD]} keys=" keys
	print "\tlocal option='' part='' given='' word k is_ended=0"
	print ""
	print "\tCOMPREPLY=()"
	if (operands == "command")
		print_command(f)
	else
		print_given()
	if (more != "")
		printf "%s", more
	print "\tif ((is_ended)); then"
	print "\t\t" f "_complete " operand()
	print "\t\treturn"
	print "\tfi"
	print ""
	print "\t# bash parts words at \"=\" and \":\": go back to the option"
	print "\tif [[ $cur == [:=] ]]; then"
	print "\t\tpart=$cur cur='' && ((i++))"
	print "\telif ((i > 1)) && [[ ${COMP_WORDS[i - 1]} == [:=] ]]; then"
	print "\t\tpart=${COMP_WORDS[i - 1]}"
	print "\tfi"
	print "\twhile ((i > 1)) && [[ ${COMP_WORDS[i - 1]} == [:=] ]]; do"
	print "\t\t((i -= 2))"
	print "\tdone"
	print "\tif [[ -n $part && ${COMP_WORDS[i]} == -* ]]; then"
	print "\t\toption=${COMP_WORDS[i]}"
	print "\telif ((i > 1)); then"
	print "\t\toption=${COMP_WORDS[i - 1]}"
	print "\tfi"
	print "\tif [[ $option == -[!-]* ]]; then"
	print "\t\t# of several keys the first that takes an argument has the rest"
	print "\t\tword=${option%%[\"$keys\"]*}"
	print "\t\t[[ -n $keys && $option == \"$word\"? ]] &&"
	print "\t\t\toption=-${option: -1} || option=''"
	print "\tfi"
	print "\t[[ $part == : || $cur == *:* ]] && option+=:"
	print ""
	print "\tcase $option in"
	for (i = 1; i <= n; i++) {
		if (arg[i] == "")
			continue
		pattern = (key[i] != "" ? "-" key[i] " | " : "") "--" name[i]
		if (kind(arg[i]) == "owner") {
			owner = pattern
			gsub(/ \| /, ": | ", owner)
			print "\t" owner ":) " f "_complete group ;;"
			print "\t" pattern ") " f "_complete user ;;"
		} else
			print "\t" pattern ") " f "_complete " action(i) " ;;"
	}
	print "\t*)"
	print "\t\tif [[ $cur == -* ]]; then"
	print "\t\t\t" f "_complete words \\"
	print "\t\t\t\t'" substr(longs, 2) "'"
	print "\t\t\t[[ ${COMPREPLY[*]} == *= ]] &&"
	print "\t\t\t\tcompopt -o nospace 2>/dev/null"
	print "\t\telse"
	print "\t\t\t" f "_complete " operand()
	print "\t\tfi"
	print "\t\t;;"
	print "\tesac"
	print "\treturn 0"
	print "}"
	print ""
	print "complete -F " f " " program
}

# Which keys are given already, for those that need others?
function print_given(   i) {
	print "\tfor ((k = 1; k < COMP_CWORD; k++)); do"
	print "\t\tword=${COMP_WORDS[k]}"
	print "\t\tcase $word in"
	print "\t\t--) is_ended=1 && break ;;"
	for (i = 1; i <= n; i++) {
		if (with[i] != "")
			print "\t\t--" long_of(with[i]) "*) given+=" with[i] " ;;"
	}
	print "\t\t--*) ;;"
	print "\t\t-*)"
	print "\t\t\toption=${word%%[\"$keys\"]*}"
	print "\t\t\tgiven+=${word:1:${#option}}"
	print "\t\t\toption=''"
	print "\t\t\t;;"
	print "\t\tesac"
	print "\tdone"
}

# A command begins with the first word that is no option and no argument of one;
# from there on it completes itself.
function print_command(f,   i, pattern) {
	for (i = 1; i <= n; i++) {
		if (arg[i] == "")
			continue
		pattern = pattern (pattern != "" ? " | " : "") \
		    (key[i] != "" ? "-" key[i] " | " : "") "--" name[i]
	}
	print "\tfor ((k = 1; k < COMP_CWORD; k++)); do"
	print "\t\tcase ${COMP_WORDS[k]} in"
	print "\t\t--) is_ended=1 && ((++k)) && break ;;"
	if (pattern != "") {
		print "\t\t" pattern ")"
		print "\t\t\t[[ ${COMP_WORDS[k + 1]} == = ]] && ((k++))"
		print "\t\t\t((k++))"
		print "\t\t\t;;"
	}
	print "\t\t-*) ;;"
	print "\t\t*) break ;;"
	print "\t\tesac"
	print "\tdone"
	print "\tif ((k < COMP_CWORD)); then"
	print "\t\tif declare -F _command_offset >/dev/null; then"
	print "\t\t\t_command_offset $k"
	print "\t\telse"
	print "\t\t\t" f "_complete files"
	print "\t\tfi"
	print "\t\treturn"
	print "\tfi"
}

function operand() {
	return operands == "file" ? "files" : operands
}
