#!/bin/sh
# amtree-run: each system call and each allocation fails once
# shellcheck disable=SC2154 # variables of lib.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/faults.sh"

faults run run-suggest run-strict
finish
