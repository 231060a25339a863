# SPDX-License-Identifier: BSD-2-Clause
"""search.py DIRECTORY... - print the recipes at or below directories, sorted

A recipe is a directory with an APKBUILD.  There is none below another one: what is
there was unpacked or built.

Status 0; 4 if some directory could not be read, which is said, and the others were
searched; 3 if it is one of those given, or for any other failure.
"""
import os
import sys

from results import shown


def say(path, text):
    print(f"amtree-trybuild: {shown(os.fsdecode(path))}: {text}",
          file=sys.stderr)


def look(path):
    """Whether a directory is a recipe, and the directories in it."""
    is_recipe, below = False, []
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                below.append(entry.path)
            elif entry.name == b"APKBUILD":
                is_recipe = True
    return is_recipe, below


def search(tops):
    """The recipes, and the errors, each a path and what is wrong with it."""
    recipes, errors, ahead = set(), {}, list(tops)
    while ahead:
        path = ahead.pop()
        try:
            is_recipe, below = look(path)
        except OSError as error:
            errors[path] = "cannot be read: " + error.strerror
            continue
        if not is_recipe:
            ahead += below
        elif b"\n" in path:
            say(path, "left out, for there is a newline in its name")
        else:
            recipes.add(path)
    return recipes, errors


def is_below(path, recipes):
    """Where a DIRECTORY is below a recipe that another one led to."""
    while path != os.path.dirname(path):
        path = os.path.dirname(path)
        if path in recipes:
            return True
    return False


def main(tops):
    recipes, errors = search(tops)
    for path, text in sorted(errors.items()):
        say(path, text)
    if any(top in errors for top in tops):
        return 3
    for path in sorted(recipes):
        if not is_below(path, recipes):
            sys.stdout.buffer.write(path + b"\n")
    sys.stdout.buffer.flush()
    return 4 if errors else 0


if __name__ == "__main__":
    try:
        sys.exit(main([os.fsencode(a) for a in sys.argv[1:]]))
    except OSError as error:
        print("amtree-trybuild: cannot write the list of recipes: "
              f"{error.strerror}", file=sys.stderr)
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)
