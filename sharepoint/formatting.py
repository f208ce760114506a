"""How SharePoint shows a column: Microsoft's column formatting, made from a few shapes.

The format is documented in "Formatting syntax reference" and "Use column formatting" (learn.microsoft.com, schema v2).
Nothing is told by colour alone: each has its word, and most an icon. The `sp-field-severity--*` classes set a pale
background only; `ms-fontColor-neutralPrimary` writes on it in the theme's darkest ink. An expression may name another
column only if the view shows it too (doc), so a view with a due date shows the status.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from board.actions import CLOSED, ActionStatus, Priority
from board.vocabulary import Answer, Status, Urgency
from sharepoint.bookkeeping import PostStatus
from sharepoint.schema import ACTIONS, AGENCIES, AGREEMENTS, FORUMS, LISTS, MEMBERS, POSTS, REFERRALS, RETURNS

SCHEMA = "https://developer.microsoft.com/json-schemas/sp/v2/column-formatting.schema.json"
GOOD, LOW, WARNING, SEVERE, BLOCKED = (
    f"sp-field-severity--{word}" for word in ("good", "low", "warning", "severeWarning", "blocked")
)
INK = "ms-fontColor-neutralPrimary"
_DAY = 86_400_000
"""Milliseconds; the difference of two dates is told in them."""

Look = tuple[str, str]
"""A severity class, and the name of a Fluent icon."""


def chip(looks: Mapping[str, Look]) -> str:
    """The value itself beside an icon, on a background; a value that is not among these is shown plainly."""
    return _shown(
        _cases("@currentField", {value: look[0] for value, look in looks.items()}),
        _cases("@currentField", {value: look[1] for value, look in looks.items()}),
        "@currentField",
    )


def due(status: str, over: tuple[str, ...]) -> str:
    """A date, and in words how far off it is, while the row's status is not one of those that are over.

    Days are counted between calendar days where the reader is: both moments are taken to their own midnight first, so
    it is right whether SharePoint gives a date as its noon in UTC, as it is stored, or as the site's midnight. The half
    is for the two days a year that have 23 or 25 hours.
    """
    left = f"floor((Number({_midnight('@currentField')}) - Number({_midnight('@now')})) / {_DAY} + 0.5)"
    is_over = " || ".join(f"[${status}] == '{word}'" for word in over)

    def by(overdue: str, soon: str, *, later: str = "") -> str:
        unset = f"Number(@currentField) == 0 || {is_over}"
        return f"if({unset}, '', if({left} < 0, {overdue}, if({left} < 8, {soon}, '{later}')))"

    late = f"if({left} == -1, ' · overdue by 1 day', ' · overdue by ' + toString(abs({left})) + ' days')"
    near = (
        f"if({left} == 0, ' · due today', if({left} == 1, ' · due tomorrow', "
        f"' · due in ' + toString({left}) + ' days'))"
    )
    words = f"if(Number(@currentField) == 0, '', toLocaleDateString(@currentField)) + {by(late, near)}"
    return _shown(by(f"'{BLOCKED}'", f"'{WARNING}'"), by("'Warning'", "'Clock'"), f"={words}")


def lapses() -> str:
    """The day an agreement lapses: lapsed, or lapsing within 60 days, in words."""
    left = f"floor((Number({_midnight('@currentField')}) - Number({_midnight('@now')})) / {_DAY} + 0.5)"

    def by(lapsed: str, soon: str) -> str:
        return f"if(Number(@currentField) == 0, '', if({left} < 1, '{lapsed}', if({left} < 60, '{soon}', '')))"

    words = f"if(Number(@currentField) == 0, '', toLocaleDateString(@currentField)) + {by(' · lapsed', ' · lapsing')}"
    return _shown(by(BLOCKED, WARNING), by("Warning", "Clock"), f"={words}")


def yes_or_no(yes: str, no: str) -> str:
    """A yes or no in words of its own."""
    return _shown("''", "if(@currentField, 'CircleRing', 'Completed')", f"=if(@currentField, '{yes}', '{no}')")


def opens() -> str:
    """A reference that opens its row: SharePoint's own link is the title, which these lists do not show."""
    return _text(
        {
            "$schema": SCHEMA,
            "elmType": "button",
            "customRowAction": {"action": "defaultClick"},
            "txtContent": "=if(@currentField == '', 'Open', @currentField)",
            "attributes": {"class": "ms-fontColor-themePrimary", "title": "Open the whole row"},
            "style": {"border": "none", "background-color": "transparent", "cursor": "pointer", "padding": "0"},
        }
    )


