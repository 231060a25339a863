#!/bin/sh
# docs.sh O - --help and man pages say the same and are well formed
#
# --help is made from the option tables, so it is what the others are held to.
# Needs scdoc, mandoc and man.
# shellcheck disable=SC2016,SC2317 # what other shells are to expand; check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../check.sh"
O=$(cd "$1" && pwd) || exit 1
cd "$(dirname "$0")/../.." || exit 1
programs=$(sed -n 's/^PROGRAMS *= *//p; s/^SCRIPTS *= *//p' Makefile)
# man looks for files of its user's
HOME=$t XDG_CONFIG_HOME=$t XDG_DATA_HOME=$t XDG_CACHE_HOME=$t
export HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME
unset MANPAGER PAGER MANOPT MANROFFOPT

# names FILE - the options that a list of heads has, long and short, one a line
names() {
	sed 's/=[^ ,]*//; s/, /\n/' "$1" | sort
}

# section MAN NAME - a section of a rendered page, without its heading
section() {
	mandoc -T ascii -O width=1000 "$1" | sed "s/.$(printf '\b')//g" |
		awk -v name="$2" '
		/^[^ ]/ { is_in = $0 == name; next }
		is_in'
}

# squeeze - all in one line, words parted by one space
squeeze() {
	tr -s ' \n' ' ' | sed 's/^ //; s/ $//'
	echo
}

# Pages

render() {
	scdoc <"doc/$1.scd" >"$t/$1"
}

# scdoc begins every section with a paragraph and ends every list with one,
# where mandoc wants none; no source can help that.
lint() {
	mandoc -T lint -W warning "$t/$1" |
		grep -v 'WARNING: skipping paragraph macro: PP ' >"$t/warnings"
	cat "$t/warnings"
	[ ! -s "$t/warnings" ]
}

show() {
	MANWIDTH=80 man --warnings -P cat -l "$t/$1" 2>&1 >"$t/page" |
		grep . >"$t/warnings"
	cat "$t/warnings"
	[ ! -s "$t/warnings" ] && grep -q "$2" "$t/page"
}

for source in doc/*.[1-8].scd; do
	page=${source#doc/} && page=${page%.scd}
	check "scdoc takes $page" silent render "$page"
	check "$page passes mandoc's lint" lint "$page"
	check "man shows $page without a warning" show "$page" NAME
done

# Programs

fits() {
	awk '
	length($0) > 80 { print "over 80 columns: " $0; bad = 1 }
	END {
		if (NR == 0 || NR > 24) { print NR " lines"; bad = 1 }
		exit bad
	}' "$t/$1.help"
}

# lacks_none A B - nothing is in A that is not in B
lacks_none() {
	[ -s "$1" ] || { echo "no options found" && return 1; }
	comm -23 "$1" "$2" >"$t/lacking"
	cat "$t/lacking"
	[ ! -s "$t/lacking" ]
}

version=$(sed -n 's/^#define VERSION "\(.*\)"$/\1/p' include/base/version.h)
for p in $programs; do
	check "$p --help succeeds" sh -c '"$1" --help >"$2"' sh "$O/$p" "$t/$p.help"
	check "$p -h says what --help does" \
		sh -c '"$1" -h | diff - "$2"' sh "$O/$p" "$t/$p.help"
	check "$p --help fits 80 columns and 24 lines" fits "$p"
	"$O/$p" --version >"$t/$p.version" 2>&1
	echo "$p $version" >"$t/expected"
	check "$p --version prints '$p $version'" \
		same "$t/expected" "$t/$p.version"

	# heads of options: "-u, --user=USER[:GROUP]"
	sed -n 's/^ \{2,6\}\(\(-., \)\{0,1\}--[^ ]*\).*/\1/p' "$t/$p.help" |
		sort >"$t/help.heads"
	section "$t/$p.1" OPTIONS |
		sed -n 's/^ *\(\(-., \)\{0,1\}--[a-z][^ ]*\)$/\1/p' |
		sort >"$t/man.heads"
	names "$t/help.heads" >"$t/help.names"
	names "$t/man.heads" >"$t/man.names"
	check "each option of $p --help is in $p(1)" \
		lacks_none "$t/help.names" "$t/man.names"
	check "each option in $p(1) is one of $p --help" \
		lacks_none "$t/man.names" "$t/help.names"
	check "$p(1) calls arguments of options what $p --help does" \
		same "$t/help.heads" "$t/man.heads"

	sed -n '/^Usage: /,/^[^ U]/p' "$t/$p.help" | sed '$d; s/^Usage: //' |
		squeeze >"$t/help.usage"
	section "$t/$p.1" SYNOPSIS | squeeze >"$t/man.usage"
	check "the synopsis of $p(1) is that of $p --help" \
		same "$t/help.usage" "$t/man.usage"
