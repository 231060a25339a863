# shellcheck shell=bash
# Completion of amtree for bash, made from its --help

# _amtree_complete KIND [WORDS] - answer with what begins like $cur
_amtree_complete()
{
	local tail=${cur##*[:=]}

	case $1 in
	none) return ;;
	files | dirs | pair) compopt -o filenames 2>/dev/null ;;
	esac
	case $1 in
	files) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	dirs) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
	pair) mapfile -t COMPREPLY < <(compgen -d \
		-P "${cur%"$tail"}" -- "$tail") ;;
	user) mapfile -t COMPREPLY < <(compgen -W \
		"$(getent passwd | cut -d: -f1)" -- "$cur") ;;
	group) mapfile -t COMPREPLY < <(compgen -W \
		"$(getent group | cut -d: -f1)" \
		-P "${cur%"$tail"}" -- "$tail") ;;
	words) mapfile -t COMPREPLY < <(compgen -W "$2" -- "$cur") ;;
	command) mapfile -t COMPREPLY < <(compgen -c -- "$cur") ;;
	esac
}

_amtree()
{
	local i=$COMP_CWORD cur=${COMP_WORDS[COMP_CWORD]} keys=ugmtDc
	local option='' part='' given='' word k is_ended=0

	COMPREPLY=()
	for ((k = 1; k < COMP_CWORD; k++)); do
		word=${COMP_WORDS[k]}
		case $word in
		--) is_ended=1 && break ;;
		--type*) given+=t ;;
		--*) ;;
		-*)
			option=${word%%["$keys"]*}
			given+=${word:1:${#option}}
			option=''
			;;
		esac
	done
	[[ $given == *t* ]] && keys+=l
	if ((is_ended)); then
		_amtree_complete files
		return
	fi

	# bash parts words at "=" and ":": go back to the option
	if [[ $cur == [:=] ]]; then
		part=$cur cur='' && ((i++))
	elif ((i > 1)) && [[ ${COMP_WORDS[i - 1]} == [:=] ]]; then
		part=${COMP_WORDS[i - 1]}
	fi
	while ((i > 1)) && [[ ${COMP_WORDS[i - 1]} == [:=] ]]; do
		((i -= 2))
	done
	if [[ -n $part && ${COMP_WORDS[i]} == -* ]]; then
		option=${COMP_WORDS[i]}
	elif ((i > 1)); then
		option=${COMP_WORDS[i - 1]}
	fi
	if [[ $option == -[!-]* ]]; then
		# of several keys the first that takes an argument has the rest
		word=${option%%["$keys"]*}
		[[ -n $keys && $option == "$word"? ]] &&
			option=-${option: -1} || option=''
	fi
	[[ $part == : || $cur == *:* ]] && option+=:

	case $option in
	-u: | --user:) _amtree_complete group ;;
	-u | --user) _amtree_complete user ;;
	-g | --group) _amtree_complete group ;;
	-m | --mode) _amtree_complete none ;;
	-t | --type) _amtree_complete words 'file dir link char block fifo' ;;
	-D | --device) _amtree_complete none ;;
	-l | --link) _amtree_complete files ;;
	-c | --caps) _amtree_complete none ;;
	--root) _amtree_complete dirs ;;
	--control) _amtree_complete dirs ;;
	*)
		if [[ $cur == -* ]]; then
			_amtree_complete words \
				'--recursive --user= --group= --mode= --type= --device= --link= --caps= --list --why --check --root= --control= --help --version'
			[[ ${COMPREPLY[*]} == *= ]] &&
				compopt -o nospace 2>/dev/null
		else
			_amtree_complete files
		fi
		;;
	esac
	return 0
}

complete -F _amtree amtree
