"""What a column says in SharePoint: by the rules of the format, in words as well as in colour, right on every day."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from board.actions import CLOSED, ActionStatus, Priority
from board.vocabulary import Answer, Status, Urgency
from sharepoint.bookkeeping import PostStatus
from sharepoint.formatting import FORMATS
from sharepoint.schema import LISTS
from sharepoint.views import views_of
from tests.sharepoint.formatting_language import Reader

# From "Formatting syntax reference": what an element, its attributes and its style may be.
ELEMENTS = {"div", "span", "a", "img", "svg", "path", "button", "p", "filepreview"}
KEYS = {"$schema", "elmType", "txtContent", "style", "attributes", "children", "customRowAction"}
ATTRIBUTES = {"href", "rel", "src", "class", "target", "title", "role", "iconName", "aria"}
STYLES = {"padding", "display", "border", "background-color", "cursor"}
ACTIONS = {"defaultClick", "share", "delete", "editProps", "openContextMenu", "setValue", "executeFlow", "embed"}
OPERATORS = {"if", "floor", "abs", "toString", "Number", "Date", "toDateString", "toLocaleDateString"}
# From "Use column formatting", Predefined classes; the ink is Fluent's.
CLASSES = {f"sp-field-severity--{word}" for word in ("good", "low", "warning", "severeWarning", "blocked")} | {
    "ms-fontColor-neutralPrimary",
    "ms-fontColor-themePrimary",
}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def elements(shape: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An element and all that is inside it."""
    yield shape
    for child in shape.get("children", ()):
        yield from elements(child)


def texts(shape: dict[str, Any]) -> list[str]:
    """Every text of a formatting that SharePoint evaluates."""
    found = []
    for one in elements(shape):
        found += [one.get("txtContent", ""), *one.get("attributes", {}).values(), *one.get("style", {}).values()]
    return [text for text in found if text]


def said(text: str, row: dict[str, Any], column: str, now: datetime = NOON) -> tuple[str, str, str]:
    """The class, the icon and the words that a row's column shows."""
    reader, shape = Reader(row, column, now), json.loads(text)
    icon, words = shape["children"]
    shown = reader.shows(shape["attributes"]["class"]).replace("ms-fontColor-neutralPrimary", "").strip()
    return (
        shown.removeprefix("sp-field-severity--"),
        reader.shows(icon["attributes"]["iconName"]),
        reader.shows(words["txtContent"]),
    )


def at_noon(day: date) -> float:
    """A day as the board writes it."""
    return datetime.combine(day, time(12), UTC).timestamp() * 1000


def at_midnight(day: date) -> float:
    """A day as SharePoint may give it: the site's midnight."""
    return datetime.combine(day, time(0), ZoneInfo("Europe/London")).timestamp() * 1000


@pytest.mark.parametrize("key", FORMATS, ids=".".join)
def test_by_the_rules_of_the_format(key: tuple[str, str]) -> None:
    """Schema version 2, and only elements, attributes, styles, actions and operators that Microsoft documents."""
    shape = json.loads(FORMATS[key])
    assert shape["$schema"] == "https://developer.microsoft.com/json-schemas/sp/v2/column-formatting.schema.json"
    for one in elements(shape):
        assert one["elmType"] in ELEMENTS
        assert one.keys() <= KEYS
        assert one.get("attributes", {}).keys() <= ATTRIBUTES
        assert one.get("style", {}).keys() <= STYLES
        assert "children" not in one or "txtContent" not in one, "children beside a text are passed over"
        assert one.get("customRowAction", {"action": "share"})["action"] in ACTIONS
        assert (one["elmType"] == "button") == ("customRowAction" in one)
    for text in texts(shape):
        bare = re.sub(r"'[^']*'", "''", text)
        assert set(re.findall(r"(\w+)\(", bare)) <= OPERATORS
        assert bare.count("(") == bare.count(")")
        assert text.count("'") % 2 == 0


