# shellcheck shell=bash
# Completion of amtree-trybuild for bash, made from its --help

# _amtree_trybuild_complete KIND [WORDS] - answer with what begins like $cur
_amtree_trybuild_complete()
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

_amtree_trybuild()
{
	local i=$COMP_CWORD cur=${COMP_WORDS[COMP_CWORD]} keys=olj
	local option='' part='' given='' word k is_ended=0

	COMPREPLY=()
	for ((k = 1; k < COMP_CWORD; k++)); do
		word=${COMP_WORDS[k]}
		case $word in
		--) is_ended=1 && break ;;
		--*) ;;
		-*)
			option=${word%%["$keys"]*}
			given+=${word:1:${#option}}
			option=''
			;;
		esac
	done
	if ((is_ended)); then
		_amtree_trybuild_complete files
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
	-o | --output) _amtree_trybuild_complete dirs ;;
	-l | --list) _amtree_trybuild_complete files ;;
	-j | --jobs) _amtree_trybuild_complete none ;;
	--build) _amtree_trybuild_complete none ;;
	--prepare) _amtree_trybuild_complete none ;;
	--fakeroot) _amtree_trybuild_complete none ;;
	--amtree-run) _amtree_trybuild_complete none ;;
	--ignore) _amtree_trybuild_complete none ;;
	--timeout) _amtree_trybuild_complete none ;;
	--keep) _amtree_trybuild_complete words 'none differs all' ;;
	--work) _amtree_trybuild_complete dirs ;;
	--sshloginfile) _amtree_trybuild_complete files ;;
	--ssh) _amtree_trybuild_complete none ;;
	--retries) _amtree_trybuild_complete none ;;
	*)
		if [[ $cur == -* ]]; then
			_amtree_trybuild_complete words \
				'--output= --list= --jobs= --build= --prepare= --fakeroot= --amtree-run= --ignore= --timeout= --keep= --work= --sshloginfile= --ssh= --retries= --report --quiet --help --version'
			[[ ${COMPREPLY[*]} == *= ]] &&
				compopt -o nospace 2>/dev/null
		else
			_amtree_trybuild_complete files
		fi
		;;
	esac
	return 0
}

complete -F _amtree_trybuild amtree-trybuild
