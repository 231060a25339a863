#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# stage.sh - stands in front of the program in FAKEROOT, and notes how long it ran
#
# job.sh links to this by the program's name, in a directory of PATH; beside that
# directory `real` is the program, and `stage` gets a line for each run: when it
# began and ended, as /proc/uptime has it.
here=${0%/bin/*}

# asked for while a stage runs
case ${1-} in
-v | --version) exec "$here/real" "$@" ;;
esac
read -r begin _ </proc/uptime
"$here/real" "$@"
status=$?
read -r end _ </proc/uptime
echo "$begin $end" >>"$here/stage"
exit "$status"
