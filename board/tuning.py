"""Numbers that a board tunes in a list: a word and a number on each line, such as `pack 6`. Pure.

An administrator types them, so whatever cannot be read leaves the default as it is, and `faults` names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_LINE = re.compile(r"([A-Za-z][A-Za-z ]*?)\s*[:=]?\s*(-?[0-9]{1,3})\b\s*[:,;]?\s*(.*)")


def read(text: str) -> list[tuple[str, int, str]]:
    """Each line that can be read: its word in lower case, its number, and what follows it."""
    found = (_LINE.fullmatch(line.strip()) for line in text.splitlines())
    return [(" ".join(one[1].lower().split()), int(one[2]), one[3].strip()) for one in found if one]


def tuned(text: str, defaults: Mapping[str, int], *, least: int, most: int) -> dict[str, int]:
    """The defaults with what the text says of them; a word that is none of them and a number out of bounds change
    nothing."""
    said = {word: number for word, number, _ in read(text) if word in defaults and least <= number <= most}
    return {**defaults, **said}


def faults(text: str, known: Iterable[str], *, least: int, most: int) -> list[str]:
    """The lines that say nothing that can be followed, as they are."""
    words, wrong = frozenset(known), list[str]()
    for line in text.splitlines():
        one = read(line)
        if line.strip() and not (one and one[0][0] in words and least <= one[0][1] <= most):
            wrong.append(line.strip())
    return wrong