done

# What amtree(5) says of its own format

keywords_in_page() {
	sed -n '/^static const struct keyword keywords/,/^}/s/^	{ "\([a-z0-9]*\)".*/\1/p' \
		src/format/keyword.c >"$t/keywords"
	[ -s "$t/keywords" ] || { echo "no keywords found" && return 1; }
	section "$t/amtree.5" KEYWORDS >"$t/section"
	bad=0
	while read -r word; do
		grep -qw -- "$word" "$t/section" || { echo "$word" && bad=1; }
	done <"$t/keywords"
	return "$bad"
}

# declarations - those of functions, without amtree_entry_*, one a line
declarations() {
	sed '/^#/d; /^cc /d; s,\*/,@,g' | tr '\n\t' '  ' |
		sed 's,/\*[^@]*@,,g; s/; */;\n/g' | grep '[ *]amtree_[a-z]*(' |
		sed 's/  */ /g; s/^ //; s/( /(/g' | sort
}

functions_in_page() {
	sed -n 's/^[a-z].*[ *]\(amtree_[a-z_]*\)(.*/\1/p' include/amtree.h \
		>"$t/functions"
	[ "$(wc -l <"$t/functions")" -gt 20 ] || { echo "none found" && return 1; }
	mandoc -T ascii "$t/libamtree.3" | sed "s/.$(printf '\b')//g" >"$t/page"
	while read -r name; do
		grep -qw "$name" "$t/page" || { echo "$name" && return 1; }
	done <"$t/functions"
}

synopsis_is_header() {
	awk '/^```$/ { n++; next } n == 1' doc/libamtree.3.scd | declarations \
		>"$t/synopsis"
	grep -v 'extern "C"\|^}$' include/amtree.h | declarations |
		grep -v "amtree_entry_[a-z]" >"$t/header"
	[ "$(wc -l <"$t/header")" -gt 10 ] && diff "$t/header" "$t/synopsis"
}

example() {
	mkdir -p "$t/build/pkg/abuild/var/cache/distfiles" || return 1
	: >"$t/build/APKBUILD"
	chmod 775 "$t/build/pkg/abuild/var/cache/distfiles"
	command=$(grep '^amtree -g abuild "\$pkgdir"' doc/amtree.5.scd)
	[ -n "$command" ] || { echo "no example found" && return 1; }
	env PATH="$O:$PATH" pkgdir="$t/build/pkg/abuild" sh -c "$command" ||
		return 1
	sed -n '/^#mtree v2.0$/,/^```$/p' doc/amtree.5.scd | sed '/^```$/,$d' |
		diff - "$t/build/pkg/.control.abuild/.mtree"
}

