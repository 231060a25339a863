# Completion of amtree-build for fish, made from its --help

function _amtree_build_pair
	set -l token (commandline -ct | string replace -r '^--[^=]*=' '')
	set -l root (string match -r '^.*=' -- $token)
	set -l rest (string replace -r '^.*=' '' -- $token)
	printf '%s\n' $root(__fish_complete_directories "$rest")
end

complete -c amtree-build -f
complete -c amtree-build -l root -x -a '(__fish_complete_directories)' -d 'the package\'s tree'
complete -c amtree-build -l control -x -a '(__fish_complete_directories)' -d 'its control directory'
complete -c amtree-build -l sibling -x -a '(_amtree_build_pair)' -d 'another package of the same build'
complete -c amtree-build -l journal -r -F -d 'what amtree-run has recorded'
complete -c amtree-build -l mtree -r -F -d 'take the entries of a merged file'
complete -c amtree-build -s o -l output -r -F -d 'the archive; - is stdout'
complete -c amtree-build -l format -x -a 'tar.gz tar' -d 'tar.gz (default) or tar'
complete -c amtree-build -s j -l jobs -x -d 'threads that compress; 0: none'
complete -c amtree-build -s z -l level -x -d '0 (fast) to 12 (small)'
complete -c amtree-build -l files-from -r -F -d 'NUL-separated names to pack; - is stdin'
complete -c amtree-build -l datahash -d 'print \'datahash = SHA256\' for .PKGINFO'
complete -c amtree-build -l checksum -x -a 'sha1 none' -d 'sha1 (default) or none'
complete -c amtree-build -s v -l verbose -d 'name each entry on stderr'
complete -c amtree-build -s q -l quiet -d 'no progress and no warnings'
complete -c amtree-build -s h -l help -d 'show this and exit'
complete -c amtree-build -l version -d 'show the version and exit'
