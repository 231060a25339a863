# Completion of amtree-merge for fish, made from its --help

function _amtree_merge_pair
	set -l token (commandline -ct | string replace -r '^--[^=]*=' '')
	set -l root (string match -r '^.*=' -- $token)
	set -l rest (string replace -r '^.*=' '' -- $token)
	printf '%s\n' $root(__fish_complete_directories "$rest")
end

complete -c amtree-merge -f
complete -c amtree-merge -l root -x -a '(__fish_complete_directories)' -d 'the package\'s tree'
complete -c amtree-merge -l control -x -a '(__fish_complete_directories)' -d 'its control directory'
complete -c amtree-merge -l sibling -x -a '(_amtree_merge_pair)' -d 'another package of the same build'
complete -c amtree-merge -l journal -r -F -d 'what amtree-run has recorded'
complete -c amtree-merge -s o -l output -r -F -d 'write to FILE, not to stdout'
complete -c amtree-merge -l changed -d 'only what differs from the default'
complete -c amtree-merge -l json -d 'one JSON object a line'
complete -c amtree-merge -l netbsd -d 'spelt as NetBSD\'s mtree(8) wants it'
complete -c amtree-merge -s h -l help -d 'show this and exit'
complete -c amtree-merge -l version -d 'show the version and exit'
