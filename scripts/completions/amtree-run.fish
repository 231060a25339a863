# Completion of amtree-run for fish, made from its --help

function _amtree_run_command
	set -l words (commandline -opc)
	set -e words[1]
	while set -q words[1]
		switch $words[1]
			case --
				set -e words[1]
				break
			case --root --control --user --group
				set -e words[1]
				set -e words[1]
			case '-*'
				set -e words[1]
			case '*'
				break
		end
	end
	set -q words[1]; and printf '%s\n' $words
end

function _amtree_run_operand
	set -l command (_amtree_run_command)
	set -l token (commandline -ct)
	if set -q command[1]; or not string match -q -- '-*' $token
		__fish_complete_subcommand --commandline $command $token
	end
end

complete -c amtree-run -x -a '(_amtree_run_operand)'
complete -c amtree-run -l root -n 'not _amtree_run_command >/dev/null' -x -a '(__fish_complete_directories)' -d 'record for the package with this tree'
complete -c amtree-run -l control -n 'not _amtree_run_command >/dev/null' -x -a '(__fish_complete_directories)' -d '... and this control directory'
complete -c amtree-run -l user -n 'not _amtree_run_command >/dev/null' -x -a '(getent passwd | string replace -r ":.*" "")' -d 'a user that need not exist here'
complete -c amtree-run -l group -n 'not _amtree_run_command >/dev/null' -x -a '(getent group | string replace -r ":.*" "")' -d 'a group that need not exist here'
complete -c amtree-run -l strict -n 'not _amtree_run_command >/dev/null' -d 'refuse what would be recorded; say what to write'
complete -c amtree-run -l suggest -n 'not _amtree_run_command >/dev/null' -d 'print the amtree lines that do without this'
complete -c amtree-run -l no-fake-id -n 'not _amtree_run_command >/dev/null' -d 'do not let the command believe it is root'
complete -c amtree-run -s h -l help -n 'not _amtree_run_command >/dev/null' -d 'show this and exit'
complete -c amtree-run -s v -l version -n 'not _amtree_run_command >/dev/null' -d 'show the version and exit'
