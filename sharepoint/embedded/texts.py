"""An item's values as words, the way forms and views write them in the site's locale."""

from __future__ import annotations

from typing import Any

from sharepoint.embedded import lookups, region
from sharepoint.embedded.kinds import REFERENCES, held
from sharepoint.embedded.schema import Columns, Field
from sharepoint.embedded.site import Site


def text(site: Site, columns: Columns, field: Field, stored: Any) -> str:
    """A stored value as words; nothing is an empty text. Several people or lookups are joined by `; `, several choices
    by `, ` (memory)."""
    if stored is None:
        return ""
    if field.kind in REFERENCES:
        return "; ".join(shown for _, shown in lookups.shown_texts(site, columns, field, stored))
    if field.kind == "MultiChoice":
        return ", ".join(held(stored))
    if field.kind in ("Boolean", "Attachments"):
        return "Yes" if stored else "No"
    if field.kind == "DateTime":
        return region.shown(stored, date_only=date_only(field))
    if field.kind == "Number":
        return number(stored)
    return str(stored)


def number(value: float) -> str:
    """A number with thousands apart, as in 1,234.5."""
    return f"{value:,.15g}"


def date_only(field: Field) -> bool:
    """Whether a date column shows no time."""
    return field.settings.get("DisplayFormat") == 0
