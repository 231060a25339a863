# SPDX-License-Identifier: BSD-2-Clause
"""picture - times as SVG, to stand in a page

Colours come from the page's style sheet by class, so they follow its scheme; each
picture has a title for who does not see it, and what it says is also in words.
"""
from html import escape

from results import SIDES, shown

WIDTH = 760
LABEL = 150  # room for names, on the left
NUMBER = 80  # for figures, on the right
MOST = 24  # recipes in changes()


def text(x, y, words, css, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{css}" ' \
        f'text-anchor="{anchor}">{escape(shown(words))}</text>'


def bar(x, y, width, height, css, words):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" ' \
        f'height="{height}" rx="2" class="{css}">' \
        f'<title>{escape(shown(words))}</title></rect>'


def svg(name, title, height, parts):
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" ' \
        f'aria-labelledby="{name}"><title id="{name}">' \
        f'{escape(shown(title))}</title>{"".join(parts)}</svg>'


def whole(name, title, seconds, duration):
    """A bar for each side, of the same scale."""
    largest = max(seconds.values()) or 1
    room = WIDTH - LABEL - NUMBER
    parts = []
    for i, side in enumerate(SIDES):
        y = 4 + i * 34
        width = room * seconds[side] / largest
        parts.append(text(LABEL - 10, y + 18, side, "name", "end"))
        parts.append(bar(LABEL, y, width, 26, f"side{i}",
                         f"{side}: {duration(seconds[side])}"))
        parts.append(text(LABEL + width + 8, y + 18,
                          duration(seconds[side]), "figure"))
    return svg(name, title, 72, parts)


def largest_changes(recipes):
    """(seconds saved in packaging, recipe), the largest changes in order."""
    changes = [(r.sides["fakeroot"].stage - r.sides["amtree-run"].stage, r)
               for r in recipes if r.has_stages()]
    changes.sort(key=lambda c: (-abs(c[0]), c[1].name))
    return sorted(changes[:MOST], key=lambda c: (-c[0], c[1].name))


def changes(name, title, recipes):
    """For each recipe a bar to the right for time saved, to the left for lost."""
    found = largest_changes(recipes)
    if not found:
        return ""
    label = 240
    room = (WIDTH - label - 2 * NUMBER) / 2
    zero = label + NUMBER + room
    largest = max(abs(saved) for saved, _ in found) or 1
    height = 18 * len(found) + 22
    parts = [f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="18" '
             f'y2="{height - 2}" class="axis"/>',
             text(zero - 8, 12, "← slower", "hint", "end"),
             text(zero + 8, 12, "saved →", "hint")]
    for i, (saved, recipe) in enumerate(found):
        y = 22 + i * 18
        width = room * abs(saved) / largest
        words = recipe.name
        if len(words) > 34:
            words = words[:16] + "…" + words[-16:]
        parts.append(text(label - 10, y + 11, words, "name small", "end"))
        is_saved = saved >= 0
        parts.append(bar(zero if is_saved else zero - width, y, width, 14,
                         "saved" if is_saved else "lost",
                         f"{recipe.name}: {saved:+.2f} s"))
        parts.append(text(zero + width + 6 if is_saved else zero - width - 6,
                          y + 11, f"{saved:+.2f} s", "figure small",
                          "start" if is_saved else "end"))
    return svg(name, title, height, parts)
