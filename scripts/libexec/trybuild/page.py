# SPDX-License-Identifier: BSD-2-Clause
"""page - the report as one page of HTML, complete in itself

It loads nothing and runs nothing but its own script, which its policy names by
hash, so a name that is markup could do nothing even if it were not escaped; and it
can be read without a script.
"""
import base64
import hashlib
import os
from html import escape
from urllib.parse import quote

import picture
from results import FIGURES, SIDES, VERDICTS, shown, shown_log, text_of

DIFFERENCES = 200  # of one recipe that are listed
RECIPES = 12  # that are named behind an account
ACCOUNTS = 12  # that are listed without being asked for
MARKS = {"fails-here": "✖", "differs": "≠", "untried": "?", "none": "…",
         "fails-there": "○", "fails-both": "–", "same": "✔"}
MEANINGS = {
    "fails-here": "The build ended well under fakeroot, and failed under "
                  "amtree-run.",
    "differs": "Both builds ended well, and made packages that are not the same.",
    "untried": "Both builds ended well, but say nothing about amtree-run.",
    "none": "Not built yet, or no build could be tried.",
    "fails-there": "The build failed under fakeroot, and ended well under "
                   "amtree-run.",
    "fails-both": "The build failed under both, so amtree-run is not the reason.",
    "same": "Both builds made the same packages, entry by entry.",
}
WORDS = {"packages": "packages", "special": "with anything not root:root",
         "user": "with another user", "group": "with another group",
         "both": "with both", "setid": "with set-id bits",
         "caps": "with capabilities", "device": "with devices",
         "number": "with an owner without a name"}


def h(text):
    return escape(shown(text))


def own(name):
    with open(os.path.join(os.path.dirname(__file__), name),
              encoding="utf-8") as file:
        return file.read()


def policy(style, script):
    def digest(text):
        raw = hashlib.sha256(text.encode()).digest()
        return f"'sha256-{base64.b64encode(raw).decode()}'"
    return f"default-src 'none'; style-src {digest(style)}; " \
        f"script-src {digest(script)}; base-uri 'none'; form-action 'none'"


def table(head, rows, css=""):
    """Rows of cells that are markup; the first of each is its head."""
    yield f'<div class="wide"><table class="{css}"><thead><tr>'
    yield from (f'<th scope="col">{cell}</th>' for cell in head)
    yield "</tr></thead><tbody>"
    for row in rows:
        yield f'<tr><th scope="row">{row[0]}</th>'
        yield from (f"<td>{cell}</td>" for cell in row[1:])
        yield "</tr>"
    yield "</tbody></table></div>"


def tiles(totals):
    """The verdicts; buttons for the script, links to sections without it."""
    yield '<nav class="tiles" aria-label="Verdicts">'
    for verdict, count in totals.verdicts.items():
        if count or verdict in ("same", "differs", "fails-here"):
            target = f' href="#{verdict}"' if count else ""
            css = verdict if count else "nothing"
            yield f'<a class="tile {css}"{target} ' \
                f'data-verdict="{verdict}"><span class="mark" ' \
                f'aria-hidden="true">{MARKS[verdict]}</span>' \
                f'<strong>{count}</strong> <span>{VERDICTS[verdict]}' \
                f'</span></a>'
    yield "</nav>"


def share(seconds, duration):
    there, here = (seconds[s] for s in SIDES)
    if not there:
        return f"{duration(there)} and {duration(here)}"
    words = "saved" if here <= there else "lost"
    return f"{duration(abs(there - here))} {words}, " \
        f"{abs(there - here) / there:.0%} of {duration(there)}"


def times(recipes, totals, duration):
    yield '<section aria-labelledby="times"><h2 id="times">Time</h2>'
    if not totals.timed:
        yield "<p>No recipe was built under both.</p></section>"
        return
    if totals.staged:
        words = share(totals.stage, duration)
        yield f"<figure><figcaption><b>Packaging</b>, the stage that runs " \
            f"under FAKEROOT, of {totals.staged} recipes: {words}." \
            "</figcaption>"
        yield picture.whole("packaging", f"Packaging: {words}",
                            totals.stage, duration)
        yield "</figure>"
    words = share(totals.seconds, duration)
    yield f"<figure><figcaption><b>Whole builds</b> of {totals.timed} " \
        f"recipes: {words}.</figcaption>"
    yield picture.whole("builds", f"Whole builds: {words}", totals.seconds,
                        duration)
    yield "</figure>"
    if totals.staged:
        yield "<figure><figcaption><b>Largest changes</b> in packaging, by " \
            "recipe.</figcaption>"
        yield picture.changes("changes", "Seconds saved in packaging, by recipe",
                              recipes)
        yield "</figure>"
    yield '<p class="note">One measurement of each; which of the two is built ' \
        "first alternates from recipe to recipe.</p></section>"


def accounts(totals):
    yield '<section aria-labelledby="accounts"><h2 id="accounts">Accounts</h2>'
    figures = totals.figures
    yield '<ul class="figures">'
    yield from (f"<li><strong>{figures[f]}</strong> {WORDS[f]}</li>"
                for f in FIGURES if figures[f] or f in ("packages", "special"))
    yield "</ul>"
    found = totals.sorted_accounts()
    if not found:
        yield "<p>Everything belongs to root.</p></section>"
        return
    rows = []
    for (kind, name), (count, recipes) in found:
        names = ", ".join(h(r.name) for r in recipes[:RECIPES])
        if len(recipes) > RECIPES:
            names += f" and {len(recipes) - RECIPES} more"
        rows.append((f"<code>{h(name)}</code>",
                     {"uid": "user number", "gid": "group number"}
                     .get(kind, kind), str(count), names))
    is_long = len(rows) > ACCOUNTS
    if is_long:
        yield f"<details><summary>{len(rows)} accounts</summary>"
    yield from table(("Account", "Kind", "Packages", "Recipes"), rows)
    yield ("</details>" if is_long else "") + "</section>"


