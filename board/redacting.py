"""Taking people out of texts: each place where somebody is named becomes a label. Pure.

What is known of a person (names, dates of birth, numbers, places) is found however it is spelled, and a label such as
`[person at risk 1]` stands in its place. What the records do not hold of a person cannot be found: whoever passes a
redacted paper on has to read it first, and the paper says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from board.identifying import ORDINARY, SHORTEST_NAME, SHORTEST_NUMBER, SHORTEST_PLACE, TITLES, dates, fold
from board.records import Subject

_RUN = re.compile(r"[^\W\d_]+")
_CHUNK = re.compile(r"[^\s\-‐‑–—/,;()]+")
_BETWEEN = re.compile(r"[\s\-‐‑–—,.]*")
_APART = r"[\s\-‐‑–—/.]*"

Span = tuple[int, int, str]
"""Where something stands in a text, and the label that takes its place."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A person to be taken out of texts: what is known of them, and the label that stands for them."""

    label: str
    person: Subject


class Redactor:
    """Takes people out of texts. `kept` stays: a word, a place or a day that is also theirs is not taken out alone.

    `phrases` are whole names, of members for instance, with the label of each.
    """

    def __init__(
        self, hidden: Iterable[Hidden], kept: Iterable[Subject] = (), phrases: Iterable[tuple[str, str]] = ()
    ) -> None:
        people, stays = tuple(hidden), tuple(kept)
        own = {word for each in stays for word in _name_words(each)} | {w for each in stays for w in _places(each)}
        self._patterns: list[tuple[re.Pattern[str], str]] = []
        self._born: dict[date, str] = {}
        for each in people:
            self._patterns += [(pattern, each.label) for pattern in _patterns(each.person, own)]
            if each.person.date_of_birth is not None:
                self._born.setdefault(each.person.date_of_birth, each.label)
        for one in stays:
            if one.date_of_birth is not None:
                self._born.pop(one.date_of_birth, None)
        self._patterns += [(_phrase(name), label) for name, label in phrases if _RUN.search(fold(name))]

    def text(self, said: str) -> str:
        """The text with a label wherever one of them was named; a text that names none of them comes back as it is."""
        plain, origin = _folded(said)
        found = [
            (match.start(), match.end(), label)
            for pattern, label in self._patterns
            for match in pattern.finditer(plain)
            if match.end() > match.start()
        ]
        found += [
            (match.start(), match.end(), label)
            for match, days in dates(plain)
            for label in [next((self._born[day] for day in days if day in self._born), "")]
            if label
        ]
        return _replaced(said, [(origin[first], origin[last], label) for first, last, label in found])

    def hides(self, day: date) -> bool:
        """Whether a date is the birthday of somebody who is taken out."""
        return day in self._born


def _folded(said: str) -> tuple[str, list[int]]:
    """A text as it is compared, and for each place in it (the end too) the place in the text as it was typed."""
    parts, origin = list[str](), list[int]()
    for at, char in enumerate(said):
        plain = fold(char)
        parts.append(plain)
        origin += [at] * len(plain)
    return "".join(parts), [*origin, len(said)]


def _patterns(person: Subject, own: set[str]) -> Iterator[re.Pattern[str]]:
    names = [
        name for spoken in (person.name, *re.split(r"[,;/\n]", person.aliases)) for name in [spoken.strip()] if name
    ]
    for name in names:
        runs = _RUN.findall(fold(name))
        if len(runs) > 1 or (runs and len(runs[0]) < SHORTEST_NAME):
            yield _phrase(name)
        yield from _initials(name)
    words = {word for word in _name_words(person) if word not in own}
    words |= {word for word in _places(person) if word not in own}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        yield _word(word)
    for number in _numbers(person):
        yield re.compile(rf"(?<![^\W_]){_APART.join(map(re.escape, number))}(?![^\W_])")


def _initials(name: str) -> Iterator[re.Pattern[str]]:
    """A name's initials with a stop at their end: without one they are too much like other short words."""
    parts = [runs[0][0] for chunk in _CHUNK.findall(fold(name)) for runs in [_RUN.findall(chunk)] if runs]
    for some in {tuple(parts), (parts[0], parts[-1])} if 1 < len(parts) < 6 else ():
        yield re.compile(rf"(?<![\w.]){r'[.]?[ ]?'.join(some)}\.(?!\w)")


def _phrase(name: str) -> re.Pattern[str]:
    """A name's words in their order, whatever stands between them."""
    runs = [re.escape(run) for run in _RUN.findall(fold(name))]
    return _word(r"\W*".join(runs))


def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_]){word}(?![^\W\d_])")


def _name_words(person: Subject) -> Iterator[str]:
    """The parts of a person's names that mean somebody alone, as patterns of what is compared."""
    for spoken in (person.name, person.aliases):
        for chunk in _CHUNK.findall(fold(spoken)):
            runs = _RUN.findall(chunk)
            if sum(map(len, runs)) >= SHORTEST_NAME and not TITLES.intersection(runs):
                yield r"\W?".join(runs)


def _places(person: Subject) -> Iterator[str]:
    for word in _RUN.findall(fold(f"{person.address_area} {person.whereabouts}")):
        if len(word) >= SHORTEST_PLACE and word not in ORDINARY:
            yield word


def _numbers(person: Subject) -> Iterator[str]:
    for number in (person.nhs_number, person.pnc_id, *re.split(r"[\s,;]+", person.other_ids)):
        bare = "".join(c for c in fold(number) if c.isalnum())
        if len(bare) >= SHORTEST_NUMBER and any(c.isdigit() for c in bare):
            yield bare


def _replaced(said: str, found: list[Span]) -> str:
    """The text with a label for each span; spans that touch, or have only blanks between them, become one."""
    merged = list[Span]()
    for first, last, label in sorted(found):
        if merged and first < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]), merged[-1][2])
        elif merged and merged[-1][2] == label and _BETWEEN.fullmatch(said[merged[-1][1] : first]):
            merged[-1] = (merged[-1][0], last, label)
        else:
            merged.append((first, last, label))
    parts, at = list[str](), 0
    for first, last, label in merged:
        parts += [said[at:first], label]
        at = last
    return "".join([*parts, said[at:]])
