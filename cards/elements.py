"""The building blocks of our cards: the only spelling of Adaptive Card elements (schema 1.5).

Text that a person typed goes into `plain`, which shows it as it is: a TextRun renders no markdown, so nothing typed can
become a link, a mention or a picture.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from cards import words
from cards.verbs import Verb

JSON = dict[str, Any]

_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(
    r"https://(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}(?:[/?#][\w\-./?%&=:;,+~!*'()$#@]*)?", re.ASCII | re.IGNORECASE
)

_PAPER = re.compile(r"(?:BoardPapers|CasePapers)/(?:[A-Z]-[0-9]{1,9}/)?[A-Za-z0-9. -]{1,80}")

_DATE = re.compile(r"\d{4}-\d\d-\d\d")

_ABOVE = re.compile(r"^.*/(?=(?:BoardPapers|CasePapers)/)")

CARD_BYTES = 23_500
"""The most a card may weigh: Teams refuses a message near 28 KB, and the envelope has to fit as well."""

PARAGRAPH_BYTES = 2_400
LINE_BYTES = 400
NAME_BYTES = 240
"""The most of an agency's name that is shown: a card may name a dozen, three times each."""

TYPED_BYTES = 12_000
"""What one field of a returned form may weigh at most: a page of characters that JSON spells with six bytes each."""

SHARES = (1.0, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1, 0.05)


def fitted(make: Callable[[float], JSON]) -> JSON:
    """The fullest card that is not too heavy; `make` is told what share of their bytes the typed texts may have."""
    made = make(SHARES[0])
    for share in SHARES[1:]:
        if _size(made) <= CARD_BYTES:
            break
        made = make(share)
    return made


def card(body: Iterable[JSON], *, speak: str, actions: Iterable[JSON] = (), official: bool = False) -> JSON:
    """A whole card, marked. `speak` is the sentence for screen readers and for clients that cannot show it.

    `official` lowers its marking: for figures that nothing of a case is in.
    """
    made: JSON = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "speak": speak,
        "fallbackText": speak,
        "body": [marking(words.OFFICIAL if official else words.MARKING), *_beside(list(body))],
    }
    shown = list(actions)
    if shown:
        made["actions"] = shown
    return made


def _beside(body: list[JSON]) -> list[JSON]:
    """The body with what is wrong with a field said once more just above it, as the warning at its head says it."""
    warned = " ".join(
        item["text"]
        for each in body
        if each.get("style") == "attention"
        for item in each.get("items", ())
        if isinstance(item.get("text"), str)
    )
    if not warned:
        return body
    made = list[JSON]()
    for each in body:
        made += [_wrong(said) for said in words.said_of(each.get("label") or "-", warned)]
        made.append(each)
    return made


def _wrong(said: str) -> JSON:
    return {"type": "TextBlock", "text": said, "wrap": True, "size": "Small", "weight": "Bolder", "spacing": "Medium"}


def refreshed(made: JSON, verb: Verb, **data: str) -> JSON:
    """A card in a channel that Teams asks anew for each who sees it, at most once a minute.

    Teams does so by itself where at most sixty people read along, elsewhere when somebody chooses *Refresh*; naming
    whom to ask for would need each one's Teams id, which no list of ours holds.
    https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/user-specific-views
    """
    action = {"type": "Action.Execute", "title": "Refresh", "verb": verb, "data": data}
    return made | {"refresh": {"action": action}}


def marking(said: str = words.MARKING) -> JSON:
    """The protective marking, first on every card."""
    return {"type": "TextBlock", "text": said, "size": "Small", "weight": "Bolder", "isSubtle": True}


def heading(text: str) -> JSON:
    """The card's title; screen readers find it as a heading."""
    return {"type": "TextBlock", "text": text, "style": "heading", "size": "Large", "weight": "Bolder", "wrap": True}


def subheading(text: str) -> JSON:
    """A heading inside the card."""
    return {"type": "TextBlock", "text": text, "weight": "Bolder", "wrap": True, "spacing": "Medium"}


def text(said: str) -> JSON:
    """A paragraph of our own words."""
    return {"type": "TextBlock", "text": said, "wrap": True}


def quiet(said: str) -> JSON:
    """A smaller paragraph of our own words."""
    return {"type": "TextBlock", "text": said, "wrap": True, "size": "Small", "isSubtle": True}


def opens_link(title: str, address: str) -> list[JSON]:
    """A button that opens a meeting's address, or none where a list holds something else than an https address.

    Whoever edits the list of forums chooses where it leads; what a reader cannot judge from it (a user name before the
    host, characters that are not an address's own, a port) is not offered.
    """
    return [{"type": "Action.OpenUrl", "title": title, "url": address}] if _ADDRESS.fullmatch(address) else []


def filed_as(address: str) -> list[JSON]:
    """Where a paper lies in its library, for those whose client opens no link; nothing for any other address."""
    path = _ABOVE.sub("", unquote(urlsplit(address).path))
    return [entry("Filed as", path)] if _PAPER.fullmatch(path) else []


