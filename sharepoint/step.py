"""One step of provisioning, and what a site is found to have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sharepoint.answers import JSON
from sharepoint.libraries import Place

LIST, COLUMN, CHANGE, VIEW = range(4)
"""The order of steps: a list before its columns, they before what is changed of them, and views last."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do to the site: what it does in words, and the request that does it. `turn` orders the steps."""

    says: str
    path: str
    body: JSON
    method: str = "POST"
    turn: int = LIST


@dataclass(frozen=True, slots=True)
class Found:
    """What a site has of a list: its settings, its columns by internal name, its public views."""

    settings: JSON
    fields: Mapping[str, JSON]
    views: tuple[JSON, ...]


def path_of(of: Place) -> str:
    """The path of a list below `_api/`."""
    return f"web/lists/getByTitle('{of.name}')"
