# Completion of amtree for fish, made from its --help

function _amtree_owner
	set -l token (commandline -ct | string replace -r '^--[^=]*=' '')
	set -l user (string match -r '^[^:]*:' -- $token)
	if test -n "$user"
		getent group | string replace -r '^([^:]*):.*' $user'$1'
	else
		getent passwd | string replace -r ':.*' ''
	end
end

complete -c amtree -s R -l recursive -d 'everything below PATH too'
complete -c amtree -s u -l user -x -a '(_amtree_owner)' -d 'owner, and group'
complete -c amtree -s g -l group -x -a '(getent group | string replace -r ":.*" "")' -d 'group'
complete -c amtree -s m -l mode -x -d 'mode as chmod takes it: 2755, u+s'
complete -c amtree -s t -l type -x -a 'file dir link char block fifo' -d 'dir, char, block, fifo, link or file; creates'
complete -c amtree -s D -l device -x -d 'with -t char or block'
complete -c amtree -s l -l link -n '__fish_contains_opt -s t type' -r -F -d 'with -t link'
complete -c amtree -s c -l caps -x -d 'capabilities as setcap takes them, or none'
complete -c amtree -s l -l list -n 'not __fish_contains_opt -s t type' -d 'list the overrides in force'
complete -c amtree -l why -d 'with -l: where all that PATH has comes from'
complete -c amtree -l check -d 'say what is wrong with the overrides'
complete -c amtree -l root -x -a '(__fish_complete_directories)' -d 'the package\'s tree'
complete -c amtree -l control -x -a '(__fish_complete_directories)' -d 'its control directory'
complete -c amtree -s h -l help -d 'show this and exit'
complete -c amtree -l version -d 'show the version and exit'