def pairs(lines: Iterable[JSON]) -> list[JSON]:
    """Short labelled texts two by two, side by side."""
    todo = list(lines)
    return [
        {
            "type": "ColumnSet",
            "spacing": "Small",
            "columns": [{"type": "Column", "width": "stretch", "items": [each]} for each in todo[start : start + 2]],
        }
        for start in range(0, len(todo), 2)
    ]


def warning(said: str) -> JSON:
    """A sentence that must be seen: said in words and set off by a frame, not by colour alone."""
    return {
        "type": "Container",
        "style": "attention",
        "spacing": "Medium",
        "items": [{"type": "TextBlock", "text": said, "wrap": True, "weight": "Bolder"}],
    }


def table(heads: Sequence[str], rows: Iterable[Sequence[JSON]], widths: Sequence[int]) -> JSON:
    """A table of cells made by `cell`, its first row the heads; `widths` are shares of the card's width."""
    first: JSON = {"type": "TableRow", "cells": [cell(head, bold=True) for head in heads]}
    return {
        "type": "Table",
        "columns": [{"width": width} for width in widths],
        "firstRowAsHeader": True,
        "gridStyle": "default",
        "rows": [first, *({"type": "TableRow", "cells": list(row)} for row in rows)],
    }


def cell(said: str, *, style: str = "default", bold: bool = False) -> JSON:
    """One cell of a table with words of our own; `style` colours it, beside words that say the same."""
    looks: JSON = {"weight": "Bolder"} if bold else {}
    shown: JSON = {"type": "TextBlock", "text": said, "wrap": True, "size": "Small", **looks}
    return {"type": "TableCell", "style": style, "items": [shown]}


def notice(said: str) -> JSON:
    """The standing sentence on every card that takes or shows a concern."""
    return {
        "type": "Container",
        "style": "warning",
        "spacing": "Medium",
        "items": [{"type": "TextBlock", "text": said, "wrap": True, "size": "Small"}],
    }


def facts(pairs: Iterable[tuple[str, str]]) -> JSON:
    """Label and value, both our own words."""
    return {"type": "FactSet", "facts": [{"title": title, "value": value} for title, value in pairs]}


def bar_chart(title: str, unit: str, points: Sequence[tuple[str, float]], *, fallback: JSON) -> JSON:
    """A native chart of upright bars (Teams; not in schema 1.5), with what other clients draw in its place."""
    data = [{"x": label, "y": value} for label, value in points]
    return {"type": "Chart.VerticalBar", "data": data, "showBarValues": True, **_chart(title, unit, fallback)}


def line_chart(title: str, unit: str, points: Sequence[tuple[str, float]], *, fallback: JSON) -> JSON:
    """A native chart of one line, likewise."""
    values = [{"x": label, "y": value} for label, value in points]
    return {"type": "Chart.Line", "data": [{"legend": title, "values": values}], **_chart(title, unit, fallback)}


def _chart(title: str, unit: str, fallback: JSON) -> JSON:
    return {"title": title, "xAxisTitle": "Month", "yAxisTitle": unit or "Number", "fallback": fallback}


def bars(rows: Iterable[tuple[str, int, str]]) -> JSON:
    """Bars that any client draws: a label, a length from 0 to 100, and the number in words of ours at its end."""
    return {"type": "Container", "spacing": "Medium", "items": [_bar(*row) for row in rows]}


def _bar(label: str, length: int, said: str) -> JSON:
    def small(text: str) -> JSON:
        return {"type": "TextBlock", "text": text, "wrap": True, "size": "Small"}

    bar = {
        "type": "Column",
        "width": max(length, 1),
        "verticalContentAlignment": "Center",
        "items": [{"type": "Container", "style": "accent", "bleed": False, "minHeight": "14px", "items": []}],
    }
    return {
        "type": "ColumnSet",
        "spacing": "None",
        "columns": [
            {"type": "Column", "width": "60px", "verticalContentAlignment": "Center", "items": [small(label)]},
            *([bar] if length else []),
            {"type": "Column", "width": 150 - length, "verticalContentAlignment": "Center", "items": [small(said)]},
        ],
    }


def entry(label: str, said: str) -> JSON:
    """A line that begins with what it is about, which a narrow screen does not break; neither part is markdown."""
    return {
        "type": "RichTextBlock",
        "spacing": "Small",
        "inlines": [
            *([run(label, weight="Bolder")] if label else []),
            *([run(f" {said}" if label else said)] if said else []),
        ],
    }


def run(typed: str, **looks: Any) -> JSON:
    """A piece of a line, shown as it is: a client reads no markdown in a TextRun.

    Characters that turn the reading direction are left out, for they would turn the words of ours beside it too.
    """
    return {"type": "TextRun", "text": typed if typed.isascii() else _TURNING.sub("", typed), **looks}


