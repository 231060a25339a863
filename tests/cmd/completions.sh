#!/bin/sh
# completions.sh O - completions say what --help does, and each shell offers it
#
# Needs bash, zsh and fish.
# shellcheck disable=SC2016,SC2317 # what other shells are to expand; check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../check.sh"
O=$(cd "$1" && pwd) || exit 1
cd "$(dirname "$0")/../.." || exit 1
programs=$(sed -n 's/^PROGRAMS *= *//p; s/^SCRIPTS *= *//p' Makefile)
committed=scripts/completions
# shells look for files of their user's
HOME=$t XDG_CONFIG_HOME=$t XDG_DATA_HOME=$t XDG_CACHE_HOME=$t
export HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME
unset BASH_ENV ENV

# says WORDS COMMAND... - it succeeds, and these words, each on a line, in any order
# and any number of times, are all that it prints
says() {
	printf '%s\n' "$1" | tr ' ' '\n' | sort >"$t/expected" && shift
	"$@" >"$t/raw" || return 1
	sort -u "$t/raw" >"$t/got"
	diff "$t/expected" "$t/got"
}

for p in $programs; do
	check "$p --help succeeds" sh -c '"$1" --help >"$2"' sh "$O/$p" "$t/$p.help"
done
mkdir "$t/made"
check "completions can be generated" \
	silent sh "$committed/make.sh" "$O" "$t/made"
(cd "$t/made" && ls) >"$t/made.names"
for file in "$committed"/*; do
	case $file in
	*.awk | */make.sh) ;;
	*) echo "${file##*/}" ;;
	esac
done >"$t/old.names"
check "each program has its completions and there are no others" \
	same "$t/made.names" "$t/old.names"
for p in $programs; do
	check "$p.bash is as generated anew" \
		same "$t/made/$p.bash" "$committed/$p.bash"
	check "_$p is as generated anew" same "$t/made/_$p" "$committed/_$p"
	check "$p.fish is as generated anew" \
		same "$t/made/$p.fish" "$committed/$p.fish"
	check "bash reads $p.bash" silent bash -n "$committed/$p.bash"
	check "zsh reads _$p" silent zsh -f -n "$committed/_$p"
	check "fish reads $p.fish" silent fish --no-execute "$committed/$p.fish"
done

# A place with files to complete.
mkdir -p "$t/here/pkg/foo" "$t/here/pkg/.control.foo"
: >"$t/here/pkg.mtree"
completions=$PWD/$committed
groups=$(getent group | cut -d: -f1 | grep '^ro' | tr '\n' ' ')
users=$(getent passwd | cut -d: -f1 | grep '^ro' | tr '\n' ' ')
groups=${groups% } users=${users% }