@pytest.mark.parametrize("key", FORMATS, ids=".".join)
def test_classes_are_documented_ones(key: tuple[str, str]) -> None:
    """Every class that an expression can come to is one of Microsoft's, so it follows the theme."""
    for one in elements(json.loads(FORMATS[key])):
        shown = one.get("attributes", {}).get("class", "")
        compared = re.sub(r"== '[^']*'", "", shown)
        literals = re.findall(r"'([^']*)'", compared) if shown.startswith("=") else [shown]
        assert {name for literal in literals for name in literal.split()} <= CLASSES


@pytest.mark.parametrize("key", FORMATS, ids=".".join)
def test_what_it_names_is_in_every_view(key: tuple[str, str]) -> None:
    """Another column can be named only where the view shows it (doc), so every view with this one has those too."""
    of = next(of for of in LISTS if of.name == key[0])
    assert key[1] in {column.internal for column in of.columns}
    named = set(re.findall(r"\[\$(\w+)\]", FORMATS[key]))
    for view in views_of(of):
        if key[1] in view.fields:
            assert named <= set(view.fields), view.title


WORDS = [
    (-400, "blocked", "Warning", " · overdue by 400 days"),
    (-3, "blocked", "Warning", " · overdue by 3 days"),
    (-1, "blocked", "Warning", " · overdue by 1 day"),
    (0, "warning", "Clock", " · due today"),
    (1, "warning", "Clock", " · due tomorrow"),
    (7, "warning", "Clock", " · due in 7 days"),
    (8, "", "", ""),
    (90, "", "", ""),
]


TODAYS = [
    date(2026, 11, 20),
    *(date(2026, 3, 29), date(2026, 3, 30), date(2026, 10, 25), date(2026, 10, 26)),
    date(2027, 1, 1),
]


@pytest.mark.parametrize(("days", "colour", "icon", "words"), WORDS, ids=[str(row[0]) for row in WORDS])
@pytest.mark.parametrize("stored", [at_noon, at_midnight], ids=["noon UTC", "midnight there"])
@pytest.mark.parametrize(
    "today",
    [
        date(2026, 11, 20),
        date(2026, 3, 29),
        date(2026, 3, 30),
        date(2026, 10, 25),
        date(2026, 10, 26),
        date(2027, 1, 1),
    ],
    ids=str,
)
def test_how_far_off_a_due_date_is(days: int, colour: str, icon: str, words: str, stored: Any, today: date) -> None:
    """In words and in colour, from the day's first minute to its last, over clock changes and the year's end."""
    due = today + timedelta(days=days)
    row = {"DueDate": stored(due), "Status": "In progress"}
    for hour in (time(0, 0), time(12, 30), time(23, 59)):
        now = datetime.combine(today, hour, ZoneInfo("Europe/London"))
        shown = said(FORMATS["Actions", "DueDate"], row, "DueDate", now)
        assert shown == (colour, icon, f"{due:%d/%m/%Y}{words}"), now


@pytest.mark.parametrize("status", [*ActionStatus, "", "Something typed"])
def test_a_date_of_something_over_is_just_a_date(status: str) -> None:
    """An action that is over is not overdue; any other is, whatever was typed as its status."""
    row = {"DueDate": at_noon(date(2026, 11, 17)), "Status": status}
    colour, _, words = said(FORMATS["Actions", "DueDate"], row, "DueDate")
    over = status in CLOSED
    assert (colour, words) == ("" if over else "blocked", "17/11/2026" + ("" if over else " · overdue by 3 days"))


def test_no_date_is_nothing() -> None:
    """A blank date has no colour, no icon and no words."""
    for column in (("Actions", "DueDate"), ("Agencies", "IsaLapsesOn")):
        assert said(FORMATS[column], {column[1]: "", "Status": "Agreed"}, column[1]) == ("", "", "")


LAPSES = [
    (-1, "blocked", " · lapsed"),
    (0, "blocked", " · lapsed"),
    (1, "warning", " · lapsing"),
    (59, "warning", " · lapsing"),
    (60, "", ""),
]


