#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""mkresults.py DIR [PLAIN] - a directory of results of amtree-trybuild, made up

It has each verdict, and names, logs and differences that are markup, scripts,
terminal escapes and bytes that are no UTF-8; and PLAIN recipes (0) beside them.
"""
import json
import os
import sys

OWNED = "<script>document.title='owned'</script>"
IMAGE = "<img src=x onerror=\"document.title='owned'\">"
NAMES = {
    "main/" + IMAGE: "differs",
    "main/quotes\"'&<>&lt;": "fails-here",
    "ma\tin/esc\x1b[31mred\x07\u202egnp.exe": "fails-both",
    "main/bytes\udcff%41#x?y": "fails-there",
    "main/javascript:document.title='owned'": "untried",
    "main/-->]]>": "same",
    "main/unfinished": None,
    "main/not json": "same",
}


def put(*parts, text):
    path = os.path.join(*parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)


def facts(verdict, i):
    status = {"fails-here": (0, 1), "fails-there": (1, 0),
              "fails-both": (1, 124)}.get(verdict, (0, 0))
    lines = ["host=" + OWNED, "first=fakeroot"]
    for side, code, ticks in (("fakeroot", status[0], 1200 + 37 * i),
                              ("amtree-run", status[1], 1000 + 41 * i)):
        lines += [f"{side}.status={code}", f"{side}.late={int(code == 124)}",
                  f"{side}.used={int(verdict != 'untried')}",
                  f"{side}.ticks={ticks}", f"{side}.stage={ticks // 3}",
                  f"{side}.packages=1"]
    return "\n".join([*lines, f"verdict={verdict}", "complete"]) + "\n"


def difference(kind, path, before, after, **more):
    return json.dumps({"package": "pkg-" + OWNED, "kind": kind, "path": path,
                       "before": before, "after": after, "risk": 9, **more})


def result(place, verdict, i):
    put(place, "facts", text=facts(verdict, i))
    put(place, "census", text=json.dumps({
        "packages": 1, "special": 1, "user": 1, "group": 1, "setid": 0,
        "users": {OWNED: 1, f"user{i % 5}": 1}, "groups": {IMAGE: 1},
        "uids": {"54321": 1}}) + "\n")
    if verdict.startswith("fails"):
        put(place, "fakeroot.log", text="one\ntwo\n")
        put(place, "amtree-run.log", text="\x1b[1;31mred\x1b[0m \x1b]0;owned\x07"
            f"</pre>{OWNED}\n{IMAGE}\n\udcff\u202e end\n")
    if verdict == "differs":
        put(place, "differences", text="\n".join([
            difference("setid", f"usr/{OWNED}", "0755", "4755"),
            difference("owner", "usr/\x1b[2Jx\udcff", "root", OWNED),
            difference(IMAGE, None, None, None, field=OWNED, text=OWNED),
            "no JSON at all", '{"kind":', '["a list"]',
            '{"kind":5,"path":{"a":[]},"before":true,"package":{}}',
        ]) + "\n")


def main(results, plain):
    names = dict(NAMES)
    for i in range(plain):
        names[f"community/plain-{i:03}"] = "differs" if i % 17 == 3 else "same"
    put(results, "recipes", text="".join(f"/aports/{n}\n" for n in names))
    put(results, "settings", text="")
    for i, (name, verdict) in enumerate(names.items()):
        if verdict:
            result(os.path.join(results, "results", name), verdict, i)
    bad = os.path.join(results, "results", "main/not json")
    put(bad, "census", text="[" * 100000)
    put(bad, "facts", text=facts("same", 1).replace("ticks=", "ticks=9e9"))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
