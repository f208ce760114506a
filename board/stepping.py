"""The keys of the steps that a record has taken, so that the same press delivered again changes nothing."""

from __future__ import annotations

KEPT = 5
"""Steps whose keys a record keeps: 45 characters each at most, in a column of 255."""


def has_step(step_key: str, key: str) -> bool:
    """Whether the step with this key is among those taken."""
    return key in step_key.split(";")


def with_step(step_key: str, key: str) -> str:
    """The keys with this one after the others; the oldest go."""
    before = [each for each in step_key.split(";") if each]
    return ";".join([*before, key][-KEPT:])
