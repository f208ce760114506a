"""Typed words: which command is meant, forgiving small errors, and which one is nearest when it is none."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from cards.help import COMMANDS

WORDS = tuple(command.word for command in COMMANDS)

SYNONYMS = {
    "hello": "help",
    "hi": "help",
    "?": "help",
    "answer": "return",
    "who am i": "whoami",
    "make a referral": "refer",
    "new referral": "refer",
}

FORGIVEN, OFFERED = 0.8, 0.5
"""How alike (difflib's ratio) a word must be to be taken as meant, and to be offered."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A command and the words after it. `word` is empty when none was meant; `nearest` is then the one to offer."""

    word: str
    rest: str = ""
    nearest: str = ""


def read(text: str) -> Typed:
    """Read what somebody typed."""
    said = " ".join(text.split()).strip(" .!")
    if not said:
        return Typed("help")
    for phrase, word in SYNONYMS.items():
        if said.casefold() == phrase:
            return Typed(word)
    first, _, rest = said.partition(" ")
    word = first.casefold().strip(":,;")
    word = SYNONYMS.get(word, word)
    if word in WORDS:
        return Typed(_with_reference(word, rest), rest.strip())
    if re.fullmatch(r"r-?\d{1,9}", word):
        return Typed("referral", first)
    alike = difflib.get_close_matches(word, WORDS, n=1, cutoff=FORGIVEN)
    if alike:
        return Typed(_with_reference(alike[0], rest), rest.strip())
    near = difflib.get_close_matches(word, WORDS, n=1, cutoff=OFFERED)
    return Typed("", rest, near[0] if near else "")


def _with_reference(word: str, rest: str) -> str:
    """`refer R-14` means that referral; nobody starts a new one with a number."""
    if word in ("refer", "referrals") and re.match(r"\s*r\s*-?\s*\d", rest, re.IGNORECASE):
        return "referral"
    return word
