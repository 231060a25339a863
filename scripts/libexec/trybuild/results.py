# SPDX-License-Identifier: BSD-2-Clause
"""results - what a directory of results holds, read without trust

Whatever comes from packages, logs and names may be anything: a file that is not
what it should be counts as one that says nothing.  shown() is how such text is
put before people.
"""
import json
import os
import re
import unicodedata

# Worst first, as reports have them.
VERDICTS = {
    "fails-here": "fails only under amtree-run",
    "differs": "differs",
    "untried": "untried",
    "none": "no verdict yet",
    "fails-there": "fails only under fakeroot",
    "fails-both": "fails under both",
    "same": "same",
}
# Those that speak against amtree-run, or for nothing.
FINDINGS = ("fails-here", "differs", "untried")
SIDES = ("fakeroot", "amtree-run")
FIGURES = ("packages", "special", "user", "group", "both", "setid", "caps",
           "device", "number")
LARGEST = 64 << 20  # bytes of a file that is read whole
TAIL = 16 << 10  # bytes of a log
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")


def shown(text):
    """Text as people see it: what could hide, move or colour it is spelt out."""
    return "".join(c if c.isprintable() and unicodedata.category(c) != "Cf"
                   else escape(c) for c in text)


def escape(c):
    code = ord(c)
    if 0xdc80 <= code <= 0xdcff:  # a byte that is no UTF-8
        return f"\\x{code - 0xdc00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"


def shown_log(text):
    """Lines of a log, without the colours that it was printed in."""
    text = ESCAPES.sub("", text)
    lines = (line.rsplit("\r", 1)[-1] for line in
             text.replace("\r\n", "\n").split("\n"))
    return "\n".join(shown(line.expandtabs()) for line in lines)