@pytest.mark.parametrize(("days", "colour", "words"), LAPSES, ids=[str(row[0]) for row in LAPSES])
def test_an_agreement_lapses_in_words(days: int, colour: str, words: str) -> None:
    """From the day it lapses an agency sees nothing (as `Agency.isa_current` has it); sixty days before, it says so."""
    day = NOON.date() + timedelta(days=days)
    shown = said(FORMATS["Agencies", "IsaLapsesOn"], {"IsaLapsesOn": at_noon(day)}, "IsaLapsesOn")
    assert (shown[0], shown[2]) == (colour, f"{day:%d/%m/%Y}{words}")


CHIPS: list[tuple[tuple[str, str], Any]] = [
    (("Actions", "Status"), ActionStatus),
    (("Actions", "Priority"), Priority),
    (("Referrals", "Status"), Status),
    (("Referrals", "Urgency"), Urgency),
    (("Returns", "Answer"), Answer),
    (("Posts", "Status"), PostStatus),
]


@pytest.mark.parametrize(("key", "words"), CHIPS, ids=lambda value: ".".join(value) if isinstance(value, tuple) else "")
def test_every_word_has_its_chip(key: tuple[str, str], words: Any) -> None:
    """Each of the board's words is shown as itself, with a colour and an icon; another is shown plainly."""
    for word in words:
        colour, icon, text = said(FORMATS[key], {key[1]: word.value}, key[1])
        assert text == word.value
        assert colour, word
        assert icon, word
    assert said(FORMATS[key], {key[1]: "Somebody's own word"}, key[1]) == ("", "", "Somebody's own word")
    assert said(FORMATS[key], {key[1]: ""}, key[1]) == ("", "", "")


def test_what_matters_most_looks_it() -> None:
    """Blocked, immediate and not delivered have the strongest background; done has the good one."""
    strongest = [
        (("Actions", "Status"), ActionStatus.BLOCKED),
        (("Actions", "Priority"), Priority.IMMEDIATE),
        (("Referrals", "Urgency"), Urgency.IMMEDIATE),
        (("Posts", "Status"), PostStatus.FAILED),
    ]
    for key, word in strongest:
        assert said(FORMATS[key], {key[1]: word.value}, key[1])[0] == "blocked"
    assert said(FORMATS["Actions", "Status"], {"Status": "Verified"}, "Status")[0] == "good"


@pytest.mark.parametrize(("held", "words"), [(True, "Open"), (False, "Closed")])
def test_yes_and_no_in_words(held: bool, words: str) -> None:
    """Open is told in words; a member or an agency is in use, or no longer."""
    assert said(FORMATS["Actions", "Open"], {"Open": held}, "Open")[2] == words
    assert said(FORMATS["Members", "Open"], {"Open": held}, "Open")[2] == ("In use" if held else "No longer")


@pytest.mark.parametrize(("reference", "words"), [("A-103", "A-103"), ("", "Open")])
def test_a_reference_opens_its_row(reference: str, words: str) -> None:
    """It is a button that does what SharePoint's own link does, also before the bot has numbered the row."""
    shape = json.loads(FORMATS["Actions", "Reference"])
    assert shape["customRowAction"] == {"action": "defaultClick"}
    assert Reader({"Reference": reference}, "Reference", NOON).shows(shape["txtContent"]) == words


# Fluent's neutralPrimary on the backgrounds of the severity classes (memory: the default theme).
BACKGROUNDS = {"good": "dff6dd", "low": "f3f2f1", "warning": "fff4ce", "severeWarning": "fed9cc", "blocked": "fde7e9"}


@pytest.mark.parametrize("colour", BACKGROUNDS)
def test_the_ink_can_be_read(colour: str) -> None:
    """The contrast of the ink with each background is above 4.5 to 1 (WCAG 2.2, 1.4.3)."""

    def light(rgb: str) -> float:
        parts = [int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert (light(BACKGROUNDS[colour]) + 0.05) / (light("323130") + 0.05) > 4.5
