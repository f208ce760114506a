"""How the store proves who it is to the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

NEVER = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token and how many seconds it is good for."""

    value: str
    expires_in: int


def static(token: str) -> Callable[[], Token]:
    """The embedded server's fixed bearer token. SharePoint Online takes none such."""
    return lambda: Token(token, NEVER)