# reads FIRST - the block of amtree(5) whose first line this is can be merged
reads() {
	rm -rf "$t/hand" && mkdir -p "$t/hand/pkg/foo/usr/bin" \
		"$t/hand/pkg/.control.foo" || return 1
	: >"$t/hand/pkg/foo/usr/bin/su"
	awk -v first="$1" '
	/^```$/ { is_in = 0 }
	$0 == first { is_in = 1 }
	is_in' doc/amtree.5.scd >"$t/hand/pkg/.control.foo/.mtree"
	[ -s "$t/hand/pkg/.control.foo/.mtree" ] ||
		{ echo "no example begins '$1'" && return 1; }
	"$O/amtree-merge" --root "$t/hand/pkg/foo" --changed >"$t/merged" &&
		grep -q mode= "$t/merged"
}

check "amtree(5) names every keyword that the parser knows" keywords_in_page
check "libamtree(3) names every function of amtree.h" functions_in_page
check "libamtree(3) declares them as amtree.h does" synopsis_is_header
check "the example in amtree(5) makes the file that it shows" example
check "the example of nested names in amtree(5) can be read" \
	reads "usr type=dir"
check "the example written by hand in amtree(5) can be read" \
	reads "/set uname=root gname=root"

# What amtree-run(1) and amtree(7) show

# blocks PAGE - each literal block of a page becomes a file in $t/blocks
blocks() {
	rm -rf "$t/blocks" && mkdir "$t/blocks" || return 1
	awk -v dir="$t/blocks" '
	/^```$/ {
		is_in = !is_in
		if (is_in)
			file = sprintf("%s/%02d", dir, ++n)
		next
	}
	is_in { gsub(/\\\\/, "\\"); print >file }' "doc/$1.scd"
}

# play BLOCK - run its commands, the lines with a "$"; the rest has to be what
# they print.  Tools put what the system says about a refusal in their own words.
play() {
	cd "$t/play" || return 1
	while IFS= read -r line; do
		case $line in
		'$ '*)
			printf '%s\n' "$line"
			env PATH="$O:$PATH" SOURCE_DATE_EPOCH=1700000000 \
				sh -c "${line#??}" 2>&1 </dev/null |
				grep -v 'Operation not permitted'
			;;
		esac
	done <"$1" >"$t/played"
	diff "$1" "$t/played"
}

# plays PAGE - all its sessions, one after the other, in one directory.  What
# begins with "pkgname=" is the APKBUILD from there on, with a clean pkg/.
plays() {
	blocks "$1" || return 1
	played=0
	for block in "$t"/blocks/*; do
		case $(head -n 1 "$block") in
		pkgname=*)
			rm -rf "$t/play/pkg"
			cp "$block" "$t/play/APKBUILD"
			;;
		'$ '*)
			(play "$block") || return 1
			played=$((played + 1))
			;;
		esac
	done
	[ "$played" -ge 2 ] || { echo "$played sessions found" && return 1; }
}

# packs_early - the example of amtree-run(1) that packs before the command ends
packs_early() {
	blocks amtree-run.1 || return 1
	block=$(grep -l '^amtree-run --user www sh' "$t"/blocks/*) || return 1
	rm -rf "$t/play/dest" "$t/play/data.tar.gz"
	(cd "$t/play" && env PATH="$O:$PATH" sh -e "$block" </dev/null) ||
		return 1
	tar --warning=no-unknown-keyword -tvzf "$t/play/data.tar.gz" \
		>"$t/listed" || return 1
	grep -q '^drwxr-x--- www/root .* var/www/$' "$t/listed" ||
		{ cat "$t/listed" && return 1; }
}

mkdir "$t/play"
echo foo >"$t/play/foo"
touch -d @1700000000 "$t/play/foo"
check "the sessions of amtree(7) go as it shows them" plays amtree.7
cat >"$t/play/APKBUILD" <<'END'
pkgname=foo
pkgusers=www
package() {
	install -d -m 750 -o www "$pkgdir"/var/www
}
END
cat >"$t/play/Makefile" <<'END'
install:
	install -d -m 750 -o www $(DESTDIR)/var/www
END
rm -rf "$t/play/pkg"
check "the sessions of amtree-run(1) go as it shows them" plays amtree-run.1
check "the example of amtree-run(1) that packs early has its owner" packs_early
finish
