"""The query string: the OData options SharePoint knows; any other name that begins with `$` is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote, unquote_plus

from sharepoint.embedded.errors import BadQuery

_KNOWN = frozenset({"$select", "$filter", "$orderby", "$top", "$expand", "$skiptoken", "$skip"})
PAGE = 100
LARGEST_PAGE = 5000


@dataclass(frozen=True, slots=True)
class Options:
    """What a query string asks. `select` and `expand` are names as written; `top` is checked, 0 to 5,000."""

    select: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()
    filter: str = ""
    orderby: str = ""
    top: int | None = None
    skiptoken: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()

    def next_query(self, skiptoken: str) -> str:
        """The query string of the following page: every option kept, `$skiptoken` replaced, `$skip` dropped."""
        kept = [(name, value) for name, value in self.pairs if name.lower() not in ("$skiptoken", "$skip")]
        return "&".join(
            f"{quote(name, safe='$@')}={quote(value, safe='')}" for name, value in [("$skiptoken", skiptoken), *kept]
        )


@lru_cache(maxsize=512)  # every address is read twice, to be counted and to be answered, and most are asked again
def parse(raw: str) -> Options:
    """The options of a raw query string. `+` is a space. `$skip` is accepted and, as in SharePoint, ignored."""
    pairs = []
    known: dict[str, str] = {}
    for piece in raw.split("&"):
        name, _, value = piece.partition("=")
        name, value = unquote_plus(name), unquote_plus(value)
        if not name:
            continue
        pairs.append((name, value))
        if name.startswith("$"):
            _remember(known, name, value)
    return Options(
        select=_names(known.get("$select", "")),
        expand=_names(known.get("$expand", "")),
        filter=known.get("$filter", "").strip(),
        orderby=known.get("$orderby", "").strip(),
        top=_top(known.get("$top")),
        skiptoken=known.get("$skiptoken", ""),
        aliases={name: value for name, value in pairs if name.startswith("@")},
        pairs=tuple(pairs),
    )


def _remember(known: dict[str, str], name: str, value: str) -> None:
    lowered = name.lower()
    if lowered not in _KNOWN:
        raise BadQuery(
            f"The query parameter '{name}' begins with a system-reserved '$' character but is not recognized."
        )
    if lowered in known:
        raise BadQuery(f"Query parameter '{name}' is specified, but it should be specified exactly once.")
    known[lowered] = value


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _top(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > LARGEST_PAGE:
        raise BadQuery(f"Incorrect format for $top argument '{text[:40]}': a whole number from 0 to {LARGEST_PAGE}.")
    return int(text)
