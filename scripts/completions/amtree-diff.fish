# Completion of amtree-diff for fish, made from its --help

complete -c amtree-diff -l ignore -x -d 'kinds of differences that are none'
complete -c amtree-diff -l json -d 'one JSON object a line'
complete -c amtree-diff -l junit -d 'one JUnit testsuite, in XML'
complete -c amtree-diff -s j -l jobs -x -d 'packages compared at a time; 0: no threads'
complete -c amtree-diff -s q -l quiet -d 'print nothing: the status says it'
complete -c amtree-diff -s h -l help -d 'show this and exit'
complete -c amtree-diff -l version -d 'show the version and exit'