def differences(recipe):
    rows = []
    for difference in recipe.differences[:DIFFERENCES]:
        kind, where, what = text_of(difference, "→")
        package = difference.get("package")
        rows.append((f"<b>{h(kind)}</b>", f"<code>{h(where)}</code>",
                     f"<code>{h(what)}</code>",
                     h(package) if isinstance(package, str) else ""))
    if rows:
        yield from table(("Difference", "Where", "fakeroot → amtree-run",
                          "Package"), rows, "differences")
    more = len(recipe.differences) - DIFFERENCES
    if more > 0:
        yield f"<p>… and {more} more.</p>"


def build_times(recipe):
    def seconds(value):
        return "" if value is None else f"{value:.2f} s"
    yield from table(("Build", "Status", "Packaging", "Whole", "Packages"), (
        (name, "too long" if s.is_late else str(s.status),
         seconds(s.stage), seconds(s.seconds), str(s.packages))
        for name, s in recipe.sides.items()))


def files(recipe):
    """Links to what is beside the page, where it still is beside it."""
    names = [s + ".log" for s in SIDES] + \
        ["prepare.log", "differences", "census", *SIDES]
    links = (f'<a href="{escape(quote(os.fsencode(f"{recipe.place}/{name}")))}">'
             f"{name}</a>" for name in names
             if os.path.exists(os.path.join(recipe.path, name)))
    host = f", built on {h(recipe.host)}" if recipe.host else ""
    return f'<p class="note">Files: {", ".join(links)}{host}</p>'


def article(recipe):
    packages = {d["package"] for d in recipe.differences
                if isinstance(d.get("package"), str)}
    there, here = (recipe.sides[s].seconds for s in SIDES)
    facts = []
    if recipe.differences:
        facts.append(f"{len(recipe.differences)} difference"
                     + ("s" if len(recipe.differences) > 1 else ""))
    if there is not None and here is not None:
        facts.append(f"{there:.2f} s → {here:.2f} s")
    yield f'<details class="recipe {recipe.verdict}" ' \
        f'data-verdict="{recipe.verdict}" ' \
        f'data-names="{h(" ".join([recipe.name, *sorted(packages)]))}">' \
        f'<summary><span class="mark" aria-hidden="true">' \
        f'{MARKS[recipe.verdict]}</span> <span class="title">' \
        f'{h(recipe.name)}</span> <span class="verdict">' \
        f'{VERDICTS[recipe.verdict]}</span> <span class="facts">' \
        f'{", ".join(facts)}</span></summary><div class="inside">'
    if recipe.why():
        yield f"<p>{h(recipe.why())}</p>"
    yield from differences(recipe)
    if recipe.verdict != "none":
        yield from build_times(recipe)
    for side in SIDES:
        if recipe.has_failed(side):
            yield f"<h4>The end of {side}.log</h4><pre tabindex=\"0\">" \
                f"{escape(shown_log(recipe.log(side)))}</pre>"
    if recipe.verdict != "none":
        yield files(recipe)
    yield "</div></details>"


def sections(recipes):
    for verdict, words in VERDICTS.items():
        group = [r for r in recipes if r.verdict == verdict]
        if group:
            yield f'<section class="group" data-group="{verdict}" ' \
                f'aria-labelledby="{verdict}"><h3 id="{verdict}">' \
                f'{words[0].upper()}{words[1:]} <span class="count">' \
                f'{len(group)}</span></h3><p>{MEANINGS[verdict]}</p>'
            for recipe in group:
                yield from article(recipe)
            yield "</section>"


def html(recipes, totals, duration):
    style, script = own("page.css"), own("page.js")
    # a line an element, so that it can be read and compared
    body = "\n".join((
        "<header><h1>amtree-trybuild</h1>"
        f"<p>{totals.recipes} recipes, each built under fakeroot and under "
        "amtree-run.</p></header><main>",
        *tiles(totals), *times(recipes, totals, duration), *accounts(totals),
        '<section aria-labelledby="recipes"><h2 id="recipes">Recipes</h2>'
        '<form class="search" hidden role="search"><label for="words">Names '
        'with</label> <input id="words" type="search" autocomplete="off"> '
        '<button type="button" id="all">Show all</button> '
        '<output id="said" for="words"></output></form>',
        *sections(recipes), "</section></main>"))
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n" \
        '<meta charset="utf-8">\n' \
        f'<meta http-equiv="Content-Security-Policy" ' \
        f'content="{policy(style, script)}">\n' \
        '<meta name="viewport" content="width=device-width, ' \
        'initial-scale=1">\n<meta name="color-scheme" content="light dark">\n' \
        f"<title>amtree-trybuild: {totals.recipes} recipes</title>\n" \
        f"<style>{style}</style>\n</head>\n<body>\n{body}\n" \
        f"<script>{script}</script>\n</body>\n</html>\n"
