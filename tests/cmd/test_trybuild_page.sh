#!/bin/sh
# amtree-trybuild: its report in a browser, made of results that mean harm
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck disable=SC2154 # variables of lib.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

python3 -B "$tests/mkresults.py" out
status=0
"$O/amtree-trybuild" -o out --report >said 2>told || status=$?
check 'a recipe without a verdict makes status 3' [ "$status" -eq 3 ]
check 'nothing is said but the summary' [ ! -s told ]

# Standard output that takes nothing; the report is written all the same
anew() {
	rm out/report.json out/report.html out/junit.xml
	status=0
	"$O/amtree-trybuild" -o out --report 2>told || status=$?
	cat told >&2
	[ "$status" -eq 3 ] && [ -s out/report.json ] &&
		[ -s out/report.html ] && [ -s out/junit.xml ]
}
closed_pipe() {
	mkfifo pipe
	exec 3<>pipe
	exec 4>pipe
	exec 3>&-
	anew >&4 && [ ! -s told ]
}
check 'who reads no further of the summary is not told of it' closed_pipe
full_disk() {
	anew >/dev/full && lib_one_line told "$1"
}
check 'on a full disk that is said' full_disk \
	'^amtree-trybuild: cannot write standard output: No space left on device$'
no_stdout() {
	anew >&- && lib_one_line told 'standard output: Bad file descriptor$'
}
check 'and where there is none' no_stdout
page=$here/dir/out/report.html
[ -s "$page" ] || { echo 'not ok - there is a page'; exit 1; }

# terminal
plain() {
	cat -v said
	! tr -d '\n' <said | grep -q '[[:cntrl:]]' && ! grep -q "$(printf '\342\200\256')" said
}
check 'no escape gets to the terminal' plain
check 'but is spelt out' grep -qF 'usr/\x1b[2Jx\xff: root -> <script>' said
check 'junit.xml is XML' python3 -c '
import sys, xml.etree.ElementTree as t
assert len(t.parse(sys.argv[1]).getroot()) == 8' out/junit.xml
check 'report.json is JSON, with the names as they are' python3 -c '
import json, sys
names = {r["name"] for r in json.load(open(sys.argv[1]))["recipes"]}
assert "main/bytes\udcff%41#x?y" in names, names' out/report.json

# the page as it is
cat >page.py <<'END'
import os, sys, urllib.parse
from html.parser import HTMLParser


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.ids, self.text, self.stack = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [v for k, v in attrs if k == "id"]
        if tag not in ("meta", "rect", "line", "input"):
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if tag not in ("rect", "line"):
            assert self.stack.pop() == tag, (tag, self.stack)

    def handle_data(self, data):
        self.text.append(data)


page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
assert not page.stack, page.stack
tags = [t for t, _ in page.tags]
known = set("""html head meta title style script body header main nav section
h1 h2 h3 h4 p a b strong span code pre ul li div table thead tbody tr th td
details summary figure figcaption svg rect text line form label input button
output""".split())
assert set(tags) <= known, set(tags) - known
assert tags.count("script") == 1 and tags.count("style") == 1
assert len(page.ids) == len(set(page.ids)), "an id twice"
for tag, attrs in page.tags:
    for name, value in attrs.items():
        assert not name.startswith("on") and name not in ("src", "style"), name
        if name == "href" and value.startswith("#"):
            assert value[1:] in page.ids, value
        elif name == "href":
            path = urllib.parse.unquote_to_bytes(value)
            assert path.startswith(b"results/"), value
            assert os.path.exists(os.path.join(os.fsencode(
                os.path.dirname(sys.argv[1])), path)), value
        elif name in ("aria-labelledby", "for"):
            assert value in page.ids, value
for tag, attrs in page.tags:
    if tag == "svg":
        assert attrs["role"] == "img" and attrs["aria-labelledby"]
text = "".join(page.text)
assert "\x1b" not in text and "\u202e" not in text and "\udcff" not in text
policy = [a["content"] for t, a in page.tags if t == "meta" and
          a.get("http-equiv") == "Content-Security-Policy"]
assert policy and policy[0].startswith("default-src 'none'"), policy
END
check 'the page loads nothing, leads nowhere else, and names what it draws' \
	python3 page.py "$page"

# a browser; it makes a socket, so the name of its home has to be short
elsewhere=$(TMPDIR=/tmp mktemp -d)
browse() {
	timeout 60 env HOME="$elsewhere" TMPDIR="$elsewhere" \
		XDG_RUNTIME_DIR="$elsewhere" \
		chromium --headless --no-sandbox --disable-gpu --no-first-run \
		--disable-dev-shm-usage --user-data-dir="$elsewhere/data" \
		--enable-logging=stderr --window-size=1000,2400 "$@" 2>log ||
		not_ok "the browser ends well: $*" log >&2
}
browse --dump-dom "file://$page" >all
browse --dump-dom "file://$page#differs" >differs
cp log differs.log
# as for who runs no scripts
sed "s/script-src [^;]*/script-src 'none'/" "$page" >out/bare.html
browse --dump-dom "file://$here/dir/out/bare.html" >bare
cp log bare.log
browse --screenshot="$here/dir/shot.png" "file://$page" >shot

no_console() {
	! grep CONSOLE differs.log log && grep -q CONSOLE bare.log
}
check 'nothing is said on its console, where a refused script would be' no_console
not_owned() {
	grep -o '<title>[^<]*</title>' "$1" | head -n 1 >got
	echo '<title>amtree-trybuild: 8 recipes</title>' | diff - got
}
check 'no name or log runs as a script' not_owned all
check 'nor with another verdict' not_owned differs
count() {
	count_got=$(grep -o "$2" "$1" | wc -l)
	[ "$count_got" -eq "$3" ] || { echo "$count_got of '$2'"; return 1; }
}
check 'there is a package each, with what is behind it' count all '<details ' 8
check 'all of them are shown at first' count all 'class="recipe [^>]*hidden' 0
check 'no name is an element' count all '<img\|<script' 1
check 'the difference is behind its package' count all \
	'<code>usr/&lt;script&gt;\|<code>0755 → 4755</code>' 2
check 'the log is behind what fails' grep -qF \
	"&lt;/pre&gt;&lt;script&gt;document.title='owned'" all
check 'times are a picture' count all '<svg ' 3
check 'with a bar for each build' sh -c '[ "$(grep -o "<rect" all | wc -l)" -ge 6 ]'
check 'accounts are there' grep -q '<code>user0</code>' all
check 'a link to a verdict shows its recipes' count differs \
	'class="recipe differs"[^>]*hidden' 0
check 'and hides the others' count differs 'class="recipe [^>]*hidden' 7
check 'the search can be used' count all '<form class="search"[^>]*hidden' 0
check 'without a script all is shown' count bare 'class="recipe [^>]*hidden' 0
check 'and no search that does nothing' count bare '<form class="search"[^>]*hidden' 1
cat >shot.py <<'END'
import struct, sys, zlib
data = open(sys.argv[1], "rb").read()
assert data[:8] == b"\x89PNG\r\n\x1a\n"
at, pixels = 8, b""
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    if kind == b"IHDR":
        width, height = struct.unpack(">II", data[at + 8:at + 16])
    if kind == b"IDAT":
        pixels += data[at + 8:at + 8 + size]
    at += size + 12
assert (width, height) == (1000, 2400), (width, height)
assert len(set(zlib.decompress(pixels))) > 100, "a blank picture"
END
check 'it can be seen' python3 shot.py shot.png
finish
