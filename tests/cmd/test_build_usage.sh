#!/bin/sh
# amtree-build: what it says to a wrong command line
. "$(dirname "$0")/lib.sh"

mkdir -p pkg/foo pkg/.control.foo
usage() {
	check "$1 is a usage error" fails_with 2 "$2" "$build" \
		--root pkg/foo --control pkg/.control.foo "$3" ${4+"$4"} ${5+"$5"}
}
finish