# in_bash WORD... - what bash offers for the last word, parted as bash parts it
in_bash() {
	(cd "$t/here" && bash --norc -c '
	source "$1/$2.bash"
	shift
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
	function=$(complete -p "$1") && function=${function#*-F }
	"${function%% *}" || exit
	printf "%s\n" "${COMPREPLY[@]}"' bash "$completions" "$@")
}

# in_fish LINE - what fish offers at the end of the line
in_fish() {
	(cd "$t/here" && fish --no-config -c '
	source $argv[1]/(string split " " $argv[2])[1].fish
	complete -C $argv[2] | cut -f 1' \
		"$completions" "$1")
}

# long_options PROGRAM - all of them
long_options() {
	sed -n 's/^......--\([a-z-]*\).*/--\1/p' "$t/$1.help" | sort
}

bash_offers_all() {
	long_options "$1" >"$t/expected"
	in_bash "$1" -- >"$t/raw" || return 1
	sed 's/=$//' "$t/raw" | sort >"$t/got"
	same "$t/expected" "$t/got"
}

# Of two rows with one short form, fish and zsh offer the one whose turn it is.
fish_offers_all() {
	long_options "$1" >"$t/expected"
	{ in_fish "$1 --" && in_fish "$1 -t link --"; } >"$t/raw" || return 1
	sed 's/=$//' "$t/raw" | sort -u >"$t/got"
	same "$t/expected" "$t/got"
}

# specs PROGRAM WORD... - what zsh's _arguments is given when these are typed
specs() {
	zsh -f -c '
	fpath=($1 $fpath) && shift
	autoload -Uz compinit && compinit -u -D || exit
	function=$_comps[$1]
	if [[ $function != _$1 ]]; then
		print -u2 "zsh knows no completion for $1"
		exit 1
	fi
	words=("$@")
	_arguments() { print -rl -- "$@" }
	$function' zsh "$completions" "$@"
}

zsh_offers_all() {
	long_options "$1" >"$t/expected"
	{ specs "$1" && specs "$1" -t link; } >"$t/raw" || return 1
	sed -n 's/^\(([^)]*)\)*\**\(--[a-z-]*\).*/\2/p' "$t/raw" |
		sort -u >"$t/got"
	same "$t/expected" "$t/got"
}

zsh_has() {
	specs amtree "$@" >"$t/raw" || return 1
	grep -e '-l' "$t/raw"
	! grep -q -e "--$absent" "$t/raw" && grep -q -e "^(-l --$present)-l" "$t/raw"
}

zsh_command() {
	specs amtree-run >"$t/raw" || return 1
	grep -F -x '(-)1:command:_command_names -e' "$t/raw" &&
		grep -F -x '*::argument:_normal' "$t/raw"
}

for p in $programs; do
	check "bash offers every option of $p" bash_offers_all "$p"
	check "zsh offers every option of $p" zsh_offers_all "$p"
	check "fish offers every option of $p" fish_offers_all "$p"
done

types="file dir link char block fifo"
check "bash completes a long option" says --recursive in_bash amtree --rec
check "bash completes a type" says "$types" in_bash amtree -t ""
check "bash completes a type behind =" says fifo in_bash amtree --type = fif
check "bash completes a type behind a bare =" says "$types" in_bash amtree --type =
check "bash completes a format" says "tar.gz tar" in_bash amtree-build --format ""
check "bash completes a kind of checksum" \
	says none in_bash amtree-build --checksum = n
check "bash completes directories" says pkg in_bash amtree --root p
check "bash completes directories behind =" says pkg in_bash amtree --root = p
check "bash completes files" says "pkg pkg.mtree" in_bash amtree-merge -o p
check "bash completes operands" says "pkg pkg.mtree" in_bash amtree -R p
check "bash completes operands behind --" says "pkg pkg.mtree" in_bash amtree -- p
check "bash completes both halves of a sibling" \
	says pkg/.control.foo in_bash amtree-merge --sibling pkg/foo = pkg/.c
check "bash completes a user" says "$users" in_bash amtree -u ro
check "bash completes a user behind joined options" \
	says "$users" in_bash amtree -Ru ro
check "bash completes the group behind a user" \
	says "$groups" in_bash amtree -u nobody : ro
check "bash completes the group behind --user=" \
	says "$groups" in_bash amtree --user = nobody : ro
check "bash completes a group" says "$groups" in_bash amtree --group = ro
check "bash takes -l for --list without -t" says --check in_bash amtree -l --ch
check "bash takes -l for --link with -t" \
	says "" in_bash amtree -t link -l --ch
present=list absent=link
check "zsh takes -l for --list without -t" zsh_has
present=link absent=list
check "zsh takes -l for --link with -t" zsh_has -t link
check "zsh takes -l for --link with --type" zsh_has --type=link
check "fish completes a long option" says --recursive in_fish "amtree --rec"
check "fish completes a type" says "$types" in_fish "amtree -t "
check "fish completes a format" says "tar tar.gz" in_fish "amtree-build --format "
check "fish completes directories" says pkg/ in_fish "amtree --root p"
check "fish completes files" \
	says "pkg/ pkg.mtree" in_fish "amtree-merge -o p"
check "fish completes both halves of a sibling" says pkg/foo=pkg/.control.foo/ \
	in_fish "amtree-merge --sibling pkg/foo=pkg/.c"
check "fish completes a user" says "$users" in_fish "amtree -u ro"
check "fish completes the group behind a user" \
	says "$(printf '%s\n' "$groups" | sed 's/[^ ]*/nobody:&/g')" \
	in_fish "amtree -u nobody:ro"
check "fish completes a group" says "$groups" in_fish "amtree -g ro"
check "bash completes the command" says getconf in_bash amtree-run getcon
check "bash completes the command behind --" says getconf in_bash amtree-run -- getcon
check "bash completes the command behind an option's argument" \
	says getconf in_bash amtree-run --root pkg --strict getcon
check "bash completes the command behind --root=" \
	says getconf in_bash amtree-run --root = pkg getcon
check "bash leaves options behind the command alone" \
	says "" in_bash amtree-run getconf --str
check "bash completes operands of the command" \
	says "pkg pkg.mtree" in_bash amtree-run getconf p
check "bash completes a root" says pkg in_bash amtree-run --root p
check "bash completes an account that need not exist" \
	says "$users" in_bash amtree-run --user ro
check "zsh completes the command" zsh_command
check "fish completes the command" says getconf in_fish "amtree-run getcon"
check "fish completes the command behind --" \
	says getconf in_fish "amtree-run -- getcon"
check "fish completes the command behind an option's argument" \
	says getconf in_fish "amtree-run --root pkg --strict getcon"
check "fish leaves options behind the command alone" \
	silent in_fish "amtree-run getconf --str"
check "fish completes a root" says pkg/ in_fish "amtree-run --root p"
check "fish completes an account that need not exist" \
	says "$groups" in_fish "amtree-run --group ro"
check "fish completes operands" says "pkg/ pkg.mtree" in_fish "amtree -R p"
finish