def read(path, limit=LARGEST):
    """The text of a file, "" if there is none."""
    try:
        with open(path, "rb") as file:
            return file.read(limit).decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def read_tail(path):
    try:
        with open(path, "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            text = file.read(TAIL).decode("utf-8", "surrogateescape")
    except OSError:
        return ""
    return text if size <= TAIL else text.partition("\n")[2]


def objects(text):
    """The JSON objects of a file that has one a line."""
    for line in text.split("\n"):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value


def number(text):
    return int(text) if re.fullmatch("[0-9]{1,15}", text or "") else None


class Side:
    """One of the two builds of a recipe."""

    def __init__(self, facts, name):
        self.name = name
        self.status = number(facts.get(name + ".status"))
        self.is_late = facts.get(name + ".late") == "1"
        self.is_used = facts.get(name + ".used") == "1"
        self.packages = number(facts.get(name + ".packages")) or 0
        self.seconds = self._seconds(facts, "ticks")
        self.stage = self._seconds(facts, "stage")

    def _seconds(self, facts, what):
        ticks = number(facts.get(f"{self.name}.{what}"))
        return None if ticks is None else ticks / 100

    def json(self):
        return {"status": self.status, "late": self.is_late,
                "used": self.is_used, "packages": self.packages,
                "seconds": self.seconds, "stage_seconds": self.stage}


class Recipe:
    def __init__(self, results, directory):
        parts = directory.split("/")
        self.directory = directory
        self.name = (parts[-2] or "root") + "/" + parts[-1]
        self.place = os.path.join("results", self.name)
        self.path = os.path.join(results, self.place)
        lines = read(os.path.join(self.path, "facts")).split("\n")
        is_complete = "complete" in lines
        facts = dict(line.split("=", 1) for line in lines
                     if is_complete and "=" in line)
        verdict = facts.get("verdict")
        self.verdict = verdict if verdict in VERDICTS else "none"
        self.host = facts.get("host")
        self.first = facts.get("first")
        self.sides = {name: Side(facts, name) for name in SIDES}
        self.differences = []
        self.census = {}
        if self.verdict != "none":
            self.differences = list(objects(self._text("differences")))
            self.census = next(objects(self._text("census")), {})

    def _text(self, name):
        return read(os.path.join(self.path, name))

    def log(self, side):
        return read_tail(os.path.join(self.path, side + ".log"))

    def has_failed(self, side):
        return self.verdict != "none" and self.sides[side].status != 0

    def why(self):
        """What the verdict rests on, in words; "" where there is no more to say."""
        if self.verdict == "untried":
            for side in self.sides.values():
                if not side.is_used:
                    return f"the build did not run {side.name}: " \
                        "a setting or the recipe has another FAKEROOT"
            return "the builds ended well, but made no package"
        words = []
        for side in self.sides.values():
            if self.has_failed(side.name):
                words.append(f"under {side.name} "
                             + ("it took too long" if side.is_late else
                                f"it ended with status {side.status}"))
        return ", ".join(words)

    def accounts(self):
        """(kind, name, number of packages)"""
        for kind in ("users", "groups", "uids", "gids"):
            found = self.census.get(kind)
            if not isinstance(found, dict):
                continue
            for name, count in found.items():
                if isinstance(count, int):
                    yield kind[:-1], name, count

    def figure(self, name):
        value = self.census.get(name)
        return value if isinstance(value, int) else 0

    def is_timed(self):
        """Both builds ended well, so that their times can be compared."""
        return self.verdict in ("same", "differs") and \
            all(s.seconds is not None for s in self.sides.values())

    def has_stages(self):
        return self.is_timed() and \
            all(s.stage is not None for s in self.sides.values())

    def json(self):
        return {
            "name": self.name, "directory": self.directory,
            "verdict": self.verdict, "why": self.why(), "host": self.host,
            "first": self.first,
            "fakeroot": self.sides["fakeroot"].json(),
            "amtree_run": self.sides["amtree-run"].json(),
            "differences": self.differences, "census": self.census,
        }


def load(results):
    """The recipes, those with the worst verdict first."""
    lines = read(os.path.join(results, "recipes")).split("\n")
    recipes = [Recipe(results, line) for line in lines if "/" in line]
    order = list(VERDICTS)
    recipes.sort(key=lambda r: (order.index(r.verdict), r.name))
    return recipes


def text_of(difference, arrow="->"):
    """One difference in words: (kind, where, what)."""
    def value(key):
        found = difference.get(key)
        if found is None:
            return None
        return found if isinstance(found, str) else json.dumps(found)
    where = value("path")
    if where is None:
        where = value("field") or ""
    before, after = value("before"), value("after")
    if before is None and after is None:
        what = value("text") or value("detail") or ""
    else:
        what = f" {arrow} ".join("nothing" if v is None else v
                          for v in (before, after))
    return value("kind") or "difference", where, what


class Totals:
    """Sums over recipes."""

    def __init__(self, recipes):
        self.recipes = len(recipes)
        self.verdicts = {v: sum(r.verdict == v for r in recipes)
                         for v in VERDICTS}
        timed = [r for r in recipes if r.is_timed()]
        staged = [r for r in timed if r.has_stages()]
        self.timed, self.staged = len(timed), len(staged)
        self.seconds = {s: sum(r.sides[s].seconds for r in timed)
                        for s in SIDES}
        self.stage = {s: sum(r.sides[s].stage for r in staged) for s in SIDES}
        self.figures = {f: sum(r.figure(f) for r in recipes) for f in FIGURES}
        self.accounts = {}
        for recipe in recipes:
            for kind, name, count in recipe.accounts():
                entry = self.accounts.setdefault((kind, name), [0, []])
                entry[0] += count
                entry[1].append(recipe)

    def sorted_accounts(self):
        return sorted(self.accounts.items(),
                      key=lambda item: (-item[1][0], item[0]))

    def json(self):
        def plain(seconds):
            return {"fakeroot": round(seconds["fakeroot"], 2),
                    "amtree_run": round(seconds["amtree-run"], 2)}
        accounts = {"users": {}, "groups": {}, "uids": {}, "gids": {}}
        for (kind, name), (count, recipes) in self.sorted_accounts():
            accounts[kind + "s"][name] = {
                "packages": count, "recipes": [r.name for r in recipes]}
        return {"verdicts": self.verdicts, "timed": self.timed,
                "seconds": plain(self.seconds), "staged": self.staged,
                "stage_seconds": plain(self.stage), "figures": self.figures,
                "accounts": accounts}
