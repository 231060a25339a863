#!/bin/sh
# test.sh - build everything and run all tests; ends with "N passed, N failed"
#
# Installs what is missing (scripts/deps.sh).  As root, what packages is run a
# second time as nobody.  AMTREE_FUZZ_SECONDS (30) is how long the
# fuzzer of packages runs, which come from others; the rest run a third as long.
set -u
cd "$(dirname "$0")/.." || exit 3
sh scripts/deps.sh test || exit 3

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'exit 1' INT TERM
passed=0 failed=0 started=$(date +%s)

# count LOG - add up what the suites in it say of themselves; 1 if they do not
count() {
	awk '
	    /^[0-9]+ passed, [0-9]+ failed$/ { p += $1; f += $3; n++ }
	    /^\[  PASSED  \] [0-9]+ test/ { p += $4; n++ }
	    /^\[  FAILED  \] [0-9]+ test/ { f += $4; n++ }
	    END { if (n) print p + 0, f + 0; else print 1, 0 }' "$1"
}

# step SENTENCE COMMAND... - run one suite, quietly unless it fails
step() {
	sentence=$1 && shift
	log=$logs/log begun=$(date +%s)
	if "$@" >"$log" 2>&1 </dev/null; then verdict=ok; else verdict='not ok'; fi
	# shellcheck disable=SC2046 # two numbers
	set -- $(count "$log")
	# a suite that fails without saying what counts as one failure
	if [ "$verdict" != ok ] && [ "$2" -eq 0 ]; then
		set -- "$(($1 > 0 ? $1 - 1 : 0))" 1
	fi
	passed=$((passed + $1)) failed=$((failed + $2))
	if [ "$verdict" != ok ]; then
		grep -E 'not ok|FAILED|rror|arning|ERROR|SUMMARY' "$log" |
			head -n 40
		tail -n 25 "$log"
	fi
	printf '%s - %s (%d passed, %d failed, %d s)\n' "$verdict" "$sentence" \
		"$1" "$2" "$(($(date +%s) - begun))"
}

jobs=$(nproc)
build() {
	make -s -j"$jobs" "$@"
}

# units O [VAR=VALUE...] - all cmocka tests of a variant, afresh
units() {
	o=$1 && shift
	rm -f "$o"/tests/*/*.ok
	build O="$o" "$@" check-unit
}

# as_nobody O - for root: its units once more as an ordinary user, in a copy that
# he can read
as_nobody() {
	copy=$(mktemp -d) && chmod 755 "$copy" || return 1
	cp -r "$1" "$copy/O"
	status=0
	# shellcheck disable=SC2016 # the inner shell expands
	(cd "$copy" && find O/tests -path '*/test_*' ! -name '*.*' -print0 |
		xargs -0 -n 1 -P "$jobs" sh -c 'setpriv --reuid nobody \
			--regid nogroup --clear-groups "$1" >"$1.log" 2>&1' \
		sh) || status=1
	cat "$copy"/O/tests/*/*.log
	rm -rf "$copy"
	return "$status"
}

threads() {
	rm -f build/tsan/tests/*/*.ok
	build O=build/tsan SAN=thread CC=clang \
		build/tsan/tests/base/test_pool.ok \
		build/tsan/tests/base/test_series.ok \
		build/tsan/tests/format/test_pgzip.ok \
		build/tsan/tests/engine/test_inspection.ok \
		build/tsan/tests/engine/test_build.ok
}

analyse() {
	# shellcheck disable=SC2016 # the inner shell expands
	find src -name '*.c' -print0 | xargs -0 -n 4 -P "$jobs" sh -c \
		'clang-tidy --quiet "$@" -- -std=c11 -D_GNU_SOURCE -Iinclude' \
		clang-tidy &&
	cppcheck --quiet --std=c11 --enable=warning,performance,portability \
		--inline-suppr --error-exitcode=1 -D_GNU_SOURCE -Iinclude src
}

shell() {
	{ find scripts tests .ci -name '*.sh' && ls scripts/check-rules \
		scripts/check-hardening scripts/hardening scripts/trybuild \
		scripts/libexec/tar .ci/run; } |
		xargs -n 16 -P "$jobs" shellcheck -x
}

# What install puts down, uninstall takes away again.
install_uninstall() {
	root=$(mktemp -d) status=0
	build O=build/default DESTDIR="$root" PREFIX=/usr install || status=1
	for f in bin/amtree bin/amtree-merge bin/amtree-build bin/amtree-run \
		bin/amtree-diff share/man/man1/amtree-diff.1 \
		bin/amtree-scan share/man/man1/amtree-scan.1 \
		bin/amtree-trybuild libexec/amtree/trybuild/job.sh \
		libexec/amtree/trybuild/page.css share/man/man1/amtree-trybuild.1 \
		libexec/amtree/tar libexec/amtree/pigz \
		share/man/man1/amtree.1 share/man/man1/amtree-merge.1 \
		share/man/man1/amtree-build.1 share/man/man1/amtree-run.1 \
		share/man/man5/amtree.5 share/man/man7/amtree.7 \
		share/bash-completion/completions/amtree \
		share/zsh/site-functions/_amtree \
		share/fish/vendor_completions.d/amtree.fish \
		share/fish/vendor_completions.d/amtree-run.fish \
		share/amtree/amtree.sh share/man/man3/libamtree.3; do
		[ -s "$root/usr/$f" ] || { echo "missing: $f"; status=1; }
	done
	"$root/usr/bin/amtree" --version || status=1
	sh tests/lib/installed.sh "$root" /usr || status=1
	build O=build/default DESTDIR="$root" PREFIX=/usr uninstall || status=1
	if find "$root" ! -type d | grep .; then
		echo 'uninstall left these files'
		status=1
	fi
	rm -rf "$root"
	return "$status"
}

step 'formatted as .clang-format has it' build check-format
step 'shell scripts are clean' shell
step 'builds without a warning with gcc' build O=build/default CC=gcc all
step 'builds without a warning with clang' build O=build/clang CC=clang programs
step 'floors, doors and names hold' build check-rules
step 'programs are hardened' scripts/check-hardening build/default
step 'manual, --help and completions agree' build check-docs
step 'units' units build/default
[ "$(id -u)" -ne 0 ] || step 'units as nobody' as_nobody build/default
step 'commands' build check-cmd
step 'units under ASan and UBSan' \
	units build/asan SAN=address,undefined CC=clang
step 'commands under ASan and UBSan' \
	build O=build/asan SAN=address,undefined CC=clang check-cmd
step 'threads under TSan' threads
if command -v musl-gcc >/dev/null; then
	step 'units of what needs libc alone, with musl' build check-musl
else
	echo 'not run: no musl-gcc here'
fi
step 'static analysis' analyse
step 'fuzzers' build O=build/fuzz CC=clang SAN=address,undefined \
	FUZZ_SECONDS="${AMTREE_FUZZ_SECONDS:-30}" fuzz
step 'install and uninstall' install_uninstall
step 'the source archive is whole' sh tests/dist.sh

printf '%d seconds\n' "$(($(date +%s) - started))"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
