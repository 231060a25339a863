#!/bin/sh
# amtree: each system call and each allocation fails once
# shellcheck disable=SC2154 # variables of lib.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/faults.sh"

faults amtree-new amtree amtree-create amtree-list amtree-check
finish
