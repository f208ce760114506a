"""The board's calendar: when it meets next, the year ahead, and what is told when a board is moved or cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from board.boards import Board
from board.calendar import MILESTONES, Milestone, milestone_day
from board.cycle import Awaited
from board.tracker import Row, Totals
from cards import elements as e
from cards import words
from cards.actions import LISTED as ROWS
from cards.actions import WALL_TIME, line_of, totals_of
from cards.elements import JSON
from cards.verbs import Verb

LISTED = 10
"""Boards of a forecast: a year of them."""

HOW = "*board move 2026-12-10 2026-12-17 why*, *board cancel 2026-12-10 why* (chairs, in a private chat)."
TOLD = {
    "call": "Call for agenda items; the agency in focus is told",
    "disseminate": "Outstanding actions go to every agency",
    "returns": "What the agency in focus and the subgroups bring is due",
    "pack": "The pack is issued",
    "eve": "Reminder, agenda and overdue actions",
    "day": "The board meets",
    "decisions": "Decisions and new actions go out",
}


def board_calendar(
    upcoming: Sequence[Board],
    *,
    meets_at: str,
    link: str,
    may_change: bool,
    milestones: Sequence[Milestone] = MILESTONES,
    calendar: str = "",
    arranges: bool = False,
) -> JSON:
    """The next board with its milestones, and the forecast for a year; `calendar` is where its file is.

    `arranges` offers the pack: in a private chat of those who arrange the board.
    """
    following = next((each for each in upcoming if not each.cancelled), None)
    if following is None:
        said = "No board is planned. An administrator types its first day into *Anchor* of the list *Forums*."
        return e.card([e.heading("The board"), e.text(said)], speak=said)
    said = f"The next board is on {words.weekday(following.day)}{_at(meets_at)}."
    told = [(TOLD[m.name], words.weekday(milestone_day(following.day, m))) for m in milestones if m.name != "day"]
    body = [
        e.heading("The board"),
        e.text(said),
        *_why(following),
        e.facts(told),
        e.subheading("The year ahead"),
        *[e.entry(words.weekday(each.day), _line(each)) for each in upcoming[:LISTED]],
        *e.filed_as(calendar),
        *([e.quiet(HOW)] if may_change else []),
    ]
    actions = [*e.opens_link("Join", link), *e.opens_link("Add to calendar", calendar)]
    actions += [e.opens_dialog("Move or cancel a board", Verb.BOARD_CHANGE)] if may_change else []
    actions += [e.as_typed("The pack", "pack")] if arranges else []
    return e.card(body, speak=said, actions=actions)


MOVE, CANCEL = "Move it", "Cancel it"
"""What a chair does with a board, as the form says it."""


def change_board_form(
    upcoming: Sequence[Board], *, in_dialog: bool, values: Mapping[str, Any] | None = None, said: str = ""
) -> JSON:
    """Moving a board or cancelling it, with why; after an error it comes back as it was typed."""
    days = [(words.weekday(each.day), each.day.isoformat()) for each in upcoming if not each.cancelled][:LISTED]
    if not days:
        told = "No board is planned that could be moved or cancelled."
        return e.card([e.heading("The board"), e.text(told)], speak=told)
    typed = e.typed(values, 1.0)
    chosen = typed("board") if typed("board") in {day for _, day in days} else ""
    body = [
        *([e.warning(f"{said} {words.TYPED_BELOW}")] if said else []),
        e.heading("Move or cancel a board"),
        e.titled_choices("board", days, chosen or days[0][1], required=True),
        e.choice_input("step", (MOVE, CANCEL), typed("step") or MOVE, required=True, expanded=True),
        e.date_input("board_day", typed("board_day")),
        e.line_input("why", typed("why"), required=True),
        e.quiet(HOW),
    ]
    send = e.submits("Save", Verb.BOARD_CHANGE_SUBMIT, main=True, in_dialog=in_dialog)
    return e.card(body, speak="Move or cancel a board. Which, what, and why are needed.", actions=[send])


def _at(meets_at: str) -> str:
    return f" at {meets_at}" if WALL_TIME.fullmatch(meets_at) else ""


def _why(board: Board) -> list[JSON]:
    if not board.moved:
        return []
    return [e.entry(f"Moved from {words.weekday(board.planned)}", board.why or "No reason is recorded.")]


def _line(board: Board) -> str:
    """What is to be known of one board of the forecast."""
    why = f": {e.shortened(board.why, 200)}" if board.why else ""
    if board.cancelled:
        return f"cancelled{why}"
    return f"moved from {words.day(board.planned)}{why}" if board.moved else "as planned"


def changed_card(day: date, planned: date | None, *, why: str, cancelled: bool, meets_at: str) -> JSON:
    """That a board was moved or cancelled, in its channel."""
    if cancelled:
        said = f"The board of {words.weekday(day)} is cancelled."
    else:
        said = f"The board of {words.weekday(planned)} is moved: it meets on {words.weekday(day)}{_at(meets_at)}."
    body = [e.heading("The board"), e.text(said), e.entry("Why", why or "No reason is recorded.")]
    return e.card([*body, e.quiet("Type *board* for the year ahead.")], speak=said)


def calendar_kept(day: date, planned: date, *, cancelled: bool) -> JSON:
    """That a chair's change of the calendar is kept, and what follows."""
    said = f"The board of {words.weekday(planned)} is {'cancelled' if cancelled else f'moved to {words.weekday(day)}'}."
    follows = "The channel hears of it with the next morning's round. Reminders and reports follow the new calendar."
    back = f"To take it back: *board move {planned.isoformat()} {planned.isoformat()} why*."
    return e.card([e.heading("The board"), e.text(said), e.text(follows), e.quiet(back)], speak=said)


