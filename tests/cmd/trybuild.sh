# shellcheck shell=sh
# shellcheck disable=SC2154 # variables of lib.sh
# trybuild.sh - recipes for amtree-trybuild, and abuild's stand-in to build them;
# sourced behind lib.sh and dropin.sh
#
#	recipe main/mine 'chown mail "$pkgdir"/x'
#	trybuild -o "$there/out" "$there/recipes"
#	verdicts_are out 'main/mine same'
#
# All of it is done by an ordinary user, in $there.

[ -x "$O/amtree-trybuild" ] || { echo 'not ok - there is an amtree-trybuild'; exit 1; }
unset MAKEFLAGS MFLAGS MAKELEVEL # of the make that runs the tests
mkdir "$here/try" "$here/try/recipes" "$here/try/work" "$here/try/home"
# as pwd -P has it
# shellcheck disable=SC2034
there=$(cd "$here/try" && pwd -P)

# own - what a test made as root is the ordinary user's
own() {
	! is_root || chown -R nobody:nogroup "$there"
}

# recipe KEY LINES - with a file x, and LINES at the end of its package()
recipe() {
	mkdir -p "$there/recipes/$1"
	cat >"$there/recipes/$1/APKBUILD" <<-END
		pkgname=${3:-${1##*/}}
		pkgver=1
		pkgrel=0
		arch=noarch
		options='!strip'
		package() {
		mkdir -p "\$pkgdir"
		echo x >"\$pkgdir"/x
		$2
		}
	END
}

# trybuild OPTION... - with the stand-in; what it says is in the files said and told
trybuild() {
	(cd "$there" && as_user env HOME="$there/home" \
		"$O/amtree-trybuild" --build "sh '$tests/abuild/abuild.sh'" \
		--work "$there/work" "$@") >said 2>told </dev/null
}

# verdicts_are RESULTS LINES - of all recipes, as "KEY VERDICT", sorted
verdicts_are() {
	python3 - "$there/$1/report.json" >got <<-'END'
		import json, sys
		for r in sorted(json.load(open(sys.argv[1]))["recipes"],
		                key=lambda r: r["name"]):
		    print(r["name"], r["verdict"])
	END
	printf '%s\n' "$2" | diff - got
}

# nothing_left - of what was built, nor of what built it
nothing_left() {
	find "$there/work" "$there/home" -mindepth 1 | grep . && return 1
	grep -slaF "AMTREE_TRYBUILD=$there" /proc/[0-9]*/environ && return 1
	# shellcheck disable=SC2010 # what is shown is the target
	! ls -ld /proc/[0-9]*/cwd 2>/dev/null | grep -F -- "-> $there/work"
}
