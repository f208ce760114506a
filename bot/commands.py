"""Typed words: which command is meant, forgiving small errors, and which one is nearest when it is none."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from cards.help import COMMANDS

WORDS = tuple(command.word for command in COMMANDS)

SYNONYMS = {
    **dict.fromkeys(("hello", "hi", "hey", "good morning", "good afternoon", "start"), "home"),
    "?": "help",
    "answer": "return",
    "who am i": "whoami",
    "who saw": "disclosures",
    "records": "retention",
    "make a referral": "refer",
    "new referral": "refer",
    "action tracker": "tracker",
    "actions": "tracker",
    "mine": "my actions",
    "new action": "add action",
    "subgroup list": "list",
    "the list": "list",
    "run sheet": "subgroup",
    "run-sheet": "subgroup",
    "raise risk": "risk",
    "raise lesson": "lesson",
}

PHRASES = (
    "subgroup list",
    "my actions",
    "my board",
    "see to",
    "add action",
    "action tracker",
    "new action",
    "who saw",
    "more time",
    "not possible",
    "not undertaken",
    "senior board",
    "new version",
    "end plan",
    "raise risk",
    "raise lesson",
)
"""Commands of two words, read before the first word alone is."""

STEPS = (
    *("acknowledge", "more time", "blocked", "not possible", "verify", "grant"),
    *("not undertaken", "supersede", "senior board"),
)
"""Typed equivalents of an action's other buttons; help names the common ones only."""

PLAN_MOVES = ("contribute", "send", "new version", "reviewed", "end plan", "seen")
"""Typed equivalents of a plan's other buttons."""

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
    first, rest = _parted(said)
    word = first.casefold().strip(":,;")
    word = SYNONYMS.get(word, word)
    if word in WORDS or word in STEPS or word in PLAN_MOVES:
        return Typed(_with_reference(word, rest), rest.strip())
    if re.fullmatch(r"[ra]\s?[-‐‑–—]?\s?[0-9]{1,9}", said.casefold()):
        return Typed("referral" if word[0] == "r" else "action", said)
    if re.fullmatch(r"p\s?[-‐‑–—]?\s?[0-9]{1,9}(\.[0-9]{1,4})?", said.casefold()):
        return Typed("plan", said)
    alike = difflib.get_close_matches(word, WORDS, n=1, cutoff=FORGIVEN)
    if alike:
        return Typed(_with_reference(alike[0], rest), rest.strip())
    near = difflib.get_close_matches(word, WORDS, n=1, cutoff=OFFERED)
    return Typed("", rest, near[0] if near else "")


def _parted(said: str) -> tuple[str, str]:
    """The command's word or phrase, and what follows it."""
    for phrase in PHRASES:
        if said.casefold() == phrase or said.casefold().startswith(phrase + " "):
            return phrase, said[len(phrase) :].strip()
    first, _, rest = said.partition(" ")
    return first, rest


def _with_reference(word: str, rest: str) -> str:
    """`refer R-14` means that referral; nobody starts a new one with a number."""
    if word in ("refer", "referrals") and re.match(r"\s*r\s*-?\s*\d", rest, re.IGNORECASE):
        return "referral"
    return word
