#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""report.py RESULTS - report on a directory of results of amtree-trybuild

Prints a summary; writes report.json, report.html and junit.xml into RESULTS.
Status 0; 1 if amtree-run did not do what fakeroot does; 3 if a recipe has no verdict
yet.
"""
import errno
import json
import os
import sys
import tempfile
from xml.sax.saxutils import escape, quoteattr

import page
from results import FINDINGS, SIDES, VERDICTS, Totals, load, shown, \
    shown_log, text_of

LINES = 20  # of differences, or of a log, for one recipe


def write(results, name, text):
    """The file is there whole or not at all."""
    handle, path = tempfile.mkstemp(prefix="." + name, dir=results)
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(path, 0o644)
        os.replace(path, os.path.join(results, name))
    except BaseException:
        os.unlink(path)
        raise


def duration(seconds):
    if seconds < 100:
        return f"{seconds:.1f} s"
    if seconds < 6000:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3600:.1f} h"


def compared(seconds):
    """'12.0 s under fakeroot, 10.0 s under amtree-run (0.833)'"""
    there, here = (seconds[s] for s in SIDES)
    ratio = f" ({here / there:.3f})" if there else ""
    return f"{duration(there)} under fakeroot, " \
        f"{duration(here)} under amtree-run{ratio}"


def lines_of(recipe):
    """What a person wants to see of a recipe at once."""
    lines = [recipe.why()] if recipe.why() else []
    if recipe.verdict == "differs":
        for difference in recipe.differences:
            package = difference.get("package")
            kind, where, what = text_of(difference)
            head = f"{package}: " if isinstance(package, str) else ""
            lines.append(shown(f"{head}{kind} {where}: {what}"))
        if len(lines) > LINES:
            lines[LINES:] = [f"... and {len(lines) - LINES} more"]
    elif recipe.verdict == "fails-here":
        log = shown_log(recipe.log("amtree-run")).rstrip().split("\n")
        lines += log[-LINES:]
    return lines


def summary(recipes, totals):
    """The text for a terminal."""
    yield f"{totals.recipes} recipes"
    for verdict, count in totals.verdicts.items():
        if count:
            yield f"  {count:6} {VERDICTS[verdict]}"
    figures = totals.figures
    yield f"{figures['packages']} packages, " \
        f"{figures['special']} of them not plain root:root: " + \
        ", ".join(f"{figures[f]} {word}" for f, word in (
            ("user", "user"), ("group", "group"), ("setid", "set-id"),
            ("caps", "capabilities"), ("device", "device")))
    for kind in ("user", "group"):
        names = [f"{shown(name)} {count}" for (k, name), (count, _) in
                 totals.sorted_accounts() if k == kind]
        if names:
            yield f"{kind}s: " + ", ".join(names)
    if totals.staged:
        yield f"packaging: {compared(totals.stage)}"
    if totals.timed:
        yield f"whole builds: {compared(totals.seconds)}"
    for recipe in recipes:
        if recipe.verdict in FINDINGS or recipe.verdict == "none":
            yield f"{shown(recipe.name)}: {VERDICTS[recipe.verdict]}"
            yield from ("    " + line for line in lines_of(recipe))


def case(recipe):
    """One <testcase>, as GitLab and others show it."""
    repository, _, name = recipe.name.rpartition("/")
    seconds = recipe.sides["amtree-run"].seconds or 0
    head = f"  <testcase classname={quoteattr(shown(repository))} " \
        f"name={quoteattr(shown(name))} time=\"{seconds:.2f}\""
    body = escape("\n".join(lines_of(recipe)))
    says = quoteattr(VERDICTS[recipe.verdict])
    if recipe.verdict == "same":
        return head + "/>"
    if recipe.verdict in FINDINGS:
        inner = f"<failure message={says}>{body}</failure>"
    elif recipe.verdict == "none":
        inner = f"<error message={says}/>"
    else:
        inner = f"<skipped message={says}/>"
    return f"{head}>\n    {inner}\n  </testcase>"


def junit(recipes, totals):
    verdicts = totals.verdicts
    failures = sum(verdicts[v] for v in FINDINGS)
    skipped = verdicts["fails-there"] + verdicts["fails-both"]
    return '<?xml version="1.0" encoding="UTF-8"?>\n' \
        f'<testsuite name="amtree-trybuild" tests="{totals.recipes}" ' \
        f'failures="{failures}" errors="{verdicts["none"]}" ' \
        f'skipped="{skipped}" ' \
        f'time="{totals.seconds["amtree-run"]:.2f}">\n' + \
        "".join(case(r) + "\n" for r in recipes) + "</testsuite>\n"


def say(lines):
    """On stdout; who closes it, as head(1) does, has seen enough."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except OSError as error:
        # else what is left would be written when python ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise


def main(results):
    recipes = load(results)
    totals = Totals(recipes)
    write(results, "report.json", json.dumps(
        {"recipes": [r.json() for r in recipes], **totals.json()}) + "\n")
    write(results, "junit.xml", junit(recipes, totals))
    write(results, "report.html", page.html(recipes, totals, duration))
    try:
        say(summary(recipes, totals))
    except OSError as error:
        print("amtree-trybuild: cannot write standard output: "
              f"{error.strerror}", file=sys.stderr)
        return 3
    if totals.verdicts["none"]:
        return 3
    return 1 if any(totals.verdicts[v] for v in FINDINGS) else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1]))
    except OSError as error:
        print(f"amtree-trybuild: cannot write the report: {error}",
              file=sys.stderr)
        sys.exit(3)
