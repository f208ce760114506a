"""A plan's sections: one thing to a line, added to by several agencies without losing anybody's. Pure text."""

from __future__ import annotations

import hashlib


def fingerprint(section: str) -> str:
    """A few characters by which a form that comes back tells whether the section changed since it was opened."""
    return hashlib.sha256(section.encode()).hexdigest()[:8]


def joined(typed: str, stored: str) -> str:
    """What was typed, with the lines that somebody else has stored meanwhile: nothing of either is lost."""
    have = {_same(line) for line in typed.splitlines()}
    return "\n".join([*typed.splitlines(), *(line for line in lines(stored).splitlines() if _same(line) not in have)])


def _same(line: str) -> str:
    return " ".join(line.split()).casefold()


def lines(text: str) -> str:
    """A section with one thing to a line and no empty lines."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def first_actions(section: str) -> dict[str, str]:
    """Each agency's first action, by its code in capitals; lines that name no code are left out."""
    found: dict[str, str] = {}
    for line in section.splitlines():
        code, colon, action = line.partition(":")
        if colon and code.strip() and action.strip():
            found.setdefault(code.strip().upper(), action.strip())
    return found


def with_first_action(section: str, code: str, action: str) -> str:
    """The first actions with this agency's, and all others' as they were."""
    line, kept = f"{code}: {' '.join(action.split())}", section.splitlines()
    at = [n for n, each in enumerate(kept) if each.partition(":")[0].strip().upper() == code.upper()]
    if not at:
        return "\n".join([*kept, line])
    return "\n".join([*kept[: at[0]], line, *(each for n, each in enumerate(kept) if n > at[0] and n not in at)])
