# Completion of amtree-scan for fish, made from its --help

complete -c amtree-scan -s j -l jobs -x -d 'packages read at a time; 0: no threads'
complete -c amtree-scan -l json -d 'one JSON object a line'
complete -c amtree-scan -l suggest -d 'the amtree lines that a recipe would need'
complete -c amtree-scan -l summary -d 'figures of all files together'
complete -c amtree-scan -l check -r -F -d 'what the policy in FILE does not allow; status 1'
complete -c amtree-scan -l policy -d 'the lines of a policy that would allow it'
complete -c amtree-scan -s q -l quiet -d 'no progress, and nothing of what apk would skip'
complete -c amtree-scan -s h -l help -d 'show this and exit'
complete -c amtree-scan -l version -d 'show the version and exit'
