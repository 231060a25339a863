# common.awk - read the rows that make.sh prints, and describe arguments
#
# Afterwards there are n rows, each with key[i], name[i], arg[i], help[i] and
# with[i], the key that row i's short form needs to be given, or without[i], the
# one that must not be; what the operands are in `operands`; and in many[] the
# long names of the options that may be given more than once.  Where the operands
# are a command, options end at the first of them.

NR == 1 {
	words_of_line = split($0, words, " ")
	operands = words[1]
	for (w = 2; w <= words_of_line; w++)
		many[words[w]] = 1
	next
}

{
	n++
	key[n] = $1
	name[n] = $2
	arg[n] = $3 == "NAME" ? toupper($2) : $3 # --user=NAME names a user
	help[n] = $4
	for (i = 5; i <= NF; i++)
		help[n] = help[n] "|" $i
}

function pair_keys(   i, k) {
	for (i = 1; i <= n; i++) {
		for (k = 1; k <= n; k++) {
			if (i == k || key[i] == "" || key[i] != key[k])
				continue
			if (help[i] ~ /^with -/)
				with[i] = without[k] = substr(help[i], 7, 1)
		}
	}
}

# The long name that goes with a key.
function long_of(k,   i) {
	for (i = 1; i <= n; i++) {
		if (key[i] == k)
			return name[i]
	}
	return k
}

# The words that an argument may be; "" if it has no such list.
function choices(a) {
	if (a == "TYPE")
		return "file dir link char block fifo"
	if (a == "FORMAT")
		return "tar.gz tar"
	if (a == "KIND")
		return "sha1 none"
	if (a == "WHICH")
		return "none differs all"
	return ""
}

# How an argument is completed.
function kind(a) {
	if (choices(a) != "")
		return "words"
	if (a == "DIR")
		return "dirs"
	if (a == "USER")
		return "user"
	if (a == "GROUP")
		return "group"
	if (a == "USER[:GROUP]")
		return "owner"
	if (a == "ROOT=CONTROL")
		return "pair"
	if (a == "FILE" || a == "TARGET" || a == "PATH")
		return "files"
	return "none"
}

# `s` as one word of the shell.
function quote(s) {
	gsub(/'/, "'\\''", s)
	return "'" s "'"
}

function ident(s) {
	gsub(/-/, "_", s)
	return "_" s
}