def plain(label: str, typed: str, *, limit: int = LINE_BYTES) -> JSON:
    """A label of ours over text that a person typed, shown as it is."""
    return {
        "type": "Container",
        "spacing": "Small",
        "items": [
            {"type": "TextBlock", "text": label, "size": "Small", "isSubtle": True, "wrap": True},
            {
                "type": "RichTextBlock",
                "spacing": "None",
                "inlines": [run(shortened(typed, limit))],
            },
        ],
    }


def shortened(typed: str, limit: int) -> str:
    """A text cut so that its JSON takes at most `limit` bytes, an ellipsis showing that there is more."""
    if _size(typed) <= limit:
        return typed
    low, high = 0, len(typed)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _size(typed[:middle]) <= limit - 3 else (low, middle - 1)
    return typed[:low] + "…"


def named(given: str) -> str:
    """A name from a list that administrators edit, without markdown and not longer than a card can bear."""
    return shortened(words.tame(given), NAME_BYTES)


def typed(values: Mapping[str, Any] | None, share: float) -> Callable[[str], str]:
    """Read back what was typed into a form, when it is text; anything else was not typed by a person."""
    given = values or {}

    def read(name: str) -> str:
        value = given.get(name)
        return shortened(value, int(share * TYPED_BYTES)) if isinstance(value, str) else ""

    return read


def _size(made: JSON | str) -> int:
    """Bytes of its JSON as it is sent; half a surrogate pair, which cannot be sent, counts as the mark that is."""
    try:
        return len(orjson.dumps(made))
    except TypeError:
        return _size_by_hand(made)


def _size_by_hand(made: JSON | str) -> int:
    return len(json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def line_input(name: str, value: str = "", *, required: bool = False, limit: int = 255, hint: str = "") -> JSON:
    """A single line."""
    made: JSON = {
        "type": "Input.Text",
        "id": name,
        "label": words.FIELDS[name],
        "maxLength": limit,
        **_required(name, required),
    }
    return made | _filled(value[:limit]) | ({"placeholder": hint} if hint else {})


def paragraph_input(name: str, value: str = "", *, required: bool = False, limit: int = 2000, hint: str = "") -> JSON:
    """Several lines."""
    return line_input(name, value, required=required, limit=limit, hint=hint) | {"isMultiline": True}


def date_input(name: str, value: str = "", *, required: bool = False) -> JSON:
    """A date, ISO on the wire; what is none cannot stand in it."""
    shown = value if _DATE.fullmatch(value) else ""
    return {"type": "Input.Date", "id": name, "label": words.FIELDS[name], **_required(name, required)} | _filled(shown)


def choice_input(
    name: str,
    choices: Iterable[str],
    value: str = "",
    *,
    required: bool = False,
    many: bool = False,
    expanded: bool = False,
) -> JSON:
    """One of a list, or several. The values are the words themselves; what is not among them is not chosen."""
    listed = [str(each) for each in choices]
    chosen = {part.strip() for part in value.split(",")} if many else {value}
    kept = ",".join(each for each in listed if each in chosen)
    return titled_choices(name, [(each, each) for each in listed], kept, required=required) | {
        "style": "expanded" if expanded else "compact",
        "wrap": True,
        **({"isMultiSelect": True} if many else {}),
    }


def titled_choices(name: str, choices: Iterable[tuple[str, str]], value: str = "", *, required: bool = False) -> JSON:
    """One of a list of titles and values."""
    made: JSON = {
        "type": "Input.ChoiceSet",
        "id": name,
        "label": words.FIELDS[name],
        "style": "compact",
        "choices": [{"title": title, "value": each} for title, each in choices],
        **_required(name, required),
    }
    return made | _filled(value)


def _required(name: str, required: bool) -> JSON:
    label = words.FIELDS[name]
    said = f"{label} is needed." if required else f"{label} could not be read."
    return {"errorMessage": said, **({"isRequired": True} if required else {})}


def _filled(value: str) -> JSON:
    return {"value": value} if value else {}


def opens_dialog(title: str, verb: Verb, **data: str) -> JSON:
    """A button on a message that opens a dialog (`task/fetch`)."""
    return {"type": "Action.Submit", "title": title, "data": {"msteams": {"type": "task/fetch"}, "do": verb, **data}}


def as_typed(title: str, word: str) -> JSON:
    """A button of a private chat that is as if its command were typed."""
    return submits(title, Verb.COMMAND, in_dialog=False, checks=False, word=word)


def buttons(actions: Iterable[JSON]) -> list[JSON]:
    """Buttons within the body, for what is beside the card's own six."""
    shown = list(actions)
    return [{"type": "ActionSet", "actions": shown}] if shown else []


def submits(
    title: str, verb: Verb, *, checks: bool = True, in_dialog: bool = True, main: bool = False, **data: str
) -> JSON:
    """A button that sends the form: in a dialog an Action.Submit, on a message an Action.Execute.

    `checks` is no for a way out, which must work on a half-filled form; `main` marks the button most people want.
    """
    inputs = {} if checks else {"associatedInputs": "none"}
    if main:
        inputs["style"] = "positive"
    if in_dialog:
        return {"type": "Action.Submit", "title": title, "data": {"do": verb, **data}, **inputs}
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": data, **inputs}
