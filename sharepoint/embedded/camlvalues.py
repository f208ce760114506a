"""The values of CAML: what a `Value` element stands for, given the column it is compared with.

Dates without IncludeTimeValue compare by the site's day (doc: Value element), so each becomes a range of instants,
which an index can serve.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sharepoint.embedded import lookups, moments, region
from sharepoint.embedded.filters import And, Compare, Literal, Node, Not
from sharepoint.embedded.kinds import REFERENCES, Kind
from sharepoint.embedded.people import Person
from sharepoint.embedded.schema import Columns, Field

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TRUE, _FALSE = frozenset({"1", "true"}), frozenset({"0", "false"})
_BY_ID = frozenset({"integer", "counter"})


def shown_by(columns: Columns, field: Field) -> str:
    """The filter name a column is sorted by: a person or lookup by the text it shows."""
    return f"{field.entity_name}/{lookups.shown_name(field)}" if field.kind in REFERENCES else field.shown_as


def compared(columns: Columns, field: Field, reference: Element, value: Element) -> str:
    """The filter name a column is compared as: a person or lookup by id with LookupId or an Integer value, otherwise by
    the text it shows."""
    if field.kind not in REFERENCES:
        return field.shown_as
    by_id = reference.get("LookupId", "").upper() == "TRUE" or value.get("Type", "").lower() in _BY_ID
    return field.shown_as if by_id or value.find("UserID") is not None else shown_by(columns, field)


def literal(kind: Kind, value: Element, person: Person) -> Literal:
    """A value as a literal of a kind; ValueError if it is not one."""
    text = str(person.id) if value.find("UserID") is not None else "".join(value.itertext())
    if kind.edm == "Edm.String":
        return Literal("string", text)
    if kind.edm == "Edm.Boolean":
        if text.strip().lower() not in _TRUE | _FALSE:
            raise ValueError(text)
        return Literal("bool", text.strip().lower() in _TRUE)
    # Ids are sometimes written with what they show: 3;#Ambridge.
    number = text.partition(";#")[0].strip()
    if not math.isfinite(float(number)):
        raise ValueError(number)
    return Literal("number", float(number))


def moment(name: str, op: str, value: Element) -> Node:
    """A comparison with a date: by instant with IncludeTimeValue, otherwise by the site's days; ValueError if
    it is none."""
    try:
        if value.get("IncludeTimeValue", "").upper() == "TRUE":
            return Compare(name, op, Literal("datetime", _instant(value)))
        begins, ends = region.day(_day(value))
    except OverflowError as error:
        raise ValueError(name) from error
    first, after = Literal("datetime", begins), Literal("datetime", ends)
    within = And((Compare(name, "ge", first), Compare(name, "lt", after)))
    ranges: dict[str, Node] = {
        "eq": within,
        "ne": Not(within),
        "lt": Compare(name, "lt", first),
        "le": Compare(name, "lt", after),
        "gt": Compare(name, "ge", after),
        "ge": Compare(name, "ge", first),
    }
    return ranges[op]


def _instant(value: Element) -> str:
    if value.find("Now") is not None:
        return moments.now()
    if value.find("Today") is not None:
        return region.day(_day(value))[0]
    text = "".join(value.itertext()).strip()
    utc = text[-1:] in "Zz" or value.get("StorageTZ", "").upper() in ("TRUE", "UTC")
    return moments.parse(text) if utc or (text[-6:-5] in "+-" and text[-3:-2] == ":") else region.stored_local(text)


def _day(value: Element) -> date:
    present = value.find("Today")
    if present is None:
        return region.iso_day("".join(value.itertext()).strip())
    offset = present.get("OffsetDays") or present.get("Offset") or "0"
    return region.today() + timedelta(days=int(offset))
