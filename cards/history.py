"""The history of a record, to one entitled person: who did what, when, why, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from board.history import LOOKED, Change, Entry, Page, Value
from board.vocabulary import LOOK_REASONS
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "History"
KINDS = {
    "Referrals": "Referral",
    "Subjects": "Person",
    "Returns": "Answer",
    "Requests": "Request for access",
    "Hearings": "Hearing",
    "Plans": "Plan",
    "SignOffs": "Sign-off",
    "TriggerReports": "Trigger report",
    "Actions": "Action",
    LOOKED: "Look",
}
"""What each record is called."""

REASON = LOOK_REASONS[0]
MOST_CHANGES, FEWEST_CHANGES = 30, 6
"""Columns of one step that are shown, and how few where the card would be too heavy: the others are counted."""


def history_reasons(reference: str, key: str, *, in_dialog: bool, said: str = "") -> JSON:
    """The question before a case's history is shown: why. Its answer is recorded first."""
    body = [
        *([e.warning(said)] if said else []),
        e.heading(f"History of {reference}"),
        e.text("Who looked, when and why is recorded before anything is shown."),
        e.choice_input("reason", LOOK_REASONS, REASON, required=True),
    ]
    show = e.submits("Show me", Verb.HISTORY_SHOW, main=True, in_dialog=in_dialog, reference=reference, key=key)
    return e.card(body, speak=f"History of {reference}. Why do you need to see it?", actions=[show])


def history_card(
    reference: str, page: Page, *, in_dialog: bool, reason: str = "", key: str = "", may_bundle: bool = False
) -> JSON:
    """One page, the newest first. Turning it is a look of its own, for the same reason."""
    counted = f"Page {page.number + 1} of {page.pages}, the newest first."

    def made(share: float) -> JSON:
        limit, most = int(share * e.PARAGRAPH_BYTES / 2), max(FEWEST_CHANGES, int(share * MOST_CHANGES))
        body = [
            e.heading(f"History of {reference}"),
            *(part for each in page.entries for part in _entry(each, limit, most)),
        ]
        if not page.entries:
            body.append(e.text("Nothing is kept of it."))
        body.append(e.quiet(f"{counted} Or type *history {reference}* with *page 2*."))
        turns = [("Newer", page.number - 1)] if page.number else []
        turns += [("Older", page.number + 1)] if page.number + 1 < page.pages else []
        actions = [_turn(title, number, reference, reason, key, in_dialog=in_dialog) for title, number in turns]
        if may_bundle:
            actions.append(e.submits("Bundle", Verb.BUNDLE, checks=False, in_dialog=in_dialog, reference=reference))
        return e.card(body, speak=f"History of {reference}. {counted}", actions=actions)

    return e.fitted(made)


def _turn(title: str, number: int, reference: str, reason: str, key: str, *, in_dialog: bool) -> JSON:
    verb = Verb.HISTORY_SHOW if reason else Verb.HISTORY
    data = {"reference": reference, "page": str(number)} | ({"reason": reason, "key": key} if reason else {})
    return e.submits(title, verb, checks=False, in_dialog=in_dialog, **data)  # type: ignore[arg-type]


def _entry(each: Entry, limit: int, most: int) -> list[JSON]:
    kind = KINDS.get(each.kind, "Record")
    about = e.shortened(each.about, 60)
    label = f"{words.when(each.when)} · {kind}" + (f" {about}" if about else "")
    said = f"{did(each)} by {e.shortened(each.who, e.NAME_BYTES)}" + (
        f": {e.shortened(each.why, 200)}" if each.why else ""
    )
    shown = [e.entry(label, said)]
    shown += [_change(change, limit, made=each.made) for change in each.changes[:most]]
    if len(each.changes) > most:
        shown.append(e.quiet(f"and {len(each.changes) - most} more"))
    return shown


def did(each: Entry) -> str:
    """What a step was: made, changed, edited in SharePoint, or a look."""
    if each.kind == LOOKED:
        return "looked"
    by_hand = " in SharePoint" if each.by_hand else ""
    return f"made{by_hand}" if each.made else f"edited{by_hand}" if each.by_hand else "changed"


def _change(change: Change, limit: int, *, made: bool) -> JSON:
    """One column before and after; of what was blank before only what it became."""
    after = e.shortened(in_words(change.after) or "(blank)", limit)
    if made or not in_words(change.before):
        return e.entry(f"{change.label}:", after) | {"spacing": "None"}
    before = e.shortened(in_words(change.before), limit)
    return e.entry(f"{change.label}:", f"{before} → {after}") | {"spacing": "None"}


def in_words(value: Value) -> str:
    """What a column held, in words; empty where it held nothing."""
    if value is None or value == "" or isinstance(value, bool):
        return "" if value is None or value == "" else "Yes" if value else "No"
    if isinstance(value, datetime):
        return words.when(value)
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(sorted(value) if isinstance(value, frozenset) else value)
    return str(value)
