#!/bin/sh
# amtree-build: each system call and each allocation fails once
# shellcheck disable=SC2154 # variables of lib.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/faults.sh"

faults build build-threads build-tar build-list
finish