def _shown(background: str, icon: str, text: str) -> str:
    return _text(
        {
            "$schema": SCHEMA,
            "elmType": "div",
            "attributes": {"class": f"={background} + ' {INK}'"},
            "style": {"padding": "0 4px"},
            "children": [
                {
                    "elmType": "span",
                    "style": {"display": "inline-block", "padding": "0 4px 0 0"},
                    "attributes": {"iconName": f"={icon}"},
                },
                {"elmType": "span", "txtContent": text},
            ],
        }
    )


def _cases(what: str, values: Mapping[str, str]) -> str:
    expression = "''"
    for value, then in reversed(list(values.items())):
        expression = f"if({what} == '{value}', '{then}', {expression})"
    return expression


def _midnight(moment: str) -> str:
    return f"Date(toDateString({moment}))"


def _text(shape: dict[str, Any]) -> str:
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


_GOING: Look = (LOW, "Forward")
_ACTION_STATUS: dict[str, Look] = {
    ActionStatus.AGREED: (LOW, "Handshake"),
    ActionStatus.DISSEMINATED: (LOW, "Send"),
    ActionStatus.ACKNOWLEDGED: (LOW, "Accept"),
    ActionStatus.IN_PROGRESS: _GOING,
    ActionStatus.DONE: (WARNING, "Clock"),
    ActionStatus.NOT_POSSIBLE_CLAIMED: (WARNING, "Clock"),
    ActionStatus.MORE_TIME: (WARNING, "Clock"),
    ActionStatus.BLOCKED: (BLOCKED, "Blocked"),
    ActionStatus.VERIFIED: (GOOD, "CheckMark"),
    ActionStatus.NOT_POSSIBLE: (LOW, "Cancel"),
    ActionStatus.NOT_UNDERTAKEN: (SEVERE, "Cancel"),
    ActionStatus.TRANSFERRED: (LOW, "Switch"),
    ActionStatus.SUPERSEDED: (LOW, "Switch"),
}
_REFERRAL_STATUS: dict[str, Look] = {
    Status.RECEIVED: (WARNING, "Inbox"),
    Status.TRIAGED: _GOING,
    Status.LISTED: (LOW, "Calendar"),
    Status.HEARD: _GOING,
    Status.PLAN: (GOOD, "CheckMark"),
    Status.NO_PLAN: (LOW, "Cancel"),
    Status.REVIEWED: (GOOD, "CheckMark"),
    Status.REDIRECTED: (LOW, "Switch"),
    Status.DECLINED: (LOW, "Cancel"),
    Status.WITHDRAWN: (LOW, "Cancel"),
    Status.CLOSED: (GOOD, "Completed"),
}
_URGENCY: dict[str, Look] = {
    Urgency.IMMEDIATE: (BLOCKED, "Warning"),
    Urgency.URGENT: (SEVERE, "Clock"),
    Urgency.ROUTINE: _GOING,
}
_PRIORITY: dict[str, Look] = {
    Priority.IMMEDIATE: (BLOCKED, "Warning"),
    Priority.HIGH: (SEVERE, "Up"),
    Priority.NORMAL: _GOING,
}
_ANSWER: dict[str, Look] = {
    Answer.NOT_KNOWN: (LOW, "Unknown"),
    Answer.KNOWN: (WARNING, "Contact"),
    Answer.KNOWN_REPORT: (WARNING, "ReportDocument"),
    Answer.INFORMATION: (WARNING, "Info"),
}
_POST_STATUS: dict[str, Look] = {
    PostStatus.CLAIMED: _GOING,
    PostStatus.WAITING: (WARNING, "Clock"),
    PostStatus.SENT: (GOOD, "CheckMark"),
    PostStatus.UNCERTAIN: (SEVERE, "Unknown"),
    PostStatus.MERGED: (LOW, "Merge"),
    PostStatus.FAILED: (BLOCKED, "Blocked"),
}

FORMATS: dict[tuple[str, str], str] = {
    **{(of.name, "Open"): yes_or_no("Open", "Closed") for of in LISTS},
    **{(of.name, "Open"): yes_or_no("In use", "No longer") for of in (AGENCIES, FORUMS, MEMBERS)},
    **{(of.name, "Reference"): opens() for of in LISTS},
    (ACTIONS.name, "Status"): chip(_ACTION_STATUS),
    (ACTIONS.name, "Priority"): chip(_PRIORITY),
    (ACTIONS.name, "DueDate"): due("Status", tuple(status.value for status in ActionStatus if status in CLOSED)),
    (REFERRALS.name, "Status"): chip(_REFERRAL_STATUS),
    (REFERRALS.name, "Urgency"): chip(_URGENCY),
    (RETURNS.name, "Answer"): chip(_ANSWER),
    (POSTS.name, "Status"): chip(_POST_STATUS),
    (AGENCIES.name, "IsaLapsesOn"): lapses(),
    (AGREEMENTS.name, "ExpiresOn"): lapses(),
}
"""The CustomFormatter of a list's column, by the list's name and the column's internal name."""