def call_card(day: date, *, meets_at: str, focus: str) -> JSON:
    """To the channel, three weeks before: items are called for, and whom the board looks at is told."""
    said = f"The board meets on {words.weekday(day)}{_at(meets_at)}. What should it talk about?"
    looks = [e.text(f"It looks at {e.named(focus)} this time.")] if focus else []
    how = "To offer an item for the agenda, type *agenda add* to me in a private chat."
    return e.card([e.heading("Call for agenda items"), e.text(said), *looks, e.text(how)], speak=f"{said} {how}")


def returns_card(day: date, of: Awaited, *, items: int, figures: Mapping[str, int] | None = None) -> JSON:
    """To the channel: what is due for the board and not in yet; `figures` of measures by the agency that owes them."""
    said = f"What goes into the pack of the board on {words.weekday(day)} is due now."
    awaited = [f"the paper of {e.named(of.focus)}"] if of.focus else []
    awaited += [f"the report of {e.named(code)}" for code in of.reports[:12]]
    rest = "Everything else is in." if figures else "Everything is in. Thank you."
    owed = [f"{e.named(code)} {number}" for code, number in list((figures or {}).items())[:12]]
    body = [
        e.heading("Papers for the board"),
        e.text(said),
        *([e.text(f"Figures of measures not in yet: {words.joined(owed)}. Type *measures missing*.")] if owed else []),
        e.text(f"Awaited: {words.joined(awaited)}." if awaited else rest),
        e.text(f"{words.count(items, 'item was', 'items were')} offered for the agenda."),
    ]
    return e.card(body, speak=said)


def report_asked_card(day: date, subgroup: str) -> JSON:
    """To a subgroup's chair: its report is due."""
    said = f"The board meets on {words.weekday(day)}, and the report of {e.named(subgroup)} is not in yet."
    how = "Type *report* to see its figures, and *report submit* with your words."
    return e.card([e.heading("Your report to the board"), e.text(said), e.text(how)], speak=f"{said} {how}")


def pack_card(day: date, *, address: str, supplement: bool) -> JSON:
    """To the channel: where the pack is, or what came after it."""
    what = "What came after the pack" if supplement else "The pack"
    said = f"{what} of the board on {words.weekday(day)} is here."
    how = "It is frozen; what changes now comes in a supplement." if not supplement else "The pack itself is as it was."
    title = "The pack" if not supplement else "Supplement to the pack"
    body = [e.heading(title), e.text(said), *e.filed_as(address), e.quiet(how)]
    return e.card(body, speak=said, actions=e.opens_link("Open the pack" if not supplement else "Open it", address))


def agency_card(day: date, agency: str, code: str, rows: Sequence[Row], counts: Totals) -> JSON:
    """To those who answer for an agency: what it owes the board, before it meets."""
    said = f"The board meets on {words.weekday(day)}. {words.count(counts.open, 'action')} of {e.named(agency)} "
    said += "is outstanding." if counts.open == 1 else "are outstanding."
    ask = "Please bring them up to date: *update A-103 note*, *done A-103*, *more time A-103 day why*."
    body = [
        e.heading("Your agency's actions"),
        e.text(said),
        *totals_of(counts),
        *[line_of(row) for row in rows[:ROWS]],
    ]
    if len(rows) > ROWS:
        body.append(e.quiet(f"And {words.count(len(rows) - ROWS, 'more action')}: type *tracker {e.named(code)}*."))
    return e.card([*body, e.text(ask)], speak=f"{said} {ask}")


def decisions_card(day: date, *, decisions: int, rows: Sequence[Row], address: str) -> JSON:
    """To the channel, two working days after: how much was decided, what was undertaken, and where the minutes are."""
    said = f"The board of {words.weekday(day)}: {words.count(decisions, 'decision')}, "
    said += f"{words.count(len(rows), 'new action')}."
    body = [e.heading("Decisions and new actions"), e.text(said), *[line_of(row) for row in rows[:ROWS]]]
    if len(rows) > ROWS:
        body.append(e.quiet(f"And {words.count(len(rows) - ROWS, 'more action')}: type *tracker*."))
    body += [*e.filed_as(address), e.quiet("What was decided stands in the draft minutes: type *minutes*.")]
    return e.card(body, speak=said, actions=e.opens_link("Open the draft minutes", address))


def not_held_card(day: date) -> JSON:
    """To the channel, two working days after a board that nobody ran here."""
    said = f"Nothing was recorded here of the board of {words.weekday(day)}."
    how = "A chair may still record it: type *board start* to me in a private chat."
    return e.card([e.heading("The board"), e.text(said), e.text(how)], speak=said)
